"""The policy engine on a server: Open Policy Agent with a signed bundle, through opa-python-client (its only importer).

One question a batch, several where it has many items; its parts are asked at once, since a server decides each on one
processor. OPA reads the rules, their data and the bundle's revision in one transaction of its store, so the revision
that stands in an answer (`provenance`) is the one that the answer was made with. An answer that is cut short, comes
late, has another shape, another revision or none is no answer: nothing moves.

Only a connection that could not be made is tried again here, once. A question that may have been read is left to the
caller, who counts its attempts; of several servers the next one is asked then.
"""

import io
import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from opa_client import OpaClient

from broker.adapters.opa.answers import RegoEngine
from broker.bundle import Bundle
from broker.model.decision import PolicyInput
from broker.ports.policy import EngineAway, EngineError

BUNDLE = "samband"
"""What the server's configuration calls the bundle (`deploy/local/opa/config.yaml`)."""

PORT = 8181
LARGEST = 1 << 26
"""Bytes of an answer; one of 400 items takes about one megabyte."""

AT_ONCE = 4
"""Parts of a question, at most."""
FEWEST = 6
"""Messages of a part, at least: asking costs as much as one of them."""

logging.getLogger("urllib3").setLevel(logging.ERROR)


class ServerDecisionPoint(RegoEngine):
    """PolicyDecisionPoint over an OPA server that holds the rules of this bundle, and may hold no others."""

    def __init__(
        self, bundle: Bundle, *urls: str, token: str | None = None, ca: Path | None = None, timeout: float = 10.0
    ) -> None:
        """`bundle`: whose revision is demanded, and whose tables and texts are read. `token`: what OPA asks for.

        `urls`: of one server, or of several of which one is asked until it gives no answer.
        `ca`: the certificate that an https server's own is checked against, instead of the public ones. `timeout`:
        seconds to connect, then for the answer to begin, then for the rest of it. Raises ValueError when the address is
        none.
        """
        super().__init__(bundle)
        self._channels = [Channel(self.revision, urls, token, ca, timeout) for _ in range(AT_ONCE)]
        self._threads = ThreadPoolExecutor(AT_ONCE, "samband-law")

    def close(self) -> None:
        """Let go of the connections."""
        self._threads.shutdown()
        for channel in self._channels:
            channel.close()

    def _ask(self, entrypoint: str, inputs: Mapping[str, PolicyInput]) -> dict[str, Any]:
        pairs = zip(self._channels, _parts(inputs), strict=False)
        asking = [self._threads.submit(channel.ask, entrypoint, part) for channel, part in pairs]
        faults = [fault for one in asking if (fault := one.exception()) is not None]  # none is left under way
        for fault in faults:
            if isinstance(fault, EngineAway):
                for channel in self._channels:
                    channel.ask_the_next_first()
                raise fault
        if faults:
            raise faults[0]
        return {key: result for one in asking for key, result in one.result().items()}


def _parts(inputs: Mapping[str, PolicyInput]) -> Iterator[Mapping[str, PolicyInput]]:
    """One part, be it empty, or several that differ by one message at most."""
    count = max(1, min(AT_ONCE, len(inputs) // FEWEST))
    rest = iter(inputs.items())
    for n in range(count):
        yield dict(islice(rest, len(inputs) * (n + 1) // count - len(inputs) * n // count))


class Channel:
    """Over it one question at a time is asked: of the first server, until that gives no answer."""

    def __init__(self, revision: str, urls: Sequence[str], token: str | None, ca: Path | None, timeout: float) -> None:
        self._revision = revision
        self._clients: list[_Client] = []
        for host, port, secure in map(_address, urls):
            trusted: bool | str = secure and (str(ca) if ca else True)
            self._clients.append(_Client(host, port, ssl=trusted, token=token, timeout=timeout, retries=1))

    def close(self) -> None:
        """Let go of its connections."""
        for client in self._clients:
            client.close_connection()

    def ask_the_next_first(self) -> None:
        """The first server is asked last from now on."""
        self._clients.append(self._clients.pop(0))

    def ask(self, entrypoint: str, inputs: Mapping[str, PolicyInput]) -> dict[str, Any]:
        """The entrypoint's answer. Raises EngineError."""
        try:
            answer = self._clients[0].query_rule({"messages": inputs}, entrypoint, query_params={"provenance": "true"})
        except Exception as error:  # of four libraries, down to the socket's: each means that there is no answer
            raise self._fault(error, about_the_question=bool(inputs)) from None
        if _revision(answer) != self._revision:
            raise EngineAway("the policy server has another revision of the law than this broker, or none")
        result = answer.get("result")
        if not isinstance(result, dict):
            raise EngineError("the policy gave no answer")
        return result

    def _fault(self, error: Exception, *, about_the_question: bool) -> EngineError:
        """What went wrong, without a word of what was asked or answered.

        A refusal does not tell with which law it was made. It is about the question when the server answers another,
        of no messages, as the law that is demanded.
        """
        response = getattr(error, "response", None)
        status = getattr(response, "status_code", None)
        if status is None:
            return EngineAway(f"the policy server gave no answer ({type(error).__name__})")
        if about_the_question and (status == 400 or (status == 500 and _is_from_rules(response))):
            try:
                self.ask("decision/results", {})
            except EngineError as away:
                return EngineAway(str(away))
            return EngineError(f"the policy server cannot decide this (HTTP {status})")
        return EngineAway(f"the policy server does not decide (HTTP {status})")


class _Client(OpaClient):  # type: ignore[misc]  # the library has no types
    """A client that goes to the one server it was given, and nowhere that the environment or an answer sends it."""

    def _init_session(self) -> Any:
        session = super()._init_session()
        session.trust_env = False  # no proxy, and no .netrc in the token's place
        session.max_redirects = 0
        session.headers["Accept-Encoding"] = "identity"
        session.hooks["response"].append(_whole)
        return session


def _whole(response: Any, *, timeout: float, **_: Any) -> None:
    """Read an answer as it is, up to its largest size and in time: one that is compressed unasked is not unpacked."""
    until, body = monotonic() + timeout, bytearray()
    while part := response.raw.read1(1 << 16, decode_content=False):
        body += part
        if len(body) > LARGEST or monotonic() > until:
            response.close()
            raise ValueError
    response.raw = io.BytesIO(body)


def _address(url: str) -> tuple[str, int, bool]:
    parts = urlsplit(url)
    bare = not (parts.username or parts.password or parts.path.strip("/") or parts.query or parts.fragment)
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise ValueError("the address of the policy server is written http://HOST:PORT or https://HOST:PORT")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return host, parts.port or PORT, parts.scheme == "https"


def _revision(answer: Any) -> Any:
    """The revision of the law that an answer was made with; None when it does not say."""
    try:
        return answer["provenance"]["bundles"][BUNDLE]["revision"]
    except (KeyError, TypeError):
        return None


def _is_from_rules(response: Any) -> bool:
    """Whether an error comes from the rules: two of them in conflict, an argument of the wrong type."""
    try:
        return all(str(fault["code"]).startswith("eval_") for fault in response.json()["errors"])
    except (KeyError, TypeError, ValueError):
        return False
