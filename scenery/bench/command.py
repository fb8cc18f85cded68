"""The command that measures: `samband bench`, or python -m scenery.bench.command."""

import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from rich.text import Text

from broker import settings
from broker.cli.options import AsJson, Language
from broker.cli.output import Output, Stop
from broker.cli.tables import heading, table
from broker.cli.texts import Lang, number
from scenery.bench.clocks import STAGES
from scenery.bench.measure import CHANCE, Row, compare
from scenery.bench.texts import text

_AIMS: Mapping[tuple[str, str], Callable[[int], float | None]] = {
    ("worker", "forwarder"): lambda authorities: 0.8 if authorities > 100 else 0.3,
    ("worker", "asking"): lambda _: 30.0,
    ("worker_forgetful", "forwarder"): lambda _: None,
    ("embedded", "forwarder"): lambda _: None,
}
"""How fast one way should be beside another, by the number of authorities."""
_LOADS = ("independent", "conversation")
_WAYS = ("forwarder", "asking", "worker", "worker_forgetful", "embedded")


def bench(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Small: eight authorities, two seconds each.")] = False,
    authorities: Annotated[
        list[int] | None,
        typer.Option(min=1, max=620, metavar="N", help="How many send; may be repeated. Left out: 620, and 8."),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.5, max=600, metavar="S", help="Of each measurement, about.")] = 8.0,
    runs: Annotated[int, typer.Option(min=1, max=20, metavar="N", help="Runs of each throughput.")] = 5,
    rate: Annotated[
        list[float] | None, typer.Option(min=1, metavar="R", help="Messages a second for latency; may be repeated.")
    ] = None,
    way: Annotated[list[str] | None, typer.Option(metavar="WAY", help=f"Only these of {', '.join(_WAYS)}.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the figures.")] = Path("samband-bench"),
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Measure ways of forwarding side by side, on a Kafka where no authority is yet.

    Logs in as SAMBAND_KAFKA_ADMIN; SAMBAND_OPA_URL, SAMBAND_POSTGRES_URL. Writes bench.json and bench.svg.
    """
    output = Output(lang, as_json=as_json)
    try:
        from scenery.bench import contest, plot  # noqa: F401, PLC0415 - extras, the second used when the first row is there
    except ImportError:
        raise Stop(2, output.words("needs_bench")) from None
    if unknown := set(way or ()) - set(_WAYS):
        raise Stop(2, f"--way: {', '.join(sorted(unknown))}: there are {', '.join(_WAYS)}")
    servers = contest.Servers(settings.kafka_operator(settings.profile()), settings.postgres())
    measures = contest.Measures(authorities or (620, 8), seconds, rate or (200.0, 50.0), runs=runs)
    if quick:
        measures = contest.Measures(authorities or (8,), 2.0, rate or (20.0,), 40, 2_000, runs, conversation=False)
    rows: list[Row] = []

    def tell(name: str, count: int, what: str) -> None:
        output.note(f"{text(lang, name)} · {count}: {what}")

    with TemporaryDirectory(prefix="samband-bench-") as folder:
        try:
            for row in contest.hold(servers, measures, Path(folder), way or _WAYS, tell):
                rows.append(row)
                _write(rows, measures.rates, out, lang)
        except (contest.ContestError, TimeoutError) as error:
            raise Stop(2, str(error)) from None
    if as_json:
        output.line(_row_fields(rows))
    else:
        _show(output, lang, rows)
        output.note(text(lang, "kept", folder=out))


def _row_fields(rows: Sequence[Row]) -> dict[str, Any]:
    machine = {"processors": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()}
    ratios = [
        {"way": one, "beside": other, "load": load, "authorities": count, **vars(compared), "aim": aim(count)}
        for load, count in dict.fromkeys((row.load, row.authorities) for row in rows)
        for (one, other), aim in _AIMS.items()
        if (compared := compare(rows, one, other, load, count)) is not None
    ]
    return {"machine": machine, "rows": [row.as_json() for row in rows], "ratios": ratios}


def _write(rows: Sequence[Row], rates: Sequence[float], out: Path, lang: Lang) -> None:
    """After each row, so that a long run that is ended has its figures."""
    from scenery.bench import plot  # noqa: PLC0415 - slow to import

    out.mkdir(parents=True, exist_ok=True)
    (out / "bench.json").write_text(json.dumps(_row_fields(rows), indent=2), "utf-8")
    labels = {name: text(lang, name) for name in (*_WAYS, *_LOADS)}
    plot.draw(rows, labels, (text(lang, "throughput_title"), text(lang, "latency_title")), out / "bench.svg")


def _show(output: Output, lang: Lang, rows: Sequence[Row]) -> None:
    def words(key: str) -> str:
        return text(lang, key)

    columns = ("way", "load", "authorities", "messages", "throughput", "beside", "cpu", "memory")
    rows_ = table(*map(words, columns), right=range(2, len(columns)), whole=(0,))
    for row in rows:
        beside = compare(rows, row.name, "forwarder", row.load, row.authorities)
        least, median, most = (number(round(rate)) for rate in (row.rates[0], row.rate, row.rates[-1]))
        rows_.add_row(
            *(words(row.name), words(row.load), number(row.authorities), number(row.runs[0].messages)),
            *(f"{median} ({least}–{most})", f"{beside.ratio:.2f}" if beside else "–", f"{row.milliseconds:.2f}"),
            number(round(row.memory)) if row.memory else "–",
        )
    output.show(heading(words("throughput_title")), rows_)
    shares = ("p50", "p95", "p99", "p99_9", "most")
    rows_ = table(*map(words, ("way", "authorities", "rate")), *shares, words("lost"), right=range(1, 9), whole=(0,))
    for row in rows:
        for rate_, latency in row.latencies.items():
            start = (words(row.name), number(row.authorities), f"{rate_:g}/s")
            if latency is None:
                rows_.add_row(*start, words("not_held"))
            else:
                rows_.add_row(*start, *(f"{getattr(latency, share):.1f}" for share in shares), number(latency.lost))
    output.show(heading(words("latency_title")), rows_)
    if told := [row for row in rows if row.stages]:
        rows_ = table(*map(words, ("way", "load", "authorities")), *map(words, STAGES), right=range(2, 10), whole=(0,))
        for row in told:
            spent = (f"{row.stages[name]:.2f}" for name in STAGES)
            rows_.add_row(words(row.name), words(row.load), number(row.authorities), *spent)
        output.show(heading(words("worker_stages_title")), rows_)
    for compared in _row_fields(rows)["ratios"]:
        named = {name: words(compared[name]) for name in ("way", "beside", "load")}
        values = {"count": compared["authorities"], "ratio": f"{compared['ratio']:.2f}"}
        shown = text(lang, "ratio", **named, **values)
        shown += text(lang, "by_chance", chance=f"{compared['chance']:.3f}") if compared["chance"] >= CHANCE else ""
        output.show(Text(shown + (text(lang, "aim", aim=compared["aim"]) if compared["aim"] else "")))
    for row in rows:
        if row.memory and row.name == "worker":
            sized = {"cores": number(round(100 * row.milliseconds)), "mb": number(round(row.memory))}
            output.show(Text(text(lang, "sizing", load=f"{words(row.load)}, {row.authorities}", **sized)))
    output.show(Text(text(lang, "machine", cpus=os.cpu_count(), system=platform.platform()), style="dim"))


def main() -> None:
    """The command alone, without the rest of `samband`."""
    try:
        typer.run(bench)
    except Stop as stop:
        sys.stderr.write(f"samband: {stop.line}\n")
        raise SystemExit(stop.status) from None


if __name__ == "__main__":
    main()
