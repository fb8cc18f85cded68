"""The command `samband desk`: the pages of an authority that has no system of its own."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from starlette.types import ASGIApp

from agents.agency.broker import AgencyError
from agents.desk import settings
from agents.desk.courier import Courier
from agents.desk.desk import Desk
from agents.desk.intake import Intake
from agents.desk.keys import FileKeys
from agents.desk.rights import rights
from agents.desk.settings import DeskSettings
from agents.desk.store import Person, Store, open_store
from agents.desk.web.app import create_app
from agents.desk.web.public import create_public_app
from broker.cli import journal
from broker.cli.accounts import ask_password
from broker.cli.output import Stop
from broker.web import serve as web
from broker.web.faults import SiteError
from broker.web.login import hash_password

_WRONG = 2

SettingsFile = Annotated[Path, typer.Option("--settings", metavar="FILE", help="The desk's settings: a TOML file.")]

app = typer.Typer(help="The page where people ask and answer.", rich_markup_mode=None)
users = typer.Typer(help="Local accounts of a desk, for trying.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(users, name="users")


@app.callback(invoke_without_command=True)
def desk(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Option("--settings", metavar="FILE", help="The desk's settings: a TOML file. Several: several desks."),
    ] = None,
) -> None:
    """Serve the pages of a desk until it is ended."""
    if context.invoked_subcommand is not None:
        return
    if not files:
        raise Stop(_WRONG, "--settings: say which desk")
    journal.begin("desk")
    try:
        serve([settings.read(file) for file in files])
    except (SiteError, AgencyError) as error:
        raise Stop(_WRONG, str(error)) from None


def serve(desks: Sequence[DeskSettings]) -> None:
    """Serve the pages of some desks until it is ended. Raises SiteError, AgencyError."""
    web.end_on_signals()
    with ExitStack() as stack:
        sockets = [stack.enter_context(web.listen(desk)) for desk in desks]
        journal.note_start("desk", pages=", ".join(desk.address for desk in desks))
        web.serve([(_app(stack.enter_context(open_desk(desk))), desk) for desk in desks], sockets)


def _app(desk: Desk) -> ASGIApp:
    return create_public_app(desk) if desk.settings.public else create_app(desk)


@contextmanager
def open_store_of(desk: DeskSettings) -> Iterator[Store]:
    """The store that the settings name. Raises SiteError."""
    store = open_store(
        desk.database,
        FileKeys(desk.keys),
        authority=desk.authority,
        approval=desk.approval,
        clock=now,
        idle=timedelta(minutes=desk.idle),
        longest=timedelta(minutes=desk.longest),
        sealing=desk.sealer,
    )
    try:
        yield store
    finally:
        store.close()


@contextmanager
def open_desk(of: DeskSettings) -> Iterator[Desk]:
    """A desk with its store, and its courier under way. Raises SiteError, AgencyError."""
    with open_store_of(of) as store:
        courier = (Intake if of.public else Courier)(of, store, now, every=of.every)
        courier.start()
        try:
            yield Desk(of.authority, of, store, courier, now)
        finally:
            courier.stop()


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@users.command("add")
def add_user(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="What is typed at the login.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Shown to colleagues.")],
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="The unit, as in messages.")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="The role, as in messages.")],
    may: Annotated[
        str, typer.Option("--may", metavar="RIGHTS", help="Of answer, ask, approve, register, read, admin.")
    ] = "read,answer,register",
    *,
    officer: Annotated[
        str, typer.Option("--officer", metavar="ID", help="Your own id of them; goes into messages.")
    ] = "",
    file: SettingsFile,
) -> None:
    """Add an account; its password is asked for, or read from standard input."""
    person = (name, unit, role, officer or account)
    with _people(file) as store:
        store.people.add(
            Person(*person, rights(may.split(","))), account=account.casefold(), password=hash_password(ask_password())
        )


@users.command("password")
def set_password(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Whose.")], *, file: SettingsFile
) -> None:
    """Give an account another password; who is logged in no longer is."""
    with _people(file) as store:
        store.people.set_password(account.casefold(), hash_password(ask_password()))


@users.command("remove")
def remove_user(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Whose.")], *, file: SettingsFile
) -> None:
    """Let nobody log in to an account any more."""
    with _people(file) as store:
        store.people.remove(account.casefold())


@contextmanager
def _people(file: Path) -> Iterator[Store]:
    try:
        with open_store_of(settings.read(file)) as store:
            yield store
    except SiteError as error:
        raise Stop(_WRONG, str(error)) from None


def main() -> None:
    """The command alone, without the rest of `samband`."""
    app()
