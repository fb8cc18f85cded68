"""Verifies a whole log with its deliveries, in two lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from broker import settings
from broker.adapters.files.checkpoint_file import FILE
from broker.adapters.files.signing import KeyFileError, Signer, TokenKey
from broker.adapters.files.token_ring import KEY
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.data_folder import PUBLIC_KEY
from broker.adapters.sql.derivation import Derived
from broker.adapters.sql.read_model import Archive
from broker.cli.output import Output, Stop
from broker.cli.texts import Words, number
from broker.log.reconcile_inboxes import Reconciliation, reconcile
from broker.log.verifier import Report, StoredRecord, verify
from broker.runtime.embedded import LOG_NAME, clock_times

_STEP = 500


def public_key(place: str | Path) -> str:
    """The key that a log is signed with, from the file beside the data, else from the secret one.

    Of a log in PostgreSQL: from the folder SAMBAND_KEYS, else SAMBAND_LOG_KEYS. Raises KeyFileError when there is
    neither, or SettingsError.
    """
    if archives.is_database(place):
        folder, keys = settings.keys(), settings.log_keys()
    else:
        folder, keys = Path(place), Path(place) / "keys"
    try:
        return (folder / PUBLIC_KEY).read_text("utf-8", errors="replace").strip()
    except OSError:
        return Signer(keys / "log.key", LOG_NAME, create=False).vkey


def verification_key(given: str) -> str:
    """A public key that somebody has given, as text or as the file that it stands in (`log.vkey`). Raises Stop."""
    try:
        return Path(given).read_text("utf-8").strip() if Path(given).is_file() else given
    except (OSError, UnicodeDecodeError):
        raise Stop(2, f"{given}: can't be read as a public key: give log.vkey, or what it holds") from None


def token_key_file(place: str | Path) -> Path:
    """Where the keys behind tokens lie: beside the data, for a database in SAMBAND_KEYS. Raises SettingsError."""
    return (settings.keys() if archives.is_database(place) else Path(place) / "keys") / KEY


def token_key(place: str | Path) -> TokenKey | None:
    """The key behind tokens and digests, where it lies beside the data; None where it can't be had."""
    file = token_key_file(place)
    try:
        return TokenKey(file, create=False)
    except KeyFileError:
        return None


def published_checkpoints(place: str | Path) -> list[str]:
    """The newest checkpoint that an embedded broker has published, as one that was kept; none where none is."""
    file = Path(place) / "keys" / FILE
    if archives.is_database(place) or not file.exists():
        return []
    try:
        return [file.read_text("utf-8")]
    except (OSError, UnicodeDecodeError):
        raise Stop(2, f"{file}: can't be read") from None


def compare_derived(archive: Archive, place: str | Path) -> Derived:
    """Compare registers and boxes with what the records make of them."""
    return archive.compare_derived(clock_times(), token_key(place))


def derived_lines(words: Words, answer: Derived) -> Iterator[Text]:
    """Whether registers and boxes are what the log tells, what was not compared, and the first that differ."""
    if answer.ok:
        yield Text(f"✓ {words('derived', n=number(answer.agree))}", style="green")
    else:
        yield Text(f"✕ {words('not_derived', n=number(answer.differs))}", style="bold red")
    for one in answer.first:
        table, code = words.term("tables", one.table), words.term("unlike", one.code)
        yield Text(f"  {words('record')} {'–' if one.seq is None else one.seq}: {table}: {code}")
    if not answer.contents:
        yield Text(f"  {words('contents_not_compared')}", style="yellow")
    if answer.before:
        yield Text(f"  {words('from_before', n=number(answer.before))}", style="dim")


def verify_log(archive: Archive, vkey: str, output: Output, kept: Sequence[str] = ()) -> Report:
    """Read and verify the whole log, showing how far it has come."""
    size = archive.size()
    with output.progress(output.words("verifying"), size) as advance:
        rows = count_rows(archive.stored_records(), advance)
        keys = archive.keys(vkey)
        return verify(rows, archive.stored_checkpoints(), keys.open, kept=kept, handovers=keys.places)


def count_rows(rows: Iterable[StoredRecord], advance: Callable[[int, int], None]) -> Iterator[StoredRecord]:
    """The same rows, telling now and then how many have passed."""
    for n, row in enumerate(rows):
        if n % _STEP == 0:
            advance(n, n)
        yield row


def reconcile_inboxes(archive: Archive) -> Reconciliation:
    """Compare what was forwarded with what lies in the inboxes."""
    return reconcile(archive.forwarded_deliveries(), archive.inbox_deliveries())


def report_line(words: Words, report: Report) -> Text:
    """The verifier's answer in one line."""
    bad = report.first_bad
    if bad is None and not report.size:
        return Text(f"– {words('log_empty')}", style="yellow")
    if bad is None:
        counts = {"size": number(report.size), "checkpoints": number(report.checkpoints)}
        return Text(f"✓ {words('log_ok', root=report.root[:16], **counts)}", style="green")
    text = words.term("findings", bad.code.partition(":")[0])
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
