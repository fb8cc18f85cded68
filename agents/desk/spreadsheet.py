"""Tables in files that people fill in: a workbook (extra `spreadsheet`), or text with a sign between cells."""

import codecs
import csv
import io
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from importlib.util import find_spec
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from agents.desk.faults import DeskError
from agents.desk.forms.sheet import Column
from broker.web.faults import Missing

LARGEST = 5 << 20
"""Bytes of a file that is read."""
UNPACKED = 40 << 20
"""Bytes that a workbook may hold."""
MOST_LINES = 1000
_WORKBOOK, _TEXT = ".xlsx", ".csv"
_SIGNS = ";,\t"
_DECLARED = re.compile(r"sep=(.)", re.IGNORECASE)
"""How Excel says in the first line which sign stands between cells."""
_OLDER = bytes.fromhex("d0cf11e0")
"""How a workbook of an older sort begins, or one with a password."""
_WORDS = "Ord"
_NOTHING = "A1:A1"
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
"""What a formula comes to that went wrong."""
_WIDTH = 24
_FILLED = 500
"""Lines of a template that offer the words."""


def is_installed() -> bool:
    """Whether there is what reads workbooks."""
    return find_spec("openpyxl") is not None


@dataclass(frozen=True)
class Table:
    """The rows of a file, each cell as text; what no text can stand for, by the sheet's number of row and column."""

    rows: list[list[str]]
    faults: list[tuple[int, int, str]] = field(default_factory=list)


def read(file: Path) -> Table:
    """The first sheet. Raises DeskError, Missing where workbooks can't be read here."""
    if file.suffix.lower() not in (_WORKBOOK, _TEXT):
        raise DeskError(f"{file}: a file that ends with {_WORKBOOK} or {_TEXT}")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DeskError(f"{file}: {error.strerror}") from None
    if len(content) > LARGEST:
        raise DeskError(f"{file}: larger than {LARGEST >> 20} MB")
    if content.startswith(_OLDER):
        raise DeskError(f"{file}: has a password, or is of an older sort: save it as {_WORKBOOK} without one")
    try:
        table = _workbook(content, file) if file.suffix.lower() == _WORKBOOK else Table(_text(content))
    except (ValueError, KeyError, TypeError, IndexError, BadZipFile, csv.Error) as error:
        raise DeskError(f"{file}: can't be read as a table: {type(error).__name__}") from None
    if sum(any(cell.strip() for cell in row) for row in table.rows) > MOST_LINES + 1:
        raise DeskError(f"{file}: more than {MOST_LINES} lines")
    return table


def _text(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if declared := _DECLARED.fullmatch(first.strip()):
        return [[], *csv.reader(io.StringIO(rest, newline=""), delimiter=declared[1], strict=True)]
    sign = max(_SIGNS, key=next((line for line in text.splitlines() if line.strip()), "").count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True))


def _decoded(content: bytes) -> str:
    """As spreadsheets write it: marked, or UTF-8, or what Windows has in this part of the world."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _workbook(content: bytes, file: Path) -> Table:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  # an extra
    except ImportError:
        raise Missing("workbooks can't be read here") from None
    with ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED:
            raise DeskError(f"{file}: larger than {UNPACKED >> 20} MB")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what it does not keep, which is not asked for
        book, said = (load_workbook(io.BytesIO(content), data_only=values) for values in (False, True))
    first, *others = book.worksheets
    if any(one.title != _WORDS and any(map(any, one.iter_rows(values_only=True))) for one in others):
        raise DeskError(
            f"{file}: has more than one sheet with content: only the first is read, so keep one in the file"
        )
    faults = [(one.min_row, one.min_col, "merged") for one in first.merged_cells.ranges]
    rows = []
    both = zip(first.iter_rows(), said.worksheets[0].iter_rows(values_only=True), strict=True)
    for n, (cells, values) in enumerate(both, 1):
        rows.append([_cell(value) for value in values])
        for at, (cell, value) in enumerate(zip(cells, values, strict=True), 1):
            if cell.data_type == "f" and value is None:
                faults.append((n, at, "formula"))
            elif isinstance(value, str) and value in _ERRORS:
                faults.append((n, at, "error"))
    return Table(rows, sorted(faults))


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else f"{value:%Y-%m-%d %H.%M}"
        case time():
            return f"{value:%H.%M}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)  # a day as 2026-11-30, too


def template(columns: Sequence[Column], title: str) -> bytes:
    """A workbook to fill in: headings, what they say, the words to choose among. Raises Missing."""
    try:
        from openpyxl import Workbook  # noqa: PLC0415
        from openpyxl.styles import Font  # noqa: PLC0415
        from openpyxl.utils import get_column_letter, quote_sheetname  # noqa: PLC0415
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415
    except ImportError:
        raise Missing("workbooks can't be made here") from None
    book = Workbook()
    sheet, words = book.active, book.create_sheet(_WORDS)
    sheet.title = title[:31]
    sheet.freeze_panes = "A2"
    for n, column in enumerate(columns, 1):
        letter = get_column_letter(n)
        sheet.cell(1, n, column.heading).font = Font(bold=True)
        sheet.column_dimensions[letter].width = _WIDTH
        for row in range(2, _FILLED + 2):
            sheet.cell(row, n).number_format = "@"  # a number of twelve digits stays one
        words.cell(1, n, column.heading).font = Font(bold=True)
        words.column_dimensions[letter].width = _WIDTH
        for row, word in enumerate(column.words, 2):
            words.cell(row, n, word)
        if column.words and not column.is_list:
            place = f"{quote_sheetname(_WORDS)}!${letter}$2:${letter}${len(column.words) + 1}"
            choice = DataValidation("list", formula1=place, allow_blank=True)
            choice.add(f"{letter}2:{letter}{_FILLED + 1}")
            sheet.add_data_validation(choice)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(columns: Sequence[Column]) -> bytes:
    """The headings as text, for who has no workbook."""
    out = io.StringIO()
    csv.writer(out, delimiter=_SIGNS[0], lineterminator="\r\n").writerow([column.heading for column in columns])
    return out.getvalue().encode("utf-8-sig")
