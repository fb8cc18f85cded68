"""What a person sees at the terminal: lines of text, each made fit for it, whoever wrote what they say."""

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .broker import Json
from .texts import Parties, Texts, moment

_MARGIN = 2
_LABEL = 24
_NEEDS = ("addiction", "contact", "debts", "health", "housing", "income", "occupation", "protected_data")
_TABLES: Mapping[str, str] = {
    "categories": "categories",
    "category": "categories",
    "purpose": "purposes",
    "purposes": "purposes",
    "programme": "programmes",
    "urgency": "urgencies",
    "concerns": "concerns",
    "status": "inquiry_statuses",
    "handed_to": "handed_to",
    "outcome": "matter_outcomes",
    "type": "organisation_types",
    "level": "levels",
    "action": "actions",
    "event": "condition_events",
    "form": "forms",
    "role": "signers",
    "by": "signers",
    "test": "tests",
    "ground": "grounds",
    "basis": "grounds",
    "id_type": "id_types",
    "child": "views",
    "state": "acknowledged",
    "unit": "units",
    **dict.fromkeys(_NEEDS, "report_need_answers"),
}
"""Fields whose value is one of a closed list that has a table of its own; `reason` is one only in a refusal."""
_FIRST = ("secrecy", "may_be_told")
"""Shown first of all, by themselves."""
_NOTICED = (("clock", "clocks"), ("unit", "units"), ("programme", "programmes"))
_NOTICED_BODY = ("subject", "valid_from", "valid_until", "ref", "independent_sources")
"""What a notice says, as a message's body would."""
_MESSAGES = frozenset({"message", "replaces", "referral", "notice"})
"""Fields that name another message: nobody reads an id."""
_PARTIES = ("parties", "effect_to", "id_issuer", "go_to", "authority")
_UNSAID: tuple[Any, ...] = (None, "", [], {}, False)


@dataclass(frozen=True)
class Screen:
    """Where lines go, how wide it is, in which language, and what time it is."""

    write: Callable[[str], object]
    width: int
    texts: Texts
    parties: Parties
    now: datetime

    def line(self, text: str = "", indent: int = 0) -> None:
        """A line, over several where it is long; its own line ends are kept."""
        margin = " " * (_MARGIN * indent)
        for part in legible(text).split("\n"):
            folded = textwrap.wrap(part, max(20, self.width - len(margin)), break_on_hyphens=False) or [""]
            self.write("".join(f"{margin}{one}".rstrip() + "\n" for one in folded))

    def heading(self, text: str) -> None:
        """A line above others."""
        self.line()
        self.line(text)
        self.write("─" * min(self.width, max(len(legible(text)), 12)) + "\n")

    def field(self, label: str, value: str, indent: int = 0) -> None:
        """What a value is, and the value beside it."""
        margin = " " * (_MARGIN * indent)
        head = f"{margin}{legible(label)}".ljust(_LABEL)
        head += "" if head.endswith(" ") else "  "
        first, *rest = [
            piece
            for part in legible(value).split("\n")
            for piece in textwrap.wrap(part, max(20, self.width - _LABEL), break_on_hyphens=False) or [""]
        ]
        self.write(f"{head}{first}".rstrip() + "\n")
        self.write("".join(f"{' ' * _LABEL}{one}".rstrip() + "\n" for one in rest))

    def when(self, text: object) -> str:
        """A time that a line holds, as people say it."""
        time = moment(text)
        return self.texts.clock(time, self.now) if time else "–"

    def body(self, kind: str, body: Json) -> None:
        """What a message says: every field that says something, in words."""
        for name, value in body.items():
            if name not in _FIRST or kind != "InformationRequest":
                self._value(kind, name, value, 0)

    def notice(self, content: Json) -> None:
        """What the broker tells, but for the messages that it is about."""
        for name, table in _NOTICED:
            if content.get(name):
                self.field(self.texts.term("fields", name), self.texts.term(table, str(content[name])))
        for name in ("due", "time"):
            if content.get(name):
                self.field(self.texts.term("fields", name), self.when(content[name]))
        if content.get("authority"):
            self.field(self.texts("whom"), self.parties.name(content["authority"]))
        self.body("", {name: content[name] for name in _NOTICED_BODY if content.get(name)})

    def _value(self, kind: str, name: str, value: Any, indent: int) -> None:
        if value in _UNSAID and name not in ("holds", "committed"):
            return
        label = self.texts.term("fields", name)
        if isinstance(value, dict) and name in ("subject", "organisation"):
            self.field(label, self.person(value) if name == "subject" else self.organisation(value), indent)
        elif isinstance(value, dict):
            self.field(label, "", indent)
            for inner, part in value.items():
                self._value(kind, inner, part, indent + 1)
        elif isinstance(value, list) and all(isinstance(one, dict) for one in value):
            self._rows(kind, name, value, indent)
        elif isinstance(value, list):
            self.field(label, ", ".join(self.word(kind, name, one) for one in value), indent)
        else:
            self.field(label, self.word(kind, name, value), indent)

    def _rows(self, kind: str, name: str, rows: list[Json], indent: int) -> None:
        for row in rows:
            if "id_type" in row:
                self.field(self.texts.term("fields", name), self.person(row), indent)
            elif name == "counts":
                self.field(str(row.get("label")), self.texts("few") if row.get("n") is None else str(row["n"]), indent)
            elif name == "assessments":
                self.field(self.texts.term("fields", name), self.assessment(row), indent)
            elif name == "items":
                self.field(self.texts.term("categories", row.get("category")), self._content(row), indent)
                for inner in ("secrecy", "assessments", "concerns"):
                    self._value(kind, inner, row.get(inner), indent + 1)
            else:
                said = (f"{self.texts.term('fields', f)} {self.word(kind, f, v)}" for f, v in row.items() if v)
                self.field(self.texts.term("fields", name), ", ".join(said), indent)

    def _content(self, item: Json) -> str:
        if why := item.get("unopened"):
            return self.texts(f"sealed_{why}", id=item["sealed"].get("key"))
        content, sort = str(item.get("content") or ""), str(item.get("content_type") or "text/plain")
        return content if sort.startswith("text/") else self.texts("a_file", sort=sort, n=len(content) * 3 // 4)

    def word(self, kind: str, name: str, value: Any) -> str:
        """One value in words."""
        text, texts = str(value), self.texts
        table = "reasons" if (kind, name) == ("Refusal", "reason") else _TABLES.get(name)
        if isinstance(value, bool):
            said = texts("yes" if value else "no")
        elif name in _MESSAGES:
            said = texts("an_earlier_message")
        elif name in _PARTIES:
            said = self.parties.name(text)
        elif texts.has("values", f"{name}/{text}"):
            said = texts.term("values", f"{name}/{text}")
        else:
            said = texts.term(table, text) if table else self._time(text) or text
        return said

    def _time(self, text: str) -> str:
        if len(text) == len("2026-03-02") and text[4:5] == "-":
            try:
                return self.texts.day(date.fromisoformat(text), self.now.date())
            except ValueError:
                return ""
        looks = len(text) > len("2026-03-02T09") and text[10] == "T"
        time = moment(text) if looks else None
        return self.texts.clock(time, self.now) if time else ""

    def person(self, subject: Json) -> str:
        """Who somebody is: first whether the identity is protected, then the number."""
        mark = str(subject.get("protected_identity") or "none")
        parts = [] if mark == "none" else [self.texts.term("values", f"protected_identity/{mark}")]
        if subject.get("id_type") == "unknown":
            parts.append(self.texts("unknown_person"))
        else:
            sort = str(subject.get("id_type"))
            parts.append(f"{self.texts.term('id_types', sort)} {_hyphenate(str(subject.get('id')))}")
        if issuer := subject.get("id_issuer"):
            parts.append(self.parties.name(issuer))
        if birth := subject.get("birth_date"):
            parts.append(self.texts("born", day=birth))
        return ", ".join(parts)

    def organisation(self, organisation: Json) -> str:
        """An organisation by name and number."""
        return f"{organisation.get('name')} ({organisation.get('orgnr')})"

    def assessment(self, row: Json) -> str:
        """What was answered to a test, by which function, and why where that is told."""
        says = self.texts.term("tests", row.get("test"))
        answer = self.texts("yes" if row.get("holds") else "no")
        reason = f": {row['reason']}" if row.get("reason") else ""
        return f"{says}: {answer} ({row.get('assessed_by')}){reason}"

    def first_of_all(self, body: Json) -> Iterator[str]:
        """What whoever answers a request must know first: whether it is itself secret, and who may be told of it."""
        if secrecy := body.get("secrecy"):
            yield self.texts("request_secret", refs=", ".join(map(str, secrecy)))
        said = body.get("may_be_told") or {}
        by_answer: dict[str, list[str]] = {}
        for who in ("child", "guardian", "party"):
            by_answer.setdefault(str(said.get(who) or "ask_first"), []).append(self.texts.term("may_be_told_to", who))
        for answer, persons in by_answer.items():
            known = self.texts.has("may_be_told", answer)
            when = self.texts.term("may_be_told", answer) if known else self.texts("not_before", day=answer)
            yield self.texts("may_be_told", who=", ".join(persons), answer=when)


def _hyphenate(number: str) -> str:
    return f"{number[:8]}-{number[8:]}" if len(number) == 12 and number.isdigit() else number


def legible(text: str) -> str:
    """A text without signs that a terminal obeys, or that turn the direction of writing: others wrote it."""
    kept = (
        sign if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Zl", "Zp") else " " for sign in text
    )
    return "".join(kept)
