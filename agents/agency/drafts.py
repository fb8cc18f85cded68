"""What an agency may say, one method a kind: names and types of the contract, so that an editor helps to write it.

`Writing` holds the methods; `Agency` sends what they make, `Drafts` keeps it. What is left out, null or empty is not
written. Kinds without a method of their own go through `send` with the body as the contract has it.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Generic, Literal, TypeAlias, TypedDict, TypeVar, Unpack

from .broker import Json, WrongMessage
from .lines import Delivery
from .words import (
    Category,
    Circumstance,
    Concern,
    ConsentForm,
    IdType,
    Kind,
    Programme,
    ProtectedIdentity,
    Purpose,
    RefusalReason,
    Role,
    Sought,
    Unit,
    Urgency,
    WeighingTest,
    has_words,
)

Result = TypeVar("Result")

ANONYMOUS = "anonymous"
"""The sender that a delivery shows where it shows nobody."""


@dataclass(frozen=True)
class Address:
    """Whom a message is for: an authority, a part of it, an area."""

    authority: str
    unit: Unit = "registry"
    area: str | None = None


To = str | Address | Delivery
"""An authority's id, an address, or a delivery: whoever sent it is answered."""


class How(TypedDict, total=False):
    """What may be said of any message. `unit` and `role` are the sender's, where they are not the usual ones.

    `officer`: who decided, an id of the authority's own and never a person's number. It is never delivered.
    """

    case: str
    unit: Unit
    role: Role
    officer: str


@dataclass(frozen=True)
class Draft:
    """A message that is not written yet; `id` (UUIDv7) where it has one, so that it can be handed over again."""

    kind: Kind
    to: Address
    body: Json = field(repr=False)
    in_reply_to: str | None = None
    how: How = field(default_factory=How, repr=False)
    trace: str | None = field(default=None, repr=False)
    id: str | None = None


def person(
    id: str | None = None,
    *,
    id_type: IdType = "personnummer",
    id_issuer: str | None = None,
    birth_date: date | str | None = None,
    protected_identity: ProtectedIdentity = "none",
    municipality: str | None = None,
) -> Json:
    """A subject: 12 digits, or None for a person whose identity is not known.

    `id_issuer`: the authority that gave a reserve number; without it no consent is found.
    """
    return omit_empty(
        id_type="unknown" if id is None else id_type,
        id=id,
        id_issuer=id_issuer,
        birth_date=birth_date,
        protected_identity=protected_identity,
        municipality=municipality,
    )


def number(said: str) -> tuple[str, IdType] | None:
    """A person's number as it is typed, as 12 digits with the sort that they tell; None: it is none."""
    digits = "".join(sign for sign in said if sign not in " -+")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 12):
        return None
    return digits, "samordningsnummer" if int(digits[6:8]) >= 60 else "personnummer"  # 60 is added to the day


def organisation(orgnr: str, name: str) -> Json:
    """An organisation that a message is about."""
    return {"orgnr": orgnr, "name": name}


def assessment(test: WeighingTest, holds: bool, *, by: str, reason: str = "", ground: str | None = None) -> Json:
    """A human's answer to a weighing test. `by` is a function, never a name."""
    return {"test": test, "holds": holds, "assessed_by": by} | omit_empty(reason=reason, ground=ground)


def views(*, child: Sought | None = None, guardians: Sought | None = None, why: str = "") -> Json:
    """Whether the child and its guardians were asked what they think. It decides nothing; `why`: 500 characters."""
    return omit_empty(child=child, guardians=guardians, why=why)


WhenTold: TypeAlias = Literal["yes", "ask_first"] | date
"""Whether somebody may be told of a request: yes, ask first, or not before a day."""


def may_be_told(
    *, child: WhenTold = "ask_first", guardian: WhenTold = "ask_first", party: WhenTold = "ask_first"
) -> Json:
    """Who may be told that something is asked. It binds nothing in the decision; the answerer sees it first."""
    return omit_empty(child=child, guardian=guardian, party=party)


@dataclass(frozen=True)
class NoSecrecy:
    """That no provision on secrecy applies to an item: who says so (a function, never a name), and why."""

    by: str
    reason: str = field(repr=False)


def item(
    category: Category,
    content: str,
    *,
    secrecy: Sequence[str] | NoSecrecy,
    assessments: Sequence[Json] = (),
    concerns: Sequence[Json] | None = None,
    content_type: str = "text/plain",
) -> Json:
    """One piece of information, with the secrecy provisions that its holder knows to apply, or with who says that none
    does. There is no default: not stated is not none. Raises WrongMessage where neither is said.
    """
    fields = {"category": category, "content": content, "content_type": content_type}
    if isinstance(secrecy, NoSecrecy):
        if not has_words(secrecy.reason):
            raise WrongMessage("secrecy: say why no provision applies")
        said = assessment("no_provision_applies", True, by=secrecy.by, reason=secrecy.reason)
        return fields | omit_empty(assessments=[*assessments, said], concerns=concerns)
    if not secrecy or isinstance(secrecy, str):
        raise WrongMessage("secrecy: name each provision that applies, in a list, or say NoSecrecy(by=…, reason=…)")
    return fields | omit_empty(secrecy=secrecy, assessments=assessments, concerns=concerns)


def omit_empty(**fields: object) -> Json:
    """The fields that say something, as JSON has them."""
    return {name: _json(value) for name, value in fields.items() if value not in (None, "", (), [], {})}


def _json(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | set | frozenset) else value


class Writing(ABC, Generic[Result]):
    """Everything that can be written."""

    @abstractmethod
    def out(self, draft: Draft) -> Result:
        """What becomes of a message that has been written."""

    def send(self, kind: Kind, to: To, body: Json, *, in_reply_to: str | None = None, **how: Unpack[How]) -> Result:
        """A message of any kind."""
        answers = to.id if isinstance(to, Delivery) else None
        trace = to.trace if isinstance(to, Delivery) else None
        return self.out(Draft(kind, address(to), body, in_reply_to or answers, how, trace))

    def request(
        self,
        to: To,
        categories: Sequence[Category],
        *,
        purpose: Purpose,
        need: str,
        subject: Json | None = None,
        organisation: Json | None = None,
        period: str | None = None,
        urgency: Urgency = "routine",
        deadline: datetime | date | str | None = None,
        basis: Sequence[str] = (),
        secrecy: Sequence[str] = (),
        may_be_told: Json | None = None,
        **how: Unpack[How],
    ) -> Result:
        """Ask for information (begäran). `need` says why, without personal data.

        `secrecy`: provisions that make the request itself secret. `may_be_told`: as the function of that name makes it.
        """
        body = {"purpose": purpose, "need": need, "categories": list(categories), "urgency": urgency}
        about = omit_empty(subject=subject, organisation=organisation)
        return self.send(
            "InformationRequest",
            to,
            body
            | about
            | omit_empty(period=period, deadline=deadline, basis=basis, secrecy=secrecy, may_be_told=may_be_told),
            **how,
        )

    def disclose(
        self,
        to: To,
        items: Sequence[Json],
        *,
        subject: Json | None = None,
        organisation: Json | None = None,
        purpose: Purpose | None = None,
        offence: Json | None = None,
        circumstances: Sequence[Circumstance] = (),
        assessments: Sequence[Json] = (),
        basis: Sequence[str] = (),
        conditions: str = "",
        replaces: str | None = None,
        views: Json | None = None,
        lul_notice: Json | None = None,
        **how: Unpack[How],
    ) -> Result:
        """Give information, item by item (utlämnande): in answer to a request, about the same, or on own initiative.

        `conditions` are wishes: between authorities they bind nobody.
        """
        if isinstance(to, Delivery) and subject is None and organisation is None:
            subject, organisation = to.body.get("subject"), to.body.get("organisation")
        body = {"items": list(items)} | omit_empty(
            subject=subject,
            organisation=organisation,
            purpose=purpose,
            offence=offence,
            circumstances=circumstances,
            assessments=assessments,
            basis=basis,
            conditions=conditions,
            replaces=replaces,
            views=views,
            lul_notice=lul_notice,
        )
        return self.send("Disclosure", to, body, **how)

    def refuse(
        self,
        request: Delivery,
        categories: Sequence[Category],
        *,
        reason: RefusalReason,
        ref: str | None = None,
        assessments: Sequence[Json] = (),
        text: str = "",
        **how: Unpack[How],
    ) -> Result:
        """Say no to a request, category by category (avslag): `withheld` names a provision and its test."""
        body = {"categories": list(categories), "reason": reason} | omit_empty(
            ref=ref, assessments=assessments, text=text
        )
        return self.send("Refusal", request, body, **how)

    def clarify(self, request: Delivery, text: str, **how: Unpack[How]) -> Result:
        """Ask back; the clock pauses (begäran om förtydligande)."""
        return self.send("Clarification", request, {"text": text}, **how)

    def interim(self, request: Delivery, text: str, *, expected: datetime | None = None, **how: Unpack[How]) -> Result:
        """Say that the answer comes later, and when."""
        return self.send("Interim", request, {"text": text} | omit_empty(expected=expected), **how)

    def notify_concern(
        self,
        to: To,
        subject: Json,
        concerns: Sequence[Concern],
        *,
        text: str = "",
        immediate: bool = False,
        anonymous: bool = False,
        feedback_requested: bool = False,
        circumstances: Sequence[Circumstance] = (),
        assessments: Sequence[Json] = (),
        views: Json | None = None,
        **how: Unpack[How],
    ) -> Result:
        """Notify a social board of concern for a child (orosanmälan). To an anonymous one no receipt comes."""
        body = {"subject": subject, "concerns": list(concerns), "immediate": immediate, "anonymous": anonymous}
        body["feedback_requested"] = feedback_requested
        rest = omit_empty(text=text, circumstances=circumstances, assessments=assessments, views=views)
        return self.send(
            "ConcernNotification", Address(to, "social_services") if isinstance(to, str) else to, body | rest, **how
        )

    def recall(self, to: str | Address, message: str, *, text: str = "", **how: Unpack[How]) -> Result:
        """Take an own message back (återkallelse). `to` is whom it was sent to."""
        return self.send("Recall", to, {"message": message} | omit_empty(text=text), **how)

    def opened(self, line: Delivery, **how: Unpack[How]) -> Result:
        """Tell the sender that a person has opened a delivery: never said by a system, nor in anybody's place."""
        return self._acknowledge(line, "opened", {}, how)

    def registered(self, line: Delivery, reference: str = "", **how: Unpack[How]) -> Result:
        """Tell the sender that a delivery is registered, under which number (diarienummer), never a person's.

        Say it when your own system has it to stay, not before: the broker then keeps it for you no longer.
        """
        return self._acknowledge(line, "registered", omit_empty(reference=reference), how)

    def not_for_us(self, line: Delivery, *, go_to: Address | None = None, **how: Unpack[How]) -> Result:
        """Tell the sender that a delivery came to the wrong one, and who is right. It is no refusal."""
        right = {"authority": go_to.authority, "unit": go_to.unit} if go_to else None
        return self._acknowledge(line, "not_for_us", omit_empty(go_to=right), how)

    def handed_over(self, line: Delivery, unit: Unit, /, **how: Unpack[How]) -> Result:
        """Tell the sender that a delivery is handed to another unit of the own authority: it lies there too, then.

        Raises WrongMessage where a content is sealed: the other unit has no key that opens it.
        """
        if line.is_sealed:
            raise WrongMessage(
                "its contents are sealed to you alone: say not_for_us, and where it is to be sent instead"
            )
        return self._acknowledge(line, "handed_over", {"unit": unit}, how)

    def _acknowledge(self, line: Delivery, state: str, more: Json, how: How) -> Result:
        """To whoever sent it; where the delivery shows nobody, to nobody: it is recorded, and nobody is told."""
        sender = address(line)
        to = Address(sender.authority) if sender.authority == ANONYMOUS else sender
        body = {"message": line.id, "state": state} | more
        return self.out(Draft("Acknowledgement", to, body, None, how, line.trace))

    def withdraw_consent(self, consent: str, *, by: str, **how: Unpack[How]) -> Result:
        """Record that a consent is withdrawn, by `subject` or `guardian`."""
        return self.send("ConsentWithdrawn", self.own_address(), {"consent": consent, "by": by}, **how)

    def consent(
        self,
        consent: str,
        *,
        programme: Programme,
        subject: Json,
        given_by: Sequence[tuple[str, str]],
        parties: Sequence[str],
        categories: Sequence[Category],
        purposes: Sequence[Purpose],
        valid_from: date | str,
        valid_until: date | str | None = None,
        guardians: int = 0,
        form: ConsentForm = "written",
        **how: Unpack[How],
    ) -> Result:
        """Record a consent with the own authority. `given_by`: (subject or guardian, yes or no) for each signer."""
        body = {
            "consent": consent,
            "programme": programme,
            "subject": subject,
            "given_by": [{"role": role, "answer": answer} for role, answer in given_by],
            "guardians": guardians,
            "parties": list(parties),
            "categories": list(categories),
            "purposes": list(purposes),
            "form": form,
        }
        return self.send(
            "ConsentGiven", self.own_address(), body | omit_empty(valid_from=valid_from, valid_until=valid_until), **how
        )

    @abstractmethod
    def own_address(self) -> Address:
        """Where registrations go: the own authority."""


class Drafts(Writing[Draft]):
    """Keeps what is written, to be sent together with the mark that the line which it answers is handled."""

    def __init__(self, authority: str) -> None:
        self._authority = authority
        self.written: list[Draft] = []

    def out(self, draft: Draft) -> Draft:
        """Keep it."""
        self.written.append(draft)
        return draft

    def own_address(self) -> Address:
        """The own authority."""
        return Address(self._authority)


def address(to: To) -> Address:
    """Where it goes."""
    if isinstance(to, Delivery):
        return Address(str(to.sender["authority"]), to.sender.get("unit") or "registry")
    return to if isinstance(to, Address) else Address(to)


def continue_trace(draft: Draft, line: object) -> Draft:
    """The draft as a step in the trace of the line that it comes of."""
    trace = getattr(line, "trace", None)
    return draft if draft.trace or not trace else replace(draft, trace=trace)
