"""A filled table becomes drafts: each line checked, each fault under its heading, nothing taken where one is wrong."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from command import samband
from openpyxl import Workbook, load_workbook

from agents.desk import spreadsheet
from agents.desk.command import open_store_of
from agents.desk.forms import sheet
from agents.desk.settings import read
from agents.desk.store import Person
from agents.desk.texts import Words
from broker.kinds import KINDS

SETTINGS = """authority = "kommun-0127"
unit = "social_services"
role = "caseworker"
data = "data"
lang = "sv"
"""
CONCERN = {
    "to.authority": "Botkyrka kommun",
    "to.unit": "socialtjänst",
    "subject.id": "20110304-2386",
    "concerns": "brottslighet; Skolfrånvaro",
    "text": "Vi är oroliga.",
    "immediate": "nej",
}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    file = tmp_path / "desk.toml"
    file.write_text(SETTINGS, "utf-8")
    with open_store_of(read(file)) as store:
        store.people.add(
            Person("Sara", "social_services", "caseworker", "s-1", frozenset({"read"})), account="sara", password="x"
        )
    return file


def drafts(desk: Path) -> list[Any]:
    with open_store_of(read(desk)) as store:
        return store.drafts.unsent()


def filled(desk: Path, *lines: dict[str, str], kind: str = "ConcernNotification", ending: str = "xlsx") -> Path:
    """A table with these lines, by the places of its columns."""
    headings = {column.place: column.heading for column in sheet.columns(kind, Words("sv"))}
    file = desk.with_name(f"filled.{ending}")
    rows = [list(headings.values()), *([line.get(place, "") for place in headings] for line in lines)]
    if ending == "csv":
        file.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in rows), "utf-8")
        return file
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def take(desk: Path, file: Path, kind: str = "ConcernNotification", *more: str) -> Any:
    return samband("desk", "import", kind, file, "--as", "s-1", "--settings", desk, *more)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_each_line_is_a_draft_and_again_changes_nothing(desk: Path, ending: str) -> None:
    file = filled(desk, CONCERN, CONCERN | {"text": "En till."}, ending=ending)
    for _ in range(2):
        assert take(desk, file).status == 0
    first, second = sorted(drafts(desk), key=lambda draft: draft.number)
    assert first.body["subject"] == {"id_type": "personnummer", "id": "201103042386"}
    assert first.body["concerns"] == ["crime", "school_absence"] and first.body["immediate"] is False
    assert (first.to.authority, first.to.unit, first.state) == ("kommun-0127", "social_services", "draft")
    assert second.body["text"] == "En till."


def test_a_fault_is_told_under_its_heading_and_nothing_is_taken(desk: Path) -> None:
    wrong = CONCERN | {"subject.id": "201103042387", "concerns": "oro", "to.authority": "Ingenstans"}
    taken = take(desk, filled(desk, CONCERN, wrong))
    assert taken.status == 1 and drafts(desk) == []
    told = taken.out.splitlines()
    assert len(told) >= 3 and all(line.startswith("Rad 3, ") for line in told)
    assert "201103042387" not in taken.out, "no value is repeated"


def test_a_heading_that_is_not_of_the_kind_is_told(desk: Path) -> None:
    file = desk.with_name("wrong.csv")
    file.write_text("Namn;Ålder\nNils;12\n", "utf-8")
    taken = take(desk, file)
    assert taken.status == 1 and "namn" in taken.out and drafts(desk) == []


def careless(desk: Path, change: Callable[[Workbook], None], *lines: dict[str, str]) -> Any:
    """What is said of a filled workbook that somebody has done something more with."""
    file = filled(desk, *(lines or (CONCERN, CONCERN)))
    book = load_workbook(file)
    change(book)
    book.save(file)
    return take(desk, file)


def merge(book: Workbook) -> None:
    book.active.merge_cells("A2:A3")


def reckon(book: Workbook) -> None:
    book.active["A3"] = '=CONCATENATE("Botkyrka"," kommun")'
    book.active["A2"] = "#REF!"


def write_beside(book: Workbook) -> None:
    book.active.cell(2, book.active.max_column + 2, "glöm inte det här")


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (merge, ["Rad 2, kolumn 1: cellerna är sammanfogade: dela dem och skriv i varje."]),
        (
            reckon,
            [
                "Rad 2, kolumn 1: har en formel som blev fel: skriv värdet.",
                "Rad 3, kolumn 1: har en formel utan värde: skriv värdet.",
            ],
        ),
        (write_beside, ["står under ingen rubrik."]),
    ],
)
def test_what_no_line_can_mean_is_told_and_the_others_are_checked(
    desk: Path, change: Callable[[Workbook], None], lines: list[str]
) -> None:
    wrong = CONCERN | {"immediate": "kanske"}
    taken = careless(desk, change, CONCERN, CONCERN, wrong)
    assert taken.status == 1 and drafts(desk) == []
    assert [line for line in lines if line not in taken.out] == []
    assert "Rad 4, " in taken.out


def test_what_a_workbook_means_is_taken(desk: Path) -> None:
    """Empty lines above and between, a number and a truth as such, lines that are formatted and empty."""

    def change(book: Workbook) -> None:
        sheet_, headings = book.active, [cell.value for cell in book.active[1]]
        sheet_.insert_rows(1)
        sheet_.insert_rows(4)
        for n, heading in enumerate(headings, 1):
            if "ersonnummer" in heading:
                sheet_.cell(3, n, 201103042386)
        for n in range(10, 3000):
            sheet_.cell(n, 1).number_format = "@"

    taken = careless(desk, change)
    assert taken.status == 0, taken.out + taken.err
    assert [draft.body["subject"]["id"] for draft in drafts(desk)] == ["201103042386"] * 2


def test_a_second_sheet_is_not_lost_in_silence(desk: Path) -> None:
    taken = careless(desk, lambda book: book.create_sheet("Fler").append(["Botkyrka kommun"]))
    assert taken.status == 2 and "mer än ett blad" in taken.line and drafts(desk) == []


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "utf-8"])
@pytest.mark.parametrize("begins", ["", "sep=;\r\n", "\r\n"])
def test_text_from_any_spreadsheet_is_read(desk: Path, encoding: str, begins: str) -> None:
    file = filled(desk, CONCERN | {"text": "Räksmörgås, åäö"}, ending="csv")
    file.write_bytes((begins + file.read_text("utf-8")).encode(encoding))
    taken = take(desk, file)
    assert taken.status == 0, taken.out + taken.err
    assert [draft.body["text"] for draft in drafts(desk)] == ["Räksmörgås, åäö"]


def test_what_is_no_table_or_too_much_is_one_line_in_swedish(desk: Path) -> None:
    long = filled(desk, *([CONCERN] * 1001), ending="csv")
    older, odd = desk.with_name("older.xlsx"), desk.with_name("odd.xlsx")
    macros, big = desk.with_name("macros.xlsm"), desk.with_name("big.xlsx")
    older.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    odd.write_bytes(b"PK no workbook")
    with ZipFile(big, "w", ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", bytes(spreadsheet.UNPACKED + 1))
    broken = desk.with_name("broken.csv")
    broken.write_bytes(b'"Namn;"oro"x\n')
    said = {
        long: "fler än 1000 rader",
        older: "har lösenord",
        odd: "går inte att läsa som tabell",
        macros: "en fil som slutar på",
        big: "större än 40 MB",
        broken: "går inte att läsa som tabell",
    }
    for file, words in said.items():
        taken = take(desk, file)
        assert taken.status == 2 and words in taken.line, (file, taken.err)
    assert drafts(desk) == []


@pytest.mark.parametrize("kind", [kind for kind in sorted(KINDS) if sheet.is_a_table(kind)])
def test_every_kind_that_a_table_can_say_has_one_with_its_words(kind: str, tmp_path: Path) -> None:
    if kind not in ("ConcernNotification", "OrganisationConcern", "SupportEnquiry", "Tip"):
        headings = [column.heading for column in sheet.columns(kind, Words("sv"))]
        assert len(headings) == len(set(headings)) > 3
        return
    out = tmp_path / "form.xlsx"
    assert samband("desk", "form", kind, "--out", out).status == 0
    first, words = load_workbook(out).worksheets
    headings = [cell.value for cell in first[1]]
    assert headings == [column.heading for column in sheet.columns(kind, Words("sv"))]
    assert [cell.value for cell in words[1]] == headings and first.data_validations.dataValidation


def test_what_no_table_can_say_is_not_offered(tmp_path: Path) -> None:
    said = samband("desk", "form", "Disclosure", "--out", tmp_path / "x.xlsx")
    assert said.status == 2 and len(said.err.splitlines()) == 1
