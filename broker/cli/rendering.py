"""The pieces that tables and lines for people are made of. Nothing here asks, reads or decides."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from broker.authorities import ANONYMOUS
from broker.cli.texts import Words
from broker.decision import Json
from broker.messages.times import SWEDEN

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
}


def outcome(words: Words, name: str) -> Text:
    """An outcome with its mark and colour, which never stands alone."""
    mark, colour = MARKS[name]
    return Text(f"{mark} {words.term('outcomes', name)}", style=colour)


def heading(text: str) -> RenderableType:
    """A heading over what follows."""
    return Padding(Rule(Text(text, style="bold"), align="left", style="dim"), (1, 0, 0, 0))


def table(*columns: str, right: Collection[int] = (), whole: Collection[int] = (), style: Sequence[str] = ()) -> Table:
    """An open table; `right` are columns of numbers, `whole` columns that are never cut."""
    made = Table(box=box.SIMPLE_HEAD, header_style="bold dim", pad_edge=False, show_edge=False, collapse_padding=True)
    for at, column in enumerate(columns):
        made.add_column(
            column,
            justify="right" if at in right else "left",
            no_wrap=at in whole,
            style=style[at] if at < len(style) else "",
            overflow="fold",
        )
    return made


def party_name(words: Words, authority: str) -> str:
    """An authority's id; where nobody is named it says so."""
    return words("anonymous") if authority == ANONYMOUS else authority


def party(words: Words, stated: Json | None) -> Text:
    """An authority with its unit and role."""
    if stated is None:
        return Text("–", style="dim")
    shown = Text(party_name(words, stated["authority"]), style="bold")
    of = [
        words.term(among, stated[name])
        for name, among in (("unit", "units"), ("role", "roles"))
        if stated.get(name) not in (None, "registry", "officer")
    ]
    if of:
        shown.append(f" ({', '.join(dict.fromkeys(of))})", style="not bold")
    return shown


def short(token: str | None) -> str:
    """The first signs of a long token or hash."""
    return token[:10] if token else "–"


def moment(time: str | None) -> str:
    """A recorded moment as Swedish time, to the minute; at the calendar's end, from an older store, in its own zone."""
    if time is None:
        return "–"
    told = datetime.fromisoformat(time)
    with suppress(OverflowError):
        told = told.astimezone(SWEDEN)
    return f"{told:%Y-%m-%d %H:%M}"


def between(words: Words, sender: str, recipient: str) -> Text:
    """Two parties, one below the other."""
    return Text(f"{party_name(words, sender)}\n→ {recipient}")


def fault(words: Words, code: str, detail: str) -> Text:
    """Why a line could not be used."""
    return Text.assemble((words.term("errors", code), "bold magenta"), f"\n{words.detail(detail)}")


def rule_name(words: Words, rule: Json) -> str:
    """The reference of a ground or bar; of one that rests on no paragraph, what it says."""
    return rule["ref"] or words.barrier(rule["id"])


def with_references(words: Words, told: Text, decided: Json) -> Text:
    """An outcome with the references of its grounds and bars, each once, one below the other."""
    rules = (*decided.get("grounds", ()), *decided.get("bars", ()))
    for name in dict.fromkeys(rule_name(words, rule) for rule in rules):
        told.append(f"\n{name}", style="default")
    return told
