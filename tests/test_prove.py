"""A bounded part of `make prove`, and that each invariant breaks where a fault is planted in the law."""

from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from exchange_lines import ASSOCIATION, BOARD, CHILD, HEALTH, PARTIES, SCHOOL, concern, decision, feedback
from house import opened
from lines import TOWN, secret_item
from lines import message as message_of
from prove.invariants import INVARIANTS, counter_examples
from prove.law import Law, altered
from prove.space import REST, corners, every_kind_from_everyone, grid, pairwise

FINDING = "finding/finding.rego"
FAULTS = {
    "nothing is released without a ground in force on the day": (
        FINDING, "	data.law.grounds[ground].known_from > input.day\n} else", "	input.day > 99999999\n} else",
    ),
    "an exclusion wins over a permission that it names": (
        FINDING, "	not reach.named(excepted, provision)\n", "	excepted\n",
    ),
    "withdrawing a consent or an agreement never releases more": (
        "statutes/osl_12/section_3/consent_for_a_child.rego",
        "	consent.withdrawn == false\n", "	consent.withdrawn\n",
    ),
    "adding a secrecy provision never releases more": (
        FINDING, "	of_secrecy.unreached == set()\n", "	of_secrecy.unreached != secrecy[i]\n",
    ),
    "answering a test against release never releases more": (
        FINDING, "	facts.answer(item, ground, test) != wanted\n", "	facts.answer(item, ground, test) == wanted\n",
    ),
    "leaving a test unanswered never releases more": (
        FINDING, "	not facts.answered(item, ground, test)\n", "	facts.answered(item, ground, test)\n",
    ),
    "the order of items, grounds and consents decides nothing": (
        FINDING, "named := {ground | some ground in input.basis;",
        "named := {ground | some ground in [input.basis[0]];",
    ),
    "every kind from every sort of sender has a verdict": (
        "question/data.json", '      "child_psychiatry": true,\n', "",
    ),
    "the same facts with other identities have the same verdict": (
        "statutes/osl_10/section_27/general_clause.rego",
        'holds contains "receiver" if facts.authority(facts.receiver)\n',
        'holds contains "receiver" if facts.receiver.id != "kommun-0127"\n',
    ),
}  # fmt: skip


def test_every_invariant_has_a_planted_fault() -> None:
    assert {invariant.name for invariant in INVARIANTS} == set(FAULTS)


def test_every_two_values_of_the_rest_meet() -> None:
    rows = pairwise(REST)
    for one in REST:
        for other in REST:
            if one != other:
                met = {(str(row[one]), str(row[other])) for row in rows}
                assert met == {(str(a), str(b)) for a in REST[one] for b in REST[other]}


@pytest.mark.slow
def test_the_law_holds_on_a_part_of_the_space() -> None:
    law = Law()
    parts = islice(corners(), 0, None, 11), every_kind_from_everyone(), islice(grid(list(law.grounds)), 0, None, 401)
    assert [(found.invariant, found.said) for part in parts for found in counter_examples(law, part)] == []


@pytest.mark.slow
@pytest.mark.parametrize("invariant", FAULTS)
def test_a_planted_fault_breaks_it(tmp_path: Path, invariant: str) -> None:
    """And what breaks is this invariant, with the questions that show it."""
    law = Law(altered(tmp_path / "policies", *FAULTS[invariant]))
    for space in (corners(), every_kind_from_everyone(), islice(grid(list(law.grounds)), 0, None, 29)):
        if any(found.invariant == invariant for found in counter_examples(law, space)):
            return
    pytest.fail("no counter-example")


# --- two messages that differ only in who sent an anonymous notification: Python gathers, so it is tried end to end


def _board_s(folder: Path, sender: str) -> list[Any]:
    """What the board sees and is answered: its inbox, and its receipts for what it does next."""
    folder.mkdir()
    item = secret_item(
        secrecy=["OSL 26:1"], assessments=[{"test": "not_unsuitable", "holds": True, "assessed_by": "enhetschef"}]
    )
    disclosed = {"subject": CHILD, "items": [item], "basis": ["osl_26_9a"], "purpose": "support"}
    told = [
        message_of(n, "Disclosure", TOWN, to, disclosed, unit="social_services") for n, to in ((4, SCHOOL), (5, HEALTH))
    ]
    with opened(folder, parties=PARTIES) as house:
        receipts = house.run(
            concern(1, sender, anonymous=True), decision(2, 1), feedback(3, 1, to=SCHOOL), *told,
            concern(6, "klinik-1"), message_of(7, "Disclosure", TOWN, "klinik-1", disclosed, unit="social_services"),
        )  # fmt: skip
        answered = [{key: value for key, value in one.items() if key != "audit"} for one in receipts]
        return [house.inbox(BOARD["authority"]), answered]


def test_who_sent_an_anonymous_notification_changes_nothing_for_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [_board_s(tmp_path / sender, sender) for sender in (SCHOOL, HEALTH, ASSOCIATION)]
    assert seen[0][1][0]["outcome"] == "forward"
    for inbox, receipts in seen:
        inbox[0].pop("trace", None)
        assert receipts.pop(0)["grounds"], "SoL 19:1 or 19:4: whether it had to notify, which it alone is told"
    assert seen[1:] == [seen[0]] * 2
    monkeypatch.setattr("broker.pipeline.pipeline.is_anonymous", lambda message: False)
    assert _board_s(tmp_path / "planted", SCHOOL)[1][1:] != seen[0][1]
