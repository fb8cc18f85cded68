"""Plays the town on a cluster: python -m scenery.town.on_kafka --credentials DIR, the folder of `samband provision`."""

from pathlib import Path
from typing import Annotated

import typer

from agents.agency import AgencyError, Kafka
from agents.agency.broker import Connection
from broker import authorities
from broker.cli import run_view, tables
from broker.cli.options import AsJson, Language
from broker.cli.output import Output
from broker.cli.tally import Tally, outcome_of
from broker.cli.texts import Lang, number
from broker.model.vocabulary import Outcome
from scenery.town import sending
from scenery.town.story import FOLDER

_SENDING = {Lang.SV: "skickar", Lang.EN: "sending"}
_SENT = {
    Lang.SV: "{lines} rader skickade, {unnamed} av dem anonyma: till dem leder inget kvitto",
    Lang.EN: "{lines} lines sent, {unnamed} of them anonymous: no receipt leads to those",
}

Credentials = Annotated[Path, typer.Option("--credentials", metavar="DIR", help="Holds a file for each authority.")]


def play(*, credentials: Credentials, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """Send the town's messages, each as the Kafka user of its sender, and show what became of them."""
    output, tally, unnamed = Output(lang, as_json=as_json), Tally(), 0
    register = authorities.load(FOLDER / "authorities.json")
    story = sending.lines((FOLDER / "messages.jsonl").read_bytes().splitlines(), register)

    def connect(authority: str) -> Connection:
        return Kafka.from_file(credentials / f"{authority}.env").connect(authority)

    try:
        with output.progress(_SENDING[lang], len(story)) as advance:
            for line, receipt in sending.send_all(story, connect):
                advance(line.number, line.number)
                if receipt is None:
                    unnamed += 1
                    continue
                if as_json:
                    output.receipt({"line": line.number, **receipt})
                if receipt["outcome"] == Outcome.QUARANTINE:
                    tally.add({"line": line.number, **receipt})
                else:
                    tally.outcomes[line.kind, outcome_of(receipt)] += 1
    except AgencyError as error:
        output.note(f"on_kafka: {error}")
        raise typer.Exit(2) from None
    if not as_json:
        words = output.words
        output.show(tables.heading(words("outcomes_heading")), run_view.outcomes(words, tally))
        output.show(tables.heading(words("quarantine_heading")), run_view.unusable(words, tally))
        output.show(f"\n{_SENT[lang].format(lines=number(len(story)), unnamed=number(unnamed))}")
    output.flush()


if __name__ == "__main__":
    typer.run(play)
