"""What the desk keeps: sealed, counted by the questions that list it, nothing lost to two hands at once."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from lines import POLICE, number
from sqlalchemy import event, text

from agents.agency import Address, Delivery
from agents.desk.cipher import open_sealed, seal
from agents.desk.faults import Changed, DeskError, Destroyed, NotNow, SameEyes
from agents.desk.keys import FileKeys, Wrapped
from agents.desk.store import Database, DeskDraft, inbox, sent
from agents.desk.store.schema import SCHEMA
from broker.web.faults import Missing, SiteError
from broker.web.user import User
from desk.side import ALL, BOARD, CHILD, HIDDEN, MAJA, NOW, REQUEST, ROBOT, SARA, Side, delivery, notice, receipt, term

ASKED = Address(POLICE, "police_area")
PERSONAL = ("200904122389", "2009-04-12", "Hemligt", "Egen text", "SN 2026")


def write(side: Side, kind: str = "Refusal", *, answers: str | None = number(1), **body: Any) -> Any:
    """A draft with a recipient."""
    said = {"categories": ["housing"], "reason": "not_held", "text": "Egen text."} | body
    return side.store.drafts.new(kind, user=SARA, answers=answers, to=ASKED, body=said)


# --- lists


def test_a_row_shows_what_a_list_may(either: Side) -> None:
    due = NOW + timedelta(hours=2)
    either.come(delivery(1, terms=[term("answer", NOW + timedelta(days=2)), term("opened", due)]))
    (row,) = either.store.inbox.rows(now=NOW)
    assert (row.message, row.sort, row.kind, row.sender) == (number(1), "delivery", "InformationRequest", POLICE)
    assert (row.due, row.clock, row.urgency, row.secret) == (due, "opened", "urgent", True)
    assert (row.birth_date, row.protected) == ("2009-04-12", False)
    assert (row.categories, row.left) == (("housing", "social_record"), ("housing", "social_record"))
    content = either.store.inbox.content(number(1))
    assert isinstance(content, Delivery) and content.body == REQUEST


def test_of_who_is_protected_no_list_tells_anything(side: Side) -> None:
    other = {**REQUEST, "subject": CHILD, "items": [{"category": "housing", "concerns": [HIDDEN]}]}
    side.come(delivery(1, body={**REQUEST, "subject": HIDDEN}), delivery(2, "Disclosure", body=other))
    assert [(row.birth_date, row.protected) for row in side.store.inbox.rows(now=NOW)] == [(None, True)] * 2


def test_the_late_stand_first_and_what_has_no_time_last(side: Side) -> None:
    hours = (None, 40, -1, 3)
    side.come(
        *(
            delivery(n, terms=[term("answer", NOW + timedelta(hours=at))] if at else [])
            for n, at in enumerate(hours, start=1)
        )
    )
    assert [row.message for row in side.store.inbox.rows(now=NOW)] == [number(n) for n in (3, 4, 2, 1)]
    assert [row.message for row in side.store.inbox.rows("late", now=NOW)] == [number(3)]
    assert [row.message for row in side.store.inbox.rows("due", now=NOW)] == [number(3), number(4)]


def test_a_day_is_a_swedish_day() -> None:
    late = NOW.replace(hour=22, minute=59)
    assert inbox.end_of_day(late) == NOW.replace(hour=23)
    assert inbox.end_of_day(late + timedelta(minutes=1)) == NOW.replace(hour=23) + timedelta(days=1)


def fill(side: Side) -> None:
    """Something of everything."""
    hours = [None, -5, 1, 30]
    side.come(
        *(
            delivery(
                n, sender=POLICE if n % 3 else "skola-tallkotten", terms=[term("answer", NOW + timedelta(hours=at))]
            )
            if (at := hours[n % 4]) is not None
            else delivery(n, "ConcernNotification", body={"subject": CHILD, "concerns": ["crime"], "text": "x"})
            for n in range(1, 61)
        )
    )
    store = side.store
    for n in range(1, 40, 3):
        store.inbox.open(number(n), SARA, NOW)
        store.inbox.assign(number(n), SARA.number)
    for n in range(2, 20, 4):
        store.inbox.close(number(n), NOW)
    for n in range(30, 60, 5):
        store.drafts.send(write(side, answers=number(n)).number, SARA)
        write(side, answers=number(n - 1))
    own = [store.drafts.send(write(side, "InformationRequest", answers=None, **REQUEST).number, SARA) for _ in range(6)]
    side.courier.round()
    answers = [draft for n in range(30, 60, 5) for draft in store.drafts.of(number(n)) if draft.state == "sent"]
    side.come(
        *(receipt(draft.message_id, "refer" if n % 2 else "forward") for n, draft in enumerate(answers)),
        *(receipt(draft.message_id, "forward" if n % 3 else "withhold") for n, draft in enumerate(own)),
        notice(900, own[1].message_id, "not_opened_call", clock="opened", contacts=[{"function": "Rektor"}]),
        notice(901, number(7), "overdue"),
        delivery(902, "Acknowledgement", body={"message": answers[0].message_id, "state": "registered"}),
        delivery(
            903,
            "Disclosure",
            in_reply_to=own[4].message_id,
            body={"items": []},
            answers={"housing": "given"},
            unanswered=["social_record"],
        ),
    )


def test_counts_are_those_of_the_rows(either: Side) -> None:
    """By the same question, whatever filters are set."""
    fill(either)
    box, out = either.store.inbox, either.store.sent
    filters: list[dict[str, Any]] = [{}, {"whose": SARA.number}, {"whose": "nobody"}, {"sender": POLICE}]
    filters += [{"kind": "InformationRequest"}, {"kind": "ConcernNotification", "sender": "skola-tallkotten"}]
    seen = set()
    for chosen in filters:
        for show, count in box.counts(NOW, **chosen).items():
            rows = [row for page in range(1, 6) for row in box.rows(show, page=page, now=NOW, **chosen)]
            assert len(rows) == count == len({row.number for row in rows}), (show, chosen)
            seen.add(show) if count else None
    assert seen == set(get_args(inbox.Show)), "the test has rows in every view"
    for holders in (None, [SARA.number], [SARA.number, MAJA.number]):
        for show, count in out.counts(NOW, holders=holders).items():
            assert len(out.rows(show, holders=holders, now=NOW)) == count, show
    assert {show for show, count in out.counts(NOW).items() if count} == set(get_args(sent.Show)) - {"waiting_here"}
    assert len(out.rows("partly", now=NOW)) == 1


def test_what_was_sent_is_whose_case_it_is(either: Side) -> None:
    """Who rings and asks again is who works the case: not who once wrote, and has handed it over."""
    drafts, box = either.store.drafts, either.store.inbox

    def send(**said: Any) -> DeskDraft:
        return drafts.send(drafts.new("InformationRequest", user=SARA, to=ASKED, body=REQUEST, **said).number, SARA)

    def count(user: User) -> int:
        return either.store.sent.counts(NOW, holders=[user.number])["open"]

    first = send()
    assert (count(SARA), count(MAJA)) == (1, 0), "a case that nobody has"
    box.assign_case(first.case, MAJA.number)
    send(answers=first.message_id)
    send()
    assert (count(SARA), count(MAJA)) == (1, 2)
    box.assign_case(first.case, None)
    assert (count(SARA), count(MAJA)) == (3, 0)


# --- a great many lines


def test_every_list_and_count_goes_by_an_index(side: Side) -> None:
    """No look at the queue reads all that has ever come, nor sorts what it reads."""
    plans: list[tuple[str, str]] = []
    engine = side.store.database.engine

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if re.search(r"FROM desk_(line|sent)\b", statement):
            rows = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            plans.append((statement, "; ".join(row[3] for row in rows)))

    with side.store.transaction() as connection:
        connection.execute(text("ANALYZE"))
    event.listen(engine, "before_cursor_execute", explain)
    for show in get_args(inbox.Show):
        side.store.inbox.rows(show, now=NOW)
        side.store.inbox.total(show, now=NOW)
    for shown in get_args(sent.Show):
        for holders in (None, [SARA.number]):
            side.store.sent.rows(shown, holders=holders, now=NOW)
            side.store.sent.total(shown, holders=holders, now=NOW)
    assert len(plans) == 3 * (len(get_args(inbox.Show)) + 2 * len(get_args(sent.Show)))
    side.come(delivery(1, terms=[term("answer", NOW - timedelta(hours=1))]))
    plans.clear()
    for holder in (None, SARA.number):  # whoever is none of the desk's people has nothing
        side.store.inbox.assign(number(1), holder)
        assert side.store.inbox.has("late", whose="nobody", now=NOW), "each page asks for this"
    assert [plan for plan in plans if re.search(r"SCAN desk_(line|sent)(?! USING)|TEMP B-TREE", plan[1])] == []


# --- what a person does


def test_opened_is_told_once_and_by_a_person_only(either: Side) -> None:
    either.come(delivery(1, terms=[term("opened", NOW), term("answer", NOW + timedelta(days=1))]))
    store = either.store
    assert not store.inbox.open(number(1), ROBOT, NOW)
    assert store.drafts.queued() == []
    assert [store.inbox.open(number(1), user, NOW) for user in (SARA, SARA, MAJA)] == [True, False, False]
    (told,) = store.drafts.queued()
    assert (told.kind, told.to, told.body) == ("Acknowledgement", ASKED, {"message": number(1), "state": "opened"})
    row = store.inbox.row(number(1))
    assert (row.opened, row.clock) == (NOW, "answer"), "the clock that waited for it is done"
    assert either.courier.round()
    assert [message.kind for message in either.stage.sent] == ["Acknowledgement"]
    assert store.sent.rows("all", now=NOW) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (delivery(1, sender="anonymous"), Address("anonymous")),
        (delivery(1, "ConsentGiven", sender=BOARD, sender_unit="social_services", body={"consent": "S-1"}), None),
        (delivery(1, recalled=number(9)), None),
        (notice(1, number(8), "consent_registered"), None),
    ],
)
def test_whom_opening_is_told(side: Side, line: Any, told: Address | None) -> None:
    side.come(line)
    assert side.store.inbox.open(number(1), SARA, NOW)
    assert [draft.to for draft in side.store.drafts.queued()] == ([told] if told else [])


def test_what_is_said_of_a_delivery(side: Side) -> None:
    notified = {"subject": CHILD, "concerns": ["crime"], "text": "x"}
    side.come(*(delivery(n) for n in (1, 2, 3)), delivery(4, "ConcernNotification", body=notified))
    side.come(delivery(5, "Disclosure", body={"items": []}))
    box = side.store.inbox
    box.register(number(1), "SN 2026/1", SARA, NOW)
    box.register(number(1), "SN 2026/1", SARA, NOW)
    box.register(number(5), "", SARA, NOW)
    box.not_for_us(number(2), SARA, NOW, go_to=Address("kommun-0180", "social_services"))
    box.hand_over(number(3), "school", SARA, NOW)
    box.not_for_us(number(4), SARA, NOW)
    assert [draft.body for draft in side.store.drafts.queued()] == [
        {"message": number(1), "state": "registered", "reference": "SN 2026/1"},
        {"message": number(5), "state": "registered"},
        {
            "message": number(2),
            "state": "not_for_us",
            "go_to": {"authority": "kommun-0180", "unit": "social_services"},
        },
        {"message": number(3), "state": "handed_over", "unit": "school"},
        {"message": number(4), "state": "not_for_us"},
    ]
    waits = {row.message for row in box.rows(now=NOW)}
    assert waits == {number(1), number(4)}, "a request waits for its answer, a notification of concern stays with us"
    with pytest.raises(Missing):
        box.register(number(77), "", SARA, NOW)


# --- drafts


def test_a_draft_is_kept_whatever_it_lacks(either: Side) -> None:
    drafts = either.store.drafts
    new = drafts.new("InformationRequest", user=SARA)
    kept = drafts.save(new.number, user=SARA, version=new.version, body={"need": ""})
    assert (kept.message_id, kept.version, kept.to, kept.body) == (new.message_id, 2, None, {"need": ""})
    assert kept.how == {"unit": "social_services", "role": "caseworker", "officer": "s-1"}
    kept = drafts.save(new.number, user=SARA, version=2, to=ASKED, how={"case": "SN 1"})
    assert (kept.to, kept.how["case"], kept.how["officer"]) == (ASKED, "SN 1", "s-1")
    with pytest.raises(Changed):
        drafts.save(new.number, user=MAJA, version=2, body={"need": "mitt"})
    assert drafts.get(new.number) == kept
    with pytest.raises(NotNow):
        drafts.send(drafts.new("Refusal", user=SARA).number, SARA)


def test_two_pairs_of_eyes(tmp_path: Path) -> None:
    side = Side(tmp_path, approval=frozenset({"Refusal"}))
    side.come(delivery(1))
    drafts, draft = side.store.drafts, write(side)
    with pytest.raises(NotNow):
        drafts.send(draft.number, SARA)
    submitted = drafts.submit(draft.number, SARA)
    assert drafts.awaiting_approval(SARA) == []
    assert [one.number for one in drafts.awaiting_approval(MAJA)] == [draft.number]
    with pytest.raises(SameEyes):
        drafts.approve(draft.number, SARA, version=submitted.version)
    asked = drafts.send_back(draft.number, MAJA, "Varför?")
    assert (asked.state, asked.question) == ("draft", "Varför?")
    edited = drafts.save(draft.number, user=MAJA, version=asked.version, body=draft.body)
    with pytest.raises(SameEyes):
        drafts.approve(draft.number, SARA, version=drafts.submit(draft.number, MAJA).version)
    third = replace(MAJA, number=4)
    with pytest.raises(Changed):
        drafts.approve(draft.number, third, version=edited.version)
    approved = drafts.approve(draft.number, third, version=drafts.get(draft.number).version)
    assert (approved.state, approved.approver) == ("approved", 4)
    changed = drafts.save(draft.number, user=SARA, version=approved.version, body={})
    assert (changed.state, changed.approver) == ("draft", None), "what was approved is not this"
    with pytest.raises(NotNow):
        drafts.send(draft.number, SARA)
    again = drafts.submit(draft.number, SARA)
    drafts.approve(draft.number, third, version=again.version)
    sending = drafts.send(draft.number, SARA)
    assert drafts.send(draft.number, SARA) == sending, "a second click changes nothing"
    with pytest.raises(NotNow):
        drafts.save(draft.number, user=SARA, version=sending.version, body={})
    with pytest.raises(NotNow):
        drafts.drop(draft.number)
    side.close()


def test_all_or_nothing(either: Side) -> None:
    either.come(delivery(1))
    with pytest.raises(RuntimeError), either.store.transaction():
        either.store.drafts.send(write(either).number, SARA)
        either.store.inbox.assign(number(1), SARA.number)
        raise RuntimeError
    assert either.store.drafts.queued() == []
    row = either.store.inbox.row(number(1))
    assert (row.holder, row.drafts) == (None, 0)


# --- sealed


def everything(side: Side) -> str:
    """All that lies in the database, as text."""
    with side.store.database.reading() as connection:
        return "\n".join(str(connection.execute(table.select()).all()) for table in SCHEMA.metadata.sorted_tables)


def test_nothing_of_anybody_lies_in_clear(either: Side) -> None:
    either.come(delivery(1), delivery(2, body={**REQUEST, "subject": HIDDEN}))
    store = either.store
    store.inbox.open(number(1), SARA, NOW)
    store.drafts.send(write(either).number, SARA)
    store.drafts.submit(write(either, "InformationRequest", answers=None, **REQUEST).number, SARA)
    store.drafts.send_back(store.drafts.unsent()[0].number, MAJA, "Hemligt om 200904122389?")
    either.courier.round()
    detail = {"code": "invalid_value", "detail": "Hemligt"}
    either.come(receipt(either.stage.sent[-1].id, "quarantine", error=detail), notice(5, number(1), subject=CHILD))
    held = everything(either)
    files = [file.read_bytes().decode("latin-1") for file in either.folder.glob("desk.db*")]
    assert number(1) in held
    assert [word for word in PERSONAL for place in (held, *files) if word in place] == []
    assert store.inbox.row(number(1)).birth_date == "2009-04-12"


def test_a_case_is_erased_when_all_that_the_broker_told_of_it_is_due(tmp_path: Path) -> None:
    """The longest of its messages counts; what has no day stays, and so does what the broker told nothing of."""
    side = Side(tmp_path)
    told = [{"class": "social_record", "until": f"20{year}-03-02"} for year in (31, 33)]
    one, later = delivery(1, retention=told[1]), delivery(4, in_reply_to=number(1), retention=told[0])
    side.come(one, later, delivery(2, retention={"class": "child_inquiry", "until": None}), delivery(3))
    assert side.store.erase(date(2033, 3, 2)) == 0
    assert side.store.erase(date(2033, 3, 3)) == 1
    assert side.store.erase(date(2033, 3, 3)) == 0
    for n in (1, 4):
        with pytest.raises(Destroyed):
            side.store.inbox.content(number(n))
    assert all(side.store.inbox.content(number(n)) for n in (2, 3))
    side.close()


def test_a_case_is_made_unreadable_for_ever(tmp_path: Path) -> None:
    """Nor does a copy of the database bring it back; its rows stay in the lists with nothing of anybody's in them."""
    side = Side(tmp_path)
    side.come(delivery(1), delivery(2))
    draft = write(side)
    one, two = (side.store.inbox.row(number(n)).case for n in (1, 2))
    copy = (tmp_path / "desk.db").read_bytes(), (tmp_path / "desk.db-wal").read_bytes()
    side.store.destroy(one)
    side.store.destroy(one)
    for _ in range(2):
        with pytest.raises(Destroyed):
            side.store.inbox.content(number(1))
        assert isinstance(side.store.inbox.content(number(2)), Delivery)
        births = {row.message: row.birth_date for row in side.store.inbox.rows(now=NOW)}
        assert births == {number(1): None, number(2): "2009-04-12"}
        side.close()
        (tmp_path / "desk.db").write_bytes(copy[0])
        (tmp_path / "desk.db-wal").write_bytes(copy[1])
        side.restart()
    with pytest.raises(Destroyed):
        side.store.drafts.get(draft.number)
    assert two != one
    side.close()


def test_what_is_moved_or_changed_is_not_opened(side: Side) -> None:
    side.come(delivery(1), delivery(2))
    with side.store.transaction() as connection:
        connection.execute(text("update desk_content set content = (select content from desk_content where line = 1)"))
    assert isinstance(side.store.inbox.content(number(1)), Delivery)
    with pytest.raises(DeskError):
        side.store.inbox.content(number(2))


def test_what_was_rolled_back_leaves_no_key_behind(side: Side) -> None:
    """A case's number may come again: its contents are sealed with the key that the database has."""
    with pytest.raises(RuntimeError), side.store.transaction():
        write(side, answers=None)
        raise RuntimeError
    draft = write(side, answers=None)
    side.restart()
    assert side.store.drafts.get(draft.number).body == draft.body


def test_keys_lie_in_files_of_their_own(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "keys")
    one, two = keys.wrap(b"1" * 32), keys.wrap(b"2" * 32)
    again = FileKeys(tmp_path / "keys")
    assert (again.unwrap(one), again.unwrap(two)) == (b"1" * 32, b"2" * 32)
    files = [file for file in (tmp_path / "keys").rglob("*") if file.is_file()]
    assert len(files) == 2 and {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert {folder.stat().st_mode & 0o777 for folder in (tmp_path / "keys").glob("*")} == {0o700}
    keys.destroy(one.key_id)
    keys.destroy(one.key_id)
    with pytest.raises(Destroyed):
        again.unwrap(one)
    with pytest.raises(DeskError):
        again.unwrap(Wrapped(two.key_id, one.blob))
    with pytest.raises(DeskError):
        again.unwrap(Wrapped("../../etc/passwd", one.blob))


def test_a_seal_holds_its_label_and_never_repeats() -> None:
    key = b"k" * 32
    assert open_sealed(key, seal(key, b"x", "a"), "a") == b"x"
    assert seal(key, b"x", "a") != seal(key, b"x", "a")
    for sealed, label in ((seal(key, b"x", "a"), "b"), (b"", "a"), (seal(key, b"x", "a")[:-1], "a")):
        with pytest.raises(DeskError):
            open_sealed(key, sealed, label)


# --- the database


def test_a_database_of_a_later_version_is_refused(side: Side) -> None:
    with side.store.transaction() as connection:
        connection.execute(text("update desk_step set step = 99"))
    with pytest.raises(SiteError, match="later version"):
        Database(side.url, SCHEMA)


@pytest.mark.parametrize("url", ["?", "sqlite:////no/such/folder/desk.db"])
def test_a_database_that_cant_be_used(url: str) -> None:
    with pytest.raises(SiteError):
        Database(url, SCHEMA)


def test_who_may_is_said_by_the_page() -> None:
    assert SARA.may == ALL and SARA.is_person and not ROBOT.is_person
