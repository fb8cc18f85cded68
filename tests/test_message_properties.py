"""What holds of every message without items that is no request, whatever it states: through the engine in process, on
shared cases with some of their facts changed."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy_inputs import AGAINST_WHEN_TRUE, TESTS, copy, others
from test_policy_properties import GROUNDS, decided

from broker.model.decision import Decision, PolicyInput
from broker.ports.policy import EngineError

RANK = {"quarantine": 0, "withhold": 0, "refer": 1, "forward": 2}
ON_A_GROUND = {
    *("ConcernNotification", "ConcernFeedback", "CustodyHandover", "GuardianConversation"),
    *("ConditionNotice", "SituationPicture", "MeasureNotice", "DefectionReferral", "DefectionFollowUp"),
}
AT_ONCE = {"ConcernNotification", "ConditionNotice", "DefectionFollowUp"}
"""Kinds that wait for no menprövning: the law says "genast", or the referral that is followed up asked for it."""
ORDER = {"legal_basis", "reasons", "provision", "locators", "redress", "effect_to", "territory", "language"}
"""Article 9.2 of the DSA, as the contract names its fields."""

told = others(GROUNDS)
often = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def rank(decision: Decision) -> int:
    """How far the verdict goes."""
    return RANK[decision.outcome]


def people(asked: PolicyInput) -> list[Any]:
    """Whom the message concerns."""
    return [asked["persons"][key] for item in asked["items"].values() for key in item["persons"]]


def grown(asked: PolicyInput) -> bool:
    """Whether somebody in it is 18 or older."""
    return any(person["age"] is not None and person["age"] >= 18 for person in people(asked))


def outside(asked: PolicyInput) -> bool:
    """Whether it is no reply."""
    return not asked["in_reply_to_request"]


def not_to_police(asked: PolicyInput) -> bool:
    """Whether it goes to another than Polismyndigheten."""
    return asked["recipient"]["authority"] != "polismyndigheten"


def personal(asked: PolicyInput) -> bool:
    """Whether it tells of a person, or does not say."""
    return bool(asked.get("stated", {}).get("personal_data", True))


def unready(asked: PolicyInput) -> bool:
    """A referral that lacks threat, motivation or any consent, or goes to neither coordinator nor social board."""
    stated = asked.get("stated", {})
    consents = [consent for person in people(asked) for consent in person["consents"]]
    ready = stated.get("threat_assessed") and stated.get("motivated") and consents
    return not ready or asked["recipient"]["unit"] not in ("defection_coordinator", "social_services")


def unfollowed(asked: PolicyInput) -> bool:
    """A follow-up of another's referral; or one that is told to another without the referral's consent."""
    kept = asked["sender"]["id"] == asked["recipient"]["id"]
    consents = [consent for person in people(asked) for consent in person["consents"]]
    return not asked["refers_to_own"] or not (kept or consents)


def unlawful_order(asked: PolicyInput) -> bool:
    """An order before the law, to no platform, without a field or without a link to Sweden."""
    stated = asked.get("stated", {})
    if stated.get("action") != "order":
        return False
    complete = set(stated["given"]) >= ORDER and stated["link_to_sweden"] is True
    return not complete or asked["day"] < 20260715 or "digital_platform" not in asked["recipient"]["kinds"]


def to_no_municipality(asked: PolicyInput) -> bool:
    """Whether the recipient is no municipality."""
    return "municipality" not in asked["recipient"]["kinds"]


CLOSED: dict[str, Callable[[PolicyInput], bool]] = {
    "ConcernNotification": lambda asked: asked["day"] >= 20250701 and (grown(asked) or to_no_municipality(asked)),
    "ConcernFeedback": lambda asked: outside(asked) or "public_intake" in asked["recipient"]["kinds"],
    "ConcernDecision": lambda asked: outside(asked) or asked["recipient"]["id"] != asked["sender"]["id"],
    "CustodyHandover": lambda asked: grown(asked) or asked["sender"]["authority"] != "polismyndigheten",
    "ConditionNotice": lambda asked: not_to_police(asked) or asked["day"] < 20270102 or asked["refers_to_own"] is False,
    "GuardianConversation": lambda asked: grown(asked) or asked["sender"]["authority"] != "polismyndigheten",
    **dict.fromkeys(("Tip", "OffenceReport", "ChannelReport"), not_to_police),
    "SupportEnquiry": to_no_municipality,
    **dict.fromkeys(("SituationPicture", "MeasureNotice"), personal),
    "DefectionReferral": unready,
    "DefectionFollowUp": unfollowed,
    "ChannelAction": unlawful_order,
    **dict.fromkeys(("Refusal", "Clarification", "Interim"), outside),
}
"""What stops a kind and no answer opens, read from the contract and the statutes and not from the rules."""


@often
@given(told)
def test_nothing_is_forwarded_that_something_closes(asked: PolicyInput) -> None:
    (decision,) = decided(asked)
    closes = CLOSED.get(asked["kind"])
    assert rank(decision) == 0 or closes is None or not closes(asked)


@often
@given(told)
def test_what_rests_on_a_ground_is_forwarded_only_on_one(asked: PolicyInput) -> None:
    (decision,) = decided(asked)
    order = asked["kind"] == "ChannelAction" and asked.get("stated", {}).get("action") == "order"
    assert decision.items == ()
    if decision.outcome == "forward":
        kept = asked["kind"] == "DefectionFollowUp" and asked["sender"]["id"] == asked["recipient"]["id"]
        assert bool(decision.grounds) == (order or (asked["kind"] in ON_A_GROUND and not kept))
    else:
        assert decision.grounds == ()


@often
@given(told)
def test_each_outcome_says_what_belongs_to_it(asked: PolicyInput) -> None:
    (decision,) = decided(asked)
    assert decision.outcome == "refer" or decision.asks == ()
    assert decision.outcome == "forward" or (decision.cuts == () and decision.appeal is None)
    assert decision.partial == bool(decision.cuts)
    assert bool(decision.bars) == (decision.outcome in ("withhold", "refer") or decision.partial)
    assert all(bar["items"] == [] for bar in decision.bars)


@often
@given(told)
def test_order_and_repetition_decide_nothing(asked: PolicyInput) -> None:
    turned = copy(asked)
    for item in turned["items"].values():
        item["persons"] = item["persons"][::-1]
    for person in turned["persons"].values():
        person["consents"] = person["consents"][::-1] * 2
    turned["agreements"] = turned["agreements"][::-1] * 2
    for name in {"given", "concerns", "categories"} & set(turned.get("stated", {})):
        turned["stated"][name] = turned["stated"][name][::-1] * 2
    before, after = decided(asked, turned)
    assert before == after


@often
@given(told, told)
def test_messages_are_decided_each_by_itself(asked: PolicyInput, other: PolicyInput) -> None:
    together, _ = decided(asked, other)
    assert decided(asked) == [together]


@often
@given(told)
def test_a_flag_that_is_not_stated_forwards_nothing_more(asked: PolicyInput) -> None:
    """A kind that has flags has no answer without them; one that has none loses nothing."""
    silent = copy(asked)
    if silent.pop("stated", None) is None:
        assert decided(silent) == decided(asked)
    else:
        with pytest.raises(EngineError):
            decided(silent)


@often
@given(told)
def test_an_age_that_is_not_known_forwards_nothing_more(asked: PolicyInput) -> None:
    """But for a presumption, which counts only where the age is not known."""
    asked["circumstances"] = [name for name in asked["circumstances"] if name != "presumed_under_18"]
    unknown = copy(asked)
    for person in people(unknown):
        person["age"] = None
    before, after = decided(asked, unknown)
    assert before.outcome == "forward" or after.outcome != "forward"


@often
@given(told)
def test_a_protected_identity_opens_nothing(asked: PolicyInput) -> None:
    marked = copy(asked)
    for person in people(marked):
        person["protected"] = True
    before, after = decided(asked, marked)
    assert rank(after) <= rank(before)
    harm = {answer for item in marked["items"].values() for answer in item["answers"].get("harm", {}).values()}
    kept = asked["sender"]["id"] == asked["recipient"]["id"]
    on_a_ground = asked["kind"] in ON_A_GROUND - AT_ONCE and people(marked) and not kept
    assert not on_a_ground or after.outcome != "forward" or False in harm


@often
@given(told, st.sampled_from(TESTS))
def test_an_answer_for_it_never_makes_it_worse_than_one_against(asked: PolicyInput, test: str) -> None:
    if asked["kind"] == "Refusal":  # a test answered for release speaks against refusing
        return
    against, unanswered, favourable = copy(asked), copy(asked), copy(asked)
    for one, answer in ((against, test in AGAINST_WHEN_TRUE), (favourable, test not in AGAINST_WHEN_TRUE)):
        for item in one["items"].values():
            item["answers"][test] = {"*": answer}
    for item in unanswered["items"].values():
        item["answers"].pop(test, None)
    worst, middle, best = decided(against, unanswered, favourable)
    assert rank(worst) <= rank(middle) <= rank(best)


@often
@given(told)
def test_a_refusal_that_a_duty_reaches_stands_only_on_its_test(asked: PolicyInput) -> None:
    if asked["kind"] == "Refusal":
        silent = copy(asked)
        for item in silent["items"].values():
            item["answers"] = {}
        before, after = decided(asked, silent)
        assert before.outcome == "forward" or after.outcome != "forward"
        bars = {bar["id"] for bar in after.bars}
        assert after.outcome != "refer" or after.asks or bars & {"refusal_unfounded", "personal_data"}
