"""What the broker itself tells: notices of the clocks, and which notifications of concern are about one child.

One form for all of them. In process they become records and inbox lines at once; agents elsewhere send them as bytes
through the broker's own outbox, and whoever handles that outbox reads them here.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field, ValidationError

from broker.authorities import Contact, Register
from broker.deadlines import Clock, Notice, Times, moment
from broker.deadlines.clocks import day_of
from broker.deadlines.deadline import derive_id
from broker.deadlines.event import unit_of
from broker.model.canonical import canonical
from broker.model.days import Day, Instant, rfc3339
from broker.model.decision import Json
from broker.model.envelope import MessageId
from broker.model.parts import AuthorityId, Part, Reference
from broker.model.unusable import Unusable
from broker.model.vocabulary import Outcome, Unit
from broker.pipeline import audit_record
from broker.pipeline.erasure import Hold
from broker.ports.store import Wanted
from broker.ports.writes import Effects, InboxLine

MAX_BYTES = 1 << 20
"""Largest notice."""


@dataclass(frozen=True)
class OwnNotice:
    """One notice to one unit. The id is derived from what it tells of and to whom: the same notice has the same id."""

    id: str
    authority: str
    unit: str
    content: Json

    def encode(self) -> bytes:
        """Its bytes in the broker's outbox."""
        fields = {"authority": self.authority, "content": self.content, "id": self.id, "unit": self.unit}
        return canonical(fields)


@dataclass(frozen=True)
class PurgeOrder:
    """That nothing more is kept of what lies in quarantine since before this time."""

    before: datetime

    @property
    def content(self) -> Json:
        """As its record says it too."""
        return {"before": rfc3339(self.before)}

    def encode(self) -> bytes:
        """Its bytes in the broker's outbox."""
        return canonical({"purge": self.content})


@dataclass(frozen=True)
class RedeliveryOrder:
    """That deliveries of an inbox are given out again."""

    wanted: Wanted

    def encode(self) -> bytes:
        """Its bytes in the broker's outbox."""
        wanted = self.wanted
        since = rfc3339(wanted.since) if wanted.since else None
        said = {**vars(wanted), "since": since, "messages": list(wanted.messages)}
        said["lost"] = list(wanted.lost) if wanted.lost else None
        return canonical({"redeliver": said})


@dataclass(frozen=True)
class HandoverOrder:
    """That the log's key is handed over to the next one, from which on others sign."""

    old: str
    new: str
    note: str

    @property
    def content(self) -> dict[str, str]:
        """As its record says it too."""
        return {"from": self.old, "to": self.new, "note": self.note}

    @property
    def id(self) -> UUID:
        """The same for the same keys: it is carried out once, however often it is sent."""
        return uuid5(NAMESPACE_URL, f"{self.old}\n{self.new}")

    def encode(self) -> bytes:
        """Its bytes in the broker's outbox."""
        return canonical({"handover": self.content})


@dataclass(frozen=True)
class ErasureOrder:
    """That nothing more is kept of what was due before this day."""

    day: date
    order: str
    """A name of its own, to find its record by."""

    def encode(self) -> bytes:
        """Its bytes in the broker's outbox."""
        return canonical({"erase": {"day": self.day.isoformat(), "order": self.order}})


@dataclass(frozen=True)
class HoldOrder:
    """That nothing of what some messages said may be erased, or may again."""

    hold: Hold
    order: str

    def encode(self) -> bytes:
        """Its bytes in the broker's outbox."""
        said = {**vars(self.hold), "messages": list(self.hold.messages), "order": self.order}
        return canonical({"hold": said})


Order = PurgeOrder | RedeliveryOrder | HandoverOrder | ErasureOrder | HoldOrder
"""What the broker tells itself to do, with a record of it."""


OrderId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
MATTER_NUMBER = re.compile(r"[A-Za-z0-9ÅÄÖåäö:./_-]{1,100}")
"""Of the matter in which something is held."""
MatterNumber = Annotated[str, Field(pattern=f"^{MATTER_NUMBER.pattern}$")]


class _OfClock(Part):
    """As `audit_record.notice` makes it."""

    type: Literal["notice"]
    notice: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$")]
    id: MessageId
    unit: Unit
    clock: Clock
    message: MessageId
    due: Instant
    time: Instant
    ref: Reference | None
    kind: str | None = Field(default=None, pattern=r"^[A-Z][A-Za-z]{1,39}$")
    contacts: tuple[Contact, ...] = ()


class _Linked(Part):
    """As `audit_record.link_record` makes it."""

    type: Literal["notice"]
    notice: Literal["concerns_linked"]
    messages: Annotated[tuple[MessageId, ...], Field(min_length=2)]
    independent_sources: Annotated[int, Field(ge=1)]
    time: Instant


class _Purge(Part):
    """As `PurgeOrder.encode` makes it."""

    before: Instant


class _Ordered(Part):
    purge: _Purge


class _Redelivery(Part):
    """As `RedeliveryOrder.encode` makes it."""

    inbox: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,62}(/[a-z0-9_-]{1,40})?$")]
    messages: tuple[MessageId, ...] = ()
    unregistered: bool = False
    since: Instant | None = None
    lost: tuple[int, int] | None = None
    after: int = 0
    order: OrderId | None = None

    def as_wanted(self) -> Wanted:
        """What is wanted."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Wanted(**{**fields, "messages": tuple(map(str, self.messages))})


class _OrderedAgain(Part):
    redeliver: _Redelivery


_Line = Annotated[str, Field(pattern=r"^[^\n]{1,300}$")]


class _Handover(Part):
    """As `HandoverOrder.encode` makes it."""

    from_: Annotated[_Line, Field(alias="from")]
    to: _Line
    note: Annotated[str, Field(max_length=4096)]


class _HandedOver(Part):
    handover: _Handover


class _Erasure(Part):
    """As `ErasureOrder.encode` makes it."""

    day: Day
    order: OrderId


class _Erased(Part):
    erase: _Erasure


class _Hold(Part):
    """As `HoldOrder.encode` makes it."""

    reference: MatterNumber
    messages: Annotated[tuple[MessageId, ...], Field(min_length=1)]
    ends: bool
    order: OrderId


class _Held(Part):
    hold: _Hold


class _Sent(Part):
    """As `OwnNotice.encode` makes it."""

    authority: AuthorityId
    content: _Linked | _OfClock
    id: MessageId
    unit: Unit


Contacts = Callable[[Notice], Sequence[Json]]
"""Whom to call about what a notice tells."""


def nobody(_: Notice) -> Sequence[Json]:
    """Nobody is known."""
    return ()


def contacts_of(register: Register, times: Times) -> Contacts:
    """Whom to call where a message lies unseen: all; of what cannot wait those who answer then, if there are any."""

    def known_contacts(notice: Notice) -> Sequence[Json]:
        contacts = register.contacts(*notice.lies_with) if notice.lies_with else ()
        at, day = moment(notice.at), day_of(notice.at)
        today, before = times.calendar.is_holiday(day), times.calendar.is_holiday(day - timedelta(days=1))
        open_now = [
            one for one in contacts if one.opening and one.opening.hold(at, holiday=today, after_holiday=before)
        ]
        return [one.model_dump(exclude_none=True) for one in (open_now if notice.immediate and open_now else contacts)]

    return known_contacts


def of_clock(sent: Notice, contacts: Contacts = nobody) -> OwnNotice:
    """What is told because time has passed."""
    return OwnNotice(sent.id, sent.authority, sent.unit, audit_record.notice(sent, contacts(sent)))


def of_child(leaf: Json) -> tuple[str, str] | None:
    """Whom a delivered notification of concern went to, and the child's token; None where a record is of no such."""
    if leaf["record"] != "decision" or leaf["kind"] != "ConcernNotification":
        return None
    if leaf["receipt"]["outcome"] != Outcome.FORWARD or leaf["subject"] is None or not leaf["persons"]:
        return None
    return leaf["recipient"]["authority"], leaf["subject"]


def of_concerns(leaf: Json, earlier: Callable[[str, str], Sequence[tuple[str, str]]]) -> OwnNotice | None:
    """A social board is told which notifications concern one child; None where there is nothing to tell.

    In: the record of the newest notification, or any other; `earlier` gives those on a person (token) that were
    delivered to an authority before, sender and message of each (`ports.store.Facts`).
    """
    whom = of_child(leaf)
    known = earlier(*whom) if whom else ()
    if not whom or not known:
        return None
    authority, unit = whom[0], unit_of(leaf)
    newest, time = (leaf["sender"]["authority"], leaf["message"]), datetime.fromisoformat(leaf["time"])
    id_ = derive_id(int(time.timestamp()), "linked", authority, unit, *newest)
    return OwnNotice(id_, authority, unit, audit_record.link_record([*known, newest], time))


def read(value: bytes) -> OwnNotice | Order:
    """The notice or order that a record of the broker's outbox holds. Raises Unusable; its text holds no value.

    Whether the authority is in the register is for the caller to see.
    """
    if len(value) > MAX_BYTES:
        raise Unusable("too_large", "larger than any notice of the broker's")
    try:
        fields = json.loads(value)
        if canonical(fields) != value:
            raise Unusable("not_json", "not canonical JSON, as every notice of the broker's is")
    except (ValueError, RecursionError):
        raise Unusable("not_json", "not JSON, as every notice of the broker's is") from None
    try:
        if isinstance(fields, dict) and fields.keys() == {"purge"}:
            return PurgeOrder(_Ordered.model_validate_json(value, strict=True).purge.before)
        if isinstance(fields, dict) and fields.keys() == {"redeliver"}:
            return RedeliveryOrder(_OrderedAgain.model_validate_json(value, strict=True).redeliver.as_wanted())
        if isinstance(fields, dict) and fields.keys() == {"handover"}:
            said = _HandedOver.model_validate_json(value, strict=True).handover
            return HandoverOrder(said.from_, said.to, said.note)
        if isinstance(fields, dict) and fields.keys() == {"erase"}:
            erase = _Erased.model_validate_json(value, strict=True).erase
            return ErasureOrder(erase.day, erase.order)
        if isinstance(fields, dict) and fields.keys() == {"hold"}:
            hold = _Held.model_validate_json(value, strict=True).hold
            return HoldOrder(Hold(hold.reference, tuple(map(str, hold.messages)), hold.ends), hold.order)
        sent = _Sent.model_validate_json(value, strict=True)
    except ValidationError as error:
        place = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"]))
        raise Unusable("invalid_value", f"{place or 'notice'}: is not as the broker's own notices are") from None
    content = sent.content
    if isinstance(content, _OfClock) and (content.id, content.unit) != (sent.id, sent.unit):
        raise Unusable("invalid_value", "content: its id or unit is not the notice's", message=sent.id)
    return OwnNotice(str(sent.id), sent.authority, sent.unit.value, fields["content"])


def effects(sent: OwnNotice, recorded: datetime, digest: str = "") -> Effects:
    """What becomes durable of a notice: its record, and one line for the inbox. `recorded`: the broker's clock."""
    leaf = audit_record.of_notice(sent.id, (sent.authority, sent.unit), sent.content, recorded)
    line = InboxLine(sent.authority, "notice", None, sent.id, sent.content, sent.unit)
    return Effects(leaf=leaf, digest=digest, inbox=(line,))
