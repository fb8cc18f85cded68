"""What a run came to, as tables for people."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from broker import texts
from broker.cli.tables import OUTCOMES, fault, outcome, table
from broker.cli.tally import BARS, CARRIES, LACKS, Tally
from broker.cli.texts import Words, number


def outcomes(words: Words, tally: Tally) -> Table:
    """Messages by kind and outcome."""
    used = [name for name in OUTCOMES if any(counted == name for _, counted in tally.outcomes)]
    rows = table(words("kind"), *used, words("sum"), right=range(1, len(used) + 2), whole=range(len(used) + 2))
    for name, column in zip(used, rows.columns[1:], strict=False):
        column.header = _narrow(outcome(words, name))
    kinds = sorted({kind for kind, _ in tally.outcomes}, key=lambda kind: (kind == "", kind))
    for kind in kinds:
        counts = [tally.outcomes[kind, name] for name in used]
        title = words.term("kinds", kind) if kind else words("unusable_lines")
        rows.add_row(title, *map(_count, counts), number(sum(counts)))
    if len(kinds) > 1:
        sums = [sum(tally.outcomes[kind, name] for kind in kinds) for name in used]
        rows.add_row(words("sum"), *map(_count, sums), number(sum(sums)), style="bold")
    return rows


def _narrow(label: Text) -> Text:
    """A word a line: columns of numbers are narrow."""
    return Text(label.plain.replace(" ", "\n"), style=label.style)


def rules(words: Words, tally: Tally) -> Table:
    """Messages by ground and bar, the most used first."""
    rows = table(
        words("rule"), words("about"), words("carries"), words("lacks"), words("bars"), right=(2, 3, 4), whole=(0,)
    )
    named = sorted({(rule, ref) for _, rule, ref in tally.rules}, key=lambda pair: (-_uses(tally, pair), pair))
    for rule, ref in named:
        counts = (tally.rules[use, rule, ref] for use in (CARRIES, LACKS, BARS))
        carries, lacks, bars = (_count(count) for count in counts)
        title = words.term("grounds", rule) if rule in texts.ids("grounds") else words.barrier(rule)
        rows.add_row(
            Text(ref or "–", style="bold"),
            title,
            Text(carries, style="green"),
            Text(lacks, style="yellow"),
            Text(bars, style="red"),
        )
    return rows


def _uses(tally: Tally, pair: tuple[str, str]) -> int:
    return sum(tally.rules[use, *pair] for use in (CARRIES, LACKS, BARS))


def _count(count: int) -> str:
    return number(count) if count else "·"


def asks_table(words: Words, tally: Tally) -> Table:
    """What humans must answer, the most asked first."""
    rows = table(words("to_assess"), words("messages"), right=(1,), whole=(1,))
    for test, count in tally.asks.most_common():
        rows.add_row(words.term("tests", test), number(count))
    return rows


def unusable(words: Words, tally: Tally) -> RenderableType:
    """The lines in quarantine, the first ones by name."""
    rows = table(words("line"), words("error"), right=(0,), whole=(0,))
    for receipt in tally.first_unusable:
        line = receipt.get("line")
        rows.add_row(number(line) if line else "–", fault(words, **receipt["error"]))
    more = tally.unusable - len(tally.first_unusable)
    if more:
        return Group(rows, Text(words("and_more", n=number(more)), style="dim"))
    return rows
