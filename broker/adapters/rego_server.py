"""The policy engine on a server: Open Policy Agent with a signed bundle, through opa-python-client (its only importer).

One question a batch. OPA reads the rules, their data and the bundle's revision in one transaction of its store, so the
revision that stands in an answer (`provenance`) is the one that the answer was made with. An answer that is cut short,
comes late, has another shape, another revision or none is no answer: nothing moves.

Only a connection that could not be made is tried again here, once. A question that may have been read is left to the
caller, who counts its attempts.
"""

import io
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from opa_client import OpaClient

from broker.adapters.rego_answers import RegoEngine
from broker.bundle import Bundle
from broker.decision import PolicyInput
from broker.ports import EngineError

BUNDLE = "samband"
"""What the server's configuration calls the bundle (`deploy/opa/config.yaml`)."""

PORT = 8181
LARGEST = 1 << 26
"""Bytes of an answer; a batch of 500 takes about one megabyte."""

logging.getLogger("urllib3").setLevel(logging.ERROR)


class EngineAway(EngineError):
    """No answer of the expected policy, whatever was asked: the server is away, slow, or has another law or none.

    The same question may well be decided later; a plain EngineError is about the question itself.
    """


class OpaServerEngine(RegoEngine):
    """PolicyEngine over an OPA server that holds the rules of this bundle, and may hold no others."""

    def __init__(
        self, bundle: Bundle, url: str, *, token: str | None = None, ca: Path | None = None, timeout: float = 10.0
    ) -> None:
        """`bundle`: whose revision is demanded, and whose tables and texts are read. `token`: what OPA asks for.

        `ca`: the certificate that an https server's own is checked against, instead of the public ones. `timeout`:
        seconds without a byte. Raises ValueError when the address is none.
        """
        super().__init__(bundle)
        host, port, secure = _address(url)
        trusted: bool | str = secure and (str(ca) if ca else True)
        self._client = _Client(host, port, ssl=trusted, token=token, timeout=timeout, retries=1)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close_connection()

    def _ask(self, entrypoint: str, inputs: Mapping[str, PolicyInput]) -> dict[str, Any]:
        try:
            answer = self._client.query_rule({"messages": inputs}, entrypoint, query_params={"provenance": "true"})
        except Exception as error:  # of four libraries, down to the socket's: each means that there is no answer
            raise _fault(error) from None
        if _revision(answer) != self.revision:
            raise EngineAway("the policy server has another revision of the law than this broker, or none")
        result = answer.get("result")
        if not isinstance(result, dict):
            raise EngineError("the policy gave no answer")
        return result


class _Client(OpaClient):  # type: ignore[misc]  # the library has no types
    """A client that goes to the one server it was given, and nowhere that the environment or an answer sends it."""

    def _init_session(self) -> Any:
        session = super()._init_session()
        session.trust_env = False  # no proxy, and no .netrc in the token's place
        session.max_redirects = 0
        session.headers["Accept-Encoding"] = "identity"
        session.hooks["response"].append(_whole)
        return session


def _whole(response: Any, **_: Any) -> None:
    """Read an answer as it is, up to its largest size: one that is compressed unasked is not unpacked."""
    body = response.raw.read(LARGEST + 1, decode_content=False)
    if len(body) > LARGEST:
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


def _fault(error: Exception) -> EngineError:
    """What went wrong, without a word of what was asked or answered."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if status is None:
        return EngineAway(f"the policy server gave no answer ({type(error).__name__})")
    if status == 400 or (status == 500 and _evaluated(response)):
        return EngineError(f"the policy server cannot decide this (HTTP {status})")
    return EngineAway(f"the policy server does not decide (HTTP {status})")


def _evaluated(response: Any) -> bool:
    """Whether an error comes from the rules: two of them in conflict, an argument of the wrong type."""
    try:
        return all(str(fault["code"]).startswith("eval_") for fault in response.json()["errors"])
    except (KeyError, TypeError, ValueError):
        return False
