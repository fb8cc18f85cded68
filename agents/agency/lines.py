"""What lies in an inbox: deliveries, receipts, the broker's notices; and lines of a sort that is not known yet.

Fields that a later broker adds are left where they are, in `content`: nothing here fails on them.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from uuid import UUID

from .broker import Json


@dataclass(frozen=True)
class Receipt:
    """What the broker answers to one message of one's own (kvitto)."""

    content: Json = field(repr=False)

    def __repr__(self) -> str:
        """What came of which message, and what is wrong with it; no value from it."""
        parts = [_id(self.message), self.outcome, *(("partial",) if self.partial else ()), *(self.error or ())[:1]]
        return f"Receipt({' '.join(parts)})"

    @property
    def message(self) -> str | None:
        """The message's id; None when the broker could not read one."""
        message = self.content.get("message")
        return str(message) if message is not None else None

    @property
    def outcome(self) -> str:
        """`forward`, `withhold`, `refer` or `quarantine`."""
        return str(self.content.get("outcome"))

    @property
    def partial(self) -> bool:
        """Some items went out and others did not."""
        return bool(self.content.get("partial"))

    @property
    def error(self) -> tuple[str, str] | None:
        """Code and detail of what made the message unusable."""
        error = self.content.get("error")
        return (str(error["code"]), str(error["detail"])) if error else None

    @property
    def asks(self) -> list[str]:
        """Weighing tests that somebody has to answer before what was referred back can go out: the first ground's."""
        items = self.content.get("items") or []
        every = [*(self.content.get("asks") or []), *(ask for item in items for ask in item.get("asks") or [])]
        return list(dict.fromkeys(map(str, every)))

    def missing(self, item: int) -> list[list[Json]]:
        """Sets of `{"fact" | "test" | "consent": name}`, each of which may be enough to let this item go."""
        matching = (one for one in self.content.get("items") or [] if one.get("item") == item)
        return [list(way) for one in matching for way in one.get("missing") or []]

    @property
    def open(self) -> dict[int, list[Json]]:
        """Of each referred item: every ground that lacks only answers (`ground`, `ref`, `asks`); one is enough."""
        items = self.content.get("items") or []
        return {int(entry["item"]): list(entry["open"]) for entry in items if entry.get("open")}

    @property
    def warnings(self) -> list[str]:
        """What you may not have meant to give out: `conditions_sent`, of a message that went out in part."""
        return list(map(str, self.content.get("warnings") or []))

    @property
    def guidance(self) -> list[Json]:
        """On a request: for each category, what it may be had under."""
        return list(self.content.get("guidance") or [])

    @property
    def leaf(self) -> str | None:
        """Hash of the decision's record in the broker's log: the same for a message that was sent twice."""
        place = self.content.get("audit")
        leaf = place.get("leaf") if isinstance(place, dict) else None
        return str(leaf) if leaf is not None else None


@dataclass(frozen=True)
class Delivery:
    """A message from somebody else, without what was not released (leverans)."""

    content: Json = field(repr=False)
    trace: str | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """Of a request first whether it is secret and who may be told; which message, what kind, from whom.

        Nothing of what it says.
        """
        return f"Delivery({self._first()}{_id(self.id)} {self.kind} from {self.sender.get('authority')})"

    def _first(self) -> str:
        if self.kind != "InformationRequest":
            return ""
        secret = [f"secret under {', '.join(map(_word, self.secrecy))}"] if self.secrecy else []
        listed = ", ".join(f"{who} {_word(when)}" for who, when in self.may_be_told.items())
        return "; ".join([*secret, f"may be told: {listed}", ""])

    @property
    def secrecy(self) -> list[str]:
        """Provisions that make a request itself secret at the asker's (begäran är sekretessbelagd)."""
        return list(map(str, self.body.get("secrecy") or []))

    @property
    def may_be_told(self) -> dict[str, str]:
        """Who may be told of a request: child, guardian and party, each `yes`, `ask_first` or a day not before it."""
        said = self.body.get("may_be_told") or {}
        return {who: str(said.get(who) or "ask_first") for who in ("child", "guardian", "party")}

    @property
    def message(self) -> Json:
        """The message as sent, without what was not released."""
        message: Json = self.content["message"]
        return message

    @property
    def id(self) -> str:
        """The message's id: together with its sender it names the message."""
        return str(self.message["id"])

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.message["kind"])

    @property
    def sender(self) -> Json:
        """Who sent it: authority, unit, role."""
        sender: Json = self.message["sender"]
        return sender

    @property
    def body(self) -> Json:
        """What it says; empty when it was recalled before it was fetched."""
        body = self.message.get("body")
        return dict(body) if isinstance(body, dict) else {}

    @property
    def is_sealed(self) -> bool:
        """Whether some content came sealed, opened here or not: nobody else has a key that opens it."""
        return any(one.get("sealed") for one in self.body.get("items") or ())

    @property
    def unopened(self) -> dict[int, tuple[str, str]]:
        """Of each item whose content could not be opened: which key it is sealed to, and why (`no_key`, `changed`)."""
        items = self.body.get("items") or ()
        return {
            n: (str(one["sealed"].get("key")), str(one["unopened"]))
            for n, one in enumerate(items)
            if one.get("unopened")
        }

    @property
    def in_reply_to(self) -> str | None:
        """The message of one's own that it answers."""
        return self.message.get("in_reply_to")

    @property
    def partial(self) -> bool:
        """Something that was asked for is not answered."""
        return bool(self.content.get("partial"))

    @property
    def unanswered(self) -> list[str]:
        """Categories asked for that it does not answer."""
        return list(self.content.get("unanswered") or [])

    @property
    def guidance(self) -> list[Json]:
        """On a request: for each category, what may carry an answer and which test that asks for."""
        return list(self.content.get("guidance") or [])

    @property
    def answers(self) -> dict[str, str]:
        """On an answer to a request of one's own: what has come so far of each category that was asked for."""
        return {str(category): str(how) for category, how in (self.content.get("answers") or {}).items()}

    @property
    def terms(self) -> list[Json]:
        """What there is to do with it, by which `clock`, and until when (`due`)."""
        return [dict(term) for term in self.content.get("terms") or () if isinstance(term, dict)]

    @property
    def pass_on(self) -> bool:
        """A notification of concern about a child of another municipality: yours to pass on to the board there."""
        return bool(self.content.get("pass_on"))

    @property
    def redelivered(self) -> bool:
        """It is given out again: who has handled it before is not given it twice, and handles nothing twice."""
        return bool(self.content.get("redelivered"))

    @property
    def recalled_by(self) -> str | None:
        """The message that recalled this one, when that came first."""
        return self.content.get("recalled")


@dataclass(frozen=True)
class Notice:
    """What the broker itself tells: a consent withdrawn, a term that runs out (underrättelse)."""

    content: Json = field(repr=False)
    trace: str | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """What it is about."""
        return f"Notice({self.notice})"

    @property
    def notice(self) -> str:
        """What it is about, a stable id."""
        return str(self.content.get("notice"))


@dataclass(frozen=True)
class Unknown:
    """A line of a sort that this version does not know."""

    content: Json = field(repr=False)
    trace: str | None = field(default=None, repr=False)


Line = Delivery | Notice | Unknown
"""What an inbox gives to be handled; receipts are given apart."""


def read(content: Json | None, trace: str | None = None) -> Line | Receipt:
    """One line as it came. What can't be read is Unknown: it must stop nobody."""
    content = content or {}
    sort, message, receipt = content.get("type"), content.get("message"), content.get("receipt")
    if sort == "receipt" and isinstance(receipt, dict):
        return Receipt(receipt)
    if sort == "delivery" and _is_message(message):
        return Delivery(content, trace)
    return Notice(content, trace) if sort == "notice" else Unknown(content, trace)


def key(line: Line | Receipt) -> str:
    """What makes two lines the same line, come twice. Holds nothing of what they say."""
    if isinstance(line, Delivery):
        return f"delivery/{line.sender.get('authority')}/{line.id}"
    if isinstance(line, Receipt):
        return f"receipt/{line.message}/{line.leaf or _digest(line.content)}"
    return f"{type(line).__name__.lower()}/{_digest(line.content)}"


def _id(id_: str | None) -> str:
    """An id to show: what has not the form of one could be anything."""
    try:
        return str(UUID(id_))
    except (ValueError, TypeError, AttributeError):
        return "?"


def _word(when: str) -> str:
    """A word, a day or a reference to show: what has not the form of one could be anything."""
    return when if re.fullmatch(r"[A-Za-zÅÄÖåäö0-9:_ §-]{1,40}", when) else "?"


def _is_message(value: object) -> bool:
    sender = value.get("sender") if isinstance(value, dict) and {"id", "kind"} <= value.keys() else None
    return isinstance(sender, dict) and "authority" in sender


def _digest(content: Json) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
