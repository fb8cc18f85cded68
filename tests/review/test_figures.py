"""The yearly report's figures over other months: tables with their plots, small numbers hidden."""

import re
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from broker.adapters.sql.read_model import open_archive
from broker.deadlines import moment
from broker.report import figures
from broker.report.entries import Period
from broker.review.figures import Figures, months, oldest_of, usual
from broker.review.room import Room
from tests.review.web_room import Noted, add_user, logged_in
from tests.web_pages import Clock


def test_figures_stand_in_tables_with_plots_beside_them(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    add_user(room, may=["review"])
    add_user(room, "pia", may=["law", "operate"])
    assert logged_in(room, "pia").get("/siffror").status_code == 404
    greta = logged_in(room)
    let_go, count = Event(), room.figures._count

    def slowly(period: Period) -> None:
        let_go.wait(60)
        count(period)

    monkeypatch.setattr(room.figures, "_count", slowly)
    monkeypatch.setattr("broker.review.figures.Figures.of.__defaults__", (0.0,))
    waiting = greta.get("/siffror?fran=2026-01&tom=2026-12").text
    assert "Siffrorna räknas" in waiting and 'hx-get="/siffror?fran=2026-01&amp;tom=2026-12"' in waiting
    assert isinstance(room.views, Noted) and room.views.views == []
    let_go.set()
    assert room.figures.of(Period.of_year(2026), 60) is not None
    shown = greta.get("/siffror?fran=2026-01&tom=2026-12").text
    assert "hx-get" not in shown and shown.count("<svg viewBox") > 3
    assert len(re.findall('<table class="ds-table" aria-labelledby="t-', shown)) > 5
    assert "Det som väntar nu" in shown and "Det äldsta sedan" in shown
    assert "artikel 18.2" in shown and "(led d) räknas inte" in shown
    assert "Utfall efter paragraf" in shown and "2025:170 7 §" in shown and "style=" not in shown
    assert 'title="Dolt: för få för att visas">..<' in shown
    [view] = room.views.views
    assert (view.sort, view.what) == ("figures", {"since": "2026-01", "until": "2026-12"})
    room.people.choose(room.people.all()[0], lang="en")
    assert "Outcomes by paragraph" in greta.get("/siffror?fran=2026-01&tom=2026-12").text
    wrong = greta.get("/siffror?fran=2026-12&tom=2026-01")
    assert wrong.status_code == 422 and "Choose twelve months" in wrong.text


def test_what_takes_long_to_count_is_shown_all_the_same(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, count = Clock(), figures.of_period

    def slowly(*given: Any) -> Any:
        clock.forward(timedelta(hours=1))
        return count(*given)

    monkeypatch.setattr(figures, "of_period", slowly)
    counting = Figures(partial(open_archive, town), clock)
    counted = counting.of(Period.of_year(2026), 60)
    assert counted and counted.done - counted.at == timedelta(hours=1)
    clock.forward(timedelta(minutes=9))
    assert counting.of(Period.of_year(2026), 0) is counted


def test_periods_are_whole_months() -> None:
    assert months("2026-09", "2026-11") == Period(date(2026, 9, 1), date(2026, 11, 30))
    assert months("2025-12", "2026-02") == Period(date(2025, 12, 1), date(2026, 2, 28))
    assert months("2026-01", "2026-12") == Period.of_year(2026)
    for since, until in (("2026-02", "2026-01"), ("2025-12", "2026-12"), ("2026-13", "2026-12"), ("", "x")):
        assert months(since, until) is None
    assert usual(date(2026, 1, 31)) == ("2025-11", "2026-01") and usual(date(2026, 12, 1)) == ("2026-10", "2026-12")


def test_what_waits_is_hidden_where_it_is_few(town: Path) -> None:
    with open_archive(town) as archive:
        matters = list(archive.open_matters())
    answers = [matter for matter in matters if matter.clock is matters[0].clock]
    [few] = oldest_of(answers[:2], 5)
    assert (few.clock, few.n, few.since) == (answers[0].clock.value, None, None)
    [shown] = oldest_of(answers[:2], 2)
    assert shown.n == 2 and shown.since == moment(min(one.started for one in answers[:2]))
