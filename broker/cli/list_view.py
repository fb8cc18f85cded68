"""Lists for people: records of the log, receipts, what lies in quarantine, what a replay answered otherwise."""

from collections.abc import Collection, Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from broker.cli import missing_view
from broker.cli.questions import of_the_whole, to_assess
from broker.cli.tables import MARKS, fault, moment, outcome, table, with_references
from broker.cli.tally import outcome_of
from broker.cli.texts import Words
from broker.cli.verdict_view import appeal, ask_lines, bar_text, ground, notes
from broker.explanation.changes import Counted
from broker.model.decision import Json
from broker.model.unusable import MENDED_OUTSIDE


def records(words: Words, records_: Iterable[tuple[int, Json]]) -> Table:
    """Records of the log, one a line."""
    rows = table(*map(words, ("number", "time", "message", "outcome")), right=(0,), whole=range(3))
    for seq, leaf in records_:
        receipt = leaf["receipt"]
        decided = outcome(words, outcome_of(receipt))
        if error := receipt.get("error"):
            decided.append(f"\n{words.term('errors', error['code'])}", style="default")
        time = moment(leaf.get("time") or leaf["recorded"])
        message = Text(_title(words, leaf), style="bold").append(_route(words, leaf), style="not bold")
        rows.add_row(str(seq), time, message, _with_all(words, decided, receipt))
    return rows


def _title(words: Words, leaf: Json) -> str:
    """What a record is of: a kind of message, a notice of the broker's own, or a line that was no message."""
    if leaf["record"] == "notice":
        return words.term("notices", leaf["notice"]["notice"])
    if leaf["record"] in ("purge", "redelivery", "handover", "erasure", "hold"):
        return words(leaf["record"])
    return words.term("kinds", leaf["kind"]) if leaf.get("kind") else words("unusable_line")


def _route(words: Words, leaf: Json) -> str:
    """From whom to whom, each on a line below."""
    sender, recipient = leaf.get("sender"), leaf.get("recipient")
    from_ = f"\n{words.party(sender['authority'])}" if sender else ""
    return from_ + (f"\n→ {words.party(recipient['authority'])}" if recipient else "")


def receipt(words: Words, given: Json) -> Text:
    """One receipt in a line, and a line for each item."""
    shown = outcome(words, outcome_of(given))
    if given.get("message"):
        shown.append(f"  {given['message']}", style="default")
    if given.get("audit"):
        shown.append(f"  {words('record_number', n=given['audit']['seq'])}", style="dim")
    if error := given.get("error"):
        shown.append(f"\n  {words.term('errors', error['code'])}:", style="default")
        shown.append("".join(f"\n    {fault}" for fault in words.detail(error["detail"]).splitlines()), style="default")
    for item in given.get("items", ()):
        shown.append(f"\n  {item['item'] + 1}. ", style="dim").append_text(outcome(words, item["outcome"]))
        shown.append(f"  {item['ref'] or ''}", style="default")
        for line in (*to_assess(words, item), *missing_view.missing_lines(words, item)):
            shown.append("\n     ").append_text(line)
    for line in _whole(words, given):
        shown.append("\n  ").append_text(line)
    return shown


def _whole(words: Words, given: Json) -> Iterator[Text]:
    """What a receipt says of the message as a whole."""
    if given.get("error"):
        return
    if not given["items"]:
        yield from (ground(words, rule) for rule in given["grounds"])
    yield from (bar_text(words, bar, given) for bar in given["bars"] if not bar["items"])
    yield from missing_view.missing_lines(words, given)
    yield from (*ask_lines(words, given), *appeal(words, given), *notes(words, given))


def _with_all(words: Words, text: Text, decided: Json) -> Text:
    """An outcome with its references, and what is asked of the message as a whole."""
    with_references(words, text, decided)
    for line in of_the_whole(words, decided):
        text.append("\n").append_text(line)
    return text


def quarantine(words: Words, rows: Iterable[Json]) -> RenderableType:
    """Everything in quarantine."""
    listed = table(*map(words, ("number", "time", "error", "redriven_as")), right=(0,), whole=(0, 1, 3))
    waiting: set[str] = set()
    for row in rows:
        if row["redriven"] is None:
            waiting.add(row["code"])
        again = str(row["redriven"]) if row["redriven"] is not None else "" if row["kept"] else words("not_kept")
        when = Text.assemble(moment(row["time"]), (f"\n{words.party(row['sender'])}" if row["sender"] else "", "dim"))
        listed.add_row(str(row["seq"]), when, fault(words, row["code"], row["detail"]), again)
    return Group(listed, *advice(words, waiting)) if listed.row_count else Text(words("empty_quarantine"), style="dim")


def advice(words: Words, codes: Collection[str]) -> Iterator[Text]:
    """What to do about lines in quarantine with these codes."""
    if MENDED_OUTSIDE.intersection(codes):
        yield Text(words("redrive_hint"), style="dim")
    if set(codes) - MENDED_OUTSIDE:
        yield Text(words("resend_hint"), style="dim")


def differences(words: Words, shown: Iterable[Json]) -> Table:
    """What a replay answered otherwise."""
    rows = table(*map(words, ("number", "message", "then", "now", "changed")), right=(0,))
    for row in shown:
        message = Text(words.term("kinds", row["kind"]), style="bold").append(_route(words, row), style="not bold")
        message.append(f"\n{row['message']}", style="not bold dim")
        then, now = (_verdicts(words, row[when]) for when in ("then", "now"))
        changed = ", ".join(words.term("receipt_fields", name) for name in row["changed"])
        rows.add_row(str(row["seq"]), message, then, now, changed)
    return rows


def change_counts(words: Words, counted: Iterable[Counted]) -> Table:
    """The same, counted by what has changed."""
    rows = table(words.term("fields", "ref"), *map(words, ("then", "now", "count", "examples")), right=(3,))
    for one in counted:
        change = one.change
        then, now = (_named(words, name) for name in (change.outcome, change.other_outcome))
        if change.fields:
            now = Text(", ".join(words.term("receipt_fields", name) for name in change.fields))
        elif change.other_ref != change.ref:
            now.append(f" {change.other_ref}", style="default")
        rows.add_row(change.ref or "–", then, now, str(one.count), ", ".join(map(str, one.examples)))
    return rows


def _named(words: Words, name: str) -> Text:
    return outcome(words, name) if name in MARKS else Text(words.term("errors", name), style="magenta")


def _verdicts(words: Words, decided: Json) -> Text:
    name = outcome_of(decided)
    shown = _named(words, name)
    for item in decided["items"]:
        shown.append(f"\n{item['item'] + 1}. ", style="dim").append_text(outcome(words, item["outcome"]))
        shown.append(f" {item['ref'] or ''}", style="default")
    return shown if decided["items"] else _with_all(words, shown, decided)
