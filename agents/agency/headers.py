"""CloudEvents headers of a message in JSON, as the broker's own `cloudevents` writes them (binary mode)."""

from .broker import Outgoing


def of(authority: str, message: Outgoing) -> list[tuple[str, bytes]]:
    """A message's headers. Nothing in them is about a person."""
    values = {
        "ce_specversion": "1.0",
        "ce_id": message.id,
        "ce_source": f"/authority/{authority}",
        "ce_type": f"se.samband.{message.kind}.v1",
        "ce_time": message.time,
        "content-type": "application/json",
        "traceparent": message.traceparent,
    }
    return [(name, value.encode()) for name, value in values.items()]


def traceparent(headers: object) -> str | None:
    """The trace that a line came with, if it can be read; `ids` judges its form."""
    values = [value for name, value in headers if name == "traceparent"] if isinstance(headers, list | tuple) else []
    return values[0].decode("ascii", "replace") if len(values) == 1 and isinstance(values[0], bytes) else None
