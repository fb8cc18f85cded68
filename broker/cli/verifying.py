"""Verifies a whole log and its deliveries, and says so in two lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from broker import settings
from broker.adapters import archive as archives
from broker.adapters.archive import Archive
from broker.adapters.signing import Signer, Verifier
from broker.audit_verifier import Report, StoredRecord, verify
from broker.bootstrap import LOG_NAME, PUBLIC_KEY
from broker.cli import terms
from broker.cli.output import Output
from broker.cli.texts import Words, number
from broker.reconcile import Reconciliation, reconcile

_STEP = 500


def public_key(place: str | Path) -> str:
    """The key that a log is signed with, from the file beside the data, else from the secret one.

    Of a log in PostgreSQL: from the folder SAMBAND_KEYS. Raises KeyFileError when there is neither, or SettingsError.
    """
    if archives.is_database(place):
        folder = keys = settings.keys()
    else:
        folder, keys = Path(place), Path(place) / "keys"
    try:
        return (folder / PUBLIC_KEY).read_text("utf-8", errors="replace").strip()
    except OSError:
        return Signer(keys / "log.key", LOG_NAME, create=False).vkey


def verified(archive: Archive, vkey: str, output: Output, kept: Sequence[str] = ()) -> Report:
    """Read and verify the whole log, showing how far it has come."""
    size = archive.size()
    with output.progress(output.words("verifying"), size) as advance:
        rows = counted(archive.stored_records(), advance)
        return verify(rows, archive.stored_checkpoints(), Verifier(vkey).open, kept=kept)


def counted(rows: Iterable[StoredRecord], advance: Callable[[int, int], None]) -> Iterator[StoredRecord]:
    """The same rows, telling now and then how many have passed."""
    for n, row in enumerate(rows):
        if n % _STEP == 0:
            advance(n, n)
        yield row


def reconciled(archive: Archive) -> Reconciliation:
    """Compare what was forwarded with what lies in the inboxes."""
    return reconcile(archive.forwarded(), archive.delivered())


def report_line(words: Words, report: Report) -> Text:
    """The verifier's answer in one line."""
    bad = report.first_bad
    if bad is None:
        counts = {"size": number(report.size), "checkpoints": number(report.checkpoints)}
        return Text(f"✓ {words('log_ok', root=report.root[:16], **counts)}", style="green")
    text = words.term(terms.FINDINGS, bad.code.partition(":")[0])
    return Text(f"✕ {words('log_bad', place=bad.place, text=text, code=bad.code)}", style="bold red")


def deliveries_line(words: Words, answer: Reconciliation) -> RenderableType:
    """Whether log and inboxes agree, in one line, and the first places where they do not."""
    if answer.ok:
        return Text(f"✓ {words('reconciled', n=number(answer.agree))}", style="green")
    counts = {"undelivered": number(answer.undelivered), "unrecorded": number(answer.unrecorded)}
    lines = [Text(f"✕ {words('not_reconciled', **counts)}", style="bold red")]
    for sign, places in (("−", answer.first_undelivered), ("+", answer.first_unrecorded)):
        lines += [Text(f"  {sign} {one.sender} {one.message} → {one.recipient}") for one in places]
    return Group(*lines)
