"""The command serve: the live broker of one machine, until it is told to stop."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Annotated, BinaryIO

import typer

from broker import authorities, bootstrap
from broker.adapters.spool import Dropped, Spool
from broker.authorities import Authority, Register
from broker.bootstrap import Embedded
from broker.cli.observing import MetricsAddress, Observer, observed
from broker.cli.options import HERE, AsJson, Data, Language, RegisterFile, clock
from broker.cli.output import Output
from broker.cli.sources import lines
from broker.cli.stopping import stopping
from broker.cli.texts import Lang
from broker.ports import Input
from broker.vocabulary import Outcome

SPOOL = Path("samband-spool")
POLL = 0.5
"""Seconds between two looks into the drop folders."""

TICK = 10.0
"""Seconds between two looks at the clocks."""


@dataclass
class _Service:
    """Takes files as they come, and lets the clocks run."""

    output: Output
    broker: Embedded
    spool: Spool
    register: Register
    data: Path
    observer: Observer | None
    stopped: Event
    _ticked: float = field(default=float("-inf"), init=False)
    _noted: set[str] = field(default_factory=set, init=False)

    def until_stopped(self) -> None:
        """Go round until told to stop. What is being decided then is finished."""
        while not self.stopped.is_set():
            self.turn()
            self.stopped.wait(POLL)

    def turn(self) -> None:
        """Look once at the clocks and into every folder."""
        for name in self.spool.authorities():
            for dropped in self._waiting(name):
                self._take(dropped)
                self._time_passes()
        self._time_passes()
        self.output.flush()

    def _time_passes(self) -> None:
        if monotonic() - self._ticked >= TICK:
            self.broker.pipeline.tick(clock())
            self._ticked = monotonic()
        if self.observer:
            self.observer.look(self.broker, self.register, self.data)

    def _waiting(self, name: str) -> list[Dropped]:
        if self._sender(name) is None:
            self._note_once(name, "spool_unknown")
        elif self.spool.open_to_all(name):
            self._note_once(name, "spool_open")
        else:
            return self.spool.waiting(name)
        return []

    def _sender(self, name: str) -> Authority | None:
        return self.register.find(name)

    def _note_once(self, name: str, why: str) -> None:
        if (place := f"{name} {why}") not in self._noted:
            self._noted.add(place)
            self.output.note(self.output.words(why, folder=name))

    def _take(self, dropped: Dropped) -> None:
        sender = self._sender(dropped.authority)
        if sender is None or self.stopped.is_set():
            return
        try:
            with self.spool.taken(dropped) as taken:
                for receipt in self.broker.pipeline.run(self._inputs(taken.given, dropped, sender)):
                    taken.receipts.write(json.dumps(receipt, ensure_ascii=False).encode() + b"\n")
                    if self.output.as_json:
                        self.output.receipt(receipt)
                    if self.observer and receipt["outcome"] == Outcome.FORWARD.value:
                        self.observer.metrics.delivered((clock() - dropped.arrived).total_seconds())
                if not self.stopped.is_set():
                    taken.done()
        except OSError:
            self._note_once(dropped.authority, "spool_unreadable")

    def _inputs(self, given: BinaryIO, dropped: Dropped, sender: Authority) -> Iterator[Input]:
        for number, line in enumerate(lines(given), 1):
            if self.stopped.is_set():
                return
            if self.observer:
                self.observer.health.turned()
            yield Input(line, number=number, source=dropped.source, proven=sender.id, now=dropped.arrived)


def serve(
    *,
    spool: Annotated[
        Path, typer.Option(metavar="DIR", help="Holds a folder for each authority that sends, named as it.")
    ] = SPOOL,
    data: Data = HERE,
    register: RegisterFile = None,
    metrics: MetricsAddress = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Run the live broker until it is stopped: sends the files that authorities leave in their folders; clocks run."""
    output = Output(lang, as_json=as_json)
    known = authorities.load(register)
    with ExitStack() as stack:
        stopped = stack.enter_context(stopping())
        folders = Spool(spool)
        observer = stack.enter_context(observed(metrics, output))
        told = observer.metrics if observer else None
        broker = stack.enter_context(bootstrap.embedded(data, known, told))
        output.note(output.words("serving", spool=spool))
        _Service(output, broker, folders, known, data, observer, stopped).until_stopped()
    output.note(output.words("served"))
