"""The grammar of statutory references: `OSL 26:1 a 2 st`, `2025:170 6 §`, `skollagen 29:14`.

Only the form is known here. What a provision means, and which ones a rule names, stands in `policies/`.
"""

import re
from typing import TypedDict

_ABBREVIATIONS = (
    "OSL|PSL|SoL|BrB|BrP|LVU|LVM|LSS|LUL|LPT|LRV|HSL|PDL|PUL|RB|TF|YGL|RF|KL|FL|FB|ÄB|BDL|SFL|SFB|UtlL|AL|TL|LEK|"
    "skollagen|polislagen|alkohollagen|vapenlagen|folkbokföringslagen|skatteförfarandelagen|narkotikastrafflagen"
)
_STATUTE = rf"(?P<statute>{_ABBREVIATIONS}|[12][0-9]{{3}}:[0-9]{{1,4}})"
_SECTION = r"(?P<section>[0-9]{1,3}(?: [a-z])?)"
_TAIL = r"(?: (?P<stycke>[1-9]) st)?(?: [1-9][0-9]? p)?"
_REFERENCE = re.compile(
    rf"{_STATUTE} (?:(?P<chapter>[0-9]{{1,2}}(?: [a-z])?):{_SECTION}|(?P<only>[0-9]{{1,3}}(?: [a-z])?) §){_TAIL}",
    re.ASCII,
)


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
    """Whether the text is a well-formed reference."""
    return _REFERENCE.fullmatch(text) is not None


def parse(text: str) -> Provision:
    """Take a well-formed reference apart. Raises ValueError, without the text, when it is not one."""
    match = _REFERENCE.fullmatch(text)
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
