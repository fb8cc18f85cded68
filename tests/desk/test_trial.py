"""The law asked in this process answers as the command does."""

from pathlib import Path

import pytest
from command import SAMPLES
from lines import disclosure, line, refusal, request, secret_item

from agents.agency.broker import NotReached
from agents.agency.embedded import Embedded
from agents.agency.preview import check_by_command
from agents.desk import trial

ANSWERS = [disclosure(2, secret_item(), reply=1), disclosure(3, secret_item("threat")), refusal(4, "housing", reply=1)]
LINES = [*map(line, [request(1), *ANSWERS]), b"{"]


@pytest.mark.slow
def test_it_answers_as_the_command_does(tmp_path: Path) -> None:
    law = Embedded(tmp_path / "data", SAMPLES / "authorities.json")
    ours, theirs = (
        [receipt.content | {"policy": ""} for receipt in ask(law, LINES)] for ask in (trial.check, check_by_command)
    )
    assert ours == theirs
    assert {receipt["outcome"] for receipt in ours} >= {"forward", "refer", "quarantine"}
    assert any(item.get("missing") for receipt in ours for item in receipt.get("items", ()))
    assert not (tmp_path / "data").exists(), "nothing is left behind"


def test_what_can_t_be_asked_says_so(tmp_path: Path) -> None:
    (tmp_path / "samband.db").write_bytes(b"no database")
    with pytest.raises(NotReached, match="key file is missing"):
        trial.check(Embedded(tmp_path), LINES)
