"""Tables in files that people fill in: a workbook (extra `spreadsheet`), or text with a sign between cells."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from zipfile import BadZipFile

from agents.desk.faults import DeskError
from agents.desk.forms.sheet import Column
from broker.web.faults import Missing

LARGEST = 5 << 20
"""Bytes of a file that is read."""
MOST_LINES = 1000
_WORKBOOK, _TEXT = ".xlsx", ".csv"
_SIGNS = ";,\t"
_WIDTH = 24
_FILLED = 500
"""Lines of a template that offer the words."""


def is_installed() -> bool:
    """Whether there is what reads workbooks."""
    return find_spec("openpyxl") is not None


def read(file: Path) -> list[list[str]]:
    """The rows of the first sheet, each cell as text. Raises DeskError, Missing where workbooks can't be read here."""
    if file.suffix.lower() not in (_WORKBOOK, _TEXT):
        raise DeskError(f"{file}: a file that ends with {_WORKBOOK} or {_TEXT}")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise DeskError(f"{file}: {error.strerror}") from None
    if len(content) > LARGEST:
        raise DeskError(f"{file}: larger than {LARGEST >> 20} MB")
    try:
        rows = _workbook(content) if file.suffix.lower() == _WORKBOOK else _text(content)
    except (ValueError, KeyError, BadZipFile, csv.Error) as error:
        raise DeskError(f"{file}: can't be read as a table: {type(error).__name__}") from None
    if len(rows) > MOST_LINES + 1:
        raise DeskError(f"{file}: more than {MOST_LINES} lines")
    return rows


def _text(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    first = text.partition("\n")[0]
    sign = max(_SIGNS, key=first.count)
    return list(csv.reader(io.StringIO(text), delimiter=sign, strict=True))


def _workbook(content: bytes) -> list[list[str]]:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415  # an extra
    except ImportError:
        raise Missing("workbooks can't be read here") from None
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(max_row=MOST_LINES + 2, values_only=True)
        return [[_cell(value) for value in row] for row in rows]
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else f"{value:%Y-%m-%d %H.%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


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
    sheet, words = book.active, book.create_sheet("Ord")
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
            place = f"{quote_sheetname('Ord')}!${letter}$2:${letter}${len(column.words) + 1}"
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
