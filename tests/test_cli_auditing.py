"""`audit verify`, `show` and `export`: what was recorded can be shown, proven and handed out (contract, "Commands")."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command import MESSAGES, REGISTER, Json, changed, copy_of, samband, sample_folder
from lines import line, request

from broker.adapters.files.signing import Verifier
from broker.log.merkle import verify_inclusion

data = pytest.fixture(scope="module")(sample_folder)


def last_note(folder: Path) -> str:
    [row] = samband("audit", "show", "--data", folder, "--seq", 0, "--proof", "--json").objects
    return str(row["proof"]["checkpoint"])


@pytest.fixture
def export(data: Path, tmp_path: Path) -> Path:
    """An export of the sample's log."""
    out = tmp_path / "export.jsonl"
    assert samband("audit", "export", "--out", out, "--data", data).status == 0
    return out


# --- verify


@pytest.mark.parametrize(("lang", "whole"), [("sv", "Loggen är hel: 6 poster"), ("en", "The log is whole: 6 records")])
def test_verify_a_whole_log(data: Path, lang: str, whole: str) -> None:
    ended = samband("audit", "verify", "--data", data, "--lang", lang)
    assert ended.status == 0
    assert whole in ended.out
    [answer] = samband("audit", "verify", "--data", data, "--json").objects
    assert (answer["ok"], answer["size"], answer["first_bad"]) == (True, 6, None)
    assert answer["root"] in ended.out
    assert answer["deliveries"] == {"ok": True, "agree": 3, "undelivered": [], "unrecorded": []}


@pytest.mark.parametrize(
    ("statement", "place", "code"),
    [
        ("UPDATE records SET leaf = replace(leaf, 'withhold', 'forward') WHERE seq = 2", "record 2", "leaf_hash"),
        ("UPDATE records SET outcome = 'forward' WHERE seq = 2", "record 2", "column:outcome"),
        ("DELETE FROM records WHERE seq = 3", "record 3", "seq_gap"),
        ("DELETE FROM records WHERE seq = 5", "record 5", "truncated"),
        ("DELETE FROM checkpoints", "record 0", "unsigned_tail"),
        ("UPDATE checkpoints SET note = replace(note, 'samband', 'Samband')", "checkpoint 0", "checkpoint_signature"),
    ],
)
def test_a_changed_log_is_found_out(data: Path, tmp_path: Path, statement: str, place: str, code: str) -> None:
    copy = copy_of(data, tmp_path / "data")
    with changed(copy) as connection:
        connection.execute(statement)
        connection.execute("UPDATE records SET leaf = cast(leaf AS blob)")
    ended = samband("audit", "verify", "--data", copy, "--json")
    assert ended.status == 1
    [answer] = ended.objects
    assert answer["first_bad"]["place"].startswith(place)
    assert answer["first_bad"]["code"] == code
    shown = samband("audit", "verify", "--data", copy)
    assert shown.status == 1
    assert f"ÄNDRAD vid {place}" in " ".join(shown.out.split())


@pytest.mark.parametrize(
    ("statement", "field"),
    [
        ("DELETE FROM inbox WHERE type = 'delivery' AND authority = 'skola-10101010'", "undelivered"),
        ("UPDATE inbox SET message = 'another' WHERE type = 'delivery' AND n = 1", "unrecorded"),
    ],
)
def test_deliveries_that_do_not_agree(data: Path, tmp_path: Path, statement: str, field: str) -> None:
    copy = copy_of(data, tmp_path / "data")
    with changed(copy) as connection:
        connection.execute(statement)
    ended = samband("audit", "verify", "--data", copy, "--json")
    assert ended.status == 1
    [answer] = ended.objects
    assert answer["ok"] is True
    assert answer["deliveries"]["ok"] is False
    assert answer["deliveries"][field][0]["recipient"] == "skola-10101010"
    assert "stämmer INTE" in samband("audit", "verify", "--data", copy).out


def test_a_kept_checkpoint_shows_a_replaced_log(data: Path, tmp_path: Path) -> None:
    copy = copy_of(data, tmp_path / "data")
    note = tmp_path / "kept.txt"
    note.write_text(last_note(copy), "utf-8")
    samband("run", "-", "--data", copy, "--json", stdin=line(request(1)))
    assert samband("audit", "verify", "--data", copy, "--checkpoint", note).status == 0
    with changed(copy) as connection:
        for table in ("records", "checkpoints", "handled", "outbox", "inbox", "quarantine", "answerables", "matters"):
            connection.execute(f"DELETE FROM {table}")
    assert samband("audit", "verify", "--data", copy).status == 1  # beside the keys it stands how far the log had come
    (copy / "keys" / "log.size").unlink()
    emptied = samband("audit", "verify", "--data", copy)
    assert emptied.status == 0 and "ingenting omfattas" in emptied.out  # it is whole, and that is the trouble
    ended = samband("audit", "verify", "--data", copy, "--checkpoint", note, "--json")
    assert ended.status == 1
    assert ended.objects[0]["first_bad"]["code"] == "rollback"


def test_verify_under_a_given_key(data: Path, export: Path, tmp_path: Path) -> None:
    key = json.loads(export.read_text("utf-8").splitlines()[0])["vkey"]
    assert samband("audit", "verify", "--data", data, "--key", key).status == 0
    samband("run", MESSAGES, *REGISTER, "--data", tmp_path / "other", "--json")
    other = (tmp_path / "other" / "log.vkey").read_text("utf-8").strip()
    assert samband("audit", "verify", "--data", data, "--key", other).status == 1
    wrong = samband("audit", "verify", "--data", data, "--key", "no key")
    assert (wrong.status, wrong.line) == (
        2,
        "samband: är ingen öppen nyckel: den skrivs <namn>+<nyckelns id>+<base64>, som i log.vkey\n",
    )


def test_the_key_may_be_given_as_its_file(data: Path, export: Path) -> None:
    given = samband("audit", "verify", "--data", data, "--key", data / "log.vkey", "--json")
    assert (given.status, given.objects[0]["key"]) == (0, "given")
    assert samband("audit", "verify", "--file", export, "--key", data / "log.vkey").err == ""


@pytest.mark.parametrize(("lang", "alone"), [("sv", "stämmer med sig själv"), ("en", "agrees with itself")])
def test_without_a_key_it_says_that_it_proves_agreement_with_itself(data: Path, lang: str, alone: str) -> None:
    without = samband("audit", "verify", "--data", data, "--lang", lang)
    assert without.status == 0 and alone in " ".join(without.out.split())
    given = samband("audit", "verify", "--data", data, "--lang", lang, "--key", data / "log.vkey")
    assert given.status == 0 and alone not in " ".join(given.out.split())


def test_a_checkpoint_is_found_between_other_lines(data: Path, tmp_path: Path) -> None:
    """As what `run` prints is kept: with a line of progress before it, and also by Windows."""
    note, file = last_note(data), tmp_path / "kept.txt"
    for text in (
        f"2 rader, 79/s\n{note}",
        f"{note}\nklar\n",
        note.replace("\n", "\r\n"),
        f"\ufeff{note}",
        note.rstrip(),
    ):
        file.write_text(text, "utf-8", newline="")
        assert samband("audit", "verify", "--data", data, "--checkpoint", file).status == 0, text
    file.write_text(f"2 rader\n{note[:-12]}AAAAAAAAAAA=\n", "utf-8")
    changed = samband("audit", "verify", "--data", data, "--checkpoint", file, "--json")
    assert (changed.status, changed.objects[0]["first_bad"]["code"]) == (1, "kept_signature")


def test_a_file_that_is_no_checkpoint_says_nothing_of_the_log(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    for text in ("", "2 rader, 79/s\n", "samband.local/audit\n2\n"):
        file.write_text(text, "utf-8")
        ended = samband("audit", "verify", "--data", data, "--checkpoint", file)
        assert (ended.status, "är ingen kontrollpunkt" in ended.line) == (2, True)
    samband("run", MESSAGES, *REGISTER, "--data", tmp_path / "other", "--json")
    file.write_text(last_note(tmp_path / "other"), "utf-8")
    ended = samband("audit", "verify", "--data", data, "--checkpoint", file)
    assert (ended.status, "inte har signerat" in ended.line) == (2, True)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_checkpoint_that_can_not_be_read(data: Path, tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "note"
    if content is not None:
        file.write_bytes(content)
    ended = samband("audit", "verify", "--data", data, "--checkpoint", file)
    assert ended.status == 2
    assert "kan inte läsas som kontrollpunkt" in ended.line


# --- show


def test_show_records_as_a_table(data: Path) -> None:
    ended = samband("audit", "show", "--data", data)
    assert ended.status == 0
    for word in ("2025:170 8 §", "→ Tullverket", "◐ förmedlas", "inte JSON"):
        assert word in ended.out


def test_show_one_record_beside_its_statute(data: Path) -> None:
    ended = samband("audit", "show", "--data", data, "--seq", 3)
    assert "finns risk för att den unge kommer att" in ended.out


def found(data: Path, *where: object) -> list[Json]:
    return samband("audit", "show", "--data", data, "--json", *where).objects


def test_show_by_what_a_record_holds(data: Path) -> None:
    every = found(data)
    assert [row["seq"] for row in every] == [0, 1, 2, 3, 4, 5]
    second = every[1]["record"]
    assert [row["seq"] for row in found(data, "--message", second["message"])] == [1]
    assert [row["seq"] for row in found(data, "--subject", second["subject"])] == [0, 1, 2, 3, 4]
    assert [row["seq"] for row in found(data, "--case", second["case"])] == [1, 2]
    assert [row["seq"] for row in found(data, "--sender", "kommun-0127")] == [3, 4]
    assert [row["seq"] for row in found(data, "--outcome", "withhold")] == [2, 4]
    assert [row["seq"] for row in found(data, "--sender", "kommun-0127", "--outcome", "withhold")] == [4]
    assert [row["seq"] for row in found(data, "--limit", 2)] == [4, 5]


def test_show_what_is_not_there(data: Path) -> None:
    ended = samband("audit", "show", "--data", data, "--seq", 99)
    assert (ended.status, ended.out) == (1, "")
    assert "ingen sådan post" in ended.line


def test_a_proof_holds_under_the_signed_root(data: Path) -> None:
    key = (data / "log.vkey").read_text("utf-8").strip()
    for row in found(data, "--proof"):
        proof = row["proof"]
        signed = Verifier(key).open(proof["checkpoint"])
        path = [bytes.fromhex(step) for step in proof["path"]]
        verify_inclusion(bytes.fromhex(row["leaf_hash"]), proof["seq"], proof["size"], path, signed.root)
        assert signed.size == proof["size"] == 6
    shown = samband("audit", "show", "--data", data, "--seq", 2, "--proof", "--lang", "en")
    assert "Proof that the record is in the log" in shown.out
    assert found(data, "--seq", 2)[0]["leaf_hash"] in shown.out


@pytest.fixture
def proof(data: Path, tmp_path: Path) -> Path:
    """All records of the sample's log with their proofs."""
    out = tmp_path / "proof.jsonl"
    out.write_text(samband("audit", "show", "--data", data, "--proof", "--json").out, "utf-8")
    return out


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ("Post 2 fanns i loggen när den hade 6 poster", "Det visar inte:")),
        ("en", ("Record 2 was in the log when it had 6 records", "It does not show:")),
    ],
)
def test_a_printed_proof_is_verified_with_the_key_alone(
    data: Path, proof: Path, tmp_path: Path, lang: str, words: tuple[str, str]
) -> None:
    nowhere = tmp_path / "no-log-here"
    ended = samband("audit", "verify", "--proof", proof, "--key", data / "log.vkey", "--data", nowhere, "--lang", lang)
    assert (ended.status, ended.out.count("✓")) == (0, 6)
    assert all(sentence in ended.out for sentence in words)
    kept = tmp_path / "kept"
    kept.write_text(last_note(data), "utf-8")
    own = samband("audit", "verify", "--proof", proof, "--data", data, "--checkpoint", kept, "--json")
    assert [(one["ok"], one["key"]) for one in own.objects] == [(True, "own")] * 6


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda row: row["record"]["receipt"].update(outcome="forward", message="x"), "record_changed"),
        (lambda row: row["proof"].update(seq=row["proof"]["seq"] + 1), "path"),
        (lambda row: row["proof"]["path"].pop(), "path"),
        (lambda row: row["proof"].update(size=5), "other_place"),
        (
            lambda row: row["proof"].update(checkpoint=row["proof"]["checkpoint"].replace("\n6\n", "\n7\n")),
            "checkpoint",
        ),
        (lambda row: row.update(proof=None), "no_proof"),
        (lambda row: row["proof"].update(path=[7]), "no_proof"),
        (lambda row: row.pop("leaf_hash"), "no_proof"),
    ],
)
def test_a_changed_proof_does_not_hold(data: Path, proof: Path, change: Callable[[Json], object], fault: str) -> None:
    row = json.loads(proof.read_text("utf-8").splitlines()[2])
    change(row)
    proof.write_text(json.dumps(row), "utf-8")
    ended = samband("audit", "verify", "--proof", proof, "--data", data, "--json")
    assert (ended.status, [one["fault"] for one in ended.objects]) == (1, [fault])
    assert "✕" in samband("audit", "verify", "--proof", proof, "--data", data).out


@pytest.mark.parametrize("text", ["", "not json", "[1]", "7"])
def test_a_file_without_proofs_is_one_line(data: Path, proof: Path, text: str) -> None:
    proof.write_text(text, "utf-8")
    ended = samband("audit", "verify", "--proof", proof, "--data", data)
    assert (ended.status, ended.out) == (2, "")
    assert "samband audit show" in ended.line


def test_a_damaged_record_is_one_line(data: Path, tmp_path: Path) -> None:
    copy = copy_of(data, tmp_path / "data")
    with changed(copy) as connection:
        connection.execute("UPDATE records SET leaf = x'00' WHERE seq = 2")
    ended = samband("audit", "show", "--data", copy)
    assert ended.status == 2
    assert "post 2 kan inte läsas: kör 'samband audit verify'" in ended.line


# --- export


def test_an_export_verifies_with_nothing_else(export: Path) -> None:
    ended = samband("audit", "verify", "--file", export)
    assert ended.status == 0
    assert "Loggen är hel: 6 poster" in ended.out
    assert "Nyckeln är tagen ur filen själv" in ended.line


def test_an_export_cut_to_its_header_covers_nothing(export: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.jsonl"
    cut.write_text(export.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    for lang, said in (("sv", "ingenting omfattas"), ("en", "nothing is covered")):
        ended = samband("audit", "verify", "--file", cut, "--lang", lang)
        assert ended.status == 1 and said in ended.out


def test_an_export_holds_header_checkpoints_and_records(export: Path, data: Path) -> None:
    header, *rest = [json.loads(row) for row in export.read_text("utf-8").splitlines()]
    assert "GDPR" in header["about"]["sv"] and "GDPR" in header["about"]["en"]
    assert {name: header[name] for name in ("samband", "origin", "vkey")} == {
        "samband": "audit export",
        "origin": "samband.local/audit",
        "vkey": (data / "log.vkey").read_text("utf-8").strip(),
    }
    assert [next(iter(row)) for row in rest] == ["checkpoint", "checkpoint"] + ["record"] * 6
    leaf = json.loads(rest[-1]["record"]["leaf"])
    assert leaf["receipt"]["error"]["code"] == "not_json"
    assert "200904122389" not in export.read_text("utf-8")


def test_an_export_to_stdout_is_the_same(export: Path, data: Path) -> None:
    assert samband("audit", "export", "--out", "-", "--data", data).out == export.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('\\"withhold\\"', '\\"forward\\"', "leaf_hash"),
        ('"seq":2,"leaf"', '"seq":7,"leaf"', "seq_gap"),
        ('"leaf_hash":"', '"leaf_hash":"zz', "leaf_hash"),
        ('"note":"', '"note":"x', "checkpoint_signature"),
        ('"size":', '"size":"1', None),
    ],
)
def test_a_changed_export_is_found_out(export: Path, old: str, new: str, code: str | None) -> None:
    text = export.read_text("utf-8")
    assert old in text
    export.write_text(text.replace(old, new, 1), "utf-8")
    ended = samband("audit", "verify", "--file", export, "--json")
    if code is None:
        assert ended.status == 2  # no longer JSON
    else:
        assert ended.status == 1
        assert ended.objects[0]["first_bad"]["code"] == code


@pytest.mark.parametrize("content", [None, "", "{}\n", '{"samband": "audit export"}\n', "not JSON\n", "[]\n"])
def test_a_file_that_is_no_export(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "export.jsonl"
    if content is not None:
        file.write_text(content, "utf-8")
    ended = samband("audit", "verify", "--file", file)
    assert (ended.status, ended.out) == (2, "")
    assert str(file) in ended.line


def test_an_export_that_can_not_be_written(data: Path, tmp_path: Path) -> None:
    ended = samband("audit", "export", "--out", tmp_path / "no" / "where", "--data", data)
    assert ended.status == 2
    assert "kan inte skrivas" in ended.line
