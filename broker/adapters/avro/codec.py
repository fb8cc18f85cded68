"""Messages as Avro: single-object encoding, the canonical bytes.

The only importer of fastavro.

`C3 01`, the fingerprint of the schema (CRC-64-AVRO, little-endian), the body: Apache Avro 1.12 specification,
"Single-object encoding". A schema has exactly one such encoding of a message. Every version that was given out stays
readable (`schemas/avro/v1/`, …). A message is written with the first version that can hold it: so its bytes are its
identity (`canonical`) also after a field was added, and who knows only older versions still reads all that can be
said in them.

Reading trusts no byte: size, then every count, length and index (`bounds`), then fastavro, then the rules that
the JSON form is held to (the model), last the message is written again and must give the same bytes.
"""

import datetime as dt
import json
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any, cast

from fastavro import parse_schema, schemaless_reader, schemaless_writer
from fastavro.schema import fingerprint, to_parsing_canonical_form
from fastavro.types import AvroMessage, Schema
from pydantic import ValidationError

from broker.adapters.avro.bounds import Check, OutOfBounds, bounds_of
from broker.kinds import KINDS, Message
from broker.kinds.codec import NotAvro
from broker.kinds.faults import describe
from broker.pipeline.decode import AVRO_MARK, MAX_BYTES

_HEAD = 10
_LACKS = "missing from the record"
"""In what fastavro says of a field that is required."""


def packaged_schemas() -> Traversable:
    """Where the schema files are: in the installed package, else beside it in the repository."""
    installed = files("broker") / "schemas"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "schemas" / "avro"


@dataclass(frozen=True)
class _Form:
    """One kind's schema, ready for use."""

    model: type[Message]
    raw: Any
    schema: Schema
    head: bytes
    check: Check


class AvroCodec:
    """Writes and reads messages of every kind in `KINDS`.

    In: the folder of the schema files. Raises FileNotFoundError or ValueError when one is missing or can't be used.
    """

    def __init__(self, schemas: Traversable | None = None) -> None:
        folder = packaged_schemas() if schemas is None else schemas
        self._forms = {kind: _forms(folder, kind) for kind in KINDS}
        self._by_head = {form.head: form for forms in self._forms.values() for form in forms}

    def fingerprints(self, kind: str) -> tuple[str, ...]:
        """The fingerprints of a kind's schemas in hex, oldest first; bytes in the order in which a message has them."""
        return tuple(form.head[len(AVRO_MARK) :].hex() for form in self._forms[kind])

    def write(self, message: Message) -> bytes:
        """The encoding of a message in the first version of its schema that can hold it."""
        for form in self._forms[message.kind][:-1]:
            try:
                return _encode(message, form)
            except ValueError:  # a field or a word that came later
                continue
        return _encode(message, self._forms[message.kind][-1])

    def canonical(self, message: Message) -> bytes:
        """The bytes that make two messages the same: those of `write`."""
        return self.write(message)

    def read(self, data: bytes) -> Message:
        """The message that exactly these bytes encode. Raises NotAvro with place and rule, never a value."""
        if len(data) > MAX_BYTES:
            raise NotAvro("message: larger than 1 MiB")
        if not data.startswith(AVRO_MARK):
            raise NotAvro("message: must begin with C3 01, the mark of Avro single-object encoding")
        form = self._by_head.get(data[:_HEAD])
        if form is None:
            raise NotAvro("message: the fingerprint is of no schema known here")
        try:
            form.check(data, _HEAD)
            message = form.model.model_validate_json(json.dumps(_record(form, data), default=_as_text))
        except OutOfBounds as error:
            raise NotAvro(str(error)) from None
        except ValidationError as error:
            raise NotAvro(describe(error, form.model)[1]) from None
        if _encode(message, form) != data:
            raise NotAvro("message: not in the canonical form")
        return message


def _forms(folder: Traversable, kind: str) -> list[_Form]:
    """A kind's schemas, oldest first: those given out before, each version in a folder of its own, and today's."""
    earlier = sorted((entry for entry in folder.iterdir() if entry.is_dir()), key=lambda entry: entry.name)
    before = [file for version in earlier if (file := version / f"{kind}.avsc").is_file()]
    every = [_form(kind, file.read_text("utf-8")) for file in [*before, folder / f"{kind}.avsc"]]
    return list({form.head: form for form in every}.values())


def _encode(message: Message, form: _Form) -> bytes:
    """Raises ValueError where the message says something that the schema has no place for."""
    out = BytesIO(form.head)
    out.seek(0, SEEK_END)
    # defaults are the schema's: what is left out is no field that an older version lacks. Tuples are lists here:
    # fastavro would take one inside a union for a (branch, value) pair
    said = message.model_dump(exclude_defaults=True)
    try:
        schemaless_writer(out, form.schema, said, strict_allow_default=True, disable_tuple_notation=True)
    except ValueError as error:
        if _LACKS not in str(error):
            raise
        out.truncate(len(form.head))
        out.seek(0, SEEK_END)
        said = _with_required(form.raw, said, message.model_dump(), {})
        schemaless_writer(out, form.schema, said, strict_allow_default=True, disable_tuple_notation=True)
    return out.getvalue()


def _with_required(schema: Any, said: Any, whole: Any, named: dict[str, Any]) -> Any:
    """What is said, with the fields that this schema has no default for, though today's model has one."""
    if isinstance(schema, str):
        schema = named.get(schema, schema)
    if isinstance(schema, list):
        for branch in schema:
            said = _with_required(branch, said, whole, named)
    elif isinstance(schema, dict) and schema["type"] == "record":
        named[schema["name"]] = schema
        if isinstance(said, dict):
            for field in schema["fields"]:
                name = field["name"]
                if name in said:
                    said[name] = _with_required(field["type"], said[name], whole[name], named)
                elif "default" not in field and name in whole:
                    said[name] = whole[name]
                else:
                    _with_required(field["type"], None, None, named)
    elif isinstance(schema, dict) and schema["type"] == "array":
        if isinstance(said, list | tuple):
            return [_with_required(schema["items"], one, all_, named) for one, all_ in zip(said, whole, strict=True)]
        _with_required(schema["items"], None, None, named)
    return said


def _form(kind: str, text: str) -> _Form:
    raw = json.loads(text)
    schema = parse_schema(raw)
    mark = bytes.fromhex(fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO"))
    return _Form(KINDS[kind], raw, schema, AVRO_MARK + mark, bounds_of(raw))


def _record(form: _Form, data: bytes) -> AvroMessage:
    try:
        return schemaless_reader(BytesIO(data[_HEAD:]), cast("dict[str, Any]", form.schema), None)
    except (ValueError, EOFError, LookupError, OverflowError, TypeError):
        # not reached as far as is known: the bounds are narrower. fastavro's texts can hold values
        raise NotAvro("message: can't be decoded") from None


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
