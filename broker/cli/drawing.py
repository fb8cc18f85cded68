"""Draws an explained decision beside the statute text that decided it."""

from collections.abc import Collection, Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from broker.cli import terms, vocabulary_terms
from broker.cli.explaining import obstacles
from broker.cli.rendering import moment, outcome, party, short, table, unbroken
from broker.cli.tally import outcome_of
from broker.cli.texts import Words
from broker.decision import Json

WIDE = 96
"""From this many columns on, text and statute stand side by side."""

_SIGNS = {"yes": ("✓", "green"), "refer": ("?", "yellow"), "no": ("✕", "red")}


def decision(words: Words, told: Json, width: int, *, every_ground: bool = False) -> RenderableType:
    """One explained record, with its statutes beside or below."""
    left = [_head(words, told)]
    if told["record"] == "decision":
        left += [_item(words, item, told, every_ground=every_ground) for item in told["items"]]
        left += [_bars(words, told), guidance(words, told["receipt"]["guidance"]), _foot(words, told)]
    else:
        left.append(_error(words, told["receipt"]["error"]))
    texts = told.get("statutes", [])
    if not texts:
        return Group(*left)
    right = statutes(words, texts)
    if width < WIDE:
        return Group(*left, right)
    beside = Table.grid(expand=True, padding=(0, 1))
    beside.add_column(ratio=11)
    beside.add_column(ratio=10)
    beside.add_row(Group(*left), right)
    return beside


def _head(words: Words, told: Json) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    receipt = told["receipt"]
    kind = words.term(vocabulary_terms.KINDS, told["kind"]) if told["kind"] else words("unusable_line")
    grid.add_row(words("record_number", n=told["seq"]), Text(kind, style="bold"))
    grid.add_row(words("outcome"), outcome(words, outcome_of(receipt)))
    if told["message"]:
        grid.add_row(words("message"), told["message"])
    grid.add_row(words("from"), party(words, told["sender"]))
    if told["recipient"]:
        grid.add_row(words("to"), party(words, told["recipient"]))
        grid.add_row(words("time"), moment(told["time"]))
    if told["in_reply_to"]:
        grid.add_row(words("answers"), told["in_reply_to"])
    if told.get("basis"):
        grid.add_row(words("claimed"), ", ".join(told["basis"]))
    if told["subject"]:
        grid.add_row(words("subject"), short(told["subject"]))
    return Padding(grid, (0, 0, 1, 0))


def _item(words: Words, item: Json, told: Json, *, every_ground: bool) -> RenderableType:
    head = Text.assemble(
        (f"{item['item'] + 1}. ", "dim"), (words.term(vocabulary_terms.CATEGORIES, item["category"]), "bold"), "  "
    )
    head.append_text(outcome(words, item["outcome"]))
    if item["ref"]:
        head.append(f"  {unbroken(item['ref'])}", style="bold")
    if item["secrecy"]:
        head.append(f"\n   {words('secrecy')}: {', '.join(item['secrecy'])}", style="dim")
    for test in item["asks"]:
        head.append(f"\n   {words('to_assess')}: ", style="yellow").append(words.term(terms.TESTS, test))
    if item["outcome"] == "refer":
        by = item.get("refer_to")
        head.append(f"\n   {words('assessed_by')}: ", style="yellow")
        head.append(words.term(vocabulary_terms.ROLES, by) if by else words("the_sender"))
    shown, hidden = _worth_showing(item, told, every_ground=every_ground)
    lines = [_finding(words, finding, told_already=item["asks"]) for finding in shown]
    if hidden:
        lines.append(Text(words("grounds_hidden", n=hidden), style="dim"))
    return Padding(Group(head, *(Padding(line, (0, 0, 0, 3)) for line in lines)), (0, 0, 1, 0))


def _worth_showing(item: Json, told: Json, *, every_ground: bool) -> tuple[list[Json], int]:
    """With no ground claimed all are tried: show what carries, what lacks answers, and what fails on one thing."""
    tried = item["tried"]
    if every_ground or told["basis"]:
        return tried, 0
    near = [finding for finding in tried if finding["status"] != "no" or obstacles(finding) == 1]
    return near, len(tried) - len(near)


def _finding(words: Words, finding: Json, told_already: Collection[str]) -> Text:
    sign, colour = _SIGNS[finding["status"]]
    shown = Text.assemble((f"{sign} ", colour), (unbroken(finding["ref"]), "bold"), " ")
    shown.append(words.term(terms.STATUSES, finding["status"]), style=colour)
    if finding["doubtful"]:
        shown.append(f" ⚠ {words('doubtful')}", style="yellow")
    for line in _reasons(words, finding, told_already):
        shown.append(f"\n  {line}")
    return shown


def _reasons(words: Words, finding: Json, told_already: Collection[str]) -> Iterable[str]:
    conditions, tests = terms.CONDITIONS, terms.TESTS
    for name in finding["failing"]:
        yield words("not_met", what=words.term(conditions, name))
    for name in finding["against"]:
        if name not in finding["unanswered"]:
            yield words("answered_against", what=words.term(tests, name))
    for name in finding["unreached"]:
        yield words("not_reached", what=name)
    for name in dict.fromkeys([*finding["open"], *finding["unknown"]]):
        yield words("unclear", what=words.term(conditions, name))
    if finding["status"] == "refer":
        for name in sorted(set(finding["unanswered"]).difference(told_already)):
            yield words("unanswered", what=words.term(tests, name))
    if finding["refer_to"]:
        yield words("for_function", what=words.term(vocabulary_terms.ROLES, finding["refer_to"]))


def _bars(words: Words, told: Json) -> RenderableType:
    lines = []
    for bar in told["receipt"]["bars"]:
        line = Text.assemble(
            ("✕ ", "red"), (f"{unbroken(bar['ref'])} " if bar["ref"] else "", "bold"), words.barrier(bar["id"])
        )
        if bar["items"]:
            line.append(f" ({words('item')} {', '.join(str(item + 1) for item in bar['items'])})", style="dim")
        lines.append(line)
    return Padding(Group(*lines), (0, 0, 1, 0)) if lines else Text("", end="")


def _bar(words: Words, bar: Json) -> Text:
    ref = f"{unbroken(bar['ref'])} " if bar["ref"] else ""
    return Text.assemble(("✕ ", "red"), (ref, "bold"), words.barrier(bar["id"]))


def guidance(words: Words, advice: list[Json]) -> RenderableType:
    """For each category asked for: grounds with what they ask, what is exempt, what to write down."""
    parts: list[RenderableType] = []
    for row in advice:
        parts.append(Text(words.term(vocabulary_terms.CATEGORIES, row["category"]), style="bold"))
        grounds = table(words("rule"), words("about"), words("to_assess"), whole=(0,))
        for ground in row["grounds"]:
            asks = "; ".join(words.term(terms.TESTS, test) for test in ground["asks"])
            grounds.add_row(
                Text(ground["ref"] or "–", style="bold"), words.term(terms.GROUNDS, ground["id"]), asks or "–"
            )
        parts.append(grounds if row["grounds"] else Text(words("no_ground"), style="red"))
        for bar in row["bars"]:
            parts.append(_bar(words, bar))
        if row["note"]:
            parts.append(Text(f"✎ {words.term(terms.NOTES, row['note'])}", style="cyan"))
        parts.append(Text(""))
    return Group(*parts)


def _foot(words: Words, told: Json) -> RenderableType:
    lines = [Text(words("policy", revision=short(told["receipt"]["policy"])), style="dim")]
    if not told["same_policy"]:
        lines.append(Text(words("other_policy"), style="yellow"))
    if told["receipt"]["doubtful"]:
        lines.append(
            Text(f"⚠ {words('rests_on_inference', rules=', '.join(told['receipt']['doubtful']))}", style="yellow")
        )
    return Group(*lines)


def _error(words: Words, error: Json) -> RenderableType:
    return Text.assemble((words.term(terms.ERRORS, error["code"]), "bold magenta"), "\n", error["detail"])


def statutes(words: Words, texts: list[Json]) -> RenderableType:
    """Statute texts, verbatim, with the day in force and what is doubtful."""
    return Group(*(_statute(words, text) for text in texts))


def _statute(words: Words, statute: Json) -> RenderableType:
    since = words("in_force_from", day=statute["in_force"]) if statute["in_force"] else words("day_unknown")
    lines = [Text(statute["title"], style="bold"), Text(statute["text"]), Text(since, style="dim")]
    lines += [Text(f"⚠ {doubt}", style="yellow") for doubt in statute["doubts"]]
    title = Text(statute["ref"], style="bold")
    return Panel(Group(*lines), title=title, title_align="left", border_style="blue", padding=(0, 1))
