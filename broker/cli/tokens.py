"""The command `samband tokens`: makes tokens for who reviews the log, where the key is."""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from broker.adapters.files.register_file import RegisterFile as Parties
from broker.cli import journal
from broker.cli.options import NEARBY, Kept, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.stop import stopping
from broker.cli.texts import Lang
from broker.cli.verify import token_key
from broker.runtime.tokens import Asked, serve

SOCKET = "tokens.sock"
_LOOK = 0.5


def tokens(
    *,
    data: Kept = NEARBY,
    socket: Annotated[
        Path, typer.Option("--socket", metavar="FILE", help="Where it is asked: a socket of this machine.")
    ] = Path(SOCKET),
    register: RegisterFile = None,
    lang: Language = Lang.SV,
) -> None:
    """Make tokens of numbers for samband review until it is ended. Whoever may open the socket may ask."""
    output = Output(lang)
    key = token_key(data)
    if key is None:
        raise Stop(2, output.words("officer_no_key"))
    journal.begin("tokens")
    parties = Parties(register)
    with stopping() as stop, serve(socket, Asked(key, parties.register, monotonic)):
        journal.note_start("tokens", register=parties.facts, socket=str(socket))
        while not stop.wait(_LOOK):
            parties.look()
            key.look()
