"""Hands checkpoints to others over HTTP: to a witness (c2sp.org/tlog-witness), to an address where they are published.

Asks no proxy and follows no redirection. Nothing that an answer holds gets into a fault.
"""

import base64
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from broker.model.faults import SetUpError

_WAIT = 10.0
_LARGEST = 1 << 16
_REFUSED = {400: "malformed", 403: "not signed by the key that it knows", 404: "of a log that it does not know",
            422: "no continuation of what it has cosigned"}  # fmt: skip


class PeerError(SetUpError):
    """A witness or an address did not do what it was asked. One line, without the answer."""


class PeerAway(PeerError):
    """It did not answer, or could not just then: the same may be asked again."""


class AnotherSize(PeerError):
    """The witness has cosigned a log of another size last."""

    def __init__(self, address: str, size: int) -> None:
        super().__init__(f"{address}: the witness has cosigned a log of {size} records")
        self.size = size


def is_address(text: str) -> bool:
    """Whether a text is an address of HTTP, and holds no password."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is parts.password is None
    except ValueError:
        return False


def cosign(address: str, old: int, proof: Sequence[bytes], note: str) -> str:
    """Ask the witness at an address for its signature lines under a note.

    In: the size that it has cosigned last, and the proof that the log of that size is a prefix (RFC 9162 2.1.4.1).
    Raises AnotherSize, PeerAway, or PeerError when it refuses.
    """
    hashes = "".join(f"{base64.b64encode(step).decode()}\n" for step in proof)
    status, answer = _ask("POST", f"{address.rstrip('/')}/add-checkpoint", f"old {old}\n{hashes}\n{note}")
    if status == 200:
        return answer
    if status == 409 and answer.strip().isdecimal():
        raise AnotherSize(address, int(answer))
    if status in _REFUSED:
        raise PeerError(f"{address}: the witness does not cosign: the checkpoint is {_REFUSED[status]}")
    raise PeerAway(f"{address}: the witness answers {status}")


def put(address: str, note: str) -> None:
    """Publish a note at an address. Raises PeerAway."""
    status, _ = _ask("PUT", address, note)
    if not 200 <= status < 300:
        raise PeerAway(f"{address}: it can't be published there: the answer is {status}")


def _ask(method: str, address: str, body: str) -> tuple[int, str]:
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_WAIT)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body.encode(), {"Content-Type": "text/plain; charset=utf-8"})
        answer = connection.getresponse()
        return answer.status, answer.read(_LARGEST).decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise PeerAway(f"{address}: does not answer ({type(error).__name__})") from None
    finally:
        connection.close()
