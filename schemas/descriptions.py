"""Each field's docstring becomes its description, where schemas are made: to read them from the source takes long."""

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent
from typing import get_args

from broker.model.parts import Part

_described: set[type[Part]] = set()


def describe_fields() -> None:
    """Of every part of a message that there is by now."""
    parts = [part for part in _below(Part) if part not in _described]
    _described.update(parts)
    for part in parts:
        told = {name: text for of in reversed(part.__mro__) if issubclass(of, Part) for name, text in _docstrings(of)}
        for name, field in part.model_fields.items():
            field.description = field.description or told.get(name)
    built = set[type[Part]]()
    for part in parts:
        _build(part, built)


def _build(part: type[Part], built: set[type[Part]]) -> None:
    """Anew, after those that it is made of: it takes these as they are built."""
    if part not in built:
        built.add(part)
        for field in part.model_fields.values():
            for within in _parts_in(field.annotation):
                _build(within, built)
        part.model_rebuild(force=True)


def _parts_in(annotation: object) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for argument in get_args(annotation):
        yield from _parts_in(argument)


def _below(part: type[Part]) -> Iterator[type[Part]]:
    for below in part.__subclasses__():
        yield below
        yield from _below(below)


def _docstrings(part: type[Part]) -> Iterator[tuple[str, str]]:
    """The fields that a class names itself, with the text below each."""
    [written] = ast.parse(dedent(inspect.getsource(part))).body
    assert isinstance(written, ast.ClassDef)
    for field, below in pairwise(written.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
