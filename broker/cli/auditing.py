"""Commands for those who review the log: audit verify, show and export."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

import typer
from rich.console import RenderableType
from rich.text import Text

from broker import bootstrap
from broker.adapters import archive as archives
from broker.adapters.archive import Archive, Record
from broker.adapters.signing import Verifier
from broker.audit_verifier import Report, verify
from broker.cli import exporting, listing, rendering
from broker.cli.drawing import decision
from broker.cli.explaining import explanation
from broker.cli.options import LARGEST, NEARBY, AsJson, Kept, Language
from broker.cli.output import Output, Stop
from broker.cli.sources import STDIN, checkpoint_note
from broker.cli.texts import Lang, number
from broker.cli.verifying import counted, deliveries_line, public_key, reconciled, report_line, verified
from broker.decision import Json
from broker.merkle import inclusion_proof
from broker.reconcile import Reconciliation
from broker.vocabulary import Outcome

app = typer.Typer(help="Review the log of decisions: verify, show, export.", rich_markup_mode=None)

_COLUMNS = ("message", "subject", "case", "sender", "outcome")


@app.command("verify")
def audit_verify(
    *,
    data: Kept = NEARBY,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A checkpoint that was kept elsewhere; may be repeated.")
    ] = None,
    key: Annotated[str | None, typer.Option(metavar="VKEY", help="The log's public key, if not the folder's.")] = None,
    file: Annotated[Path | None, typer.Option(metavar="EXPORT", help="Verify an exported log instead.")] = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Verify every record, hash, signature and delivery. Exit status 1 when anything is not as it was signed."""
    output = Output(lang, as_json=as_json)
    kept = [checkpoint_note(path) for path in checkpoint or ()]
    deliveries: Reconciliation | None = None
    if file is not None:
        report = _of_export(output, file, key, kept)
    else:
        with archives.opened(data) as archive:
            report = verified(archive, key or public_key(data), output, kept)
            deliveries = reconciled(archive) if archive.has_boxes else None
    if as_json:
        output.line(_answer(report, deliveries))
    else:
        output.show(report_line(output.words, report), Text(f"  {report.root}", style="dim"))
        if deliveries is not None:
            output.show(deliveries_line(output.words, deliveries))
    output.flush()
    if not report.ok or (deliveries is not None and not deliveries.ok):
        raise Stop(1)


def _of_export(output: Output, file: Path, key: str | None, kept: list[str]) -> Report:
    export = exporting.read(file)
    verifier = Verifier(key or export.vkey)
    if key is None:
        output.note(output.words("key_from_export", vkey=export.vkey))
    with output.progress(output.words("verifying"), None) as advance:
        rows = counted(export.records(), advance)
        return verify(rows, export.checkpoints(), verifier.open, kept=kept, derived={})


def _answer(report: Report, deliveries: Reconciliation | None) -> Json:
    bad = report.first_bad
    answer: Json = {
        "ok": report.ok,
        "size": report.size,
        "root": report.root,
        "checkpoints": report.checkpoints,
        "first_bad": {"place": bad.place, "code": bad.code, "text": bad.text} if bad else None,
    }
    if deliveries is not None:
        answer["deliveries"] = {
            "ok": deliveries.ok,
            "agree": deliveries.agree,
            "undelivered": [one._asdict() for one in deliveries.first_undelivered],
            "unrecorded": [one._asdict() for one in deliveries.first_unrecorded],
        }
    return answer


@app.command("show")
def audit_show(
    *,
    data: Kept = NEARBY,
    seq: Annotated[int | None, typer.Option(min=0, max=LARGEST, help="The record with this number.")] = None,
    message: Annotated[str | None, typer.Option(metavar="ID", help="Records of this message.")] = None,
    subject: Annotated[str | None, typer.Option(metavar="TOKEN", help="Records about this person.")] = None,
    case: Annotated[str | None, typer.Option(metavar="TOKEN", help="Records in this case.")] = None,
    sender: Annotated[str | None, typer.Option(metavar="AUTHORITY", help="Records of this sender.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="Records with this outcome.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="The newest ones, at most.")] = 50,
    proof: Annotated[bool, typer.Option("--proof", help="With the proof that a record is in the log.")] = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Show records: one with its statute text, several as a table."""
    output = Output(lang, as_json=as_json)
    given = (message, subject, case, sender, outcome.value if outcome else None)
    where = dict(zip(_COLUMNS, given, strict=True))
    with archives.opened(data) as archive:
        found = archive.records(limit=limit, seq=seq, **where)
        proofs = {record.seq: _proof(archive, record) for record in found} if proof else {}
    if not found and any(value is not None for value in (seq, *given)):
        raise Stop(2, output.words("no_such_record"))
    if as_json:
        for record in found:
            line: Json = {"seq": record.seq, "leaf_hash": record.leaf_hash, "record": record.leaf}
            output.line({**line, "proof": proofs[record.seq]} if proof else line)
    elif len(found) == 1:
        told = explanation(found[0], bootstrap.policy_engine())
        output.show(decision(output.words, told, output.width))
    else:
        output.show(_table(output, found))
    if not as_json and proof:
        for record in found:
            _show_proof(output, record, proofs[record.seq])
    output.flush()


def _table(output: Output, found: list[Record]) -> RenderableType:
    words = output.words
    if not found:
        return Text(words("no_records"), style="dim")
    return listing.records(words, [(record.seq, record.leaf) for record in found])


def _proof(archive: Archive, record: Record) -> Json | None:
    """The inclusion proof under the newest checkpoint; None when none covers the record."""
    last = archive.last_checkpoint()
    if last is None or last.size <= record.seq:
        return None
    path = inclusion_proof(archive.leaf_hashes(last.size), record.seq, last.size)
    return {"seq": record.seq, "size": last.size, "path": [step.hex() for step in path], "checkpoint": last.note}


def _show_proof(output: Output, record: Record, proof: Json | None) -> None:
    words = output.words
    output.show(rendering.heading(words("proof_heading")))
    if proof is None:
        output.show(Text(words("not_covered", seq=record.seq), style="yellow"))
        return
    output.show(Text(words("proof", seq=record.seq, size=number(proof["size"])), style="dim"))
    output.raw("\n".join([record.leaf_hash, *proof["path"]]) + f"\n\n{proof['checkpoint']}")


@app.command("export")
def audit_export(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE|-", help="Where to write the export.")],
    data: Kept = NEARBY,
    lang: Language = Lang.SV,
) -> None:
    """Write the whole log as JSON Lines that anyone can verify with the public key. It holds no personal data."""
    output = Output(lang, as_json=True)
    vkey = public_key(data)
    with archives.opened(data) as archive, _written(out) as stream:
        last = archive.last_checkpoint()
        size, checkpoints = (last.size if last else 0), 0
        with output.progress(output.words("exporting"), size) as advance:
            rows = counted(archive.stored_records(), advance)
            for line in exporting.exported(Verifier(vkey).key.name, vkey, archive.stored_checkpoints(), rows):
                checkpoints += "checkpoint" in line
                stream.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    output.note(output.words("exported", size=number(size), checkpoints=number(checkpoints)))


@contextmanager
def _written(out: Path) -> Iterator[TextIO]:
    if out == STDIN:
        yield sys.stdout
        return
    try:
        stream = out.open("w", encoding="utf-8")
    except OSError as error:
        raise Stop(2, f"{out}: can't be written: {error.strerror}") from None
    with stream:
        yield stream
