"""Turns what was decided into all that becomes durable with it: record, deliveries, register rows, quarantine."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from broker.authorities import ANONYMOUS, Register
from broker.facts.cooperation import agreement_facts, consent_facts
from broker.facts.gather import Gathered, Gatherer
from broker.kinds import (
    Clarification,
    ConcernDecision,
    ConsentGiven,
    ConsentWithdrawn,
    CooperationAgreement,
    InformationRequest,
    Message,
)
from broker.model.canonical import canonical
from broker.model.days import as_number, microseconds
from broker.model.decision import Decision, Json
from broker.model.rejected import Unusable
from broker.model.vocabulary import AuthorityKind, Outcome
from broker.pipeline import audit_record, refusal_letter
from broker.pipeline.decode import MAX_BYTES, schema_in
from broker.ports.policy import PolicyDecisionPoint
from broker.ports.store import Facts, Ledger
from broker.ports.tokens import Tokens
from broker.ports.transport import Input
from broker.ports.writes import (
    AgreementRow,
    Amendment,
    Answerable,
    ConsentRow,
    Effects,
    InboxLine,
    Origin,
    Told,
    Withdrawal,
)

_REQUEST = InformationRequest.__name__

BEGINNING = 16 * 1024
"""Bytes that are kept of what is no message."""


class Recorder:
    """Builds the effects of one input. Writes nothing itself."""

    def __init__(
        self,
        *,
        register: Register,
        engine: PolicyDecisionPoint,
        facts: Facts,
        log: Ledger,
        tokens: Tokens,
        clock: Callable[[], datetime],
        gatherer: Gatherer,
    ) -> None:
        self._register = register
        self._engine = engine
        self._facts = facts
        self._log = log
        self._tokens = tokens
        self._clock = clock
        self._gatherer = gatherer

    def decided(
        self,
        given: Input,
        gathered: Gathered,
        decision: Decision,
        digest: str,
        canonical: bytes,
        *,
        fetched: bool | None = None,
    ) -> Effects:
        """The effects of a decided message; `digest` is that of its canonical bytes.

        `fetched`: whether the delivery that it recalls has been given out; None when it recalls none.
        """
        forwarded = decision.outcome == Outcome.FORWARD.value
        leaf = audit_record.of_decision(
            gathered,
            decision,
            digest=digest,
            key=self._tokens.key_id,
            schema=schema_in(canonical),
            policy=self._engine.revision,
            recorded=self._clock(),
            reasons=audit_record.reason_digests(gathered.message, self._tokens),
            fetched=fetched if forwarded else None,
            rests_on=self._rests_on(gathered),
        )
        day = gathered.asked["day"]
        law = lambda ref: self._engine.statute(ref, day)  # noqa: E731 - the law as it is worded that day
        enclosed = refusal_letter.enclosed(gathered, decision.appeal, law) if forwarded else {}
        inbox = audit_record.deliveries(gathered, decision, leaf, enclosed)
        if not forwarded:
            return self._of(given, leaf, gathered, canonical, inbox)
        told = (*self._told(gathered, decision), *_told_by_delivery(gathered, decision))
        return self._of(
            given,
            leaf,
            gathered,
            canonical,
            [*inbox, *self._notices(gathered, told)],
            answerable=_answerable(gathered),
            answered=_answered(gathered, decision),
            amendment=_amendment(gathered, fetched=fetched),
            consent=self._consent(gathered),
            withdrawn=self._withdrawn(gathered),
            told=told,
            recalled=_recalled(gathered),
            agreement=self._agreement(gathered),
        )

    def _of(
        self,
        given: Input,
        leaf: Json,
        gathered: Gathered,
        canonical: bytes,
        inbox: list[InboxLine],
        *,
        answerable: tuple[str, Answerable] | None = None,
        answered: tuple[str, str, Mapping[str, str]] | None = None,
        amendment: Amendment | None = None,
        consent: ConsentRow | None = None,
        withdrawn: Withdrawal | None = None,
        told: tuple[Told, ...] = (),
        recalled: tuple[str, str] | None = None,
        agreement: AgreementRow | None = None,
    ) -> Effects:
        return Effects(
            leaf=leaf,
            digest=self._tokens.digest(given.line),
            source=given.source,
            line=given.number,
            outbox=(gathered.sender.id, str(gathered.message.id), canonical),
            inbox=tuple(inbox),
            answerable=answerable,
            answered=answered,
            amendment=amendment,
            consent=consent,
            withdrawn=withdrawn,
            told=told,
            recalled=recalled,
            agreement=agreement,
            redrive_of=given.redrive_of,
        )

    def quarantined(self, given: Input, why: Unusable) -> Effects:
        """The effects of an unusable input: kept as it came, except from the public's intake (design, promise 8).

        Of what is no message only the beginning: it could be of any size, and no other try makes it one.
        """
        proven = self._register.find(given.proven) if given.proven else None
        stated = self._register.find(why.sender) if why.sender else None
        sender = proven if proven and why.sender != ANONYMOUS else stated
        digest = self._tokens.digest(given.line)
        leaf = audit_record.of_quarantine(
            why,
            sender=sender.id if sender else None,
            digest=digest,
            key=self._tokens.key_id,
            recorded=self._clock(),
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
        told: Json = {}
        if forms:
            told["forms"] = {str(order): self._leaf_hash(record) for order, record in sorted(forms.items())}
        if gathered.agreements:
            told["agreements"] = [[self._leaf_hash(record) for record in of_one] for of_one in gathered.agreements]
        return told

    def _leaf_hash(self, record: int) -> str | None:
        """None of what could not be sent on, and was put aside: only what it ended stays ended."""
        try:
            return self._log.record(record)[1]
        except KeyError:
            return None

    def _consent(self, gathered: Gathered) -> ConsentRow | None:
        message, sender = gathered.message, gathered.sender.id
        if not isinstance(message, ConsentGiven):
            return None
        consent, *earlier = self._gatherer.consent_tokens(sender, message.body.consent)
        person = self._gatherer.person(message.body.subject)
        return ConsentRow(
            authority=sender,
            consent=consent,
            earlier=tuple(earlier),
            subject=person.token if person else None,
            number=person.number if person else None,
            facts=consent_facts(self._register, message),
            message=str(message.id),
            time=microseconds(message.time),
        )

    def _withdrawn(self, gathered: Gathered) -> Withdrawal | None:
        message, sender = gathered.message, gathered.sender.id
        if not isinstance(message, ConsentWithdrawn):
            return None
        tokens = self._gatherer.withdrawn_tokens(sender, message.body.consent)
        return Withdrawal(sender, tokens, message.body.by, microseconds(message.time))

    def _told(self, gathered: Gathered, decision: Decision) -> Iterator[Told]:
        """Parties of a consent that has every signature are told of it, and from then on of its withdrawal."""
        message, sender = gathered.message, gathered.sender.id
        if isinstance(message, ConsentGiven) and decision.tells:
            consent, *_ = self._gatherer.consent_tokens(sender, message.body.consent)
            found = {party.id for name in message.body.parties if (party := self._register.find(name))}
            for party_id in sorted(found - {sender}):
                yield Told(sender, consent, party_id, str(message.id), notice=True)

    def _notices(self, gathered: Gathered, told: Iterable[Told]) -> Iterator[InboxLine]:
        """What parties hear of a consent: that it is there, or that it is withdrawn."""
        message, sender = gathered.message, gathered.sender.id
        if isinstance(message, ConsentGiven):
            content = audit_record.consent_registered(message, sender)
            yield from (audit_record.notice_line(party.party, message, content) for party in told)
        if isinstance(message, ConsentWithdrawn):
            tokens = self._gatherer.withdrawn_tokens(sender, message.body.consent)
            before = self._facts.own_consent(sender, tokens)
            known = sorted(self._facts.told(sender, tokens), key=lambda one: (one.party, not one.notice, one.message))
            if before is None or before.withdrawn or before.time > microseconds(message.time):
                return
            for name, same in groupby(known, key=attrgetter("party")):
                if (found := self._register.find(name)) is not None:
                    content = audit_record.consent_withdrawn(message, sender, before.facts, list(same))
                    yield audit_record.notice_line(found.id, message, content)

    def _agreement(self, gathered: Gathered) -> AgreementRow | None:
        message: Message = gathered.message
        if not isinstance(message, CooperationAgreement):
            return None
        same = {**message.body.model_dump(mode="json"), "parties": self._register.in_law(message.body.parties)}
        for name in ("purposes", "area"):
            same[name] = sorted(set(same[name]))
        agreement, *earlier = self._gatherer.agreement_tokens(message.body.agreement)
        return AgreementRow(
            party=gathered.sender.in_law,
            agreement=agreement,
            earlier=tuple(earlier),
            body=self._tokens.digest(canonical(same)),
            facts=agreement_facts(self._register, message),
            registrant=gathered.sender.id,
            time=microseconds(message.time),
        )


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


def _told_by_delivery(gathered: Gathered, decision: Decision) -> Iterator[Told]:
    """Who gets something under a consent is told of its withdrawal."""
    forms = (gathered.forms[order] for order in decision.consents if order in gathered.forms)
    for authority, consent in dict.fromkeys((form.authority, form.consent) for form in forms):
        yield Told(authority, consent, gathered.recipient.id, str(gathered.message.id), notice=False)


def _recalled(gathered: Gathered) -> tuple[str, str] | None:
    """Sender and id of the message that a recall takes back."""
    recalled = gathered.message.earlier().get("recalls")
    return (gathered.sender.id, str(recalled)) if recalled else None


def _answerable(gathered: Gathered) -> tuple[str, Answerable] | None:
    """The message as others refer to it: a request, a question back, a notification, an order, a referral, a start."""
    message, about, reply = gathered.message, gathered.about, gathered.reply
    if isinstance(message, Clarification):
        asked = reply is not None and (reply.kind, reply.recipient) == (_REQUEST, gathered.sender.id)
        if reply is None or not asked:
            return None
        about = reply.about
    elif not message.can_be_answered():
        return None
    purpose: str | None = None
    categories: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    if isinstance(message, InformationRequest):
        purpose = message.body.purpose.value
        basis = message.body.basis
        categories = tuple(category.value for category in dict.fromkeys(message.body.categories))
    parties = gathered.sender.id, gathered.recipient.id
    return str(message.id), Answerable(message.kind, *parties, about, purpose, categories, basis=basis)


def _answered(gathered: Gathered, decision: Decision) -> tuple[str, str, Mapping[str, str]] | None:
    """What has come so far of the request that the message answers, or of the notification that it decides on."""
    message, reply = gathered.message, gathered.reply
    if isinstance(message, ConcernDecision) and reply is not None:
        body = message.body
        decided = {"status": body.status.value, "decided_on": str(as_number(body.decided_on))}
        return reply.sender, str(message.in_reply_to), decided
    so_far = audit_record.answers(gathered, decision)
    return (gathered.recipient.id, str(gathered.message.in_reply_to), so_far) if so_far else None


def _amendment(gathered: Gathered, *, fetched: bool | None) -> Amendment | None:
    """What a recall or a correction writes on the sender's earlier delivery."""
    id_, sender = str(gathered.message.id), gathered.sender.id
    match gathered.message.earlier():
        case {"recalls": earlier}:
            return Amendment(sender, str(earlier), {"recalled": id_}, empties=fetched is False)
        case {"replaces": earlier}:
            return Amendment(sender, str(earlier), {"replaced": id_})
    return None
