"""Figures over some months: how much, to what outcome, how fast, what was not given; a table beside each plot."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from broker.model.days import swedish_day
from broker.report import reading
from broker.report.figures import Report
from broker.report.page import svg, view
from broker.review.figures import months, usual
from broker.review.rights import REVIEW
from broker.review.web.site import room_of, words_of
from broker.web.access import get, user_of
from broker.web.render import page

ADDRESS = "/siffror"
TABLES = ("months", "overview", "paragraphs", "bars", "refusals", "first_answer", "last_answer", "answer_by_urgency",
          "last_mile", "request_states", "union_requests", "union_refusals")  # fmt: skip


def _show(request: Request) -> Response:
    room, t = room_of(request), words_of(request)
    first, last = usual(swedish_day(room.clock()))
    typed = {"fran": request.query_params.get("fran", first), "tom": request.query_params.get("tom", last)}
    period = months(typed["fran"], typed["tom"])
    counted = room.figures.of(period) if period else None
    if counted:
        room.note(user_of(request), "figures", t("figures.heading"), {"since": typed["fran"], "until": typed["tom"]})
    return page(
        request,
        "figures.html",
        part="parts/figures.html",
        status=200 if period else 422,
        typed=typed,
        fault=t("figures.fault") if period is None else "",
        is_wrong=period is None,
        at=counted.at if counted else None,
        messages=counted.report.messages if counted else 0,
        most_hidden=next(iter(counted.report.tables.values())).smallest - 1 if counted else 0,
        oldest=counted.oldest if counted else [],
        tables=list(_tables(request, counted.report)) if counted else [],
    )


def _tables(request: Request, report: Report) -> Iterator[dict[str, Any]]:
    """Each as the template lays it out, with its plot."""
    t = words_of(request)
    labels = reading.law().labels(t.lang)
    for name in TABLES:
        title, shown = t(f"figures.tables.{name}"), report.tables[name]
        laid_out = {**view(shown, labels), "title": title, "empty": shown.empty}
        if plot := laid_out["plot"]:
            titled = replace(plot, title=labels.page("plot_alt", title=title))
            laid_out |= {"svg": svg(titled, f"plot-{name}")}
        yield laid_out


ROUTES = [get(ADDRESS, _show, may=REVIEW)]
