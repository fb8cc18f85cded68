"""Ids that the agency's side makes: of messages (UUIDv7, RFC 9562 5.7) and of traces (W3C Trace Context 3.2)."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

Entropy = Callable[[int], bytes]
"""Gives so many random bytes."""

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


def message_id(now: datetime, entropy: Entropy) -> str:
    """A new UUIDv7: milliseconds since 1970, then 74 random bits."""
    random = int.from_bytes(entropy(10))
    value = int(now.timestamp() * 1000) << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    return str(UUID(int=value | 0b10 << 62 | random & ((1 << 62) - 1)))


def moment(id: str | None) -> datetime | None:
    """When a message with this id was written; None when it is no UUIDv7."""
    try:
        id_ = UUID(id)
    except (ValueError, TypeError, AttributeError):
        return None
    return datetime.fromtimestamp((id_.int >> 80) / 1000, UTC) if id_.version == 7 else None


def traceparent(before: str | None, entropy: Entropy) -> str:
    """The next step of the trace that a line came with, or the first of a new one."""
    match = _TRACEPARENT.fullmatch(before or "")
    trace, flags = match.groups() if match else (_id(16, entropy), "01")
    return f"00-{trace}-{_id(8, entropy)}-{flags}"


def _id(size: int, entropy: Entropy) -> str:
    drawn = entropy(size).hex()
    return drawn if int(drawn, 16) else f"{1:0{2 * size}x}"
