"""The people of the town, all synthetic: the birth numbers are 238 and 239, as in test numbers.

The constants' names are only for the reader of the story; no message holds a name.
"""

from typing import Any

Json = dict[str, Any]

_BOY = "239"
_GIRL = "238"


def _check_digit(nine: str) -> int:
    """The last digit of a personnummer: Luhn over the nine before it, the century left out."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def person(born: str, birth_number: str, municipality: str, **more: str) -> Json:
    """A subject with a personnummer, from a day such as 2013-04-12."""
    return _subject("personnummer", born.replace("-", ""), birth_number, municipality, **more)


def coordination_subject(born: str, birth_number: str, municipality: str) -> Json:
    """A subject with a samordningsnummer: 60 is added to the day."""
    year, month, day = born.split("-")
    return _subject("samordningsnummer", f"{year}{month}{int(day) + 60}", birth_number, municipality)


def _subject(id_type: str, day: str, birth_number: str, municipality: str, **more: str) -> Json:
    number = f"{day}{birth_number}{_check_digit(day[2:] + birth_number)}"
    return {"id_type": id_type, "id": number, "municipality": municipality, **more}


ELLIOT = person("2013-04-12", _BOY, "0127")
"""13, carries parcels that are not his."""

SAGA = person("2010-02-03", _GIRL, "0126")
"""16, in a social intervention group (SIG)."""

EMIL = person("2013-01-30", _BOY, "0126")
"""13, in the same group."""

TYRA = person("2012-06-18", _GIRL, "0126")
"""14, whose guardians do not agree."""

VILGOT = person("2011-03-08", _BOY, "0182")
"""15, SAGA's friend and ALMA's brother."""

ALMA = person("2014-05-27", _GIRL, "0182", protected_identity="skyddad_folkbokforing")
"""12, lives under protected registration."""

NOEL = person("2007-05-20", _BOY, "0181")
"""19, wants to leave the network."""

MILO = person("2009-01-15", _BOY, "0136")
"""17, suspected of a robbery, lives in a home for care."""

TINDRA = person("2011-11-02", _GIRL, "0138")
"""14, met at night by the field workers."""

IDA = person("2009-12-09", _GIRL, "0128")
"""16, drawn to violent extremism."""

NOVA = person("2005-09-21", _GIRL, "0136")
"""Turns 21 during the story."""

ADAM = person("2002-06-01", _BOY, "0180")
"""24, believed to hire children."""

YARA = coordination_subject("2011-08-19", _GIRL, "0182")
"""15, has a samordningsnummer."""

LEO = person("2014-03-11", _BOY, "0127")
"""12, whom three reporters worry about."""

HUGO = person("2012-03-19", _BOY, "0136")
"""14, with the robbers of twelve and seventeen."""

LOVA = person("2010-04-08", _GIRL, "0181")
"""16, wants to leave the network as NOEL does; her guardians do not agree at first."""

PATIENT = {"id_type": "reserve", "id": "R01-26-004711"}
"""A boy at the emergency ward, under a reserve number: nobody knows his age."""

STRANGER = {"id_type": "unknown"}
"""A child met at night: neither name nor age is known."""

FIRM = {"orgnr": "9999000004", "name": "Exempelbud i Söderort AB"}
"""A courier firm where children are said to be paid; the number is made up and has a right check digit."""

HOME = {"orgnr": "9999000012", "name": "Exempelhemmet Strandgården HVB"}
"""A home for care whose staff are said to run errands for the network."""

FAMILY_HOME = {"orgnr": "9999000020", "name": "Exempelfamiljehemmen Vassjö AB"}
"""Family homes that take in more children than they may."""

CONTRACTOR = {"orgnr": "9999000038", "name": "Exempelvägen Ut AB"}
"""A firm that sells help to leave, and is said to keep the money."""

CLUB = {"orgnr": "9999000046", "name": "Exempelföreningen Kampsport Syd"}
"""An association whose premises are used to hire children."""
