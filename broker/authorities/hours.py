"""When a contact answers (öppettider): a small part of OpenStreetMap's `opening_hours`, read and asked.

`24/7`, or rules with a semicolon between them, each days and spans: `Mo-Fr 08:00-16:30; Sa,Su 10:00-14:00; PH off`.
Without days a rule is of every day. A span that ends before it begins passes midnight. `PH` are public holidays: where
some rule names them, it alone says what holds on one. Hours are Swedish.
"""

import re
from datetime import datetime, timedelta

from broker.model.days import SWEDEN

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOLIDAY = "PH"
_ALWAYS = "24/7"
_OFF = "off"
_DAY = f"(?:{'|'.join(_DAYS)})"
_SOME_DAYS = f"(?:{_DAY}(?:-{_DAY})?|{_HOLIDAY})"
_TIME = "(?:[01][0-9]|2[0-4]):[0-5][0-9]"
_SPAN = f"{_TIME}-{_TIME}"
_RULE = re.compile(f"(?:{_SOME_DAYS}(?:,{_SOME_DAYS})* )?(?:{_OFF}|{_SPAN}(?:,{_SPAN})*)")
_MIDNIGHT = 24 * 60

Spans = tuple[tuple[int, int], ...]
"""Minutes of the day, from and until; one that ends before it begins passes midnight."""


class Hours:
    """Hours of one contact. Raises ValueError for text of another form."""

    def __init__(self, text: str) -> None:
        self._spans: dict[str, Spans] = {}
        whole = "00:00-24:00" if text == _ALWAYS else text
        for rule in whole.split(";"):
            days, spans = _rule(rule.strip())
            self._spans |= dict.fromkeys(days, spans)

    def hold(self, moment: datetime, *, holiday: bool = False, after_holiday: bool = False) -> bool:
        """Whether it answers at this moment. `holiday`: its Swedish day is a public holiday; so was the day before."""
        there = moment.astimezone(SWEDEN)
        minute = there.hour * 60 + there.minute
        today, before = self._of(there, holiday=holiday), self._of(there - timedelta(days=1), holiday=after_holiday)
        if any(begin <= minute < (end if end > begin else _MIDNIGHT) for begin, end in today):
            return True
        return any(end <= begin and minute < end for begin, end in before)

    def _of(self, day: datetime, *, holiday: bool) -> Spans:
        named = _HOLIDAY if holiday and _HOLIDAY in self._spans else _DAYS[day.weekday()]
        return self._spans.get(named, ())


def _rule(text: str) -> tuple[list[str], Spans]:
    if not _RULE.fullmatch(text):
        raise ValueError("hours: as in Mo-Fr 08:00-16:30; Sa,Su 10:00-14:00; PH off, or 24/7")
    days, _, spans = text.rpartition(" ")
    named = [day for part in days.split(",") for day in _days(part)] if days else list(_DAYS)
    return named, tuple(_span(span) for span in spans.split(",")) if spans != _OFF else ()


def _days(part: str) -> list[str]:
    if part == _HOLIDAY:
        return [part]
    first, _, last = part.partition("-")
    begin, end = _DAYS.index(first), _DAYS.index(last or first)
    return [*_DAYS[begin : end + 1]] if begin <= end else [*_DAYS[begin:], *_DAYS[: end + 1]]


def _span(text: str) -> tuple[int, int]:
    begin, end = (int(time[:2]) * 60 + int(time[3:]) for time in text.split("-"))
    if begin >= _MIDNIGHT or end > _MIDNIGHT:
        raise ValueError("hours: a time is after 24:00")
    return begin, end
