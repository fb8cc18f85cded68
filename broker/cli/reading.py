"""Commands that look: inbox, explain and guide."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities, bootstrap
from broker.adapters import archive as archives
from broker.adapters.fetched import FetchedFile
from broker.cli import asking, boxes, rendering
from broker.cli.drawing import decision, statutes
from broker.cli.explaining import explanation, titles
from broker.cli.explaining import statutes as statute_texts
from broker.cli.guiding import guidance
from broker.cli.options import HERE, LARGEST, NEARBY, AsJson, Data, Kept, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.decision import Json
from broker.guidance import question
from broker.seals import envelope
from broker.vocabulary import Category, Purpose, Unit


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
    owner = asking.authority(output, known, authority)
    with archives.opened(data) as archive:
        wanted = (owner.id, type_.value if type_ else None, since)
        if not peek:
            with FetchedFile(data).alone() as marks:  # the archive's view begins in here, so no recall comes between
                marks.add(archive.given_out(*wanted))
        found = archive.inbox(*wanted)
        if peek:
            found = ((n, envelope(content)) for n, content in found)
        if as_json:
            for n, content in found:
                output.line({"n": n, **content})
        else:
            _inbox_shown(output, owner.name, found)
    output.flush()


def _inbox_shown(output: Output, name: str, found: Iterator[tuple[int, Json]]) -> None:
    shown = boxes.inbox(output.words, found)
    output.show(rendering.heading(name))
    output.show(shown if shown.row_count else Text(output.words("empty_inbox"), style="dim"))


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
    seq, message = asking.place(output, id_)
    engine = bootstrap.policy_engine()
    with archives.opened(data) as archive:
        found = archive.records(seq=seq, message=message)
    if not found:
        raise Stop(1, output.words("no_such_record"))
    for record in found:
        told = explanation(record, engine)
        if as_json:
            output.line(told)
        else:
            output.show(decision(output.words, told, output.width, every_ground=every), "")
    output.flush()


def guide(
    *,
    from_: Annotated[str, typer.Option("--from", metavar="AUTHORITY", help="Who holds the information.")],
    to: Annotated[str, typer.Option("--to", metavar="AUTHORITY", help="Who asks for it.")],
    category: Annotated[Category, typer.Option(help="Kind of information.")],
    purpose: Annotated[Purpose, typer.Option(help="What it is for.")] = Purpose.PREVENT,
    from_unit: Annotated[Unit, typer.Option(help="The holder's unit.")] = Unit.REGISTRY,
    to_unit: Annotated[Unit, typer.Option(help="The asker's unit.")] = Unit.REGISTRY,
    age: Annotated[int | None, typer.Option(min=0, max=150, help="The person's age; unknown when left out.")] = None,
    offence: Annotated[
        str | None, typer.Option(metavar="PROVISION", help="The penal provision of the offence that it is about.")
    ] = None,
    feared: Annotated[bool, typer.Option("--feared", help="The offence is feared, not committed.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also provisions for special situations.")] = False,
    text: Annotated[bool, typer.Option("--text", help="With the text of each paragraph.")] = False,
    time: Annotated[str | None, typer.Option(metavar="RFC3339", help="When; now when left out.")] = None,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Tell what may be asked for, under which paragraphs, and what each of them asks of a human."""
    output = Output(lang, as_json=as_json)
    known = authorities.load(register)
    holder, asker = (asking.authority(output, known, name, by_name=True) for name in (from_, to))
    when = asking.moment(output, time)
    asked = question(
        holder,
        asker,
        category,
        purpose,
        when,
        holder_unit=from_unit,
        asker_unit=to_unit,
        age=age,
        offence=asking.offence(output, offence, committed=not feared),
    )
    engine = bootstrap.policy_engine()
    answer = engine.decide({"0": asked})["0"]
    if answer.quarantine is not None:
        raise Stop(1, output.words("may_not_ask"))
    advice = list(answer.guidance)
    if as_json:
        output.line(advice[0])
    else:
        output.show(rendering.heading(output.words("guide_heading", holder=holder.name, asker=asker.name)))
        output.show(guidance(output.words, advice, titles(engine), every_ground=every))
        if text:
            named = [ground["id"] for row in advice for ground in row["grounds"]]
            refs = [bar["ref"] for row in advice for bar in row["bars"] if bar["ref"]]
            output.show(statutes(output.words, statute_texts([*named, *refs], engine, asked["day"])))
    output.flush()
