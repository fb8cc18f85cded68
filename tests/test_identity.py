"""Numbers of persons and organisations, and numbers of persons in free text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies_of_parts import organisation_numbers, person_numbers

from broker.model.identity import IdentityError, birth_of, check_organisation_number, mentions_person

PERSON = "200805052396"
DAY, LAST = PERSON[2:8], PERSON[8:]
BETWEEN = {
    "nothing": "",
    "hyphen": "-",
    "en dash": "\u2013",
    "em dash": "\u2014",
    "hyphen that does not break": "\u2011",
    "minus": "\u2212",
    "soft hyphen": "\u00ad",
    "blank that does not break": "\u00a0",
    "narrow blank": "\u202f",
    "two blanks": "  ",
    "tab": "\t",
    "line": "\n",
    "dot": ".",
    "slash": "/",
    "plus": "+",
    "underscore": "_",
    "zero width": "\u200b",
    "word joiner": "\u2060",
    "mark of direction": "\u200f",
    "dash in blanks": " - ",
    "a line that goes on": "-\n    ",
    "many blanks": " \t \u00a0  ",
    "a filler": "\u3164",
    "a selector of a variation": "\ufe0f",
    "a dash as HTML writes it": "&ndash;",
    "a blank as HTML writes it": "&#160;",
}


@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN)
@pytest.mark.parametrize("century", ["", PERSON[:2], f"{PERSON[:2]} "])
def test_a_number_is_found_whatever_keeps_its_groups_apart(between: str, century: str) -> None:
    assert mentions_person(f"Se {century}{DAY}{between}{LAST}, tack.")
    assert mentions_person(f"{century}{between.join((DAY[:2], DAY[2:4], DAY[4:], LAST))}")


@pytest.mark.parametrize(
    "text",
    [
        "2008-05-05-2396",
        "2008-05-05 2396",
        "2008 05 05 2396",
        "２００８０５０５２３９６",
        "080505\u20112396",
        "٠٨٠٥٠٥-٢٣٩٦",
        "pnr080505-2396x",
        "kl 12 080505-2396",
        "1, 2, 080505-2396",
        "080505-2396 10-12 år",
        "(080505)2396",
        "19900565-2392 199005602397",
        "född 900560-2397",
        "0 8 0 5 0 5 - 2 3 9 6",
        "2-0-0-8-0-5-0-5-2-3-9-6",
        "nr 7: 2.0.0.8.0.5.0.5.2.3.9.6, ja",
    ],
)
def test_other_ways_to_write_it(text: str) -> None:
    assert mentions_person(text)


@given(number=person_numbers() | person_numbers(coordination=True), between=st.sampled_from(list(BETWEEN.values())))
def test_any_person_is_found(number: str, between: str) -> None:
    assert mentions_person(number)
    assert mentions_person(f"x {number[2:8]}{between}{number[8:]} y")


ORDINARY = [
    "2026-03-02 09:00",
    "2026-03-02T09:00:00Z",
    "2026-03-02T09:00:00.123456+01:00",
    "2026-01-01/2026-03-31",
    "2026-01-01--2026-12-31",
    "2026-03-02 - 2026-03-05",
    "2026-03-02\u20132026-03-05",
    "2024-01-10–2026-02",
    "2026-01/2026-03",
    "20260101-20260331",
    "vecka 10-12 2026",
    "070-123 45 67",
    "070-174 06 05",
    "0701740605 är ett mobilnummer med fyra siffror för mycket 123",
    "+46 70 174 06 05",
    "08-123 456 78",
    "0771-14 14 14",
    "112, 114 14 och 1177",
    "Dnr SN 2026/0123",
    "SN-2026-01234",
    "5000-K123456-26",
    "B 1234-26",
    "556036-0793",
    "5560360793",
    "165560360793",
    "212000-0142",
    "802002-1234",
    "Bankgiro 123-4567, plusgiro 12 34 56-7",
    "OCR 1234567890123456",
    "BrB 3:6, OSL 10:18 a och 2025:170 6 §",
    "lag (2026:1235) 5 §",
    "kl. 09.00-16.30 den 2 mars",
    "10 000 kronor, 1 234 567,89 kr",
    "ABC 123 och XYZ 98A",
    "59.3293, 18.0686",
    "192.168.100.200:8080",
    "https://plattform.example/inlagg/1234567",
    "019c1c2e-7b1a-7000-8000-000000000016",
    "12 barn, 8 pojkar, 4 flickor, 2025",
    "Ärende 4711 hos kommun 0127",
    "årskurs 7-9, 13-15 år",
    "årskurs 1, 2, 3, 4, 5, 6, 7, 8, 9",
    "R&D &amp; 2026-03-02 &lt; 2026",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_numbers_are_no_persons(text: str) -> None:
    assert not mentions_person(text)


@given(number=organisation_numbers())
def test_no_organisation_is_a_person(number: str) -> None:
    check_organisation_number(number)
    assert not mentions_person(number)
    assert not mentions_person(f"{number[:6]}-{number[6:]}")


@given(number=person_numbers())
def test_no_person_is_an_organisation(number: str) -> None:
    with pytest.raises(IdentityError):
        check_organisation_number(number[2:])


@pytest.mark.parametrize("number", ["556036-0793", "5560360794", "165560360793", "556036079", "٥٥٦٠٣٦٠٧٩٣", ""])
def test_an_organisation_s_number_is_ten_digits(number: str) -> None:
    with pytest.raises(IdentityError, match="10 digits"):
        check_organisation_number(number)


@pytest.mark.parametrize(
    ("number", "born"),
    [("199005602397", (1990, 5, 0)), ("199000652396", (1990, 0, 5)), ("199000602392", (1990, 0, 0))],
)
def test_what_a_samordningsnummer_leaves_open_is_nought(number: str, born: tuple[int, int, int]) -> None:
    number = number[:-1] + next(d for d in "0123456789" if _right(number[2:-1] + d))
    assert birth_of(number, coordination=True) == born
    with pytest.raises(IdentityError):
        birth_of(number, coordination=False)
    with pytest.raises(IdentityError):
        birth_of(number[:-1] + str((int(number[-1]) + 1) % 10), coordination=True)


def _right(ten: str) -> bool:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(ten))
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0


@pytest.mark.parametrize("number", ["199013602391", "199002912395", "189912312384", "220101012382"])
def test_a_birth_outside_the_calendar_is_none(number: str) -> None:
    for last in "0123456789":
        for coordination in (False, True):
            with pytest.raises(IdentityError):
                birth_of(number[:-1] + last, coordination=coordination)
