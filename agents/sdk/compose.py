"""A line of the inbox as a message of SDK: what it is, in its text; all that it says, in a PDF/A that is attached."""

import base64
import binascii
import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from agents.agency import Delivery, Json, Notice, Receipt
from agents.agency import outcome as terminal
from agents.agency.lines import Line
from agents.agency.screens import Screen
from agents.agency.texts import Parties, Texts
from agents.desk import pdf
from agents.sdk import structured
from agents.sdk.message import LABEL, Document, File, Party, Reference, SdkMessage
from agents.sdk.settings import SdkSettings
from agents.sdk.texts import Words

_WIDTH = 92
_IDS = uuid5(NAMESPACE_URL, "urn:samband:sdk")
_ROOTS = {
    "personnummer": "1.2.752.129.2.1.3.1",
    "samordningsnummer": "1.2.752.129.2.1.3.3",
    "reserve": "1.2.752.74.9.1",
}
"""The OID of each sort of number."""
_CASE = "dnr"
_PDF = "application/pdf"
_STYLE = """
@page { size: A4; margin: 20mm 18mm 22mm; @bottom-right { content: counter(page) " / " counter(pages); } }
body { font: 10.5pt/1.4 "Liberation Sans", "DejaVu Sans", sans-serif; color: #000; }
h1 { font-size: 16pt; margin: 0 0 4mm; }
pre { font: 9pt/1.45 "Liberation Mono", "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
"""


@dataclass(frozen=True)
class Composer:
    """In: the settings, the words, the names of authorities. Raises Missing where no PDF can be made."""

    settings: SdkSettings
    words: Words
    parties: Parties

    def compose(
        self, line: Line | Receipt, message: str, *, unit: str, case: int, now: datetime, kind: str = ""
    ) -> SdkMessage:
        """The message; the same line is the same message, whenever it is made.

        In: the line, the id of its row, the own unit that it is for, its thread; of a receipt, the kind of the message.
        """
        to = self.settings.recipient(unit)
        title = self._title(line, kind)
        written = self._written(line, title, kind, now)
        files = [File(f"{_name(line, message)}.pdf", _PDF, pdf.write(self._page(title, written), _STYLE))]
        if isinstance(line, Delivery):
            files += _attached(line.body)
            if to.structured:
                files.append(File(f"{message}.xml", structured.CONTENT_TYPE, _structured(line)))
        text = self.words("message.text", title=title)
        document = Document("1", title[:LABEL], (text,), tuple(files))
        return SdkMessage(
            id=sdk_id(message),
            conversation=conversation_id(self.settings.participant, case),
            created=now,
            label=title[:LABEL],
            sender=Party(self.settings.participant, self.settings.function, self._sender(line)),
            recipient=Party(to.participant, to.function, references=_references(line)),
            documents=(document,),
        )

    def _title(self, line: Line | Receipt, kind: str) -> str:
        """What it is, from whom: never who it is about."""
        if isinstance(line, Delivery):
            return self.words(
                "message.delivery",
                kind=self.words.term("kinds", line.kind),
                whom=self.parties.name(line.sender.get("authority")),
            )
        if isinstance(line, Receipt):
            return self.words("message.receipt", kind=self.words.term("kinds", kind))
        if isinstance(line, Notice):
            return self.words("message.notice", what=self.words.term("notices", line.notice))
        return self.words("message.unknown")

    def _sender(self, line: Line | Receipt) -> str:
        name = self.parties.name(line.sender.get("authority")) if isinstance(line, Delivery) else ""
        return self.words("message.sender", whom=name)[:LABEL] if name else "Samband"

    def _written(self, line: Line | Receipt, title: str, kind: str, now: datetime) -> str:
        texts = Texts(self.words.lang)
        lines: list[str] = []
        screen = Screen(lines.append, _WIDTH, texts, self.parties, now)
        if isinstance(line, Delivery):
            self._delivery(screen, texts, line)
        elif isinstance(line, Receipt):
            terminal.show(screen, kind, line, [])
        elif isinstance(line, Notice):
            screen.notice(line.content)
        return "".join(lines)

    def _delivery(self, screen: Screen, texts: Texts, line: Delivery) -> None:
        if line.kind == "InformationRequest":
            for sentence in screen.first_of_all(line.body):
                screen.line(sentence)
        if line.pass_on:
            screen.line(texts("pass_on"))
        screen.field(texts("came"), screen.when(line.message.get("time")))
        if line.message.get("case"):
            screen.field(texts("their_case"), str(line.message["case"]))
        for term in line.terms:
            screen.field(texts.term("clocks", str(term.get("clock"))), screen.when(term.get("due")))
        screen.body(line.kind, line.body)
        for category, how in line.answers.items():
            screen.field(texts.term("categories", category), texts.term("answered", how))
        for file in _kept_back(line.body):
            screen.line(self.words("message.kept", sort=file))

    def _page(self, title: str, written: str) -> str:
        escaped = html.escape(title)
        return (
            f'<!doctype html><html lang="{self.words.lang}"><head><title>{escaped}</title></head>'
            f"<body><h1>{escaped}</h1><pre>{html.escape(written)}</pre></body></html>"
        )


def sdk_id(message: str) -> str:
    """The id that a row of the desk has in SDK: the same each time."""
    return str(uuid5(_IDS, message))


def conversation_id(participant: str, case: int) -> str:
    """The id that a thread has in SDK."""
    return str(uuid5(_IDS, f"{participant}/{case}"))


def _name(line: Line | Receipt, message: str) -> str:
    return line.kind if isinstance(line, Delivery) else f"samband-{message[-12:]}"


def _references(line: Line | Receipt) -> tuple[Reference, ...]:
    """What it is about: the person, but for a protected one, and the sender's case."""
    if not isinstance(line, Delivery):
        return ()
    subject = line.body.get("subject") or {}
    root, number = _ROOTS.get(str(subject.get("id_type"))), subject.get("id")
    is_open = str(subject.get("protected_identity") or "none") == "none"
    person = (Reference(root, str(number)),) if root and number and is_open else ()
    case = (Reference(_CASE, str(line.message["case"])),) if line.message.get("case") else ()
    return person + case


def _items(body: Json) -> Iterator[tuple[str, str, str]]:
    for index, item in enumerate(body.get("items") or (), 1):
        sort = str(item.get("content_type") or "text/plain")
        if not sort.startswith("text/"):
            yield f"{index}", sort, str(item.get("content") or "")


def _attached(body: Json) -> list[File]:
    """The items that are PDF: the one sort of file that every organisation takes."""
    files = [(index, _decoded(content)) for index, sort, content in _items(body) if sort == _PDF]
    return [
        File(f"{body['items'][int(n) - 1].get('category')}-{n}.pdf", _PDF, content) for n, content in files if content
    ]


def _kept_back(body: Json) -> list[str]:
    """The sorts of those that are not: they are fetched at the desk."""
    return [sort for _, sort, content in _items(body) if sort != _PDF or not _decoded(content)]


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _structured(line: Delivery) -> bytes:
    return structured.encode(line.message)
