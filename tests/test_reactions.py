"""The clocks hosted in process: reminders go out when time has passed, each once, each with its record."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exchange_lines import CHILD, PARTIES, PLATFORM, SCHOOL, concern, conversation, decision, feedback, order
from house import House, Json, numbered, opened
from lines import OTHER_TOWN, POLICE, TOWN, disclosure, message, number, open_item, recall, request

OF_WHAT_IS_SEEN = ("opened", "registered")
"""Clocks of every delivery: `test_seen` has their tests."""
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=PARTIES) as opening:
        yield opening


def after(found: Json, **time: float) -> Json:
    """The message, sent so long after the start."""
    return found | {"time": (START + timedelta(**time)).isoformat()}


def told(house: House, authority: str) -> list[tuple[str, str]]:
    """The clocks' notices in an inbox: what is waited for and what is told."""
    lines = house.inbox(authority, "notice")
    return [(line["clock"], line["notice"]) for line in lines if line.get("clock", "opened") not in OF_WHAT_IS_SEEN]


def passing(n: int, **time: float) -> Json:
    """Any message: time passes with it."""
    return after(request(n, sender=POLICE, recipient=OTHER_TOWN, subject={"id_type": "unknown"}), **time)


def test_a_request_is_reminded_of_then_overdue_then_escalated(house: House) -> None:
    """To the holder before it is due; to both when it is; to the holder's contact point after."""
    house.run(request(1), passing(2, days=6))
    assert told(house, TOWN) == [("answer", "reminder")]
    house.run(passing(3, days=8))
    assert ("answer", "overdue") in told(house, TOWN) and told(house, POLICE) == [("answer", "overdue")]
    house.run(passing(4, days=30))
    units = {line["unit"] for line in house.inbox(TOWN, "notice")}
    assert "contact_point" in units


def test_an_answer_stops_the_clock(house: House) -> None:
    """Nothing is told of what has been answered, refused or taken back."""
    house.run(
        request(1),
        request(2, "vehicle"),
        disclosure(3, open_item(), reply=1),
        recall(4, 2, sender=POLICE, recipient=TOWN),
    )
    house.run(passing(5, days=40))
    assert told(house, TOWN) == told(house, POLICE) == []


def test_a_question_back_pauses_the_clock(house: House) -> None:
    """While the holder waits for the asker nothing is overdue; the pause moves the due time."""
    question = message(2, "Clarification", TOWN, POLICE, {"text": "Vilken tid?"}) | {"in_reply_to": number(1)}
    house.run(request(1), after(question, days=1), passing(3, days=6))
    assert told(house, TOWN) == []
    house.run(after(request(4, "permit"), days=6), passing(5, days=8))
    assert ("answer", "overdue") not in told(house, TOWN)


def test_an_urgent_request_is_due_sooner(house: House) -> None:
    """Eight hours for an immediate one; the asker's own deadline goes before."""
    house.run(request(1, urgency="immediate"), request(2, "vehicle", deadline="2026-03-20"), passing(3, hours=9))
    assert told(house, POLICE) == [("answer", "overdue")]


def test_the_fourteen_days_end_with_the_decision_and_then_feedback_s_clock_runs(house: House) -> None:
    """SoL 20:2, then 19:6; a reporter who has not asked is owed nothing."""
    house.run(concern(1, feedback_requested=True), after(passing(2), days=15))
    assert ("decision", "overdue") in told(house, TOWN)
    decided = decision(3, 1)
    decided["body"]["decided_on"] = "2026-03-17"
    house.run(after(decided, days=15), passing(4, days=24))
    assert ("feedback", "overdue") in told(house, TOWN)
    late = feedback(5, 1, decided_on="2026-03-17")
    house.run(after(late, days=24))
    seen = len(told(house, TOWN))
    house.run(passing(6, days=60))
    assert [line for line in told(house, TOWN)[seen:] if line[0] == "feedback"] == []


def test_an_order_has_an_hour(house: House) -> None:
    """2026:1235 7 §; the effect that the provider reports ends it."""
    at = {"time": "2026-09-02T09:00:00Z"}
    effect = message(3, "ChannelAction", PLATFORM, POLICE, {"action": "effect", "done_at": "2026-09-02T09:20:00Z"})
    house.run(order(1), order(2), effect | {"in_reply_to": number(1), "time": "2026-09-02T09:21:00Z"})
    house.run(passing(4) | {"time": "2026-09-02T10:30:00Z"})
    overdue = [line for line in house.inbox(POLICE, "notice") if line.get("clock") == "effect"]
    assert [line["message"] for line in overdue] == [number(2)]
    assert at["time"] < overdue[0]["time"]


def test_concern_that_a_talk_gave_cause_for(house: House) -> None:
    """The police are told until they have notified."""
    met = conversation(1, outcome="follow_up", concern_met=True)
    house.run(met, after(concern(2, POLICE), hours=2), passing(3, days=3))
    assert [clock for clock, _ in told(house, POLICE)] == []
    other = conversation(4, concern_met=True, subject=CHILD | {"id": "200905062386"})
    house.run(after(other, days=3), passing(5, days=9))
    assert "concern" in {clock for clock, _ in told(house, POLICE)}


def test_each_notice_has_its_record_and_comes_once(house: House) -> None:
    """Run again, in other batches or by the clock alone: not one more; the log is whole."""
    lines = list(numbered([request(1), passing(2, days=8), passing(3, days=30)]))
    house.run(*lines)
    notices = [line for party in (TOWN, POLICE, OTHER_TOWN) for line in house.inbox(party, "notice")]
    recorded = [leaf for leaf in house.leaves() if leaf["record"] == "notice"]
    assert sorted(leaf["message"] for leaf in recorded) == sorted(line["id"] for line in notices)
    assert len({line["id"] for line in notices}) == len(notices) > 0
    house.run(*lines, batch=1)
    assert house.pipeline.tick(START + timedelta(days=30)) == 0
    assert house.count("records") == 3 + len(notices)
    assert house.verified().ok


def test_a_delivery_tells_what_there_is_to_do_and_until_when(house: House) -> None:
    """A notification: the protection assessment at once, the decision within fourteen days."""
    house.run(concern(1))
    [delivered] = house.inbox(TOWN)
    assert {term["clock"]: term["ref"] for term in delivered["terms"]} == {
        "opened": None,
        "protection": "SoL 20:1",
        "decision": "SoL 20:2",
    }
    assert [term["due"][:10] for term in delivered["terms"] if term["clock"] == "decision"] == ["2026-03-16"]


def test_the_clock_alone_tells(house: House) -> None:
    """A live broker ticks: no message is needed."""
    house.run(request(1))
    of_its_delivery = 3
    assert house.pipeline.tick(START + timedelta(days=6)) == 1 + of_its_delivery
    assert house.pipeline.tick(START + timedelta(days=6)) == 0
    assert told(house, TOWN) == [("answer", "reminder")]


def test_no_notice_names_a_person(house: House) -> None:
    """Ids, units and times."""
    house.run(request(1), concern(2, SCHOOL), passing(3, days=40))
    kept = str(house.inbox(TOWN, "notice") + house.inbox(POLICE, "notice") + house.inbox(SCHOOL, "notice"))
    assert CHILD["id"] not in kept and "Det som setts" not in kept
