"""The command serve: the live broker of one machine, until it is told to stop."""

import json
import logging
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Annotated

import typer

from broker import bundle, settings, topics
from broker.adapters.files import register_file
from broker.adapters.files.spool import LARGEST, Dropped, Spool, Taken
from broker.adapters.sql import data_folder
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.read_model import Archive
from broker.authorities import Register
from broker.cli import journal
from broker.cli.keep_checkpoint import CheckpointTo, Keeper
from broker.cli.lines import lines
from broker.cli.options import HERE, AsJson, Data, Language, RegisterFile, clock
from broker.cli.output import Output, Stop
from broker.cli.publishing import EVERY, PublishEvery, PublishTo, WitnessAt, publishing
from broker.cli.stop import stopping
from broker.cli.telemetry import MetricsAddress, Observer, serve_metrics, tracing
from broker.cli.texts import Lang
from broker.model.days import swedish_day
from broker.model.vocabulary import Outcome
from broker.pipeline.anonymity import is_nameless
from broker.pipeline.pipeline import BATCH
from broker.ports.telemetry import UNMEASURED
from broker.ports.tracing import UNTRACED, Tracing
from broker.ports.transport import Handled, Input
from broker.runtime import embedded
from broker.runtime.embedded import Embedded

SPOOL = Path("samband-spool")
POLL = 0.5
"""Seconds between two looks into the drop folders, where there was nothing to do."""

TICK = 10.0
"""Seconds between two looks at the clocks."""

REREAD = 2.0
"""Seconds between two looks at the file of the register."""

_LOG = logging.getLogger("samband.serve")
_DAY = 86_400.0
"""Seconds between two looks for what is kept no longer."""

SHARE = BATCH
"""Lines of one authority that are handled before it is the next one's turn."""

_ASIDE = 60.0
"""Seconds for which a file that can't be read, or not be answered, is left alone."""


@dataclass
class _Reading:
    """A file in the middle of its lines."""

    dropped: Dropped
    taken: Taken
    inputs: Iterator[Input]
    stack: ExitStack


@dataclass
class _Folder:
    """The folder of an authority or a desk: the file that is being read, and those that wait."""

    spool: Spool
    name: str
    address: str
    reading: _Reading | None = None
    waiting: deque[Dropped] = field(default_factory=deque)
    aside: dict[str, float] = field(default_factory=dict)
    """Files that could not be handled, and until when they are left alone."""

    def close(self) -> None:
        """Let go of the file, which stays where it is."""
        if self.reading is not None:
            self.reading.stack.close()
            self.reading = None


@dataclass
class Service:
    """Takes files as they come, in fair shares, and lets the clocks run."""

    output: Output
    broker: Embedded
    spools: Sequence[Spool]
    parties: register_file.RegisterFile
    data: Path
    observer: Observer | None
    stopped: Event
    keeper: Keeper | None = None
    tracing: Tracing = UNTRACED
    _ticked: float = field(default=float("-inf"), init=False)
    _purged: float = field(default=float("-inf"), init=False)
    _reread: float = field(default_factory=monotonic, init=False)
    _noted: set[str] = field(default_factory=set, init=False)
    _folders: dict[tuple[Spool, str], _Folder] = field(default_factory=dict, init=False)

    @property
    def register(self) -> Register:
        """Who may take part, as it is now."""
        return self.parties.register

    def until_stopped(self) -> None:
        """Go round until told to stop. What is being decided then is finished."""
        try:
            while not self.stopped.is_set():
                if not self.turn():
                    self.stopped.wait(POLL)
        finally:
            for folder in self._folders.values():
                folder.close()

    def turn(self) -> bool:
        """Look once at the clocks, and handle one share of each folder. Whether any had something."""
        worked = False
        for spool in self.spools:
            for name in spool.authorities():
                folder = self._folder(spool, name)
                worked = (folder is not None and self._share(folder)) or worked
                self._time_passes()
        self._time_passes()
        self._reread_register()
        self._hand_over()
        self._keep()
        self.output.flush()
        return worked

    def _keep(self) -> None:
        """The newest checkpoint; a disk that does not take it stops nobody."""
        try:
            if self.keeper is not None:
                self.keeper.keep()
        except Stop:
            self._note_once(str(self.keeper and self.keeper.file), "checkpoint_not_kept")

    def _reread_register(self) -> None:
        """A newcomer needs no restart; a file that can't be used changes nothing, and is told of once."""
        if monotonic() - self._reread < REREAD:
            return
        self._reread = monotonic()
        if self.parties.look():
            self._noted.clear()  # a folder whose authority was unknown may be one's now

    def _hand_over(self) -> None:
        """The log goes on under its next key, where one waits: nothing is being decided now."""
        if self.broker.hand_over():
            _LOG.info("the log's key is handed over")

    def _time_passes(self) -> None:
        if monotonic() - self._ticked >= TICK:
            self.broker.pipeline.tick(clock())
            self._ticked = monotonic()
        if monotonic() - self._purged >= _DAY:
            self.broker.pipeline.purge(clock() - timedelta(days=settings.quarantine().days))
            embedded.erase(self.broker, swedish_day(clock()))
            self._purged = monotonic()
        if self.observer:
            self.observer.look(self.broker, self.register, self.data)

    def _folder(self, spool: Spool, name: str) -> _Folder | None:
        """The folder, where its name is an authority's and its permissions prove that."""
        located = self.register.locate(topics.address(name))
        if located is None:
            self._note_once(name, "spool_unknown")
            return None
        try:
            shared = spool.proves_nothing(name)
        except OSError:  # it has gone
            return None
        if shared:
            self._note_once(name, "spool_open")
            return None
        return self._folders.setdefault((spool, name), _Folder(spool, name, located.address))

    def _note_once(self, name: str, why: str) -> None:
        if (place := f"{name} {why}") not in self._noted:
            self._noted.add(place)
            _say(self.output, why, folder=name)

    def _share(self, folder: _Folder) -> bool:
        """Handle lines of its files, the oldest first, at most a share of them. Whether there were any."""
        left = SHARE
        while left > 0 and not self.stopped.is_set():
            reading = folder.reading or self._next(folder)
            if reading is None:
                break
            left -= self._read(folder, reading, left)
        return left < SHARE

    def _next(self, folder: _Folder) -> _Reading | None:
        """Take the oldest file that is whole."""
        while dropped := self._oldest(folder):
            stack = ExitStack()
            try:
                taken = stack.enter_context(folder.spool.take(dropped))
            except OSError:
                self._set_aside(folder, dropped)
                continue
            folder.reading = _Reading(dropped, taken, self._inputs(taken, dropped, folder.address), stack)
            return folder.reading
        return None

    def _oldest(self, folder: _Folder) -> Dropped | None:
        if not folder.waiting:
            now = monotonic()
            folder.aside = {source: until for source, until in folder.aside.items() if until > now}
            with suppress(OSError):
                dropped = folder.spool.waiting(folder.name, clock())
                folder.waiting.extend(one for one in dropped if self._is_due(folder, one))
        return folder.waiting.popleft() if folder.waiting else None

    def _is_due(self, folder: _Folder, dropped: Dropped) -> bool:
        if dropped.size > LARGEST:
            self._note_once(folder.name, "spool_too_large")
            return False
        return dropped.rests and dropped.source not in folder.aside

    def _set_aside(self, folder: _Folder, dropped: Dropped) -> None:
        folder.aside[dropped.source] = monotonic() + _ASIDE
        self._note_once(folder.name, "spool_unreadable")

    def _read(self, folder: _Folder, reading: _Reading, most: int) -> int:
        """Handle so many lines of a file; when they were its last, show the receipts. Gives how many there were."""
        count = 0
        try:
            for committed in self.broker.pipeline.batches(islice(reading.inputs, most)):
                self.tracing.end(committed)
                for handled in committed:
                    count += 1
                    self._write_answer(reading, handled)
            if count < most and not self.stopped.is_set():
                if not reading.taken.done():
                    _say(self.output, "spool_grew", folder=folder.name)
                folder.close()
        except OSError:
            folder.close()
            self._set_aside(folder, reading.dropped)
        return count

    def _write_answer(self, reading: _Reading, handled: Handled) -> None:
        """The receipt, in its place among the others. One that may be anonymous leads from here to no record."""
        receipt = handled.receipt
        answer = {**receipt, "message": None, "audit": None} if is_nameless(handled.leaf) else receipt
        reading.taken.receipts.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        if self.output.as_json:
            self.output.receipt(receipt)
        if self.observer and receipt["outcome"] == Outcome.FORWARD.value:
            self.observer.metrics.observe_delivery((clock() - reading.dropped.arrived).total_seconds())

    def _inputs(self, taken: Taken, dropped: Dropped, address: str) -> Iterator[Input]:
        for place, line in enumerate(lines(taken.given), 1):
            if self.stopped.is_set():
                return
            if self.observer:
                self.observer.health.mark_turn()
            yield Input(line, number=place, source=dropped.source, proven=address, now=dropped.arrived)


def serve(
    *,
    spool: Annotated[
        Path, typer.Option(metavar="DIR", help="Holds a folder for each that sends, named as it.")
    ] = SPOOL,
    data: Data = HERE,
    register: RegisterFile = None,
    metrics: MetricsAddress = None,
    checkpoint_to: CheckpointTo = None,
    publish_to: PublishTo = None,
    publish_every: PublishEvery = EVERY,
    witness: WitnessAt = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Run the live broker until it is stopped: sends the files that authorities leave in their folders; clocks run.

    Write a file under a name that begins with a dot, then rename it: it is taken at once. One that is written under its
    own name is taken when it has stood still for 10 seconds. What one authority leaves never keeps the others waiting.
    The operator makes the folders, and gives each to the account of its authority (chown), which alone may write there.
    That of a desk has a dot: kommun-0127.social_services. A register file that changes meanwhile is read again.
    """
    output = Output(lang, as_json=as_json)
    journal.begin("serve")
    with ExitStack() as stack:
        stopped = stack.enter_context(stopping())
        folders = Spool(spool)
        observer = stack.enter_context(serve_metrics(metrics, None))
        metrics_ = observer.metrics if observer else None
        parties = register_file.RegisterFile(register, metrics_ or UNMEASURED)
        traced = stack.enter_context(tracing("serve"))
        broker = stack.enter_context(embedded.embedded(data, parties.register, metrics_, traced))
        stack.enter_context(data_folder.serve(data))
        stack.enter_context(publishing(partial(archives.open_archive, str(data)), publish_to, witness, publish_every))
        journal.note_start(
            "serve",
            law=bundle.load().revision[:12],
            register=parties.facts,
            data=str(data),
            spool=str(spool),
            metrics=observer.url if observer else None,
        )
        own = Spool(data / data_folder.HANDED)
        keeper = Keeper(checkpoint_to, Archive(broker.connection))
        keeper.keep()
        Service(output, broker, (folders, own), parties, data, observer, stopped, keeper, traced).until_stopped()
        keeper.keep()
    _LOG.info("stopped: what is recorded stands")


def _say(output: Output, event: str, **values: object) -> None:
    """What the operator is to put right, in the log."""
    _LOG.warning("%s", output.words(event, **values), extra={"event": event})
