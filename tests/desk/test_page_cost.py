"""What a page asks of its database is the same however much there is."""

from pathlib import Path

from tests.desk.hundred_thousand import come, counting, open_desk, pages
from tests.desk.side import Side
from tests.desk.web_desk import logged_in

MOST = 70
"""Statements of any page."""


def test_no_page_asks_its_database_more_often_where_there_is_more(tmp_path: Path) -> None:
    side = Side(tmp_path)
    desk, user = open_desk(side)
    client = logged_in(desk)
    come(side, user, 0, 31)  # of each sort one: late, with somebody who has it, of every sender
    before, after = ({path: 0 for path in pages()} for _ in range(2))
    for counts, more in ((before, 0), (after, 60)):
        come(side, user, 31, 31 + more)
        for path in counts:
            with counting(side) as statements:
                assert client.get(path).status_code == 200, path
            counts[path] = len(statements)
    assert {path: n for path, n in after.items() if n > before[path]} == {}
    assert max(after.values()) <= MOST
    side.close()
