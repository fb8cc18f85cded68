"""What is wrong with a message that the models refuse, in plain words: each place and its rule, never the value.

A value may be somebody's name, and so may the name of an unknown field: of names, only those of the contract are told.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from broker.kinds import KINDS
from broker.model.shape import broken_rule

BETWEEN = "; "
"""Stands between the faults of one line."""
_LONG = 500
"""After so many signs the rest is left out."""


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
    location = list(fault["loc"])
    if fault["type"] == "extra_forbidden":
        return "unknown_field", _unknown(model, location)
    code, text = broken_rule(fault)
    return code, text if fault["type"] == "value_error" and not location else f"{place(location)}: {text}"


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
