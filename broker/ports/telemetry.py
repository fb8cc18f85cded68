"""What the broker tells those who run it: a port that counts and measures, given plain values (mätvärden).

Every room may be handed `UNMEASURED`, which does nothing. What is told holds no identity: kinds, rules, codes, sorts,
kinds of authority, moments and numbers.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from broker.deadlines import CLOSED, Clock, Matter, is_escalated, overdue
from broker.model.decision import Json
from broker.model.vocabulary import Outcome

NO_RULE = "none"
"""Stands where no ground carries, lacks an answer or closes."""

UNKNOWN = "unknown"
"""Stands for a kind that could not be read, and for an authority that is not registered any longer."""


UNOPENED, UNREGISTERED = "unopened", "unregistered"
"""States of a delivery that its recipient has not done with yet."""


@dataclass(frozen=True)
class Waiting:
    """What is waited for at a moment, by kind of the authority that must act."""

    oldest: Mapping[str, int]
    """Kind of authority -> when its oldest open request was made (seconds since 1970)."""
    overdue: Mapping[tuple[str, str], int]
    """(clock, kind of authority) -> how many are late and not settled."""
    escalated: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(clock, kind of authority) -> how many of them nobody is told of any more: all notices are out."""
    unopened_immediate: Mapping[str, int] = field(default_factory=dict)
    """Kind of authority -> how many immediate deliveries are late to be opened."""
    unseen: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """(state, kind of authority) -> when the oldest that is `UNOPENED` was sent, or `UNREGISTERED` opened."""


class Metrics(Protocol):
    """Counts and measures. No call raises or waits."""

    def count_record(self, leaf: Json) -> None:
        """A record is durable: a decided message, a line in quarantine, or a notice of the broker's own."""

    def count_repeat(self) -> None:
        """An input was there before: it got its recorded receipt, and made nothing."""

    def observe_delivery(self, seconds: float) -> None:
        """A delivery lies in its inbox, so long after the message lay in the outbox."""

    def batch(self, messages: int) -> None:
        """A batch of so many messages is begun."""

    def transaction(self) -> AbstractContextManager[None]:
        """Measures what is done inside: one transaction, from its first write until it is durable or given up."""

    def observe_decisions(self, seconds: float, *, answered: bool) -> None:
        """The law was asked about a batch, and answered, or failed, after so long."""

    def policy(self, revision: str) -> None:
        """The policy that answers now."""

    def register(self, revision: str) -> None:
        """The register file that is gone by now (SHA-256)."""

    def lag(self, service: str, partitions: Iterable[int]) -> None:
        """How many messages each partition holds that this service has not handled yet."""

    def waiting(self, waiting: Waiting) -> None:
        """What is waited for now."""

    def set_unfetched(self, oldest: Mapping[str, int]) -> None:
        """Kind of authority -> when its oldest delivery was sent that it has not fetched (seconds since 1970)."""

    def mark_tick(self) -> None:
        """The clocks have been looked at: what was due is told."""

    def set_skipped(self, records: int) -> None:
        """How many records agents could not take in, and have not since."""

    def set_quarantined(self, depth: int) -> None:
        """How many lines lie in quarantine and have not been run again."""

    def unkept(self, lines: int) -> None:
        """So many lines are in quarantine without their bytes: their sender's share of it is full."""

    def ledger(self, *, size: int, signed: float, lag: int = 0) -> None:
        """The log's newest checkpoint: its size and when it was signed (seconds since 1970); records not yet in it."""

    def set_differences(self, differences: Mapping[str, int]) -> None:
        """Outboxes, records and deliveries have been compared: how many differ, by sort; none of a sort is 0."""

    def count_retry(self, component: str) -> None:
        """Something was tried again because this component (kafka, opa, postgres) did not answer."""

    def count_poison(self) -> None:
        """A message was put into quarantine because handling it failed too many times."""


class Unmeasured:
    """Metrics that nobody looks at."""

    def count_record(self, leaf: Json) -> None: ...
    def count_repeat(self) -> None: ...
    def observe_delivery(self, seconds: float) -> None: ...
    def batch(self, messages: int) -> None: ...
    def transaction(self) -> AbstractContextManager[None]:
        return nullcontext()

    def observe_decisions(self, seconds: float, *, answered: bool) -> None: ...
    def policy(self, revision: str) -> None: ...
    def register(self, revision: str) -> None: ...
    def lag(self, service: str, partitions: Iterable[int]) -> None: ...
    def waiting(self, waiting: Waiting) -> None: ...
    def set_unfetched(self, oldest: Mapping[str, int]) -> None: ...
    def mark_tick(self) -> None: ...
    def set_skipped(self, records: int) -> None: ...
    def set_quarantined(self, depth: int) -> None: ...
    def unkept(self, lines: int) -> None: ...
    def ledger(self, *, size: int, signed: float, lag: int = 0) -> None: ...
    def set_differences(self, differences: Mapping[str, int]) -> None: ...
    def count_retry(self, component: str) -> None: ...
    def count_poison(self) -> None: ...


UNMEASURED: Metrics = Unmeasured()


def rules(receipt: Json) -> set[tuple[str, str]]:
    """The rules that a decision hangs on, each with what it came to: (ground or bar, outcome).

    A ground that carries forwards; a bar withholds; what lacks an answer refers. A decision without any: `NO_RULE`.
    """
    outcome = receipt["outcome"]
    lacking = Outcome.REFER if outcome == Outcome.REFER and not receipt.get("items") else Outcome.WITHHOLD
    counted = {(ground["id"], Outcome.FORWARD.value) for ground in receipt.get("grounds", ())}
    counted |= {(bar["id"], lacking.value) for bar in receipt.get("bars", ())}
    counted |= {(item["ground"], Outcome.REFER.value) for item in receipt.get("items", ()) if item.get("ground")}
    return counted or {(NO_RULE, outcome)}


def oldest(sent: Iterable[tuple[str, int]], kind: Callable[[str], str | None]) -> Mapping[str, int]:
    """The first moment for each kind of authority, of (authority, moment). `kind`: as for `waiting`."""
    first: dict[str, int] = {}
    for authority, at in sent:
        name = kind(authority) or UNKNOWN
        first[name] = min(at, first.get(name, at))
    return first


def waiting(matters: Iterable[Matter], now: int, kind: Callable[[str], str | None]) -> Waiting:
    """What is waited for now. `kind` gives the kind of an authority, or None when it is not registered."""
    oldest: dict[str, int] = {}
    unseen: dict[tuple[str, str], int] = {}
    late: Counter[tuple[str, str]] = Counter()
    overdue_by_clock: Counter[tuple[str, str]] = Counter()
    immediate: Counter[str] = Counter()
    for matter in matters:
        if matter.state in CLOSED:
            continue
        holder = kind(matter.holder) or UNKNOWN
        if matter.clock is Clock.ANSWER:
            oldest[holder] = min(matter.started, oldest.get(holder, matter.started))
        if state := _UNSEEN.get(matter.clock):
            unseen[state, holder] = min(matter.started, unseen.get((state, holder), matter.started))
        if overdue(matter, now):
            late[matter.clock.value, holder] += 1
            if matter.immediate and matter.clock is Clock.OPENED:
                immediate[holder] += 1
        if is_escalated(matter, now):
            overdue_by_clock[matter.clock.value, holder] += 1
    return Waiting(oldest, late, overdue_by_clock, immediate, unseen)


_UNSEEN: Mapping[Clock, str] = MappingProxyType({Clock.OPENED: UNOPENED, Clock.REGISTERED: UNREGISTERED})
