"""A worker that stands still ends by itself, for whoever started it to start it anew."""

from itertools import chain, repeat
from threading import Event
from unittest.mock import patch

import pytest

from broker.cli import worker
from broker.ports.health import Health


def watched(health: Health, stopping: Event) -> list[int]:
    """The status that the program ends with."""
    ended: list[int] = []
    with patch.object(worker.os, "_exit", ended.append), patch.object(worker, "_LOOK", 0.01):
        worker._watch(health, stopping)
    return ended


def test_a_loop_that_turns_no_more_ends_the_program(caplog: pytest.LogCaptureFixture) -> None:
    moments = iter([0.0, 1.0, 59.0, 61.0])
    assert watched(Health((), lambda: next(moments)), Event()) == [worker.STILL]
    assert "stands still (_place, line " in caplog.text, "here the loop is who asks"


def test_a_loop_that_does_not_end_when_it_is_told_to_ends_the_program() -> None:
    stopping = Event()
    stopping.set()
    with patch.object(worker, "GRACE", 0.05):
        assert watched(Health((), lambda: 0.0), stopping) == [worker.STILL]


def test_a_process_that_stood_still_as_a_whole_is_given_its_time_again() -> None:
    """A paused machine, or a stopped process: its loop had no chance to turn. One that then does not turn ends it."""
    now, slept = [0.0], chain([1.0, 45.0], repeat(1.0))

    def sleep(_: float) -> None:
        now[0] += next(slept)

    with patch.object(worker, "sleep", sleep), patch.object(worker, "monotonic", lambda: now[0]):
        assert watched(Health((), lambda: now[0], stuck=worker.STANDS), Event()) == [worker.STILL]
    assert now[0] == 46.0 + worker.STANDS + 1.0
