"""Tables and lines for people, from plain objects. Nothing here asks, reads or decides."""

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from broker.cli import terms, vocabulary_terms
from broker.cli.tally import BARS, CARRIES, LACKS, Tally, outcome_of
from broker.cli.texts import Words, number
from broker.decision import Json

OUTCOMES = ("forward", "partial", "refer", "withhold", "quarantine")
_MARKS = {
    "forward": ("●", "green"),
    "release": ("●", "green"),
    "partial": ("◐", "cyan"),
    "refer": ("↩", "yellow"),
    "withhold": ("✕", "red"),
    "quarantine": ("▲", "magenta"),
}


def outcome(words: Words, name: str) -> Text:
    """An outcome with its mark and colour, which never stands alone."""
    mark, colour = _MARKS[name]
    return Text(f"{mark} {words.term(terms.OUTCOMES, name)}", style=colour)


def heading(text: str) -> RenderableType:
    """A heading over what follows."""
    return Padding(Rule(Text(text, style="bold"), align="left", style="dim"), (1, 0, 0, 0))


def table(*columns: str, right: Iterable[int] = (), whole: Iterable[int] = (), style: Sequence[str] = ()) -> Table:
    """An open table; `right` are columns of numbers, `whole` columns that are never cut."""
    made = Table(box=box.SIMPLE_HEAD, header_style="bold dim", pad_edge=False, show_edge=False)
    for at, column in enumerate(columns):
        justify = "right" if at in set(right) else "left"
        made.add_column(
            column,
            justify=justify,
            no_wrap=at in set(whole) or justify == "right",
            style=style[at] if at < len(style) else "",
            overflow="fold",
        )
    return made


def outcomes(words: Words, tally: Tally) -> Table:
    """Messages by kind and outcome."""
    used = [name for name in OUTCOMES if any(found == name for _, found in tally.outcomes)]
    made = table(words("kind"), *(words.term(terms.OUTCOMES, name) for name in used), words("sum"), right=range(1, 7))
    for name, column in zip(used, made.columns[1:], strict=False):
        column.header = outcome(words, name)
    kinds = sorted({kind for kind, _ in tally.outcomes}, key=lambda kind: (kind == "", kind))
    for kind in kinds:
        counts = [tally.outcomes[kind, name] for name in used]
        title = words.term(vocabulary_terms.KINDS, kind) if kind else words("unusable_lines")
        made.add_row(title, *map(_count, counts), number(sum(counts)))
    if len(kinds) > 1:
        sums = [sum(tally.outcomes[kind, name] for kind in kinds) for name in used]
        made.add_row(words("sum"), *map(_count, sums), number(sum(sums)), style="bold")
    return made


def rules(words: Words, tally: Tally) -> Table:
    """Messages by ground and bar, the most used first."""
    made = table(words("rule"), words("about"), words("carries"), words("lacks"), words("bars"), right=(2, 3, 4), whole=(0,))
    named = sorted({(rule, ref) for _, rule, ref in tally.rules}, key=lambda pair: (-_uses(tally, pair), pair))
    for rule, ref in named:
        counts = (tally.rules[use, rule, ref] for use in (CARRIES, LACKS, BARS))
        carries, lacks, bars = (_count(count) for count in counts)
        title = words.term(terms.GROUNDS, rule) if rule in terms.GROUNDS else words.barrier(rule)
        made.add_row(
            Text(ref or "–", style="bold"),
            title,
            Text(carries, style="green"),
            Text(lacks, style="yellow"),
            Text(bars, style="red"),
        )
    return made


def _uses(tally: Tally, pair: tuple[str, str]) -> int:
    return sum(tally.rules[use, *pair] for use in (CARRIES, LACKS, BARS))


def _count(count: int) -> str:
    return number(count) if count else "·"


def unusable(words: Words, tally: Tally) -> RenderableType:
    """The lines in quarantine, the first ones by name."""
    made = table(words("line"), words("error"), words("detail"), right=(0,), style=("bold", "magenta"))
    for receipt in tally.first_unusable:
        error = receipt["error"]
        line = receipt.get("line")
        made.add_row(number(line) if line else "–", words.term(terms.ERRORS, error["code"]), error["detail"])
    more = tally.unusable - len(tally.first_unusable)
    if more:
        return Group(made, Text(words("and_more", n=number(more)), style="dim"))
    return made


def party(words: Words, stated: Json | None) -> Text:
    """An authority with its unit and role."""
    if stated is None:
        return Text("–", style="dim")
    shown = Text(str(stated["authority"]), style="bold")
    of = [
        words.term(among, stated[name])
        for name, among in (("unit", vocabulary_terms.UNITS), ("role", vocabulary_terms.ROLES))
        if stated.get(name) not in (None, "registry", "officer")
    ]
    if of:
        shown.append(f" ({', '.join(dict.fromkeys(of))})", style="not bold")
    return shown


def unbroken(ref: str) -> str:
    """A reference that is not broken between lines."""
    return ref.replace(" ", "\N{NO-BREAK SPACE}")


def short(token: str | None) -> str:
    """The first signs of a long token or hash."""
    return token[:10] if token else "–"


def moment(time: str | None) -> str:
    """A recorded time, to the second."""
    return f"{time[:10]} {time[11:19]}" if time else "–"


def records(words: Words, found: Iterable[tuple[int, Json]]) -> Table:
    """Records of the log, one a line."""
    made = table(words("number"), words("time"), words("kind"), words("parties"), words("outcome"), words("rule"), right=(0,))
    for seq, leaf in found:
        receipt = leaf["receipt"]
        kind = words.term(vocabulary_terms.KINDS, leaf["kind"]) if leaf.get("kind") else words("unusable_line")
        refs = dict.fromkeys(rule["ref"] or rule["id"] for rule in (*receipt.get("grounds", ()), *receipt.get("bars", ())))
        why = ", ".join(map(unbroken, refs)) or receipt.get("error", {}).get("code", "")
        made.add_row(str(seq), moment(leaf.get("time") or leaf["recorded"]), kind, route(leaf), outcome(words, outcome_of(receipt)), why)
    return made


def route(leaf: Json) -> Text:
    """From whom to whom."""
    sender = leaf["sender"]["authority"] if leaf["sender"] else "–"
    recipient = (leaf.get("recipient") or {}).get("authority")
    return Text(f"{sender} → {recipient}" if recipient else sender)
