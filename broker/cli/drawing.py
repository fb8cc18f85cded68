"""Draws an explained decision beside the statute text that decided it."""

from collections.abc import Collection, Iterable, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from broker.cli import terms, vocabulary_terms
from broker.cli.explaining import obstacles
from broker.cli.rendering import moment, outcome, party, short, table
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
        left += [_bars(words, told), guidance(words, told["receipt"]["guidance"], {}), _foot(words, told)]
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
    name = words.term(vocabulary_terms.CATEGORIES, item["category"])
    head = Text.assemble((f"{item['item'] + 1}. ", "dim"), (name, "bold"))
    if item["secrecy"]:
        head.append(f"  {words('secrecy')} {', '.join(item['secrecy'])}", style="dim")
    verdict = outcome(words, item["outcome"])
    if item["ref"]:
        verdict.append(f"  {item['ref']}", style="default bold")
    lines = [verdict, *_bars_of(words, item, told)]
    for test in item["asks"]:
        lines.append(Text.assemble((f"{words('to_assess')}: ", "yellow"), words.term(terms.TESTS, test)))
    if item["outcome"] == "refer":
        by = item.get("refer_to")
        function = words.term(vocabulary_terms.ROLES, by) if by else words("the_sender")
        lines.append(Text.assemble((f"{words('assessed_by')}: ", "yellow"), function))
    shown, hidden = _worth_showing(item, told, every_ground=every_ground)
    lines += [_finding(words, finding, told_already=item["asks"]) for finding in shown]
    if hidden:
        lines.append(Text(words("grounds_hidden", n=hidden), style="dim"))
    return Padding(Group(head, Padding(Group(*lines), (0, 0, 0, 3))), (0, 0, 1, 0))


def _bars_of(words: Words, item: Json, told: Json) -> list[Text]:
    """Bars of their own that close the item; a ground that does not carry says why where it stands among the tried."""
    bars = (bar for bar in told["receipt"]["bars"] if bar["id"] in terms.BARS and item["item"] in bar["items"])
    return [Text(words.barrier(bar["id"]), style="red") for bar in bars]


def _worth_showing(item: Json, told: Json, *, every_ground: bool) -> tuple[list[Json], int]:
    """With no ground claimed all are tried: show what carries, what lacks answers, and what fails on one thing."""
    tried = item["tried"]
    if every_ground or told["basis"]:
        return tried, 0
    near = [finding for finding in tried if finding["status"] != "no" or obstacles(finding) == 1]
    return near, len(tried) - len(near)


def _finding(words: Words, finding: Json, told_already: Collection[str]) -> Text:
    sign, colour = _SIGNS[finding["status"]]
    shown = Text.assemble((f"{sign} ", colour), (finding["ref"], "bold"), " ")
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
    """Bars of the message as a whole."""
    lines = [_bar(words, bar) for bar in told["receipt"]["bars"] if not bar["items"]]
    return Padding(Group(*lines), (0, 0, 1, 0)) if lines else Group()


def _bar(words: Words, bar: Json) -> Text:
    ref = f"{bar['ref']} " if bar["ref"] else ""
    return Text.assemble(("✕ ", "red"), (ref, "bold"), words.barrier(bar["id"]))


def guidance(words: Words, advice: list[Json], titles: Mapping[str, str]) -> RenderableType:
    """For each category asked for: grounds with what they ask, what is exempt, what to write down."""
    parts: list[RenderableType] = []
    for categories, row in _same(advice):
        names = ", ".join(words.term(vocabulary_terms.CATEGORIES, category) for category in categories)
        parts.append(Text(names, style="bold"))
        grounds = table(words("rule"), words("about"), words("to_assess"), whole=(0,))
        for ground in row["grounds"]:
            about = Text(words.term(terms.GROUNDS, ground["id"]))
            if ground["id"] in titles:
                about.append(f"\n{titles[ground['id']]}", style="dim")
            asks = "\n".join(words.term(terms.TESTS, test) for test in ground["asks"])
            grounds.add_row(Text(ground["ref"] or "–", style="bold"), about, asks or "–")
        parts.append(grounds if row["grounds"] else Text(words("no_ground"), style="red"))
        parts += [_bar(words, bar) for bar in row["bars"]]
        if row["note"]:
            parts.append(Text(f"✎ {words.term(terms.NOTES, row['note'])}", style="cyan"))
        parts.append(Text(""))
    return Group(*parts)


def _same(advice: list[Json]) -> Iterable[tuple[list[str], Json]]:
    """Categories with the same advice together."""
    groups: list[tuple[list[str], Json]] = []
    for row in advice:
        rest = {name: value for name, value in row.items() if name != "category"}
        same = next((group for group in groups if group[1] == rest), None)
        if same is None:
            groups.append(([row["category"]], rest))
        else:
            same[0].append(row["category"])
    return groups


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
    lines += [Text(f"⚠ {words.of(doubt)}", style="yellow") for doubt in statute["doubts"]]
    title = Text(statute["ref"], style="bold")
    return Panel(Group(*lines), title=title, title_align="left", border_style="blue", padding=(0, 1))
