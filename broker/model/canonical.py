"""The canonical JSON of an object: what is hashed, sealed and compared."""

import json

from broker.model.decision import Json


def canonical(value: Json) -> bytes:
    """The one way to write an object as JSON: sorted keys, no spaces, UTF-8 (in the manner of RFC 8785)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
