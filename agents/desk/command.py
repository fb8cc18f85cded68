"""The command `samband desk`: the pages of an authority that has no system of its own."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from starlette.types import ASGIApp

from agents.agency import Address
from agents.agency.broker import AgencyError
from agents.agency.ids import message_id
from agents.agency.texts import Parties, Texts
from agents.desk import csip, settings, spreadsheet
from agents.desk.archive import Archivist
from agents.desk.courier import Courier
from agents.desk.desk import Desk
from agents.desk.faults import Changed
from agents.desk.forms import sheet
from agents.desk.forms.reading import finder
from agents.desk.intake import Intake
from agents.desk.keys import FileKeys
from agents.desk.rights import rights
from agents.desk.settings import DeskSettings
from agents.desk.spreadsheet import Table
from agents.desk.store import DeskDraft, Person, Store, open_store
from agents.desk.texts import Words
from agents.desk.web.app import create_app
from agents.desk.web.public import create_public_app
from broker.cli import journal
from broker.cli.accounts import ask_password
from broker.cli.options import Language
from broker.cli.output import Stop
from broker.cli.texts import Lang
from broker.kinds import KINDS
from broker.web import serve as web
from broker.web.faults import Missing, SiteError
from broker.web.login import hash_password
from broker.web.user import User

_NO, _WRONG = 1, 2

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
    with web.until_ended(), ExitStack() as stack:
        sockets = [stack.enter_context(web.listen(one)) for one in desks]
        journal.note_start("desk", pages=", ".join(one.address for one in desks))
        opened = [stack.enter_context(open_desk(one)) for one in desks]
        for desk in opened:
            stack.callback(desk.courier.ask_to_stop)  # all of them, before one after the other is waited for
        web.serve([(_app(desk), desk.settings) for desk in opened], sockets)


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


@app.command("form")
def write_form(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="The kind of message, as samband new has it.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write: .xlsx, or .csv.")],
    *,
    lang: Language = Lang.SV,
) -> None:
    """Write a table to fill in, a line for each message of a kind."""
    words = Words(lang)
    of = sheet.columns(_table_kind(kind), words)
    try:
        content = (
            spreadsheet.template(of, words.term("kinds", kind)) if out.suffix == ".xlsx" else spreadsheet.plain(of)
        )
        out.write_bytes(content)
    except OSError as error:
        raise Stop(_WRONG, f"{out}: {error.strerror}") from None
    except SiteError as error:
        raise Stop(_WRONG, str(error)) from None


@app.command("import")
def take_form(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="The kind of message, as samband new has it.")],
    filled: Annotated[Path, typer.Argument(metavar="FILE", help="The filled table: .xlsx, or .csv.")],
    whose: Annotated[str, typer.Option("--as", metavar="ID", help="Your own id of whoever has filled it in.")],
    *,
    file: SettingsFile,
    lang: Language = Lang.SV,
) -> None:
    """Make a draft at the desk of each line of a filled table; of none where one is wrong. Exit status 1 then."""
    words = Words(lang)
    try:
        said = settings.read(file)
        table = spreadsheet.read(filled)
        with open_store_of(said) as store:
            user = next((one for one in store.people.all() if one.officer == whose), None)
            if user is None:
                raise Stop(_WRONG, "--as: nobody at this desk has that id")
            lines = _lines(_table_kind(kind), table, words, said, filled)
            drafts = [_draft(store, user, kind, line, table.rows[line.n - 1]) for line in lines]
    except SiteError as error:
        raise Stop(_WRONG, str(error)) from None
    typer.echo(words("sheet.taken", n=len(drafts), kind=words.term("kinds", kind)))


def _table_kind(kind: str) -> str:
    if kind not in KINDS or not sheet.is_a_table(kind):
        raise Stop(_WRONG, f"{kind}: no kind that a table can say")
    return kind


def _lines(kind: str, table: Table, words: Words, said: DeskSettings, file: Path) -> list[sheet.Line]:
    parties = Parties(Texts(words.lang), said.register)
    lines, headings = sheet.lines(kind, table.rows, words, find=finder(parties), names=parties.names.__contains__)
    for heading in headings:
        typer.echo(words("sheet.heading", heading=heading))
    for n, at, key in table.faults:
        typer.echo(words("sheet.fault", n=n, heading=words("sheet.column", n=at), fault=words(f"sheet.{key}")))
    for line in lines:
        for heading, fault in line.faults:
            typer.echo(words("sheet.fault", n=line.n, heading=heading, fault=fault))
    if headings or table.faults or any(line.faults for line in lines):
        raise typer.Exit(_NO)
    if not lines:
        raise Stop(_WRONG, f"{file}: no line is filled in")
    return lines


def _draft(store: Store, user: User, kind: str, line: sheet.Line, row: list[str]) -> DeskDraft:
    """The same line again is the same draft."""
    digest = sha256("\0".join([user.officer, kind, str(line.n), *row]).encode()).digest()
    id = message_id(datetime.fromtimestamp(0, UTC), lambda size: digest[:size])
    to = Address(line.to["authority"], cast("Any", line.to["unit"]), line.to["area"] or None)
    try:
        return store.drafts.new(kind, user=user, to=to, body=line.body, message_id=id)
    except Changed:
        return store.drafts.by_message(id)


@app.command("archive")
def archive_case(
    case: Annotated[int, typer.Argument(metavar="CASE", help="The case's number, as in its address.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder in which the package's is made.")],
    evidence: Annotated[
        Path | None,
        typer.Option("--evidence", metavar="ZIP", help="The case's records with proof: samband audit evidence."),
    ] = None,
    *,
    file: SettingsFile,
    lang: Language = Lang.SV,
) -> None:
    """Write a case for the e-archive, as an information package (E-ARK CSIP)."""
    try:
        said = settings.read(file)
        proof = evidence.read_bytes() if evidence else None
        with open_store_of(said) as store:
            parties = Parties(Texts(lang.value), said.register)
            package = Archivist(store, said.authority, lang.value, parties).package(case, now(), evidence=proof)
        csip.write(package, out)
    except OSError as error:
        raise Stop(_WRONG, f"{evidence}: {error.strerror}") from None
    except Missing:
        raise Stop(_WRONG, "there is no such case, or no document can be made here: see 'samband[pdf]'") from None
    except (SiteError, AgencyError) as error:
        raise Stop(_WRONG, str(error)) from None
    typer.echo(str(out / package.id))


def main() -> None:
    """The command alone, without the rest of `samband`."""
    app()
