"""Hides small numbers in a table of counts, with as few others as it takes so that no small one can be worked out.

A count from 1 up to the threshold stands for few persons. It is hidden; zero is shown. Where a sum would tell it, more
is hidden: a hidden count is safe when another table exists that agrees with all that is shown, has something other
than zero in every hidden place, and another number in this one. Such a table differs along a closed path through
the hidden cells, up and down in turn. So the cheapest such path is looked for, and its cells are hidden too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Flag
from heapq import heappop, heappush
from typing import NamedTuple

SUM = "sum"
"""The row, or column, that holds sums."""

Cell = tuple[str, str]
"""Row and column."""

Counts = Mapping[Cell, int]


class Sums(Flag):
    """Which sums a table shows."""

    NONE = 0
    ACROSS = 1
    """A last column: the sum of each row."""
    DOWN = 2
    """A last row: the sum of each column."""
    BOTH = ACROSS | DOWN


class _Arc(NamedTuple):
    """A cell may change by one, and moves the imbalance from one line to another."""

    cell: Cell
    start: str
    end: str


def with_sums(counts: Counts, rows: Sequence[str], columns: Sequence[str], sums: Sums) -> dict[Cell, int]:
    """Every cell of a table, also those that are zero, with its sums."""
    cells = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    if Sums.ACROSS in sums:
        cells |= {(row, SUM): sum(cells[row, column] for column in columns) for row in rows}
    if Sums.DOWN in sums:
        across = [*columns, SUM] if Sums.ACROSS in sums else columns
        cells |= {(SUM, column): sum(cells[row, column] for row in rows) for column in across}
    return cells


def hide(cells: Counts, sums: Sums, *, smallest: int, also: Collection[Cell] = ()) -> frozenset[Cell]:
    """The cells to hide, of a table with its sums as `with_sums` gives it.

    `smallest` is the smallest count that may be shown; `also` are cells that must be hidden for another reason.
    """
    asked = sorted(cell for cell, n in cells.items() if 0 < n < smallest or (cell in also and n))
    cover = set(asked)
    for cell in asked:
        cover |= _cheapest_cover(cells, sums, cover, cell)
    return frozenset(cover)


def _cheapest_cover(cells: Counts, sums: Sums, hidden_now: set[Cell], cell: Cell) -> set[Cell]:
    """What to hide so that this cell can have another value: nothing, when it is safe already."""
    start, end = _lines(cell, sums)
    arcs: dict[str, list[_Arc]] = defaultdict(list)
    for arc in _arcs(cells, sums, hidden_now, without=cell):
        arcs[arc.start].append(arc)
    prices = {other: 0 if other in hidden_now else n for other, n in cells.items()}
    ways = [_path(arcs, prices, end, start)]
    if cells[cell] > 1:
        ways.append(_path(arcs, prices, start, end))
    return min((way for way in ways if way is not None), key=lambda way: way[0])[1]


def _path(arcs: Mapping[str, list[_Arc]], prices: Counts, start: str, goal: str) -> tuple[int, set[Cell]] | None:
    """The cheapest way between two lines, and its price: the sum of the counts that it takes from the reader."""
    queue: list[tuple[int, str, tuple[Cell, ...]]] = [(0, start, ())]
    done: set[str] = set()
    while queue:
        price, line, path = heappop(queue)
        if line == goal:
            return price, set(path)
        if line not in done:
            done.add(line)
            for arc in arcs.get(line, ()):
                heappush(queue, (price + prices[arc.cell], arc.end, (*path, arc.cell)))
    return None


def _arcs(cells: Counts, sums: Sums, hidden_now: set[Cell], without: Cell) -> Iterator[_Arc]:
    """How each cell could change: a zero is known to be one, and what is hidden is known not to be."""
    for cell, n in cells.items():
        if n == 0 or cell == without:
            continue
        up, down = _lines(cell, sums)
        yield _Arc(cell, up, down)
        if n > 1 or cell not in hidden_now:
            yield _Arc(cell, down, up)


def _lines(cell: Cell, sums: Sums) -> Cell:
    """The two lines that a cell is in, in the order in which one more of it moves the imbalance.

    A sum stands on the other side of its line's equation. Lines without a sum are one: nothing ties them.
    """
    row, column = cell
    along = f"row {row}" if Sums.ACROSS in sums else "free"
    down = f"column {column}" if Sums.DOWN in sums else "free"
    return (along, down) if (row == SUM) == (column == SUM) else (down, along)
