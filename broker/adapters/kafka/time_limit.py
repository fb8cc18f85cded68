"""A time limit for calls of client libraries that keep none of their own."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

Answer = TypeVar("Answer")


def ask_within(seconds: float, ask: Callable[[], Answer]) -> Answer:
    """What `ask` gives. Raises what it raises; TimeoutError when it has not ended by then.

    It is not ended: it goes on in a thread that nobody waits for, with all that it holds.
    """
    answer: Future[Answer] = Future()
    Thread(target=_answer, args=(ask, answer), name="time limit", daemon=True).start()
    try:
        return answer.result(seconds)
    finally:
        del answer  # with a fault it would hold this frame, which holds it


def _answer(ask: Callable[[], Answer], answer: Future[Answer]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:
        answer.set_exception(error)
        del ask, answer  # the same
