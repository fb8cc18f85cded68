"""The ledger that runs apart, over a topic in memory and a log in SQLite: all but Kafka and PostgreSQL is the same."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from audit_leaves import leaves, root
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from broker.adapters.files import checkpoint_file
from broker.adapters.files.checkpoint_file import PublishedFile
from broker.adapters.files.signing import Signer, Verifier
from broker.adapters.sql import audit_log as ledgers
from broker.adapters.sql import postgres
from broker.adapters.sql.audit_log import SqlLedger
from broker.adapters.sql.published_log import AuditLedger, chain_roots
from broker.log.appender import Bounds, LedgerRefused, LedgerService, Published
from broker.log.verifier import Report, StoredCheckpoint, verify
from broker.ports.faults import LedgerError

ORIGIN = "samband.test/audit"


@dataclass
class Topic:
    """A topic in memory. Offsets have gaps, as where transactions end; a read gives as many as it likes."""

    records: list[Published] = field(default_factory=list)
    beginning: int = 0
    at: int = 0

    def publish(self, found: Sequence[bytes | None], gap: int = 2) -> "Topic":
        for leaf in found:
            self.records.append(Published(self.end() + (gap if len(self.records) % 3 == 0 else 0), leaf))
        return self

    def first(self) -> int:
        return self.beginning

    def end(self) -> int:
        return self.records[-1].offset + 1 if self.records else 0

    def seek(self, offset: int) -> None:
        self.at = offset

    def read(self, most: int, wait: float) -> list[Published]:
        found = [record for record in self.records if record.offset >= self.at][: min(most, 5)]
        self.at = found[-1].offset + 1 if found else max(self.at, self.end())
        return found

    def position(self) -> int:
        return self.at


@dataclass
class House:
    """Where a ledger lives: its keys, and the file of its database."""

    folder: Path

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def signer(self) -> Signer:
        return Signer(self.keys / "log.key", ORIGIN)

    @contextmanager
    def opened(
        self, *, known: dict[int, bytes] | None = None, earlier: Sequence[StoredCheckpoint] = ()
    ) -> Iterator[AuditLedger]:
        engine = create_engine(f"sqlite:///{self.folder / 'log.db'}")
        try:
            with engine.connect() as connection:
                postgres.make(connection, postgres.OF_LEDGER)
                signer = self.signer
                file = PublishedFile(self.keys, Verifier(signer.vkey))
                yield AuditLedger(connection, signer, file, known=known, earlier=earlier)
        finally:
            engine.dispose()

    def run(self, topic: Topic, most: int = 7, **more: object) -> str:
        """Follow a topic to its end; the root."""
        with self.opened(**more) as log:  # type: ignore[arg-type]
            LedgerService(log, topic, clock=lambda: 0.0, bounds=Bounds(most, 0.0)).run(lambda: False, once=True)
            return log.root.hex()

    def rows(self) -> tuple[list[StoredCheckpoint], Report]:
        """What is stored, and the verifier's answer."""
        engine = create_engine(f"sqlite:///{self.folder / 'log.db'}")
        try:
            with engine.connect() as connection:
                notes = list(ledgers.stored_checkpoints(connection))
                kept = [(self.keys / checkpoint_file.FILE).read_text("utf-8")] if notes else []
                records = ledgers.stored_records(connection)
                return notes, verify(records, notes, Verifier(self.signer.vkey).open, kept=kept)
        finally:
            engine.dispose()

    def sizes(self) -> list[int]:
        return [note.size for note in self.rows()[0]]

    def alter(self, statement: str) -> None:
        engine = create_engine(f"sqlite:///{self.folder / 'log.db'}")
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def copy(self) -> Path:
        """The database as it is now, to be put back some day."""
        return Path(shutil.copy(self.folder / "log.db", self.folder / "copy.db"))

    def restore(self) -> None:
        shutil.copy(self.folder / "copy.db", self.folder / "log.db")

    def lose(self) -> None:
        """The database is gone."""
        (self.folder / "log.db").unlink()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_the_log_is_what_was_published(house: House) -> None:
    found = leaves(40)
    topic = Topic().publish(found[:25])
    assert house.run(topic) == root(found, 25)
    assert house.run(topic.publish(found[25:]), most=100) == root(found)
    notes, report = house.rows()
    assert (report.ok, report.size, report.root) == (True, 40, root(found))
    assert notes[-1].size == 40
    assert (house.keys / checkpoint_file.FILE).read_text("utf-8") == notes[-1].note


def test_nothing_new_signs_nothing(house: House) -> None:
    topic = Topic().publish(leaves(10))
    house.run(topic)
    before = house.sizes()
    house.run(topic)
    assert house.sizes() == before


def test_an_empty_topic_makes_an_empty_log(house: House) -> None:
    assert house.run(Topic()) == root([])
    assert house.rows()[1].ok


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 12)), min_size=1, max_size=6))
def test_roots_do_not_depend_on_batches_or_stops(steps: list[tuple[int, int]]) -> None:
    found, end = leaves(60), 0
    with TemporaryDirectory() as place:
        house, topic = House(Path(place)), Topic()
        for count, most in steps:
            topic.publish(found[end : end + count])
            end += count
            assert house.run(topic, most) == root(found, end)
        assert house.rows()[1].ok


def test_a_batch_is_bounded_and_waits_its_time(house: House) -> None:
    """The first record waits for others no longer than it may, by the clock that is handed in."""
    topic, now = Topic().publish(leaves(30)), iter(range(10_000))
    with house.opened() as log:
        service = LedgerService(log, topic, clock=lambda: next(now), bounds=Bounds(1000, 3.0))
        service.run(lambda: False, once=True)
    assert len(house.sizes()) > 1
    assert max(b - a for a, b in zip([0, *house.sizes()], house.sizes(), strict=False)) <= 15


# --- what was published once stays


@pytest.fixture
def grown(house: House) -> tuple[House, Topic, list[bytes]]:
    """A log of 40 records, of which a copy was taken at 15."""
    found = leaves(50)
    topic = Topic().publish(found[:15])
    house.run(topic)
    house.copy()
    house.run(topic.publish(found[15:40]))
    return house, topic, found


Grown = tuple[House, Topic, list[bytes]]


def test_an_old_copy_catches_up_before_it_signs(grown: Grown) -> None:
    house, topic, found = grown
    house.restore()
    assert house.run(topic.publish(found[40:])) == root(found)
    assert house.sizes() == [5, 10, 15, 40, 45, 50]
    assert house.rows()[1].ok


def test_a_lost_database_is_made_again(grown: Grown) -> None:
    house, topic, found = grown
    house.lose()
    assert house.run(topic) == root(found, 40)
    assert house.sizes() == [40]
    assert house.rows()[1].ok


def test_a_rebuilt_log_has_the_same_checkpoints_when_they_were_exported(grown: Grown) -> None:
    house, topic, found = grown
    notes, _ = house.rows()
    house.lose()
    known = chain_roots(notes, Verifier(house.signer.vkey))
    assert house.run(topic.publish(found[40:]), known=known, earlier=notes) == root(found)
    after, report = house.rows()
    assert after[: len(notes)] == notes
    assert report.ok and report.size == 50
    assert [root(found, size) for size in known] == [known[size].hex() for size in known]


@pytest.mark.parametrize("size", [1, 7, 20, 39])
def test_a_rebuilt_log_that_differs_at_a_kept_checkpoint_is_refused(grown: Grown, size: int) -> None:
    house, topic, _ = grown
    house.lose()
    with pytest.raises(LedgerRefused, match=f"size {size}"):
        house.run(topic, known={size: bytes(32)})
    assert house.sizes() == []


def test_an_interrupted_rebuilding_goes_on(grown: Grown) -> None:
    house, topic, found = grown
    house.lose()
    with house.opened() as log:
        service = LedgerService(log, topic, clock=lambda: 0.0, bounds=Bounds(9, 0.0))
        rounds = iter([False] * 6 + [True] * 100)
        service.run(lambda: next(rounds))
        assert 0 < log.size < 40
    assert house.sizes() == []
    assert house.run(topic) == root(found, 40)
    assert house.rows()[1].ok


Change = Callable[[list[bytes]], Sequence[bytes | None]]
TOPICS: dict[str, Change] = {
    "cut off": lambda found: found[:39],
    "cut off below the copy": lambda found: found[:14],
    "empty": lambda found: [],
    "another record early": lambda found: [*found[:3], found[49], *found[4:40]],
    "another record late": lambda found: [*found[:30], found[49], *found[31:40]],
    "a record again": lambda found: [*found[:20], found[19], *found[20:40]],
    "a record left out": lambda found: [*found[:20], *found[21:41]],
    "two exchanged": lambda found: [*found[:20], found[21], found[20], *found[22:40]],
    "tail cut off and others appended": lambda found: [*found[:35], *found[41:50]],
}


UNREAD = {
    ("nothing", "another record early"),
    ("nothing", "another record late"),
    ("nothing", "two exchanged"),
    ("the newest", "another record early"),
}


@pytest.mark.parametrize("change", TOPICS)
@pytest.mark.parametrize("lost", ["nothing", "all", "the newest"])
def test_another_topic_is_never_signed(grown: Grown, change: str, lost: str) -> None:
    """Whatever has become of the database: what was published does not come out, so nothing more is signed."""
    house, _, found = grown
    {"nothing": lambda: None, "all": house.lose, "the newest": house.restore}[lost]()
    before = house.sizes() if lost != "all" else []
    topic = Topic().publish(TOPICS[change](found))
    note = (house.keys / checkpoint_file.FILE).read_bytes()
    if (lost, change) in UNREAD:  # the log holds the right records already, and reads only what follows on them
        assert house.run(topic) == root(found, 40)
    else:
        with pytest.raises(LedgerRefused):
            house.run(topic)
        assert house.sizes() == before
        assert (house.keys / checkpoint_file.FILE).read_bytes() == note


def test_a_topic_without_its_beginning(grown: Grown) -> None:
    """A log that has those records goes on; one that does not can't be made."""
    house, topic, found = grown
    topic.beginning = topic.records[20].offset
    topic.publish(found[40:])
    assert house.run(topic) == root(found)
    house.lose()
    with pytest.raises(LedgerRefused, match="first records"):
        house.run(topic)
    house.restore()
    with pytest.raises(LedgerRefused, match="no longer holds the records"):
        house.run(topic)


POISON: dict[str, bytes | None] = {
    "nothing": None,
    "empty": b"",
    "no json": b"nonsense",
    "not canonical": b'{"b":1, "a":2}',
    "a list": b"[]",
    "a place": b'{"record":"decision","seq":3}',
    "a number for a text": b'{"record":7}',
    "an object for a text": b'{"sender":{"authority":{}}}',
    "a zero byte in a text": b'{"kind":"a\\u0000b"}',
    "not a number": b'{"a":NaN}',
}


@pytest.mark.parametrize("poison", POISON)
def test_poison_ends_the_ledger_before_anything_of_its_batch_is_in_the_log(house: House, poison: str) -> None:
    found = leaves(20)
    topic = Topic().publish(found[:10]).publish([POISON[poison]]).publish(found[10:])
    with pytest.raises(LedgerRefused, match=f"offset {topic.records[10].offset} ") as refused:
        house.run(topic, most=5)
    assert "\n" not in str(refused.value)
    notes, report = house.rows()
    assert report.ok and report.size == 10 and notes[-1].size == 10


# --- the stored log


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM records WHERE seq = 39",
        "DELETE FROM records WHERE seq = 3",
        "UPDATE records SET leaf_hash = (SELECT leaf_hash FROM records WHERE seq = 4) WHERE seq = 5",
        "DELETE FROM checkpoints WHERE size = 40",
        "UPDATE checkpoints SET size = 41 WHERE size = 40",
        "DELETE FROM ledger_position",
        "UPDATE ledger_position SET size = 39",
        "UPDATE ledger_position SET last = last - 1",
        "UPDATE ledger_position SET next = next + 100, last = last + 100",
        "INSERT INTO records (seq, leaf, leaf_hash) SELECT 40, leaf, leaf_hash FROM records WHERE seq = 1",
    ],
)
def test_a_stored_log_that_was_changed_is_not_continued(grown: Grown, statement: str) -> None:
    house, topic, found = grown
    house.alter(statement)
    with pytest.raises((LedgerError, LedgerRefused)):
        house.run(topic.publish(found[40:]))


def test_a_bit_that_flips_before_it_is_signed(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    house, topic, found = grown
    stored = SqlLedger._stored_leaves

    def flipped(self: SqlLedger, start: int) -> Iterator[bytes]:
        for leaf in stored(self, start):
            yield leaf[:-2] + bytes([leaf[-2] ^ 1]) + leaf[-1:]

    before = house.sizes()
    with monkeypatch.context() as patched, pytest.raises(LedgerError, match="not stored as written"):
        patched.setattr(SqlLedger, "_stored_leaves", flipped)
        house.run(topic.publish(found[40:]))
    assert house.sizes() == before
    assert house.run(topic) == root(found)


def test_the_published_checkpoint_must_be_there(grown: Grown) -> None:
    house, topic, _ = grown
    (house.keys / checkpoint_file.FILE).unlink()
    with pytest.raises(LedgerError, match=r"log\.size is missing"):
        house.run(topic)


@pytest.mark.parametrize("content", [b"", b"40", b"\xff", b"samband.test/audit\n40\n"])
def test_the_published_checkpoint_must_be_whole(grown: Grown, content: bytes) -> None:
    house, topic, _ = grown
    (house.keys / checkpoint_file.FILE).write_bytes(content)
    with pytest.raises(LedgerError, match="holds no checkpoint"):
        house.run(topic)


def test_an_older_published_checkpoint_is_a_prefix(grown: Grown) -> None:
    house, topic, found = grown
    notes, _ = house.rows()
    (house.keys / checkpoint_file.FILE).write_text(notes[0].note, "utf-8")
    assert house.run(topic.publish(found[40:])) == root(found)
    assert house.rows()[1].ok


def test_a_published_checkpoint_of_another_log_of_the_same_key(grown: Grown, tmp_path: Path) -> None:
    house, topic, found = grown
    other = House(tmp_path / "other")
    shutil.copytree(house.keys, other.keys)
    (other.keys / checkpoint_file.FILE).unlink()
    other.run(Topic().publish(found[5:20]))
    shutil.copy(other.keys / checkpoint_file.FILE, house.keys / checkpoint_file.FILE)
    with pytest.raises(LedgerError, match="another than the one signed"):
        house.run(topic)


def test_nothing_smaller_is_ever_published(grown: Grown) -> None:
    house, _, _ = grown
    notes, _ = house.rows()
    file = PublishedFile(house.keys, Verifier(house.signer.vkey))
    with pytest.raises(LedgerError, match="nothing smaller"):
        file.write(notes[0].note)


def test_one_ledger_signs_with_a_key(house: House) -> None:
    house.keys.mkdir()
    with (
        checkpoint_file.hold(house.keys),
        pytest.raises(LedgerError, match="only one"),
        checkpoint_file.hold(house.keys),
    ):
        pass
    with checkpoint_file.hold(house.keys):
        pass


def test_an_exported_chain_with_a_gap_is_refused(grown: Grown) -> None:
    house, _, _ = grown
    notes, _ = house.rows()
    verifier = Verifier(house.signer.vkey)
    with pytest.raises(LedgerError, match="does not follow"):
        chain_roots([notes[0], *notes[2:]], verifier)
    with pytest.raises(LedgerError, match="does not follow"):
        chain_roots(notes[1:], verifier)
    with pytest.raises(LedgerError, match="does not follow"):
        chain_roots([StoredCheckpoint(8, notes[0].note)], verifier)


def test_columns_stand_beside_their_record(house: House) -> None:
    found = leaves(5)
    house.run(Topic().publish(found))
    assert house.rows()[1].ok
    assert "seq" not in json.loads(found[0])
