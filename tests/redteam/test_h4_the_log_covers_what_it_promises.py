"""What was delivered and what the registers hold is derived from the log and compared: each change is found.

A change in SQL, with no key but the database's own, on a folder in which everything there is has happened.
"""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from command import samband
from exchange_lines import PARTIES, concern
from lines import (
    POLICE,
    TOWN,
    agreement,
    closed_item,
    consent,
    disclosure,
    line,
    open_item,
    recall,
    refusal,
    request,
    withdrawal,
)
from sqlalchemy import text

from broker.adapters.sql import data_folder, derivation, tables
from broker.adapters.sql.data_folder import DATABASE

FREE = {"assessments": [{"test": "need", "holds": True, "assessed_by": "enhetschef", "reason": "Behövs."}]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with requests, answers, consents, agreements, notifications, a correction and a recall."""
    place = tmp_path_factory.mktemp("h4")
    messages = [
        request(1, "housing", "permit"),
        disclosure(2, reply=1),
        refusal(3, "permit", reply=1),
        consent(4),
        withdrawal(5),
        consent(6, consent="S-2"),
        agreement(7),
        agreement(8, by=POLICE),
        concern(9),
        concern(10, sender="skola-2"),
        request(11),
        recall(12, 11, sender=POLICE, recipient=TOWN),
        request(13),
        disclosure(14, open_item(), closed_item(), reply=13),
        disclosure(15, open_item(), reply=13, replaces=disclosure(14)["id"]),
        request(16, "permit"),
        disclosure(17, reply=16),
        disclosure(18, reply=16, replaces=disclosure(17)["id"]),
        recall(19, 17),
        b"{",
        request(20, recipient="kommun-9999"),
    ]
    file = place / "in.jsonl"
    file.write_bytes(b"\n".join(one if isinstance(one, bytes) else line(one) for one in messages) + b"\n")
    register = place / "register.json"
    register.write_text(json.dumps(PARTIES), "utf-8")
    assert samband("run", file, "--data", place / "data", "--register", register, "--json").status == 0
    return place / "data"


@pytest.fixture
def data(folder: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(folder, tmp_path / "data"))


def changed(data: Path, *statements: str) -> None:
    """Somebody with the database alone changes it."""
    with data_folder.writing(data) as connection:
        for statement in statements:
            rows = connection.execute(text(statement)).rowcount
            assert rows > 0 or statement.startswith("DROP"), statement
        connection.commit()


def verify(data: Path, *more: object) -> tuple[int, dict[str, object]]:
    """Exit status and what was found of boxes and registers."""
    ended = samband("audit", "verify", "--data", data, "--json", *more)
    return ended.status, ended.objects[0]


def test_all_is_as_the_log_tells(data: Path) -> None:
    status, found = verify(data)
    assert status == 0, found
    told = found["derived"]
    assert isinstance(told, dict)
    assert (told["ok"], told["contents"], told["before"]) == (True, True, 0) and told["agree"] > 30


CHANGES = {
    "a line in quarantine": ("UPDATE quarantine SET content = CAST(content || ' ' AS BLOB) WHERE length(content) > 0",),
    "who sent a line in quarantine": (f"UPDATE quarantine SET proven = '{POLICE}' WHERE length(content) > 0",),
    "when a line in quarantine came": (
        "UPDATE quarantine SET arrived = '2026-03-02T09:00:00+00:00' WHERE length(content) > 0",
    ),
    "how a line in quarantine came, unreadably": ("UPDATE quarantine SET arrived = 'x' WHERE length(content) > 0",),
    "the size of a line in quarantine": ("UPDATE quarantine SET size = size + 1 WHERE length(content) > 0",),
    "a line put where none is kept": ("UPDATE quarantine SET content = x'7b7d' WHERE length(content) = 0",),
    "bytes gone and no purge": ("UPDATE quarantine SET content = x'', kept = 0, purged = 3 WHERE length(content) > 0",),
    "quarantine emptied": ("DELETE FROM quarantine",),
    "a line in quarantine of no unusable one": (
        "INSERT INTO quarantine (seq, content, size, kept) SELECT 0, content, size, kept FROM quarantine"
        " WHERE length(content) > 0",
    ),
    "text of a delivery": ("UPDATE inbox SET content = CAST(content || 'x' AS BLOB) WHERE type = 'delivery'",),
    "a receipt": ("UPDATE inbox SET content = substr(content, 2) WHERE type = 'receipt'",),
    "a notice": ("UPDATE inbox SET content = CAST(content || 'x' AS BLOB) WHERE type = 'notice'",),
    "what one delivery says in the place of another": (
        "UPDATE inbox SET (content, case_key) = (SELECT content, case_key FROM inbox"
        " WHERE type = 'delivery' AND seq > 0) WHERE type = 'delivery' AND seq = 0",
    ),
    "contents gone and no erasure": ("UPDATE inbox SET content = null WHERE type = 'delivery' AND seq = 0",),
    "a case erased and no record of it": (
        "UPDATE cases SET wrapped = null, erased = 3 WHERE n IN (SELECT case_key FROM inbox WHERE seq = 0)",
        "UPDATE inbox SET content = null WHERE seq = 0",
    ),
    "a key of a case lost": ("UPDATE cases SET wrapped = null",),
    "a key of another case": ("UPDATE cases SET wrapped = (SELECT wrapped FROM cases WHERE n = 1)",),
    "outbox emptied": ("DELETE FROM outbox",),
    "content of the outbox emptied": ("UPDATE outbox SET content = x'' WHERE content != x''",),
    "content of the outbox changed": ("UPDATE outbox SET content = CAST(content || 'x' AS BLOB) WHERE content != x''",),
    "answerables emptied": ("DELETE FROM answerables",),
    "an answer forgotten": ("UPDATE answerables SET answers = '{}' WHERE answers != '{}'",),
    "another asker": (f"UPDATE answerables SET recipient = 'region-01' WHERE recipient = '{TOWN}'",),
    "matters emptied": ("DELETE FROM matters",),
    "a consent that lives again": ("UPDATE consents SET withdrawn = null WHERE withdrawn IS NOT NULL",),
    "a consent that ends": ("UPDATE consents SET withdrawn = 3 WHERE withdrawn IS NULL",),
    "facts of a consent": ("UPDATE consents SET facts = replace(facts, 'social_record', 'health_record')",),
    "a consent of another": ("UPDATE consents SET subject = 'x'",),
    "a consent that nobody gave": (
        "INSERT INTO consents (seq, authority, consent, subject, facts)"
        " SELECT seq + 100, authority, 'other', subject, facts FROM consents LIMIT 1",
    ),
    "consents emptied": ("DELETE FROM consents",),
    "agreements emptied": ("DELETE FROM agreements",),
    "facts of an agreement": ("UPDATE agreements SET facts = replace(facts, 'prevent', 'other')",),
    "a delivery copied as a notice": (
        "INSERT INTO inbox (authority, type, sender, message, content, case_key, seq)"
        " SELECT 'skola-1', 'notice', sender, message, content, case_key, seq FROM inbox"
        " WHERE type = 'delivery' LIMIT 1",
    ),
    "a delivery twice, of no record": (
        "INSERT INTO inbox (authority, type, sender, message, content, case_key, seq)"
        " SELECT 'skola-1', 'notice', sender, message, content, case_key, null FROM inbox"
        " WHERE type = 'delivery' LIMIT 1",
    ),
    "a delivery deleted": ("DELETE FROM inbox WHERE type = 'delivery' AND seq = 0",),
    "a notice deleted": ("DELETE FROM inbox WHERE type = 'notice'",),
    "a receipt deleted": ("DELETE FROM inbox WHERE type = 'receipt' AND seq = 0",),
    "a receipt of another record": ("UPDATE inbox SET seq = seq + 1 WHERE type = 'receipt' AND seq = 0",),
    "a recall that never was": (
        "UPDATE inbox SET notes = json_set(notes, '$.recalled', 'x') WHERE type = 'delivery' AND seq = 0",
    ),
    "a recalled text put back": (
        "UPDATE inbox SET content = CAST(content || '{}' AS BLOB) WHERE json_extract(notes, '$.recalled') IS NOT NULL",
    ),
    "a delivery that is no JSON": ("UPDATE inbox SET content = '{' WHERE type = 'delivery' AND seq = 0",),
    "a receipt that is no text": ("UPDATE inbox SET content = x'ff00' WHERE type = 'receipt' AND seq = 0",),
    "a notice that is a number": ("UPDATE inbox SET content = 7 WHERE type = 'notice'",),
    "lines that are nothing": ("UPDATE inbox SET content = 'null'",),
    "notes that are no JSON": ("UPDATE inbox SET notes = '{' WHERE type = 'delivery' AND seq = 0",),
    "facts that are no JSON": ("UPDATE consents SET facts = 'x'",),
    "an agreement that is no JSON": ("UPDATE agreements SET facts = '[' WHERE party = 'polismyndigheten'",),
    "answers that are no JSON": ("UPDATE answerables SET answers = x'00'",),
    "matters that are no JSON": ("DROP INDEX open_matters", "UPDATE matters SET matter = '{\"a\":'"),
    "matters that are a list": ("UPDATE matters SET matter = '[]'",),
    "a correction undone": (
        "UPDATE inbox SET notes = json_remove(notes, '$.replaced') WHERE json_extract(notes, '$.replaced') IS NOT NULL",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found(data: Path, name: str) -> None:
    changed(data, *CHANGES[name])
    status, found = verify(data)
    assert status == 1, found
    assert found["derived"]["ok"] is False and found["derived"]["first"]  # type: ignore[index]
    for lang in ("sv", "en"):
        assert samband("audit", "verify", "--data", data, "--lang", lang).status == 1


def test_without_the_token_key_it_says_what_it_could_not_compare(data: Path) -> None:
    (data / "keys" / "token.key").unlink()
    status, found = verify(data)
    assert status == 0 and found["derived"]["contents"] is False  # type: ignore[index]
    assert "inte jämfört" in samband("audit", "verify", "--data", data).out
    changed(data, "DELETE FROM inbox WHERE type = 'notice'")
    assert verify(data)[0] == 1


def test_records_hold_no_identity_that_they_did_not_hold(data: Path) -> None:
    with data_folder.reading(data) as connection:
        leaves = [bytes(row.leaf) for row in connection.execute(text("SELECT leaf FROM records"))]
    for secret in (b"201103042386", b"Uppgift.", b"S-1", "Ö-1".encode(), b"Det som setts."):
        assert not [leaf for leaf in leaves if secret in leaf], secret


def test_two_records_that_make_one_row_are_found(data: Path) -> None:
    """Where registers lie; a ledger that has none of them compares nothing, and does not end of it."""
    with closing(sqlite3.connect(data / DATABASE)) as connection:
        found = connection.execute("SELECT leaf FROM records WHERE kind = 'InformationRequest' AND outcome = 'forward'")
        leaf = json.loads(found.fetchone()[0])
    twice = [(0, leaf), (1, leaf)]
    answer = derivation.compare(lambda: twice, {"matters": []}, times=None, tokens=None)
    assert ("recorded_twice", 1) in [(unlike.code, unlike.seq) for unlike in answer.first]
    assert derivation.compare(lambda: twice, {}, times=None, tokens=None).ok


def test_what_comes_before_what_it_changes_changes_it_all_the_same(data: Path) -> None:
    """Workers send on apart: the record of an answer, a recall or a withdrawal may stand before that of its message."""
    with data_folder.reading(data) as connection:
        rows = connection.execute(text("SELECT seq, leaf FROM records ORDER BY seq DESC"))
        backwards = [(row.seq, json.loads(row.leaf)) for row in rows]
        registers = {
            table.name: list(connection.execute(table.select()).mappings())
            for table in (tables.answerables, tables.consents)
        }
    assert any(row["recalled"] for row in registers["answerables"])
    assert any(row["withdrawn"] for row in registers["consents"])
    answer = derivation.compare(lambda: backwards, registers, times=None, tokens=None)
    assert answer.ok, answer.first
