"""The worker: outboxes in, and in one Kafka transaction the records, the deliveries and the positions out.

The pipeline decides a batch and writes it down in PostgreSQL; then the transaction sends it, records first. What a
crash leaves between the two is at the same position again when the worker is back: the stored decision is sent then,
and nothing is decided anew. Whatever server is away, nothing moves, and the same is tried again.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event
from time import monotonic
from traceback import extract_tb

from broker import cloudevents, topics
from broker.authorities import ANONYMOUS
from broker.cloudevents import Trace
from broker.log import places
from broker.log.recency import StoreOutdated, fault
from broker.model.canonical import compact
from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.pipeline.decode import TOO_LARGE, stated_id
from broker.pipeline.pipeline import Pipeline
from broker.ports.faults import Away
from broker.ports.health import KAFKA, LAW, POSTGRES
from broker.ports.telemetry import UNMEASURED, Metrics
from broker.ports.tokens import Tokens
from broker.ports.tracing import UNTRACED, Stage, Tracing
from broker.ports.transport import (
    Again,
    Attempt,
    Consumed,
    Handled,
    Input,
    Outgoing,
    Positions,
    Produced,
    RecordRefused,
    Streams,
)
from broker.ports.writes import DELIVERY, REDELIVERY, InboxLine

BATCH = 4000
"""Messages that are decided and sent together, at most: a transaction costs Kafka by the topics that it touches."""

FEWEST = 10
"""And at least, however slow a server is."""

ROUND = 2.0
"""Seconds in which as many are taken as can be sent on in them: what comes behind them waits no longer than that."""

PATIENCE = 5.0
"""Seconds between two tries, at most, while a server is away."""

_POISON = ("poison", "could not be handled, after several tries: send it in another form")
_TOO_LARGE = (TOO_LARGE, "with what is decided of it, larger than the cluster takes: send it in several messages")
_LOG = logging.getLogger("samband.worker")

Randomness = Callable[[int], bytes]


@dataclass
class Worker:
    """One of several workers over all outboxes; an outbox is read by one of them."""

    pipeline: Pipeline
    positions: Positions
    streams: Streams
    tokens: Tokens
    fresh: Randomness
    clock: Callable[[], datetime]
    message_time: bool = False
    """Take each message's own time for the clock: only to compare runtimes, never in production."""
    reached: Callable[[str], None] = lambda _: None
    """Told of each point that has been reached: where a test ends the process."""
    metrics: Metrics = UNMEASURED
    tracing: Tracing = UNTRACED
    look: Callable[[], None] = lambda: None
    """Called whenever the work comes round, also while it waits: may tell how things stand. Raises Away as `run`."""
    follow: Callable[[], object] = lambda: None
    """Called before what was taken is decided: takes in what holds for it by now. Raises Away as `run`."""
    _most: int = BATCH // 4
    """Messages taken at once: more while they lie there and are soon sent on, fewer while a server does not keep up."""
    _parked: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    """Places of messages that can't be sent on, and the code and detail with which each is put aside."""
    _begun: set[str] = field(default_factory=set)
    """Outboxes where the next work is a first try, which is counted."""

    def run(self, stopping: Event) -> None:
        """Work until told to stop. Raises Away when PostgreSQL is: a new connection is needed; waits for others.

        Raises StoreOutdated: nothing may be decided then.
        """
        delay = 0.1
        while not stopping.is_set():
            taken: Sequence[Consumed] = ()
            self.look()
            try:
                taken = self.streams.poll(self._most)
                self._settle()
                if taken:
                    self.reached("after_poll")
                    self.follow()
                    begun = monotonic()
                    self._work(taken)
                    self._most = most_next(self._most, len(taken), monotonic() - begun)
                else:
                    self.positions.rest()
                delay = 0.1
            except Away as away:
                if away.component == POSTGRES:
                    raise
                self._waits(away)
                self._most = max(self._most // 2, FEWEST) if away.component == LAW else self._most
                self._again({consumed.topic for consumed in taken}, stopping, delay, blameless=True)
                delay = min(2 * delay, PATIENCE)
            except StoreOutdated:
                raise
            except RecordRefused as refused:
                _LOG.warning("a message can't be sent on (%s): it is put aside", refused)
                self._again({consumed.topic for consumed in taken}, stopping, delay, blameless=False)
            except Exception as error:  # its text can hold values
                place = extract_tb(error.__traceback__)[-1]
                what = (type(error).__name__, place.name, place.lineno)
                _LOG.error("fault in samband itself (%s in %s, line %s), tried again", *what)
                self._again({consumed.topic for consumed in taken}, stopping, delay, blameless=False)
                delay = min(2 * delay, PATIENCE)
        self.positions.rest()

    def _again(self, outboxes: set[str], stopping: Event, delay: float, *, blameless: bool) -> None:
        self.positions.undo()
        self.tracing.forget()
        stopping.wait(delay)
        if blameless:
            self.positions.forget_attempts(outboxes)
        self._begun |= outboxes
        while not stopping.is_set():
            try:
                return self.streams.rewind(outboxes)
            except Away as away:
                self._waits(away)
                self.look()
                stopping.wait(PATIENCE)

    def _waits(self, away: Away) -> None:
        _LOG.warning("waiting: %s", away)
        self.metrics.count_retry(away.component)

    def _settle(self) -> None:
        """What was sent from outboxes that have just become ours is known by how far they have been read.

        Raises StoreOutdated where nothing is known of one: its first message can be no repeat.
        """
        if assigned := self.streams.assignment():
            self._begun |= set(assigned)
            read = {topic: offset for topic, offset in assigned.items() if offset > 0}
            outboxes = {self._source(topic): offset for topic, offset in read.items() if topics.sender(topic)}
            if unseen := self.positions.never_seen(outboxes):
                raise fault(f"of {unseen} outboxes that have been read it has handled nothing")
            self.positions.settle({self._source(topic): offset for topic, offset in read.items()})

    def _work(self, taken: Sequence[Consumed]) -> None:
        """Handle what was taken; where earlier tries did not come through, one message after the other."""
        by_topic: dict[str, list[Consumed]] = {}
        for consumed in taken:
            by_topic.setdefault(consumed.topic, []).append(consumed)
        first = {
            topic: (records[0].offset, records[-1].offset)
            for topic, records in by_topic.items()
            if topic in self._begun
        }
        tries = self.positions.attempt(first) if first else {}
        careful = [topic for topic, attempt in tries.items() if attempt.tries >= Attempt.CAREFUL]
        self._handle([consumed for consumed in taken if consumed.topic not in careful])
        for topic in careful:
            attempt = tries[topic]
            for n, consumed in enumerate(by_topic[topic]):
                if n:
                    attempt = self.positions.attempt({topic: (consumed.offset, attempt.until)})[topic]
                self._handle([consumed], poison=attempt.tries > Attempt.POISON, tries=attempt.tries)
        if first:
            self.positions.forget_attempts(first)
            self._begun -= first.keys()

    def _handle(self, taken: Sequence[Consumed], *, poison: bool = False, tries: int = 1) -> None:
        if not taken:
            return
        for consumed in () if poison else taken:
            self.reached(f"{consumed.topic}/{consumed.offset}")
        came: dict[tuple[str | None, int | None], _Came] = {}
        inputs, aside = [], []
        for consumed in taken:
            trace, refused = self._headers(consumed)
            parked = self._parked.get((consumed.topic, consumed.offset)) or (_POISON if poison else None)
            given = self._input(consumed, parked or refused, trace)
            inputs.append(given)
            aside += [given] if parked else []
            came[(given.source, given.number)] = _Came(consumed, trace, tries)
        self.positions.foresee(inputs)
        for given in aside:
            self.positions.discard(given)
        for handled in self.pipeline.batches(inputs, BATCH):
            self.reached("after_decide")
            self._send([(one, came[(one.given.source, one.given.number)]) for one in handled])
            self.look()
        for consumed in taken if aside else ():
            self._parked.pop((consumed.topic, consumed.offset), None)
        for _ in aside:
            self.metrics.count_poison()

    def _headers(self, consumed: Consumed) -> tuple[Trace, tuple[str, str] | None]:
        """The next step of a message's trace; and code and detail where its headers refuse it."""
        try:
            return cloudevents.read(consumed.headers).go_on(self.fresh), None
        except cloudevents.BadHeaders as bad:
            return cloudevents.start(self.fresh), (bad.code, bad.detail)

    def _input(self, consumed: Consumed, refused: tuple[str, str] | None, trace: Trace) -> Input:
        return Input(
            consumed.value,
            number=consumed.offset,
            source=self._source(consumed.topic),
            proven=topics.sender(consumed.first[0]),
            now=None if self.message_time else consumed.came,
            refused=refused,
            trace=trace,
        )

    def _source(self, topic: str) -> str:
        """An outbox as it stands beside records: its name would tell who sent an anonymous tip."""
        source = self.tokens.token("source", topic)
        self.positions.know_source(source, self.tokens.older("source", topic))
        return source

    def _send(self, handled: Sequence[tuple[Handled, "_Came"]]) -> None:
        records: list[Produced] = []
        others: list[Produced] = []
        numbers: dict[int, int | None] = {}
        deliveries: dict[int, int] = {}
        redelivered: list[Again] = []
        sent: list[datetime] = []
        for one, came in handled:
            out = self.positions.outgoing(one.given)
            if out is not None and out.published:
                continue
            written = _Written(one, came, out, self.tokens, self.streams.has_inbox, self.fresh)
            records += written.record()
            for produced, line in written.lines():
                if line is not None and out is not None and line.type == DELIVERY:
                    deliveries[out.number] = len(others)
                    sent.append(came.consumed.appended)
                if line is not None and out is not None and line.type == REDELIVERY:
                    redelivered.append(Again(out.number, line, len(others), _is_lost(one.leaf)))
                others.append(produced)
            if out is not None:
                numbers[out.number] = None
        positions = {came.consumed.topic: came.consumed.offset + 1 for _, came in handled}
        try:
            stage = self.tracing.stage(Stage.FORWARD, *(one.given for one, _ in handled))
            with stage, self.metrics.transaction():
                offsets = self.streams.commit(records, others, positions)
        except RecordRefused as refused:
            self._park([came.consumed for _, came in handled], refused)
            raise
        now = self.clock()
        for appended in sent:
            self.metrics.observe_delivery((now - appended).total_seconds())
        self.reached("before_mark")
        numbers |= {number: offsets[place] for number, place in deliveries.items()}
        self.positions.mark_published(numbers, [one._replace(offset=offsets[one.offset]) for one in redelivered])
        self.tracing.end(one for one, _ in handled)

    def _park(self, sent: Sequence[Consumed], refused: RecordRefused) -> None:
        """Where it is plain which message is at fault, it is put aside at its next try; else each is tried alone."""
        if len(sent) > 1:
            return
        place = (sent[0].topic, sent[0].offset)
        if place in self._parked:  # not even what is left of it can be sent: that is no fault of its
            raise Away(KAFKA, str(refused)) from None
        self._parked[place] = _TOO_LARGE if refused.too_large else _POISON


def most_next(most: int, taken: int, seconds: float) -> int:
    """How many may be taken at once, where so many were and took so long."""
    if seconds > 2 * ROUND:
        return max(taken // 2, FEWEST)
    return min(2 * most, BATCH) if taken >= most and seconds < ROUND else most


@dataclass(frozen=True)
class _Came:
    """One message as it came: its trace from here on, and which try this is."""

    consumed: Consumed
    trace: Trace
    tries: int


@dataclass
class _Written:
    """One handled input as records on topics."""

    handled: Handled
    came: _Came
    out: Outgoing | None
    tokens: Tokens
    connected: Callable[[str], bool]
    fresh: Randomness

    def __post_init__(self) -> None:
        given = self.handled.given
        assert given.source is not None and given.number is not None
        place = (given.source, given.number)
        self.own = cloudevents.position(*place)
        """Where the message lay, as its sender may see it."""
        self.leaf_hash = self.handled.receipt["audit"]["leaf"]
        sender = (self.handled.leaf.get("sender") or {}).get("authority")
        unkept = self.out is not None and self.out.quarantined == b""  # of nobody: anonymous, and no message
        self.nameless = sender == ANONYMOUS or (sender is None and unkept)
        self.position = cloudevents.position(*places.hide(self.tokens, place)) if self.nameless else self.own
        """The same as others may: where nobody is named, it leads to nothing else of the same sender's."""
        self.answered = given.proven not in (None, topics.BROKER)
        self.trace = cloudevents.start(self.fresh) if self.nameless else self.came.trace

    def record(self) -> Iterator[Produced]:
        """The audit record; a repeat makes none."""
        if self.out is None:
            return
        headers = cloudevents.of_record(
            record=self.handled.leaf["record"],
            leaf=self.leaf_hash,
            recorded=self.handled.leaf["recorded"],
            position=self.position,
            trace=self.trace,
        )
        yield Produced(topics.AUDIT, self.out.record, headers)

    def lines(self) -> Iterator[tuple[Produced, InboxLine | None]]:
        """Deliveries, receipts and notices; and what is put in quarantine."""
        if self.out is None:
            if self.handled.given.proven != topics.BROKER:
                yield self._line(self._bare() if self.nameless else self._receipt()), None
            return
        for line in self.out.inbox:
            if not self.connected(line.authority):  # a party of a consent, which never had anything through here
                continue
            sent = self._receipt() if line.type == "receipt" else line
            yield self._line(sent), line
        if self.out.quarantined is None:
            return
        yield self._to_quarantine(self.out.quarantined), None
        if self.answered:
            yield self._line(self._unlink() if self.nameless else self._receipt()), None

    def _receipt(self) -> InboxLine:
        receipt = {name: value for name, value in self.handled.receipt.items() if name != "line"}
        authority = self.handled.given.proven
        assert authority is not None
        return InboxLine(authority, "receipt", authority, receipt["message"], {"type": "receipt", "receipt": receipt})

    def _bare(self) -> InboxLine:
        """Of an anonymous message sent twice: that it was handled, and nothing that leads to its record."""
        authority = self.handled.given.proven
        assert authority is not None
        return InboxLine(authority, "receipt", None, self.own, {"type": "receipt", "receipt": None})

    def _unlink(self) -> InboxLine:
        """Of a line that could not be used and may be anonymous: what is wrong with it, and no way to its record."""
        authority = self.handled.given.proven
        assert authority is not None
        receipt = {name: value for name, value in self.handled.receipt.items() if name != "line"}
        stated = stated_id(self.handled.given.line)
        receipt |= {"message": str(stated) if stated else None, "audit": None}
        return InboxLine(authority, "receipt", None, self.own, {"type": "receipt", "receipt": receipt})

    def _line(self, line: InboxLine) -> Produced:
        own = (
            line.type == "receipt"
        )  # what its sender gets, and nobody else; of what names nobody not the record's time
        headers = cloudevents.of_line(
            type_=line.content["type"],
            about=line.message or self.leaf_hash,
            recorded=rfc3339(self.came.consumed.came) if own and self.nameless else self.handled.leaf["recorded"],
            position=self.own if own else self.position,
            trace=self.came.trace if own else self.trace,
            repeat=self.out is None,
        )
        return Produced(topics.inbox(line.authority), compact(line.content), headers)

    def _to_quarantine(self, content: bytes) -> Produced:
        error, consumed = self.handled.receipt["error"], self.came.consumed
        place = cloudevents.Place(*consumed.first, rfc3339(consumed.came), len(consumed.value))
        headers = cloudevents.of_quarantined(
            leaf=self.leaf_hash,
            code=error["code"],
            detail=error["detail"],
            attempts=self.came.tries,
            place=None if self.nameless else place,
            trace=self.trace,
        )
        return Produced(topics.QUARANTINE, content, headers)


def _is_lost(leaf: Json) -> bool:
    """Whether a record gives out again what its recipient could not read before it was gone."""
    return bool(leaf.get("redelivered", {}).get("lost"))
