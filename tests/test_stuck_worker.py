"""A worker that stands still ends by itself, for whoever started it to start it anew."""

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
    assert "stands still" in caplog.text


def test_a_loop_that_does_not_end_when_it_is_told_to_ends_the_program() -> None:
    stopping = Event()
    stopping.set()
    with patch.object(worker, "GRACE", 0.05):
        assert watched(Health((), lambda: 0.0), stopping) == [worker.STILL]
