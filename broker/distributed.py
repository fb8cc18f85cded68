"""Puts the distributed runtime's worker together: the same pipeline over Kafka, PostgreSQL and an OPA server."""

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import Event

from broker import bundle, keys, settings
from broker.adapters import postgres
from broker.adapters.avro_codec import AvroCodec
from broker.adapters.kafka_redrive import Redriven
from broker.adapters.kafka_transactions import FetchedOffsets, KafkaStreams
from broker.adapters.rego_server import OpaServerEngine
from broker.adapters.timed_policy import TimedPolicy
from broker.adapters.worker_store import WorkerStore
from broker.authorities import Register
from broker.bootstrap import clock_times
from broker.health import Health
from broker.metrics import UNMEASURED, Metrics
from broker.pipeline import Pipeline
from broker.ports import Away
from broker.provision import Profile
from broker.remembered import MOST, RememberedPolicy
from broker.settings import KafkaLogin
from broker.worker import Worker

_PAUSE = 1.0
DEPENDENCIES = ("kafka", "postgres")
"""What a worker is not ready without; the law's server shows in the measures."""
_LOG = logging.getLogger("samband.worker")


def work(
    register: Register,
    stopping: Event,
    reached: Callable[[str], None] = lambda _: None,
    *,
    metrics: Metrics = UNMEASURED,
    health: Health | None = None,
) -> None:
    """Work as one of the cluster's workers until told to stop, whatever server is away meanwhile.

    `metrics` and `health` (of DEPENDENCIES) are told what it does.
    Raises SettingsError, BundleError or KeyFileError when the set-up is wrong.
    """
    _work(register, stopping, lambda login: KafkaStreams(login, reached), reached, metrics=metrics, health=health)


def redrive(register: Register, stopping: Event, metrics: Metrics = UNMEASURED) -> None:
    """Run again what lies in quarantine, once; `stopping` is set at its end. What fails again gets a new record there.

    Raises as `work`.
    """
    _work(register, stopping, lambda login: Redriven(login, stopping), lambda _: None, metrics=metrics)


def _work(
    register: Register,
    stopping: Event,
    opened: Callable[[KafkaLogin], KafkaStreams],
    reached: Callable[[str], None],
    *,
    metrics: Metrics,
    health: Health | None = None,
) -> None:
    login, database, opa = settings.kafka_user(), settings.postgres(), settings.policy_server()
    folder, times = settings.keys(), clock_times()
    server = OpaServerEngine(bundle.load(), opa.url, token=opa.token, ca=opa.ca)
    engine = RememberedPolicy(TimedPolicy(server, metrics), settings.remembered(MOST))
    with ExitStack() as stack:
        stack.callback(server.close)
        streams = opened(login)
        stack.callback(streams.close)
        while not stopping.is_set():
            try:
                with postgres.connected(database, "samband worker") as connection:
                    streams.name(str(postgres.slot(connection)))
                    store = WorkerStore(connection)
                    with store.first_start() as nothing_decided:
                        tokens = keys.token_key(folder, fresh=nothing_decided)
                    pipeline = Pipeline(
                        register=register,
                        engine=engine,
                        store=store,
                        tokens=tokens,
                        fetched=FetchedOffsets(login, store.place),
                        codec=AvroCodec(),
                        clock=lambda: datetime.now(UTC),
                        times=times,
                        reacts=False,
                        connected=streams.connected,
                        metrics=metrics,
                    )
                    worker = Worker(
                        pipeline,
                        store,
                        streams,
                        tokens,
                        os.urandom,
                        message_time=settings.profile() is Profile.CONFORMANCE,
                        reached=reached,
                        metrics=metrics,
                        health=health,
                    )
                    worker.run(stopping)
            except Away as away:
                _LOG.warning("waiting: %s", away)
                metrics.retried(away.component)
                if health:
                    health.turned()
                    health.failed(away.component)
                streams.forget()
                stopping.wait(_PAUSE)
