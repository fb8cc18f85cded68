"""Contents sealed so that any change is noticed: AES-256-GCM, a nonce of its own before each."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SIZE = 32
"""Bytes of a key."""
_NONCE = 12


class Damaged(ValueError):
    """What is to be opened is not what was sealed with this key under this label."""


def new_key() -> bytes:
    """A key that nobody has."""
    return os.urandom(SIZE)


def seal(key: bytes, plain: bytes, label: str) -> bytes:
    """The sealed contents; the label, of which nothing is kept, must be said again to open them."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, label.encode())


def open_sealed(key: bytes, sealed: bytes, label: str) -> bytes:
    """The contents. Raises Damaged."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], label.encode())
    except (InvalidTag, ValueError):
        raise Damaged("sealed contents are damaged, moved or of another key") from None
