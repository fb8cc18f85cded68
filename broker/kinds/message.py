"""What the path of a message asks of its kind: each kind answers in its own class, or as is said here."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from broker.facts import parts
from broker.facts.registers import Context, RestsOn
from broker.model.decision import Decision, ItemFacts, Json, PolicyInput
from broker.model.envelope import Envelope
from broker.model.identity import mentions_person
from broker.model.parts import Assessment, Part, Subject, Views
from broker.model.vocabulary import Category
from broker.ports.writes import DELIVERY, Answerable, Effects, again


class Message(Envelope):
    """A message of some kind."""

    if TYPE_CHECKING:  # declared by each kind itself: fields stand in the order of their classes
        kind: str
        body: Part

    REPLIES_TO: ClassVar[frozenset[str]] = frozenset({"InformationRequest"})
    """Kinds that it may reply to."""
    REGISTERS: ClassVar[bool] = False
    """Whether it is kept in a register: another registration ends it, and no recall."""
    LINKS: ClassVar[bool] = False
    """Whether what it says of a child is a fact for messages on the same child."""
    COMES_ALONE: ClassVar[bool] = False
    """Whether all that came before must be committed first: it is told to whom that may have gone."""
    SETTLES: ClassVar[bool] = False
    """Whether what it replies to is kept as long as itself from now on, by its holder."""
    KEEPS_ASSESSMENTS: ClassVar[bool] = False
    """Whether its assessments stay with its sender."""

    # --- what it says

    def persons(self) -> list[Subject]:
        """Every mention of a person in it."""
        return self.subjects()

    def subjects(self) -> list[Subject]:
        """The person whom it is about, if any."""
        subject: Subject | None = getattr(self.body, "subject", None)
        return [subject] if subject else []

    def earlier(self) -> Mapping[str, UUID]:
        """The earlier message that it changes, goes on from or acknowledges, under what the record calls that."""
        return {}

    def holds_a_number(self) -> bool:
        """Whether a person's number stands in a text of the body."""
        return any(map(mentions_person, _texts(self.body)))

    def concerns_a_person(self) -> bool:
        """Whether the body is about a person: by its subject, or by a person's number in a text."""
        return getattr(self.body, "subject", None) is not None or self.holds_a_number()

    # --- what it refers to

    def check(self, context: Context) -> None:
        """Raises Unusable when an id that it gives has not the form that a new one must have."""

    def correlate(self, other: UUID, context: Context) -> Answerable | None:
        """The message that it replies to: one that was delivered to its sender by its recipient."""
        asked = context.facts.sent_message(context.recipient.id, other)
        return asked if asked is not None and asked.recipient == context.sender.id else None

    def refers_to_own(self, context: Context) -> bool | None:
        """Whether what it names is its sender's to name; None of a kind that names nothing."""
        return None

    def hands_to(self, context: Context) -> str | None:
        """The address to which it hands over a delivery that lies elsewhere; None of a kind that hands over nothing."""
        return None

    # --- what the law is asked

    def flags(self, recipient_code: str | None) -> dict[str, Any] | None:
        """What a message without items states, as the rules see it; None of a kind without any.

        No identity and no free text; what a flag means in law is said in `policies/exchanges/`. `recipient_code`: the
        recipient's municipality code.
        """
        return None

    def stated_facts(self, context: Context) -> dict[str, Any] | None:
        """The flags, and beside them what the registers say of the same."""
        return self.flags(context.recipient_code())

    def as_items(self, context: Context) -> dict[str, ItemFacts]:
        """What the rules look at as on items; of most kinds without any the message as a whole."""
        whole: ItemFacts = {
            "category": self.category(),
            "purpose": None,
            "on_request": context.reply is not None,
            "secrecy": [],
            "answers": parts.answers(getattr(self.body, "assessments", ()), ()),
            "persons": context.people.concerned_keys(self.subjects()),
        }
        return {"0": whole}

    def category(self) -> Category:
        """What sort of information it is as a whole."""
        return Category.OTHER

    def add_facts(self, asked: PolicyInput, context: Context) -> RestsOn:
        """Add what it says, and what the registers say of that; gives what of the registers this rests on."""
        asked["items"] = self.as_items(context)
        asked["persons"] = context.people.table
        if (stated := self.stated_facts(context)) is not None:
            asked["stated"] = stated
        return RestsOn()

    def asks_for_concerns(self) -> bool:
        """Whether notifications of concern and decisions on them are facts for it."""
        return False

    # --- what is written

    def beside(self) -> Json:
        """What it says beside the matter, and no decision rests on: whose view was asked, who may be told."""
        views: Views | None = getattr(self.body, "views", None)
        return {} if views is None else {"views": views.model_dump(mode="json", exclude={"why"})}

    def retention_facts(self, asked: PolicyInput, context: Context) -> PolicyInput:
        """What says until when it is kept."""
        return asked

    def times(self) -> Json:
        """The times that it sets, which only clocks ask for."""
        return {}

    def can_be_answered(self) -> bool:
        """Whether other messages may name it (`in_reply_to`)."""
        return False

    def answerable(self, context: Context) -> Answerable | None:
        """The message as others refer to it."""
        if not self.can_be_answered():
            return None
        return Answerable(self.kind, context.sender.id, context.recipient.id, context.about)

    def answers(self, reply: Answerable, decision: Decision) -> dict[str, str]:
        """What has come so far of each asked category, with this answer; nothing of what is no answer."""
        return {}

    def open_categories(self, reply: Answerable, decision: Decision) -> list[str]:
        """Asked categories of which nothing is released: the recipient never learns whether anything is held."""
        return []

    def warnings(self, decision: Decision) -> list[str]:
        """What its sender should know of what became of it."""
        return []

    def write(self, effects: Effects, context: Context, decision: Decision) -> Effects:
        """The effects of a message that is forwarded, with what it writes in the registers."""
        answerable = self.answerable(context)
        so_far = self.answers(context.reply, decision) if context.reply else {}
        return effects._replace(
            answerable=(str(self.id), answerable) if answerable else None,
            answered=(context.recipient.id, str(self.in_reply_to), so_far) if so_far else None,
        )


def wherever(effects: Effects, earlier: UUID, context: Context) -> Effects:
    """The effects of what changes an earlier delivery of the sender's: it goes to each inbox that this lies in."""
    standing = context.registers.authorities.standing
    inboxes = dict.fromkeys(map(standing, context.facts.lies_with(context.sender.id, earlier)))
    lines = [line for line in effects.inbox if line.type == DELIVERY and line.sender and line.message]
    more = (
        again(line.content, inbox, line.sender or "", line.message or "")
        for line in lines
        for inbox in inboxes
        if inbox != line.authority
    )
    return effects._replace(inbox=(*effects.inbox, *more))


def _texts(part: Part) -> Iterator[str]:
    """Every text in a part: not of the person whom it is about, assessments (their reasons stay) and locators."""
    for name in type(part).model_fields.keys() - {"locators"}:
        value = getattr(part, name)
        for entry in value if isinstance(value, tuple) else (value,):
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, Part) and not isinstance(entry, Subject | Assessment):
                yield from _texts(entry)
