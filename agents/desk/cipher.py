"""The desk's contents sealed so that any change is noticed, as the broker seals its own."""

from agents.desk.faults import DeskError
from broker.adapters.files import cipher
from broker.adapters.files.cipher import SIZE, new_key, seal

__all__ = ["SIZE", "new_key", "open_sealed", "seal"]


def open_sealed(key: bytes, sealed: bytes, label: str) -> bytes:
    """The contents. Raises DeskError when they are not what was sealed with this key under this label."""
    try:
        return cipher.open_sealed(key, sealed, label)
    except cipher.Damaged as damaged:
        raise DeskError(str(damaged)) from None
