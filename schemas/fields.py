"""Fields of the contract as tables of Markdown: what each is in JSON, what in Avro, whether it must be there."""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

_GROUND = r"^[a-z][a-z0-9_]{1,31}$"
_SORTS = {
    "integer": "number",
    "boolean": "true or false",
    "null": "null",
    "date-time": "time",
    "date": "day",
    "uuid": "UUID",
}


def table(schema: Json, only: set[str] | None = None, *, page: str = "") -> Iterator[str]:
    """The rows of an object's JSON schema; `page` is where its parts are explained, if not on the same page."""
    yield from ("| field | type | | meaning |", "|---|---|---|---|")
    for name, field in schema["properties"].items():
        if only is None or name in only:
            yield f"| `{name}` | {json_type(field, page)} | {_must(schema, name)} | {field.get('description', '')} |"


def both_forms(schema: Json, record: Json, *, page: str) -> Iterator[str]:
    """The same with its Avro types, from the record of the Avro schema."""
    avro = {field["name"]: field["type"] for field in record["fields"]}
    yield from ("| field | in JSON | in Avro | | meaning |", "|---|---|---|---|---|")
    for name, field in schema["properties"].items():
        forms = f"{json_type(field, page)} | {avro_type(avro[name])}"
        yield f"| `{name}` | {forms} | {_must(schema, name)} | {field.get('description', '')} |"


def _must(schema: Json, name: str) -> str:
    return "required" if name in schema.get("required", ()) else _default(schema["properties"][name])


def _default(field: Json) -> str:
    value = field.get("default")
    return "" if value in (None, "", [], ()) else f"default `{json.dumps(value)}`".replace('"', "")


def json_type(field: Json, page: str = "") -> str:
    """A field's type in JSON, with a link to where it is explained."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}]({page}#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(json_type(choice, page) for choice in field["anyOf"])
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        return f"list of {json_type(field['items'], page)}, {field.get('minItems', 0)}–{field.get('maxItems')}"
    return _text(field, page) if field.get("type") == "string" else _SORTS[str(field.get("type"))]


def _text(field: Json, page: str) -> str:
    if "format" in field:
        return _SORTS[field["format"]]
    if "maxLength" in field:
        return f"text, {field.get('minLength', 0)}–{field['maxLength']}"
    pattern = field.get("pattern")
    if pattern == _GROUND:
        return f"[ground]({page}#grounds)"
    return f"text `{pattern}`".replace("|", "\\|") if pattern else "text"


def avro_type(schema: Any) -> str:
    """A field's type in Avro, in a few words."""
    if isinstance(schema, list):
        return " or ".join(avro_type(choice) for choice in schema)
    if isinstance(schema, str):
        return f"`{schema}`"
    if schema["type"] == "array":
        return f"array of {avro_type(schema['items'])}"
    if "logicalType" in schema:
        return f"`{schema['type']}`, {schema['logicalType']}"
    return f"{schema['type']} `{schema['name']}`"
