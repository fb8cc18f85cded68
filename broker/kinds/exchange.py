"""Kinds of an exchange on request: request, question back, interim answer, disclosure, refusal, recall."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from broker.facts import parts
from broker.facts.registers import Context, RestsOn
from broker.kinds.message import Message, wherever
from broker.model.days import ASK_FIRST, Deadline, WhenTold, rfc3339, swedish_day
from broker.model.decision import Decision, ItemFacts, Json, LulNoticeFacts, PolicyInput
from broker.model.envelope import MessageId
from broker.model.parts import (
    MAX_ITEMS,
    MAX_LIST,
    AboutSomeone,
    Basis,
    BodyAssessments,
    Circumstances,
    Item,
    LongText,
    Note,
    Offence,
    Part,
    Reference,
    Secrecy,
    ShortText,
    Subject,
    Views,
    has_words,
)
from broker.model.references import parse
from broker.model.vocabulary import Category, Deprivation, MediationAnswer, Purpose, RefusalReason, Urgency
from broker.ports.store import Agreed
from broker.ports.writes import GIVEN, Amendment, Answerable, Effects, merge_answers

Categories = Annotated[tuple[Category, ...], Field(min_length=1, max_length=MAX_LIST, fail_fast=True)]

_REQUEST = "InformationRequest"


CONDITIONS_SENT = "conditions_sent"
"""A warning to the sender: only some items went out, and the words of `conditions` with them."""


class MayBeTold(Part):
    """Who may be told that this is asked: yes, ask_first, or a day before which not. It decides nothing."""

    child: WhenTold = ASK_FIRST
    """The child."""
    guardian: WhenTold = ASK_FIRST
    """A guardian of the child's."""
    party: WhenTold = ASK_FIRST
    """Another party of the answerer's own case."""


class InformationRequestBody(AboutSomeone):
    """What is asked for (begäran)."""

    purpose: Purpose
    """What the information is for."""
    need: Annotated[Note, Field(min_length=1)]
    """Why it is needed, without personal data: a person's number in it waits for a human, names are not found."""
    categories: Categories
    """Kinds of information asked for."""
    period: ShortText | None = None
    """The time that the information concerns, for example 2026-01/2026-03."""
    urgency: Urgency = Urgency.ROUTINE
    """How soon an answer is needed."""
    deadline: Deadline | None = None
    """Last time for an answer, or null; a day alone counts until its end in Sweden."""
    basis: Basis = ()
    """Grounds that the asker claims; empty: any ground may carry."""
    secrecy: Secrecy = ()
    """Provisions that make the request itself secret at the asker's (for example OSL 18:1); the answerer sees them."""
    may_be_told: MayBeTold = MayBeTold()
    """Who may be told of the request, as the asker sees it: shown to the answerer, binds nothing in the decision."""


class InformationRequest(Message):
    """A request for information on demand (begäran om uppgifter)."""

    kind: Literal["InformationRequest"]
    """The message's kind."""
    body: InformationRequestBody
    """What is asked for."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"urgency": self.body.urgency, "personal_data": self.holds_a_number()}

    def as_items(self, context: Context) -> dict[str, ItemFacts]:
        """Each category that it asks for."""
        persons = context.people.concerned_keys(self.subjects())
        return {
            str(index): parts.asked_category(category, self.body.purpose, persons)
            for index, category in enumerate(self.body.categories)
        }

    def beside(self) -> Json:
        """What is secret of it, and who may be told."""
        body = self.body
        secrecy: Json = {"secrecy": list(body.secrecy)} if body.secrecy else {}
        may_be_told = {"may_be_told": body.may_be_told.model_dump()} if body.may_be_told != MayBeTold() else {}
        return secrecy | may_be_told

    def times(self) -> Json:
        """The asker's own deadline."""
        return {} if self.body.deadline is None else {"deadline": rfc3339(self.body.deadline)}

    def can_be_answered(self) -> bool:
        """Always."""
        return True

    def answerable(self, context: Context) -> Answerable | None:
        """With its purpose, its categories and the grounds that it claims."""
        plain, body = super().answerable(context), self.body
        categories = tuple(category.value for category in dict.fromkeys(body.categories))
        return plain and replace(plain, purpose=body.purpose.value, categories=categories, basis=body.basis)


class Words(Message):
    """A message that is words alone."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"personal_data": self.holds_a_number()}


class ClarificationBody(Part):
    """A question back, or the answer to one."""

    text: Note
    """The question, or the answer."""


class Clarification(Words):
    """A question back (begäran om förtydligande), at which the clock pauses; or the asker's answer, and it goes on."""

    REPLIES_TO = frozenset({"InformationRequest", "Clarification"})

    kind: Literal["Clarification"]
    """The message's kind."""
    body: ClarificationBody
    """The question, or the answer."""

    def correlate(self, other: UUID, context: Context) -> Answerable | None:
        """Or the asker's own request, of which it tells more."""
        request = super().correlate(other, context)
        if request is not None:
            return request
        own = context.facts.sent_message(context.sender.id, other)
        return own if own is not None and (own.recipient, own.kind) == (context.recipient.id, _REQUEST) else None

    def answerable(self, context: Context) -> Answerable | None:
        """A question back, on the one whom the request is about."""
        reply = context.reply
        if reply is None or (reply.kind, reply.recipient) != (_REQUEST, context.sender.id):
            return None
        return Answerable(self.kind, context.sender.id, context.recipient.id, reply.about)


class InterimBody(Part):
    """An answer that the answer will come later."""

    text: Note
    """What is said meanwhile."""
    expected: Deadline | None = None
    """When the answer is expected."""


class Interim(Words):
    """An interim answer (delsvar om handläggningen)."""

    kind: Literal["Interim"]
    """The message's kind."""
    body: InterimBody
    """What is said meanwhile."""

    def times(self) -> Json:
        """When the answer comes."""
        return {} if self.body.expected is None else {"expected": rfc3339(self.body.expected)}


class LulNotice(Part):
    """What a notice of a young suspect to the social board must tell (underrättelse om ung misstänkt)."""

    mediation_asked: bool | None = None
    """Has the suspect been asked to take part in mediation (medling)? Null: not stated."""
    mediation_answer: MediationAnswer | None = None
    """The suspect's answer; null: not stated."""
    deprived_of_liberty: Deprivation | None = None
    """Whether the suspect is apprehended, arrested or detained; null: not stated."""
    why: Note = ""
    """The reasons for the deprivation of liberty; only in the delivered message."""

    def facts(self) -> LulNoticeFacts:
        """What it tells, without its words."""
        return {
            "mediation_asked": self.mediation_asked,
            "mediation_answer": self.mediation_answer,
            "deprived_of_liberty": self.deprived_of_liberty,
            "why": has_words(self.why),
        }


class DisclosureBody(AboutSomeone):
    """Information that is given, item by item (utlämnande)."""

    items: Annotated[tuple[Item, ...], Field(min_length=1, max_length=MAX_ITEMS, fail_fast=True)]
    """What is given."""
    purpose: Purpose | None = None
    """What it is for; null on request: the request's."""
    offence: Offence | None = None
    """The offence that it bears on; null: the sender states that no committed offence is in it."""
    circumstances: Circumstances = ()
    """Facts that the sender states."""
    assessments: BodyAssessments = ()
    """Answers to weighing tests that hold for each item."""
    basis: Basis = ()
    """Grounds that the sender claims; empty: any ground may carry."""
    conditions: LongText = ""
    """Wishes about onward use: between authorities they bind nobody (no förbehåll)."""
    replaces: MessageId | None = None
    """The message that this corrects."""
    views: Views | None = None
    """Whether the child and its guardians were asked."""
    lul_notice: LulNotice | None = None
    """What a notice under the ground `lul_6` must tell; null: not stated. Of no weight under other grounds."""


class WithItems(Message):
    """A message that gives information item by item."""

    if TYPE_CHECKING:  # declared by each kind itself: fields stand in the order of their classes
        body: DisclosureBody

    def persons(self) -> list[Subject]:
        """And those whom only an item concerns."""
        return [*self.subjects(), *(person for item in self.body.items for person in item.concerns or ())]

    def earlier(self) -> Mapping[str, UUID]:
        """What it corrects."""
        return {"replaces": self.body.replaces} if self.body.replaces else {}

    def refers_to_own(self, context: Context) -> bool | None:
        """What it corrects is the sender's own, to the same recipient."""
        return context.is_delivered_here(self.body.replaces) if self.body.replaces else None

    def asks_for_concerns(self) -> bool:
        """Where it tells of an inquiry."""
        return any(item.category is Category.INQUIRY_OPENED for item in self.body.items)

    def as_items(self, context: Context) -> dict[str, ItemFacts]:
        """Each item, with the request's purpose where it was asked for."""
        body, reply = self.body, context.reply
        own_purpose = body.purpose or (reply.purpose if reply else None)
        items: dict[str, ItemFacts] = {}
        for index, item in enumerate(body.items):
            on_request = reply is not None and item.category in reply.categories
            items[str(index)] = {
                "category": item.category,
                "purpose": reply.purpose if reply and on_request else own_purpose,
                "on_request": on_request,
                "secrecy": [parse(reference) for reference in dict.fromkeys(item.secrecy)],
                "answers": parts.answers(body.assessments, item.assessments),
                "persons": context.people.concerned_keys(item.concerns or self.subjects()),
            }
        return items

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """Add the items, the offence and the forms about those concerned."""
        body, people = self.body, context.people
        asked["offence"] = parts.offence(body.offence, body.subject, swedish_day(self.time))
        asked["offence_dated"] = body.offence is not None and body.offence.date is not None
        asked["subject"] = people.concerned_keys([body.subject])[0] if body.subject else None
        asked["request_basis"] = list(context.reply.basis) if context.reply else []
        asked["lul_notice"] = body.lul_notice.facts() if body.lul_notice else None
        asked["items"] = self.as_items(context)
        asked["persons"] = people.table
        asked["notified"] = self._notified_persons(context)
        forms = context.add_forms(asked)
        return RestsOn(forms, self.agreements(asked, context))

    def agreements(self, asked: PolicyInput, context: Context) -> list[Agreed]:
        """The agreements that the consents among its facts belong to."""
        programmes = {form["programme"] for person in asked["persons"].values() for form in person["consents"]}
        return [one for one in context.agreements() if one.facts["programme"] in programmes] if programmes else []

    def _notified_persons(self, context: Context) -> list[str]:
        """Keys of the persons of whom the recipient has notified the sender by name; looked up where a rule asks."""
        if not self.asks_for_concerns():
            return []
        notified = []
        for key, person in context.people.tokens.items():
            earlier = context.facts.earlier(context.sender.id, person.token)
            own = (UUID(message) for notifier, message in earlier if notifier == context.recipient.id)
            if any(
                context.registers.sender_address(context.recipient.id, message) == context.way.inbox for message in own
            ):
                notified.append(key)
        return notified

    def answers(self, reply: Answerable, decision: Decision) -> dict[str, str]:
        """With what is released of it now."""
        return _so_far(reply, dict.fromkeys(self._released_categories(decision), GIVEN))

    def open_categories(self, reply: Answerable, decision: Decision) -> list[str]:
        """Of this answer alone."""
        released = self._released_categories(decision)
        return [category for category in reply.categories if category not in released]

    def is_in_part(self, decision: Decision) -> bool:
        """Whether some of its items go out and others do not."""
        return 0 < len(decision.released) < len(self.body.items)

    def warnings(self, decision: Decision) -> list[str]:
        """The words of `conditions` go with the items that go out, and may be about the others."""
        return [CONDITIONS_SENT] if self.body.conditions and self.is_in_part(decision) else []

    def _released_categories(self, decision: Decision) -> set[str]:
        return {item.category.value for index, item in enumerate(self.body.items) if index in decision.released}

    def write(self, effects: Effects, context: Context, decision: Decision) -> Effects:
        """And what it corrects is noted there."""
        corrected = self.body.replaces
        effects = super().write(effects, context, decision)
        if corrected is None:
            return effects
        note = Amendment(context.sender.id, str(corrected), {"replaced": str(self.id)})
        return wherever(effects, corrected, context)._replace(amendment=note)


class Disclosure(WithItems):
    """A disclosure, on request or on own initiative (utlämnande av uppgifter)."""

    kind: Literal["Disclosure"]
    """The message's kind."""
    body: DisclosureBody
    """What is given."""


class RefusalBody(Part):
    """What is not given, and why (avslag)."""

    categories: Categories
    """Kinds of information that the refusal covers."""
    reason: RefusalReason
    """Withheld, not held, or cannot say."""
    ref: Reference | None = None
    """What it rests on, if withheld: what exempts (secrecy, tystnadsplikt), or a ground's paragraph."""
    assessments: BodyAssessments = ()
    """The weighing behind it: of a ground's paragraph, against release."""
    text: Note = ""
    """Text of the decision."""


class Refusal(Message):
    """A refusal of a request (beslut att inte lämna ut)."""

    kind: Literal["Refusal"]
    """The message's kind."""
    body: RefusalBody
    """What is not given, and why."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {
            "reason": self.body.reason,
            "ref": parse(self.body.ref) if self.body.ref else None,
            "categories": list(self.body.categories),
            "personal_data": self.holds_a_number(),
        }

    def as_items(self, context: Context) -> dict[str, ItemFacts]:
        """Each category that it covers, with the provision that it rests on as the secrecy that applies."""
        body, reply = self.body, context.reply
        return {
            str(index): {
                "category": category,
                "purpose": reply.purpose if reply else None,
                "on_request": True,
                "secrecy": [parse(body.ref)] if body.ref else [],
                "answers": parts.answers(body.assessments, ()),
                "persons": list(parts.SOMEONE),
            }
            for index, category in enumerate(body.categories)
        }

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """Each category concerns the same person, of whom nothing is known."""
        rests_on = super().add_facts(asked, context)
        asked["persons"] = dict(parts.SOMEONE)
        return rests_on

    def answers(self, reply: Answerable, decision: Decision) -> dict[str, str]:
        """With its reason for each category that it covers."""
        return _so_far(reply, {category.value: self.body.reason.value for category in self.body.categories})

    def open_categories(self, reply: Answerable, decision: Decision) -> list[str]:
        """Those that no answer to the request, this one or an earlier, has touched yet."""
        touched = self.answers(reply, decision)
        return [category for category in reply.categories if category not in touched]


class RecallBody(Part):
    """Which message is taken back."""

    message: MessageId
    """Id of the sender's own delivered message."""
    text: Note = ""
    """Why."""


class Recall(Words):
    """A recall of an own message (återkallelse)."""

    kind: Literal["Recall"]
    """The message's kind."""
    body: RecallBody
    """Which message is taken back."""

    def earlier(self) -> Mapping[str, UUID]:
        """What it takes back."""
        return {"recalls": self.body.message}

    def refers_to_own(self, context: Context) -> bool | None:
        """What it takes back is the sender's own, to the same recipient."""
        return context.is_delivered_here(self.body.message)

    def stated_facts(self, context: Context) -> dict[str, Any]:
        """And whether what it takes back is kept in a register, which a recall does not end."""
        kind = context.facts.kind(context.sender.id, self.body.message)
        return {**self.flags(None), "registration": kind in context.registrations}

    def write(self, effects: Effects, context: Context, decision: Decision) -> Effects:
        """What is taken back is noted there; where it was not given out, nothing of what it says is left."""
        sender, recalled = context.sender.id, str(self.body.message)
        unread = effects.leaf["receipt"].get("fetched") is False
        note = Amendment(sender, recalled, {"recalled": str(self.id)}, empties=unread)
        effects = wherever(super().write(effects, context, decision), self.body.message, context)
        return effects._replace(amendment=note, recalled=(sender, recalled))


def _so_far(reply: Answerable, now: Mapping[str, str]) -> dict[str, str]:
    """What has come so far of each asked category: `given`, `partly`, or a refusal's reason."""
    so_far = merge_answers(reply.answers, now)
    return {category: so_far[category] for category in reply.categories if category in so_far}
