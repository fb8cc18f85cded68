"""The command that asks recorded decisions again under the installed policy, or another that is to be tried."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from broker import authorities
from broker.adapters.opa.candidate import CandidateError, open_candidate
from broker.adapters.opa.staged import Announced, FolderLaws
from broker.adapters.sql import laws, postgres
from broker.adapters.sql import read_model as archives
from broker.cli import arguments, list_view
from broker.cli.options import LARGEST, NEARBY, AsJson, Kept, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang, number
from broker.explanation.again import ask_again
from broker.explanation.again import difference as difference_of
from broker.explanation.changes import Tally
from broker.model.decision import Json
from broker.pipeline.pipeline import BATCH
from broker.ports.policy import PolicyDecisionPoint
from broker.runtime import embedded

SHOWN = 100
"""Most differences that are shown for people."""


def replay(
    *,
    data: Kept = NEARBY,
    limit: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, metavar="N", help="Only the newest N records.")
    ] = None,
    day: Annotated[
        date | None,
        typer.Option(parser=arguments.day, metavar="YYYY-MM-DD", help="As if this were the day of each message."),
    ] = None,
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", metavar="FILE|DIR", help="Another law: a bundle, or a folder of policies."),
    ] = None,
    bundle_key: Annotated[
        Path | None,
        typer.Option("--bundle-key", metavar="FILE", help="The public key that a signed bundle is checked with."),
    ] = None,
    opa: Annotated[
        Path, typer.Option("--opa", metavar="FILE", envvar="OPA", help="OPA's program, which compiles another law.")
    ] = Path("opa"),
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Ask each recorded decision again under the installed policy. Exit status 1 when any answer differs.

    With --day as if that were the day of each message; ages stay those on the message's own day, since no record
    holds a day of birth (åldrar är de på meddelandets dag). With --bundle under another law, which is not installed.
    """
    output = Output(lang, as_json=as_json, parties=authorities.load(register))
    words = output.words
    engine = _other(bundle, bundle_key, opa) if bundle else embedded.law(embedded.policy_engine(), laws_of(data))
    tally, asked, differing = Tally(), 0, 0
    shown: list[Json] = []
    with archives.open_archive(data) as archive:
        size = archive.size()
        start = max(0, size - limit) if limit else 0
        with output.progress(words("replaying"), size - start) as advance:
            for record, now in ask_again(engine, archive.decisions(start), day):
                asked += 1
                difference = difference_of(record, now)
                if difference is not None:
                    differing += 1
                    tally.add(difference)
                    if as_json:
                        output.line(difference)
                    elif differing <= SHOWN:
                        shown.append(difference)
                if asked % BATCH == 0:
                    advance(record.seq - start, asked)
    if not as_json:
        if shown:
            output.show(list_view.differences(words, shown))
            output.show(list_view.change_counts(words, tally.groups()))
        if day:
            output.show(Text(words("replayed_on", day=f"{day:%Y-%m-%d}"), style="dim"))
        style = "bold red" if differing else "green"
        output.show(Text(words("replayed", asked=number(asked), differing=number(differing)), style=style))
    output.flush()
    if differing:
        raise Stop(1)


def laws_of(data: str) -> Announced:
    """The laws that are announced, in a data folder or on a cluster. Raises DataFolderError or Away."""
    if archives.is_database(data):
        return laws.copy(postgres.address(data))
    return FolderLaws(Path(data) / embedded.LAWS)


def _other(bundle: Path, key: Path | None, opa: Path) -> PolicyDecisionPoint:
    try:
        return open_candidate(bundle, key, opa).engine
    except CandidateError as error:
        raise Stop(2, str(error)) from None
