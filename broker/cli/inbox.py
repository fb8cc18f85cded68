"""Commands that look: inbox, explain and guide."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.delivered_marks import FetchedFile
from broker.cli import arguments, inbox_view, tables
from broker.cli.options import HERE, LARGEST, AsJson, Data, Language, RegisterFile
from broker.cli.output import Output
from broker.cli.texts import Lang
from broker.model.decision import Json
from broker.pipeline.seals import envelope


class InboxType(StrEnum):
    """What an inbox line is."""

    DELIVERY = "delivery"
    RECEIPT = "receipt"
    NOTICE = "notice"


def inbox(
    authority: Annotated[str, typer.Argument(metavar="AUTHORITY", help="Whose inbox.")],
    *,
    data: Data = HERE,
    register: RegisterFile = None,
    type_: Annotated[InboxType | None, typer.Option("--type", help="Only lines of this type.")] = None,
    since: Annotated[int, typer.Option(metavar="N", min=0, max=LARGEST, help="Only lines after this number.")] = 0,
    peek: Annotated[bool, typer.Option("--peek", help="Only envelopes: nothing is fetched.")] = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Show what lies in an authority's inbox, oldest first. What is shown counts as fetched, except with --peek.

    That shows envelopes only: a recall tells the truth of what was read.
    """
    known = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=known)
    owner = arguments.authority(output, known, authority)
    with archives.open_archive(data) as archive:
        wanted = (owner.id, type_.value if type_ else None, since)
        if not peek:
            with FetchedFile(data).alone() as marks:  # the archive's view begins in here, so no recall comes between
                marks.add(archive.given_out(*wanted))
        lines = archive.inbox(*wanted)
        if peek:
            lines = ((n, envelope(content)) for n, content in lines)
        if as_json:
            for n, content in lines:
                output.line({"n": n, **content})
        else:
            _inbox_shown(output, owner.name, lines)
    output.flush()


def _inbox_shown(output: Output, name: str, lines: Iterator[tuple[int, Json]]) -> None:
    shown = inbox_view.inbox(output.words, lines)
    output.show(tables.heading(name))
    output.show(shown if shown.row_count else Text(output.words("empty_inbox"), style="dim"))
