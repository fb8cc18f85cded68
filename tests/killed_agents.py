"""The agents, which kill themselves at a named point: python killed_agents.py POINT N [OPTION …].

Points: `taking` and `taken`, around the N:th commit of some records, two at most; `sending` and `sent`, around the N:th
time that notices are let go of, which the cluster has by then. With `watched` they only tell how many batches were
under way at most, and whether a record came out of turn, in a file named by N.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from agents.stream import command, faust_app
from agents.stream.rounds import Record, Rounds
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
    def killed(
        self: AgentStore, source: str, position: int, follows: int = -1
    ) -> Iterator[tuple[AgentState, int] | None]:
        with taking(self, source, position, follows) as state:
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
    take_all, lock = Rounds.take_all, Lock()
    under_way, most, places = 0, 0, list[int]()

    def watched(self: Rounds, records: Sequence[Record], follows: int = -1) -> int:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
            places.extend(record.position for record in records)
            file.write_text(json.dumps({"most": most, "places": places}))
        try:
            return take_all(self, records, follows)
        finally:
            with lock:
                under_way -= 1

    Rounds.take_all = watched  # type: ignore[method-assign]


if __name__ == "__main__":
    _, where, number, *sys.argv[1:] = sys.argv
    if where == "watched":
        watch(Path(number))
    else:
        kill(where, int(number))
        faust_app._MOST, faust_app._AT_ONCE = 2, 1
    command.main()
