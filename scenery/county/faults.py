"""Lines that fail: unusable ones, each with the code from the one who broke the line, or repeats."""

import json
from collections import deque
from collections.abc import Callable
from random import Random
from typing import Any

Json = dict[str, Any]

Broken = tuple[bytes, str]
"""A line, and the quarantine code that it must end under."""


def line(message: Json) -> bytes:
    """A message as a line, without its end."""
    return json.dumps(message, ensure_ascii=False).encode()


def _cut(message: Json) -> Broken:
    whole = line(message)
    return whole[: len(whole) * 2 // 3].decode(errors="ignore").encode(), "not_json"


def _latin(message: Json) -> Broken:
    marked = {**message, "case": "Övertorneå"}
    return json.dumps(marked, ensure_ascii=False).encode("latin-1", errors="replace"), "invalid_utf8"


def _list(message: Json) -> Broken:
    return line(message).join((b"[", b"]")), "not_object"


def _unknown_field(message: Json) -> Broken:
    return line({**message, "priority": "high"}), "unknown_field"


def _wrong_type(message: Json) -> Broken:
    return line({**message, "body": "se bilaga"}), "wrong_type"


def _no_zone(message: Json) -> Broken:
    return line({**message, "time": message["time"].removesuffix("Z")}), "time_without_zone"


def _nobody(message: Json) -> Broken:
    return line({**message, "recipient": {"authority": "skola-finns-inte"}}), "unknown_authority"


def _no_such_kind(message: Json) -> Broken:
    return line({**message, "kind": "Announcement"}), "unknown_kind"


def _no_body(message: Json) -> Broken:
    return line({name: value for name, value in message.items() if name != "body"}), "missing_field"


def _field_twice(message: Json) -> Broken:
    return line(message)[:-1] + b', "kind": "Tip"}', "field_twice"


def _no_such_unit(message: Json) -> Broken:
    return line({**message, "sender": {**message["sender"], "unit": "basement"}}), "unknown_value"


def _not_version_7(message: Json) -> Broken:
    return line({**message, "id": message["id"][:14] + "4" + message["id"][15:]}), "invalid_value"


def _far_time(message: Json) -> Broken:
    return line({**message, "time": "9999-12-31T23:59:59Z"}), "invalid_value"


def _other_spelling(message: Json) -> Broken:
    items = [{"category": "other", "content": "x", "secrecy": ["2009:400 26:01"]}]
    return line(
        {**message, "kind": "Disclosure", "body": {"subject": {"id_type": "unknown"}, "items": items}}
    ), "invalid_value"


FAULTS: tuple[Callable[[Json], Broken], ...] = (
    _cut,
    _latin,
    _list,
    _unknown_field,
    _wrong_type,
    _no_zone,
    _far_time,
    _nobody,
    _no_such_kind,
    _no_body,
    _field_twice,
    _no_such_unit,
    _not_version_7,
    _other_spelling,
)
"""Each way to break a message."""


class Recent:
    """The last lines that were decided: what can be sent again, or under a taken id."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._last: deque[tuple[Json, Json]] = deque(maxlen=60)

    def add(self, message: Json, row: Json) -> None:
        """A line was decided."""
        if row["outcome"] != "quarantine":
            self._last.append((message, row))

    def again(self) -> tuple[bytes, str, Json]:
        """The same line once more: line, kind, what is expected."""
        message, row = self._rng.choice(self._last)
        return line(message), message["kind"], row

    def reuse_id(self) -> tuple[bytes, str, Json]:
        """Other content under an id that its sender has used; of an anonymous sender nobody could tell that."""
        message = self._rng.choice([message for message, _ in self._last if not message["body"].get("anonymous")])
        return line({**message, "case": "K-ANNAN"}), message["kind"], {"outcome": "quarantine", "code": "id_reused"}
