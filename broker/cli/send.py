"""The command that sends an authority's messages live: `samband send`."""

from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from broker import authorities
from broker.adapters.sql import data_folder
from broker.adapters.sql.data_folder import Busy
from broker.adapters.sql.read_model import Archive, open_archive
from broker.cli import arguments, hand_over, lines, list_view
from broker.cli.keep_checkpoint import CheckpointTo, Keeper
from broker.cli.lines import Source
from broker.cli.options import HERE, AsJson, Data, File, Language, RegisterFile, Strict
from broker.cli.output import Output
from broker.cli.run import Run, judge, summary
from broker.cli.telemetry import tracing
from broker.cli.texts import Lang
from broker.pipeline.pipeline import BATCH
from broker.ports.transport import Input
from broker.runtime import embedded


def send(
    file: File,
    *,
    authority: Annotated[str, typer.Option("--as", metavar="AUTHORITY", help="The authority that sends, or its desk.")],
    data: Data = HERE,
    register: RegisterFile = None,
    checkpoint_to: CheckpointTo = None,
    strict: Strict = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Send an authority's messages live, by the broker's clock; beside samband serve they go through it."""
    known = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=known)
    sender = arguments.address(output, known, authority)
    with ExitStack() as stack:
        source = stack.enter_context(lines.open_source(file))
        traced = stack.enter_context(tracing("send"))
        try:
            broker = stack.enter_context(embedded.embedded(data, known, tracing=traced))
        except Busy:
            if not data_folder.is_served(data):
                raise
            unusable = _hand_over(output, data, sender, source)
            Keeper(checkpoint_to, stack.enter_context(open_archive(data))).keep()
            judge(unusable, strict=strict)
            return
        stack.callback(Keeper(checkpoint_to, Archive(broker.connection)).keep)
        template = Input(b"", proven=sender)
        waits = source.size is None
        running = Run(output, broker, source, template, batch=1 if waits else BATCH, numbered=False, each=True)
        seconds = running.through()
    output.flush()
    output.note(running.summary(seconds))
    judge(running.tally.unusable, strict=strict)


def _hand_over(output: Output, data: Path, address: str, source: Source) -> int:
    """Send through the live broker that runs beside; how many lines were not usable."""
    started, lines, codes = monotonic(), 0, Counter[str]()
    for receipt in hand_over.hand(output, data, address, iter(source)):
        lines += 1
        if error := receipt.get("error"):
            codes[error["code"]] += 1
        if output.as_json:
            output.receipt(receipt)
        else:
            output.show(list_view.receipt(output.words, receipt))
        output.flush()
    output.note(summary(output.words, lines, codes, monotonic() - started))
    return codes.total()
