"""Nothing is silent: whoever does not fetch, open or register what it got is told of, to both sides; nobody else is.

Recipients of five sorts get messages of every urgency through a week: a good one; one that confirms and does not save;
one that never fetches; one that fetches and never opens; one that has lost its access. In process, and by the agents
over the same records; `test_silent_kafka` has the same through real workers. `SAMBAND_SILENT=20000` gives as many
messages.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house import House, Json, opened
from lines import POLICE, line, message, number, request
from town_log import in_memory

from agents.stream.rounds import Record, Rounds
from broker.model.canonical import canonical
from broker.pipeline import notices
from broker.ports.transport import Input
from broker.runtime.embedded import clock_times

MESSAGES = int(os.environ.get("SAMBAND_SILENT", "300"))
START = datetime(2026, 3, 2, 7, tzinfo=UTC)
WEEK = timedelta(days=5)
QUIET = [START + WEEK + timedelta(hours=hour) for hour in range(240)]
"""Nothing is sent any longer; the clock alone goes on."""
GOOD, UNSAVED, UNFETCHED, UNOPENED, LOST = "kommun-0114", "kommun-0115", "kommun-0117", "kommun-0120", "kommun-0123"
SORTS = (GOOD, UNSAVED, UNFETCHED, UNOPENED, LOST)
URGENCIES = ("immediate", "urgent", "routine")


def sent(n: int, messages: int) -> tuple[datetime, Json]:
    """The n:th message, and when."""
    at = START + WEEK * n / messages
    asked = request(n, recipient=SORTS[n % 5], urgency=URGENCIES[n % 3], subject={"id_type": "unknown"})
    return at, asked


def said(n: int, at: datetime) -> Iterator[tuple[datetime, Json | Input]]:
    """What its recipient says of it."""
    recipient = SORTS[n % 5]
    for step, state in enumerate(("opened", "registered"), 1):
        body = {"message": number(n), "state": state}
        own = message(step * 1_000_000 + n, "Acknowledgement", recipient, POLICE, body)
        then = at + timedelta(minutes=10 * step)
        if recipient == GOOD or (recipient == UNSAVED and state == "opened"):
            yield then, own
        if recipient == LOST:  # somebody else's login says so
            yield then, Input(line(own | {"time": then.isoformat()}), proven=GOOD)


def events_of(messages: int) -> list[tuple[datetime, Json | Input]]:
    """All that is sent, in order of time."""
    events: list[tuple[datetime, Json | Input]] = []
    for n in range(messages):
        at, asked = sent(n, messages)
        events += [(at, asked), *said(n, at)]
    return sorted(events, key=lambda event: event[0])


def week() -> list[Input]:
    """The same, for the pipeline."""
    events = events_of(MESSAGES)
    timed = [one if isinstance(one, Input) else line(one | {"time": at.isoformat()}) for at, one in events]
    return [
        replace(one, number=n, source="week") if isinstance(one, Input) else Input(one, number=n, source="week")
        for n, one in enumerate(timed, 1)
    ]


def told(inboxes: Mapping[str, Iterable[Json]]) -> dict[str, dict[str, list[Json]]]:
    """Of each message, by authority: the notices that it is not opened or not registered."""
    found: dict[str, dict[str, list[Json]]] = defaultdict(lambda: defaultdict(list))
    for authority, notices_ in inboxes.items():
        for notice in notices_:
            if notice.get("clock") in ("opened", "registered"):
                found[notice["message"]][authority].append(notice)
    return found


def judge(notices_of: Mapping[str, Mapping[str, list[Json]]], messages: int) -> None:
    """Every silent one is told to both sides within one step of its clock, and no other."""
    for n in range(messages):
        of_this, recipient = notices_of.get(number(n), {}), SORTS[n % 5]
        if recipient == GOOD:
            assert not of_this, "none is false"
            continue
        waits_for = "registered" if recipient == UNSAVED else "opened"
        assert of_this.keys() == {recipient, POLICE}, n
        assert {one["clock"] for ones in of_this.values() for one in ones} == {waits_for}
        due, first, second = (
            min(datetime.fromisoformat(one[name]) for one in of_this[authority])
            for authority, name in ((recipient, "due"), (recipient, "time"), (POLICE, "time"))
        )
        began = START + WEEK * n / messages + (timedelta(minutes=10) if waits_for == "registered" else timedelta())
        step = due - began
        assert first <= due + 2 * step and abs(second - (due + step)) <= timedelta(seconds=2)
    assert notices_of.keys() <= {number(n) for n in range(messages)}, "an acknowledgement is waited for by nobody"


@pytest.mark.slow
def test_every_silent_one_is_told_of_to_both_sides_and_no_other(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        receipts = list(house.pipeline.run(week()))
        outcomes = [receipt["outcome"] for receipt in receipts]
        assert outcomes.count("quarantine") == 2 * len(range(SORTS.index(LOST), MESSAGES, 5))
        assert outcomes.count("withhold") == outcomes.count("refer") == 0
        for moment in QUIET:
            house.pipeline.tick(moment)
        assert sum(len(house.inbox(sort)) for sort in SORTS) == MESSAGES, "none is lost"
        judge(told({authority: house.inbox(authority, "notice") for authority in (POLICE, *SORTS)}), MESSAGES)
        assert house.verified().ok
        assert by_agents(house) == in_process(house)


def in_process(house: House) -> set[str]:
    """Ids of the notices that the clocks have given."""
    return {leaf["message"] for leaf in house.leaves() if leaf["record"] == "notice"}


def by_agents(house: House) -> set[str]:
    """The same, as the agents give them who read the records."""
    store = in_memory()
    rounds = Rounds(store, clock_times(), "audit", message_time=True)
    for n, leaf in enumerate(house.leaves()):
        if leaf["record"] != "notice":
            rounds.take_all([Record(n, canonical({name: value for name, value in leaf.items() if name != "seq"}))])
    for moment in QUIET:
        rounds.pass_time(moment)
    found = {notices.read(content).id for _, content in store.unsent(1_000_000)}
    store.close()
    return found
