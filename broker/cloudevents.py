"""Headers of Kafka records: CloudEvents 1.0 in binary mode (Kafka protocol binding 3.2), and W3C trace context.

Written for whoever reads the records with tools of their own; the broker itself trusts none of them. A header that
can't be read counts as not there, so that it never stops a good message; only a list that is too long or too large is
refused (`BadHeaders`). Randomness comes from the caller. No header holds anything about a person.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

Header = tuple[str, bytes]
"""A header as the Kafka clients take it."""

Wire = Sequence[tuple[str | bytes, bytes | None]]
"""Headers as they came: a name may stand there twice, a value may be missing."""

Randomness = Callable[[int], bytes]
"""Gives so many random bytes."""

MOST_HEADERS = 64
MOST_BYTES = 16 * 1024
"""Of names and values together."""

BROKER_SOURCE = "/samband"
AVRO = "application/avro"
JSON = "application/json"

TRACEPARENT = "traceparent"
POSITION = "samband_position"
REPEAT = "samband_repeat"
OUTBOX, OFFSET = "samband_topic", "samband_offset"
ARRIVED, SIZE = "samband_arrived", "samband_size"
TAKEN = "samband_taken"
"""When Kafka took a record first that has been written to another topic from a copy."""
CODE, DETAIL = "samband_code", "samband_detail"

_TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[ -~]*)?")
_MOST_TRACEPARENT = 512
_SAMPLED = 1


class BadHeaders(Exception):
    """More headers than a message may have: quarantine, with this code and this text."""

    code = "bad_headers"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True)
class Trace:
    """A place in a trace (W3C Trace Context 3.2): the trace, the step in it, whether it is sampled, the step before."""

    trace: str
    span: str
    sampled: bool = True
    parent: str | None = field(default=None, compare=False)

    def next(self, fresh: Randomness) -> "Trace":
        """The next step of the same trace."""
        return Trace(self.trace, _fresh_id(8, fresh), self.sampled, self.span)

    def __str__(self) -> str:
        return f"00-{self.trace}-{self.span}-{int(self.sampled):02x}"


@dataclass(frozen=True)
class Headers:
    """Headers that could be read.

    `ignored` names the rules that others broke: `twice`, `null`, `not_utf8`. It never holds a name or a value: both
    are the sender's own words.
    """

    values: Mapping[str, str]
    ignored: tuple[str, ...] = ()

    @property
    def trace(self) -> Trace | None:
        """The trace that the sender takes part in; None when it names none, or not as the standard writes it."""
        return parse(self.values.get(TRACEPARENT))

    def go_on(self, fresh: Randomness) -> Trace:
        """The next step of the sender's trace; of a new one when there is none."""
        return self.trace.next(fresh) if self.trace else start(fresh)


def read(wire: Wire | None) -> Headers:
    """Headers of a record as it came. Raises BadHeaders when they are more than 64 or larger than 16 KiB.

    A name that stands there twice, a name or value that is not UTF-8, and a value of null are left out and counted.
    """
    given = wire or ()
    if len(given) > MOST_HEADERS:
        raise BadHeaders(f"headers: more than {MOST_HEADERS}")
    pairs = [(_bytes(name), value) for name, value in given]
    if sum(len(name) + len(value or b"") for name, value in pairs) > MOST_BYTES:
        raise BadHeaders(f"headers: larger than {MOST_BYTES // 1024} KiB")
    names = [name for name, _ in pairs]
    values: dict[str, str] = {}
    ignored: list[str] = []
    for name, value in pairs:
        if names.count(name) > 1:
            ignored.append("twice")
        elif value is None:
            ignored.append("null")
        else:
            try:
                values[name.decode()] = value.decode()
            except UnicodeDecodeError:
                ignored.append("not_utf8")
    return Headers(MappingProxyType(values), tuple(ignored))


def parse(traceparent: str | None) -> Trace | None:
    """A `traceparent` as W3C Trace Context 3.2.2 writes it, also of a later version; None for all else."""
    if traceparent is None or len(traceparent) > _MOST_TRACEPARENT:
        return None
    match = _TRACEPARENT.fullmatch(traceparent)
    if match is None:
        return None
    version, trace, span, flags, more = match.groups()
    if version == "ff" or (version == "00" and more is not None) or not int(trace, 16) or not int(span, 16):
        return None
    return Trace(trace, span, bool(int(flags, 16) & _SAMPLED))


def start(fresh: Randomness) -> Trace:
    """The first step of a new trace."""
    return Trace(_fresh_id(16, fresh), _fresh_id(8, fresh))


def position(source_token: str, offset: int) -> str:
    """Where a message lay, told by a token of its topic: the topic's name would tell who sends."""
    return f"{source_token}/{offset}"


def of_message(
    *, message: str, kind: str, sender: str, time: str, fingerprint: str | None = None, trace: Trace | None = None
) -> list[Header]:
    """A message on its way out. `fingerprint` of the kind's schema: it is Avro; None: it is JSON."""
    event = {"id": message, "source": f"/authority/{sender}", "type": f"se.samband.{kind}.v1", "time": time}
    if fingerprint is None:
        return _headers(event, JSON, trace)
    return _headers({**event, "dataschema": f"urn:samband:avro:{fingerprint}"}, AVRO, trace)


def of_line(
    *, type_: str, about: str, recorded: str, position: str, trace: Trace | None, repeat: bool = False
) -> list[Header]:
    """An inbox line: `type_` delivery, receipt or notice; `about` the message's id, or the leaf of one without."""
    event = {"id": f"{about}.{type_}", "source": BROKER_SOURCE, "type": f"se.samband.{type_}.v1", "time": recorded}
    more = {REPEAT: "1"} if repeat else {}
    return _headers(event, JSON, trace, {POSITION: position, **more})


def of_record(*, record: str, leaf: str, recorded: str, position: str, trace: Trace | None) -> list[Header]:
    """An audit record: `record` decision, quarantine or notice; `leaf` the hex of its leaf hash."""
    event = {"id": leaf, "source": BROKER_SOURCE, "type": f"se.samband.audit.{record}.v1", "time": recorded}
    return _headers(event, JSON, trace, {POSITION: position})


@dataclass(frozen=True)
class Place:
    """Where a line in quarantine lay first, when it arrived there, and the bytes that it had."""

    topic: str
    offset: int
    arrived: str
    size: int


def of_quarantined(
    *, leaf: str, code: str, detail: str, attempts: int, place: Place | None, trace: Trace | None
) -> list[Header]:
    """Bytes in quarantine: why, after how many attempts, and how they came (None: nameless)."""
    values = {"samband_leaf": leaf, CODE: code, DETAIL: detail, "samband_attempts": str(attempts)}
    if place is not None:
        values |= {OUTBOX: place.topic, OFFSET: str(place.offset), ARRIVED: place.arrived, SIZE: str(place.size)}
    return _encode(values, trace)


def place_of(headers: Headers) -> Place | None:
    """How a line in quarantine came, as `of_quarantined` tells it; None where it does not tell all of it."""
    topic, arrived = headers.values.get(OUTBOX), headers.values.get(ARRIVED)
    offset, size = (headers.values.get(name, "") for name in (OFFSET, SIZE))
    if topic is None or arrived is None or not (offset.isdecimal() and size.isdecimal()):
        return None
    return Place(topic, int(offset), arrived, int(size))


def _headers(
    event: Mapping[str, str], content_type: str, trace: Trace | None, more: Mapping[str, str] = MappingProxyType({})
) -> list[Header]:
    attributes = {f"ce_{name}": value for name, value in {"specversion": "1.0", **event}.items()}
    return _encode({**attributes, "content-type": content_type, **more}, trace)


def _encode(values: Mapping[str, str], trace: Trace | None) -> list[Header]:
    traced = {**values, TRACEPARENT: str(trace)} if trace else values
    return [(name, value.encode()) for name, value in traced.items()]


def _bytes(name: str | bytes) -> bytes:
    return name if isinstance(name, bytes) else name.encode("utf-8", "surrogatepass")


def _fresh_id(size: int, fresh: Randomness) -> str:
    """Random hex; all zeros would be no id (3.2.2.3)."""
    drawn = fresh(size).hex()
    return drawn if int(drawn, 16) else f"{1:0{2 * size}x}"
