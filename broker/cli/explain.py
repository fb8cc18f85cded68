"""The command that explains a decision beside the statute text: `samband explain`."""

from typing import Annotated

import typer

from broker import authorities
from broker.adapters.sql import read_model as archives
from broker.cli import arguments
from broker.cli.decision_view import decision
from broker.cli.options import NEARBY, AsJson, Kept, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.explanation.record import explanation
from broker.runtime import embedded


def explain(
    id_: Annotated[str, typer.Argument(metavar="ID", help="A message's id, or a record's number in the log.")],
    *,
    data: Kept = NEARBY,
    every: Annotated[bool, typer.Option("--all", help="Also every ground that is far from carrying.")] = False,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Explain a decision item by item, beside the statute text."""
    output = Output(lang, as_json=as_json, parties=authorities.load(register))
    seq, message = arguments.place(output, id_)
    engine = embedded.policy_engine()
    with archives.open_archive(data) as archive:
        records = archive.records(seq=seq, message=message)
    if not records:
        raise Stop(1, output.words("no_such_record"))
    for record in records:
        explained = explanation(record, engine)
        if as_json:
            output.line(explained)
        else:
            output.show(decision(output.words, explained, output.width, every_ground=every), "")
    output.flush()
