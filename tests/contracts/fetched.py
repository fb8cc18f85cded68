"""What recall and inbox may rely on between them (`ports.store.Fetched`, `ports.store.Marks`)."""

from collections.abc import Callable
from threading import Event, Thread

import pytest

from broker.ports.store import Fetched


class FetchedContract:
    """Subclasses give `reopened`, which opens the same marks, again and again."""

    @pytest.fixture
    def reopened(self) -> Callable[[], Fetched]:
        raise NotImplementedError

    def test_a_mark_stays(self, reopened: Callable[[], Fetched]) -> None:
        """Also after a restart, and however often it is made; each by its sender and id, from whichever inbox."""
        for _ in range(2):
            with reopened().alone() as marks:
                marks.add([("town/a", "town", "a"), ("town", "town", "b")])
        with reopened().alone() as marks:
            assert marks.has("town", "a") and marks.has("town", "b")
            assert not marks.has("town", "c")
            assert not marks.has("police", "a")

    def test_marks_are_seen_at_once(self, reopened: Callable[[], Fetched]) -> None:
        """By the one who makes them."""
        with reopened().alone() as marks:
            marks.add([("police", "town", "a")])
            assert marks.has("town", "a")

    def test_nothing_is_marked_by_one_who_fails(self, reopened: Callable[[], Fetched]) -> None:
        """It has given out nothing; and the next one is let in."""
        with pytest.raises(RuntimeError), reopened().alone() as marks:
            marks.add([("police", "town", "a")])
            raise RuntimeError
        with reopened().alone() as marks:
            assert not marks.has("town", "a")

    def test_one_at_a_time(self, reopened: Callable[[], Fetched]) -> None:
        """Whoever comes meanwhile waits, and then sees all that was marked."""
        entered, seen = Event(), list[bool]()

        def other() -> None:
            with reopened().alone() as marks:
                entered.set()
                seen.append(marks.has("town", "a"))

        waiting = Thread(target=other, daemon=True)
        with reopened().alone() as marks:
            waiting.start()
            marks.add([("police", "town", "a")])
            assert not entered.wait(0.1)
        waiting.join()
        assert seen == [True]
