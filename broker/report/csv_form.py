"""The report for machines: one long table, a figure on each line."""

import csv
from collections.abc import Iterator
from typing import TextIO

from broker.report.figures import CHAPTERS, Report
from broker.report.tables import Shown

HEADER = ("table", "row", "column", "value")
HIDDEN = ".."
"""Stands for what is hidden, as in Swedish official statistics."""

Line = tuple[str, str, str, float | None]


def lines(report: Report) -> Iterator[Line]:
    """Every figure: table, row, column and value, or None where it is hidden. Measures without a value are left out."""
    for tables in CHAPTERS.values():
        for name in tables:
            yield from _of_table(report.tables[name])


def _of_table(shown: Shown) -> Iterator[Line]:
    table = shown.table
    for row in table.all_rows:
        for column in table.all_columns:
            yield table.id, row, column, shown.count(row, column)
        for column in table.measured:
            if (row, column) in table.measures:
                yield table.id, row, column, shown.measure(row, column)


def write(report: Report, stream: TextIO) -> None:
    """Write the table as CSV (RFC 4180), with stable English ids."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(HEADER)
    for *names, value in lines(report):
        writer.writerow([*names, HIDDEN if value is None else round(value, 3)])
