"""Commands on what could not be used: quarantine list, redrive and purge."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from broker import authorities, settings
from broker.adapters.files import register_file
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.contents import ContentsError
from broker.adapters.sql.read_model import Archive, Hindrance, Quarantined
from broker.cli import arguments, list_view, quarantine_on_kafka
from broker.cli.options import LARGEST, NEARBY, AsJson, Language, RegisterFile, clock
from broker.cli.output import Output, Stop
from broker.cli.quarantine_on_kafka import CLUSTER
from broker.cli.texts import Lang, number
from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.runtime import embedded
from broker.runtime.embedded import Embedded

_HINDRANCES = {
    Hindrance.NOT_KEPT: "no_bytes",
    Hindrance.REDRIVEN: "redriven_already",
    Hindrance.UNPROVEN: "no_proof",
    Hindrance.CUT: "not_whole",
}

app = typer.Typer(help="What could not be used: list it, run it again, keep it no longer.", rich_markup_mode=None)

Where = Annotated[
    str, typer.Option("--data", metavar="DIR|kafka", help="Folder with the state; or kafka: the cluster's quarantine.")
]


@app.command("list")
def quarantine_list(
    *,
    data: Where = NEARBY,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """List everything in quarantine, oldest first."""
    output = Output(lang, as_json=as_json, parties=authorities.load(register))
    if data == CLUSTER:
        _show(output, quarantine_on_kafka.rows(output))
    else:
        with archives.open_archive(data) as archive:
            _show(output, map(_row, archive.quarantined_lines()))
    output.flush()


def _show(output: Output, rows: Iterable[Json]) -> None:
    if output.as_json:
        for row in rows:
            output.line(row)
    else:
        output.show(list_view.quarantine(output.words, rows))


def _row(entry: Quarantined) -> Json:
    leaf = entry.record.leaf
    return {
        "seq": entry.record.seq,
        "time": leaf["recorded"],
        "sender": leaf["sender"]["authority"] if leaf["sender"] else None,
        "message": leaf["message"],
        **leaf["receipt"]["error"],
        "kept": entry.kept,
        "redriven": entry.redriven,
    }


@app.command("redrive")
def quarantine_redrive(
    seq: Annotated[int | None, typer.Argument(metavar="SEQ", min=0, max=LARGEST, help="The record's number.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that is not run again yet.")] = False,
    data: Where = NEARBY,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Run kept bytes through the broker again, when the fault is mended."""
    output = Output(lang, as_json=as_json)
    if (seq is None) != every:
        raise Stop(2, output.words("one_or_all"))
    if data == CLUSTER:
        if not every:
            raise Stop(2, output.words("all_on_cluster"))
        quarantine_on_kafka.redriven(output, register_file.RegisterFile(register))
        return
    with archives.open_archive(data) as archive:
        chosen = _choose(output, archive, seq)
    if not chosen:
        return
    with embedded.embedded(Path(data), authorities.load(register)) as broker:
        kept = Archive(broker.connection, broker.key)
        for one in chosen:
            if not _is_as_kept(broker, kept, one):
                raise Stop(1, output.words("not_as_kept", seq=one))
        for receipt in broker.pipeline.run(map(kept.redrive, chosen), batch=1):
            if as_json:
                output.receipt(receipt)
            else:
                output.show(list_view.receipt(output.words, receipt))
            output.flush()


def _is_as_kept(broker: Embedded, kept: Archive, seq: int) -> bool:
    try:
        return broker.pipeline.is_as_kept(kept.redrive(seq))
    except ContentsError:
        return False


@app.command("purge")
def quarantine_purge(
    *,
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", metavar="DAYS", min=0, max=36500, help="Days since; as they are kept at most."),
    ] = None,
    sender: Annotated[
        str | None, typer.Option(metavar="AUTHORITY", help="Only what this authority was proven to have sent.")
    ] = None,
    data: Where = NEARBY,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Keep no longer the bytes of old lines in quarantine. The log says which; that they came stays recorded.

    With --data kafka a worker that runs records it; this logs in as SAMBAND_KAFKA_USER (samband.worker).
    """
    output = Output(lang, as_json=as_json)
    before = clock() - timedelta(days=settings.quarantine().days if older_than is None else older_than)
    if data == CLUSTER:
        if sender is not None:
            raise Stop(2, output.words("purged_of_all"))
        lines, size = quarantine_on_kafka.purge_lines(output, before)
        _show_purged(output, lines, size, before)
        return
    known = authorities.load(register)
    party = arguments.address(output, known, sender) if sender else None
    with embedded.embedded(Path(data), known) as broker:
        lines, size = broker.pipeline.purge(before, party)
    _show_purged(output, lines, size, before)


def _show_purged(output: Output, lines: int, size: int, before: datetime) -> None:
    if output.as_json:
        output.line({"purged": lines, "bytes": size, "before": rfc3339(before)})
    else:
        output.note(output.words("purged", n=number(lines), size=number(size)))
    output.flush()


def _choose(output: Output, archive: Archive, seq: int | None) -> list[int]:
    """Which to run again. Raises Stop when the one named can't be."""
    if seq is None:
        entries = list(archive.quarantined_lines())
        if unproven := sum(entry.hindrance is Hindrance.UNPROVEN for entry in entries):
            output.note(output.words("no_proof_all", n=unproven))
        return [entry.record.seq for entry in entries if entry.hindrance is None]
    entry = next(archive.quarantined_lines(seq), None)
    if entry is None:
        raise Stop(2, output.words("not_in_quarantine", seq=seq))
    if entry.hindrance is not None:
        raise Stop(2, output.words(_HINDRANCES[entry.hindrance], seq=seq, again=entry.redriven))
    return [seq]
