"""Metrics for Prometheus: one registry of our own, base units, bounded labels, no personal data.

A label's value comes from a fixed vocabulary, or looks like an id of ours and is one of the first hundred seen;
anything else is counted under `other`. So no input, however odd, makes the number of series grow, or puts a word of
a message into one. A gauge is shown from the first time that its service tells it: what a service does not know is
not there.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import ClassVar, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.registry import Collector

from broker.deadlines import Clock
from broker.kinds import KINDS
from broker.model.decision import Json
from broker.model.vocabulary import AuthorityKind, Outcome
from broker.ports.health import Health
from broker.ports.operations import Upkeep
from broker.ports.telemetry import NO_RULE, UNKNOWN, UNOPENED, UNREGISTERED, Waiting, rules

disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each counter, which nothing here asks for

OTHER = "other"
_OWN_ID = re.compile(r"(?!.*\d{5})[a-z][a-z0-9_.-]{0,39}")
_REVISION = re.compile(r"[0-9a-f]{64}")
_MOST = 100
_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_ON_THE_WAY = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_VOCABULARIES: Mapping[str, frozenset[str]] = {
    "kind": frozenset({*KINDS, UNKNOWN}),
    "outcome": frozenset(outcome.value for outcome in Outcome),
    "verdict": frozenset({"release", "withhold", "refer"}),
    "clock": frozenset(clock.value for clock in Clock),
    "state": frozenset({UNOPENED, UNREGISTERED}),
    "authority_kind": frozenset({*(kind.value for kind in AuthorityKind), UNKNOWN}),
}


_Made = TypeVar("_Made", bound=MetricWrapperBase)
_Labels = TypeVar("_Labels", bound=tuple[str, ...])


class PrometheusMetrics:
    """Metrics over one registry. `health`: what the program knows about itself is shown too.

    `clock` is the wall clock (seconds since 1970), `timer` measures.
    """

    def __init__(
        self,
        health: Health | None = None,
        *,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.registry = CollectorRegistry(auto_describe=False)
        self._clock = clock
        self._timer = timer
        self._seen: dict[str, set[str]] = {}
        self._shown: set[MetricWrapperBase] = set()
        self._labels: dict[MetricWrapperBase, tuple[str, ...]] = {}
        self._held: dict[Gauge, set[tuple[str, ...]]] = {}
        ProcessCollector(registry=self.registry)
        if health is not None:
            self.registry.register(_Dependencies(health))

        self._messages = self._counter(
            "messages", "Messages and lines recorded, by kind and what became of them", "kind", "outcome"
        )
        self._decisions = self._counter(
            "decisions", "Decided messages under each rule that they hang on", "kind", "ground", "outcome"
        )
        self._items = self._counter("items", "Items decided", "verdict")
        self._quarantined = self._counter("quarantined", "Lines put into quarantine, by reason", "code")
        self._unkept = self._counter("quarantine_unkept", "Lines in quarantine without their bytes")
        self._redelivered = self._counter(
            "redelivered", "Deliveries given out again: ordered, or lost unread to a topic's retention", "why"
        )
        self._repeats = self._counter("repeats", "Inputs that were there before, and made nothing")
        self._notices = self._counter("notices", "Notices that the broker itself made", "notice")
        self._delivery = self._histogram("delivery_seconds", "From outbox to inbox", _ON_THE_WAY)
        self._policy = self._histogram("policy_seconds", "One question to the law, for a whole batch", _QUICK, "result")
        self._batch = self._histogram("batch_messages", "Messages decided together", _SIZES)
        self._transaction = self._histogram(
            "transaction_seconds", "One transaction, until it is durable or given up", _QUICK, "result"
        )
        self._retries = self._counter("retries", "Tries again because a component did not answer", "component")
        self._poisoned = self._counter("poisoned", "Messages put into quarantine because handling them failed")
        for child in ("answered", "failed"):  # there from the start, so that the first failure is a rise
            self._policy.labels(child)
        for child in ("committed", "failed"):
            self._transaction.labels(child)
        self._info = Info("samband_policy", "The policy that answers", registry=None)
        self._register = Info("samband_register", "The register file that is gone by", registry=None)
        program = Info("samband_program", "The program that is measured", registry=self.registry)
        program.info({"version": version("samband")})
        self._labels |= {self._info: ("revision",), self._register: ("revision",), program: ("version",)}
        self._lag = self._gauge("lag_messages", "Messages not handled yet", "service")
        self._lag_most = self._gauge(
            "lag_largest_messages", "Of the partition with most messages not handled yet", "service"
        )
        self._oldest = self._gauge(
            "oldest_open_request_timestamp_seconds", "When the oldest open request was made", "authority_kind"
        )
        self._overdue = self._gauge("overdue", "Matters that are late and not settled", "clock", "authority_kind")
        self._escalated = self._gauge(
            "escalated", "Late matters of which all have been told that are to be", "clock", "authority_kind"
        )
        self._immediate = self._gauge(
            "unopened_immediate", "Immediate deliveries that are late to be opened", "authority_kind"
        )
        self._unseen = self._gauge(
            "oldest_unseen_timestamp_seconds",
            "When the oldest delivery that is not opened was sent, or not registered was opened",
            "state",
            "authority_kind",
        )
        self._unfetched = self._gauge(
            "oldest_unfetched_timestamp_seconds",
            "When the oldest delivery that is not fetched was sent",
            "authority_kind",
        )
        self._moments = {self._oldest, self._unseen, self._unfetched}
        self._tick = self._gauge("tick_timestamp_seconds", "When the clocks were looked at last")
        self._depth = self._gauge("quarantine_depth", "Lines in quarantine that have not been run again")
        self._skipped = self._gauge(
            "agents_skipped_records", "Records that agents could not take in, and have not since"
        )
        self._ledger_lag = self._gauge("ledger_lag_records", "Records that are not in the log's newest checkpoint")
        self._size = self._gauge("checkpoint_size", "Records under the log's newest checkpoint")
        self._signed = self._gauge("checkpoint_timestamp_seconds", "When the log's newest checkpoint was signed")
        self._unreconciled = self._gauge("unreconciled", "Outboxes, records and deliveries that do not agree", "sort")
        self._compared = self._gauge("reconciled_timestamp_seconds", "When they were compared last")

    # --- traffic and decisions

    def count_record(self, leaf: Json) -> None:
        """A record is durable: a decided message, a line in quarantine, or a notice or purge of the broker's own."""
        receipt = leaf["receipt"]
        if leaf["record"] in ("purge", "handover"):
            return
        if leaf["record"] == "redelivery":
            given = leaf["redelivered"]
            self._redelivered.labels("lost" if given["lost"] else "ordered").inc(len(given["messages"]))
            return
        if leaf["record"] == "notice":
            self._notices.labels(self._bound_label("notice", leaf["notice"]["notice"])).inc()
            return
        kind = self._bound_label("kind", leaf.get("kind") or UNKNOWN)
        outcome = self._bound_label("outcome", receipt["outcome"])
        self._messages.labels(kind, outcome).inc()
        if outcome == Outcome.QUARANTINE.value:
            self._quarantined.labels(self._bound_label("code", receipt["error"]["code"])).inc()
            return
        for ground, came_to in rules(receipt):
            self._decisions.labels(
                kind, self._bound_label("ground", ground), self._bound_label("outcome", came_to)
            ).inc()
        for item in receipt.get("items", ()):
            self._items.labels(self._bound_label("verdict", item["outcome"])).inc()

    def count_repeat(self) -> None:
        """An input was there before: it got its recorded receipt, and made nothing."""
        self._repeats.inc()

    def observe_delivery(self, seconds: float) -> None:
        """A delivery lies in its inbox, so long after the message lay in the outbox."""
        self._delivery.observe(max(seconds, 0.0))  # two machines' clocks may differ

    def batch(self, messages: int) -> None:
        """A batch of so many messages is begun."""
        self._batch.observe(messages)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Measures what is done inside: one transaction, from its first write until it is durable or given up."""
        started, result = self._timer(), "failed"
        try:
            yield
            result = "committed"
        finally:
            self._transaction.labels(result).observe(self._timer() - started)

    def count_retry(self, component: str) -> None:
        """Something was tried again because this component (kafka, opa, postgres) did not answer."""
        self._retries.labels(self._bound_label("component", component)).inc()

    def count_poison(self) -> None:
        """A message was put into quarantine because handling it failed too many times."""
        self._poisoned.inc()

    # --- the law

    def observe_decisions(self, seconds: float, *, answered: bool) -> None:
        """The law was asked about a batch, and answered, or failed, after so long."""
        self._policy.labels("answered" if answered else "failed").observe(seconds)

    def policy(self, revision: str) -> None:
        """The policy that answers now."""
        self._info.info({"revision": revision if _REVISION.fullmatch(revision) else OTHER})
        self._show(self._info)

    def register(self, revision: str) -> None:
        """The register file that is gone by now (SHA-256)."""
        self._register.info({"revision": revision if _REVISION.fullmatch(revision) else OTHER})
        self._show(self._register)

    # --- what stands still until it is told anew

    def lag(self, service: str, partitions: Iterable[int]) -> None:
        """How many messages each partition holds that this service has not handled yet."""
        lags, name = list(partitions), self._bound_label("service", service)
        self._lag.labels(name).set(sum(lags))
        self._lag_most.labels(name).set(max(lags, default=0))
        self._show(self._lag, self._lag_most)

    def waiting(self, waiting: Waiting) -> None:
        """What is waited for now."""
        self._set(self._oldest, {(kind,): at for kind, at in waiting.oldest.items()})
        self._set(self._overdue, waiting.overdue)
        self._set(self._escalated, waiting.escalated)
        self._set(self._immediate, {(kind,): late for kind, late in waiting.unopened_immediate.items()})
        self._set(self._unseen, waiting.unseen)

    def set_unfetched(self, oldest: Mapping[str, int]) -> None:
        """Kind of authority -> when its oldest delivery was sent that it has not fetched (seconds since 1970)."""
        self._set(self._unfetched, {(kind,): at for kind, at in oldest.items()})

    def mark_tick(self) -> None:
        """The clocks have been looked at: what was due is told."""
        self._tick.set(self._clock())
        self._show(self._tick)

    def set_skipped(self, records: int) -> None:
        """How many records agents could not take in, and have not since."""
        self._skipped.set(records)
        self._show(self._skipped)

    def set_quarantined(self, depth: int) -> None:
        """How many lines lie in quarantine and have not been run again."""
        self._depth.set(depth)
        self._show(self._depth)

    def unkept(self, lines: int) -> None:
        """So many lines are in quarantine without their bytes: their sender's share of it is full."""
        self._unkept.inc(lines)

    def ledger(self, *, size: int, signed: float, lag: int = 0) -> None:
        """The log's newest checkpoint: its size and when it was signed (seconds since 1970); records not yet in it."""
        self._size.set(size)
        self._signed.set(signed)
        self._ledger_lag.set(lag)
        self._show(self._size, self._signed, self._ledger_lag)

    def set_differences(self, differences: Mapping[str, int]) -> None:
        """Outboxes, records and deliveries have been compared: how many differ, by sort; none of a sort is 0."""
        self._set(self._unreconciled, {(sort,): n for sort, n in differences.items()})
        self._compared.set(self._clock())
        self._show(self._compared)

    # --- shown

    def expose(self, accept: str = "") -> tuple[str, bytes]:
        """Content type and text of all that is known now, in the format that the scraper accepts."""
        encode, content_type = choose_encoder(accept)
        return content_type, encode(self.registry)

    def names(self) -> dict[str, frozenset[str]]:
        """Every name that may be asked for, shown yet or not, with its labels."""
        families = {"samband_dependency_up": frozenset({"dependency"})} | _Upkeep.NAMES
        for metric, names in self._labels.items():
            [family] = metric.describe()
            labels = frozenset(names)
            if family.type == "histogram":
                families |= dict.fromkeys((f"{family.name}_sum", f"{family.name}_count"), labels)
                families[f"{family.name}_bucket"] = labels | {"le"}
            else:
                families[family.name + {"counter": "_total", "info": "_info"}.get(family.type, "")] = labels
        return families

    def watch_upkeep(self, upkeep: Callable[[], Upkeep]) -> None:
        """Show what an operator keeps in trim, as files tell of it when it is asked for."""
        self.registry.register(_Upkeep(upkeep))

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return self._keep(Counter(f"samband_{name}", text, labels, registry=self.registry), labels)

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return self._keep(Histogram(f"samband_{name}", text, labels, buckets=buckets, registry=self.registry), labels)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return self._keep(Gauge(f"samband_{name}", text, labels, registry=None), labels)

    def _keep(self, metric: _Made, labels: tuple[str, ...]) -> _Made:
        self._labels[metric] = labels
        return metric

    def _show(self, *metrics: MetricWrapperBase) -> None:
        for metric in metrics:
            if metric not in self._shown:
                self._shown.add(metric)
                self.registry.register(metric)

    def _set(self, gauge: Gauge, values: Mapping[_Labels, float]) -> None:
        """Put these values in place of all before."""
        bounded: dict[tuple[str, ...], float] = {}
        for labels, value in values.items():
            key = tuple(self._bound_label(*label) for label in zip(self._labels[gauge], labels, strict=True))
            bounded[key] = self._join(gauge, bounded[key], value) if key in bounded else value
        for stale in self._held.get(gauge, set()) - bounded.keys():
            gauge.remove(*stale)
        self._held[gauge] = set(bounded)
        for key, value in bounded.items():
            gauge.labels(*key).set(value)
        self._show(gauge)

    def _join(self, gauge: Gauge, one: float, other: float) -> float:
        """Two values that fall under one label: the older moment, else the sum."""
        return min(one, other) if gauge in self._moments else one + other

    def _bound_label(self, label: str, value: str) -> str:
        """The value, if it may stand in a label."""
        known = _VOCABULARIES.get(label)
        if known is not None:
            return value if value in known else OTHER
        seen = self._seen.setdefault(label, {OTHER, NO_RULE})
        if value not in seen and _OWN_ID.fullmatch(value) and len(seen) < _MOST:
            seen.add(value)
        return value if value in seen else OTHER


class _Upkeep(Collector):
    """The newest backup, whether it agreed, certificates' last moments. What can't be read is long past."""

    NAMES: ClassVar[dict[str, frozenset[str]]] = {
        "samband_backup_timestamp_seconds": frozenset(),
        "samband_backup_agrees": frozenset(),
        "samband_certificate_expiry_timestamp_seconds": frozenset({"certificate"}),
    }

    def __init__(self, upkeep: Callable[[], Upkeep]) -> None:
        self._upkeep = upkeep

    def collect(self) -> Iterator[Metric]:
        """A metric of each that is looked after here."""
        now = self._upkeep()
        backup, agrees, expiry = self.NAMES
        if now.backup is not None:
            yield self._metric(backup, "When the newest backup was made", {None: now.backup})
        if now.agrees is not None:
            yield self._metric(agrees, "Whether the log agreed when a backup was restored on trial", {None: now.agrees})
        if now.certificates:
            yield self._metric(expiry, "When a certificate, of a chain the first, ends", now.certificates)

    def _metric(self, name: str, text: str, values: Mapping[str, float] | Mapping[None, float]) -> Metric:
        metric = Metric(name, text, "gauge")
        for certificate, value in values.items():
            metric.add_sample(name, {} if certificate is None else {"certificate": certificate}, float(value))
        return metric


class _Dependencies(Collector):
    """Each dependency: 1 when it has answered lately, else 0. Read when it is asked for."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        """The one metric."""
        away = self._health.away()
        metric = Metric("samband_dependency_up", "Whether a dependency has answered lately", "gauge")
        for name in self._health.dependencies:
            metric.add_sample("samband_dependency_up", {"dependency": name}, float(name not in away))
        yield metric
