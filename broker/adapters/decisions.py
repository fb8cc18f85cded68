"""The records that workers have made, in PostgreSQL: what the ledger reads from Kafka, by numbers of their own."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, LargeBinary, any_, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY

from broker.adapters.worker_tables import decisions, numbers
from broker.decision import Json
from broker.merkle import leaf_hash
from broker.records import canonical

_RECENT = 100_000
"""Numbers back from the newest among which the newest records are looked for first."""
_HASHES = select(decisions.c.leaf_hash).where(
    decisions.c.leaf_hash == any_(bindparam("hashes", type_=ARRAY(LargeBinary)))
)
_LATE = decisions.c.n > select(func.max(decisions.c.n)).scalar_subquery() - _RECENT
_RECORD = select(decisions.c.leaf, decisions.c.leaf_hash).where(decisions.c.n == bindparam("n"))


def unknown(connection: Connection, leaf_hashes: Collection[bytes]) -> int:
    """How many of these records were not made here."""
    missing = set(leaf_hashes)
    for query in (_HASHES.where(_LATE), _HASHES):  # all of them only where one is not among the newest
        if missing:
            missing -= set(connection.execute(query, {"hashes": list(missing)}).scalars())
    return len(missing)


class DecisionLog:
    """Records by a number of their own, which is not their place in the log: the ledger gives that."""

    numbered = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.latest: dict[int, bytes] = {}
        """The records of the last append, by number, as they are kept."""

    def append(self, leaves: Sequence[Json]) -> list[tuple[int, str]]:
        """Keep records in order; number and leaf hash (hex) of each."""
        if not leaves:
            return []
        drawn = select(func.nextval(numbers.name)).select_from(func.generate_series(1, len(leaves)))
        rows = []
        for n, leaf in zip(sorted(self._connection.execute(drawn).scalars()), leaves, strict=True):
            data = canonical(leaf)
            rows.append({"n": n, "leaf": data, "leaf_hash": leaf_hash(data)})
        self._connection.execute(insert(decisions), rows)
        self.latest = {row["n"]: row["leaf"] for row in rows}
        return [(row["n"], row["leaf_hash"].hex()) for row in rows]

    def record(self, seq: int) -> tuple[Json, str]:
        """A record's leaf and the hex of its leaf hash. Raises KeyError when there is none."""
        row = self._connection.execute(_RECORD, {"n": seq}).one_or_none()
        if row is None:
            raise KeyError(seq)
        return json.loads(row.leaf), row.leaf_hash.hex()

    @property
    def size(self) -> int:
        """Records are not counted here."""
        return 0

    def forget(self) -> None:
        """Nothing is kept outside the transaction."""

    def committed(self) -> None:
        """The ledger, which runs apart, signs."""
