"""The command that writes the yearly report."""

import json
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

import typer

from broker import bundle
from broker.adapters.files import whole_file
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.read_model import Archive, Record
from broker.cli.options import NEARBY, AsJson, Kept, Language
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.deadlines import Times, read_times
from broker.log.checkpoint import Checkpoint, SignedNote
from broker.log.verifier import StoredCheckpoint
from broker.model.decision import Json
from broker.report import csv_form, figures, rules
from broker.report.casework import RegisteredAgreement, RegisteredConsent
from broker.report.figures import Foundation, Report, Sources
from broker.report.labels import Labels

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
    law = json.loads(bundle.load().tables)
    grounds = _grounds(law["law"]["grounds"])
    counties, times = rules.counties(), read_times(law["clocks"])
    labels = Labels(lang.value, counties, grounds | _refs(law["law"]["bars"]))
    if out.suffix not in (_PAGE, _TABLE):
        raise Stop(2, labels.page("not_a_report_name", file=out))
    table = out.with_suffix(_TABLE)
    with archives.open_archive(data) as archive:
        sources = Sources(
            times=times,
            grounds=grounds,
            counties=counties,
            consents=_consents(archive),
            agreements=_agreements(archive),
            quarantined=((one.record.leaf, one.redriven is not None) for one in archive.quarantined_lines()),
        )
        with output.progress(output.words("handling"), archive.size()) as advance:
            year_report = figures.of_year(year, _leaves(archive.decisions(), advance), sources, rules.load())
        last = archive.last_checkpoint()
    if out.suffix == _PAGE:
        ours = {name for name, rows in law["clocks"]["terms"].items() if rows[-1]["ours"]}
        _write(out, _page(year_report, labels, times, ours, _foundation(last, table.name)))
    stream = StringIO()
    csv_form.write(year_report, stream)
    _write(table, stream.getvalue())
    if as_json:
        for name, row, column, value in csv_form.lines(year_report):
            output.line({"table": name, "row": row, "column": column, "value": value})
        output.flush()
    else:
        output.note(labels.page("written", files=", ".join(map(str, dict.fromkeys((out, table))))))


def _grounds(table: Mapping[str, Any]) -> dict[str, str]:
    """The reference of each ground, in the order in which they are tried; one without any stands for itself."""
    return _refs({ground: table[ground]["ref"] for ground in sorted(table, key=lambda ground: table[ground]["order"])})


def _refs(table: Mapping[str, str | None]) -> dict[str, str]:
    return {name: ref or name for name, ref in table.items()}


def _leaves(records: Iterator[Record], advance: Callable[[int, int], None]) -> Iterator[Json]:
    """The leaves, each with its place, which not every log has in them; telling now and then how many have passed."""
    for n, record in enumerate(records):
        if n % _STEP == 0:
            advance(record.seq, n)
        yield {**record.leaf, "seq": record.seq}


def _consents(archive: Archive) -> Iterator[RegisteredConsent]:
    for row in archive.consents():
        facts, withdrawn = row.facts, row.withdrawn is not None
        yield RegisteredConsent(
            seq=row.seq,
            subject=row.subject,
            programme=facts["programme"],
            valid_from=facts["valid_from"],
            valid_until=facts["valid_until"],
            ended=row.withdrawn if withdrawn else row.replaced,
            withdrawn=withdrawn,
        )


def _agreements(archive: Archive) -> Iterator[RegisteredAgreement]:
    for _, rows in groupby(archive.agreements(), key=attrgetter("agreement", "body")):
        confirmed = list(rows)
        facts = confirmed[0].facts
        yield RegisteredAgreement(
            programme=facts["programme"],
            parties=len({row.party for row in confirmed}),
            valid_from=facts["valid_from"],
            valid_until=facts["valid_until"],
        )


def _foundation(last: StoredCheckpoint | None, table: str) -> Foundation | None:
    """The newest checkpoint, as the page tells it. Raises CheckpointError."""
    if last is None:
        return None
    root = Checkpoint.parse(SignedNote.parse(last.note).text).root.hex()
    return Foundation(last.size, root[:_ROOT_SHOWN], table)


def _page(year_report: Report, labels: Labels, times: Times, ours: set[str], foundation: Foundation | None) -> str:
    """The page. What lays it out is imported here: no other command needs it."""
    from broker.report.page import page  # noqa: PLC0415

    return page(year_report, labels, times, ours=ours, foundation=foundation)


def _write(path: Path, text: str) -> None:
    try:
        with whole_file.write_whole(path, whole_file.ANYBODY) as stream:
            stream.write(text)
    except OSError as error:
        raise Stop(2, f"{path}: can't be written: {error.strerror}") from None
