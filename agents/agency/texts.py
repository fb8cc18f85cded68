"""Texts for people, in Swedish or English; names of Sweden's authorities.

Copies of `broker/texts` and the register: `make schemas` makes the files in `generated`, and a test compares them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from .broker import AgencyError
from .weighing import NEGATED

LANGUAGES = ("sv", "en")
_SWEDEN = ZoneInfo("Europe/Stockholm")
_FEW = 6
"""Most names that are told where several fit."""


class Texts:
    """The texts of one language."""

    def __init__(self, lang: str = "sv") -> None:
        self.lang = lang
        self._tables = _all()[lang]

    def __call__(self, key: str, **values: object) -> str:
        """A sentence of the terminal, with values filled in."""
        return self._tables["terminal"][key].format(**values)

    def term(self, table: str, key: str | None) -> str:
        """The text of an id; one that has none, of a later version, stands for itself."""
        return self._tables[table].get(key or "") or key or "–"

    def bar(self, key: str, *of: str) -> str:
        """What stands in the way, in its own words for one `of` these (kinds, outcomes); or a ground, by its name."""
        known = next((one for one in (f"{key}/{one}" for one in of) if self.has("bars", one)), key)
        return self.term("bars" if self.has("bars", known) else "grounds", known)

    def help(self, text: str) -> str:
        """What the command's help says, from its English words."""
        return dict(self.helps()).get(text, text)

    def helps(self) -> Iterable[tuple[str, str]]:
        """All that the command's help says, in English and in this language; nothing in English."""
        return self._tables.get("help", {}).items()

    def has(self, table: str, key: str) -> bool:
        """Whether an id has a text."""
        return key in self._tables[table]

    def options(self, table: str, ids: Iterable[str] | None = None) -> list[tuple[str, str]]:
        """Ids with their texts, to choose among."""
        return [(id, self.term(table, id)) for id in (self._tables[table] if ids is None else ids)]

    def find(self, table: str, said: str, flag: str) -> str:
        """The id that is meant by its text, by how the text begins, or by the id itself. Raises AgencyError."""
        return meant(self, said, dict(self.options(table)), flag)

    def question(self, ground: str | None, test: str) -> str:
        """What a test asks, in the words of the ground's paragraph where it has its own."""
        own = f"{ground}/{test}"
        table = "asked" if test in NEGATED else "questions"
        return self.term(table, own if self.has(table, own) else test)

    def detail(self, detail: str) -> str:
        """Why a message could not be used, fault by fault: each place by its last field, the rest as it is known."""
        return "\n".join(self._fault(fault) for fault in detail.split("; "))

    def _fault(self, fault: str) -> str:
        placed = re.fullmatch(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*): (.*)", fault, re.DOTALL)
        if placed is None:
            return self._translate(fault)
        names = [name for name in placed[1].split(".") if not name.isdigit() and name != "body"]
        return f"{self.term('fields', names[-1] if names else None)}: {self._translate(placed[2])}"

    def _translate(self, text: str) -> str:
        for english, own in self._details:
            if match := english.fullmatch(text):
                return own.format(*match.groups())
        return text

    @cached_property
    def _details(self) -> list[tuple[re.Pattern[str], str]]:
        """Each detail as a pattern; those that leave most open come last. In English they stand as they came."""
        parts = sorted(self._tables.get("details", {}).items(), key=lambda both: (both[0].count("{}"), -len(both[0])))
        return [(re.compile("(.+?)".join(map(re.escape, e.split("{}"))), re.DOTALL), own) for e, own in parts]

    def clock(self, when: datetime, now: datetime) -> str:
        """A moment as people say it, in Sweden's time."""
        local, today = when.astimezone(_SWEDEN), now.astimezone(_SWEDEN).date()
        time = local.strftime(self("clock_form"))
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((local.date() - today).days)
        return self(near, time=time) if near else self("on_day", day=self.day(local.date(), today), time=time)

    def day(self, day: date, today: date) -> str:
        """A day with its weekday, and its year where that is another."""
        weekday, month = self("weekdays").split()[day.weekday()], self("months").split()[day.month - 1]
        return f"{weekday} {day.day} {month}{f' {day.year}' if day.year != today.year else ''}"


class Parties:
    """Names of authorities: Sweden's, and those of a register file. Raises AgencyError when it can't be read."""

    def __init__(self, texts: Texts, register: Path | None = None) -> None:
        self._texts = texts
        self.names = dict(_authorities())
        """Every name by its id."""
        try:
            rows = json.loads(register.read_text("utf-8-sig")) if register else []
            self.names |= {row["authority"]: row["name"] for row in rows if "name" in row}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise AgencyError(texts("unreadable", file=register, why=type(error).__name__)) from None

    def name(self, id: object) -> str:
        """The name of an authority, or of a desk of one; one that is not known here has its id."""
        authority, _, desk = str(id).partition("/")
        if authority == "anonymous":
            return self._texts("nobody_named")
        name = self.names.get(authority, authority)
        return f"{name}, {self._texts.term('units', desk)}" if desk else name

    def find(self, said: str, flag: str) -> str:
        """The id of the authority that is meant. Raises AgencyError."""
        return meant(self._texts, said, self.names, flag)


def municipalities() -> dict[str, str]:
    """Sweden's municipalities by code."""
    prefix = "kommun-"
    return {id.removeprefix(prefix): name for id, name in _authorities().items() if id.startswith(prefix)}


def meant(texts: Texts, said: str, known: Mapping[str, str], flag: str, otherwise: str = "") -> str:
    """The one of several ids that somebody means: by id, by text, by its beginning, by a part of it.

    `otherwise`: what is said where nothing is like it. Raises AgencyError.
    """
    if said in known:
        return said
    word = " ".join(said.split()).casefold()
    by_text = {id: text.casefold() for id, text in known.items()}
    for fits in (
        [id for id, text in by_text.items() if text == word],
        [id for id, text in by_text.items() if text.startswith(word)],
        [id for id, text in by_text.items() if word in text],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            names = ", ".join(known[id] for id in fits[:_FEW])
            raise AgencyError(texts("several", flag=flag, names=names + (" …" if len(fits) > _FEW else "")))
    near = get_close_matches(word, by_text.values(), n=_FEW)
    names = ", ".join(known[id] for id, text in by_text.items() if text in near)
    raise AgencyError(
        texts("nearest", flag=flag, names=names) if near else otherwise or texts("unknown_name", flag=flag)
    )


def moment(text: object) -> datetime | None:
    """A time as a line has it; None where there is none that can be read."""
    try:
        when = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def local_moment(text: str) -> datetime | None:
    """A time as a person types it, in Sweden's time where no zone is said."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=_SWEDEN)).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The last moment of a Swedish day."""
    return datetime.combine(day + timedelta(1), datetime.min.time(), _SWEDEN) - timedelta(seconds=1)


@cache
def _all() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    tables: Mapping[str, Mapping[str, Mapping[str, str]]]
    tables = json.loads((files(__package__) / "generated" / "texts.json").read_text("utf-8"))
    return tables


@cache
def _authorities() -> Mapping[str, str]:
    names: Mapping[str, str] = json.loads((files(__package__) / "generated" / "authorities.json").read_text("utf-8"))
    return names
