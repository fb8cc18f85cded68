"""The command that writes the yearly report."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Annotated

import typer

from broker.adapters.files import whole_file
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.read_model import Record
from broker.cli.options import NEARBY, AsJson, Kept, Language
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.log.checkpoint import Checkpoint, SignedNote
from broker.log.verifier import StoredCheckpoint
from broker.model.decision import Json
from broker.report import csv_form, figures, reading, rules
from broker.report.figures import Foundation, Report
from broker.report.labels import Labels
from broker.report.reading import Law

_PAGE, _TABLE = ".html", ".csv"
_STEP = 500
_ROOT_SHOWN = 16
"""Hex digits, as `audit verify` shows them."""


def report(
    *,
    year: Annotated[int, typer.Option(min=1900, max=9998, help="The year to report.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="page.html, with page.csv beside it; or only a .csv.")
    ],
    data: Kept = NEARBY,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Write the yearly report: figures by paragraph, outcome, authority and county, small numbers hidden."""
    output = Output(lang, as_json=as_json)
    law = reading.law()
    labels = law.labels(lang.value)
    if out.suffix not in (_PAGE, _TABLE):
        raise Stop(2, labels.page("not_a_report_name", file=out))
    table = out.with_suffix(_TABLE)
    with archives.open_archive(data) as archive:
        with output.progress(output.words("handling"), archive.size()) as advance:
            leaves = _leaves(archive.decisions(), advance)
            year_report = figures.of_year(year, leaves, law.sources(archive), rules.load())
        last = archive.last_checkpoint()
    if out.suffix == _PAGE:
        _write(out, _page(year_report, labels, law, _foundation(last, table.name)))
    stream = StringIO()
    csv_form.write(year_report, stream)
    _write(table, stream.getvalue())
    if as_json:
        for name, row, column, value in csv_form.lines(year_report):
            output.line({"table": name, "row": row, "column": column, "value": value})
        output.flush()
    else:
        output.note(labels.page("written", files=", ".join(map(str, dict.fromkeys((out, table))))))


def _leaves(records: Iterator[Record], advance: Callable[[int, int], None]) -> Iterator[Json]:
    """The leaves, each with its place, which not every log has in them; telling now and then how many have passed."""
    for n, record in enumerate(records):
        if n % _STEP == 0:
            advance(record.seq, n)
        yield {**record.leaf, "seq": record.seq}


def _foundation(last: StoredCheckpoint | None, table: str) -> Foundation | None:
    """The newest checkpoint, as the page tells it. Raises CheckpointError."""
    if last is None:
        return None
    root = Checkpoint.parse(SignedNote.parse(last.note).text).root.hex()
    return Foundation(last.size, root[:_ROOT_SHOWN], table)


def _page(year_report: Report, labels: Labels, law: Law, foundation: Foundation | None) -> str:
    """The page. What lays it out is imported here: no other command needs it."""
    from broker.report.page import page  # noqa: PLC0415

    return page(year_report, labels, law.times, ours=law.ours, foundation=foundation)


def _write(path: Path, text: str) -> None:
    try:
        with whole_file.write_whole(path, whole_file.ANYBODY) as stream:
            stream.write(text)
    except OSError as error:
        raise Stop(2, f"{path}: can't be written: {error.strerror}") from None
