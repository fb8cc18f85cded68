"""Identity numbers: check digits and what can be read from them.

The only importer of `personnummer` and `python-stdnum`. `stdnum.se.personnummer` refuses coordination
numbers (samordningsnummer), therefore two libraries.
"""

import re
from datetime import date

from personnummer import personnummer
from stdnum.se import orgnr as _orgnr

_TWELVE_DIGITS = re.compile(r"[0-9]{12}", re.ASCII)
_TEN_DIGITS = re.compile(r"[0-9]{10}", re.ASCII)
_COORDINATION_DAY = 60


class IdentityError(ValueError):
    """An identity number is not one. The text never holds the number."""


def birth_date_of(number: str, *, coordination: bool) -> date:
    """Check a personnummer, or with `coordination` a samordningsnummer, and return its day of birth.

    In: twelve digits, `ÅÅÅÅMMDDNNNC`; a coordination number has 60 added to the day (folkbokföringslagen 18 b §).
    Raises IdentityError when the form, the day, the check digit or the sort of number is wrong.
    """
    if not _TWELVE_DIGITS.fullmatch(number):
        raise IdentityError("must be 12 digits")
    try:
        parsed = personnummer.Personnummer(number)
    except (personnummer.PersonnummerException, ValueError):
        raise IdentityError("wrong check digit or day") from None
    if parsed.is_coordination_number() != coordination:
        raise IdentityError("not the sort of number that id_type says")
    day = int(number[6:8]) - (_COORDINATION_DAY if coordination else 0)
    try:
        return date(int(number[:4]), int(number[4:6]), day)
    except ValueError:
        raise IdentityError("wrong check digit or day") from None


_IN_TEXT = re.compile(r"(?<![0-9])(?:[0-9]{2})?[0-9]{6}[-+ ]?[0-9]{4}(?![0-9])", re.ASCII)


def mentions_person(text: str) -> bool:
    """Whether a free text holds what is a personnummer or samordningsnummer, with or without century and hyphen."""
    return any(_is_one(found.replace(" ", "-")) for found in _IN_TEXT.findall(text))


def _is_one(number: str) -> bool:
    try:
        personnummer.Personnummer(number)
    except (personnummer.PersonnummerException, ValueError):
        return False
    return True


def check_organisation_number(number: str) -> None:
    """Check an organisationsnummer, ten digits. Raises IdentityError when form or check digit is wrong."""
    if not _TEN_DIGITS.fullmatch(number) or not _orgnr.is_valid(number):
        raise IdentityError("must be 10 digits with a right check digit")
