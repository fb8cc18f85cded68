"""Makes the Avro schemas in `schemas/avro/` from the message models: one file for each message and one for the receipt.

A development task: `python -m schemas.write_avro` writes the files, `--check` only compares.
The models are the source, so a field, a doc or a default is written once. The version is part of the namespace,
because the fingerprint that a message carries sees names and types, and neither docs nor defaults (Avro 1.12,
"Parsing Canonical Form").

Choices that keep old and new readers together: `kind` is an enum with one symbol, so that no message can be read
as another kind; no enum has a default symbol, so that an unknown word is an error and never another word; whole
numbers are `long`; each list says its bound in `maxItems`, a property that only our decoder reads.
"""

import datetime as dt
import json
import sys
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from broker.kinds import KINDS
from broker.model.receipt import Receipt
from schemas.descriptions import describe_fields

NAMESPACE = "se.samband.v1"
DIRECTORY = Path(__file__).parents[1] / "schemas" / "avro"

Json = dict[str, Any]
_Defined = dict[str, type]

_PRIMITIVES: dict[Any, str | Json] = {
    str: "string",
    bool: "boolean",
    int: "long",
    UUID: {"type": "string", "logicalType": "uuid"},
    AwareDatetime: {"type": "long", "logicalType": "timestamp-micros"},
    dt.date: {"type": "int", "logicalType": "date"},
}


def schema_of(model: type[BaseModel]) -> Json:
    """The Avro schema of one model. Raises TypeError where a field has no doc, no bound or no Avro type."""
    describe_fields()
    defined: _Defined = {model.__name__: model}
    return _record(model, defined, namespace=NAMESPACE)


def files() -> dict[str, str]:
    """File name -> text, for every message and the receipt."""
    models: list[type[BaseModel]] = [*KINDS.values(), Receipt]
    return {
        f"{model.__name__}.avsc": json.dumps(schema_of(model), ensure_ascii=False, indent=2) + "\n" for model in models
    }


def differing(directory: Path) -> list[str]:
    """Names of files that are missing, differ or belong to no message."""
    wanted = files()
    present = {path.name: path.read_text("utf-8") for path in directory.glob("*.avsc")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def write(directory: Path) -> None:
    """Write every file that differs, and remove those that belong to no message."""
    wanted = files()
    for name in differing(directory):
        if name in wanted:
            (directory / name).write_text(wanted[name], "utf-8")
        else:
            (directory / name).unlink()


def _record(model: type[BaseModel], defined: _Defined, **more: str) -> Json:
    fields = model.model_fields
    # a message begins with `id` and `kind`, as in the contract, although `kind` is declared after the envelope
    first = ("id", "kind") if "kind" in fields else ()
    return {
        "type": "record",
        "name": model.__name__,
        **more,
        "doc": _first_line(model),
        "fields": [_field(model, name, fields[name], defined) for name in sorted(fields, key=lambda n: n not in first)],
    }


def _field(model: type[BaseModel], name: str, field: FieldInfo, defined: _Defined) -> Json:
    doc = " ".join((field.description or "").split())
    if not doc:
        raise TypeError(f"{model.__name__}.{name} has no docstring")
    schema: Any
    if get_origin(field.annotation) is Literal:
        symbols = list(get_args(field.annotation))
        schema = {"type": "enum", "name": f"{model.__name__}{name.title()}", "doc": doc, "symbols": symbols}
    else:
        schema = _type(field.annotation, field.metadata, defined)
    default = {} if field.is_required() else {"default": _default(field.default)}
    return {"name": field.alias or name, "doc": doc, "type": schema, **default}


def _type(annotation: Any, metadata: list[Any], defined: _Defined) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0], [*metadata, *arguments[1:]], defined)
    if origin in (Union, UnionType) and len(arguments) == 2 and arguments[1] is NoneType:
        return ["null", _type(arguments[0], metadata, defined)]
    if origin is tuple and arguments[1:] == (...,):
        return {"type": "array", "items": _type(arguments[0], [], defined), "maxItems": _max_length(metadata)}
    if annotation in _PRIMITIVES:
        return _PRIMITIVES[annotation]
    if isinstance(annotation, type) and issubclass(annotation, (BaseModel, Enum)):
        return _by_name(annotation, defined)
    raise TypeError(f"no Avro type for {annotation}")


def _by_name(named: type[BaseModel] | type[Enum], defined: _Defined) -> Any:
    """A record or an enum: in full where it comes first in the file, after that by its name."""
    name = named.__name__
    if name in defined:
        if defined[name] is not named:
            raise TypeError(f"two types are named {name}")
        return name
    defined[name] = named
    if issubclass(named, BaseModel):
        return _record(named, defined)
    return {"type": "enum", "name": name, "doc": _first_line(named), "symbols": [member.value for member in named]}


def _max_length(metadata: list[Any]) -> int:
    """The list's `max_length`, given on the field or within its type."""
    for given in metadata:
        for rule in given.metadata if isinstance(given, FieldInfo) else (given,):
            bound = getattr(rule, "max_length", None)
            if isinstance(bound, int):
                return bound
    raise TypeError("a list without max_length")


def _default(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return list(value) if isinstance(value, tuple) else value


def _first_line(documented: type) -> str:
    lines = (documented.__doc__ or "").strip().splitlines()
    if not lines:
        raise TypeError(f"{documented.__name__} has no docstring")
    return lines[0].strip()


def main(arguments: list[str], directory: Path = DIRECTORY) -> int:
    """Write the files; with `--check` name the first that differs and return 1."""
    if arguments == ["--check"]:
        for name in differing(directory):
            sys.stdout.write(f"schemas/avro/{name} differs: run python -m schemas.write_avro\n")
            return 1
        return 0
    if arguments:
        sys.stderr.write("usage: python -m schemas.write_avro [--check]\n")
        return 2
    directory.mkdir(parents=True, exist_ok=True)
    write(directory)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
