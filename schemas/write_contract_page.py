"""Makes `schemas/contract.md`, the contract as a page to read, from `about.md`, the models, the law and the texts.

A development task: `python -m schemas.write_contract_page` writes the file, `--check` only compares.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from broker import bundle, texts
from broker.kinds import KINDS
from schemas.json_schema import schemas

FILE = Path(__file__).parents[1] / "schemas" / "contract.md"

Json = dict[str, Any]

_GROUND = r"^[a-z][a-z0-9_]{1,31}$"

_ABOUT = FILE.with_name("about.md")
"""What the page begins with."""

_TERMS = {
    "Category": "categories",
    "Unit": "units",
    "Role": "roles",
    "WeighingTest": "tests",
}
_SORTS = {
    "integer": "number",
    "boolean": "true or false",
    "null": "null",
    "date-time": "time",
    "date": "day",
    "uuid": "UUID",
}
_FORMS = {_GROUND: "[ground](#grounds)"}
_ENVELOPE = {"id", "kind", "sender", "recipient", "time", "case", "in_reply_to"}


def page() -> str:
    """The whole page."""
    known, law = schemas(), json.loads(bundle.load().tables)["law"]
    parts = _reached(known, [f"{kind}Body" for kind in KINDS] + ["Sender", "Recipient"])
    bodies = {known[kind]["properties"]["body"]["$ref"].rsplit("/", 1)[1] for kind in KINDS}
    out = [
        _ABOUT.read_text("utf-8"),
        "## Every message",
        "",
        *_fields(known[next(iter(KINDS))], set(_ENVELOPE) - {"body"}),
    ]
    out += ["", "## Kinds", ""]
    for kind in KINDS:
        out += _kind(kind, known, law["kinds"][kind])
    out += ["## Parts", ""]
    for name in sorted(parts - bodies):
        if "enum" not in known[name]:
            out += [f"### {name}", "", known[name].get("description", ""), "", *_fields(known[name]), ""]
    out += ["## Words", ""]
    for name in sorted(parts):
        if "enum" in known[name]:
            out += [f"### {name}", "", known[name].get("description", ""), "", *_words(name, known[name]["enum"]), ""]
    out += ["## Grounds", "", "What `basis` may claim; left out, any may carry.", "", *_grounds(law["grounds"]), ""]
    return "\n".join(out).rstrip() + "\n"


def _kind(kind: str, known: Json, row: Json) -> Iterator[str]:
    body = known[known[kind]["properties"]["body"]["$ref"].rsplit("/", 1)[1]]
    yield from (f"### {kind}", "", known[kind]["description"], "")
    only, barred = row["only_senders"], row["barred_senders"]
    who = (
        "only " + ", ".join(f"`{name}`" for name in (*only["kinds"], *only["authorities"]))
        if only
        else "everybody but " + ", ".join(f"`{name}`" for name in barred)
        if barred
        else "everybody"
    )
    yield f"Sent by {who}{'; to the own authority' if row['registration'] else ''}."
    if row["answers"]:
        yield "It answers an earlier message: `in_reply_to`."
    if row["grounds"]:
        yield f"It rests on {', '.join(f'`{ground}`' for ground in row['grounds'])}."
    yield from ("", *_fields(body), "")


def _fields(schema: Json, only: set[str] | None = None) -> Iterator[str]:
    yield from ("| field | type | | meaning |", "|---|---|---|---|")
    required = schema.get("required", ())
    for name, field in schema["properties"].items():
        if only is None or name in only:
            must = "required" if name in required else _default(field)
            yield f"| `{name}` | {_type(field)} | {must} | {field.get('description', '')} |"


def _default(field: Json) -> str:
    value = field.get("default")
    return "" if value in (None, "", [], ()) else f"default `{json.dumps(value)}`".replace('"', "")


def _type(field: Json) -> str:
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in field:
        return " or ".join(_type(choice) for choice in field["anyOf"])
    if "const" in field:
        return f"`{field['const']}`"
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}, {field.get('minItems', 0)}–{field.get('maxItems')}"
    return _text(field) if field.get("type") == "string" else _SORTS[str(field.get("type"))]


def _text(field: Json) -> str:
    if "format" in field:
        return _SORTS[field["format"]]
    if "maxLength" in field:
        return f"text, {field.get('minLength', 0)}–{field['maxLength']}"
    pattern = field.get("pattern")
    return _FORMS.get(pattern) or f"text `{pattern}`".replace("|", "\\|") if pattern else "text"


def _words(name: str, values: list[str]) -> Iterator[str]:
    table = _TERMS.get(name)
    if table is None:
        yield ", ".join(f"`{value}`" for value in values)
        return
    yield from ("| id | svenska | English |", "|---|---|---|")
    for value in values:
        swedish, english = (texts.read(lang)[table].get(value, "") for lang in texts.LANGUAGES)
        yield f"| `{value}` | {swedish} | {english} |"


def _grounds(grounds: Json) -> Iterator[str]:
    yield from ("| id | provision | | from |", "|---|---|---|---|")
    for name, row in sorted(grounds.items(), key=lambda entry: entry[1]["order"]):
        day = str(row["from"])
        since = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        yield f"| `{name}` | {row['ref'] or '–'} | {'duty' if row['duty'] else 'permission'} | {since} |"


def _reached(known: Json, start: list[str]) -> set[str]:
    """Every schema that these name, themselves among them."""
    reached: set[str] = set()
    waiting = [name for name in start if name in known]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [ref for ref in _refs(known[name]) if ref in known]
    return reached


def _refs(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].rsplit("/", 1)[1]
        for value in schema.values():
            yield from _refs(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _refs(value)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` compare. Exit status: 0 done or the same, 1 it differs."""
    made = page()
    if "--check" in arguments:
        return int(not FILE.exists() or FILE.read_text("utf-8") != made)
    FILE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
