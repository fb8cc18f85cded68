"""Another law asked of what was decided: what would have become otherwise, before anybody installs it."""

import json
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from threading import Event, Lock, Thread

from sqlalchemy import Column, Integer, String, Table, insert, select, update

from broker.adapters.opa.candidate import ENDING, Candidate, CandidateError
from broker.adapters.sql.read_model import Archive, Record
from broker.explanation.again import ask_again, difference
from broker.explanation.changes import Change, Counted, Tally
from broker.model.decision import Json
from broker.model.faults import SetUpError
from broker.pipeline.pipeline import BATCH
from broker.review.keeper import Keeper
from broker.review.law import Law
from broker.review.sampling import draw
from broker.review.store import SCHEMA
from broker.review.terms import days, term
from broker.web.database import Database, Moment
from broker.web.faults import Missing

_LISTED = 50
_PATIENCE = 600.0
_RUNNING, _DONE, _STOPPED, _BROKEN = "running", "done", "stopped", "broken"
_LOG = logging.getLogger("samband.web")

trials = Table(
    "review_trial",
    SCHEMA.metadata,
    Column("number", Integer, primary_key=True),
    Column("candidate", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("since", String, nullable=False),
    Column("until", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("begun", Moment, nullable=False),
    Column("state", String, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("result", String),
    sqlite_autoincrement=True,
)
"""`state`: running, done, or why it was given up. `result`: a `Result`; places in the log, and no person."""


@dataclass(frozen=True)
class Result:
    """What another law would answer otherwise.

    `differing` records are told of by their `groups`; `already` are those that the installed law answers just so too,
    so that they are of an earlier change.
    """

    revision: str
    signed: bool
    differing: int
    already: int
    groups: Sequence[Counted]


@dataclass(frozen=True)
class Trial:
    """A law that was tried: over a period, of how many decisions."""

    number: int
    candidate: str
    purpose: str
    since: date
    until: date
    size: int
    begun: datetime
    state: str
    asked: int
    total: int
    result: Result | None

    @property
    def runs(self) -> bool:
        """Whether it goes on."""
        return self.state == _RUNNING


class Busy(SetUpError):
    """One law is tried at a time."""


class Trials:
    """In: the room's database; the folder of laws that may be tried, the key of bundles and OPA's program."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        folder: Path | None,
        open_law: Callable[[Path], Candidate],
        asked: "Asked",
    ) -> None:
        self._database, self._clock, self._folder, self._open, self._of = database, clock, folder, open_law, asked
        self._lock, self._end = Lock(), Event()
        self._thread: Thread | None = None
        self._runs: int | None = None

    def candidates(self) -> Sequence[str]:
        """The names of laws that can be tried: bundles, and folders of policies."""
        if self._folder is None or not self._folder.is_dir():
            return []
        return sorted(one.name for one in self._folder.iterdir() if one.is_dir() or one.name.endswith(ENDING))

    def start(self, candidate: str, purpose: str, since: date, until: date, size: int) -> int:
        """Try one of `candidates`, beside the pages; its number. In: how many decisions at most. Raises Busy."""
        assert self._folder is not None
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                raise Busy("another law is tried just now")
            said = {"candidate": candidate, "purpose": purpose, "since": f"{since}", "until": f"{until}", "size": size}
            row = {**said, "begun": self._clock(), "state": _RUNNING, "asked": 0, "total": 0}
            with self._database.transaction() as connection:
                made = connection.execute(insert(trials).values(row)).inserted_primary_key
            assert made is not None
            self._runs = int(made[0])
            run = (self._runs, self._folder / candidate, since, until, size)
            self._thread = Thread(target=self._run, args=run, name="whatif", daemon=True)
            self._thread.start()
            return self._runs

    def get(self, number: int) -> Trial:
        """One. Raises Missing."""
        with self._database.reading() as connection:
            row = connection.execute(select(trials).where(trials.c.number == number)).first()
        if row is None:
            raise Missing("there is no such trial")
        return self._trial(row)

    def all(self) -> Sequence[Trial]:
        """The newest first."""
        query = select(trials).order_by(trials.c.number.desc()).limit(_LISTED)
        with self._database.reading() as connection:
            return [self._trial(row) for row in connection.execute(query)]

    def close(self) -> None:
        """Give up what runs."""
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def wait(self, seconds: float) -> None:
        """Until what runs is done, or so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _trial(self, row: object) -> Trial:
        values = dict(row._mapping)  # type: ignore[attr-defined]
        if values["state"] == _RUNNING and values["number"] != self._runs:
            values["state"] = _STOPPED  # its process ended before it did
        for name in ("since", "until"):
            values[name] = date.fromisoformat(values[name])
        return Trial(**values | {"result": _read(values["result"]) if values["result"] else None})

    def _run(self, number: int, source: Path, since: date, until: date, size: int) -> None:
        try:
            law = self._open(source)
            result = self._of.tally(law, since, until, size, lambda *at: self._note(number, *at))
            self._put(number, state=_DONE, result=json.dumps(asdict(result)))
        except CandidateError as error:
            self._put(number, state=error.fault)
        except _Ended:
            self._put(number, state=_STOPPED)
        except Exception as error:  # its text can hold values
            _LOG.error("another law, trial %s: %s", number, type(error).__name__)
            self._put(number, state=_BROKEN)

    def _note(self, number: int, asked: int, total: int) -> None:
        self._put(number, asked=asked, total=total)
        if self._end.is_set():
            raise _Ended

    def _put(self, number: int, **values: object) -> None:
        with self._database.transaction() as connection:
            connection.execute(update(trials).where(trials.c.number == number).values(**values))


class _Ended(Exception):
    """The room is closed."""


@dataclass(frozen=True)
class Asked:
    """What another law is asked: recorded inputs of a period."""

    archive: Callable[[], AbstractContextManager[Archive]]
    keeper: Keeper
    installed: Law

    def tally(self, law: Candidate, since: date, until: date, size: int, at: Callable[[int, int], None]) -> Result:
        """What it answers otherwise. `at` is told how many of how many are asked. Raises Away or SetUpError."""
        wanted = [[term("record", "decision")], list(days(since, until))]
        seqs = sample(self.keeper.complete(_PATIENCE).every(wanted), size, law.revision)
        at(0, len(seqs))
        tally, differing, already = Tally(), 0, 0
        with self.archive() as archive:
            for n, (record, now) in enumerate(ask_again(law.engine, archive.each(seqs)), start=1):
                otherwise = difference(record, now)
                if otherwise is not None and self._answers_so(record, otherwise):
                    already += 1
                elif otherwise is not None:
                    differing += 1
                    tally.add(otherwise)
                if n % BATCH == 0 or n == len(seqs):
                    at(n, len(seqs))
        return Result(law.revision, law.signed, differing, already, tally.groups())

    def _answers_so(self, record: Record, otherwise: Json) -> bool:
        """Whether the installed law gives that other answer too."""
        with self.installed.asked() as engine:
            [(_, now)] = ask_again(engine, iter([record]))
        return difference(record, now) == otherwise


def sample(seqs: Sequence[int], size: int, revision: str) -> Sequence[int]:
    """At most so many of these, in order: the same each time the same law is tried on the same records."""
    if len(seqs) <= size:
        return seqs
    seed = sha256(f"{revision} {seqs[0]} {seqs[-1]}".encode()).digest()
    return sorted(seqs[place] for place in draw(seed, len(seqs), size))


def _read(text: str) -> Result:
    said = json.loads(text)
    groups = [Counted(_change(one["change"]), one["count"], one["examples"]) for one in said.pop("groups")]
    return Result(**said, groups=groups)


def _change(said: Json) -> Change:
    return Change(**{**said, "fields": tuple(said["fields"])})
