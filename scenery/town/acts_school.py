"""First story, Botkyrka, a boy of 13 who carries parcels: the school is asked, then tells unasked.

2025:170 7 §, its two paragraphs; corrections and recalls.
"""

from scenery.town.people import ELLIOT
from scenery.town.places import TALLKOTTEN, police, school, social, state
from scenery.town.writing import Town, judgements, piece, refer, release, withhold

POLICE = police("0127")
POLICE_CASE = "SYD-2026-0411"
SCHOOL_CASE = "TK-2026-17"
NEED_OF_SCHOOL = "Kartläggning av hur elever i grundskolan används som bud åt ett kriminellt nätverk."


def school_is_asked(town: Town) -> str:
    """The police ask, the school answers, in part and by the right function. Gives the request's id."""
    first = town.request(
        "No ground is claimed: the request goes on, with guidance for the school.",
        "2026-09-14T07:10:00Z",
        POLICE.to(TALLKOTTEN),
        ELLIOT,
        purpose="prevent",
        need=NEED_OF_SCHOOL,
        categories=["school_attendance", "school_support", "health_record"],
        case=POLICE_CASE,
    )
    town.other(
        "Clarification",
        "A question back to the asker.",
        "2026-09-14T08:02:00Z",
        TALLKOTTEN.to(POLICE),
        {"text": "Gäller begäran hela läsåret eller bara tiden sedan terminsstarten?"},
        in_reply_to=first,
        case=SCHOOL_CASE,
    )
    asked = town.request(
        "2025:170 7 § first paragraph is claimed and can be had of a school.",
        "2026-09-14T08:40:00Z",
        POLICE.to(TALLKOTTEN),
        ELLIOT,
        purpose="prevent",
        need=NEED_OF_SCHOOL,
        categories=["school_attendance", "school_incident", "health_record"],
        basis=["s170_7_request"],
        case=POLICE_CASE,
        period="2026-08-18/2026-09-14",
        urgency="urgent",
        deadline="2026-09-16T15:00:00Z",
    )
    town.other(
        "Interim",
        "An answer that the answer comes later.",
        "2026-09-14T11:15:00Z",
        TALLKOTTEN.to(POLICE),
        {"text": "Rektor återkommer när elevhälsan har hörts.", "expected": "2026-09-15T14:00:00Z"},
        in_reply_to=asked,
        case=SCHOOL_CASE,
    )
    attendance = "Eleven har varit borta elva eftermiddagar sedan terminsstarten, oftast på torsdagar."
    town.disclosure(
        "7 § is the rektor's duty: what a teacher sends is referred to the rektor.",
        "2026-09-15T06:55:00Z",
        school("skola-tallkotten", "teacher").to(POLICE),
        ELLIOT,
        [
            piece(
                "school_attendance",
                attendance,
                ["OSL 23:2"],
                refer("2025:170 7 §", to="rektor"),
                answers=judgements("lärare", overriding_reasons=False),
            )
        ],
        basis=["s170_7_request"],
        in_reply_to=asked,
        case=SCHOOL_CASE,
    )
    town.disclosure(
        "A partial answer: released under 7 §, referred for a missing answer, withheld by 8 § (OSL 25:1).",
        "2026-09-15T12:30:00Z",
        TALLKOTTEN.to(POLICE),
        ELLIOT,
        [
            piece(
                "school_attendance",
                attendance,
                ["OSL 23:2"],
                release("2025:170 7 §"),
                answers=judgements("rektor", overriding_reasons=False, reason="Frånvaron visar när buden körs."),
            ),
            piece(
                "school_incident",
                "Händelserapport från den 9 september om en väska i elevens skåp.",
                ["OSL 23:2"],
                refer("2025:170 7 §", "overriding_reasons"),
            ),
            piece(
                "health_record",
                "Skolsköterskans anteckning från den 10 september.",
                ["OSL 25:1"],
                withhold("2025:170 8 §", "s170_8"),
            ),
        ],
        basis=["s170_7_request"],
        in_reply_to=asked,
        case=SCHOOL_CASE,
    )
    town.disclosure(
        "The rektor finds that overriding reasons speak for secrecy: 7 § does not carry.",
        "2026-09-15T13:20:00Z",
        TALLKOTTEN.to(POLICE),
        ELLIOT,
        [
            piece(
                "school_incident",
                "Vad klasskamrater berättade för kuratorn.",
                ["OSL 23:2"],
                withhold("2025:170 7 §", "s170_7_request"),
                answers=judgements("rektor", overriding_reasons=True, reason="Berättat i förtroende av andra barn."),
            )
        ],
        basis=["s170_7_request"],
        in_reply_to=asked,
        case=SCHOOL_CASE,
    )
    town.other(
        "Refusal",
        "The refusal in words, with its provision, so that it can be appealed (OSL 6:7).",
        "2026-09-15T13:40:00Z",
        TALLKOTTEN.to(POLICE),
        {
            "categories": ["health_record"],
            "reason": "withheld",
            "ref": "OSL 25:1",
            "text": "Uppgifterna finns hos elevhälsans medicinska insats och lämnas inte ut.",
        },
        in_reply_to=asked,
        case=SCHOOL_CASE,
    )
    return asked


def own_initiative(town: Town) -> None:
    """What the school tells unasked, corrects and recalls."""
    locker = "En vuxen man har mött eleven vid skolgrinden tre dagar i rad och lämnat en väska."
    own = judgements("rektor", need=True, overriding_reasons=False)
    offer = town.disclosure(
        "7 § second paragraph: the rektor tells Polismyndigheten unasked.",
        "2026-09-16T06:45:00Z",
        TALLKOTTEN.to(POLICE),
        ELLIOT,
        [piece("school_incident", locker, ["OSL 23:2"], release("2025:170 7 §"), answers=own)],
        basis=["s170_7_own"],
        purpose="prevent",
        case=SCHOOL_CASE,
    )
    town.disclosure(
        "7 § second paragraph reaches Polismyndigheten only, not Tullverket.",
        "2026-09-16T06:50:00Z",
        TALLKOTTEN.to(state("tullverket")),
        ELLIOT,
        [piece("school_incident", locker, ["OSL 23:2"], withhold("2025:170 7 §", "s170_7_own"), answers=own)],
        basis=["s170_7_own"],
        purpose="prevent",
        case=SCHOOL_CASE,
    )
    town.disclosure(
        "A correction of an own message that was delivered.",
        "2026-09-16T09:05:00Z",
        TALLKOTTEN.to(POLICE),
        ELLIOT,
        [
            piece(
                "school_incident",
                "Rättelse: mannen har mött eleven två dagar, inte tre.",
                ["OSL 23:2"],
                release("2025:170 7 §"),
                answers=own,
            )
        ],
        basis=["s170_7_own"],
        purpose="prevent",
        replaces=offer,
        case=SCHOOL_CASE,
    )
    town.other(
        "Recall",
        "The message that was corrected is taken back from the one who got it.",
        "2026-09-16T09:10:00Z",
        TALLKOTTEN.to(POLICE),
        {"message": offer, "text": "Ersatt av rättelsen samma dag."},
        case=SCHOOL_CASE,
    )
    town.disclosure(
        "A correction of a message that was somebody else's.",
        "2026-09-16T09:45:00Z",
        social("0127").to(POLICE),
        ELLIOT,
        [piece("observation", "Rättelse av skolans uppgift.", [], withhold(None, "not_own"))],
        purpose="prevent",
        replaces=offer,
    )
