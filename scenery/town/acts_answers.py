"""Eighth story, a request in all its answers: withheld, not held, cannot say are three.

Refusals with and without provision and test (OSL 6:7-8), partial answers, corrections and recalls.
"""

from dataclasses import replace
from typing import Any

from scenery.town.acts_school import POLICE, SCHOOL_CASE
from scenery.town.people import ADAM, LEO
from scenery.town.places import CRIME_UNIT, TALLKOTTEN, Desk, Route, state
from scenery.town.writing import Json, Town, goes_back, judgements, piece, refer, release, stays, withhold

ANSWER = TALLKOTTEN.to(POLICE)
DUTY = "s170_7_request"
OWN = judgements("rektor", overriding_reasons=True, reason="Berättat för kuratorn i förtroende.")


def refusal(
    town: Town,
    why: str,
    at: str,
    route: Route,
    asked: str | None,
    *,
    categories: list[str],
    reason: str,
    more: Json | None = None,
    **expected: Any,
) -> str:
    """A refusal of categories of a request; `more` are further fields of its body. Gives its id."""
    body = {"categories": categories, "reason": reason, **(more or {})}
    return town.other("Refusal", why, at, route, body, in_reply_to=asked, **expected)


def school_answers(town: Town) -> None:
    """Category by category: a part is given, a part withheld, a part is not there, and of a part nobody can say."""
    asked = town.request(
        "The police ask the school about the boy of twelve; the request is secret, and nobody may be told of it yet.",
        "2026-10-06T06:30:00Z",
        replace(POLICE, officer="syd-4417").to(TALLKOTTEN),
        LEO,
        purpose="prevent",
        need="Flera uppgifter talar för att en elev används som bud. Polisen behöver veta när han är i skolan.",
        categories=["school_attendance", "school_support", "school_incident", "vehicle", "network"],
        basis=[DUTY],
        case="SYD-2026-0446",
        urgency="urgent",
        secrecy=["OSL 18:1"],
        may_be_told={"child": "ask_first", "guardian": "2026-12-01", "party": "ask_first"},
    )
    question = town.other(
        "Clarification",
        "A question back: the clock stands still until it is answered.",
        "2026-10-06T07:10:00Z",
        ANSWER,
        {"text": "Räcker uppgifter från och med höstlovet förra året?"},
        in_reply_to=asked,
    )
    town.other(
        "Clarification",
        "The police answer it, in reply to the question: the clock goes on.",
        "2026-10-06T07:15:00Z",
        POLICE.to(TALLKOTTEN),
        {"text": "Ja, från höstlovet."},
        in_reply_to=question,
    )
    town.other(
        "Clarification",
        "And tell more of their request unasked.",
        "2026-10-06T07:16:00Z",
        POLICE.to(TALLKOTTEN),
        {"text": "Det är tisdagar och torsdagar som är av intresse."},
        in_reply_to=asked,
    )
    town.other(
        "Clarification",
        "A question back on no request.",
        "2026-10-06T07:20:00Z",
        ANSWER,
        {"text": "Vilken begäran gäller det?"},
        **stays("not_own"),
    )
    town.other(
        "Interim",
        "The answer comes on Thursday.",
        "2026-10-06T13:00:00Z",
        ANSWER,
        {"text": "Mentor och kurator hörs under onsdagen.", "expected": "2026-10-08T14:00:00Z"},
        in_reply_to=asked,
    )
    town.other(
        "Interim",
        "An answer in the words of an interim one: what is told of somebody goes item by item.",
        "2026-10-06T14:00:00Z",
        ANSWER,
        {"text": f"Även {LEO['id'][2:8]}\u2013{LEO['id'][8:]} har varit borta mycket."},
        in_reply_to=asked,
        **goes_back("personal_data"),
    )
    town.disclosure(
        "A partial answer: the attendance moves; of what a friend told nobody has weighed anything yet.",
        "2026-10-08T12:00:00Z",
        ANSWER,
        LEO,
        [
            piece(
                "school_attendance",
                "Borta varje tisdag och torsdag efter lunch sedan mitten av september.",
                ["OSL 23:2"],
                release("2025:170 7 §"),
                answers=judgements("rektor", overriding_reasons=False),
            ),
            piece("school_incident", "Vad en vän har sagt.", ["OSL 23:2"], refer("2025:170 7 §", "overriding_reasons")),
        ],
        basis=[DUTY],
        in_reply_to=asked,
        case=SCHOOL_CASE,
    )
    refusals(town, asked)


def refusals(town: Town, asked: str) -> None:
    """What is withheld names what exempts, or a ground whose weighing speaks against release."""
    support = ["school_support"]
    refusal(
        town,
        "No provision: a decision that can't be appealed is none.",
        "2026-10-08T12:10:00Z",
        ANSWER,
        asked,
        categories=support,
        reason="withheld",
        more={"text": "Vi lämnar inte ut det här."},
        **goes_back("refusal_unfounded"),
    )
    refusal(
        town,
        "7 § itself, whose test has no answer: it is no reason to refuse before it has been weighed.",
        "2026-10-08T12:20:00Z",
        ANSWER,
        asked,
        categories=support,
        reason="withheld",
        more={"ref": "2025:170 7 §"},
        **goes_back("refusal_unfounded", asks=["overriding_reasons"]),
    )
    refusal(
        town,
        "The rektor's answer speaks for giving it, and yet it is refused.",
        "2026-10-08T12:30:00Z",
        ANSWER,
        asked,
        categories=support,
        reason="withheld",
        more={"ref": "2025:170 7 §", "assessments": judgements("rektor", overriding_reasons=False)},
        **goes_back("refusal_unfounded"),
    )
    refusal(
        town,
        "Provision and test: the police get a written decision, and read how it is appealed (OSL 6:7-8).",
        "2026-10-08T12:40:00Z",
        ANSWER,
        asked,
        categories=support,
        reason="withheld",
        more={"ref": "2025:170 7 §", "assessments": OWN, "text": "Uppgifter om det särskilda stödet lämnas inte ut."},
    )
    refusal(
        town,
        "Not held is another answer than withheld: nothing is weighed.",
        "2026-10-08T12:50:00Z",
        ANSWER,
        asked,
        categories=["vehicle"],
        reason="not_held",
    )
    refusal(
        town,
        "Whether such a thing is held at all can't be said, for that would tell it.",
        "2026-10-08T12:55:00Z",
        ANSWER,
        asked,
        categories=["network"],
        reason="cannot_say",
    )
    refusal(
        town,
        "A refusal of nothing that was asked.",
        "2026-10-08T13:00:00Z",
        ANSWER,
        None,
        categories=support,
        reason="not_held",
        **stays("not_own"),
    )


def state_refuses(town: Town) -> None:
    """A state authority against another: 5 § and its test; the refusal is appealed to the government."""
    insurance = state("forsakringskassan")
    asked = town.request(
        "Försäkringskassan is asked about benefits, under 5 §.",
        "2026-10-06T09:00:00Z",
        CRIME_UNIT.to(insurance),
        ADAM,
        purpose="detect",
        need="Lever han på annat än det som han uppger? Det behövs för att avgränsa utredningen.",
        categories=["benefit"],
        basis=["s170_5"],
    )
    back = insurance.to(CRIME_UNIT)
    weighed = judgements("handläggare", secrecy_clearly_prevails=True)
    for why, at, answers, expected in (
        (
            "Whether it is clear that secrecy prevails is for a human: nobody has said.",
            "2026-10-07T10:00:00Z",
            [],
            goes_back("refusal_unfounded", asks=["secrecy_clearly_prevails"]),
        ),
        ("It is clear, says the case officer: refused.", "2026-10-07T11:00:00Z", weighed, {}),
    ):
        body = {"ref": "2025:170 5 §", "assessments": answers}
        refusal(town, why, at, back, asked, categories=["benefit"], reason="withheld", more=body, **expected)


def taken_back(town: Town) -> None:
    """A correction names what it replaces; a recall goes to whoever got the message."""
    wrong = town.disclosure(
        "The rektor tells unasked, and has mistaken the day.",
        "2026-10-09T07:00:00Z",
        ANSWER,
        LEO,
        [piece("observation", "Han hämtades av en grå bil i torsdags.", ["OSL 23:2"], release("2025:170 7 §"))],
        basis=["s170_7_own"],
        purpose="prevent",
        answers=judgements("rektor", need=True, overriding_reasons=False),
    )
    town.disclosure(
        "The correction names the message that it replaces.",
        "2026-10-09T08:00:00Z",
        ANSWER,
        LEO,
        [piece("observation", "Rättelse: bilen kom i onsdags.", ["OSL 23:2"], release("2025:170 7 §"))],
        basis=["s170_7_own"],
        purpose="prevent",
        answers=judgements("rektor", need=True, overriding_reasons=False),
        replaces=wrong,
    )
    kept = town.disclosure(
        "A message that was withheld: 7 § second paragraph reaches Polismyndigheten only.",
        "2026-10-09T08:10:00Z",
        TALLKOTTEN.to(state("tullverket")),
        LEO,
        [piece("observation", "Han hämtades av en grå bil.", ["OSL 23:2"], withhold("2025:170 7 §", "s170_7_own"))],
        basis=["s170_7_own"],
        purpose="prevent",
        answers=judgements("rektor", need=True, overriding_reasons=False),
    )
    customs = state("tullverket")
    for why, at, route, message, expected in (
        ("The first is recalled from the one who got it.", "08:20", ANSWER, wrong, {}),
        ("What was never delivered can't be recalled.", "08:30", TALLKOTTEN.to(customs), kept, stays("not_own")),
        ("Nor another's message.", "08:40", Desk("kommun-0127").to(POLICE), wrong, stays("not_own")),
    ):
        town.other("Recall", why, f"2026-10-09T{at}:00Z", route, {"message": message}, **expected)
