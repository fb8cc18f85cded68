"""How long things took: counted by the minute, so that a million of them take no more room than a year has minutes."""

from collections import Counter
from datetime import timedelta


class Durations:
    """Durations, to the whole minute."""

    def __init__(self) -> None:
        self._minutes: Counter[int] = Counter()

    def add(self, took: timedelta) -> None:
        """One more; what is less than nothing counts as nothing."""
        self._minutes[max(0, int(took.total_seconds() // 60))] += 1

    def update(self, other: "Durations") -> None:
        """All of another's."""
        self._minutes.update(other._minutes)

    def __len__(self) -> int:
        return self._minutes.total()

    def hours(self, share: float) -> float | None:
        """Hours within which this share of them was done (nearest rank); None when there are none."""
        rank, seen = share * len(self), 0
        for minutes in sorted(self._minutes):
            seen += self._minutes[minutes]
            if seen >= rank:
                return round(minutes / 60, 1)
        return None
