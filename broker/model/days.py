"""Days in a message: Swedish days, moments kept in UTC, all of them within the years that are counted."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from broker.model.vocabulary import YEARS


def rfc3339(moment: datetime) -> str:
    """A moment as text in UTC, to the microsecond when it has any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_number(day: date) -> int:
    """A day as an integer, 20261121: rules read no clock and parse no text."""
    return day.year * 10_000 + day.month * 100 + day.day


def as_date(number: int) -> date:
    """The day that an integer tells."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970: registers compare moments."""
    return (moment - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def age_on(day: date, born: date | None) -> int | None:
    """Age in whole years on a day; None when the birth is not known or lies ahead."""
    if born is None or born > day:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


SWEDEN = ZoneInfo("Europe/Stockholm")
"""Where days are counted."""

OUTSIDE = f"must lie in the years {YEARS[0]}-{YEARS[-1]}"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE
)


def swedish_day(moment: datetime) -> date:
    """The Swedish calendar day of a moment."""
    return moment.astimezone(SWEDEN).date()


def _parse(value: str) -> date | datetime | None:
    """Text as the day or the moment that it tells; None: neither."""
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
        return datetime.fromisoformat(value.upper()) if _TIME.fullmatch(value) else None
    except ValueError:
        return None


# Text is read here: left to itself, pydantic takes a number in quotes for seconds since 1970, zone or no zone.


def _as_day(value: object) -> object:
    parsed = _parse(value) if isinstance(value, str) else value
    if (isinstance(value, str) and parsed is None) or (isinstance(parsed, datetime) and parsed.tzinfo is None):
        raise ValueError("must be a day, YYYY-MM-DD")
    try:
        return swedish_day(parsed) if isinstance(parsed, datetime) else parsed
    except OverflowError:
        raise ValueError(OUTSIDE) from None


def _as_moment(value: object) -> object:
    parsed = _parse(value) if isinstance(value, str) else value
    if isinstance(value, str) and not isinstance(parsed, datetime):
        raise ValueError("must be a time, RFC 3339 text")
    return parsed


def _as_moment_or_day(value: object) -> object:
    """A day alone is its last second in Sweden: what is due on a day is due until it ends."""
    parsed = _parse(value) if isinstance(value, str) else value
    if isinstance(value, str) and parsed is None:
        raise ValueError("must be a time, RFC 3339 text, or a day, YYYY-MM-DD")
    if isinstance(parsed, date) and not isinstance(parsed, datetime):
        return datetime.combine(parsed, time(23, 59, 59), SWEDEN)
    return parsed


def _check_counted(value: date) -> date:
    if value.year not in YEARS:
        raise ValueError(OUTSIDE)
    return value


def _utc(value: datetime) -> datetime:
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise ValueError(OUTSIDE) from None
    if moment.year not in YEARS:
        raise ValueError(OUTSIDE)
    return moment


Day = Annotated[date, BeforeValidator(_as_day), AfterValidator(_check_counted)]
"""A day in Sweden; a moment given for one counts as its Swedish day."""

Instant = Annotated[AwareDatetime, BeforeValidator(_as_moment), AfterValidator(_utc)]
"""A moment with its zone, kept in UTC with microseconds."""

Deadline = Annotated[AwareDatetime, BeforeValidator(_as_moment_or_day), AfterValidator(_utc)]
"""A moment, or a day, by whose end in Sweden something is due."""

ASK_FIRST = "ask_first"
AT_ONCE = "yes"


def _when_told(value: object) -> object:
    if not isinstance(value, str) or value in (AT_ONCE, ASK_FIRST):
        return value
    if _parse(value) is None:
        raise ValueError(f"must be {AT_ONCE}, {ASK_FIRST} or a day, YYYY-MM-DD")
    day = _as_day(value)
    return _check_counted(day).isoformat() if isinstance(day, date) else value


WhenTold = Annotated[
    str,
    BeforeValidator(_when_told),
    Field(json_schema_extra={"pattern": f"^({AT_ONCE}|{ASK_FIRST}|{_DAY.pattern})$"}),
]
"""When somebody may be told: at once, once the sender has been asked, or not before a day."""
