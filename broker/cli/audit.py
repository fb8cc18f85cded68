"""Commands for those who review the log: audit verify, show, export, evidence."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Self, TextIO

import typer
from rich.console import RenderableType
from rich.text import Text

from broker import authorities
from broker.adapters.files import whole_file
from broker.adapters.files.signing import Verifier, Witness, key_chain
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.derivation import Derived
from broker.adapters.sql.read_model import Archive, Record
from broker.cli import list_view, log_export, proofs, tables
from broker.cli.audit_topic import audit_dump, audit_load
from broker.cli.decision_view import decision
from broker.cli.evidence import audit_evidence, verify_evidence, witness_line
from broker.cli.find import find
from broker.cli.lines import STDIN, checkpoint_notes
from broker.cli.options import LARGEST, NEARBY, AsJson, Kept, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.receipt import audit_receipt
from broker.cli.texts import Lang, number
from broker.cli.verify import (
    compare_derived,
    count_rows,
    deliveries_line,
    derived_lines,
    public_key,
    published_checkpoints,
    reconcile_inboxes,
    report_line,
    token_key,
    verification_key,
    verify_log,
)
from broker.explanation.record import explanation
from broker.facts.registers import officer_tokens
from broker.log.checkpoint import CheckpointError
from broker.log.handover import KeyChain
from broker.log.merkle import inclusion_proof
from broker.log.reconcile_inboxes import Reconciliation
from broker.log.verifier import Report, verify
from broker.model.decision import Json
from broker.model.vocabulary import Outcome
from broker.runtime import embedded

app = typer.Typer(help="Review the log of decisions: verify, find, show, export, evidence.", rich_markup_mode=None)
app.command("find")(find)
app.command("evidence")(audit_evidence)
app.command("receipt")(audit_receipt)
app.command("dump")(audit_dump)
app.command("load")(audit_load)

_COLUMNS = ("message", "subject", "case", "sender", "outcome")


@app.command("verify")
def audit_verify(
    *,
    data: Kept = NEARBY,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A checkpoint that was kept elsewhere; may be repeated.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(metavar="VKEY|FILE", help="The log's public key, or its file, if not the folder's.")
    ] = None,
    file: Annotated[Path | None, typer.Option(metavar="EXPORT", help="Verify an exported log instead.")] = None,
    proof: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Verify proofs that 'audit show --proof --json' printed instead."),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER|ZIP|PAGE", help="Verify an archive that 'audit evidence' wrote instead."),
    ] = None,
    witness: Annotated[
        str | None,
        typer.Option(metavar="VKEY|FILE", help="A witness that must have cosigned what is kept, or the archive."),
    ] = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Verify every record, hash, signature, delivery and register. Exit status 1 when anything is not as it was signed.

    Of an export that covers nothing too.
    """
    output = Output(lang, as_json=as_json)
    by = Witness(verification_key(witness)) if witness else None
    if evidence is not None:
        return verify_evidence(output, evidence, verification_key(key) if key else None, checkpoint or (), by)
    if by is not None and not checkpoint:
        raise Stop(2, output.words("witness_needs_checkpoint"))
    if proof is not None:
        keys = _Keys.of(key, public_key(data) if key is None else "", checkpoint)
        return _verify_proofs(output, proof, keys, own_key=key is None)
    if file is not None:
        export = log_export.read(file)
        if key is None:
            output.note(output.words("key_from_export", vkey=export.vkey))
        keys = _Keys.of(key, export.vkey, checkpoint, export.keys)
        seen = _Seen(_of_export(output, export, keys))
        empty = not seen.report.size
    else:
        empty = False
        with archives.open_archive(data) as archive:
            keys = _Keys.of(key, public_key(data) if key is None else "", checkpoint, archive.keys)
            report = verify_log(archive, keys.public, output, [*keys.kept, *published_checkpoints(data)])
            deliveries = reconcile_inboxes(archive) if archive.has_boxes else None
            seen = _Seen(report, deliveries, compare_derived(archive, data) if report.ok else None)
    witnessed = keys.witnessed(by) if by else None
    if as_json:
        by_whom = {"witnessed": {"size": witnessed[0], "time": witnessed[1].isoformat()} if witnessed else None}
        output.line({**_answer(seen), "key": "given" if key else "own", **(by_whom if by else {})})
    else:
        output.show(report_line(output.words, seen.report), Text(f"  {seen.report.root}", style="dim"))
        if key is None:
            output.show(Text(f"  {output.words('own_key')}", style="dim"))
        if by and witnessed:
            output.show(witness_line(output, by, witnessed[1], witnessed[0]))
        elif by:
            output.show(Text(f"✕ {output.words('not_witnessed', witness=by.key.name)}", style="bold red"))
        if seen.deliveries is not None:
            output.show(deliveries_line(output.words, seen.deliveries))
        if seen.derived is not None:
            output.show(*derived_lines(output.words, seen.derived))
    output.flush()
    if empty or not seen.ok or (by and not witnessed):
        raise Stop(1)


def _verify_proofs(output: Output, path: Path, keys: "_Keys", *, own_key: bool) -> None:
    """Whether each record stood in the signed log, and what that does and does not prove. Raises Stop."""
    words, all_hold = output.words, True
    for one in proofs.verify(path, keys.public, keys.kept):
        all_hold &= one.fault is None
        values = {"seq": "–" if one.seq is None else one.seq, "size": number(one.size or 0)}
        if output.as_json:
            output.line({**vars(one), "ok": one.fault is None, "key": "own" if own_key else "given"})
        elif one.fault is None:
            output.show(Text(f"✓ {words('proof_holds', **values)}", style="green"))
        else:
            output.show(Text(f"✕ {words('proof_fails', why=words(f'proof_{one.fault}'), **values)}", style="bold red"))
    if not output.as_json:
        output.show(*(Text(f"  {words(key)}", style="dim") for key in ("proof_shows", "proof_does_not_show")))
        if own_key:
            output.show(Text(f"  {words('own_key')}", style="dim"))
    output.flush()
    if not all_hold:
        raise Stop(1)


@dataclass(frozen=True)
class _Keys:
    """What a log is verified with: its public key, and checkpoints that somebody has kept."""

    public: str
    chain: KeyChain
    kept: Sequence[str]

    @classmethod
    def of(
        cls,
        given: str | None,
        own: str,
        checkpoints: Sequence[Path] | None,
        chain_of: Callable[[str], KeyChain] = lambda vkey: key_chain(vkey, ()),
    ) -> Self:
        """In: the key that was given, the one beside the log, files of kept checkpoints; what leads over the keys."""
        public = verification_key(given) if given else own
        chain = chain_of(public)
        return cls(public, chain, [note for path in checkpoints or () for note in checkpoint_notes(path, *chain.keys)])

    def witnessed(self, witness: Witness) -> tuple[int, datetime] | None:
        """The size of the largest kept checkpoint that a witness has cosigned, and when; None: it has cosigned none."""
        cosigned = []
        for note in self.kept:
            with suppress(CheckpointError):
                cosigned.append((self.chain.open(note).size, witness.cosigned(note)))
        return max(cosigned, default=None)


@dataclass(frozen=True)
class _Seen:
    """All that was verified."""

    report: Report
    deliveries: Reconciliation | None = None
    derived: Derived | None = None

    @property
    def ok(self) -> bool:
        """Whether all of it is as it was signed."""
        return all(part.ok for part in (self.report, self.deliveries, self.derived) if part is not None)


def _of_export(output: Output, export: log_export.Export, keys: _Keys) -> Report:
    with output.progress(output.words("verifying"), None) as advance:
        rows = count_rows(export.records(), advance)
        chain = keys.chain
        return verify(rows, export.checkpoints(), chain.open, kept=keys.kept, derived={}, handovers=chain.places)


def _answer(seen: _Seen) -> Json:
    report, bad = seen.report, seen.report.first_bad
    answer: Json = {
        "ok": report.ok,
        "size": report.size,
        "root": report.root,
        "checkpoints": report.checkpoints,
        "first_bad": {"place": bad.place, "code": bad.code, "text": bad.text} if bad else None,
    }
    if (deliveries := seen.deliveries) is not None:
        answer["deliveries"] = {
            "ok": deliveries.ok,
            "agree": deliveries.agree,
            "undelivered": [one._asdict() for one in deliveries.first_undelivered],
            "unrecorded": [one._asdict() for one in deliveries.first_unrecorded],
        }
    if (derived := seen.derived) is not None:
        answer["derived"] = {
            "ok": derived.ok,
            "agree": derived.agree,
            "differs": derived.differs,
            "first": [vars(one) for one in derived.first],
            "contents": derived.contents,
            "before": derived.before,
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
    officer: Annotated[
        str | None, typer.Option(metavar="ID", help="Say of each whether this is who decided, by the sender's own id.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="The newest ones, at most.")] = 50,
    proof: Annotated[bool, typer.Option("--proof", help="With the proof that a record is in the log.")] = False,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Show records: one with its statute text, several as a table."""
    output = Output(lang, as_json=as_json, parties=authorities.load(register))
    given = (message, subject, case, sender, outcome.value if outcome else None)
    where = dict(zip(_COLUMNS, given, strict=True))
    with archives.open_archive(data) as archive:
        records = archive.records(limit=limit, seq=seq, **where)
        count = archive.count(seq=seq, **where)
        proofs = {record.seq: _proof(archive, record) for record in records} if proof else {}
    compared = _compare_officer(output, data, records, officer) if officer is not None else {}
    if not records and any(value is not None for value in (seq, *given)):
        raise Stop(1, output.words("no_such_record"))
    if as_json:
        for record in records:
            line: Json = {"seq": record.seq, "leaf_hash": record.leaf_hash, "record": record.leaf}
            line |= {"proof": proofs[record.seq]} if proof else {}
            output.line(line | ({"officer": compared[record.seq]} if compared else {}))
    elif len(records) == 1:
        explained = explanation(records[0], embedded.policy_engine())
        output.show(decision(output.words, explained, output.width))
    else:
        output.show(_table(output, records))
    if not as_json and proof:
        for record in records:
            _show_proof(output, record, proofs[record.seq])
    for n, agrees in compared.items() if not as_json else ():
        said = output.words("officer_agrees" if agrees else "officer_differs", seq=n)
        output.show(Text(f"✓ {said}", style="green") if agrees else Text(f"✕ {said}", style="bold red"))
    output.flush()
    if len(records) < count:
        output.note(output.words("shown_of", n=number(len(records)), all=number(count)))
    if compared and not all(compared.values()):
        raise Stop(1)


def _compare_officer(output: Output, data: str, records: Sequence[Record], officer: str) -> dict[int, bool]:
    """Of each record, whether its token of who decided is made from this id at its sender. Raises Stop."""
    tokens = token_key(data)
    if tokens is None:
        raise Stop(2, output.words("officer_no_key"))
    senders = {record.seq: record.leaf.get("sender") or {} for record in records}
    return {
        seq: "officer" in sender and sender["officer"] in officer_tokens(tokens, sender["authority"], officer)
        for seq, sender in senders.items()
    }


def _table(output: Output, records: list[Record]) -> RenderableType:
    words = output.words
    if not records:
        return Text(words("no_records"), style="dim")
    return list_view.records(words, [(record.seq, record.leaf) for record in records])


def _proof(archive: Archive, record: Record) -> Json | None:
    """The inclusion proof under the newest checkpoint; None when none covers the record."""
    last = archive.last_checkpoint()
    if last is None or last.size <= record.seq:
        return None
    path = inclusion_proof(archive.leaf_hashes(last.size), record.seq, last.size)
    return {"seq": record.seq, "size": last.size, "path": [step.hex() for step in path], "checkpoint": last.note}


def _show_proof(output: Output, record: Record, proof: Json | None) -> None:
    words = output.words
    output.show(tables.heading(words("proof_heading")))
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
    """Write the whole log as JSON Lines that anyone can verify with the public key. It holds pseudonymous data."""
    output = Output(lang, as_json=True)
    vkey = public_key(data)
    with archives.open_archive(data) as archive, _output_file(out) as stream:
        last = archive.last_checkpoint()
        size, checkpoints = (last.size if last else 0), 0
        with output.progress(output.words("exporting"), size) as advance:
            rows = count_rows(archive.stored_records(), advance)
            for line in log_export.export(Verifier(vkey).key.name, vkey, archive.stored_checkpoints(), rows):
                checkpoints += "checkpoint" in line
                stream.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    output.note(output.words("pseudonymous"))
    output.note(output.words("exported", size=number(size), checkpoints=number(checkpoints)))


@contextmanager
def _output_file(out: Path) -> Iterator[TextIO]:
    if out == STDIN:
        yield sys.stdout
        return
    try:
        with whole_file.write_whole(out) as stream:
            yield stream
    except OSError as error:
        raise Stop(2, f"{out}: can't be written: {error.strerror}") from None
