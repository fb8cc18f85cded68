"""The fields of a form for each kind of message, from the models of the contract."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from agents.agency.texts import Texts
from broker.kinds import KINDS
from broker.kinds.defection import Month
from broker.model import vocabulary as words
from broker.model.days import Day, Deadline, Instant, WhenTold
from broker.model.envelope import MessageId
from broker.model.parts import AreaCode, AuthorityId, GroundId, Item, MunicipalityCode, Organisation, Reference, Subject

Sort = Literal[
    "text", "long", "file", "hidden", "number", "yes_no", "choice", "choices", "day", "time", "deadline", "told",
    "month", "authority", "area", "reference", "message", "person", "organisation", "group", "rows", "several",
]  # fmt: skip

_SORTS: tuple[tuple[Any, Sort], ...] = (
    (Reference, "reference"),
    (AuthorityId, "authority"),
    (MessageId, "message"),
    (UUID, "message"),
    (MunicipalityCode, "area"),
    (AreaCode, "area"),
    (Day, "day"),
    (Instant, "time"),
    (Deadline, "deadline"),
    (WhenTold, "told"),
    (Month, "month"),
    (bool, "yes_no"),
    (int, "number"),
)
"""Types of the contract that are typed in a way of their own."""

_GROUPS: Mapping[type[BaseModel], Sort] = {Subject: "person", Organisation: "organisation"}
_LONG = 200
"""A text that may be longer has several lines."""

TABLES: Mapping[type[StrEnum], str] = {
    words.Category: "categories",
    words.Purpose: "purposes",
    words.Programme: "programmes",
    words.Urgency: "urgencies",
    words.Concern: "concerns",
    words.InquiryStatus: "inquiry_statuses",
    words.HandedTo: "handed_to",
    words.ConversationOutcome: "matter_outcomes",
    words.DefectionOutcome: "matter_outcomes",
    words.OrganisationType: "organisation_types",
    words.CouncilLevel: "levels",
    words.ActionType: "actions",
    words.ConditionEvent: "condition_events",
    words.ConsentForm: "forms",
    words.SignerRole: "signers",
    words.WeighingTest: "tests",
    words.Sought: "views",
    words.SeenState: "acknowledged",
    words.Unit: "units",
    words.Role: "roles",
    words.RefusalReason: "reasons",
    words.NeedAnswer: "report_need_answers",
    words.Circumstance: "values/circumstances",
    words.Degree: "values/degree",
    words.Stage: "values/stage",
    words.SubjectIs: "values/subject_is",
    words.MediationAnswer: "values/mediation_answer",
    words.Deprivation: "values/deprived_of_liberty",
    words.Answer: "values/answer",
    words.GuardiansNeeded: "values/guardians",
    words.IdType: "words/id_type",
    words.ProtectedIdentity: "words/protected_identity",
}
"""The table of texts that has the words of each closed list; after a slash, what stands before the word there."""


@dataclass(frozen=True)
class Field:
    """A field of a form: a name in its model, and the sort of question that it is.

    `options`, `table`: a closed list, and where its words stand. `fields`: of a group or a row; of `several` the one
    that each entry is. `most`: characters, or entries. `model`: where it stands.
    """

    name: str
    sort: Sort
    model: str
    required: bool = False
    options: tuple[str, ...] = ()
    table: str | None = None
    fields: tuple["Field", ...] = ()
    most: int | None = None


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind's body, in the order of its model. Raises KeyError of what is no kind."""
    return fields_in(body_of(kind))


def body_of(kind: str) -> type[BaseModel]:
    """The model of a kind's body."""
    body: type[BaseModel] = KINDS[kind].model_fields["body"].annotation  # type: ignore[assignment]
    return body


@cache
def fields_in(model: type[BaseModel]) -> tuple[Field, ...]:
    """The fields of a model."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(
        _field(model, name, hints[name], info)
        for name, info in model.model_fields.items()
        if (model, name) != (Item, "sealed")
    )


def _field(model: type[BaseModel], name: str, hint: Any, info: FieldInfo) -> Field:
    where: dict[str, Any] = {
        "model": model.__name__,
        "required": info.is_required() or (model, name) == (Item, "content"),
    }
    if model is Item and name in ("content", "content_type"):
        return Field(name, "file" if name == "content" else "hidden", most=_most(hint), **where)
    return _of(name, _without_none(hint), where)


def _of(name: str, hint: Any, where: dict[str, Any]) -> Field:
    if hint == GroundId:
        return Field(name, "choice", options=_grounds(), table="grounds", **where)
    bare, most = get_args(hint)[0] if get_origin(hint) is Annotated else hint, _most(hint)
    sort = next((sort for known, sort in _SORTS if hint == known or bare is known), None)
    if sort is not None:
        return Field(name, sort, **where)
    if get_origin(bare) is tuple:
        return _several(name, get_args(bare)[0], most, where)
    if bare is str:
        return Field(name, "long" if most and most > _LONG else "text", most=most, **where)
    if issubclass(bare, BaseModel):
        return Field(name, _GROUPS.get(bare, "group"), fields=fields_in(bare), **where)
    return Field(name, "choice", options=tuple(word.value for word in bare), table=TABLES[bare], **where)


def _several(name: str, entry: Any, most: int | None, where: dict[str, Any]) -> Field:
    one = _of(name, entry, {**where, "required": False})
    if one.sort == "choice":
        return Field(name, "choices", options=one.options, table=one.table, most=most, **where)
    if one.fields:
        return Field(name, "rows", fields=one.fields, most=most, **where)
    return Field(name, "several", fields=(one,), most=most, **where)


def _grounds() -> tuple[str, ...]:
    """Every ground that may be named."""
    return tuple(ground for ground, _ in Texts().options("grounds"))


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        return next(arg for arg in get_args(hint) if arg is not NoneType)
    return hint


def _most(hint: Any) -> int | None:
    """The narrowest bound on its length."""
    bounds = [bound for bound in _bounds(hint) if bound is not None]
    return min(bounds, default=None)


def _bounds(hint: Any) -> Iterator[int | None]:
    if get_origin(hint) is Annotated:
        for said in hint.__metadata__:
            for rule in getattr(said, "metadata", ()):
                yield getattr(rule, "max_length", None)
