"""Commands that change a key while all runs: `samband rotate log`, `samband rotate token`."""

from pathlib import Path
from time import monotonic, sleep
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities, settings
from broker.adapters.files import log_key, token_ring
from broker.adapters.files.signing import TokenKey
from broker.adapters.sql import data_folder
from broker.adapters.sql import read_model as archives
from broker.cli.options import NEARBY, AsJson, Kept, Language
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang, number
from broker.cli.verify import token_key_file
from broker.runtime import embedded
from broker.runtime.embedded import LOG_NAME, PUBLIC_KEY

_WAIT = 120.0
"""Seconds for whoever writes the log to hand it over."""
_PAUSE = 0.2

app = typer.Typer(help="Change a key while all runs.", rich_markup_mode=None)


@app.callback()
def rotate() -> None:
    """Change a key while all runs."""


@app.command("log")
def rotate_log(
    *,
    data: Kept = NEARBY,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only make the next key, and show its public half to hand out first.")
    ] = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Hand the log over to a new key: a record that both keys sign, after which the new one signs.

    Whoever writes the log does so: samband serve or, with --data postgres, samband ledger on this machine, whose folder
    of keys this must reach; else this command. Whoever knows the old public key verifies the log as before. Hand the
    new one to witnesses before: --prepare shows it.
    """
    output = Output(lang, as_json=as_json)
    cluster = archives.is_database(data)
    folder = settings.log_keys() if cluster else Path(data) / "keys"
    before = log_key.signer(folder, LOG_NAME)
    after = (log_key.prepare if prepare else log_key.offer)(folder, LOG_NAME)
    if not prepare:
        if not cluster and not data_folder.is_served(Path(data)):
            with embedded.embedded(Path(data), authorities.load()):
                """Opening it hands it over."""
        _await(output, folder, after.vkey)
        if cluster:  # for those who verify, apart from the key
            (settings.keys() / PUBLIC_KEY).write_text(f"{after.vkey}\n", encoding="utf-8")
    if as_json:
        output.line({"from": before.vkey, "to": after.vkey, "handed_over": not prepare})
    else:
        said = "log_key_prepared" if prepare else "log_key_rotated"
        output.show(Text(output.words(said, old=before.vkey, new=after.vkey, file=folder / log_key.OLD)))
    output.flush()


@app.command("token")
def rotate_token(
    *,
    data: Kept = NEARBY,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only make the next key, with which all programs find what others make.")
    ] = False,
    destroy: Annotated[
        bool, typer.Option("--destroy", help="Destroy the older keys; refused while anything made with them is kept.")
    ] = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Make tokens with a new key: what was made with the older ones is found still.

    The key lies in token.key, with --data postgres in SAMBAND_KEYS. All programs take it in while they run. On several
    machines: --prepare, copy token.key to each, then without --prepare. An older key is destroyed with --destroy.
    """
    output = Output(lang, as_json=as_json)
    if prepare and destroy:
        raise Stop(2, output.words("token_key_one_change"))
    file = token_key_file(data)
    before = TokenKey(file, create=False)
    if destroy:
        with archives.open_archive(data) as archive:
            kept = archive.kept_under_keys()
        older = sum(count for key_id, count in kept.items() if key_id != before.key_id)
        if older:
            raise Stop(1, output.words("token_keys_needed", count=number(older)))
    try:
        change = token_ring.destroy_older if destroy else token_ring.prepare if prepare else token_ring.rotate
        after = change(file)
    except OSError as error:
        raise Stop(2, f"{file}: can't be written: {error.strerror}") from None
    said = "token_keys_destroyed" if destroy else "token_key_prepared" if prepare else "token_key_rotated"
    if as_json:
        output.line({"from": before.key_id, "to": after.key_id, "keys": list(after.key_ids)})
    else:
        output.show(Text(output.words(said, old=before.key_id, new=after.key_id, file=file)))
    output.flush()


def _await(output: Output, folder: Path, vkey: str) -> None:
    """Until the next key signs. Raises Stop when nobody hands over."""
    until = monotonic() + _WAIT
    while log_key.waiting(folder, LOG_NAME) is not None or log_key.signer(folder, LOG_NAME).vkey != vkey:
        if monotonic() > until:
            raise Stop(1, output.words("log_key_waits", seconds=f"{_WAIT:.0f}"))
        sleep(_PAUSE)
