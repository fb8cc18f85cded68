"""A subject report: what was exchanged about one person, of which part may be handed out to whom."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from broker.adapters.sql.read_model import Archive, Record
from broker.model.decision import Json, in_todays_form
from broker.review import listing
from broker.review.hold import REQUEST, Hold, Reader, earlier, hold
from broker.review.index import Index
from broker.review.terms import term

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
        terms = {term("message", message) for one in fresh.values() for message in earlier(one.leaf)}
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
    messages = {str(one.leaf["message"]): one.leaf for one in records if one.leaf["record"] == "decision"}
    acknowledgements: dict[str, list[Record]] = {}
    for one in records:
        if "acknowledges" in one.leaf and one.leaf["receipt"]["outcome"] == "forward":
            acknowledgements.setdefault(one.leaf["acknowledges"], []).append(one)
    entries = [
        _entry(
            one,
            person,
            acknowledgements.get(str(one.leaf["message"]), ()),
            hold(one.leaf, messages.get, [reader], today, _is_closed),
        )
        for one in records
        if one.seq in about and "acknowledges" not in one.leaf
    ]
    return Report(sorted(entries, key=lambda entry: (entry.time, entry.seq)))


def said(person: Sequence[str], reader: Reader, entries: Sequence[Entry]) -> Json:
    """What is written down of entries that are shown or handed out."""
    return {"person": list(person), "reader": reader, "records": [one.seq for one in entries]}


def authorities(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Whom they concern."""
    return listing.ends(end for one in entries for end in (one.sender, one.recipient))


def _about(records: Sequence[Record], person: Collection[str]) -> frozenset[int]:
    """The messages that name the person, or that name nobody in answer to such a one."""
    seqs, messages = set[int](), set[str]()
    for one in sorted(records, key=lambda one: one.seq):
        if one.leaf["record"] != "decision":
            continue
        named = _named(one.leaf)
        if named & set(person) or (not named and messages & set(earlier(one.leaf))):
            seqs.add(one.seq)
            messages.add(str(one.leaf["message"]))
    return frozenset(seqs)


def _named(leaf: Json) -> set[str]:
    return {token for token in (leaf.get("subject"), *leaf.get("persons", ())) if token}


def _entry(record: Record, person: Collection[str], acknowledgements: Sequence[Record], waits: Hold | None) -> Entry:
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
        waits,
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
    if leaf["kind"] == REQUEST:
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


def _is_closed(leaf: Json) -> bool:
    """Whether secrecy may apply to what a message gives: its sender has not said of each item that none does."""
    asked = _input(leaf)
    if not leaf["receipt"].get("items"):
        return False
    return asked is None or any(
        item["secrecy"] or not any(item["answers"].get("no_provision_applies", {}).values())
        for item in asked["items"].values()
    )


def _input(leaf: Json) -> Json | None:
    return dict(in_todays_form(leaf["input"])) if leaf.get("input") else None
