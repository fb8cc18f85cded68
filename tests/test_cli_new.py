"""`samband new KIND`: each example is a message that the broker takes as it is printed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from command import samband
from policy_tools import ROOT

from broker.kinds import KINDS

REGISTER = ("--register", ROOT / "scenery" / "town" / "authorities.json")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_s_example_passes_check(tmp_path: Path, kind: str) -> None:
    printed = samband("new", kind)
    assert (printed.status, printed.err) == (0, "")
    [made] = printed.objects
    assert made["kind"] == kind
    assert UUID(made["id"]).version == 7
    assert abs(datetime.fromisoformat(made["time"]) - datetime.now(UTC)) < timedelta(minutes=1)
    [receipt] = samband("check", "-", *REGISTER, "--data", tmp_path, "--json", stdin=printed.out.encode()).objects
    assert "error" not in receipt, receipt


def test_there_is_no_example_of_what_is_no_kind() -> None:
    assert {file.stem for file in (ROOT / "schemas" / "examples").iterdir()} == set(KINDS)
    assert samband("new", "Nothing").status == 2


def test_one_answers_another(tmp_path: Path) -> None:
    asked = samband("new", "InformationRequest")
    [request] = asked.objects
    answers = [samband("new", kind, "--reply-to", request["id"]) for kind in ("Interim", "Refusal", "Disclosure")]
    lines = "".join(one.out for one in (asked, *answers))
    receipts = samband("check", "-", "--data", tmp_path, "--json", stdin=lines.encode()).objects
    assert [receipt["outcome"] for receipt in receipts] == ["forward"] * 4
    assert len({json.loads(line)["id"] for line in lines.splitlines()}) == 4
