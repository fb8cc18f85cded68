"""The agents' work on records: the same as in process, each record once, whatever fails between."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from command import samband
from exchange_lines import PARTIES, SCHOOL, concern
from house import House, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import POLICE, TOWN, message, number, recall, request
from town_log import in_memory, sorted_notices, town_log

from agents.stream.liveness import Liveness
from agents.stream.rounds import Record, Rounds
from broker.adapters.sql.agent_store import AgentState, AgentStore, Missed
from broker.deadlines import Matter, event_of
from broker.model.canonical import canonical
from broker.pipeline import notices
from broker.ports.faults import Away
from broker.runtime.embedded import clock_times

Json = dict[str, Any]
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def store() -> Iterator[AgentStore]:
    """The agents' tables, empty."""
    made = in_memory()
    yield made
    made.close()


def rounds(store: AgentStore, *, message_time: bool = True) -> Rounds:
    return Rounds(store, clock_times(), "audit", message_time=message_time)


def told(store: AgentStore) -> list[notices.OwnNotice]:
    """What waits to be sent."""
    return [notices.read(content) for _, content in store.unsent(10_000)]


def leaves(tmp_path: Path, *messages: Json) -> list[bytes]:
    """The records of messages handled in process."""
    with opened(tmp_path, parties=PARTIES) as house:
        house.run(*messages)
        return written(house)


def written(house: House) -> list[bytes]:
    return [
        canonical({name: value for name, value in leaf.items() if name != "seq"})
        for leaf in house.leaves()
        if leaf["record"] != "notice"
    ]


@pytest.mark.slow
def test_the_town_is_told_the_same_as_in_process(store: AgentStore) -> None:
    log, agents = town_log(), rounds(store)
    assert all(agents.take_all([Record(3 * n, record)]) for n, record in enumerate(log.records))
    notices = told(store)
    assert sorted_notices((one.authority, one.content) for one in notices) == sorted_notices(log.notices)
    assert {content["notice"] for _, content in log.notices} >= {"reminder", "overdue", "concerns_linked"}
    assert len({one.id for one in notices}) == len(notices)
    assert store.skipped_records() == []


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(cuts=st.lists(st.integers(1, 40), min_size=1), again=st.integers(0, 5))
def test_however_many_are_taken_together_the_same_is_told(cuts: list[int], again: int) -> None:
    """Records that come again in the same batch, as where the log has changed hands, are passed over."""
    log, whole = _one_by_one()
    parted = in_memory()
    at, sizes = 0, cycle(cuts)
    while at < len(log):
        size = next(sizes)
        batch = log[at : at + size]
        assert rounds(parted).take_all([*batch, *log[max(at - again, 0) : at + again]]) >= len(batch)
        at = (parted.position("audit") or 0) + 1
    assert ({notice.id for notice in told(parted)}, sorted(parted.open_matters(), key=str)) == whole
    parted.close()


@cache
def _one_by_one() -> tuple[list[Record], tuple[set[str], list[Matter]]]:
    """Records of the town; the notices and matters that come of them one by one."""
    log, store = [Record(n, record) for n, record in enumerate(town_log().records[:300])], in_memory()
    for record in log:
        rounds(store).take_all([record])
    found = {notice.id for notice in told(store)}, sorted(store.open_matters(), key=str)
    store.close()
    assert all(found)
    return log, found


def test_one_that_cannot_be_taken_is_alone_in_being_skipped(store: AgentStore, tmp_path: Path) -> None:
    good = leaves(tmp_path, request(1))[0]
    assert rounds(store).take_all([Record(0, b"[]"), Record(1, good), Record(2, b"{}")]) == 3
    assert {one.position for one, _ in store.skipped_records()} == {0, 2}
    assert len(store.open_matters()) > 0 and store.position("audit") == 2


def test_none_is_taken_in_before_those_that_it_follows(store: AgentStore, tmp_path: Path) -> None:
    """Else they would be passed over when they come: a reminder would be missing that nobody misses."""
    first, second = leaves(tmp_path, request(1), request(2))
    with pytest.raises(Missed):
        rounds(store).take_all([Record(7, second)], follows=3)
    assert store.position("audit") is None and store.open_matters() == []
    assert rounds(store).take_all([Record(3, first)]) == rounds(store).take_all([Record(7, second)], follows=3) == 1
    assert store.position("audit") == 7 and store.skipped_records() == []


@pytest.mark.slow
def test_a_record_again_changes_nothing(store: AgentStore) -> None:
    """Told again from anywhere, as after a kill: what has been taken in is passed over."""
    log, agents = town_log().records[:120], rounds(store)
    for n, record in enumerate(log):
        agents.take_all([Record(n, record)])
    before = [notice.id for notice in told(store)], store.open_matters()
    assert not any(agents.take_all([Record(n, record)]) for n, record in enumerate(log))
    assert ([notice.id for notice in told(store)], store.open_matters()) == before


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(faults=st.lists(st.tuples(st.integers(0, 24), st.sampled_from(["keep", "tell", "add_concerns"]))))
def test_the_database_may_fail_anywhere(
    faults: list[tuple[int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A record whose transaction fails leaves nothing behind; tried again it is as if it had never failed."""
    store, whole = in_memory(), in_memory()
    log = [record for record in town_log().records if b"ConcernNotification" in record or b"Request" in record][:25]
    for n, record in enumerate(log):
        for _ in range(sum(at == n for at, _ in faults)):
            with pytest.MonkeyPatch.context() as patch:
                for at, name in faults:
                    if at == n:
                        patch.setattr(AgentState, name, _away_after(getattr(AgentState, name)))
                try:
                    rounds(store).take_all([Record(n, record)])
                except Away:
                    assert (store.position("audit") or -1) < n or n == 0
        rounds(store).take_all([Record(n, record)])
        rounds(whole).take_all([Record(n, record)])
    assert [notice.id for notice in told(store)] == [notice.id for notice in told(whole)]
    assert store.open_matters() == whole.open_matters() != []
    store.close()
    whole.close()


def _away_after(method: Callable[..., None]) -> Callable[..., None]:
    def done_and_lost(*arguments: Any) -> None:
        method(*arguments)
        raise Away("postgres", "Lost")

    return done_and_lost


def test_what_cannot_be_read_is_skipped_with_a_cry_and_the_next_goes_on(
    store: AgentStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even a record that is none stops the log; each task skips for itself."""
    good = leaves(tmp_path, request(1))[0]
    half = json.loads(good)
    del half["sender"]
    agents = rounds(store)
    for n, record in enumerate([b"", b"[]", canonical(half), good]):
        assert agents.take_all([Record(n, record)])
    skipped = [(one.position, one.task) for one, _ in store.skipped_records()]
    assert skipped == [(0, "clocks"), (0, "concerns"), (1, "clocks"), (1, "concerns"), (2, "clocks")]
    assert store.count_skipped() == len(skipped) == sum("skipped by" in line for line in caplog.messages)
    assert "samband agents skipped" in caplog.messages[0]
    assert agents.pass_time(START + timedelta(days=30)) > 0


def test_live_time_passes_by_the_clock_alone(store: AgentStore, tmp_path: Path) -> None:
    """A message dated ahead reminds nobody; the clock does, once."""
    late = request(2, "vehicle") | {"time": (START + timedelta(days=60)).isoformat()}
    agents = rounds(store, message_time=False)
    for n, record in enumerate(leaves(tmp_path, request(1), late)):
        agents.take_all([Record(n, record)])
    assert told(store) == []
    assert agents.pass_time(START + timedelta(days=8)) == 5
    assert {notice.content["notice"] for notice in told(store) if notice.content["clock"] == "answer"} == {"overdue"}
    assert agents.pass_time(START + timedelta(days=8)) == 0


def test_a_notice_waits_until_it_is_sent(store: AgentStore, tmp_path: Path) -> None:
    agents = rounds(store, message_time=False)
    agents.take_all([Record(0, leaves(tmp_path, request(1))[0])])
    agents.pass_time(START + timedelta(days=8))
    one, *others = [id_ for id_, _ in store.unsent(10)]
    store.mark_sent([one])
    assert [id_ for id_, _ in store.unsent(10)] == others


def test_what_was_skipped_is_taken_in_by_a_retry(store: AgentStore, tmp_path: Path) -> None:
    """As if it had been taken in at once; what fails again stays, and what the others did is not done twice."""
    [record] = leaves(tmp_path, concern(1))
    agents, whole = rounds(store), in_memory()
    rounds(whole).take_all([Record(0, record)])
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(AgentState, "keep", _broken)
        agents.take_all([Record(0, record)])
        [(skipped, reason)] = store.skipped_records()
        assert (skipped.task, reason) == ("clocks", "KeyError")
        assert agents.retry(record, skipped) == "KeyError" and store.count_skipped() == 1
    assert store.open_matters() == []
    assert agents.retry(record, skipped) is None
    assert store.skipped_records() == [] and store.open_matters() == whole.open_matters() != []
    assert [notice.id for notice in told(store)] == [notice.id for notice in told(whole)]
    whole.close()


def _broken(*_: object) -> None:
    raise KeyError("planted")


def test_three_reporters_of_whom_two_are_one_school(store: AgentStore, tmp_path: Path) -> None:
    agents = rounds(store)
    lines = [concern(1), concern(2, unit="school"), concern(3, POLICE, immediate=True)]
    for n, record in enumerate(leaves(tmp_path, *lines)):
        agents.take_all([Record(n, record)])
    linked = [notice for notice in told(store) if notice.content["notice"] == "concerns_linked"]
    assert [notice.content["independent_sources"] for notice in linked] == [1, 2]
    assert linked[-1].content["messages"] == [number(1), number(2), number(3)]
    assert {(notice.authority, notice.unit) for notice in linked} == {(TOWN, "social_services")}
    assert SCHOOL not in linked[-1].encode().decode()


def test_a_record_from_before_still_reads(tmp_path: Path) -> None:
    """Without the clocks' own fields: what an answer gave still counts as given."""
    answer = message(3, "Clarification", TOWN, POLICE, {"text": "Vilken tid?"}) | {"in_reply_to": number(1)}
    found = [json.loads(leaf) for leaf in leaves(tmp_path, request(1, deadline="2026-03-20"), answer)]
    asked, back = (event_of(leaf, 0) for leaf in found)
    assert asked.deadline is not None and back.about == asked.about is not None
    for leaf in found:
        del leaf["clock"]
    asked, back = (event_of(leaf, 0) for leaf in found)
    assert (asked.deadline, back.about) == (None, None) and asked.categories == ("housing",)


def test_the_record_holds_what_only_clocks_ask(tmp_path: Path) -> None:
    lines = [request(1), request(2, "vehicle", deadline="2026-03-20"), recall(3, 1, sender=POLICE, recipient=TOWN)]
    first, second, taken_back = (json.loads(leaf) for leaf in leaves(tmp_path, *lines))
    assert first["clock"] == {"to_be_seen": True} and second["clock"]["deadline"] == "2026-03-20T22:59:59Z"
    assert taken_back["recalls"] == number(1)


def test_message_time_is_not_for_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBAND_PROFILE", "production")
    ended = samband("agents", "--message-time")
    assert ended.status == 2 and "inte i drift" in ended.line


def test_a_due_time_far_ahead_is_kept(store: AgentStore, tmp_path: Path) -> None:
    """Beyond what 32 bits count."""
    agents = rounds(store, message_time=False)
    agents.take_all([Record(0, leaves(tmp_path, request(1, deadline="2199-03-20"))[0])])
    of_its_delivery = 3
    assert store.skipped_records() == [] and agents.pass_time(START + timedelta(days=30)) == of_its_delivery


def test_liveness() -> None:
    """Standing still is no fault while the end stands still too, and nothing is under way."""
    seen = Liveness(limit=30, now=0)
    seen.look(5, (4, 6), 6, busy=False)
    for now in range(10, 200, 5):
        seen.look(now, (4, 6), 6, busy=False)
        assert not seen.is_stalled(now)
    seen.look(200, (4, 6), 9, busy=False)
    assert not seen.is_stalled(220) and seen.is_stalled(231)
    seen.look(232, (7, 9), 9, busy=False)
    assert not seen.is_stalled(240)
    seen.look(240, (7, 9), 9, busy=True)
    assert seen.is_stalled(300), "one record is under way and never ends"


def test_nobody_looking_is_a_fault_too() -> None:
    assert Liveness(limit=30, now=0).is_stalled(31)
