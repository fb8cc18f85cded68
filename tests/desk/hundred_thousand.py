"""How much of a processor each page takes with a hundred thousand lines: python -m tests.desk.hundred_thousand.

Fills a desk on SQLite, then asks for each page many times. Prints the median and the most of its milliseconds of CPU,
with how many statements it asks its database.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import Table, event, insert, select

sys.path.insert(0, str(Path(__file__).parents[1]))

from lines import POLICE, number

from agents.agency import Address
from agents.agency.lines import read
from agents.desk.cipher import seal
from agents.desk.desk import Desk
from agents.desk.store.tables import cases, contents, lines, sent
from broker.web.user import User
from tests.desk.side import ALL, NOW, Side, delivery, term
from tests.desk.web_desk import Courier_, add_user, logged_in

SENDERS = (POLICE, "skola-tallkotten", "kommun-0180", "kriminalvarden", "aklagarmyndigheten")
POLICE_AREA = Address(POLICE, "police_area")
SUMMARY = b'{"birth_date": "2009-04-12"}'
_MODELS, _FIRST = 100, 1_000_000


def open_desk(side: Side) -> tuple[Desk, User]:
    """The desk of a side, with somebody who may all."""
    courier: Any = Courier_()
    settings = replace(side.settings, address="http://127.0.0.1:8080", accounts=True)
    desk = Desk(settings.authority, settings, side.store, courier, side.clock)
    return desk, add_user(desk, may=sorted(ALL | {"admin"}))


def come(side: Side, user: User, start: int, stop: int) -> None:
    """Lines of five senders, in time or late, some of them done with, each with a message in its case."""
    for i in range(start, stop):
        due = NOW + timedelta(hours=(i * 7) % 200 - 20)
        side.store.arrivals.save(read(delivery(i + 1, sender=SENDERS[i % 5], terms=[term("answer", due)])), NOW)
        body = {"categories": ["housing"]}
        draft = side.store.drafts.new("InformationRequest", user=user, answers=number(i + 1), to=POLICE_AREA, body=body)
        side.store.drafts.send(draft.number, user)
        if i % 10:
            side.store.inbox.close(number(i + 1), NOW)
        elif i % 20:
            side.store.inbox.assign(number(i + 1), user.number)


def copy(side: Side, n: int) -> None:
    """So many rows as those that are there, each a case of its own, sealed anew."""
    with side.store.transaction() as connection:
        whole = select(lines, contents.c.content).join(contents, contents.c.line == lines.c.number)
        models, own = connection.execute(whole).all(), connection.execute(select(sent)).all()
        rows: dict[Table, list[dict[str, Any]]] = {cases: [], lines: [], contents: [], sent: []}
        for at in range(n):
            key, case, message = os.urandom(32), _FIRST + at, number(2 * _FIRST + at)
            wrapped, model = side.keys.wrap(key), dict(models[at % len(models)]._mapping)
            rows[cases].append({"number": case, "key_id": wrapped.key_id, "data_key": wrapped.blob})
            summary = seal(key, SUMMARY, f"{case}/summary/{case}")
            rows[contents].append({"line": case, "summary": summary, "content": model.pop("content")})
            rows[lines].append(model | {"number": case, "key": f"{case}", "message": number(case), "case": case})
            summary, done = seal(key, SUMMARY, f"{case}/sent/{message}"), NOW if at % 20 else None
            gone = dict(own[at % len(own)]._mapping)
            rows[sent].append(gone | {"message": message, "case": case, "done": done, "summary": summary})
        for table, values in rows.items():
            for start in range(0, n, 5000):
                connection.execute(insert(table), values[start : start + 5000])


@contextmanager
def counting(side: Side) -> Iterator[list[str]]:
    """The statements that are asked meanwhile."""
    asked: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    engine = side.store.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def pages() -> Iterator[str]:
    """Each sort of page."""
    for show in ("oppet", "i-dag", "forsenat", "tillbaka", "utkast", "klart", "allt"):
        yield f"/vantar?visa={show}"
    yield from ("/vantar?vems=mina", "/vantar?vems=ingens", "/vantar?slag=InformationRequest", f"/vantar?fran={POLICE}")
    yield from ("/vantar?visa=klart&sida=3000", "/vantar/nytt?antal=0")
    for show in ("oppet", "ligger-kvar", "inte-oppnat", "forsenat", "delvis", "aterlamnat", "klart"):
        yield f"/skickat?visa={show}"
    yield from ("/skickat?vems=mina", "/skickat?visa=klart&vems=mina", "/skickat?visa=klart&sida=3000")
    yield from (f"/m/{number(1)}", f"/m/{number(1)}/svar/1", "/arende/1", "/fraga", "/nytt", "/nytt/orosanmalan")
    yield from ("/sok", "/bort", "/personer", "/hjalp/rektor")


def main() -> None:
    """Fill, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        side = Side(Path(folder))
        desk, user = open_desk(side)
        come(side, user, 0, _MODELS)
        copy(side, asked.lines - _MODELS)
        client = logged_in(desk)
        for path in pages():
            took = []
            for _ in range(asked.each):
                with counting(side) as statements:
                    begun = process_time()
                    answer = client.get(path)
                    took.append((process_time() - begun) * 1000)
            figures = (
                f"median {statistics.median(took):6.1f}  most {max(took):6.1f} ms CPU  {len(statements)} statements"
            )
            print(f"{path:48} {answer.status_code}  {figures}", flush=True)
        side.close()


if __name__ == "__main__":
    main()
