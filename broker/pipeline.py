"""The path of a message: decode, gather facts, ask the law, write it down, and only then deliver.

Batches make it fast; a batch is one transaction, so record and delivery become durable together or not at all. A batch
ends before a message that refers to one in it, or to what one in it refers to, and after each registration, so that
every decision sees live facts.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from broker import records
from broker.authorities import ANONYMOUS, Authority, Register
from broker.batch import Batch, Waiting, refers_to
from broker.clocks import Times
from broker.decision import Decision, Json
from broker.effects import Recorder
from broker.gather import Gathered, Gatherer, NotYourRequest
from broker.intake import Unusable, decode
from broker.messages import (
    Message,
    Recall,
    Sender,
)
from broker.messages.parts import Assessment
from broker.metrics import UNMEASURED, Metrics
from broker.ports import Codec, Effects, EngineError, Fetched, Input, Marks, PolicyEngine, Store, Tokens
from broker.vocabulary import Role
from broker.watch import Watch

BATCH = 200
"""Messages decided and committed together, at most."""

SKEW = timedelta(minutes=5)
"""How far a live message's time may differ from the broker's clock (contract, "time")."""


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
        metrics: Metrics = UNMEASURED,
    ) -> None:
        self._register = register
        self._engine = engine
        self._store = store
        self._tokens = tokens
        self._fetched = fetched
        self._codec = codec
        self._clock = clock
        self._times = times
        self._metrics = metrics
        self._gatherer = Gatherer(register, store, tokens)
        self._recorder = Recorder(
            register=register,
            engine=engine,
            facts=store,
            tokens=tokens,
            codec=codec,
            clock=clock,
            gatherer=self._gatherer,
        )
        self._known_grounds = frozenset(engine.grounds)

    def run(self, inputs: Iterable[Input], batch: int = BATCH) -> Iterator[Json]:
        """Handle each input; yields one receipt for each, in order, when it is durable."""
        waiting = Batch(batch)
        for given in inputs:
            digest = self._tokens.digest(given.line)
            entry = self._handled(given, digest) or self._decoded(given, digest)
            if isinstance(entry, Message):
                if waiting.holds_any(refers_to(entry)):
                    yield from self._commit(waiting.take())
                entry = self._gathered(given, digest, entry)
                if waiting.holds_concern(entry):
                    yield from self._commit(waiting.take())
            waiting.add(entry)
            if waiting.is_full():
                yield from self._commit(waiting.take())
        yield from self._commit(waiting.take())

    def tick(self, now: datetime) -> int:
        """Time passes without a message: what is due now is told. Gives the number of notices."""
        watch = Watch(self._store, self._times)
        effects = watch.passing(now, self._clock())
        with self._store.transaction():
            self._store.commit(effects, watch.changed())
        for effect in effects:
            self._metrics.recorded(effect.leaf)
        self._metrics.ticked()
        return len(effects)

    def _handled(self, given: Input, digest: str) -> Waiting | None:
        if given.source is None or given.number is None:
            return None
        before = self._store.handled(given.source, given.number)
        return Waiting(given, digest, recorded=before.seq) if before and before.digest == digest else None

    def _decoded(self, given: Input, digest: str) -> Message | Waiting:
        try:
            return decode(given.line, self._codec)
        except Unusable as unusable:
            return Waiting(given, digest, unusable=unusable)

    def _gathered(self, given: Input, digest: str, message: Message) -> Waiting:
        try:
            sender, recipient = self._parties(given, message)
            desk = message.sender
            if _is_anonymous(message):
                sender, message = sender.unnamed(), _unsigned(message)
            canonical = self._codec.write(_as_registered(message, sender, recipient))
            content = self._tokens.digest(canonical)
            before = self._store.taken(sender.id, message.id)
            if before is not None:
                if before.digest != content:
                    raise Unusable("id_reused", "id: taken by another message of this sender: use a new id")
                return Waiting(given, digest, recorded=before.seq)
            gathered = self._gatherer.gather(message, sender, recipient, desk)
            return Waiting(given, content, gathered=gathered, canonical=canonical)
        except NotYourRequest:
            detail = "in_reply_to: names no request that was delivered to this sender, from this recipient, on the same"
            return self._unusable(given, digest, message, Unusable("not_your_request", f"{detail} subject"))
        except Unusable as unusable:
            return self._unusable(given, digest, message, unusable)

    def _unusable(self, given: Input, digest: str, message: Message, why: Unusable) -> Waiting:
        sender = ANONYMOUS if _is_anonymous(message) else given.proven or message.sender.authority
        named = Unusable(why.code, why.detail, message=message.id, sender=sender)
        return Waiting(given, digest, unusable=named)

    def _parties(self, given: Input, message: Message) -> tuple[Authority, Authority]:
        sender = self._find(message.sender.authority, "sender.authority")
        recipient = self._find(message.recipient.authority, "recipient.authority")
        if given.proven is not None and self._register.find(given.proven) != sender:
            raise Unusable("sender_mismatch", "sender.authority: is not the authority that sends")
        if given.now is not None and abs(message.time - given.now) > SKEW:
            raise Unusable("clock_skew", "time: differs more than 5 minutes from the broker's clock")
        for index, party in enumerate(getattr(message.body, "parties", ())):
            self._find(party, f"body.parties.{index}")
        self._areas_are_known(message)
        self._grounds_are_known(message)
        return sender, recipient

    def _find(self, party: str, place: str) -> Authority:
        found = self._register.find(party)
        if found is None:
            raise Unusable("unknown_authority", f"{place}: is not in the register: add it to the file of --register")
        return found

    def _areas_are_known(self, message: Message) -> None:
        areas = [("recipient.area", message.recipient.area)]
        areas += [(f"body.area.{index}", area) for index, area in enumerate(getattr(message.body, "area", ()))]
        for place, area in areas:
            if area is not None and not self._register.has_area(area):
                raise Unusable("unknown_value", f"{place}: is no municipality code and no police region's id")

    def _grounds_are_known(self, message: Message) -> None:
        for index, ground in enumerate(getattr(message.body, "basis", ())):
            if ground not in self._known_grounds:
                raise Unusable("unknown_value", f"body.basis.{index}: is not a ground of the contract")
        for place, assessment in _assessments(message):
            if assessment.ground is not None and assessment.ground not in self._known_grounds:
                raise Unusable("unknown_value", f"{place}.ground: is not a ground of the contract")

    def _commit(self, waiting: list[Waiting]) -> Iterator[Json]:
        """Decide, record and deliver a batch in one transaction; then its receipts."""
        if not waiting:
            return
        self._metrics.batch(len(waiting))
        decided = self._decide([entry for entry in waiting if entry.gathered is not None])
        watch, start = Watch(self._store, self._times), self._store.size()
        effects: list[Effects] = []
        places: list[int | None] = []
        with self._undisturbed(waiting) as marks, self._metrics.transaction(), self._store.transaction():
            for entry in waiting:
                if entry.recorded is not None:
                    places.append(None)
                    continue
                decision = decided.get(id(entry))
                effect = self._effects(entry, decision, marks)
                known = entry.gathered if effect.outbox is not None else None
                if known is not None and decision is not None:
                    effects += watch.passing(known.message.time, self._clock())
                    to_do = watch.take(known, decision, start + len(effects))
                    effect = replace(effect, inbox=tuple(records.with_terms(effect.inbox, to_do)))
                places.append(len(effects))
                effects.append(effect)
            written = self._store.commit(effects, watch.changed())
            for entry in waiting:
                if entry.recorded is not None and entry.given.redrive_of is not None:
                    self._store.redriven(entry.given.redrive_of, entry.recorded)
        for effect in effects:
            self._metrics.recorded(effect.leaf)
        for entry, place in zip(waiting, places, strict=True):
            if place is None:
                assert entry.recorded is not None
                self._metrics.repeated()
                leaf, leaf_hash = self._store.record(entry.recorded)
            else:
                seq, leaf_hash = written[place]
                leaf = {**effects[place].leaf, "seq": seq}
            yield records.receipt(leaf, leaf_hash, entry.given.number)

    def _undisturbed(self, waiting: list[Waiting]) -> AbstractContextManager[Marks | None]:
        """While a recall is decided and committed nothing is given out: what it says of that stays true."""
        recalls = any(entry.gathered and isinstance(entry.gathered.message, Recall) for entry in waiting)
        return self._fetched.alone() if recalls else nullcontext()

    def _effects(self, entry: Waiting, decision: Decision | None, marks: Marks | None) -> Effects:
        given, why = entry.given, entry.unusable
        if entry.gathered is not None:
            why = self._recorder.refusal(entry.gathered, decision)
            if why is None and decision is not None:
                fetched = _fetched(entry.gathered, marks)
                return self._recorder.decided(
                    given, entry.gathered, decision, entry.digest, entry.canonical, fetched=fetched
                )
        assert why is not None
        return self._recorder.quarantined(given, why)

    def _decide(self, entries: list[Waiting]) -> dict[int, Decision | None]:
        """Ask the law once; if that fails each message alone; one that fails alone is not decided (None)."""
        inputs = {str(n): entry.gathered.asked for n, entry in enumerate(entries) if entry.gathered}
        if not inputs:
            return {}
        try:
            answers: dict[str, Decision | None] = dict(self._engine.decide(inputs))
        except EngineError:
            answers = {}
            for key, asked in inputs.items():
                try:
                    answers[key] = self._engine.decide({key: asked}).get(key)
                except EngineError:
                    answers[key] = None
        return {id(entry): answers.get(str(n)) for n, entry in enumerate(entries)}


def _fetched(gathered: Gathered, marks: Marks | None) -> bool | None:
    """Whether what a recall names has been given out; None for every other message."""
    message = gathered.message
    if marks is None or not isinstance(message, Recall):
        return None
    return marks.has(gathered.sender.id, str(message.body.message))


def _is_anonymous(message: Message) -> bool:
    return bool(getattr(message.body, "anonymous", False))


def _unsigned(message: Message) -> Message:
    """The message without anything that could name who sends it: not the desk, not the diarienummer."""
    nobody = Sender(authority=ANONYMOUS, role=Role.INDIVIDUAL)
    return message.model_copy(update={"sender": nobody, "case": None})


def _as_registered(message: Message, sender: Authority, recipient: Authority) -> Message:
    """The message under its parties' registered ids: sent under an alias it is the same message."""
    if (message.sender.authority, message.recipient.authority) == (sender.id, recipient.id):
        return message
    parties = {
        "sender": message.sender.model_copy(update={"authority": sender.id}),
        "recipient": message.recipient.model_copy(update={"authority": recipient.id}),
    }
    return message.model_copy(update=parties)


def _assessments(message: Message) -> Iterator[tuple[str, Assessment]]:
    """Every answer in a message, with its place: of the body, and of each item."""
    for index, given in enumerate(getattr(message.body, "assessments", ())):
        yield f"body.assessments.{index}", given
    for number, item in enumerate(getattr(message.body, "items", ())):
        for index, given in enumerate(item.assessments):
            yield f"body.items.{number}.assessments.{index}", given
