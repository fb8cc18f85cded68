"""A table of counts: as it is, and as it may be shown."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from broker.report.suppression import SUM, Cell, Counts, Sums, hide, with_sums


class Durations:
    """Durations, to the whole minute."""

    def __init__(self) -> None:
        self._minutes: Counter[int] = Counter()

    def add(self, took: timedelta) -> None:
        """One more; what is less than nothing counts as nothing."""
        self._minutes[max(0, int(took.total_seconds() // 60))] += 1

    def update(self, other: "Durations") -> None:
        """All of another's."""
        self._minutes.update(other._minutes)

    def __len__(self) -> int:
        return self._minutes.total()

    def hours(self, share: float) -> float | None:
        """Hours within which this share of them was done (nearest rank); None when there are none."""
        rank, seen = share * len(self), 0
        for minutes in sorted(self._minutes):
            seen += self._minutes[minutes]
            if seen >= rank:
                return round(minutes / 60, 1)
        return None


MEDIAN, NINE_TENTHS, SHARE = "median_hours", "p90_hours", "share_within"
MEASURES = (MEDIAN, NINE_TENTHS, SHARE)


Place = tuple[str, Cell]
"""A table's id, and a cell of it."""

Relation = tuple[Place, ...]


@dataclass(frozen=True)
class Measure:
    """A figure worked out of counts: shown only when each count that it rests on is."""

    value: float
    rests_on: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Counts by row and column. `rows_of` and `columns_of` name the vocabularies that their ids have texts in.

    `shared` names cells that stand in other tables too, or are as good as the same: hidden in one, hidden in all.
    `relations` are cells, here or elsewhere, of which one is the sum of the others.
    """

    id: str
    rows_of: str
    columns_of: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Counts
    sums: Sums
    measures: Mapping[Cell, Measure] = field(default_factory=dict)
    shared: Mapping[Cell, str] = field(default_factory=dict)
    relations: Sequence[Relation] = ()
    plot: str | None = None
    drawn: tuple[str, ...] = ()
    """The columns that the plot shows."""

    @property
    def all_rows(self) -> tuple[str, ...]:
        """The rows, and the one with sums if there is one."""
        return (*self.rows, SUM) if Sums.DOWN in self.sums else self.rows

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns, and the one with sums if there is one."""
        return (*self.columns, SUM) if Sums.ACROSS in self.sums else self.columns

    @property
    def measured(self) -> tuple[str, ...]:
        """The columns of measures."""
        return tuple(name for name in MEASURES if any(column == name for _, column in self.measures))


@dataclass(frozen=True)
class Shown:
    """A table as it may be shown: no small number, and none that can be worked out."""

    table: Table
    hidden: frozenset[Cell]
    smallest: int

    def count(self, row: str, column: str) -> int | None:
        """A count; None when it is hidden."""
        return None if (row, column) in self.hidden else self.table.cells[row, column]

    def measure(self, row: str, column: str) -> float | None:
        """A measure; None when there is none, or when it would tell something hidden or rests on few."""
        measure = self.table.measures.get((row, column))
        if measure is None or any(self.count(*cell) is None for cell in measure.rests_on):
            return None
        return measure.value

    def hides_measure(self, row: str, column: str) -> bool:
        """Whether there is a measure that may not be shown."""
        return (row, column) in self.table.measures and self.measure(row, column) is None

    @property
    def empty(self) -> bool:
        """Whether nothing at all was counted."""
        return not any(self.table.cells.values())


def suppress(tables: Sequence[Table], smallest: int) -> dict[str, Shown]:
    """Each table as it may be shown, by id: what is hidden in one is not to be worked out of another either."""
    also: set[Place] = set()
    while True:
        tables_ = {table.id: Shown(table, _hide(table, also, smallest), smallest) for table in tables}
        more = _follows(tables, {(name, cell) for name, one in tables_.items() for cell in one.hidden})
        if more <= also:
            return tables_
        also |= more


def _hide(table: Table, also: Collection[Place], smallest: int) -> frozenset[Cell]:
    return hide(table.cells, table.sums, smallest=smallest, also={cell for name, cell in also if name == table.id})


def _follows(tables: Sequence[Table], covered: Collection[Place]) -> set[Place]:
    """What must be hidden because other tables tell it: all that share a name, and one more where one alone is hidden
    of cells that add up."""
    places = [((table.id, cell), name) for table in tables for cell, name in table.shared.items()]
    names = {name for place, name in places if place in covered}
    places_ = {place for place, name in places if name in names}
    counts = {(table.id, cell): n for table in tables for cell, n in table.cells.items() if n}
    for relation in (relation for table in tables for relation in table.relations):
        there = [place for place in relation if place in counts]
        if len(there) > 1 and sum(place in covered for place in there) == 1:
            places_.add(min((place for place in there if place not in covered), key=lambda place: counts[place]))
    return places_


class Crosstab:
    """Counts, one at a time, into a table."""

    def __init__(self, id_: str, rows_of: str, columns_of: str) -> None:
        self.id, self.rows_of, self.columns_of = id_, rows_of, columns_of
        self.counts: Counter[Cell] = Counter()
        self.took: dict[str, Durations] = {}

    def add(self, row: str, column: str, n: int = 1) -> None:
        """Count one, or several."""
        self.counts[row, column] += n

    def durations_of(self, row: str) -> Durations:
        """The durations of a row."""
        return self.took.setdefault(row, Durations())

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[str] = (),
        *,
        ranked: Iterable[str] = (),
        sums: Sums = Sums.BOTH,
        timed: Sequence[str] = (),
        within: tuple[str, str] | None = None,
        shared: Mapping[Cell, str] | None = None,
        relations: Sequence[Relation] = (),
        plot: str | None = None,
        drawn: Sequence[str] = (),
    ) -> Table:
        """The table: first `rows` in their order, then what else was counted, in the order of `ranked`.

        `timed` are the columns that count what has a duration, `within` those of what was in time and what was not.
        """
        counted = {row for row, _ in self.counts}
        order = tuple(dict.fromkeys([*rows, *(row for row in ranked if row in counted), *sorted(counted)]))
        cells = with_sums(self.counts, order, columns, sums)
        table = Table(
            id=self.id,
            rows_of=self.rows_of,
            columns_of=self.columns_of,
            rows=order,
            columns=tuple(columns),
            cells=cells,
            sums=sums,
            shared=shared or {},
            relations=relations,
            plot=plot,
            drawn=tuple(drawn or columns),
        )
        measures: dict[Cell, Measure] = {}
        for row in table.all_rows:
            measures |= self._times(row, timed)
            if within is not None:
                measures |= _share(cells, row, *within)
        return replace(table, measures=measures)

    def _times(self, row: str, timed: Sequence[str]) -> dict[Cell, Measure]:
        if not timed:
            return {}
        took = Durations()
        for name, own in self.took.items():
            if row in (name, SUM):
                took.update(own)
        rests_on = tuple((row, column) for column in timed)
        hours = {MEDIAN: took.hours(0.5), NINE_TENTHS: took.hours(0.9)}
        return {(row, name): Measure(value, rests_on) for name, value in hours.items() if value is not None}


def _share(cells: Counts, row: str, within: str, beyond: str) -> dict[Cell, Measure]:
    done, not_done = cells[row, within], cells[row, beyond]
    if not done + not_done:
        return {}
    return {(row, SHARE): Measure(done / (done + not_done), ((row, within), (row, beyond)))}
