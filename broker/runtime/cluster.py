"""Puts the distributed runtime's worker together: the same pipeline over Kafka, PostgreSQL and an OPA server."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf
from secrets import token_hex
from threading import Event
from time import monotonic

from broker import bundle, settings, topics
from broker.adapters.avro.codec import AvroCodec
from broker.adapters.files.register_file import RegisterFile
from broker.adapters.files.signing import KeyFileError, TokenKey
from broker.adapters.kafka import audit_topic
from broker.adapters.kafka.delivered_marks import FetchedOffsets
from broker.adapters.kafka.group_offsets import NotShown
from broker.adapters.kafka.redrive import Redriven
from broker.adapters.kafka.settled import NotAllowed, let_go
from broker.adapters.kafka.streams import KafkaStreams
from broker.adapters.kafka.unread import UnreadGone
from broker.adapters.opa.server import ServerDecisionPoint
from broker.adapters.opa.staged import StagedDecisionPoint
from broker.adapters.opa.timed import TimedDecisionPoint
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.adapters.sql import postgres
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.laws import DatabaseLaws
from broker.adapters.sql.worker_outbox import DecisionLog, WorkerStore
from broker.log import recency
from broker.model.days import rfc3339, swedish_day
from broker.pipeline.decision_cache import MOST, DecisionCache
from broker.pipeline.erasure import MOST as MOST_ERASED
from broker.pipeline.notices import ErasureOrder, PurgeOrder, RedeliveryOrder
from broker.pipeline.pipeline import Pipeline
from broker.pipeline.reactions import Elsewhere
from broker.ports.faults import Away
from broker.ports.health import KAFKA, LAW, POSTGRES, TOKENS, Health
from broker.ports.policy import EngineError, PolicyDecisionPoint
from broker.ports.quarantine_limits import QuarantineLimits
from broker.ports.store import Wanted
from broker.ports.telemetry import UNMEASURED, Metrics
from broker.ports.tracing import UNTRACED, Tracing
from broker.ports.transport import Produced
from broker.provision import Profile
from broker.runtime import keys
from broker.runtime.embedded import clock_times
from broker.runtime.register import FollowedRegister
from broker.runtime.worker import Worker
from broker.settings import KafkaLogin

DEPENDENCIES = (KAFKA, POSTGRES, LAW)
"""What a worker is not ready without."""
KEPT_ALREADY = QuarantineLimits(bytes=sys.maxsize)
"""What is run again lies in quarantine, and counts there."""
_PAUSE = 1.0
_LOOK = 5.0
_OFFER = 60.0
"""Seconds between two looks for what inboxes have let go of unread."""
_DAY = 86_400.0
"""Seconds between two purges of the quarantine."""
_LOG = logging.getLogger("samband.worker")


def work(
    register: RegisterFile,
    stopping: Event,
    reached: Callable[[str], None] = lambda _: None,
    *,
    metrics: Metrics,
    tracing: Tracing,
    health: Health,
) -> None:
    """Work as one of the cluster's workers until told to stop, whatever server is away meanwhile.

    Raises SettingsError, BundleError or KeyFileError when the set-up is wrong; StoreOutdated when PostgreSQL is older
    than what was published.
    """
    limits = settings.quarantine()
    look = _Look(metrics, health, limits.days, offers=True)

    def step(point: str) -> None:
        health.mark_turn()  # between two answers of Kafka, each of which is waited for
        reached(point)

    open_streams = partial(KafkaStreams, reached=step)
    _work(register, stopping, open_streams, step, look=look, limits=limits, tracing=tracing)


def redrive(register: RegisterFile, stopping: Event, metrics: Metrics) -> int:
    """Run again what lies in quarantine, once; `stopping` is set at its end. What fails again gets a new record there.

    Gives the number of lines of an earlier version, of which nobody knows when they came: they are left. Raises as
    `work`.
    """
    unproven: set[int] = set()

    def open_redriven(login: KafkaLogin) -> Redriven:
        streams = Redriven(login, stopping)
        streams.unproven = unproven
        return streams

    look = _Look(metrics, Health(DEPENDENCIES, monotonic))
    _work(register, stopping, open_redriven, lambda _: None, look=look, limits=KEPT_ALREADY)
    return len(unproven)


def _work(
    register: RegisterFile,
    stopping: Event,
    open_streams: Callable[[KafkaLogin], KafkaStreams],
    reached: Callable[[str], None],
    *,
    look: "_Look",
    limits: QuarantineLimits,
    tracing: Tracing = UNTRACED,
) -> None:
    metrics, health = look.metrics, look.health
    login, database, opa = settings.kafka_user(), settings.postgres(), settings.policy_server()
    folder, times = settings.keys(), clock_times()
    server = ServerDecisionPoint(bundle.load(), *opa.urls, token=opa.token, ca=opa.ca)
    with ExitStack() as stack:
        stack.callback(server.close)
        staged = StagedDecisionPoint(server, announced := DatabaseLaws(), partial(_open_law, stack))
        engine = DecisionCache(TimedDecisionPoint(staged, metrics), settings.cache_size(MOST))
        streams = open_streams(login)
        stack.callback(streams.close)
        followed = FollowedRegister(register, login, lambda: streams.end(topics.REGISTER), streams.look_again)
        while not stopping.is_set():
            try:
                with postgres.working(database) as connection:
                    announced.connection = connection
                    streams.name(str(postgres.slot(connection)))
                    decided = DecisionLog(connection)
                    with audit_topic.open_topic(login) as audit:
                        recency.compare(decided, audit)
                    with decided.first_start() as nothing_decided:
                        tokens = keys.token_key(folder, fresh=nothing_decided)
                        key = keys.contents_key(settings.contents_keys(), fresh=nothing_decided)
                    store = WorkerStore(connection, tokens, Contents(connection, key))
                    pipeline = Pipeline(
                        register=register.register,
                        engine=engine,
                        store=store,
                        tokens=tokens,
                        fetched=FetchedOffsets(login, store.places),
                        codec=AvroCodec(),
                        clock=_now,
                        reactions=Elsewhere(times),
                        connected=streams.has_inbox,
                        metrics=metrics,
                        tracing=tracing,
                        limits=limits,
                    )
                    worker = Worker(
                        pipeline,
                        store,
                        streams,
                        tokens,
                        os.urandom,
                        _now,
                        message_time=settings.profile() is Profile.CONFORMANCE,
                        reached=reached,
                        metrics=metrics,
                        tracing=tracing,
                        look=partial(look.mark_turn, store, streams, server, followed),
                        follow=partial(_follow, followed, tokens, store),
                    )
                    worker.run(stopping)
            except Away as away:
                _LOG.warning("waiting: %s", away)
                health.mark_down(away.component, away)
                health.mark_turn()
                metrics.count_retry(away.component)
                streams.forget()
                stopping.wait(_PAUSE)


def _follow(register: FollowedRegister, tokens: TokenKey, store: WorkerStore) -> None:
    """What holds for the messages that come next: the register, and the key with which tokens are made. Raises Away."""
    register.look()
    try:
        tokens.look()
        if (in_use := store.key_in_use()) is not None:
            tokens.follow(in_use)
    except KeyFileError as error:
        raise Away(TOKENS, type(error).__name__, str(error)) from None


def _open_law(stack: ExitStack, law: bundle.Bundle) -> PolicyDecisionPoint:
    """A law that is announced: on a server of its own where there is one, else in process."""
    after = settings.next_policy_server()
    if after is None:
        return WasmDecisionPoint(law)
    server = ServerDecisionPoint(law, *after.urls, token=after.token, ca=after.ca)
    stack.callback(server.close)
    return server


@dataclass
class _Look:
    """Asks now and then whether everything answers, and how much waits. Where nobody is told, nothing is asked.

    A register that has changed is taken in, for nothing is being decided now. `days`: after which what lies in
    quarantine is purged, where that is seen to. `offers`: what is gone unread from an inbox is given out again.
    """

    metrics: Metrics
    health: Health
    days: int | None = None
    offers: bool = False
    _looked: float = -inf
    _purged: float = -inf
    _offered: float = -inf
    _erased: float = -inf
    _renewed: float = -inf
    _gone: UnreadGone | None = None

    def mark_turn(
        self, store: WorkerStore, streams: KafkaStreams, server: ServerDecisionPoint, register: FollowedRegister
    ) -> None:
        """The worker has come round. Raises Away when the database is."""
        self.health.mark_turn()
        if monotonic() - self._looked < _LOOK:
            return
        with self._waiting_for_kafka(store):
            register.look()
        self._looked = monotonic()
        if self.days is not None and monotonic() - self._purged >= _DAY and streams.reads(topics.outbox(topics.BROKER)):
            self._purge(store, streams, _now() - timedelta(days=self.days))
        if self.days is not None and monotonic() - self._erased >= _DAY and streams.reads(topics.outbox(topics.BROKER)):
            self._erase(store, streams)
        if self.offers and monotonic() - self._renewed >= _OFFER and streams.reads(topics.outbox(topics.BROKER)):
            self._renew(store)
        if self.offers and monotonic() - self._offered >= _OFFER and streams.reads(topics.outbox(topics.BROKER)):
            self._offer(store, streams)
        if self.metrics is UNMEASURED:
            return
        store.rest()
        self.health.mark_up(POSTGRES)
        try:
            self.metrics.lag("worker", streams.lag())
            self.health.mark_up(KAFKA)
        except Away as away:
            self.health.mark_down(away.component, away)
        try:
            server.decide({})
            self.health.mark_up(LAW)
        except EngineError as error:
            self.health.mark_down(LAW, error)

    def _offer(self, store: WorkerStore, streams: KafkaStreams) -> None:
        """What inboxes have let go of unread is given out again, without anybody asking.

        Here, where the places of deliveries and what is kept of them lie, and where the broker's own outbox is read by
        one worker alone. Carried out, it lies at another place: so it is done once, also where it was ordered twice.
        """
        self._gone = self._gone or UnreadGone(settings.kafka_user())
        with self._waiting_for_kafka(store):
            for inbox, (first, end) in self._gone.look().items():
                if store.is_lost(inbox, first, end):
                    _LOG.warning("deliveries were gone from an inbox before they were read: given out again")
                    order = RedeliveryOrder(Wanted(inbox, unregistered=True, lost=(first, end)))
                    streams.commit((), (Produced(topics.outbox(topics.BROKER), order.encode(), ()),), {})
            self._offered = monotonic()

    def _purge(self, store: WorkerStore, streams: KafkaStreams, before: datetime) -> None:
        """Order it in the broker's own outbox, where a record can be made of it exactly once."""
        with self._waiting_for_kafka(store):
            if store.purgeable(rfc3339(before)):
                order = Produced(topics.outbox(topics.BROKER), PurgeOrder(before).encode(), ())
                streams.commit((), (order,), {})
            self._purged = monotonic()

    def _erase(self, store: WorkerStore, streams: KafkaStreams) -> None:
        """Order what is due in the broker's own outbox, and let topics go of what is settled."""
        today, settled = swedish_day(_now()), _now() - timedelta(days=settings.settled_days())
        with self._waiting_for_kafka(store):
            orders = -(-store.count_due(today.isoformat()) // MOST_ERASED)
            for _ in range(orders):
                order = ErasureOrder(today, token_hex(16))
                streams.commit((), (Produced(topics.outbox(topics.BROKER), order.encode(), ()),), {})
            try:
                let_go(settings.kafka_user(), settled, store.kept_from)
            except (NotAllowed, NotShown):
                _LOG.warning("may not let topics go of what is settled: run 'samband provision' with this version")
            self._erased = monotonic()

    def _renew(self, store: WorkerStore) -> None:
        """What is erased is to be read in no older copy of the database either."""
        self._renewed = monotonic()
        if store.has_stale_key():
            try:
                _LOG.info("what keys of cases are wrapped with is renewed: %d keys", store.renew_key())
            except KeyFileError as error:
                _LOG.warning("what is erased can be read in older copies of the database still: %s", error)
        store.rest()

    @contextmanager
    def _waiting_for_kafka(self, store: WorkerStore) -> Iterator[None]:
        """What is done herein is done at the next look where Kafka is away. Raises Away when the database is."""
        try:
            yield
        except Away as away:
            if away.component == POSTGRES:
                raise
            self.health.mark_down(away.component, away)
        finally:
            store.rest()


def _now() -> datetime:
    return datetime.now(UTC)
