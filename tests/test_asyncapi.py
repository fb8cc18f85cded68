"""The description for other languages: as it is made, as AsyncAPI wants it, and true of what is sent and received."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from command import MESSAGES, REGISTER, samband
from jsonschema import Draft7Validator, Draft202012Validator

from broker.cloudevents import of_message
from broker.kinds import KINDS
from schemas import write_asyncapi

ROOT = Path(__file__).parents[1]
STANDARD = json.loads((ROOT / "tests" / "vectors" / "asyncapi" / "3.0.0.json").read_text("utf-8"))
VECTORS = ROOT / "tests" / "vectors" / "avro"
DOCUMENT = write_asyncapi.document()

Json = dict[str, Any]


def schema(name: str) -> Draft202012Validator:
    """A schema of the document, which holds those that it refers to."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]})


def test_the_committed_file_is_the_one_that_is_made() -> None:
    assert write_asyncapi.FILE.read_text("utf-8") == write_asyncapi.text(), "run make asyncapi"
    assert write_asyncapi.main(["--check"]) == 0


def test_the_check_finds_a_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "asyncapi.yaml"
    assert write_asyncapi.main(["--check"], file) == 1
    assert capsys.readouterr().out == "schemas/asyncapi.yaml differs: run make asyncapi\n"
    assert (write_asyncapi.main([], file), write_asyncapi.main(["--check"], file)) == (0, 0)


def test_the_text_is_the_document() -> None:
    assert yaml.safe_load(write_asyncapi.text()) == DOCUMENT


def test_it_is_asyncapi() -> None:
    faults = [error.message for error in Draft7Validator(STANDARD).iter_errors(DOCUMENT)]
    assert faults == []


def _set(path: str, value: object) -> Callable[[Json], None]:
    def change(document: Json) -> None:
        *way, last = path.split("/")
        for step in way:
            document = document[step]
        document[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("asyncapi", "2.6.0"),
        _set("operations/sendMessage/action", "publish"),
        _set("operations/sendMessage/channel", "outbox"),
        _set("channels/outbox/bindings/kafka/partitions", "one"),
        _set("channels/outbox/parameters/authority/required", True),
        _set("servers/kafka/protocol", None),
        _set("components/securitySchemes/scram/type", "scram"),
        _set("components/messages/Tip/payload/type", 1),
    ],
)
def test_the_standard_finds_what_is_wrong(change: Callable[[Json], None]) -> None:
    wrong = deepcopy(DOCUMENT)
    change(wrong)
    assert not Draft7Validator(STANDARD).is_valid(wrong)


def test_every_reference_leads_somewhere() -> None:
    def references(found: Any) -> list[str]:
        if isinstance(found, list):
            return [ref for entry in found for ref in references(entry)]
        if not isinstance(found, dict):
            return []
        own = [found["$ref"]] if isinstance(found.get("$ref"), str) else []
        return own + [ref for entry in found.values() for ref in references(entry)]

    for ref in references(DOCUMENT):
        if ref.startswith("#/"):
            found = DOCUMENT
            for step in ref.removeprefix("#/").split("/"):
                found = found[step]
        else:
            assert (write_asyncapi.FILE.parent / ref).is_file(), ref


def test_every_kind_is_there_in_both_forms() -> None:
    sent = DOCUMENT["channels"]["outbox"]["messages"].keys()
    assert sent == KINDS.keys() | {f"{kind}Avro" for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_golden_message_fits_its_schema(kind: str) -> None:
    message = json.loads((VECTORS / f"{kind}.json").read_text("utf-8"))
    assert [error.message for error in schema(kind).iter_errors(message)] == []
    for wrong in ({**message, "more": 1}, {**message, "kind": "Letter"}, {**message, "body": {"more": 1}}):
        assert not schema(kind).is_valid(wrong)


def test_headers_fit() -> None:
    sent = of_message(message="019c", kind="Tip", sender="kommun-0127", time="2026-03-02T09:00:00Z")
    told = {name: value.decode() for name, value in sent}
    assert schema("JsonHeaders").is_valid(told)
    assert not schema("AvroHeaders").is_valid(told)


def test_lines_of_a_real_inbox_fit(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert samband("run", MESSAGES, *REGISTER, "--data", folder, "--json").status == 0
    lines = [
        {name: value for name, value in found.items() if name != "n"}
        for authority in ("polismyndigheten", "kommun-0127", "skola-10101010")
        for found in samband("inbox", authority, *REGISTER, "--data", folder, "--json").objects
    ]
    assert {line["type"] for line in lines} >= {"delivery", "receipt"}
    for line in lines:
        assert [error.message for error in schema(f"{line['type'].title()}Line").iter_errors(line)] == []
