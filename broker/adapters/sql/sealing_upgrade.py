"""Seals what an earlier version left unsealed, each with the key of its case: part of the step to schema 5."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby, islice
from typing import Any

from sqlalchemy import JSON, Connection, LargeBinary, Table, and_, column, inspect, select, table, text, update

from broker import bundle
from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.sql import tables
from broker.adapters.sql.contents import Contents, of_quarantined
from broker.adapters.sql.deliveries import OF_DELIVERY
from broker.adapters.sql.sealing import Sealing, quarantine_case
from broker.model.decision import Json, in_todays_form
from broker.pipeline import copies
from broker.pipeline.seals import without_notes
from broker.ports.writes import Effects, InboxLine
from broker.retention import Classes, Side, read_classes

_SOME = 200
"""Records whose contents are sealed together."""
_INBOX = table(
    "inbox",
    *(column(c.name, c.type) for c in tables.inbox.c if c.name != tables.inbox.c.content.name),
    column("content", JSON),
    column("sealed", LargeBinary),
)
"""As it is in between: with contents as they were, and sealed."""
_ORDER = 1 << 62
"""Lines of no record come last."""


def seal_existing(connection: Connection, key: ContentsKey, log: Table) -> None:
    """Seal what lies in inboxes, outboxes and quarantine. In: the table of the records that numbers are of.

    Raises KeyFileError.
    """
    if not inspect(connection).has_table(tables.inbox.name):
        return
    key.make()
    connection.execute(text(f"ALTER TABLE inbox ADD COLUMN sealed {_INBOX.c.sealed.type.compile(connection.dialect)}"))
    upgrade = _Upgrade(connection, Contents(connection, key), log)
    upgrade.lines()
    upgrade.quarantine()
    connection.execute(text("ALTER TABLE inbox DROP COLUMN content"))
    connection.execute(text("ALTER TABLE inbox RENAME COLUMN sealed TO content"))


class _Upgrade:
    def __init__(self, connection: Connection, contents: Contents, log: Table) -> None:
        self._connection, self._contents, self._log = connection, contents, log
        self._classes: Classes = read_classes(json.loads(bundle.load().tables)["retention"])
        self._persons: dict[str, Json] = {}
        """Whom a notification of concern was about, for decisions on it."""

    def lines(self) -> None:
        """Inboxes and outboxes, record by record."""
        rows = self._by_record()
        while some := list(islice(rows, _SOME)):
            told = [self._effects(number, lines, sent) for number, lines, sent in some]
            numbered = [(effect, number) for (effect, _), (number, _, _) in zip(told, some, strict=True)]
            (_, outbox), (_, inbox), _ = Sealing(self._contents, numbered).rows()
            for row in outbox:
                sent = tables.outbox.c
                this = and_(sent.sender == row["sender"], sent.message == row["message"])
                sealed = {"content": row["content"], "case_key": row["case_key"]}
                self._connection.execute(update(tables.outbox).where(this).values(sealed))
            kept = [line for _, lines in told for line in lines]
            for row, (n, notes) in zip(inbox, kept, strict=True):
                looked_for = {name: row[name] for name in ("kind", "unit", "case_key")}
                changed = {"sealed": row["content"], "notes": notes, **looked_for}
                self._connection.execute(update(_INBOX).where(_INBOX.c.n == n).values(changed))

    def quarantine(self) -> None:
        """Lines that could not be used."""
        rows = tables.quarantine.c
        for seq, content in self._connection.execute(select(rows.seq, rows.content)).all():
            if content:
                place = quarantine_case(seq)
                case = self._contents.begin([place])[place]
                sealed = {"content": self._contents.seal(case, content, of_quarantined(seq)), "case_key": case}
                self._connection.execute(update(tables.quarantine).where(rows.seq == seq).values(sealed))

    def _by_record(self) -> Iterator[tuple[int, list[Any], Any]]:
        """Each record of which anything lies here: its number, its lines, what was sent."""
        sent = {row.seq: row for row in self._connection.execute(select(tables.outbox)).all() if row.content}
        lines = self._connection.execute(select(_INBOX).order_by(_INBOX.c.seq, _INBOX.c.n)).all()
        by_record = {seq: list(rows) for seq, rows in groupby(lines, key=lambda row: row.seq)}
        for seq in sorted({*sent, *by_record}, key=lambda seq: _ORDER if seq is None else seq):
            yield seq, by_record.get(seq, []), sent.get(seq)

    def _effects(self, number: int, lines: Iterable[Any], sent: Any) -> tuple[Effects, list[tuple[int, Json]]]:
        """What one record made, and the number and the notes of each line that says anything."""
        leaf = self._leaf(number)
        own, delivered = self._retention(leaf)
        kept, notes = [], []
        for row in lines:
            content, of_row = without_notes(row.content)
            if content.keys() <= {"forgotten"}:
                self._forgotten(row.n, content)
                continue
            notes.append((row.n, dict(of_row)))
            kept.append(InboxLine(row.authority, row.type, row.sender, row.message, content))
        outbox = (sent.sender, sent.message, bytes(sent.content)) if sent else None
        told = {**leaf, "receipt": {**leaf["receipt"], "retention": own}}
        classed = [
            replace(line, content={**line.content, "retention": delivered}) if line.type in OF_DELIVERY else line
            for line in kept
        ]
        effect = Effects(told, sent.digest if sent else "", outbox=outbox, inbox=tuple(classed))
        return effect._replace(inbox=tuple(kept), copies=tuple(copies.of(effect, self._classes))), notes

    def _forgotten(self, n: int, notes: Json) -> None:
        self._connection.execute(update(tables.inbox).where(tables.inbox.c.n == n).values(notes=notes))

    def _retention(self, leaf: Json) -> tuple[Json | None, Json | None]:
        """Class and day of both copies, as of a message that comes today."""
        if not leaf.get("input"):
            return None, None
        asked: Mapping[str, Any] = in_todays_form(leaf["input"])
        self._persons[leaf["message"]] = asked["persons"]
        persons = asked["persons"] or self._persons.get(leaf.get("in_reply_to") or "", {})
        own = {**asked, "persons": persons}
        return self._classes.of(own, Side.SENDER).as_json(), self._classes.of(asked, Side.RECIPIENT).as_json()

    def _leaf(self, number: int | None) -> Json:
        key = self._log.c.n if "n" in self._log.c else self._log.c.seq
        found = self._connection.execute(select(self._log.c.leaf).where(key == number)).scalar_one_or_none()
        return json.loads(found) if found else {"receipt": {}, "case": None, "in_reply_to": None, "time": _LONG_AGO}


_LONG_AGO = "2000-01-01T00:00:00Z"
"""Of what no record tells of."""
