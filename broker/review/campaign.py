"""A review from plan to signed summary: all that it is stands as records in the log of views."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Literal

from broker.adapters.sql.read_model import Archive, Record
from broker.log.checkpoint import NO_PREVIOUS, note_hash
from broker.log.verifier import StoredCheckpoint
from broker.model.canonical import canonical
from broker.model.decision import Json
from broker.review.sampling import SampleError, digest, frame
from broker.review.views import ViewLog

Answer = Literal["yes", "no", "unclear"]
ANSWERS: tuple[Answer, ...] = ("yes", "no", "unclear")
_TRIES = 10
State = Literal["planned", "drawn", "open", "answered", "closed"]

Population = Callable[[Archive, Json], Sequence[int]]
"""The places in the log of all records that a saved search finds, oldest first."""


@dataclass(frozen=True)
class Finding:
    """What an auditor answered to the questions about one record; the newest counts."""

    who: str
    answers: Sequence[Answer]
    note: str
    seq: int
    time: datetime


@dataclass(frozen=True)
class Comment:
    """What an authority says of the findings, under its own reference."""

    authority: str
    text: str
    reference: str
    time: datetime


@dataclass
class Campaign:
    """A review as its records say, up to the newest."""

    plan: Record
    sample: Sequence[int] = ()
    """Places in the broker's log, in the order drawn."""
    checkpoint: str = ""
    """The note that gave the seed."""
    auditors: Sequence[str] = ()
    """Tokens: the sample is dealt out among them in turn."""
    findings: dict[int, Finding] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    summary: str = ""
    """The signed note."""
    records: list[tuple[int, str]] = field(default_factory=list)
    """Place and leaf hash of each of its records in the log of views."""

    @property
    def number(self) -> int:
        """Its number."""
        return int(self.plan.leaf["case"])

    @property
    def title(self) -> str:
        """What it is called."""
        return str(self.plan.leaf["title"])

    @property
    def planned(self) -> datetime:
        """When it was planned."""
        return datetime.fromisoformat(self.plan.leaf["time"])

    @property
    def questions(self) -> Sequence[str]:
        """What is asked of each record of the sample."""
        return tuple(self.plan.leaf["questions"])

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.summary:
            return "closed"
        if not self.sample:
            return "planned"
        if not self.auditors:
            return "drawn"
        return "answered" if len(self.findings) == len(self.sample) else "open"

    def assigned(self) -> Mapping[int, str]:
        """Whose each record of the sample is, by token."""
        return {seq: self.auditors[n % len(self.auditors)] for n, seq in enumerate(self.sample) if self.auditors}

    def next_of(self, who: str) -> int | None:
        """The place in the sample of the next record that awaits somebody's answers."""
        mine = self.assigned()
        return next((n for n, seq in enumerate(self.sample) if mine.get(seq) == who and seq not in self.findings), None)

    def counts(self) -> Sequence[Mapping[Answer, int]]:
        """For each question how often each answer was given."""
        given = [Counter(one.answers[n] for one in self.findings.values()) for n in range(len(self.questions))]
        return [{answer: counter[answer] for answer in ANSWERS} for counter in given]


class Campaigns:
    """Reviews of one room. In: the log of views, the broker's log and its public key, how a saved search is made."""

    def __init__(
        self,
        views: ViewLog,
        archive: Callable[[], AbstractContextManager[Archive]],
        vkey: Callable[[], str],
        population: Population,
    ) -> None:
        self._views, self._archive, self._vkey, self._population = views, archive, vkey, population
        self._lock = Lock()

    def all(self) -> Sequence[Campaign]:
        """Every review, the newest first."""
        with self._views.reading() as log:
            return [_fold(log.records(case=plan.leaf["case"])) for plan in log.records(record="plan")][::-1]

    def get(self, number: int) -> Campaign | None:
        """One by its number."""
        return read(self._views, number)

    def plan(self, who: str, *, title: str, purpose: str, questions: Sequence[str], size: int, query: Json) -> int:
        """Record a plan; its number. Raises SampleError when fewer records are found than the sample is to have."""
        last, places = self._frame(query)
        if not 0 < size <= len(places):
            raise SampleError("sample: the search finds fewer records than the sample is to have")
        newest = note_hash(last.note) if last else NO_PREVIOUS
        population = {"query": query, "size": len(places), "digest": digest(places)}
        log = {"vkey": self._vkey(), "size": last.size if last else 0, "checkpoint": newest.hex()}
        with self._lock:
            with self._views.reading() as views:
                number = views.count(record="plan") + 1
            said = {"title": title, "purpose": purpose, "questions": list(questions), "size": size}
            self._record("plan", who, number, **said, population=population, log=log)
        return number

    def _frame(self, query: Json) -> tuple[StoredCheckpoint | None, Sequence[int]]:
        """The newest checkpoint, and what is found under it: none may come while it is searched. Raises SampleError."""
        for _ in range(_TRIES):
            with self._archive() as archive:
                last = archive.last_checkpoint()
                signed = last.size if last else 0
                places = [seq for seq in self._population(archive, query) if seq < signed]
            with self._archive() as archive:
                if archive.checkpoint_after(signed) is None:
                    return last, places
        raise SampleError("sample: the log is signed anew faster than it is searched")

    def seed(self, campaign: Campaign) -> str | None:
        """The note that the sample is drawn from; None until the broker has signed it."""
        with self._archive() as archive:
            following = archive.checkpoint_after(int(campaign.plan.leaf["log"]["size"]))
        return following.note if following else None

    def draw(self, who: str, campaign: Campaign) -> bool:
        """Draw the sample, when its seed is there. Raises SampleError or CheckpointError."""
        note = self.seed(campaign)
        if note is None or campaign.sample:
            return bool(campaign.sample)
        leaf = campaign.plan.leaf
        one = frame(leaf)
        with self._archive() as archive:
            places = one.draw(archive.keys(leaf["log"]["vkey"]).open(note))
            found = self._population(archive, leaf["population"]["query"])
        sample = one.records(places, [seq for seq in found if seq < leaf["log"]["size"]])
        self._record("sample", who, campaign.number, checkpoint=note, sample=sample)
        return True

    def assign(self, who: str, campaign: Campaign, auditors: Sequence[str]) -> None:
        """Deal the sample out among auditors, by their tokens."""
        self._record("assignment", who, campaign.number, auditors=list(auditors))

    def answer(self, who: str, campaign: Campaign, seq: int, answers: Sequence[Answer], note: str) -> None:
        """Record the answers about a record of the sample. Raises NamesSomeone."""
        self._record("finding", who, campaign.number, about=seq, answers=list(answers), note=note)

    def comment(self, who: str, campaign: Campaign, authority: str, text: str, reference: str) -> None:
        """Record what an authority says. Raises NamesSomeone."""
        self._record("comment", who, campaign.number, authority=authority, text=text, reference=reference)

    def close(self, who: str, campaign: Campaign) -> None:
        """Sign the summary, of all that was recorded till now."""
        seal = self._views.log.seal
        note = seal.sign(f"{seal.key.name}\n{canonical(summary(campaign)).decode()}\n")
        self._record("summary", who, campaign.number, signed=note)

    def _record(self, record: str, who: str, number: int, **said: object) -> None:
        self._views.record(record, who, case=str(number), **said)


def read(views: ViewLog, number: int) -> Campaign | None:
    """A review by its number, as the log of views has it."""
    with views.reading() as log:
        records = log.records(case=str(number))
    return _fold(records) if records else None


def summary(campaign: Campaign) -> Json:
    """What is signed: what was asked of how many of how many, what was answered, and the records that it stands on."""
    leaf = campaign.plan.leaf
    asked = zip(campaign.questions, campaign.counts(), strict=True)
    return {
        "version": 1,
        "review": campaign.number,
        "title": campaign.title,
        "purpose": leaf["purpose"],
        "planned": leaf["time"],
        "population": leaf["population"]["size"],
        "sample": len(campaign.sample),
        "answered": len(campaign.findings),
        "questions": [{"question": question, **counts} for question, counts in asked],
        "comments": [{"authority": one.authority, "reference": one.reference} for one in campaign.comments],
        "records": [[seq, hashed] for seq, hashed in campaign.records],
    }


def recount(records: Sequence[Record], number: int) -> Json:
    """The summary of a review, made anew of a log of views up to where it was signed."""
    return summary(_fold([one for one in records if one.leaf.get("case") == str(number)], closed=False))


def _fold(records: Sequence[Record], *, closed: bool = True) -> Campaign:
    plan, *rest = records
    campaign = Campaign(plan, records=[(plan.seq, plan.leaf_hash)])
    for record in rest:
        leaf = record.leaf
        time = datetime.fromisoformat(leaf["time"])
        match leaf["record"]:
            case "sample":
                campaign.sample, campaign.checkpoint = tuple(leaf["sample"]), leaf["checkpoint"]
            case "assignment":
                campaign.auditors = tuple(leaf["auditors"])
            case "finding":
                given = tuple(leaf["answers"])
                campaign.findings[leaf["about"]] = Finding(leaf["subject"], given, leaf["note"], record.seq, time)
            case "comment":
                campaign.comments.append(Comment(leaf["authority"], leaf["text"], leaf["reference"], time))
            case "summary":
                if not closed:
                    return campaign
                campaign.summary = leaf["signed"]
                continue
        campaign.records.append((record.seq, record.leaf_hash))
    return campaign
