"""Recalls tell whether what they take back had been fetched; corrections name what they replace.

Fetched is what an inbox has given out. No order of giving out and taking back may call something not fetched that was.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sealed_lines
from command import Json, samband
from exchange_lines import judged
from house import House, numbered, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import (
    OTHER_TOWN,
    POLICE,
    TOWN,
    closed_item,
    disclosure,
    line,
    message,
    number,
    open_item,
    recall,
    refusal,
    request,
)
from sqlalchemy.exc import IntegrityError

from broker.adapters.sql.data_folder import DataFolderError
from broker.adapters.sql.delivered_marks import FILE
from broker.adapters.sql.store import SqlStore

CANARY = "Kanariefågel"


def told(n: int, content: str = "Uppgift.", *items: Json, **more: Any) -> Json:
    """The municipality tells the police something unasked."""
    return disclosure(n, open_item(content=content), *items, assessments=judged(need=True), **more)


SECRET = told(1, CANARY)


class Desk:
    """The police's inbox of a data folder, read as its owner does."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def inbox(self, *more: str) -> list[Json]:
        ended = samband("inbox", POLICE, "--data", self.data, "--json", *more)
        assert ended.status == 0, ended.err
        return ended.objects

    def deliveries(self, *more: str) -> dict[str, Json]:
        """Deliveries by their message."""
        return {found["message"]["id"]: found for found in self.inbox("--type", "delivery", *more)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def fetched(receipts: Sequence[Json]) -> list[Any]:
    return [receipt.get("fetched", "-") for receipt in receipts]


# --- recalls


def test_what_nobody_has_fetched_is_given_out_without_its_body(desk: Desk) -> None:
    """Receipt and record say so; nothing of what it said is left in the inbox, and it is marked."""
    with opened(desk.data) as house:
        _, receipt = house.run(SECRET, recall(2, 1))
        assert (receipt["outcome"], receipt["fetched"]) == ("forward", False)
        leaf = house.leaves()[1]
        assert (leaf["recalls"], leaf["receipt"]["fetched"]) == (number(1), False)
        assert CANARY not in str(sealed_lines.lines(house.connection, house.key))
        assert house.inbox(TOWN, "receipt")[1]["receipt"]["fetched"] is False
    emptied, told = desk.inbox()
    assert emptied["recalled"] == number(2)
    assert emptied["message"].keys() == SECRET.keys() - {"body"} | {"case"}
    assert (emptied["partial"], emptied["unanswered"], emptied["grounds"]) == (False, [], [])
    assert (told["message"]["kind"], told["message"]["body"]["message"]) == ("Recall", number(1))


@pytest.mark.parametrize("how", [(), ("--json",), ("--type", "delivery"), ("--since", "0")])
def test_what_has_been_given_out_is_fetched(desk: Desk, how: tuple[str, ...]) -> None:
    """The recall says so, and the recipient keeps what it has, marked."""
    with opened(desk.data) as house:
        house.run(SECRET)
        assert samband("inbox", POLICE, "--data", desk.data, *how).status == 0
        assert fetched(house.run(recall(2, 1))) == [True]
    found = desk.deliveries()[number(1)]
    assert (found["message"]["body"]["items"][0]["content"], found["recalled"]) == (CANARY, number(2))


@pytest.mark.parametrize(
    ("of", "how"),
    [(POLICE, ("--peek",)), (POLICE, ("--type", "receipt")), (POLICE, ("--since", "99")), (TOWN, ()), (OTHER_TOWN, ())],
)
def test_what_is_only_looked_at_or_not_shown_is_not_fetched(desk: Desk, of: str, how: tuple[str, ...]) -> None:
    """An auditor sees envelopes; another's inbox, other types and other lines are not this one."""
    with opened(desk.data) as house:
        house.run(SECRET)
        ended = samband("inbox", of, "--data", desk.data, "--json", *how)
        assert ended.status == 0 and CANARY not in ended.out
        assert fetched(house.run(recall(2, 1))) == [False]


def test_an_envelope_tells_who_sent_what_and_when_and_no_more(desk: Desk) -> None:
    with opened(desk.data) as house:
        house.run(SECRET)
    [shown] = desk.deliveries("--peek").values()
    assert shown["message"]["kind"] == "Disclosure" and shown["message"]["sender"]["authority"] == TOWN
    assert "body" not in shown["message"] and shown["grounds"] == [] and "answers" not in shown
    for lang in ("sv", "en"):
        assert CANARY not in samband("inbox", POLICE, "--data", desk.data, "--peek", "--lang", lang).out


def test_what_is_recalled_unread_is_kept_nowhere(desk: Desk) -> None:
    """Not among what was sent either: the record's digest stays. A correction empties nothing."""
    with opened(desk.data) as house:
        house.run(SECRET, told(3, "Annat."), told(4, "Rätt.", replaces=number(3)))
        assert fetched(house.run(recall(2, 1))) == [False]
        kept = {row.message: row.content for row in house.rows("SELECT message, content FROM outbox")}
    assert kept[number(1)] == b"" and kept[number(3)] and kept[number(4)]
    assert not [file for file in desk.data.iterdir() if file.is_file() and CANARY.encode() in file.read_bytes()]


def test_what_was_read_before_the_recall_stays(desk: Desk) -> None:
    with opened(desk.data) as house:
        house.run(SECRET)
        desk.inbox()
        assert fetched(house.run(recall(2, 1))) == [True]
        assert house.rows("SELECT content FROM outbox")[0].content


def test_only_a_recall_that_is_forwarded_tells(desk: Desk) -> None:
    """What another has sent, or nobody, is not told of, and stays as it is."""
    with opened(desk.data) as house:
        receipts = house.run(SECRET, recall(2, 1, sender=OTHER_TOWN), recall(3, 9), recall(4, 1, recipient=OTHER_TOWN))
        assert [receipt["outcome"] for receipt in receipts[1:]] == ["withhold"] * 3
        assert fetched(receipts) == ["-"] * 4
        assert "fetched" not in json.dumps(house.leaves())
    assert desk.deliveries()[number(1)].keys().isdisjoint({"recalled", "fetched"})


def test_a_repeat_gives_the_recorded_receipt(desk: Desk) -> None:
    """What was true then; a new recall tells what is true now: of what was emptied nothing has been given out."""
    with opened(desk.data) as house:
        first = house.run(SECRET, recall(2, 1))[1]
        desk.inbox()
        assert house.run(recall(2, 1)) == [first]
        assert fetched(house.run(recall(3, 1))) == [False]
    assert desk.deliveries()[number(1)]["recalled"] == number(3)


def test_twice_recalled_after_it_was_fetched(desk: Desk) -> None:
    """It has been fetched, whatever happened since."""
    with opened(desk.data) as house:
        house.run(SECRET)
        desk.inbox()
        assert fetched(house.run(recall(2, 1), recall(3, 1))) == [True, True]


def test_fetched_is_remembered_over_a_restart(desk: Desk) -> None:
    """Reader and writer are different processes on different days."""
    with opened(desk.data) as house:
        house.run(SECRET)
    desk.inbox()
    with opened(desk.data) as house:
        assert fetched(house.run(recall(2, 1))) == [True]


def test_while_a_recall_is_committed_nothing_is_given_out(tmp_path: Path) -> None:
    """The marks are held from looking to commit: between them no reader gets in; afterwards one does."""
    held: list[bool] = []

    def taken() -> bool:
        with closing(sqlite3.connect(tmp_path / FILE, timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            connection.execute("ROLLBACK")
        return False

    class Watched:
        def __init__(self, store: SqlStore) -> None:
            self._store = store

        def __getattr__(self, name: str) -> Any:
            return getattr(self._store, name)

        def commit(self, *given: Any) -> Any:
            held.append(taken())
            return self._store.commit(*given)

    with opened(tmp_path, wrap=Watched) as house:
        house.run(SECRET, request(3), recall(2, 1))
        assert held == [False, True]
        assert not taken()


def test_a_recall_that_is_not_committed_empties_nothing(desk: Desk) -> None:
    """Record, delivery and what it empties become durable together; and readers are let in again."""
    with opened(desk.data) as house:
        house.run(SECRET)
        fault = "BEFORE UPDATE ON inbox BEGIN SELECT RAISE(ABORT, 'a fault'); END"
        house.connection.exec_driver_sql(f"CREATE TEMP TRIGGER fault {fault}")
        with pytest.raises(IntegrityError):
            house.run(recall(2, 1))
        house.connection.exec_driver_sql("DROP TRIGGER fault")
        assert house.inbox(POLICE)[0]["message"]["body"]
        assert fetched(house.run(recall(2, 1))) == [False]


def test_marks_that_are_lost_are_not_made_anew(desk: Desk) -> None:
    """Neither reader nor writer calls everything not fetched; one may still look."""
    with opened(desk.data) as house:
        house.run(SECRET)
    (desk.data / FILE).unlink()
    ended = samband("inbox", POLICE, "--data", desk.data)
    assert (ended.status, ended.out) == (2, "") and FILE in ended.line
    with pytest.raises(DataFolderError, match=FILE), opened(desk.data):
        pass
    assert desk.deliveries("--peek")
    assert not (desk.data / FILE).exists()


def test_check_knows_what_is_fetched_and_changes_nothing(desk: Desk) -> None:
    """It tries the recall on a copy."""

    def samband_on(command: str, *messages: Json) -> list[Any]:
        ended = samband(command, "-", "--data", desk.data, "--json", stdin=b"\n".join(map(line, messages)))
        assert ended.status == 0, ended.err
        return fetched(ended.objects)

    samband_on("run", SECRET)
    desk.inbox()
    samband_on("run", told(2))
    assert samband_on("check", recall(3, 1), recall(4, 2)) == [True, False]
    assert "recalled" not in desk.deliveries("--peek")[number(2)]


def test_recalls_are_asked_again_alike(desk: Desk) -> None:
    """Replay asks the law, and what had been fetched is no law."""
    with opened(desk.data) as house:
        house.run(SECRET, recall(2, 1), told(3), told(4, replaces=number(3)), recall(5, 9))
    assert samband("replay", "--data", desk.data, "--json").status == 0


STEPS = st.sampled_from(["send", "fetch", "peek", "recall", "recall again", "correct"])


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEPS, max_size=10))
def test_fetched_is_what_was_given_out_with_its_body(steps: list[str]) -> None:
    """Promise of the recall: in any order a recall says fetched when, and only when, the body has been given out."""
    with TemporaryDirectory() as folder, opened(Path(folder)) as house:
        desk, sent, seen, recalled = Desk(Path(folder)), list[int](), set[int](), set[int]()
        for n, step in enumerate(steps, 1):
            if step == "send":
                house.run(told(n, f"{CANARY} {n}."))
                sent.append(n)
            elif step == "fetch":
                shown = json.dumps(desk.inbox(), ensure_ascii=False)
                given_now = {one for one in sent if f"{CANARY} {one}." in shown}
                assert given_now == set(sent) - (recalled - seen)
                seen |= given_now
            elif step == "peek":
                assert CANARY not in json.dumps(desk.inbox("--peek"), ensure_ascii=False)
            elif sent and step == "correct":
                house.run(told(n, f"{CANARY} {n}.", replaces=number(sent[0])))
                sent.append(n)
            elif sent:
                which = sent[0] if step == "recall again" else sent[-1]
                assert fetched(house.run(recall(n, which))) == [which in seen]
                recalled.add(which)
        assert house.verified().ok


# --- corrections


def replaced(house: House) -> dict[str, tuple[Any, Any]]:
    """By message: what it replaces, and by what it is replaced."""
    found = house.inbox(POLICE)
    return {told["message"]["id"]: (told.get("replaces"), told.get("replaced")) for told in found}


def test_a_correction_names_what_it_replaces(desk: Desk) -> None:
    """In the delivery and the record; the older one is still there, shown as replaced, with all that it said."""
    with opened(desk.data) as house:
        house.run(SECRET, told(2, replaces=number(1)), told(3, replaces=number(2)))
        assert replaced(house) == {
            number(1): (None, number(2)),
            number(2): (number(1), number(3)),
            number(3): (number(2), None),
        }
        assert [leaf.get("replaces") for leaf in house.leaves()] == [None, number(1), number(2)]
        house.run(recall(4, 3))
    assert desk.deliveries()[number(1)]["message"]["body"]["items"][0]["content"] == CANARY
    for lang, marks in (
        ("sv", ("ersatt av", "ersätter", "återkallat")),
        ("en", ("replaced by", "replaces", "recalled")),
    ):
        shown = samband("inbox", POLICE, "--data", desk.data, "--lang", lang, columns=140).out
        assert [mark for mark in marks if f"⟲ {mark}" not in shown] == []


def test_what_is_not_forwarded_replaces_nothing(tmp_path: Path) -> None:
    """Neither what the law holds back nor what corrects another's message or one sent elsewhere."""
    with opened(tmp_path) as house:
        held = disclosure(2, closed_item(), replaces=number(1))
        foreign = told(3, sender=OTHER_TOWN, replaces=number(1))
        elsewhere = told(4, recipient=OTHER_TOWN, replaces=number(1))
        outcomes = [receipt["outcome"] for receipt in house.run(SECRET, held, foreign, elsewhere)]
        assert outcomes[0] == "forward" and "forward" not in outcomes[1:]
        assert replaced(house) == {number(1): (None, None)}


def test_an_answer_may_be_corrected(tmp_path: Path) -> None:
    """The correction answers the same request."""
    with opened(tmp_path) as house:
        house.run(request(1), disclosure(2, reply=1), disclosure(3, reply=1, replaces=number(2)))
        assert replaced(house) == {number(2): (None, number(3)), number(3): (number(2), None)}


MOVES = [
    SECRET,
    told(2, replaces=number(1)),
    told(3, replaces=number(1)),
    recall(4, 1),
    recall(5, 2),
    recall(6, 1),
    request(7, "housing", "vehicle"),
    refusal(8, "vehicle", reply=7),
    disclosure(9, open_item(), reply=7),
    refusal(10, "housing", reply=7),
    message(11, "Interim", TOWN, POLICE, {"text": "Snart."}, in_reply_to=number(7)),
]


@settings(max_examples=25, deadline=None)
@given(stream=st.permutations(MOVES), batch=st.integers(2, 20))
def test_batches_are_not_to_be_seen(stream: list[Json], batch: int) -> None:
    """Promise 7: what refers to the same message sees what each other has done, whatever the batches."""

    def run(size: int) -> tuple[list[Any], list[Any]]:
        with TemporaryDirectory() as folder, opened(Path(folder)) as house:
            receipts = house.run(*numbered(stream), batch=size)
            for receipt in receipts:
                receipt.pop("audit")  # under keys of its own
            told = sealed_lines.lines(house.connection, house.key)
            return receipts, [(row["n"], row["authority"], row["type"], row["content"]) for row in told]

    assert run(batch) == run(1)
