"""Ctrl-C between lines: what is being decided is finished or not begun, never torn."""

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""Exit status after Ctrl-C, as of a program ended by SIGINT."""


class Interrupt:
    """Turns a Ctrl-C into KeyboardInterrupt where the next line is read; a second one is not held back."""

    def __init__(self) -> None:
        self._wanted = False
        self._reading = False

    def lines(self, source: Iterable[bytes]) -> Iterator[bytes]:
        """The same lines. Raises KeyboardInterrupt before one that comes after a Ctrl-C."""
        lines = iter(source)
        while True:
            self._reading = True
            if self._wanted:
                raise KeyboardInterrupt
            line = next(lines, None)
            self._reading = False
            if line is None:
                return
            yield line

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        """Handle the signal."""
        if self._reading or self._wanted:
            raise KeyboardInterrupt
        self._wanted = True


@contextmanager
def between_lines() -> Iterator[Interrupt]:
    """Hold Ctrl-C back until the next line is read. One that is ignored stays ignored."""
    interrupt = Interrupt()
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield interrupt
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
