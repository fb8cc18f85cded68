"""Holds Avro bytes to their schema before a decoder reads them: counts, lengths, indexes, text.

It builds nothing.

A decoder believes what the bytes claim: five bytes can ask for thirty million list entries, a negative index picks
the last symbol, a boolean may be any byte. Here each claim is held against the schema and the bytes that are left,
in one pass and without a copy of more than one text. Only what our schemas use is known (no map, bytes, fixed or
float), and a schema that is recursive or has list entries of no width is refused when it is loaded.

Source: Apache Avro 1.12 specification, "Binary Encoding". Stricter than it: shortest varints, and lists in one block
(both are what every common writer gives), so that equal messages have equal bytes.
"""

import re
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

Check = Callable[[bytes, int], None]
_Scan = Callable[[bytes, int], int]
"""From a position to the position after the value; raises OutOfBounds."""
_Sized = tuple[_Scan, int]
"""A scan and the fewest bytes that it passes."""

_MOST_ENTRIES = 1024
_LONG = range(-(1 << 63), 1 << 63)
_DAYS = range(-719_162, 2_932_897)
_MICROSECONDS = range(-62_135_596_800_000_000, 253_402_300_800_000_000)
"""Years 1 to 9999, from 1970."""
_UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class OutOfBounds(ValueError):
    """The bytes break a rule. The text is `place: rule` and never holds a value."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.place: list[str] = []

    def within(self, name: str | int) -> "OutOfBounds":
        """The same fault, seen from the record or list around it."""
        self.place.insert(0, str(name))
        return self

    def __str__(self) -> str:
        return f"{'.'.join(self.place) or 'message'}: {self.rule}"


def bounds_of(schema: Json) -> Check:
    """The check of one schema: called with the bytes and where the value begins, it raises OutOfBounds.

    Raises ValueError when the schema is recursive, has list entries of no width, or uses a type not known here.
    """
    scan, _ = _compile(schema, {})

    def check(data: bytes, start: int) -> None:
        if scan(data, start) != len(data):
            raise OutOfBounds("bytes are left over")

    return check


def _compile(schema: Any, named: dict[str, _Sized | None]) -> _Sized:
    if isinstance(schema, list):
        return _union([_compile(branch, named) for branch in schema])
    kind = schema if isinstance(schema, str) else schema["type"]
    if kind == "array":
        return _array(_compile(schema["items"], named), schema.get("maxItems", _MOST_ENTRIES))
    if kind in ("record", "enum"):
        named[schema["name"]] = None  # until it is whole: whoever refers to it meanwhile is recursive
        named[schema["name"]] = whole = _record(schema, named) if kind == "record" else _enum(schema)
        return whole
    logical = None if isinstance(schema, str) else schema.get("logicalType")
    size = _PRIMITIVES.get((kind, logical)) or named.get(kind)
    if size is None:
        raise ValueError(f"{kind}: a recursive schema or a type that is not used here")
    return size


def _union(branches: list[_Sized]) -> _Sized:
    scans = [scan for scan, _ in branches]

    def scan(data: bytes, at: int) -> int:
        index, at = _varint(data, at)
        if not 0 <= index < len(scans):
            raise OutOfBounds("an index outside the union")
        return scans[index](data, at)

    return scan, 1 + min(width for _, width in branches)


def _record(schema: Json, named: dict[str, _Sized | None]) -> _Sized:
    fields = [(field["name"], *_compile(field["type"], named)) for field in schema["fields"]]
    steps = [(name, step) for name, step, _ in fields]

    def scan(data: bytes, at: int) -> int:
        name = ""
        try:
            for name, step in steps:  # noqa: B007  (read below)
                at = step(data, at)
        except OutOfBounds as fault:
            raise fault.within(name) from None
        return at

    return scan, sum(width for _, _, width in fields)


def _enum(schema: Json) -> _Sized:
    return _whole(range(len(schema["symbols"])), "an index outside the enum")


def _array(entry: _Sized, most: int) -> _Sized:
    step, width = entry
    if width == 0:
        raise ValueError("list entries of no width: a few bytes could claim any number of them")

    def scan(data: bytes, at: int) -> int:
        count, at = _varint(data, at)
        if count == 0:
            return at
        if count < 0:
            raise OutOfBounds("a list must be written in one block, without its size")
        if count > most:
            raise OutOfBounds(f"must have at most {most} entries")
        if count * width > len(data) - at:
            raise OutOfBounds("cut off")
        index = 0
        try:
            for index in range(count):  # noqa: B007  (read below)
                at = step(data, at)
        except OutOfBounds as fault:
            raise fault.within(index) from None
        end, at = _varint(data, at)
        if end != 0:
            raise OutOfBounds("a list must be written in one block, without its size")
        return at

    return scan, 1


def _whole(allowed: range, rule: str) -> _Sized:
    def scan(data: bytes, at: int) -> int:
        value, at = _varint(data, at)
        if value not in allowed:
            raise OutOfBounds(rule)
        return at

    return scan, 1


def _null(_: bytes, at: int) -> int:
    return at


def _boolean(data: bytes, at: int) -> int:
    if at >= len(data):
        raise OutOfBounds("cut off")
    if data[at] > 1:
        raise OutOfBounds("a boolean must be 0 or 1")
    return at + 1


def _string(data: bytes, at: int) -> int:
    length, at = _varint(data, at)
    if length < 0:
        raise OutOfBounds("a negative length")
    if length > len(data) - at:
        raise OutOfBounds("cut off")
    try:
        data[at : at + length].decode("utf-8")
    except UnicodeDecodeError:
        raise OutOfBounds("not UTF-8") from None
    return at + length


def _uuid(data: bytes, at: int) -> int:
    end = _string(data, at)
    if not _UUID.fullmatch(data, _varint(data, at)[1], end):
        raise OutOfBounds("must be a UUID in lower case")
    return end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A zig-zag number of at most 64 bits in its shortest form, and the position after it."""
    value = shift = 0
    while True:
        if at >= len(data):
            raise OutOfBounds("cut off")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
        if shift > 63:
            raise OutOfBounds("too large a number")
    if value >> 64:
        raise OutOfBounds("too large a number")
    if byte == 0 and shift:
        raise OutOfBounds("a number must be written in its shortest form")
    return (value >> 1) ^ -(value & 1), at


_PRIMITIVES: dict[tuple[str, str | None], _Sized] = {
    ("null", None): (_null, 0),
    ("boolean", None): (_boolean, 1),
    ("int", "date"): _whole(_DAYS, "outside the years that can be counted"),
    ("long", None): _whole(_LONG, "too large a number"),
    ("long", "timestamp-micros"): _whole(_MICROSECONDS, "outside the years that can be counted"),
    ("string", None): (_string, 1),
    ("string", "uuid"): (_uuid, 37),
}
"""Type and logical type -> scan, for the ones that our schemas use."""
