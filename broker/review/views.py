"""The log of views: whatever somebody looks at, searches for or takes out is written here before it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from broker.model.decision import Json

Sort = Literal["search", "decision", "case", "subject", "export", "figures", "whatif"]
"""What was done."""


@dataclass(frozen=True)
class View:
    """Something that somebody is about to be shown.

    `who` is a token, of the room and the user there. `what` holds no identity: own filters, tokens, places in the log.
    `authorities` are those whose records are shown.
    """

    who: str
    sort: Sort
    purpose: str
    what: Json
    authorities: Sequence[str] = ()


class Views(Protocol):
    """Where views are written down."""

    def append(self, view: View) -> int | None:
        """Write it down; its place there. Raises Away or a SetUpError: then nothing is shown."""


class Unkept:
    """A room that keeps no log of views yet."""

    def append(self, view: View) -> None:
        """Nothing is kept."""
