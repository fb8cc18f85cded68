"""Swedish working days (arbetsdagar): all but Saturdays, Sundays, general holidays and the three eves equal to them.

Which days those are is data (`policies/clocks`): the general holidays of lag 1989:253, the eves of lag 1930:173 2 §.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dateutil.easter import easter

_SATURDAY = 5
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class WorkingDays:
    """The table's rows: each is a day of the year, the first such weekday from it, or so many days from Easter."""

    holidays: Sequence[Mapping[str, Any]]
    _by_year: dict[int, frozenset[date]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Reckoned once: each delivery asks for several days."""

    def after(self, day: date, n: int) -> date:
        """The n-th working day after a day. Raises OverflowError beyond the last day that there is."""
        for _ in range(n):
            day += timedelta(days=1)
            while not self.holds(day):
                day += timedelta(days=1)
        return day

    def holds(self, day: date) -> bool:
        """Whether this is one."""
        return day.weekday() < _SATURDAY and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """Whether this is one of the table's days."""
        if day.year not in self._by_year:
            self._by_year[day.year] = frozenset(_day_in(day.year, row) for row in self.holidays)
        return day in self._by_year[day.year]


def _day_in(year: int, row: Mapping[str, Any]) -> date:
    if "easter" in row:
        return easter(year) + timedelta(days=row["easter"])
    first = date(year, row["month"], row["day"])
    if "weekday" in row:
        first += timedelta(days=(_WEEKDAYS.index(row["weekday"]) - first.weekday()) % 7)
    return first


NO_HOLIDAYS = WorkingDays(())
"""Saturdays and Sundays alone are free."""
