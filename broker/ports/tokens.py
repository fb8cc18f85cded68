"""Pseudonyms: what stands in a person's place wherever the broker writes."""

from typing import Protocol


class Tokens(Protocol):
    """Pseudonyms under keys that only the broker holds: one makes them, others find what was made with them before."""

    @property
    def key_id(self) -> str:
        """Which key makes them, without telling it."""

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Of all keys, that which makes them first."""

    @property
    def oldest(self) -> "Tokens":
        """The oldest key alone, which stays until it is destroyed."""

    def look(self) -> bool:
        """Take in the keys that there are now; whether they are others. Between two messages alone."""

    def token(self, kind: str, value: str) -> str:
        """The same token for the same kind and value after NFC, and nothing to be read from it (HMAC-SHA-256)."""

    def older(self, kind: str, value: str) -> tuple[str, ...]:
        """Tokens that the same may have under another key, or in letters of before values were compared after NFC."""

    def hide(self, text: str) -> str:
        """A text that only this key reads again (`reveal`); the same for the same."""

    def hides(self, text: str) -> tuple[str, ...]:
        """The text as each key hides it, in the order of `key_ids`."""

    def reveal(self, hidden: str) -> str | None:
        """The text that was hidden so, with any of the keys; None for all else."""

    def digest(self, data: bytes) -> str:
        """Keyed digest of bytes: an unkeyed one of a short content could be guessed."""

    def digests(self, data: bytes) -> tuple[str, ...]:
        """The digest under each key, in the order of `key_ids`."""
