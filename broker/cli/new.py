"""The command that prints a filled example of a message: `samband new KIND`."""

import json
import secrets
from enum import Enum
from importlib.resources import files
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from broker.cli import arguments
from broker.cli.options import Language, clock
from broker.cli.output import Output
from broker.cli.texts import Lang
from broker.kinds import KINDS

KindName = Enum("KindName", {kind: kind for kind in KINDS}, type=str)  # type: ignore[misc]
"""A kind of message, as the command line knows it."""


def new(
    kind: Annotated[KindName, typer.Argument(metavar="KIND", help="A kind of message.")],
    *,
    reply_to: Annotated[
        UUID | None, typer.Option(parser=arguments.message_id, metavar="ID", help="The message that it answers.")
    ] = None,
    lang: Language = Lang.SV,
) -> None:
    """Print a filled example of a message on one line, with an id of its own and the time now: to change, and send.

    Its parties are public authorities, and where a kind needs others those of the sample town's register.
    """
    example = json.loads((_examples() / f"{kind.value}.json").read_text("utf-8"))
    now = clock()
    message = {"id": str(_id(int(now.timestamp() * 1000))), **example, "time": now.isoformat(timespec="seconds")}
    if reply_to:
        message["in_reply_to"] = str(reply_to)
    Output(lang, as_json=True).line(message)


def _examples() -> Path:
    """In the installed package, else beside it in the repository."""
    installed = Path(str(files("broker") / "examples"))
    return installed if installed.is_dir() else Path(__file__).parents[2] / "schemas" / "examples"


def _id(milliseconds: int) -> UUID:
    """A UUID of version 7 (RFC 9562, 5.7)."""
    high = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return UUID(int=high | 0b10 << 62 | secrets.randbits(62))
