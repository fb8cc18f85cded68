"""Which matters a message opens."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from broker.authorities import ANONYMOUS
from broker.deadlines.clocks import Length, Times, day_numbered, day_of, end_of, start_of
from broker.deadlines.deadline import CLOSED, Clock, Event, Matter, derive_id, linkable
from broker.deadlines.escalation import schedule
from broker.deadlines.transitions import decided_day, decides, of_condition, opens, removal_time, settles
from broker.model.vocabulary import ActionType, ConditionEvent, InquiryStatus, Outcome, Urgency

Json = Mapping[str, Any]


def open_matters(event: Event, times: Times, known: Iterable[Matter] = ()) -> tuple[Matter, ...]:
    """The matters that an event opens and that are not among the known ones.

    `known` are the matters that `sought` names, as they were before the event: feedback, inquiry and preservation
    follow from an earlier matter, and a concern that has been notified already opens none.
    """
    known = tuple(known)
    if not (event.forwarded or _is_to_be_completed(event)):
        return ()
    openers = (_of_its_kind, _delivery, _await_registration)
    there = {matter.id for matter in known}
    matters = chain.from_iterable(opener(event, times, known) for opener in openers)
    new = {matter.id: matter for matter in matters if matter.id not in there}
    return tuple(schedule(matter, times) for matter in new.values())


def _of_its_kind(event: Event, times: Times, known: tuple[Matter, ...]) -> Iterator[Matter]:
    """What only this kind of message opens."""
    if opener := _OPENERS.get(event.kind):
        yield from opener(event, times, known)


def _delivery(event: Event, times: Times, _: tuple[Matter, ...]) -> Iterator[Matter]:
    """Whatever goes to somebody else is opened there by a person, the sooner the more urgent."""
    if not event.to_be_seen:
        return
    at_once = not times.at_once.isdisjoint((event.kind, *event.grounds))
    immediate = event.stated.get("urgency") == Urgency.IMMEDIATE or bool(event.stated.get("immediate"))
    soon = at_once or event.stated.get("urgency") == Urgency.URGENT
    name = "opened_immediate" if immediate else "opened_soon" if soon else Clock.OPENED
    term = times.term(name, event.time)
    if term is not None:
        parties = _parties(event)
        if event.sender == ANONYMOUS:
            parties |= {"asker": None, "asker_unit": None}
        span = event.time, term.length.end(event.time)
        yield _matter(
            Clock.OPENED, event, parties, span, term.ref, kind=event.kind, lasting=at_once, immediate=immediate
        )


def _await_registration(event: Event, times: Times, known: tuple[Matter, ...]) -> Iterator[Matter]:
    """What has been opened is registered."""
    term = times.term(Clock.REGISTERED, event.time)
    for matter in known:
        waits = matter.clock is Clock.OPENED and matter.state not in CLOSED
        if term and waits and opens(event, matter) and not settles(event, matter):
            span = event.time, term.length.end(event.time)
            same = {"kind": matter.kind, "lasting": matter.lasting, "immediate": matter.immediate}
            yield _matter(Clock.REGISTERED, event, _as_in(matter) | same, span, term.ref, since=matter.started)


def _request(event: Event, times: Times, _: tuple[Matter, ...]) -> Iterator[Matter]:
    """The asker's own deadline goes before the term of the urgency, unless it had passed when it was set."""
    term = times.term(f"answer_{event.stated['urgency']}", event.time)
    due = term.length.end(event.time) if term else None
    ref = term.ref if term else None
    if event.deadline is not None and event.deadline > event.time:
        due, ref = event.deadline, None
    if due is not None:
        asked = event.categories
        yield _matter(Clock.ANSWER, event, _parties(event), (event.time, due), ref, asked=asked, remaining=asked)


def _notification(event: Event, times: Times, _: tuple[Matter, ...]) -> Iterator[Matter]:
    """Assessed at once and decided on in time, whoever notifies; feedback only to a mandated one who has a name."""
    sent, anonymous = _parties(event), bool(event.stated["anonymous"])
    if anonymous:
        sent |= {"asker": None, "asker_unit": None}
    wants = bool(event.stated["feedback_requested"]) and not anonymous and not times.mandated.isdisjoint(event.grounds)
    yield from _by_term(Clock.PROTECTION, event, times, sent)
    yield from _by_term(Clock.DECISION, event, times, sent, feedback=wants)


def _decision(event: Event, times: Times, known: tuple[Matter, ...]) -> Iterator[Matter]:
    for matter in known:
        if matter.clock is Clock.DECISION and decides(event, matter):
            if matter.feedback:
                yield from _feedback(event, times, matter)
            if event.stated["status"] == InquiryStatus.OPENED and matter.message == event.in_reply_to:
                yield from _inquiry(event, times, matter)


def _feedback(event: Event, times: Times, decision: Matter) -> Iterator[Matter]:
    """A week from the decision; at once where an inquiry ran already, or the request came after the decision."""
    day = decided_day(event)
    at_once = event.stated["status"] == InquiryStatus.RUNNING or day < day_of(decision.started)
    term = times.term("feedback_at_once" if at_once else "feedback", event.time)
    if term is not None:
        due = term.length.end(event.time) if at_once else term.length.end_from(day)
        yield _matter(Clock.FEEDBACK, event, _as_in(decision), (event.time, due), term.ref, since=decision.started)


def _inquiry(event: Event, times: Times, decision: Matter) -> Iterator[Matter]:
    """One for the child and the day: three notifications may be answered by one decision, sent three times."""
    term, day = times.term(Clock.INQUIRY, event.time), decided_day(event)
    if term is not None:
        nobody_waits = _as_in(decision) | {"asker": None, "asker_unit": None}
        named = (decision.holder, decision.about) if decision.about else None
        span = start_of(day), term.length.end_from(day)
        yield _matter(Clock.INQUIRY, event, nobody_waits, span, term.ref, named=named)


def _action(event: Event, times: Times, known: tuple[Matter, ...]) -> Iterator[Matter]:
    if event.stated["action"] == ActionType.ORDER:
        yield from _by_term(Clock.EFFECT, event, times, _parties(event))
    for order in known:
        removed, term = removal_time(event, order), times.term(Clock.PRESERVATION, event.time)
        if removed is not None and term is not None:
            span = removed, term.length.end(removed)
            yield _matter(Clock.PRESERVATION, event, _as_in(order), span, term.ref, since=order.started)


def _conversation(event: Event, times: Times, known: tuple[Matter, ...]) -> Iterator[Matter]:
    """Only for a child with a token: without one nobody could tell that the concern has been notified."""
    term, about = times.term(Clock.CONCERN, event.time), linkable(event.about)
    if term is None or about is None or not event.stated["concern_met"]:
        return
    if not any(_has_notified(matter, event, about, term.length) for matter in known):
        waits = {"asker": event.recipient, "asker_unit": event.recipient_unit}
        acts = {"holder": event.sender, "holder_unit": event.sender_unit}
        yield from _by_term(Clock.CONCERN, event, times, _parties(event) | waits | acts)


def _has_notified(matter: Matter, event: Event, about: str, at_once: Length) -> bool:
    """Did the same authority notify the same child just before: is the talk told of only afterwards?"""
    same = matter.clock is Clock.DECISION and matter.asker == event.sender and matter.about == about
    return same and at_once.end(matter.started) >= event.time


def _is_to_be_completed(event: Event) -> bool:
    """A notice of a condition that waits for its sender: the police have to be told at once all the same."""
    return event.kind == "ConditionNotice" and event.outcome == Outcome.REFER


def _condition(event: Event, times: Times, known: tuple[Matter, ...]) -> Iterator[Matter]:
    """Of one that went out and has a last day, the word that it has ended; of one that did not, the whole notice."""
    about, until = linkable(event.about), event.stated["valid_until"]
    ours = {"holder": event.sender, "holder_unit": event.sender_unit}
    if not event.forwarded:
        if about is not None:
            yield from _by_term(
                Clock.CONDITION, event, times, _parties(event) | ours | {"asker": None, "asker_unit": None}
            )
        return
    term = times.term(Clock.CONDITION_END, event.time)
    if event.stated["event"] not in _GOES_ON or until is None or term is None or _runs(known, event):
        return
    day = day_numbered(until)
    start = {"message": event.condition or event.id, "asker": event.recipient, "asker_unit": event.recipient_unit}
    span = end_of(day), term.length.end_from(day)
    yield _matter(Clock.CONDITION_END, event, _parties(event) | ours | start, span, term.ref, since=event.time)


_GOES_ON = (ConditionEvent.START, ConditionEvent.CHANGED)


def _runs(known: tuple[Matter, ...], event: Event) -> bool:
    """Is the end of the condition waited for already? Then the change has moved it."""
    return any(of_condition(matter, event) for matter in known)


_OPENERS: dict[str, Callable[[Event, Times, tuple[Matter, ...]], Iterator[Matter]]] = {
    "InformationRequest": _request,
    "ConcernNotification": _notification,
    "ConcernDecision": _decision,
    "ChannelAction": _action,
    "GuardianConversation": _conversation,
    "ConditionNotice": _condition,
}


def _by_term(clock: Clock, event: Event, times: Times, parties: Json, **more: Any) -> Iterator[Matter]:
    """A matter that runs from the message itself, where its term is in force."""
    term = times.term(clock, event.time)
    if term is not None:
        yield _matter(clock, event, parties, (event.time, term.length.end(event.time)), term.ref, **more)


def _matter(
    clock: Clock,
    event: Event,
    parties: Json,
    span: tuple[int, int],
    ref: str | None,
    *,
    since: int | None = None,
    named: tuple[str, ...] | None = None,
    **more: Any,
) -> Matter:
    """A matter over a span of time. Its id is derived from what it is about: by default, the message it hangs on."""
    started, due = span
    names = named or (parties["sender"], parties["message"])
    return Matter(
        id=derive_id(started if since is None else since, "matter", clock, *names),
        clock=clock,
        started=started,
        due=due,
        ref=ref,
        position=event.position,
        changed=event.time,
        **parties,
        **more,
    )


def _parties(event: Event) -> dict[str, Any]:
    """The message, its receiver who must act, and its sender who waits."""
    return {
        "message": event.id,
        "sender": event.sender,
        "holder": event.recipient,
        "holder_unit": event.recipient_unit,
        "asker": event.sender,
        "asker_unit": event.sender_unit,
        "about": linkable(event.about),
    }


def _as_in(earlier: Matter) -> dict[str, Any]:
    """The message and the parties of an earlier matter."""
    names = ("message", "sender", "holder", "holder_unit", "asker", "asker_unit", "about")
    return {name: getattr(earlier, name) for name in names}
