"""What is written down: the audit record of each input, its receipt, and the lines for inboxes.

Nothing here holds an identity but the delivery itself. A record is an object; its canonical JSON is the leaf.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from broker.authorities import ANONYMOUS
from broker.deadlines import Matter, Notice, moment
from broker.facts.gather import Gathered
from broker.kinds import (
    ConsentGiven,
    ConsentWithdrawn,
    InformationRequest,
    Interim,
    Message,
    Refusal,
    WithItems,
)
from broker.kinds.exchange import MayBeTold
from broker.model.days import rfc3339
from broker.model.decision import Decision, Json, RecordedConsent
from broker.model.rejected import Unusable
from broker.model.vocabulary import Outcome
from broker.pipeline.released import assessments, delivered, in_part
from broker.ports.tokens import Tokens
from broker.ports.writes import InboxLine, Told

VERSION = 1

GIVEN, PARTLY = "given", "partly"
"""What has come of a category that was asked for, where it is not a refusal's reason."""

CONDITIONS_SENT = "conditions_sent"
"""A warning to the sender: only some items went out, and the words of `conditions` with them."""


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
) -> Json:
    """The audit record of a decided message, without `seq`, which the log gives it.

    `reasons`: as `reason_digests` gives them. `fetched`: of a recall that is forwarded, whether what it recalls had
    been given out. `rests_on`: the records of the forms and agreements that the law was asked about.
    """
    message = gathered.message
    told: Json = {"message": str(message.id), **decision.receipt(), "policy": policy}
    if fetched is not None:
        told["fetched"] = fetched
    if isinstance(message, WithItems) and message.body.conditions and in_part(message, decision):
        told["warnings"] = [CONDITIONS_SENT]
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
        "subject": gathered.about,
        "persons": list(gathered.persons),
        "in_reply_to": str(message.in_reply_to) if message.in_reply_to else None,
        **_changes(message),
        **_beside(message),
        **({"reasons": dict(reasons)} if reasons else {}),
        **({"rests_on": rests_on} if rests_on else {}),
        "clock": _clock(gathered, decision),
        "digest": digest,
        "key": key,
        "schema": schema,
        "policy": policy,
        "input": gathered.asked,
        "receipt": told,
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
    told = gathered.message.sender.model_dump(mode="json", exclude={"officer"})
    officer = {"officer": gathered.officer} if gathered.officer else {}
    return {**told, "authority": gathered.sender.id, **officer}


def _beside(message: Message) -> Json:
    """What a message says beside the matter, and no decision rests on: whose view was asked, who may be told."""
    views = getattr(message.body, "views", None)
    if views is not None:
        return {"views": views.model_dump(mode="json", exclude={"why"})}
    if not isinstance(message, InformationRequest):
        return {}
    body = message.body
    told: Json = {}
    if body.secrecy:
        told["secrecy"] = list(body.secrecy)
    if body.may_be_told != MayBeTold():
        told["may_be_told"] = body.may_be_told.model_dump()
    return told


def _clock(gathered: Gathered, decision: Decision) -> Json:
    """What only clocks ask of a record (`broker.deadlines.event`), each field only where there is something to tell.

    `about`: the token of whom the message replied to is about, where the message itself names nobody; `unanswered`:
    the asked categories of which an answer gives nothing; `deadline`: the asker's own; `expected`: when an interim
    answer says that the answer comes.
    """
    message, reply = gathered.message, gathered.reply
    found: Json = {}
    if gathered.about is None and reply is not None and reply.about is not None:
        found["about"] = reply.about
    if missing := unanswered(gathered, decision):
        found["unanswered"] = missing
    if isinstance(message, InformationRequest) and message.body.deadline is not None:
        found["deadline"] = rfc3339(message.body.deadline)
    if isinstance(message, Interim) and message.body.expected is not None:
        found["expected"] = rfc3339(message.body.expected)
    return found


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


def of_purge(purged: Mapping[int, int], *, before: datetime, recorded: datetime) -> Json:
    """The audit record of a purge: of which records in quarantine nothing is kept any longer, and how much that was.

    In: record and bytes of each, and that they were recorded before this time.
    """
    return {
        "version": VERSION,
        "record": "purge",
        "recorded": rfc3339(recorded),
        "message": None,
        "sender": None,
        "purged": {"before": rfc3339(before), "records": list(purged), "bytes": sum(purged.values())},
        "receipt": {"message": None, "outcome": "purge"},
    }


def receipt(leaf: Json, leaf_hash: str, seq: int | None, line: int | None) -> Json:
    """The receipt of a recorded input, as it is printed; a line number stands on the unusable ones.

    `seq`: its place in the log; None where the log is kept apart.
    """
    told: Json = {**leaf["receipt"], "audit": {"leaf": leaf_hash, "seq": seq}}
    if told["outcome"] == Outcome.QUARANTINE.value and line is not None:
        return {"line": line, **told}
    return told


def deliveries(
    gathered: Gathered, decision: Decision, leaf: Json, enclosed: Mapping[str, Any] = MappingProxyType({})
) -> list[InboxLine]:
    """What goes out: the delivery when something is forwarded, with what is enclosed, and the sender's receipt."""
    message = gathered.message
    lines = []
    if decision.outcome == Outcome.FORWARD.value:
        missing = unanswered(gathered, decision)
        content = {
            "type": "delivery",
            "message": delivered(gathered, decision),
            "partial": bool(missing),
            "unanswered": missing,
            "grounds": list(decision.grounds) if gathered.sender.id != ANONYMOUS else [],  # they tell who must notify
        }
        content |= dict.fromkeys(decision.marks, True)
        if decision.guidance:
            content["guidance"] = list(decision.guidance)
        if so_far := answers(gathered, decision):
            content["answers"] = so_far
        if "replaces" in leaf:
            content["replaces"] = leaf["replaces"]
        content |= enclosed
        lines.append(InboxLine(gathered.recipient.id, "delivery", gathered.sender.id, str(message.id), content))
    if gathered.sender.id != ANONYMOUS:  # whoever knows the id finds the receipt in the log
        told = {"type": "receipt", "receipt": leaf["receipt"]}
        lines.append(InboxLine(gathered.sender.id, "receipt", gathered.sender.id, str(message.id), told))
    return lines


def consent_registered(message: ConsentGiven, authority: str) -> Json:
    """The broker tells a party that a consent is there: of whom, for what, how long; no word that somebody wrote."""
    body = message.body
    subject = body.subject.model_dump(mode="json", include={"id_type", "id", "id_issuer"})
    return {
        "type": "notice",
        "notice": "consent_registered",
        "message": str(message.id),
        "authority": authority,
        "subject": subject,
        "programme": body.programme.value,
        "valid_from": body.valid_from.isoformat(),
        "valid_until": body.valid_until.isoformat() if body.valid_until else None,
        "time": rfc3339(message.time),
    }


def consent_withdrawn(message: ConsentWithdrawn, authority: str, facts: RecordedConsent, known: Sequence[Told]) -> Json:
    """The broker tells a party that a consent is withdrawn: by what it was told of it, and what it got under it."""
    return {
        "type": "notice",
        "notice": "consent_withdrawn",
        "messages": [one.message for one in known if one.notice],
        "authority": authority,
        "programme": facts["programme"],
        "received": [one.message for one in known if not one.notice],
        "time": rfc3339(message.time),
    }


def notice_line(authority: str, message: Message, content: Json) -> InboxLine:
    """A notice that comes of a message, for one inbox."""
    return InboxLine(authority, "notice", None, str(message.id), content)


def linked(told: Sequence[tuple[str, str]], time: datetime) -> Json:
    """The broker tells a social board which notifications concern one child. In: sender and message of each; when.

    Each sender is one source; of anonymous ones nobody knows whether they are independent: they count as one.
    """
    return {
        "type": "notice",
        "notice": "concerns_linked",
        "messages": [message for _, message in told],
        "independent_sources": len({sender for sender, _ in told}),
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


def notice(told: Notice) -> Json:
    """What stands in the inbox: what is waited for, on which message, and when it was or is due."""
    return {
        "type": "notice",
        "notice": told.notice,
        "id": told.id,
        "unit": told.unit,
        "clock": told.clock.value,
        "message": told.message,
        "due": rfc3339(moment(told.due)),
        "time": rfc3339(moment(told.at)),
        "ref": told.ref,
    }


def with_terms(lines: Iterable[InboxLine], to_do: Sequence[Matter]) -> Iterator[InboxLine]:
    """The lines, with what its recipient has to do, and until when, told in the delivery."""
    terms = [{"clock": m.clock.value, "ref": m.ref, "due": rfc3339(moment(m.due))} for m in to_do]
    for line in lines:
        told = {**line.content, "terms": terms} if terms and line.type == "delivery" else line.content
        yield replace(line, content=told)


def unanswered(gathered: Gathered, decision: Decision) -> list[str]:
    """Asked categories of which nothing is released: the recipient never learns whether anything is held.

    With a refusal: those that no answer to the request, this one or an earlier, has touched yet.
    """
    if gathered.reply is None:
        return []
    if isinstance(gathered.message, Refusal):
        touched: Collection[str] = answers(gathered, decision)
    elif isinstance(gathered.message, WithItems):
        touched = _given(gathered.message, decision)
    else:
        return []
    return [category for category in gathered.reply.categories if category not in touched]


def answers(gathered: Gathered, decision: Decision) -> dict[str, str]:
    """What has come so far of each asked category, with this answer: `given`, `partly`, or a refusal's reason.

    Partly: something was given and the rest refused, whichever came first. Of refusals the last word counts.
    """
    message, reply = gathered.message, gathered.reply
    if reply is None or not isinstance(message, Refusal | WithItems):
        return {}
    if isinstance(message, Refusal):
        now = {category.value: message.body.reason.value for category in message.body.categories}
    else:
        now = dict.fromkeys(_given(message, decision), GIVEN)
    told = {**reply.answers, **now}
    for category in now.keys() & reply.answers.keys():
        if reply.answers[category] == PARTLY or (now[category] == GIVEN) != (reply.answers[category] == GIVEN):
            told[category] = PARTLY
    return {category: told[category] for category in reply.categories if category in told}


def _given(message: WithItems, decision: Decision) -> set[str]:
    return {item.category.value for index, item in enumerate(message.body.items) if index in decision.released}
