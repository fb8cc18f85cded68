"""The command that hands records out so that a stranger can verify them: `samband audit evidence`."""

import getpass
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities
from broker.adapters.files.signing import Verifier, Witness
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.read_model import Archive, Record
from broker.authorities import Register
from broker.cli import arguments
from broker.cli.lines import checkpoint_notes
from broker.cli.options import LARGEST, NEARBY, AsJson, Kept, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.review_options import opened, read_settings
from broker.cli.tables import moment
from broker.cli.texts import Lang, number
from broker.cli.verify import public_key, token_key
from broker.evidence import archive as archives_of_evidence
from broker.evidence import page
from broker.facts.registers import case_tokens
from broker.log import evidence
from broker.log.evidence import Selection
from broker.log.handover import KeyChain
from broker.review import campaign, listing
from broker.review import evidence as handing
from broker.review.views import View, open_views
from broker.runtime import embedded

_TOKEN = re.compile("[0-9a-f]{64}")


def audit_evidence(
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER|ZIP", help="A new folder, or a ZIP file.")],
    message: Annotated[list[str] | None, typer.Option(metavar="ID", help="Records of this message; again.")] = None,
    case: Annotated[
        list[str] | None, typer.Option(metavar="NR|TOKEN", help="Records in this case, by its number or token; again.")
    ] = None,
    authority: Annotated[
        str | None, typer.Option(metavar="AUTHORITY", help="Whose case number it is.", show_default=False)
    ] = None,
    seq: Annotated[
        list[int] | None, typer.Option(min=0, max=LARGEST, help="The record with this number; again.")
    ] = None,
    review: Annotated[
        int | None,
        typer.Option("--campaign", min=1, metavar="N", help="The sample of this review in the room."),
    ] = None,
    room: Annotated[
        Path | None, typer.Option("--settings", metavar="FILE", help="The auditors' room that the review is in.")
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A checkpoint that was kept, as one that a witness has signed.")
    ] = None,
    data: Kept = NEARBY,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Write records with their proofs and statute texts, and one page that verifies them without a network.

    The archive holds pseudonymous personal data.
    """
    said = read_settings(room) if room else None
    if said:
        data, register = said.data, register or said.register
    parties = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=parties)
    if (room is None) != (review is None):
        raise Stop(2, output.words("evidence_campaign"))
    named = [_case(output, data, parties, authority, one) for one in case or ()]
    sample = _sample(output, room, review) if room and review else ()
    vkey = public_key(data)
    with archives.open_archive(data) as archive:
        cases = [one for tokens in named for one in _with_records(archive, tokens)]
        selection = Selection(cases, list(message or ()), [*(seq or ()), *sample])
        records = _records(output, archive, selection)
        keys = archive.keys(vkey)
        try:
            note = _newest(checkpoint, keys) if checkpoint else handing.newest_note(archive)
            files = handing.build(archive, vkey, note, records, selection=selection, engine=embedded.policy_engine())
        except handing.NotCovered:
            raise Stop(1, output.words("evidence_covered")) from None
        except handing.NotVerified as fault:
            raise Stop(1, output.words("evidence_fails", **_fault(output, fault.bad))) from None
    if room and review:
        whom = listing.authorities_of(record.leaf for record in records.values())
        what = {"review": review, "file": "evidence", "records": sorted(records)}
        with opened(open_views, room) as views:
            views.append(View(getpass.getuser(), "export", output.words("evidence_of", n=review), what, whom))
    archives_of_evidence.write(out, handing.with_page(files, records, output.words.party, lang.value))
    if as_json:
        output.line({"records": sorted(records), "size": keys.open(note).size, "out": str(out)})
    else:
        output.show(Text(output.words("evidence_written", n=number(len(records)), place=out, page=page.NAME)))
    output.flush()
    output.note(output.words("pseudonymous"))


def verify_evidence(
    output: Output, place: Path, vkey: str | None, checkpoints: Sequence[Path], witness: Witness | None
) -> None:
    """Verify an archive, and tell what came of it. `checkpoints`: files of notes that were kept. Raises Stop."""
    files = archives_of_evidence.read(place)
    verdict = evidence.verify(files, Verifier, vkey=vkey, witness=witness)
    if verdict.first_bad is None and checkpoints:  # by whose key, the archive has said
        kept = [note for path in checkpoints for note in checkpoint_notes(path, verdict.vkey)]
        roots = map(Verifier(verdict.vkey).open, kept)
        verdict = evidence.verify(files, Verifier, vkey=vkey, witness=witness, kept=roots)
    bad, words = verdict.first_bad, output.words
    if output.as_json:
        output.line(
            {
                "ok": bad is None,
                "records": list(verdict.records),
                "size": verdict.size,
                "key": "given" if vkey else "own",
                "witnessed": verdict.witnessed.isoformat() if verdict.witnessed else None,
                "first_bad": bad._asdict() if bad else None,
            }
        )
    elif bad is not None:
        output.show(Text(f"✕ {words('evidence_fails', **_fault(output, bad))}", style="bold red"))
    else:
        counts = {"n": number(len(verdict.records)), "size": number(verdict.size)}
        output.show(Text(f"✓ {words('evidence_holds', **counts)}", style="green"))
        if verdict.witnessed and witness:
            output.show(witness_line(output, witness, verdict.witnessed, verdict.size))
        for key in ("proof_shows", "proof_does_not_show"):
            output.show(Text(f"  {words(key)}", style="dim"))
        if vkey is None:
            output.show(Text(f"  {words('key_from_export', vkey=verdict.vkey)}", style="dim"))
    output.flush()
    if bad is not None:
        raise Stop(1)


def witness_line(output: Output, witness: Witness, time: datetime, size: int) -> Text:
    """That a witness has cosigned, and when."""
    values = {"witness": witness.key.name, "time": moment(time.isoformat()), "size": number(size)}
    return Text(f"✓ {output.words('witnessed', **values)}", style="green")


def _fault(output: Output, bad: evidence.Fault) -> dict[str, str]:
    return {"place": bad.place, "why": output.words.term("evidence", bad.code), "code": bad.code}


def _with_records(archive: Archive, tokens: Sequence[str]) -> Sequence[str]:
    """Those of a case's tokens that stand in a record; where none does, the first."""
    return [token for token in tokens if archive.records(case=token, limit=1)] or tokens[:1]


def _case(output: Output, data: str, parties: Register, authority: str | None, given: str) -> tuple[str, ...]:
    """The tokens of a case, by its number or itself. Raises Stop."""
    if _TOKEN.fullmatch(given):
        return (given,)
    if authority is None:
        raise Stop(2, output.words("evidence_whose_case"))
    tokens = token_key(data)
    if tokens is None:
        raise Stop(2, output.words("evidence_no_key"))
    return case_tokens(tokens, arguments.authority(output, parties, authority).id, given)


def _records(output: Output, archive: Archive, selection: Selection) -> dict[int, Record]:
    """What was chosen, by its place. Raises Stop where any of it has no record."""
    chosen = [
        *(archive.records(case=one) for one in selection.cases),
        *(archive.records(message=one) for one in selection.messages),
        *(archive.records(seq=one) for one in selection.seqs),
    ]
    if not chosen:
        raise Stop(2, output.words("evidence_chosen_by"))
    if not all(chosen):
        raise Stop(1, output.words("no_such_record"))
    return {record.seq: record for some in chosen for record in some}


def _newest(given: Path, keys: KeyChain) -> str:
    """The note of the newest checkpoint in a file. Raises Stop or CheckpointError."""
    return max(checkpoint_notes(given, *keys.keys), key=lambda note: keys.open(note).size)


def _sample(output: Output, room: Path, number: int) -> Sequence[int]:
    """The places of the records that a review's sample holds. Raises Stop."""
    with opened(open_views, room) as views:
        one = campaign.read(views, number)
    if one is None or not one.sample:
        raise Stop(1, output.words("evidence_no_sample"))
    return one.sample
