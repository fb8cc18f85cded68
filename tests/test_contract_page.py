"""The contract's pages tell every kind, field, word and ground that the code and the law know."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command import samband
from policy_tools import ROOT

from broker import bundle, texts
from broker.kinds import KINDS
from broker.model.parts import Part
from broker.model.receipt import Receipt
from schemas import descriptions, kind_pages, write_contract_page
from schemas.json_schema import schemas

Json = dict[str, Any]

PAGE = write_contract_page.FILE.read_text("utf-8")
REGISTER = ("--register", ROOT / "scenery" / "town" / "authorities.json")
IN_FORCE = {"ConditionNotice": "2027-01-04T09:00:00Z"}
"""Of a kind whose ground comes into force later: a time when it is."""


def kind_page(kind: str) -> str:
    return (kind_pages.FOLDER / f"{kind}.md").read_text("utf-8")


def test_the_pages_are_of_today() -> None:
    assert write_contract_page.differing() == [], "run make schemas"


def test_whatever_was_used_before_the_pages_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that has read a message is built already, and others take it as it is."""
    for part in descriptions._below(Part):
        for field in part.model_fields.values():
            field.description = None
        part.model_rebuild(force=True)
    monkeypatch.setattr(descriptions, "_described", set())
    assert write_contract_page.differing() == []


def test_the_receipt_is_told_with_all_its_parts() -> None:
    told = PAGE.partition("## What comes back")[2]
    assert [name for name in Receipt.model_fields if f"| `{name}` |" not in told.partition("## Parts")[0]] == []
    assert [name for name in ("Retention", "AuditPlace", "ItemVerdict", "Fault") if f"### {name}\n" not in told] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_tells_its_fields_and_who_may_send_it(kind: str) -> None:
    told = kind_page(kind)
    fields = schemas()[f"{kind}Body" if f"{kind}Body" in schemas() else "TipBody"]["properties"]
    assert [name for name in fields if f"| `{name}` |" not in told] == []
    row = json.loads(bundle.load().tables)["law"]["kinds"][kind]
    listed = [*(row["only_senders"] or {"kinds": []})["kinds"], *row["barred_senders"], *(row["grounds"] or ())]
    assert [name for name in listed if f"`{name}`" not in told] == []
    assert texts.text("sv", "kinds", kind) in told


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_on_a_kind_s_page_is_forwarded(kind: str, tmp_path: Path) -> None:
    lines = {name: line_of(name) for name in chain(kind)}
    for name, line in lines.items():
        if before := kind_pages.BEFORE.get(name):
            refer(line, before.field, lines[before.kind])
    given = "".join(f"{json.dumps(line)}\n" for line in lines.values()).encode()
    receipts = samband("check", "-", *REGISTER, "--data", tmp_path, "--json", stdin=given).objects
    assert [receipt["outcome"] for receipt in receipts] == ["forward"] * len(lines), receipts


def chain(kind: str) -> list[str]:
    before = kind_pages.BEFORE.get(kind)
    return [*chain(before.kind), *([before.then] if before.then else []), kind] if before else [kind]


def line_of(kind: str) -> Json:
    """The example as it stands on the page, with an id and a time."""
    [example] = re.findall(r"^```json\n(.*?)^```", kind_page(kind), re.MULTILINE | re.DOTALL)
    [made] = samband("new", kind).objects
    return {**json.loads(example), "id": made["id"], "time": IN_FORCE.get(kind, datetime.now(UTC).isoformat())}


def refer(line: Json, field: str, earlier: Json) -> None:
    """Let a line name an earlier one; a consent is made out for a referral that names it."""
    if field == "body.consent":
        if line["kind"] == "DefectionReferral":
            earlier["sender"], earlier["recipient"] = line["sender"], {"authority": line["sender"]["authority"]}
            parties = [line[side]["authority"] for side in ("sender", "recipient")]
            own = {"programme": "defection", "subject": line["body"]["subject"], "parties": parties}
            earlier["body"] |= own | {"given_by": [{"role": "subject", "answer": "yes"}], "guardians": 0}
        earlier["body"]["consent"] = line["body"]["consent"]
    elif field == "in_reply_to":
        line[field] = earlier["id"]
    else:
        line["body"][field.removeprefix("body.")] = earlier["id"]


@pytest.mark.parametrize("page", ["contract.md", *(f"kinds/{kind}.md" for kind in KINDS)])
def test_every_link_leads_somewhere(page: str) -> None:
    text = (write_contract_page.FILE.parent / page).read_text("utf-8")
    for file, place in re.findall(r"\]\(([^)#]*)(?:#([\w-]+))?\)", text):
        aim = (write_contract_page.FILE.parent / page).parent / file if file else write_contract_page.FILE.parent / page
        assert aim.exists(), file
        headings = re.findall(r"^##+ (.+)$", aim.read_text("utf-8"), re.MULTILINE) if place else []
        assert not place or place in {heading.lower().replace(" ", "-") for heading in headings}, place


def test_every_ground_and_test_is_told() -> None:
    grounds = json.loads(bundle.load().tables)["law"]["grounds"]
    assert [name for name in (*grounds, *texts.ids("tests")) if f"| `{name}` |" not in PAGE] == []
    assert [text for text in texts.read("sv")["questions"].values() if text not in PAGE] == []
