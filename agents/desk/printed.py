"""What came or was sent, as it is read by a person: its words, and a page of them that is printed."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agents.agency import Delivery, Json, Notice, Receipt
from agents.agency import outcome as terminal
from agents.agency.lines import Line
from agents.agency.screens import Screen
from agents.agency.texts import Parties, Texts

_WIDTH = 92
STYLE = """
@page { size: A4; margin: 20mm 18mm 22mm; @bottom-right { content: counter(page) " / " counter(pages); } }
body { font: 10.5pt/1.4 "Liberation Sans", "DejaVu Sans", sans-serif; color: #000; }
h1 { font-size: 16pt; margin: 0 0 4mm; }
pre { font: 9pt/1.45 "Liberation Mono", "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
"""


@dataclass(frozen=True)
class Printer:
    """In: the language, the names of authorities."""

    lang: str
    parties: Parties

    def line(self, line: Line | Receipt, now: datetime, *, kind: str = "", notes: tuple[str, ...] = ()) -> str:
        """All that a line says; of a receipt, `kind` is that of the message. `notes` come last."""
        texts = Texts(self.lang)
        lines: list[str] = []
        screen = Screen(lines.append, _WIDTH, texts, self.parties, now)
        if isinstance(line, Delivery):
            self._delivery(screen, texts, line)
        elif isinstance(line, Receipt):
            terminal.show(screen, kind, line, [])
        elif isinstance(line, Notice):
            screen.notice(line.content)
        for note in notes:
            screen.line(note)
        return "".join(lines)

    def sent(self, kind: str, to: str, body: Json, time: datetime) -> str:
        """All that a message of one's own says."""
        texts = Texts(self.lang)
        lines: list[str] = []
        screen = Screen(lines.append, _WIDTH, texts, self.parties, time)
        title = texts(
            "sent_to", kind=texts.term("kinds", kind), whom=self.parties.name(to), when=texts.clock(time, time)
        )
        screen.line(title)
        screen.body(kind, body)
        return "".join(lines)

    def page(self, title: str, written: str) -> str:
        """A page of it, which needs nothing else."""
        escaped = html.escape(title)
        return (
            f'<!doctype html><html lang="{self.lang}"><head><title>{escaped}</title></head>'
            f"<body><h1>{escaped}</h1><pre>{html.escape(written)}</pre></body></html>"
        )

    def _delivery(self, screen: Screen, texts: Texts, line: Delivery) -> None:
        if line.kind == "InformationRequest":
            for sentence in screen.first_of_all(line.body):
                screen.line(sentence)
        if line.pass_on:
            screen.line(texts("pass_on"))
        screen.field(texts("came"), screen.when(line.message.get("time")))
        if line.message.get("case"):
            screen.field(texts("their_case"), str(line.message["case"]))
        for label, when in _terms(texts, line):
            screen.field(label, screen.when(when))
        screen.body(line.kind, line.body)
        for category, how in line.answers.items():
            screen.field(texts.term("categories", category), texts.term("answered", how))


def _terms(texts: Texts, line: Delivery) -> Iterator[tuple[str, object]]:
    for term in line.terms:
        yield texts.term("clocks", str(term.get("clock"))), term.get("due")
