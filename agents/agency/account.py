"""Is the agency's account at a broker in order?

Known messages go out, and the receipts are compared; then a peer asks.

Run against a broker for tests, with the own system stopped: the inbox is read, and its lines stay for the system.
"""

import json
from collections.abc import Callable, Iterator
from time import monotonic
from uuid import UUID

from .adapter import Adapter
from .agency import Agency
from .broker import Broker, Json, Outgoing
from .compose import Pen, encode
from .conformance import VECTORS, Fault, Result
from .drafts import Address, Draft, Drafts
from .lines import Delivery, Line, Receipt, read

_ANOTHER = UUID("019cadc6-9a80-7a97-8112-000000000000")
"""A message that nobody has sent."""


def examine(broker: Broker, pen: Pen, peer: Address, *, timeout: float) -> Iterator[Result]:
    """Send known messages to `peer`, as the pen writes them, and compare what comes back."""
    account = _Account(broker, pen, peer, timeout)
    try:
        for check in account.checks():
            name = (check.__doc__ or "").splitlines()[0].rstrip(".")
            try:
                check()
            except Fault as fault:
                yield Result(name, str(fault))
            else:
                yield Result(name)
    finally:
        account.close()


def exchange(
    adapter: Adapter, own: Agency, asker: Agency, *, to: Address, categories: list[str], timeout: float
) -> Iterator[Result]:
    """A peer asks, the adapter answers, and the answers come to the peer."""
    subject, until = VECTORS["subject"], monotonic() + timeout
    body = {"purpose": "prevent", "need": "prov av anslutningen", "subject": subject, "categories": categories}
    sent = asker.send("InformationRequest", to, body)
    receipt = asker.receipt(sent, timeout)
    yield Result("A peer's request is forwarded", None if receipt.outcome == "forward" else _summary(receipt))
    witness = _Witness(adapter)
    while not own.serve(witness, 1.0) and monotonic() < until:
        continue
    while witness.waits() and monotonic() < until:
        own.serve(witness, 1.0)
    bad = [one for one in witness.receipts if one.outcome == "quarantine"]
    missing = "an answer's receipt did not come" if witness.waits() else None
    yield Result("The broker can use every answer", _summary(bad[0]) if bad else missing)
    held = any(one.outcome != "forward" for one in witness.receipts)
    answers = [line for line in asker.inbox(1.0) if isinstance(line, Delivery) and line.in_reply_to == sent.id]
    yield Result("An answer comes to the peer", None if answers or held else "nothing came")


class _Witness(Adapter):
    """The adapter, with somebody who counts what it writes and which receipts come."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter
        self._written = 0
        self.receipts: list[Receipt] = []

    def waits(self) -> bool:
        """Whether receipts are still to come."""
        return len(self.receipts) < self._written

    def take(self, line: Line, write: Drafts) -> None:
        self._adapter.take(line, write)
        self._written += len(write.written)

    def receipt(self, receipt: Receipt) -> None:
        self.receipts.append(receipt)
        self._adapter.receipt(receipt)


class _Account:
    """Sends by hand, so that the same bytes, and wrong ones, can be sent."""

    def __init__(self, broker: Broker, pen: Pen, peer: Address, timeout: float) -> None:
        self._pen = pen
        self._connection = broker.connect(pen.authority)
        self._timeout = timeout
        self._position = -1
        body = {"purpose": "prevent", "need": "prov av anslutningen", "subject": VECTORS["subject"]}
        self._body: Json = body | {"categories": VECTORS["categories"]}
        self._peer = peer
        self._request = self._pen.write(Draft("InformationRequest", peer, self._body))
        self._leaf: str | None = None

    def close(self) -> None:
        self._connection.close()

    def checks(self) -> tuple[Callable[[], None], ...]:
        return (
            self.forward,
            self.repeat,
            self.reuse_id,
            self.misspell,
            self.add_field,
            self.answer_unasked,
            self.omit_secrecy,
            self.seal_to_nobody,
            self.impersonate,
            self.recall,
        )

    def forward(self) -> None:
        """A request is forwarded, with guidance on each category."""
        receipt = self._receipt(self._request)
        if receipt.outcome != "forward":
            raise Fault(_summary(receipt))
        if {entry["category"] for entry in receipt.guidance} != set(self._body["categories"]):
            raise Fault("guidance: lacks a category that was asked for")
        self._leaf = receipt.leaf

    def repeat(self) -> None:
        """The same message again gives the same receipt."""
        receipt = self._receipt(self._request)
        if (receipt.outcome, receipt.leaf) != ("forward", self._leaf):
            raise Fault(f"a repeat gives another receipt: {_summary(receipt)}")

    def reuse_id(self) -> None:
        """The same id with other content is refused."""
        self._expect_refusal(self._change(self._request, body={**self._body, "need": "något annat"}), "id_reused")

    def misspell(self) -> None:
        """A word that is not the contract's is refused."""
        self._expect_refusal(self._new({**self._body, "categories": ["school_attendence"]}), "unknown_value")

    def add_field(self) -> None:
        """A field that is not the contract's is refused."""
        self._expect_refusal(self._new({**self._body, "comment": "?"}), "unknown_field")

    def answer_unasked(self) -> None:
        """An answer to a request that nobody made is refused."""
        body = {"subject": VECTORS["subject"], "items": [{"category": "observation", "content": "prov"}]}
        draft = Draft("Disclosure", self._peer, body, in_reply_to=str(_ANOTHER))
        self._expect_refusal(self._pen.write(draft), "not_your_request")

    def omit_secrecy(self) -> None:
        """An item that names no secrecy, and of which nobody says that none applies, stays."""
        weighed = {"need": True, "overriding_reasons": False, "secrecy_clearly_prevails": False}
        answers = [{"test": test, "holds": holds, "assessed_by": "prov"} for test, holds in weighed.items()]
        items = [{"category": "observation", "content": "prov"}]
        body = {"subject": VECTORS["subject"], "items": items, "purpose": "prevent", "assessments": answers}
        receipt = self._receipt(self._pen.write(Draft("Disclosure", self._peer, body)))
        if receipt.outcome not in ("refer", "withhold"):
            raise Fault(f"not stated is taken for none: {_summary(receipt)}")

    def seal_to_nobody(self) -> None:
        """A content that the peer has no key for is refused."""
        item = VECTORS["sealed"]["message"]["body"]["items"][0]
        body = {"subject": VECTORS["subject"], "items": [item], "purpose": "prevent"}
        self._expect_refusal(self._pen.write(Draft("Disclosure", self._peer, body)), "sealing_key")

    def impersonate(self) -> None:
        """A message in another authority's name is refused."""
        sender = {"authority": self._peer.authority, "unit": self._peer.unit}
        self._expect_refusal(self._change(self._new(self._body), sender=sender), "sender_mismatch")

    def recall(self) -> None:
        """An own message can be recalled."""
        draft = Draft("Recall", self._peer, {"message": self._request.id})
        receipt = self._receipt(self._pen.write(draft))
        if receipt.outcome != "forward":
            raise Fault(_summary(receipt))

    def _new(self, body: Json) -> Outgoing:
        return self._pen.write(Draft("InformationRequest", self._peer, body))

    def _change(self, message: Outgoing, **fields: object) -> Outgoing:
        content = {**json.loads(message.message), **fields}
        return Outgoing(message.id, message.kind, message.time, encode(content), message.traceparent)

    def _expect_refusal(self, message: Outgoing, code: str) -> None:
        receipt = self._receipt(message)
        if receipt.error is None or receipt.error[0] != code:
            raise Fault(f"expected {code}: {_summary(receipt)}")

    def _receipt(self, message: Outgoing) -> Receipt:
        """Send, and wait for a receipt that was not there before."""
        self._look(0.0)
        if at_once := self._connection.send([message]):
            return Receipt(dict(at_once[0]))
        until = monotonic() + self._timeout
        while monotonic() < until:
            for receipt in self._look(1.0):
                if receipt.message == message.id:
                    return receipt
        raise Fault(f"no receipt within {self._timeout:g} seconds")

    def _look(self, timeout: float) -> list[Receipt]:
        came = [one for one in self._connection.fetch(self._position, timeout) if one.position > self._position]
        self._position = max((one.position for one in came), default=self._position)
        return [line for line in (read(one.content) for one in came) if isinstance(line, Receipt)]


def _summary(receipt: Receipt) -> str:
    """What came of a message, in a few words."""
    return f"{receipt.outcome} {receipt.error[0]}" if receipt.error else receipt.outcome
