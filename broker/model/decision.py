"""The question to the law: what it is asked, what it answers.

`PolicyInput` is all that the policy may see: facts such as ages, flags, provisions and answers, and no identity.
It is part of the audit record, so that a decision can be asked again under the same policy or another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict, cast

from broker.model.references import Provision

Json = dict[str, Any]


class PartyFacts(TypedDict):
    """A sender or recipient as the rules see it; `approved` stands in a private school, the last two in a desk."""

    id: str
    authority: str
    kinds: list[str]
    principal: str | None
    forms: list[str]
    approved: NotRequired[str | None]
    works_with_children: bool
    unit: str
    role: str | None
    desk: NotRequired[str]
    agreements: NotRequired[bool]


class RecordedConsent(TypedDict):
    """A form about a person as it was recorded, a consent or a no. Days as integers, 20261121."""

    programme: str
    form: str
    parties: list[str]
    categories: list[str]
    purposes: list[str]
    valid_from: int
    valid_until: int
    guardians: int
    guardians_yes: int
    guardians_no: int
    subject_yes: bool
    subject_no: bool


class ConsentFacts(RecordedConsent):
    """A form as the rules see it: whose answers of a withdrawn one are a no.

    `order`: of two in an input the higher one is the later. `registered_by` says what the one who registered it is in
    the message: `sender`, `own_authority` (another id of the sender's), `recipient` (or another id of its authority),
    `party` (another one among its parties), `other`; `registrant` is the authority that it is in law.
    """

    order: int
    registered_by: str
    registrant: str
    withdrawn: bool


class PersonFacts(TypedDict):
    """A person whom the message concerns: age in whole years on its day, null when not known.

    `left_out`: there are more forms about this person than stand here.
    """

    age: int | None
    protected: bool
    consents: list[ConsentFacts]
    left_out: bool


class ItemFacts(TypedDict):
    """One item, or one category of a request. `answers`: test -> ground or `*` -> does the statement hold.

    `persons`: whom it concerns, keys of the input's table.
    """

    category: str
    purpose: str | None
    on_request: bool
    secrecy: list[Provision]
    answers: dict[str, dict[str, bool]]
    persons: list[str]


class OffenceFacts(TypedDict):
    """The offence as stated; `day` is its day as an integer, `subject_age` the subject's age on that day.

    Whether the day is stated, or taken to be the message's, is `offence_dated` of the input.
    """

    provision: Provision
    committed: bool
    degree: str | None
    stage: str
    day: int
    subject_is: str
    subject_age: int | None
    victim_under_18: bool | None
    close_relation: bool | None
    connected_with_school: bool | None


class LulNoticeFacts(TypedDict):
    """What a notice of a young suspect tells; `why`: whether there are reasons. Null: not stated."""

    mediation_asked: bool | None
    mediation_answer: str | None
    deprived_of_liberty: str | None
    why: bool


class SignerFacts(TypedDict):
    """Who signs a consent from which age on, as an agreement has it."""

    from_age: int
    subject: bool
    guardians: str | None


class AgreementFacts(TypedDict):
    """A cooperation agreement that both parties of the message, and these others, have sent with the same body."""

    programme: str
    purposes: list[str]
    area: list[str]
    valid_from: int
    valid_until: int
    signers: list[SignerFacts]
    parties: list[str]


class PolicyInput(TypedDict):
    """One message as the rules see it. Items are keyed by their index; a person stands once, whatever points there.

    Kinds with items have beside: `subject`, whom the matter is about, a key of the table; `request_basis`, the grounds
    that the request claims which the message answers; `offence_dated`, whether the day of the offence is stated;
    `lul_notice`; `notified`, keys of those of whom the recipient has notified the sender by name. `programme` and
    `place` (a municipality code) stand in a CaseSharing, `level` in a CouncilReferral; `stated` are the flags of a
    message without items (`kinds.message`). Such a message may have one item, `0`: itself as a whole, where it rests
    on a ground; a Refusal has one for each category that it covers.
    """

    kind: str
    day: int
    sender: PartyFacts
    recipient: PartyFacts
    in_reply_to_request: bool
    refers_to_own: bool | None
    request_recalled: bool
    organisation: bool
    basis: list[str]
    circumstances: list[str]
    offence: OffenceFacts | None
    agreements: list[AgreementFacts]
    subject: NotRequired[str | None]
    request_basis: NotRequired[list[str]]
    offence_dated: NotRequired[bool]
    lul_notice: NotRequired[LulNoticeFacts | None]
    programme: NotRequired[str]
    place: NotRequired[str | None]
    level: NotRequired[str]
    stated: NotRequired[Json]
    notified: NotRequired[list[str]]
    persons: dict[str, PersonFacts]
    items: dict[str, ItemFacts]


def _approval_told(party: Json) -> Json:
    """A private school of an older record says nothing of how it is approved."""
    return {"approved": None, **party} if party.get("principal") == "private" else party


def in_todays_form(recorded: Json) -> PolicyInput:
    """The input of a record, which may be an older one: what it lacks is added, never so that it releases anything."""
    today = recorded if "persons" in recorded else _with_persons_apart(recorded)
    today = {**today, "sender": _approval_told(today["sender"]), "recipient": _approval_told(today["recipient"])}
    if today["kind"] in _WITH_ITEMS:
        today = {**_NOT_TOLD, **today}
    lacking = _FLAGS.get(today["kind"], {})
    named = any(item["persons"] for item in today["items"].values())
    flags = {name: named if name == "named" else value for name, value in lacking.items()}
    return cast(PolicyInput, {**today, "stated": {**flags, **today["stated"]}} if flags else today)


_WITH_ITEMS = frozenset({"Disclosure", "CaseSharing", "CouncilReferral"})
_FLAGS: Json = {
    "ConcernFeedback": {"anonymous": False, "recorded_status": None, "recorded_on": None},
    "SupportEnquiry": {"named": True},
    "ChannelReport": {"named": True},
    "ChannelAction": {"legal_basis": None},
    "DefectionFollowUp": {"consent": None},
}
"""Flags that a kind has had since persons stand apart, as they stand where nobody looked."""

_NOT_TOLD: Json = {"subject": None, "request_basis": [], "offence_dated": False, "lul_notice": None, "notified": []}
"""What the input of an older record with items does not say."""


def _with_persons_apart(recorded: Json) -> Json:
    """The input of an older record, with the persons of its items in a table.

    Of most kinds nobody looked for a person's number in the texts; who registered a consent does not stand there (but
    in a referral, where it was the sender's own), and one that did not stand any more was left out.
    """
    persons: list[Json] = []
    items: Json = {}
    for index, item in recorded["items"].items():
        persons += [person for person in item["persons"] if person not in persons]
        items[index] = {**item, "persons": sorted({str(persons.index(person)) for person in item["persons"]}, key=int)}
    referral = recorded["kind"] == "DefectionReferral"
    registrant = recorded["sender"]["authority"] if referral else ""
    unknown = {"registered_by": "sender" if referral else "other", "registrant": registrant, "withdrawn": False}
    table = {
        str(n): {
            **person,
            "consents": [{**given, "order": order, **unknown} for order, given in enumerate(person["consents"])],
            "left_out": False,
        }
        for n, person in enumerate(persons)
    }
    of_kind: dict[str, Json] = {
        "ConsentWithdrawn": {"by": "subject"},
        "DefectionReferral": {"consent": 0 if any(person["consents"] for person in persons) else None},
        "Recall": {"registration": False},
    }
    stated = {"personal_data": False, **of_kind.get(recorded["kind"], {}), **(recorded.get("stated") or {})}
    agreements = [{"parties": [], **agreement} for agreement in recorded["agreements"]]
    more = {"agreements": agreements, "request_recalled": False, "stated": stated}
    return {**recorded, **more, "items": items, "persons": table}


@dataclass(frozen=True)
class Carried:
    """What an item is released by: its ground, and which answers and statements of the message that rests on.

    `uses`: names of tests and circumstances, `offence`, `purpose`.
    """

    ground: str
    uses: frozenset[str]


@dataclass(frozen=True)
class Decision:
    """The law's answer to one message, in the receipt's words (contract, "Receipt").

    `quarantine` is a code when the message may not be decided at all; then the rest is empty. Of a message without
    items: `asks` are tests that it lacks, `cuts` places in its body that are left out of the delivery, `appeal` how
    the decision that it tells of is appealed. No part of the receipt: `marks` on the delivery's line (`pass_on`: the
    recipient passes it on to whom it concerns); `carried`, by what each released item is;
    `consents`, the forms (their order in the input) under which something goes out; `tells`, notices to those named;
    `unit`, for whom in the recipient it is, where that is not stated.
    """

    outcome: str
    quarantine: str | None = None
    partial: bool = False
    grounds: tuple[Json, ...] = ()
    bars: tuple[Json, ...] = ()
    items: tuple[Json, ...] = ()
    guidance: tuple[Json, ...] = ()
    doubtful: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    consents: tuple[int, ...] = ()
    appeal: Json | None = None
    unit: str | None = None
    carried: Mapping[int, Carried] = field(default_factory=dict)
    policy: str = field(default="", compare=False)
    """The revision of the law that answered."""

    @property
    def released(self) -> frozenset[int]:
        """Indexes of the items that may be delivered."""
        return frozenset(item["item"] for item in self.items if item["outcome"] == "release")

    def receipt(self) -> Json:
        """The receipt's fields that come from the law."""
        fields: Json = {
            "outcome": self.outcome,
            "partial": self.partial,
            "grounds": list(self.grounds),
            "bars": list(self.bars),
            "items": list(self.items),
            "guidance": list(self.guidance),
            "doubtful": list(self.doubtful),
        }
        if self.asks:
            fields["asks"] = list(self.asks)
        if self.appeal is not None:
            fields["appeal"] = self.appeal
        return fields


@dataclass(frozen=True)
class Doubt:
    """What in a rule rests on an inference or is left open, in Swedish and in English."""

    sv: str
    en: str


@dataclass(frozen=True)
class Statute:
    """A rule's source: reference, title, text verbatim in Swedish, first day in force, doubts."""

    ref: str
    title: str
    text: str
    in_force: str | None = None
    doubts: tuple[Doubt, ...] = ()
