"""How the town is written: one call a message, with why it stands there and what the law makes of it.

What is expected is the author's reading of the contract and the statutes, written down beside each message; it is
compared with what the broker decides, never taken from it.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from broker.authorities import ANONYMOUS
from scenery.town.places import PUBLIC, Desk, Route

Json = dict[str, Any]

_LATER = 10_000
"""From here acknowledgements are counted, so that other messages keep their ids whoever acknowledges."""


@dataclass(frozen=True)
class Verdict:
    """What is expected of one item."""

    outcome: str
    ref: str | None
    asks: tuple[str, ...] = ()
    refer_to: str | None = None
    bar: str | None = None
    doubtful: tuple[str, ...] = ()


def release(ref: str | None, *, doubtful: Sequence[str] = ()) -> Verdict:
    """The item moves, under this provision; None where the ground has none."""
    return Verdict("release", ref, doubtful=tuple(doubtful))


def refer(ref: str, *asks: str, to: str | None = None, bar: str | None = None, doubtful: Sequence[str] = ()) -> Verdict:
    """The item goes back to a human: these tests lack an answer, another function decides, or a reading is open."""
    return Verdict("refer", ref, asks, to, bar, tuple(doubtful))


def withhold(ref: str | None, bar: str | None, *, doubtful: Sequence[str] = ()) -> Verdict:
    """The item stays, because of this bar; both None where no ground is claimed."""
    return Verdict("withhold", ref, bar=bar, doubtful=tuple(doubtful))


def stays(*bars: str) -> Json:
    """Of a message without items: it is withheld, because of these."""
    return {"outcome": "withhold", "bars": list(bars)}


def goes_back(*bars: str, asks: Sequence[str] = (), doubtful: Sequence[str] = ()) -> Json:
    """Of a message without items: it is referred, because of these; tests lack an answer or a reading is open."""
    return {"outcome": "refer", "bars": list(bars), "asks": list(asks), "doubtful": list(doubtful)}


def judgements(by: str, *, ground: str | None = None, reason: str = "", **answers: bool) -> list[Json]:
    """A human's answers to weighing tests, `by` a function."""
    more = {**({"reason": reason} if reason else {}), **({"ground": ground} if ground else {})}
    return [{"test": test, "holds": holds, "assessed_by": by, **more} for test, holds in answers.items()]


def none_applies(by: str, reason: str) -> list[Json]:
    """A human's word, on the item itself, that no provision on secrecy applies to it; `by` a function."""
    return judgements(by, reason=reason, no_provision_applies=True)


def committed_offence(provision: str, day: str, **more: object) -> Json:
    """An offence that somebody is suspected of."""
    return {"provision": provision, "committed": True, "date": day, **more}


def feared_offence(provision: str, **more: object) -> Json:
    """An offence that may come."""
    return {"provision": provision, "committed": False, **more}


@dataclass(frozen=True)
class Piece:
    """One item of a disclosure, and what is expected of it."""

    item: Json
    verdict: Verdict


def piece(
    category: str,
    content: str,
    secrecy: Sequence[str],
    verdict: Verdict,
    *,
    answers: Sequence[Json] = (),
    concerns: Sequence[Json] = (),
) -> Piece:
    """One item: what it says, the secrecy that applies to it, what humans have answered, and whom it concerns."""
    item = {"category": category, "content": content, "secrecy": list(secrecy)}
    return Piece({**item, **_omit_empty(assessments=list(answers), concerns=list(concerns))}, verdict)


class Town:
    """The lines of the town and what is expected of each, in order."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.expected: list[Json] = []
        self._ids = 0
        self._acknowledged = 0
        self._sent: dict[str, Json] = {}
        self._unseen = False

    def request(
        self,
        why: str,
        at: str,
        route: Route,
        about: Json,
        *,
        purpose: str,
        need: str,
        categories: Sequence[str],
        basis: Sequence[str] = (),
        case: str | None = None,
        outcome: str = "forward",
        bars: Sequence[str] = (),
        doubtful: Sequence[str] = (),
        **more: Any,
    ) -> str:
        """A request; `more` are further fields of its body. Gives its id."""
        body = {**_about(about), "purpose": purpose, "need": need, "categories": list(categories), "basis": list(basis)}
        envelope = self.envelope("InformationRequest", at, route, {**body, **more}, case=case)
        return self._add(envelope, why, outcome, bars=bars, doubtful=doubtful, guidance=not basis)

    def disclosure(
        self,
        why: str,
        at: str,
        route: Route,
        about: Json,
        pieces: Sequence[Piece],
        *,
        basis: Sequence[str] = (),
        in_reply_to: str | None = None,
        case: str | None = None,
        answers: Sequence[Json] = (),
        kind: str = "Disclosure",
        **more: Any,
    ) -> str:
        """A message with items; `answers` hold for each item, `more` are further fields of its body. Gives its id."""
        given = _omit_empty(assessments=list(answers), basis=list(basis), **more)
        body = {**_about(about), "items": [one.item for one in pieces], **given}
        envelope = self.envelope(kind, at, route, body, case=case, in_reply_to=in_reply_to)
        return self._add(envelope, why, _outcome([one.verdict for one in pieces]), [one.verdict for one in pieces])

    def other(
        self,
        kind: str,
        why: str,
        at: str,
        route: Route,
        body: Json,
        *,
        in_reply_to: str | None = None,
        case: str | None = None,
        outcome: str = "forward",
        ground: str | None = None,
        bars: Sequence[str] = (),
        asks: Sequence[str] = (),
        doubtful: Sequence[str] = (),
        partial: bool = False,
    ) -> str:
        """A message of any kind without items, and what is expected of it as a whole. Gives its id."""
        envelope = self.envelope(kind, at, route, body, case=case, in_reply_to=in_reply_to)
        whole = {"grounds": [ground] if ground else [], "asks": sorted(asks), **({"partial": True} if partial else {})}
        return self._add(envelope, why, outcome, bars=bars, doubtful=doubtful, whole=whole)

    def registration(self, kind: str, why: str, at: str, desk: Desk, body: Json, **expected: Any) -> str:
        """A consent, a withdrawal or an agreement: its recipient is the own authority. Gives its id."""
        return self.other(kind, why, at, desk.to(Desk(desk.authority)), body, **expected)

    def unusable(self, why: str, content: bytes | Json, code: str) -> None:
        """A line that must end in quarantine under this code."""
        line = content if isinstance(content, bytes) else _line(content)
        self._expect(line, {"why": why, "outcome": "quarantine", "refs": [], "code": code})

    def repeat(self, why: str, message: str) -> None:
        """The line of an earlier message once more, byte for byte: its recorded receipt is what comes."""
        first = next(n for n, line in enumerate(self.lines) if message.encode() in line)
        receipt = {name: value for name, value in self.expected[first].items() if name not in ("line", "why")}
        self._expect(self.lines[first], {"why": why, **receipt, "same_as": first + 1})

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """What is sent herein nobody opens, unless it is said."""
        self._unseen = True
        yield
        self._unseen = False

    def acknowledgement(self, why: str, at: str, holder: Desk, delivery: str, state: str, **said: Any) -> str:
        """What has become of a delivery at its recipient's; `said`: beside its state. Gives its id."""
        sent = self._sent[delivery]
        sender = ANONYMOUS if sent["body"].get("anonymous") else sent["sender"]["authority"]
        outcome, bars = said.pop("outcome", "forward"), said.pop("bars", ())
        body = {"message": delivery, "state": state, **said}
        to = Desk(sender, "registry" if sender == ANONYMOUS else sent["sender"]["unit"])
        whole: Json = {"grounds": [], "asks": []}
        self._acknowledged += 1
        envelope = self.envelope("Acknowledgement", at, holder.to(to), body, number=_LATER + self._acknowledged)
        return self._add(envelope, why, outcome, bars=bars, whole=whole)

    def _see(self, envelope: Json) -> None:
        """Whoever receives something opens it and enters it in the register, within minutes."""
        to = envelope["recipient"]
        if self._unseen or to["authority"] in (envelope["sender"]["authority"], PUBLIC.authority):
            return
        at = datetime.fromisoformat(envelope["time"]) + timedelta(minutes=10)
        holder = Desk(to["authority"], to["unit"])
        number = f"Dnr {at.year}/{self._acknowledged + 1}"
        why = "It is opened by a person, and registered."
        time = at.isoformat().replace("+00:00", "Z")
        self.acknowledgement(why, time, holder, envelope["id"], "registered", reference=number)

    def envelope(
        self,
        kind: str,
        at: str,
        route: Route,
        body: Json,
        *,
        case: str | None = None,
        in_reply_to: str | None = None,
        number: int | None = None,
    ) -> Json:
        """A message as an object, with an id of its own: the next one, or that of this number."""
        self._ids += number is None
        return {
            "id": _uuid7(at, number or self._ids),
            "kind": kind,
            "sender": route.sender.sends(),
            "recipient": route.to.receives(),
            "time": at,
            **_omit_empty(case=case, in_reply_to=in_reply_to),
            "body": body,
        }

    def _add(
        self,
        envelope: Json,
        why: str,
        outcome: str,
        verdicts: Sequence[Verdict] = (),
        *,
        bars: Sequence[str] = (),
        doubtful: Sequence[str] = (),
        guidance: bool = False,
        whole: Json | None = None,
    ) -> str:
        expected: Json = {"why": why, "outcome": outcome, "refs": [one.ref for one in verdicts], **(whole or {})}
        if outcome == "forward" and any(one.outcome != "release" for one in verdicts):
            expected["partial"] = True
        if verdicts:
            expected["items"] = [_expected_item(one) for one in verdicts]
        if guidance:
            expected["guidance"] = True
        expected["doubtful"] = sorted({*doubtful, *(doubt for one in verdicts for doubt in one.doubtful)})
        # Where nothing is claimed and nothing carries, the contract fixes no bar: none is expected, and none ruled out.
        if all(one.outcome != "withhold" or one.bar for one in verdicts):
            expected["bars"] = sorted({*bars, *(one.bar for one in verdicts if one.bar)})
        self._expect(_line(envelope), expected)
        self._sent[envelope["id"]] = envelope
        if outcome == "forward" and envelope["kind"] != "Acknowledgement":
            self._see(envelope)
        return str(envelope["id"])

    def _expect(self, line: bytes, expected: Json) -> None:
        self.lines.append(line)
        self.expected.append({"line": len(self.lines), **expected})


def _outcome(verdicts: Sequence[Verdict]) -> str:
    """Of a message with items: forward if any is released, else refer if any is referred (contract)."""
    outcomes = {one.outcome for one in verdicts}
    if "release" in outcomes:
        return "forward"
    return "refer" if "refer" in outcomes else "withhold"


def _expected_item(verdict: Verdict) -> Json:
    return {"outcome": verdict.outcome, **_omit_empty(asks=sorted(verdict.asks), refer_to=verdict.refer_to)}


def _about(about: Json) -> Json:
    return {"organisation" if "orgnr" in about else "subject": about}


def _omit_empty(**fields: Any) -> Json:
    """The fields that hold something: null and empty ones are left out."""
    return {name: value for name, value in fields.items() if value not in (None, [], "")}


def _line(envelope: Json) -> bytes:
    return json.dumps(envelope, ensure_ascii=False).encode()


def _uuid7(at: str, count: int) -> str:
    """A UUIDv7 (RFC 9562 5.7) that depends on nothing but the moment and the count of messages before it."""
    milliseconds = int(datetime.fromisoformat(at).timestamp() * 1000)
    rest = int.from_bytes(hashlib.sha256(f"{milliseconds} {count}".encode()).digest()[:8]) >> 2
    return str(UUID(int=milliseconds << 80 | 7 << 76 | count << 64 | 2 << 62 | rest))
