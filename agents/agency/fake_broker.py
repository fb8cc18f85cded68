"""A broker that is only a stage: lines are put in its inbox by hand, and what is sent stays to be looked at."""

from collections.abc import Sequence
from copy import deepcopy

from .broker import Came, Json, NotReached, Outgoing


class Stage:
    """Both a broker and its one connection. `off`: nothing gets through."""

    def __init__(self) -> None:
        self.lines: list[Json] = []
        self.sent: list[Outgoing] = []
        self.refused: list[Outgoing] = []
        self.off = False

    def connect(self, authority: str) -> "Stage":
        """Itself."""
        return self

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Json]:
        """Keep them; there are no receipts but those that are put in the inbox."""
        if self.off:
            self.refused += messages
            raise NotReached("the stage is off")
        self.sent += messages
        return []

    def fetch(self, after: int, timeout: float) -> Sequence[Came]:
        """This line and those after it; all where there is no such line. Never waits."""
        first = after if after < len(self.lines) else 0
        return [Came(n, deepcopy(line)) for n, line in enumerate(self.lines) if n >= first]

    def at_end(self) -> bool:
        """Yes."""
        return True

    def rewind(self) -> None:
        """Nothing."""

    def commit(self, position: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""
