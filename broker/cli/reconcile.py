"""The command that compares what lies on Kafka: `samband reconcile`."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from broker import settings
from broker.adapters.files import register_file
from broker.adapters.files.signing import TokenKey
from broker.adapters.sql import reconcile_state
from broker.adapters.sql.reconcile_state import ComparedState
from broker.authorities import Address
from broker.cli import journal
from broker.cli.options import AsJson, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.stop import stopping
from broker.cli.tables import table
from broker.cli.telemetry import MetricsAddress, service
from broker.cli.texts import Lang, number
from broker.log.reconcile_topics import Correspondence, Position, Positions
from broker.log.reconcile_topics import reader as position_reader
from broker.ports.faults import Away
from broker.ports.health import KAFKA, Health
from broker.ports.telemetry import Metrics, oldest

if TYPE_CHECKING:
    from threading import Event

    from broker.adapters.kafka.compared_topics import ComparedTopics
    from broker.runtime.register import FollowedRegister


_PAUSE = 1.0
"""Seconds before another try when Kafka is away."""
_PATIENCE = 60.0
"""Seconds for which it is waited for where all is compared once."""
_SAVED = 10.0
"""Seconds between two times that how far it has come is kept, while much is read; more where that takes long."""
_SHARE = 20.0
"""Of its time, so many times what keeping takes goes to reading."""
_ROUNDS = 6
"""From one look at what has been fetched to the next: once a minute, where a round takes ten seconds."""
_LOG = logging.getLogger("samband.reconcile")


def reconcile(
    *,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="Keep there how far it has come, and go on from there."),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Compare what is there now, and stop.")] = False,
    every: Annotated[float, typer.Option(min=0.1, max=3600.0, metavar="S", help="Seconds between looks.")] = 10.0,
    grace: Annotated[
        float, typer.Option(min=0.1, max=600.0, metavar="S", help="Seconds until all of a transaction can be seen.")
    ] = 2.0,
    register: RegisterFile = None,
    metrics: MetricsAddress = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Compare outboxes, log and inboxes one to one, until stopped. Exit status 1 when anything differs.

    Without --state, or where that file is lost, everything is compared from the start. Logs in as SAMBAND_KAFKA_USER
    (samband.reconcile); SAMBAND_KEYS holds the key behind the tokens of positions. The register tells of what kind an
    authority is that has not fetched.
    """
    output = Output(lang, as_json=as_json)
    if not once:
        journal.begin("reconcile")
    try:
        from broker.adapters.kafka import compared_topics  # noqa: PLC0415 - an extra
        from broker.runtime.register import FollowedRegister  # noqa: PLC0415 - an extra
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    login, tokens = settings.kafka_user(), TokenKey(settings.keys() / "token.key", create=False)
    between = max(every, grace)
    with (
        stopping() as stop,
        service(metrics, (KAFKA,), between=between) as (measured, health, at),
        reconcile_state.open_state(state, tokens.oldest.key_id) as kept,
    ):
        known = register_file.RegisterFile(register, measured)
        journal.note_start(
            "reconcile",
            register=known.facts,
            goes_on=str(state) if kept.load("topics") else None,
            metrics=at,
            **settings.addresses("kafka"),
        )
        progress = _Progress(measured, health, output, FollowedRegister(known, login))
        comparing = _Comparing(kept, stop, progress, grace, position_reader(tokens))
        until = monotonic() + _PATIENCE if once else inf
        while not stop.is_set():
            try:
                with compared_topics.open_topics(login, tokens, kept.load("topics")) as topics_:
                    if not topics_.is_another:
                        comparing.follow(topics_, None if once else between)
                        break
                _LOG.warning("what was compared before is of another cluster: all is compared again from the start")
                kept.forget()
            except Away as away:
                comparing.waits(away)
                if monotonic() > until:
                    raise
                stop.wait(_PAUSE)
        compared = comparing.compared
    if not as_json:
        _show(output, compared)
    output.flush()
    if not compared.ok:
        raise Stop(1)


@dataclass(frozen=True)
class _Progress:
    """Who is told how it goes."""

    metrics: Metrics
    health: Health
    output: Output
    register: "FollowedRegister"

    def mark_up(self) -> None:
        """Kafka has answered."""
        self.health.mark_turn()
        self.health.mark_up(KAFKA)

    def mark_down(self, away: Away) -> None:
        """Kafka has not."""
        self.health.mark_down(away.component, away)
        self.health.mark_turn()
        self.metrics.count_retry(away.component)

    def set_unfetched(self, waiting: Iterable[tuple[str, int]] | None) -> None:
        """In these inboxes something waits since then; None: this user may not see it."""
        if waiting is None:
            _LOG.warning("what is fetched is not measured: samband provision gives the right to see it")
            return
        own = ((Address.read(inbox).authority, at) for inbox, at in waiting)
        self.metrics.set_unfetched(oldest(own, self.register.file.register.kind))

    def show_comparison(self, compared: Correspondence) -> None:
        """So far they agree, or do not. A register that has changed is taken in."""
        self.register.look()
        self.metrics.set_differences(compared.counts)
        if self.output.as_json:
            first = [{"sort": one.sort, "position": one.position, "box": one.box} for one in compared.first]
            counts = {"ok": compared.ok, "agree": compared.agree, "under_way": compared.under_way}
            self.output.line({**counts, "differences": compared.counts, "first": first})
            self.output.flush()


class _Comparing:
    """Reads and compares, time after time, over as many connections as it takes."""

    def __init__(
        self,
        kept: ComparedState,
        stop: "Event",
        output: "_Progress",
        grace: float,
        positions: Positions,
    ) -> None:
        self._kept = kept
        self._stop = stop
        self._told = output
        self._grace = grace
        self._positions = positions
        self._to_save = -inf
        self.compared = self._resume()

    def follow(self, topics_: "ComparedTopics", every: float | None) -> None:
        """Go on from what is kept; what is missing is said from the second time on. `every` None: twice.

        Raises Away.
        """
        topics_.look()
        self.compared = self._resume(topics_.at)
        self.compared.from_now_on(topics_.sources())
        self._to_save, rounds, handled = monotonic() + _SAVED, 0, topics_.handled_offsets()
        while not self._stop.is_set():
            started = monotonic()
            before, handled = handled, topics_.handled_offsets()
            if not topics_.read(self.compared, monotonic, lambda: self._turn(topics_)):
                return self._save(topics_)
            rounds += 1
            if rounds > 1:
                self.compared.judge(started - self._grace, before, topics_)
                self._told.show_comparison(self.compared)
            if every is not None and rounds % _ROUNDS == 1:
                self._told.set_unfetched(topics_.unfetched_inboxes())
            self._save(topics_)
            if rounds > 1 and every is None:
                break
            self._told.mark_up()
            self._stop.wait(every or self._grace)
            topics_.look()
            self.compared.from_now_on(topics_.sources())

    def waits(self, away: Away) -> None:
        """Kafka is away: what was read since it was last kept is read again."""
        self._kept.undo()
        self._told.mark_down(away)

    def _resume(self, at: Callable[[Position], Position] = lambda position: position) -> Correspondence:
        def read(text: str | None) -> Position | None:
            position = self._positions(text)
            return at(position) if position else None

        compared = Correspondence({}, self._kept, read)
        if (before := self._kept.load("compared")) is not None:
            compared.resume(before, monotonic())
        return compared

    def _turn(self, topics_: "ComparedTopics") -> bool:
        """Much is read: it still goes on, and what has been read is kept now and then."""
        self._told.mark_up()
        if monotonic() > self._to_save:
            self._save(topics_)
        return not self._stop.is_set()

    def _save(self, topics_: "ComparedTopics") -> None:
        begun = monotonic()
        self._kept.save(topics=topics_.state(), compared=self.compared.state())
        now = monotonic()
        self._to_save = now + max(_SAVED, _SHARE * (now - begun))


def _show(output: Output, compared: Correspondence) -> None:
    words = output.words
    counts = {"agree": number(compared.agree), "under_way": number(compared.under_way)}
    if compared.ok:
        output.show(Text(f"✓ {words('corresponds', **counts)}", style="green"))
        return
    output.show(Text(f"✕ {words('does_not_correspond', **counts)}", style="bold red"))
    rows = table(*map(words, ("difference", "number")), right=(1,))
    for sort, n in compared.counts.items():
        if n:
            rows.add_row(words.term("differences", sort), number(n))
    output.show(rows)
    for one in compared.first:
        output.show(Text(f"  {one.sort} {one.position}{f' → {one.box}' if one.box else ''}", style="dim"))
