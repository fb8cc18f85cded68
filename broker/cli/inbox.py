"""Commands that look: inbox, explain and guide."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.delivered_marks import FetchedFile
from broker.authorities import Address, Register
from broker.cli import arguments, inbox_view, tables
from broker.cli.options import HERE, LARGEST, AsJson, Data, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.model.decision import Json
from broker.model.vocabulary import Unit
from broker.pipeline.seals import envelope


class InboxType(StrEnum):
    """What an inbox line is."""

    DELIVERY = "delivery"
    RECEIPT = "receipt"
    NOTICE = "notice"


def inbox(
    authority: Annotated[str, typer.Argument(metavar="AUTHORITY[/DESK]", help="Whose inbox.")],
    *,
    data: Data = HERE,
    register: RegisterFile = None,
    type_: Annotated[InboxType | None, typer.Option("--type", help="Only lines of this type.")] = None,
    unit: Annotated[Unit | None, typer.Option(help="Only deliveries and notices for this unit, in its inbox.")] = None,
    since: Annotated[int, typer.Option(metavar="N", min=0, max=LARGEST, help="Only lines after this number.")] = 0,
    peek: Annotated[bool, typer.Option("--peek", help="Only envelopes: nothing is fetched.")] = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Show what lies in an authority's inbox or a desk's, oldest first. What is shown counts as fetched.

    With --peek it does not, and only envelopes are shown: a recall tells the truth of what was read.
    """
    known = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=known)
    address = arguments.address(output, known, authority)
    units = None
    if unit is not None:
        address, units = _of_unit(output, known, address, unit)
    with archives.open_archive(data) as archive:
        wanted = (address, type_.value if type_ else None, since, units)
        if not peek:
            with FetchedFile(data).alone() as marks:  # the archive's view begins in here, so no recall comes between
                marks.add(archive.deliveries_among(*wanted))
        lines = archive.inbox(*wanted)
        if peek:
            lines = ((n, envelope(content)) for n, content in lines)
        if as_json:
            for n, content in lines:
                output.line({"n": n, **content})
        else:
            _inbox_shown(output, output.words.party(address), lines)
    output.flush()


def _of_unit(output: Output, known: Register, address: str, unit: Unit) -> tuple[str, frozenset[str]]:
    """The unit's inbox, and what lines there may say to be its: also what was sent to no unit and came there."""
    place = Address.read(address)
    own = known.address(place.authority, unit)
    if place.desk is not None and own != address:
        raise Stop(2, output.words("unit_elsewhere", unit=output.words.term("units", unit), address=own))
    elsewhere = known.address(place.authority, Unit.REGISTRY) != own
    return own, frozenset({unit.value, Unit.REGISTRY.value} if elsewhere else {unit.value})


def _inbox_shown(output: Output, name: str, lines: Iterator[tuple[int, Json]]) -> None:
    shown = inbox_view.inbox(output.words, lines)
    output.show(tables.heading(name))
    output.show(shown if shown.row_count else Text(output.words("empty_inbox"), style="dim"))
