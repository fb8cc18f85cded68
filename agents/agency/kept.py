"""A place for what waits for a human: each delivery in a file of its own, there to stay.

For a system that has no such place yet. It holds what others have written about persons: keep the folder as safe as the
rest of your system, and take from it what a human is done with.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from .lines import Delivery


class Kept:
    """In: the folder, made when it is missing and for its owner alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, delivery: Delivery) -> None:
        """It is on the disk when this returns; the same one again changes nothing. Raises OSError."""
        file = self._file(delivery)
        beside = file.with_suffix(".new")
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
            json.dump(delivery.content, out, ensure_ascii=False)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
        place = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)

    def take(self, delivery: Delivery) -> None:
        """A human is done with it."""
        self._file(delivery).unlink(missing_ok=True)

    def __iter__(self) -> Iterator[Delivery]:
        """What waits, oldest first."""
        for file in sorted(self._folder.glob("*.json"), key=lambda file: (file.stat().st_mtime_ns, file.name)):
            yield Delivery(json.loads(file.read_text("utf-8")))

    def _file(self, delivery: Delivery) -> Path:
        named = f"{delivery.sender.get('authority')}/{delivery.id}"
        return self._folder / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.json"
