"""Identity numbers: check digits, what can be read from them, and whether a text holds one.

The only importer of `personnummer` and `python-stdnum`. `stdnum.se.personnummer` refuses coordination
numbers (samordningsnummer), therefore two libraries.
"""

import html
import re
import unicodedata
from datetime import date

from personnummer import personnummer
from stdnum import luhn
from stdnum.se import orgnr as _orgnr

from broker.model.signs import is_unseen
from broker.model.vocabulary import YEARS

_TWELVE_DIGITS = re.compile(r"[0-9]{12}", re.ASCII)
_TEN_DIGITS = re.compile(r"[0-9]{10}", re.ASCII)
_COORDINATION_DAY = 60
_LEGAL_PERSON = "2"
"""The third digit of an organisationsnummer is at least this; a sole trader's number is the owner's own."""


class IdentityError(ValueError):
    """An identity number is not one. The text never holds the number."""


def birth_of(number: str, *, coordination: bool) -> tuple[int, int, int]:
    """Check a personnummer, or with `coordination` a samordningsnummer, and return year, month and day of birth.

    In: twelve digits, `ÅÅÅÅMMDDNNNC`; a coordination number has 60 added to the day (folkbokföringslagen 18 b §), and
    where month or day of birth is not known it has month 00 or day 60: then 0 stands for it.
    Raises IdentityError when the form, the day, the check digit or the sort of number is wrong.
    """
    if not _TWELVE_DIGITS.fullmatch(number):
        raise IdentityError("must be 12 digits")
    year, month, day = int(number[:4]), int(number[4:6]), int(number[6:8]) - coordination * _COORDINATION_DAY
    if coordination and 0 in (month, day):
        right = luhn.is_valid(number[2:]) and _is_a_day(year, month or 1, day or 1)
    elif (read := _read(number)) is not None and read.is_coordination_number() != coordination:
        raise IdentityError("not the sort of number that id_type says")
    else:
        right = read is not None
    if not right or year not in YEARS:
        raise IdentityError("wrong check digit or day")
    return year, month, day


def check_organisation_number(number: str) -> None:
    """Check an organisationsnummer, ten digits. Raises IdentityError when form, check digit or sort is wrong."""
    if not _TEN_DIGITS.fullmatch(number) or not _orgnr.is_valid(number):
        raise IdentityError("must be 10 digits with a right check digit")
    if number[2] < _LEGAL_PERSON:
        raise IdentityError("has a third digit below 2, so it is a person's number: name the person as subject")


_BETWEEN = r"[\W_]{0,3}"
_NO_YEAR = r"(?!(?<=(?:19|20)[0-9]{2})[-/.](?:0[1-9]|1[0-2])(?![0-9]))"
"""A day, a dash and another day: the second one's year is not the last of a number."""
_IN_TEXT = re.compile(
    rf"(?<![0-9])(?=(19|20)?{_BETWEEN}([0-9]{{2}}){_BETWEEN}(0[0-9]|1[0-2]){_BETWEEN}"
    rf"([0-36-9][0-9]){_BETWEEN}([0-9]{{4}})(?![0-9]){_NO_YEAR})"
)

_ONE_BY_ONE = re.compile(r"(?<![0-9])[0-9](?:[\W_]{1,3}[0-9](?![0-9])){9,}")
"""Digits that each stand alone: 2 0 1 1 …"""
_NO_DIGITS = re.compile(r"[^0-9]+")
_DIGITS = re.compile(r"\d")
"""Of any script."""
_FEWEST = 10
"""Digits of a number: in a text with fewer none is looked for, which is most texts."""
_BLANKS = re.compile(r"\s+")


def mentions_person(text: str) -> bool:
    """Whether a free text holds a personnummer or samordningsnummer, however its digits are kept apart.

    Ten or twelve digits, any dash, blank or point of up to three signs between century, year, month, day and the four
    last or between all digits, where a run of blanks is one sign; digits of any script, signs that can't be seen
    between them, and signs as HTML writes them. Names, and numbers in words, are not found.
    """
    plain = unicodedata.normalize("NFKC", html.unescape(text))
    if len(_DIGITS.findall(plain)) < _FEWEST:
        return False
    if not plain.isascii():
        plain = "".join(_digit(sign) for sign in plain if sign.isspace() or not is_unseen(sign))
    plain = _ONE_BY_ONE.sub(_put_together, _BLANKS.sub(" ", plain))
    return any(_is_born_of(*digits) for digits in _IN_TEXT.findall(plain))


def _put_together(alone: re.Match[str]) -> str:
    """Of digits that each stand alone every ten and twelve in a row."""
    digits = _NO_DIGITS.sub("", alone[0])
    return " ".join(digits[start : start + many] for many in (10, 12) for start in range(len(digits) - many + 1))


def _digit(sign: str) -> str:
    """A digit of any script as the digit it is."""
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _is_born_of(century: str, year: str, month: str, day: str, last: str) -> bool:
    """Whether these groups are a number that a person can have."""
    if not luhn.is_valid(year + month + day + last) or last.startswith("000"):
        return False
    coordination = int(day) >= _COORDINATION_DAY
    of_month, of_day = int(month), int(day) - coordination * _COORDINATION_DAY
    if coordination:
        of_month, of_day = of_month or 1, of_day or 1
    return any(_is_a_day(int(full + year), of_month, of_day) for full in ([century] if century else ["19", "20"]))


def _is_a_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _read(number: str) -> personnummer.Personnummer | None:
    try:
        return personnummer.Personnummer(number)
    except (personnummer.PersonnummerException, ValueError):
        return None
