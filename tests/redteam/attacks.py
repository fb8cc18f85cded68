"""The town that the red team attacked: its parties, messages made now with ids of their own, and the command line."""

import json
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection, connect
from typing import Any
from uuid import UUID

from command import Ended, Json, samband

from broker.adapters.sql.data_folder import DATABASE

REGISTER = Path(__file__).parents[2] / "scenery" / "town" / "authorities.json"

SOC = {"authority": "kommun-0127", "unit": "social_services", "role": "caseworker"}
POL = {"authority": "polismyndigheten", "unit": "police_area"}
SCH = {"authority": "skola-tallkotten", "unit": "school", "role": "rektor"}
ASSOC = {"authority": "forening-lyktan"}
KID = {"id_type": "personnummer", "id": "201103042386"}


def message(kind: str, sender: Json, recipient: Json, body: Json, **envelope: Any) -> Json:
    """A message made now, with an id of its own; keyword arguments replace fields of the envelope."""
    now = datetime.now(UTC)
    milliseconds = int(now.timestamp() * 1000)
    id_ = UUID(int=milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62))
    addressed = {name: value for name, value in recipient.items() if name != "role"}
    made = {"id": str(id_), "kind": kind, "sender": sender, "recipient": addressed, "time": now.isoformat()}
    return {**made, "body": body, **envelope}


@dataclass(frozen=True)
class Town:
    """One broker's data folder, and whoever stands before it."""

    place: Path

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.place / "data"

    def samband(self, *arguments: object, register: bool = True, stdin: bytes = b"") -> Ended:
        """One command on this folder."""
        more = ("--register", REGISTER) if register else ()
        return samband(*arguments, *more, "--data", self.data, stdin=stdin)

    def run(self, *lines: Json | bytes) -> list[Json]:
        """The receipts of `samband run`."""
        return self.samband("run", "-", "--json", stdin=_file(lines)).objects

    def send(self, authority: Json, *lines: Json | bytes) -> list[Json]:
        """The receipts of `samband send`, as one who is proven to be this authority."""
        return self.samband("send", "-", "--as", authority["authority"], "--json", stdin=_file(lines)).objects

    def inbox(self, authority: Json) -> list[Json]:
        """What lies in an inbox."""
        return self.samband("inbox", authority["authority"], "--json").objects

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """A connection past the broker, as of somebody who has got at the file."""
        with closing(connect(self.data / DATABASE)) as connection, connection:
            yield connection


def _file(lines: tuple[Json | bytes, ...]) -> bytes:
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
