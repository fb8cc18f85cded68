"""Hypothesis strategies for the bodies about concern, community, defection and platforms."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from strategies_of_parts import (
    Json,
    assessments,
    days,
    fields,
    instants,
    list_of,
    members,
    message_ids,
    offences,
    organisations,
    references,
    short_texts,
    subjects,
    texts,
    views,
)

from broker.model.vocabulary import (
    ActionType,
    Circumstance,
    Concern,
    ConditionEvent,
    ConversationOutcome,
    CouncilLevel,
    DefectionOutcome,
    HandedTo,
    InquiryStatus,
    NeedAnswer,
    OrganisationType,
)

locators = st.builds("https://plattform.example/{}".format, st.text(max_size=40))
months = st.integers(0, 999) | st.from_regex(r"[0-9]{1,3}|(19[0-9]{2}|20[01][0-9])-(0[1-9]|1[0-2])", fullmatch=True)
"""A number of months, as a number or as text, or a calendar month."""

NEEDS = ("housing", "income", "debts", "addiction", "health", "occupation", "protected_data", "contact")


@st.composite
def _perhaps_about_someone(
    draw: st.DrawFn, required: dict[str, SearchStrategy[Any]], **optional: SearchStrategy[Any]
) -> Json:
    """A person, an organisation or nobody, and the body's own fields."""
    about: Json = draw(fields({}, subject=subjects()) | fields({}, organisation=organisations))
    return about | draw(fields(required, **optional))


@st.composite
def _custody_handovers(draw: st.DrawFn) -> Json:
    """Taken care of first, handed over after that or not yet."""
    taken, handed = sorted([draw(instants()), draw(instants())], key=dt.datetime.fromisoformat)
    rest = {"subject": subjects(), "place": short_texts, "handed_to": members(HandedTo)}
    some = list_of(members(Circumstance))
    return {"taken_at": taken} | draw(fields(rest, handed_at=st.just(handed), circumstances=some))


@st.composite
def _condition_notices(draw: st.DrawFn) -> Json:
    """The last day is not before the first."""
    first, last = sorted([draw(days), draw(days)])
    contact = {"name": short_texts, "contact": texts}
    return {"event": draw(members(ConditionEvent))} | draw(
        fields(
            {},
            subject=subjects(),
            **contact,
            notice=message_ids(),
            condition=fields({}, text=texts, place=short_texts, times=texts),
            within_youth_care=st.booleans(),
            guardians=list_of(fields({}, subject=subjects(), **contact)),
            in_charge=fields({}, function=short_texts, contact=texts),
            valid_from=st.just(first),
            valid_until=st.just(last),
        )
    )


def _tips() -> SearchStrategy[Json]:
    return _perhaps_about_someone({"text": st.text(min_size=1, max_size=60)}, offence=offences, anonymous=st.booleans())


EXCHANGES: dict[str, SearchStrategy[Json]] = {
    "ConcernNotification": fields(
        {"subject": subjects(), "concerns": list_of(members(Concern), least=1)},
        text=texts,
        immediate=st.booleans(),
        anonymous=st.booleans(),
        feedback_requested=st.booleans(),
        circumstances=list_of(members(Circumstance)),
        assessments=assessments(),
        views=views,
    ),
    "ConcernDecision": fields({"status": members(InquiryStatus), "decided_on": days}),
    "ConcernFeedback": fields(
        {"status": members(InquiryStatus), "decided_on": days}, text=texts, assessments=assessments()
    ),
    "CustodyHandover": _custody_handovers(),
    "GuardianConversation": fields(
        {"subject": subjects(), "held_at": instants()},
        social_services_invited=st.booleans(),
        outcome=members(ConversationOutcome),
        concern_met=st.booleans(),
    ),
    "ConditionNotice": _condition_notices(),
    "Tip": _tips(),
    "OffenceReport": _tips(),
    "SupportEnquiry": _perhaps_about_someone({"topic": short_texts}, text=texts),
    "OrganisationConcern": fields(
        {
            "organisation": organisations,
            "type": members(OrganisationType),
            "concerns": list_of(short_texts, least=1),
        },
        text=texts,
    ),
    "SituationPicture": _perhaps_about_someone(
        {"level": members(CouncilLevel), "period": short_texts},
        counts=list_of(fields({"label": short_texts, "n": st.integers(0, 100_000_000)})),
        text=texts,
    ),
    "MeasureNotice": _perhaps_about_someone(
        {"measure": st.text(min_size=1, max_size=60), "by": short_texts, "period": short_texts}
    ),
    "DefectionReferral": fields(
        {"subject": subjects(), "consent": short_texts},
        threat_assessed=st.booleans(),
        motivated=st.booleans(),
        views=views,
    ),
    "DefectionFollowUp": fields(
        {
            "referral": message_ids(),
            "month": months,
            **dict.fromkeys(NEEDS, members(NeedAnswer)),
            "outcome": members(DefectionOutcome),
        }
    ),
    "ChannelReport": _perhaps_about_someone(
        {"locators": list_of(locators, least=1), "platform": short_texts}, closed_chat=st.booleans(), text=texts
    ),
    "ChannelAction": _perhaps_about_someone(
        {"action": members(ActionType)},
        legal_basis=short_texts,
        reasons=texts,
        provision=references(),
        locators=list_of(locators),
        redress=texts,
        effect_to=short_texts,
        territory=list_of(short_texts) | short_texts,
        language=short_texts,
        notice_delayed_until=instants(later=True),
        link_to_sweden=st.booleans(),
        assessments=assessments(),
        done_at=instants(),
        text=texts,
    ),
}
"""A body of each of these kinds."""
