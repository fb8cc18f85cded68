"""Spans go on from a message's own trace to a collector, tell nothing of anybody, and stop no message."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from cluster_in_memory import Cluster, cluster
from command import samband
from lines import POLICE, request
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from otlp_receiver import Receiver, receiving

from agents.stream.telemetry import Signs
from broker import cloudevents
from broker.adapters.otel.spans import OtelTracing
from broker.authorities import ANONYMOUS
from broker.cli import telemetry
from broker.kinds import KINDS
from broker.model.vocabulary import Outcome
from broker.ports.tracing import UNTRACED, Stage
from broker.ports.transport import Handled, Input
from scenery.town.story import FOLDER

MESSAGE, TAKE = "samband.message", "samband.take"
SENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MISSING = "no spans are handed over: 'samband[otel]' is not installed"
STAGES = [f"samband.{stage}" for stage in Stage]


def about(span: Span) -> dict[str, str | int]:
    return {pair.key: pair.value.string_value or pair.value.int_value for pair in span.attributes}


@contextmanager
def traced_worker(folder: Path, program: str = "worker") -> Iterator[tuple[Cluster, OtelTracing, Receiver]]:
    """A worker over topics in memory that hands its spans to a collector."""
    with receiving() as collector, cluster(folder) as made, closing(OtelTracing(program, collector.url)) as tracing:
        assert made.worker is not None
        made.worker.fresh = os.urandom
        made.worker.tracing = made.worker.pipeline._tracing = tracing
        yield made, tracing, collector


def test_the_worker_goes_on_in_the_trace_of_each_message(tmp_path: Path) -> None:
    with traced_worker(tmp_path) as (made, tracing, collector):
        for n, flags in ((1, "01"), (2, "00")):
            made.send(POLICE, request(n))
            headers = ((cloudevents.TRACEPARENT, f"{SENT[:-2]}{flags}".encode()),)
            made._waiting[-1] = replace(made._waiting[-1], headers=headers)
        made.send(POLICE, request(3), request(4) | {"body": {}})
        made.work()
        tracing.close()
        spans = {span.span_id.hex(): span for span in collector.spans}
        written = [dict(record.headers)[cloudevents.TRACEPARENT].decode() for record in made.topics["audit"]]
    assert collector.programs == {"samband.worker"}
    ways = {span.trace_id.hex(): span for span in spans.values() if span.name == MESSAGE}
    first, _, third, broken = [cloudevents.parse(one) for one in written]
    assert first and third and broken
    assert set(ways) == {first.trace, third.trace, broken.trace}, "what its sender does not sample is not told"
    of_first = ways[first.trace]
    assert (of_first.span_id.hex(), of_first.parent_span_id.hex()) == (first.span, SENT[36:52])
    assert ways[third.trace].parent_span_id == b""
    expected = {"samband.record": "decision", "samband.kind": "InformationRequest", "samband.outcome": "forward"}
    assert about(of_first) == expected
    assert about(ways[broken.trace])["samband.code"] == "missing_field"
    of_stages = [span for span in spans.values() if span.parent_span_id == of_first.span_id]
    assert [span.name for span in sorted(of_stages, key=lambda one: one.start_time_unix_nano)] == STAGES
    for span in of_stages:
        within = (span.start_time_unix_nano, span.end_time_unix_nano)
        assert of_first.start_time_unix_nano <= within[0] <= within[1] <= of_first.end_time_unix_nano
    assert {span.name: about(span)["samband.messages"] for span in of_stages}["samband.record"] == 4


def test_what_names_nobody_leaves_no_span_and_what_begins_anew_none_of_before(tmp_path: Path) -> None:
    given = Input(b"", trace=cloudevents.parse(SENT))
    nobody = {"record": "decision", "kind": "Tip", "sender": {"authority": ANONYMOUS}, "receipt": {}}
    unknown = {"record": "quarantine", "sender": None, "receipt": {}}
    named = {"record": "decision", "kind": "Recall", "sender": {"authority": POLICE}, "receipt": {}}
    with receiving() as collector, closing(OtelTracing("serve", collector.url)) as tracing:
        for leaf in (nobody, unknown, named):
            with tracing.stage(Stage.DECODE, given):
                pass
            tracing.end([Handled(given, leaf, {})])
        with tracing.stage(Stage.DECODE, given):
            pass
        tracing.forget()
        tracing.end([Handled(given, named, {})])
        tracing.close()
        assert [about(span).get("samband.kind") for span in collector.spans if span.name == MESSAGE] == ["Recall"]


def test_agents_go_on_in_the_trace_of_a_record() -> None:
    with receiving() as collector, closing(OtelTracing("agents", collector.url)) as tracing:
        signs = Signs(None, None, None, None, tracing)  # type: ignore[arg-type]
        many = [(f"h{n}", b"") for n in range(cloudevents.MOST_HEADERS + 1)]
        for headers in ([(cloudevents.TRACEPARENT, SENT.encode())], [], many):
            with signs.taking(headers):
                pass
        tracing.close()
        [span] = collector.spans
    assert (span.name, span.trace_id.hex(), span.parent_span_id.hex()) == (TAKE, SENT[3:35], SENT[36:52])


@pytest.mark.slow
def test_no_span_of_the_town_holds_anything_about_anybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = FOLDER / "messages.jsonl"
    with receiving() as collector:
        monkeypatch.setenv("SAMBAND_OTLP_URL", collector.url)
        monkeypatch.setenv("SAMBAND_PROFILE", "production")
        register = ("--register", FOLDER / "authorities.json")
        ended = samband("run", file, "--data", tmp_path / "data", *register, "--json")
        assert ended.status == 0
    receipts = [one for one in ended.objects if "outcome" in one]
    spans = collector.spans
    ways = [span for span in spans if span.name == MESSAGE]
    assert len(receipts) // 2 < len(ways) < len(receipts), "but for those that name nobody"
    assert collector.programs == {"samband.run"}
    assert {span.name for span in spans} == {MESSAGE, *STAGES} - {"samband.forward"}
    words = {*KINDS, *Outcome, "decision", "quarantine"}
    codes = {one["error"]["code"] for one in receipts if "error" in one}
    told = {value for span in spans for value in about(span).values() if isinstance(value, str)}
    assert told <= words | codes and len(told) > 10
    assert {key for span in ways for key in about(span)} <= {
        f"samband.{n}" for n in ("record", "kind", "outcome", "code")
    }
    planted = set(_words(json.loads(one) for one in file.read_bytes().splitlines() if _is_json(one))) - words - codes
    assert any(one.isdigit() and len(one) == 12 for one in planted) and len(planted) > 500
    sent = b"".join(collector.bodies)
    assert [one for one in planted if len(one) > 8 and one.encode() in sent] == []


def _is_json(one: bytes) -> bool:
    try:
        return isinstance(json.loads(one), dict)
    except ValueError:
        return False


def _words(value: object) -> Iterator[str]:
    """Every text in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _words(value.values())
    elif not isinstance(value, int | float | None):
        for one in value:  # type: ignore[attr-defined]
            yield from _words(one)


def _pass(tracing: OtelTracing) -> None:
    """A message passes."""
    given = Input(b"", trace=cloudevents.parse(SENT))
    with tracing.stage(Stage.DECODE, given):
        pass
    leaf = {"record": "decision", "kind": "Recall", "sender": {"authority": POLICE}, "receipt": {}}
    tracing.end([Handled(given, leaf, {})])


def test_a_collector_that_is_away_stops_nothing_and_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    with receiving() as collector, caplog.at_level(logging.INFO):
        tracing = OtelTracing("worker", collector.url, delay=3600)
        for status in (400, 400, 200, 400):
            collector.status = status
            _pass(tracing)
            tracing._waiting.force_flush()
        _pass(tracing)
        began = monotonic()
        tracing.close()
    said = [record.message for record in caplog.records if record.name == "samband.traces"]
    away, back = "the collector does not take spans: they are lost", "the collector takes spans again"
    assert said == [away, back, away]
    assert [record for record in caplog.records if record.name.startswith("opentelemetry")] == []
    assert monotonic() - began < 30, "nobody waits for it at the end"
    assert len(collector.spans) == 2


def test_it_is_off_unless_set_and_where_the_extra_is_missing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with telemetry.tracing("worker") as traced:
        assert traced is UNTRACED
    monkeypatch.setenv("SAMBAND_OTLP_URL", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "broker.adapters.otel.spans", None)
    with telemetry.tracing("worker") as traced:
        assert traced is UNTRACED
    assert [record.message for record in caplog.records] == [MISSING]
