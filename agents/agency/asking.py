"""A person asks an authority for information: names in place of ids, and each prompt has its flag."""

import argparse
from datetime import date
from typing import Any, cast, get_args

from .broker import AgencyError, Json
from .drafts import Address, Draft, Drafts, may_be_told, person
from .drafts import number as typed_number
from .prompts import Prompts
from .screens import Screen
from .words import Category, ProtectedIdentity, Urgency

_WHO = ("child", "guardian", "party")


def add_flags(parser: argparse.ArgumentParser) -> None:
    """What can be said beforehand."""
    add = parser.add_argument
    add("whom", metavar="AUTHORITY", help="whom to ask, by name: Botkyrka")
    add("--of", metavar="UNIT", help="the part of it that has the information")
    add("--person", metavar="NUMBER", help="12 digits, or unknown")
    add("--birth-date", metavar="DAY", help="of a person whose number is not known")
    add(
        "--protected", metavar="SORT", help="the person's protected identity: " + ", ".join(get_args(ProtectedIdentity))
    )
    add("--category", action="append", default=[], help="kind of information; may be repeated")
    add("--purpose", help="what it is for")
    add("--need", metavar="TEXT", help="why, without personal data")
    add("--urgency", help="how soon: " + ", ".join(get_args(Urgency)))
    add("--deadline", metavar="DAY", help="last day for an answer")
    add("--period", help="the time that the information is about")
    add("--basis", action="append", default=[], metavar="GROUND", help="a ground that you claim")
    add("--secrecy", action="append", default=[], metavar="REF", help="secrecy of the request itself, at yours")
    add(
        "--may-be-told", action="append", default=[], metavar="WHO=WHEN", help="child, guardian or party = yes or a day"
    )
    add("--case", help="your own reference number")
    add("--officer", metavar="ID", help="who asks, an id of your own: never delivered")


def request(said: argparse.Namespace, prompts: Prompts, screen: Screen, authority: str) -> Draft:
    """The request. Raises AgencyError."""
    texts, write = screen.texts, Drafts(authority)
    to = screen.parties.find(said.whom, "AUTHORITY")
    screen.line(texts("asks", whom=screen.parties.name(to)))
    unit = _one(prompts, "units", said.of, flag="--of", question="which_unit")
    number = said.person or prompts.text("--person", texts("which_person"))
    subject = _person(said, number, screen)
    categories = _several(said.category, prompts)
    purpose = _one(prompts, "purposes", said.purpose, flag="--purpose", question="which_purpose")
    need = said.need or prompts.text("--need", texts("which_need"))
    asked = said.urgency or prompts.somebody
    urgency = _one(prompts, "urgencies", said.urgency, flag="--urgency", question="how_urgent") if asked else "routine"
    return write.request(
        Address(to, cast("Any", unit)),
        cast("Any", categories),
        purpose=cast("Any", purpose),
        need=need,
        subject=subject,
        period=said.period,
        urgency=cast("Any", urgency),
        deadline=_day(said.deadline, "--deadline", screen),
        basis=said.basis,
        secrecy=said.secrecy,
        may_be_told=_parse_may_be_told(said.may_be_told, screen),
        **_how(said, prompts),
    )


def _how(said: argparse.Namespace, prompts: Prompts) -> Any:
    case = said.case or prompts.maybe("--case", prompts.texts("own_case"))
    return {name: value for name, value in (("case", case), ("officer", said.officer)) if value}


def _one(prompts: Prompts, table: str, said: str | None, *, flag: str, question: str) -> str:
    texts = prompts.texts
    return texts.find(table, said, flag) if said else prompts.choose(flag, texts(question), texts.options(table))


def _several(said: list[str], prompts: Prompts) -> list[str]:
    texts = prompts.texts
    if said:
        return list(dict.fromkeys(texts.find("categories", one, "--category") for one in said))
    return prompts.several("--category", texts("which_categories"), texts.options("categories", get_args(Category)))


def _person(said: argparse.Namespace, number: str, screen: Screen) -> Json:
    if said.protected and said.protected not in get_args(ProtectedIdentity):
        raise AgencyError(f"--protected: {', '.join(get_args(ProtectedIdentity))}")
    protected: Any = said.protected or "none"
    if number.casefold() in ("unknown", screen.texts("unknown")):
        return person(None, birth_date=said.birth_date, protected_identity=protected)
    read = typed_number(number)
    if read is None:
        raise AgencyError(f"--person: {screen.texts('twelve_digits')}")
    digits, sort = read
    return person(digits, id_type=sort, protected_identity=protected)


def _day(said: str | None, flag: str, screen: Screen) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise AgencyError(f"{flag}: {screen.texts('no_day')}") from None


def _parse_may_be_told(said: list[str], screen: Screen) -> Json | None:
    """WHO=WHEN; of whom nothing is said the answerer is to ask first."""
    fields: dict[str, Any] = {}
    for one in said:
        who, _, when = one.partition("=")
        by_word = {screen.texts.term("may_be_told_to", id).casefold(): id for id in _WHO}
        who = by_word.get(who.casefold(), who)
        if who not in _WHO:
            raise AgencyError(f"--may-be-told: {', '.join(by_word)}")
        known = {"yes": "yes", screen.texts("yes"): "yes", "ask_first": "ask_first"}
        fields[who] = known.get(when) or _day(when, "--may-be-told", screen)
    return may_be_told(**fields) if fields else None
