"""Pseudonyms: what stands in a person's place wherever the broker writes."""

from typing import Protocol


class Tokens(Protocol):
    """Pseudonyms under a key that only the broker holds."""

    @property
    def key_id(self) -> str:
        """Which key, without telling it."""

    def token(self, kind: str, value: str) -> str:
        """The same token for the same kind and value after NFC, and nothing to be read from it (HMAC-SHA-256)."""

    def older(self, kind: str, value: str) -> tuple[str, ...]:
        """Tokens that the same letters may have got before values were compared after NFC."""

    def hide(self, text: str) -> str:
        """A text that only this key reads again (`reveal`); the same for the same."""

    def reveal(self, hidden: str) -> str | None:
        """The text that was hidden so; None for all else."""

    def digest(self, data: bytes) -> str:
        """Keyed digest of bytes: an unkeyed one of a short content could be guessed."""
