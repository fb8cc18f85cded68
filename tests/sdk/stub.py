"""A message service with its access point, on loopback, by the published description of API MT/MK; with faults.

At the far end sits a person at the authority: what is accepted there lies before them, and they can answer.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import yaml
from jsonschema import Draft4Validator

from agents.sdk import kvittens
from agents.sdk.client import INCOMING
from agents.sdk.kvittens import Kvittens, Reason
from agents.sdk.message import Document, File, NotSdk, Party, SdkMessage, from_json, to_json, to_xml

Json = dict[str, Any]

PUBLISHED = Path(__file__).parent / "published"
SAMBAND = "0203:samband.example.se"
OUR_FUNCTION = f"samband.{SAMBAND}"


@cache
def described(name: str) -> Draft4Validator:
    """A schema of the published description: of version 3.0.3, where what stands beside a reference says nothing."""
    schemas = yaml.safe_load((PUBLISHED / "sdk-api-restful.yml").read_text("utf-8"))
    return Draft4Validator({"$ref": f"#/components/schemas/{name}", **schemas})


@dataclass
class Entry:
    """A message that the service has: in which direction, and how far it has come."""

    attributes: Json
    status: str
    codes: list[str] = field(default_factory=list)
    asked: int = 0


@dataclass
class Service:
    """The service of one organisation. What is set here goes wrong."""

    functions: set[str] = field(default_factory=set)
    """The function addresses that there are."""
    late: int = 0
    """How many times the status is asked for before a kvittens has come."""
    lost_receipt: bool = False
    lost_answers: int = 0
    """How many posts come through without their answer."""
    away: int = 0
    """How many calls find it away."""
    virus: bool = False
    retrieves: bool = False
    """What is fetched is new no longer."""
    keeps: bool = False
    """Nothing that has come may be deleted."""
    twice: bool = False
    """What has come is given again after it was deleted, once."""
    entries: dict[str, Entry] = field(default_factory=dict)
    came: list[SdkMessage] = field(default_factory=list)
    """What lies before the person at the far end."""
    receipts: list[Kvittens] = field(default_factory=list)
    posts: Counter[str] = field(default_factory=Counter)
    again: set[str] = field(default_factory=set)
    lock: threading.RLock = field(default_factory=threading.RLock)

    # --- the person at the far end

    def write(
        self, text: str, *, sender: Party, answers: SdkMessage | None = None, files: tuple[File, ...] = ()
    ) -> SdkMessage:
        """They write, in answer to something or not."""
        id = str(uuid4())
        message = SdkMessage(
            id=id,
            conversation=answers.conversation if answers else id,
            created=datetime.now(UTC),
            label="Svar" if answers else "Ett ärende",
            sender=sender,
            recipient=Party(SAMBAND, OUR_FUNCTION),
            documents=(Document("1", "Meddelande", (text,) if text else (), files),),
            answers=answers.id if answers else None,
        )
        to_xml(message)
        with self.lock:
            self.entries[id] = Entry(to_json(message), "NEW")
        return message

    # --- the service

    def post(self, body: Json) -> tuple[int, Json]:
        """A message is handed over."""
        if faults := [error.message for error in described("createMessage").iter_errors(body)]:
            return _refused("MESSAGE_EXCHANGE_ERROR", faults[0])
        attributes = body["data"]["attributes"]
        id = attributes["messageId"]
        self.posts[id] += 1
        if self.virus:
            return _refused("MESSAGE_EXCHANGE_ERROR", "virus")
        try:
            message = from_json(attributes)
        except NotSdk as error:
            return _refused("MESSAGE_EXCHANGE_ERROR", str(error))
        entry = self.entries[id] = Entry(attributes, "WAITING_FOR_RECEIPT")
        receipt = self._carry(message)
        if receipt is not None and not receipt.accepted:
            entry.status, entry.codes = "MESSAGE_EXCHANGE_ERROR", [reason.code for reason in receipt.reasons]
        return 201, {}

    def _carry(self, message: SdkMessage) -> Kvittens | None:
        """To the far end, whose service answers with a kvittens."""
        known = message.recipient.function in self.functions
        reasons = () if known else (Reason("BV", "recipient/attention", "okänd funktionsadress"),)
        receipt = Kvittens(
            id=f"KVT-{len(self.receipts) + 1}",
            issued=datetime.now(UTC),
            sender=message.recipient.participant,
            recipient=message.sender.participant,
            message=message.id,
            accepted=known,
            reasons=reasons,
        )
        self.receipts.append(kvittens.read(kvittens.write(receipt)))
        if known and not any(one.id == message.id for one in self.came):
            self.came.append(message)
        return receipt

    def seen(self, status: str | None) -> Json:
        """What there is, without documents."""
        for entry in self.entries.values():
            entry.asked += status is None
            is_due = entry.asked > self.late and not self.lost_receipt
            if entry.status == "WAITING_FOR_RECEIPT" and is_due:
                entry.status = "ACCEPTED"
        rows = [_data(e, whole=False) for e in self.entries.values() if status in (None, e.status)]
        answer = {"meta": {"version": "sdk api 1.0.0"}, "data": rows}
        described("outputArrayData").validate(answer)
        return answer

    def one(self, id: str) -> tuple[int, Json]:
        """One message, whole."""
        entry = self.entries.get(id)
        if entry is None:
            return 404, {}
        answer = {"meta": {"version": "sdk api 1.0.0"}, "data": _data(entry, whole=True)}
        described("outputData").validate(answer)
        if self.retrieves and entry.status == "NEW":
            entry.status = "RETRIEVED"
        return 200, answer

    def delete(self, id: str) -> int:
        """It is not kept any longer."""
        entry = self.entries.get(id)
        if entry is None:
            return 404
        if self.keeps and entry.status in INCOMING:
            return 400
        if self.twice and entry.status == "NEW" and id not in self.again:
            self.again.add(id)
        else:
            del self.entries[id]
        return 202


def _data(entry: Entry, *, whole: bool) -> Json:
    attributes = {name: value for name, value in entry.attributes.items() if whole or name != "digitalDocument"}
    attributes["messageStatus"] = entry.status
    if entry.codes:
        attributes["events"] = _events(*entry.codes)
    return {"type": "messages", "id": attributes["messageId"], "attributes": attributes}


def _events(*codes: str, detail: str = "NA") -> Json:
    issues = [{"typeCode": code, "title": "Fel", "detail": detail, "in": "NA"} for code in codes]
    return {"type": "urn:problem-type:sdk:messageExchangeError", "title": "Fel", "eventIssues": issues}


def _refused(code: str, detail: str) -> tuple[int, Json]:
    return 400, _events(code, detail=detail)


@contextmanager
def running(service: Service, *, token: str = "") -> Iterator[str]:
    """The service on a port of loopback: its address."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._answer(self._get)

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/token":
                self._send(200, {"access_token": token, "expires_in": 3600})
                return
            self._answer(lambda: service.post(json.loads(text)))

        def do_DELETE(self) -> None:
            self._answer(lambda: (service.delete(self._id()), {}))

        def _get(self) -> tuple[int, Json]:
            if id := self._id():
                return service.one(id)
            said = parse_qs(urlsplit(self.path).query).get("filter[messageStatus]")
            return 200, service.seen(said[0] if said else None)

        def _id(self) -> str:
            return unquote(urlsplit(self.path).path.removeprefix("/v1/sdk/messages").strip("/"))

        def _answer(self, call: Callable[[], tuple[int, Json]]) -> None:
            with service.lock:
                if service.away:
                    service.away -= 1
                    self._send(503, {})
                    return
                if token and self.headers.get("Authorization") != f"Bearer {token}":
                    self._send(401, {})
                    return
                status, body = call()
                lost = self.command == "POST" and service.lost_answers > 0
                service.lost_answers -= lost
            if lost:
                self.close_connection = True
                self.connection.close()
                return
            self._send(status, body)

        def _send(self, status: int, body: Json) -> None:
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
