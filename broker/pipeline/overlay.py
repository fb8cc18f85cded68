"""The registers as one message of a batch sees them: the store's, with what was decided before it in its step.

It holds what an answer may ask of what it answers, and of notifications of concern. All else that a message may ask of
another is in the store: the step ends before it (`batch`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from broker.model.decision import Json, PolicyInput
from broker.ports.store import Facts
from broker.ports.writes import DELIVERY, Answerable, Effects, merge_answers

_CONCERN = "ConcernNotification"


class Overlay:
    """Facts over those of a store, and over the effects of one step of a batch, as far as a place in it."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.recorded_message, self.recorded_line = facts.recorded_message, facts.recorded_line
        self.lies_with, self.kept_line, self.consent_of = facts.lies_with, facts.kept_line, facts.consent_of
        self.has_forms, self.forms, self.own_consent = facts.has_forms, facts.forms, facts.own_consent
        self.informed_parties, self.has_agreement = facts.informed_parties, facts.has_agreement
        self.agreements, self.registered_tokens = facts.agreements, facts.registered_tokens
        self.begin()

    def begin(self) -> None:
        """A new step: nothing of it is decided, and what was before is in the store."""
        self._at = 0
        self._decided: dict[tuple[str, str], tuple[int, Effects]] = {}
        self._senders: dict[tuple[str, str], str] = {}
        """Who sent what a recipient has received in this step."""
        self._answers: dict[tuple[str, str], list[tuple[int, Mapping[str, str]]]] = {}
        self._concerns: dict[tuple[str, str | None], list[tuple[int, str, str]]] = {}

    def look(self, place: int) -> None:
        """From now on what stands before this place of the batch is there, and nothing else of it."""
        self._at = place

    def add(self, place: int, effects: Effects) -> None:
        """What was decided of the message at a place of the batch."""
        if effects.outbox is None:
            return
        sender, message, _ = effects.outbox
        self._decided[sender, message] = place, effects
        if effects.answerable is not None:
            answerable = effects.answerable[1]
            self._senders[answerable.recipient, message] = sender
            if answerable.kind == _CONCERN:
                concerns = self._concerns.setdefault((answerable.recipient, answerable.about), [])
                concerns.append((place, sender, message))
        if effects.answered is not None:
            asker, asked, answers = effects.answered
            self._answers.setdefault((asker, asked), []).append((place, answers))

    def sent_message(self, sender: str, message: UUID) -> Answerable | None:
        """The delivered request, notification, order or referral with this id that this sender sent."""
        effects = self._effects(sender, message)
        if effects is None:
            return self._with_answers(self._facts.sent_message(sender, message), message)
        return self._with_answers(effects.answerable[1] if effects.answerable else None, message)

    def received_message(self, recipient: str, message: UUID) -> Answerable | None:
        """The one with this id that this recipient received; of several the first."""
        received = self._facts.received_message(recipient, message)
        if received is None and (sender := self._senders.get((recipient, str(message)))) is not None:
            return self.sent_message(sender, message) if self._effects(sender, message) else None
        return self._with_answers(received, message)

    def earlier(self, recipient: str, about: str) -> Sequence[tuple[str, str]]:
        """Notifications of concern on the person with this token that were delivered here: sender and message each."""
        own = sorted(self._concerns.get((recipient, about), ()))
        before = [(sender, message) for place, sender, message in own if place < self._at]
        return [*self._facts.earlier(recipient, about), *before]

    def recipient_of(self, sender: str, message: UUID) -> str | None:
        """Whom this sender's message was delivered to; None when it was not."""
        effects = self._effects(sender, message)
        if effects is None:
            return self._facts.recipient_of(sender, message)
        return next((line.authority for line in effects.inbox if line.type == DELIVERY), None)

    def record_of(self, sender: str, message: UUID) -> Json | None:
        """The record of the decided message with this id that this sender sent."""
        effects = self._effects(sender, message)
        return self._facts.record_of(sender, message) if effects is None else effects.leaf

    def kind(self, sender: str, message: UUID) -> str | None:
        """The kind of the decided message with this id that this sender sent."""
        effects = self._effects(sender, message)
        return self._facts.kind(sender, message) if effects is None else str(effects.leaf["kind"])

    def policy_input(self, sender: str, message: UUID) -> PolicyInput | None:
        """What the law was asked about the decided message with this id that this sender sent."""
        effects = self._effects(sender, message)
        asked: PolicyInput | None = effects.leaf["input"] if effects else self._facts.policy_input(sender, message)
        return asked

    def _effects(self, sender: str, message: UUID) -> Effects | None:
        place, effects = self._decided.get((sender, str(message)), (self._at, None))
        return effects if place < self._at else None

    def _with_answers(self, known: Answerable | None, message: UUID) -> Answerable | None:
        """It, with what has come of it in the batch."""
        for place, answers in self._answers.get((known.sender, str(message)), ()) if known else ():
            if known is not None and place < self._at:
                known = replace(known, answers=merge_answers(known.answers, answers))
        return known
