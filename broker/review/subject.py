"""A subject report: what was exchanged about one person, of which part may be handed out to whom."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

from broker.adapters.sql.read_model import Archive, Record
from broker.authorities import ANONYMOUS
from broker.model.days import ASK_FIRST, AT_ONCE
from broker.model.decision import Json, in_todays_form
from broker.review.index import Index
from broker.review.terms import EARLIER, term

Reader = Literal["child", "guardian", "party"]
"""Who gets the report: the person, somebody who has custody, another party of the case."""
READERS: tuple[Reader, ...] = get_args(Reader)
_REQUEST = "InformationRequest"
_ROUNDS = 8
"""Steps from a message to what it answers, or what answers it."""


@dataclass(frozen=True)
class Law:
    """A ground that carried, or a bar that stopped."""

    id: str
    ref: str | None


@dataclass(frozen=True)
class Part:
    """A kind of information about the person. `outcome` is None where it was asked for, not given."""

    category: str | None
    outcome: str | None = None
    law: Sequence[Law] = ()


@dataclass(frozen=True)
class Delivery:
    """How far it has come: listed at the recipient's, opened by a person there, registered, with another unit."""

    listed: datetime
    opened: datetime | None = None
    registered: datetime | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Hold:
    """Why an entry waits: until a day on which it is looked at again, or for the answer of those to be asked."""

    until: date | None = None
    ask: Sequence[str] = ()


@dataclass(frozen=True)
class Entry:
    """An exchange about the person."""

    seq: int
    time: datetime
    kind: str
    sender: Json
    recipient: Json
    outcome: str
    parts: Sequence[Part]
    law: Sequence[Law]
    """Of the message as a whole."""
    is_shared: bool
    """It names several persons, and which parts are about this one the log doesn't tell."""
    delivery: Delivery | None
    """None: it was not delivered."""
    hold: Hold | None
    """None: it may be told today."""


@dataclass(frozen=True)
class Report:
    """All that was exchanged about a person, oldest first."""

    entries: Sequence[Entry]

    @property
    def ready(self) -> Sequence[Entry]:
        """What may be told today."""
        return [one for one in self.entries if one.hold is None]

    @property
    def waiting(self) -> Sequence[Entry]:
        """What is held back until a day."""
        return [one for one in self.entries if one.hold and one.hold.until]

    @property
    def pending(self) -> Sequence[Entry]:
        """What is held back until an authority has been asked."""
        return [one for one in self.entries if one.hold and not one.hold.until]

    def extract(self, allowed: Collection[int]) -> Sequence[Entry]:
        """What is handed out. In: the places of those that their authority has said may be told."""
        allowed_ = {one.seq for one in self.pending if one.seq in allowed}
        return [one for one in self.entries if one.hold is None or one.seq in allowed_]


def gather(archive: Archive, index: Index, person: Sequence[str]) -> Sequence[Record]:
    """The records that name a person, those that answer these, those that they answer, in order."""
    found = index.every([[term("person", token) for token in person]])
    known = fresh = {record.seq: record for record in archive.each(found)}
    for _ in range(_ROUNDS):
        about = _about(list(known.values()), person)
        terms = {term("message", earlier) for one in fresh.values() for earlier in _earlier(one.leaf)}
        terms |= {term("about", str(one.leaf["message"])) for one in fresh.values() if one.seq in about}
        if not terms:
            break
        more = archive.each(seq for seq in index.every([sorted(terms)]) if seq not in known)
        fresh = {record.seq: record for record in more}
        known |= fresh
    return [known[seq] for seq in sorted(known)]


def report(records: Sequence[Record], person: Collection[str], reader: Reader, today: date) -> Report:
    """What is told of the records that `gather` gives, to this reader on this day."""
    about = _about(records, person)
    messages = {str(one.leaf["message"]): one for one in records if one.leaf["record"] == "decision"}
    acknowledgements: dict[str, list[Record]] = {}
    for one in records:
        if "acknowledges" in one.leaf and one.leaf["receipt"]["outcome"] == "forward":
            acknowledgements.setdefault(one.leaf["acknowledges"], []).append(one)
    entries = [
        _entry(one, person, acknowledgements.get(str(one.leaf["message"]), ()), _hold(one, messages, reader, today))
        for one in records
        if one.seq in about and "acknowledges" not in one.leaf
    ]
    return Report(sorted(entries, key=lambda entry: (entry.time, entry.seq)))


def said(person: Sequence[str], reader: Reader, entries: Sequence[Entry]) -> Json:
    """What is written down of entries that are shown or handed out."""
    return {"person": list(person), "reader": reader, "records": [one.seq for one in entries]}


def authorities(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Whose they are."""
    return tuple(sorted({one.sender["authority"] for one in entries}))


def _about(records: Sequence[Record], person: Collection[str]) -> frozenset[int]:
    """The messages that name the person, or that name nobody in answer to such a one."""
    seqs, messages = set[int](), set[str]()
    for one in sorted(records, key=lambda one: one.seq):
        if one.leaf["record"] != "decision":
            continue
        named = _named(one.leaf)
        if named & set(person) or (not named and messages & set(_earlier(one.leaf))):
            seqs.add(one.seq)
            messages.add(str(one.leaf["message"]))
    return frozenset(seqs)


def _named(leaf: Json) -> set[str]:
    return {token for token in (leaf.get("subject"), *leaf.get("persons", ())) if token}


def _earlier(leaf: Json) -> Iterator[str]:
    yield from (str(leaf[name]) for name in EARLIER if leaf.get(name))


def _entry(record: Record, person: Collection[str], acknowledgements: Sequence[Record], hold: Hold | None) -> Entry:
    leaf, receipt = record.leaf, record.leaf["receipt"]
    key, is_shared = _key(leaf, person)
    parts = [] if is_shared else list(_parts(leaf, key))
    rules = receipt.get("grounds", ()) if receipt["outcome"] == "forward" else receipt.get("bars", ())
    is_delivered = receipt["outcome"] == "forward"
    return Entry(
        record.seq,
        datetime.fromisoformat(leaf["time"]),
        leaf["kind"],
        leaf["sender"],
        leaf["recipient"],
        receipt["outcome"],
        parts,
        [] if is_shared or any(part.law for part in parts) else [_law(rule) for rule in rules],
        is_shared,
        _delivery(datetime.fromisoformat(leaf["recorded"]), acknowledgements) if is_delivered else None,
        hold,
    )


def _key(leaf: Json, person: Collection[str]) -> tuple[str | None, bool]:
    """The person's key among those of the policy input, where there is one; whether it can't be said which it is."""
    asked, named = _input(leaf), _named(leaf)
    keys = list(asked["persons"]) if asked else []
    if len(keys) <= len(named) < 2:
        return (keys[0] if keys else None), False
    main = asked.get("subject") if asked else None
    if main is not None and leaf.get("subject"):
        if leaf["subject"] in person:
            return str(main), False
        if len(keys) == len(named) == 2:
            return next(key for key in keys if key != main), False
    return None, True


def _parts(leaf: Json, key: str | None) -> Iterator[Part]:
    """What was given of the person, or asked for."""
    asked, receipt = _input(leaf), leaf["receipt"]
    items = asked["items"] if asked else {}
    if leaf["kind"] == _REQUEST:
        yield from (Part(item["category"]) for item in items.values())
    for verdict in receipt.get("items", ()):
        item = items.get(str(verdict["item"]))
        if item and key is not None and key not in item["persons"]:
            continue
        yield Part(item["category"] if item else None, verdict["outcome"], list(_laws(receipt, verdict)))


def _laws(receipt: Json, verdict: Json) -> Iterator[Law]:
    """What decided one item."""
    bars = [rule for rule in receipt.get("bars", ()) if verdict["item"] in rule["items"]]
    if verdict["outcome"] == "release":
        yield from (_law(rule) for rule in receipt["grounds"] if rule["ref"] == verdict["ref"])
    elif bars:
        yield from map(_law, bars)
    elif verdict.get("ground"):
        yield Law(verdict["ground"], verdict["ref"])


def _law(rule: Json) -> Law:
    return Law(rule["id"], rule.get("ref"))


def _delivery(listed: datetime, acknowledgements: Sequence[Record]) -> Delivery:
    times: dict[str, datetime] = {}
    unit = None
    for one in acknowledgements:
        asked = _input(one.leaf)
        state = str((asked.get("stated") or {}).get("state")) if asked else ""
        times.setdefault(state, datetime.fromisoformat(one.leaf["time"]))
        unit = one.leaf.get("unit") or unit
    return Delivery(listed, times.get("opened"), times.get("registered"), unit)


def _hold(record: Record, messages: Mapping[str, Record], reader: Reader, today: date) -> Hold | None:
    """The strictest that the message says, or any that it answers. What says nothing is asked for first."""
    thread, whole = _thread(record, messages)
    until, ask = None, list[str]()
    for one in thread:
        whom = _whom_to_ask(one)
        if one["kind"] != _REQUEST:
            ask += [] if _is_open(one) else [whom]
            continue
        day, asks_first = _said(one, reader, today)
        until = max(filter(None, (until, day)), default=None)
        ask += [whom] if asks_first else []
    if not whole or not any(one["kind"] == _REQUEST for one in thread):
        ask.append(_whom_to_ask(record.leaf))
    return Hold(until, tuple(dict.fromkeys(ask))) if until or ask else None


def _whom_to_ask(leaf: Json) -> str:
    """Who sent it; where nobody is named, who got it."""
    sender = str(leaf["sender"]["authority"])
    return str(leaf["recipient"]["authority"]) if sender == ANONYMOUS else sender


def _thread(record: Record, messages: Mapping[str, Record]) -> tuple[Sequence[Json], bool]:
    """A message with all that it answers, back to the first; whether each of these is there."""
    thread: dict[str, Json] = {}
    fresh, whole = [record.leaf], True
    while fresh:
        leaf = fresh.pop()
        thread[str(leaf["message"])] = leaf
        for earlier in _earlier(leaf):
            if earlier not in messages:
                whole = False
            elif earlier not in thread:
                fresh.append(messages[earlier].leaf)
    return list(thread.values()), whole


def _said(leaf: Json, reader: Reader, today: date) -> tuple[date | None, bool]:
    """The day that a request says, if it is yet to come; whether who asks is to be asked first."""
    said = (leaf.get("may_be_told") or {}).get(reader, ASK_FIRST)
    if said == AT_ONCE:
        return None, False
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None, True
    return (day, False) if today < day else (None, bool(leaf.get("secrecy")))


def _is_open(leaf: Json) -> bool:
    """Whether no secrecy applies to what a message gives: of each item its sender has said so."""
    asked = _input(leaf)
    if not leaf["receipt"].get("items"):
        return True
    return asked is not None and all(
        not item["secrecy"] and any(item["answers"].get("no_provision_applies", {}).values())
        for item in asked["items"].values()
    )


def _input(leaf: Json) -> Json | None:
    return dict(in_todays_form(leaf["input"])) if leaf.get("input") else None
