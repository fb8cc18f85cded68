"""The command that shows the registers: authorities, consents, agreements, requests, concerns, orders."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from broker import authorities
from broker.adapters.sql import read_model as archives
from broker.authorities import Authority, Register
from broker.cli import register_history
from broker.cli.options import NEARBY, AsJson, Kept, Language, RegisterFile, clock
from broker.cli.output import Output
from broker.cli.register_view import DRAWN
from broker.cli.texts import Lang
from broker.model.decision import Json
from broker.model.vocabulary import AuthorityKind

app = typer.Typer(help="What the broker knows: authorities, and registers with their history.", rich_markup_mode=None)


class Which(StrEnum):
    """A register."""

    AUTHORITIES = "authorities"
    CONSENTS = "consents"
    AGREEMENTS = "agreements"
    REQUESTS = "requests"
    CONCERNS = "concerns"
    ORDERS = "orders"


@app.callback()
def registers() -> None:
    """What the broker knows: authorities, and registers with their history."""


@app.command("show")
def register_show(
    which: Annotated[Which, typer.Argument(help="Which register.")] = Which.AUTHORITIES,
    *,
    data: Kept = NEARBY,
    register: RegisterFile = None,
    kind: Annotated[AuthorityKind | None, typer.Option(help="Only authorities of this kind.")] = None,
    find: Annotated[str | None, typer.Option(metavar="NAME", help="Only authorities with this in their name.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also requests that are settled.")] = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Show a register. Persons, consents and agreements stand as tokens; requests are those still open."""
    known = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=known)
    rows = _rows(which, data, known, kind, find, every=every)
    if as_json:
        for row in rows:
            output.line(row)
    else:
        output.show(DRAWN[which.value](output.words, rows))
    output.flush()


def _rows(
    which: Which, data: str, register: Register, kind: AuthorityKind | None, find: str | None, *, every: bool
) -> Iterator[Json]:
    if which is Which.AUTHORITIES:
        parties = register if find is None else register.find_by_name(find)
        yield from (_authority(register, party) for party in parties if kind is None or kind.value in party.kinds)
        return
    now = clock()
    with archives.open_archive(data) as archive:
        if which is Which.REQUESTS:
            yield from register_history.requests(archive, now, every=every)
        else:
            yield from _HISTORIES[which](archive, now)


_HISTORIES = {
    Which.CONSENTS: register_history.consents,
    Which.AGREEMENTS: register_history.agreements,
    Which.CONCERNS: register_history.concerns,
    Which.ORDERS: register_history.orders,
}


def _authority(register: Register, party: Authority) -> Json:
    desks = [desk.model_dump(mode="json", by_alias=True, exclude={"authority"}) for desk in register.desks(party.id)]
    contacts = [contact.model_dump() for contact in party.contacts]
    keys = [key.model_dump(mode="json", by_alias=True) for key in party.keys]
    listed = ("desks", desks), ("contacts", contacts), ("keys", keys)
    return {
        "authority": party.id,
        "name": party.name,
        "kinds": party.kinds,
        "principal": party.principal,
        "forms": list(party.forms),
        "approved": party.approved,
        "works_with_children": party.works_with_children,
        **{name: rows for name, rows in listed if rows},
    }
