"""The canonical JSON of an object: what is hashed, sealed and compared."""

from json import JSONEncoder

from broker.model.decision import Json

_WRITER = JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False)
"""Made once, and without a list of what it is inside of: half of what a small object costs."""


def canonical(value: Json) -> bytes:
    """The one way to write an object as JSON: sorted keys, no spaces, UTF-8 (in the manner of RFC 8785)."""
    return _WRITER.encode(value).encode()
