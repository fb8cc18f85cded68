"""An evidence archive: what the command writes, verifies and refuses (the page itself: `test_evidence_page`)."""

import json
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from command import Json, samband, sample_folder
from evidence_mutations import listed, mutated

from broker.adapters.files.signing import Signer, TokenKey, Verifier
from broker.evidence import archive
from broker.facts.registers import case_tokens
from broker.log.evidence import verify

data = pytest.fixture(scope="module")(sample_folder)
CHOSEN = ("--seq", 0, "--seq", 2, "--seq", 4)


def evidence(data: Path, out: Path, *more: object) -> Path:
    ended = samband("audit", "evidence", "--data", data, "--out", out, *more)
    assert ended.status == 0, ended.err
    return out


def verified(place: Path, *more: object) -> tuple[int, Json]:
    ended = samband("audit", "verify", "--evidence", place, "--json", *more)
    [answer] = ended.objects
    return ended.status, answer


@pytest.fixture(scope="module")
def folder(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evidence(data, tmp_path_factory.mktemp("evidence") / "out", *CHOSEN)


def test_a_folder_a_zip_file_and_the_page_hold_the_same(data: Path, folder: Path, tmp_path: Path) -> None:
    packed = evidence(data, tmp_path / "evidence.zip", *CHOSEN)
    files = archive.read(folder)
    assert archive.read(packed) == archive.read(folder / "verify.html") == files
    assert len(files) == 3 + 2 * 3
    for place in (folder, packed, folder / "verify.html"):
        assert verified(place) == (0, {
            "ok": True, "records": [0, 2, 4], "size": 6, "key": "own", "witnessed": None, "first_bad": None,
        })  # fmt: skip
    assert verified(packed, "--key", data / "log.vkey")[1]["key"] == "given"


def test_the_records_are_those_of_the_log_with_the_law_of_their_day(data: Path, folder: Path) -> None:
    files = archive.read(folder)
    [shown] = samband("audit", "show", "--data", data, "--seq", 2, "--json").objects
    assert json.loads(files["records/2.json"]) == shown["record"]
    [explained] = samband("explain", 2, "--data", data, "--json").objects
    statutes = json.loads(files["statutes.json"])
    beside = [one for one in statutes["texts"] if 2 in one["records"]]
    assert {one["text"] for one in beside} == {one["text"] for one in explained["statutes"]} != set()
    assert {one["day"] for one in beside} == {shown["record"]["time"][:10]}


def test_a_message_and_a_case_are_chosen_by_what_they_are_called(data: Path, tmp_path: Path) -> None:
    records = [one["record"] for one in samband("audit", "show", "--data", data, "--json").objects]
    message = next(one["message"] for one in records if one["message"])
    assert verified(evidence(data, tmp_path / "message", "--message", message))[1]["records"] == [
        seq for seq, one in enumerate(records) if one["message"] == message
    ]
    sent = [json.loads(line) for line in Path("tests/data/samples/messages.jsonl").read_text("utf-8").splitlines()[:2]]
    numbered = next(one for one in sent if one.get("case"))
    number, authority = numbered["case"], numbered["sender"]["authority"]
    token = case_tokens(TokenKey(data / "keys" / "token.key"), authority, number)[0]
    of_case = [seq for seq, one in enumerate(records) if one.get("case") == token]
    register = ("--register", "tests/data/samples/authorities.json")
    by_number = evidence(data, tmp_path / "case", "--case", number, "--authority", authority, *register)
    assert verified(by_number)[1]["records"] == of_case != []
    assert verified(evidence(data, tmp_path / "token", "--case", token))[1]["records"] == of_case
    assert number.encode() not in b"".join(archive.read(by_number).values())
    assert samband("audit", "evidence", "--data", data, "--out", tmp_path / "x", "--case", number).status == 2


@pytest.mark.parametrize(
    ("more", "status", "said"),
    [
        ((), 2, "välj poster"),
        (("--seq", 99), 1, "ingen sådan post"),
        (("--message", "0193"), 1, "ingen sådan post"),
    ],
)
def test_what_can_t_be_handed_out(data: Path, tmp_path: Path, more: tuple[object, ...], status: int, said: str) -> None:
    ended = samband("audit", "evidence", "--data", data, "--out", tmp_path / "out", *more)
    assert (ended.status, said in ended.line) == (status, True)
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_over(data: Path, folder: Path) -> None:
    ended = samband("audit", "evidence", "--data", data, "--out", folder, "--seq", 1)
    assert (ended.status, "finns redan" in ended.line or "is there already" in ended.line) == (2, True)
    assert verified(folder)[0] == 0


def test_what_is_no_archive_is_not_called_changed(data: Path, tmp_path: Path, folder: Path) -> None:
    empty, text, damaged = tmp_path / "empty", tmp_path / "text", tmp_path / "damaged.zip"
    empty.mkdir()
    text.write_text("hej", "utf-8")
    evidence(data, damaged, "--seq", 1)
    damaged.write_bytes(damaged.read_bytes()[:-40])
    for place in (empty, text, damaged, tmp_path / "nothing", data / "log.vkey"):
        ended = samband("audit", "verify", "--evidence", place)
        assert (ended.status, ended.out) == (2, "")
        assert str(place) in ended.line
    (folder / "verify.html").read_bytes()
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    assert samband("audit", "verify", "--evidence", tmp_path / "empty.zip").status == 2


def test_another_key_and_another_log_s_checkpoint(data: Path, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    samband("run", "tests/data/samples/messages.jsonl", "--data", other, "--json", "--checkpoint-to", tmp_path / "kept")
    status, answer = verified(folder, "--key", other / "log.vkey")
    assert (status, answer["first_bad"]) == (1, {"place": "manifest.json", "code": "other_key"})
    assert samband("audit", "verify", "--evidence", folder, "--checkpoint", tmp_path / "kept").status == 2
    own = tmp_path / "own"
    own.write_bytes((folder / "checkpoint.txt").read_bytes())
    assert verified(folder, "--checkpoint", own)[0] == 0


def test_a_fork_is_seen_by_a_kept_checkpoint(data: Path, folder: Path, tmp_path: Path) -> None:
    """Signed with the log's own key, of the same size, with another root: only what was kept shows it."""
    signer = Signer(data / "keys" / "log.key", "samband.local/audit", create=False)
    body = (folder / "checkpoint.txt").read_text("utf-8").partition("\n\n")[0] + "\n"
    lines = body.split("\n")
    lines[2] = "A" * 43 + "="
    (tmp_path / "fork").write_text(signer.sign("\n".join(lines)), "utf-8")
    status, answer = verified(folder, "--checkpoint", tmp_path / "fork")
    assert (status, answer["first_bad"]) == (1, {"place": "checkpoint.txt", "code": "kept"})


@pytest.mark.parametrize(
    ("lang", "said"), [("sv", "håller INTE. Första felet: records/2.json"), ("en", "does NOT hold")]
)
def test_people_are_told_the_first_fault(folder: Path, tmp_path: Path, lang: str, said: str) -> None:
    copy = tmp_path / "copy"
    archive.write(copy, {**archive.read(folder), "records/2.json": b"{}"})
    ended = samband("audit", "verify", "--evidence", copy, "--lang", lang)
    assert ended.status == 1
    assert said in " ".join(ended.out.split())


def test_a_thousand_mutations_are_refused(folder: Path, tmp_path: Path) -> None:
    files, stranger = dict(archive.read(folder)), Signer(tmp_path / "log.key", "samband.local/audit")
    faults = [verify(one, Verifier).first_bad for one in mutated(files, stranger)]
    assert len(faults) == 1000 and None not in faults
    codes = Counter(fault.code for fault in faults if fault)
    assert set(codes) >= {"missing", "form", "key", "changed", "unlisted", "signature", "other_place", "not_in_log",
                          "no_record"}  # fmt: skip


def test_a_record_that_was_not_asked_for(data: Path, folder: Path, tmp_path: Path) -> None:
    """Rightly in the log, but slipped into an archive of others."""
    more = archive.read(evidence(data, tmp_path / "more", "--seq", 1))
    files = {**archive.read(folder), **{name: more[name] for name in ("records/1.json", "proofs/1.json")}}
    listed(files)
    fault = verify(files, Verifier).first_bad
    assert fault == ("records/1.json", "not_chosen")


def test_the_page_lets_nothing_in_or_out(folder: Path) -> None:
    page = (folder / "verify.html").read_text("utf-8")
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-[\w+/=]{44}'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; "
        r"form-action 'none'",
        policy.replace("&#39;", "'"),
    )
    assert "http:" not in page and "https:" not in page
    assert not re.search(r"\b(fetch|XMLHttpRequest|import)\(|innerHTML| style=| on\w+=", page)
