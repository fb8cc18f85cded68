"""Copies of what messages say: whose each is, with what it belongs together, until when it is kept."""

from collections.abc import Iterator
from datetime import datetime

from broker.kinds import WithItems
from broker.model.days import as_number, swedish_day
from broker.model.decision import Decision, Json, PolicyInput
from broker.model.vocabulary import Outcome
from broker.pipeline.gather import Gathered
from broker.ports.writes import DELIVERY, REDELIVERY, Copy, Effects, InboxLine
from broker.retention import Classes, Side

_AS_ELSEWHERE: Json = {"class": None, "until": None}
"""Of a delivery from before there were classes: as of what is kept of it where it lies."""


def retention(gathered: Gathered, decision: Decision, classes: Classes) -> tuple[Json, Json | None]:
    """Class and day of the sender's copy, and of the recipient's: None where nothing is delivered.

    The recipient's rests on nobody of whom only what was not released tells.
    """
    asked = gathered.message.retention_facts(gathered.asked, gathered.context)
    own = classes.of(asked, Side.SENDER).as_json()
    if decision.outcome != Outcome.FORWARD.value:
        return own, None
    if gathered.way.inbox == gathered.way.sent_from:
        return own, own
    return own, classes.of(_as_delivered(gathered, decision, asked), Side.RECIPIENT).as_json()


def _as_delivered(gathered: Gathered, decision: Decision, asked: PolicyInput) -> PolicyInput:
    message = gathered.message
    if not isinstance(message, WithItems):
        return asked
    items = (item["persons"] for index, item in asked["items"].items() if int(index) in decision.released)
    shown = set(gathered.context.people.concerned_keys(message.subjects())).union(*items)
    return {**asked, "persons": {key: person for key, person in asked["persons"].items() if key in shown}}


def settled(gathered: Gathered, leaf: Json) -> tuple[Copy, ...]:
    """The copies of what a message replies to, where it says until when they are kept."""
    reply = gathered.reply
    if reply is None or not gathered.message.SETTLES:
        return ()
    told, earlier = leaf["receipt"]["retention"], str(gathered.message.in_reply_to)
    holders = dict.fromkeys((gathered.way.sent_from, gathered.sender.id))
    return tuple(Copy(holder, reply.sender, earlier, "", None, told["class"], told["until"]) for holder in holders)


def of(effect: Effects, classes: Classes) -> Iterator[Copy]:
    """Every copy that an input leaves: its sender's, each recipient's, and of the broker's own notices."""
    leaf = effect.leaf
    own = leaf["receipt"].get("retention")
    holder = None
    for line in effect.inbox:
        if line.type in (DELIVERY, REDELIVERY):
            yield _of_delivery(line, leaf)
        elif line.type == "receipt" and own:
            holder = line.authority
        elif line.type == "notice":
            yield _of_notice(line, leaf, classes)
    if effect.outbox is not None and own:
        sender, message, _ = effect.outbox
        case, follows = leaf["case"] or message, leaf["in_reply_to"]
        yield Copy(holder or sender, sender, message, case, follows, own["class"], own["until"])


def _of_delivery(line: InboxLine, leaf: Json) -> Copy:
    """What is given out again belongs where it lay; what is handed on to another, to a case of that one's."""
    sender, message, is_first = line.sender or "", line.message or "", line.type == DELIVERY
    case = f"{sender}/{(leaf['case'] if is_first else None) or message}"
    follows = leaf["in_reply_to"] if is_first else message
    told = line.content.get("retention") or _AS_ELSEWHERE
    return Copy(line.authority, sender, message, case, follows, told["class"], told["until"])


def _of_notice(line: InboxLine, leaf: Json, classes: Classes) -> Copy:
    """A notice belongs to what it tells of, where its reader has that."""
    content, id_ = line.content, line.message or ""
    day, nobody = as_number(swedish_day(datetime.fromisoformat(leaf["time"]))), {"unit": None, "kinds": ()}
    asked = {"kind": "", "day": day, "persons": {}, Side.SENDER.value: nobody, Side.RECIPIENT.value: nobody}
    told = classes.of(asked, Side.RECIPIENT).as_json()
    about = content.get("message") or next(iter(content.get("messages", ())), None)
    return Copy(line.authority, "", id_, id_, about, told["class"], told["until"])
