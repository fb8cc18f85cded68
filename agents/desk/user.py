"""Who works at the desk."""

from dataclasses import dataclass
from typing import Literal

May = Literal["answer", "ask", "approve", "register", "read", "admin"]
"""What somebody may do."""


@dataclass(frozen=True)
class User:
    """A person at the desk, by a number of its own.

    `name` is shown to colleagues only; `officer` is an id of the authority's own, which goes into messages.
    `scheme`: `auto`, `light` or `dark`.
    """

    number: int
    name: str
    unit: str
    role: str
    officer: str
    lang: str
    may: frozenset[May]
    scheme: str = "auto"

    @property
    def is_person(self) -> bool:
        """Whether a human sits there: only then a message counts as opened."""
        return self.role != "system"
