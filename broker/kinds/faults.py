"""What is wrong with a message that the models refuse, in plain words: each place and its rule, never the value.

A value may be somebody's name, and so may the name of an unknown field: of names, only those of the contract are told.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from broker.kinds import KINDS

BETWEEN = "; "
"""Stands between the faults of one line."""
_MANY = 13
"""Of more words than so many only their number is told, so that the other faults of the line are told too."""
_LONG = 500
"""After so many signs the rest is left out."""
_TIME = "must be a time, RFC 3339 text"
_DAY = "must be a day, YYYY-MM-DD"
_UUID = "must be a UUID of version 7"
_RULES = {
    "json_invalid": ("too_deep", "nested too deeply: no message is"),  # it is JSON by then: what is left is depth
    "missing": ("missing_field", "is required"),
    "timezone_aware": ("time_without_zone", "must have a zone, for example 2026-03-02T09:00:00Z"),
    "datetime_type": ("wrong_type", _TIME),
    "datetime_parsing": ("invalid_value", _TIME),
    "datetime_from_date_parsing": ("invalid_value", _TIME),
    "date_type": ("wrong_type", _DAY),
    "date_parsing": ("invalid_value", _DAY),
    "date_from_datetime_parsing": ("invalid_value", _DAY),
    "uuid_parsing": ("invalid_value", _UUID),
    "uuid_type": ("wrong_type", _UUID),
    "string_pattern_mismatch": ("invalid_value", "is not of the form that the contract gives"),
    "string_type": ("wrong_type", "must be text"),
    "bool_type": ("wrong_type", "must be true or false"),
    "int_type": ("wrong_type", "must be a whole number"),
    "int_from_float": ("wrong_type", "must be a whole number"),
    "tuple_type": ("wrong_type", "must be a list"),
    "model_type": ("wrong_type", "must be an object"),
    "too_long": ("invalid_value", "must have at most {max_length} entries"),
    "too_short": ("invalid_value", "must have at least {min_length} entries"),
    "string_too_long": ("invalid_value", "must have at most {max_length} characters"),
    "string_too_short": ("invalid_value", "must not be empty"),
    "greater_than_equal": ("invalid_value", "must be at least {ge}"),
    "less_than_equal": ("invalid_value", "must be at most {le}"),
}
"""pydantic's rule -> our code and text. What is filled in is the contract's own bound or words."""


def describe(error: ValidationError, model: type[BaseModel]) -> tuple[str, str]:
    """Code of the first fault that a model found, and all of them (`BETWEEN`): place and rule, never the value."""
    faults = error.errors(include_url=False)
    places = {fault["loc"][:end] for fault in faults for end in range(len(fault["loc"]))}
    # a list that stops at its first bad entry looks short as well
    telling = (fault for fault in faults if fault["type"] != "too_short" or fault["loc"] not in places)
    descriptions = dict.fromkeys(_describe(fault, model) for fault in telling)
    texts: list[str] = []
    for _, text in descriptions:
        if sum(map(len, texts)) > _LONG:
            texts.append("and more")
            break
        texts.append(text)
    return next(iter(descriptions))[0], BETWEEN.join(texts)


def _describe(fault: Any, model: type[BaseModel]) -> tuple[str, str]:
    rule, location, context = fault["type"], list(fault["loc"]), fault.get("ctx", {})
    if rule == "extra_forbidden":
        return "unknown_field", _unknown(model, location)
    if rule == "value_error":  # our own text, which names no value
        text = str(context["error"])
        return "invalid_value", f"{place(location)}: {text}" if location else text
    if rule == "too_short" and context["min_length"] == 1:
        rule = "string_too_short"
    if rule in ("enum", "literal_error"):
        return "unknown_value", f"{place(location)}: {_words(fault['input'], context['expected'])}"
    code, text = _RULES.get(rule, ("wrong_type" if rule.endswith("_type") else "invalid_value", "is not valid"))
    return code, f"{place(location)}: {text.format(**context)}"


def _words(value: object, expected: str) -> str:
    """Which words there are: the one that the value is nearest to, else all, or how many where they are many."""
    words = re.findall(r"'([^']*)'", expected)
    if near := get_close_matches(str(value)[:60], words, n=1):
        return f"is not a word of the contract, nearest is {near[0]}"
    if len(words) > _MANY:
        return f"must be one of the {len(words)} words in schemas/contract.md"
    return f"must be {expected}"


def place(location: Sequence[int | str]) -> str:
    """A place in a message: the names and indexes that lead to it."""
    return ".".join(str(part) for part in location) or "message"


def _unknown(model: type[BaseModel], location: list[int | str]) -> str:
    """A field that is not in the contract there: named where the contract has such a field elsewhere."""
    *around, name = location
    fields = sorted(_model_at(model, around).model_fields)
    shown = place(location if name in _all_names() else around)
    near = get_close_matches(str(name)[:60], fields, n=1)
    nearest = f", nearest is {near[0]}" if near else ""
    return f"{shown}: a field that is not in the contract for {model.__name__}{nearest}"


def _model_at(model: type[BaseModel], location: Sequence[int | str]) -> type[BaseModel]:
    """The model of the object at a place."""
    for part in location:
        if isinstance(part, str):
            model = next(_models_in(model.model_fields[part].annotation))
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


@cache
def _all_names() -> frozenset[str]:
    """Every field name of the contract."""
    names: set[str] = set()
    ahead: list[type[BaseModel]] = list(KINDS.values())
    while ahead:
        fields = ahead.pop().model_fields
        ahead += [inner for field in fields.values() for inner in _models_in(field.annotation)]
        names |= set(fields)
    return frozenset(names)
