"""A proxy before the Kafka broker that makes an `EndTxn` come late, as a network may (reliability, row 2).

A frame is delayed (held before the broker) or replayed (the broker has it, its answer is lost), the client's connection
is cut, the client tries again, and the stale frame reaches the broker in the middle of the client's next transaction.
With the transaction protocol from before KIP-890 both carry the same epoch, so that the broker may take it.

Kafka tells its own address in its answers; host and port are as long as the proxy's, so they are put in their place.
"""

import asyncio
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from faults import frames
from faults.frames import Request

HOST = "127.0.0.1"
_TELL_ADDRESSES = {frames.METADATA, frames.FIND_COORDINATOR}
OTHER = -1
"""Api key of a frame that is no request that we know."""


class Manner(StrEnum):
    """What happens to the first frame."""

    DELAY = "delay"
    REPLAY = "replay"
    CUT = "cut"
    """As a replay, but nothing comes late: only the answer is lost."""


class _State(StrEnum):
    ARMED, CUT, NEXT, RELEASED = "armed", "cut", "next", "released"


@dataclass(eq=False)
class Injection:
    """One planned fault on one client's transaction; `transaction` None: whichever ends next.

    `after`: how many answers to Produce of the next transaction come before the stale frame; `commit`: only an EndTxn
    that commits (or that aborts) is taken; None: whichever is next.
    """

    transaction: str | None = None
    manner: Manner = Manner.DELAY
    after: int = 1
    commit: bool | None = None
    done: threading.Event = field(default_factory=threading.Event)
    error: int | None = None
    """The broker's answer to the stale frame: 0 means that it was taken."""
    committed: bool = False
    state: _State = _State.ARMED
    first: Request | None = None
    link: "_Link | None" = None
    seen: int = 0

    @property
    def taken(self) -> bool:
        """Whether the broker took the stale frame as one of the next transaction."""
        return self.error == 0


@dataclass(eq=False)
class _Link:
    """One client's connection and its own to the broker."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    up_reader: asyncio.StreamReader
    up_writer: asyncio.StreamWriter
    asked: dict[int, Request] = field(default_factory=dict)
    kept: bool = False
    """The client is cut, but the way to the broker stays until the stale frame has been answered."""

    def cut(self) -> None:
        """The client sees its connection end."""
        self.writer.transport.abort()


class Proxy:
    """Listens on a port of its own; in: the broker's port. Use as a context; other threads may call its methods."""

    def __init__(self, broker: int) -> None:
        self._broker = broker
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._injections: list[Injection] = []
        self._slow: dict[int, list[float]] = {}
        self._links: set[_Link] = set()
        self._server: asyncio.Server | None = None
        self._pumps: set[asyncio.Task[None]] = set()
        self.port = 0
        self.counts: dict[int, int] = {}
        """Requests seen, by api key."""

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._serve, HOST, 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def bootstrap(self) -> str:
        """Where clients connect."""
        return f"{HOST}:{self.port}"

    def inject(self, injection: Injection) -> Injection:
        """Plan a fault; its event `done` is set when the stale frame has been answered (or the client was cut)."""
        self._loop.call_soon_threadsafe(self._injections.append, injection)
        return injection

    def withdraw(self, injection: Injection) -> None:
        """Plan it no more."""

        def forget() -> None:
            if injection in self._injections:
                self._injections.remove(injection)
            if injection.link is not None:
                self._end(injection.link)

        self._loop.call_soon_threadsafe(forget)

    def slow(self, api: int, seconds: float, times: int = 1) -> None:
        """The next so many requests of this sort wait so long before they go on."""
        self._loop.call_soon_threadsafe(lambda: self._slow.setdefault(api, []).extend([seconds] * times))

    def cut_all(self) -> None:
        """Every connection ends."""
        self._loop.call_soon_threadsafe(lambda: [link.cut() for link in self._links])

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        for link in list(self._links):
            self._end(link)
        for pump in list(self._pumps):
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def _end(self, link: _Link) -> None:
        link.kept = False
        link.cut()
        link.up_writer.transport.abort()
        self._links.discard(link)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            up_reader, up_writer = await asyncio.open_connection(HOST, self._broker)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(reader, writer, up_reader, up_writer)
        self._links.add(link)
        for pump in (self._forward(link), self._backward(link)):
            task = asyncio.create_task(pump)
            self._pumps.add(task)
            task.add_done_callback(self._pumps.discard)

    async def _forward(self, link: _Link) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                request = _read(await frames.read(link.reader))
                self.counts[request.api] = self.counts.get(request.api, 0) + 1
                if waits := self._slow.get(request.api):
                    await asyncio.sleep(waits.pop())
                link.asked[request.correlation] = request
                if self._held(link, request):
                    break
                link.up_writer.write(frames.framed(request.data))
                await link.up_writer.drain()
        if not link.kept:
            self._end(link)

    async def _backward(self, link: _Link) -> None:
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                answer = await frames.read(link.up_reader)
                request = link.asked.get(frames.correlation(answer))
                if request is not None and not await self._answered(link, request, answer):
                    continue
                if request is not None and request.api in _TELL_ADDRESSES:
                    answer = answer.replace(_address(self._broker), _address(self.port))
                with suppress(OSError):
                    link.writer.write(frames.framed(answer))
                    await link.writer.drain()
        self._end(link)

    def _held(self, link: _Link, request: Request) -> bool:
        """Whether the frame stays here: a delayed EndTxn, whose client is cut."""
        for injection in self._injections:
            if injection.state is _State.ARMED and _concerns(injection, request):
                injection.first, injection.link, injection.committed = request, link, request.commits
                injection.transaction = request.transaction
                injection.state, link.kept = _State.CUT, True
                if injection.manner is Manner.DELAY:
                    link.cut()
                    return True
        return False

    async def _answered(self, link: _Link, request: Request, answer: bytes) -> bool:
        """Take note of an answer; whether the client may have it."""
        for injection in list(self._injections):
            if request is injection.first:
                if injection.state is _State.RELEASED:
                    injection.error = request.error(answer)
                elif injection.manner is not Manner.CUT:
                    link.cut()
                    return False
                self._finish(injection)
                return False
            if request.transaction is None or request.transaction != injection.transaction:
                continue
            again = request.api in (frames.END_TXN, frames.INIT_PRODUCER_ID)
            if injection.state is _State.CUT and again and request.error(answer) == 0:
                injection.state = _State.NEXT
            elif injection.state is _State.NEXT and request.api == frames.PRODUCE:
                injection.seen += 1
                if injection.seen >= injection.after:
                    await self._release(injection)
        return True

    async def _release(self, injection: Injection) -> None:
        """Send the stale frame, and wait for its answer: the client goes on only then."""
        link, first = injection.link, injection.first
        assert link is not None and first is not None
        injection.state = _State.RELEASED
        with suppress(OSError):
            link.up_writer.write(frames.framed(first.data))
            await link.up_writer.drain()
            while not injection.done.is_set() and link in self._links:
                await asyncio.sleep(0.001)

    def _finish(self, injection: Injection) -> None:
        assert injection.link is not None
        self._injections.remove(injection)
        self._end(injection.link)
        injection.done.set()


def _concerns(injection: Injection, request: Request) -> bool:
    return (
        request.api == frames.END_TXN
        and injection.transaction in (None, request.transaction)
        and injection.commit in (None, request.commits)
    )


def _read(data: bytes) -> Request:
    try:
        return frames.request(data)
    except (struct.error, IndexError, UnicodeDecodeError):
        return Request(OTHER, 0, 0, None, data)


def _address(port: int) -> bytes:
    return HOST.encode() + struct.pack(">i", port)
