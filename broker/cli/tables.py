"""The pieces that a view is made of: tables, lines for people.

Nothing here asks, reads or decides.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from broker import texts
from broker.authorities import ANONYMOUS
from broker.cli.texts import Words
from broker.explanation.questions import rule_name
from broker.model.days import SWEDEN
from broker.model.decision import Json

OUTCOMES = ("forward", "partial", "refer", "withhold", "quarantine")
MARKS = {
    "forward": ("●", "green"),
    "release": ("●", "green"),
    "partial": ("◐", "cyan"),
    "refer": ("↩", "yellow"),
    "withhold": ("✕", "red"),
    "quarantine": ("▲", "magenta"),
    "notice": ("✉", "blue"),
    "purge": ("⌫", "blue"),
    "redelivery": ("⟳", "blue"),
    "handover": ("⚷", "blue"),
    "erasure": ("⌫", "blue"),
    "hold": ("⚓", "blue"),
}


_MARKED = re.compile(r" *(?:[•–→✓✕?◐●↩✎⚠⚖☞] )?")


def hanging(lines: Iterable[Text]) -> Iterator[RenderableType]:
    """Each line, and where it is too long what follows stands in under its first word, not under its mark."""
    for line in (part for text in lines for part in text.split("\n")):
        mark = _MARKED.match(line.plain)
        indent = mark.end() if mark else 0
        if not indent:
            yield line
            continue
        grid = Table.grid()
        grid.add_column(width=indent, no_wrap=True)
        grid.add_column()
        grid.add_row(*line.divide([indent]))
        yield grid


def outcome(words: Words, name: str) -> Text:
    """An outcome with its mark and colour, which never stands alone."""
    mark, colour = MARKS[name]
    return Text(f"{mark} {words.term('outcomes', name)}", style=colour)


def heading(text: str) -> RenderableType:
    """A heading over what follows."""
    return Padding(Rule(Text(text, style="bold"), align="left", style="dim"), (1, 0, 0, 0))


def table(*columns: str, right: Collection[int] = (), whole: Collection[int] = (), style: Sequence[str] = ()) -> Table:
    """An open table; `right` are columns of numbers, `whole` columns that are never cut."""
    rows = Table(box=box.SIMPLE_HEAD, header_style="bold dim", pad_edge=False, show_edge=False, collapse_padding=True)
    for at, column in enumerate(columns):
        rows.add_column(
            column,
            justify="right" if at in right else "left",
            no_wrap=at in whole,
            style=style[at] if at < len(style) else "",
            overflow="fold",
        )
    return rows


def party(words: Words, stated: Json | None) -> Text:
    """An authority with its unit and role, and its id behind, which commands and messages name it by."""
    if stated is None:
        return Text("–", style="dim")
    name = words.party(stated["authority"])
    shown = Text(name, style="bold")
    of = [
        words.term(among, stated[name])
        for name, among in (("unit", "units"), ("role", "roles"))
        if stated.get(name) not in (None, "registry", "officer")
    ]
    if of:
        shown.append(f" ({', '.join(dict.fromkeys(of))})", style="not bold")
    if stated["authority"] not in (name, ANONYMOUS, _as_id(name)):
        shown.append(f" {stated['authority']}", style="dim not bold")
    return shown


def _as_id(name: str) -> str:
    """A name as it would be written as an id: `aklagarmyndigheten`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower())


def short(token: str | None) -> str:
    """The first signs of a long token or hash."""
    return token[:10] if token else "–"


def person(words: Words, token: str) -> str:
    """The first signs of a person's token; of one whose identity is not known, that."""
    return words.term("id_types", token) if token in texts.ids("id_types") else short(token)


def moment(time: str | None) -> str:
    """A recorded moment as Swedish time, to the minute; at the calendar's end, from an older store, in its own zone."""
    if time is None:
        return "–"
    when = datetime.fromisoformat(time)
    with suppress(OverflowError):
        when = when.astimezone(SWEDEN)
    return f"{when:%Y-%m-%d %H:%M}"


def between(words: Words, sender: str, recipient: str) -> Text:
    """Two parties, one below the other."""
    return Text(f"{words.party(sender)}\n→ {words.party(recipient)}")


def fault(words: Words, code: str, detail: str) -> Text:
    """Why a line could not be used."""
    return Text.assemble((words.term("errors", code), "bold magenta"), f"\n{words.detail(detail)}")


def with_references(words: Words, text: Text, decided: Json) -> Text:
    """An outcome with the references of its grounds and bars, each once, one below the other."""
    rules = (*decided.get("grounds", ()), *decided.get("bars", ()))
    for name in dict.fromkeys(rule_name(words, rule) for rule in rules):
        text.append(f"\n{name}", style="default")
    return text
