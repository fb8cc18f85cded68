"""The command `samband sdk`: an authority that is reached by Säker digital kommunikation."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from agents.agency.broker import AgencyError
from agents.desk import settings as desk_settings
from agents.desk.command import now, open_desk, open_store_of
from agents.desk.desk import Desk
from agents.desk.web.app import create_app
from agents.sdk import addressbook, kvittens, message, settings, xml
from agents.sdk.arrivals import label
from agents.sdk.bridge import Bridge
from agents.sdk.client import Client
from agents.sdk.settings import SdkSettings
from agents.sdk.state import State
from agents.sdk.texts import Words
from agents.sdk.xml import Fault
from broker.cli import journal
from broker.cli.options import Language
from broker.cli.output import Stop
from broker.cli.texts import Lang
from broker.web import serve as web
from broker.web.faults import SiteError

_NO, _WRONG = 1, 2

SettingsFile = Annotated[Path, typer.Option("--settings", metavar="FILE", help="The bridge's settings: a TOML file.")]

app = typer.Typer(help="An authority that is reached by SDK.", rich_markup_mode=None, no_args_is_help=True)


@app.command()
def serve(*, file: SettingsFile) -> None:
    """Serve the desk's pages, and carry between the desk and SDK, until it is ended."""
    journal.begin("sdk")
    with _faults(), ExitStack() as stack:
        said = settings.read(file)
        of = desk_settings.read(said.desk)
        _check_addresses(said)
        stack.enter_context(web.until_ended())
        socket = stack.enter_context(web.listen(of))
        desk = stack.enter_context(open_desk(of))
        stack.enter_context(_bridge(said, desk))
        journal.note_start("sdk", pages=of.address)
        web.serve([(create_app(desk), of)], [socket])


def _check_addresses(said: SdkSettings) -> None:
    """Raises SiteError where what is sent would go nowhere."""
    if said.addresses is None:
        return
    book = addressbook.read(said.addresses)
    for one in said.to:
        if book.taken and not book.has(one.participant, one.function):
            raise SiteError(f"to: {one.function} is not in the address book: run samband sdk addresses")


@contextmanager
def _bridge(said: SdkSettings, desk: Desk) -> Iterator[Bridge]:
    client, state = Client(said.service), State(said.state)
    bridge = Bridge(said, desk, client, state)
    bridge.start()
    try:
        yield bridge
    finally:
        bridge.stop()
        client.close()
        state.close()


@app.command()
def status(*, file: SettingsFile, lang: Language = Lang.SV) -> None:
    """Show how far what goes by SDK has come, and what needs a hand. Exit status 1 when something does."""
    with _faults():
        state = State(settings.read(file).state)
        try:
            words = Words(lang)
            for name, n in state.counts().items():
                sys.stdout.write(f"{n:>7}  {words(f'command.state.{name}')}\n")
            stuck = [one for one in state.handed("refused") if one.codes != ("DESTROYED",)]
            for handed in stuck:
                sys.stdout.write(f"{words('command.stuck', message=handed.message, codes=' '.join(handed.codes))}\n")
            refused = [one for one in state.arrivals() if one.state == "refused"]
            for arrived in refused:
                sys.stdout.write(f"{words('command.refused', sdk=arrived.sdk, codes=' '.join(arrived.codes))}\n")
        finally:
            state.close()
    if stuck or refused:
        raise typer.Exit(_NO)


@app.command()
def addresses(
    source: Annotated[
        str, typer.Option("--from", metavar="URL", help="The address book's interface, with its version.")
    ],
    *,
    diff: Annotated[bool, typer.Option("--diff", help="Show what differs, and take nothing.")] = False,
    take: Annotated[bool, typer.Option("--take", help="Show what differs, and take it.")] = False,
    file: SettingsFile,
    lang: Language = Lang.SV,
) -> None:
    """Show how the address book of SDK differs from what was taken. Exit status 1 when one's own is not in it."""
    if diff == take:
        raise Stop(_WRONG, "--diff or --take: say which")
    with _faults():
        said, words = settings.read(file), Words(lang)
        if said.addresses is None:
            raise Stop(_WRONG, f"{file}: addresses: missing")
        before, book = addressbook.read(said.addresses), addressbook.fetch(source, now())
        for change in addressbook.changes(before, book):
            of = words(f"command.of.{change.of}")
            sys.stdout.write(f"{words(f'command.change.{change.sort}', name=change.name, id=change.id, of=of)}\n")
        strange = [one for one in said.to if not book.has(one.participant, one.function)]
        for one in strange:
            sys.stdout.write(f"{words('command.not_there', function=one.function)}\n")
        if take:
            addressbook.write(book, said.addresses)
    if strange:
        raise typer.Exit(_NO)


@app.command()
def attachments(
    draft: Annotated[int, typer.Argument(metavar="NUMBER", help="The draft's number, as in its address.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write to.")],
    *,
    file: SettingsFile,
) -> None:
    """Write a draft's message of SDK with its attachments, as it came, to a folder."""
    with _faults():
        said = settings.read(file)
        state = State(said.state)
        try:
            with open_store_of(desk_settings.read(said.desk)) as store:
                named = store.drafts.get(draft).message_id
                arrived = next((one for one in state.arrivals() if one.message == named), None)
                if arrived is None or arrived.content is None:
                    raise Stop(_WRONG, "the draft did not come by SDK")
                content = store.sealed.open(arrived.case, arrived.content, label(arrived.sdk))
        finally:
            state.close()
        _write(out, content)


def _write(out: Path, content: bytes) -> None:
    """Names are ours: what another has named a file can be anything."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        (out / "message.xml").write_bytes(content)
        for n, one in enumerate(message.from_xml(content).files, 1):
            ending = {"application/pdf": "pdf", "application/xml": "xml"}.get(one.content_type, "bin")
            (out / f"{n}.{ending}").write_bytes(one.content)
    except OSError as error:
        raise Stop(_WRONG, f"{out}: {error.strerror}") from None


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="A message of SDK, or a kvittens, as XML.")],
    *,
    lang: Language = Lang.SV,
) -> None:
    """Hold messages and receipts of SDK against the published schemas and rules. Exit status 1 when one breaks one."""
    wrong, words = 0, Words(lang)
    for file in files:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise Stop(_WRONG, f"{file}: {error.strerror}") from None
        faults = broken(content)
        wrong += bool(faults)
        result = words("command.fails" if faults else "command.passes")
        sys.stdout.write(f"{result}  {file.name}\n")
        for fault in faults:
            sys.stdout.write(f"      {_line(words, fault)}\n")
    if wrong:
        raise typer.Exit(_NO)


def broken(content: bytes) -> Sequence[Fault]:
    """What a message of SDK, or a kvittens, breaks, one at each place; nothing where it passes."""
    try:
        is_receipt = xml.parse(content).tag == f"{{{kvittens.NAMESPACE}}}ApplicationResponse"
        (kvittens.read if is_receipt else message.from_xml)(content)
    except xml.Unreadable as error:
        return (Fault(str(error), "-"),)
    except (kvittens.NotKvittens, message.NotSdk) as error:
        return list({fault.place: fault for fault in error.faults}.values())
    return ()


def _line(words: Words, fault: Fault) -> str:
    """Where, and what, in words; a rule of the schema by its number."""
    key = f"command.rule.{fault.rule}"
    return f"{fault.place}: {words(key) if words.has(key) else words('command.schema', rule=fault.rule)}"


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (SiteError, AgencyError) as error:
        raise Stop(_WRONG, str(error)) from None
