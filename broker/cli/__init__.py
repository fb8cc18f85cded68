"""The command line `samband`: the app, and the one place where an error becomes one line and an exit status."""

import gc
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Annotated, NoReturn
from urllib.parse import unquote

import typer
from typer.exceptions import TyperException

from broker import bundle, settings
from broker.adapters.sql import sqlite_faults
from broker.cli import commands, help, journal, standard_streams
from broker.cli.fault_texts import in_swedish
from broker.cli.interrupt import INTERRUPTED
from broker.cli.lang import Lang
from broker.cli.stop import BROKEN, Stop
from broker.model.faults import SetUpError

WRONG = 2
"""Exit status when input or set-up is wrong."""

_PASSWORD = re.compile(r"://[^/@]*:[^@]+@|password\s*=", re.IGNORECASE)
"""In an address, with whatever signs, or in libpq's words."""
_SEEN_BY_ALL = (
    "an argument holds a password, which every user of this machine can see: set SAMBAND_POSTGRES_URL in the "
    "environment, or leave the password to a file (PGPASSFILE)"
)
_GARBAGE = (50_000, 20, 50)
"""How seldom objects are looked through for garbage: a message is many objects that are soon gone, beside law and
register and what is remembered, which stay. As often as Python does it by itself, it takes a worker a seventh of its
time."""
_INTERRUPTED = "interrupted: what is recorded stands"


def _app(given: Sequence[str]) -> typer.Typer:
    """The commands, of which those that are called for are imported."""
    app = typer.Typer(name="samband", help=samband.__doc__, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(samband)
    commands.add(app, given, every=settings.completes())
    return app


def samband(
    context: typer.Context,
    *,
    lang: Annotated[Lang, typer.Option(envvar=settings.LANGUAGE, help="Language of texts for people.")] = Lang.SV,
    shows_version: Annotated[
        bool, typer.Option("--version", is_eager=True, help="Show the version, and the revision of the law.")
    ] = False,
) -> None:
    """A broker for lawful information exchange between agencies that protect children from recruitment into crime."""
    if shows_version:
        sys.stdout.write(f"samband {version('samband')}, law {bundle.load().revision}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        sys.stdout.write(f"{context.get_help()}\n")
    context.default_map = _everywhere(context.command, lang)


def _everywhere(command: object, lang: Lang) -> dict[str, object]:
    """The language as the default of each command below."""
    below: Mapping[str, object] = getattr(command, "commands", {})
    return {"lang": lang.value, **{name: _everywhere(one, lang) for name, one in below.items()}}


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 done, 1 the answer is no, 2 input or set-up is wrong, 70 start it again."""
    gc.set_threshold(*_GARBAGE)
    standard_streams.make_ready()
    given = list(sys.argv[1:] if arguments is None else arguments)
    help.speak(_language(given))
    journal.speak(_language(given))
    called = _language_first(given)
    bare = any(_PASSWORD.search(unquote(word)) for word in given)
    status, line = (WRONG, _SEEN_BY_ALL) if bare else _exit_status(called)
    if line and not journal.note_end(line):
        text = in_swedish(line) if _language(given) != Lang.EN else line
        standard_streams.say(f"samband: {standard_streams.as_it_reads(text)}")
    journal.end()
    sys.exit(status)


def _language(given: Sequence[str]) -> str:
    """The language asked for, also where the command line is not to be understood."""
    for at, word in reversed(list(enumerate(given))):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and at + 1 < len(given):
            return given[at + 1]
    return settings.language() or Lang.SV


def _language_first(given: Sequence[str]) -> list[str]:
    """The same call with its language before the command, where every command takes it."""
    chosen: list[str] = []
    rest: list[str] = []
    words = iter(given)
    for word in words:
        if word.startswith("--lang="):
            chosen = [word]
        elif word == "--lang" and (value := next(words, None)) is not None:
            chosen = [word, value]
        else:
            rest.append(word)
    return [*chosen, *rest]


def _exit_status(arguments: list[str]) -> tuple[int, str]:
    """Exit status and the line that says why."""
    try:
        status = _app(arguments)(arguments, prog_name="samband", standalone_mode=False) or 0
        return status, _INTERRUPTED if status == INTERRUPTED else ""
    except Stop as stop:
        return stop.status, (_full(stop) if stop.status == WRONG else "") or stop.line
    except TyperException as error:
        where = getattr(error, "ctx", None)
        why, command = error.format_message(), where.command_path if where else "samband"
        return WRONG, f"{why}{'' if why.endswith(('.', '?')) else '.'} See '{command} --help'."
    except KeyboardInterrupt:
        return INTERRUPTED, _INTERRUPTED
    except SetUpError as error:
        return WRONG, _full(error) or str(error)
    except Exception as error:
        known = _full(error) or _missing(error)
        return BROKEN if journal.has_begun() and not known else WRONG, known or _fault(error)


def _missing(error: Exception) -> str:
    """The line of an extra that is not installed, where that is what lies behind; else empty."""
    extra = commands.extra(error) if isinstance(error, ModuleNotFoundError) else ""
    return commands.NEEDS_EXTRA.format(extra) if extra else ""


def _full(error: Exception) -> str:
    """The line of a full disk, where that is what lies behind; else empty."""
    if not sqlite_faults.is_full(error):
        return ""
    standard_streams.end()
    place = error.filename if isinstance(error, OSError) else str(error).rpartition(": ")[0].partition(": ")[0]
    return f"{place}: {sqlite_faults.NO_ROOM}" if place else sqlite_faults.NO_ROOM


def _fault(error: Exception) -> str:
    """A fault of our own, without its text: that could hold a piece of a message."""
    return f"fault in samband itself ({journal.place(error)}): please report it"
