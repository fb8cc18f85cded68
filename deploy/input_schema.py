"""Development task: write `schemas/policy/input.json`, what the law may see of a message, as JSON Schema.

Made of the types of `broker.model.decision.PolicyInput` and of the flags in `policies/question/data.json`; OPA checks
every `input.…` in `policies/` against it. Run: python deploy/input_schema.py.
"""

import json
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

from broker.model.decision import PolicyInput

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "schemas" / "policy" / "input.json"
FLAGS = ROOT / "policies" / "question" / "data.json"

Json = dict[str, Any]
_NAMES: dict[Any, str] = {str: "string", bool: "boolean", int: "integer", NoneType: "null"}


def input_schema() -> str:
    """The schema's text. Raises KeyError where a type has no form in JSON."""
    found = _of(PolicyInput)
    flags = json.loads(FLAGS.read_text("utf-8"))["flags"]
    found["properties"]["messages"] = {}  # the batch, of which each message is the input of the rules in its turn
    found["properties"]["stated"] = _object({flag: {} for kind in sorted(flags) for flag in sorted(flags[kind])})
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def _of(kind: Any) -> Json:
    origin, parts = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        schema = _object({name: _of(part) for name, part in get_type_hints(kind).items()})
    elif origin is list:
        schema = {"type": "array", "items": _of(parts[0])}
    elif origin is dict:
        schema = {"type": "object", "additionalProperties": _of(parts[1])}
    elif origin is UnionType:
        schema = _one_of([_of(part) for part in parts])
    elif origin is NotRequired:
        schema = _of(parts[0])
    elif kind is Any:
        schema = {}
    else:
        schema = {"type": _NAMES[kind]}
    return schema


def _one_of(parts: list[Json]) -> Json:
    """OPA looks into no object that may be null, so that it may be is left out (the rules ask `is_null`)."""
    return next((part for part in parts if part["type"] == "object"), {"anyOf": parts})


def _object(properties: Json) -> Json:
    return {"type": "object", "properties": properties, "additionalProperties": False}


if __name__ == "__main__":
    SCHEMA.parent.mkdir(parents=True, exist_ok=True)
    SCHEMA.write_text(input_schema(), encoding="utf-8")
