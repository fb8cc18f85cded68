"""`run`, `check`, `send` and `replay` (contract, "Commands")."""

import json
from pathlib import Path

import pytest
from command import MESSAGES, REGISTER, SAMPLES, Json, changed, copy_of, samband, sample_folder
from lines import POLICE, TOWN, disclosure, line, message, request

from broker.cli import run
from broker.cli.options import clock
from broker.cli.tally import Tally
from broker.pipeline.pipeline import BATCH

data = pytest.fixture(scope="module")(sample_folder)


def agrees(expected: object, got: object) -> bool:
    """Whether every field of the expectation is in what came."""
    if isinstance(expected, dict) and isinstance(got, dict):
        return all(name in got and agrees(value, got[name]) for name, value in expected.items())
    if isinstance(expected, list) and isinstance(got, list):
        return len(expected) == len(got) and all(map(agrees, expected, got))
    return expected == got


def expected() -> list[Json]:
    return [json.loads(row) for row in (SAMPLES / "receipts.expected.jsonl").read_text("utf-8").splitlines()]


def test_run_gives_the_expected_receipts(tmp_path: Path) -> None:
    ended = samband("run", MESSAGES, *REGISTER, "--data", tmp_path / "data", "--json")
    assert ended.status == 0
    assert len(ended.objects) == len(expected())
    for want, got in zip(expected(), ended.objects, strict=True):
        assert agrees(want, got), want
    assert "varav 1 i karantän (1 inte JSON)" in ended.err
    assert "samband.local/audit\n6\n" in ended.err


def test_a_rerun_prints_the_same_bytes_and_records_nothing(data: Path, tmp_path: Path) -> None:
    copy = copy_of(data, tmp_path / "data")
    first = samband("run", MESSAGES, *REGISTER, "--data", tmp_path / "new", "--json")
    once, twice = (samband("run", MESSAGES, *REGISTER, "--data", copy, "--json") for _ in range(2))
    assert once.out == twice.out
    assert [list(receipt) for receipt in first.objects] == [list(receipt) for receipt in once.objects]
    assert samband("audit", "verify", "--data", copy, "--json").objects[0]["size"] == len(expected())


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ["Utlämnande", "förmedlas delvis", "Lagrum som avgjorde", "Karantän", "Loggen är hel: 6 poster"]),
        ("en", ["Disclosure", "forwarded in part", "Provisions that decided", "Quarantine", "The log is whole"]),
    ],
)
def test_run_for_people(tmp_path: Path, lang: str, words: list[str]) -> None:
    ended = samband("run", MESSAGES, *REGISTER, "--data", tmp_path / "data", "--lang", lang)
    assert ended.status == 0
    for word in words:
        assert word in ended.out
    assert "En rektor inom skolväsendet ska lämna en" in ended.out  # statute text stays Swedish
    assert {"sv": "inte JSON, vid tecken 2", "en": "not JSON, at character 2"}[lang] in ended.out
    assert "\nsamband.local/audit\n6\n" in ended.out
    assert "20090412" not in ended.out + ended.err


@pytest.mark.parametrize("columns", [60, 80, 100, 160])
def test_nothing_is_wider_than_the_terminal(tmp_path: Path, columns: int) -> None:
    ended = samband("run", MESSAGES, *REGISTER, "--data", tmp_path / "data", columns=columns)
    note = ended.out.index("\nsamband.local/audit\n")  # to be copied, so never broken
    assert max(map(len, ended.out[:note].splitlines())) <= columns


def test_the_language_can_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBAND_LANG", "en")
    ended = samband("check", MESSAGES, *REGISTER, "--data", tmp_path / "data")
    assert "Tried on a copy: nothing is recorded." in ended.out


def test_stdin_is_a_new_source_each_time_but_ids_stay_taken(tmp_path: Path) -> None:
    given = line(request(1)) + b"\n{broken\n"
    once, twice = (samband("run", "-", "--data", tmp_path / "data", "--json", stdin=given) for _ in range(2))
    assert [receipt["audit"]["seq"] for receipt in once.objects] == [0, 1]
    assert [receipt["audit"]["seq"] for receipt in twice.objects] == [0, 2]


def test_a_file_that_was_changed_is_handled_where_it_changed(tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_bytes(line(request(1)) + b"\n{broken\n")
    samband("run", file, "--data", tmp_path / "data", "--json")
    file.write_bytes(line(request(1)) + b"\n" + line(request(2)) + b"\n")
    ended = samband("run", file, "--data", tmp_path / "data", "--json")
    assert [receipt["audit"]["seq"] for receipt in ended.objects] == [0, 2]
    assert [receipt["outcome"] for receipt in ended.objects] == ["forward", "forward"]


def test_an_empty_file_is_done(tmp_path: Path) -> None:
    file = tmp_path / "empty.jsonl"
    file.touch()
    assert samband("run", file, "--data", tmp_path / "data").status == 0
    assert samband("run", file, "--data", tmp_path / "data", "--json").out == ""


def test_check_records_nothing(data: Path, tmp_path: Path) -> None:
    copy = copy_of(data, tmp_path / "data")
    before = {path.name: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    ended = samband("check", MESSAGES, *REGISTER, "--data", copy, "--json")
    assert [receipt["audit"] for receipt in ended.objects] == [None] * len(expected())
    for want, got in zip(expected(), ended.objects, strict=True):
        assert agrees(want, got), want
    after = {path.name: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    assert {name: after[name] for name in before} == before


def test_check_needs_no_data_and_leaves_none(tmp_path: Path) -> None:
    ended = samband("check", MESSAGES, *REGISTER, "--data", tmp_path / "data")
    assert ended.status == 0
    assert "inget är bokfört" in ended.out
    assert list(tmp_path.iterdir()) == []


def test_check_sees_what_is_recorded(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    samband("run", "-", "--data", folder, "--json", stdin=line(request(1)))
    other = line(request(1, "benefit"))
    [receipt] = samband("check", "-", "--data", folder, "--json", stdin=other).objects
    assert receipt["error"]["code"] == "id_reused"


def live(n: int, **changes: object) -> bytes:
    return line(request(n) | {"time": clock().isoformat()} | changes)


def test_send_proves_the_sender_and_keeps_the_clock(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    old = line(request(2))
    other = line(message(3, "InformationRequest", TOWN, POLICE, request(3)["body"]) | {"time": clock().isoformat()})
    given = b"\n".join([live(1), old, other])
    ended = samband("send", "-", "--as", POLICE, "--data", folder, "--json", stdin=given)
    assert ended.status == 0
    assert ended.objects[0]["outcome"] == "forward"
    assert [receipt["error"]["code"] for receipt in ended.objects[1:]] == ["clock_skew", "sender_mismatch"]
    assert all("line" not in receipt for receipt in ended.objects)


def test_send_for_people(tmp_path: Path) -> None:
    ended = samband("send", "-", "--as", POLICE, "--data", tmp_path / "data", "--lang", "en", stdin=live(1))
    assert "● forwarded" in ended.out


def test_send_as_an_unknown_authority(tmp_path: Path) -> None:
    ended = samband("send", MESSAGES, "--as", "okand", "--data", tmp_path / "data")
    assert ended.status == 2
    assert "okänd myndighet" in ended.line
    assert not (tmp_path / "data").exists()


def test_replay_agrees_with_what_was_decided(data: Path) -> None:
    ended = samband("replay", "--data", data)
    assert ended.status == 0
    assert "5 beslut prövade igen, 0 annorlunda" in ended.out
    assert samband("replay", "--data", data, "--json").out == ""
    assert "1 beslut" in samband("replay", "--data", data, "--limit", 2).out


def test_replay_names_what_would_be_decided_otherwise(data: Path, tmp_path: Path) -> None:
    copy = copy_of(data, tmp_path / "data")
    with changed(copy) as connection:
        leaf = json.loads(connection.execute("SELECT leaf FROM records WHERE seq = 1").fetchone()[0])
        leaf["input"]["items"]["0"]["answers"] = {"overriding_reasons": {"*": True}}
        connection.execute("UPDATE records SET leaf = ? WHERE seq = 1", (json.dumps(leaf).encode(),))
    ended = samband("replay", "--data", copy, "--json")
    assert ended.status == 1
    [difference] = ended.objects
    assert difference["seq"] == 1
    assert [item["outcome"] for item in difference["then"]["items"]] == ["release", "refer", "withhold"]
    assert [item["outcome"] for item in difference["now"]["items"]] == ["withhold", "refer", "withhold"]
    shown = samband("replay", "--data", copy, "--lang", "en")
    assert shown.status == 1
    assert "1 differ" in shown.out


def test_replay_on_another_day(tmp_path: Path) -> None:
    """A private school's item under OSL 10:15 a: the school is equated with an authority from 2027-01-01."""
    school = {"authority": "skola-1", "name": "S", "kind": "school", "principal": "private"}
    register, kept = tmp_path / "register.json", tmp_path / "data"
    register.write_text(json.dumps([school | {"approved": "legal_person_2_5"}]), "utf-8")
    answers = {"need": True, "overriding_reasons": False}
    assessed = [
        {"test": test, "holds": holds, "assessed_by": "rektor", "reason": "Prövat."} for test, holds in answers.items()
    ]
    item = {"category": "school_support", "content": "x", "secrecy": ["OSL 23:2"], "assessments": assessed}
    told = disclosure(1, item, sender="skola-1", basis=["osl_15a"]) | {"time": "2026-12-31T09:00:00Z"}
    told["sender"] = {"authority": "skola-1", "unit": "school", "role": "rektor"}
    ended = samband("run", "-", "--register", register, "--data", kept, "--json", stdin=line(told))
    assert [receipt["outcome"] for receipt in ended.objects] == ["withhold"], ended.out
    for day in ((), ("--day", "2026-12-31")):
        assert samband("replay", "--data", kept, *day).status == 0
    ended = samband("replay", "--data", kept, "--day", "2027-01-05", "--json")
    assert ended.status == 1
    [difference] = ended.objects
    assert (difference["message"], difference["kind"]) == (told["id"], "Disclosure")
    assert [difference[when]["outcome"] for when in ("then", "now")] == ["withhold", "forward"]
    assert [ground["ref"] for ground in difference["now"]["grounds"]] == ["OSL 10:15 a"]
    for lang, ages in (("sv", "åldrar är de på meddelandets dag"), ("en", "ages are those on the day of the message")):
        shown = samband("replay", "--data", kept, "--day", "2027-01-05", "--lang", lang, columns=200).out
        assert ages in shown and "skola-1" in shown and "→ Polismyndigheten" in shown and "OSL 10:15 a" in shown
    assert samband("replay", "--data", kept, "--day", "2027-13-05").status == 2


@pytest.mark.slow
def test_the_town_under_a_day_in_january(tmp_path: Path) -> None:
    town = Path(__file__).parent.parent / "scenery/town"
    kept = tmp_path / "data"
    run = ("run", town / "messages.jsonl", "--register", town / "authorities.json", "--data", kept, "--json")
    assert samband(*run).status == 0
    assert samband("replay", "--data", kept).status == 0
    found = samband("replay", "--data", kept, "--day", "2027-01-05", "--json").objects
    lapsed = {rule["ref"] for row in found if row["now"]["outcome"] == "withhold" for rule in row["then"]["grounds"]}
    assert "OSL 12:2" in lapsed, "consents that end with the year"
    released = {row["now"]["grounds"][0]["ref"] for row in found if row["now"]["outcome"] == "forward"}
    assert released == {"OSL 10:15 a", "OSL 10:18 c", "2026:1235 5 §", "2026:1637 6:6"}, (
        "grounds that begin after the message's own day"
    )


@pytest.mark.parametrize("json_lines", [True, False])
def test_what_a_run_counts_does_not_grow_with_its_lines(
    json_lines: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million lines must not grow memory: nothing waits longer than a batch."""
    most = 0

    class Watched(Tally):
        def add(self, receipt: Json) -> None:
            nonlocal most
            super().add(receipt)
            most = max(most, len(self.waiting))

    monkeypatch.setattr(run, "Tally", Watched)
    file = tmp_path / "many.jsonl"
    file.write_bytes(b"".join(line(request(n)) + b"\n" for n in range(1, 451)))
    arguments = ["run", file, "--data", tmp_path / "data", *(["--json"] if json_lines else [])]
    assert samband(*arguments).status == 0
    assert most == BATCH


@pytest.mark.parametrize("command", [("run", "-"), ("send", "-", "--as", POLICE)])
def test_the_newest_checkpoint_is_kept_where_it_is_told(tmp_path: Path, command: tuple[str, ...]) -> None:
    kept, data = tmp_path / "kept.txt", tmp_path / "data"
    for n in (1, 2):
        given = line(request(n))
        assert samband(*command, "--data", data, "--checkpoint-to", kept, "--json", stdin=given).status == 0
        assert kept.read_text("utf-8").splitlines()[1] == str(n)
    assert samband("audit", "verify", "--data", data, "--checkpoint", kept).status == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "kept.txt"]
    nowhere = samband(*command, "--data", data, "--checkpoint-to", tmp_path / "no" / "where", stdin=line(request(3)))
    assert (nowhere.status, "kan inte skrivas" in nowhere.err) == (2, True)
