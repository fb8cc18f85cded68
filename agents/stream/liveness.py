"""When agents that look alive have stopped taking records in: a pure rule over what is seen of them."""


class Liveness:
    """Looks at the position in turns and tells whether it has stood still too long while there was something to do."""

    def __init__(self, limit: float, now: float) -> None:
        self._limit = limit
        self._since = now
        self._progress: object = None
        self._end: int | None = None

    def look(self, now: float, progress: object, end: int, *, busy: bool) -> None:
        """What is seen now: how far they have come, in whatever measure; where the log ends; whether one is at work.

        Nothing to do, or a step forward, is life. The end alone, moving, is not.
        """
        idle = end == self._end and not busy
        if progress != self._progress or self._end is None:
            self._progress, self._end = progress, end
            self._since = now
        elif idle:
            self._since = now

    def is_stalled(self, now: float) -> bool:
        """Has it stood still for longer than it may? Also when nobody has been able to look."""
        return now - self._since > self._limit
