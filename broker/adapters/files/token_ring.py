"""The file of the keys behind tokens: the next one is prepared, then makes tokens, and the older ones are destroyed."""

import secrets
from pathlib import Path

from broker.adapters.files import whole_file
from broker.adapters.files.signing import PREPARED, SECRET_SIZE, TokenKey, load_or_create

KEY = "token.key"


def prepare(path: Path) -> TokenKey:
    """The keys with a next one, made where none is prepared: all programs find with it before any makes tokens.

    Raises KeyFileError, or OSError.
    """
    _write(path, is_next_prepared=True)
    return TokenKey(path, create=False)


def rotate(path: Path) -> TokenKey:
    """The next key makes tokens from now on. Raises KeyFileError, or OSError."""
    prepare(path)
    _write(path, is_next_prepared=False)
    return TokenKey(path, create=False)


def destroy_older(path: Path) -> TokenKey:
    """Only the key that makes tokens is left. Raises KeyFileError where one is prepared, or OSError."""
    content = load_or_create(path, None)
    TokenKey(path, create=False).require_none_prepared()
    whole_file.write(path, content[:SECRET_SIZE])
    whole_file.settle(path.parent)
    return TokenKey(path, create=False)


def _write(path: Path, *, is_next_prepared: bool) -> None:
    TokenKey(path, create=False)  # it is whole
    content = load_or_create(path, None)
    prepared = len(content) % SECRET_SIZE == len(PREPARED)
    keys = content.removesuffix(PREPARED) if prepared else content
    if is_next_prepared and not prepared:
        whole_file.write(path, secrets.token_bytes(SECRET_SIZE) + keys + PREPARED)
    elif prepared and not is_next_prepared:
        whole_file.write(path, keys)
    whole_file.settle(path.parent)
