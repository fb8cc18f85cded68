"""What is written down: the audit record of each input, its receipt, and the lines for inboxes.

Nothing here holds an identity but the delivery itself. A record is an object; its canonical JSON is the leaf.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from broker.authorities import ANONYMOUS
from broker.decision import Decision, Json
from broker.gather import Gathered
from broker.intake import Unusable
from broker.messages import Message, WithItems
from broker.ports import InboxLine
from broker.vocabulary import Outcome

VERSION = 1


def canonical(value: Json) -> bytes:
    """The one way to write an object as JSON: sorted keys, no spaces, UTF-8 (in the manner of RFC 8785)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def rfc3339(moment: datetime) -> str:
    """A moment as text in UTC, to the microsecond when it has any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def of_decision(
    gathered: Gathered, decision: Decision, *, digest: str, key: str, schema: str, policy: str, recorded: datetime
) -> Json:
    """The audit record of a decided message, without `seq`, which the log gives it."""
    message = gathered.message
    return {
        "version": VERSION,
        "record": "decision",
        "recorded": rfc3339(recorded),
        "message": str(message.id),
        "kind": message.kind,
        "sender": {**message.sender.model_dump(mode="json"), "authority": gathered.sender.id},
        "recipient": {**message.recipient.model_dump(mode="json"), "authority": gathered.recipient.id},
        "time": rfc3339(message.time),
        "case": gathered.case,
        "subject": gathered.about,
        "persons": list(gathered.persons),
        "in_reply_to": str(message.in_reply_to) if message.in_reply_to else None,
        "digest": digest,
        "key": key,
        "schema": schema,
        "policy": policy,
        "input": gathered.asked,
        "receipt": {"message": str(message.id), **decision.receipt(), "policy": policy},
    }


def of_quarantine(unusable: Unusable, *, sender: str | None, digest: str, key: str, recorded: datetime) -> Json:
    """The audit record of an input that was no message, or might not be decided."""
    message = str(unusable.message) if unusable.message else None
    return {
        "version": VERSION,
        "record": "quarantine",
        "recorded": rfc3339(recorded),
        "message": message,
        "sender": {"authority": sender} if sender else None,
        "digest": digest,
        "key": key,
        "receipt": {
            "message": message,
            "outcome": Outcome.QUARANTINE.value,
            "error": {"code": unusable.code, "detail": unusable.detail},
        },
    }


def receipt(leaf: Json, leaf_hash: str, line: int | None) -> Json:
    """The receipt of a recorded input, as it is printed; a line number stands on the unusable ones."""
    told: Json = {**leaf["receipt"], "audit": {"leaf": leaf_hash, "seq": leaf["seq"]}}
    if told["outcome"] == Outcome.QUARANTINE.value and line is not None:
        return {"line": line, **told}
    return told


def deliveries(gathered: Gathered, decision: Decision, leaf: Json) -> list[InboxLine]:
    """What goes out: the delivery when something is forwarded, and the sender's receipt."""
    message = gathered.message
    lines = []
    if decision.outcome == Outcome.FORWARD.value:
        unanswered = _unanswered(gathered, decision)
        content = {
            "type": "delivery",
            "message": _as_released(message, decision),
            "partial": bool(unanswered),
            "unanswered": unanswered,
            "grounds": list(decision.grounds),
        }
        if decision.guidance:
            content["guidance"] = list(decision.guidance)
        lines.append(InboxLine(gathered.recipient.id, "delivery", gathered.sender.id, str(message.id), content))
    if gathered.sender.id != ANONYMOUS:  # whoever knows the id finds the receipt in the log
        told = {"type": "receipt", "receipt": leaf["receipt"]}
        lines.append(InboxLine(gathered.sender.id, "receipt", gathered.sender.id, str(message.id), told))
    return lines


def notices(consent: str, message: Message, authorities: Sequence[str]) -> list[InboxLine]:
    """The broker tells each party that a consent has been withdrawn."""
    content = {
        "type": "notice",
        "notice": "consent_withdrawn",
        "consent": consent,
        "authority": message.sender.authority,
        "time": rfc3339(message.time),
    }
    return [InboxLine(authority, "notice", None, str(message.id), content) for authority in authorities]


def linked(gathered: Gathered, earlier: Sequence[tuple[str, str]]) -> InboxLine:
    """The broker tells a social board which notifications concern one child. In: sender and message of the earlier.

    Each sender is one source; of anonymous ones nobody knows whether they are independent: they count as one.
    """
    told = [*earlier, (gathered.sender.id, str(gathered.message.id))]
    content = {
        "type": "notice",
        "notice": "concerns_linked",
        "messages": [message for _, message in told],
        "independent_sources": len({sender for sender, _ in told}),
        "time": rfc3339(gathered.message.time),
    }
    return InboxLine(gathered.recipient.id, "notice", None, str(gathered.message.id), content)


def _as_released(message: Message, decision: Decision) -> Json:
    """The message as sent without what was not released."""
    sent: Json = message.model_dump(mode="json")
    if isinstance(message, WithItems):
        items: list[Any] = sent["body"]["items"]
        sent["body"]["items"] = [item for index, item in enumerate(items) if index in decision.released]
    for path in decision.cuts:
        _leave_out(sent["body"], path.split("/"))
    return sent


def _leave_out(body: Any, path: Sequence[str]) -> None:
    """Put null where the path leads, for example counts/0/n."""
    *way, last = path
    for step in way:
        body = body[int(step)] if isinstance(body, list) else body[step]
    body[last] = None


def _unanswered(gathered: Gathered, decision: Decision) -> list[str]:
    """Asked categories of which nothing is released: the recipient never learns whether anything is held."""
    if gathered.reply is None or not isinstance(gathered.message, WithItems):
        return []
    items = gathered.message.body.items
    given = {item.category.value for index, item in enumerate(items) if index in decision.released}
    return [category for category in gathered.reply.categories if category not in given]
