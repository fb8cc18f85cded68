"""The workers' tables made anew from what lies on Kafka: the records of `audit`, then what other topics still hold.

A record tells what its decision wrote in the registers, so these hang on nothing that a retention takes away. What a
message said lies in its outbox, its inbox or the quarantine for as long as that keeps it. All is one transaction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    LargeBinary,
    RowMapping,
    String,
    Table,
    and_,
    any_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError

from broker import cloudevents, topics
from broker.adapters.sql import tables
from broker.adapters.sql.contents import Contents, of_line, text_of
from broker.adapters.sql.deliveries import NEVER_REGISTERED
from broker.adapters.sql.derivation import REGISTRATIONS
from broker.adapters.sql.rows import insert_new_rows, insert_rows, put_rows
from broker.adapters.sql.worker_outbox import OF_DECISION, WorkerStore
from broker.adapters.sql.worker_tables import attempts, decisions, numbers
from broker.kinds import KINDS
from broker.log import places
from broker.log.merkle import leaf_hash
from broker.model.decision import Json, in_todays_form
from broker.pipeline import copies
from broker.pipeline.notices import OwnNotice
from broker.pipeline.seals import amendment_in, deliveries_in, digests, effects_in, without_notes
from broker.ports.tokens import Tokens
from broker.ports.transport import Consumed
from broker.ports.writes import DELIVERY, REDELIVERY, Copy, Effects, InboxLine
from broker.retention import Classes, Side

_I, _H, _Q = tables.inbox.c, tables.handled.c, tables.quarantine.c
_UNREAD = -1
"""Size of a line in quarantine of which something is kept, until that has been read."""
_UNFILLED = b"\0"
"""In place of a delivery's content until that has been read; the digest that its record promises is noted on it."""
_PROMISE = "promise"


def _texts(name: str) -> Any:
    return bindparam(name, type_=ARRAY(String))


_READ = func.unnest(_texts("sources"), bindparam("lines", type_=ARRAY(BigInteger)), _texts("digests"))
_MESSAGE = _READ.table_valued("source", "line", "digest").render_derived()
_DIGEST = (
    update(tables.handled)
    .where(and_(_H.source == _MESSAGE.c.source, _H.line == _MESSAGE.c.line))
    .values(digest=_MESSAGE.c.digest)
)
_LIES = (
    func.unnest(_texts("sources"), bindparam("lines", type_=ARRAY(BigInteger)), _texts("boxes"), _texts("messages"))
    .table_valued("source", "line", "box", "message", with_ordinality="nth")
    .render_derived()
)
_LINE = select(_LIES.c.nth, *_I).where(
    and_(
        _H.source == _LIES.c.source,
        _H.line == _LIES.c.line,
        _I.seq == _H.seq,
        _I.authority == _LIES.c.box,
        _I.message == _LIES.c.message,
    )
)
_BY_HASH = select(decisions.c.n, decisions.c.leaf_hash).where(
    decisions.c.leaf_hash == any_(bindparam("hashes", type_=ARRAY(LargeBinary)))
)
_PLACED = update(tables.inbox).where(_I.n == bindparam("of_n"))


@dataclass(frozen=True)
class Rebuilt:
    """What has been made, and of how much topics no longer hold what was said.

    `untold`: registrations of an earlier version, whose records do not say what they registered.
    """

    records: int
    consents: int
    agreements: int
    answerables: int
    kept: int
    messages_gone: int
    deliveries_gone: int
    quarantined_gone: int
    untold: int
    twice: int


class RebuiltStore(WorkerStore):
    """The store while it is made. The caller holds off all workers, and commits."""

    def __init__(self, connection: Connection, tokens: Tokens, contents: Contents, classes: Classes) -> None:
        super().__init__(connection, tokens, contents)
        self._classes = classes
        self._untold = self._twice = 0
        self._lost: list[int] = []
        """Records by which deliveries were given out again that could not be read where they lay."""

    def clear(self) -> None:
        """Nothing is known."""
        for table in (*OF_DECISION, tables.consents_told, tables.cases, attempts, decisions):
            self._connection.execute(delete(table))

    # --- audit

    def take_records(self, some: Sequence[Consumed]) -> None:
        """The next records of `audit`, in order."""
        drawn = select(func.nextval(numbers.name)).select_from(func.generate_series(1, len(some)))
        ns = sorted(self._connection.execute(drawn).scalars())
        taken = [(n, json.loads(record.value), record) for n, record in zip(ns, some, strict=True)]
        rows = [
            {"n": n, "leaf": record.value, "leaf_hash": leaf_hash(record.value), "published": True}
            for n, _, record in taken
        ]
        insert_rows(self._connection, decisions, rows)
        self._add(tables.outbox, [row for n, leaf, _ in taken if (row := self._taken_id(n, leaf))])
        self._add(tables.inbox, self._deliveries([(n, leaf) for n, leaf, _ in taken]))
        self._add(tables.quarantine, [row for n, leaf, _ in taken if (row := _quarantined(n, leaf))])
        handled = [row for n, leaf, record in taken if (row := self._handled(n, leaf, record))]
        once = {(row["source"], row["line"]): row for row in handled}
        put_rows(self._connection, tables.handled, list(once.values()))
        for n, leaf, _ in taken:
            self._follow(n, leaf)

    def _add(self, table: Table, rows: Sequence[Json]) -> None:
        """Of two records that make one row the first has made it."""
        insert_new_rows(self._connection, table, rows)

    def _taken_id(self, n: int, leaf: Json) -> Json | None:
        if leaf["record"] == "notice":
            return {"sender": topics.BROKER, "message": leaf["message"], **self._taking(n, self._digest_of(leaf))}
        if leaf["record"] == "decision":
            sender = leaf["sender"]["authority"]
            return {"sender": sender, "message": leaf["message"], **self._taking(n, leaf["digest"])}
        return None

    def _taking(self, n: int, digest_: str) -> Json:
        return {"digest": digest_, "seq": n, "content": b""}

    def _digest_of(self, leaf: Json) -> str:
        """Of a notice's bytes, which its record tells whole."""
        to = leaf["recipient"]
        return self._tokens.digest(OwnNotice(leaf["message"], to["authority"], to["unit"], leaf["notice"]).encode())

    def _handled(self, n: int, leaf: Json, record: Consumed) -> Json | None:
        place = _place(cloudevents.read(record.headers).values.get(cloudevents.POSITION))
        if place is None:
            return None
        of_line = leaf["digest"] if leaf["record"] == "quarantine" else ""
        if leaf["record"] == "notice":
            of_line = self._digest_of(leaf)
        return {"source": place[0], "line": place[1], "digest": of_line, "seq": n}

    def _deliveries(self, taken: Sequence[tuple[int, Json]]) -> list[Json]:
        rows, copied = [], []
        for n, leaf in taken:
            for line, sender, message in deliveries_in(leaf):
                kept = line["type"] == DELIVERY and leaf["kind"] not in NEVER_REGISTERED
                promise = {_PROMISE: {"digest": line["digest"], "key": leaf["key"]}} if kept else {}
                row = {"authority": line["authority"], "type": line["type"], "sender": sender, "message": message}
                looked_for = {"kind": leaf.get("kind"), "unit": leaf.get("recipient", {}).get("unit")}
                content = _UNFILLED if kept else None
                rows.append({**row, **looked_for, "content": content, "notes": promise, "seq": n, "offset": None})
                copied.append((self._copy(row, leaf), n))
        places_ = self._contents.place(copied)
        for row in rows:
            row["case_key"] = places_[(row["authority"], row["sender"], row["message"])]
        return rows

    def _copy(self, row: Json, leaf: Json) -> Copy:
        """What says until when a delivery is kept; a record of before there were classes is taken as of today."""
        told = leaf.get("retention")
        if told is None and leaf.get("input"):
            told = self._classes.of(in_todays_form(leaf["input"]), Side.RECIPIENT).as_json()
        line = InboxLine(row["authority"], row["type"], row["sender"], row["message"], {"retention": told})
        [copy] = copies.of(Effects(leaf, "", inbox=(line,)), self._classes)
        return copy

    def _follow(self, n: int, leaf: Json) -> None:
        """What a record does to what earlier ones have made, and to the registers."""
        forwarded = leaf["receipt"]["outcome"] == "forward"
        if forwarded and leaf.get("kind") in REGISTRATIONS and "registers" not in leaf:
            self._untold += 1
        if "registers" in leaf or "moved" in leaf:
            try:
                with self._connection.begin_nested():
                    self.register(effects_in(leaf), n)
            except IntegrityError:  # an earlier record has made that row
                self._twice += 1
        if (amendment := amendment_in(leaf)) is not None:
            self.amend(amendment)
        self._retain(n, leaf)
        if leaf.get("redelivered", {}).get("lost"):
            self._lost.append(n)
        if purged := leaf.get("purged", {}).get("records"):
            rows = self._connection.execute(_BY_HASH, {"hashes": [bytes.fromhex(one) for one in purged]}).all()
            these = _Q.seq.in_([row.n for row in rows])
            self._connection.execute(update(tables.quarantine).where(these).values(purged=n))

    def _retain(self, n: int, leaf: Json) -> None:
        """What a record does to what is kept: it goes, is held, or is of another class."""
        erased = {(bytes.fromhex(hash_), holder) for hash_, holder, _ in leaf.get("erased", {}).get("records", ())}
        for row in self._connection.execute(_BY_HASH, {"hashes": [hash_ for hash_, _ in erased]}).all():
            holders = [holder for hash_, holder in erased if hash_ == row.leaf_hash]
            these = and_(_I.seq == row.n, _I.authority.in_(holders))
            cases = self._connection.execute(select(_I.case_key).where(these).distinct()).scalars().all()
            self._contents.erase(cases, n)
        if held := leaf.get("held"):
            self._contents.hold(self._contents.cases_of(held["messages"]), None if held["ends"] else n)
        answered = leaf.get("registers", {}).get("answered")
        if answered and KINDS[leaf["kind"]].SETTLES and (told := leaf["receipt"].get("retention")):
            holders = [line["authority"] for line in leaf["lines"] if line["type"] == "receipt"]
            for holder in {*holders, leaf["sender"]["authority"]}:
                self._contents.settle(Copy(holder, answered[0], answered[1], "", None, told["class"], told["until"]))

    # --- what other topics hold

    def take_messages(self, some: Sequence[Consumed], sources: Mapping[str, str]) -> None:
        """What lies in outboxes, and in quarantine to be run again. `sources`: topic -> its token."""
        read: dict[tuple[str, int], str] = {}
        for record in some:
            of_line = self._tokens.digest(record.value)
            self.know_source(sources[record.topic], self._tokens.older("source", record.topic))
            read |= dict.fromkeys(self._places(sources[record.topic], record.offset), of_line)
        where = {"sources": [source for source, _ in read], "lines": [line for _, line in read]}
        self._connection.execute(_DIGEST, {**where, "digests": list(read.values())})

    def take_lines(self, some: Sequence[Consumed]) -> None:
        """What lies in inboxes: of a delivery that is not registered its line is kept, and of each where it lies."""
        lying = [line for record in some if (line := _delivery(record))]
        where = {name: [getattr(line, name) for line in lying] for name in ("source", "line", "box", "message")}
        plural = {"source": "sources", "line": "lines", "box": "boxes", "message": "messages"}
        rows = self._connection.execute(_LINE, {plural[name]: values for name, values in where.items()}).all()
        placed = []
        for row in rows:
            line = lying[row.nth - 1]
            if row.type == (REDELIVERY if line.again else DELIVERY):
                placed.append({"of_n": row.n, "at": line.offset, **self._kept(line, row._mapping)})
        if placed:
            written: dict[str, Any] = {
                "offset": bindparam("at"),
                "content": bindparam("sealed"),
                "notes": bindparam("noted"),
            }
            self._connection.execute(_PLACED.values(written), placed)

    def _kept(self, line: "_Lying", row: RowMapping) -> Json:
        """A delivery's line, sealed, and the notes on it; only as its record promises it, where that can be seen."""
        as_it_is: Json = {"sealed": row["content"], "noted": row["notes"]}
        promise = row["notes"].get(_PROMISE)
        if promise is None or row["content"] != _UNFILLED:
            return as_it_is
        bare, _ = without_notes(line.content)
        of_key = promise["key"] in self._tokens.key_ids
        if of_key and promise["digest"] not in digests(self._tokens, line.box, bare):
            return as_it_is
        notes = {name: note for name, note in row["notes"].items() if name != _PROMISE}
        return {"sealed": self._contents.seal(row["case_key"], text_of(bare), of_line(row)), "noted": notes}

    def take_quarantined(self, some: Sequence[Consumed]) -> None:
        """What lies in quarantine, and how it came."""
        told = {}
        for record in some:
            if not record.value:  # nothing is kept of it, and it may be nobody's
                continue
            headers = cloudevents.read(record.headers)
            told[bytes.fromhex(headers.values.get("samband_leaf", ""))] = (cloudevents.place_of(headers), record.value)
        for n, hash_ in self._connection.execute(_BY_HASH, {"hashes": list(told)}).all():
            place, value = told[hash_]
            came: Json = {"size": None, "proven": None, "arrived": None}
            if place is not None:
                arrived = datetime.fromisoformat(place.arrived).isoformat()
                came = {"size": place.size, "proven": topics.sender(place.topic), "arrived": arrived}
            kept = and_(_Q.seq == n, _Q.purged.is_(None))
            self._connection.execute(update(tables.quarantine).where(kept).values(kept=len(value), **came))

    # --- the end

    def finish(self) -> Rebuilt:
        """What is not kept is not; what was given out again because it was lost lies where it was given out."""
        for n in self._lost:
            again = select(tables.inbox).where(and_(_I.seq == n, _I.offset.is_not(None)))
            for row in self._connection.execute(again).all():
                here = and_(_I.authority == row.authority, _I.sender == row.sender, _I.message == row.message)
                before = and_(here, _I.n != row.n, or_(_I.offset.is_(None), _I.offset < row.offset))
                self._connection.execute(update(tables.inbox).where(before).values(offset=row.offset))
                self._connection.execute(update(tables.inbox).where(_I.n == row.n).values(offset=None))
        unfilled = update(tables.inbox).where(_I.content == _UNFILLED).values(content=None, notes={})
        gone = self._connection.execute(unfilled).rowcount
        unread = self._count(tables.quarantine, _Q.size == _UNREAD, _Q.purged.is_(None))
        self._connection.execute(update(tables.quarantine).where(_Q.size == _UNREAD).values(size=None))
        return Rebuilt(
            records=self._count(decisions),
            consents=self._count(tables.consents, tables.consents.c.replaced.is_(None)),
            agreements=self._count(tables.agreements, tables.agreements.c.replaced.is_(None)),
            answerables=self._count(tables.answerables),
            kept=self._count(tables.inbox, _I.content.is_not(None)),
            messages_gone=self._count(tables.handled, _H.digest == ""),
            deliveries_gone=gone,
            quarantined_gone=unread,
            untold=self._untold,
            twice=self._twice,
        )

    def _count(self, table: Table, *which: ColumnElement[bool]) -> int:
        return self._connection.execute(select(func.count()).select_from(table).where(*which)).scalar_one()


@dataclass(frozen=True)
class _Lying:
    """A delivery on an inbox's topic: for which position, whose inbox, what it says."""

    source: str
    line: int
    box: str
    message: str
    offset: int
    content: Json

    @property
    def again(self) -> bool:
        """Whether it is given out again."""
        return bool(self.content.get("redelivered"))


def _delivery(record: Consumed) -> _Lying | None:
    content = json.loads(record.value)
    place = _place(cloudevents.read(record.headers).values.get(cloudevents.POSITION))
    if place is None or content["type"] != DELIVERY:
        return None
    return _Lying(*place, topics.owner(record.topic), content["message"]["id"], record.offset, content)


def _place(position: str | None) -> places.Place | None:
    source, _, line = (position or "").rpartition("/")
    return (source, int(line)) if source and line.isdecimal() else None


def _quarantined(n: int, leaf: Json) -> Json | None:
    if leaf["record"] != "quarantine":
        return None
    size = _UNREAD if leaf.get("kept") else None
    return {"seq": n, "content": b"", "kept": 0, "recorded": leaf["recorded"], "size": size}
