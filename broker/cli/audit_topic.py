"""Commands that keep the topic `audit` of a cluster in a file: `samband audit dump`, `samband audit load`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from broker import settings
from broker.adapters.files import whole_file
from broker.cli.options import AsJson, Language
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang, number

File = Annotated[Path, typer.Argument(metavar="FILE", help="The copy.")]


def audit_dump(file: File, *, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """Copy the topic audit of a cluster to a file, with all that its records carry.

    Kafka as SAMBAND_KAFKA_USER (samband.reconcile). It is pseudonymous: keep it as the log.
    """
    from broker.adapters.kafka import audit_copy  # noqa: PLC0415 an extra

    output = Output(lang, as_json=as_json)
    try:
        with whole_file.write_whole(file) as stream:
            count = audit_copy.write(stream, audit_copy.records(settings.kafka_user()))
    except OSError as error:
        raise Stop(2, f"{file}: can't be written: {error.strerror}") from None
    _tell(output, "audit_dumped", count, file)


def audit_load(file: File, *, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """Write a copy of audit to the empty topic of a new Kafka.

    While nothing runs there: then ledger and agents go on at the same records. One that is killed goes on where it was.
    Kafka as SAMBAND_KAFKA_USER (samband.worker), SAMBAND_POSTGRES_URL as its owner.
    """
    from broker.adapters.kafka import audit_copy  # noqa: PLC0415
    from broker.runtime import rebuild  # noqa: PLC0415

    output = Output(lang, as_json=as_json)
    try:
        with file.open(encoding="utf-8") as stream, _counted(output) as progress:
            for _ in audit_copy.read(stream):  # it is whole, before anything is written
                pass
            stream.seek(0)
            kept = audit_copy.read(stream)
            count = rebuild.load_audit(settings.kafka_user(), settings.postgres(), kept, progress)
    except OSError as error:
        raise Stop(2, f"{file}: can't be read: {error.strerror}") from None
    _tell(output, "audit_loaded", count, file)


@contextmanager
def _counted(output: Output) -> Iterator[Callable[[int], None]]:
    done = 0
    with output.progress(output.words("audit_loads"), None) as show:

        def progress(more: int) -> None:
            nonlocal done
            done += more
            show(done, done)

        yield progress


def _tell(output: Output, done: str, count: int, file: Path) -> None:
    if output.as_json:
        output.line({"records": count, "file": str(file)})
    else:
        output.note(output.words(done, n=number(count), file=file))
    output.flush()
