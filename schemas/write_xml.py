"""Makes the contract as XML in `schemas/xml/`: its schema, its information model in Swedish, an example of each kind.

From the models of the contract, as everything in `schemas/`, by the form that Digg asks of a message type of SDK: a
concept model and the rules (`xml_about.md`), an information model, a technical specification, examples. A development
task: `python -m schemas.write_xml` writes the files, `--check` only compares.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from agents.agency.texts import Texts
from agents.desk.forms.fields import Field
from agents.sdk import structured, xml
from agents.sdk.xml import Element
from broker.kinds import KINDS
from schemas.json_schema import schemas

Json = dict[str, Any]

FOLDER = Path(__file__).parent / "xml"
_ABOUT = Path(__file__).with_name("xml_about.md")
_EXAMPLES = Path(__file__).with_name("examples")
SCHEMA = "samband-message-1.xsd"
_PACKAGED = Path(__file__).parents[1] / "agents" / "sdk" / "published" / SCHEMA
"""The schema once more, where it is installed with what writes such documents."""
_FIRST = {"id": "019cadc6-9a80-7a97-8112-ca1bbdcafac2", "time": "2026-03-02T09:00:00+00:00"}
"""What the sender fills in of every example."""
_XS = "http://www.w3.org/2001/XMLSchema"
_PLAIN = {
    "yes_no": "xs:boolean",
    "number": "xs:integer",
    "time": "xs:dateTime",
    "day": "xs:date",
    "message": "Id",
}
"""The type of each sort that is not text."""
_TEXT = "Text"
_MANY = "unbounded"
_SORTS = {
    "yes_no": "ja eller nej",
    "number": "heltal",
    "time": "tidpunkt",
    "day": "dag",
    "message": "meddelandets id (UUID)",
    "authority": "myndighetens id",
    "reference": "lagrum",
    "file": "text, eller fil i base64",
    "deadline": "dag eller tidpunkt",
}


def files() -> dict[str, str]:
    """File name -> text."""
    examples = {f"examples/{kind}.xml": example(kind) for kind in sorted(KINDS)}
    return {SCHEMA: schema(), "README.md": page(), **examples}


def differing() -> list[str]:
    """Names of files that are missing, differ or belong to nothing."""
    wanted = files()
    present = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*") if path.is_file()}
    read = {name: path.read_text("utf-8") for name, path in present.items()}
    names = {name for name in wanted.keys() | read.keys() if wanted.get(name) != read.get(name)}
    is_packaged = _PACKAGED.exists() and _PACKAGED.read_text("utf-8") == wanted[SCHEMA]
    return sorted(names | (set() if is_packaged else {SCHEMA}))


def write() -> None:
    """Write every file that differs, and remove those that belong to nothing."""
    wanted = files()
    for name in differing():
        file = FOLDER / name
        if name in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[name], "utf-8")
        else:
            file.unlink()
    _PACKAGED.write_text(wanted[SCHEMA], "utf-8")


def example(kind: str) -> str:
    """The contract's own example of a kind, as XML."""
    said = _FIRST | json.loads((_EXAMPLES / f"{kind}.json").read_text("utf-8"))
    return structured.encode(said).decode()


# --- the schema


def schema() -> str:
    """The XML schema."""
    root = xml.write("schema", _XS, {"xs": _XS, None: structured.NAMESPACE})
    root.attrib.update({"targetNamespace": structured.NAMESPACE, "elementFormDefault": "qualified", "version": "1"})
    xml.add(root, "element", name=structured.ROOT, type="Message")
    known = schemas()
    _complex(root, "Message", structured.ENVELOPE, known, body=True)
    body = xml.add(xml.add(root, "complexType", name="Body"), "choice")
    for kind in sorted(KINDS):
        xml.add(body, "element", name=kind, type=f"{kind}Body")
    types: dict[str, Sequence[Field]] = {}
    for kind in sorted(KINDS):
        _complex(root, f"{kind}Body", structured.fields_of(kind), known)
        _collect(structured.fields_of(kind), types)
    _collect(structured.ENVELOPE, types)
    for name in sorted(types):
        _complex(root, name, types[name], known)
    _text_type(root)
    return xml.encode(root).decode()


def _collect(fields: Sequence[Field], types: dict[str, Sequence[Field]]) -> None:
    for one in fields:
        if one.fields and one.sort != "several":
            types[_type_name(one)] = one.fields
            _collect(one.fields, types)


def _type_name(field: Field) -> str:
    """A group's type is named by the model that its fields stand in."""
    return field.fields[0].model


def _complex(root: Element, name: str, fields: Sequence[Field], known: Json, *, body: bool = False) -> None:
    sequence = xml.add(xml.add(root, "complexType", name=name), "sequence")
    for one in fields:
        _element(sequence, one, known)
    if body:
        xml.add(sequence, "element", name=structured.BODY, type="Body")


def _element(sequence: Element, field: Field, known: Json) -> None:
    said = {"name": field.name}
    if field.sort in structured.LISTS:
        said |= {"minOccurs": "0", "maxOccurs": str(field.most or _MANY)}
    elif not field.required:
        said["minOccurs"] = "0"
    if field.fields and field.sort != "several":
        element = xml.add(sequence, "element", **said, type=_type_name(field))
        _describe(element, field, known)
        return
    single = field.fields[0] if field.sort == "several" else field
    if single.options and single.table != "grounds":
        element = xml.add(sequence, "element", **said)
        _describe(element, field, known)
        restriction = xml.add(xml.add(element, "simpleType"), "restriction", base="xs:string")
        for option in single.options:
            xml.add(restriction, "enumeration", value=option)
        return
    element = xml.add(sequence, "element", **said, type=_PLAIN.get(single.sort, _TEXT))
    _describe(element, field, known)


def _describe(element: Element, field: Field, known: Json) -> None:
    about = _description(field, known)
    bound = f" At most {field.most} characters." if field.most and field.sort in ("text", "long") else ""
    if about or bound:
        xml.add(xml.add(element, "annotation"), "documentation", f"{about}{bound}".strip())


def _description(field: Field, known: Json) -> str:
    properties = known.get(field.model, {}).get("properties", {})
    return str(properties.get(field.name, {}).get("description") or "")


def _text_type(root: Element) -> None:
    """A text; one with a sign that XML can't say is written in base64."""
    extension = xml.add(
        xml.add(xml.add(root, "complexType", name=_TEXT), "simpleContent"), "extension", base="xs:string"
    )
    attribute = xml.add(extension, "attribute", name="encoding")
    xml.add(xml.add(xml.add(attribute, "simpleType"), "restriction", base="xs:string"), "enumeration", value="base64")
    pattern = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    xml.add(xml.add(xml.add(root, "simpleType", name="Id"), "restriction", base="xs:string"), "pattern", value=pattern)


# --- the information model


def page() -> str:
    """What the message type is, in Swedish."""
    texts = Texts("sv")
    out = [_ABOUT.read_text("utf-8").rstrip(), "", "## Informationsmodell", ""]
    out += ["### Meddelande", "", *_table(structured.ENVELOPE, texts), ""]
    types: dict[str, Sequence[Field]] = {}
    for kind in sorted(KINDS):
        out += [f"### {kind}: {texts.term('kinds', kind)}", "", *_table(structured.fields_of(kind), texts), ""]
        _collect(structured.fields_of(kind), types)
    _collect(structured.ENVELOPE, types)
    for name in sorted(types):
        out += [f"### {name}", "", *_table(types[name], texts), ""]
    return "\n".join(out).rstrip() + "\n"


def _table(fields: Sequence[Field], texts: Texts) -> Iterator[str]:
    yield from ("| element | namn | typ | antal |", "|---|---|---|---|")
    for one in fields:
        yield f"| `{one.name}` | {texts.term('fields', one.name)} | {_type(one)} | {_times(one)} |"


def _type(field: Field) -> str:
    single = field.fields[0] if field.sort == "several" else field
    if single.fields:
        return _type_name(single)
    if single.options and single.table != "grounds":
        return ", ".join(f"`{option}`" for option in single.options)
    bound = f", högst {single.most} tecken" if single.most and single.sort in ("text", "long") else ""
    return _SORTS.get(single.sort, "text") + bound


def _times(field: Field) -> str:
    if field.sort in structured.LISTS:
        return f"0..{field.most or '*'}"
    return "1..1" if field.required else "0..1"


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with `--check` compare them."""
    if "--check" in arguments:
        return int(bool(differing()))
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
