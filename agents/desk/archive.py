"""A case for the e-archive: all that came in it or was sent, each as a page to read and as data, and its receipts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files

from agents.agency import Delivery, Json, Receipt
from agents.agency.texts import Parties, Texts
from agents.desk import pdf
from agents.desk.csip import Package
from agents.desk.printed import STYLE, Printer
from agents.desk.store import Row, SentRow, Store
from agents.sdk import structured

_SCHEMA = "samband-message-1.xsd"
_ABOUT = """# {title}

{authority}, {made}. Ärendets dagbok ur Samband.

Varje handling finns två gånger i `representations/rep1/data`: som PDF/A att läsa, och som data så som den kom eller
sändes: ett meddelande som XML enligt `schemas`, annat som JSON. En kvittens från Samband (`*-kvittens.json`) säger
vad som beslutades, enligt vilka lagrum, och vilken post i loggen (`audit`) beslutet är. `bevis.zip` är, där den finns,
loggens poster med bevis som vem som helst kan pröva: `samband audit verify --evidence bevis.zip`.
"""


@dataclass(frozen=True)
class Archivist:
    """In: the desk's store, whose desk it is, the language, the names of authorities."""

    store: Store
    authority: str
    lang: str
    parties: Parties

    def package(self, case: int, now: datetime, *, evidence: bytes | None = None) -> Package:
        """A case as a package; `evidence`: the archive that `samband audit evidence` has made of its records.

        Raises Missing where there is no such case, or no PDF can be made; Destroyed.
        """
        data = dict(self._files(case, now))
        if evidence is not None:
            data["bevis.zip"] = evidence
        title = f"Ärende {case}"
        name = self.parties.name(self.authority)
        about = _ABOUT.format(title=title, authority=name, made=now.date().isoformat())
        return Package(
            id=f"{self.authority.replace('/', '.')}-{case}",
            title=title,
            creator=name,
            version=version("samband"),
            made=now,
            data=data,
            documentation={"README.md": about.encode()},
            schemas={_SCHEMA: (files("agents.sdk") / "published" / _SCHEMA).read_bytes()},
        )

    def _files(self, case: int, now: datetime) -> Iterator[tuple[str, bytes]]:
        rows: list[tuple[datetime, Row | SentRow]] = [
            *((row.received, row) for row in self.store.inbox.case(case)),
            *((row.time or row.queued, row) for row in self.store.sent.case(case)),
        ]
        for n, (_, row) in enumerate(sorted(rows, key=lambda both: both[0]), 1):
            yield from (self._came(n, row, now) if isinstance(row, Row) else self._sent(n, row))

    def _came(self, n: int, row: Row, now: datetime) -> Iterator[tuple[str, bytes]]:
        line = self.store.inbox.content(row.message)
        texts, printer = Texts(self.lang), Printer(self.lang, self.parties)
        title = texts.term("kinds", row.kind) if isinstance(line, Delivery) else texts.term("notices", row.kind)
        if isinstance(line, Receipt):
            title = texts("came_back", what=texts.term("kinds", row.kind))
        name = f"{n:04}-in"
        yield self._printed(name, title, printer.line(line, now, kind=row.kind))
        yield _message(name, line.message) if isinstance(line, Delivery) else (f"{name}.json", _json(line.content))

    def _sent(self, n: int, row: SentRow) -> Iterator[tuple[str, bytes]]:
        draft = self.store.drafts.get(row.draft)
        to = row.to.authority
        written = Printer(self.lang, self.parties).sent(row.kind, to, draft.body, row.time or row.queued)
        title = Texts(self.lang).term("kinds", row.kind)
        message = {
            "id": row.message,
            "kind": row.kind,
            "sender": {"authority": self.authority.partition("/")[0]} | _said(draft.how, "unit", "role", "officer"),
            "recipient": {"authority": to, "unit": row.to.unit},
            "time": (row.time or row.queued).isoformat(),
            **_said(draft.how, "case"),
            "in_reply_to": row.answers,
            "body": draft.body,
        }
        yield self._printed(f"{n:04}-ut", title, written)
        yield _message(f"{n:04}-ut", message)
        receipt = self.store.sent.receipt(row.message)
        if receipt is not None:
            yield f"{n:04}-ut-kvittens.json", _json(receipt.content)

    def _printed(self, name: str, title: str, written: str) -> tuple[str, bytes]:
        return f"{name}.pdf", pdf.write(Printer(self.lang, self.parties).page(title, written), STYLE)


def _message(name: str, message: Json) -> tuple[str, bytes]:
    """As XML; what a later contract has, that this one's schema can't say, as it is."""
    try:
        return f"{name}.xml", structured.encode(message)
    except structured.NotStructured:
        return f"{name}.json", _json(message)


def _said(how: Json, *names: str) -> Json:
    return {name: how[name] for name in names if how.get(name)}


def _json(content: Json) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
