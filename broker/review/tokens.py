"""The way to the token service: what was typed goes there, a token comes back; the key stays there."""

import json
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from broker.ports.faults import Away

COMPONENT = "tokens"
_PATIENCE = 5.0


class NoToken(Exception):
    """There is none: `unclear`, `number`, `authority` or `too_many` says why, and never of what."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Tokens(Protocol):
    """Makes tokens of what somebody has typed."""

    def person(self, number: str) -> Sequence[str]:
        """Of a person's number. Raises NoToken, Away."""

    def case(self, authority: str, number: str) -> Sequence[str]:
        """Of an authority's own case number. Raises NoToken, Away."""

    def officer(self, authority: str, officer: str) -> Sequence[str]:
        """Of an authority's own id of who decided. Raises NoToken, Away."""


@dataclass(frozen=True)
class AskedTokens:
    """Tokens from who answers a question of the token service's. In: how it is asked; its answer, or Away."""

    ask: Callable[[Mapping[str, str]], Mapping[str, Any]]

    def person(self, number: str) -> Sequence[str]:
        """Of a person's number. Raises NoToken, Away."""
        return self._tokens({"ask": "person", "number": number})

    def case(self, authority: str, number: str) -> Sequence[str]:
        """Of an authority's own case number. Raises NoToken, Away."""
        return self._tokens({"ask": "case", "authority": authority, "number": number})

    def officer(self, authority: str, officer: str) -> Sequence[str]:
        """Of an authority's own id of who decided. Raises NoToken, Away."""
        return self._tokens({"ask": "officer", "authority": authority, "number": officer})

    def _tokens(self, question: Mapping[str, str]) -> Sequence[str]:
        answer = self.ask(question)
        if "error" in answer:
            raise NoToken(str(answer["error"]))
        return [str(token) for token in answer["tokens"]]


def of_socket(path: Path) -> AskedTokens:
    """Tokens from the service that listens on a socket."""
    return AskedTokens(partial(_over_socket, path))


def _over_socket(path: Path, question: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PATIENCE)
            connection.connect(str(path))
            connection.sendall(json.dumps(question).encode() + b"\n")
            with connection.makefile("rb") as file:
                answer: Mapping[str, Any] = json.loads(file.readline())
                return answer
    except (OSError, ValueError) as error:
        raise Away(COMPONENT, type(error).__name__, "the token service does not answer: samband tokens") from None
