"""What an adapter raises when it can not do its work."""

from broker.model.faults import SetUpError


class Away(SetUpError):
    """A server that the broker needs does not answer: nothing moves, and the same is tried again.

    `component`: one of `health`'s. `why`: the sort of fault, never its text, which can hold values. `line`: what to
    tell people, where there is more to say.
    """

    def __init__(self, component: str, why: str, line: str = "") -> None:
        super().__init__(line or f"{component}: {why}")
        self.component = component
        self.why = why


class LedgerError(SetUpError):
    """The stored log is not the one that was signed: nothing more is signed. One line, with what to do."""
