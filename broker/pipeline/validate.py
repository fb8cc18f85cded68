"""Whether a message may be decided at all: its parties, areas and grounds are known, and it comes from whom it says."""

from collections.abc import Callable, Container, Iterator
from datetime import timedelta

from broker.authorities import ANONYMOUS, NOBODY, Authority, Register
from broker.authorities.sealing_keys import newest_in_force
from broker.kinds import Message
from broker.model.canonical import canonical
from broker.model.days import as_number, swedish_day
from broker.model.decision import PolicyInput
from broker.model.parts import Assessment
from broker.model.unusable import Unusable
from broker.model.vocabulary import Unit
from broker.ports.transport import Input

MOST = 512 * 1024
"""Bytes of a policy input, at most, as canonical JSON: it is part of the record, which every server must take."""

SKEW = timedelta(minutes=5)
"""How far a message's time may be from a live broker's clock (contract)."""


class Admission:
    """Holds messages against the register and the law's grounds."""

    def __init__(
        self, register: Register, grounds: Callable[[int], Container[str]], connected: Callable[[str], bool]
    ) -> None:
        """`grounds`: those of the law of a day."""
        self._register = register
        self._grounds = grounds
        self._connected = connected

    def parties(self, given: Input, message: Message) -> tuple[Authority, Authority]:
        """Sender and recipient as registered. Raises Unusable."""
        sender = self._find(message.sender.authority, "sender.authority")
        recipient = self._recipient(message)
        if given.proven is not None:
            self._is_proven(given.proven, message, sender)
        if recipient is not NOBODY and not self._connected(recipient.id):
            raise Unusable("not_connected", "recipient.authority: has no inbox at this broker")
        for index, party in enumerate(getattr(message.body, "parties", ())):
            self._find(party, f"body.parties.{index}")
        for person in message.persons():
            if person.id_issuer is not None:
                self._find(person.id_issuer, "id_issuer")
        self._areas_are_known(message)
        self._grounds_are_known(message)
        return sender, recipient

    def _is_proven(self, address: str, message: Message, sender: Authority) -> None:
        """A desk states its own units, the authority's own login those that lie in none."""
        located = self._register.locate(address)
        if located is None or located.authority != sender:
            raise Unusable("sender_mismatch", "sender.authority: is not the authority that sends")
        if located.desk != self._register.desk(sender.id, message.sender.unit):
            raise Unusable("sender_mismatch", "sender.unit: is not a unit of the one that sends")

    def delivers(self, recipient: Authority, inbox: str, unit: str) -> None:
        """Raises Unusable where an inbox that it may come to lie in is not there."""
        if recipient is NOBODY:
            return
        board = self._register.address(recipient.id, Unit.SOCIAL_SERVICES) if unit == Unit.REGISTRY else inbox
        if not all(map(self._connected, {inbox, board})):
            raise Unusable("not_connected", "recipient.unit: its desk has no inbox at this broker")

    def hands_over(self, inbox: str | None) -> None:
        """Raises Unusable where a delivery is handed over to an inbox that is not there: it would reach nobody."""
        if inbox is not None and not self._connected(inbox):
            raise Unusable("not_connected", "body.unit: its desk has no inbox at this broker")

    def can_open(self, message: Message, inbox: str) -> None:
        """Raises Unusable where an item is sealed to another key than one in force of the inbox that it goes to."""
        day = swedish_day(message.time)
        for index, item in enumerate(getattr(message.body, "items", ())):
            if item.sealed is None:
                continue
            keys = self._register.sealing_keys(inbox)
            if any(key.id == item.sealed.key and key.is_in_force(day) for key in keys):
                continue
            place, newest = f"body.items.{index}.sealed.key", newest_in_force(keys, day)
            if newest is None:
                raise Unusable("sealing_key", f"{place}: is of no key in force, {inbox} has none: ask it for one")
            raise Unusable("sealing_key", f"{place}: is of no key in force of {inbox}: seal the content to {newest.id}")

    def has_inbox(self, address: str) -> bool:
        """Whether somebody has this address, and an inbox there."""
        return self._register.locate(address) is not None and self._connected(address)

    def in_time(self, given: Input, message: Message) -> None:
        """Raises Unusable when the message's time is far from a live broker's clock. A repeat is not asked."""
        if given.now is not None and abs(message.time - given.now) > SKEW:
            raise Unusable("clock_skew", "time: differs more than 5 minutes from the broker's clock")

    def fits(self, asked: PolicyInput) -> None:
        """Leave forms out of a policy input that is too large; raises Unusable where items and persons alone are.

        Where forms are left out a human looks (`left_out`).
        """
        excess = len(canonical(dict(asked))) - MOST
        for person in asked["persons"].values():
            if excess <= 0:
                return
            if person["consents"]:
                excess -= len(canonical({"": person["consents"]}))
                person["consents"], person["left_out"] = [], True
        if excess > 0:
            raise Unusable("too_large", "body: names more items and persons than are decided at once: send it in parts")

    def reaches(self, authority: str, unit: str) -> bool:
        """Whether something can be told to this unit."""
        party = self._register.find(authority)
        return party is not None and self._connected(self._register.address(party.id, unit))

    def _recipient(self, message: Message) -> Authority:
        """Whoever sent a delivery without a name is told of its acknowledgement under none."""
        if message.recipient.authority == ANONYMOUS and "acknowledges" in message.earlier():
            return NOBODY
        return self._find(message.recipient.authority, "recipient.authority")

    def _find(self, party: str, place: str) -> Authority:
        authority = self._register.find(party)
        if authority is None:
            raise Unusable("unknown_authority", f"{place}: is not in the register: add it to the file of --register")
        return authority

    def _areas_are_known(self, message: Message) -> None:
        areas = [("recipient.area", message.recipient.area)]
        areas += [(f"body.area.{index}", area) for index, area in enumerate(getattr(message.body, "area", ()))]
        for place, area in areas:
            if area is not None and not self._register.has_area(area):
                raise Unusable("unknown_value", f"{place}: is no municipality code and no police region's id")

    def _grounds_are_known(self, message: Message) -> None:
        known = self._grounds(as_number(swedish_day(message.time)))
        for index, ground in enumerate(getattr(message.body, "basis", ())):
            if ground not in known:
                raise Unusable("unknown_value", f"body.basis.{index}: is not a ground of the contract")
        for place, assessment in _assessments(message):
            if assessment.ground is not None and assessment.ground not in known:
                raise Unusable("unknown_value", f"{place}.ground: is not a ground of the contract")


def _assessments(message: Message) -> Iterator[tuple[str, Assessment]]:
    """Every answer in a message, with its place: of the body, and of each item."""
    for index, given in enumerate(getattr(message.body, "assessments", ())):
        yield f"body.assessments.{index}", given
    for number, item in enumerate(getattr(message.body, "items", ())):
        for index, given in enumerate(item.assessments):
            yield f"body.items.{number}.assessments.{index}", given


def as_registered(message: Message, sender: Authority, recipient: Authority) -> Message:
    """The message under its parties' registered ids: sent under an alias it is the same message."""
    if (message.sender.authority, message.recipient.authority) == (sender.id, recipient.id):
        return message
    parties = {
        "sender": message.sender.model_copy(update={"authority": sender.id}),
        "recipient": message.recipient.model_copy(update={"authority": recipient.id}),
    }
    return message.model_copy(update=parties)
