"""Broken inputs out of right ones: the same for the same random numbers, so that a fault can be made again."""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

_ODD_BYTES = (
    b"\x00",
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\n",
    b"\r",
    b'"',
    b"\\",
    b"{",
    b"[",
    b"}",
)
_ODD_TEXTS = (
    *("", " ", "\x00", "\x1b[31m", "\u202e", "\u2028", "\ufeff", "e\u0301", "\U0001f600", "Å", "ſ", "\ud800"),
    *("1" * 5000, "a" * 3000, "-", "+", "—", "null", "19", "201103042386", "2011-03-04", "9999-12-31T23:59:59Z"),
    *("OSL 26:1", "OSL 026:1", "kommun-0127", "samband", "anonymous", "../x", "019c1c2e-7b1a-7000-8000-000000000001"),
)
_ODD_VALUES = (None, True, False, 0, -1, 1 << 63, 1 << 70, 1e308, -0.0, [], {}, [[]], [None], {"": ""}, *_ODD_TEXTS)


def _odd(random: Random) -> Any:
    """One of its own: it may be changed again."""
    return deepcopy(random.choice(_ODD_VALUES))


def mangled(random: Random, given: bytes, others: Sequence[bytes]) -> bytes:
    """Bytes cut, doubled, swapped, flipped, or joined with those of another."""
    data = bytearray(given)
    for _ in range(random.choice((1, 1, 1, 2, 5, 20))):
        at, to = sorted((random.randint(0, len(data)), random.randint(0, len(data))))
        change = random.randrange(8)
        if change == 0:
            del data[at:to]
        elif change == 1:
            data[at:at] = data[at:to]
        elif change == 2:
            data[at:at] = random.choice(_ODD_BYTES)
        elif change == 3:
            data[at:at] = random.randbytes(random.randint(1, 9))
        elif change == 4 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif change == 5:
            data[at:] = random.choice(others)[at:]
        elif change == 6:
            data[at:to] = bytes(reversed(data[at:to]))
        else:
            data[at : at + 1] = bytes([random.randrange(256)])
    return bytes(data)


def changed(random: Random, given: Any) -> Any:
    """A JSON value with something in it of another kind, left out, doubled or new."""
    made = json.loads(json.dumps(given))
    for _ in range(random.choice((1, 1, 2, 4))):
        holder, put = _somewhere(random, made)
        if put is None:
            return _odd(random)
        change = random.randrange(6)
        if isinstance(holder, dict) and change == 0:
            holder.pop(random.choice(list(holder)), None) if holder else None
        elif isinstance(holder, dict) and change == 1:
            holder[random.choice(_ODD_TEXTS)[:40]] = _odd(random)
        elif isinstance(holder, list) and change == 2 and holder:
            holder.extend(deepcopy(holder) * random.choice((1, 3)))
        else:
            put(_odd(random))
    return made


def _somewhere(random: Random, value: Any) -> tuple[Any, Callable[[Any], None] | None]:
    """A place in a value: what holds it, and how to put another value there."""
    holder, put = value, None
    while isinstance(holder, dict | list) and holder and (put is None or random.random() < 0.7):
        key = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or random.random() < 0.3:
            return holder, _putter(holder, key)
        put, holder = _putter(holder, key), inner
    return holder, put


def _putter(holder: Any, key: Any) -> Callable[[Any], None]:
    def put(value: Any) -> None:
        holder[key] = value

    return put


def text(value: Any) -> bytes:
    """A value as a line of JSON, lone surrogates and all."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
