"""The contract's page tells every kind, field, word and ground that the code and the law know."""

import json
import re

import pytest

from broker import bundle
from broker.kinds import KINDS
from schemas import write_contract_page
from schemas.json_schema import schemas

PAGE = write_contract_page.FILE.read_text("utf-8")


def section(name: str) -> str:
    found = re.search(rf"^### {name}$(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, name
    return found[1]


def test_the_page_is_of_today() -> None:
    assert write_contract_page.page() == PAGE, "run make schemas"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_tells_its_fields_and_who_may_send_it(kind: str) -> None:
    told = section(kind)
    fields = schemas()[f"{kind}Body" if f"{kind}Body" in schemas() else "TipBody"]["properties"]
    assert [name for name in fields if f"| `{name}` |" not in told] == []
    row = json.loads(bundle.load().tables)["law"]["kinds"][kind]
    listed = [*(row["only_senders"] or {"kinds": []})["kinds"], *row["barred_senders"]]
    assert [name for name in listed if f"`{name}`" not in told] == []


def test_every_link_leads_somewhere() -> None:
    places = {heading.lower() for heading in re.findall(r"^##+ (\w+)$", PAGE, re.MULTILINE)}
    assert {link for link in re.findall(r"\(#(\w+)\)", PAGE)} <= places


def test_every_ground_is_told() -> None:
    grounds = json.loads(bundle.load().tables)["law"]["grounds"]
    assert [name for name in grounds if f"| `{name}` |" not in PAGE] == []
