"""A worker that stands still ends by itself, for whoever started it to start it anew."""

from threading import Event
from unittest.mock import patch

import pytest

from broker.cli import working
from broker.health import Health


def watched(health: Health, stopping: Event) -> list[int]:
    """The status that the program ends with."""
    ended: list[int] = []
    with patch.object(working.os, "_exit", ended.append), patch.object(working, "_LOOK", 0.01):
        working._watch(health, stopping)
    return ended


def test_a_loop_that_turns_no_more_ends_the_program(caplog: pytest.LogCaptureFixture) -> None:
    moments = iter([0.0, 1.0, 59.0, 61.0])
    assert watched(Health((), lambda: next(moments)), Event()) == [working.STILL]
    assert "stands still" in caplog.text


def test_a_loop_that_does_not_end_when_it_is_told_to_ends_the_program() -> None:
    stopping = Event()
    stopping.set()
    with patch.object(working, "GRACE", 0.05):
        assert watched(Health((), lambda: 0.0), stopping) == [working.STILL]
