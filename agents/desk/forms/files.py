"""A file that somebody attaches, as the content of an item: what it is told by its bytes, and never by its name."""

import base64
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

LARGEST = 75_000
"""Bytes of a file: as base64 they are what the contract lets one item hold (100,000 characters)."""
_LONGEST_TEXT = 100_000
_SCAN_SECONDS = 60
_INFECTED = 1
_SIGNS = ((b"%PDF-", "application/pdf"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
"""How the bytes begin of what has a type of its own here."""


@dataclass(frozen=True)
class Attached:
    """What goes into an item."""

    content: str = field(repr=False)
    content_type: str


class NotAttached(Exception):
    """Why a file was not taken: the key of a text."""


def attach(data: bytes, scanner: Sequence[str] = ()) -> Attached:
    """The file as text, or in base64. `scanner`: the authority's command, which says 0 of a clean one.

    Raises NotAttached: `empty`, `too_big`, `infected`, or `not_scanned` when the scanner has said anything else.
    """
    if not data:
        raise NotAttached("empty")
    attached = _read(data)
    if len(attached.content) > _LONGEST_TEXT:
        raise NotAttached("too_big")
    if scanner:
        _scan(data, scanner)
    return attached


def _read(data: bytes) -> Attached:
    sort = next((sort for start, sort in _SIGNS if data.startswith(start)), "")
    if not sort:
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
            if "\0" not in text:
                return Attached(text, "text/plain")
        except UnicodeDecodeError:
            pass
    return Attached(base64.b64encode(data).decode("ascii"), sort or "application/octet-stream")


def _scan(data: bytes, scanner: Sequence[str]) -> None:
    """Fails closed: what can't be scanned is not attached."""
    with TemporaryDirectory(prefix="samband-") as folder:
        file = Path(folder) / "file"
        file.touch(0o600)
        file.write_bytes(data)
        command = [*scanner, str(file)]
        try:
            status = subprocess.run(command, check=False, capture_output=True, timeout=_SCAN_SECONDS).returncode
        except (OSError, subprocess.TimeoutExpired):
            raise NotAttached("not_scanned") from None
    if status:
        raise NotAttached("infected" if status == _INFECTED else "not_scanned")
