"""Where a command writes: JSON Lines or handsome tables on stdout, single lines and progress on stderr."""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, NoReturn

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from broker.authorities import Register
from broker.cli import standard_streams
from broker.cli.stop import Stop
from broker.cli.texts import Lang, Words, number
from broker.model.decision import Json

CLOSED_PIPE = 141
"""Exit status when whoever reads stdout has gone, as of a program ended by SIGPIPE."""

__all__ = ["CLOSED_PIPE", "Output", "Stop"]

_FIELDS = (
    *("line", "message", "item", "category", "id", "outcome", "partial", "error", "code", "detail", "grounds", "bars"),
    *("ref", "ground", "items", "asks", "refer_to", "guidance", "note", "doubtful", "policy", "leaf", "seq", "audit"),
)
"""Fields of a receipt and its parts, in the order of the contract."""

_WIDTH = 100
_SECONDS_BETWEEN_LINES = 10.0


_COMMANDS = re.compile("[\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]")
"""Signs that a terminal obeys, that turn the direction of writing, or that end a line."""


def as_line(value: Json) -> str:
    """One object as a line of JSON, fit for a terminal too: JSON itself escapes only what lies below a blank."""
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return _COMMANDS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) + "\n"


class Output:
    """One command's two streams, in one language; `parties` are those whose names are known."""

    def __init__(self, lang: Lang, *, as_json: bool = False, parties: Register | None = None) -> None:
        self.words = Words(lang, parties)
        self.as_json = as_json
        width = None if sys.stdout.isatty() else shutil.get_terminal_size((_WIDTH, 40)).columns
        self._console = _Console(width=width, markup=False, emoji=False)  # a name may hold brackets or colons
        self._notes = Console(stderr=True, markup=False, emoji=False)

    @property
    def width(self) -> int:
        """Columns that there are."""
        return self._console.width

    def show(self, *shown: RenderableType) -> None:
        """Print for people, one below the other."""
        for part in shown:
            self._console.print(part)

    def raw(self, text: str) -> None:
        """Print a text exactly as it is, to be copied."""
        with _open_pipe():
            sys.stdout.write(text)

    def line(self, value: Json) -> None:
        """Write one object as a line of JSON."""
        self.raw(as_line(value))

    def receipt(self, value: Json) -> None:
        """Write one receipt, its fields always in the same order, whether it is new or read from the log."""
        self.line(_in_order(value))

    def flush(self) -> None:
        """Hand over what is written."""
        with _open_pipe():
            sys.stdout.flush()

    def note(self, text: str) -> None:
        """One line on stderr."""
        standard_streams.say(text)

    @contextmanager
    def progress(self, label: str, total: int | None) -> Iterator[Callable[[int, int], None]]:
        """How far it has come, on stderr: a bar on a terminal, else a line now and then.

        Gives a function that takes how much of `total` is done (None: not known) and how many lines that is.
        """
        if not self._notes.is_terminal or (self.as_json and sys.stdout.isatty()):
            yield self._lines_now_and_then(label)
            return
        columns = [TextColumn("{task.description}"), BarColumn(bar_width=None), TextColumn("{task.fields[lines]}")]
        if total is None:
            columns = [SpinnerColumn(), *columns[::2], TimeElapsedColumn()]
        else:
            columns.append(TimeRemainingColumn())
        with Progress(*columns, console=self._notes, transient=True) as progress:
            task = progress.add_task(label, total=total, lines="")

            def advance(done: int, lines: int) -> None:
                progress.update(task, completed=done, lines=number(lines))

            yield advance

    def _lines_now_and_then(self, label: str) -> Callable[[int, int], None]:
        last = monotonic()

        def advance(done: int, lines: int) -> None:
            nonlocal last
            if monotonic() - last >= _SECONDS_BETWEEN_LINES:
                last = monotonic()
                self.note(f"{label} {number(lines)}")

        return advance


def _in_order(value: Json) -> Json:
    return {name: _deep(value[name]) for name in sorted(value, key=_place)}


def _deep(value: Any) -> Any:
    if isinstance(value, dict):
        return _in_order(value)
    return [_deep(entry) for entry in value] if isinstance(value, list) else value


def _place(name: str) -> tuple[int, str]:
    return (_FIELDS.index(name) if name in _FIELDS else len(_FIELDS)), name


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        """Whoever read has gone: end quietly."""
        standard_streams.lead_nowhere(sys.stdout.fileno())
        raise Stop(CLOSED_PIPE) from None


@contextmanager
def _open_pipe() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        standard_streams.lead_nowhere(sys.stdout.fileno())
        raise Stop(CLOSED_PIPE) from None
