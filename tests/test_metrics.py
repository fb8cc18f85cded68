"""What is measured: it agrees with the receipts, stays bounded whatever comes in, and tells nothing about anybody."""

from collections import Counter
from pathlib import Path
from typing import Self

import pytest
from house import House, Json, engine, numbered, opened
from hypothesis import given
from hypothesis import strategies as st
from lines import POLICE, TOWN, disclosure, line, number, open_item, refusal, request, secret_item
from monitoring import Samples, samples, total, value
from sqlalchemy import select
from test_no_personal_data import PARTIES, canaries_everywhere, everything, traces

from broker.adapters.opa.timed import TimedDecisionPoint
from broker.adapters.prometheus.metrics import PrometheusMetrics
from broker.adapters.sql import tables
from broker.adapters.sql.deadlines import SqlMatters
from broker.adapters.sql.delivered_marks import FetchedFile
from broker.adapters.sql.measures import Standing
from broker.authorities import load
from broker.cli.telemetry import Observer
from broker.deadlines import CLOSED, Clock, Matter, State, moment
from broker.ports.health import Health
from broker.ports.policy import EngineError
from broker.ports.telemetry import NO_RULE, Waiting, oldest, rules, waiting
from broker.ports.transport import Input
from broker.runtime.embedded import embedded


def shown(metrics: PrometheusMetrics) -> Samples:
    return samples(metrics.expose()[1].decode())


STREAM: list[Json | bytes] = [
    request(1, "housing", "health_record"),
    disclosure(2, open_item(), secret_item(), reply=1),
    disclosure(3, secret_item()),
    request(1, "housing", "health_record"),
    b"rubbish",
    request(4, basis=["no_such_ground"]),
    refusal(5, reply=1),
]


@pytest.mark.parametrize("batch", [1, 200])
def test_the_counts_are_those_of_the_receipts(tmp_path: Path, batch: int) -> None:
    metrics = PrometheusMetrics()
    with opened(tmp_path / "data", metrics=metrics) as house:
        receipts = house.run(*STREAM, batch=batch)
    found = shown(metrics)
    once = {receipt["audit"]["seq"]: receipt for receipt in receipts}.values()
    outcomes = Counter(receipt["outcome"] for receipt in once)
    assert {name: total(found, "samband_messages_total", outcome=name) for name in outcomes} == outcomes
    assert outcomes.keys() >= {"forward", "quarantine"} and len(receipts) - len(once) == 1
    assert total(found, "samband_repeats_total") == 1
    assert value(found, "samband_messages_total", kind="InformationRequest", outcome="forward") == 1
    codes = Counter(receipt["error"]["code"] for receipt in once if "error" in receipt)
    assert {code: total(found, "samband_quarantined_total", code=code) for code in codes} == codes
    items = Counter(item["outcome"] for receipt in once for item in receipt.get("items", ()))
    assert {verdict: total(found, "samband_items_total", verdict=verdict) for verdict in items} == items
    hung = Counter(rule for receipt in once if "error" not in receipt for rule in rules(receipt))
    assert {(g, o): total(found, "samband_decisions_total", ground=g, outcome=o) for g, o in hung} == hung
    assert total(found, "samband_batch_messages_sum") == len(receipts)
    assert value(found, "samband_transaction_seconds_count", result="committed") == total(
        found, "samband_batch_messages_count"
    )


def test_what_is_rolled_back_is_not_counted(tmp_path: Path) -> None:
    metrics = PrometheusMetrics()

    class Full:
        def __init__(self, store: object) -> None:
            self._store = store

        def __getattr__(self, name: str) -> object:
            if name == "commit":
                raise OSError("no space left")
            return getattr(self._store, name)

    with opened(tmp_path / "data", metrics=metrics, wrap=Full) as house, pytest.raises(OSError, match="no space"):
        house.run(request(1))
    found = shown(metrics)
    assert total(found, "samband_messages_total") == 0
    assert value(found, "samband_transaction_seconds_count", result="failed") == 1


def test_the_law_is_timed_and_answers_the_same(tmp_path: Path) -> None:
    ticks = iter(range(100))
    metrics = PrometheusMetrics()
    law = TimedDecisionPoint(engine(), metrics, timer=lambda: float(next(ticks)))
    with opened(tmp_path / "timed", law=law) as timed, opened(tmp_path / "plain") as plain:
        assert timed.run(request(1))[0]["guidance"] == plain.run(request(1))[0]["guidance"]
    assert (law.revision, law.grounds) == (engine().revision, engine().grounds)
    assert law.statute("osl_24") == engine().statute("osl_24")
    found = shown(metrics)
    assert value(found, "samband_policy_seconds_sum", result="answered") == 1.0
    assert value(found, "samband_policy_info", revision=engine().revision) == 1.0


def test_a_law_that_fails_is_counted_and_nothing_changes(tmp_path: Path) -> None:
    class Away:
        revision, grounds, retention = engine().revision, engine().grounds, engine().retention

        def decide(self, inputs: object) -> object:
            raise EngineError("away")

        def on(self, day: int) -> Self:
            return self

        findings = statute = decide

    metrics = PrometheusMetrics()
    with opened(tmp_path / "data", law=TimedDecisionPoint(Away(), metrics), metrics=metrics) as house:  # type: ignore[arg-type]
        assert [receipt["outcome"] for receipt in house.run(request(1), request(2))] == ["quarantine"] * 2
    assert value(shown(metrics), "samband_policy_seconds_count", result="failed") == 3  # the batch, then each alone


@given(st.lists(st.text(max_size=60), max_size=300))
def test_no_input_makes_the_series_grow(texts: list[str]) -> None:
    metrics = PrometheusMetrics()
    for text in [*texts, *(f"code_{n}" for n in range(300))]:
        error = {"outcome": "quarantine", "error": {"code": text}}
        metrics.count_record({"record": "quarantine", "receipt": error})
        receipt = {"outcome": text, "grounds": [{"id": text}], "error": {"code": text}}
        metrics.count_record({"record": "decision", "kind": text, "receipt": receipt})
        metrics.count_retry(text)
        metrics.policy(text)
        metrics.lag(text, [1])
        metrics.set_differences({text: 1})
        metrics.waiting(Waiting({text: 1}, {(text, text): 1}, {(text, text): 1}, {text: 1}, {(text, text): 1}))
        metrics.set_unfetched({text: 1})
    assert len(shown(metrics)) < 1000


@given(st.from_regex(r"(19|20)?\d{6}-?\d{4}", fullmatch=True))
def test_no_label_holds_a_personal_number(found: str) -> None:
    metrics = PrometheusMetrics()
    metrics.count_record({"record": "quarantine", "receipt": {"outcome": "quarantine", "error": {"code": found}}})
    metrics.count_retry(f"a{found}")
    labels = [row.rpartition(" ")[0] for row in metrics.expose()[1].decode().splitlines()]  # a value is a measurement
    assert found not in "\n".join(labels)


@pytest.mark.slow
def test_no_personal_data_is_shown(tmp_path: Path) -> None:
    """Promise 8, for /metrics: canaries in every field of every kind, valid and not."""
    metrics = PrometheusMetrics()
    with opened(tmp_path / "data", parties=PARTIES, metrics=metrics) as house:
        house.run(*everything(), batch=5)
        receipts = house.run(*canaries_everywhere())
        house.run(*(Input(line(found), proven=POLICE) for found in everything()))
        told = waiting(Standing(house.connection).open_matters(), 1 << 32, lambda party: party)
        metrics.waiting(told)
        metrics.set_unfetched(oldest(((POLICE, 1), (TOWN, 2)), lambda party: party))
    assert len(receipts) > 3000 and told.overdue
    text = metrics.expose()[1].decode()
    assert traces(text) == []
    for name in (POLICE, TOWN, number(1), "anonymous"):
        assert name not in text


def test_a_gauge_is_shown_once_it_is_told_and_forgets_what_is_gone() -> None:
    metrics = PrometheusMetrics(clock=lambda: 7.0)
    assert not {name for name, _ in shown(metrics)} & {"samband_lag_messages", "samband_overdue", "samband_policy_info"}
    metrics.lag("worker", [3, 0, 4])
    late = {("opened", "municipality"): 2}
    unseen = {("unopened", "municipality"): 60, ("unregistered", "court"): 70}
    metrics.waiting(Waiting({"municipality": 100, "court": 90}, late, {("opened", "court"): 1}, {"court": 3}, unseen))
    metrics.set_unfetched({"school": 50})
    metrics.ledger(size=12, signed=5.0, lag=3)
    metrics.set_differences({"undelivered": 1, "unrecorded": 0})
    metrics.set_quarantined(4)
    metrics.set_skipped(2)
    metrics.mark_tick()
    found = shown(metrics)
    assert value(found, "samband_lag_messages", service="worker") == 7
    assert value(found, "samband_lag_largest_messages", service="worker") == 4
    assert value(found, "samband_oldest_open_request_timestamp_seconds", authority_kind="court") == 90
    assert value(found, "samband_overdue", clock="opened", authority_kind="municipality") == 2
    assert value(found, "samband_escalated", clock="opened", authority_kind="court") == 1
    assert value(found, "samband_unopened_immediate", authority_kind="court") == 3
    ages = "samband_oldest_unseen_timestamp_seconds"
    assert value(found, ages, state="unopened", authority_kind="municipality") == 60
    assert value(found, ages, state="unregistered", authority_kind="court") == 70
    assert value(found, "samband_oldest_unfetched_timestamp_seconds", authority_kind="school") == 50
    assert value(found, "samband_checkpoint_timestamp_seconds") == 5.0
    assert (value(found, "samband_checkpoint_size"), value(found, "samband_ledger_lag_records")) == (12, 3)
    assert value(found, "samband_unreconciled", sort="unrecorded") == 0
    assert value(found, "samband_reconciled_timestamp_seconds") == 7.0
    assert value(found, "samband_quarantine_depth") == 4
    assert value(found, "samband_agents_skipped_records") == 2
    assert value(found, "samband_tick_timestamp_seconds") == 7.0
    metrics.waiting(Waiting({"court": 95}, {}))
    metrics.lag("worker", [])
    found = shown(metrics)
    assert value(found, "samband_oldest_open_request_timestamp_seconds", authority_kind="municipality") is None
    assert total(found, "samband_overdue") == 0
    assert value(found, "samband_lag_messages", service="worker") == 0


def test_kinds_that_are_not_known_share_a_series_without_a_wrong_sum() -> None:
    metrics = PrometheusMetrics()
    unseen = {("unopened", "x"): 30, ("unopened", "y"): 40}
    metrics.waiting(Waiting({"x": 100, "y": 90}, {("answer", "x"): 2, ("answer", "y"): 3}, unseen=unseen))
    metrics.set_unfetched({"x": 20, "y": 10})
    found = shown(metrics)
    assert value(found, "samband_oldest_unseen_timestamp_seconds", state="unopened", authority_kind="other") == 30
    assert value(found, "samband_oldest_unfetched_timestamp_seconds", authority_kind="other") == 10
    assert value(found, "samband_oldest_open_request_timestamp_seconds", authority_kind="other") == 90
    assert value(found, "samband_overdue", clock="answer", authority_kind="other") == 5


def test_every_name_shown_is_declared() -> None:
    metrics = PrometheusMetrics(Health(("kafka",), lambda: 0.0))
    metrics.count_record({"record": "notice", "notice": {"notice": "reminder"}, "receipt": {"outcome": "notice"}})
    metrics.observe_delivery(-1.0)
    metrics.count_poison()
    metrics.policy("a" * 64)
    metrics.lag("worker", [1])
    metrics.waiting(Waiting({"court": 1}, {("answer", "court"): 1}, {}, {"court": 1}, {("unopened", "court"): 1}))
    metrics.set_unfetched({"court": 1})
    names = metrics.names()
    for name, labels in shown(metrics):
        assert name.startswith("process_") or {label for label, _ in labels} == names[name], name
    assert value(shown(metrics), "samband_dependency_up", dependency="kafka") == 0
    assert value(shown(metrics), "samband_notices_total", notice="reminder") == 1
    assert value(shown(metrics), "samband_delivery_seconds_sum") == 0


MATTER = Matter("m", Clock.ANSWER, "x", POLICE, TOWN, "registry", POLICE, None, None, started=10, due=100, position=0)


def test_what_is_waited_for() -> None:
    kinds = {TOWN: "municipality"}
    matters = [
        MATTER._replace(started=30),
        MATTER,
        MATTER._replace(started=1, state=State.ANSWERED),
        MATTER._replace(clock=Clock.FEEDBACK, started=2, due=50),
        MATTER._replace(holder="gone", state=State.PAUSED, paused_since=90),
    ]
    found = waiting(matters, 101, kinds.get)
    assert found.unseen == found.unopened_immediate == {}
    assert found.oldest == {"municipality": 10, "unknown": 10}
    assert found.overdue == {("answer", "municipality"): 2, ("feedback", "municipality"): 1}
    assert waiting(matters, 100, kinds.get).overdue == {("feedback", "municipality"): 1}


def test_what_is_not_seen() -> None:
    kinds = {TOWN: "municipality", POLICE: "police"}
    delivery = MATTER._replace(clock=Clock.OPENED, immediate=True, next_at=300)
    matters = [
        delivery._replace(started=20, next_at=None),
        delivery._replace(started=15, immediate=False),
        delivery._replace(started=1, state=State.DONE),
        delivery._replace(holder=POLICE, started=5, due=101),
        delivery._replace(clock=Clock.REGISTERED, immediate=False, started=40, next_at=None),
        MATTER._replace(clock=Clock.EFFECT, next_at=None),
    ]
    found = waiting(matters, 101, kinds.get)
    assert found.unseen == {
        ("unopened", "municipality"): 15,
        ("unopened", "police"): 5,
        ("unregistered", "municipality"): 40,
    }
    assert found.unopened_immediate == {"municipality": 1}, "at its due time none is late yet"
    assert found.escalated == {
        ("opened", "municipality"): 1,
        ("registered", "municipality"): 1,
        ("effect", "municipality"): 1,
    }
    assert oldest([(TOWN, 9), (TOWN, 7), ("gone", 8)], kinds.get) == {"municipality": 7, "unknown": 8}


def test_what_rings_stands_in_the_matter(tmp_path: Path) -> None:
    """Half an hour for what is immediate; when the ladder's last step is taken, nobody is told any more."""
    with opened(tmp_path / "data") as house:
        house.run(request(1, urgency="immediate"), request(2))
        started = min(matter.started for matter in standing_of(house).open_matters())

        def at(hours: float) -> Waiting:
            house.pipeline.tick(moment(started + int(hours * 3600)))
            return waiting(standing_of(house).open_matters(), started + int(hours * 3600), lambda _: "court")

        assert at(0.5).unopened_immediate == {}
        late = at(0.51)
        assert (late.unopened_immediate, late.escalated) == ({"court": 1}, {})
        assert at(1.5).escalated == {("opened", "court"): 1}


def test_closed_matters_are_not_read(tmp_path: Path) -> None:
    """However many have ended: the index holds those that have not."""
    with opened(tmp_path / "data") as house:
        query = str(select(tables.matters.c.matter).where(tables.OPEN_MATTERS["sqlite"]))
        plan = " ".join(str(row) for row in house.rows(f"EXPLAIN QUERY PLAN {query}"))
        assert "open_matters" in plan and "SCAN" not in plan
        states = set(State) - CLOSED
        store = SqlMatters(house.connection)
        store.keep([MATTER._replace(id=state.value, state=state) for state in State])
        assert {matter.state for matter in standing_of(house).open_matters()} == states


def test_the_embedded_broker_tells_what_is_not_fetched(tmp_path: Path) -> None:
    """From the marks beside the inboxes."""
    metrics = PrometheusMetrics()
    observer = Observer(metrics, Health((), lambda: 0.0))
    register = load()
    with embedded(tmp_path, register) as broker:
        list(broker.pipeline.run([Input(line(found)) for found in (request(1), request(2))]))
        first, second = ((TOWN, POLICE, number(n)) for n in (1, 2))
        gauge = "samband_oldest_unfetched_timestamp_seconds"
        sent = min(matter.started for matter in broker.standing.open_matters())

        def looked() -> float | None:
            Observer.__init__(observer, metrics, observer.health)  # it has not looked lately
            observer.look(broker, register, tmp_path)
            return value(shown(metrics), gauge, authority_kind="municipality")

        assert looked() == sent
        for delivery, expected in ((second, sent), (first, None)):
            with FetchedFile(tmp_path).alone() as marks:
                marks.add([delivery])
            assert looked() == expected
        unseen = "samband_oldest_unseen_timestamp_seconds"
        assert value(shown(metrics), unseen, state="unopened", authority_kind="municipality") == sent


def test_the_rules_that_a_decision_hangs_on() -> None:
    bar, ground = {"id": "s170_2"}, {"id": "osl_24"}
    assert rules({"outcome": "forward", "grounds": [], "bars": []}) == {(NO_RULE, "forward")}
    assert rules({"outcome": "refer", "bars": [bar], "items": []}) == {("s170_2", "refer")}
    item = {"outcome": "refer", "ground": "osl_24"}
    assert rules({"outcome": "refer", "bars": [bar], "items": [item]}) == {("s170_2", "withhold"), ("osl_24", "refer")}
    assert rules({"outcome": "forward", "grounds": [ground], "items": [{"outcome": "release"}]}) == {
        ("osl_24", "forward")
    }


def standing_of(house: House) -> Standing:
    return Standing(house.connection)


def test_how_things_stand_in_the_database(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as house:
        assert standing_of(house).newest_checkpoint() is None
        house.run(*numbered([request(1), request(2), b"rubbish", refusal(3, reply=1)]))
        standing = standing_of(house)
        open_ = {(matter.message, matter.clock.value) for matter in standing.open_matters()}
        assert open_ == {(number(2), "answer"), (number(2), "opened"), (number(3), "opened")}
        assert standing.quarantine_depth() == 1
        house.store.redriven(2, 3)
        assert standing.quarantine_depth() == 0
        signed = standing.newest_checkpoint()
        assert signed is not None and signed.size == house.store.size()
        assert signed.at == 1772442001.0
