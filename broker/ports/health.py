"""How a running program is: whether it lives (liveness), whether all that it depends on answers (readiness)."""

from collections.abc import Callable, Sequence

KAFKA, POSTGRES, LAW = "kafka", "postgres", "opa"
"""What a running program depends on, by the name that metrics, readiness and faults tell."""

TOKENS = "tokens"
"""What a program waits for that lacks the key with which others make tokens."""

FRESH = 30.0
"""Seconds for which a successful check counts."""

STUCK = 60.0
"""Seconds without a turn of the loop after which a program is to be started anew."""


class Health:
    """What one program knows about itself. Written by its loop, read by another thread; holds plain numbers only.

    `clock` gives seconds that never run backwards. A dependency that has not been checked yet is away.
    `changed` is told what is away and why, when it becomes ready and when something else is away than before.
    """

    def __init__(
        self,
        dependencies: Sequence[str],
        clock: Callable[[], float],
        *,
        fresh: float = FRESH,
        stuck: float = STUCK,
        changed: Callable[[Sequence[str], object], object] = lambda away, why: None,
    ) -> None:
        self._checked: dict[str, float | None] = dict.fromkeys(dependencies)
        self._clock = clock
        self._fresh = fresh
        self._stuck = stuck
        self._turned = clock()
        self._changed = changed
        self._told: list[str] | None = None

    def mark_turn(self) -> None:
        """The loop has come round, or waits for one that it knows is away: call it at least every few seconds."""
        self._turned = self._clock()
        self._tell()

    def mark_awake(self) -> None:
        """The whole process has stood still, as a paused machine does: its loop had no chance to turn until now."""
        self._turned = self._clock()

    def mark_up(self, dependency: str) -> None:
        """A dependency has just answered. Raises KeyError for one that is not declared."""
        self._require_declared(dependency)
        self._checked[dependency] = self._clock()
        self._tell()

    def mark_down(self, dependency: str, why: object = "") -> None:
        """A dependency has just not answered, and why. Raises KeyError for one that is not declared."""
        self._require_declared(dependency)
        self._checked[dependency] = None
        self._tell(why)

    @property
    def dependencies(self) -> tuple[str, ...]:
        """All that are declared."""
        return tuple(self._checked)

    def away(self) -> list[str]:
        """The dependencies without a fresh successful check, by name."""
        now = self._clock()
        return [name for name, at in self._checked.items() if at is None or now - at > self._fresh]

    def alive(self) -> bool:
        """Whether the loop still turns."""
        return self._clock() - self._turned <= self._stuck

    def _tell(self, why: object = "") -> None:
        """Tell what is away, if that is not what was told last. At the start nothing has answered yet."""
        away = self.away()
        if away != self._told and (self._told is not None or not away or why):
            self._told = away
            self._changed(away, why)

    def _require_declared(self, dependency: str) -> None:
        if dependency not in self._checked:
            raise KeyError(dependency)
