"""The law's dated tables against the same typed from the statutes by another hand (`tests/data/second_reading_*`).

Each row that differs is named. A wrong row of the second reading is mended there, after a third reading of the statute.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from policy_tools import POLICIES, ROOT, opa
from statute_lists import whole

READINGS = Path(__file__).parent / "data"
REGISTERED = ROOT / "broker" / "authorities" / "state_authorities.csv"
_STAGES = {"a": "attempt", "p": "preparation", "c": "conspiracy"}
_PLACES = {
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
_RULES = {"reaches": "names", "excepts": "excepted", "exempts": "exempt"}


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
                max(since, paragraphs.get(statute) or paragraphs[chapter]) if stages != "-" else 0,
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
                0,
            )
        )
    return scales


def tabled() -> set[Scale]:
    """The product's scales, but for those that a repealed act is read by."""
    return {
        Scale(
            provision,
            row["degree"],
            row["min_months"],
            row["max_months"],
            row["fines"],
            row.get("life", False),
            tuple(sorted(row["stages"])),
            row["from"],
            row["to"],
            row["stages_from"] if row["stages"] else 0,
        )
        for provision, scales in OFFENCES["scales"].items()
        for row in scales
        if "successor" not in row
    }


def test_each_scale_is_what_the_statute_says() -> None:
    read, held = typed(), tabled()
    assert len(read) >= 200
    assert sorted(map(str, read - held)) == [], "in the second reading alone"
    assert sorted(map(str, held - read)) == [], "in the product's table alone"


def test_a_provision_of_a_repealed_act_is_read_as_its_successor() -> None:
    """[I] From the day after: the same scale under the new act, and always marked as an inference."""
    for provision, scales in OFFENCES["scales"].items():
        old = {_without_days(row) for row in scales if row["to"] == REPEALED.get(provision.split(" ")[0])}
        for row in scales:
            if "successor" in row:
                assert (row["doubtful"], row["from"], row["to"]) == (True, SUCCEEDED[provision.split(" ")[0]], None)
                assert _without_days(row) in old, provision
                assert all(successor in OFFENCES["scales"] for successor in row["successor"]), provision


def _without_days(row: dict[str, Any]) -> tuple[object, ...]:
    return (row["degree"], row["min_months"], row["max_months"], row["fines"], tuple(row["stages"]))


def test_each_act_is_in_force_from_the_day_that_its_text_says() -> None:
    read = {act: day(since) for act, since, _ in rows("days", "act")}
    assert read == {act: FORCE.get(act) for act in read}


def test_each_ground_holds_from_the_day_that_its_statute_says() -> None:
    grounds = table("law/grounds")
    read = {ground: (day(since), day(known)) for ground, since, known, _ in rows("days", "ground")}
    assert read == {ground: (grounds[ground]["from"], grounds[ground]["known_from"]) for ground in read}


def test_each_term_is_as_long_as_the_statute_says() -> None:
    terms = table("clocks")["terms"]
    read = {name: (length, ref) for name, length, ref, _ in rows("days", "term")}
    assert read == {name: (_length(terms[name][0]), terms[name][0]["ref"]) for name in read}
    assert {name for name, held in terms.items() if not held[0]["ours"]} == set(read)


def _length(term: dict[str, Any]) -> str:
    unit = next(unit for unit in ("hours", "days", "months") if unit in term)
    return f"{term[unit]} {unit}"


@pytest.mark.parametrize("ref", [ref for ref, does, *_ in rows("lists") if does in _RULES])
def test_each_list_of_provisions_is_what_the_statute_says(ref: str) -> None:
    does, provisions = next((does, provisions) for read, does, provisions, _ in rows("lists") if read == ref)
    query = f"data.statutes.{_PLACES[ref].replace('/', '.')}.{_RULES[does]}"
    held = set(json.loads(opa("eval", "-f", "raw", "-d", str(POLICIES), query).stdout))
    read = {one if one.startswith("PSL") else f"OSL {one}" for one in provisions.split(", ")}
    assert sorted(whole(held)) == sorted(whole(read))


def test_no_list_of_provisions_is_without_a_second_reading() -> None:
    query = '{concat("/", [s, p]) | some s, p; some rule in {"names", "excepted", "exempt"}; data.statutes[s][p][rule]}'
    held = set(json.loads(opa("eval", "-f", "raw", "-d", str(POLICIES), query).stdout))
    assert held == {_PLACES[ref] for ref, does, *_ in rows("lists") if does in _RULES}


@pytest.mark.parametrize("ref", [ref for ref, does, *_ in rows("lists") if does == "names"])
def test_each_list_of_authorities_is_what_the_statute_says(ref: str) -> None:
    """Rättsmedicinalverket of SoL 19:1 is there in part of its work alone: a rule, and no row."""
    names = next(names for read, _, names, _ in rows("lists") if read == ref).split(", ")
    registered = {row["name"]: row["id"] for row in csv.DictReader(REGISTERED.read_text("utf-8").splitlines())}
    read = {registered.get(name, name.casefold()) for name in names} - {"länsstyrelserna"}
    if "länsstyrelserna" in names:
        read |= {id for id in registered.values() if id.startswith("lansstyrelsen-")}
    if ref == "SoL 19:1":
        read -= {"rattsmedicinalverket"}
    held = table(f"statutes/{_PLACES[ref]}")["authorities"]
    assert sorted(held) == sorted(read)


def test_who_usually_takes_part_is_who_is_told_of() -> None:
    """No statute says it: whom a source names is in the table, which may hold more (its row names its own source)."""
    held: dict[str, set[str]] = defaultdict(set)
    tables = {**table("programmes")["members"], "council": table("councils")["members"]}
    for programme, row in tables.items():
        held[programme] = {*row["kinds"], *row["authorities"]}
        assert row["source"], programme
    lacking = {name: set(who.split(", ")) - held[name] for name, who, _ in rows("days", "member")}
    assert {name: who for name, who in lacking.items() if who} == {}
