"""What a message does to a matter that runs: pauses it, lets it go on, answers it, refuses it, ends it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from broker.deadlines.clocks import LAST, Times, day_numbered, day_of, end_of, seconds
from broker.deadlines.deadline import CLOSED, Clock, Event, Matter, State, linkable
from broker.deadlines.escalation import schedule
from broker.model.vocabulary import ActionType, ConditionEvent, InquiryStatus, Outcome, SeenState

_CONCERN = "ConcernNotification"
_ANSWERS = frozenset({"Disclosure", "CaseSharing", "CouncilReferral"})
_RECALLABLE = frozenset(
    {Clock.ANSWER, Clock.EFFECT, Clock.CONCERN, Clock.CONDITION_END, Clock.OPENED, Clock.REGISTERED}
)
"""A notification of concern that is taken back has still come in: its clocks go on."""


_THROUGH_PERSON = {
    "ConcernNotification": (Clock.CONCERN, Clock.OPENED, Clock.REGISTERED),
    "ConcernDecision": (Clock.PROTECTION, Clock.DECISION, Clock.INQUIRY, Clock.OPENED, Clock.REGISTERED),
    "GuardianConversation": (Clock.DECISION,),
    "ConditionNotice": (Clock.CONDITION, Clock.CONDITION_END),
}
"""The matters that a message touches, or looks at, because they are about the same person."""


_LINKED_WHILE_OPEN = frozenset({Clock.PROTECTION, Clock.CONCERN, Clock.CONDITION, Clock.CONDITION_END})


class Sought(NamedTuple):
    """Which matters an event may touch: those on one of the messages, and those with one of the links."""

    messages: frozenset[str]
    links: frozenset[str]

    def names(self, matter: Matter) -> bool:
        """Whether it is one of them."""
        return matter.message in self.messages or link_of(matter) in self.links


def sought(event: Event) -> Sought:
    """What to look up before an event is applied. More may be given: what it does not touch comes back as it was."""
    named = (event.id, event.in_reply_to, event.recalls, event.condition, event.acknowledges)
    links: set[str] = set()
    about = linkable(event.about)
    if about is not None and event.forwarded:
        links = {_link(clock, about) for clock in _THROUGH_PERSON.get(event.kind, ())}
        links.add(_link(Clock.ANSWER, event.sender, event.recipient, about))
    return Sought(frozenset(name for name in named if name), frozenset(links))


def link_of(matter: Matter) -> str | None:
    """By what a message on the same person finds a matter; None: as it stands now, none does.

    As few as can be: many may ask for the same person, and a request that is not paused is touched by its answers
    alone. A settled decision is looked at by the talk that is told of afterwards.
    """
    if matter.about is None:
        return None
    if matter.clock is Clock.ANSWER:
        waits_for_asker = matter.paused_since is not None
        return _link(matter.clock, matter.asker or "", matter.holder, matter.about) if waits_for_asker else None
    if matter.clock in (Clock.DECISION, Clock.INQUIRY):
        return _link(matter.clock, matter.about)
    is_open = (matter.clock in _LINKED_WHILE_OPEN or matter.kind == _CONCERN) and matter.state not in CLOSED
    return _link(matter.clock, matter.about) if is_open else None


def _link(*names: str) -> str:
    return "/".join(names)


def advance(matter: Matter, event: Event, times: Times) -> Matter:
    """The matter after an event; the very same one when the event is not about it, or has been taken in before."""
    if event.position <= matter.position:
        return matter
    touch = _TOUCHES.get(matter.clock)
    changed = _recall(matter, event) or (touch(matter, event, times) if touch else None)
    if changed is None:
        return matter
    return schedule(changed._replace(position=event.position, changed=event.time), times)


def decides(event: Event, matter: Matter) -> bool:
    """Is this the board's decision on the matter's notification?

    An inquiry that is opened, or runs, settles every notification of the child that waits: none needs a decision of
    its own. One not to open settles only the notification that it answers.
    """
    if event.kind != "ConcernDecision" or not event.forwarded or event.sender != matter.holder:
        return False
    if event.in_reply_to == matter.message:
        return True
    inquiry = event.stated["status"] in (InquiryStatus.OPENED, InquiryStatus.RUNNING)
    return inquiry and matter.state not in CLOSED and _same_person(matter, event)


def decided_day(event: Event) -> date:
    """The day of a decision as stated, never after the day on which it is told."""
    return min(day_numbered(event.stated["decided_on"]), day_of(event.time))


def removal_time(event: Event, order: Matter) -> int | None:
    """When a platform removed what it was ordered to, if this tells it; never before the order or after the report."""
    if order.clock is not Clock.EFFECT or order.state is State.RECALLED:
        return None
    reports = event.kind == "ChannelAction" and event.stated["action"] == ActionType.EFFECT
    if not reports or not _replies(order, event) or event.stated["done_at"] is None:
        return None
    done = seconds(datetime.fromisoformat(event.stated["done_at"]))
    return max(order.started, min(done, event.time))


def _replies(matter: Matter, event: Event) -> bool:
    """Does the holder answer the asker on the matter's message, and is it delivered?"""
    return event.forwarded and _is_from_holder(matter, event)


def _is_from_holder(matter: Matter, event: Event) -> bool:
    return (event.sender, event.recipient, event.in_reply_to) == (matter.holder, matter.asker, matter.message)


def _same_person(matter: Matter, event: Event) -> bool:
    return matter.about is not None and matter.about == linkable(event.about)


def _close(matter: Matter, state: State, at: int) -> Matter:
    return matter._replace(state=state, closed=at)


def _recall(matter: Matter, event: Event) -> Matter | None:
    """A recall of the message by its sender."""
    own = (event.kind, event.sender, event.recalls) == ("Recall", matter.sender, matter.message)
    if not own or not event.forwarded or matter.clock not in _RECALLABLE or matter.state in CLOSED:
        return None
    return _close(_resume(matter, event.time), State.RECALLED, event.time)


def acknowledges(event: Event, matter: Matter, *states: SeenState) -> bool:
    """Does the holder say one of these of the delivery that the matter hangs on?"""
    own = (event.acknowledges, event.sender, event.recipient) == (matter.message, matter.holder, matter.sender)
    return own and event.forwarded and event.stated["state"] in states


# --- what is seen


def opens(event: Event, matter: Matter) -> bool:
    """Does a person at the holder's show by this that the delivery has been opened?"""
    if acknowledges(event, matter, SeenState.OPENED, SeenState.REGISTERED, SeenState.NOT_FOR_US):
        return True
    by_holder = (event.sender, event.in_reply_to) == (matter.holder, matter.message)
    other_desk = matter.sender == matter.holder and event.sender_unit != matter.holder_unit
    return by_holder and event.by_person and not other_desk


def settles(event: Event, matter: Matter) -> bool:
    """Is the delivery registered or dealt with: answered, decided on, passed on, or somebody else's to care for?"""
    if acknowledges(event, matter, SeenState.REGISTERED):
        return True
    if acknowledges(event, matter, SeenState.NOT_FOR_US):
        return not matter.lasting
    if event.sender != matter.holder or not event.forwarded:
        return False
    answered = event.kind in (*_ANSWERS, "Refusal") and event.in_reply_to == matter.message
    if matter.kind != _CONCERN:
        return answered
    passed_on = event.kind == _CONCERN and _same_person(matter, event)
    return passed_on or decides(event, matter)


def _open(matter: Matter, event: Event, _: Times) -> Matter | None:
    if matter.state in CLOSED:
        return None
    if opens(event, matter) or settles(event, matter):
        return _close(matter, State.DONE, event.time)
    return _hand_over(matter, event)


def _register(matter: Matter, event: Event, _: Times) -> Matter | None:
    if matter.state in CLOSED:
        return None
    if not settles(event, matter):
        return _hand_over(matter, event)
    elsewhere = acknowledges(event, matter, SeenState.NOT_FOR_US)
    return _close(matter, State.NOT_FOR_US if elsewhere else State.DONE, event.time)


def _hand_over(matter: Matter, event: Event) -> Matter | None:
    """Another unit has it now, and no more time."""
    if event.unit is None or not acknowledges(event, matter, SeenState.HANDED_OVER):
        return None
    return matter._replace(holder_unit=event.unit)


# --- an answer


def _answer(matter: Matter, event: Event, times: Times) -> Matter | None:
    if matter.state in CLOSED:
        return _reconsider(matter, event)
    if acknowledges(event, matter, SeenState.NOT_FOR_US):  # it may be asked elsewhere: nobody refuses it
        return _close(_resume(matter, event.time), State.NOT_FOR_US, event.time)
    if _replies(matter, event):
        return _from_holder(matter, event, times)
    if _is_heard(matter, event) and matter.paused_since is not None:
        return _resume(matter, event.time)
    return None


def _is_heard(matter: Matter, event: Event) -> bool:
    """Does the asker send the holder anything on the same person, or reply?"""
    on_it = _same_person(matter, event) or event.in_reply_to in (matter.message, matter.question)
    return event.forwarded and on_it and (event.sender, event.recipient) == (matter.asker, matter.holder)


def _from_holder(matter: Matter, event: Event, times: Times) -> Matter | None:
    if event.kind == "Clarification":
        return _pause(matter, event)
    if event.kind == "Interim":
        return _waiting(matter, event, times)
    if event.kind == "Refusal":
        return _settle(matter, event, frozenset(event.categories), gives=False)
    if event.kind in _ANSWERS:
        return _settle(matter, event, _given_categories(matter, event), gives=True)
    return None


def _given_categories(matter: Matter, event: Event) -> frozenset[str]:
    return frozenset(matter.asked) - frozenset(event.unanswered)


def _reconsider(matter: Matter, event: Event) -> Matter | None:
    """What was refused is given after all."""
    gives = event.kind in _ANSWERS and _replies(matter, event) and _given_categories(matter, event)
    return matter._replace(state=State.ANSWERED, given=True) if gives and matter.state is State.REFUSED else None


def _pause(matter: Matter, event: Event) -> Matter | None:
    """A second question does not start the pause anew."""
    if matter.paused_since is not None:
        return None
    paused = matter._replace(state=State.PAUSED, before=matter.state, paused_since=event.time)
    return paused._replace(question=event.id, prompted=False)


def _resume(matter: Matter, at: int) -> Matter:
    """Goes on, with the due time moved by the pause; a time before the pause moves nothing."""
    if matter.paused_since is None:
        return matter
    length = max(0, at - matter.paused_since)
    return matter._replace(
        state=matter.before or State.OPEN,
        before=None,
        paused_since=None,
        paused=matter.paused + length,
        due=min(matter.due + length, max(matter.due, LAST)),
    )


def _waiting(matter: Matter, event: Event, times: Times) -> Matter:
    """An interim answer: the day that it expects keeps notices away for a while, the due time stays."""
    changed = matter
    if event.expected is not None and event.expected > event.time:
        most = times.term("interim", event.time)
        expected = min(event.expected, most.length.end(event.time)) if most else event.expected
        changed = changed._replace(quiet_until=expected)
    if matter.paused_since is not None:
        return changed._replace(before=State.INTERIM if matter.before is State.OPEN else matter.before)
    return changed._replace(state=State.INTERIM if matter.state is State.OPEN else matter.state)


def _settle(matter: Matter, event: Event, categories: frozenset[str], *, gives: bool) -> Matter | None:
    """Some categories are given, or refused. Settled when none is left: refused only where nothing was ever given."""
    remaining = tuple(category for category in matter.remaining if category not in categories)
    if remaining == matter.remaining:
        return None
    going = _resume(matter, event.time)._replace(remaining=remaining, given=matter.given or gives)
    if remaining:
        return going._replace(state=State.PARTLY_ANSWERED)
    return _close(going, State.ANSWERED if going.given else State.REFUSED, event.time)


# --- a notification of concern


def _decision(matter: Matter, event: Event, _: Times) -> Matter | None:
    """Decided, or told of as decided. A decision has overtaken the protection assessment too."""
    feedback = _is_told(matter, event)
    if matter.state in CLOSED or not (decides(event, matter) or (feedback and event.forwarded)):
        return matter._replace(feedback=False) if feedback and matter.feedback else None
    at = max(matter.started, min(end_of(decided_day(event)), event.time))  # the day of the decision, not of the telling
    return _close(matter, State.DONE, at)._replace(feedback=matter.feedback and not feedback)


def _is_told(matter: Matter, event: Event) -> bool:
    """Feedback to the reporter, or its withholding: so the board records that telling is unsuitable."""
    decided = event.forwarded or event.outcome == Outcome.WITHHOLD
    return event.kind == "ConcernFeedback" and decided and _is_from_holder(matter, event)


def _feedback(matter: Matter, event: Event, _: Times) -> Matter | None:
    if matter.state in CLOSED or not _is_told(matter, event):
        return None
    return _close(matter, State.DONE if event.forwarded else State.REFUSED, event.time)


# --- the others


def _effect(matter: Matter, event: Event, _: Times) -> Matter | None:
    removed = removal_time(event, matter) if matter.state not in CLOSED else None
    return _close(matter, State.DONE, removed) if removed is not None else None


def _concern(matter: Matter, event: Event, _: Times) -> Matter | None:
    notifies = event.kind == "ConcernNotification" and event.forwarded and event.sender == matter.holder
    if not notifies or matter.state in CLOSED or not _same_person(matter, event):
        return None
    return _close(matter, State.DONE, event.time)


def of_condition(matter: Matter, event: Event) -> bool:
    """Is this notice of the condition whose end its board is waited for: by its start, or by the person?"""
    ours = event.kind == "ConditionNotice" and event.forwarded and event.sender == matter.holder
    if matter.clock is not Clock.CONDITION_END or not ours or event.id == matter.message:
        return False
    if event.condition is not None:
        return event.condition == matter.message
    return event.stated["event"] != ConditionEvent.START and _same_person(matter, event)


def _condition(matter: Matter, event: Event, _: Times) -> Matter | None:
    """Completed: a notice on the same person has gone out."""
    sent = event.kind == "ConditionNotice" and event.forwarded and event.sender == matter.holder
    if not sent or matter.state in CLOSED or not _same_person(matter, event):
        return None
    return _close(matter, State.DONE, event.time)


def _condition_end(matter: Matter, event: Event, times: Times) -> Matter | None:
    """Told of as ended; or changed, and its last day with it."""
    if matter.state in CLOSED or not of_condition(matter, event):
        return None
    if event.stated["event"] == ConditionEvent.ENDED:
        return _close(matter, State.DONE, event.time)
    until, term = event.stated["valid_until"], times.term(matter.clock, event.time)
    if event.stated["event"] != ConditionEvent.CHANGED or until is None or term is None:
        return None
    day = day_numbered(until)
    return matter._replace(started=end_of(day), due=term.length.end_from(day), step=0)


_TOUCHES: dict[Clock, Callable[[Matter, Event, Times], Matter | None]] = {
    Clock.ANSWER: _answer,
    Clock.PROTECTION: _decision,
    Clock.DECISION: _decision,
    Clock.FEEDBACK: _feedback,
    Clock.EFFECT: _effect,
    Clock.CONCERN: _concern,
    Clock.CONDITION: _condition,
    Clock.CONDITION_END: _condition_end,
    Clock.OPENED: _open,
    Clock.REGISTERED: _register,
}
"""Inquiry and preservation end by time alone."""
