"""Plots as SVG whose text is text. Draws only what may be shown; what is hidden is marked so.

The one place that knows matplotlib, imported when a page is made and not before. Legends are the page's.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from broker.report.csv_form import HIDDEN
from broker.report.labels import Labels
from broker.report.suppression import SUM
from broker.report.tables import MEDIAN, NINE_TENTHS, Shown

_COLOURS = ("#1f5a82", "#d9902f", "#5aa08e", "#8c6bb1", "#b5523b", "#7d8894", "#c9b458", "#3e4a56")
"""Told apart also by those who do not see red from green, and in grey."""

_INK, _FAINT, _RULE, _HIDDEN = "#24303a", "#5d6a75", "#d5dbe0", "#e6eaed"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "samband",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _RULE,
    "axes.labelcolor": _FAINT,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": _RULE,
    "grid.linewidth": 0.6,
    "xtick.color": _FAINT,
    "ytick.color": _INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.spines.bottom": False,
    "figure.constrained_layout.use": True,
}
_WIDTH = 7.4
_BAR = 0.62
_MOST_ROWS = 12
_DAY = 24


@dataclass(frozen=True)
class Plot:
    """An SVG element, its legend as names and colours, and a note on what it leaves out."""

    svg: str
    legend: tuple[tuple[str, str], ...]
    note: str


def drawn(made: Shown, labels: Labels) -> Plot | None:
    """A table's plot, with a title and a description inside; None when it has none, or nothing to show."""
    draw = _PLOTS.get(made.table.plot or "")
    if draw is None or made.empty:
        return None
    with rc_context(_STYLE):
        figure = Figure()
        legend = draw(figure, made, labels)
        if legend is None:
            return None
        file = StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    title = labels.of("tables", made.table.id)
    svg = _element(file.getvalue(), made.table.id, labels.page("plot_alt", title=title), _most(made, labels))
    lying = made.table.plot in ("bars", "stacked", "grouped")
    left_out = lying and len(_rows(made)) < len(_rows(made, most=None))
    return Plot(svg, tuple(legend), labels.page("first_rows", n=_MOST_ROWS) if left_out else "")


def _most(made: Shown, labels: Labels) -> str:
    """The largest count that is drawn, in words."""
    table = made.table
    counts = [(n, row, column) for row, column, n in _series(made) if n]
    if not counts:
        return ""
    n, row, column = max(counts, key=lambda found: found[0])
    parts = [labels.short(table.rows_of, row)]
    if len(table.drawn) > 1:
        parts.append(labels.term(table.columns_of, column))
    return labels.page("plot_most", what=", ".join(parts), n=labels.number(n))


def _series(made: Shown) -> Iterator[tuple[str, str, int | None]]:
    for column in made.table.drawn:
        for row in made.table.rows:
            yield row, column, made.count(row, column)


# --- forms: each draws, and gives its legend, or None when there is nothing to see

Legend = list[tuple[str, str]]


def _bars(figure: Figure, made: Shown, labels: Labels) -> Legend | None:
    """Bars of one column."""
    rows, column = _rows(made), made.table.drawn[0]
    axes = _lying(figure, made, labels, rows)
    counts = [made.count(row, column) for row in rows]
    axes.barh(range(len(rows)), [n or 0 for n in counts], height=_BAR, color=_COLOURS[0])
    for place, n in enumerate(counts):
        _beside(axes, n or 0, place, labels.number(n))
    axes.margins(x=0.08)
    return [] if any(counts) else None


def _stacked(figure: Figure, made: Shown, labels: Labels) -> Legend | None:
    """Bars of all columns, one after the other; what is hidden as the rest of the sum, where the sum is shown."""
    rows, legend = _rows(made), _legend(made, labels)
    axes = _lying(figure, made, labels, rows)
    ends = [0] * len(rows)
    for column, (_, colour) in zip(made.table.drawn, legend, strict=True):
        counts = [made.count(row, column) or 0 for row in rows]
        axes.barh(range(len(rows)), counts, left=ends, height=_BAR, color=colour)
        ends = [end + n for end, n in zip(ends, counts, strict=True)]
    if not any(ends):
        return None
    for place, row in enumerate(rows):
        if all(made.count(row, column) is not None for column in made.table.drawn):
            continue
        known = (row, SUM) in made.table.cells and set(made.table.drawn) == set(made.table.columns)
        rest = (made.count(row, SUM) or ends[place]) - ends[place] if known else 0
        axes.barh([place], [rest], left=[ends[place]], height=_BAR, color=_HIDDEN)
        _beside(axes, ends[place] + rest, place, HIDDEN)
        if rest and (labels.page("hidden_part"), _HIDDEN) not in legend:
            legend.append((labels.page("hidden_part"), _HIDDEN))
    axes.margins(x=0.06)
    return legend


def _grouped(figure: Figure, made: Shown, labels: Labels) -> Legend | None:
    """A bar for each column, row by row."""
    rows, columns, legend = _rows(made), made.table.drawn, _legend(made, labels)
    height = 0.8 / len(columns)
    axes = _lying(figure, made, labels, rows, room=0.16 * len(columns) + 0.12)
    for at, (column, (_, colour)) in enumerate(zip(columns, legend, strict=True)):
        counts = [made.count(row, column) for row in rows]
        places = [place - 0.4 + height * (at + 0.5) for place in range(len(rows))]
        axes.barh(places, [n or 0 for n in counts], height=height * 0.86, color=colour)
        for place, n in zip(places, counts, strict=True):
            if n is None:
                _beside(axes, 0, place, HIDDEN)
    return legend if any(made.count(row, column) for row in rows for column in columns) else None


def _months(figure: Figure, made: Shown, labels: Labels) -> Legend | None:
    """A small plot for each column, month by month, each on its own scale."""
    table = made.table
    across, down = 2, -(-len(table.drawn) // 2)
    figure.set_size_inches(_WIDTH, 1.75 * down)
    names = [labels.term("months", row)[:1].upper() for row in table.rows]
    for at, column in enumerate(table.drawn):
        axes = figure.add_subplot(down, across, at + 1)
        counts = [made.count(row, column) for row in table.rows]
        axes.bar(range(len(counts)), [n or 0 for n in counts], width=0.7, color=_COLOURS[0])
        for place, n in enumerate(counts):
            if n is None:
                axes.annotate(HIDDEN, (place, 0), xytext=(0, 2), textcoords="offset points", ha="center")
        axes.set_title(labels.term(table.columns_of, column), loc="left", fontsize=9, color=_INK)
        axes.set_xticks(range(len(names)), names)
        axes.grid(visible=False, axis="x")
        _whole(axes, "y", max([n or 0 for n in counts]))
    return [] if any(n for _, _, n in _series(made)) else None


def _times(figure: Figure, made: Shown, labels: Labels) -> Legend | None:
    """From the median to nine tenths, row by row."""
    table = made.table
    spans = [
        (row, median, most)
        for row in table.all_rows
        if (median := made.measure(row, MEDIAN)) is not None and (most := made.measure(row, NINE_TENTHS)) is not None
    ]
    if not spans:
        return None
    axes = _lying(figure, made, labels, [row for row, _, _ in spans], room=0.4)
    unit = _DAY if max(most for _, _, most in spans) > 2 * _DAY else 1
    for place, (_, median, most) in enumerate(spans):
        axes.plot([median / unit, most / unit], [place, place], color=_COLOURS[0], linewidth=3)
        axes.plot([median / unit], [place], "o", color=_COLOURS[1], markersize=8)
        _beside(axes, most / unit, place, f"{labels.duration(median)} – {labels.duration(most)}")
    axes.set_xlim(0, 1.35 * max(most for _, _, most in spans) / unit or 1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axes.set_xlabel(labels.page("axis_days" if unit == _DAY else "axis_hours"), loc="left")
    median_text, most_text = labels.term("measures", MEDIAN), labels.term("measures", NINE_TENTHS)
    return [(median_text, _COLOURS[1]), (most_text, _COLOURS[0])]


_PLOTS: dict[str, Callable[[Figure, Shown, Labels], Legend | None]] = {
    "bars": _bars,
    "stacked": _stacked,
    "grouped": _grouped,
    "months": _months,
    "times": _times,
}


# --- parts


def _rows(made: Shown, most: int | None = _MOST_ROWS) -> list[str]:
    """The rows in which anything is; of many only the largest, in their order."""
    table = made.table
    size = {row: sum(made.count(row, column) or 0 for column in table.drawn) for row in table.rows}
    rows = [row for row in table.rows if any(made.count(row, column) != 0 for column in table.drawn)]
    largest = sorted(rows, key=lambda row: -size[row])[:most]
    return [row for row in rows if row in largest]


def _legend(made: Shown, labels: Labels) -> Legend:
    names = [labels.term(made.table.columns_of, column) for column in made.table.drawn]
    return list(zip(names, _COLOURS, strict=False))


def _lying(figure: Figure, made: Shown, labels: Labels, rows: Sequence[str], *, room: float = 0.34) -> Axes:
    """Axes for lying bars, the first row on top."""
    figure.set_size_inches(_WIDTH, room * max(len(rows), 1) + 0.45)
    axes = figure.add_subplot()
    axes.set_yticks(range(len(rows)), [_wrapped(labels.short(made.table.rows_of, row)) for row in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    _whole(axes, "x", max([n or 0 for _, _, n in _series(made)], default=0))
    return axes


def _beside(axes: Axes, end: float, place: float, text: str) -> None:
    """A text after a bar."""
    axes.annotate(text, (end, place), xytext=(5, 0), textcoords="offset points", va="center")


def _whole(axes: Axes, along: str, most: int) -> None:
    """Marks at whole numbers only, from zero."""
    axis = axes.xaxis if along == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=6 if most > 5 else max(most, 1), integer=True))
    if not most:
        (axes.set_xlim if along == "x" else axes.set_ylim)(0, 1)


def _wrapped(text: str, width: int = 34) -> str:
    """A long label on two lines."""
    if len(text) <= width:
        return text
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width and len(lines) == 1:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _element(svg: str, name: str, title: str, description: str) -> str:
    """The SVG element alone, its ids made its own, so that several fit on a page."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{name}-", body)
    for size in ("width", "height"):
        body = re.sub(rf'(<svg\b[^>]*?) {size}="[^"]*"', r"\1", body, count=1)
    told = f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
    head, rest = body.split(">", 1)
    return f'{head} role="img" aria-labelledby="{name}-t {name}-d">{told}{rest}'
