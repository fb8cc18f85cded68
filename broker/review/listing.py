"""A record in a line: what a list of records shows, what is saved of one."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from broker.adapters.sql.read_model import Record
from broker.authorities import ANONYMOUS
from broker.model.decision import Json

COLUMNS = (
    *("seq", "time", "record", "kind", "outcome", "sender", "sender_unit", "recipient", "recipient_unit", "subject"),
    *("case", "released", "withheld", "referred", "refs", "doubtful", "message", "leaf_hash"),
)
"""Of a file: identities of persons are tokens."""


@dataclass(frozen=True)
class Line:
    """What a list shows of a record."""

    seq: int
    time: str
    record: str
    kind: str | None
    notice: str | None
    outcome: str
    sender: str | None
    recipient: str | None
    person: str | None
    """The beginning of the token."""
    items: Counter[str]
    refs: Sequence[str]
    doubtful: bool


def line_of(record: Record) -> Line:
    """A record in a line."""
    leaf = record.leaf
    receipt = leaf["receipt"]
    subject = leaf.get("subject")
    return Line(
        record.seq,
        leaf.get("time") or leaf["recorded"],
        leaf["record"],
        leaf.get("kind"),
        (leaf.get("notice") or {}).get("notice"),
        receipt["outcome"],
        address_of(leaf.get("sender")),
        address_of(leaf.get("recipient")),
        short(subject) if subject else None,
        Counter(item["outcome"] for item in receipt.get("items", ())),
        refs_of(receipt),
        bool(receipt.get("doubtful")),
    )


def short(token: str) -> str:
    """Eight characters of a token, in two groups; what is no token stands for itself."""
    return f"{token[:4]} {token[4:8]}" if len(token) == 64 else token


def address_of(party: Json | None) -> str | None:
    """An authority with its unit, as it stood in the message."""
    if not party:
        return None
    unit = party.get("unit")
    return f"{party['authority']}/{unit}" if unit else str(party["authority"])


def authorities_of(leaves: Iterable[Json]) -> tuple[str, ...]:
    """Whom records concern: who sent, who got."""
    return ends(leaf.get(side) for leaf in leaves for side in ("sender", "recipient"))


def concerning(records: Iterable[Record], whom: set[str]) -> Iterator[Record]:
    """The same records, one after the other; those whom they concern are added to `whom` as they go by."""
    for record in records:
        whom.update(authorities_of([record.leaf]))
        yield record


def ends(parties: Iterable[Json | None]) -> tuple[str, ...]:
    """The authorities of some ends of messages, each once; nobody where nobody is named."""
    named = {str(party["authority"]) for party in parties if party and party.get("authority")}
    return tuple(sorted(named - {ANONYMOUS}))


def refs_of(receipt: Json) -> list[str]:
    """The paragraphs that decided, each once, in order: of items, else of the message as a whole."""
    items = [item.get("ref") for item in receipt.get("items", ())]
    rules = [rule.get("ref") for rule in (*receipt.get("grounds", ()), *receipt.get("bars", ()))]
    return [ref for ref in dict.fromkeys(items or rules) if ref]


def row_of(record: Record) -> Json:
    """A record as a row of a file."""
    leaf, line = record.leaf, line_of(record)
    sender, recipient = leaf.get("sender") or {}, leaf.get("recipient") or {}
    values = (
        *(line.seq, line.time, line.record, line.kind, line.outcome),
        *(sender.get("authority"), sender.get("unit"), recipient.get("authority"), recipient.get("unit")),
        *(leaf.get("subject"), leaf.get("case")),
        *(line.items[outcome] for outcome in ("release", "withhold", "refer")),
        *(list(line.refs), line.doubtful, leaf.get("message"), record.leaf_hash),
    )
    return dict(zip(COLUMNS, values, strict=True))


def write_csv(stream: TextIO, records: Iterable[Record]) -> int:
    """Write rows with a heading; how many. A cell that a spreadsheet would take for a formula begins with a quote."""
    return write_rows(stream, COLUMNS, (row_of(record).values() for record in records))


def write_rows(stream: TextIO, heading: Iterable[str], rows: Iterable[Iterable[object]]) -> int:
    """Write rows under a heading; how many."""
    writer, count = csv.writer(stream, lineterminator="\n"), 0
    writer.writerow(heading)
    for row in rows:
        count += 1
        writer.writerow([_cell("; ".join(one) if isinstance(one, list) else one) for one in row])
    return count


def write_json(stream: TextIO, records: Iterable[Record]) -> int:
    """Write an object a line; how many."""
    count = 0
    for record in records:
        count += 1
        stream.write(json.dumps(row_of(record), ensure_ascii=False) + "\n")
    return count


def _cell(value: object) -> object:
    """A cell of a file that a spreadsheet takes for no formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
