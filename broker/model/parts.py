"""The parts that message bodies are made of: persons, organisations, assessments, offences, items.

All models are frozen and refuse unknown fields. A list stops at its first bad entry (`fail_fast`): each fault costs
memory, and a line can hold 300,000. Every field has a docstring, which is also its `doc`
in the Avro schema. Free text (`content`, …) never leaves the delivered message; an assessment's `reason` is not in it.
"""

import datetime as dt
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Annotated, Self
from unicodedata import normalize

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from broker.model.days import Day
from broker.model.identity import IdentityError, birth_of, check_organisation_number, mentions_person
from broker.model.references import correct_form, is_reference
from broker.model.signs import is_unseen
from broker.model.vocabulary import (
    Category,
    Circumstance,
    Degree,
    IdType,
    ProtectedIdentity,
    Sought,
    Stage,
    SubjectIs,
    WeighingTest,
)

MAX_ITEMS = 200
"""Most items in one message; also the bound that the Avro decoder holds arrays to."""

MAX_LIST = 64
"""Most entries in any other list."""


def _visible(value: str) -> str:
    """No blank at the ends, and nothing that can't be seen: two ids that look the same are the same."""
    if any(is_unseen(sign) or (sign.isspace() and sign != " ") for sign in value):
        raise ValueError("must have no sign that can't be seen")
    return _without_blanks_at_the_ends(value)


def _reference(value: str) -> str:
    if is_reference(value):
        return value
    meant = correct_form(value)
    if meant is not None:
        raise ValueError(f"must be written {meant}")
    raise ValueError("not written as a statutory reference, for example 'OSL 26:1' or '2025:170 6 §'")


def _without_blanks_at_the_ends(value: str) -> str:
    if value != value.strip():
        raise ValueError("must not begin or end with a blank")
    return value


_ID = re.compile(r"[A-Za-z0-9ÅÄÖåäö:._/-]{1,100}")


def is_id(value: str) -> bool:
    """Whether a new consent or agreement may have this id."""
    return _ID.fullmatch(normalize("NFC", value)) is not None


AuthorityId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
GroundId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")]
Reference = Annotated[str, Field(max_length=40), AfterValidator(_reference)]
ShortText = Annotated[str, Field(min_length=1, max_length=200)]
LongText = Annotated[str, Field(max_length=100_000)]
Note = Annotated[str, Field(max_length=2_000)]
"""Words along with a message, not the matter itself. A person's number in them is looked for; names are not found."""
Account = Annotated[str, Field(max_length=20_000)]
"""What somebody has seen or been told."""
Identifier = Annotated[str, Field(min_length=1, max_length=100)]
"""An id of the sender's own: compared after NFC, so that the same letters are the same id."""
CaseNumber = Annotated[Identifier, AfterValidator(_without_blanks_at_the_ends)]


def _nobodys_number(value: str) -> str:
    if mentions_person(value):
        raise ValueError("must be an id of the authority's own, never a person's number")
    return _without_blanks_at_the_ends(value)


OfficerId = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_nobodys_number)]
"""Who decided, by an id that only the own authority can resolve."""
RegisterNumber = Annotated[str, Field(pattern=r"^[A-Za-z0-9ÅÄÖåäö:./ _-]{1,100}$"), AfterValidator(_nobodys_number)]
"""The number under which an authority has registered something (diarienummer)."""
MunicipalityCode = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
AreaCode = Annotated[str, Field(pattern=r"^([0-9]{4}|polisregion-[a-z]{1,20})$")]


class Part(BaseModel):
    """Base of every model in a message: frozen, strict, no unknown field; its validator is built when one is read."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    def past_days(self) -> Iterator[tuple[str, dt.date]]:
        """Place and day of each thing that this says has happened: none lies after the message's day.

        A part that has such a day of its own adds it.
        """
        for name, value in vars(self).items():
            if isinstance(value, Part):
                yield from _within(name, value)
            elif isinstance(value, tuple):
                for index, entry in enumerate(value):
                    if isinstance(entry, Part):
                        yield from _within(f"{name}.{index}", entry)


def _within(place: str, part: Part) -> Iterator[tuple[str, dt.date]]:
    return ((f"{place}.{within}", day) for within, day in part.past_days())


class Subject(Part):
    """A natural person whom a message is about (den enskilde)."""

    id_type: IdType
    """Kind of identity designation."""
    id: str | None = Field(default=None, min_length=1, max_length=20)
    """12 digits; 1-20 characters for reserve; null for unknown."""
    id_issuer: AuthorityId | None = None
    """Who gave a reserve number: regions give the same ones to different persons. Null for every other sort."""
    birth_date: Day | None = None
    """Day of birth; null: taken from the id."""
    protected_identity: ProtectedIdentity = ProtectedIdentity.NONE
    """Protected personal data (skyddade personuppgifter)."""
    municipality: MunicipalityCode | None = None
    """Municipality code of the person's home (folkbokföringskommun), or null."""

    @model_validator(mode="after")
    def _identity_holds_together(self) -> Self:
        if (self.id is None) != (self.id_type is IdType.UNKNOWN):
            raise ValueError("id must be given, except for id_type unknown, where it is null")
        if self.id_issuer is not None and self.id_type is not IdType.RESERVE:
            raise ValueError("id_issuer says who gave a reserve number: other ids have none")
        if self.id_type is IdType.RESERVE and self.id is not None:
            _visible(self.id)
        stated = self.birth_date
        birth = self._birth()
        if stated and birth and any(n and n != said for n, said in zip(birth, stated.timetuple()[:3], strict=True)):
            raise ValueError("birth_date differs from the id")
        return self

    def _birth(self) -> tuple[int, int, int] | None:
        """Year, month and day that the number tells; 0 stands for what it leaves open. None: it tells nothing."""
        if self.id is None or self.id_type not in (IdType.PERSONNUMMER, IdType.SAMORDNINGSNUMMER):
            return None
        try:
            return birth_of(self.id, coordination=self.id_type is IdType.SAMORDNINGSNUMMER)
        except IdentityError as error:
            raise ValueError(f"id {error}") from None

    def born(self) -> dt.date | None:
        """The day of birth, from `birth_date` or the id; None when neither tells."""
        birth = self._birth() if self.birth_date is None else None
        return dt.date(*birth) if birth and all(birth) else self.birth_date

    def past_days(self) -> Iterator[tuple[str, dt.date]]:
        """The birth; of a number that leaves the month or day open, the first day that it could be."""
        birth = self._birth() if self.birth_date is None else None
        born = dt.date(birth[0], birth[1] or 1, birth[2] or 1) if birth else self.birth_date
        if born is not None:
            yield "birth_date", born


class Organisation(Part):
    """A legal person whom a message is about (juridisk person)."""

    orgnr: str
    """Organisation number (organisationsnummer), 10 digits."""
    name: ShortText
    """Name of the organisation."""

    @model_validator(mode="after")
    def _number_is_right(self) -> Self:
        try:
            check_organisation_number(self.orgnr)
        except IdentityError as error:
            raise ValueError(f"orgnr {error}") from None
        return self


def _function(value: str) -> str:
    if mentions_person(value):
        raise ValueError("must be a function, never a person")
    return value


def has_words(text: str | None) -> bool:
    """Whether a text says something: nothing, a blank, a dash or "…" does not."""
    return any(sign.isalnum() for sign in text or "")


class Assessment(Part):
    """A human's answer to a weighing test (prövning)."""

    test: WeighingTest
    """Which test."""
    holds: bool
    """Is the statement true?"""
    assessed_by: Annotated[ShortText, AfterValidator(_function)]
    """Function of the one who assessed (befattning), never a name."""
    reason: LongText = ""
    """Why, in the assessor's words: never delivered; the record holds a keyed digest of it."""
    ground: GroundId | None = None
    """The ground it answers for; null: every ground tried that asks this test."""

    @model_validator(mode="after")
    def _says_why_no_provision_applies(self) -> Self:
        if self.test is WeighingTest.NO_PROVISION_APPLIES and not has_words(self.reason):
            raise ValueError("no_provision_applies must have a reason, in words")
        return self


class Offence(Part):
    """An offence, committed or feared (brott)."""

    provision: Reference
    """The penal provision, for example BrB 3:6."""
    committed: bool
    """True: a committed offence is suspected. False: it is feared."""
    degree: Degree | None = None
    """Degree; null: all degrees in the paragraph named."""
    stage: Stage = Stage.COMPLETED
    """Completed, attempt, preparation or conspiracy."""
    date: Day | None = None
    """Day of the offence; null: the message's day."""
    subject_is: SubjectIs = SubjectIs.SUSPECT
    """The subject's part in it."""
    victim_under_18: bool | None = None
    """Was the victim, or the one sold or given to, under 18? Null: from the subject's age where it is the victim."""
    close_relation: bool | None = None
    """Is it between persons who are close (närstående)?"""
    connected_with_school: bool | None = None
    """Was it in connection with the school's activity?"""

    def past_days(self) -> Iterator[tuple[str, dt.date]]:
        """The day of a committed offence; what is feared may lie ahead."""
        if self.committed and self.date is not None:
            yield "date", self.date


def _one_answer_each(assessments: tuple[Assessment, ...]) -> tuple[Assessment, ...]:
    answers: dict[WeighingTest, dict[str | None, bool]] = {}
    for given in assessments:
        by_ground = answers.setdefault(given.test, {})
        general = by_ground.get(None, given.holds)
        same = by_ground.get(given.ground, given.holds)
        others = set(by_ground.values()) if given.ground is None else {given.holds}
        if same != given.holds or general != given.holds or others - {given.holds}:
            raise ValueError("two different answers to one test")
        by_ground[given.ground] = given.holds
    return assessments


Assessments = Annotated[
    tuple[Assessment, ...], Field(max_length=MAX_LIST, fail_fast=True), AfterValidator(_one_answer_each)
]


def _of_no_item(assessments: tuple[Assessment, ...]) -> tuple[Assessment, ...]:
    if any(given.test is WeighingTest.NO_PROVISION_APPLIES for given in assessments):
        raise ValueError("no_provision_applies is answered on each item by itself, not for the message")
    return assessments


BodyAssessments = Annotated[Assessments, AfterValidator(_of_no_item)]
"""Answers that hold for every item, or for the message as a whole."""

Secrecy = Annotated[tuple[Reference, ...], Field(max_length=MAX_LIST, fail_fast=True)]
Circumstances = Annotated[tuple[Circumstance, ...], Field(max_length=MAX_LIST, fail_fast=True)]
Basis = Annotated[tuple[GroundId, ...], Field(max_length=MAX_LIST, fail_fast=True)]


def _base64(value: str) -> str:
    """In the one spelling that its bytes have."""
    try:
        if b64encode(b64decode(value, validate=True)).decode("ascii") == value:
            return value
    except ValueError:
        pass
    raise ValueError("must be base64 (RFC 4648 section 4), with its padding")


KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""The first 16 bytes, in hex, of the SHA-256 of a public key."""


class Sealed(Part):
    """A content that only its recipient can open (HPKE, RFC 9180)."""

    key: KeyId
    """Which of the recipient's public keys it is sealed to."""
    encapsulated: Annotated[str, Field(min_length=1496, max_length=1496), AfterValidator(_base64)]
    """The encapsulated key, base64."""
    ciphertext: Annotated[str, Field(min_length=364, max_length=533_528), AfterValidator(_base64)]
    """The sealed content, base64."""


class Item(Part):
    """One piece of information that is given (uppgift)."""

    category: Category
    """Kind of information."""
    content: LongText = ""
    """The information itself: text or base64; only in the delivered message. Left out where it is sealed."""
    content_type: Annotated[str, Field(max_length=100)] = "text/plain"
    """Media type of the content (RFC 6838)."""
    secrecy: Secrecy = ()
    """Secrecy provisions that apply to it (sekretessbestämmelser), as the sender knows them; empty: not stated."""
    assessments: Assessments = ()
    """Answers for this item; they win over the body's."""
    concerns: Annotated[tuple[Subject, ...], Field(max_length=MAX_LIST, fail_fast=True)] | None = None
    """Whom it concerns; null: the subject."""
    sealed: Sealed | None = None
    """The content, sealed to the recipient; null: it stands in clear."""

    @model_validator(mode="after")
    def _says_it_in_one_way(self) -> Self:
        if self.content if self.sealed else "content" not in self.model_fields_set:
            raise ValueError("must have content or sealed, and not both")
        return self

    @model_validator(mode="after")
    def _no_provision_beside_one(self) -> Self:
        if self.secrecy and any(a.test is WeighingTest.NO_PROVISION_APPLIES and a.holds for a in self.assessments):
            raise ValueError("names a secrecy provision, and says that no provision applies")
        return self


class Views(Part):
    """Whether the child and its guardians were asked what they think, before anything was told (barnets inställning).

    It never decides. The record holds the two words, and `why` stands in a whole delivery only.
    """

    child: Sought | None = None
    """The child's view: sought, not sought, or not possible to seek."""
    guardians: Sought | None = None
    """The guardians' view."""
    why: Annotated[str, Field(max_length=500)] = ""
    """Why it was not sought, or what was said."""


class PerhapsAboutSomeone(Part):
    """A body about one person, one organisation, or nobody."""

    subject: Subject | None = None
    """The person it is about, or null."""
    organisation: Organisation | None = None
    """The organisation it is about, or null."""

    @model_validator(mode="after")
    def _not_both(self) -> Self:
        if self.subject is not None and self.organisation is not None:
            raise ValueError("must not have both a subject and an organisation")
        return self


class AboutSomeone(Part):
    """A body about exactly one person or one organisation."""

    subject: Subject | None = None
    """The person it is about."""
    organisation: Organisation | None = None
    """The organisation it is about."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.subject is None) == (self.organisation is None):
            raise ValueError("must have a subject or an organisation, and not both")
        return self
