"""Draws an explained decision beside the statute text that decided it."""

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from broker import texts
from broker.cli import inbox_view, missing_view, retention_view
from broker.cli.findings_view import finding
from broker.cli.guidance_view import guidance
from broker.cli.questions import to_assess
from broker.cli.stated_view import first_of_all, stated_lines, views
from broker.cli.tables import hanging, moment, outcome, party, person, short
from broker.cli.tally import outcome_of
from broker.cli.texts import Words, number
from broker.cli.verdict_view import whole
from broker.explanation.questions import open_grounds
from broker.explanation.record import obstacles
from broker.kinds import InformationRequest
from broker.model.decision import Json

WIDE = 96
"""From this many columns on, text and statute stand side by side."""

_OWN = ("purge", "redelivery", "handover", "erasure", "hold")
"""Records of what the broker did by itself, or because its operator ordered it."""
_UNTITLED = {"quarantine": "unusable_line", "notice": "own_notice", **dict(zip(_OWN, _OWN, strict=True))}

NO_STATUTE = "–"
"""The reference of a rule that no statute holds."""


def decision(words: Words, decided: Json, width: int, *, every_ground: bool = False) -> RenderableType:
    """One explained record, with its statutes beside or below."""
    left = [_head(words, decided)]
    if decided["record"] == "decision":
        left += [_item(words, item, decided, every_ground=every_ground) for item in decided["items"]]
        left.append(whole(words, decided, every_ground=every_ground))
        left += [guidance(words, decided["receipt"]["guidance"], {}, every_ground=every_ground), _foot(words, decided)]
    elif decided["record"] == "notice":
        left += inbox_view.notice(words, decided["notice"])
    elif decided["record"] == "purge":
        purged = decided["purged"]
        size, seqs = number(purged["bytes"]), ", ".join(map(str, purged["records"]))
        left.append(Text(f"{words('purged', n=number(len(purged['records'])), size=size)}: {seqs}"))
    elif decided["record"] == "redelivery":
        left.append(_redeliveries(words, decided["redelivered"]))
    elif decided["record"] == "handover":
        left.append(
            Text(words("handed_over_key", **{"old": decided["handover"]["from"], "new": decided["handover"]["to"]}))
        )
    elif decided["record"] == "erasure":
        left += [Text(retention_view.erased(words, row)) for row in decided["erased"]["classes"]]
    elif decided["record"] == "hold":
        left.append(Text(retention_view.held(words, decided["held"])))
    else:
        left.append(_error(words, decided["receipt"]["error"]))
    texts = decided.get("statutes", [])
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


def _redeliveries(words: Words, given: Json) -> Text:
    """Which deliveries were given out again, and which could not be."""
    text = Text(f"{words('redelivered', n=number(len(given['messages'])))} → {words.party(given['inbox'])}")
    for _, message in given["messages"]:
        text.append(f"\n{message}", style="dim")
    for message, why in given["refused"].items():
        text.append(f"\n{message}: {words.term('not_redelivered', why)}")
    return text


def _head(words: Words, decided: Json) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    receipt = decided["receipt"]
    kind = words.term("kinds", decided["kind"]) if decided["kind"] else words(_UNTITLED[decided["record"]])
    if decided["kind"] == InformationRequest.__name__:
        grid.add_row("☞", Text("\n".join(first_of_all(words, decided)), style="yellow"))
    grid.add_row(words("record_number", n=decided["seq"]), Text(kind, style="bold"))
    grid.add_row(words("outcome"), outcome(words, outcome_of(receipt)))
    if decided["message"]:
        grid.add_row(words("message"), decided["message"])
    if decided["record"] not in ("notice", *_OWN):
        anonymous = decided["record"] == "decision" and decided["sender"] is None
        grid.add_row(words("from"), words("anonymous") if anonymous else party(words, decided["sender"]))
    if decided["recipient"]:
        grid.add_row(words("to"), party(words, decided["recipient"]))
        grid.add_row(words("time"), moment(decided["time"]))
    if decided["in_reply_to"]:
        grid.add_row(words("answers"), decided["in_reply_to"])
    if "acknowledges" in decided:
        grid.add_row(words("delivery"), decided["acknowledges"])
    if "go_to" in decided:
        grid.add_row(words("right_recipient"), party(words, decided["go_to"]))
    if "unit" in decided:
        grid.add_row(words("handed_to_unit"), words.term("units", decided["unit"]))
    if decided.get("basis"):
        grid.add_row(words("claimed"), "\n".join(_ground(words, decided, name) for name in decided["basis"]))
    if shown := list(stated_lines(words, decided.get("stated") or {})):
        grid.add_row(words("stated"), "\n".join(shown))
    if shown := list(views(words, decided.get("views") or {})):
        grid.add_row(words("views"), "\n".join(shown))
    if officer := (decided["sender"] or {}).get("officer"):
        grid.add_row(words("officer"), short(officer))
    if decided["subject"]:
        grid.add_row(words("subject"), person(words, decided["subject"]))
    return Padding(grid, (0, 0, 1, 0))


def _item(words: Words, item: Json, decided: Json, *, every_ground: bool) -> RenderableType:
    name = words.term("categories", item["category"])
    head = Text.assemble((f"{item['item'] + 1}. ", "dim"), (name, "bold"))
    if item["secrecy"]:
        head.append(f"  {words('secrecy')} {', '.join(item['secrecy'])}", style="dim")
    verdict = outcome(words, item["outcome"])
    if item["ref"]:
        verdict.append(f"  {item['ref']}", style="default bold")
    shown, hidden = _worth_showing(item, decided, every_ground=every_ground)
    lines = [verdict, *_bars_of(words, item, decided, shown)]
    lines += to_assess(words, item)
    lines += _not_to_be_answered(words, item, decided)
    if item["outcome"] == "refer":
        by = item.get("refer_to")
        function = words.term("roles", by) if by else words("the_sender")
        lines.append(Text.assemble((f"{words('assessed_by')}: ", "yellow"), function))
    told_already = {ground["ground"]: ground["asks"] for ground in open_grounds(item)}
    lines += [finding(words, one, told_already.get(one["ground"], ())) for one in shown]
    if hidden:
        lines.append(Text(words("grounds_hidden", n=hidden), style="dim"))
    lines += missing_view.missing_lines(words, item, every=every_ground)
    return Padding(Group(head, Padding(Group(*hanging(lines)), (0, 0, 0, 3))), (0, 0, 1, 0))


def _bars_of(words: Words, item: Json, decided: Json, shown: Iterable[Json]) -> list[Text]:
    """Bars of their own that close the item; why a ground does not carry is said where it stands among the tried."""
    said = {condition for finding in shown for condition in finding["failing"]}
    bars = [bar["id"] for bar in decided["receipt"]["bars"] if item["item"] in bar["items"]]
    own = [bar for bar in bars if bar in texts.ids("bars") and bar not in said]
    return [Text(words.barrier(bar, decided["kind"], item["outcome"]), style="red") for bar in own]


def _not_to_be_answered(words: Words, item: Json, decided: Json) -> Iterator[Text]:
    """Why a human decides though no answer is missing: grounds to be joined, harm against a duty."""
    waiting = list(open_grounds(item))
    status = {finding["ground"]: finding["status"] for finding in item["tried"]}
    if item["outcome"] == "refer" and len(waiting) > 1 and {status.get(one["ground"]) for one in waiting} == {"no"}:
        rules = ", ".join(one["ref"] or words.term("grounds", one["ground"]) for one in waiting)
        yield Text(words("only_together", rules=rules), style="yellow")
    braked = any(
        bar["id"] == "protected_identity" and item["item"] in bar["items"] for bar in decided["receipt"]["bars"]
    )
    if item["outcome"] == "refer" and braked and not item["asks"]:
        yield Text(words("harm_against_duty"), style="yellow")


def _ground(words: Words, decided: Json, name: str) -> str:
    """A claimed ground by its reference, and what it is about."""
    refs = {
        finding["ground"]: finding["ref"]
        for part in (*decided["items"], *decided["whole"])
        for finding in part["tried"]
    }
    about = words.term("grounds", name)
    return f"{refs[name]} ({about})" if refs.get(name) else about


def _doubtful(words: Words, decided: Json) -> Iterator[str]:
    """What rests on an inference, in words: grounds by their references."""
    for name in decided["receipt"]["doubtful"]:
        table = next((table for table in ("grounds", "bars", "tests") if name in texts.ids(table)), "grounds")
        if table == "grounds":
            yield _ground(words, decided, name)
        else:
            yield words.barrier(name, decided["kind"]) if table == "bars" else words.term(table, name)


def _worth_showing(item: Json, decided: Json, *, every_ground: bool) -> tuple[list[Json], int]:
    """With no ground claimed all are tried: show what carries, what lacks answers, and what fails on one thing."""
    tried = item["tried"]
    if every_ground or decided["basis"]:
        return tried, 0
    near = [finding for finding in tried if finding["status"] != "no" or obstacles(finding) == 1]
    return near, len(tried) - len(near)


def _foot(words: Words, decided: Json) -> RenderableType:
    lines = [Text(words("policy", revision=short(decided["receipt"]["policy"])), style="dim")]
    if not decided["same_policy"]:
        lines.append(Text(words("other_policy"), style="yellow"))
    if decided["receipt"]["doubtful"]:
        lines.append(
            Text(f"⚠ {words('rests_on_inference', rules=', '.join(_doubtful(words, decided)))}", style="yellow")
        )
    return Group(*lines)


def _error(words: Words, error: Json) -> RenderableType:
    return Text.assemble((words.term("errors", error["code"]), "bold magenta"), "\n", words.detail(error["detail"]))


def statutes(words: Words, texts: list[Json]) -> RenderableType:
    """Statute texts, verbatim, with the day in force and what is doubtful."""
    return Group(*(_statute(words, text) for text in texts))


def _statute(words: Words, statute: Json) -> RenderableType:
    lines = [Text(statute["title"], style="bold"), Text(statute["text"])]
    if statute["ref"] != NO_STATUTE:
        since = words("in_force_from", day=statute["in_force"]) if statute["in_force"] else words("day_unknown")
        lines.append(Text(since, style="dim"))
    lines += [Text(f"⚠ {words.of(doubt)}", style="yellow") for doubt in statute["doubts"]]
    title = Text(words("no_statute") if statute["ref"] == NO_STATUTE else statute["ref"], style="bold")
    return Panel(Group(*lines), title=title, title_align="left", border_style="blue", padding=(0, 1))
