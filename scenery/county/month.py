"""When things happen: Swedish office days are busy, nights and weekends are not."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

FIRST_DAY = date(2026, 10, 1)
"""By then each wording that the county uses is known, and OSL does not yet reach private schools (2027-01-01)."""

LONGEST = 92
"""Most days: to the end of that year."""

_SWEDEN = ZoneInfo("Europe/Stockholm")
_WEEKEND = 0.3
_HOURS = (1, 1, 1, 1, 1, 2, 4, 10, 16, 16, 16, 14, 10, 14, 16, 14, 10, 6, 5, 5, 5, 4, 3, 2)
"""Weight of each hour of a day."""
_OPENS, _CLOSES = 8, 16


class Month:
    """So many days from the first, and the moments in them."""

    def __init__(self, days: int) -> None:
        self.days = [FIRST_DAY + timedelta(days=n) for n in range(days)]
        self.end = self._at(self.days[-1] + timedelta(days=1), 0)
        weights = [_WEEKEND if day.weekday() > 4 else 1.0 for day in self.days]
        self._slots = [(day, hour) for day in self.days for hour in range(24)]
        self._sums = list(accumulate(weight * hour for weight in weights for hour in _HOURS))

    @staticmethod
    def _at(day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), _SWEDEN).astimezone(UTC)

    def moment(self, share: float) -> datetime:
        """The moment by which this share of the month's work, from 0 to 1, has begun."""
        wanted = share * self._sums[-1]
        place = min(bisect_left(self._sums, wanted), len(self._slots) - 1)
        before = self._sums[place - 1] if place else 0.0
        within = (wanted - before) / (self._sums[place] - before)
        return self._at(*self._slots[place]) + timedelta(seconds=int(within * 3599))


def later(rng: Random, at: datetime, days: tuple[float, float]) -> datetime:
    """So many days later, in office hours."""
    local = (at + timedelta(days=rng.uniform(*days))).astimezone(_SWEDEN)
    if _OPENS <= local.hour < _CLOSES and local.weekday() < 5:
        return local.astimezone(UTC).replace(microsecond=0)
    day = local.date() + timedelta(days=local.hour >= _CLOSES)
    while day.weekday() > 4:
        day += timedelta(days=1)
    opened = datetime.combine(day, time(_OPENS), _SWEDEN).astimezone(UTC)
    return opened + timedelta(seconds=rng.randrange(8 * 3600))


def soon(rng: Random, at: datetime, minutes: tuple[int, int] = (4, 120)) -> datetime:
    """Some minutes later."""
    return at + timedelta(seconds=rng.randrange(minutes[0] * 60, minutes[1] * 60))
