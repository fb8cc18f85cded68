"""The bench as a picture: throughput and latency side by side, in SVG whose text is text."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from scenery.bench.measure import Row

_COLOURS = ("#1f5a82", "#d9902f", "#5aa08e")
_STYLE: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "samband", "font.size": 9, "axes.spines.top": False}
_STYLE |= {"axes.spines.right": False, "figure.constrained_layout.use": True}


def draw(rows: Sequence[Row], labels: Mapping[str, str], titles: tuple[str, str], file: Path) -> None:
    """Messages a second on the left, milliseconds (p50, p95, p99) on the right; both on a logarithmic scale."""
    names = [f"{labels[row.name]} · {labels[row.load]} · {row.authorities}" for row in rows]
    with rc_context(_STYLE):
        figure = Figure(figsize=(10, 1.2 + 0.42 * max(len(rows), 4)))
        left, right = figure.subplots(1, 2, sharey=True)
        spread = [[row.rate - row.rates[0] for row in rows], [row.rates[-1] - row.rate for row in rows]]
        left.barh(names, [row.rate for row in rows], xerr=spread, color=_COLOURS[0], ecolor=_COLOURS[1])
        for at, row in enumerate(rows):
            left.annotate(f" {row.rate:,.0f}", (row.rates[-1], at), va="center")
        left.set_xscale("log")
        left.set_title(titles[0])
        left.invert_yaxis()
        rates = {rate for row in rows for rate, latency in row.latencies.items() if latency}
        for rate, marker in zip(sorted(rates, reverse=True), "os^D", strict=False):
            for share, colour in zip(("p50", "p95", "p99"), _COLOURS, strict=True):
                latency = [(row.latencies.get(rate), name) for row, name in zip(rows, names, strict=True)]
                points = [(getattr(one, share), name) for one, name in latency if one]
                label = f"{share}, {rate:g}/s"
                right.scatter(*zip(*points, strict=True), color=colour, marker=marker, s=22, label=label)
        right.set_title(titles[1])
        if rates:
            right.set_xscale("log")
            right.legend(frameon=False, fontsize=8)
        figure.savefig(file, format="svg", metadata={"Date": None})
