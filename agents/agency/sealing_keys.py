"""The files of keys: the register with those that contents are sealed to, a folder with the own that open."""

import json
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .broker import AgencyError, Json, WrongMessage
from .sealing import KeyPair, NotOpened, bound, key_id, seal

_SWEDEN = ZoneInfo("Europe/Stockholm")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_ALSO: Mapping[str, str] = {"region-09": "kommun-0980"}
"""Another id of an authority: its keys stand under one."""


def swedish_day(moment: datetime) -> date:
    """The day of a moment in Sweden: keys are in force by days."""
    return moment.astimezone(_SWEDEN).date()


@dataclass(frozen=True)
class PublicKey:
    """A key that the register holds for an address."""

    id: str
    public: bytes = field(repr=False)
    first: date
    last: date | None
    revoked: date | None

    @classmethod
    def of(cls, row: Json) -> "PublicKey":
        """As a row of the register has it. Raises ValueError, KeyError, TypeError."""
        last, revoked = (date.fromisoformat(row[name]) if row.get(name) else None for name in ("until", "revoked"))
        key = cls(str(row["id"]), b64decode(row["public"]), date.fromisoformat(row["from"]), last, revoked)
        if key_id(key.public) != key.id:
            raise ValueError("its id is not that of the key")
        return key

    def state(self, day: date) -> str:
        """`in_force`, `revoked`, `not_yet` or `ended`."""
        if self.revoked and self.revoked <= day:
            return "revoked"
        if day < self.first:
            return "not_yet"
        return "ended" if self.last and self.last < day else "in_force"


class PublicKeys:
    """In: the register's file, as the broker's operator hands it out; read again when it changes."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def of(self, authority: str, unit: str) -> tuple[str, list[PublicKey]]:
        """The address that a unit's deliveries come to, and its keys. Raises AgencyError."""
        own = _ALSO.get(authority, authority)
        rows = [row for row in self._rows() if _ALSO.get(row.get("authority", ""), row.get("authority")) == own]
        desk = next((row for row in rows if unit in (row.get("units") or ())), None)
        of_it = [row for row in rows if row.get("desk") == (desk["desk"] if desk else None)]
        return f"{own}/{desk['desk']}" if desk else own, [key for row in of_it for key in self._keys(row)]

    def __iter__(self) -> Iterator[PublicKey]:
        """Every key in it. Raises AgencyError."""
        yield from (key for row in self._rows() for key in self._keys(row))

    def _keys(self, row: Json) -> list[PublicKey]:
        try:
            return [PublicKey.of(key) for key in row.get("keys") or ()]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise AgencyError(f"{self._file}: {row.get('authority')}: a key is not as the register has keys") from None

    def _rows(self) -> list[Json]:
        try:
            return _read(self._file, self._file.stat().st_mtime_ns)
        except (OSError, ValueError):
            raise AgencyError(f"{self._file}: can't be read as a register: a list of objects in JSON") from None


@lru_cache(maxsize=8)
def _read(file: Path, _: int) -> list[Json]:
    rows = json.loads(file.read_bytes().decode("utf-8-sig"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("no list of objects")
    return rows


class OwnKeys:
    """In: a folder for its owner alone, a file for each key; made with the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self, address: str, first: date, last: date | None = None) -> Json:
        """A new pair, kept: what the register is to hold of it. Raises AgencyError."""
        pair = KeyPair.new()
        row = {"id": pair.id, "public": b64encode(pair.public).decode("ascii"), "from": first.isoformat()}
        row |= {"until": last.isoformat()} if last else {}
        kept = {"address": address, **row, "private": b64encode(pair.private).decode("ascii")}
        file = self._folder / f"{pair.id}.json"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
                json.dump(kept, out, indent=1)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise AgencyError(f"{file}: can't be written: {error.strerror}") from None
        return row

    def __iter__(self) -> Iterator[Json]:
        """Every key that is held, oldest first, without what opens. Raises AgencyError."""
        rows = [self._kept(file) for file in self._folder.glob("*.json")]
        shown = [{name: value for name, value in row.items() if name != "private"} for row in rows]
        yield from sorted(shown, key=lambda row: (row["from"], row["id"]))

    def get(self, id: str) -> KeyPair | None:
        """The key with an id; None: it is not held. Raises AgencyError."""
        file = self._folder / f"{id}.json"
        if not (id.isalnum() and file.exists()):
            return None
        return KeyPair.of(b64decode(self._kept(file)["private"]))

    def _kept(self, file: Path) -> Json:
        try:
            if os.name == "posix" and (file.stat().st_mode | self._folder.stat().st_mode) & _OTHERS:
                raise AgencyError(f"{file}: others than its owner can read it: chmod go= it and its folder")
            row: Json = json.loads(file.read_text("utf-8"))
            if KeyPair.of(b64decode(row["private"])).id != row["id"]:
                raise ValueError
            return row
        except OSError as error:
            raise AgencyError(f"{file}: can't be read: {error.strerror}") from None
        except (ValueError, KeyError, TypeError):
            raise AgencyError(f"{file}: is no key for sealing: put it back from a copy") from None


class KeyOver(WrongMessage):
    """Whom a message goes to has keys, and none of them is in force: nothing is sent, nor in clear."""


@dataclass(frozen=True)
class Sealing:
    """How contents are sealed and opened. `own`: the folder of the own keys; `register`: where those of others are."""

    own: Path | None = None
    register: Path | None = None

    def seal(self, message: Json) -> Json:
        """A message as it is sent: its contents sealed, where its recipient has a key in force. Raises KeyOver."""
        items = message["body"].get("items")
        if not items:
            return message
        recipient, day = message["recipient"], swedish_day(datetime.fromisoformat(message["time"]))
        key = self.key(recipient["authority"], recipient.get("unit") or "registry", day)
        if key is None:
            return message
        sealed = [item if item.get("sealed") else _sealed(message, item, key.public) for item in items]
        return {**message, "body": {**message["body"], "items": sealed}}

    def key(self, authority: str, unit: str, day: date) -> PublicKey | None:
        """What contents for a unit are sealed to on a day; None: it has no key, or not yet. Raises KeyOver."""
        if self.register is None:
            return None
        address, keys = PublicKeys(self.register).of(authority, unit)
        begun = [key for key in keys if key.state(day) != "not_yet"]
        newest = max(begun, key=lambda key: (key.state(day) == "in_force", key.first, key.id), default=None)
        if newest is not None and (state := newest.state(day)) != "in_force":
            over = "revoked" if state == "revoked" else "over"
            raise KeyOver(
                f"{address}: its key {newest.id} is {over}: ask for today's register, or {address} for a new key"
            )
        return newest

    def open(self, content: Any) -> Any:
        """An inbox line with its contents opened; `unopened` says why one is not: `no_key`, or `changed`."""
        message: Any = content.get("message") if isinstance(content, dict) else None
        body: Any = message.get("body") if isinstance(message, dict) else None
        items: Any = body.get("items") if isinstance(body, dict) else None
        if not isinstance(items, list) or not any(isinstance(item, dict) and item.get("sealed") for item in items):
            return content
        opened = [self._opened(message, item) for item in items]
        return {**content, "message": {**message, "body": {**body, "items": opened}}}

    def _opened(self, message: Json, item: Any) -> Any:
        sealed = item.get("sealed") if isinstance(item, dict) else None
        if not isinstance(sealed, dict) or "ciphertext" not in sealed:
            return item
        bare = {name: value for name, value in item.items() if name != "unopened"}
        key = OwnKeys(self.own).get(str(sealed.get("key"))) if self.own else None
        if key is None:
            return {**bare, "unopened": "no_key"}
        try:
            return {**bare, "content": key.open(sealed, bound(message, item)), "sealed": {"key": key.id}}
        except (NotOpened, KeyError, TypeError, AttributeError):
            return {**bare, "unopened": "changed"}


def _sealed(message: Json, item: Json, public: bytes) -> Json:
    bare = {name: value for name, value in item.items() if name != "content"}
    return {**bare, "sealed": seal(public, str(item.get("content") or ""), bound(message, item))}
