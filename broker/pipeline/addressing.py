"""In whose inbox a message comes to lie: an authority's own, or that of one of its desks (contract, "Desks")."""

from dataclasses import replace
from uuid import UUID

from broker.authorities import Address
from broker.facts.registers import Context, Way
from broker.kinds import Message
from broker.model.decision import Decision
from broker.model.vocabulary import Unit


def way(message: Message, context: Context) -> Way:
    """Where a message goes, before the law is asked. `context`: with what it replies to, and where it came from."""
    sent_from, recipient, unit = context.way.sent_from, context.recipient.id, message.recipient.unit
    authorities = context.registers.authorities
    if not authorities.desks(recipient):
        return Way(sent_from, recipient, unit)
    if message.REGISTERS and context.sender.id == recipient:  # what a desk registers lies with it
        return Way(sent_from, sent_from, unit)
    if (delivery := message.earlier().get("acknowledges")) is not None:  # whoever sent it hears of it
        return Way(sent_from, context.registers.sender_address(recipient, delivery) or recipient, unit)
    if unit is Unit.REGISTRY or "recalls" in message.earlier():
        if (inbox := _followed_address(message, context)) is not None:
            return Way(sent_from, inbox, unit)
        unit = _asker(message, context) or unit
    return Way(sent_from, authorities.address(recipient, unit), unit)


def goes_back(message: Message, context: Context) -> bool:
    """Whether an answer goes to the desk that asked: between desks secrecy holds as between authorities."""
    reply, recipient = context.reply, context.recipient.id
    if reply is None or reply.sender != recipient or message.in_reply_to is None or message.REGISTERS:
        return True
    return context.registers.sender_address(recipient, message.in_reply_to) == context.way.inbox


def direct(context: Context, decision: Decision) -> Context:
    """Where the message goes when the law has given it to a unit, and it has gone to none."""
    recipient, authorities = context.recipient.id, context.registers.authorities
    if decision.unit is None or context.way.unit is not Unit.REGISTRY or not authorities.desks(recipient):
        return context
    unit = Unit(decision.unit)
    return replace(context, way=context.way._replace(inbox=authorities.address(recipient, unit), unit=unit))


def _followed_address(message: Message, context: Context) -> str | None:
    """Where that lies which the sender takes back, corrects or tells more of."""
    sender, recipient, reply = context.sender.id, context.recipient.id, context.reply
    match message.earlier():
        case {"recalls": earlier} | {"replaces": earlier}:
            follows: UUID | None = earlier
        case _:
            is_own = reply is not None and (reply.sender, reply.recipient) == (sender, recipient)
            follows = message.in_reply_to if is_own else None
    inbox = context.facts.recipient_of(sender, follows) if follows else None
    if inbox is None or Address.read(inbox).authority != recipient:
        return None
    return context.registers.authorities.standing(inbox)


def _asker(message: Message, context: Context) -> Unit | None:
    """The unit that asked or notified, where this answers that: an answer goes back to it."""
    reply, recipient = context.reply, context.recipient.id
    if reply is None or reply.sender != recipient or message.in_reply_to is None:
        return None
    return context.registers.unit_of(recipient, message.in_reply_to)
