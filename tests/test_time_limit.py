"""A call that hears nothing for ever is given up, and what it holds with it; its answer and its fault are as before."""

import gc
from threading import Event
from weakref import ref

import pytest

from broker.adapters.kafka.time_limit import ask_within


class Producer:
    """Hears nothing until it is told to."""

    def __init__(self) -> None:
        self.heard = Event()

    def ask(self) -> None:
        self.heard.wait()

    def fail(self) -> None:
        raise ValueError("refused")


def test_an_answer_is_given() -> None:
    assert ask_within(60.0, lambda: 1) == 1


def test_what_hears_nothing_is_given_up() -> None:
    producer = Producer()
    with pytest.raises(TimeoutError):
        ask_within(0.01, producer.ask)
    producer.heard.set()


def test_what_fails_is_let_go_at_once() -> None:
    """Garbage is collected seldom in a worker: a producer in a circle of references would keep its connections."""
    producer = Producer()
    held = ref(producer)
    gc.disable()
    try:
        with pytest.raises(ValueError, match="refused") as caught:
            ask_within(60.0, producer.fail)
        del producer, caught
        assert held() is None
    finally:
        gc.enable()
