"""Ends what a killed test run leaves behind: servers, workers, agents. As a program it waits for its stdin to close.

Every process that a test starts inherits a mark in its environment; a watcher outside the run's session, which sees
the run end however it ends, ends those that still bear it: asked first, then killed.
"""

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

MARK = "TEST_RUN_MARK"
_ASKED = 20.0
"""Seconds that they have to end by themselves."""


def watch(asked: float = _ASKED) -> None:
    """Mark this process's children from now on, and start their watcher. `asked`: seconds as in `end`."""
    os.environ[MARK] = uuid4().hex
    command = [sys.executable, __file__, os.environ[MARK], str(asked)]
    environment = {name: value for name, value in os.environ.items() if name != MARK}
    watcher = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)
    atexit.register(watcher.communicate)  # closes the pipe, which the system does for a run that is killed


def marked(mark: str) -> Iterator[int]:
    """Processes that have the mark in the environment that they were started with."""
    wanted = f"{MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                yield int(process.name)
        except OSError:
            continue  # it has ended, or is another user's


def end(mark: str, asked: float) -> None:
    """End all that bear the mark; so many seconds they have to do so by themselves."""
    for number, seconds in ((signal.SIGTERM, asked), (signal.SIGKILL, _ASKED)):
        for pid in marked(mark):
            try:
                os.kill(pid, number)
                os.kill(pid, signal.SIGCONT)
            except ProcessLookupError:
                continue
        until = monotonic() + seconds
        while any(marked(mark)) and monotonic() < until:
            sleep(0.1)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    end(sys.argv[1], float(sys.argv[2]))
