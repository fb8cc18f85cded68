"""How long what is kept is to be kept: what of it is due."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, union_all

from broker.adapters.sql import tables
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.worker_tables import decisions
from broker.ports.store import Due

_C, _P = tables.cases.c, tables.copies.c


class SqlRetention:
    """What a store says of cases that are due, and of those that messages lie in."""

    _contents: Contents

    def due_cases(self, before: str, most: int) -> Sequence[Due]:
        """Cases that nothing keeps on this day (YYYY-MM-DD) any more and nobody holds: so many at most."""
        return self._contents.due(before, most)

    def cases_of(self, messages: Sequence[str]) -> Sequence[int]:
        """The cases that are not erased in which somebody has a copy of one of these messages."""
        return self._contents.cases_of(messages)

    def count_due(self, before: str) -> int:
        """How many cases are due on this day."""
        return self._contents.count_due(before)

    def has_stale_key(self) -> bool:
        """Whether something was erased since what wraps keys was renewed: copies from before can be read still."""
        return self._contents.is_stale()


def kept_under(connection: Connection, is_apart: bool, *, with_clocks: bool) -> Counter[str]:
    """Of how much the record was made with which key of tokens: contents, consents, agreements, clocks that run.

    `is_apart`: the workers number their records themselves. `with_clocks`: they are kept here.
    """
    live = select(_P.seq).join(tables.cases, _C.n == _P.case_key).where(_C.wrapped.is_not(None))
    standing = [select(table.c.seq).where(table.c.replaced.is_(None)) for table in (tables.consents, tables.agreements)]
    kept = union_all(live, *standing).subquery()
    made, n = (decisions, decisions.c.n) if is_apart else (tables.records, tables.records.c.seq)
    leaves = connection.execute(select(made.c.leaf).join(kept, kept.c.seq == n)).scalars()
    found = Counter(key for leaf in leaves if (key := json.loads(leaf).get("key")))
    return found + _clocks_under(connection) if with_clocks else found


def _clocks_under(connection: Connection) -> Counter[str]:
    """Of how many clocks the record made the person's token, with which key; "" where the record is not here yet.

    Whoever was named again since has a newer token: such a clock hangs on that.
    """
    matters, records = tables.matters, tables.records
    about, sender = (matters.c.matter[name].as_string() for name in ("about", "sender"))
    is_its = and_(records.c.message == matters.c.message, records.c.sender == sender, records.c.record == "decision")
    is_open = and_(tables.OPEN_MATTERS[connection.dialect.name], about.is_not(None))
    query = select(about, records.c.leaf).join_from(matters, records, is_its, isouter=True).where(is_open)
    found: Counter[str] = Counter()
    for token, content in connection.execute(query):
        leaf = json.loads(content or b"{}")
        named = (leaf.get("subject"), (leaf.get("clock") or {}).get("about"))
        if content is None or token in named:
            found[leaf.get("key", "")] += 1
    return found


def retained(connection: Connection, day: str) -> dict[str, dict[str, Any]]:
    """By class how many cases are kept, are due on this day, are held or have no day; and the next day."""
    figures = (func.max(_P.until).label("until"), func.count(_P.until).label("dated"), func.count().label("all"))
    of_case = select(_P.case_key, *figures).group_by(_P.case_key).subquery()
    last = or_(_P.until == of_case.c.until, of_case.c.until.is_(None))
    classes = select(_P.case_key, func.min(_P["class"]).label("class")).join(of_case, of_case.c.case_key == _P.case_key)
    named = classes.where(last).group_by(_P.case_key).subquery()
    has_day = of_case.c.dated == of_case.c.all
    is_due = and_(has_day, of_case.c.until < day, _C.held.is_(None))
    counted = (
        func.count().label("cases"),
        func.count(case((is_due, 1))).label("due"),
        func.count(_C.held).label("held"),
        func.min(case((and_(has_day, of_case.c.until >= day), of_case.c.until))).label("next"),
        func.count(case((~has_day, 1))).label("no_day"),
    )
    joined = tables.cases.join(of_case, of_case.c.case_key == _C.n).join(named, named.c.case_key == _C.n)
    query = (
        select(named.c["class"], *counted).select_from(joined).where(_C.wrapped.is_not(None)).group_by(named.c["class"])
    )
    rows = (dict(row) for row in connection.execute(query).mappings())
    return {row.pop("class"): row for row in rows}
