"""The grammar of statutory references: `OSL 26:1 a 2 st`, `2025:170 6 §`, `skollagen 29:14`.

Only the form is known here, and it is one form for each provision: no leading zeros, one blank, and of each statute
one name, from the closed list of the contract or else its number. What a provision means, and which ones a rule names,
stands in `policies/`: a second spelling would pass each rule that names the first.
"""

import re
import unicodedata
from typing import TypedDict

NAMED = {
    "2009:400": "OSL",
    "2025:400": "SoL",
    "2010:659": "PSL",
    "1962:700": "BrB",
    "1949:381": "FB",
    "1995:974": "FB",  # printed anew
    "2017:900": "FL",
    "1990:52": "LVU",
    "1974:152": "RF",
    "2011:109": "RF",
    "1949:105": "TF",
    "2018:1801": "TF",
    "2010:800": "skollagen",
    "1984:387": "polislagen",
}
"""Statutes that go by a name, by their numbers: the closed list of the contract. Every other goes by its number."""
_NAMES = tuple(dict.fromkeys(NAMED.values()))
_WITHOUT_CHAPTERS = {"FL", "LVU", "polislagen"}
_OTHER_NAMES = {
    "socialtjänstlagen": "SoL",
    "patientsäkerhetslagen": "PSL",
    "brottsbalken": "BrB",
    "föräldrabalken": "FB",
    "förvaltningslagen": "FL",
    "regeringsformen": "RF",
    "tryckfrihetsförordningen": "TF",
    "skoll": "skollagen",
    "pl": "polislagen",
    "lul": "1964:167",
    "nsl": "1968:64",
    "narkotikastrafflagen": "1968:64",
    "vapenlagen": "1996:67",
    "vapenl": "1996:67",
    "pdl": "2008:355",
    "patientdatalagen": "2008:355",
    "lss": "1993:387",
    "hsl": "2017:30",
    "lvm": "1988:870",
    "lpt": "1991:1128",
    "lrv": "1991:1129",
    "rb": "1942:740",
    "rättegångsbalken": "1942:740",
    "ygl": "1991:1469",
    "kl": "2017:725",
    "kommunallagen": "2017:725",
    "äb": "1958:637",
    "ärvdabalken": "1958:637",
    "bdl": "2018:1177",
    "brottsdatalagen": "2018:1177",
    "sfl": "2011:1244",
    "skatteförfarandelagen": "2011:1244",
    "sfb": "2010:110",
    "socialförsäkringsbalken": "2010:110",
    "utll": "2005:716",
    "utlänningslagen": "2005:716",
    "alkohollagen": "2010:1622",
    "lek": "2022:482",
    "folkbokföringslagen": "1991:481",
}
"""What else a statute is called, in small letters: only to tell how it is written here."""
_CALLED = {name.casefold(): name for name in _NAMES} | _OTHER_NAMES | NAMED

_LOOSE_WORDS = [
    (re.compile("offentlighets och sekretesslagen"), "osl"),
    (re.compile("kapitlet"), "kap"),
    *((re.compile(f"{word} stycket"), f"{n} st") for n, word in enumerate(("första", "andra", "tredje", "fjärde"), 1)),
    (re.compile(r"(?<=[a-zåäö]{2})(?=[0-9])"), " "),
]
"""What is written out, and a blank that is left out, as they are read."""

_NUMBER = r"[1-9][0-9]{0,2}(?: [a-z])?"
_REFERENCE = re.compile(
    rf"(?P<statute>{'|'.join(_NAMES)}|[12][0-9]{{3}}:[1-9][0-9]{{0,3}}) "
    rf"(?:(?P<chapter>[1-9][0-9]?(?: [a-z])?):(?P<section>{_NUMBER})|(?P<only>{_NUMBER}) §)"
    r"(?: (?P<stycke>[1-9]) st)?(?: [1-9][0-9]? p)?",
    re.ASCII,
)
_LOOSE_STATUTE = (
    r"(?:(?:sfs )?(?P<statute>[a-zåäö]{2,30}|[12][0-9]{3} ?: ?[0-9]{1,5})"
    r"|(?P<name>[a-zåäö]{2,30}) (?P<number>[12][0-9]{3}:[0-9]{1,5}))"
)
_LOOSE_PLACE = (
    r"(?:0*(?P<chapter>[0-9]{1,2}) ?(?P<letter>[a-z])?(?: ?(?::|kap) ?| ))?"
    r"(?:§ )?0*(?P<section>[0-9]{1,3}) ?(?P<next>[a-z])?(?: ?§)?"
    r"(?: 0*(?P<stycke>[0-9]) ?st(?:ycket)?)?(?: 0*(?P<point>[0-9]{1,2}) ?p(?:unkten)?)?"
)
_LOOSE = [re.compile(rf"{_LOOSE_STATUTE} {_LOOSE_PLACE}"), re.compile(rf"{_LOOSE_PLACE} {_LOOSE_STATUTE}")]
_LONGEST = 60


class Provision(TypedDict):
    """A reference taken apart, as the policy reads it.

    `provision` is the reference without its stycke, `named` with it; `chapter` is the chapter's number, 0 where
    the statute has none; `stycke` is null when left out.
    """

    provision: str
    named: str
    statute: str
    chapter: int
    stycke: int | None


def is_reference(text: str) -> bool:
    """Whether the text is a reference in its one form."""
    return _match(text) is not None


def parse(text: str) -> Provision:
    """Take a reference apart. Raises ValueError, without the text, when it is not one, or not in its one form."""
    match = _match(text)
    if match is None:
        raise ValueError("not a statutory reference")
    statute, chapter, stycke = match["statute"], match["chapter"], match["stycke"]
    place = f"{chapter}:{match['section']}" if chapter else f"{match['only']} §"
    provision = f"{statute} {place}"
    return {
        "provision": provision,
        "named": f"{provision} {stycke} st" if stycke else provision,
        "statute": statute,
        "chapter": int(chapter.split(" ")[0]) if chapter else 0,
        "stycke": int(stycke) if stycke else None,
    }


def correct_form(text: str) -> str | None:
    """The one form of what seems to be meant, None where that is not sure.

    It is put together from the closed list and from numbers that have a place in a reference, never from the text.
    """
    if len(text) > _LONGEST:
        return None
    plain = re.sub(r"[^0-9a-zåäö:§]+", " ", unicodedata.normalize("NFKC", text).casefold())
    for written, read in _LOOSE_WORDS:
        plain = written.sub(read, plain)
    plain = " ".join(plain.split())
    for match in filter(None, (form.fullmatch(plain) for form in _LOOSE)):
        meant = _join(match)
        if meant is not None and is_reference(meant):
            return meant
    return None


def _match(text: str) -> re.Match[str] | None:
    match = _REFERENCE.fullmatch(text)
    if match is None or match["statute"] in NAMED:
        return None
    if match["statute"] in _NAMES and (match["chapter"] is None) != (match["statute"] in _WITHOUT_CHAPTERS):
        return None
    return match


def _join(match: re.Match[str]) -> str | None:
    statute = _statute(match["statute"] or match["number"])
    if match["name"] not in (None, "lag", "lagen") and _statute(match["name"]) != statute:
        return None
    section = f"{int(match['section'])}{_after(match['next'])}"
    place = f"{int(match['chapter'])}{_after(match['letter'])}:{section}" if match["chapter"] else f"{section} §"
    stycke = f" {int(match['stycke'])} st" if match["stycke"] else ""
    return f"{statute} {place}{stycke}" + (f" {int(match['point'])} p" if match["point"] else "")


def _statute(written: str) -> str:
    """A statute as it is written here, from its number or another name; of an unknown name nothing."""
    year, _, number = written.replace(" ", "").partition(":")
    statute = f"{year}:{int(number)}" if number else _CALLED.get(year, "")
    return NAMED.get(statute, statute)


def _after(letter: str | None) -> str:
    return f" {letter}" if letter else ""
