"""`register show`: who is known, and the registers with their history; persons, consents and agreements are tokens."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from command import REGISTER, Ended, changed, copy_of, samband, sample_folder
from exchange_lines import INTAKE, PARTIES, PLATFORM, SCHOOL, concern, decision, feedback, judged, order
from lines import (
    GIRL,
    POLICE,
    TOWN,
    agreement,
    closed_item,
    consent,
    disclosure,
    line,
    message,
    number,
    open_item,
    recall,
    refusal,
    request,
    withdrawal,
)

from broker.cli import register

Json = dict[str, Any]
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

data = pytest.fixture(scope="module")(sample_folder)


def run(folder: Path, *messages: Json) -> None:
    """Run messages into a data folder, with the parties of the exchanges known."""
    file = folder.parent / f"{folder.name}.json"
    file.write_text(json.dumps(PARTIES), "utf-8")
    given = b"\n".join(map(line, messages))
    ended = samband("run", "-", "--register", file, "--data", folder, "--json", stdin=given)
    assert ended.status == 0, ended.err
    assert [receipt.get("error") for receipt in ended.objects if "error" in receipt] == []


def at(time: str, given: Json) -> Json:
    """The message at another time."""
    return given | {"time": time}


def shown(folder: Path, which: str, *more: object) -> Ended:
    """A register as it stands at a moment long after all that the tests let happen."""
    with patch.object(register, "clock", lambda: NOW):
        ended = samband("register", "show", which, "--data", folder, *more, columns=160)
    assert ended.status == 0, ended.err
    return ended


def rows(folder: Path, which: str, *more: object) -> list[Json]:
    return shown(folder, which, *more, "--json").objects


# --- authorities


def test_authorities() -> None:
    found = samband("register", "show", *REGISTER, "--json").objects
    assert {"polismyndigheten", "kommun-0127", "skola-10101010"} <= {row["authority"] for row in found}
    schools = samband("register", "show", "--kind", "school", *REGISTER, "--json").objects
    assert [row["authority"] for row in schools] == ["skola-10101010"]
    assert "Botkyrka kommun" in samband("register", "show").out


def test_a_private_school_shows_how_it_is_approved(tmp_path: Path) -> None:
    """In words; what an authority's school is in law rests on its principal alone."""
    file = tmp_path / "register.json"
    private = {"name": "Prövoskolan", "kind": "school", "principal": "private"}
    schools = [
        private | {"authority": "skola-a", "approved": "legal_person_2_5", "forms": ["international"]},
        private | {"authority": "skola-b", "approved": "other"},
        private | {"authority": "skola-c"},
    ]
    file.write_text(json.dumps(schools))
    options = ("register", "show", "--kind", "school", "--register", file)
    told = [(row["approved"], row["forms"]) for row in samband(*options, "--json").objects]
    assert told == [("legal_person_2_5", ["international"]), ("other", []), (None, [])]
    swedish, english = (samband(*options, "--lang", lang, columns=160).out for lang in ("sv", "en"))
    assert "juridisk person, godkänd i skolväsendet" in swedish and "godkännande ej angivet" in swedish
    assert "not approved so" in english and "legal_person" not in english


@pytest.mark.parametrize("which", ["consents", "agreements", "concerns", "orders"])
def test_an_empty_register(data: Path, which: str) -> None:
    assert "inget här" in shown(data, which).out
    assert "nothing here" in shown(data, which, "--lang", "en").out
    assert rows(data, which) == []


# --- consents


def test_consents_show_their_state_and_no_identity(tmp_path: Path) -> None:
    forever: Json = {"valid_until": None}
    messages = (consent(1), consent(2, **forever), consent(3, consent="S-2", **forever), withdrawal(4, consent="S-2"))
    run(tmp_path / "d", *messages, consent(5, consent="S-3", valid_from="2020-01-01", valid_until="2020-12-31"))
    found = rows(tmp_path / "d", "consents")
    assert [row["state"] for row in found] == ["replaced", "in_force", "withdrawn", "ended"]
    for ended in (shown(tmp_path / "d", "consents"), shown(tmp_path / "d", "consents", "--json")):
        assert GIRL["id"] not in ended.out and "S-1" not in ended.out


def test_consents_show_who_gave_what_and_when_it_was_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    signed = [{"role": "guardian", "answer": "yes"}, {"role": "guardian", "answer": "no"}]
    second = consent(2, valid_until=None, given_by=signed, form="oral")
    run(folder, consent(1), at("2026-03-05T09:00:00Z", second))
    first, newer = rows(folder, "consents")
    assert (first["version"], newer["version"]) == (1, 2)
    assert first["given"] == {
        "seq": 0,
        "time": "2026-03-02T09:00:00Z",
        "unit": "registry",
        "role": "officer",
        "by": None,
    }
    assert (first["replaced"]["seq"], first["replaced"]["time"]) == (1, "2026-03-05T09:00:00Z")
    assert (newer["replaced"], newer["withdrawn"]) == (None, None)
    words = {
        "sv": ["version 2", "skriftligt: personen själv ja, 2 av 2", "muntligt: 1 av 2", "ersatt 2026-03-05 10:00"],
        "en": ["version 2", "written: the person yes, 2 of 2", "oral: 1 of 2", "replaced 2026-03-05 10:00 by record 1"],
    }
    for lang, told in words.items():
        out = " ".join(shown(folder, "consents", "--lang", lang).out.split())
        assert [word for word in told if word not in out] == []


def test_consents_show_when_and_by_whom_they_were_withdrawn(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    taken = withdrawal(2) | {"sender": {"authority": TOWN, "unit": "social_services", "role": "caseworker"}}
    run(folder, consent(1), at("2026-03-05T09:00:00Z", taken))
    copy = copy_of(folder, tmp_path / "copy")
    with changed(copy) as connection:
        leaf = json.loads(connection.execute("SELECT leaf FROM records WHERE seq = 1").fetchone()[0])
        leaf["input"]["stated"] = {"by": "guardian"}
        connection.execute("UPDATE records SET leaf = ? WHERE seq = 1", (json.dumps(leaf).encode(),))
    [row] = rows(copy, "consents")
    ended = {"seq": 1, "time": "2026-03-05T09:00:00Z", "unit": "social_services", "role": "caseworker"}
    assert (row["state"], row["withdrawn"]) == ("withdrawn", ended | {"by": "guardian"})
    for lang, told in (
        ("sv", "återkallat 2026-03-05 10:00 (vårdnadshavare, socialsekreterare)"),
        ("en", "withdrawn 2026-03-05 10:00 (guardian, caseworker)"),
    ):
        assert told in " ".join(shown(copy, "consents", "--lang", lang).out.split())


# --- agreements


def test_agreements_show_who_has_confirmed_and_when(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    run(folder, agreement(1, valid_until=None))
    [alone] = rows(folder, "agreements")
    assert (alone["parties"], alone["state"]) == ([TOWN], "one_party")
    run(folder, at("2026-03-04T23:30:00Z", agreement(2, by=POLICE, valid_until=None)))
    [both] = rows(folder, "agreements")
    assert (both["parties"], both["state"], both["version"]) == ([TOWN, POLICE], "in_force", 1)
    assert [(one["party"], one["day"]) for one in both["confirmed"]] == [(TOWN, 20260302), (POLICE, 20260305)]
    assert "in force" in shown(folder, "agreements", "--lang", "en").out
    assert "Polismyndigheten 2026-03-05" in shown(folder, "agreements").out


def test_agreements_keep_the_versions_that_were_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    run(folder, agreement(1), agreement(2, by=POLICE), agreement(3, valid_until=None))
    old, new = rows(folder, "agreements")
    assert (old["version"], old["parties"], old["state"]) == (1, [POLICE], "one_party")
    assert [one["replaced"] and one["replaced"]["seq"] for one in old["confirmed"]] == [2, None]
    assert (new["version"], new["parties"], new["state"]) == (2, [TOWN], "one_party")
    run(folder, agreement(4, by=POLICE, valid_until=None))
    old, new = rows(folder, "agreements")
    assert (old["state"], old["parties"], new["state"]) == ("replaced", [TOWN, POLICE], "in_force")
    assert "ersatt 2026-03-02 10:00 av post 3" in shown(folder, "agreements").out
    assert "replaced 2026-03-02 10:00 by record 3" in shown(folder, "agreements", "--lang", "en").out


# --- requests


def question(n: int, reply: int) -> Json:
    """The municipality asks back."""
    return message(n, "Clarification", TOWN, POLICE, {"text": "Vilken period?"}, in_reply_to=number(reply))


def interim(n: int, reply: int) -> Json:
    """The municipality tells that it will answer."""
    return message(n, "Interim", TOWN, POLICE, {"text": "Snart."}, in_reply_to=number(reply))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Requests in every state: what is done to each on the next day."""
    folder = tmp_path_factory.mktemp("requests") / "d"
    both = ("housing", "benefit")
    requests = [request(n, *(both if n == 3 else ("housing",))) for n in range(1, 8)]
    answers = [
        question(12, 2),
        disclosure(13, open_item("housing"), reply=3),
        disclosure(14, reply=4),
        refusal(15, reply=5),
        recall(16, 6, sender=POLICE, recipient=TOWN),
        interim(17, 7),
    ]
    run(folder, *requests, *(at("2026-03-03T09:00:00Z", answer) for answer in answers))
    return folder


def test_requests_are_those_still_open(asked: Path) -> None:
    found = {int(row["message"][-2:]): row["state"] for row in rows(asked, "requests")}
    assert found == {1: "open", 2: "paused", 3: "partly_answered", 7: "open"}


def test_all_requests_with_their_state_and_since_when(asked: Path) -> None:
    found = {int(row["message"][-2:]): row for row in rows(asked, "requests", "--all")}
    states = ["open", "paused", "partly_answered", "answered", "refused", "withdrawn", "open"]
    assert [found[n]["state"] for n in range(1, 8)] == states
    assert [found[n]["since"] for n in (1, 2)] == ["2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"]
    assert (found[3]["categories"], found[3]["remaining"]) == (["housing", "benefit"], ["benefit"])
    assert (found[4]["sender"], found[4]["recipient"], found[4]["purpose"]) == (POLICE, TOWN, "prevent")
    assert (found[1]["due"], found[1]["overdue"], found[4]["overdue"]) == ("2026-03-09T22:59:59Z", True, False)
    assert found[1]["seq"] == 0


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ["väntar på svar på motfråga", "delvis besvarad", "återkallad", "sedan 2026-03-03 10:00", "försenad"]),
        ("en", ["waiting for an answer to a question back", "partly answered", "withdrawn", "overdue", "refused"]),
    ],
)
def test_requests_for_people(asked: Path, lang: str, words: list[str]) -> None:
    out = " ".join(shown(asked, "requests", "--all", "--lang", lang).out.split())
    assert [word for word in words if word not in out] == []
    assert number(4) in out
    assert number(4) not in shown(asked, "requests").out


def test_what_is_closed_for_one_sender_is_open_for_another(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    run(
        folder,
        request(1),
        request(1, sender=TOWN, recipient=POLICE),
        disclosure(2, closed_item(), reply=1),
        refusal(3, reply=1),
    )
    assert [row["sender"] for row in rows(folder, "requests")] == [TOWN]


# --- concerns


@pytest.fixture(scope="module")
def notified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three notifications of one girl, one of them anonymous, and one of a child without an id."""
    folder = tmp_path_factory.mktemp("concerns") / "d"
    nobody = {"id_type": "unknown", "birth_date": "2012-02-01"}
    run(
        folder,
        concern(1, feedback_requested=True, immediate=True),
        concern(2, POLICE, feedback_requested=True),
        concern(3, INTAKE, anonymous=True),
        concern(4, subject=nobody),
        at("2026-03-03T09:00:00Z", decision(11, 1)),
        at("2026-03-03T10:00:00Z", feedback(12, 1)),
        at("2026-03-03T11:00:00Z", feedback(13, 2, to=POLICE, assessments=judged(not_unsuitable=False))),
    )
    return folder


def test_concerns_with_decision_and_feedback(notified: Path) -> None:
    first, second, _, alone = rows(notified, "concerns")
    assert (first["sender"], first["recipient"], first["state"]) == (SCHOOL, TOWN, "decided")
    assert (first["concerns"], first["immediate"], first["feedback_requested"]) == (["network"], True, True)
    assert first["grounds"] == [{"id": "sol_19_1", "ref": "SoL 19:1"}]
    assert (first["decision"]["status"], first["decision"]["decided_on"]) == ("opened", 20260302)
    assert (first["feedback"]["outcome"], first["feedback"]["time"]) == ("forward", "2026-03-03T10:00:00Z")
    assert first["feedback"]["due"] == "2026-03-09T22:59:59Z"
    assert (second["decision"]["on"], second["feedback"]["outcome"]) == (number(1), "withhold")
    assert (alone["state"], alone["decision"], alone["feedback"], alone["overdue"]) == ("open", None, None, True)
    assert (alone["subject"], alone["linked"], alone["independent_sources"]) == (None, [], 1)


def test_concerns_of_one_child_stand_together_and_name_no_anonymous_sender(notified: Path) -> None:
    first, _, third, _ = rows(notified, "concerns")
    assert third["sender"] is None and third["anonymous"] is True
    assert (third["linked"], third["independent_sources"]) == ([number(1), number(2)], 3)
    assert third["subject"] == first["subject"] != GIRL["id"]
    for more in ((), ("--json",)):
        out = shown(notified, "concerns", *more).out
        assert INTAKE not in out and GIRL["id"] not in out


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "sv",
            [
                *("utredning inledd", "genom beslut på", "väntar på beslut", "3 oberoende källor", "anonym avsändare"),
                *("kriminellt nätverk", "återkoppling begärd", "försenad", "(SoL 20:2)", "✕ lämnas inte"),
            ],
        ),
        (
            "en",
            [
                *("inquiry opened", "by the decision on", "waits for a decision", "3 independent sources"),
                *("anonymous sender", "criminal network", "feedback requested", "overdue", "✕ withheld"),
            ],
        ),
    ],
)
def test_concerns_for_people(notified: Path, lang: str, words: list[str]) -> None:
    out = " ".join(shown(notified, "concerns", "--lang", lang).out.split())
    assert [word for word in words if word not in out] == []


def test_feedback_that_is_still_owed(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    run(folder, concern(1, feedback_requested=True), decision(2, 1))
    [row] = rows(folder, "concerns")
    assert row["feedback"] == {"due": "2026-03-09T22:59:59Z", "ref": "SoL 19:6", "overdue": True}
    assert "(SoL 19:6)" in shown(folder, "concerns").out


# --- orders


def effect(n: int, reply: int, done: str | None, time: str = "2026-09-02T09:40:00Z") -> Json:
    """The platform reports what it has done."""
    body = {"action": "effect", "done_at": done} if done else {"action": "effect", "text": "Hittar det inte."}
    return message(n, "ChannelAction", PLATFORM, POLICE, body, in_reply_to=number(reply)) | {"time": time}


@pytest.fixture(scope="module")
def ordered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders carried out in time and too late, one without effect, one recalled."""
    folder = tmp_path_factory.mktemp("orders") / "d"
    run(
        folder,
        *(order(n) for n in range(1, 5)),
        effect(11, 1, "2026-09-02T09:30:00Z"),
        effect(12, 2, "2026-09-02T11:00:00Z", "2026-09-02T12:00:00Z"),
        effect(13, 3, None),
        recall(14, 4, sender=POLICE, recipient=PLATFORM) | {"time": "2026-09-02T09:45:00Z"},
    )
    return folder


def test_orders_with_their_effect(ordered: Path) -> None:
    done, late, waiting, taken = rows(ordered, "orders")
    assert [row["state"] for row in (done, late, waiting, taken)] == ["done", "done", "open", "withdrawn"]
    assert (done["provision"], done["recipient"], done["due"]) == ("BrB 16:5 a", PLATFORM, "2026-09-02T10:00:00Z")
    assert (done["effect"]["done_at"], done["late"]) == ("2026-09-02T09:30:00Z", False)
    assert done["preserved_until"].startswith("2027-03-02")
    assert (late["late"], late["effect"]["message"]) == (True, number(12))
    assert (waiting["effect"]["done_at"], waiting["overdue"], waiting["preserved_until"]) == (None, True, None)
    assert (taken["effect"], taken["overdue"], taken["late"]) == (None, False, False)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "sv",
            ["verkställt", "avlägsnat 2026-09-02 11:30", "för sent", "väntar på verkan", "återkallat", "bevaras till"],
        ),
        ("en", ["carried out", "removed 2026-09-02 11:30", "late", "waiting for effect", "withdrawn", "kept until"]),
    ],
)
def test_orders_for_people(ordered: Path, lang: str, words: list[str]) -> None:
    out = " ".join(shown(ordered, "orders", "--lang", lang).out.split())
    assert [word for word in words if word not in out] == []
    assert "2027-03-02" in out
