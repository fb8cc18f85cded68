"""Plots as shapes on a sheet, which the page's template writes as SVG.

Draws only what may be shown; what is hidden is marked so. Legends are the page's.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import wrap

from broker.report.csv_form import HIDDEN
from broker.report.labels import Labels
from broker.report.suppression import SUM
from broker.report.tables import MEDIAN, NINE_TENTHS, Shown

_COLOURS = ("#1f5a82", "#d9902f", "#5aa08e", "#8c6bb1", "#b5523b", "#7d8894", "#c9b458", "#3e4a56")
"""Told apart also by those who do not see red from green, and in grey."""

_HIDDEN = "#e6eaed"
_WIDTH, _NAMES, _LINE, _BAND = 740.0, 232.0, 15.0, 34.0
"""Measures in units of the SVG, which are pixels when it is 740 wide."""
_WRAP = 34
"""Letters on a line of a name."""
_MOST_ROWS, _MARKS = 12, 6
_DAY = 24


@dataclass(frozen=True)
class Bar:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Label:
    """A text; `y` is its middle. `anchor`: start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    faint: bool = False


@dataclass(frozen=True)
class Rule:
    """A thin line, a mark of a scale."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    colour: str


@dataclass
class Sheet:
    """What is drawn so far."""

    width: float = _WIDTH
    height: float = 0.0
    rules: list[Rule] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


Legend = list[tuple[str, str]]


@dataclass(frozen=True)
class Plot:
    """A sheet, its title and what it shows in words, its legend as names and colours, a note on what it leaves out."""

    sheet: Sheet
    title: str
    description: str
    legend: tuple[tuple[str, str], ...]
    note: str


def draw(shown: Shown, labels: Labels) -> Plot | None:
    """A table's plot; None when it has none, or nothing to show."""
    draw = _PLOTS.get(shown.table.plot or "")
    if draw is None or shown.empty:
        return None
    sheet = Sheet()
    legend = draw(sheet, shown, labels)
    if legend is None:
        return None
    title = labels.page("plot_alt", title=labels.of("tables", shown.table.id))
    lying = shown.table.plot in ("bars", "stacked", "grouped")
    left_out = lying and len(_rows(shown)) < len(_rows(shown, most=None))
    note = labels.page("first_rows", n=_MOST_ROWS) if left_out else ""
    return Plot(sheet, title, _most(shown, labels), tuple(legend), note)


def _most(shown: Shown, labels: Labels) -> str:
    """The largest count that is drawn, in words."""
    table = shown.table
    counts = [(n, row, column) for row, column, n in _series(shown) if n]
    if not counts:
        return ""
    n, row, column = max(counts, key=lambda count: count[0])
    parts = [labels.short(table.rows_of, row)]
    if len(table.drawn) > 1:
        parts.append(labels.term(table.columns_of, column))
    return labels.page("plot_most", what=", ".join(parts), n=labels.number(n))


def _series(shown: Shown) -> Iterator[tuple[str, str, int | None]]:
    for column in shown.table.drawn:
        for row in shown.table.rows:
            yield row, column, shown.count(row, column)


# --- scales


def marks(most: float) -> list[int]:
    """Whole numbers from zero on, some six at most, of which the last is `most` or next above it."""
    step = next(n * 10**power for power in range(19) for n in (1, 2, 5) if n * 10**power * _MARKS >= most)
    return list(range(0, int(-(-most // step)) * step + 1, step)) if most > 0 else [0, 1]


@dataclass(frozen=True)
class _Scale:
    """Values from zero to `most`, on `length` units from `start` on."""

    start: float
    length: float
    most: float

    def at(self, value: float) -> float:
        return self.start + self.length * value / self.most


def _lying(
    sheet: Sheet, shown: Shown, labels: Labels, rows: Sequence[str], most: float, *, band: float = _BAND
) -> _Scale:
    """Names of rows on the left, the first on top; a scale along the bottom, with room for a text behind each bar."""
    sheet.height = band * max(len(rows), 1) + 1.6 * _LINE
    scale_marks = marks(most)
    behind = 140.0 if shown.table.plot == "times" else 40.0
    scale = _Scale(_NAMES, sheet.width - _NAMES - behind, scale_marks[-1])
    for mark in scale_marks:
        x = scale.at(mark)
        sheet.rules.append(Rule(x, 0, x, sheet.height - 1.3 * _LINE))
        sheet.labels.append(Label(x, sheet.height - 0.6 * _LINE, labels.number(mark), "middle", faint=True))
    for place, row in enumerate(rows):
        lines = _wrap(labels.short(shown.table.rows_of, row))
        for n, line in enumerate(lines):
            y = band * (place + 0.5) + _LINE * (n - (len(lines) - 1) / 2)
            sheet.labels.append(Label(_NAMES - 8, y, line, "end"))
    return scale


# --- forms: each draws, and gives its legend, or None when there is nothing to see


def _bars(sheet: Sheet, shown: Shown, labels: Labels) -> Legend | None:
    """Bars of one column."""
    rows, column = _rows(shown), shown.table.drawn[0]
    counts = [shown.count(row, column) for row in rows]
    scale = _lying(sheet, shown, labels, rows, max(n or 0 for n in counts))
    for place, n in enumerate(counts):
        _bar(sheet, scale, place, (0, n or 0), _COLOURS[0])
        _beside(sheet, scale, place, n or 0, labels.number(n))
    return [] if any(counts) else None


def _draw_stacked(sheet: Sheet, counts: Shown, labels: Labels) -> Legend | None:
    """Bars of all columns, one after the other; what is hidden as the rest of the sum, where the sum is shown."""
    table, rows, legend = counts.table, _rows(counts), _legend(counts, labels)
    shown = {row: sum(counts.count(row, column) or 0 for column in table.drawn) for row in rows}
    if not any(shown.values()):
        return None
    with_hidden = [row for row in rows if any(counts.count(row, column) is None for column in table.drawn)]
    all_drawn = set(table.drawn) == set(table.columns)
    rest = {
        row: (counts.count(row, SUM) or shown[row]) - shown[row]
        for row in with_hidden
        if all_drawn and (row, SUM) in table.cells
    }
    scale = _lying(sheet, counts, labels, rows, max(shown[row] + rest.get(row, 0) for row in rows))
    for place, row in enumerate(rows):
        end = 0
        for column, (_, colour) in zip(table.drawn, legend, strict=True):
            n = counts.count(row, column) or 0
            _bar(sheet, scale, place, (end, end + n), colour)
            end += n
        if row in with_hidden:
            _bar(sheet, scale, place, (end, end + rest.get(row, 0)), _HIDDEN)
            _beside(sheet, scale, place, end + rest.get(row, 0), HIDDEN)
    return [*legend, (labels.page("hidden_part"), _HIDDEN)] if any(rest.values()) else legend


def _draw_grouped(sheet: Sheet, shown: Shown, labels: Labels) -> Legend | None:
    """A bar for each column, row by row."""
    rows, columns, legend = _rows(shown), shown.table.drawn, _legend(shown, labels)
    most = max((n or 0 for _, _, n in _series(shown)), default=0)
    if not any(shown.count(row, column) for row in rows for column in columns):
        return None
    band = _LINE * len(columns) + 12
    scale = _lying(sheet, shown, labels, rows, most, band=band)
    for at, (column, (_, colour)) in enumerate(zip(columns, legend, strict=True)):
        for place, row in enumerate(rows):
            n, y = shown.count(row, column), band * place + 6 + _LINE * at
            if n is None:
                sheet.labels.append(Label(scale.start + 5, y + _LINE / 2, HIDDEN))
            elif n:
                sheet.bars.append(Bar(scale.start, y, scale.at(n) - scale.start, _LINE - 2, colour))
    return legend


def _months(sheet: Sheet, shown: Shown, labels: Labels) -> Legend | None:
    """A small plot for each column, month by month, each on its own scale."""
    table = shown.table
    names = [labels.term("months", row)[:1].upper() for row in table.rows]
    high, wide = 150.0, sheet.width / 2
    sheet.height = high * -(-len(table.drawn) // 2)
    for at, column in enumerate(table.drawn):
        left, top = wide * (at % 2) + 44, high * (at // 2)
        counts = [shown.count(row, column) for row in table.rows]
        scale_marks = marks(max(n or 0 for n in counts))
        upright = _Scale(top + high - 2 * _LINE, -(high - 4.2 * _LINE), scale_marks[-1])
        sheet.labels.append(Label(left, top + 0.8 * _LINE, labels.term(table.columns_of, column)))
        for mark in scale_marks[:: 1 + len(scale_marks) // 4]:
            y = upright.at(mark)
            sheet.rules.append(Rule(left, y, wide * (at % 2 + 1) - 16, y))
            sheet.labels.append(Label(left - 6, y, labels.number(mark), "end", faint=True))
        step = (wide - 60) / len(names)
        for place, (name, n) in enumerate(zip(names, counts, strict=True)):
            x = left + step * (place + 0.5)
            sheet.labels.append(Label(x, top + high - _LINE, name, "middle", faint=True))
            if n is None:
                sheet.labels.append(Label(x, upright.start - 0.6 * _LINE, HIDDEN, "middle"))
            elif n:
                sheet.bars.append(
                    Bar(x - 0.35 * step, upright.at(n), 0.7 * step, upright.start - upright.at(n), _COLOURS[0])
                )
    return [] if any(n for _, _, n in _series(shown)) else None


def _times(sheet: Sheet, shown: Shown, labels: Labels) -> Legend | None:
    """From the median to nine tenths, row by row."""
    spans = [
        (row, median, most)
        for row in shown.table.all_rows
        if (median := shown.measure(row, MEDIAN)) is not None and (most := shown.measure(row, NINE_TENTHS)) is not None
    ]
    if not spans:
        return None
    unit = _DAY if max(most for _, _, most in spans) > 2 * _DAY else 1
    rows = [row for row, _, _ in spans]
    scale = _lying(sheet, shown, labels, rows, max(most for _, _, most in spans) / unit)
    axis = labels.page("axis_days" if unit == _DAY else "axis_hours")
    sheet.labels.append(Label(sheet.width, sheet.height - 0.6 * _LINE, axis, "end", faint=True))
    for place, (_, median, most) in enumerate(spans):
        y = _BAND * (place + 0.5)
        start, end = scale.at(median / unit), scale.at(most / unit)
        sheet.bars.append(Bar(start, y - 1.5, end - start, 3, _COLOURS[0]))
        sheet.dots.append(Dot(start, y, _COLOURS[1]))
        _beside(sheet, scale, place, most / unit, f"{labels.duration(median)} – {labels.duration(most)}")
    return [(labels.term("measures", MEDIAN), _COLOURS[1]), (labels.term("measures", NINE_TENTHS), _COLOURS[0])]


_PLOTS: dict[str, Callable[[Sheet, Shown, Labels], Legend | None]] = {
    "bars": _bars,
    "stacked": _draw_stacked,
    "grouped": _draw_grouped,
    "months": _months,
    "times": _times,
}


# --- parts


def _rows(shown: Shown, most: int | None = _MOST_ROWS) -> list[str]:
    """The rows in which anything is; of many only the largest, in their order."""
    table = shown.table
    size = {row: sum(shown.count(row, column) or 0 for column in table.drawn) for row in table.rows}
    rows = [row for row in table.rows if any(shown.count(row, column) != 0 for column in table.drawn)]
    largest = sorted(rows, key=lambda row: -size[row])[:most]
    return [row for row in rows if row in largest]


def _legend(shown: Shown, labels: Labels) -> Legend:
    names = [labels.term(shown.table.columns_of, column) for column in shown.table.drawn]
    return list(zip(names, _COLOURS, strict=False))


def _bar(sheet: Sheet, scale: _Scale, place: int, span: tuple[int, int], colour: str) -> None:
    """A lying bar in the middle of a row's band, from one value to another."""
    start, end = scale.at(span[0]), scale.at(span[1])
    if end > start:
        sheet.bars.append(Bar(start, _BAND * (place + 0.2), end - start, 0.6 * _BAND, colour))


def _beside(sheet: Sheet, scale: _Scale, place: int, end: float, text: str) -> None:
    """A text behind a row's bar."""
    sheet.labels.append(Label(scale.at(end) + 5, _BAND * (place + 0.5), text))


def _wrap(text: str) -> list[str]:
    """A long name on two lines; what is longer is cut."""
    return wrap(text, _WRAP, max_lines=2, placeholder=" …") or [""]
