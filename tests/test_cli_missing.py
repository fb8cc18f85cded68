"""What is missing, as `explain` and `check` tell it (contract, "Receipt"); a recorded receipt of before has none."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from command import Json, samband
from house import engine
from lines import disclosure, line, number, recall

from broker.adapters.sql import read_model as archives
from broker.explanation.again import difference
from broker.model.decision import in_todays_form

SECRET = {"category": "social_record", "content": "x", "secrecy": ["OSL 26:1"]}
MET = {"fact": "met_by_staff"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder where one item was withheld; not to be changed."""
    folder = tmp_path_factory.mktemp("missing")
    samband("run", "-", "--data", folder, "--json", stdin=line(disclosure(1, SECRET, basis=["osl_20"])))
    return folder


@pytest.fixture(scope="module")
def explained(data: Path) -> Json:
    """What `explain --json` gives of it."""
    found: Json = json.loads(samband("explain", number(1), "--data", data, "--json").out)
    return found


def test_the_receipt_tells_what_one_question_gives(explained: Json) -> None:
    receipt = explained["receipt"]
    assert receipt["outcome"] == "withhold"
    ways = [[MET, {"test": "imminent_danger"}], [MET, {"test": "suspicion"}]]
    assert receipt["items"][0]["missing"] == ways


def test_explain_gives_all_with_the_ground_behind_each(explained: Json) -> None:
    [item] = explained["items"]
    grounds = [ground["id"] for ground in item["missing_grounds"]]
    assert len(grounds) == len(item["missing"])
    by_ground = dict(zip(grounds, item["missing"], strict=True))
    assert by_ground["osl_18a"] == [{"fact": "basis"}, {"test": "concrete_risk"}, {"test": "not_unsuitable"}]
    assert by_ground["consent"] == [{"consent": "consent"}, {"fact": "basis"}]
    assert item["missing"].index([MET, {"test": "suspicion"}]) < item["missing"].index(by_ground["consent"])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "sv",
            (
                "Varje rad kan räcka för sig",
                "enligt OSL 10:20 – kontrollera om personalen själv",
                "åberopa OSL 10:15 a",
            ),
        ),
        ("en", ("Any one line may be enough", "under OSL 10:20 – check whether the staff", "claim OSL 10:15 a")),
    ],
)
def test_people_read_it_in_their_language(data: Path, lang: str, words: tuple[str, ...]) -> None:
    shown = " ".join(samband("explain", number(1), "--data", data, "--lang", lang, "--all").out.split())
    for word in words:
        assert all(part in shown for part in word.split()), word
    assert "met_by_staff" not in shown and "missing_" not in shown


def test_a_test_that_was_answered_against_is_not_asked_again(tmp_path: Path) -> None:
    answered = {**SECRET, "assessments": [{"test": "concrete_risk", "holds": False, "assessed_by": "handläggare"}]}
    samband("run", "-", "--data", tmp_path, "--json", stdin=line(disclosure(1, answered, basis=["osl_18a"])))
    [item] = samband("explain", number(1), "--data", tmp_path, "--json").objects[0]["items"]
    assert item["outcome"] == "withhold"
    assert not [way for way in item["missing"] if {"test": "concrete_risk"} in way]
    assert "svaret är nej: Visar" in samband("explain", number(1), "--data", tmp_path).out


def test_what_nothing_would_change_says_so(tmp_path: Path) -> None:
    samband("run", "-", "--data", tmp_path, "--json", stdin=line(recall(1, 9)))
    assert "ingen prövning, ingen kontroll" in samband("explain", number(1), "--data", tmp_path).out


TWO = b"\n".join(line(disclosure(n, SECRET, basis=["osl_20"])) for n in (1, 2))


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_check_tells_people_of_each_message_what_is_missing(tmp_path: Path, lang: str) -> None:
    out = samband("check", "-", "--data", tmp_path, "--lang", lang, stdin=TWO).out
    heading = {"sv": "Vad som saknas för det som inte lämnas", "en": "What is missing for what is kept back"}[lang]
    assert heading in out and number(2) in out


def test_check_tells_of_each_message_what_is_missing(tmp_path: Path) -> None:
    receipts = samband("check", "-", "--data", tmp_path, "--json", stdin=TWO).objects
    assert len(receipts) == 2
    for receipt in receipts:
        [item] = receipt["items"]
        assert [{"consent": "consent"}, {"fact": "basis"}] in item["missing"]
        assert set(item) <= {"item", "outcome", "ref", "asks", "missing", "ground", "refer_to", "open"}


def test_replay_calls_no_receipt_of_before_different(data: Path) -> None:
    assert samband("replay", "--data", data).status == 0
    with archives.open_archive(data) as archive:
        [record] = archive.decisions(0)
    [now] = engine().decide({"0": in_todays_form(record.leaf["input"])}).values()
    receipt = record.leaf["receipt"]
    assert receipt["items"][0]["missing"]
    before = [{name: item[name] for name in item if name != "missing"} for item in receipt["items"]]
    assert difference(replace(record, leaf={**record.leaf, "receipt": {**receipt, "items": before}}), now) is None
    other = [{**item, "missing": []} for item in receipt["items"]]
    assert difference(replace(record, leaf={**record.leaf, "receipt": {**receipt, "items": other}}), now)
