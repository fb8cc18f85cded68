"""The command that tells what may be asked for: `samband guide`."""

from typing import Annotated

import typer

from broker import authorities
from broker.advice.guidance import question
from broker.cli import arguments, tables
from broker.cli.decision_view import statutes
from broker.cli.guidance_view import guidance
from broker.cli.options import AsJson, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang
from broker.explanation.record import statutes as statute_texts
from broker.explanation.record import titles
from broker.model.vocabulary import Category, Purpose, Unit
from broker.runtime import embedded


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
    holder, asker = (arguments.authority(output, known, name, by_name=True) for name in (from_, to))
    when = arguments.moment(output, time)
    asked = question(
        holder,
        asker,
        category,
        purpose,
        when,
        holder_unit=from_unit,
        asker_unit=to_unit,
        age=age,
        offence=arguments.offence(output, offence, committed=not feared),
    )
    engine = embedded.policy_engine()
    answer = engine.decide({"0": asked})["0"]
    if answer.quarantine is not None:
        raise Stop(1, output.words("may_not_ask"))
    advice = list(answer.guidance)
    if as_json:
        output.line(advice[0])
    else:
        output.show(tables.heading(output.words("guide_heading", holder=holder.name, asker=asker.name)))
        output.show(guidance(output.words, advice, titles(engine), every_ground=every))
        if text:
            named = [ground["id"] for row in advice for ground in row["grounds"]]
            refs = [bar["ref"] for row in advice for bar in row["bars"] if bar["ref"]]
            output.show(statutes(output.words, statute_texts([*named, *refs], engine, asked["day"])))
    output.flush()
