"""Contents that their recipient alone can open: HPKE (RFC 9180) with ML-KEM-768 and X25519 (X-Wing, KEM 0x647A).

A content is sealed to a public key of the address that it goes to, together with all that the broker leaves as it was
sent: which message, from whom, to whom, about whom, and what the item is labelled as. Moved or labelled otherwise it
does not open. Its number among the items is not bound: in a part of a message it would tell that there was more.
"""

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from hashlib import sha256, shake_256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from .broker import Json

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ENCAPSULATED = KEM.MLKEM768_X25519.enc_length()
_FIRST = b"samband sealed item 1\0"
_SEED, _MLKEM_SEED, _MLKEM_PUBLIC = 32, 64, 1184
_BLOCK = 256
"""What is sealed is filled up to a multiple of so many bytes: its length does not tell a yes from a no."""


class NotOpened(Exception):
    """A content does not open: it is changed, moved, or of another key."""


def key_id(public: bytes) -> str:
    """What a public key is called; its holder reads it out, and whoever hears it can compare."""
    return sha256(public).hexdigest()[:32]


@dataclass(frozen=True)
class KeyPair:
    """A key to open with, and what others seal to: as X-Wing has them (draft-connolly-cfrg-xwing-kem, 5.2)."""

    private: bytes = field(repr=False)
    public: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "KeyPair":
        """A new one."""
        return cls.of(os.urandom(_SEED))

    @classmethod
    def of(cls, private: bytes) -> "KeyPair":
        """The pair of a private key. Raises ValueError."""
        ml_kem, x25519 = _parts(private)
        return cls(private, ml_kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    @property
    def id(self) -> str:
        """What it is called."""
        return key_id(self.public)

    def open(self, sealed: Json, about: bytes) -> str:
        """The content of `sealed`, which `about` is bound to. Raises NotOpened."""
        try:
            whole = b64decode(str(sealed["encapsulated"])) + b64decode(str(sealed["ciphertext"]))
            padded = _SUITE.decrypt(whole, MLKEM768X25519PrivateKey(*_parts(self.private)), _FIRST + about)
            content, end, _ = padded.rpartition(b"\x80")
            if not end:
                raise NotOpened
            return content.decode("utf-8")
        except (InvalidTag, KeyError, ValueError):
            raise NotOpened from None


def _parts(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(private) != _SEED:
        raise ValueError("a private key is 32 bytes")
    parts = shake_256(private).digest(_MLKEM_SEED + _SEED)
    return MLKEM768PrivateKey.from_seed_bytes(parts[:_MLKEM_SEED]), X25519PrivateKey.from_private_bytes(
        parts[_MLKEM_SEED:]
    )


def seal(public: bytes, content: str, about: bytes) -> Json:
    """The content as an item has it sealed. Raises ValueError where the key is none."""
    key = MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
    )
    plain = content.encode() + b"\x80"
    sealed = _SUITE.encrypt(plain + bytes(-len(plain) % _BLOCK), key, _FIRST + about)
    parts = {"encapsulated": sealed[:_ENCAPSULATED], "ciphertext": sealed[_ENCAPSULATED:]}
    return {"key": key_id(public), **{name: b64encode(part).decode("ascii") for name, part in parts.items()}}


def bound(message: Json, item: Json) -> bytes:
    """What a content is bound to: of the message and of its item what goes out just as it was sent."""
    body, sender, recipient = message["body"], message["sender"], message["recipient"]
    about = {
        "message": str(message["id"]).lower(),
        "kind": message["kind"],
        "sender": [sender["authority"], sender.get("unit") or "registry"],
        "recipient": [recipient["authority"], recipient.get("unit") or "registry", recipient.get("area")],
        "subject": _person(body.get("subject")),
        "organisation": (body.get("organisation") or {}).get("orgnr"),
        "category": item["category"],
        "content_type": item.get("content_type") or "text/plain",
        "secrecy": list(item.get("secrecy") or ()),
        "concerns": [_person(person) for person in item.get("concerns") or ()],
    }
    return json.dumps(about, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _person(subject: Any) -> list[Any] | None:
    return [subject.get(name) for name in ("id_type", "id", "id_issuer")] if subject else None
