"""The command `samband review`: pages for those who review what was decided, or run the broker."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from broker.cli import journal
from broker.cli.accounts import ask_password
from broker.cli.options import clock
from broker.cli.output import Stop
from broker.cli.publishing import EVERY, PublishEvery, PublishTo, WitnessAt, publishing
from broker.cli.review_log import review_export, review_sample, review_summary, review_told, review_verify
from broker.cli.review_options import SettingsFile, opened
from broker.cli.review_subject import review_subject
from broker.review import settings
from broker.review.rights import REVIEW, rights
from broker.review.room import open_room
from broker.review.settings import ReviewSettings
from broker.review.store import open_people
from broker.review.web.app import create_app
from broker.web import serve
from broker.web.faults import SiteError
from broker.web.login import hash_password
from broker.web.user import Person

_WRONG = 2

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="What is typed at the login.")]

app = typer.Typer(help="The pages for who reviews the log, or runs the broker.", rich_markup_mode=None)
users = typer.Typer(help="Local accounts of the room, for trying.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(users, name="users")
app.command("verify")(review_verify)
app.command("told")(review_told)
app.command("export")(review_export)
app.command("sample")(review_sample)
app.command("summary")(review_summary)
app.command("subject")(review_subject)


@app.callback(invoke_without_command=True)
def review(
    context: typer.Context,
    *,
    file: Annotated[
        Path | None, typer.Option("--settings", metavar="FILE", help="The room's settings: a TOML file.")
    ] = None,
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="DIR|postgres", help="The broker's records, if not those that the file names."),
    ] = None,
    publish_to: PublishTo = None,
    publish_every: PublishEvery = EVERY,
    witness: WitnessAt = None,
) -> None:
    """Serve the auditors' room until it is ended; what is published is the log of what they have seen."""
    if context.invoked_subcommand is not None:
        return
    if file is None:
        raise Stop(_WRONG, "--settings: say which room")
    try:
        journal.begin("review")
        said = settings.read(file)
        open_pages(
            replace(said, data=data) if data else said, publish_to=publish_to, every=publish_every, witnesses=witness
        )
    except SiteError as error:
        raise Stop(_WRONG, str(error)) from None


def open_pages(
    said: ReviewSettings,
    *,
    publish_to: Sequence[str] | None = None,
    every: float = EVERY,
    witnesses: Sequence[str] | None = None,
) -> None:
    """Serve the room's pages until it is ended. Raises SiteError, Stop.

    The newest checkpoint of its log of views is published meanwhile, where that is asked for.
    """
    with (
        serve.until_ended(),
        serve.listen(said) as socket,
        open_room(said, clock) as room,
        publishing(room.views.reading, publish_to, witnesses, every),
    ):
        journal.note_start("review", data=str(said.data), pages=said.address)
        serve.serve([(create_app(room), said)], [socket])


@users.command("add")
def add_user(
    account: Account,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Shown to colleagues.")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="auditor, jurist or operator.")] = "auditor",
    may: Annotated[str, typer.Option("--may", metavar="RIGHTS", help="Of review, campaign, law, operate.")] = REVIEW,
    *,
    officer: Annotated[
        str, typer.Option("--officer", metavar="ID", help="Your own id of them; what they see is logged under it.")
    ] = "",
    file: SettingsFile,
) -> None:
    """Add an account; its password is asked for, or read from standard input."""
    with opened(open_people, file) as people:
        person = Person(name, "", role, officer or account, rights(may.split(",")))
        people.add(person, account=account.casefold(), password=hash_password(ask_password()))


@users.command("password")
def set_password(account: Account, *, file: SettingsFile) -> None:
    """Give an account another password; who is logged in no longer is."""
    with opened(open_people, file) as people:
        people.set_password(account.casefold(), hash_password(ask_password()))


@users.command("remove")
def remove_user(account: Account, *, file: SettingsFile) -> None:
    """Let nobody log in to an account any more."""
    with opened(open_people, file) as people:
        people.remove(account.casefold())
