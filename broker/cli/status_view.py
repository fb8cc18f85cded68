"""How far each delivery has come, for people."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from broker.cli.tables import moment, table
from broker.cli.texts import Words
from broker.model.decision import Json

_DONE, _WAITS, _LATE = "●", "○", "◉"


def last_mile(words: Words, rows: Iterable[Json]) -> Table:
    """One delivery a row: its states from left to right; what is waited for, and until when."""
    columns = ("message", "delivered", "fetched", "state_opened", "state_registered")
    shown = table(*map(words, columns), whole=(1,))
    for row in rows:
        message = Text(words.term("kinds", row["kind"]), style="bold")
        message.append(f"\n{words.party(row['sender']['authority'])}", style="not bold")
        message.append(f"\n→ {words.party(row['recipient']['authority'])}", style="not bold")
        message.append(f"\n{row['message']}", style="dim not bold")
        states = (_state(words, row, name) for name in ("opened", "registered"))
        shown.add_row(message, Text(f"{_DONE} {moment(row['delivered'])}"), _fetch_time(words, row), *states)
    return shown


def _fetch_time(words: Words, row: Json) -> Text:
    if row["fetched"] is None:
        return Text(words("not_known_here"), style="dim")
    return Text(_DONE) if row["fetched"] else Text(_WAITS)


def _state(words: Words, row: Json, name: str) -> Text:
    if row["waits_for"] == name:
        mark, style = (_LATE, "red") if row["late"] else (_WAITS, "")
        until = f" {words('until', moment=moment(row['due']))}" if row["due"] else ""
        return Text(mark + until, style=style)
    if row[name]:
        return Text(f"{_DONE} {moment(row[name])}")
    ended = row["ended"]
    if ended and name == "opened":
        return Text(words.term("seen_states", ended["state"]))
    return Text(_DONE if name == "opened" and row["registered"] else "")
