"""The rows in which a batch's contents are kept: each sealed with the key of its case."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table

from broker.adapters.sql import tables
from broker.adapters.sql.contents import Contents, of_line, of_quarantined, of_sent, text_of
from broker.model.decision import Json
from broker.ports.writes import Effects, InboxLine, Origin

Row = dict[str, Any]


class Sealing:
    """In: what is committed together, each with its record's number."""

    def __init__(self, contents: Contents, numbered: Sequence[tuple[Effects, int]]) -> None:
        self._contents, self._numbered = contents, numbered
        self._places = contents.place([(copy, seq) for effect, seq in numbered for copy in effect.copies])

    def rows(self) -> Iterator[tuple[Table, list[Row]]]:
        """The rows to insert, by their tables."""
        numbered = self._numbered
        yield tables.outbox, [self._sent(effect, seq) for effect, seq in numbered if effect.outbox is not None]
        yield tables.inbox, [self._line(line, seq) for effect, seq in numbered for line in effect.inbox]
        kept = [(effect, seq) for effect, seq in numbered if effect.quarantined is not None]
        yield tables.quarantine, [self._quarantined(effect, seq) for effect, seq in kept]

    def _sent(self, effect: Effects, seq: int) -> Row:
        assert effect.outbox is not None
        sender, message, content = effect.outbox
        row: Row = {"sender": sender, "message": message, "seq": seq}
        row["digest"] = effect.leaf.get("digest", effect.digest)
        case = self._case(_holder_of_sent(effect) or sender, sender, message) if content else None
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
        case = self._contents.begin("", f"quarantine {seq}") if content else None
        sealed = self._contents.seal(case, content, of_quarantined(seq)) if case is not None else b""
        kept: Row = {"seq": seq, "content": sealed, "kept": len(content), "case_key": case}
        return {**kept, "recorded": effect.leaf["recorded"], **_of_origin(effect.origin)}

    def _case(self, holder: str, sender: str, message: str) -> int:
        place = (holder, sender, message)
        return self._places.get(place) or self._contents.begin(holder, message)


def _looked_for_by(content: Json) -> Row:
    """What of a line is told beside it, since the line itself is sealed."""
    message = content.get("message")
    said = message if isinstance(message, dict) else {}
    return {"kind": said.get("kind"), "unit": said.get("recipient", {}).get("unit") or content.get("unit")}


def _holder_of_sent(effect: Effects) -> str | None:
    """Where the sender has its receipts, it has what it sent."""
    return next((line.authority for line in effect.inbox if line.type == "receipt"), None)


def _of_origin(origin: Origin | None) -> Row:
    if origin is None:
        return {"size": None, "proven": None, "arrived": None}
    return {**vars(origin), "arrived": origin.arrived and origin.arrived.isoformat()}
