"""The way to the organisation's message service, by API MT/MK: what is sent, what has come, what becomes of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, cast, get_args
from urllib.parse import quote

import httpx2

from agents.sdk.message import LARGEST, Json, SdkMessage, to_json

Status = Literal[
    "SCHEDULED",
    "SUBMITTED",
    "SCHEDULED_FOR_RESEND",
    "ACKNOWLEDGE",
    "WAITING_FOR_RECEIPT",
    "MESSAGE_EXCHANGE_ERROR",
    "ACCEPTED",
    "REJECTED",
    "RETRIEVED",
    "RECEIPT_SENT",
    "NEW",
    "ERROR",
]
"""How far a message has come, in the words of the API."""
INCOMING: tuple[Status, ...] = ("NEW", "RETRIEVED", "RECEIPT_SENT")
"""It has come: one that was fetched by somebody who died before it was kept is new no longer."""
REFUSED: frozenset[Status] = frozenset({"MESSAGE_EXCHANGE_ERROR", "REJECTED", "ERROR"})
"""It does not come to its recipient, and whoever sent it has to look at it."""
_MESSAGES = "/sdk/messages"
_GONE = 404
_KEPT = 400
"""What a service answers that keeps a message of this status."""
_TOO_MUCH = 429
_FAULTY = 500
_UNKNOWN: Status = "ERROR"
_BEFORE = timedelta(seconds=30)
"""How long before its end a token is used no more."""


class ServiceAway(Exception):
    """The message service is not reached, or can't answer now: the same again, later. One line, no value."""


class NotTaken(Exception):
    """The message service does not take a message. `codes`: why, in the API's words."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


@dataclass(frozen=True)
class Seen:
    """A message that the service has: how far it has come, and why no further."""

    id: str
    status: Status
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Service:
    """Where the service is, and what it knows this organisation by. `address` ends with the version (`…/v1`)."""

    address: str
    token: str | None = None
    client_id: str = ""
    secret: str = field(default="", repr=False)
    certificate: tuple[str, str] | None = None


class Client:
    """In: the service; a way there of the test's own. Every method raises ServiceAway."""

    def __init__(self, service: Service, *, transport: httpx2.BaseTransport | None = None) -> None:
        self._service = service
        self._http = httpx2.Client(timeout=60, cert=service.certificate, transport=transport)
        self._token: tuple[str, datetime] | None = None

    def close(self) -> None:
        """Let go."""
        self._http.close()

    def send(self, message: SdkMessage) -> None:
        """Hand a message over; one that the service has already is not given again. Raises NotTaken.

        Whether an earlier try came through is asked first: a lost answer must send nothing twice.
        """
        if self.status(message.id) is None:
            body = {"data": {"type": "messages", "id": message.id, "attributes": to_json(message)}}
            text = json.dumps(body, ensure_ascii=False).encode()
            if len(text) > LARGEST:
                raise NotTaken(["TOO_LARGE"])
            answer = self._ask("POST", _MESSAGES, content=text)
            if answer.status_code >= 400:
                raise NotTaken(_codes(_json(answer)) or [str(answer.status_code)])

    def seen(self, status: Status | None = None) -> list[Seen]:
        """The messages that the service has, without their documents; those of one status, where it is named."""
        parameters = {"filter[messageStatus]": status} if status else {}
        answer = self._ask("GET", _MESSAGES, params=parameters)
        if answer.status_code == _GONE:
            return []
        found = [_seen(one) for one in _expected(answer).get("data") or ()]
        return [one for one in found if status in (None, one.status)]

    def status(self, id: str) -> Seen | None:
        """How far one message has come; None: the service does not have it."""
        attributes = self.get(id)
        return _seen({"attributes": attributes}) if attributes is not None else None

    def get(self, id: str) -> Json | None:
        """One message's attributes with its documents; None: the service does not have it."""
        answer = self._ask("GET", _path(id))
        if answer.status_code == _GONE:
            return None
        return dict((_expected(answer).get("data") or {}).get("attributes") or {})

    def delete(self, id: str) -> None:
        """The service need not keep it any longer. One that is gone is gone; one that it wants to keep stays."""
        answer = self._ask("DELETE", _path(id))
        if answer.status_code not in (202, 204, _KEPT, _GONE):
            raise ServiceAway(f"the message service answers {answer.status_code}")

    def _ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        headers = {"Accept": "application/json", "Content-Type": "application/json", **self._authorization()}
        try:
            answer = self._http.request(method, self._service.address.rstrip("/") + path, headers=headers, **more)
        except httpx2.HTTPError as error:
            raise ServiceAway(f"the message service is not reached: {type(error).__name__}") from None
        if answer.status_code in (401, 403, _TOO_MUCH) or answer.status_code >= _FAULTY:
            self._token = None
            raise ServiceAway(f"the message service answers {answer.status_code}")
        return answer

    def _authorization(self) -> dict[str, str]:
        """A token of the organisation's own (client credentials), where the service asks for one."""
        service, now = self._service, datetime.now(UTC)
        if service.token is None:
            return {}
        if self._token is None or self._token[1] <= now:
            try:
                answer = self._http.post(
                    service.token,
                    data={"grant_type": "client_credentials"},
                    auth=(service.client_id, service.secret),
                )
            except httpx2.HTTPError as error:
                raise ServiceAway(f"no token is given: {type(error).__name__}") from None
            said = _json(answer)
            if answer.status_code != 200 or not said.get("access_token"):
                raise ServiceAway(f"no token is given: {answer.status_code}")
            self._token = (str(said["access_token"]), now + timedelta(seconds=_seconds(said)) - _BEFORE)
        return {"Authorization": f"Bearer {self._token[0]}"}


def _path(id: str) -> str:
    return f"{_MESSAGES}/{quote(id, safe='')}"


def _seconds(said: Mapping[str, Any]) -> int:
    value = said.get("expires_in")
    return value if isinstance(value, int) else 0


def _json(answer: httpx2.Response) -> Json:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _expected(answer: httpx2.Response) -> Json:
    if answer.status_code != 200:
        raise ServiceAway(f"the message service answers {answer.status_code}")
    return _json(answer)


def _seen(data: Mapping[str, Any]) -> Seen:
    attributes = data.get("attributes") or {}
    said = str(attributes.get("messageStatus"))
    status = cast("Status", said) if said in get_args(Status) else _UNKNOWN
    return Seen(str(attributes.get("messageId")), status, tuple(_codes(attributes.get("events") or {})))


def _codes(events: Mapping[str, Any]) -> list[str]:
    """Why, in the API's words: never its sentences, which may repeat what a message says."""
    rows = events if isinstance(events, list) else [events]
    issues = [issue for row in rows if isinstance(row, dict) for issue in row.get("eventIssues") or ()]
    codes = [str(issue.get("typeCode") or "") for issue in issues if isinstance(issue, dict)]
    return [code for code in codes if code.isascii() and code.replace("_", "").isalnum() and len(code) <= 40]
