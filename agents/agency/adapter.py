"""The adapter: what an agency fills in, so that its own system answers what comes."""

from collections.abc import Iterable

from .drafts import Drafts
from .lines import Delivery, Line, Notice, Receipt


class Adapter:
    """Fill in `answer`, and of the others what your system needs. `write` takes what is to be sent, and nothing else.

    Each line is given once, also after a restart; only if the process dies within a method, that line is given again.
    What is raised ends the run and leaves the line to be given again: raise when your system is away, never because a
    message is strange.
    """

    def save(self, delivery: Delivery) -> str | None:
        """Put a delivery in your own system, to stay, before anything else is done with it; again changes nothing.

        Gives the number that it is registered under there (diarienummer), which its sender is told; empty: registered
        without one; None: not registered yet, and nothing is said.
        """
        return None

    def saved(self) -> Iterable[str] | None:
        """Ids of the deliveries that your own system has, as a new process sees them; None: it does not say.

        Only the conformance check asks.
        """
        return None

    def answer(self, request: Delivery, write: Drafts) -> None:
        """A request for information: disclose, refuse, ask back, or say when the answer comes; each category once."""
        raise NotImplementedError

    def deliver(self, delivery: Delivery, write: Drafts) -> None:
        """Any other message: an answer to your own request, a notification, an order."""

    def acknowledged(self, delivery: Delivery) -> None:
        """A recipient tells what became of a message of your own: `state`, and its `reference` when registered."""

    def recalled(self, delivery: Delivery, message: str) -> None:
        """The sender of `delivery` has taken back `message`, which came earlier: mark or erase it."""

    def notice(self, notice: Notice, write: Drafts) -> None:
        """The broker tells: a consent is withdrawn, a term runs out."""

    def receipt(self, receipt: Receipt) -> None:
        """What came of a message of your own. `refer` and `quarantine` are for a human to look at."""

    def take(self, line: Line, write: Drafts) -> None:
        """Hand a line to the method that it is for. What is not known, or was recalled before it came, is let be."""
        if isinstance(line, Notice):
            self.notice(line, write)
        elif isinstance(line, Delivery) and line.recalled_by is None:
            if line.kind == "Recall":
                self.recalled(line, str(line.body.get("message")))
            elif line.kind == "Acknowledgement":
                self.acknowledged(line)
            else:
                self._keep(line, write)
                self.answer(line, write) if line.kind == "InformationRequest" else self.deliver(line, write)

    def _keep(self, delivery: Delivery, write: Drafts) -> None:
        """Saved first, then said to be registered: the sender trusts that it can't be lost any more."""
        reference = self.save(delivery)
        if reference is not None:
            write.registered(delivery, reference)
