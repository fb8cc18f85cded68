"""JSON Schemas of all that passes an agency's desk, for `schemas/asyncapi.yaml`: messages, lines, headers.

Those of the kinds are as strict as the broker is; those of what comes from the broker are open for what is added.
"""

from typing import Any

from pydantic.json_schema import models_json_schema

from broker import cloudevents
from broker.kinds import KINDS
from broker.model.receipt import Receipt
from schemas.descriptions import describe_fields

Json = dict[str, Any]

_PLACE = "#/components/schemas/"


def schemas() -> Json:
    """Every schema under its name."""
    describe_fields()
    kinds = _definition(list(KINDS.values()))
    ours = {name: _open(schema) for name, schema in _definition([Receipt]).items() if name not in kinds}
    told = {**kinds, **ours, **_line_schemas(), **_header_schemas()}
    return {name: told[name] for name in sorted(told)}


def _definition(models: list[Any]) -> Json:
    wanted: Any = [(model, "validation") for model in models]
    _, schema = models_json_schema(wanted, ref_template=_PLACE + "{model}")
    return {name: _strip_titles(found) for name, found in schema["$defs"].items()}


def _strip_titles(found: Any) -> Any:
    """Without pydantic's titles, which repeat the names, and each description on one line."""
    if isinstance(found, list):
        return [_strip_titles(entry) for entry in found]
    if not isinstance(found, dict):
        return found
    kept = {name: value for name, value in found.items() if name != "title" or isinstance(value, dict)}
    return {
        name: " ".join(value.split()) if name == "description" and isinstance(value, str) else _strip_titles(value)
        for name, value in kept.items()
    }


def _open(schema: Json) -> Json:
    return {name: value for name, value in schema.items() if name != "additionalProperties"}


def _line_schemas() -> Json:
    words = {"type": "array", "items": {"type": "string"}}
    party = {"type": "object", "properties": {"authority": {"type": "string"}, "unit": {"type": "string"}}}
    envelope = {
        "type": "object",
        "description": "The message as sent; items that were not released are left out, counts may be null.",
        "required": ["id", "kind", "sender", "recipient", "time"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "kind": {"type": "string", "examples": sorted(KINDS)[:1]},
            "sender": party,
            "recipient": party,
            "time": {"type": "string", "format": "date-time"},
            "case": {"type": ["string", "null"]},
            "in_reply_to": {"type": ["string", "null"], "format": "uuid"},
            "body": {"type": "object"},
        },
    }
    delivery = {
        "message": envelope,
        "partial": {"type": "boolean", "description": "Something that was asked for is not answered."},
        "unanswered": {**words, "description": "Categories asked for that it does not answer."},
        "grounds": {"type": "array", "items": _ref("CarryingGround")},
        "guidance": {"type": "array", "items": _ref("Guidance")},
        "pass_on": {"const": True, "description": "The child is another municipality's: to be passed on there."},
        "answers": {"type": "object", "description": "What has come so far of each category asked for."},
        "terms": {"type": "array", "items": {"type": "object"}, "description": "What there is to do, and until when."},
        "retention": {**_ref("Retention"), "description": "Until when the broker keeps the recipient's copy."},
    }
    return {
        "DeliveryLine": _line("delivery", delivery, ["message", "partial", "unanswered", "grounds"]),
        "ReceiptLine": _line("receipt", {"receipt": _ref("Receipt")}, ["receipt"]),
        "NoticeLine": _line("notice", {"notice": {"type": "string", "description": "What it is about."}}, ["notice"]),
    }


def _line(sort: str, properties: Json, required: list[str]) -> Json:
    return {"type": "object", "required": ["type", *required], "properties": {"type": {"const": sort}, **properties}}


def _header_schemas() -> Json:
    trace = cloudevents.Trace("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    known = {"message": "019cadc6-9a80-7a97-8112-ca1bbdcafac2", "sender": "kommun-0127", "kind": "Tip"}
    time = "2026-03-02T09:00:00Z"
    plain = cloudevents.of_message(**known, time=time, trace=trace)
    avro = cloudevents.of_message(**known, time=time, trace=trace, fingerprint="0123456789abcdef")
    position = cloudevents.position("4f1c", 7)
    line = cloudevents.of_line(
        type_="receipt", about=known["message"], recorded=time, position=position, trace=trace, repeat=True
    )
    about = "CloudEvents 1.0 in binary mode and W3C trace context. "
    return {
        "JsonHeaders": _headers(about + "None of them is trusted: the sender is the topic's authority.", plain),
        "AvroHeaders": _headers(about + "None of them is trusted: the schema is the one in the value's head.", avro),
        "LineHeaders": _headers(about + "samband_repeat: the receipt of a message that was sent again.", line),
    }


def _headers(about: str, example: list[cloudevents.Header]) -> Json:
    told = {name: value.decode() for name, value in example}
    constant = {"ce_specversion", "content-type"}
    return {
        "type": "object",
        "description": about,
        "properties": {
            name: {"type": "string", **({"const": value} if name in constant else {"examples": [value]})}
            for name, value in told.items()
        },
    }


def _ref(name: str) -> Json:
    return {"$ref": _PLACE + name}
