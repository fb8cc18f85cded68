"""Young suspects and the grounds that came with them, end to end: what the broker gathers for the law, day by day.

The shared cases hold the law itself (`lul_section_*`, `sol_15_section_4`, `osl_35_section_15a`, `osl_10_section_2`).
"""

import json
from pathlib import Path
from typing import Any

import pytest
from exchange_lines import BOARD, PARTIES, SCHOOL
from house import opened
from lines import POLICE, TOWN, Json, disclosure, message, request, secret_item

TIME = "2026-10-15T10:00:00Z"
CHILD = {"id_type": "unknown", "birth_date": "2015-03-04"}
YOUTH = {"id_type": "personnummer", "id": "200905062386"}
PARENT = {"id_type": "unknown", "birth_date": "1980-01-01"}
PROSECUTOR = {"authority": "aklagarmyndigheten", "unit": "registry", "role": "prosecutor"}
ROBBERY = {"provision": "BrB 8:5", "committed": True, "date": "2026-10-01"}
MURDER = {"provision": "BrB 3:1", "committed": True, "date": "2026-10-01"}
TOLD = {"mediation_asked": False, "deprived_of_liberty": "none"}
ASKED = "Redogörelse för insatser."


def judged(test: str, *, holds: bool = True, ground: str | None = None) -> Json:
    return {"test": test, "holds": holds, "assessed_by": "enhetschef"} | ({"ground": ground} if ground else {})


def notice(n: int, subject: Json = YOUTH, *, at: str = TIME, sender: str = POLICE, **changes: Any) -> Json:
    """The police tell the social board of a young suspect."""
    item = {"category": "other", "content": "Vad den unge misstänks för.", "secrecy": ["OSL 35:1"]}
    body = {"subject": subject, "items": [item], "purpose": "support", "offence": ROBBERY} | changes
    return message(n, "Disclosure", sender, TOWN, body) | {"recipient": BOARD, "time": at}


def of_six(n: int, **changes: Any) -> Json:
    """A notice under LUL 6 §, complete."""
    return notice(n, **{"basis": ["lul_6"], "assessments": [judged("suspicion")], "lul_notice": TOLD} | changes)


def of_thirty_four(n: int, **changes: Any) -> Json:
    """A notice under LUL 34 §."""
    own = [judged("suspicion", ground="lul_34")]
    return notice(n, **{"subject": CHILD, "basis": ["lul_34"], "assessments": own} | changes)


def asked(n: int, *categories: str, at: str = TIME, **changes: Any) -> Json:
    """The prosecutor asks the social board."""
    body = {"subject": YOUTH, "purpose": "prosecute", "need": "Yttrande."} | changes
    found = request(n, *(categories or ["social_record"]), sender="aklagarmyndigheten", **body)
    return found | {"sender": PROSECUTOR, "recipient": BOARD, "time": at}


def answered(n: int, reply: int, *items: Json, at: str = TIME, **changes: Any) -> Json:
    """The board answers the prosecutor."""
    body = {"subject": YOUTH, "purpose": None, "offence": ROBBERY} | changes
    return disclosure(n, *(items or [secret_item()]), reply=reply, recipient="aklagarmyndigheten", **body) | {
        "time": at
    }


def told(receipt: Json, index: int = 0) -> tuple[str, str | None, list[str]]:
    item = receipt["items"][index]
    return item["outcome"], item["ref"], item["asks"]


def missing(receipt: Json) -> list[set[tuple[str, str]]]:
    return [{one for part in way for one in part.items()} for way in receipt["items"][0]["missing"]]


def bars(receipt: Json) -> list[str]:
    return [bar["id"] for bar in receipt["bars"]]


@pytest.fixture
def run(tmp_path: Path) -> Any:
    with opened(tmp_path) as broker:
        yield broker


# --- LUL 6 §: what the notice must tell


LACKING: list[tuple[Json | None, set[str]]] = [
    (None, {"lul_notice"}),
    ({}, {"mediation_asked", "deprived_of_liberty"}),
    ({"deprived_of_liberty": "none"}, {"mediation_asked"}),
    ({"mediation_asked": False}, {"deprived_of_liberty"}),
    ({"mediation_asked": True, "deprived_of_liberty": "none"}, {"mediation_answer"}),
    ({"mediation_asked": False, "deprived_of_liberty": "apprehended"}, {"why"}),
    ({"mediation_asked": False, "deprived_of_liberty": "arrested"}, {"why"}),
    ({"mediation_asked": False, "deprived_of_liberty": "detained", "why": " … "}, {"why"}),
]


@pytest.mark.parametrize(("lul_notice", "lacking"), LACKING)
def test_a_notice_that_does_not_tell_what_it_must_goes_back(
    lul_notice: Json | None, lacking: set[str], run: Any
) -> None:
    """And the receipt says what it lacks."""
    [receipt] = run.run(of_six(1, lul_notice=lul_notice))
    assert (receipt["outcome"], bars(receipt), told(receipt)) == (
        "refer",
        ["incomplete"],
        ("refer", "1964:167 6 §", []),
    )
    assert missing(receipt) == [{("fact", name) for name in lacking}]


def test_a_complete_notice_goes_with_its_words_and_the_record_holds_none_of_them(run: Any) -> None:
    why = "Risk för att han påverkar utredningen."
    full = {"mediation_asked": True, "mediation_answer": "no", "deprived_of_liberty": "arrested", "why": why}
    [receipt] = run.run(of_six(1, lul_notice=full))
    assert (receipt["outcome"], receipt["doubtful"]) == ("forward", [])
    assert run.inbox(TOWN)[0]["message"]["body"]["lul_notice"] == full
    assert "påverkar" not in json.dumps(run.leaves(), ensure_ascii=False)


def test_the_notice_stays_where_the_ground_that_it_serves_releases_nothing(run: Any) -> None:
    items = [
        {
            "category": "other",
            "content": "Misstanke.",
            "secrecy": ["OSL 35:1"],
            "assessments": [judged("child_at_risk", holds=False)],
        },
        {
            "category": "other",
            "content": "Oro.",
            "secrecy": ["OSL 35:1"],
            "assessments": [judged("suspicion", holds=False)],
        },
    ]
    both = {"basis": ["lul_6", "sol_19_1"], "lul_notice": TOLD, "items": items}
    body = [judged("suspicion", ground="sol_19_1"), judged("child_at_risk", ground="lul_6")]
    [receipt] = run.run(notice(1, **both, assessments=[*body, judged("child_at_risk")]))
    assert [item["outcome"] for item in receipt["items"]] == ["refer", "release"]
    assert run.inbox(TOWN)[0]["message"]["body"]["lul_notice"] is None


# --- LUL 34 §: under fifteen


def test_the_board_is_told_of_a_child_under_thirty_four(run: Any) -> None:
    plain, general, no, inquiry = run.run(
        of_thirty_four(1),
        of_thirty_four(2, assessments=[judged("suspicion")]),
        of_thirty_four(3, assessments=[judged("suspicion", holds=False)]),
        of_thirty_four(4, assessments=[], circumstances=["inquiry_31_opened"], offence=None),
    )
    assert told(plain) == ("release", "1964:167 34 §", [])
    assert told(general) == told(no) == ("refer", "1964:167 34 §", ["suspicion"])
    assert told(inquiry) == ("release", "1964:167 34 §", [])


def test_with_nothing_claimed_age_decides_which_paragraph_carries(run: Any) -> None:
    answers = [judged("suspicion"), judged("suspicion", ground="lul_34")]
    plain: dict[str, Any] = {"basis": [], "lul_notice": TOLD, "assessments": answers}
    born = {"2012-10-01": "34 §", "2011-10-01": "6 §", "2011-10-02": "34 §"}
    for n, (day, section) in enumerate(born.items(), 1):
        [receipt] = run.run(notice(n, {"id_type": "unknown", "birth_date": day}, **plain))
        assert told(receipt)[:2] == ("release", f"1964:167 {section}"), day


def test_a_fourteen_year_old_and_the_gravest_offences(run: Any) -> None:
    """BrB 1:6 second paragraph, LUL 1 a and 38 e §§, from 2026-09-10."""
    fourteen = {"id_type": "unknown", "birth_date": "2012-04-04"}
    answers = [judged("suspicion"), judged("suspicion", ground="lul_34")]
    for n, (day, section) in enumerate({"2026-09-09": "34 §", "2026-09-10": "6 §"}.items(), 1):
        murder = MURDER | {"date": day}
        [receipt] = run.run(notice(n, fourteen, offence=murder, basis=[], lul_notice=TOLD, assessments=answers))
        assert told(receipt)[:2] == ("release", f"1964:167 {section}"), day


def test_where_the_offences_day_is_not_stated_both_are_tried(run: Any) -> None:
    undated = {name: value for name, value in ROBBERY.items() if name != "date"}
    six, thirty_four = run.run(of_six(1, offence=undated), of_thirty_four(2, subject=YOUTH, offence=undated))
    assert (told(six)[0], six["doubtful"]) == ("release", ["lul_6"])
    assert told(thirty_four)[0] == "refer"


def test_protected_identity_waits_for_nothing_and_the_mark_goes_with_it(run: Any) -> None:
    marked = CHILD | {"protected_identity": "sekretessmarkering"}
    receipts = run.run(
        of_thirty_four(1, subject=marked), of_six(2, subject=YOUTH | {"protected_identity": "sekretessmarkering"})
    )
    assert [receipt["outcome"] for receipt in receipts] == ["forward", "forward"]
    assert [receipt["doubtful"] for receipt in receipts] == [
        ["lul_34", "protected_identity"],
        ["lul_6", "protected_identity"],
    ]
    assert [found["message"]["body"]["subject"]["protected_identity"] for found in run.inbox(TOWN)] == [
        "sekretessmarkering"
    ] * 2


# --- LUL 11 §: what prosecutor and investigator ask


def test_the_request_claims_it_or_the_answer_where_the_request_claims_nothing(run: Any) -> None:
    run.run(asked(1), asked(2, basis=["lul_11"]), asked(3, basis=["osl_24"]))
    claims = {4: (1, ["lul_11"]), 5: (2, []), 6: (2, ["lul_11"]), 7: (3, ["lul_11"])}
    receipts = run.run(*(answered(n, reply, basis=basis) for n, (reply, basis) in claims.items()))
    assert [told(receipt)[:2] for receipt in receipts[:3]] == [("release", "1964:167 11 §")] * 3
    assert (told(receipts[3]), receipts[3]["doubtful"]) == (("refer", "1964:167 11 §", []), ["lul_11"])
    closed = [
        judged(test, holds=test == "overriding_reasons")
        for test in ("overriding_reasons", "obvious_interest", "importance")
    ]
    [neither] = run.run(answered(8, 1, assessments=closed))
    assert (told(neither), neither["doubtful"]) == (("refer", "1964:167 11 §", []), ["lul_11"])


def test_of_what_was_not_asked_and_of_another_a_human_looks(run: Any) -> None:
    run.run(asked(1, basis=["lul_11"]))
    [receipt] = run.run(
        answered(
            2,
            1,
            secret_item("school_support"),
            secret_item(concerns=[PARENT]),
            secret_item(concerns=[YOUTH]),
            basis=["lul_11"],
        )
    )
    assert [told(receipt, index)[0] for index in range(3)] == ["withhold", "refer", "release"]


def test_the_age_on_the_offences_day_counts_and_not_todays(run: Any) -> None:
    grown = {"id_type": "unknown", "birth_date": "2005-10-01"}
    run.run(asked(1, basis=["lul_11"], subject=grown))
    days = ("2023-09-30", "2023-10-01", None)
    receipts = run.run(
        *(
            answered(n, 1, subject=grown, offence=ROBBERY | {"date": day}, basis=["lul_11"])
            for n, day in enumerate(days, 2)
        )
    )
    assert [told(receipt)[0] for receipt in receipts] == ["release", "withhold", "refer"]


def test_what_the_request_claims_is_remembered(tmp_path: Path) -> None:
    with opened(tmp_path) as broker:
        broker.run(asked(1, basis=["lul_11"]))
    with opened(tmp_path) as broker:
        [receipt] = broker.run(answered(2, 1))
        assert told(receipt)[:2] == ("release", "1964:167 11 §")


def test_the_receipt_says_which_fact_is_not_stated(run: Any) -> None:
    grown = {"id_type": "unknown", "birth_date": "2005-10-01"}
    unborn = {"id_type": "unknown"}
    undated = {name: value for name, value in ROBBERY.items() if name != "date"}
    run.run(asked(1), asked(2, subject=grown, basis=["lul_11"]), asked(3, subject=unborn, basis=["lul_11"]))
    closed = [judged(test, holds=test == "overriding_reasons") for test in ("overriding_reasons", "obvious_interest")]
    closed.append(judged("importance", holds=False))
    receipts = run.run(
        answered(11, 1, assessments=closed),
        answered(12, 1, basis=["lul_11"], offence=None),
        answered(13, 2, basis=["lul_11"], subject=grown, offence=undated),
        answered(14, 3, basis=["lul_11"], subject=unborn),
        of_thirty_four(15, subject=YOUTH, offence=undated),
        of_thirty_four(16, subject=unborn),
        of_thirty_four(17, offence=None),
    )
    facts = [["claimed"], ["offence"], ["offence_date"], ["age"], ["offence_date"], ["age"], ["offence"]]
    assert [missing(receipt) for receipt in receipts] == [[{("fact", name) for name in names}] for names in facts]


# --- OSL 10:2: on the item, for this ground


def test_what_is_necessary_for_the_own_task_is_answered_on_the_item_for_its_ground(run: Any) -> None:
    own = judged("necessary_for_own_task", ground="osl_10_2")
    plain: dict[str, Any] = {"basis": ["osl_10_2"], "purpose": "other"}
    item = secret_item(secrecy=["OSL 26:11"])
    on_item, on_body, for_any = run.run(
        disclosure(1, item | {"assessments": [own]}, **plain),
        disclosure(2, item, assessments=[own], **plain),
        disclosure(3, item | {"assessments": [judged("necessary_for_own_task")]}, **plain),
    )
    assert (told(on_item), on_item["doubtful"]) == (("release", "OSL 10:2", []), ["osl_10_2"])
    assert told(on_body) == told(for_any) == ("refer", "OSL 10:2", ["necessary_for_own_task"])


# --- the first day of each, from both sides


FIRST_DAYS = {
    "lul_11": ("2025-06-30", "2025-07-01", "refer"),
    "lul_34": ("2023-06-30", "2023-07-01", "refer"),
    "sol_15_4": ("2025-06-30", "2025-07-01", "withhold"),
    "osl_35_15a": ("2026-06-30", "2026-07-01", "withhold"),
    "skol_6a_10": ("2025-06-30", "2025-07-01", "withhold"),
}
"""Ground -> the day before, the first day, and what becomes of it the day before."""


def on(ground: str, day: str, n: int) -> list[Json]:
    """What the ground carries, on a day: the request first, where there is one."""
    at = f"{day}T10:00:00Z"
    theft = {"provision": "BrB 8:1", "committed": True, "date": day}
    if ground == "lul_11":
        return [asked(n, at=at), answered(n + 1, n, at=at, offence=theft, basis=[ground])]
    if ground == "lul_34":
        return [of_thirty_four(n, at=at, offence=theft)]
    if ground == "sol_15_4":
        asks = request(n, "benefit", sender="forsakringskassan", subject=YOUTH, purpose="wrong_payment")
        gives = disclosure(
            n + 1, secret_item("benefit"), reply=n, recipient="forsakringskassan", subject=YOUTH, purpose=None
        )
        return [asks | {"recipient": BOARD, "time": at}, gives | {"time": at}]
    if ground == "osl_35_15a":
        item = {"category": "custody_status", "content": "Permission.", "secrecy": ["OSL 35:15 1 st"]}
        body = {
            "subject": YOUTH,
            "items": [item],
            "purpose": "support",
            "basis": [ground],
            "circumstances": ["serving_prison"],
        }
        return [message(n, "Disclosure", "kriminalvarden", TOWN, body | {"assessments": [judged("need")]}, time=at)]
    item = {"category": "school_incident", "content": "Slagsmål.", "secrecy": ["OSL 23:2"]}
    body = {
        "subject": YOUTH,
        "items": [item],
        "purpose": "investigate",
        "basis": [ground],
        "offence": theft | {"connected_with_school": True},
    }
    answers = [judged("suspicion"), judged("overriding_reasons", holds=False)]
    return [
        message(n, "Disclosure", SCHOOL, POLICE, body | {"assessments": answers}, unit="school", role="rektor", time=at)
    ]


@pytest.mark.parametrize("ground", FIRST_DAYS)
def test_a_ground_carries_from_its_first_day_and_not_before(ground: str, tmp_path: Path) -> None:
    before, first, outcome = FIRST_DAYS[ground]
    with opened(tmp_path, parties=PARTIES) as broker:
        receipts = [broker.run(*on(ground, day, n))[-1] for n, day in ((1, before), (11, first))]
    assert [receipt["outcome"] for receipt in receipts] == [outcome, "forward"]
    assert bars(receipts[0]) == (
        ["wording_unknown"] if outcome == "refer" else [ground] if ground != "sol_15_4" else []
    )


@pytest.mark.parametrize("day", ["2025-07-01", "2026-12-31", "2027-01-01", "2027-01-02"])
def test_the_last_paragraph_of_eleven_reads_the_same_in_all_its_wordings(day: str, run: Any) -> None:
    assert run.run(*on("lul_11", day, 1))[-1]["outcome"] == "forward"
