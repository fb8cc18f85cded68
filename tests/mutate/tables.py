"""The changes of a table (`data.json`): a value by one, a flag the other way, an entry less, another word."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import yaml

from mutate.change import Change

Place = tuple[str | int, ...]
UNREAD = {"source", "name", "fines", "life", "acts", "unresolved"}
"""Fields that no rule reads: for a human, or for what is checked elsewhere."""
UNREAD_FILES = {"clocks/data.json", "missing/data.json"}
"""Tables that Python alone reads: the clocks, and the examples of what may be supposed."""


def changes(file: str, text: str) -> Iterator[Change]:
    """Every single change of the table, in its order; what no rule reads is left alone."""
    if file in UNREAD_FILES:
        return
    table = json.loads(text)
    lines = dict(_lines(yaml.compose(text, Loader=yaml.CSafeLoader), ()))
    for place, line in lines.items():
        if not place or not UNREAD.isdisjoint(place):
            continue
        value = _at(table, place)
        for what, new in _values(value):
            yield Change(file, line, _told(place), what, partial(_with, text, place, new))
        if len(place) > 1 and (isinstance(value, dict | list) or isinstance(place[-1], int)):
            what = f"{_entry(place, value)} dropped"
            yield Change(file, line, _told(place[:-1]), what, partial(_with, text, place))


def _lines(node: yaml.Node | None, place: Place) -> Iterator[tuple[Place, int]]:
    """Each value's place, and the line that it begins on. JSON is YAML, and YAML's reader keeps the lines."""
    if node is None:
        return
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _lines(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for n, value in enumerate(node.value):
            yield from _lines(value, (*place, n))


def _values(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        yield f"{value} → {not value}", not value
    elif isinstance(value, int):
        for by in (1, -1):
            yield f"{value} → {(new := _by(value, by))}", new
    elif isinstance(value, str):
        yield f"{value} → {value}_", f"{value}_"


def _by(value: int, by: int) -> int:
    """A day by a day, another number by one."""
    if value < 19000000:
        return value + by
    day = date(value // 10000, value // 100 % 100, value % 100) + timedelta(days=by)
    return day.year * 10000 + day.month * 100 + day.day


def _at(table: Any, place: Place) -> Any:
    for key in place:
        table = table[key]
    return table


def _with(text: str, place: Place, *new: Any) -> str:
    """The table with another value at the place, or without it."""
    table = json.loads(text)
    above = _at(table, place[:-1])
    if new:
        above[place[-1]] = new[0]
    else:
        del above[place[-1]]
    return json.dumps(table, ensure_ascii=False)


def _told(place: Place) -> str:
    return ".".join(map(str, place))


def _entry(place: Place, value: Any) -> str:
    """An entry of a list by what it says: its number moves."""
    return str(place[-1]) if isinstance(place[-1], str) or isinstance(value, dict) else str(value)
