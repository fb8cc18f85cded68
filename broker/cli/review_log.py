"""Commands on what auditors have seen: verify their log, hand it over, draw a sample again, verify a summary."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from broker import authorities
from broker.adapters.files import whole_file
from broker.adapters.files.signing import Verifier
from broker.adapters.sql.read_model import Record, open_archive
from broker.authorities import Register
from broker.cli import log_export
from broker.cli.lines import STDIN, checkpoint_notes
from broker.cli.options import AsJson, Language, clock
from broker.cli.output import Output, Stop
from broker.cli.review_options import SettingsFile, opened, read_settings
from broker.cli.texts import Lang, number
from broker.cli.verify import report_line, verification_key, verify_log
from broker.log.checkpoint import CheckpointError
from broker.log.verifier import verify
from broker.model.canonical import canonical
from broker.model.days import swedish_day
from broker.model.decision import Json
from broker.model.identity import mentions_person
from broker.review.campaign import recount
from broker.review.parties import Unknown, find_party
from broker.review.sampling import frame
from broker.review.telling import handed_over, told
from broker.review.views import View, open_views
from broker.review.words import Words

_WRONG = 2
Key = Annotated[
    str | None, typer.Option("--key", metavar="VKEY|FILE", help="The public key, or its file, if not the own one.")
]
Out = Annotated[Path, typer.Option("--out", metavar="FILE|-", help="Where to write it.")]
By = Annotated[str, typer.Option("--by", metavar="ID", help="Who takes it out, by their own id in the room.")]
Purpose = Annotated[str, typer.Option("--purpose", metavar="WHY", help="Why; is written down.")]


def review_verify(
    *,
    file: SettingsFile,
    key: Key = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A checkpoint that was kept elsewhere; may be repeated.")
    ] = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Verify the log of what auditors have seen. Exit status 1 when anything is not as it was signed."""
    output = Output(lang, as_json=as_json)
    with opened(open_views, file) as views:
        vkey = verification_key(key) if key else views.log.vkey
        kept = [note for path in checkpoint or () for note in checkpoint_notes(path, vkey)]
        with views.reading() as archive:
            report = verify_log(archive, vkey, output, [*kept, *views.log.kept()])
    if as_json:
        output.line({"ok": report.ok, "size": report.size, "root": report.root, "key": "given" if key else "own"})
    else:
        output.show(report_line(output.words, report))
    output.flush()
    if not report.ok:
        raise Stop(1)


def review_told(
    authority: Annotated[str, typer.Argument(metavar="AUTHORITY", help="Whose records were looked at.")],
    *,
    file: SettingsFile,
    by: By,
    purpose: Purpose,
    allowed: Annotated[
        list[str] | None,
        typer.Option(metavar="AUTHORITY", help="Has been asked and has said that it may be known; may be repeated."),
    ] = None,
    out: Out,
    lang: Language = Lang.SV,
) -> None:
    """Write what an authority may know today of what auditors have seen of its records, to hand over to it.

    What a request says may not be known before a day waits until then; where somebody is to be asked, for the answer.
    """
    said = read_settings(file)
    parties = authorities.load(said.register)
    output = Output(lang, as_json=True, parties=parties)
    asked = sorted({_party(output, parties, Words(lang.value), one) for one in allowed or ()})
    what = {"authority": authority, "allowed": asked}
    with opened(open_views, file) as views:
        views.append(View(by, "handover", said_purpose(output, purpose), what, (authority,)))
        with open_archive(said.data) as archive:
            answer = told(views, archive, authority, swedish_day(clock()), asked)
    write_out(out, "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in handed_over(answer)))
    output.note(output.words("told_views", n=number(len(answer.views)), held=number(answer.held)))
    for whom, n in sorted(answer.asks.items()):
        output.note(output.words("told_asks", whom=output.words.party(whom), n=number(n)))


def _party(output: Output, parties: Register, t: Words, said: str) -> str:
    """The id of an authority that is named. Raises Stop."""
    try:
        return find_party(parties, t, said)
    except Unknown:
        raise Stop(_WRONG, output.words("find_party")) from None


def review_export(*, file: SettingsFile, by: By, purpose: Purpose, out: Out, lang: Language = Lang.SV) -> None:
    """Write the log of what auditors have seen as JSON Lines, which samband audit verify --file verifies."""
    output = Output(lang, as_json=True)
    with opened(open_views, file) as views:
        views.append(View(by, "export", said_purpose(output, purpose), {"file": "views"}))
        with views.reading() as archive:
            lines = list(
                log_export.export(
                    Verifier(views.log.vkey).key.name,
                    views.log.vkey,
                    archive.stored_checkpoints(),
                    archive.stored_records(),
                )
            )
    write_out(out, "".join(f"{json.dumps(line, ensure_ascii=False, separators=(',', ':'))}\n" for line in lines))
    output.note(output.words("pseudonymous"))


def review_sample(
    *,
    plan: Annotated[Path, typer.Option("--plan", metavar="FILE", help="The plan, as it is recorded.")],
    checkpoint: Annotated[
        Path, typer.Option("--checkpoint", metavar="FILE", help="The checkpoint that follows on the plan.")
    ],
    population: Annotated[
        Path | None, typer.Option("--population", metavar="FILE", help="The list of records, one on each line.")
    ] = None,
    key: Key = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Draw the sample of a review again, as anybody can who has its plan and the checkpoint."""
    output = Output(lang, as_json=as_json)
    leaf = _read_json(plan)
    one = frame(leaf)
    vkey = verification_key(key) if key else str(leaf["log"]["vkey"])
    notes = checkpoint_notes(checkpoint, vkey)
    places = one.draw(Verifier(vkey).open(notes[0]))
    records = one.records(places, _read_population(population)) if population else None
    if as_json:
        output.line({"sample": places, "records": records})
    else:
        output.show(Text(output.words("sample_drawn", n=number(one.size), all=number(one.population))))
        for n, place in enumerate(places):
            output.show(Text(f"  {n + 1}. {place if records is None else records[n]}"))
        output.show(Text(f"  {output.words('sample_records' if records else 'sample_places')}", style="dim"))
    output.flush()


def review_summary(
    note: Annotated[Path, typer.Argument(metavar="FILE", help="The signed summary of a review.")],
    *,
    key: Annotated[str, typer.Option("--key", metavar="VKEY|FILE", help="The public key of summaries (summary.vkey).")],
    log: Annotated[
        Path | None, typer.Option("--log", metavar="EXPORT", help="An export of the auditors' log, to count it again.")
    ] = None,
    log_key: Annotated[
        str | None, typer.Option("--log-key", metavar="VKEY|FILE", help="The public key of that log (views.vkey).")
    ] = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Verify the signed summary of a review, and with --log that its records say the same. Exit status 1 if not."""
    output = Output(lang, as_json=as_json)
    said, fault = _open_summary(note, verification_key(key)), ""
    if said is None:
        fault = "summary_not_signed"
    elif log is not None:
        fault = "" if _is_counted(log, log_key, said) else "summary_differs"
    if as_json:
        output.line({"ok": not fault, "summary": said, "counted": log is not None and not fault})
    elif fault:
        output.show(Text(f"✕ {output.words(fault)}", style="bold red"))
    else:
        output.show(Text(f"✓ {output.words('summary_counted' if log else 'summary_signed')}", style="green"))
    output.flush()
    if fault:
        raise Stop(1)


def _open_summary(note: Path, vkey: str) -> Json | None:
    """What is signed; None where it is not signed by this key."""
    try:
        verifier = Verifier(vkey)
        name, _, body = verifier.text(note.read_text("utf-8")).partition("\n")
    except OSError as error:
        raise Stop(_WRONG, f"{note}: can't be read: {type(error).__name__}") from None
    except (CheckpointError, UnicodeDecodeError):
        return None
    said: Json = json.loads(body) if name == verifier.key.name else {}
    return said or None


def _is_counted(path: Path, key: str | None, said: Json) -> bool:
    """Whether a verified export of the log gives this summary."""
    export = log_export.read(path)
    vkey = verification_key(key) if key else export.vkey
    report = verify(export.records(), export.checkpoints(), Verifier(vkey).open, derived={})
    if not report.ok:
        return False
    records = [Record(row.seq, json.loads(row.leaf), row.leaf_hash.hex()) for row in export.records()]
    return canonical(recount(records, int(said["review"]))) == canonical(said)


def said_purpose(output: Output, purpose: str) -> str:
    """Why somebody looks, as it is written down. Raises Stop."""
    if not purpose.strip() or mentions_person(purpose):
        raise Stop(_WRONG, output.words("purpose_names"))
    return purpose.strip()


def _read_json(path: Path) -> Json:
    try:
        value: Any = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Stop(_WRONG, f"{path}: can't be read: {type(error).__name__}") from None
    return value if isinstance(value, dict) else {}


def _read_population(path: Path) -> list[int]:
    try:
        return [int(line) for line in path.read_text("utf-8").split()]
    except (OSError, ValueError) as error:
        raise Stop(_WRONG, f"{path}: can't be read: {type(error).__name__}") from None


def write_out(out: Path, text: str) -> None:
    """Write to a file, or standard output. Raises Stop."""
    if out == STDIN:
        typer.echo(text, nl=False)
        return
    try:
        whole_file.write(out, text.encode())
    except OSError as error:
        raise Stop(_WRONG, f"{out}: can't be written: {error.strerror}") from None
