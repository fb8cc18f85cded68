"""Commands that decide messages: run, check, send, and replay of what was decided."""

import shlex
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from math import inf
from pathlib import Path
from time import monotonic

from rich.text import Text

from broker import authorities
from broker.adapters.sql import read_model as archives
from broker.adapters.sql.read_model import Archive
from broker.cli import lines, list_view, missing_view, run_view, tables
from broker.cli.decision_view import decision
from broker.cli.interrupt import INTERRUPTED, between_lines
from broker.cli.keep_checkpoint import CheckpointTo, Keeper
from broker.cli.lines import Source
from broker.cli.options import HERE, AsJson, Data, File, Language, RegisterFile, Strict, clock
from broker.cli.output import Output, Stop
from broker.cli.tally import Tally
from broker.cli.telemetry import MetricsAddress, serve_metrics, tracing
from broker.cli.texts import Lang, Words, number
from broker.cli.verify import deliveries_line, public_key, reconcile_inboxes, report_line, verify_log
from broker.explanation.record import explanation
from broker.model.decision import Json
from broker.pipeline.pipeline import BATCH
from broker.ports.transport import Input
from broker.runtime import embedded
from broker.runtime.embedded import Embedded


@dataclass
class Run:
    """One reading of one source through the broker."""

    output: Output
    broker: Embedded
    source: Source
    template: Input
    recorded: bool = True
    batch: int = BATCH
    numbered: bool = True
    each: bool = False
    """Show each receipt as it comes, also for people."""
    look: Callable[[], None] | None = None
    """Measures how things stand, where anybody asks for that."""

    def __post_init__(self) -> None:
        self.tally = Tally()
        self._archive = Archive(self.broker.connection)
        self._live = self.template.proven is not None

    def through(self) -> float:
        """Handle every line; gives the seconds that it took. Raises Stop when interrupted."""
        started = monotonic()
        words = self.output.words
        try:
            with (
                self.output.progress(words("handling"), self.source.size) as advance,
                between_lines() as interrupt,
            ):
                for receipt in self.broker.pipeline.run(self._inputs(interrupt.lines(self.source)), self.batch):
                    self.tally.add(receipt)
                    self._print_receipt(receipt)
                    if self.tally.lines % BATCH == 0:
                        self._settle()
                        advance(self.source.stream.tell() if self.source.size is not None else 0, self.tally.lines)
            self._settle()
        except KeyboardInterrupt:
            sentence = "interrupted" if self.recorded else "interrupted_check"
            raise Stop(INTERRUPTED, words(sentence, lines=number(self.tally.lines))) from None
        return monotonic() - started

    def _inputs(self, lines: Iterator[bytes]) -> Iterator[Input]:
        for n in count(1):
            self.output.flush()  # receipts so far are out before the next line is waited for
            line = next(lines, None)
            if line is None:
                return
            number_ = n if self.numbered else None
            yield replace(self.template, line=line, number=number_, now=clock() if self._live else None)

    def _print_receipt(self, receipt: Json) -> None:
        if self.output.as_json:
            engine = self.broker.engine
            self.output.receipt(receipt if self.recorded else missing_view.of_trial(receipt, self._archive, engine))
        elif self.each:
            self.output.show(list_view.receipt(self.output.words, receipt))

    def _settle(self) -> None:
        """Sort what has been counted; a program that reads is told no kinds, but the counts must not pile up either."""
        self.tally.sort({} if self.output.as_json else self._archive.kinds(self.tally.waiting))
        if self.look:
            self.look()

    def summary(self, seconds: float) -> str:
        """Lines, lines in quarantine by code, and the rate."""
        return summary(self.output.words, self.tally.lines, self.tally.codes, seconds)

    def show(self) -> None:
        """What it came to, for people."""
        output, tally, words = self.output, self.tally, self.output.words
        if tally.lines:
            output.show(tables.heading(words("outcomes_heading")), run_view.outcomes(words, tally))
        if tally.rules:
            output.show(tables.heading(words("rules_heading")), run_view.rules(words, tally))
        if tally.asks:
            output.show(tables.heading(words("asks_heading")), run_view.asks_table(words, tally))
        if tally.telling:
            [record] = self._archive.records(seq=tally.telling["audit"]["seq"])
            explained = explanation(record, self.broker.engine)
            output.show(tables.heading(words("decision_heading")), decision(words, explained, output.width))
        if not self.recorded and (kept := [one for one in tally.first_kept if one is not tally.telling]):
            in_full = (missing_view.tried_in_full(one, self._archive, self.broker.engine) for one in kept)
            lines = (list_view.receipt(words, one) for one in in_full)
            output.show(tables.heading(words("kept_heading")), *lines)
            if more := tally.kept - len(tally.first_kept):
                output.show(Text(words("kept_more", n=number(more)), style="dim"))
        if tally.unusable:
            output.show(tables.heading(words("quarantine_heading")), run_view.unusable(words, tally))
            if self.recorded:
                output.show(*list_view.advice(words, tally.codes))


def summary(words: Words, lines: int, codes: Counter[str], seconds: float) -> str:
    rate = number(round(lines / max(seconds, 0.001)))
    if not codes:
        return words("handled", lines=number(lines), rate=rate)
    bad = ", ".join(f"{number(n)} {words.term('errors', code)}" for code, n in codes.most_common())
    return words("handled_bad", lines=number(lines), bad=number(codes.total()), codes=bad, rate=rate)


def run(
    file: File,
    *,
    data: Data = HERE,
    register: RegisterFile = None,
    metrics: MetricsAddress = None,
    checkpoint_to: CheckpointTo = None,
    strict: Strict = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Decide, record and deliver every message of a file, in order."""
    known = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=known)
    with ExitStack() as stack:
        source = stack.enter_context(lines.open_source(file))
        observer = stack.enter_context(serve_metrics(metrics, output, stuck=inf))
        metrics_, traced = observer.metrics if observer else None, stack.enter_context(tracing("run"))
        broker = stack.enter_context(embedded.embedded(data, known, metrics_, traced))
        stack.callback(Keeper(checkpoint_to, Archive(broker.connection)).keep)
        look = partial(observer.look, broker, known, data) if observer else None
        running = Run(output, broker, source, Input(b"", source=source.name), look=look)
        seconds = running.through()
        if not as_json:
            running.show()
    if as_json:
        output.flush()
        output.note(running.summary(seconds))
        with archives.open_archive(data) as archive:
            last = archive.last_checkpoint()
        if last:
            output.note(last.note.rstrip("\n"))
    else:
        _log_shown(output, data)
        output.show(Text(f"\n{running.summary(seconds)}", style="bold"))
        if telling := running.tally.telling:
            place = "" if data == HERE else f" --data {shlex.quote(str(data))}"
            output.raw(output.words("try_next", message=telling["message"], place=place) + "\n")
    judge(running.tally.unusable, strict=strict)


def judge(unusable: int, *, strict: bool) -> None:
    """Raise Stop where lines that were not usable are to be an answer of no."""
    if strict and unusable:
        raise Stop(1)


def _log_shown(output: Output, data: Path) -> None:
    """Verify the whole log and show the checkpoint to keep. Raises Stop when it does not verify."""
    words = output.words
    with archives.open_archive(data) as archive:
        report, deliveries = verify_log(archive, public_key(str(data)), output), reconcile_inboxes(archive)
        last = archive.last_checkpoint()
    output.show(tables.heading(words("log_heading")))
    output.show(report_line(words, report), deliveries_line(words, deliveries))
    if last:
        output.show(Text(f"{words('keep_checkpoint')}\n", style="dim"))
        output.raw(last.note)
    if not report.ok or not deliveries.ok:
        raise Stop(1)


def check(
    file: File,
    *,
    data: Data = HERE,
    register: RegisterFile = None,
    strict: Strict = False,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Decide every message of a file on a throw-away copy: nothing is recorded or delivered."""
    known = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=known)
    with ExitStack() as stack:
        source = stack.enter_context(lines.open_source(file))
        broker = stack.enter_context(embedded.trial(data, known))
        running = Run(output, broker, source, Input(b"", source=source.name), recorded=False)
        seconds = running.through()
        if not as_json:
            running.show()
    output.flush()
    if as_json:
        output.note(running.summary(seconds))
    else:
        text = Text(f"\n{output.words('nothing_recorded')}", style="cyan")
        output.show(text, Text(running.summary(seconds), style="bold"))
    judge(running.tally.unusable, strict=strict)
