"""All that becomes durable with one decision, as plain values (unit of work)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from broker.model.decision import AgreementFacts, Json, RecordedConsent


@dataclass(frozen=True)
class Origin:
    """How a line in quarantine came, so that another try is as strict as the first.

    `proven` and `arrived` are those of its `Input`; a line of a file that the operator runs has neither. `size`: in
    bytes, as it came; less may be kept.
    """

    size: int
    proven: str | None = None
    arrived: datetime | None = None


@dataclass(frozen=True)
class Answerable:
    """A delivered message that others refer to: a request, a question back, a notification, an order or a referral.

    `about` is the token of whom it is about; purpose, categories and basis (the grounds claimed) are a request's.
    `answers` is what has come of it: of a request category -> `given`, `partly`, or the reason of a refusal; of a
    notification the `status` and `decided_on` of the board's decision. `recalled`: its sender has taken it back.
    """

    kind: str
    sender: str
    recipient: str
    about: str | None
    purpose: str | None = None
    categories: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    recalled: bool = False
    basis: tuple[str, ...] = ()


GIVEN, PARTLY = "given", "partly"
"""What has come of a category that somebody asked for; a refusal's reason otherwise."""


def merge_answers(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What has come so far, with what comes now. Of refusals the last word counts.

    Partly: something was given and the rest refused, whichever came first. Two units that answer one request at once
    may be recorded in one order and logged in the other: both make the same of it.
    """
    so_far = {**before, **now}
    for category in now.keys() & before.keys():
        if before[category] == PARTLY or (now[category] == GIVEN) != (before[category] == GIVEN):
            so_far[category] = PARTLY
    return so_far


@dataclass(frozen=True)
class ConsentRow:
    """A form about a person to record, a consent or a no, by the message that gave it at `time` (microseconds).

    `consent` and `earlier` are tokens of its id, today's and those under which earlier versions may stand; `number`
    that of a reserve number without its issuer.
    """

    authority: str
    consent: str
    earlier: tuple[str, ...]
    subject: str | None
    number: str | None
    facts: RecordedConsent
    message: str
    time: int


@dataclass(frozen=True)
class Withdrawal:
    """A consent, under these tokens of its id, is withdrawn by subject or guardian, at `time` (microseconds)."""

    authority: str
    consents: tuple[str, ...]
    by: str
    time: int


@dataclass(frozen=True)
class Informed:
    """That a party knows of a consent (token): by a notice of this message, or as what it got under it.

    `authority` and `party` are addresses: who registered it, and in which inbox that lies.
    """

    authority: str
    consent: str
    party: str
    message: str
    notice: bool


@dataclass(frozen=True)
class AgreementRow:
    """A party's confirmation of an agreement; `body` is the digest that must be equal between parties.

    `agreement` and `earlier` are tokens of its id, as of a consent; `registrant` sent it, at `time` (microseconds).
    """

    party: str
    agreement: str
    earlier: tuple[str, ...]
    body: str
    facts: AgreementFacts
    registrant: str
    time: int


DELIVERY, REDELIVERY = "delivery", "redelivery"
"""Types of lines: what is delivered, and the same given out again."""


@dataclass(frozen=True)
class InboxLine:
    """One line for an inbox: `type` is delivery, receipt, notice, or redelivery, of which the line says delivery.

    `authority`: the inbox's address; with `unit`, whose it is: the address is that of this unit's then.
    """

    authority: str
    type: str
    sender: str | None
    message: str | None
    content: Json
    unit: str | None = None

    def at(self, address: str) -> "InboxLine":
        """The line at this address."""
        return InboxLine(address, self.type, self.sender, self.message, self.content)


def again(kept: Json, inbox: str, sender: str, message: str) -> InboxLine:
    """A delivery, of which this line is kept, given out again."""
    return InboxLine(inbox, REDELIVERY, sender, message, {**kept, "redelivered": True})


STANDS = ("registered",)
"""Notes of which the first stands: what has become of a delivery goes forward only."""


@dataclass(frozen=True)
class Amendment:
    """What a message writes on an earlier delivery: that it is recalled, replaced or registered, and by which.

    `sender`: of the delivery. `empties`: it had not been given out, so nothing of what it says is left in the inbox.
    """

    sender: str
    message: str
    note: Mapping[str, str]
    empties: bool = False

    def noted(self, notes: Mapping[str, str]) -> dict[str, str]:
        """The notes on the delivery with this one; the registration that stands there already stays."""
        if self.empties:
            return dict(self.note)
        return {**notes, **self.note, **{name: notes[name] for name in STANDS if name in notes}}


def emptied(content: Json) -> Json:
    """What is left of a delivery that was recalled before it was given out, without the note that tells so."""
    envelope = {name: value for name, value in content["message"].items() if name != "body"}
    return {"type": content["type"], "message": envelope, "partial": False, "unanswered": [], "grounds": []}


@dataclass(frozen=True)
class Copy:
    """What says until when somebody's copy of a message is kept, and with what else it goes.

    `holder`: the address of whose copy; `sender` and `message`: of which message. `case`: the holder's own name for
    what belongs together, opaque, where the holder has no copy of the message that this one `follows`. `until`: the
    last day; None: not known yet. `class_`: None where it is that of other copies of the same delivery.
    """

    holder: str
    sender: str
    message: str
    case: str
    follows: str | None
    class_: str | None
    until: str | None


Moved = tuple[tuple[str, str], ...]
"""Tokens of an earlier key under which something was registered, each with today's for the same."""


class Effects(NamedTuple):
    """All that one input makes durable, beside its record in the log.

    `answered`: the asker, the request's id, its answers so far, which are merged with what has come meanwhile.
    `recalled`: sender and id. `purged`: records of lines in quarantine of which nothing is kept any longer. `copies`:
    of all that is kept of it. `settled`: copies of an earlier message, whose class is another now. `erased`: cases of
    which nothing is kept any longer; `held`: cases of which nothing may go, `released`: of which it may again. `moved`:
    tokens of an earlier key, with today's for the same: what is registered under the former lies under the latter.
    """

    leaf: Json
    digest: str
    source: str | None = None
    line: int | None = None
    outbox: tuple[str, str, bytes] | None = None
    inbox: tuple[InboxLine, ...] = ()
    answerable: tuple[str, Answerable] | None = None
    answered: tuple[str, str, Mapping[str, str]] | None = None
    amendment: Amendment | None = None
    consent: ConsentRow | None = None
    withdrawn: Withdrawal | None = None
    informed: tuple[Informed, ...] = ()
    recalled: tuple[str, str] | None = None
    agreement: AgreementRow | None = None
    quarantined: bytes | None = None
    origin: Origin | None = None
    redrive_of: int | None = None
    purged: tuple[int, ...] = ()
    copies: tuple[Copy, ...] = ()
    settled: tuple[Copy, ...] = ()
    erased: tuple[int, ...] = ()
    held: tuple[int, ...] = ()
    released: tuple[int, ...] = ()
    moved: Moved = ()
