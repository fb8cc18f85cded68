"""The law's dated tables typed from the statutes by another hand (`tests/data/second_reading_*`), as they are read.

A wrong row is mended there, after a third reading of the statute.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from policy_tools import POLICIES, ROOT

READINGS = Path(__file__).parent / "data"
REGISTERED = ROOT / "broker" / "authorities" / "state_authorities.csv"
_STAGES = {"a": "attempt", "p": "preparation", "c": "conspiracy"}
PLACES = {
    "OSL 10:15 a": "osl_10/section_15a",
    "OSL 10:18 a": "osl_10/section_18a",
    "OSL 10:18 b": "osl_10/section_18b",
    "OSL 10:18 c": "osl_10/section_18c",
    "OSL 10:19": "osl_10/section_19",
    "OSL 10:20": "osl_10/section_20",
    "OSL 10:21": "osl_10/section_21",
    "OSL 10:22": "osl_10/section_22",
    "OSL 10:22 a": "osl_10/section_22a",
    "OSL 10:23": "osl_10/section_23",
    "OSL 10:24": "osl_10/section_24",
    "OSL 10:27": "osl_10/section_27",
    "OSL 25:12": "osl_25/section_12",
    "OSL 26:9": "osl_26/section_9",
    "OSL 26:9 a": "osl_26/section_9a",
    "OSL 26:9 e": "osl_26/section_9e",
    "OSL 35:15 a": "osl_35/section_15a",
    "2025:170 8 §": "sfs_2025_170/section_8",
    "2025:170 2 §": "sfs_2025_170/section_2",
    "2025:170 5 §": "sfs_2025_170/section_5",
    "2016:775 2 §": "sfs_2016_775/section_2",
    "SoL 19:1": "sol_19/section_1",
}


class Scale(NamedTuple):
    """What a provision says of one degree, as compared; days as in the table (20260801)."""

    provision: str
    degree: str
    least: int
    greatest: int | None
    fines: bool
    life: bool
    stages: tuple[str, ...]
    since: int
    until: int | None
    stages_since: int


def rows(reading: str, kind: str | None = None) -> Iterator[list[str]]:
    """The cells of each row of a reading, or of those that begin with the kind (which is left out)."""
    for line in (READINGS / f"second_reading_of_{reading}.txt").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        if not line.startswith("#") and kind in (None, cells[0]):
            yield cells[1:] if kind else cells


def table(path: str) -> Any:
    """A table of the product."""
    return json.loads((POLICIES / path / "data.json").read_text("utf-8"))


def day(text: str) -> int:
    return int(text.replace("-", ""))


def months(words: str) -> int:
    """The months of 1y6m; fines and prison without a stated least are none."""
    if words in ("fines", "prison"):
        return 0
    years, _, rest = words.rpartition("y") if "y" in words else ("0", "", words)
    return int(years) * 12 + int(rest.removesuffix("m") or 0)


OFFENCES = table("offences")
FORCE: dict[str, int] = {act: row["in_force"] for act, row in OFFENCES["acts"].items()}
"""Day in force of each act, by the product's table: compared with the second reading's in a test of its own."""
REPEALED = {"1996:67": 20260531}
"""Last day of what an act that is repealed says."""
SUCCEEDED = {"1996:67": 20260601}
"""First day of what is read in its place."""


def typed() -> set[Scale]:
    """The second reading's scales. What other paragraphs say holds from the day of the youngest of them."""
    youngest = max(
        FORCE[act] for provision, *_, act, _ in rows("scales") if provision in ("BrB 3:7", "BrB 3:8", "BrB 3:9")
    )
    paragraphs = {chapter: FORCE[act] for chapter, _, act in rows("days", "stages")}
    scales = set()
    for provision, degree, least, greatest, stages, act, _ in rows("scales"):
        since = youngest if provision == "BrB 3:10" else FORCE[act]
        statute, chapter = provision.split(" ")[0], provision.rpartition(":")[0]
        scales.add(
            Scale(
                provision,
                degree,
                months(least),
                None if greatest == "life" else months(greatest),
                least == "fines",
                greatest == "life",
                tuple(sorted(_STAGES[letter] for letter in stages.strip("-"))),
                since,
                REPEALED.get(statute),
                max(since, paragraphs.get(statute) or paragraphs[chapter]),
            )
        )
    for provision, degree, least, greatest, first, last, _ in rows("days", "earlier"):
        scales.add(
            Scale(
                provision,
                degree,
                months(least),
                months(greatest),
                least == "fines",
                False,
                (),
                day(first),
                day(last),
                max(day(first), paragraphs[provision.rpartition(":")[0]]),
            )
        )
    return scales


def listed(place: str) -> set[str]:
    """The authorities that the paragraph names, by their ids.

    Rättsmedicinalverket of SoL 19:1 is named for part of its work alone: a rule, and no row.
    """
    names = next(names for ref, _, names, _ in rows("lists") if PLACES[ref] == place).split(", ")
    registered = {row["name"]: row["id"] for row in csv.DictReader(REGISTERED.read_text("utf-8").splitlines())}
    read = {registered.get(name, name.casefold()) for name in names} - {"länsstyrelserna"}
    if "länsstyrelserna" in names:
        read |= {authority for authority in registered.values() if authority.startswith("lansstyrelsen-")}
    return read - {"rattsmedicinalverket"}
