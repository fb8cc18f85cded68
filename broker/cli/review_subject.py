"""The command `samband review subject`: what was exchanged about one person, and what of it is handed out."""

import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities
from broker.adapters.sql.read_model import open_archive
from broker.cli.lines import STDIN
from broker.cli.options import Language, clock
from broker.cli.output import Output, Stop
from broker.cli.review_log import By, Purpose, said_purpose, write_out
from broker.cli.review_options import SettingsFile, ask_person, read_settings
from broker.cli.texts import Lang, number
from broker.explanation import words as explaining
from broker.model.days import swedish_day
from broker.ports.faults import Away
from broker.review import extract, subject
from broker.review.hold import Reader
from broker.review.index import Index
from broker.review.settings import ReviewSettings
from broker.review.subject import Report
from broker.review.tokens import NoToken, of_socket
from broker.review.views import View, open_views
from broker.review.words import Words
from broker.web.faults import SiteError

_WRONG = 2
_FORMS = (".txt", ".csv", ".json")


def review_subject(
    *,
    file: SettingsFile,
    reader: Annotated[Reader, typer.Option("--to", help="Who gets it: what may be told differs.")],
    by: By,
    purpose: Purpose,
    allowed: Annotated[
        list[int] | None,
        typer.Option(metavar="SEQ", help="A record that its authority has said may be told; may be repeated."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.txt|.csv|.json|-", help="Hand it out; else only what there is, for you."),
    ] = None,
    lang: Language = Lang.SV,
) -> None:
    """Show what was exchanged about a person, who is typed in or read from standard input; with --out hand it out.

    What may not be told is left out of what is handed out, without a word.
    """
    output = Output(lang)
    why = said_purpose(output, purpose)
    if out is not None and out != STDIN and out.suffix not in _FORMS:
        raise Stop(_WRONG, f"{out}: must end with .txt, .csv or .json")
    said = read_settings(file)
    try:
        person = of_socket(said.tokens).person(ask_person(output))
        report = _report(said, person, reader)
    except NoToken as none:
        raise Stop(_WRONG, output.words("find_number" if none.why == "number" else "find_unclear")) from None
    except (SiteError, Away) as error:
        raise Stop(_WRONG, str(error)) from None
    entries = report.entries if out is None else report.extract(allowed or ())
    what = subject.said(person, reader, entries)
    with open_views(said, clock) as views:
        views.append(View(by, "subject" if out is None else "extract", why, what, subject.authorities(entries)))
    t, words = Words(lang.value), explaining.Words(lang.value, authorities.load(said.register))
    if out is not None:
        stream = io.StringIO()
        extract.write(stream, out.suffix.removeprefix("."), t, extract.write_lines(t, words, entries))
        write_out(out, stream.getvalue())
    else:
        for line in _lines(t, words, report):
            output.show(Text(line))
    output.flush()
    counts = {"ready": report.ready, "waiting": report.waiting, "pending": report.pending}
    output.note(output.words("subject_counts", **{name: number(len(some)) for name, some in counts.items()}))


def _report(said: ReviewSettings, person: Sequence[str], reader: Reader) -> Report:
    with closing(Index(said.index)) as index, open_archive(said.data) as archive:
        index.catch_up(archive)
        records = subject.gather(archive, index, person)
    return subject.report(records, person, reader, swedish_day(clock()))


def _lines(t: Words, words: explaining.Words, report: Report) -> Iterator[str]:
    """Each exchange for the auditor, with its place in the log, and why it waits."""
    for entry, line in zip(report.entries, extract.write_lines(t, words, report.entries), strict=True):
        hold = entry.hold
        asks = t("subject.pending.ask", authorities=", ".join(map(words.party, hold.ask))) if hold else ""
        waits = f"{t('subject.waiting.until')} {hold.until}" if hold and hold.until else asks
        yield f"{entry.seq}  {line.time}  {line.what}"
        yield f"    {line.sender} → {line.recipient}"
        if waits:
            yield f"    {waits}"
