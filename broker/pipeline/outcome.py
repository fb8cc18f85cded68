"""Turns what was decided into all that becomes durable with it: record, deliveries, register rows, quarantine."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from broker.authorities import ANONYMOUS, Register
from broker.model.decision import Decision, Json
from broker.model.unusable import Unusable
from broker.model.vocabulary import AuthorityKind, Outcome
from broker.pipeline import addressing, audit_record, copies, refusal_letter
from broker.pipeline.decode import MAX_BYTES, schema_in
from broker.pipeline.gather import Gathered
from broker.ports.policy import PolicyDecisionPoint
from broker.ports.store import Ledger
from broker.ports.tokens import Tokens
from broker.ports.transport import Input
from broker.ports.writes import Effects, Informed, Moved, Origin

BEGINNING = 16 * 1024
"""Bytes that are kept of what is no message."""


class Recorder:
    """Builds the effects of one input. Writes nothing itself."""

    def __init__(
        self,
        *,
        register: Register,
        engine: PolicyDecisionPoint,
        log: Ledger,
        tokens: Tokens,
    ) -> None:
        self._register = register
        self._engine = engine
        self._log = log
        self._tokens = tokens

    def of_decision(
        self,
        given: Input,
        gathered: Gathered,
        decision: Decision,
        digest: str,
        canonical: bytes,
        *,
        recorded: datetime,
        fetched: bool | None = None,
    ) -> Effects:
        """The effects of a decided message; `digest` is that of its canonical bytes.

        `fetched`: whether the delivery that it recalls has been given out; None when it recalls none.
        """
        forwarded = decision.outcome == Outcome.FORWARD.value
        if (context := addressing.direct(gathered.context, decision)) is not gathered.context:
            gathered = replace(gathered, context=context)
        retention = copies.retention(gathered, decision, self._engine.on(gathered.asked["day"]).retention)
        leaf = audit_record.of_decision(
            gathered,
            decision,
            digest=digest,
            key=self._tokens.key_id,
            schema=schema_in(canonical),
            policy=decision.policy or self._engine.revision,
            recorded=recorded,
            reasons=audit_record.reason_digests(gathered.message, self._tokens),
            fetched=fetched if forwarded else None,
            rests_on=self._rests_on(gathered),
            retention=retention,
        )
        day = gathered.asked["day"]
        law = lambda ref: self._engine.statute(ref, day)  # noqa: E731 - the law as it is worded that day
        enclosed = refusal_letter.enclose(gathered, decision.appeal, law) if forwarded else {}
        inbox = audit_record.deliveries(gathered, decision, leaf, enclosed)
        effects = Effects(
            leaf=leaf,
            digest=self._tokens.digest(given.line),
            source=given.source,
            line=given.number,
            outbox=(gathered.sender.id, str(gathered.message.id), canonical),
            inbox=tuple(inbox),
            redrive_of=given.redrive_of,
        )
        if not forwarded:
            return effects
        written = gathered.message.write(effects, gathered.context, decision)
        if settled := copies.settled(gathered, leaf):
            written = written._replace(settled=settled)
        informed = tuple(_informed_by_delivery(gathered, decision))
        return written._replace(informed=(*written.informed, *informed)) if informed else written

    def of_quarantine(self, given: Input, why: Unusable, recorded: datetime) -> Effects:
        """The effects of an unusable input: kept as it came, except from the public's intake (design, promise 8).

        Of what is no message only the beginning: it could be of any size, and no other try makes it one.
        """
        located = self._register.locate(given.proven) if given.proven else None
        proven = located.authority if located else None
        stated = self._register.find(why.sender) if why.sender else None
        sender = proven if proven and why.sender != ANONYMOUS else stated
        digest = self._tokens.digest(given.line)
        leaf = audit_record.of_quarantine(
            why,
            sender=sender.id if sender else None,
            digest=digest,
            key=self._tokens.key_id,
            recorded=recorded,
        )
        public = any(party and party.kind is AuthorityKind.PUBLIC_INTAKE for party in (sender, proven))
        nameless = public or why.sender == ANONYMOUS
        return Effects(
            leaf=leaf,
            digest=digest,
            source=given.source,
            line=given.number,
            quarantined=b"" if nameless else given.line[: MAX_BYTES if why.is_message else BEGINNING],
            origin=None if nameless else Origin(len(given.line), given.proven, given.now),
            redrive_of=given.redrive_of,
        )

    def _rests_on(self, gathered: Gathered) -> Json:
        """The leaf hashes of the records behind the forms, by their order in the input, and behind its agreements.

        A withdrawn consent's is the withdrawal's.
        """
        asked = {form["order"] for person in gathered.asked["persons"].values() for form in person["consents"]}
        forms = {order: form.record for order, form in gathered.forms.items() if order in asked}
        rests_on: Json = {}
        if forms:
            rests_on["forms"] = {str(order): self._leaf_hash(record) for order, record in sorted(forms.items())}
        if gathered.agreements:
            rests_on["agreements"] = [[self._leaf_hash(record) for record in of_one] for of_one in gathered.agreements]
        return rests_on

    def _leaf_hash(self, record: int) -> str | None:
        """None of what could not be sent on, and was put aside: only what it ended stays ended."""
        try:
            return self._log.record(record)[1]
        except KeyError:
            return None


def with_moved(effects: Effects, moved: Moved) -> Effects:
    """The effects, whose record tells what lies under today's key of tokens from now on."""
    if not (moved := (*moved, *effects.moved)):
        return effects
    return effects._replace(leaf={**effects.leaf, "moved": sorted(map(list, moved))}, moved=moved)


def refusal(gathered: Gathered, decision: Decision | None) -> Unusable:
    """Why a usable message goes to quarantine all the same: the law was not to be asked, or will not decide it."""
    message = gathered.message
    if decision is None or decision.quarantine is None:
        code, detail = "engine_error", "the law could not be asked: redrive it later"
    elif decision.quarantine == "kind_not_allowed":
        code, detail = decision.quarantine, f"kind: this sort of sender may not send {message.kind}"
    else:
        code, detail = decision.quarantine, "recipient.authority: a registration goes to the own authority"
    id_ = None if gathered.sender.id == ANONYMOUS else message.id
    return Unusable(code, detail, message=id_, sender=gathered.sender.id, is_message=True)


def _informed_by_delivery(gathered: Gathered, decision: Decision) -> Iterator[Informed]:
    """Who gets something under a consent is told of its withdrawal."""
    forms = (gathered.forms[order] for order in decision.consents if order in gathered.forms)
    for authority, consent in dict.fromkeys((form.authority, form.consent) for form in forms):
        yield Informed(authority, consent, gathered.way.inbox, str(gathered.message.id), notice=False)
