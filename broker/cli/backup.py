"""Commands for copies of a data folder: `samband backup`, `samband restore`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from broker.adapters.files import whole_file
from broker.adapters.files.checkpoint_file import FILE as PUBLISHED
from broker.adapters.files.contents_key import FILE as CONTENTS
from broker.adapters.files.signing import Signer, Verifier
from broker.adapters.sql import data_folder, folder_copy
from broker.adapters.sql.data_folder import DATABASE, PUBLIC_KEY, DataFolderError
from broker.adapters.sql.delivered_marks import FetchedFile
from broker.adapters.sql.read_model import open_archive
from broker.cli.options import HERE, AsJson, Data, Language, clock
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang, number
from broker.cli.verify import (
    deliveries_line,
    derived_lines,
    public_key,
    published_checkpoints,
    reconcile_inboxes,
    report_line,
    token_key,
    verify_log,
)
from broker.log.checkpoint import Checkpoint, CheckpointError
from broker.model.days import rfc3339
from broker.runtime.embedded import LOG_NAME, clock_times

REPORT = "backup.json"
CHECKPOINT = "checkpoint"
_KEYS = "keys"

Keys = Annotated[
    Path | None,
    typer.Option("--keys", metavar="FOLDER", help="Keep the keys too, in this folder, apart from the copies."),
]


def backup(
    to: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where copies are kept, on another disk.")],
    *,
    data: Data = HERE,
    keys: Keys = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Copy what is recorded, while a broker runs there, and verify the copy as 'audit verify' does.

    The copy is a folder named by its time, with the newest checkpoint beside the data. No key is in it: who has both
    reads everything. backup.json beside the copies tells the newest, for the operator's page. Exit status 1 when the
    copy is not what was signed.
    """
    output, at = Output(lang, as_json=as_json), clock()
    if not (data / DATABASE).exists():
        raise DataFolderError(f"{data}: holds no data yet: run a file first, or point --data to its folder")
    if keys is not None and (keys.resolve() == to.resolve() or to.resolve() in keys.resolve().parents):
        raise Stop(2, f"{keys}: lies among the copies: keep the keys apart from them")
    published = published_checkpoints(data)  # before the copy, which can't be older
    copy = to / f"{at:%Y%m%dT%H%M%SZ}"
    if copy.exists():
        raise Stop(2, f"{copy}: is there already: wait a second")
    size = folder_copy.make(data, copy)
    verified = _verify(output, copy, data, published)
    if verified.note:
        whole_file.write(copy / CHECKPOINT, verified.note.encode(), whole_file.ANYBODY)
    if keys is not None:
        keys = keys / copy.name
        _copy_keys(data / _KEYS, keys)
    report = {"at": rfc3339(at), "bytes": size, "tried": rfc3339(at), "agrees": verified.ok}
    whole_file.write(to / REPORT, json.dumps(report).encode() + b"\n", whole_file.ANYBODY)
    if as_json:
        output.line({"copy": str(copy), "records": verified.size, **report, "keys": str(keys) if keys else None})
    else:
        output.show(*verified.lines)
        output.note(output.words("backed_up", copy=copy, n=number(verified.size)))
        output.note(output.words("keys_backed_up" if keys else "keys_not_backed_up", keys=keys or data / _KEYS))
    output.flush()
    if not verified.ok:
        raise Stop(1)


def restore(
    copy: Annotated[Path, typer.Argument(metavar="COPY", help="A copy that 'samband backup' has made.")],
    *,
    data: Data = HERE,
    keys: Annotated[
        Path | None, typer.Option("--keys", metavar="FOLDER", help="Where the keys are kept, where they are lost too.")
    ] = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Go on from the copy although the log had published more.")
    ] = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Put a copy in the place of lost data, and verify what is there then.

    Never over newer data; what is there is set aside. Where the log had published more than the copy has, it says how
    much, and puts nothing back without --accept-loss: who kept a checkpoint of the lost part will see that it is gone.
    """
    output, now = Output(lang, as_json=as_json), clock()
    if not (copy / DATABASE).exists():
        raise DataFolderError(f"{copy}: holds no data: name a copy that 'samband backup' has made")
    with data_folder.lock(data):
        with open_archive(copy) as archive:
            size, newest = archive.end(), archive.leaf_hash(archive.end() - 1)
            _refuse_older(data, size, newest)
        if keys is not None:
            _copy_keys(keys, data / _KEYS)
        own = Signer(data / _KEYS / "log.key", LOG_NAME, create=False).vkey
        if (copy / PUBLIC_KEY).read_text("utf-8").strip() != own:
            raise Stop(2, f"{data / _KEYS}: are of another log than the copy: name with --keys where its own are kept")
        published = _published(data, own)
        lost = max(0, published.size - size) if published else 0
        if lost and not accept_loss:
            assert published is not None
            raise Stop(1, output.words("copy_lacks", lost=number(lost), size=number(size), of=number(published.size)))
        if lost:
            (data / _KEYS / PUBLISHED).rename(data / _KEYS / f"{PUBLISHED}.{now:%Y%m%dT%H%M%SZ}")
        if folder_copy.put_back(copy, data, now):
            _mark_all(data)
    verified = _verify(output, data, data, published_checkpoints(data))
    if as_json:
        output.line({"records": verified.size, "lost": lost, "agrees": verified.ok})
    else:
        output.show(*verified.lines)
        output.note(output.words("restored_with_loss" if lost else "restored", n=number(size), lost=number(lost)))
    output.flush()
    if not verified.ok:
        raise Stop(1)


@dataclass(frozen=True)
class _Verified:
    ok: bool
    size: int
    note: str
    lines: Sequence[RenderableType]


def _verify(output: Output, place: Path, of: Path, published: Sequence[str]) -> _Verified:
    """What 'audit verify' says of a folder, with the keys of the one that it is of."""
    with open_archive(place, of) as archive:
        report = verify_log(archive, public_key(of), output, published)
        deliveries = reconcile_inboxes(archive)
        derived = archive.compare_derived(clock_times(), token_key(of)) if report.ok else None
        last = archive.last_checkpoint()
    lines: list[RenderableType] = [report_line(output.words, report), deliveries_line(output.words, deliveries)]
    lines += derived_lines(output.words, derived) if derived else ()
    ok = report.ok and deliveries.ok and derived is not None and derived.ok
    return _Verified(ok, report.size, last.note if last else "", lines)


def _refuse_older(data: Path, size: int, newest: str | None) -> None:
    """What is there is newer, or of another log. What can't be read is what a copy is for."""
    try:
        with open_archive(data) as archive:
            there = archive.end()
            if there > size:
                raise Stop(2, f"{data}: holds newer data, {there} records, and the copy {size}: leave it as it is")
            if there and there == size and archive.leaf_hash(size - 1) != newest:
                raise Stop(2, f"{data}: holds another log than the copy: choose another --data")
    except DataFolderError:
        return


def _published(data: Path, vkey: str) -> Checkpoint | None:
    """The newest checkpoint that the log has published, where it is still there."""
    try:
        return Verifier(vkey).open((data / _KEYS / PUBLISHED).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, CheckpointError):
        raise Stop(2, f"{data / _KEYS / PUBLISHED}: can't be read") from None


def _mark_all(data: Path) -> None:
    """Nobody knows what was given out since the copy was made: of none it is said that it was not."""
    with open_archive(data) as archive, FetchedFile(data).alone() as marks:
        marks.add(list(archive.places()))


def _copy_keys(of: Path, to: Path) -> None:
    """Each key that is not there yet; none is ever written over. Raises DataFolderError."""
    try:
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        for file in sorted(of.glob("*.key")):
            if file.name == CONTENTS:  # an erasure renews it, and then no older one may be left
                whole_file.write(to / file.name, file.read_bytes())
            elif not (to / file.name).exists():
                whole_file.write(to / file.name, file.read_bytes(), new=True)
            elif (to / file.name).read_bytes() != file.read_bytes():
                raise Stop(2, f"{to / file.name}: is another key: keys are never written over")
    except OSError as error:
        raise DataFolderError(f"{error.filename}: can't be copied: {error.strerror}") from None
