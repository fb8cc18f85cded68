"""How an agency joins: what the page says is run as it stands; every interface is described, as the law asks."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from command import samband

from schemas import write_openapi

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "JOINING.md").read_text("utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def test_each_command_of_the_first_hours_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    assert len(COMMANDS) >= 8
    for line in COMMANDS:
        name, *arguments = shlex.split(line.partition(" > ")[0])
        ended = samband(*arguments)
        if into := line.partition(" > ")[2]:
            (tmp_path / into).write_text(ended.out, "utf-8")
        assert name == "samband" and ended.status == 0, f"{line}: {ended.err}"
        assert arguments[0] != "run" or ended.out.count("--data prov") == 3, "what to try next is tried on what was run"
    assert (tmp_path / "oro.xlsx").stat().st_size > 1000


def test_the_page_names_what_is_there() -> None:
    missing = [name for name in re.findall(r"\]\(([^)#]+)\)", PAGE) if not (ROOT / name).exists()]
    assert missing == []


def test_the_descriptions_of_the_pages_are_of_today() -> None:
    assert write_openapi.differing() == [], "run make asyncapi"


@pytest.mark.parametrize(("name", "document"), write_openapi.documents().items())
def test_each_address_is_described(name: str, document: Any) -> None:
    operations = [one.ok() for one in schemathesis.openapi.from_dict(document).get_all_operations()]
    assert len(operations) > 20
    ids = [one.definition.raw["operationId"] for one in operations]
    assert len(ids) == len(set(ids)), name


def test_the_catalogue_entry_says_what_a_catalogue_asks_for() -> None:
    graph = json.loads((ROOT / "schemas/dcat-ap-se.jsonld").read_text("utf-8"))["@graph"]
    by_id = {one["@id"]: one for one in graph}
    asked = {
        "dcat:Catalog": {"dcterms:title", "dcterms:description", "dcterms:publisher", "dcterms:license"},
        "dcat:DataService": {"dcterms:title", "dcat:endpointURL", "dcat:contactPoint", "dcterms:publisher"},
        "foaf:Agent": {"foaf:name"},
        "vcard:Organization": {"vcard:fn", "vcard:hasEmail"},
    }
    assert {one["@type"] for one in graph} == asked.keys()
    for one in graph:
        assert asked[one["@type"]] <= one.keys(), one["@id"]
    for one in graph:
        for name in ("dcterms:publisher", "dcat:contactPoint"):
            assert name not in one or one[name]["@id"] in by_id
    described = [row["@id"] for one in graph for row in one.get("dcat:endpointDescription", ())]
    assert all((ROOT / address.removeprefix("https://samband.example.se/")).exists() for address in described)
