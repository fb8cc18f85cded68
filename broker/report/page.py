"""The report as one page of HTML that needs nothing else: tables, plots, and how the figures are made.

The one place that knows Jinja2. The template lays out; every word and number is ready when it gets it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from broker import texts
from broker.deadlines import Times, seconds
from broker.deadlines.clocks import Term
from broker.model.days import swedish_day
from broker.report.csv_form import HIDDEN
from broker.report.figures import CHAPTERS, Foundation, Report
from broker.report.labels import Labels
from broker.report.plots import Plot, draw
from broker.report.suppression import SUM
from broker.report.tables import MEASURES, Shown

_GROUNDS = {
    "requests": ("s170_4", "s170_5", "s170_6", "s170_7_request"),
    "own_initiative": ("s170_7_own", "skol_6a_10", "osl_15a"),
    "casework": ("consent",),
    "children": ("sol_19_1", "sol_19_4", "osl_26_9a"),
    "police": ("polislagen_12", "polislagen_6"),
    "platforms": ("takedown",),
}
"""Grounds that a chapter is about: their references are shown."""

_CLOCKS = {"children": ("decision", "feedback"), "platforms": ("effect",)}
"""Terms that a chapter is about: their provisions are shown too."""

_TERMS = ("answer_immediate", "answer_urgent", "answer_routine", "decision", "feedback", "feedback_at_once",
          "concern", "effect")  # fmt: skip
_SHADES = 4
_WIDE = 9
"""A table with more columns is set closer."""


def page(
    report: Report,
    labels: Labels,
    times: Times,
    *,
    ours: Collection[str] = (),
    foundation: Foundation | None = None,
) -> str:
    """The page as HTML. `ours` are the terms whose length no rule gives."""
    terms = _terms(report, times)
    smallest = next(iter(report.tables.values())).smallest
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            lang=labels.lang,
            say=labels.page,
            year=report.period.first_day.year,
            span=_span(report, labels),
            foundation=foundation,
            size=labels.number(foundation.size) if foundation else "",
            cards=list(_cards(report, labels)),
            chapters=[_chapter(chapter, names, report, labels, terms) for chapter, names in CHAPTERS.items()],
            terms=[_term_row(labels, name, term, ours=name in ours) for name, term in terms.items()],
            sign=HIDDEN,
            most_hidden=smallest - 1,
        )
    )


def svg(plot: Plot, id_: str) -> str:
    """A plot as SVG, which a template sets in as it is."""
    macro: Callable[[Plot, str], str] = _environment().get_template("plot.svg.j2").module.svg  # type: ignore[attr-defined]
    return macro(plot, id_)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("broker.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _span(report: Report, labels: Labels) -> str:
    if report.first is None or report.last is None:
        return labels.page("nothing")
    return labels.page("span", first=swedish_day(report.first), last=swedish_day(report.last))


def _cards(report: Report, labels: Labels) -> Iterator[dict[str, str]]:
    """The figures at the top."""
    for figure, text in texts.read(labels.lang)["report_figures"].items():
        name, row, column = figure.split("/")
        shown = report.tables[name]
        if column in MEASURES:
            there = (row, column) in shown.table.measures
            value = labels.measure(column, shown.measure(row, column)) if there else "–"
        else:
            value = labels.number(shown.count(row, column))
        yield {"value": value, "text": text}


def _chapter(
    chapter: str, names: Sequence[str], report: Report, labels: Labels, terms: Mapping[str, Term]
) -> dict[str, Any]:
    of_grounds = [labels.refs[ground] for ground in _GROUNDS.get(chapter, ()) if ground in labels.refs]
    of_clocks = [terms[clock].ref for clock in _CLOCKS.get(chapter, ()) if clock in terms]
    refs = dict.fromkeys(ref for ref in of_grounds + of_clocks if ref)
    tables = [report.tables[name] for name in names]
    return {
        "id": chapter,
        "title": labels.of("chapters", chapter),
        "lead": labels.of("leads", chapter),
        "refs": labels.page("provisions", refs=", ".join(refs)) if refs else "",
        "tables": [view(shown, labels) for shown in tables if not shown.empty],
        "empty": [
            labels.page("empty_table", title=labels.of("tables", shown.table.id)) for shown in tables if shown.empty
        ],
    }


def view(shown: Shown, labels: Labels) -> dict[str, Any]:
    """A table as a template lays it out: heads, rows of cells, its plot."""
    table = shown.table
    heads = [labels.term(table.columns_of, column) for column in table.all_columns]
    shade = _Shades(shown) if table.plot == "heat" else None
    return {
        "id": table.id,
        "title": labels.of("tables", table.id),
        "heads": heads + [labels.term("measures", measure) for measure in table.measured],
        "rows": [
            {
                "head": labels.term(table.rows_of, row),
                "sum": row == SUM,
                "cells": [
                    {
                        "text": labels.number(shown.count(row, column)),
                        "hidden": shown.count(row, column) is None,
                        "shade": shade.of(row, column) if shade else 0,
                        "zero": shown.count(row, column) == 0,
                        "sum": column == SUM,
                    }
                    for column in table.all_columns
                ]
                + [_measure(shown, labels, row, measure) for measure in table.measured],
            }
            for row in table.all_rows
        ],
        "plot": draw(shown, labels),
        "form": "narrow" if len(heads) == 1 else "wide" if len(heads) > _WIDE else "",
    }


def _measure(shown: Shown, labels: Labels, row: str, measure: str) -> dict[str, Any]:
    hidden = shown.hides_measure(row, measure)
    value = shown.measure(row, measure)
    text = labels.measure(measure, value) if hidden or value is not None else "–"
    return {"text": text, "hidden": hidden, "shade": 0, "sum": False, "zero": False}


class _Shades:
    """How dark a cell is, by its count beside the largest."""

    def __init__(self, shown: Shown) -> None:
        self._made = shown
        counts = [shown.count(row, column) or 0 for row in shown.table.rows for column in shown.table.columns]
        self._largest = max(counts, default=0)

    def of(self, row: str, column: str) -> int:
        """From 0, nothing, to the darkest."""
        n = self._made.count(row, column)
        if not n or SUM in (row, column):
            return 0
        return max(1, round(_SHADES * n / self._largest))


def _terms(report: Report, times: Times) -> dict[str, Term]:
    """The terms as they were when the year ended."""
    at = seconds(report.period.end) - 1
    return {name: term for name in _TERMS if (term := times.term(name, at)) is not None}


def _term_row(labels: Labels, name: str, term: Term, *, ours: bool) -> dict[str, str]:
    return {
        "name": labels.term("terms", name),
        "length": labels.term("units", term.length.unit).format(n=term.length.n),
        "ref": labels.page("our_reading", ref=term.ref) if term.ref and ours else term.ref or labels.page("our_term"),
    }
