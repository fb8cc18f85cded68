"""Checkpoints of the audit log as text: C2SP tlog-checkpoint inside a C2SP signed note (c2sp.org/signed-note).

```
<origin>
<size>
<base64 of the root>
previous <base64 of SHA-256 of the whole previous note; of nothing for the first>

— <key name> <base64 of the 4-byte key id and the 64-byte Ed25519 signature>
```

Pure: text in, values out; the signature itself is checked by the signing adapter. Stricter than C2SP asks, so that
one checkpoint has one text: exactly one extension line, and the origin is a valid key name. tlog-checkpoint advises
against extension lines since no monitor audits them; this one is audited by `audit_verifier`, and other readers may
skip it. A cosignature of a witness belongs beside the stored note, not in it: the next checkpoint names its bytes.
Where a checkpoint is published, the line of the witness stands below the log's own (`cosignature`).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import ClassVar, Self

from broker.log.merkle import EMPTY_ROOT, HASH_SIZE
from broker.model.faults import SetUpError

ED25519 = b"\x01"  # signature type of signed-note
KEY_ID_SIZE = 4
PUBLIC_KEY_SIZE = 32
SIGNATURE_SIZE = 64
MAX_NOTE_LENGTH = 1 << 20
MAX_SIGNATURES = 100  # signed-note: a limit of at least 16
MAX_SIZE = (1 << 63) - 1

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_PREVIOUS = "previous "
_SIGNATURE_MARK = "\N{EM DASH} "
_NOTE = re.compile(rf"^[^\n]+\n[0-9]+\n(?:[^\n]+\n){{1,5}}\n(?:{_SIGNATURE_MARK}[^\n]*\n){{1,100}}", re.MULTILINE)


class CheckpointError(SetUpError, ValueError):
    """A checkpoint, note or verification key is malformed, or not signed as it must be. One line, no values."""


def note_hash(note: str) -> bytes:
    """Return the SHA-256 by which the next checkpoint names this whole signed note."""
    return hashlib.sha256(note.encode()).digest()


NO_PREVIOUS = note_hash("")


@dataclass(frozen=True)
class Checkpoint:
    """The state of the log at one size. Raises CheckpointError if a field cannot be written as a checkpoint."""

    origin: str
    size: int
    root: bytes
    previous: bytes

    def __post_init__(self) -> None:
        _require(_is_key_name(self.origin), "checkpoint: the origin is empty or has a space, a plus or a control sign")
        _require(type(self.size) is int and 0 <= self.size <= MAX_SIZE, "checkpoint: the size is out of range")
        _require(len(self.root) == HASH_SIZE, "checkpoint: the root is not 32 bytes")
        _require(len(self.previous) == HASH_SIZE, "checkpoint: the hash of the previous note is not 32 bytes")
        _require(self.size > 0 or self.root == EMPTY_ROOT, "checkpoint: size 0 with the root of a log that has records")

    def body_text(self) -> str:
        """Return the text that is signed, with its final newline."""
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n{_PREVIOUS}{_encode(self.previous)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `body_text` wrote. Raises CheckpointError for any other spelling of the same values."""
        _require(text.endswith("\n"), "checkpoint: the final newline is missing")
        lines = text[:-1].split("\n")
        _require(len(lines) == 4, "checkpoint: not four lines (origin, size, root, previous)")
        origin, size, root, previous = lines
        _require(_SIZE.fullmatch(size) is not None, "checkpoint: the size is not a plain decimal number")
        _require(previous.startswith(_PREVIOUS), "checkpoint: the line with the previous note is missing")
        return cls(origin, int(size), _decode(root), _decode(previous.removeprefix(_PREVIOUS)))


@dataclass(frozen=True)
class VerificationKey:
    """The public half of an Ed25519 note key and its name. Raises CheckpointError if either is malformed."""

    TYPE: ClassVar[bytes] = ED25519
    SIGNATURE_SIZE: ClassVar[int] = SIGNATURE_SIZE

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _require(_is_key_name(self.name), "key: the name is empty or has a space, a plus or a control sign")
        _require(len(self.public) == PUBLIC_KEY_SIZE, "key: the public key is not 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The four bytes that point out this key in a signature line."""
        return hashlib.sha256(self.name.encode() + b"\n" + self.TYPE + self.public).digest()[:KEY_ID_SIZE]

    @property
    def vkey(self) -> str:
        """The text form `<name>+<hex key id>+<base64 of type and key>`, as Go's sumdb/note writes it."""
        return f"{self.name}+{self.key_id.hex()}+{_encode(self.TYPE + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Read a text form. Raises CheckpointError unless the type is this one and the key id is that of the key."""
        parts = vkey.split("+", 2)  # base64 may hold a plus, a name may not
        _require(len(parts) == 3, "key: not <name>+<key id>+<base64>")
        name, key_id, encoded = parts
        typed = _decode(encoded)
        _require(typed[:1] == cls.TYPE, "key: not an Ed25519 key of this use")
        key = cls(name, typed[1:])
        _require(key.key_id.hex() == key_id, "key: the key id belongs to another key or name")
        return key


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: who signed, by which key, and the bytes of the signature (unverified)."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line with its newline."""
        return f"{_SIGNATURE_MARK}{self.name} {_encode(self.key_id + self.signature)}\n"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read one line without its newline. Raises CheckpointError if it is not a signature line."""
        _require(line.startswith(_SIGNATURE_MARK), "note: a line among the signatures is not one")
        parts = line.removeprefix(_SIGNATURE_MARK).split(" ")
        _require(len(parts) == 2 and _is_key_name(parts[0]), "note: a signature line is malformed")
        payload = _decode(parts[1])
        _require(len(payload) > KEY_ID_SIZE, "note: a signature is too short")
        return cls(parts[0], payload[:KEY_ID_SIZE], payload[KEY_ID_SIZE:])


@dataclass(frozen=True)
class SignedNote:
    """A text and its signature lines; nothing in it may be believed before a signature has been verified."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)

    @classmethod
    def parse(cls, note: str) -> Self:
        """Split a note at its last empty line. Raises CheckpointError if it is not text and signature lines."""
        _require(len(note) <= MAX_NOTE_LENGTH, "note: too long")
        _require(_is_utf8(note), "note: not valid UTF-8")
        _require(all(sign >= " " or sign == "\n" for sign in note), "note: a control sign other than newline")
        text, separator, tail = note.rpartition("\n\n")
        _require(separator != "", "note: no signature lines after an empty line")
        _require(tail.endswith("\n"), "note: the final newline is missing")
        lines = tail[:-1].split("\n")
        _require(len(lines) <= MAX_SIGNATURES, "note: too many signature lines")
        return cls(text + "\n", tuple(NoteSignature.parse(line) for line in lines))

    def signature_by(self, key: VerificationKey) -> bytes:
        """Return the (unverified) signature of `key`, passing over those of unknown keys.

        Raises CheckpointError if there is none, or more than one: a second one could be taken for the one verified.
        """
        ours = [s.signature for s in self.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
        _require(len(ours) > 0, "note: not signed by the key")
        _require(len(ours) == 1, "note: more than one signature by the key")
        _require(len(ours[0]) == key.SIGNATURE_SIZE, f"note: the signature is not {key.SIGNATURE_SIZE} bytes")
        return ours[0]


def notes_in(text: str) -> tuple[str, ...]:
    """The signed notes of checkpoints that stand in a text, in order: also between other lines, as a program prints.

    A note is a checkpoint's lines, an empty one, and lines that begin as a signature's do; whether any is right, its
    reader sees.
    """
    return tuple(match.group() for match in _NOTE.finditer(text.replace("\r\n", "\n").removesuffix("\n") + "\n"))


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise CheckpointError(message)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_key_name(name: str) -> bool:
    return name != "" and _is_utf8(name) and not any(sign < " " or sign == "+" or sign.isspace() for sign in name)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointError("base64: malformed") from None
    _require(_encode(data) == text, "base64: not the canonical form")
    return data
