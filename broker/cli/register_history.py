"""The registers with their history, as plain objects: made from the log, and from the clocks that ran over it.

Persons, consents and agreements stay tokens. Nothing here draws.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from broker.adapters.sql.read_model import Archive, Followed, Record
from broker.authorities import ANONYMOUS
from broker.deadlines import CLOSED, Clock, Matter, State, moment, overdue, seconds
from broker.model.days import as_number, rfc3339, swedish_day
from broker.model.decision import Json
from broker.model.vocabulary import ActionType, InquiryStatus, Outcome

_DECIDED = (Outcome.FORWARD.value, Outcome.WITHHOLD.value)
_INQUIRIES = (InquiryStatus.OPENED.value, InquiryStatus.RUNNING.value)


def consents(archive: Archive, now: datetime) -> Iterator[Json]:
    """Every version of every consent: when and by which function it was recorded, and how it ended."""
    rows = list(archive.consents())
    named = (getattr(row, name) for row in rows for name in ("seq", "replaced", "withdrawn"))
    leaves = archive.leaves(seq for seq in named if seq is not None)
    versions: defaultdict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        versions[row.authority, row.consent] += 1
        ended = "withdrawn" if row.withdrawn is not None else "replaced" if row.replaced is not None else None
        yield {
            "seq": row.seq,
            "authority": row.authority,
            "consent": row.consent,
            "version": versions[row.authority, row.consent],
            "subject": row.subject,
            **row.facts,
            "state": ended or _state(row.facts, now),
            "given": _registration(row.seq, leaves),
            "replaced": _registration(row.replaced, leaves),
            "withdrawn": _registration(row.withdrawn, leaves),
        }


def _registration(seq: int | None, leaves: Mapping[int, Json]) -> Json | None:
    """Which record it was, when, by which function of the authority, and by whom as that stated."""
    if seq is None:
        return None
    leaf = leaves[seq]
    stated = leaf["input"].get("stated") or {}
    functions = {name: leaf["sender"][name] for name in ("unit", "role")}
    return {"seq": seq, "time": leaf["time"], **functions, "by": stated.get("by")}


def agreements(archive: Archive, now: datetime) -> Iterator[Json]:
    """Every version of every agreement: who has confirmed it, when, and what replaced it."""
    rows = list(archive.agreements(every=True))
    leaves = archive.leaves(seq for row in rows for seq in (row.seq, row.replaced) if seq is not None)
    for agreement, same in groupby(rows, key=attrgetter("agreement")):
        bodies: dict[str, list[Any]] = {}
        for row in sorted(same, key=attrgetter("seq")):
            bodies.setdefault(row.body, []).append(row)
        for version, confirmed in enumerate(bodies.values(), 1):
            standing = [row for row in confirmed if row.replaced is None]
            facts = confirmed[0].facts
            yield {
                "agreement": agreement,
                "version": version,
                **facts,
                "parties": sorted({row.party for row in standing or confirmed}),  # who has confirmed, not who may
                "state": _agreement(len({row.party for row in standing}), facts, now),
                "confirmed": [
                    {
                        "party": row.party,
                        "day": as_number(swedish_day(datetime.fromisoformat(leaves[row.seq]["time"]))),
                        "seq": row.seq,
                        "time": leaves[row.seq]["time"],
                        "replaced": _registration(row.replaced, leaves),
                    }
                    for row in confirmed
                ],
            }


def _agreement(standing: int, facts: Json, now: datetime) -> str:
    if standing == 0:
        return "replaced"
    return "one_party" if standing == 1 else _state(facts, now)


def _state(facts: Json, now: datetime) -> str:
    today = as_number(swedish_day(now))
    if today < facts["valid_from"]:
        return "not_yet"
    return "in_force" if today <= facts["valid_until"] else "ended"


def requests(archive: Archive, now: datetime, *, every: bool = False) -> Iterator[Json]:
    """Delivered requests that are not settled; with `every` all, each with its state and since when."""
    for followed in archive.followed_matters(Clock.ANSWER):
        matter, leaf = followed.matter, followed.record.leaf
        if every or matter.state not in CLOSED:
            yield {
                **_message(followed),
                "sender": matter.sender,
                "recipient": matter.holder,
                "purpose": leaf["input"]["items"]["0"]["purpose"],
                "categories": list(matter.asked),
                "remaining": list(matter.remaining),
                "state": State.OPEN.value if matter.state is State.INTERIM else matter.state.value,
                "since": _time(matter.changed),
                **_due(matter, now),
            }


def concerns(archive: Archive, now: datetime) -> Iterator[Json]:
    """Delivered notifications of concern, with the board's decision and what the one who notified was told."""
    notified = list(archive.followed_matters(Clock.DECISION))
    children: defaultdict[tuple[str, str], list[Matter]] = defaultdict(list)
    for followed in notified:
        if followed.matter.about:
            children[followed.matter.holder, followed.matter.about].append(followed.matter)
    decided = _Decisions(archive.records(kind="ConcernDecision", outcome=Outcome.FORWARD.value), notified)
    feedback = _replies(archive.records(kind="ConcernFeedback"))
    owed = {
        (followed.matter.holder, followed.matter.message): followed.matter
        for followed in archive.followed_matters(Clock.FEEDBACK)
    }
    for followed in notified:
        matter, stated = followed.matter, followed.record.leaf["input"]["stated"]
        key = (matter.holder, matter.message)
        together = children[matter.holder, matter.about] if matter.about else [matter]
        decision = decided.on(followed)
        yield {
            **_message(followed),
            "sender": None if matter.sender == ANONYMOUS else matter.sender,
            "recipient": matter.holder,
            "subject": matter.about,
            **{name: stated[name] for name in ("concerns", "immediate", "anonymous", "feedback_requested")},
            "grounds": followed.record.leaf["receipt"]["grounds"],
            "linked": [other.message for other in together if other is not matter],
            "independent_sources": len({other.sender for other in together}),
            "state": "decided" if matter.state in CLOSED else "open",
            **_due(matter, now),
            "decision": decision,
            "feedback": _feedback(feedback.get(key), owed.get(key), now),
        }


class _Decisions:
    """The board's decisions: an inquiry that is opened, or runs, settles every notification of the child that waits."""

    def __init__(self, records: Iterable[Record], notified: Iterable[Followed]) -> None:
        self._own: dict[tuple[str, str], Record] = {}
        self._inquiries: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
        children = {(one.matter.holder, one.matter.message): one.matter.about for one in notified}
        for record in records:
            key = (record.leaf["sender"]["authority"], record.leaf["in_reply_to"])
            self._own.setdefault(key, record)
            about = children.get(key)
            if about and record.leaf["input"]["stated"]["status"] in _INQUIRIES:
                self._inquiries[key[0], about].append(record)

    def on(self, followed: Followed) -> Json | None:
        """The decision on one notification, or None."""
        matter = followed.matter
        record = self._own.get((matter.holder, matter.message))
        if record is None and matter.about and matter.state in CLOSED:
            later = self._inquiries[matter.holder, matter.about]
            record = next((one for one in later if one.seq > followed.record.seq), None)
        if record is None:
            return None
        stated = record.leaf["input"]["stated"]
        decision = {name: stated[name] for name in ("status", "decided_on")}
        return {**decision, **_place(record), "on": record.leaf["in_reply_to"]}


def _feedback(record: Record | None, owed: Matter | None, now: datetime) -> Json | None:
    """What the one who notified was told, or that telling was withheld; and until when it is owed."""
    feedback: Json = {**_due(owed, now)} if owed else {}
    if record is not None:
        receipt, stated = record.leaf["receipt"], record.leaf["input"]["stated"]
        feedback |= {"outcome": receipt["outcome"], "status": stated["status"], **_place(record)}
    return feedback or None


def orders(archive: Archive, now: datetime) -> Iterator[Json]:
    """Orders to remove content, with the effect that the platform reported and until when the content is kept."""
    actions = archive.records(kind="ChannelAction", outcome=Outcome.FORWARD.value)
    effects = _replies(one for one in actions if one.leaf["input"]["stated"]["action"] == ActionType.EFFECT)
    kept = {
        (followed.matter.sender, followed.matter.message): followed.matter
        for followed in archive.followed_matters(Clock.PRESERVATION)
    }
    for followed in archive.followed_matters(Clock.EFFECT):
        matter, stated = followed.matter, followed.record.leaf["input"]["stated"]
        effect = effects.get((matter.holder, matter.message))
        preserved = kept.get((matter.sender, matter.message))
        yield {
            **_message(followed),
            "sender": matter.sender,
            "recipient": matter.holder,
            "provision": (stated["provision"] or {}).get("named"),
            "state": matter.state.value,
            "since": _time(matter.changed),
            **_due(matter, now),
            "late": matter.closed is not None and matter.state is State.DONE and matter.closed > matter.due,
            "effect": _effect(effect) if effect else None,
            "preserved_until": _time(preserved.due) if preserved else None,
        }


def _effect(record: Record) -> Json:
    done = record.leaf["input"]["stated"]["done_at"]
    return {"done_at": rfc3339(datetime.fromisoformat(done)) if done else None, **_place(record)}


def _replies(records: Iterable[Record]) -> dict[tuple[str, str], Record]:
    """The newest decided reply of each party to each message."""
    decided = (record for record in records if record.leaf["receipt"]["outcome"] in _DECIDED)
    return {(record.leaf["sender"]["authority"], record.leaf["in_reply_to"]): record for record in decided}


def _message(followed: Followed) -> Json:
    return {"seq": followed.record.seq, "time": followed.record.leaf["time"], "message": followed.matter.message}


def _place(record: Record) -> Json:
    return {"seq": record.seq, "time": record.leaf["time"], "message": record.leaf["message"]}


def _due(matter: Matter, now: datetime) -> Json:
    return {"due": _time(matter.due), "ref": matter.ref, "overdue": overdue(matter, seconds(now))}


def _time(at: int) -> str:
    return rfc3339(moment(at))
