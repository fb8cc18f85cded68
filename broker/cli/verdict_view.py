"""Draws what was decided of a message as a whole: what carries it, what stops it and why, what a human is asked."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from broker import texts
from broker.cli import missing_view
from broker.cli.findings_view import SIGNS, finding
from broker.cli.questions import of_the_whole
from broker.cli.tables import hanging
from broker.cli.texts import Words
from broker.explanation.questions import rule_name
from broker.explanation.record import deciding
from broker.model.decision import Json
from broker.model.vocabulary import Outcome

_LEFT_OUT = ("◐", "cyan")


def whole(words: Words, decided: Json, *, every_ground: bool = False) -> RenderableType:
    """The verdict on a message without items, and what bars one with items as a whole."""
    receipt = decided["receipt"]
    lines: list[Text] = []
    named: set[str] = set()
    said: set[str] = set()
    for categories, findings in _by_finding(decided, every_ground=every_ground):
        if categories:
            lines.append(Text(", ".join(words.term("categories", one) for one in categories), "bold"))
        answered: Json = {"unanswered": []} if decided["kind"] == "InformationRequest" else {}  # the one asked answers
        lines += [finding(words, one | answered, receipt.get("asks", ())) for one in findings]
        named |= {one["ground"] for one in findings}
        said |= {condition for one in findings for condition in one["failing"]}
    if not receipt["items"]:
        lines += [ground(words, one) for one in receipt["grounds"] if one["id"] not in named]
    for bar in receipt["bars"]:
        if not bar["items"] and (receipt["partial"] or bar["id"] not in named | said):
            lines.append(bar_text(words, bar, receipt, decided["kind"]))
    lines += missing_view.missing_lines(words, decided, every=every_ground)
    lines += [*ask_lines(words, receipt), *appeal(words, receipt), *notes(words, receipt)]
    return Padding(Group(*hanging(lines)), (0, 0, 1, 0)) if lines else Group()


def _by_finding(decided: Json, *, every_ground: bool) -> Iterator[tuple[list[str], list[Json]]]:
    """The findings that tell why, with the categories that they are the same for."""
    groups: list[tuple[list[str], list[Json]]] = []
    for part in decided["whole"]:
        findings = part["tried"] if every_ground else deciding(decided, part["tried"])
        same = next((categories for categories, others in groups if others == findings), None)
        if same is None:
            same = []
            groups.append((same, findings))
        same += [part["category"]] if part["category"] else []
    return ((categories, findings) for categories, findings in groups if findings)


def ground(words: Words, rule: Json) -> Text:
    """A ground that carries."""
    sign, colour = SIGNS["yes"]
    shown = Text.assemble((f"{sign} ", colour), (rule_name(words, rule), "bold"))
    if rule["ref"]:
        shown.append(f" {words.term('grounds', rule['id'])}")
    return shown


def bar_text(words: Words, bar: Json, receipt: Json, kind: str | None = None) -> Text:
    """What stops a message, keeps it until a human has answered, or has left something of it out."""
    if receipt["outcome"] == Outcome.FORWARD:
        (sign, colour), text = _LEFT_OUT, words.term("cuts", bar["id"])
        return _line(sign, colour, bar["ref"], text)
    refers = receipt["outcome"] == Outcome.REFER
    text = words.barrier(bar["id"], kind)
    if bar["id"] not in texts.ids("bars"):
        status = "no" if not refers else "refer" if receipt.get("asks") else "open"
        text += f": {words.term('statuses', status)}"
        if status == "open" and bar["id"] in texts.ids("settles"):
            text += f"\n  → {words.term('settles', bar['id'])}"
    return _line(*SIGNS["refer" if refers else "no"], bar["ref"], text)


def _line(sign: str, colour: str, ref: str | None, text: str) -> Text:
    return Text.assemble((f"{sign} ", colour), (f"{ref} " if ref else "", "bold"), text)


def ask_lines(words: Words, receipt: Json) -> Iterator[Text]:
    """What a human must answer of the message as a whole, and who."""
    yield from of_the_whole(words, receipt)
    if receipt["outcome"] == Outcome.REFER and not receipt["items"]:
        yield Text.assemble((f"{words('assessed_by')}: ", "yellow"), words("the_sender"))


def appeal(words: Words, receipt: Json) -> Iterator[Text]:
    """How the decision that a refusal tells of is appealed."""
    way = receipt.get("appeal")
    if not way:
        return
    shown = Text.assemble(("⚖ ", "cyan"), (f"{way['ref']} " if way["ref"] else "", "bold"))
    shown.append(words.term("appeals", way["to"]))
    if within := way.get("within"):
        day = words.term("counted_from", within["safest_from"])
        shown.append(f"\n  {words('appeal_within', weeks=within['weeks'], day=day, ref=within['ref'])}")
    yield shown


def notes(words: Words, receipt: Json) -> Iterator[Text]:
    """What the sender is warned of, and whether what is recalled is known to have been given out."""
    for warning in receipt.get("warnings", ()):
        yield Text(f"⚠ {words.term('warnings', warning)}", "yellow")
    if "fetched" in receipt:
        yield Text(words("was_fetched" if receipt["fetched"] else "was_not_fetched"))
