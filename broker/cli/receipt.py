"""The command that writes a record's receipt for verifiers elsewhere: `samband audit receipt`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from broker import settings
from broker.adapters.files import whole_file
from broker.adapters.files.signing import Signer
from broker.adapters.sql import read_model as archives
from broker.cli.options import LARGEST, NEARBY, Kept, Language
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang, number
from broker.log.merkle import inclusion_proof
from broker.runtime.embedded import LOG_NAME


def audit_receipt(
    *,
    seq: Annotated[int, typer.Option(min=0, max=LARGEST, help="The record with this number.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the receipt.")],
    data: Kept = NEARBY,
    lang: Language = Lang.SV,
) -> None:
    """Write a record's receipt as COSE (RFC 9942), which a verifier elsewhere reads. Needs the log's secret key.

    It vouches for the record's bytes, as 'audit evidence' hands them out.
    """
    from broker.adapters.cose.receipt import receipt  # noqa: PLC0415 - an extra

    output = Output(lang)
    keys = settings.log_keys() if archives.is_database(data) else Path(data) / "keys"
    signer = Signer(keys / "log.key", LOG_NAME, create=False)
    with archives.open_archive(data) as archive:
        newest, leaves = archive.last_checkpoint(), archive.leaf_bytes([seq])
        if seq not in leaves:
            raise Stop(1, output.words("no_such_record"))
        if newest is None or newest.size <= seq:
            raise Stop(1, output.words("not_covered", seq=seq))
        path = inclusion_proof(archive.leaf_hashes(newest.size), seq, newest.size)
    try:
        whole_file.write(out, receipt(signer, newest.note, leaves[seq], seq, path))
    except OSError as error:
        raise Stop(2, f"{out}: can't be written: {error.strerror}") from None
    output.show(Text(output.words("receipt_written", seq=seq, size=number(newest.size), place=out)))
    output.flush()
