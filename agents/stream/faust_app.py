"""Faust feeds the agents: the only module that knows it.

What they do with a record is said in `rounds`.

One agent without concurrency, whose body never raises, takes in what one fetch has brought, in order and whole: Faust
can skip an unfinished record when several are under way (faust issue 606), and counts one whose handler raises as done.
All that a fetch has brought is one event of the stream's: an event costs it as much as a record costs the agents.
Where it goes on after a start is said by PostgreSQL, where the position stands beside all that came of it; the offset
that Faust commits only shows others how far it is. No topic is declared, no table kept, no page served, nothing
unpickled.
"""

import asyncio
import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Thread
from time import monotonic, sleep
from typing import Any, NoReturn

import faust
from faust.transport.drivers import aiokafka
from faust.types import TP

from agents.stream.liveness import Liveness
from agents.stream.rounds import Record, Rounds
from agents.stream.telemetry import Signs
from broker import cloudevents, topics
from broker.adapters.kafka.kafka_python_login import tls
from broker.adapters.sql.agent_store import AgentStore, Missed
from broker.pipeline import notices
from broker.settings import KafkaLogin

log = logging.getLogger("samband.agents")

STALLED = 70
"""Exit status (EX_SOFTWARE) when nothing moves, or Faust gives up: whoever supervises the process starts another."""

_CLIENT = ("", ".conn", ".cluster", ".consumer.fetcher", ".consumer.group_coordinator", ".producer.sender")
"""Loggers of the Kafka client, which says a thousand times a second that the cluster is away."""
_FALSE = {
    "mode.timers": "Timer %s is overlapping (interval=%r runtime=%r)",
    "aiokafka.consumer.group_coordinator": "Heartbeat failed for group %s because it is rebalancing",
}
"""Who says as of an error what is none: a look that waits for a server is late, and of who takes part others come."""
_SELDOM = 10.0
_AT_ONCE = 100
_MOST = 1000
"""Records that are taken in together, at most."""
_AHEAD = 2
"""Fetches that lie ready meanwhile."""
_PATIENCE = 30.0


@dataclass(frozen=True)
class Pace:
    """How the agents keep time, in seconds."""

    tick: float = 10.0
    """Between two looks at what has become due."""
    stalled: float = 120.0
    """How long the position may stand still while there is something to do."""
    retry: float = 1.0
    """Before a record is tried again that the database could not take."""


def run(
    login: KafkaLogin, store: AgentStore, rounds: Rounds, signs: Signs, *, instance: str, message_time: bool, pace: Pace
) -> NoReturn:
    """Run the agents until SIGTERM or SIGINT, and exit: 0 then, STALLED when nothing moves.

    `instance` names this process among several: started again under its name it goes on at once.
    """
    app = create_app(login, store, rounds, signs, instance=instance, message_time=message_time, pace=pace)
    seldom = _Seldom()
    for name in _CLIENT:
        logging.getLogger(f"aiokafka{name}").addFilter(seldom)
    for name in _FALSE:
        logging.getLogger(name).addFilter(_is_true)
    try:
        worker = faust.Worker(app, quiet=True, redirect_stdouts=False, override_logging=False)
        worker.spinner = None  # it hides the cursor, also of what is no terminal
        worker.execute_from_commandline()
    except SystemExit as ended:
        raise SystemExit(STALLED if ended.code else 0) from None


def create_app(
    login: KafkaLogin, store: AgentStore, rounds: Rounds, signs: Signs, *, instance: str, message_time: bool, pace: Pace
) -> "Agents":
    """The Faust app, not started. Reads no environment."""
    app = Agents(
        topics.AGENTS,
        env={},  # of Faust's own variables none counts
        store=store,
        autodiscover=False,
        broker=[f"kafka://{address.strip()}" for address in login.bootstrap.split(",")],
        broker_credentials=faust.SASLCredentials(
            username=login.user, password=login.password, ssl_context=tls(login), mechanism="SCRAM-SHA-512"
        ),
        broker_client_id=f"{topics.AGENTS}.{instance}",
        consumer_group_instance_id=f"{topics.AGENTS}.{instance}",
        consumer_auto_offset_reset="earliest",
        processing_guarantee="at_least_once",
        producer_acks=-1,
        broker_commit_every=1000,
        broker_commit_interval=1.0,
        broker_max_poll_records=_MOST,
        broker_session_timeout=60.0,
        broker_heartbeat_interval=3.0,
        stream_buffer_maxsize=_AHEAD,
        stream_wait_empty=True,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        key_serializer="raw",
        value_serializer="raw",
    )
    line = _Line(app, store, rounds, signs, message_time=message_time, pace=pace)
    app.agent(app.topic(topics.AUDIT, value_type=bytes, key_type=bytes), name="audit", concurrency=1)(line.read)
    app.timer(pace.tick)(line.tick)
    app.timer(min(5.0, pace.stalled / 4))(line.look)
    app.task(line.send)
    return app


class _Line:
    """One reading of the audit log: records in, notices out, time passing, and an eye on whether it moves."""

    def __init__(
        self, app: "Agents", store: AgentStore, rounds: Rounds, signs: Signs, *, message_time: bool, pace: Pace
    ) -> None:
        self._app = app
        self._store = store
        self._rounds = rounds
        self._signs = signs
        self._message_time = message_time
        self._pace = pace
        self._outbox = app.topic(topics.outbox(topics.BROKER), value_type=bytes, key_type=bytes)
        self._one_at_a_time = asyncio.Lock()
        self._next = 0
        self._seen: object = None
        self._mark: tuple[int, datetime] | None = None
        self._liveness = Liveness(pace.stalled, monotonic())
        self._watched = False

    async def read(self, stream: Any) -> None:
        """The agent: every record, in order, those together that were fetched together."""
        async for event in stream.events():
            await self._take(*event.message.value)

    async def _take(self, follows: int, fetched: Sequence[Any]) -> None:
        """Never raises: what the database can't take now is tried again, until `look` gives up for the process.

        `follows`: the place of the last record before them. Where the database has not taken that in, it has forgotten
        it in a crash, or the log has changed hands: whoever reads it goes on from where the database is.
        """
        records = [Record(record.offset, record.value or b"") for record in fetched]
        while True:
            try:
                async with self._one_at_a_time:
                    with ExitStack() as stack:
                        for record in fetched:
                            stack.enter_context(self._signs.taking(_wire(record.headers)))
                        await asyncio.to_thread(self._rounds.take_all, records, follows)
                self._next = records[-1].position + 1
                return
            except Missed:
                if not self._is_mine():
                    return
                log.critical("record %d: those before it are not taken in: ended, to go on there", records[0].position)
                os._exit(STALLED)
            except Exception as error:
                log.warning("record %d: %s: tried again", records[0].position, type(error).__name__)
                self._signs.mark_failure(error)
                await asyncio.sleep(self._pace.retry)

    async def send(self) -> None:
        """Send what is to be told, and let go of it when the cluster has it."""
        while not self._app.should_stop:
            try:
                waiting_ = await asyncio.to_thread(self._store.unsent, _AT_ONCE) if self._is_mine() else []
                waiting = [await self._outbox.send(value=one, headers=_headers(one)) for _, one in waiting_]
                for notice in waiting:
                    await asyncio.wait_for(notice, _PATIENCE)
                if waiting_:
                    await asyncio.to_thread(self._store.mark_sent, [id_ for id_, _ in waiting_])
            except Exception as error:
                log.warning("notices: %s: sent again", type(error).__name__)
                self._signs.mark_failure(error)
                waiting_ = []
            if len(waiting_) < _AT_ONCE:
                await asyncio.sleep(min(self._pace.retry, 0.2))

    async def tick(self) -> None:
        """Time passes, for whoever has the log, as far as all is read that stood there when the clock was read.

        Else, after a stop, reminders would go out of what has been answered meanwhile.
        """
        try:
            position, end, seen = await self._places()
            if self._message_time or position is None:
                self._mark = None
                return
            quiet = position >= end and not self._is_busy() and seen == self._seen
            self._seen = seen
            if self._mark is not None and (quiet or self._next >= self._mark[0]):
                async with self._one_at_a_time:
                    await asyncio.to_thread(self._rounds.pass_time, self._mark[1])
                await asyncio.to_thread(self._signs.mark_tick)
                self._mark = None
            self._mark = self._mark or (end, datetime.now(UTC))
        except Exception as error:
            log.warning("clock: %s: looked at later", type(error).__name__)
            self._signs.mark_failure(error)

    async def look(self) -> None:
        """See whether it moves; a thread apart ends the process when nobody has seen it move for too long."""
        if not self._watched:
            self._watched = True
            Thread(target=self._guard, name="guard", daemon=True).start()
        try:  # the database first: it answers at once, or not, and Kafka may keep one waiting
            taken = await asyncio.to_thread(self._store.position, topics.AUDIT)
            self._signs.state_seen(await asyncio.to_thread(self._store.count_skipped))
            position, end, _ = await self._places()
            self._signs.log_seen(None if position is None else max(0, end - position))
            self._liveness.look(monotonic(), (taken, position), end, busy=self._is_busy())
        except Exception as error:
            log.warning("log: %s: looked at later", type(error).__name__)
            self._signs.mark_failure(error)

    def _guard(self) -> None:
        while not self._liveness.is_stalled(monotonic()):
            sleep(1.0)
        log.critical("the audit log goes on and the agents do not: ended, to be started again")
        os._exit(STALLED)

    async def _places(self) -> tuple[int | None, int, object]:
        """How far the consumer is, None while the log is another's; where the log ends; what has been seen in all."""
        consumer, audit = self._app.consumer, TP(topics.AUDIT, 0)
        ends = await asyncio.wait_for(consumer.highwaters(audit), _PATIENCE)
        position = await asyncio.wait_for(consumer.position(audit), _PATIENCE) if self._is_mine() else None
        return position, next(iter(ends.values())), (position, self._next)

    def _is_mine(self) -> bool:
        """Is the log this process's to read, and not another's?"""
        return TP(topics.AUDIT, 0) in self._app.consumer.assignment()

    def _is_busy(self) -> bool:
        """Is a record on its way? Faust keeps those that the group had committed before among the unfinished ones."""
        return any(record.offset >= self._next for record in tuple(self._app.consumer.unacked))


class _Seldom(logging.Filter):
    """Lets the same sentence through once in a while."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, object], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now, sentence = monotonic(), (record.name, record.msg)
        if now - self._said.get(sentence, -_SELDOM) < _SELDOM:
            return False
        self._said[sentence] = now
        return True


def _is_true(record: logging.LogRecord) -> bool:
    return record.msg != _FALSE[record.name]


def _wire(headers: Any) -> cloudevents.Wire:
    """Headers of a record, which Faust gives as a list or as an object."""
    return list(headers.items()) if isinstance(headers, Mapping) else list(headers or ())


def _headers(content: bytes) -> dict[str, bytes]:
    notice = notices.read(content)
    assert isinstance(notice, notices.OwnNotice)
    time = notice.content["time"]
    return dict(cloudevents.of_message(message=notice.id, kind="notice", sender=topics.BROKER, time=time))


class _Thread(aiokafka.AIOKafkaConsumerThread):
    """Reads what is committed, and nothing else: by itself Faust does so only where it writes in transactions."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._last: dict[TP, int] = {}
        """Of each partition the place of the last record that has been read, or lies before where reading begins."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = "read_committed"
        return consumer

    async def _seek_wait(self, consumer: Any, partitions: Mapping[TP, int]) -> None:
        self._last |= {place: at - 1 for place, at in partitions.items()}
        await super()._seek_wait(consumer, partitions)

    async def _fetch_records(self, *of: Any, **how: Any) -> Any:
        """What has come, as one record each for all of a partition: it stands where the last of them does.

        Its value is the place of the last record before, and those that have come.
        """
        fetched = await super()._fetch_records(*of, **how)
        return {place: [self._as_one(place, records)] for place, records in fetched.items() if records}

    def _as_one(self, place: TP, records: Sequence[Any]) -> Any:
        follows, self._last[place] = self._last.get(place, -1), records[-1].offset
        return replace(records[-1], value=(follows, records))

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Whether the agents move is seen by `liveness`. Faust's own eye cries that nothing was ever committed."""


class _Consumer(aiokafka.Consumer):
    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    def on_buffer_full(self, tp: TP) -> None:
        """Whoever fetches waits until there is room. Faust would let go of what lies ready, and ask for it again."""

    async def perform_seek(self) -> None:
        """Go on after the last record that PostgreSQL knows, whatever the group's offsets say."""
        await super().perform_seek()
        mine = [place for place in self.assignment() if place.topic == topics.AUDIT]
        if not mine:
            return
        assert isinstance(self.app, Agents)
        known = await asyncio.to_thread(self.app.store.position, topics.AUDIT)
        ends, starts = await self.highwaters(*mine), await self.earliest_offsets(*mine)
        places = {place: _of(starts, place) if known is None else known + 1 for place in mine}
        if any(at > _of(ends, place) for place, at in places.items()):
            log.critical("the audit log ends before what the agents have taken in: it is another log than theirs")
            os._exit(STALLED)
        log.info("the audit log is this process's to read, from record %d", next(iter(places.values())))
        await self.seek_wait(places)
        self._committed_offset.update(places)  # or what is done of what the group had done once is never counted

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """All between two events is in the later one, or marks of transactions: Faust would count it one by one."""

    def _new_offset(self, tp: TP) -> int | None:
        """Where whoever looks at the group sees it: behind the newest event that is done. They are done in order."""
        newest = max(self._acked[tp], default=None)
        self._acked[tp].clear()
        self._acked_index[tp].clear()
        return None if newest is None else newest + 1


def _of(offsets: Mapping[Any, int], place: Any) -> int:
    return next(at for other, at in offsets.items() if tuple(other) == tuple(place))


class _Transport(aiokafka.Transport):
    Consumer = _Consumer


class Agents(faust.App):
    """An app that keeps no files, and whose consumer is the one above."""

    def __init__(self, *names: Any, store: AgentStore, **settings: Any) -> None:
        super().__init__(*names, **settings)
        self.store = store

    def _new_transport(self) -> Any:
        return _Transport(self.conf.broker_consumer, self)

    def _create_directories(self) -> None:
        """There is nothing to put in any."""
