"""From bytes to a typed message: the first room a message passes, and the strictest.

One line in: JSON text, or Avro in single-object encoding. One typed message out, or `Unusable`, whose code and
detail name the field and the rule and never hold a value, for the value may be somebody's name.
"""

import json
from codecs import BOM_UTF8
from difflib import get_close_matches
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from broker.authorities import ANONYMOUS
from broker.kinds import KINDS, Message
from broker.kinds.codec import AvroReader, NotAvro
from broker.kinds.faults import describe
from broker.model.parts import AuthorityId
from broker.model.unusable import Unusable

MAX_BYTES = 1 << 20
"""Largest message, encoded (contract: 1 MiB)."""

TOO_LARGE = "too_large"
"""The code of what is larger than it may be, itself or with what would be made of it."""

AVRO_MARK = b"\xc3\x01"
"""Begins every message in Avro single-object encoding; the schema's fingerprint comes next, in eight bytes."""
_AUTHORITY: TypeAdapter[str] = TypeAdapter(AuthorityId)
_MOST_FIELDS = 64
"""More than any object in the contract has: the models would tell of each unknown one."""
_UNLIKE = (b"null", rb"\u")
"""What a text has that is not read as it stands: a null is left out, half a surrogate pair refused."""
_TOO_DEEP = ("too_deep", "nested too deeply: no message is")


def schema_in(data: bytes) -> str:
    """The fingerprint that Avro bytes begin with, in hex; of other bytes, what stands in its place."""
    return data[len(AVRO_MARK) : len(AVRO_MARK) + 8].hex()


def decode(line: bytes, avro: AvroReader) -> Message:
    """Decode and validate one message.

    In: the bytes of one line, without its end. Out: a message of one of `KINDS`. Raises Unusable.
    """
    if len(line) > MAX_BYTES:
        raise Unusable(TOO_LARGE, "larger than 1 MiB: send the content in several messages")
    if line.startswith(AVRO_MARK):
        try:
            return avro.read(line)
        except NotAvro as error:
            raise Unusable("invalid_avro", str(error)) from None
    return _read_typed(object_in(line), line.removeprefix(BOM_UTF8))


def object_in(line: bytes) -> dict[str, object]:
    """The object that a line of JSON is, its null fields left out. Raises Unusable."""
    try:
        text = line.removeprefix(BOM_UTF8).decode("utf-8")  # RFC 8259 8.1: a mark before the text may be ignored
        value = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Unusable("invalid_utf8", "not UTF-8: write the file as UTF-8") from None
    except RecursionError:
        raise Unusable(*_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise Unusable("not_json", f"not JSON, at character {error.pos + 1}: one message a line") from None
    except ValueError:
        raise Unusable("not_json", "not JSON: a number too long, NaN or Infinity") from None
    if not isinstance(value, dict):
        raise Unusable("not_object", "not a JSON object: a message is an object with id, kind, sender …")
    return value


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """One object; a null field counts as left out (contract), a field given twice is refused."""
    if len(pairs) > _MOST_FIELDS:
        raise Unusable("unknown_field", "an object has more fields than any in the contract")
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unusable("field_twice", "a field is given twice in one object")
    if None in fields.values():
        return {key: value for key, value in pairs if value is not None}
    return fields


def _no_constant(_: str) -> object:
    raise ValueError


def _read_typed(fields: dict[str, object], text: bytes) -> Message:
    """The message that the fields are, of which this is the text. Raises Unusable."""
    message, sender = _id_of(fields), _sender_of(fields)
    kind = fields.get("kind")
    model = KINDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        code = "unknown_kind" if "kind" in fields else "missing_field"
        near = get_close_matches(kind[:60], KINDS, n=1) if isinstance(kind, str) else []
        detail = (
            f"kind: is not a word of the contract, nearest is {near[0]}"
            if near
            else f"kind: must be one of the {len(KINDS)} kinds of the contract: see schemas/contract.md"
        )
        raise Unusable(code, detail, message=message, sender=sender)
    try:
        if any(mark in text for mark in _UNLIKE):
            text = json.dumps(fields, ensure_ascii=False).encode()
        return model.model_validate_json(text, strict=True)
    except UnicodeEncodeError:
        detail = "half a surrogate pair in a text: write the character itself"
        raise Unusable("invalid_utf8", detail, message=message, sender=sender) from None
    except ValidationError as error:
        code, detail = describe(error, model)
        raise Unusable(code, detail, message=message, sender=sender) from None
    except RecursionError:
        raise Unusable(*_TOO_DEEP, message=message, sender=sender) from None


def stated_id(line: bytes) -> UUID | None:
    """The id that a line of JSON states, whatever else is wrong with it."""
    try:
        return _id_of(object_in(line))
    except Unusable:
        return None


def _id_of(fields: dict[str, object]) -> UUID | None:
    given = fields.get("id")
    try:
        return UUID(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _sender_of(fields: dict[str, object]) -> str | None:
    """The sender as stated, if it has the form of an id: anything else could be somebody's name."""
    body = fields.get("body")
    if isinstance(body, dict) and body.get("anonymous") is True:
        return ANONYMOUS
    sender = fields.get("sender")
    try:
        return _AUTHORITY.validate_python(sender.get("authority") if isinstance(sender, dict) else None, strict=True)
    except ValidationError:
        return None
