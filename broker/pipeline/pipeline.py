"""The path of a message: decode, gather facts, ask the law, write it down, and only then deliver.

Batches make it fast; a batch is one transaction, so record and delivery become durable together or not at all. Within
it messages are decided step by step and wave by wave: an answer after what it answers, and after a consent that is
written what may rest on it, so that every decision sees live facts (`batch`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from broker.authorities import Register
from broker.kinds import Message
from broker.kinds.codec import Codec
from broker.log import places
from broker.model.canonical import canonical
from broker.model.days import rfc3339, swedish_day
from broker.model.decision import Decision, Json, PolicyInput
from broker.model.unusable import Unusable
from broker.pipeline import anonymity, audit_record, copies, erasure, notices, quota, redelivery, seals
from broker.pipeline.anonymity import is_anonymous, may_be_anonymous, remove_signature
from broker.pipeline.batch import (
    Announced,
    Batch,
    Entry,
    Ordered,
    Prepared,
    Read,
    Rejected,
    Repeat,
    Taken,
    Waves,
    events_of,
    is_nobodys,
    nameless,
    repeat_of,
)
from broker.pipeline.decode import TOO_LARGE, decode
from broker.pipeline.erasure import Hold
from broker.pipeline.gather import Gathered, Gatherer, NotYourRequest
from broker.pipeline.moves import Moves
from broker.pipeline.notices import ErasureOrder, HandoverOrder, HoldOrder, Order, OwnNotice, RedeliveryOrder
from broker.pipeline.outcome import Recorder, refusal, with_moved
from broker.pipeline.overlay import Overlay
from broker.pipeline.reactions import Reactions
from broker.pipeline.seals import seal
from broker.pipeline.validate import Admission, as_registered
from broker.ports.policy import EngineAway, EngineError, PolicyDecisionPoint
from broker.ports.quarantine_limits import USUAL, QuarantineLimits
from broker.ports.store import Fetched, Marks, Store, Wanted
from broker.ports.telemetry import UNMEASURED, Metrics
from broker.ports.tokens import Tokens
from broker.ports.tracing import UNTRACED, Stage, Tracing
from broker.ports.transport import Handled, Input
from broker.ports.writes import Effects, Moved, Origin
from broker.topics import BROKER

BATCH = 200
"""Messages decided and committed together, at most."""

_NOTHING: Json = {"classes": [], "records": []}
"""Erased where nothing was due."""

PURGED = 1000
"""Lines that one record says are purged, at most."""


class Pipeline:
    """Handles inputs in order. The only place where a decision turns into a delivery."""

    def __init__(
        self,
        *,
        register: Register,
        engine: PolicyDecisionPoint,
        store: Store,
        tokens: Tokens,
        fetched: Fetched,
        codec: Codec,
        clock: Callable[[], datetime],
        reactions: Reactions,
        connected: Callable[[str], bool] = lambda _: True,
        metrics: Metrics = UNMEASURED,
        tracing: Tracing = UNTRACED,
        limits: QuarantineLimits = USUAL,
    ) -> None:
        """`reactions`: what follows with time, and what links notifications, or that others see to it.

        `connected`: whether an authority has an inbox, where that is not a matter of course.
        """
        self._register = register
        self._engine = engine
        self._store = store
        self._tokens = tokens
        self._fetched = fetched
        self._codec = codec
        self._clock = clock
        self._reactions = reactions
        self._metrics = metrics
        self._tracing = tracing
        self._limits = limits
        self._overlay = Overlay(store)
        self._gatherer = Gatherer(register, self._overlay, tokens)
        self._moves = Moves(store, self._gatherer.registers)
        self._recorder = Recorder(
            register=register,
            engine=engine,
            log=store,
            tokens=tokens,
        )
        self._admission = Admission(register, lambda day: engine.on(day).grounds, connected)

    def run(self, inputs: Iterable[Input], batch: int = BATCH) -> Iterator[Json]:
        """Handle each input; yields one receipt for each, in order, when it is durable.

        Raises EngineAway: nothing of the batch is recorded, and the same inputs may be given again.
        """
        for committed in self.batches(inputs, batch):
            self._tracing.end(committed)
            yield from (handled.receipt for handled in committed)

    def batches(self, inputs: Iterable[Input], batch: int = BATCH) -> Iterator[list[Handled]]:
        """Handle each input; yields each batch when it is durable.

        No fact for the next batch is read until the next is asked for. Raises EngineAway as `run`.
        """
        open_batch = Batch(batch)
        for read in self._read(inputs):
            if not open_batch.fits(read[2]):
                yield self._commit(open_batch.take())
            open_batch.add(read)
            if open_batch.is_full():
                yield self._commit(open_batch.take())
        if open_batch:
            yield self._commit(open_batch.take())

    def _read(self, inputs: Iterable[Input]) -> Iterator[Read]:
        """Decode inputs."""
        for given in inputs:
            with self._tracing.stage(Stage.DECODE, given):
                digest = self._tokens.digest(given.line)
                read = self._repeat(given, digest) or self._decode(given, digest)
            yield given, digest, read

    def _foresee(self, reads: Iterable[Read]) -> None:
        """The store looks up at once what these messages ask."""
        messages = [read for _, _, read in reads if isinstance(read, Message)]
        persons = (self._gatherer.registers.person(named) for message in messages for named in message.persons())
        tokens = {token for person in persons if person for token in person if token}
        self._store.expect([message.id for message in messages], tokens)
        self._moves.foresee(messages)

    def tick(self, now: datetime) -> int:
        """Time passes without a message: what is due now is told. Gives the number of notices."""
        watch = self._reactions.begin(self._store.earlier)
        effects = [self._seal(effect) for effect in watch.passing(now, self._clock())]
        with self._store.transaction():
            self._store.commit(effects, watch.changed_matters())
        for effect in effects:
            self._metrics.count_record(effect.leaf)
        self._metrics.mark_tick()
        return len(effects)

    def purge(self, before: datetime, proven: str | None = None) -> tuple[int, int]:
        """Keep nothing more of lines in quarantine recorded before this, of one proven sender or of all.

        Which they are is recorded; their own records stay. Gives their number and bytes.
        """
        purgeable = self._store.purgeable(rfc3339(before), proven)
        rest = iter(purgeable.items())
        while some := dict(islice(rest, PURGED)):
            effect = self._seal(self._purging(some, before, self._clock()))
            with self._store.transaction():
                self._store.commit([effect])
            self._metrics.count_record(effect.leaf)
        return len(purgeable), sum(purgeable.values())

    def _purging(self, some: Mapping[int, int], before: datetime, recorded: datetime) -> Effects:
        """Named by their places in the log, or where it runs apart by the hashes of their leaves."""
        named = [n if self._store.seq(n) is not None else self._store.record(n)[1] for n in some]
        leaf = audit_record.of_purge(named, sum(some.values()), before=before, recorded=recorded)
        return Effects(leaf, self._tokens.digest(canonical(leaf)), purged=tuple(some))

    def hand_over(self, order: HandoverOrder) -> None:
        """Record that the log's key is handed over, by itself: what comes after it is signed by the next."""
        with self._store.transaction():
            self._record_own(self._order_effects(order, self._clock()))

    def erase(self, day: date) -> list[Json]:
        """Keep nothing more of what was due before this day; what each record says of it. Raises TooEarly."""
        told: list[Json] = []
        while True:
            with self._store.transaction():
                effect = erasure.erase(self._store, self._engine.retention, day, self._clock())
                if effect is None:
                    return told
                self._record_own(effect)
            told.append(effect.leaf["erased"])

    def hold(self, wanted: Hold) -> Json:
        """Let nothing of what these messages said be erased, or let it again; what the record says of it."""
        with self._store.transaction():
            effect = erasure.hold(self._store, wanted, self._clock())
            self._record_own(effect)
        told: Json = effect.leaf["held"]
        return told

    def _record_own(self, effect: Effects) -> None:
        self._store.commit([self._seal(effect)._replace(digest=self._tokens.digest(canonical(effect.leaf)))])
        self._metrics.count_record(effect.leaf)

    def is_as_kept(self, given: Input) -> bool:
        """Whether a line that is to be run again is what its record says was kept, and came as it says."""
        leaf, _ = self._store.record(-1 if given.redrive_of is None else given.redrive_of)
        return seals.is_as_kept(self._tokens, leaf, given.line, Origin(len(given.line), given.proven, given.now))

    def redeliver(self, wanted: Wanted) -> list[Json]:
        """Give deliveries of an inbox out again, and record it; what each record says of them."""
        told: list[Json] = []
        rest: Wanted | None = wanted
        while rest is not None:
            with self._store.transaction():
                effect = self._seal(redelivery.carry_out(rest, self._store, self._clock()))
                effect = effect._replace(digest=self._tokens.digest(canonical(effect.leaf)))
                self._store.commit([effect])
            self._metrics.count_record(effect.leaf)
            told.append(effect.leaf["redelivered"])
            rest = redelivery.rest(rest, told[-1])
        return told

    def _repeat(self, given: Input, digest: str) -> Repeat | None:
        if given.source is None or given.number is None:
            return None
        before = self._store.recorded_line(given.source, given.number)
        return repeat_of(given, before, digest, self._tokens)

    def _decode(self, given: Input, digest: str) -> Message | OwnNotice | Entry:
        try:
            if given.refused is not None:
                raise Unusable(*given.refused, is_message=given.refused[0] != TOO_LARGE)
            if given.proven == BROKER:
                own = notices.read(given.line)
                return own if isinstance(own, OwnNotice) else self._order(given, digest, own)
            message = decode(given.line, self._codec)
            return (self._again(given, digest) if is_anonymous(message) else None) or message
        except Unusable as unusable:
            if given.proven != BROKER and may_be_anonymous(given.line, self._codec):
                return self._again(given, digest) or Rejected(given, nameless(unusable))
            return Rejected(given, unusable)

    def _order(self, given: Input, digest: str, order: Order) -> Entry:
        if isinstance(order, RedeliveryOrder) and not self._admission.has_inbox(order.wanted.inbox):
            return Rejected(given, Unusable("not_connected", "inbox: nobody has this address"))
        if isinstance(order, HandoverOrder) and (before := self._store.recorded_message(BROKER, order.id)) is not None:
            return Repeat(given, before.seq)
        return Ordered(given, digest, order)

    def _prepare(self, given: Input, digest: str, message: Message | OwnNotice) -> Entry:
        if isinstance(message, OwnNotice):
            return self._announce(given, digest, message)
        moved: Moved = ()
        try:
            sender, recipient = self._admission.parties(given, message)
            origin, handed_in = message.sender, None
            if is_anonymous(message):
                handed_in = self._gatherer.registers.intake_token(sender, message.id)
                sender, message, origin = sender.nameless(), remove_signature(message), anonymity.origin(origin)
            canonical = self._codec.write(as_registered(message, sender, recipient))
            content = self._tokens.digest(canonical)
            before = self._store.recorded_message(sender.id, message.id)
            if before is not None:
                if before.digest not in self._tokens.digests(canonical):
                    raise Unusable("id_reused", "id: taken by another message of this sender: use a new id")
                return Repeat(given, before.seq)
            self._admission.in_time(given, message)
            moved = self._moves.of(message)
            gathered = self._gatherer.gather(message, sender, recipient, origin, handed_in)
            self._admission.delivers(recipient, gathered.way.inbox, gathered.way.unit)
            self._admission.can_open(message, gathered.way.inbox)
            self._admission.hands_over(message.hands_to(gathered.context))
            self._admission.fits(gathered.asked)
            return Prepared(given, content, gathered, canonical, moved)
        except NotYourRequest:
            detail = "in_reply_to: names no request that was delivered to this sender, from this recipient, on the same"
            return self._reject(given, digest, message, Unusable("not_your_request", f"{detail} subject"), moved)
        except Unusable as unusable:
            return self._reject(given, digest, message, unusable, moved)

    def _announce(self, given: Input, digest: str, notice: OwnNotice) -> Entry:
        """A notice of the broker's own agents: it goes out once, whatever they repeat."""
        before = self._store.recorded_message(BROKER, UUID(notice.id))
        if before is not None:
            taken = Unusable("id_reused", "id: taken by another notice")
            return repeat_of(given, before, digest, self._tokens) or Rejected(given, taken)
        if not self._admission.reaches(notice.authority, notice.unit):
            return Rejected(given, Unusable("not_connected", "authority: has no inbox"))
        return Announced(given, digest, notice)

    def _reject(self, given: Input, digest: str, message: Message, why: Unusable, moved: Moved = ()) -> Entry:
        if is_anonymous(message):
            return self._again(given, digest) or Rejected(given, nameless(why), moved)
        sender = given.proven or message.sender.authority
        named = Unusable(why.code, why.detail, message=message.id, sender=sender, is_message=True)
        return Rejected(given, named, moved)

    def _again(self, given: Input, digest: str) -> Repeat | None:
        """A line that nobody is named for, handled before: found by a place that does not tell where it stood."""
        if given.source is None or given.number is None:
            return None
        hidden = places.hidden(self._tokens, (given.source, given.number))
        before = (self._store.recorded_line(*place) for place in hidden)
        return next((one for line in before if (one := repeat_of(given, line, digest, self._tokens))), None)

    def _hidden_place(self, given: Input) -> places.Place | None:
        if given.source is None or given.number is None:
            return None
        return places.hide(self._tokens, (given.source, given.number))

    def _commit(self, batch: Taken) -> list[Handled]:
        """Decide a batch step by step, record and deliver it in one transaction; then its receipts."""
        self._metrics.batch(len(batch.reads))
        recorded, is_nobodys = self._clock(), batch.is_nobodys(batch.steps[0])
        watch, start = self._reactions.begin(self._overlay.earlier), self._store.size()
        entries: dict[int, Entry] = {}
        effects: list[Effects] = []
        effect_of: dict[int, int] = {}
        """Where the effects of each entry stand; a repeat has none."""
        written: list[tuple[int, str]] = []
        unkept = 0
        with self._hold_deliveries(batch) as marks, self._store.deciding(), ExitStack() as transaction:
            for waves in batch.steps:
                if batch.is_nobodys(waves) != is_nobodys:  # one time would tie them to their neighbours
                    recorded, is_nobodys = self._clock(), not is_nobodys
                of_step, decided = self._decide_in_waves(batch.reads, waves, recorded, marks)
                with self._tracing.stage(Stage.RECORD, *(entry.given for entry in of_step.values())):
                    if not entries:
                        transaction.enter_context(self._store.transaction(self._metrics.transaction))
                    entries |= of_step
                    fresh: list[Effects] = []
                    watch.foresee((events := events_of(entries, decided)).values())
                    for n, own in sorted(decided.items()):
                        entry, effect = entries[n], own
                        self._overlay.look(n)
                        watch.move(effect.leaf)
                        if isinstance(entry, Prepared) and n in events:
                            fresh += watch.passing(entry.gathered.message.time, recorded)
                            if to_do := watch.take(events[n]._replace(position=start + len(effects) + len(fresh))):
                                effect = effect._replace(inbox=tuple(audit_record.with_terms(effect.inbox, to_do)))
                        effect_of[n] = len(effects) + len(fresh)
                        fresh += [effect, *watch.link(effect.leaf, recorded)]
                    kept, over = quota.within(fresh, self._limits, self._store, recorded)
                    fresh = [self._seal(effect) for effect in kept]
                    is_last = waves is batch.steps[-1]
                    written += self._store.commit(fresh, watch.changed_matters() if is_last else ())
                    effects += fresh
                    unkept += over
                    for entry in of_step.values():
                        if isinstance(entry, Repeat) and entry.given.redrive_of is not None:
                            self._store.redriven(entry.given.redrive_of, entry.record)
                    if is_last:
                        transaction.close()
        self._metrics.unkept(unkept)
        for effect in effects:
            self._metrics.count_record(effect.leaf)
        committed: list[Handled] = []
        for n, entry in sorted(entries.items()):
            if isinstance(entry, Repeat):
                self._metrics.count_repeat()
                number, (leaf, leaf_hash) = entry.record, self._store.record(entry.record)
            else:
                (number, leaf_hash), leaf = written[effect_of[n]], effects[effect_of[n]].leaf
            seq = self._store.seq(number)
            committed.append(Handled(entry.given, leaf, audit_record.receipt(leaf, leaf_hash, seq, entry.given.number)))
        return committed

    def _decide_in_waves(
        self, reads: Sequence[Read], waves: Waves, recorded: datetime, marks: Marks | None
    ) -> tuple[Mapping[int, Entry], Mapping[int, Effects]]:
        """What each input of a step is, and its effects, by place; a repeat has none. Raises EngineAway.

        Each wave is one question to the law, and sees what was decided in those before.
        """
        entries: dict[int, Entry] = {}
        decided: dict[int, Effects] = {}
        self._foresee(reads[n] for wave in waves for n in wave)
        self._overlay.begin()
        for wave in waves:
            for n in wave:
                given, digest, read = reads[n]
                self._overlay.look(n)
                with self._tracing.stage(Stage.FACTS, given):
                    entries[n] = read if isinstance(read, Entry) else self._prepare(given, digest, read)
            with self._tracing.stage(Stage.LAW, *(reads[n][0] for n in wave)):
                decisions = self._decide({n: entries[n] for n in wave})
            for n in wave:
                entry = entries[n]
                if isinstance(entry, Repeat):
                    continue
                self._overlay.look(n)
                effect = self._effects(entry, decisions.get(n), marks, recorded)
                if is_nobodys(entry) and (hidden := self._hidden_place(entry.given)):
                    effect = effect._replace(source=hidden[0], line=hidden[1])
                if isinstance(entry, Prepared | Rejected):
                    effect = with_moved(effect, entry.moved)
                decided[n] = effect
                self._overlay.add(n, effect)
        return entries, decided

    def _seal(self, effect: Effects) -> Effects:
        """All that it makes told in its record; and until when each copy of it is kept."""
        sealed = seal(effect, self._tokens, self._register.address)
        kept = tuple(copies.of(sealed, self._engine.retention))
        return sealed._replace(copies=kept) if kept else sealed

    def _hold_deliveries(self, batch: Taken) -> AbstractContextManager[Marks | None]:
        """While a recall is decided and committed nothing is given out: what it says of that stays true."""
        recalls = any(isinstance(read, Message) and "recalls" in read.earlier() for _, _, read in batch.reads)
        return self._fetched.alone() if recalls else nullcontext()

    def _effects(
        self,
        entry: Rejected | Announced | Ordered | Prepared,
        decision: Decision | None,
        marks: Marks | None,
        recorded: datetime,
    ) -> Effects:
        match entry:
            case Rejected(given, why):
                return self._recorder.of_quarantine(given, why, recorded)
            case Announced(given, digest, notice):
                announced = notices.effects(notice, recorded, digest)
                return announced._replace(source=given.source, line=given.number, outbox=(BROKER, notice.id, b""))
            case Ordered(given, digest, order):
                carried = self._order_effects(order, recorded)._replace(
                    digest=digest, source=given.source, line=given.number
                )
                if isinstance(order, HandoverOrder):
                    return carried._replace(outbox=(BROKER, str(order.id), b""))
                return carried
            case Prepared(given, digest, gathered, canonical):
                if decision is None or decision.quarantine is not None:
                    return self._recorder.of_quarantine(given, refusal(gathered, decision), recorded)
                fetched = _is_fetched(gathered, marks)
                of_input = (given, gathered, decision, digest, canonical)
                return self._recorder.of_decision(*of_input, recorded=recorded, fetched=fetched)

    def _order_effects(self, order: Order, recorded: datetime) -> Effects:
        if isinstance(order, RedeliveryOrder):
            return redelivery.carry_out(order.wanted, self._store, recorded)
        if isinstance(order, HandoverOrder):
            return Effects(audit_record.of_handover(order.content, recorded), "")
        if isinstance(order, ErasureOrder):
            day = min(order.day, swedish_day(recorded))
            nothing = Effects(audit_record.of_erasure({**_NOTHING, "day": day.isoformat()}, recorded), "")
            return _ordered(erasure.erase(self._store, self._engine.retention, day, recorded) or nothing, order.order)
        if isinstance(order, HoldOrder):
            return _ordered(erasure.hold(self._store, order.hold, recorded), order.order)
        some = dict(islice(self._store.purgeable(rfc3339(order.before)).items(), PURGED))
        return self._purging(some, order.before, recorded)

    def _decide(self, entries: Mapping[int, Entry]) -> Mapping[int, Decision | None]:
        """Ask the law once; if that fails each message alone; one that fails alone is not decided (None).

        Gives what it answered of each message by its place in the batch. Raises EngineAway, before anything of the
        batch is recorded: asking each alone would only take longer.
        """
        inputs = {str(n): entry.gathered.asked for n, entry in entries.items() if isinstance(entry, Prepared)}
        if not inputs:
            return {}
        answers = self._answers(inputs)
        if answers is None:
            alone = {key: self._answers({key: asked}) or {} for key, asked in inputs.items()}
            answers = {key: answer[key] for key, answer in alone.items() if key in answer}
        return {int(key): answers.get(key) for key in inputs}

    def _answers(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision] | None:
        """The law's answers, or None when it can't decide this question. Raises EngineAway."""
        try:
            return self._engine.decide(inputs)
        except EngineAway:
            raise
        except EngineError:
            return None


def _ordered(effect: Effects, order: str) -> Effects:
    """The effects of an order, whose record whoever gave it finds by its name."""
    return effect._replace(leaf={**effect.leaf, "order": order})


def _is_fetched(gathered: Gathered, marks: Marks | None) -> bool | None:
    """Whether what a recall names has been given out; None for every other message."""
    recalled = gathered.message.earlier().get("recalls")
    return marks.has(gathered.sender.id, str(recalled)) if marks and recalled else None
