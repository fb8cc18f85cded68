"""The token service: makes tokens of numbers for who reviews the log, where the key is (teckentjänst).

One line of JSON in, one out, on a socket of this machine; whoever may open the socket may ask. What is asked about is
kept nowhere. Only so many questions are answered in an hour: a list of all that live in a town can't be tried out.
"""

import json
import os
import socketserver
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from pydantic import ValidationError

from broker.authorities import Register
from broker.facts.registers import case_tokens, officer_tokens, person_tokens
from broker.model.faults import SetUpError
from broker.model.parts import Subject
from broker.model.vocabulary import IdType
from broker.ports.tokens import Tokens

MOST = 600
"""Questions in an hour."""
_HOUR = 3600.0
_LONGEST = 4096
"""Bytes of a question."""
_COORDINATION = 61
"""From this day of the month on, a number is a coordination number."""


class Asked:
    """Answers questions. In: the tokens, the parties, a clock in seconds that never runs backwards."""

    def __init__(self, tokens: Tokens, parties: Register, clock: Callable[[], float], most: int = MOST) -> None:
        self._tokens, self._parties, self._clock, self._most = tokens, parties, clock, most
        self._lock, self._count, self._since = Lock(), 0, clock()

    def answer(self, line: bytes) -> dict[str, Any]:
        """`tokens`, or why there are none: `unclear`, `number`, `authority`, `too_many`. Never what was asked."""
        with self._lock:
            now = self._clock()
            if now - self._since >= _HOUR:
                self._count, self._since = 0, now
            self._count += 1
            if self._count > self._most:
                return {"error": "too_many"}
        try:
            asked = json.loads(line)
            sort = asked["ask"]
            if sort == "person":
                return self._person(str(asked["number"]), asked.get("issuer"))
            if sort in ("case", "officer"):
                return self._own(sort, str(asked["authority"]), str(asked["number"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            pass
        return {"error": "unclear"}

    def _person(self, number: str, issuer: str | None) -> dict[str, Any]:
        try:
            subject = subject_of(number, issuer)
        except ValidationError:
            return {"error": "number"}
        return {"tokens": list(person_tokens(self._tokens, self._parties, subject))}

    def _own(self, sort: str, authority: str, number: str) -> dict[str, Any]:
        party = self._parties.find(authority)
        if party is None:
            return {"error": "authority"}
        make = officer_tokens if sort == "officer" else case_tokens
        return {"tokens": list(make(self._tokens, party.id, number))}


def subject_of(number: str, issuer: str | None = None) -> Subject:
    """The person whose number was typed: 12 digits, or a reserve number. Raises ValidationError."""
    digits = "".join(sign for sign in number if sign not in "-+ ")
    if not (10 <= len(digits) <= 12 and digits.isascii() and digits.isdecimal()):
        return Subject(id_type=IdType.RESERVE, id=number.strip(), id_issuer=issuer or None)
    coordination = int(digits[6:8]) >= _COORDINATION  # of fewer than twelve it is refused in either case
    return Subject(id_type=IdType.SAMORDNINGSNUMMER if coordination else IdType.PERSONNUMMER, id=digits)


class _Handler(socketserver.StreamRequestHandler):
    timeout = 5.0

    def handle(self) -> None:
        asked: Asked = self.server.asked  # type: ignore[attr-defined]
        with suppress(OSError):
            answer: Mapping[str, Any] = asked.answer(self.rfile.readline(_LONGEST))
            self.wfile.write(json.dumps(answer).encode() + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def serve(socket: Path, asked: Asked) -> Iterator[None]:
    """Answer on a socket that this account and its group may open, until the end. Raises SetUpError."""
    mask = os.umask(0o117)
    try:
        socket.unlink(missing_ok=True)
        server = _Server(str(socket), _Handler)
    except OSError as error:
        raise SetUpError(f"{socket}: can't be listened on: {error.strerror or 'the name is too long'}") from None
    finally:
        os.umask(mask)
    server.asked = asked  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, name="tokens", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        socket.unlink(missing_ok=True)
