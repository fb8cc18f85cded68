"""`make desk`: the town's desks open, and a request of today waits at the first."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agents.desk.command import now, open_store_of
from agents.desk.courier import Courier
from agents.desk.desk import Desk
from agents.desk.web.app import create_app
from broker.cli.texts import Lang
from scenery.town import desk as town
from tests.desk.web_desk import browser, log_in

pytestmark = pytest.mark.slow


def test_a_newcomer_finds_a_request_of_today_and_each_count_is_of_its_rows(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    first, *others = town.TRIALS
    of = town.prepare(first, data, 8127, Lang.SV)
    town.ask(data)
    town.ask(data)
    password = town.set_password(first, of)
    assert town.set_password(first, of) != password, "new each time, of the same account"
    password = town.set_password(first, of)
    with open_store_of(of) as store:
        courier = Courier(of, store, now)
        try:
            assert courier.round(), "the broker was reached"
        finally:
            courier.stop()
        client = browser(create_app(Desk(of.authority, of, store, courier, now)))
        client.base_url = of.address  # type: ignore[assignment]
        assert log_in(client, first.account, password).status_code == 303
        html = client.get("/vantar").text
        assert html.count('class="new"') == 1, "asked once"
        assert "Begäran om 2 uppgifter" in html and "Polismyndigheten" in html and "Väntar på dig – Samband" in html
        counts = re.findall(r'<a href="(/vantar[^"]*)"[^>]*>[^<]+ <span class="num">(\d+)</span>', html)
        assert len(counts) == 7
        for address, n in counts:
            rows = client.get(address.replace("&amp;", "&")).text
            assert rows.count('<div class="what">') == int(n), address
        assert '<span class="num">(1)</span>' in html, "the menu tells the same"
        row = store.inbox.rows(now=now())[0]
        user = store.people.all()[0]
        assert row.opened is None, "looking at lists opens nothing"
        store.inbox.assign(row.message, user.number)
        assert "Handläggs av dig" in client.get("/vantar?vems=mina").text
        assert "Inget i det här urvalet" in client.get("/vantar?vems=ingens").text
        later: Any = Desk(of.authority, of, store, courier, lambda: now() + timedelta(days=1))
        client.app.state.desk = later  # type: ignore[attr-defined]
        assert "försenat" in client.get("/vantar").text
    assert [town.prepare(trial, data, 8128, Lang.EN).lang for trial in others] == ["en", "en"]
    page = town.prepare_public(data, 8130, Lang.SV)
    assert (page.authority, page.public, page.accounts) == (town.INTAKE, True, False)
