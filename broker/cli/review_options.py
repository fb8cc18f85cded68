"""What the commands of the auditors' room have in common: its settings file, what they open by it, or one line."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from broker.cli.options import clock
from broker.cli.output import Output, Stop
from broker.review import settings
from broker.review.settings import ReviewSettings
from broker.web.faults import SiteError

_WRONG = 2
_Opened = TypeVar("_Opened")

SettingsFile = Annotated[Path, typer.Option("--settings", metavar="FILE", help="The room's settings: a TOML file.")]


def read_settings(file: Path) -> ReviewSettings:
    """What the file says. Raises Stop."""
    try:
        return settings.read(file)
    except SiteError as error:
        raise Stop(_WRONG, str(error)) from None


@contextmanager
def opened(
    open_it: Callable[[ReviewSettings, Callable[[], datetime]], AbstractContextManager[_Opened]], file: Path
) -> Iterator[_Opened]:
    """What is kept in the room's own database. Raises Stop."""
    try:
        with open_it(settings.read(file), clock) as one:
            yield one
    except SiteError as error:
        raise Stop(_WRONG, str(error)) from None


def ask_person(output: Output) -> str:
    """Whom it is about: never an argument, which others on the machine can see, and shells remember."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{output.words('subject_person')} ").strip()
    return sys.stdin.readline().strip()
