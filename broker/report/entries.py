"""A record as the report counts it: who, whom, when, what became of it; never who it is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from broker.model.days import SWEDEN, swedish_day
from broker.model.decision import Json
from broker.model.vocabulary import AuthorityKind, Outcome
from broker.report.rules import UNKNOWN, Rules
from broker.report.suppression import SUM, Cell

PARTIAL = "partial"
OUTCOMES = ("forward", PARTIAL, "refer", "withhold")
"""What a message may come to, one of them each: forwarded whole, or in part."""

ON_REQUEST, OWN_INITIATIVE = "Disclosure", "DisclosureOwn"
"""A disclosure in reply to a request, and one that nobody asked for: two rows, for they are told apart everywhere."""

AUTHORITY_KINDS = tuple(kind.value for kind in AuthorityKind)
"""The order in which kinds of authority stand."""

NOWHERE = "none"
"""The county of what has none."""

_COUNTY_BOARD, _REGION, _MUNICIPALITY = "lansstyrelsen-", "region-", "kommun-"


class Party(NamedTuple):
    """A sender or recipient: its id, kind, sector and county code."""

    id: str
    kind: str
    sector: str
    county: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One decided message."""

    seq: int
    id: str
    kind: str
    time: datetime
    day: date
    counts: bool
    """Is it of the year? Earlier ones are read for what they leave open."""
    sender: Party
    recipient: Party
    outcome: str
    in_reply_to: str | None
    area: str | None
    stated: Mapping[str, Any]
    leaf: Json

    @property
    def delivered(self) -> bool:
        """Whether it went out, whole or in part."""
        return self.outcome in OUTCOMES[:2]

    @property
    def row(self) -> str:
        """Its kind, disclosures on own initiative apart."""
        return OWN_INITIATIVE if self.kind == ON_REQUEST and self.in_reply_to is None else self.kind

    @property
    def items(self) -> list[Json]:
        """What became of each item."""
        items: list[Json] = self.leaf["receipt"]["items"]
        return items

    def category(self, item: Json) -> str:
        """The category of an item, or of a request."""
        return str(self.leaf["input"]["items"][str(item["item"])]["category"])

    def is_released_unnamed(self, item: Json) -> bool:
        """Whether an item went out that names no secrecy."""
        return item["outcome"] == "release" and not self.leaf["input"]["items"][str(item["item"])]["secrecy"]

    @property
    def asked(self) -> set[str]:
        """The categories of all items, or of a request."""
        return {item["category"] for item in self.leaf["input"]["items"].values()}

    def county(self, first: str) -> str:
        """Where it belongs: the county of the `sender` or `recipient`, the area it is sent to, or the other's."""
        own, other = self.sender.county, self.recipient.county
        if first == "recipient":
            own, other = other, own
        return own or _county_of_area(self.area) or other or NOWHERE


@dataclass(frozen=True)
class Period:
    """Days in Sweden, the first and the last with them."""

    first_day: date
    last_day: date

    @classmethod
    def of_year(cls, year: int) -> "Period":
        """A whole year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        after = self.last_day + timedelta(1)
        return datetime(after.year, after.month, after.day, tzinfo=SWEDEN)

    @property
    def months(self) -> list[str]:
        """Its months, as they are counted: 2026-11."""
        first, last = (day.year * 12 + day.month - 1 for day in (self.first_day, self.last_day))
        return [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, last + 1)]

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


class Reader:
    """Makes entries of records."""

    def __init__(self, rules: Rules, period: Period) -> None:
        self._rules = rules
        self._period = period
        self._party = lru_cache(maxsize=4096)(self._new_party)

    def read(self, leaf: Json) -> Entry:
        """One entry from one leaf of a decided message."""
        asked = leaf["input"]
        time = datetime.fromisoformat(leaf["time"])
        day = swedish_day(time)
        kind, outcome = leaf["kind"], leaf["receipt"]["outcome"]
        return Entry(
            seq=leaf["seq"],
            id=leaf["message"],
            kind=kind,
            time=time,
            day=day,
            counts=day in self._period,
            sender=self._of(asked["sender"], kind, "sends"),
            recipient=self._of(asked["recipient"], kind, "receives"),
            outcome=PARTIAL if outcome == Outcome.FORWARD and leaf["receipt"]["partial"] else outcome,
            in_reply_to=leaf["in_reply_to"],
            area=leaf["recipient"].get("area"),
            stated=asked.get("stated") or {},
            leaf=leaf,
        )

    def _of(self, party: Json, kind: str, way: str) -> Party:
        return self._party(party["id"], party["authority"], tuple(party["kinds"]), party["unit"], (way, kind))

    def _new_party(self, id_: str, in_law: str, kinds: tuple[str, ...], unit: str, message: tuple[str, str]) -> Party:
        sector = self._rules.sector(in_law, kinds, unit, message)
        return Party(id_, kinds[0] if kinds else UNKNOWN, sector, _county_of(in_law))


def sums_of(row: str) -> dict[Cell, str]:
    """Names for the last row of a table over outcomes, which stands in the overview too: as this row."""
    return {(SUM, column): f"{row}/{column}" for column in (*OUTCOMES, SUM)}


def _county_of(authority: str) -> str | None:
    """The county code in the id of a municipality, region or county board: a municipality's code begins with it."""
    for prefix in (_MUNICIPALITY, _REGION, _COUNTY_BOARD):
        code = authority.removeprefix(prefix)
        if code != authority:
            return code[:2]
    return None


def _county_of_area(area: str | None) -> str | None:
    """The county of a municipality; a police region has several."""
    return area[:2] if area and area.isdigit() else None
