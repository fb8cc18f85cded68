"""A test run that is killed leaves nothing running behind."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from left_behind import MARK, marked

HERE = Path(__file__).parent
RUN = """
import os, subprocess, sys
sys.path.insert(0, sys.argv[1])
import left_behind
left_behind.watch(float(sys.argv[3]))
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
for code in ("import time; time.sleep(600)", deaf)[: int(sys.argv[2])]:
    subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
print(os.environ[left_behind.MARK], flush=True)
sys.stdin.read()
"""


def come_to(number: int, mark: str) -> bool:
    """Whether so many processes have the mark before long: one that has just started may not have it yet."""
    until = monotonic() + 60
    while len(list(marked(mark))) != number:
        if monotonic() > until:
            return False
        sleep(0.05)
    return True


@pytest.mark.parametrize(("number", "children"), [(signal.SIGKILL, 1), (signal.SIGTERM, 1)])
def test_whoever_is_killed_takes_along_what_it_started(number: int, children: int) -> None:
    _ends(number, children)


@pytest.mark.slow
def test_what_does_not_heed_is_killed() -> None:
    _ends(signal.SIGKILL, 2)


def _ends(number: int, children: int) -> None:
    command = [sys.executable, "-c", RUN, str(HERE), str(children), "2"]
    environment = {name: value for name, value in os.environ.items() if name != MARK}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True) as run:
        assert run.stdout is not None
        mark = run.stdout.readline().strip()
        assert come_to(children, mark)
        run.send_signal(number)
        run.wait()
    assert come_to(0, mark)


def test_no_thread_of_a_test_keeps_the_run_from_ending() -> None:
    """A test that fails leaves its thread, which Python waits for at its end unless it is a daemon."""
    calls = [
        (file.name, node)
        for file in HERE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Thread", "threading.Thread")
    ]
    assert len(calls) > 5
    assert [f"{name}:{call.lineno}" for name, call in calls if "daemon=True" not in ast.unparse(call)] == []
