"""The kind that says what has become of a delivery: opened by a person, registered, not for us, handed over."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import model_validator

from broker.authorities import ANONYMOUS
from broker.facts.registers import Context
from broker.kinds.message import Message
from broker.model.days import rfc3339
from broker.model.decision import Decision, Json
from broker.model.envelope import MessageId
from broker.model.parts import AuthorityId, Part, RegisterNumber
from broker.model.vocabulary import AuthorityKind, Role, SeenState, Unit
from broker.ports.writes import Amendment, Effects, InboxLine, again

_TOLD_TO_THE_PUBLIC = (SeenState.OPENED, SeenState.REGISTERED)


class GoTo(Part):
    """Where a message should have gone."""

    authority: AuthorityId
    """Id of the authority."""
    unit: Unit = Unit.REGISTRY
    """The part of it."""


class AcknowledgementBody(Part):
    """Which delivery, and what has become of it."""

    message: MessageId
    """Id of the delivered message."""
    state: SeenState
    """What has become of it."""
    reference: RegisterNumber | None = None
    """With `registered`: the recipient's own diarienummer, never a person's number; a token in the log."""
    go_to: GoTo | None = None
    """With `not_for_us`: who is right, or null."""
    unit: Unit | None = None
    """With `handed_over`: which unit of the own authority has it now."""

    @model_validator(mode="after")
    def _says_what_belongs_to_its_state(self) -> Self:
        if self.reference is not None and self.state is not SeenState.REGISTERED:
            raise ValueError("reference belongs to registered")
        if self.go_to is not None and self.state is not SeenState.NOT_FOR_US:
            raise ValueError("go_to belongs to not_for_us")
        if (self.unit is not None) != (self.state is SeenState.HANDED_OVER):
            raise ValueError("unit says who has it now: with handed_over it is given, else null")
        return self


class Acknowledgement(Message):
    """What the recipient's system or a person there says of a delivery (kvittens)."""

    REPLIES_TO = frozenset()

    kind: Literal["Acknowledgement"]
    """The message's kind."""
    body: AcknowledgementBody
    """Which delivery, and what has become of it."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """What it states."""
        return {"state": self.body.state}

    def earlier(self) -> Mapping[str, UUID]:
        """The delivery that it is about, which is somebody else's message."""
        return {"acknowledges": self.body.message}

    def refers_to_own(self, context: Context) -> bool | None:
        """The delivery lies with the sender, also by a desk that has handed it over, and is no acknowledgement."""
        sender, delivery = context.recipient.id, self.body.message
        standing = context.registers.authorities.standing
        held = context.way.sent_from in map(standing, context.facts.lies_with(sender, delivery))
        return held and context.facts.kind(sender, delivery) != self.kind

    def hands_to(self, context: Context) -> str | None:
        """Where the unit's deliveries lie that has it now."""
        unit = self.body.unit
        return context.registers.authorities.address(context.sender.id, unit) if unit else None

    def beside(self) -> Json:
        """Who is right, or has it now."""
        return self.body.model_dump(mode="json", include={"go_to", "unit"}, exclude_none=True)

    def write(self, effects: Effects, context: Context, decision: Decision) -> Effects:
        """What it does to the delivery; and who hears of it.

        Nobody where the sender has no name, and the public's intake that it is opened and registered.
        """
        effects = self._state_effects(effects, context)
        if context.recipient.kind is not AuthorityKind.PUBLIC_INTAKE:
            return effects
        lines = tuple(line for line in effects.inbox if line.type != "delivery")
        if self.body.state not in _TOLD_TO_THE_PUBLIC:
            return effects._replace(inbox=lines)
        if context.recipient.id != ANONYMOUS:
            return effects._replace(inbox=tuple(map(_without_reference, effects.inbox)))
        intake = context.registers.intake_of(self.body.message)
        if intake is not None:
            lines += (InboxLine(intake.id, "notice", None, str(self.id), self._notice()),)
        return effects._replace(inbox=lines)

    def _state_effects(self, effects: Effects, context: Context) -> Effects:
        """Registered: it need not be kept to be given out again. Handed over: it lies in that desk's inbox too."""
        sender, delivery = context.recipient.id, self.body.message
        if self.body.state is SeenState.REGISTERED:
            return effects._replace(amendment=Amendment(sender, str(delivery), {"registered": str(self.id)}))
        inbox, kept = self.hands_to(context), context.facts.kept_line(sender, delivery)
        standing = context.registers.authorities.standing
        if inbox is None or kept is None or inbox in map(standing, context.facts.lies_with(sender, delivery)):
            return effects
        return effects._replace(inbox=(*effects.inbox, again(kept, inbox, sender, str(delivery))))

    def _notice(self) -> Json:
        """What has become of a message that somebody without a name has handed in."""
        return {
            "type": "notice",
            "notice": "acknowledged",
            "message": str(self.body.message),
            "state": self.body.state.value,
            "time": rfc3339(self.time),
        }

    @model_validator(mode="after")
    def _check_opened_by_a_person(self) -> Self:
        if self.body.state is SeenState.OPENED and self.sender.role is Role.SYSTEM:
            raise ValueError("body.state: a person opens, never a system")
        return self


def _without_reference(line: InboxLine) -> InboxLine:
    if line.type != "delivery":
        return line
    message = line.content["message"]
    body = {**message["body"], "reference": None}
    return replace(line, content={**line.content, "message": {**message, "body": body}})
