"""A line of the inbox as a message of SDK: what it is, in its text; all that it says, in a PDF/A that is attached."""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from agents.agency import Delivery, Json, Notice, Receipt
from agents.agency.lines import Line
from agents.agency.texts import Parties
from agents.desk import pdf
from agents.desk.printed import STYLE, Printer
from agents.sdk import structured
from agents.sdk.message import LABEL, Document, File, Party, Reference, SdkMessage
from agents.sdk.settings import SdkSettings
from agents.sdk.texts import Words

_IDS = uuid5(NAMESPACE_URL, "urn:samband:sdk")
_ROOTS = {
    "personnummer": "1.2.752.129.2.1.3.1",
    "samordningsnummer": "1.2.752.129.2.1.3.3",
    "reserve": "1.2.752.74.9.1",
}
"""The OID of each sort of number."""
_CASE = "dnr"
_PDF = "application/pdf"


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
        printer = Printer(self.words.lang, self.parties)
        kept = _kept_back(line.body) if isinstance(line, Delivery) else []
        notes = tuple(self.words("message.kept", sort=sort) for sort in kept)
        written = printer.line(line, now, kind=kind, notes=notes)
        files = [File(f"{_name(line, message)}.pdf", _PDF, pdf.write(printer.page(title, written), STYLE))]
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
