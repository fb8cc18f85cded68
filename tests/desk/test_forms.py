"""Each kind's form: it says all that the kind can say, and says it back; what is wrong is told at its field."""

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel
from strategies import BODIES

from agents.agency.lines import Receipt
from agents.agency.texts import LANGUAGES, Texts
from agents.desk.forms.fields import TABLES, Field, body_of, fields_in
from agents.desk.forms.outcome import sections
from agents.desk.forms.reading import check, filled, read
from agents.desk.texts import Words
from broker.kinds import KINDS

TODAY = date(2200, 12, 31)
PERSON = "201003142393"


def typed(value: Any) -> Any:
    """As a browser gives it back: line ends are one sign, and a text of blanks alone says nothing."""
    if isinstance(value, dict):
        return {name: typed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [typed(one) for one in value]
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n") if value.strip() else "x"
    return value


def said(kind: str, body: Any) -> Any:
    """What a body says: what is not stated, stated as usual or empty is the same."""
    return told(body_of(kind).model_validate_json(json.dumps(body)).model_dump(mode="json", exclude_defaults=True))


def told(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: one for name, given in value.items() if (one := told(given)) not in (None, {}, [], "")}
    return [one for given in value if (one := told(given)) != {}] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
def test_a_body_fills_a_form_that_reads_as_the_same_body(kind: str, data: st.DataObject) -> None:
    body = typed(in_clear(data.draw(BODIES[kind])))
    try:
        same = said(kind, body)
    except ValueError:
        assume(False)  # a number of blanks, made a text
    again, faults = read(kind, filled(kind, body), today=TODAY)
    assert faults == {}
    assert said(kind, again) == same


def models(model: type[BaseModel]) -> Iterator[tuple[type[BaseModel], tuple[Field, ...]]]:
    fields = fields_in(model)
    yield model, fields
    for field in fields:
        if field.fields and field.sort != "several":
            yield from models(next(inner_models(model.model_fields[field.name].annotation)))


def inner_models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from inner_models(inner)


def in_clear(body: dict[str, Any]) -> dict[str, Any]:
    """As a person writes it: what is sealed is so on its way."""
    items = [{**item, "content": item.get("content", "…"), "sealed": None} for item in body.get("items", ())]
    return body | ({"items": items} if items else {})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nothing_that_a_kind_can_say_is_unreachable(kind: str) -> None:
    for model, fields in models(body_of(kind)):
        assert [field.name for field in fields] == [name for name in model.model_fields if name != "sealed"]
        for field in fields:
            words = words_of(model.model_json_schema(), field.name)
            assert set(words) <= set(field.options), f"{model.__name__}.{field.name}"


def words_of(schema: Any, name: str) -> list[str]:
    """The closed list of a field, or of what it is a list of."""
    found = [schema["properties"][name]]
    while found:
        one = found.pop()
        if "enum" in one:
            return list(one["enum"])
        if "$ref" in one:
            found.append(schema["$defs"][one["$ref"].rpartition("/")[2]])
        if one.get("type") != "object":
            found += [*one.get("anyOf", ()), *([one["items"]] if "items" in one else ())]
    return []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_word_of_a_closed_list_has_a_text(lang: str) -> None:
    texts = Texts(lang)
    own = tomllib.loads((files("agents.desk") / f"texts/{lang}/words.toml").read_text("utf-8"))
    for vocabulary, table in TABLES.items():
        base, _, prefix = table.partition("/")
        for word in vocabulary:
            key = f"{prefix}/{word}" if prefix else word.value
            assert key in own if base == "words" else texts.has(base, key), f"{table}: {word}"


def test_a_person_is_known_by_the_number_as_it_is_typed() -> None:
    for text in ("20100314-2393", " 201003142393 ", "20100314 2393"):
        body, faults = read("GuardianConversation", {"subject.id": [text], "held_at": ["2026-03-02 9.30"]})
        assert (body["subject"], faults) == ({"id": PERSON, "id_type": "personnummer"}, {})
        assert body["held_at"] == "2026-03-02T08:30:00+00:00"


@pytest.mark.parametrize(
    ("form", "place", "key"),
    [
        ({}, "subject", "missing"),
        ({"subject.id": ["201003142390"]}, "subject.id", "wrong_number"),
        ({"subject.id": ["1003142393"]}, "subject.id_type", "missing"),
        ({"subject.id_type": ["personnummer"]}, "subject.id", "no_number"),
        ({"subject.id": [PERSON], "subject.birth_date": ["2010-03-15"]}, "subject.birth_date", "born_otherwise"),
        ({"subject.id": [PERSON], "subject.municipality": ["Tallköping"]}, "subject.municipality", "area"),
        ({"held_at": ["i går"]}, "held_at", "time"),
        ({"outcome": ["vet inte"]}, "outcome", "word"),
    ],
)
def test_a_fault_is_told_at_its_field(form: dict[str, list[str]], place: str, key: str) -> None:
    _, faults = read("GuardianConversation", form)
    assert faults[place] == key


def test_a_fault_in_a_row_is_told_in_the_row() -> None:
    form = {"subject.id": [PERSON], "given_by.0.role": ["subject"], "given_by.4.answer": ["no"]}
    body, faults = read("ConsentGiven", form)
    assert body["given_by"] == [{"role": "subject"}, {"answer": "no"}]
    assert {place: key for place, key in faults.items() if place.startswith("given_by")} == {
        "given_by.0.answer": "missing"
    }


def test_what_has_happened_lies_behind() -> None:
    form = {"subject.id": [PERSON], "held_at": ["2026-03-02 9.30"], "outcome": ["agreed"]}
    assert read("GuardianConversation", form, today=date(2026, 3, 1))[1] == {"held_at": "future"}
    assert read("GuardianConversation", form, today=date(2026, 3, 2))[1] == {}


def test_what_cant_be_understood_stays_as_it_was_typed() -> None:
    body, _ = read("GuardianConversation", {"held_at": ["i går"], "subject.birth_date": ["2010"]})
    assert filled("GuardianConversation", body) == {"held_at": ["i går"], "subject.birth_date": ["2010"]}


def test_half_a_sign_is_a_fault_and_no_error() -> None:
    assert check("Clarification", {"text": "\ud800"}) != {}


PLACES = ["subject.id", "items.0.category", "items.9.content", "items.x.content", "offence.date", "purpose", "replaces"]


@given(form=st.dictionaries(st.sampled_from(PLACES), st.lists(st.text(), max_size=2)))
def test_no_form_is_an_error(form: dict[str, list[str]]) -> None:
    body, faults = read("Disclosure", form, today=TODAY)
    json.dumps(body)
    assert faults


@pytest.mark.parametrize(
    ("kind", "bar", "words"),
    [
        ("ConditionNotice", "incomplete", "villkoret med plats och tider"),
        ("CouncilReferral", "personal_data", "en människa avgör"),
        ("SituationPicture", "personal_data", "ta bort dem"),
    ],
)
def test_what_stands_in_the_way_is_told_in_words_of_the_kind(kind: str, bar: str, words: str) -> None:
    receipt = Receipt({"outcome": "refer", "bars": [{"id": bar, "ref": None, "items": []}], "items": []})
    (section,) = sections(Words("sv"), kind, None, {}, receipt)
    assert words in section.bars[0]
    assert words in Texts("sv").bar(bar, kind, "refer")
