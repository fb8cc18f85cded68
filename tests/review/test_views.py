"""The log of views: the same as the broker's, in the room's own database; what is not written down is not shown."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from broker.adapters.files.signing import KeyFileError, Verifier
from broker.cli.publishing import publishing
from broker.log.verifier import verify
from broker.ports.faults import LedgerError
from broker.review.room import Room
from broker.review.store import open_database
from broker.review.views import NAME, NamesSomeone, ViewLog
from broker.runtime.publisher import FILE
from tests.review.web_room import add_user, new_room

PURPOSE = "Granskning 2026-4, punkt 2"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield new_room(stack, tmp_path, database=f"sqlite:///{tmp_path}/review.db")


def finding(log: ViewLog) -> str:
    """The first thing that is wrong, in the verifier's code; empty when all is well."""
    with log.reading() as archive:
        report = verify(
            archive.stored_records(), archive.stored_checkpoints(), Verifier(log.log.vkey).open, kept=log.log.kept()
        )
    return report.first_bad.code if report.first_bad else ""


def test_a_view_is_a_record_that_the_broker_s_own_verifier_takes(room: Room) -> None:
    greta = add_user(room)
    assert room.note(greta, "search", PURPOSE, {"sorts": ["person"], "records": [3, 9]}, ("polisen",)) == 0
    assert room.note(greta, "decision", PURPOSE, {"records": [9]}, ("polisen", "skolan")) == 1
    assert finding(room.views) == ""
    with room.views.reading() as archive:
        leaves = [record.leaf for record in archive.records()]
        assert Verifier(room.views.log.vkey).open(archive.last_checkpoint().note).origin == NAME  # type: ignore[union-attr]
    assert leaves[1]["what"] == {"records": [9]} and leaves[1]["authorities"] == ["polisen", "skolan"]
    assert greta.officer not in json.dumps(leaves) and greta.name not in json.dumps(leaves)
    n, seen, more = room.views.seen(25, who=room.views.who("greta"))
    assert (
        more is None
        and n == 2
        and [(one.seq, one.sort, one.records) for one in seen]
        == [
            (1, "decision", (9,)),
            (0, "search", (3, 9)),
        ]
    )
    first, second = room.views.seen(1), room.views.seen(1, before=1)
    assert (first[1][0].seq, first[2], second[1][0].seq, second[2]) == (1, 1, 0, None)
    assert room.views.seen(1, before=0) == (2, [], None)
    assert room.views.seen(25, who=room.views.who("nils")) == (0, [], None)
    assert [one.seq for one in room.views.concerning("skolan")] == [1]


def test_what_was_changed_or_taken_away_is_found(room: Room, tmp_path: Path) -> None:
    greta = add_user(room)
    for n in range(3):
        room.note(greta, "decision", PURPOSE, {"records": [n]})
    with open_database(room.settings) as other, other.transaction() as connection:
        connection.exec_driver_sql("update records set leaf = cast(replace(leaf, '[1]', '[7]') as blob) where seq = 1")
    assert finding(room.views) == "leaf_hash"
    with open_database(room.settings) as other, other.transaction() as connection:
        connection.exec_driver_sql("delete from records where seq > 0")
        connection.exec_driver_sql("delete from checkpoints where size > 1")
    assert finding(room.views) == "rollback", "the newest checkpoint lies beside the key"
    with pytest.raises(LedgerError, match="fewer"):
        room.note(greta, "decision", PURPOSE, {"records": [1]})
    (tmp_path / "review-keys" / "views.key").unlink()
    with open_database(room.settings) as other, pytest.raises(KeyFileError, match="restore it"):
        ViewLog(other, room.settings.keys, room.clock)


def test_two_programs_write_in_turn(room: Room) -> None:
    """The command beside the pages."""
    greta = add_user(room)
    with open_database(room.settings) as other:
        command = ViewLog(other, room.settings.keys, room.clock)
        for n in range(4):
            assert (room.views if n % 2 else command).record("view", "greta", kind="export", purpose="x", what={}) == n
    assert room.note(greta, "export", "x", {}) == 4
    assert finding(room.views) == ""


def test_a_number_that_somebody_typed_is_not_recorded(room: Room) -> None:
    greta = add_user(room)
    with pytest.raises(NamesSomeone) as fault:
        room.note(greta, "search", "om 20130412-2391", {})
    assert "2391" not in str(fault.value)
    with room.views.reading() as archive:
        assert archive.size() == 0


def test_its_newest_checkpoint_is_published_as_the_broker_s_own(room: Room, tmp_path: Path) -> None:
    """Whoever has fetched one there sees a log of views that was cut off, whoever holds its key."""
    greta, published = add_user(room), tmp_path / "published"
    room.note(greta, "search", PURPOSE, {"records": []})
    with publishing(room.views.reading, [str(published)], None, 60.0):
        room.note(greta, "search", PURPOSE, {"records": []})
    note = (published / FILE).read_text("utf-8")
    assert Verifier(room.views.log.vkey).open(note).size == 2
    room.note(greta, "search", PURPOSE, {"records": []})
    with room.views.reading() as archive:
        stored = archive.stored_records(), archive.stored_checkpoints()
        assert verify(*stored, Verifier(room.views.log.vkey).open, kept=[note]).ok
