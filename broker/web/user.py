"""Who comes to the pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.web.faults import SiteError


@dataclass(frozen=True)
class Person:
    """What is known of somebody who may work here; `may` are rights in the place's own words."""

    name: str
    unit: str
    role: str
    officer: str
    may: frozenset[str]


@dataclass(frozen=True)
class User:
    """A person at a place, by a number of its own.

    `name` is shown to colleagues only; `officer` is an id of the authority's own, which goes into messages and logs.
    `scheme`: `auto`, `light` or `dark`.
    """

    number: int
    name: str
    unit: str
    role: str
    officer: str
    lang: str
    may: frozenset[str]
    scheme: str = "auto"

    @property
    def is_person(self) -> bool:
        """Whether a human sits there: only then a message counts as opened."""
        return self.role != "system"


def rights(words: Iterable[str], known: frozenset[str]) -> frozenset[str]:
    """What somebody may do, in words. Raises SiteError, which names the words there are."""
    may = frozenset(words)
    if may - known:
        raise SiteError(f"rights: of {', '.join(sorted(known))}")
    return may
