"""The oracle's own words: what a ground is asked about, what it may answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from scenery.oracle.parties import Party

Json = dict[str, Any]

_SWEDEN = ZoneInfo("Europe/Stockholm")
_COORDINATION = 60


class Unclear(Exception):
    """The contract leaves open what becomes of such a message, so the county must not hold one."""


@dataclass(frozen=True)
class Finding:
    """What one ground says of one item.

    `carries`; `lacks` answers to the tests in `asks` (None: which ones the contract leaves open); `open`: a reading
    or a function is for a human; `no`: it does not carry, because of `bar`.
    """

    state: Literal["carries", "lacks", "open", "no"]
    asks: tuple[str, ...] | None = ()
    bar: str | None = None

    def open_finding(self) -> "Finding":
        """The same with a reading left to a human; the contract does not say whether it then names lacking tests."""
        return Finding("open", () if self.state == "carries" else None)


CARRIES = Finding("carries")
OPEN = Finding("open", None)


def no(bar: str) -> Finding:
    """It does not carry, because of this bar."""
    return Finding("no", bar=bar)


_ADULT = 18


@dataclass(frozen=True)
class Case:
    """One item of a message, with all that grounds ask about it."""

    kind: str
    day: date
    sender: Party
    recipient: Party
    category: str
    purpose: str | None
    on_request: bool
    secrecy: tuple[str, ...]
    answers: dict[str, dict[str, bool]]
    persons: tuple[Json, ...]
    organisation: bool
    offence: Json | None
    subject: Json | None
    circumstances: frozenset[str]
    asked_under: tuple[str, ...]
    message: Json = field(repr=False)

    def answer(self, test: str, ground: str) -> bool | None:
        """A human's answer to a test, for this ground or for any; None when there is none."""
        given = self.answers.get(test, {})
        return given.get(ground, given.get("*"))

    def weigh(self, ground: str, **wanted: bool) -> Finding:
        """What the answers say: one against release closes the ground, a missing one leaves it to a human."""
        given = {test: self.answer(test, ground) for test in wanted}
        if any(held is not None and held != wanted[test] for test, held in given.items()):
            return no(ground)
        missing = tuple(test for test, held in given.items() if held is None)
        return Finding("lacks", missing) if missing else CARRIES

    def if_authorities(self, finding: Finding, ground: str, *parties: Party) -> Finding:
        """What a ground for authorities finds: nothing if one of these is none, open if that is not clear."""
        if not all(party.may_be_authority(self.day) for party in parties):
            return no(ground)
        certain = all(party.is_authority(self.day) for party in parties)
        return finding if certain or finding.state == "no" else finding.open_finding()

    def younger_than(self, years: int) -> bool | None:
        """Whether each person whom the item concerns is under this age; None when that can't be known."""
        ages = [age_on(self.day, person) for person in self.persons]
        if any(age is not None and age >= years for age in ages):
            return False
        return None if None in ages or not ages else True

    def protects_a_child(self, *, presumable: bool = False) -> bool | None:
        """Whether the child that the matter is about is under 18; of an adult subject, those whom the item concerns.

        `presumable`: what may be presumed is enough where the age is not known.
        """
        age = age_on(self.day, self.subject) if self.subject else None
        about_an_adult = self.subject is None or (age is not None and age >= _ADULT)
        under = self.younger_than(_ADULT) if about_an_adult else (None if age is None else True)
        return True if under is None and presumable and "presumed_under_18" in self.circumstances else under

    def commits(self) -> bool:
        """Whether a committed offence is in it, as the sender states."""
        return bool(self.offence and self.offence["committed"])


Judge = Callable[[Case], Finding]


@dataclass(frozen=True)
class Ground:
    """A ground of the contract: its provision, how far it reaches, whether it is a duty, and its own function."""

    id: str
    ref: str | None
    reaches: Callable[[str], bool]
    duty: bool
    judge: Judge


def swedish_day(message: Json) -> date:
    """The Swedish day of a message."""
    return datetime.fromisoformat(message["time"]).astimezone(_SWEDEN).date()


def born(person: Json) -> date | None:
    """Day of birth, from `birth_date` or the number."""
    if person.get("birth_date"):
        return date.fromisoformat(person["birth_date"])
    if person["id_type"] not in ("personnummer", "samordningsnummer"):
        return None
    number = person["id"]
    less = _COORDINATION if person["id_type"] == "samordningsnummer" else 0
    return date(int(number[:4]), int(number[4:6]), int(number[6:8]) - less)


def age_on(day: date, person: Json) -> int | None:
    """Age in whole years; None when it is not known."""
    birth = born(person)
    if birth is None:
        return None
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def anything(_: str) -> bool:
    """A duty that breaks every secrecy (OSL 10:28)."""
    return True


def only(provisions: Iterable[str]) -> Callable[[str], bool]:
    """A rule that reaches what it names and nothing else."""
    return frozenset(provisions).__contains__


def ground(ref: str | None, reaches: Callable[[str], bool], *, duty: bool = False) -> Callable[[Judge], Ground]:
    """Make a function that reads one provision into a ground of the contract, under the function's own name."""

    def make(judge: Judge) -> Ground:
        return Ground(judge.__name__, ref, reaches, duty, judge)

    return make
