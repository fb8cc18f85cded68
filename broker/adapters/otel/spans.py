"""Hands spans of each message's way to a collector (OTLP over HTTP): the only module that knows OpenTelemetry.

A span goes on from the message's own `traceparent`, and is the one that the broker writes beside what it sends on. They
are handed over by a thread apart; when the collector does not answer they are lost, and no message waits.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from time import time_ns

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, TraceFlags

from broker import cloudevents
from broker.cloudevents import Trace
from broker.pipeline.anonymity import is_nameless
from broker.ports.tracing import Stage, attributes
from broker.ports.transport import Handled, Input

_PATH = "/v1/traces"
_WAITING = 16_384
"""Spans that wait for the collector, at most: those of the largest batch, and as many again."""
_PATIENCE = 5.0
"""Seconds that the collector has to answer, also when a program ends."""
_LOG = logging.getLogger("samband.traces")
_KINDS = {Stage.FORWARD: SpanKind.PRODUCER}


@dataclass(frozen=True)
class _Passed:
    """A stage that is through, with so many messages at once; times in nanoseconds since 1970."""

    stage: Stage
    began: int
    ended: int
    messages: int


@dataclass
class _Way:
    """How far an input has come."""

    given: Input
    trace: Trace
    passed: list[_Passed] = field(default_factory=list)


class OtelTracing:
    """Makes spans of ways that are through."""

    def __init__(self, program: str, url: str, *, delay: float = 5.0) -> None:
        """`url`: the collector's, without path; `delay`: seconds between two times that something is handed over."""
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)  # `_Collector` says it, in the log's language
        self._collector = _Collector(OTLPSpanExporter(f"{url.rstrip('/')}{_PATH}", timeout=_PATIENCE))
        self._waiting = BatchSpanProcessor(self._collector, _WAITING, schedule_delay_millis=delay * 1000)
        about = {"service.name": f"samband.{program}", "service.version": version("samband")}
        self._resource = Resource.create(about)
        self._scope = InstrumentationScope("samband", version("samband"))
        self._ways: dict[int, _Way] = {}

    @contextmanager
    def stage(self, stage: Stage, *inputs: Input) -> Iterator[None]:
        """Measures what is done inside: one stage of these inputs, all at once."""
        began = time_ns()
        yield
        passed = _Passed(stage, began, time_ns(), len(inputs))
        for given in inputs:
            way = self._ways.get(id(given)) or _Way(given, given.trace or cloudevents.start(os.urandom))
            self._ways[id(given)] = way
            way.passed.append(passed)

    def end(self, handled: Iterable[Handled]) -> None:
        """These are through, and may be told of; not so what names nobody."""
        for one in handled:
            way = self._ways.pop(id(one.given), None)
            if way is not None and way.trace.sampled and not is_nameless(one.leaf):
                self._tell(way, attributes(one.leaf))

    def forget(self) -> None:
        """Work is begun anew: nothing is told of inputs that are not through."""
        self._ways.clear()

    @contextmanager
    def taking(self, trace: Trace | None) -> Iterator[None]:
        """Measures what is done inside: a record of this trace is taken in by agents."""
        began = time_ns()
        yield
        if trace is not None and trace.sampled:
            self._span("samband.take", trace.next(os.urandom), began, time_ns(), kind=SpanKind.CONSUMER)

    def close(self) -> None:
        """Hand over what waits; not where the collector has not answered lately."""
        self._collector.is_closing = True
        self._waiting.shutdown()  # type: ignore[no-untyped-call]  # the library's

    def _tell(self, way: _Way, about: Mapping[str, str]) -> None:
        first, last = way.passed[0], way.passed[-1]
        self._span("samband.message", way.trace, first.began, last.ended, kind=SpanKind.CONSUMER, about=about)
        for one in way.passed:
            many = {"samband.messages": one.messages}
            kind = _KINDS.get(one.stage, SpanKind.INTERNAL)
            of_stage = way.trace.next(os.urandom)
            self._span(f"samband.{one.stage}", of_stage, one.began, one.ended, kind=kind, about=many)

    def _span(
        self,
        name: str,
        trace: Trace,
        began: int,
        ended: int,
        *,
        kind: SpanKind,
        about: Mapping[str, str] | Mapping[str, int] | None = None,
    ) -> None:
        span = ReadableSpan(
            name,
            context=_context(trace.trace, trace.span),
            parent=_context(trace.trace, trace.parent) if trace.parent else None,
            resource=self._resource,
            attributes=about,
            kind=kind,
            start_time=began,
            end_time=ended,
            instrumentation_scope=self._scope,
        )
        self._waiting.on_end(span)


def _context(trace: str, span: str) -> SpanContext:
    return SpanContext(int(trace, 16), int(span, 16), is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


class _Collector(SpanExporter):
    """The collector, which says in our own log when it does not answer, and when it does again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._is_away = self.is_closing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hand some over."""
        if self._is_away and self.is_closing:
            return SpanExportResult.FAILURE
        result = self._exporter.export(spans)
        is_away = result is not SpanExportResult.SUCCESS
        if is_away and not self._is_away:
            _LOG.warning("the collector does not take spans: they are lost")
        elif self._is_away and not is_away:
            _LOG.info("the collector takes spans again")
        self._is_away = is_away
        return result

    def shutdown(self) -> None:
        """Nothing more comes."""
        self._exporter.shutdown()
