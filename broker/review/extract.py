"""What is handed out of a subject report, in words for whom it concerns."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TextIO

from broker.authorities import ANONYMOUS
from broker.explanation import words as explaining
from broker.model.decision import Json
from broker.review.listing import write_rows
from broker.review.subject import Entry, Law, Part
from broker.review.words import Words


@dataclass(frozen=True)
class Line:
    """An exchange, in words. Its number is its place in what is handed out: the log's own would tell of what is not."""

    number: int
    time: str
    what: str
    sender: str
    recipient: str
    outcome: str
    parts: Sequence[str]
    law: Sequence[str]
    listed: str
    opened: str
    registered: str


COLUMNS = tuple(Line.__dataclass_fields__)


def write_lines(t: Words, words: explaining.Words, entries: Sequence[Entry]) -> Sequence[Line]:
    """What is handed out, in the language of the words."""
    return [_line(t, words, number, entry) for number, entry in enumerate(entries, 1)]


def _line(t: Words, words: explaining.Words, number: int, entry: Entry) -> Line:
    laws = dict.fromkeys([*(law for part in entry.parts for law in part.law), *entry.law])
    delivery = entry.delivery
    not_told = t("subject.not_told") if delivery else ""
    recipient = name_party(words, entry.recipient)
    if delivery and delivery.unit:
        recipient = t("subject.passed_on", to=recipient, unit=words.term("units", delivery.unit))
    return Line(
        number,
        t.moment(entry.time),
        words.term("kinds", entry.kind).capitalize(),
        name_party(words, entry.sender),
        recipient,
        t(f"subject.outcomes.{entry.outcome}"),
        [t("subject.shared")] if entry.is_shared else [_name_part(t, words, part) for part in entry.parts],
        [*(_name_law(words, law) for law in laws), *([t("subject.no_ground")] if _lacks_ground(entry) else [])],
        t.moment(delivery.listed) if delivery else not_told,
        t.moment(delivery.opened) if delivery and delivery.opened else not_told,
        t.moment(delivery.registered) if delivery and delivery.registered else not_told,
    )


def _lacks_ground(entry: Entry) -> bool:
    """Whether something was kept back because nothing carries it."""
    return not entry.law and any(part.outcome == "withhold" and not part.law for part in entry.parts)


def name_party(words: explaining.Words, party: Json) -> str:
    """An authority with its unit; nobody where nobody is named."""
    unit = party.get("unit") if party["authority"] != ANONYMOUS else None
    return words.party(f"{party['authority']}/{unit}" if unit else party["authority"])


def _name_part(t: Words, words: explaining.Words, part: Part) -> str:
    name = words.term("categories", part.category).capitalize() if part.category else t("subject.unnamed")
    return t(f"subject.parts.{part.outcome or 'asked'}", name=name)


def _name_law(words: explaining.Words, law: Law) -> str:
    text = words.barrier(law.id)
    return f"{law.ref}, {text}" if law.ref else text


def write(stream: TextIO, suffix: str, t: Words, lines: Sequence[Line]) -> None:
    """Write it as `csv`, `json` (an object a line), or text to be read."""
    match suffix:
        case "csv":
            heading = [t(f"subject.columns.{name}") for name in COLUMNS]
            write_rows(stream, heading, (asdict(line).values() for line in lines))
        case "json":
            for line in lines:
                stream.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        case _:
            stream.writelines(f"{text}\n" for text in _text(t, lines))


def _text(t: Words, lines: Sequence[Line]) -> Iterator[str]:
    yield from (t("subject.extract.heading"), "", t("subject.extract.lead"))
    if not lines:
        yield from ("", t("subject.extract.nothing"))
    for line in lines:
        yield from ("", f"{line.number}. {line.what}, {line.time}")
        yield from (f"   {label}: {value}" for label, value in label_line(t, line))
    for text in t.many("subject.extract.notes"):
        yield from ("", text)


def label_line(t: Words, line: Line) -> Iterator[tuple[str, str]]:
    """Label and value of all that an exchange has besides what it is, and when."""
    for name in COLUMNS[3:]:
        value = getattr(line, name)
        if value:
            yield t(f"subject.columns.{name}"), "; ".join(value) if isinstance(value, list) else value
