"""Gathers the facts that the law is asked about: from the message, the register of authorities and the registers.

What leaves here holds ages, flags, provisions and answers, and no identity (design, promise 8).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from broker.authorities import Authority, Register
from broker.facts.parts import party_facts
from broker.facts.persons import People
from broker.facts.registers import Context, Registers, Way
from broker.kinds import KINDS, Message, Sender
from broker.model.days import as_number, swedish_day
from broker.model.decision import PolicyInput
from broker.pipeline import addressing
from broker.ports.store import Facts, Form
from broker.ports.tokens import Tokens
from broker.ports.writes import Answerable

_REQUEST = "InformationRequest"


class NotYourRequest(Exception):
    """The message answers something that does not exist or was sent to somebody else."""


@dataclass(frozen=True)
class Gathered:
    """A message with all that the law is asked about it, and the tokens that its record holds instead of identities."""

    message: Message
    context: Context
    asked: PolicyInput
    persons: tuple[str, ...] = ()
    forms: Mapping[int, Form] = field(default_factory=dict)
    """The forms that the law is asked about, by their order in the input."""
    agreements: tuple[tuple[int, ...], ...] = ()
    """The records of each agreement that it is asked about, in the input's order."""
    case: str | None = None
    officer: str | None = None
    reference: str | None = None
    """The token of the number under which the delivery that it acknowledges is registered."""
    handed_in: str | None = None
    """Of a nameless message of the public's: the token by which its intake is found."""

    @property
    def sender(self) -> Authority:
        """Who sends."""
        return self.context.sender

    @property
    def recipient(self) -> Authority:
        """Who receives."""
        return self.context.recipient

    @property
    def way(self) -> Way:
        """Whence it comes and where it goes."""
        return self.context.way

    @property
    def about(self) -> str | None:
        """The token of whom it is about."""
        return self.context.about

    @property
    def reply(self) -> Answerable | None:
        """What it replies to."""
        return self.context.reply


class Gatherer:
    """Gathers facts for one message at a time."""

    def __init__(self, register: Register, facts: Facts, tokens: Tokens) -> None:
        self.registers = Registers(register, facts, tokens)
        self._registrations = frozenset(name for name, kind in KINDS.items() if kind.REGISTERS)

    def gather(
        self,
        message: Message,
        sender: Authority,
        recipient: Authority,
        origin: Sender | None = None,
        handed_in: str | None = None,
    ) -> Gathered:
        """Facts for one message between two registered parties. Raises NotYourRequest or Unusable.

        `origin` says from which unit and in which function it comes, where the message itself no longer does; so does
        `handed_in` by which intake (`Registers.intake_token`).
        """
        origin, day, body = origin or message.sender, swedish_day(message.time), message.body
        context = Context(
            registers=self.registers,
            sender=sender,
            recipient=recipient,
            way=Way(self.registers.authorities.address(sender.id, origin.unit), recipient.id, message.recipient.unit),
            about=self.registers.about(body),
            people=People(day, self.registers.person),
            registrations=self._registrations,
        )
        message.check(context)
        reply = _reply(message, context)
        context = replace(context, reply=reply)
        context = replace(context, way=addressing.way(message, context))
        if not addressing.goes_back(message, context):
            raise NotYourRequest
        sends, gets = context.desks()
        asked: PolicyInput = {
            "kind": message.kind,
            "day": as_number(day),
            "sender": party_facts(sender, origin.unit, origin.role, sends),
            "recipient": party_facts(recipient, message.recipient.unit, None, gets),
            "in_reply_to_request": reply is not None,
            "refers_to_own": message.refers_to_own(context),
            "request_recalled": reply is not None and reply.recalled and reply.kind == _REQUEST,
            "organisation": getattr(body, "organisation", None) is not None,
            "basis": list(getattr(body, "basis", ())),
            "circumstances": sorted(set(getattr(body, "circumstances", ()))),
            "offence": None,
            "agreements": [],
            "persons": {},
            "items": {},
        }
        forms, agreements = message.add_facts(asked, context)
        asked["agreements"] = [agreed.facts for agreed in agreements]
        mentioned = (self.registers.person_token(person) for person in message.persons())
        return Gathered(
            message=message,
            context=context,
            asked=asked,
            persons=tuple(sorted({token for token in mentioned if token})),
            forms=forms,
            agreements=tuple(agreed.records for agreed in agreements),
            case=self.registers.own_number_token(sender, message.case),
            officer=self.registers.officer_token(sender, message.sender.officer),
            reference=self.registers.own_number_token(sender, getattr(body, "reference", None)),
            handed_in=handed_in,
        )


def _reply(message: Message, context: Context) -> Answerable | None:
    """What the message replies to. Raises NotYourRequest where that is not its to reply to."""
    if message.in_reply_to is None:
        return None
    reply = message.correlate(message.in_reply_to, context)
    if reply is None or reply.kind not in message.REPLIES_TO or context.about not in (None, reply.about):
        raise NotYourRequest
    return reply
