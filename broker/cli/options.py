"""The options that commands share."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from broker.cli.texts import Lang

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder with the broker's state.")]
Kept = Annotated[
    str,
    typer.Option(
        "--data",
        metavar="DIR|postgres",
        help="Folder with the state; or postgres: the database that SAMBAND_POSTGRES_URL names.",
    ),
]
RegisterFile = Annotated[
    Path | None, typer.Option("--register", metavar="FILE", help="JSON file with more authorities and parties.")
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines on stdout, and nothing else there.")]
Language = Annotated[Lang, typer.Option("--lang", help="Language of texts for people.")]
File = Annotated[Path, typer.Argument(metavar="FILE|-", help="A file of messages, one a line, or - for stdin.")]

Strict = Annotated[bool, typer.Option("--strict", help="Exit status 1 when a line was not usable.")]

LARGEST = (1 << 63) - 1
"""Largest number that a record or inbox line can have."""

HERE = Path("samband-data")
NEARBY = str(HERE)


def clock() -> datetime:
    """The broker's clock."""
    return datetime.now(UTC)
