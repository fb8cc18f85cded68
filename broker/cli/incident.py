"""The command that writes what is reported of an incident: `samband incident`."""

import getpass
import json
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from broker import authorities, bundle
from broker.adapters.files import whole_file
from broker.adapters.sql import read_model as archives
from broker.authorities import ANONYMOUS
from broker.cli import arguments
from broker.cli.options import NEARBY, AsJson, Kept, Language, RegisterFile, clock
from broker.cli.output import Output, Stop
from broker.cli.review_options import read_settings
from broker.cli.texts import Lang
from broker.model.days import rfc3339
from broker.review import incident, operations_reading
from broker.review.incident import Incident, Report
from broker.review.operations import standing
from broker.review.operations_reading import Sources
from broker.review.views import open_views
from broker.review.words import Words

_WRONG = 2


def write_reports(
    *,
    known_at: Annotated[str, typer.Option("--known", metavar="TIME", help="When it was known to be significant.")],
    began_at: Annotated[
        str | None, typer.Option("--began", metavar="TIME", help="When it began, if before that.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder that the reports are written to.")],
    data: Kept = NEARBY,
    file: Annotated[
        Path | None,
        typer.Option("--settings", metavar="FILE", help="The settings of samband review: programs, alerts, its log."),
    ] = None,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Write the reports of an incident: a warning, a notification, the final one.

    What the broker knows stands there; what a human alone can say is left empty. No person, case or message is in them.
    """
    said = read_settings(file) if file else None
    data, register = (said.data, register or said.register) if said else (data, register)
    parties = authorities.load(register)
    output, t, now = Output(lang, as_json=as_json, parties=parties), Words(lang.value), clock()
    known = arguments.moment(output, known_at, "--known")
    began = arguments.moment(output, began_at, "--began") if began_at else known
    if not began <= known <= now:
        raise Stop(_WRONG, "--began, --known: it begins before it is known, and is known before now")
    with archives.open_archive(data) as archive:
        messages = archive.counted_between(began, now)
    stands = standing(operations_reading.read(said.operations if said else Sources(), data, now), now, parties)
    versions = {"samband": version("samband"), "law": bundle.load().revision}
    names = {party.id: party.name for party in parties} | {ANONYMOUS: t("incident.nobody")}
    told = Incident(began, known, versions, stands, incident.anonymous(messages, ANONYMOUS), names)
    written = incident.reports(told)
    if said:
        with open_views(said, clock) as views:
            views.record(
                "incident", getpass.getuser(), known=rfc3339(known), reports=[report.name for report in written]
            )
    for n, report in enumerate(written, 1):
        _write(out, n, report, told, t)
        if as_json:
            output.line(report.as_json(t))
        else:
            output.note(
                t("incident.written_to", what=t(f"incident.name.{report.name}"), due=t.moment(report.due), file=out)
            )
    output.flush()


def _write(out: Path, n: int, report: Report, told: Incident, t: Words) -> None:
    """Its text and its JSON. Raises Stop."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        name = f"{n}-{report.name}"
        whole_file.write(out / f"{name}.txt", report.as_text(t, told).encode())
        content = json.dumps(report.as_json(t), ensure_ascii=False, indent=2) + "\n"
        whole_file.write(out / f"{name}.json", content.encode())
    except OSError as error:
        raise Stop(_WRONG, f"{out}: can't be written: {error.strerror}") from None
