"""What is written down: the audit record of each input, its receipt, and the lines for inboxes.

Nothing here holds an identity but the delivery itself. A record is an object; its canonical JSON is the leaf.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from broker.authorities import ANONYMOUS
from broker.deadlines import Matter, Notice, moment
from broker.kinds import Message
from broker.model.days import rfc3339
from broker.model.decision import Decision, Json
from broker.model.unusable import Unusable
from broker.model.vocabulary import AuthorityKind, Outcome
from broker.pipeline.gather import Gathered
from broker.pipeline.released import assessments, delivered_message
from broker.ports.tokens import Tokens
from broker.ports.writes import InboxLine

VERSION = 1


def of_decision(
    gathered: Gathered,
    decision: Decision,
    *,
    digest: str,
    key: str,
    schema: str,
    policy: str,
    recorded: datetime,
    reasons: Mapping[str, str] = MappingProxyType({}),
    fetched: bool | None = None,
    rests_on: Json | None = None,
    retention: tuple[Json, Json | None],
) -> Json:
    """The audit record of a decided message, without `seq`, which the log gives it.

    `reasons`: as `reason_digests` gives them. `fetched`: of a recall that is forwarded, whether what it recalls had
    been given out. `rests_on`: the records of the forms and agreements that the law was asked about. `retention`: of
    the sender's copy, which the receipt tells, and of the recipient's.
    """
    message = gathered.message
    of_sender, of_recipient = retention
    told = {**decision.receipt(), "retention": of_sender}
    receipt_: Json = {"message": str(message.id), **told, "policy": policy}
    if fetched is not None:
        receipt_["fetched"] = fetched
    if warnings := message.warnings(decision):
        receipt_["warnings"] = warnings
    return {
        "version": VERSION,
        "record": "decision",
        "recorded": rfc3339(recorded),
        "message": str(message.id),
        "kind": message.kind,
        "sender": _sender(gathered),
        "recipient": {**message.recipient.model_dump(mode="json"), "authority": gathered.recipient.id},
        "time": rfc3339(message.time),
        "case": gathered.case,
        **({"reference": gathered.reference} if gathered.reference else {}),
        **({"handed_in": gathered.handed_in} if gathered.handed_in else {}),
        "subject": gathered.about,
        "persons": list(gathered.persons),
        "in_reply_to": str(message.in_reply_to) if message.in_reply_to else None,
        **_changes(message),
        **message.beside(),
        **({"reasons": dict(reasons)} if reasons else {}),
        **({"rests_on": rests_on} if rests_on else {}),
        "retention": of_recipient,
        "clock": _clock(gathered, decision),
        "digest": digest,
        "key": key,
        "schema": schema,
        "policy": policy,
        "input": gathered.asked,
        "receipt": receipt_,
    }


def reason_digests(message: Message, tokens: Tokens) -> dict[str, str]:
    """Place -> keyed digest of the reason given there, by which its sender can show later that it was this one.

    Over the message's id, the place and the reason, each after a zero byte: two equal reasons have two digests.
    """
    places = ((place, given.reason) for place, given in assessments(message) if given.reason)
    return {place: tokens.digest("\0".join(("", str(message.id), place, why)).encode()) for place, why in places}


def _changes(message: Message) -> Json:
    """The message that this one recalls, replaces or follows up, or whose condition it is of; of others nothing."""
    return {how: str(earlier) for how, earlier in message.earlier().items()}


def _sender(gathered: Gathered) -> Json:
    """Who sent it; who decided there only as a token, which needs the authority's own id to be made again."""
    sender = gathered.message.sender.model_dump(mode="json", exclude={"officer"})
    officer = {"officer": gathered.officer} if gathered.officer else {}
    return {**sender, "authority": gathered.sender.id, **officer}


def _clock(gathered: Gathered, decision: Decision) -> Json:
    """What only clocks ask of a record (`broker.deadlines.event`), each field only where there is something to tell.

    `about`: the token of whom the message replied to is about, where the message itself names nobody; `unanswered`:
    the asked categories of which an answer gives nothing; `deadline`: the asker's own; `expected`: when an interim
    answer says that the answer comes; `unit`: to which it went, where none was stated and its authority has desks;
    `to_be_seen`: that it lies with somebody else now, who is to open and register it.
    """
    message, reply = gathered.message, gathered.reply
    clock = message.times()
    if gathered.way.unit != message.recipient.unit:
        clock["unit"] = gathered.way.unit.value
    if gathered.about is None and reply is not None and reply.about is not None:
        clock["about"] = reply.about
    if reply is not None and (missing := message.open_categories(reply, decision)):
        clock["unanswered"] = missing
    if decision.outcome == Outcome.FORWARD.value and _is_to_be_seen(gathered):
        clock["to_be_seen"] = True
    return clock


def _is_to_be_seen(gathered: Gathered) -> bool:
    """Not what one keeps, nor what is acknowledged by itself, nor what the public gets: nobody is on duty there."""
    kept = gathered.way.inbox == gathered.way.sent_from
    public = gathered.recipient.kind is AuthorityKind.PUBLIC_INTAKE
    return not (kept or public or "acknowledges" in gathered.message.earlier())


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


def of_purge(purged: Sequence[int | str], size: int, *, before: datetime, recorded: datetime) -> Json:
    """The audit record of a purge: of which records in quarantine nothing is kept any longer, and how much that was.

    In: the place of each in the log, or its leaf hash; all their bytes; and that they were recorded before this time.
    """
    told = {"before": rfc3339(before), "records": list(purged), "bytes": size}
    return _of_own("purge", {"purged": told}, recorded)


def of_erasure(erased: Json, recorded: datetime) -> Json:
    """The audit record of contents that are erased. In: which and by what, as `erasure.erase` says."""
    return _of_own("erasure", {"erased": erased}, recorded)


def of_hold(held: Json, recorded: datetime) -> Json:
    """The audit record of what may not be erased, or may again. In: what, as `erasure.hold` says."""
    return _of_own("hold", {"held": held}, recorded)


def _of_own(record: str, told: Json, recorded: datetime) -> Json:
    """What the broker did by itself, or because its operator ordered it."""
    return {
        "version": VERSION,
        "record": record,
        "recorded": rfc3339(recorded),
        "message": None,
        "sender": None,
        **told,
        "receipt": {"message": None, "outcome": record},
    }


def of_redelivery(redelivered: Json, recorded: datetime) -> Json:
    """The audit record of deliveries that are given out again. In: what and to whom, as `redelivery.carry_out` says."""
    return _of_own("redelivery", {"redelivered": redelivered}, recorded)


def of_handover(handover: Mapping[str, str], recorded: datetime) -> Json:
    """The audit record of the log's key handed over to the next one. In: both public keys, and the note they signed."""
    return {
        "version": VERSION,
        "record": "handover",
        "recorded": rfc3339(recorded),
        "message": None,
        "sender": None,
        "handover": dict(handover),
        "receipt": {"message": None, "outcome": "handover"},
    }


def receipt(leaf: Json, leaf_hash: str, seq: int | None, line: int | None) -> Json:
    """The receipt of a recorded input, as it is printed; a line number stands on the unusable ones.

    `seq`: its place in the log; None where the log is kept apart.
    """
    printed: Json = {**leaf["receipt"], "audit": {"leaf": leaf_hash, "seq": seq}}
    if printed["outcome"] == Outcome.QUARANTINE.value and line is not None:
        return {"line": line, **printed}
    return printed


def deliveries(
    gathered: Gathered, decision: Decision, leaf: Json, enclosed: Mapping[str, Any] = MappingProxyType({})
) -> list[InboxLine]:
    """What goes out: the delivery when something is forwarded, with what is enclosed, and the sender's receipt."""
    message = gathered.message
    lines = []
    if decision.outcome == Outcome.FORWARD.value:
        reply = gathered.reply
        missing = message.open_categories(reply, decision) if reply else []
        content = {
            "type": "delivery",
            "message": delivered_message(gathered, decision),
            "partial": bool(missing),
            "unanswered": missing,
            "grounds": list(decision.grounds) if gathered.sender.id != ANONYMOUS else [],  # they tell who must notify
            "retention": leaf["retention"],
        }
        content |= dict.fromkeys(decision.marks, True)
        if decision.guidance:
            content["guidance"] = list(decision.guidance)
        if so_far := message.answers(reply, decision) if reply else {}:
            content["answers"] = so_far
        if "replaces" in leaf:
            content["replaces"] = leaf["replaces"]
        content |= enclosed
        lines.append(InboxLine(gathered.way.inbox, "delivery", gathered.sender.id, str(message.id), content))
    if gathered.sender.id != ANONYMOUS:  # whoever knows the id finds the receipt in the log
        receipt_line = {"type": "receipt", "receipt": leaf["receipt"]}
        lines.append(InboxLine(gathered.way.sent_from, "receipt", gathered.sender.id, str(message.id), receipt_line))
    return lines


def link_record(concerns: Sequence[tuple[str, str]], time: datetime) -> Json:
    """The broker tells a social board which notifications concern one child. In: sender and message of each; when.

    Each sender is one source; of anonymous ones nobody knows whether they are independent: they count as one.
    """
    return {
        "type": "notice",
        "notice": "concerns_linked",
        "messages": [message for _, message in concerns],
        "independent_sources": len({sender for sender, _ in concerns}),
        "time": rfc3339(time),
    }


def of_notice(id_: str, recipient: tuple[str, str], content: Json, recorded: datetime) -> Json:
    """The audit record of a notice of the broker's own. In: its id, whose authority and unit it goes to, what it tells.

    The record's time is that of what it tells of, not of the telling.
    """
    authority, unit = recipient
    return {
        "version": VERSION,
        "record": "notice",
        "recorded": rfc3339(recorded),
        "message": id_,
        "recipient": {"authority": authority, "unit": unit},
        "time": content["time"],
        "notice": content,
        "receipt": {"message": id_, "outcome": "notice"},
    }


def notice(sent: Notice, contacts: Sequence[Json] = ()) -> Json:
    """What stands in the inbox: what is waited for, on which message, when it was or is due, and whom to call."""
    return {
        "type": "notice",
        "notice": sent.notice,
        "id": sent.id,
        "unit": sent.unit,
        "clock": sent.clock.value,
        "message": sent.message,
        "due": rfc3339(moment(sent.due)),
        "time": rfc3339(moment(sent.at)),
        "ref": sent.ref,
        **({"kind": sent.kind} if sent.kind else {}),
        **({"contacts": list(contacts)} if contacts else {}),
    }


def with_terms(lines: Iterable[InboxLine], to_do: Sequence[Matter]) -> Iterator[InboxLine]:
    """The lines, with what its recipient has to do, and until when, told in the delivery."""
    terms = [{"clock": m.clock.value, "ref": m.ref, "due": rfc3339(moment(m.due))} for m in to_do]
    for line in lines:
        yield replace(line, content={**line.content, "terms": terms}) if line.type == "delivery" else line
