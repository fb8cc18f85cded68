"""The agents, which kill themselves at a named point: python killed_agents.py POINT N [OPTION …].

Points: `taking` and `taken`, around the N:th commit of a record; `sending` and `sent`, around the N:th time that
notices are let go of, which the cluster has by then. With `watched` they only tell how many records were under
way at most, and whether one came out of turn, in a file named by N.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from agents.stream import command
from agents.stream.rounds import Rounds
from broker.adapters.sql.agent_store import AgentState, AgentStore


def die() -> None:
    """As a power cut: nothing more is done."""
    os.kill(os.getpid(), signal.SIGKILL)


def at(n: int) -> Callable[[], None]:
    """Dies the n:th time that it is called."""
    called = iter(range(1, n))
    return lambda: next(called, None) or die()


def kill(point: str, n: int) -> None:
    """Put the death where it is to be."""
    count, taking, sent = at(n), AgentStore.taking, AgentStore.mark_sent

    @contextmanager
    def killed(self: AgentStore, source: str, position: int) -> Iterator[AgentState | None]:
        with taking(self, source, position) as state:
            yield state
            if point == "taking":
                count()
        if point == "taken":
            count()

    def let_go(self: AgentStore, ids: list[str]) -> None:
        if point == "sending":
            count()
        sent(self, ids)
        if point == "sent":
            count()

    AgentStore.taking = killed  # type: ignore[method-assign]
    AgentStore.mark_sent = let_go  # type: ignore[assignment, method-assign]


def watch(file: Path) -> None:
    """Tell how many records are under way at most, and in which order they come."""
    take, lock = Rounds.take, Lock()
    under_way, seen = 0, {"most": 0, "places": []}

    def watched(self: Rounds, value: bytes, position: int) -> Any:
        nonlocal under_way
        with lock:
            under_way += 1
            seen["most"] = max(seen["most"], under_way)
            seen["places"].append(position)
            file.write_text(json.dumps(seen))
        try:
            return take(self, value, position)
        finally:
            with lock:
                under_way -= 1

    Rounds.take = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    _, where, number, *sys.argv[1:] = sys.argv
    if where == "watched":
        watch(Path(number))
    else:
        kill(where, int(number))
    command.main()
