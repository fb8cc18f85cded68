"""Days and moments in messages: what counts as which day, and in which fields."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from command import Json
from hypothesis import given
from hypothesis import strategies as st
from lines import GIRL, POLICE, TOWN, agreement, consent, disclosure, line, message, secret_item
from pydantic import TypeAdapter, ValidationError

from broker.adapters.avro.codec import AvroCodec
from broker.kinds import Message
from broker.model.days import SWEDEN, Day, Deadline
from broker.model.unusable import Unusable
from broker.pipeline.decode import decode

CODEC = AvroCodec()
DAY: TypeAdapter[date] = TypeAdapter(Day)
DEADLINE: TypeAdapter[datetime] = TypeAdapter(Deadline)


def usable(found: Json) -> Message:
    """A message as the broker reads it."""
    return decode(line(found), CODEC)


@given(
    moment=st.datetimes(datetime(1901, 1, 1), datetime(2199, 1, 1)),
    zone=st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_a_moment_given_for_a_day_is_its_swedish_day(moment: datetime, zone: timezone) -> None:
    moment = moment.replace(tzinfo=zone)
    swedish = moment.astimezone(SWEDEN).date()
    assert DAY.validate_python(moment.isoformat(), strict=True) == swedish
    assert DAY.validate_python(moment, strict=True) == swedish
    assert DAY.validate_python(swedish.isoformat(), strict=True) == swedish


@pytest.mark.parametrize(
    "given",
    [
        "2026-01-01T00:00:00",
        "2026-02-30T00:00:00Z",
        "2026-02-30",
        "2026-1-1",
        "20260101",
        "1767225600",
        "",
        "9999-12-31T23:59:59-12:00",
        "1899-12-31T12:00:00Z",
        "2200-12-31T23:30:00Z",
        datetime(2026, 1, 1),
        1767225600,
        None,
    ],
)
def test_what_tells_no_day_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        DAY.validate_python(given, strict=True)


def test_the_year_is_that_of_the_swedish_day() -> None:
    assert DAY.validate_python("1899-12-31T23:30:00Z") == date(1900, 1, 1)


def test_what_is_due_on_a_day_is_due_until_it_ends() -> None:
    assert DEADLINE.validate_python("2026-03-05") == datetime(2026, 3, 5, 22, 59, 59, tzinfo=UTC)
    told = usable(message(1, "Interim", TOWN, POLICE, {"text": "Svar kommer.", "expected": "2026-03-05"}))
    assert told.model_dump(mode="json")["body"]["expected"] == "2026-03-05T22:59:59Z"


LATE, NEXT = "2026-02-27T23:30:00Z", "2026-02-28"

PLACES: dict[str, Json] = {
    "valid_from": consent(1, valid_from=LATE),
    "valid_until": consent(1, valid_until=LATE),
    "agreement valid_from": agreement(1, valid_from=LATE),
    "agreement valid_until": agreement(1, valid_until=LATE),
    "offence.date": disclosure(
        1, secret_item(), offence={"provision": "BrB 3:5", "committed": True, "date": LATE}, subject=GIRL
    ),
    "subject.birth_date": disclosure(1, secret_item(), subject={"id_type": "unknown", "birth_date": LATE}),
    "decided_on": message(1, "ConcernDecision", TOWN, TOWN, {"status": "opened", "decided_on": LATE}),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_day_of_a_message_may_be_told_by_a_time(place: str) -> None:
    found = usable(PLACES[place]).model_dump(mode="json")["body"]
    for name in place.removeprefix("agreement ").split("."):
        found = found[name]
    assert found == NEXT


@pytest.mark.parametrize("place", ["offence.date", "subject.birth_date"])
def test_what_has_happened_lies_not_after_the_messages_swedish_day(place: str) -> None:
    sent = PLACES[place] | {"time": "2026-02-27T22:30:00Z"}
    with pytest.raises(Unusable) as caught:
        usable(sent)
    assert caught.value.code == "invalid_value"
    usable(PLACES[place] | {"time": "2026-02-27T23:00:00Z"})


def test_an_agreement_is_the_same_whether_its_days_are_told_by_days_or_by_times() -> None:
    by_time = agreement(1, valid_from="2025-12-31T23:00:00Z", valid_until="2026-12-31T12:00:00+01:00")
    by_day = agreement(1, valid_from="2026-01-01", valid_until="2026-12-31")
    assert usable(by_time).model_dump(mode="json")["body"] == usable(by_day).model_dump(mode="json")["body"]
