"""An inbox for people: what came, what came of what was sent, and notices.

Contents are for the one who opens them.
"""

from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text

from broker.cli.guidance_view import same
from broker.cli.questions import of_the_whole, to_assess
from broker.cli.stated_view import first_of_all
from broker.cli.tables import moment, outcome, table, with_references
from broker.cli.tally import outcome_of
from broker.cli.texts import Words
from broker.cli.verdict_view import appeal, notes
from broker.explanation.questions import rule_name
from broker.kinds import Acknowledgement, InformationRequest
from broker.model.decision import Json
from broker.model.vocabulary import Unit

_LETTERS = {"decision": "letter_decision", "statement": "letter_statement"}
_NOTES = {"recalled": "recalled_by", "replaced": "replaced_by", "replaces": "replaces_other"}
_GIVEN = ("given", "partly")


def inbox(words: Words, lines: Iterable[tuple[int, Json]]) -> Table:
    """Inbox lines, oldest first."""
    rows = table(*map(words, ("number", "type", "message", "outcome")), right=(0,), whole=(0, 1))
    drawn = {"delivery": _delivery, "receipt": _receipt, "notice": notice}
    for n, content in lines:
        title = words.term("inbox_types", content["type"])
        rows.add_row(str(n), title, *drawn[content["type"]](words, content))
    return rows


def _delivery(words: Words, content: Json) -> tuple[Text, Text]:
    message = content["message"]
    kind = words.term("kinds", message["kind"])
    shown = Text()
    if message["kind"] == InformationRequest.__name__:
        shown.append("".join(f"☞ {line}\n" for line in first_of_all(words, message.get("body", {}))), style="yellow")
    shown.append(kind, style="bold").append(f"\n← {words.party(message['sender']['authority'])}\n")
    shown.append(message["id"], style="dim")
    for line in (*_notes(words, content), *_guidance(words, content), *_letters(words, content)):
        shown.append(f"\n{line}")
    came = outcome(words, "partial" if content["partial"] else "forward")
    if content["unanswered"]:
        came.append(f"\n{words('unanswered_count', n=len(content['unanswered']))}", style="dim")
    with_references(words, came, content)
    for line in (*_acknowledgements(words, message), *_answers(words, content), *_terms(words, content)):
        came.append(f"\n{line}", style="default")
    return shown, came


def _acknowledgements(words: Words, message: Json) -> Iterator[str]:
    """What has become of a delivery, under which number there, and which delivery it is."""
    body = message.get("body") or {}
    if message["kind"] == Acknowledgement.__name__ and body:
        number = f", {body['reference']}" if body.get("reference") else ""
        right = f": {words.party(body['go_to']['authority'])}" if body.get("go_to") else ""
        unit = f": {words.term('units', body['unit'])}" if body.get("unit") else ""
        yield f"{words.term('seen_states', body['state'])}{number}{right}{unit}"
        yield body["message"]


def _guidance(words: Words, content: Json) -> Iterator[str]:
    """For each category asked for: the provisions that may carry, and what is exempt."""
    for categories, advice in same(content.get("guidance", ())):
        names = ", ".join(words.term("categories", category) for category in categories)
        grounds = ", ".join(dict.fromkeys(rule_name(words, ground) for ground in advice["grounds"]))
        exempt = "".join(f"; {words('exempt', ref=rule_name(words, bar))}" for bar in advice["bars"])
        yield f"✎ {names}: {grounds or words('no_ground')}{exempt}"


def _notes(words: Words, content: Json) -> Iterator[str]:
    """That it is recalled, or replaced, or itself replaces another; that it is to be passed on."""
    if "erased" in content:
        yield f"⌫ {words('erased_line', day=content['erased']['day'], decision=content['erased']['decision'])}"
    if content.get("redelivered"):
        yield f"⟳ {words('redelivered_line')}"
    yield from (f"⟲ {words(text, message=content[name])}" for name, text in _NOTES.items() if name in content)
    if "pass_on" in content:
        yield f"↪ {words('pass_on')}"


def _letters(words: Words, content: Json) -> Iterator[str]:
    """That a written decision or statement comes with it."""
    return (f"✉ {words(sentence)}" for name, sentence in _LETTERS.items() if name in content)


def _answers(words: Words, content: Json) -> Iterator[str]:
    """What has come so far of each category that was asked for."""
    for category, how in content.get("answers", {}).items():
        said = words(how) if how in _GIVEN else words.term("reasons", how)
        yield f"{words.term('categories', category)}: {said}"


def _terms(words: Words, content: Json) -> Iterator[str]:
    """What there is to do, and until when."""
    for term in content.get("terms", ()):
        yield f"⏱ {words.term('clocks', term['clock'])}: {_until(words, term)}"


def _until(words: Words, term: Json) -> str:
    ref = f" ({term['ref']})" if term.get("ref") else ""
    return f"{words('until', moment=moment(term['due']))}{ref}"


def _receipt(words: Words, content: Json) -> tuple[Text, Text]:
    own = content["receipt"]
    text = with_references(words, outcome(words, outcome_of(own)), own)
    for item in own["items"]:
        for n, line in enumerate(to_assess(words, item)):
            text.append(f"\n{item['item'] + 1}. " if n == 0 else "\n   ", style="default").append_text(line)
    for line in (*of_the_whole(words, own), *appeal(words, own), *notes(words, own)):
        text.append("\n").append_text(line)
    return Text(own["message"], style="dim"), text


def notice(words: Words, content: Json) -> tuple[Text, Text]:
    """What a notice of the broker's own says, and what it says of time or of sources."""
    shown = Text(words.term("notices", content["notice"]), style="bold")
    text = Text()
    if "clock" in content:
        text.append(f"{words.term('clocks', content['clock'])}: {_until(words, content)}")
    for contact in content.get("contacts", ()):
        hours = f" ({contact['hours']})" if "hours" in contact else ""
        text.append(f"\n☎ {contact['function']}: {contact['telephone']}{hours}")
    if "independent_sources" in content:
        text.append(words("independent_sources", n=content["independent_sources"]))
    if "programme" in content:
        text.append(words.term("programmes", content["programme"]))
    if content.get("valid_from"):
        text.append(f"\n{content['valid_from']} – {content['valid_until'] or ''}".rstrip())
    if content.get("unit", Unit.REGISTRY) != Unit.REGISTRY:
        shown.append(f"\n→ {words.term('units', content['unit'])}", style="not bold")
    if "authority" in content:
        shown.append(f"\n← {words.party(content['authority'])}", style="not bold")
    messages = content.get("messages", [content["message"]] if "message" in content else [])
    for message in (*messages, *content.get("received", ())):
        shown.append(f"\n{message}", style="dim not bold")
    return shown, text
