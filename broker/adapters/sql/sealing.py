"""The rows in which a batch's contents are kept: each sealed with the key of its case."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table

from broker.adapters.sql import tables
from broker.adapters.sql.contents import Contents, of_line, of_quarantined, of_sent, text_of
from broker.model.decision import Json
from broker.ports.writes import Effects, InboxLine, Origin

Row = dict[str, Any]
Case = tuple[str, str]
"""Whose it is, and its name there."""


class Sealing:
    """In: what is committed together, each with its record's number."""

    def __init__(self, contents: Contents, numbered: Sequence[tuple[Effects, int]]) -> None:
        self._contents, self._numbered = contents, numbered
        self._places = contents.place([(copy, seq) for effect, seq in numbered for copy in effect.copies])
        self._begun = contents.begin(list(self._without_copy()))

    def rows(self) -> Iterator[tuple[Table, list[Row]]]:
        """The rows to insert, by their tables."""
        numbered = self._numbered
        yield tables.outbox, [self._sent(effect, seq) for effect, seq in numbered if effect.outbox is not None]
        yield tables.inbox, [self._line(line, seq) for effect, seq in numbered for line in effect.inbox]
        kept = [(effect, seq) for effect, seq in numbered if effect.quarantined is not None]
        yield tables.quarantine, [self._quarantined(effect, seq) for effect, seq in kept]

    def _without_copy(self) -> Iterator[Case]:
        """What belongs with no copy begins a case of its own."""
        for effect, seq in self._numbered:
            if effect.quarantined:
                yield quarantine_case(seq)
            places = [(line.authority, line.sender or "", line.message or "") for line in effect.inbox]
            if effect.outbox is not None and effect.outbox[2]:
                places.append((_holder_of_sent(effect), *effect.outbox[:2]))
            yield from (
                (holder, message)
                for holder, sender, message in places
                if not self._places.get((holder, sender, message))
            )

    def _sent(self, effect: Effects, seq: int) -> Row:
        assert effect.outbox is not None
        sender, message, content = effect.outbox
        row: Row = {"sender": sender, "message": message, "seq": seq}
        row["digest"] = effect.leaf.get("digest", effect.digest)
        case = self._case(_holder_of_sent(effect), sender, message) if content else None
        sealed = self._contents.seal(case, content, of_sent(row)) if case is not None else b""
        return {**row, "content": sealed, "case_key": case}

    def _line(self, line: InboxLine, seq: int) -> Row:
        row: Row = {"authority": line.authority, "type": line.type, "sender": line.sender, "message": line.message}
        row |= {"seq": seq, "notes": {}, **_looked_for_by(line.content)}
        case = self._case(line.authority, line.sender or "", line.message or "")
        sealed = self._contents.seal(case, text_of(line.content), of_line(row))
        return {**row, "content": sealed, "case_key": case}

    def _quarantined(self, effect: Effects, seq: int) -> Row:
        content = effect.quarantined or b""
        case = self._begun[quarantine_case(seq)] if content else None
        sealed = self._contents.seal(case, content, of_quarantined(seq)) if case is not None else b""
        kept: Row = {"seq": seq, "content": sealed, "kept": len(content), "case_key": case}
        return {**kept, "recorded": effect.leaf["recorded"], **_of_origin(effect.origin)}

    def _case(self, holder: str, sender: str, message: str) -> int:
        return self._places.get((holder, sender, message)) or self._begun[(holder, message)]


def _looked_for_by(content: Json) -> Row:
    """What of a line is told beside it, since the line itself is sealed."""
    message = content.get("message")
    said = message if isinstance(message, dict) else {}
    return {"kind": said.get("kind"), "unit": said.get("recipient", {}).get("unit") or content.get("unit")}


def quarantine_case(seq: int) -> Case:
    """Of a line in quarantine: nobody's."""
    return "", f"quarantine {seq}"


def _holder_of_sent(effect: Effects) -> str:
    """Where the sender has its receipts, it has what it sent."""
    assert effect.outbox is not None
    return next((line.authority for line in effect.inbox if line.type == "receipt"), effect.outbox[0])


def _of_origin(origin: Origin | None) -> Row:
    if origin is None:
        return {"size": None, "proven": None, "arrived": None}
    return {**vars(origin), "arrived": origin.arrived and origin.arrived.isoformat()}
