"""A draft becomes a message: id, time, the own authority as sender, and the bytes that are sent however often."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from . import ids
from .broker import Json, Outgoing, WrongMessage
from .drafts import Address, Draft
from .sealing_keys import Sealing
from .words import Role, Unit

LARGEST = 1 << 20
"""Bytes of a message, at most."""


def now() -> datetime:
    """This machine's clock: a live broker refuses a message that is five minutes off."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Pen:
    """Writes as one authority; `unit` and `role` where a draft names no others."""

    authority: str
    unit: Unit
    role: Role
    clock: Callable[[], datetime]
    entropy: ids.Entropy
    sealing: Sealing = field(default=Sealing())

    def write(self, draft: Draft) -> Outgoing:
        """The message, its contents sealed. Raises WrongMessage when it is too large, or holds what JSON can't say."""
        moment = self.clock()
        time = _text(moment)
        message: Json = {
            "id": draft.id or ids.message_id(moment, self.entropy),
            "kind": draft.kind,
            "sender": {
                "authority": self.authority,
                "unit": draft.how.get("unit", self.unit),
                "role": draft.how.get("role", self.role),
            },
            "recipient": _recipient(draft.to),
            "time": time,
        }
        if officer := draft.how.get("officer"):
            message["sender"]["officer"] = officer
        if case := draft.how.get("case"):
            message["case"] = case
        if draft.in_reply_to:
            message["in_reply_to"] = draft.in_reply_to
        trace = ids.traceparent(draft.trace, self.entropy)
        return Outgoing(
            message["id"], draft.kind, time, encode(self.sealing.seal({**message, "body": draft.body})), trace
        )

    def renew(self, message: Outgoing) -> Outgoing:
        """The same message, of this moment."""
        time = _text(self.clock())
        return replace(message, time=time, message=encode({**json.loads(message.message), "time": time}))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def encode(message: Json) -> bytes:
    """The message as it is sent. Raises WrongMessage."""
    try:
        text = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        raise WrongMessage("the message holds something that JSON in UTF-8 can't say") from None
    if len(text) > LARGEST:
        raise WrongMessage("the message is larger than 1 MiB: send the content in several")
    return text


def _recipient(to: Address) -> Json:
    return {"authority": to.authority, "unit": to.unit} | ({"area": to.area} if to.area else {})
