"""The path of a message: decode, gather facts, ask the law, write it down, and only then deliver.

Batches make it fast; a batch is one transaction, so record and delivery become durable together or not at all. A batch
ends before a message that refers to one in it, or to what one in it refers to, and after each registration, so that
every decision sees live facts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from broker import anonymity, own_notices, quota, records
from broker.admission import Admission
from broker.anonymity import is_anonymous, is_nameless, may_be_anonymous, unsigned
from broker.authorities import ANONYMOUS, Authority, Register
from broker.batch import Batch, Waiting, refers_to
from broker.clocks import Times
from broker.decision import Decision, Json, PolicyInput
from broker.effects import Recorder
from broker.facts import persons_in
from broker.gather import Gathered, Gatherer, NotYourRequest
from broker.intake import TOO_LARGE, Unusable, decode
from broker.messages import (
    Message,
    Recall,
)
from broker.metrics import UNMEASURED, Metrics
from broker.own_notices import OwnNotice
from broker.ports import (
    USUAL,
    Codec,
    Effects,
    EngineAway,
    EngineError,
    Fetched,
    Handled,
    Input,
    Marks,
    Matters,
    PolicyEngine,
    QuarantineLimits,
    Store,
    Tokens,
)
from broker.seals import sealed
from broker.topics import BROKER
from broker.watch import NoMatters, Watch

BATCH = 200
"""Messages decided and committed together, at most."""

PURGED = 1000
"""Lines that one record says are purged, at most."""


class Pipeline:
    """Handles inputs in order. The only place where a decision turns into a delivery."""

    def __init__(
        self,
        *,
        register: Register,
        engine: PolicyEngine,
        store: Store,
        tokens: Tokens,
        fetched: Fetched,
        codec: Codec,
        clock: Callable[[], datetime],
        times: Times,
        reacts: bool = True,
        connected: Callable[[str], bool] = lambda _: True,
        metrics: Metrics = UNMEASURED,
        limits: QuarantineLimits = USUAL,
    ) -> None:
        """`reacts`: what follows with time, and what links notifications, happens here too; else agents see to it.

        `connected`: whether an authority has an inbox, where that is not a matter of course.
        """
        self._register = register
        self._engine = engine
        self._store = store
        self._tokens = tokens
        self._fetched = fetched
        self._codec = codec
        self._clock = clock
        self._times = times
        self._reacts = reacts
        self._matters: Matters = store if reacts else NoMatters()
        self._metrics = metrics
        self._limits = limits
        self._gatherer = Gatherer(register, store, tokens)
        self._recorder = Recorder(
            register=register,
            engine=engine,
            facts=store,
            log=store,
            tokens=tokens,
            clock=clock,
            gatherer=self._gatherer,
        )
        self._admission = Admission(register, engine.grounds, connected)

    def run(self, inputs: Iterable[Input], batch: int = BATCH) -> Iterator[Json]:
        """Handle each input; yields one receipt for each, in order, when it is durable.

        Raises EngineAway: nothing of the batch is recorded, and the same inputs may be given again.
        """
        for committed in self.batches(inputs, batch):
            yield from (handled.receipt for handled in committed)

    def batches(self, inputs: Iterable[Input], batch: int = BATCH) -> Iterator[list[Handled]]:
        """Handle each input; yields each batch when it is durable.

        No fact for the next batch is read until the next is asked for. Raises EngineAway as `run`.
        """
        waiting = Batch(batch)
        for given, digest, read in self._read(inputs):
            entry = read
            if isinstance(entry, Message | OwnNotice):
                refers = refers_to(entry) if isinstance(entry, Message) else {UUID(entry.id)}
                if waiting.holds_any(refers) or (isinstance(entry, Message) and waiting.ends_before(entry)):
                    yield self._commit(waiting.take())
                message, entry = entry, self._gathered(given, digest, entry)
                if waiting.holds_concern(entry):
                    yield self._commit(waiting.take())
                    entry = self._gathered(given, digest, message)
            waiting.add(entry)
            if waiting.is_full():
                yield self._commit(waiting.take())
        if rest := waiting.take():
            yield self._commit(rest)

    def _read(self, inputs: Iterable[Input]) -> Iterator[tuple[Input, str, Message | OwnNotice | Waiting]]:
        """Decode inputs: all that are there already at once, so that the store can look up at once what they ask."""
        if not isinstance(inputs, Sequence):
            for given in inputs:
                digest = self._tokens.digest(given.line)
                yield given, digest, self._handled(given, digest) or self._decoded(given, digest)
            return
        found = list(self._read(iter(inputs)))
        messages = [entry for _, _, entry in found if isinstance(entry, Message)]
        persons = (self._gatherer.person(mentioned) for message in messages for mentioned in persons_in(message))
        tokens = {token for person in persons if person for token in person if token}
        self._store.expect([message.id for message in messages], tokens)
        yield from found

    def tick(self, now: datetime) -> int:
        """Time passes without a message: what is due now is told. Gives the number of notices."""
        watch = Watch(self._matters, self._times)
        effects = [sealed(effect, self._tokens) for effect in watch.passing(now, self._clock())]
        with self._store.transaction():
            self._store.commit(effects, watch.changed())
        for effect in effects:
            self._metrics.recorded(effect.leaf)
        self._metrics.ticked()
        return len(effects)

    def purge(self, before: datetime, proven: str | None = None) -> tuple[int, int]:
        """Keep nothing more of lines in quarantine recorded before this, of one proven sender or of all.

        Which they are is recorded; their own records stay. Gives their number and bytes.
        """
        found = self._store.purgeable(records.rfc3339(before), proven)
        rest = iter(found.items())
        while some := dict(islice(rest, PURGED)):
            leaf = records.of_purge(some, before=before, recorded=self._clock())
            effect = sealed(
                Effects(leaf, self._tokens.digest(records.canonical(leaf)), purged=tuple(some)), self._tokens
            )
            with self._store.transaction():
                self._store.commit([effect])
            self._metrics.recorded(effect.leaf)
        return len(found), sum(found.values())

    def _handled(self, given: Input, digest: str) -> Waiting | None:
        if given.source is None or given.number is None:
            return None
        before = self._store.handled(given.source, given.number)
        return Waiting(given, digest, recorded=before.seq) if before and before.digest == digest else None

    def _decoded(self, given: Input, digest: str) -> Message | OwnNotice | Waiting:
        try:
            if given.refused is not None:
                raise Unusable(*given.refused, is_message=given.refused[0] != TOO_LARGE)
            return own_notices.read(given.line) if given.proven == BROKER else decode(given.line, self._codec)
        except Unusable as unusable:
            if given.proven != BROKER and may_be_anonymous(given.line, self._codec):
                return self._nobodys(given, digest, unusable)
            return Waiting(given, digest, unusable=unusable)

    def _gathered(self, given: Input, digest: str, message: Message | OwnNotice) -> Waiting:
        if isinstance(message, OwnNotice):
            return self._told(given, digest, message)
        try:
            sender, recipient = self._admission.parties(given, message)
            desk = message.sender
            if is_anonymous(message):
                sender, message, desk = sender.unnamed(), unsigned(message), anonymity.desk(desk)
            canonical = self._codec.write(_as_registered(message, sender, recipient))
            content = self._tokens.digest(canonical)
            before = self._store.taken(sender.id, message.id)
            if before is not None:
                if before.digest != content:
                    raise Unusable("id_reused", "id: taken by another message of this sender: use a new id")
                return Waiting(given, digest, recorded=before.seq)
            self._admission.in_time(given, message)
            gathered = self._gatherer.gather(message, sender, recipient, desk)
            self._admission.fits(gathered.asked)
            return Waiting(given, content, gathered=gathered, canonical=canonical)
        except NotYourRequest:
            detail = "in_reply_to: names no request that was delivered to this sender, from this recipient, on the same"
            return self._unusable(given, digest, message, Unusable("not_your_request", f"{detail} subject"))
        except Unusable as unusable:
            return self._unusable(given, digest, message, unusable)

    def _told(self, given: Input, digest: str, notice: OwnNotice) -> Waiting:
        """A notice of the broker's own agents: it goes out once, whatever they repeat."""
        before = self._store.taken(BROKER, UUID(notice.id))
        if before is not None and before.digest == digest:
            return Waiting(given, digest, recorded=before.seq)
        if before is not None:
            return Waiting(given, digest, unusable=Unusable("id_reused", "id: taken by another notice"))
        if not self._admission.reaches(notice.authority):
            return Waiting(given, digest, unusable=Unusable("not_connected", "authority: has no inbox"))
        return Waiting(given, digest, notice=notice)

    def _unusable(self, given: Input, digest: str, message: Message, why: Unusable) -> Waiting:
        if is_anonymous(message):
            return self._nobodys(given, digest, why)
        sender = given.proven or message.sender.authority
        named = Unusable(why.code, why.detail, message=message.id, sender=sender, is_message=True)
        return Waiting(given, digest, unusable=named)

    def _nobodys(self, given: Input, digest: str, why: Unusable) -> Waiting:
        """An unusable line that nobody is named for: found again by a place that does not tell where it stood."""
        before = self._store.handled(*place) if (place := self._hidden(given)) else None
        if before is not None and before.digest == digest:
            return Waiting(given, digest, recorded=before.seq)
        return Waiting(given, digest, unusable=Unusable(why.code, why.detail, sender=ANONYMOUS))

    def _hidden(self, given: Input) -> tuple[str, int] | None:
        """A place of its own for one line: its source would tell which others stood beside it, so who sent it."""
        if given.source is None or not self._store.numbered:
            return None
        return self._tokens.token("place", f"{given.source}\0{given.number}"), 0

    def _commit(self, waiting: list[Waiting]) -> list[Handled]:
        """Decide, record and deliver a batch in one transaction; then its receipts."""
        self._metrics.batch(len(waiting))
        decided = self._decide([entry for entry in waiting if entry.gathered is not None])
        watch, start = Watch(self._matters, self._times), self._store.size()
        effects: list[Effects] = []
        places: list[int | None] = []
        with self._undisturbed(waiting) as marks, self._measured(), self._store.transaction():
            for entry in waiting:
                if entry.recorded is not None:
                    places.append(None)
                    continue
                decision = decided.get(id(entry))
                effect = self._effects(entry, decision, marks)
                if is_nameless(effect.leaf) and (hidden := self._hidden(entry.given)):
                    effect = replace(effect, source=hidden[0], line=hidden[1])
                known = entry.gathered if effect.outbox is not None else None
                if known is not None and decision is not None:
                    if self._reacts:
                        effects += watch.passing(known.message.time, self._clock())
                    to_do = watch.take(effect.leaf, start + len(effects))
                    effect = replace(effect, inbox=tuple(records.with_terms(effect.inbox, to_do)))
                places.append(len(effects))
                effects += [effect, *self._reactions(effect)]
            kept, over = quota.within(effects, self._limits, self._store, self._clock())
            effects = [sealed(effect, self._tokens) for effect in kept]
            written = self._store.commit(effects, watch.changed() if self._reacts else ())
            for entry in waiting:
                if entry.recorded is not None and entry.given.redrive_of is not None:
                    self._store.redriven(entry.given.redrive_of, entry.recorded)
        self._metrics.unkept(over)
        for effect in effects:
            self._metrics.recorded(effect.leaf)
        committed: list[Handled] = []
        for entry, place in zip(waiting, places, strict=True):
            if place is None:
                self._metrics.repeated()
            number = entry.recorded if place is None else written[place][0]
            assert number is not None
            leaf, leaf_hash = self._store.record(number) if place is None else (effects[place].leaf, written[place][1])
            seq = number if self._store.numbered else None
            committed.append(Handled(entry.given, leaf, records.receipt(leaf, leaf_hash, seq, entry.given.number)))
        return committed

    def _reactions(self, effect: Effects) -> Iterator[Effects]:
        """What is told at once because a message came, where that is told here."""
        notice = own_notices.of_concerns(effect.leaf, self._store.earlier) if self._reacts else None
        if notice is not None:
            yield own_notices.effects(notice, self._clock())

    def _measured(self) -> AbstractContextManager[None]:
        """Where records are sent on, the transaction that sends them is what is measured."""
        return self._metrics.transaction() if self._store.numbered else nullcontext()

    def _undisturbed(self, waiting: list[Waiting]) -> AbstractContextManager[Marks | None]:
        """While a recall is decided and committed nothing is given out: what it says of that stays true."""
        recalls = any(entry.gathered and isinstance(entry.gathered.message, Recall) for entry in waiting)
        return self._fetched.alone() if recalls else nullcontext()

    def _effects(self, entry: Waiting, decision: Decision | None, marks: Marks | None) -> Effects:
        given, why = entry.given, entry.unusable
        if entry.notice is not None:
            told = own_notices.effects(entry.notice, self._clock(), entry.digest)
            outbox = (BROKER, entry.notice.id, b"")
            return replace(told, source=given.source, line=given.number, outbox=outbox)
        if entry.gathered is not None:
            why = self._recorder.refusal(entry.gathered, decision)
            if why is None and decision is not None:
                fetched = _fetched(entry.gathered, marks)
                return self._recorder.decided(
                    given, entry.gathered, decision, entry.digest, entry.canonical, fetched=fetched
                )
        assert why is not None
        return self._recorder.quarantined(given, why)

    def _decide(self, entries: list[Waiting]) -> Mapping[int, Decision | None]:
        """Ask the law once; if that fails each message alone; one that fails alone is not decided (None).

        Raises EngineAway, before anything of the batch is recorded: asking each alone would only take longer.
        """
        inputs = {str(n): entry.gathered.asked for n, entry in enumerate(entries) if entry.gathered}
        if not inputs:
            return {}
        answers = self._answers(inputs)
        if answers is None:
            alone = {key: self._answers({key: asked}) or {} for key, asked in inputs.items()}
            answers = {key: answer[key] for key, answer in alone.items() if key in answer}
        return {id(entry): answers.get(str(n)) for n, entry in enumerate(entries)}

    def _answers(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision] | None:
        """The law's answers, or None when it can't decide this question. Raises EngineAway."""
        try:
            return self._engine.decide(inputs)
        except EngineAway:
            raise
        except EngineError:
            return None


def _fetched(gathered: Gathered, marks: Marks | None) -> bool | None:
    """Whether what a recall names has been given out; None for every other message."""
    message = gathered.message
    if marks is None or not isinstance(message, Recall):
        return None
    return marks.has(gathered.sender.id, str(message.body.message))


def _as_registered(message: Message, sender: Authority, recipient: Authority) -> Message:
    """The message under its parties' registered ids: sent under an alias it is the same message."""
    if (message.sender.authority, message.recipient.authority) == (sender.id, recipient.id):
        return message
    parties = {
        "sender": message.sender.model_copy(update={"authority": sender.id}),
        "recipient": message.recipient.model_copy(update={"authority": recipient.id}),
    }
    return message.model_copy(update=parties)
