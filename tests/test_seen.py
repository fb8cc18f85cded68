"""What has become of a delivery: opened by a person, registered, not for us, handed over; and who hears if not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from exchange_lines import ASSOCIATION, INTAKE, PARTIES, SCHOOL, concern, decision, judged
from house import House, Json, opened
from lines import OTHER_TOWN, POLICE, TOWN, disclosure, message, number, open_item, recall, refusal, request

from broker.authorities import ANONYMOUS

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOCIAL = {"unit": "social_services", "role": "caseworker"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=PARTIES) as opening:
        yield opening


def after(found: Json, **time: float) -> Json:
    """The message, sent so long after Monday morning."""
    return found | {"time": (MONDAY + timedelta(**time)).isoformat()}


def acknowledged(n: int, delivery: int, state: str = "opened", to: str = POLICE, **body: Any) -> Json:
    """The municipality says of a delivery what has become of it."""
    said = {"message": number(delivery), "state": state} | body
    return message(n, "Acknowledgement", TOWN, to, said, **SOCIAL)


def by_police(found: Json) -> Json:
    """The police say so."""
    return found | {"sender": {"authority": POLICE, "unit": "police_area"}}


def tip(n: int, sender: str = INTAKE, **changes: Any) -> Json:
    return message(n, "Tip", sender, POLICE, {"text": "Det som setts.", "anonymous": True} | changes)


def notices(house: House, authority: str) -> list[tuple[str, str]]:
    """What an inbox has been told of messages that are not opened or registered."""
    lines = house.inbox(authority, "notice")
    return [(line["notice"], line["message"]) for line in lines if line.get("clock") in ("opened", "registered")]


# --- it is said


def test_the_sender_gets_it_as_a_delivery_and_the_recipient_a_receipt(house: House) -> None:
    house.run(request(1))
    opening, registering = house.run(acknowledged(2, 1), acknowledged(3, 1, "registered", reference="SN 2026/12"))
    assert opening["outcome"] == registering["outcome"] == "forward"
    said = [line["message"]["body"] for line in house.inbox(POLICE)]
    assert [(body["state"], body["reference"]) for body in said] == [("opened", None), ("registered", "SN 2026/12")]
    assert [line["receipt"]["outcome"] for line in house.inbox(TOWN, "receipt")] == ["forward", "forward"]
    leaf = house.leaves()[-1]
    assert leaf["acknowledges"] == number(1) and "SN 2026/12" not in str(leaf)
    assert leaf["reference"] == house.tokens.token("case", f"{TOWN}\0SN 2026/12")
    assert house.verified().ok


@pytest.mark.parametrize(
    "said",
    [
        acknowledged(4, 1) | {"sender": {"authority": OTHER_TOWN}},
        acknowledged(4, 1, to=OTHER_TOWN),
        acknowledged(4, 99),
        by_police(acknowledged(4, 2, to=TOWN)),
        by_police(acknowledged(4, 3, to=TOWN)),
    ],
    ids=["another's", "to another", "of nothing", "of an acknowledgement", "of a withheld one"],
)
def test_only_who_has_the_delivery_says_so(house: House, said: Json) -> None:
    house.run(request(1), acknowledged(2, 1), disclosure(3, open_item(assessments=[])))
    (receipt,) = house.run(said)
    assert receipt["outcome"] == "withhold" and [bar["id"] for bar in receipt["bars"]] == ["not_own"]


def test_it_is_nobody_s_reply_and_a_person_opens(house: House) -> None:
    house.run(request(1))
    reply, system, robot = house.run(
        acknowledged(2, 1) | {"in_reply_to": number(1)},
        acknowledged(3, 1) | {"sender": {"authority": TOWN, "role": "system"}},
        acknowledged(4, 1, "registered") | {"sender": {"authority": TOWN, "role": "system"}},
    )
    assert reply["error"]["code"] == "not_your_request"
    assert (system["error"]["code"], robot["outcome"]) == ("invalid_value", "forward")


@pytest.mark.parametrize(
    "body",
    [
        {"state": "opened", "reference": "SN 2026/1"},
        {"state": "opened", "go_to": {"authority": OTHER_TOWN}},
        {"state": "handed_over", "unit": None},
        {"state": "registered", "unit": "school"},
        {"state": "registered", "reference": "19110304-2386"},
        {"state": "registered", "reference": "SN <b>"},
        {"state": "read"},
        {"state": "opened", "text": "Tack"},
    ],
    ids=str,
)
def test_what_does_not_belong_to_its_state_is_refused(house: House, body: Json) -> None:
    house.run(request(1))
    (receipt,) = house.run(acknowledged(2, 1, **body))
    assert receipt["outcome"] == "quarantine"
    assert "2386" not in receipt["error"]["detail"]


def test_a_repeat_or_a_step_back_is_forwarded_and_changes_nothing(house: House) -> None:
    house.run(request(1), acknowledged(2, 1, "registered"))
    before = house.rows("SELECT matter FROM matters ORDER BY id")
    back, again = house.run(acknowledged(3, 1), acknowledged(4, 1, "registered"))
    assert back["outcome"] == again["outcome"] == "forward"
    assert [row.matter for row in house.rows("SELECT matter FROM matters ORDER BY id")] == [
        row.matter for row in before
    ]


def test_of_a_recalled_delivery_it_is_forwarded(house: House) -> None:
    house.run(request(1), recall(2, 1, sender=POLICE, recipient=TOWN))
    (receipt,) = house.run(acknowledged(3, 1))
    assert receipt["outcome"] == "forward"


# --- who is told of what has no name


def test_an_anonymous_authority_is_told_nothing(house: House) -> None:
    house.run(concern(1, sender="klinik-1", anonymous=True))
    (line,) = house.inbox(TOWN)
    (receipt,) = house.run(acknowledged(2, 1, to=line["message"]["sender"]["authority"]))
    assert receipt["outcome"] == "forward" and not receipt["partial"]
    assert house.count("inbox") == 2, "the delivery, and the receipt of the acknowledgement"
    assert house.leaves()[-1]["recipient"]["authority"] == ANONYMOUS
    assert house.verified().ok


def test_the_public_s_intake_learns_opened_and_registered_and_nothing_else(house: House) -> None:
    house.run(tip(1))
    states = ("opened", "registered", "not_for_us")
    house.run(*(by_police(acknowledged(n, 1, state, to=ANONYMOUS)) for n, state in enumerate(states, 2)))
    told = house.inbox(INTAKE, "notice")
    assert [(line["notice"], line["message"], line["state"]) for line in told] == [
        ("acknowledged", number(1), "opened"),
        ("acknowledged", number(1), "registered"),
    ]
    assert not house.inbox(INTAKE)
    assert house.verified().ok


def test_of_a_named_one_it_learns_no_number(house: House) -> None:
    house.run(tip(1, anonymous=False))
    numbered = acknowledged(2, 1, "registered", to=INTAKE, reference="K 2026/1")
    house.run(by_police(numbered), by_police(acknowledged(3, 1, "not_for_us", to=INTAKE)))
    (line,) = house.inbox(INTAKE)
    assert line["message"]["body"]["state"] == "registered"
    assert line["message"]["body"]["reference"] is None


def test_an_association_that_hands_in_without_a_name_is_not_found(house: House) -> None:
    """It is shown as the public's intake is: its record looks alike, and names it neither openly nor by a token."""
    house.run(tip(1, sender=ASSOCIATION), tip(2))
    house.run(by_police(acknowledged(3, 1, to=ANONYMOUS)))
    assert house.inbox(ASSOCIATION, "notice") == house.inbox(INTAKE, "notice") == []
    association, intake = house.leaves()[:2]
    assert association.keys() == intake.keys()
    assert association["handed_in"] != house.tokens.token("intake", f"{number(1)}\0{ASSOCIATION}")


# --- it is not said


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (request(1, urgency="immediate"), {"minutes": 30}),
        (request(1, urgency="urgent"), {"hours": 2}),
        (request(1), {"days": 1, "hours": 2}),
        (concern(1, sender=POLICE), {"hours": 2}),
        (concern(1, sender=POLICE, immediate=True), {"minutes": 30}),
    ],
    ids=["immediate", "urgent", "routine", "concern", "immediate concern"],
)
def test_first_the_unit_hears_then_the_sender_then_registry_and_contact_point(
    house: House, sent: Json, due: dict[str, float]
) -> None:
    """Monday 10.00 in Sweden: noon of Tuesday is 26 hours away."""
    house.run(after(sent))
    term = timedelta(**due)
    house.pipeline.tick(MONDAY + term - timedelta(seconds=1))
    assert notices(house, TOWN) == notices(house, POLICE) == []
    house.pipeline.tick(MONDAY + term)
    assert (notices(house, TOWN), notices(house, POLICE)) == ([("not_opened", number(1))], [])
    house.pipeline.tick(MONDAY + 2 * term)
    assert notices(house, POLICE) == [("not_opened_call", number(1))]
    house.pipeline.tick(MONDAY + 3 * term)
    lines = [line for line in house.inbox(TOWN, "notice") if line["notice"] == "not_opened_still"]
    assert {line["unit"] for line in lines} == {"registry", "contact_point"}
    assert {line["kind"] for line in lines} == {sent["kind"]}


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (datetime(2026, 12, 23, 13, tzinfo=UTC), datetime(2026, 12, 28, 11, tzinfo=UTC)),
        (datetime(2026, 4, 2, 8, tzinfo=UTC), datetime(2026, 4, 7, 10, tzinfo=UTC)),
        (datetime(2026, 6, 18, 8, tzinfo=UTC), datetime(2026, 6, 22, 10, tzinfo=UTC)),
        (datetime(2026, 3, 6, 8, tzinfo=UTC), datetime(2026, 3, 9, 11, tzinfo=UTC)),
        (datetime(2026, 12, 30, 8, tzinfo=UTC), datetime(2027, 1, 4, 11, tzinfo=UTC)),
        (datetime(2026, 10, 30, 8, tzinfo=UTC), datetime(2026, 11, 2, 11, tzinfo=UTC)),
    ],
    ids=["Christmas", "Easter", "midsummer", "weekend", "New Year", "All Saints"],
)
def test_noon_of_the_next_working_day(house: House, sent: datetime, due: datetime) -> None:
    house.run(request(1) | {"time": sent.isoformat()})
    (terms,) = [line["terms"] for line in house.inbox(TOWN)]
    (at,) = [term["due"] for term in terms if term["clock"] == "opened"]
    assert datetime.fromisoformat(at) == due


def test_what_is_opened_and_not_registered_rings_too(house: House) -> None:
    """Confirmed without being saved: by the end of the next working day, then the sender hears."""
    house.run(after(request(1)), after(acknowledged(2, 1), hours=1))
    house.pipeline.tick(MONDAY + timedelta(days=1, hours=13))
    assert notices(house, TOWN) == []
    house.pipeline.tick(MONDAY + timedelta(days=1, hours=14))
    assert notices(house, TOWN) == [("not_registered", number(1))]
    house.pipeline.tick(MONDAY + timedelta(days=4))
    assert ("not_registered_call", number(1)) in notices(house, POLICE)


@pytest.mark.parametrize(
    "answer",
    [
        acknowledged(2, 1, "registered"),
        acknowledged(2, 1, "not_for_us", go_to={"authority": OTHER_TOWN, "unit": "social_services"}),
        disclosure(2, open_item(), reply=1),
        refusal(2, reply=1),
    ],
    ids=["registered", "not for us", "answered", "refused"],
)
def test_what_is_settled_is_silent(house: House, answer: Json) -> None:
    house.run(after(request(1)), after(answer, minutes=5))
    acks = [line["message"]["id"] for line in house.inbox(POLICE)]
    house.pipeline.tick(MONDAY + timedelta(days=60))
    assert [one for one in notices(house, TOWN) + notices(house, POLICE) if one[1] not in acks] == []


def test_a_system_s_answer_is_not_a_person_who_has_opened(house: House) -> None:
    wait = message(2, "Interim", TOWN, POLICE, {"text": "Kommer."}, in_reply_to=number(1), role="system")
    house.run(after(request(1)), after(wait, minutes=1))
    house.pipeline.tick(MONDAY + timedelta(days=1, hours=2))
    assert ("not_opened", number(1)) in notices(house, TOWN)


def test_what_is_not_for_us_is_unanswered_and_no_longer_waited_for(house: House) -> None:
    house.run(after(request(1)), after(acknowledged(2, 1, "not_for_us"), hours=1))
    house.pipeline.tick(MONDAY + timedelta(days=60))
    assert [line for line in house.inbox(TOWN, "notice") if line["clock"] == "answer"] == []
    (row,) = house.rows("SELECT answers FROM answerables WHERE message = :message", message=number(1))
    assert row.answers == "{}"


@pytest.mark.parametrize(
    "ends",
    [None, decision(5, 1), concern(5, sender=TOWN, to={"authority": OTHER_TOWN, "unit": "social_services"})],
    ids=["nothing", "decided", "passed on"],
)
def test_a_notification_stays_with_whom_it_came_to(house: House, ends: Json | None) -> None:
    """Not for us ends no clock: it is decided on, or passed on, or it rings."""
    came = concern(1, assessments=judged(child_at_risk=True))
    house.run(after(came), after(acknowledged(2, 1, "not_for_us", to=SCHOOL), hours=1))
    if ends is not None:
        (receipt,) = house.run(after(ends, hours=2))
        assert receipt["outcome"] == "forward"
    house.pipeline.tick(MONDAY + timedelta(days=3))
    rung = ("not_registered", number(1)) in notices(house, TOWN)
    assert rung == (ends is None)
    waits = {line["clock"] for line in house.inbox(TOWN, "notice")}
    assert ("protection" in waits) == (ends is not decision(5, 1) and (ends or {}).get("kind") != "ConcernDecision")


def test_what_is_handed_over_is_waited_for_there_and_gets_no_more_time(house: House) -> None:
    house.run(after(request(1)), after(acknowledged(2, 1, "handed_over", unit="school"), hours=1))
    house.pipeline.tick(MONDAY + timedelta(days=1, hours=2))
    (line,) = [line for line in house.inbox(TOWN, "notice") if line["clock"] == "opened"]
    assert (line["unit"], line["notice"]) == ("school", "not_opened")
    assert [found["message"]["body"]["unit"] for found in house.inbox(POLICE)] == ["school"]


def test_nothing_rings_for_what_one_keeps_or_for_the_public(house: House) -> None:
    """Registrations, acknowledgements, and what the public's intake receives."""
    house.run(after(concern(1)), after(decision(2, 1)), after(acknowledged(3, 1, "registered", to=SCHOOL)))
    opened_of = {row.message for row in house.rows("SELECT message FROM matters WHERE matter LIKE '%\"opened\"%'")}
    assert opened_of == {number(1)}


def test_a_sender_without_a_name_is_told_nothing(house: House) -> None:
    house.run(after(concern(1, sender="klinik-1", anonymous=True)))
    house.pipeline.tick(MONDAY + timedelta(days=9))
    assert notices(house, "klinik-1") == []
    assert ("not_opened", number(1)) in notices(house, TOWN)


def test_a_notice_tells_message_kind_and_delay_and_no_more(house: House) -> None:
    house.run(after(request(1)))
    house.pipeline.tick(MONDAY + timedelta(days=2))
    (line,) = [line for line in house.inbox(TOWN, "notice") if line["clock"] == "opened"]
    assert line.keys() == {"type", "notice", "id", "unit", "clock", "message", "due", "time", "ref", "kind"}
    assert house.verified().ok


# --- desks


def test_who_sent_it_from_a_desk_hears_of_it_there(tmp_path: Path) -> None:
    """And only the desk where it lies says so: not the authority's own login."""
    desk = {"authority": TOWN, "desk": "social_services", "units": ["social_services"]}
    own = {"authority": TOWN, "unit": "registry"}
    with opened(tmp_path, parties=[*PARTIES, desk]) as house:
        asked = request(1, sender=TOWN, recipient=OTHER_TOWN)
        asked["sender"] = {"authority": TOWN, "unit": "social_services"}
        lying = request(2) | {"recipient": {"authority": TOWN, "unit": "social_services"}}
        house.run(asked, lying)
        said = message(3, "Acknowledgement", OTHER_TOWN, TOWN, {"message": number(1), "state": "opened"})
        by_desk, by_registry = acknowledged(4, 2), acknowledged(5, 2) | {"sender": own}
        outcomes = [receipt["outcome"] for receipt in house.run(said, by_registry, by_desk)]
        assert outcomes == ["forward", "withhold", "forward"]
        assert [line["message"]["id"] for line in house.inbox(f"{TOWN}/social_services")] == [number(2), number(3)]


# --- whom to call

OFFICE = {"function": "Socialkontoret", "telephone": "08-123 45 67", "hours": "Mo-Fr 08:00-16:30; PH off"}
ON_CALL = {"function": "Socialjouren", "telephone": "020-70 80 03", "hours": "Mo-Fr 16:30-08:00; Sa,Su 00:00-24:00"}
UNKNOWN = {"function": "Växeln", "telephone": "08-530 610 00"}


@pytest.mark.parametrize(
    ("sent", "urgency", "called"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "immediate", [OFFICE]),
        (datetime(2026, 3, 2, 20, tzinfo=UTC), "immediate", [ON_CALL]),
        (datetime(2026, 3, 7, 12, tzinfo=UTC), "immediate", [ON_CALL]),
        (datetime(2026, 3, 2, 20, tzinfo=UTC), "urgent", [OFFICE, ON_CALL, UNKNOWN]),
    ],
    ids=["in office hours", "in the evening", "on a Saturday", "not immediate"],
)
def test_who_answers_now_is_named_where_it_cannot_wait(
    tmp_path: Path, sent: datetime, urgency: str, called: list[Json]
) -> None:
    """Both sides are told whom to call; a notice never names anybody but a function."""
    contacts = {"authority": TOWN, "contacts": [OFFICE, ON_CALL, UNKNOWN]}
    with opened(tmp_path, parties=[*PARTIES, contacts]) as house:
        house.run(request(1, urgency=urgency) | {"time": sent.isoformat()})
        house.pipeline.tick(sent + timedelta(hours=4))
        lines = [*house.inbox(TOWN, "notice"), *house.inbox(POLICE, "notice")]
        seen = [line["contacts"] for line in lines if line["clock"] == "opened"]
        assert len(seen) >= 2
        assert all(contacts == called for contacts in seen)
        assert house.verified().ok


def test_a_desk_s_own_contacts_go_before_its_authority_s(tmp_path: Path) -> None:
    desk = {"authority": TOWN, "desk": "school", "units": ["school"], "contacts": [UNKNOWN]}
    with opened(tmp_path, parties=[*PARTIES, {"authority": TOWN, "contacts": [OFFICE]}, desk]) as house:
        house.run(request(1) | {"recipient": {"authority": TOWN, "unit": "school"}})
        house.pipeline.tick(MONDAY + timedelta(days=2))
        (line,) = [line for line in house.inbox(f"{TOWN}/school", "notice") if line["clock"] == "opened"]
        assert line["contacts"] == [UNKNOWN]
