"""A desk for tests: its store in a folder, a broker that is only a stage, two colleagues and a clock that stands."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from lines import POLICE, Json, number

from agents.agency.broker import Broker
from agents.agency.fake_broker import Stage
from agents.desk.courier import Courier
from agents.desk.faults import Destroyed
from agents.desk.keys import Wrapped
from agents.desk.settings import DeskSettings
from agents.desk.store import Store, open_store
from broker.web.user import User

BOARD = "kommun-0127"
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
CHILD = {"id_type": "personnummer", "id": "200904122389"}
HIDDEN = CHILD | {"protected_identity": "protected_registration"}
ALL: frozenset[Any] = frozenset({"answer", "ask", "approve", "register", "read"})
SARA = User(1, "Sara Exempel", "social_services", "caseworker", "s-1", "sv", ALL)
MAJA = User(2, "Maja Exempel", "social_services", "decision_maker", "m-2", "sv", ALL)
ROBOT = User(3, "", "social_services", "system", "", "sv", ALL)


class MemoryKeys:
    """Keys without a disk."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes] = {}

    def wrap(self, data_key: bytes) -> Wrapped:
        key_id, mask = uuid4().hex, os.urandom(len(data_key))
        self.keys[key_id] = mask
        return Wrapped(key_id, _mixed(data_key, mask))

    def unwrap(self, wrapped: Wrapped) -> bytes:
        if wrapped.key_id not in self.keys:
            raise Destroyed("gone")
        return _mixed(wrapped.blob, self.keys[wrapped.key_id])

    def destroy(self, key_id: str) -> None:
        self.keys.pop(key_id, None)


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


@dataclass
class Side:
    """One desk; `restart` is what a new process has: the files, the keys, the broker."""

    folder: Path
    url: str = ""
    approval: frozenset[str] = frozenset()
    broker: Broker = field(default_factory=Stage)
    now: datetime = NOW
    keys: MemoryKeys = field(default_factory=MemoryKeys)

    def __post_init__(self) -> None:
        self.url = self.url or f"sqlite:///{self.folder / 'desk.db'}"
        self.settings = DeskSettings(
            BOARD,
            self.url,
            self.folder / "keys",
            self.folder / "agency.db",
            unit="social_services",
            role="caseworker",
            data=self.folder / "data",
            approval=self.approval,
        )
        self.store = self._opened()
        self.courier = self._courier()

    @property
    def stage(self) -> Stage:
        """The broker, where it is a stage."""
        assert isinstance(self.broker, Stage)
        return self.broker

    def clock(self) -> datetime:
        """The moment that is set."""
        return self.now

    def later(self, **span: float) -> None:
        """Time passes."""
        self.now += timedelta(**span)

    def come(self, *lines: Json) -> None:
        """Lines come, and are fetched."""
        self.stage.lines += lines
        assert self.courier.round()

    def restart(self) -> None:
        """What a new process has."""
        self.close()
        self.store, self.courier = self._opened(), self._courier()

    def close(self) -> None:
        """As when a process is gone."""
        self.courier.stop()
        self.store.close()

    def _opened(self) -> Store:
        sealing = self.settings.sealer
        return open_store(
            self.url, self.keys, authority=BOARD, approval=self.approval, clock=self.clock, sealing=sealing
        )

    def _courier(self) -> Courier:
        return Courier(self.settings, self.store, self.clock, broker=self.broker)


def delivery(n: int, kind: str = "InformationRequest", *, body: Json | None = None, **more: Any) -> Json:
    """A line with a message to the board."""
    sender = {
        "authority": more.pop("sender", POLICE),
        "unit": more.pop("sender_unit", "police_area"),
        "role": "officer",
    }
    envelope = {name: more.pop(name) for name in ("in_reply_to", "case") if name in more}
    message = {
        "id": number(n),
        "kind": kind,
        "sender": sender,
        "recipient": {"authority": BOARD, "unit": "social_services"},
        "time": "2026-11-30T07:55:00Z",
        **envelope,
        "body": REQUEST if body is None else body,
    }
    return {"type": "delivery", "message": message, "partial": False, "unanswered": [], "grounds": [], **more}


REQUEST: Json = {
    "purpose": "prevent",
    "need": "Hemligt behov.",
    "subject": CHILD,
    "categories": ["housing", "social_record"],
    "urgency": "urgent",
    "secrecy": ["OSL 18:1"],
}


def term(clock: str, due: datetime) -> Json:
    """A clock that a delivery tells."""
    return {"clock": clock, "due": due.isoformat().replace("+00:00", "Z"), "ref": None}


def receipt(message: str, outcome: str = "forward", **more: Any) -> Json:
    """A line with what the broker did with a message."""
    content = {"message": message, "outcome": outcome, "partial": False, "items": [], "bars": [], "grounds": []}
    return {"type": "receipt", "receipt": content | {"audit": {"leaf": "00", "seq": 1}} | more}


def notice(n: int, about: str, name: str = "reminder", **more: Any) -> Json:
    """A line in which the broker tells of a clock."""
    fields = {"type": "notice", "notice": name, "id": number(n), "unit": "social_services", "clock": "answer"}
    times = {"due": "2026-12-02T09:00:00Z", "time": "2026-11-30T08:00:00Z", "ref": None}
    return fields | {"message": about} | times | more
