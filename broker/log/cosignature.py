"""Cosignatures of a witness under a checkpoint, as C2SP tlog-cosignature v1 writes them (c2sp.org/tlog-cosignature).

A witness is somebody else, who keeps the largest checkpoint that it has cosigned of a log, and cosigns another only
when that is a prefix of it: two logs for two readers, or one that was cut off, get no second cosignature.
"""

from datetime import UTC, datetime
from typing import ClassVar

from broker.log.checkpoint import SIGNATURE_SIZE, CheckpointError, NoteSignature, SignedNote, VerificationKey

_TIME_SIZE = 8


class WitnessKey(VerificationKey):
    """The public half of a witness's Ed25519 key and its name. Raises CheckpointError if either is malformed."""

    TYPE: ClassVar[bytes] = b"\x04"
    SIGNATURE_SIZE: ClassVar[int] = _TIME_SIZE + SIGNATURE_SIZE


def cosignature(note: SignedNote, key: WitnessKey) -> tuple[datetime, bytes, bytes]:
    """When the witness says that it cosigned a note, what it must have signed then, and the (unverified) signature.

    Raises CheckpointError when the note bears no cosignature by this key, or more than one.
    """
    stamped = note.signature_by(key)
    seconds = int.from_bytes(stamped[:_TIME_SIZE])
    try:
        time = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise CheckpointError("note: the time of the cosignature is none") from None
    return time, f"cosignature/v1\ntime {seconds}\n{note.text}".encode(), stamped[_TIME_SIZE:]


def with_lines(note: str, lines: str) -> str:
    """The note with the signature lines that a witness has answered with.

    Raises CheckpointError if they are none, or by a key that has signed already.
    """
    signed = SignedNote.parse(note)
    parsed = tuple(NoteSignature.parse(line) for line in lines.removesuffix("\n").split("\n"))
    keys = {(one.name, one.key_id) for one in signed.signatures}
    if any((one.name, one.key_id) in keys for one in parsed):
        raise CheckpointError("note: a cosignature by a key that has signed already")
    return str(SignedNote(signed.text, (*signed.signatures, *parsed)))
