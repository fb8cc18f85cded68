"""Reads the provisions that a statute text lists.

"25 kap. 1 §, 2 § andra stycket eller 3-8 §§" is OSL 25:1, 25:2 2 st, 25:3 … 25:8.
"""

import re

_LETTER = r"(?: ([a-z])(?![a-zåäö]))?"
_PART = re.compile(
    rf"(?P<chapter>\d+){_LETTER} kap\."
    rf"|(?P<first>\d+){_LETTER}(?:\s*[-–]\s*(?P<last>\d+))?"
    r"|(?P<stycke>första|andra|tredje) stycket"
)
_STYCKE = {"första": 1, "andra": 2, "tredje": 3}


_LETTERED = {("OSL 26", 1): ["OSL 26:1 a"]}
"""Sections with a letter inside a range, after a whole one that is not its last: 26:1 a in "26 kap. 1-6 §§"."""


def provisions(text: str, statute: str = "OSL", chapter: str = "") -> set[str]:
    """Every provision that the text lists by chapter and section; `chapter` is the one that it stands in."""
    found = [""]
    for part in _PART.finditer(text):
        if part["chapter"]:
            chapter = part["chapter"] + (f" {part[2]}" if part[2] else "")
        elif part["stycke"]:
            found[-1] += f" {_STYCKE[part['stycke']]} st"
        else:
            letter = f" {part[4]}" if part[4] else ""
            last = int(part["last"] or part["first"])
            for n in range(int(part["first"]), last + 1):
                found.append(f"{statute} {chapter}:{n}{letter}")
                found += _LETTERED.get((f"{statute} {chapter}", n), []) if n < last else []
    return set(found[1:])


def listed(place: str, texts: dict[str, str]) -> set[str]:
    """What the paragraph at this place of `policies/statutes` names or excepts, by its text alone."""
    text = texts[place]
    if place == "sfs_2025_170/section_8":
        osl, psl = (part.split("lagen (")[0] for part in text.split("bestämmelserna i ")[1:])
        return provisions(osl) | provisions(psl, "PSL")
    if place == "osl_10/section_24":
        own = text.split("19-23 §§, ")[1].split(" hindrar")[0]
        named = (listed(f"osl_10/section_{n}", texts) for n in ("19", "20", "21", "22", "22a", "23"))
        return whole(provisions(own).union(*named))
    chapter = place.split("/", maxsplit=1)[0].removeprefix("osl_")
    start, end = " enligt ", " hindrar inte"
    if "i fråga om sekretess enligt " in text:
        start, end = "i fråga om sekretess enligt ", "§§."
    elif "sekretessbelagd enligt " in text:
        start, end = "sekretessbelagd enligt ", " lämnas till"
    return provisions(text.split(start, 1)[1].split(end)[0], chapter=chapter)


def whole(found: set[str]) -> set[str]:
    """A section of which both stycken, or the section itself, are there is there whole."""
    sections = {one.split(" 2 st")[0] for one in found if one.endswith(" 2 st")}
    both = {one for one in sections if one in found or f"{one} 1 st" in found}
    return {one for one in found if re.sub(r" \d st$", "", one) not in both or not one.endswith(" st")} | both
