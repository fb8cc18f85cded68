"""Worker processes of a fault run, each in its place; what one said is kept in a file."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).resolve().parents[2]


ENDED = (0, 70)
"""How a worker may end that was told to: by itself, or, when it stood still in a library, by its own watch."""


class Workers:
    """So many `samband worker`, started again whenever one has ended."""

    def __init__(self, environments: Mapping[int, Mapping[str, str]], register: Path, folder: Path) -> None:
        self._environments = environments
        self._command = [sys.executable, "-m", "broker.cli", "worker", "--register", str(register)]
        self._folder = folder
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._began = monotonic()

    @property
    def places(self) -> list[int]:
        """All of them."""
        return sorted(self._environments)

    def start(self, place: int, kill: str | None = None) -> None:
        """Start the worker of this place, told to kill itself at a point if so."""
        environment = dict(self._environments[place]) | ({"SAMBAND_KILL": kill} if kill else {})
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        process = subprocess.Popen(
            self._command,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._running[place] = process
        threading.Thread(target=self._keep, args=(place, process), daemon=True).start()

    def _keep(self, place: int, process: "subprocess.Popen[bytes]") -> None:
        """Write down what a worker says, with the seconds since the run began."""
        assert process.stdout is not None
        with process.stdout, (self._folder / f"worker-{place}.log").open("ab", buffering=0) as log:

            def note(text: bytes) -> None:
                log.write(f"{monotonic() - self._began:7.1f} s {process.pid}: ".encode() + text + b"\n")

            note(b"begins")
            for line in process.stdout:
                note(line.rstrip())
            note(f"ends with {process.wait()}".encode())

    def signal(self, place: int, number: signal.Signals) -> None:
        """Send a signal; nothing happens to one that has ended."""
        self._running[place].send_signal(number)

    def ended(self, place: int, seconds: float) -> int | None:
        """Wait for its end; its status, or None when it goes on."""
        try:
            return self._running[place].wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def keep(self) -> list[int]:
        """Start again whoever has ended; gives their statuses."""
        ended = {place: process.returncode for place, process in self._running.items() if process.poll() is not None}
        for place in ended:
            self.start(place)
        return list(ended.values())

    def stop(self, seconds: float = 60) -> list[int | None]:
        """Ask all to end, and wait; the statuses. Who does not end is killed: None."""
        for process in self._running.values():
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.terminate()
        until = monotonic() + seconds
        while monotonic() < until and any(process.poll() is None for process in self._running.values()):
            sleep(0.1)
        statuses = [process.poll() for process in self._running.values()]
        for process in self._running.values():
            if process.poll() is None:
                process.kill()
                process.wait()
        return statuses
