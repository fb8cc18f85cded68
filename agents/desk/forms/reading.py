"""A posted form as the body of a message, with what is wrong at each field.

A field's place is its name, with those of what it stands in before it: `subject.id`, `given_by.0.role`.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agents.agency.broker import AgencyError, Json
from agents.agency.drafts import number
from agents.agency.texts import Parties, local_moment
from agents.desk.forms.fields import Field, body_of, fields_of
from broker.model.days import SWEDEN
from broker.model.parts import AreaCode
from broker.model.references import correct_form, is_reference

Form = Mapping[str, Sequence[str]]
"""What was posted: each name with its values in order."""

Faults = dict[str, str]
"""The place of each field that can't stay as it is, with the key of the text that says what to do."""

WORDS = {"yes": True, "no": False}
TOLD = ("yes", "ask_first")
ON_A_DAY = "day"
"""When somebody may be told: by a word, or from a day on."""
_AREA: TypeAdapter[str] = TypeAdapter(AreaCode)
_FREE = frozenset({"text", "long", "file"})
"""What is kept as it was typed, blanks at the ends too."""
_LEAVES = frozenset({"group", "person", "organisation", "rows"})
_LONGEST = 12
"""Digits of a number that is counted."""
_LAST = (23, 59, 59)
"""The time of a deadline that is a day."""


Find = Callable[[str, str], str]
"""An id by the sort of field (`authority`, `area`) and what was typed; what is not found is given back as it is."""


def as_typed(_: str, text: str) -> str:
    """What was typed, taken for an id."""
    return text


def finder(parties: Parties) -> Find:
    """Ids of authorities and municipalities by their names."""

    def find(sort: str, text: str) -> str:
        if not text or (sort == "area" and text.isdigit()):
            return text
        try:
            id = parties.find(text, "")
        except AgencyError:
            return text
        return id.removeprefix("kommun-") if sort == "area" else id

    return find


def read(kind: str, form: Form, *, find: Find = as_typed, today: date | None = None) -> tuple[Json, Faults]:
    """The body that a form says, and its faults; what can't be understood stays as it was typed.

    `today`: the last day of what has happened.
    """
    body = read_fields(fields_of(kind), form, find=find)
    return body, check(kind, body, today=today)


def read_fields(fields: Sequence[Field], form: Form, *, find: Find = as_typed) -> Json:
    """What a form says of some fields."""
    return _Reading(form, find).group(fields, "")


def check(kind: str, body: Json, *, today: date | None = None) -> Faults:
    """What the contract says is wrong with a body, at its fields: never the value."""
    try:
        checked = body_of(kind).model_validate_json(json.dumps(body))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        deeper = {fault["loc"][:end] for fault in found for end in range(len(fault["loc"]))}
        # a list that stops at its first bad entry looks short as well
        telling = (fault for fault in found if fault["type"] != "too_short" or fault["loc"] not in deeper)
        return dict(_fault(fields_of(kind), fault) for fault in telling)
    except ValueError:  # half a surrogate pair
        return {fields_of(kind)[0].name: "sign"}
    happened = checked.past_days() if today else ()  # type: ignore[attr-defined]
    return {place: "future" for place, day in happened if today and day > today}


def filled(kind: str, body: Json) -> dict[str, list[str]]:
    """A body as what fills its form."""
    return dict(filled_fields(fields_of(kind), body))


def filled_fields(fields: Sequence[Field], body: Json, place: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each name of a form with its values."""
    for field in fields:
        value = body.get(field.name)
        if value is not None:
            yield from _fill(field, value, place + field.name)


def _fill(field: Field, value: Any, place: str) -> Iterator[tuple[str, list[str]]]:
    if field.sort == "rows":
        for index, row in enumerate(_listed(value)):
            yield from filled_fields(field.fields, row if isinstance(row, dict) else {}, f"{place}.{index}.")
    elif field.sort in _LEAVES:
        yield from filled_fields(field.fields, value if isinstance(value, dict) else {}, f"{place}.")
    elif field.sort == "several":
        yield place, [_typed(field.fields[0], one) for one in _listed(value)]
    elif field.sort == "choices":
        yield place, list(map(str, _listed(value)))
    elif field.sort == "told" and value not in TOLD:
        yield place, [ON_A_DAY]
        yield f"{place}.{ON_A_DAY}", [_typed(field, value)]
    else:
        yield place, [_typed(field, value)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _typed(field: Field, value: Any) -> str:
    """A value as a person types it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.sort in ("time", "deadline"):
        return _moment_typed(field, str(value))
    return str(value)


def _moment_typed(field: Field, text: str) -> str:
    """A moment in Swedish time, a deadline at the end of a day as that day; in full where that would say another."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return text
        local = moment.astimezone(SWEDEN)
    except (ValueError, OverflowError):
        return text
    if field.sort == "deadline" and (local.hour, local.minute, local.second) == _LAST and not local.microsecond:
        return local.date().isoformat()
    short = f"{local.date().isoformat()} {local:%H.%M}"
    return short if _moment(short) == moment.astimezone(UTC).isoformat() else text


def _moment(text: str) -> str:
    """A moment as it is typed, in Swedish time where no zone is said: `2026-03-02 9.30`; else the text itself."""
    day, _, clock = text.replace("T", " ").partition(" ")
    clock = clock.removeprefix("kl").lstrip(". ")
    hour, point, rest = clock.partition("." if clock[:3].find(".") >= 0 else ":")
    try:
        when = local_moment(f"{day} {hour.zfill(2)}:{rest}") if point else None
    except OverflowError:
        return text
    return when.isoformat() if when else text


_RULES: Mapping[str, str] = {
    "missing": "missing",
    "enum": "word",
    "string_too_long": "too_long",
    "string_too_short": "missing",
    "too_short": "too_few",
    "too_long": "too_many",
    "int_type": "number",
    "int_parsing": "number",
    "less_than_equal": "number_bounds",
    "greater_than_equal": "number_bounds",
    "bool_type": "word",
    "uuid_parsing": "message",
    "string_unicode": "sign",
    "json_invalid": "sign",
}
"""pydantic's rule -> the key of our text, where the rule is not one of the field's sort."""

_SORTS = frozenset({"day", "time", "deadline", "told", "month", "authority", "area", "reference", "message"})
"""Sorts with a text of their own for what is not one."""

_SAID: tuple[tuple[str, str, str], ...] = (
    ("must have a subject or an organisation", "about_one", "subject"),
    ("must not have both a subject", "about_one", "subject"),
    ("must have content or sealed", "missing", "content"),
    ("id must be given", "no_number", "id"),
    ("id must be 12 digits", "twelve_digits", "id"),
    ("id not the sort", "sort_of_number", "id_type"),
    ("id wrong check digit", "wrong_number", "id"),
    ("id_issuer says", "issuer", "id_issuer"),
    ("birth_date differs", "born_otherwise", "birth_date"),
    ("must have no sign", "sign", "id"),
    ("orgnr must be", "wrong_orgnr", "orgnr"),
    ("orgnr has a third digit", "orgnr_of_a_person", "orgnr"),
    ("valid_until is before", "ends_before", "valid_until"),
    ("handed_at is before", "ends_before", "handed_at"),
    ("no_provision_applies must have a reason", "reason", "reason"),
    ("no_provision_applies is answered on each item", "on_each_item", ""),
    ("names a secrecy provision", "both_secrecies", "secrecy"),
    ("two different answers", "two_answers", ""),
    ("must be a function", "function", ""),
    ("must be an id of the authority's own", "no_persons_number", ""),
    ("must lie in the years", "years", ""),
    ("must be a UUID", "message", ""),
    ("reference belongs", "registered_only", "reference"),
    ("go_to belongs", "not_for_us_only", "go_to"),
    ("unit says", "handed_over_only", "unit"),
    ("must not begin or end", "blanks", ""),
)
"""How a rule of the contract begins, the key of our text, and the field that it is told at."""


def _fault(fields: Sequence[Field], fault: Any) -> tuple[str, str]:
    """Where a fault is told, and the key of the text that says what to do."""
    place, field = _find_field(fields, fault["loc"])
    rule = fault["type"]
    entry = field.fields[0] if field and field.sort == "several" else field
    sort = entry.sort if entry else ""
    if rule == "value_error":
        said = str(fault["ctx"]["error"])
        for start, key, at in _SAID:
            if said.startswith(start):
                return ".".join(filter(None, (place, at))), key
    if rule in _RULES:
        return place, _RULES[rule]
    return place, sort if sort in _SORTS else "value"


def _find_field(fields: Sequence[Field], location: Sequence[int | str]) -> tuple[str, Field | None]:
    """The deepest field on the way to a place, and its name in the form."""
    names: list[str] = []
    field: Field | None = None
    for part in location:
        if isinstance(part, int):
            if field is None or field.sort != "rows":
                break
            names.append(str(part))
        else:
            field = next((one for one in fields if one.name == part), None)
            if field is None:
                break
            names.append(field.name)
            fields = field.fields
    return ".".join(names), field


def reference(text: str) -> str:
    """A statutory reference in its one form, where it is clear what is meant; else the text."""
    return text if is_reference(text) else correct_form(text) or text


def is_area(text: str) -> bool:
    """Whether a text is an area that a message may be for."""
    try:
        _AREA.validate_python(text)
    except ValidationError:
        return False
    return True


class _Reading:
    """In: what was posted, and what finds an authority."""

    def __init__(self, form: Form, find: Find) -> None:
        self._form = form
        self._typed: Mapping[str, Callable[[str], Any]] = {
            "yes_no": lambda word: WORDS.get(word, word),
            "number": _number,
            "time": _moment,
            "deadline": _moment,
            "reference": reference,
            "authority": lambda text: find("authority", text),
            "area": lambda text: find("area", text),
        }

    def group(self, fields: Sequence[Field], place: str) -> Json:
        """Those of its fields that say something."""
        read = {field.name: self._read(field, place + field.name) for field in fields}
        body = {name: value for name, value in read.items() if value is not None}
        return _numbered(body) if any(field.name == "id_type" for field in fields) else body

    def _read(self, field: Field, place: str) -> Any:
        if field.sort == "rows":
            rows = (self.group(field.fields, f"{place}.{index}.") for index in self._indexes(place))
            return [row for row in rows if row] or None
        if field.sort in _LEAVES:
            return self.group(field.fields, f"{place}.") or None
        if field.sort in ("choices", "several"):
            entry = field.fields[0] if field.fields else field
            values = (self._value(entry, text) for text in self._form.get(place, ()))
            return [value for value in values if value is not None] or None
        said = next(iter(self._form.get(place, ())), "")
        if field.sort == "told" and said == ON_A_DAY:
            said = next(iter(self._form.get(f"{place}.{ON_A_DAY}", ())), "") or ON_A_DAY
        return self._value(field, said)

    def _indexes(self, place: str) -> list[int]:
        """Rows of which something was posted."""
        start = f"{place}."
        rest = (name.removeprefix(start).partition(".")[0] for name in self._form if name.startswith(start))
        return sorted({int(index) for index in rest if index.isascii() and index.isdigit()})

    def _value(self, field: Field, text: str) -> Any:
        """What one text says; None: nothing."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            return None
        return text if field.sort in _FREE else self._typed.get(field.sort, str)(text.strip())


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < _LONGEST else text


def _numbered(person: Json) -> Json:
    """A person with the sort of number that its digits tell, where no sort was said."""
    known = number(str(person.get("id") or ""))
    if known is None or person.get("id_type") == "reserve":
        return person
    return {"id_type": known[1], **person, "id": known[0]}
