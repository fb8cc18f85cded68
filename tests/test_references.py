"""A provision has one spelling: any other is refused and told rightly, so no rule is passed by under another name."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from strategies_of_parts import references

from broker.bundle import load
from broker.model.references import NAMED, correct_form, is_reference, parse

POLICIES = Path(__file__).parents[1] / "policies"
STATUTES: dict[str, Any] = dict(load().statutes)
STYCKEN = ("första", "andra", "tredje", "fjärde")
NUMBERS = {name: number for number, name in reversed(NAMED.items())}


@pytest.mark.parametrize(
    ("written", "rightly"),
    [
        ("OSL 26:01", "OSL 26:1"),
        ("OSL 026:1", "OSL 26:1"),
        ("2009:400 26:1", "OSL 26:1"),
        ("2009:0400 26:1", "OSL 26:1"),
        ("SFS 2009:400 26:1", "OSL 26:1"),
        ("2010:659 6:12", "PSL 6:12"),
        ("2010:800 29:14", "skollagen 29:14"),
        ("1962:700 3:6", "BrB 3:6"),
        ("2025:400 19:1", "SoL 19:1"),
        ("1995:974 6:13", "FB 6:13"),
        ("osl 26:1", "OSL 26:1"),
        ("Skollagen 29:14", "skollagen 29:14"),
        ("OSL  26:1", "OSL 26:1"),
        ("OSL\u00a026:1", "OSL 26:1"),
        ("OSL 26:1 ", "OSL 26:1"),
        ("OSL 26:1a", "OSL 26:1 a"),
        ("OSL 26:1 A", "OSL 26:1 a"),
        ("OSL 26 kap. 1 §", "OSL 26:1"),
        ("26 kap. 1 § OSL", "OSL 26:1"),
        ("OSL 25:2 02 st", "OSL 25:2 2 st"),
        ("ＯＳＬ 26:1", "OSL 26:1"),
        ("LUL 6 §", "1964:167 6 §"),
        ("LSS 29 §", "1993:387 29 §"),
        ("vapenlagen 9:1 a", "1996:67 9:1 a"),
        ("2025:0170 6 §", "2025:170 6 §"),
        ("2025:170 06 §", "2025:170 6 §"),
        ("1 § LVU", "LVU 1 §"),
        ("OSL26:1", "OSL 26:1"),
        ("OSL 26.1", "OSL 26:1"),
        ("OSL 26 1", "OSL 26:1"),
        ("OSL 26:1 första stycket", "OSL 26:1 1 st"),
        ("26 kap. 1 § andra stycket OSL", "OSL 26:1 2 st"),
        ("OSL (2009:400) 26:1", "OSL 26:1"),
        ("lagen (1964:167) 6 §", "1964:167 6 §"),
        ("offentlighets- och sekretesslagen 26:1", "OSL 26:1"),
        ("2025:170 § 6", "2025:170 6 §"),
    ],
)
def test_another_spelling_is_refused_and_the_right_one_is_known(written: str, rightly: str) -> None:
    assert not is_reference(written)
    assert correct_form(written) == rightly
    assert is_reference(rightly)


@pytest.mark.parametrize(
    "text",
    [
        "OSL 26 §",
        "OSL 26:1-3",
        "SoL (2009:400) 26:1",
        "2009:40026:1",
        "LVU 1:1",
        "FL 44:1",
        "OSL 0:1",
        "OSL 26:0",
        "OSL 26",
        "XYZ 3:4",
        "",
        "Åsa 900505-2396",
        "1" * 50_000,
    ],
)
def test_what_is_no_provision_is_not_guessed(text: str) -> None:
    """A named statute has chapters or has none; and nothing of what was sent comes back."""
    assert not is_reference(text)
    assert correct_form(text) is None


def spellings(rightly: str) -> st.SearchStrategy[str]:
    """Other ways to write a provision: case, zeros, blanks, dashes, full width, the statute's number or name."""
    statute, _, place = rightly.partition(" ")
    statutes = [statute, statute.upper(), statute.lower(), statute.title(), f"SFS {statute}", f"{statute}."]
    numbers = [number for number, name in NAMED.items() if name == statute]
    places = [
        place,
        re.sub(r"([0-9]+)", r"0\1", place),
        re.sub(r"([0-9]+)$", r"0\1", place),
        place.replace(" ", ""),
        place.upper(),
        place.replace(":", " kap. ") + " §",
        place.replace(":", ": "),
        place.replace(" §", "§"),
        re.sub(r" ([1-4]) st", lambda found: f" {STYCKEN[int(found[1]) - 1]} stycket", place),
        place.replace(":", "."),
        re.sub(r"^([0-9]+) §", r"§ \1", place),
    ]
    blanks = [" ", "", "  ", "\u00a0", "\t", ", ", "\u2009", "\u200b ", " - ", " \u2013 "]
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    whole = st.builds(
        "{}{}{}".format, st.sampled_from(statutes + numbers), st.sampled_from(blanks), st.sampled_from(places)
    )
    return whole | whole.map(lambda text: text.translate(wide)) | whole.map(lambda text: f" {text} ")


@given(data=st.data(), rightly=references())
def test_no_other_spelling_of_a_provision_is_taken(data: st.DataObject, rightly: str) -> None:
    """So none can give another answer; and where the right one is told, it is the one that was meant."""
    assert is_reference(rightly)
    other = data.draw(spellings(rightly))
    assume(other != rightly)
    assert not is_reference(other)
    told = correct_form(other)
    assert told is None or parse(told) == parse(rightly)


@given(text=st.text(max_size=70) | st.from_regex(r"[A-Za-z0-9:§ ]{1,40}", fullmatch=True))
@example("OSL 26:1\n")
@example("OSL 26:١")
def test_what_is_told_is_put_together_from_known_parts(text: str) -> None:
    told = correct_form(text)
    assert told is None or is_reference(told)
    if is_reference(text):
        assert told == text
        assert text == unicodedata.normalize("NFKC", text)


def test_the_closed_list_says_what_the_paragraphs_say() -> None:
    """The annotations name each statute in full; here stands how a reference names it."""
    told = {place: re.search(r"\(([0-9]{4}:[0-9]+)\)", found["statute"]) for place, found in STATUTES.items()}
    for place, number in told.items():
        if number:
            assert parse(STATUTES[place]["ref"])["statute"] == NAMED.get(number[1], number[1]), place


@pytest.mark.parametrize("file", sorted(POLICIES.rglob("*.*")), ids=lambda file: file.relative_to(POLICIES).as_posix())
def test_the_law_names_each_provision_in_its_one_form(file: Path) -> None:
    """A rule that names another form would never see it."""
    texts = re.findall(r'"([^"\n]{3,40})"', file.read_text("utf-8"))
    assert [text for text in texts if "_" not in text and correct_form(text) not in (None, text)] == []


@pytest.mark.parametrize("name", sorted(set(NAMED.values())))
def test_a_named_statute_goes_by_its_name_alone(name: str) -> None:
    place = "1 §" if name in ("FL", "LVU", "polislagen") else "1:1"
    assert is_reference(f"{name} {place}")
    assert not is_reference(f"{NUMBERS[name]} {place}")
    assert correct_form(f"{NUMBERS[name]} {place}") == f"{name} {place}"
