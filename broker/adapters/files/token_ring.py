"""The file of the keys behind tokens: the next one is prepared, then makes tokens, and the older ones are destroyed."""

import secrets
from pathlib import Path

from broker.adapters.files.signing import PREPARED, SECRET_SIZE, TokenKey

KEY = "token.key"


def prepare(path: Path) -> TokenKey:
    """The keys with a next one, made where none is prepared: all programs find with it before any makes tokens.

    Raises KeyFileError, or OSError.
    """
    ring = TokenKey(path, create=False)
    if not ring.is_next_prepared:
        ring.replace(_with_next(ring) + PREPARED)
    return ring


def rotate(path: Path) -> TokenKey:
    """The next key makes tokens from now on, made where none is prepared. Raises KeyFileError, or OSError."""
    ring = TokenKey(path, create=False)
    ring.replace(ring.keys if ring.is_next_prepared else _with_next(ring))
    return ring


def destroy_older(path: Path) -> TokenKey:
    """Only the key that makes tokens is left. Raises KeyFileError where one is prepared, or OSError."""
    ring = TokenKey(path, create=False)
    ring.require_none_prepared()
    ring.replace(ring.keys[:SECRET_SIZE])
    return ring


def _with_next(ring: TokenKey) -> bytes:
    return secrets.token_bytes(SECRET_SIZE) + ring.keys
