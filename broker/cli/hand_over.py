"""Hands an authority's messages to the live broker beside which they are sent, then waits for the receipts.

They are left in drop folders in the data folder, where nobody else may write: that proves as much as to write its
database would.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import monotonic, sleep
from uuid import uuid4

from broker import topics
from broker.adapters.files.spool import RECEIPTS
from broker.adapters.sql import data_folder
from broker.cli.output import Output, Stop
from broker.model.decision import Json
from broker.pipeline.pipeline import BATCH

PATIENCE = 120.0
"""Seconds to wait for the receipts of what was handed over."""

_LOOK = 0.05
_TOGETHER = 0.05
"""Seconds in which a line must follow the one before to be handed over with it."""
_END = None


def hand(output: Output, data: Path, address: str, lines: Iterator[bytes]) -> Iterator[Json]:
    """Hand lines over as they come; the receipt of each, in order. Raises Stop when the live broker gives none."""
    folder = data / data_folder.HANDED / topics.user(address)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        for some in _together(lines):
            yield from _read_answers(output, data, _leave(folder, some))
    finally:
        with suppress(OSError):  # somebody else's files, or not taken yet
            (folder / RECEIPTS).rmdir()
            folder.rmdir()


def _leave(folder: Path, lines: list[bytes]) -> Path:
    """A file for the live broker: it has its name when it is whole."""
    file = folder / f"{uuid4()}.jsonl"
    part = file.with_name(f".{file.name}")
    with part.open("xb") as stream:
        stream.writelines(line + b"\n" for line in lines)
        stream.flush()
        os.fsync(stream.fileno())
    os.utime(part, (0, 0))  # its content is older than its name, however coarse the clock is: it is taken at once
    part.rename(file)
    return file


def _read_answers(output: Output, data: Path, file: Path) -> Iterator[Json]:
    receipts, until = file.parent / RECEIPTS / file.name, monotonic() + PATIENCE
    while not receipts.exists():
        if not data_folder.is_served(data) and not receipts.exists():
            with suppress(FileNotFoundError):
                file.unlink()
            raise Stop(2, output.words("serve_ended"))
        if monotonic() > until:
            raise Stop(2, output.words("serve_silent", file=file, seconds=round(PATIENCE)))
        sleep(_LOOK)
    answers = [json.loads(line) for line in receipts.read_bytes().splitlines()]
    receipts.unlink()
    for receipt in answers:
        receipt.pop("line", None)
        yield receipt


def _together(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    """Lines that come at once together, so that who waits for a receipt before the next line gets it."""
    waiting: Queue[bytes | None] = Queue(BATCH)

    def read() -> None:
        try:
            for line in lines:
                waiting.put(line)
        finally:
            waiting.put(_END)

    Thread(target=read, daemon=True).start()
    while (line := waiting.get()) is not _END:
        some = [line]
        with suppress(Empty):
            while len(some) < BATCH or not some[-1].strip():  # an empty line at the end of a file is none
                line = waiting.get(timeout=_TOGETHER if some[-1].strip() else None)
                if line is _END:
                    break
                some.append(line)
        yield some
        if line is _END:
            return
