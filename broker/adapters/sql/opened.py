"""Sealed rows as whoever reads them sees them: opened, or what is left of what is erased."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import JSON, Connection, RowMapping, Select, String, select, type_coerce

from broker.adapters.files.signing import KeyFileError
from broker.adapters.sql.contents import Contents, ContentsError, Erased, of_line, of_quarantined, of_sent
from broker.adapters.sql.deliveries import OF_DELIVERY, open_line
from broker.adapters.sql.tables import records
from broker.model.canonical import parse
from broker.model.decision import Json

UNREADABLE = object()
"""In place of contents that are not as they were sealed."""

Row = Mapping[Any, Any]
LABELS: Mapping[str, Callable[[Row], str]] = {
    "inbox": of_line,
    "outbox": of_sent,
    "quarantine": lambda row: of_quarantined(row["seq"]),
}
"""Where a row of each table lies."""


def open_rows(contents: Contents, rows: Iterable[Row], label: Callable[[Row], str]) -> Iterator[Row]:
    """Rows with their contents, UNREADABLE where somebody has changed them; `erased`: by which record they are gone.

    Without the key that opens them they are as they lie.
    """
    for row in rows:
        yield {**row, "erased": None, **_content(contents, row, label(row))}


def _content(contents: Contents, row: Row, label: str) -> Row:
    sealed, case = row["content"], row["case_key"]
    if not sealed:
        return {"erased": contents.erasure(case)}
    if not contents.can_open:
        return {}
    try:
        return {"content": contents.open(case, bytes(sealed), label)}
    except (ContentsError, Erased, KeyFileError, TypeError):
        return {"content": UNREADABLE}


def mappings(
    query: Select[Any], dialect: str, stream: Callable[[Select[Any]], Iterable[Any]]
) -> Iterator[Mapping[str, Any]]:
    """Rows of what somebody may have changed: JSON that can't be read is text, which no record tells of."""
    if dialect != "sqlite":  # PostgreSQL keeps nothing that is not JSON
        yield from (dict(row._mapping) for row in stream(query))
        return
    columns = list(query.selected_columns)
    names = {column.name for column in columns if isinstance(column.type, JSON)}
    plain = [type_coerce(column, String).label(column.name) if column.name in names else column for column in columns]
    for row in stream(query.with_only_columns(*plain)):
        yield {name: _read(value) if name in names else value for name, value in row._mapping.items()}


def _read(value: Any) -> Any:
    """What JSON says, or itself where it is none."""
    try:
        return None if value is None else parse(value)
    except (ValueError, TypeError, RecursionError):
        return value


def line(connection: Connection, contents: Contents, row: RowMapping) -> Json:
    """An inbox line with the notes on it; of an erased one what its record says, which names nobody."""
    erasure = contents.erasure(row["case_key"]) if not row["content"] else None
    if erasure is None:
        return {**open_line(contents, row), **row["notes"]}
    return {**_bare(_leaf(connection, row["seq"]), row), **row["notes"], "erased": erased(connection, erasure, row)}


def erased(connection: Connection, erasure: int, row: Row) -> Json:
    """When, by which decision and by which record something was erased."""
    told = _leaf(connection, erasure).get("erased", {})
    of = [
        class_ for place, holder, class_ in told.get("records", ()) if (place, holder) == (row["seq"], row["authority"])
    ]
    decisions = {of_class["class"]: of_class["decision"] for of_class in told.get("classes", ())}
    return {"day": told.get("day"), "decision": decisions.get(of[0]) if of else None, "record": erasure}


def _bare(leaf: Json, row: Row) -> Json:
    if row["type"] == "receipt":
        return {"type": "receipt", "receipt": leaf["receipt"]}
    if row["type"] not in OF_DELIVERY:
        told = leaf.get("notice")
        return told if isinstance(told, dict) else {"type": "notice", "notice": "erased", "message": row["message"]}
    envelope: Json = {"id": row["message"], "kind": row["kind"], "sender": {"authority": row["sender"]}}
    if leaf.get("message") == row["message"]:
        sender = {name: value for name, value in leaf["sender"].items() if name != "officer"}
        envelope |= {"sender": sender, "recipient": leaf["recipient"], "time": leaf["time"]}
        envelope["in_reply_to"] = leaf["in_reply_to"]
    return {"type": "delivery", "message": envelope, "partial": False, "unanswered": [], "grounds": []}


def _leaf(connection: Connection, seq: int) -> Json:
    leaf = connection.execute(select(records.c.leaf).where(records.c.seq == seq)).scalar_one_or_none()
    return parse(leaf) if leaf else {}
