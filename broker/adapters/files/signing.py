"""The two secrets of the broker: the Ed25519 key that signs checkpoints and the HMAC key behind every token.

Each lives in a file of its own with owner-only rights (POSIX). A lost signing key ends the log under that name; a lost
token key ends linking and consents. So callers that have data already open with `create=False`.
"""

import hashlib
import hmac
import os
import secrets
import stat
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from unicodedata import normalize

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from broker.adapters.files import whole_file
from broker.log.checkpoint import ED25519, Checkpoint, CheckpointError, NoteSignature, SignedNote, VerificationKey
from broker.log.cosignature import WitnessKey, cosignature
from broker.log.handover import Handover, KeyChain, statement
from broker.model.faults import SetUpError

SECRET_SIZE = 32
PREPARED = b"+"
"""The last byte of a file of token keys whose newest is prepared, and makes no tokens yet."""
_MAX_KEY_FILE = 4096
_MAX_TOKEN_KEYS = _MAX_KEY_FILE // SECRET_SIZE
_SKEY = "PRIVATE+KEY+"
_COSE_START = b"\x84\x6aSignature1"
"""No note begins so: its first sign would be no UTF-8."""
_COSE_END = b"\x40\x58\x20"
"""No additional data, then 32 bytes of payload."""


class KeyFileError(SetUpError):
    """A key file is missing, malformed or open to others. One line that names the file and says what to do."""


class Signer:
    """Signs the checkpoints of one log. The file holds one line, the private key form of Go's sumdb/note."""

    def __init__(self, path: Path, name: str, *, create: bool = True) -> None:
        """Load the key called `name` from `path`, or make one there.

        Raises KeyFileError if the file cannot be used or holds a key of another name, CheckpointError if `name` is no
        key name.
        """
        make = (lambda: _signing_key_line(Ed25519PrivateKey.generate(), name).encode()) if create else None
        self._private, self.key = _parse_signing_key(path, load_or_create(path, make))
        if self.key.name != name:
            raise KeyFileError(f"{path}: holds the key of another log; give the name it was made for, or another file")

    @property
    def vkey(self) -> str:
        """The public key as text, to hand to those who verify."""
        return self.key.vkey

    def sign(self, note_body: str) -> str:
        """Return the signed note of a checkpoint's body text.

        Raises CheckpointError unless the body is a checkpoint of this log: the key signs nothing else. That it
        continues the log is for the writer to see to.
        """
        if Checkpoint.parse(note_body).origin != self.key.name:
            raise CheckpointError("checkpoint: the origin is another log")
        return self._signed(note_body)

    def _signed(self, text: str) -> str:
        signature = self._private.sign(text.encode())
        return str(SignedNote(text, (NoteSignature(self.key.name, self.key.key_id, signature),)))

    def hand_over(self, to: "Signer") -> Handover:
        """Hand the log over to its next key: both sign that. Raises CheckpointError for a key of another log."""
        text = statement(self.vkey, to.vkey)
        both = tuple(line for one in (self, to) for line in SignedNote.parse(one._signed(text)).signatures)
        return Handover(self.vkey, to.vkey, str(SignedNote(text, both)))

    def open(self, note: str) -> Checkpoint:
        """Return the checkpoint in a note that this key has signed. Raises CheckpointError."""
        return Verifier(self.vkey).open(note)

    def sign_root(self, structure: bytes, note: str) -> bytes:
        """Return the signature over a COSE structure (RFC 9052 4.4) whose payload is the root of a checkpoint.

        Raises CheckpointError unless this key has signed that checkpoint: the structure says nothing new.
        """
        root = self.open(note).root
        if not (structure.startswith(_COSE_START) and structure.endswith(_COSE_END + root)):
            raise CheckpointError("receipt: not of the root of this checkpoint")
        return self._private.sign(structure)


class Seal(Signer):
    """Signs statements with a key of their own: texts that are no checkpoints, whose first line is the key's name."""

    def sign(self, note_body: str) -> str:
        """Return the signed note of a statement. Raises CheckpointError for another's, and for a malformed one."""
        if note_body.partition("\n")[0] != self.key.name or not note_body.endswith("\n"):
            raise CheckpointError("note: the statement is not one of this key")
        note = self._signed(note_body)
        SignedNote.parse(note)
        return note


def key_chain(vkey: str, handovers: Iterable[tuple[int, bytes]]) -> KeyChain:
    """The keys of a log. In: one of them, known from elsewhere; its records of hand-overs. Raises CheckpointError."""
    return KeyChain(vkey, handovers, Verifier)


class Verifier:
    """Opens the checkpoints of one log, given the text form of its public key (CheckpointError if malformed)."""

    def __init__(self, vkey: str) -> None:
        self.key = VerificationKey.parse(vkey)
        self._public = Ed25519PublicKey.from_public_bytes(self.key.public)

    def text(self, note: str) -> str:
        """Return the text of a note after its signature is verified. Raises CheckpointError."""
        signed = SignedNote.parse(note)
        try:
            self._public.verify(signed.signature_by(self.key), signed.text.encode())
        except InvalidSignature:
            raise CheckpointError("note: the signature is wrong") from None
        return signed.text

    def open(self, note: str) -> Checkpoint:
        """Return the checkpoint in a signed note.

        Raises CheckpointError when the signature is missing or wrong, or the text is not a checkpoint of this log.
        """
        checkpoint = Checkpoint.parse(self.text(note))
        if checkpoint.origin != self.key.name:
            raise CheckpointError("checkpoint: the origin is another log")
        return checkpoint


class Witness:
    """Reads what one witness has cosigned, given the text form of its public key (CheckpointError if malformed)."""

    def __init__(self, vkey: str) -> None:
        self.key = WitnessKey.parse(vkey)
        self._public = Ed25519PublicKey.from_public_bytes(self.key.public)

    def cosigned(self, note: str) -> datetime:
        """Return when the witness cosigned this note. Raises CheckpointError when it has not."""
        signed = SignedNote.parse(note)
        time, message, signature = cosignature(signed, self.key)
        try:
            self._public.verify(signature, message)
        except InvalidSignature:
            raise CheckpointError("note: the cosignature is wrong") from None
        return time


class _Secret:
    """One key of tokens."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.id = hashlib.sha256(b"samband token key id" + key).hexdigest()[:8]
        # Of another length than any token, so none is ever a part of this key.
        self.cipher = AESSIV(hmac.digest(key, b"hidden texts", "sha512"))

    def hmac(self, message: bytes) -> str:
        """Hex HMAC-SHA-256."""
        return hmac.digest(self.key, message, "sha256").hex()

    def hide(self, text: str) -> str:
        """Hex AES-SIV."""
        return self.cipher.encrypt(text.encode(), None).hex()


class TokenKey:
    """Makes pseudonyms: the same person or case gives the same token, and only the holder of the key can guess.

    The file holds a ring of keys, 32 bytes each, the newest first: it makes tokens, those before it only find what was
    made with them. Where a last byte says so, the newest is prepared: it finds, and the one after it makes.
    """

    def __init__(self, path: Path | None, *, create: bool = True) -> None:
        """Load the keys from `path`, or make one there; without a path one that nobody keeps. Raises KeyFileError."""
        new = partial(secrets.token_bytes, SECRET_SIZE)
        self._path = path
        self._state = _file_state(path)
        self._followed: str | None = None
        self._take(new() if path is None else load_or_create(path, new if create else None))

    def _take(self, content: bytes) -> None:
        """The keys that a file holds. Raises KeyFileError."""
        prepared = len(content) > SECRET_SIZE and content[len(content) // SECRET_SIZE * SECRET_SIZE :] == PREPARED
        keys = content[: len(content) - prepared]
        each = [keys[at : at + SECRET_SIZE] for at in range(0, len(keys), SECRET_SIZE)]
        is_whole = len(keys) % SECRET_SIZE == 0 and prepared < len(each) == len(set(each)) < _MAX_TOKEN_KEYS
        if not is_whole:
            raise KeyFileError(f"{self._path}: not a token key of 32 bytes; restore it from a backup")
        self._content = content
        ring = [_Secret(key) for key in each]
        making = ring[prepared] if self._followed != ring[0].id else ring[0]
        self._making, self._others = making, tuple(secret for secret in ring if secret is not making)
        self._oldest = ring[-1]
        self._prepared = ring[0].id if making is not ring[0] else None

    @property
    def oldest(self) -> "TokenKey":
        """The oldest key alone, which stays until it is destroyed."""
        alone = TokenKey(None)
        alone._making = self._oldest
        return alone

    @property
    def _ring(self) -> tuple[_Secret, ...]:
        return self._making, *self._others

    @property
    def is_next_prepared(self) -> bool:
        """Whether a key waits to make tokens."""
        return self._content[-len(PREPARED) :] == PREPARED and len(self._content) % SECRET_SIZE != 0

    @property
    def keys(self) -> bytes:
        """The ring as its file holds it, the newest first, without the word that this one is prepared."""
        return self._content.removesuffix(PREPARED) if self.is_next_prepared else self._content

    def require_none_prepared(self) -> None:
        """Raises KeyFileError where a key waits to make tokens."""
        if self.is_next_prepared:
            raise KeyFileError(f"{self._path}: holds a key that is prepared and makes no tokens yet: rotate first")

    def replace(self, content: bytes) -> None:
        """Put another ring in the place of the file's, durably, and go by it. Raises OSError."""
        assert self._path is not None
        whole_file.write(self._path, content)
        whole_file.settle(self._path.parent)
        self._state = _file_state(self._path)
        self._take(content)

    def look(self) -> bool:
        """Take in what the file holds now; whether it is another ring. Between two messages alone.

        Raises KeyFileError.
        """
        state = _file_state(self._path)
        if self._path is None or state == self._state:
            return False
        before = self.key_ids
        self._take(load_or_create(self._path, None))
        self._state = state
        return self.key_ids != before

    def follow(self, key_id: str) -> None:
        """Others make tokens with this key: one that is prepared is taken into use. Raises KeyFileError without it."""
        if key_id not in self.key_ids:
            self.look()
        if key_id not in self.key_ids:
            raise KeyFileError(f"{self._path}: lacks the key that others make tokens with; copy theirs here")
        if key_id == self._prepared and self._path is not None:
            self._followed = key_id
            self._take(load_or_create(self._path, None))

    @property
    def key_id(self) -> str:
        """Which key makes tokens, without telling it."""
        return self._making.id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Of all keys, that which makes tokens first, then from the newest to the oldest."""
        return tuple(secret.id for secret in self._ring)

    def token(self, kind: str, value: str) -> str:
        """Return hex HMAC-SHA-256 over kind, 0x00 and the value in NFC: the same letters give the same token.

        Raises ValueError if the kind is empty or holds 0x00.
        """
        if not kind or "\x00" in kind:
            raise ValueError("token: the kind is empty or holds a zero byte")
        return self._making.hmac(kind.encode() + b"\x00" + normalize("NFC", value).encode())

    def older(self, kind: str, value: str) -> tuple[str, ...]:
        """Tokens that the same may have under another key, or before all were compared after NFC: in other forms."""
        forms = (normalize("NFC", value), value, normalize("NFD", value))
        messages = [kind.encode() + b"\x00" + form.encode() for form in forms]
        tokens = dict.fromkeys(secret.hmac(message) for secret in self._ring for message in messages)
        return tuple(token for token in tokens if token != self.token(kind, value))

    def digest(self, data: bytes) -> str:
        """Return hex HMAC-SHA-256 of a content, which unlike a plain hash cannot be guessed from likely contents."""
        # A first zero byte, which no kind can have: or a sender could craft a content whose digest is a person's token.
        return self._making.hmac(b"\x00" + data)

    def digests(self, data: bytes) -> tuple[str, ...]:
        """The digest under each key, in the order of `key_ids`."""
        return tuple(secret.hmac(b"\x00" + data) for secret in self._ring)

    def hide(self, text: str) -> str:
        """Return hex AES-SIV (RFC 5297) of a text that is not empty: the same for the same, readable with the key."""
        return self._making.hide(text)

    def hides(self, text: str) -> tuple[str, ...]:
        """The text as each key hides it, in the order of `key_ids`."""
        return tuple(secret.hide(text) for secret in self._ring)

    def reveal(self, hidden: str) -> str | None:
        """The text that was hidden with one of these keys; None for all else."""
        for secret in self._ring:
            with suppress(ValueError, InvalidTag):
                return secret.cipher.decrypt(bytes.fromhex(hidden), None).decode()
        return None


def _file_state(path: Path | None) -> tuple[int, ...]:
    """What tells whether a file is another one than before; nothing where it is not there."""
    try:
        status = path.stat() if path else None
    except OSError:
        return ()
    return (status.st_mtime_ns, status.st_ino, status.st_size) if status else ()


def _signing_key_line(private: Ed25519PrivateKey, name: str) -> str:
    key_id = VerificationKey(name, private.public_key().public_bytes_raw()).key_id.hex()
    return f"{_SKEY}{name}+{key_id}+{b64encode(ED25519 + private.private_bytes_raw()).decode()}\n"


def _parse_signing_key(path: Path, content: bytes) -> tuple[Ed25519PrivateKey, VerificationKey]:
    try:
        line = content.decode().removesuffix("\n") + "\n"  # an editor may have dropped the newline
        name, _, encoded = line.removeprefix(_SKEY).split("+", 2)
        private = Ed25519PrivateKey.from_private_bytes(b64decode(encoded)[1:])
        whole = line == _signing_key_line(private, name)
    except ValueError:  # bad UTF-8, base64, length or name: all are subclasses
        whole = False
    if not whole:
        raise KeyFileError(f"{path}: not a signing key; restore it from a backup")
    return private, VerificationKey(name, private.public_key().public_bytes_raw())


def load_or_create(path: Path, make: Callable[[], bytes] | None) -> bytes:
    """The bytes of a key file that its owner alone can read; made where it is missing, if it may be.

    Raises KeyFileError.
    """
    try:
        if make is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_own_directory(path.parent)
        try:
            return _read(path)
        except FileNotFoundError:
            if make is None:
                raise
        whole_file.write(path, make(), new=True)  # durable, or the next start would make a second key
        return _read(path)
    except FileNotFoundError:
        raise KeyFileError(f"{path}: the key file is missing; restore it from a backup") from None
    except OSError as error:
        raise KeyFileError(f"{path}: the key file cannot be used ({error.strerror})") from None


def _require_own_directory(directory: Path) -> None:
    # Others who may write here could put a key of their own in place of ours.
    status = directory.stat()
    if status.st_uid != os.geteuid():
        raise KeyFileError(f"{directory}: the folder of the key belongs to another account; use one of your own")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise KeyFileError(f"{directory}: the folder of the key can be written by others; run: chmod 700 {directory}")


def _read(path: Path) -> bytes:
    # Non-blocking, so that a FIFO is refused below and does not hang; no link, so that the rights seen are the file's.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise KeyFileError(f"{path}: the key is not a plain file")
        if status.st_uid != os.geteuid():
            raise KeyFileError(f"{path}: the key file belongs to another account")
        if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileError(f"{path}: the key file is open to others; run: chmod 600 {path}")
        return file.read(_MAX_KEY_FILE)
