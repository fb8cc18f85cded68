"""Tables and lines for people, from plain objects. Nothing here asks, reads or decides."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

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
from broker.messages.envelope import SWEDEN

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


def outcomes(words: Words, tally: Tally) -> Table:
    """Messages by kind and outcome."""
    used = [name for name in OUTCOMES if any(found == name for _, found in tally.outcomes)]
    made = table(words("kind"), *used, words("sum"), right=range(1, len(used) + 2), whole=range(len(used) + 2))
    for name, column in zip(used, made.columns[1:], strict=False):
        column.header = _narrow(outcome(words, name))
    kinds = sorted({kind for kind, _ in tally.outcomes}, key=lambda kind: (kind == "", kind))
    for kind in kinds:
        counts = [tally.outcomes[kind, name] for name in used]
        title = words.term(vocabulary_terms.KINDS, kind) if kind else words("unusable_lines")
        made.add_row(title, *map(_count, counts), number(sum(counts)))
    if len(kinds) > 1:
        sums = [sum(tally.outcomes[kind, name] for kind in kinds) for name in used]
        made.add_row(words("sum"), *map(_count, sums), number(sum(sums)), style="bold")
    return made


def _narrow(label: Text) -> Text:
    """A word a line: columns of numbers are narrow."""
    return Text(label.plain.replace(" ", "\n"), style=label.style)


def rules(words: Words, tally: Tally) -> Table:
    """Messages by ground and bar, the most used first."""
    made = table(
        words("rule"), words("about"), words("carries"), words("lacks"), words("bars"), right=(2, 3, 4), whole=(0,)
    )
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
    made = table(words("line"), words("error"), right=(0,), whole=(0,))
    for receipt in tally.first_unusable:
        line = receipt.get("line")
        made.add_row(number(line) if line else "–", _fault(words, **receipt["error"]))
    more = tally.unusable - len(tally.first_unusable)
    if more:
        return Group(made, Text(words("and_more", n=number(more)), style="dim"))
    return made


def _fault(words: Words, code: str, detail: str) -> Text:
    return Text.assemble((words.term(terms.ERRORS, code), "bold magenta"), f"\n{detail}")


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


def short(token: str | None) -> str:
    """The first signs of a long token or hash."""
    return token[:10] if token else "–"


def moment(time: str | None) -> str:
    """A recorded moment as Swedish time, to the minute."""
    if time is None:
        return "–"
    return datetime.fromisoformat(time).astimezone(SWEDEN).strftime("%Y-%m-%d %H:%M")


def records(words: Words, found: Iterable[tuple[int, Json]]) -> Table:
    """Records of the log, one a line."""
    made = table(*map(words, ("number", "time", "message", "outcome")), right=(0,), whole=range(4))
    for seq, leaf in found:
        receipt = leaf["receipt"]
        kind = words.term(vocabulary_terms.KINDS, leaf["kind"]) if leaf.get("kind") else words("unusable_line")
        told = outcome(words, outcome_of(receipt))
        if error := receipt.get("error"):
            told.append(f"\n{error['code']}", style="default")
        time = moment(leaf.get("time") or leaf["recorded"])
        message = Text(kind, style="bold").append_text(route(leaf))
        made.add_row(str(seq), time, message, _with_references(told, receipt))
    return made


def route(leaf: Json) -> Text:
    """From whom to whom, on a line below."""
    if not leaf["sender"]:
        return Text()
    recipient = (leaf.get("recipient") or {}).get("authority")
    to = f"\n→ {recipient}" if recipient else ""
    return Text(f"\n{leaf['sender']['authority']}{to}", style="not bold")


def between(sender: str, recipient: str) -> Text:
    """Two parties, one below the other."""
    return Text(f"{sender}\n→ {recipient}")


def receipt(words: Words, given: Json) -> Text:
    """One receipt in a line, and a line for each item."""
    shown = outcome(words, outcome_of(given))
    if given.get("message"):
        shown.append(f"  {given['message']}", style="default")
    if given.get("audit"):
        shown.append(f"  {words('record_number', n=given['audit']['seq'])}", style="dim")
    if error := given.get("error"):
        shown.append(f"\n  {error['code']}: {error['detail']}", style="default")
    for item in given.get("items", ()):
        shown.append(f"\n  {item['item'] + 1}. ", style="dim").append_text(outcome(words, item["outcome"]))
        shown.append(f"  {item['ref'] or ''}", style="default")
        for test in item["asks"]:
            shown.append(f"\n     {words('to_assess')}: {words.term(terms.TESTS, test)}", style="default")
    for bar in given.get("bars", ()):
        if not bar["items"]:
            shown.append(f"\n  {bar['ref'] or ''} {words.barrier(bar['id'])}", style="default")
    return shown


def quarantine(words: Words, rows: Iterable[Json]) -> RenderableType:
    """Everything in quarantine."""
    made = table(*map(words, ("number", "time", "error", "redriven_as")), right=(0,), whole=(0, 1, 3))
    for row in rows:
        again = str(row["redriven"]) if row["redriven"] is not None else "" if row["kept"] else words("not_kept")
        when = Text.assemble(moment(row["time"]), (f"\n{row['sender']}" if row["sender"] else "", "dim"))
        made.add_row(str(row["seq"]), when, _fault(words, row["code"], row["detail"]), again)
    return made if made.row_count else Text(words("empty_quarantine"), style="dim")


def inbox(words: Words, lines: Iterable[tuple[int, Json]]) -> Table:
    """Inbox lines, without what the messages say: contents are for the one who opens them."""
    made = table(*map(words, ("number", "type", "message", "outcome")), right=(0,), whole=range(4))
    for n, content in lines:
        made.add_row(str(n), words.term(vocabulary_terms.INBOX_TYPES, content["type"]), *_inbox_line(words, content))
    return made


def _inbox_line(words: Words, content: Json) -> tuple[str | Text, ...]:
    if content["type"] == "delivery":
        message = content["message"]
        kind = words.term(vocabulary_terms.KINDS, message["kind"])
        shown = Text.assemble((kind, "bold"), f"\n← {message['sender']['authority']}\n", (message["id"], "dim"))
        told = outcome(words, "partial" if content["partial"] else "forward")
        if content["unanswered"]:
            told.append(f"\n{words('unanswered_count', n=len(content['unanswered']))}", style="dim")
        return shown, _with_references(told, content)
    if content["type"] == "receipt":
        own = content["receipt"]
        return Text(own["message"], style="dim"), _with_references(outcome(words, outcome_of(own)), own)
    return words("consent_withdrawn"), ""


def _with_references(told: Text, decided: Json) -> Text:
    """An outcome with the references of its grounds and bars, each once, one below the other."""
    rules = (*decided.get("grounds", ()), *decided.get("bars", ()))
    for ref in dict.fromkeys(rule["ref"] or rule["id"] for rule in rules):
        told.append(f"\n{ref}", style="default")
    return told


def differences(words: Words, shown: Iterable[Json]) -> Table:
    """What a replay answered otherwise."""
    made = table(*map(words, ("number", "then", "now", "changed")), right=(0,))
    for row in shown:
        made.add_row(
            str(row["seq"]), _verdicts(words, row["then"]), _verdicts(words, row["now"]), ", ".join(row["changed"])
        )
    return made


def _verdicts(words: Words, decided: Json) -> Text:
    name = outcome_of(decided)
    shown = outcome(words, name) if name in _MARKS else Text(words.term(terms.ERRORS, name), style="magenta")
    for item in decided["items"]:
        shown.append(f"\n{item['item'] + 1}. ", style="dim").append_text(outcome(words, item["outcome"]))
        shown.append(f" {item['ref'] or ''}", style="default")
    return shown
