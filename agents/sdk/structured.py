"""A message of Samband as XML (`schemas/xml`): each field an element of its name, a list as many of them.

From JSON to XML to JSON nothing is lost: what is left out, null or an empty list is the same there as here.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from agents.desk.forms import fields
from agents.desk.forms.fields import Field, fields_in
from agents.sdk import xml
from agents.sdk.xml import Element
from broker.kinds import KINDS, Recipient, Sender

Json = dict[str, Any]

NAMESPACE = "urn:samband:message:1"
ROOT = "message"
CONTENT_TYPE = "application/xml"
ENVELOPE = (
    Field("id", "message", "Message", required=True),
    Field("sender", "group", "Message", required=True, fields=fields_in(Sender)),
    Field("recipient", "group", "Message", required=True, fields=fields_in(Recipient)),
    Field("time", "time", "Message", required=True),
    Field("case", "text", "Message", most=100),
    Field("in_reply_to", "message", "Message"),
)
"""What every message has, in this order; its body comes last, in an element of the kind's name."""
BODY = "body"
_SEALED = Field(
    "sealed",
    "group",
    "Item",
    fields=tuple(Field(name, "text", "Sealed", required=True) for name in ("key", "encapsulated", "ciphertext")),
)
"""What no form asks for: a content that is sealed to its recipient."""
_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODING, _BASE64 = "encoding", "base64"
LISTS = ("rows", "several", "choices")


class NotStructured(ValueError):
    """It is no message in this form: where, without any value."""


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind's body, whole."""
    return tuple(
        replace(one, fields=(*one.fields, _SEALED)) if one.name == "items" else one for one in fields.fields_of(kind)
    )


def encode(message: Json) -> bytes:
    """A message as XML. Raises NotStructured where it has a field that the contract has not, or one of another sort."""
    kind = str(message.get("kind"))
    if kind not in KINDS:
        raise NotStructured("kind: no such kind")
    root = xml.write(ROOT, NAMESPACE)
    _fill(root, {name: value for name, value in message.items() if name not in ("kind", BODY)}, ENVELOPE)
    _fill(xml.add(xml.add(root, BODY), kind), message.get(BODY) or {}, fields_of(kind))
    return xml.encode(root)


def decode(content: bytes) -> Json:
    """A message. Raises NotStructured."""
    try:
        root = xml.parse(content)
    except xml.Unreadable as error:
        raise NotStructured(str(error)) from None
    if root.tag != f"{{{NAMESPACE}}}{ROOT}":
        raise NotStructured("another document")
    bodies = [one for one in xml.elements(root) if one.tag == f"{{{NAMESPACE}}}{BODY}"]
    kinds = [kind for body in bodies for kind in xml.elements(body)]
    if len(bodies) != 1 or len(kinds) != 1 or xml.local(kinds[0]) not in KINDS:
        raise NotStructured("body: one element of a kind's name")
    kind = xml.local(kinds[0])
    said = _read([one for one in xml.elements(root) if one is not bodies[0]], ENVELOPE)
    return {**said, "kind": kind, BODY: _read(list(xml.elements(kinds[0])), fields_of(kind))}


def is_structured(content_type: str, content: bytes) -> bool:
    """Whether an attachment says that it is one."""
    sort = content_type.partition(";")[0].strip().lower()
    return sort in (CONTENT_TYPE, "text/xml") and NAMESPACE.encode() in content[:4096]


def _fill(element: Element, said: Json, of: Sequence[Field]) -> None:
    known = {one.name for one in of}
    if unknown := sorted(set(said) - known):
        raise NotStructured(f"{xml.place(element)}: {', '.join(unknown)}: not in the contract")
    for one in of:
        value = said.get(one.name)
        for entry in _entries(one, value):
            child = xml.add(element, one.name)
            if one.fields and one.sort != "several":
                if not isinstance(entry, dict):
                    raise NotStructured(f"{xml.place(child)}: of another sort")
                _fill(child, entry, one.fields)
            else:
                _write(child, entry)


def _entries(field: Field, value: object) -> Iterator[Any]:
    if value is None:
        return
    if field.sort in LISTS:
        if not isinstance(value, list | tuple):
            raise NotStructured(f"{field.name}: of another sort")
        yield from value
    else:
        yield value


def _write(element: Element, value: object) -> None:
    if isinstance(value, bool):
        element.text = "true" if value else "false"
    elif isinstance(value, int):
        element.text = str(value)
    elif isinstance(value, str):
        if _UNSAYABLE.search(value):  # XML has no way to say it
            element.set(_ENCODING, _BASE64)
            value = base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()
        element.text = value
    else:
        raise NotStructured(f"{xml.place(element)}: of another sort")


def _read(elements: Sequence[Element], of: Sequence[Field]) -> Json:
    by_name = {one.name: one for one in of}
    said: Json = {}
    for element in elements:
        field = by_name.get(xml.local(element)) if element.tag.startswith(f"{{{NAMESPACE}}}") else None
        if field is None:
            raise NotStructured(f"{xml.place(element)}: not in the contract")
        value = _value(element, field)
        if field.sort in LISTS:
            said.setdefault(field.name, []).append(value)
        elif field.name in said:
            raise NotStructured(f"{xml.place(element)}: more than once")
        else:
            said[field.name] = value
    return said


def _value(element: Element, field: Field) -> Any:
    below = list(xml.elements(element))
    if field.fields and field.sort != "several":
        return _read(below, field.fields)
    if below:
        raise NotStructured(f"{xml.place(below[0])}: not in the contract")
    text = "".join(element.itertext())
    sort = field.fields[0].sort if field.sort == "several" else field.sort
    try:
        if element.get(_ENCODING) == _BASE64:
            return base64.b64decode(text, validate=True).decode("utf-8", "surrogatepass")
        if sort == "yes_no":
            return {"true": True, "1": True, "false": False, "0": False}[text.strip()]
        return int(text) if sort == "number" else text
    except (KeyError, ValueError, binascii.Error):
        raise NotStructured(f"{xml.place(element)}: of another sort") from None
