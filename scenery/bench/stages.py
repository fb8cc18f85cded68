"""The command that measures where an embedded broker's processor time goes: python -m scenery.bench.stages."""

import json
import os
import platform
import resource
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.text import Text

from broker import authorities
from broker.cli.options import AsJson, Language
from broker.cli.output import Output
from broker.cli.tables import heading, table
from broker.cli.texts import Lang, number
from broker.ports.transport import Input
from broker.runtime import embedded
from broker.runtime.embedded import Embedded
from scenery.bench import clocks
from scenery.bench.load import Backlog, House, Independent, Work
from scenery.bench.measure import CHANCE, chance, percentile
from scenery.bench.texts import text

STAGES = tuple(stage for stage in clocks.STAGES if stage != "kafka")
LOADS = (Independent.load, Backlog.load)
_RATE = 200
"""Messages a second of the live stream."""


def run(load: str, messages: int, turn: int) -> dict[str, Any]:
    """One run over an empty folder: messages a second, processor milliseconds a message by stage, a live stream's p99.

    A quarter of the messages warms up first; as many come one by one at a fixed rate at the end.
    """
    with TemporaryDirectory(prefix="samband-stages-") as name:
        folder, all_ = Path(name), messages + messages // 2
        backlog = Backlog(folder) if load == Backlog.load else None
        work: Work = backlog or Independent(house := House(folder), len(house.ids))
        given = backlog.backlog(all_, turn) if backlog else work.messages(all_)
        quarter = messages // 4
        inputs = [Input(sent.line, number=n, source="bench") for n, sent in enumerate(given, 1)]
        with embedded.embedded(folder / "data", authorities.load(work.register)) as broker:
            for _ in broker.pipeline.run(inputs[:quarter]):
                pass
            with clocks.running() as running:
                begun, spent = time.perf_counter(), time.process_time()
                count = sum(1 for _ in broker.pipeline.run(inputs[quarter : quarter + messages]))
                took, spent = time.perf_counter() - begun, time.process_time() - spent
                by_stage = {stage: 1000 * seconds / count for stage, seconds in running.seconds.items()}
            late = _live(broker, inputs[quarter + messages :])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rate": count / took, "ms": 1000 * spent / count, "stages": by_stage, "p99": late, "mb": memory}


def _live(broker: Embedded, inputs: Sequence[Input]) -> float:
    """Milliseconds from when a message should have come to when it is durable, which 99 of 100 do not exceed."""
    begin, took = time.perf_counter(), list[float]()
    for n, given in enumerate(inputs):
        time.sleep(max(0.0, begin + n / _RATE - time.perf_counter()))
        for _ in broker.pipeline.run([given], batch=1):
            took.append((time.perf_counter() - begin - n / _RATE) * 1000)
    return percentile(sorted(took), 99.0)


def stages(
    *,
    messages: Annotated[int, typer.Option(min=40, metavar="N", help="Messages of each run.")] = 2000,
    runs: Annotated[int, typer.Option(min=1, max=10, metavar="N", help="Runs of each load.")] = 5,
    beside: Annotated[Path | None, typer.Option(metavar="FILE", help="Figures of another version.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to keep the figures.")] = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Measure where an embedded broker's processor time goes, on requests and on conversations."""
    output = Output(lang, as_json=as_json)
    figures = {load: [run(load, messages, turn) for turn in range(runs)] for load in LOADS}
    machine = {"processors": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    told = {"machine": machine, "messages": messages, "runs": figures}
    if out is not None:
        out.write_text(json.dumps(told, indent=2), "utf-8")
    if as_json:
        output.line(told)
        return
    _show(output, lang, figures, json.loads(beside.read_bytes())["runs"] if beside else {})


def _show(
    output: Output,
    lang: Lang,
    figures: Mapping[str, Sequence[Mapping[str, Any]]],
    others: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    columns = [text(lang, name) for name in ("load", "per_second", "cpu", *STAGES, "p99_live")]
    rows = table(*columns, right=range(1, len(columns)), whole=(0,))
    for load, runs in figures.items():
        shares = (f"{median(one['stages'][name] for one in runs):.2f}" for name in STAGES)
        rates = sorted(one["rate"] for one in runs)
        spread = f"{number(round(median(rates)))} ({number(round(rates[0]))}–{number(round(rates[-1]))})"
        late = f"{median(one['p99'] for one in runs):.1f}"
        rows.add_row(text(lang, load), spread, f"{median(one['ms'] for one in runs):.2f}", *shares, late)
    output.show(heading(text(lang, "stages_title")), rows)
    for load, runs in figures.items():
        spent, memory = median(one["ms"] for one in runs), max(one["mb"] for one in runs)
        sized = {"load": text(lang, load), "cores": number(round(100 * spent)), "mb": number(round(memory))}
        output.show(Text(text(lang, "sizing", **sized)))
        if before := [one["ms"] for one in others.get(load, ())]:
            ours = [one["ms"] for one in runs]
            likely = chance(ours, before)
            key = "differs" if likely < CHANCE else "no_difference"
            told = {"ratio": f"{median(ours) / median(before):.2f}", "chance": f"{likely:.3f}"}
            output.show(Text(text(lang, key, load=text(lang, load), **told)))


if __name__ == "__main__":
    typer.run(stages)
