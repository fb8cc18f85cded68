"""How a command ends early."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

BROKEN = 70
"""Exit status (EX_SOFTWARE) of a running program that can't go on and is to be started again."""


class Stop(Exception):
    """Ends a command with an exit status and, unless empty, one line on stderr."""

    def __init__(self, status: int, line: str = "") -> None:
        super().__init__(line)
        self.status = status
        self.line = line


_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that is set by the first of these signals; a second Ctrl-C ends at once."""
    stop = Event()

    def ask(number: int, frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
