"""First story, Botkyrka: a boy of 13 carries parcels that are not his. School, police and social services.

Requests and answers under 2025:170 7 §, the rektor's own initiative, concern, and what social services may say.
"""

from agents.town.people import ELLIOT
from agents.town.places import CHILD_PSYCHIATRY, EMERGENCY_WARD, TALLKOTTEN, police, school, social, state
from agents.town.writing import Town, judged, piece, refer, release, withhold

POLICE = police("0127")
SOCIAL = social("0127")
POLICE_CASE = "SYD-2026-0411"
SCHOOL_CASE = "TK-2026-17"
SOCIAL_CASE = "BOT-SN-2026-118"
NEED_OF_SCHOOL = "Kartläggning av hur elever i grundskolan används som bud åt ett kriminellt nätverk."


def school_is_asked(town: Town) -> str:
    """The police ask, the school answers, in part and by the right function. Gives the request's id."""
    first = town.request(
        "No ground is claimed: the request goes on, with guidance for the school.",
        "2026-09-14T07:10:00Z",
        POLICE,
        TALLKOTTEN,
        ELLIOT,
        "prevent",
        NEED_OF_SCHOOL,
        ["school_attendance", "school_support", "health_record"],
        case=POLICE_CASE,
    )
    town.other(
        "Clarification",
        "A question back to the asker.",
        "2026-09-14T08:02:00Z",
        TALLKOTTEN,
        POLICE,
        {"text": "Gäller begäran hela läsåret eller bara tiden sedan terminsstarten?"},
        in_reply_to=first,
        case=SCHOOL_CASE,
    )
    asked = town.request(
        "2025:170 7 § first paragraph is claimed and can be had of a school.",
        "2026-09-14T08:40:00Z",
        POLICE,
        TALLKOTTEN,
        ELLIOT,
        "prevent",
        NEED_OF_SCHOOL,
        ["school_attendance", "school_incident", "health_record"],
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
        TALLKOTTEN,
        POLICE,
        {"text": "Rektor återkommer när elevhälsan har hörts.", "expected": "2026-09-15T14:00:00Z"},
        in_reply_to=asked,
        case=SCHOOL_CASE,
    )
    attendance = "Eleven har varit borta elva eftermiddagar sedan terminsstarten, oftast på torsdagar."
    town.disclosure(
        "7 § is the rektor's duty: what a teacher sends is referred to the rektor.",
        "2026-09-15T06:55:00Z",
        school("skola-tallkotten", "teacher"),
        POLICE,
        ELLIOT,
        [
            piece(
                "school_attendance",
                attendance,
                ["OSL 23:2"],
                refer("2025:170 7 §", to="rektor"),
                answers=judged("lärare", overriding_reasons=False),
            )
        ],
        basis=["s170_7_request"],
        in_reply_to=asked,
        case=SCHOOL_CASE,
    )
    town.disclosure(
        "A partial answer: released under 7 §, referred for a missing answer, withheld by 8 § (school nurse, OSL 25:1).",
        "2026-09-15T12:30:00Z",
        TALLKOTTEN,
        POLICE,
        ELLIOT,
        [
            piece(
                "school_attendance",
                attendance,
                ["OSL 23:2"],
                release("2025:170 7 §"),
                answers=judged("rektor", overriding_reasons=False, reason="Frånvaron visar när buden körs."),
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
        TALLKOTTEN,
        POLICE,
        ELLIOT,
        [
            piece(
                "school_incident",
                "Vad klasskamrater berättade för kuratorn.",
                ["OSL 23:2"],
                withhold("2025:170 7 §", "s170_7_request"),
                answers=judged("rektor", overriding_reasons=True, reason="Berättat i förtroende av andra barn."),
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
        TALLKOTTEN,
        POLICE,
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
    own = judged("rektor", need=True, overriding_reasons=False)
    told = town.disclosure(
        "7 § second paragraph: the rektor tells Polismyndigheten unasked.",
        "2026-09-16T06:45:00Z",
        TALLKOTTEN,
        POLICE,
        ELLIOT,
        [piece("school_incident", locker, ["OSL 23:2"], release("2025:170 7 §"), answers=own)],
        basis=["s170_7_own"],
        purpose="prevent",
        case=SCHOOL_CASE,
    )
    town.disclosure(
        "7 § second paragraph reaches Polismyndigheten only, not Tullverket.",
        "2026-09-16T06:50:00Z",
        TALLKOTTEN,
        state("tullverket"),
        ELLIOT,
        [piece("school_incident", locker, ["OSL 23:2"], withhold("2025:170 7 §", "s170_7_own"), answers=own)],
        basis=["s170_7_own"],
        purpose="prevent",
        case=SCHOOL_CASE,
    )
    town.disclosure(
        "A correction of an own message that was delivered.",
        "2026-09-16T09:05:00Z",
        TALLKOTTEN,
        POLICE,
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
        replaces=told,
        case=SCHOOL_CASE,
    )
    town.other(
        "Recall",
        "The message that was corrected is taken back from the one who got it.",
        "2026-09-16T09:10:00Z",
        TALLKOTTEN,
        POLICE,
        {"message": told, "text": "Ersatt av rättelsen samma dag."},
        case=SCHOOL_CASE,
    )
    town.other(
        "Recall",
        "Nobody recalls what another has sent.",
        "2026-09-16T09:30:00Z",
        POLICE,
        TALLKOTTEN,
        {"message": told},
        outcome="withhold",
        bars=["not_own"],
    )
    town.disclosure(
        "A correction of a message that was somebody else's.",
        "2026-09-16T09:45:00Z",
        SOCIAL,
        POLICE,
        ELLIOT,
        [piece("observation", "Rättelse av skolans uppgift.", [], withhold(None, "not_own"))],
        purpose="prevent",
        replaces=told,
    )


def concern(town: Town) -> None:
    """The school nurse worries; social services open an inquiry and work with health care."""
    nurse = school("skola-tallkotten", "school_health")
    note = "Eleven sover dåligt, har blåmärken och säger att han har en skuld."
    town.disclosure(
        "The school's medical care has no ground towards the police: with none claimed there is no reference either.",
        "2026-09-16T10:15:00Z",
        nurse,
        POLICE,
        ELLIOT,
        [piece("health_record", note, ["OSL 25:1"], withhold(None, None))],
        purpose="prevent",
    )
    town.disclosure(
        "SoL 19:1 is a duty that breaks the nurse's secrecy too (OSL 10:28).",
        "2026-09-16T10:20:00Z",
        nurse,
        SOCIAL,
        ELLIOT,
        [piece("health_record", note, ["OSL 25:1"], release("SoL 19:1"))],
        basis=["sol_19_1"],
        purpose="support",
        answers=judged("skolsköterska", child_at_risk=True),
    )
    town.disclosure(
        "OSL 26:9 a: the one who gave notice learns that an inquiry is open, and no more.",
        "2026-09-17T07:30:00Z",
        SOCIAL,
        nurse,
        ELLIOT,
        [piece("inquiry_opened", "Utredning har inletts den 16 september.", ["OSL 26:1"], release("OSL 26:9 a"))],
        basis=["osl_26_9a"],
        purpose="support",
        answers=judged("socialsekreterare", not_unsuitable=True),
        case=SOCIAL_CASE,
    )
    town.disclosure(
        "OSL 25:12: health care to social services, for a child's care.",
        "2026-09-17T09:00:00Z",
        EMERGENCY_WARD,
        SOCIAL,
        ELLIOT,
        [piece("health_record", "Akutbesök den 12 september, revbenskada.", ["OSL 25:1"], release("OSL 25:12"))],
        basis=["osl_25_12"],
        purpose="support",
        answers=judged("överläkare", need=True),
    )
    town.disclosure(
        "OSL 26:9: social services to health care, for a child's treatment.",
        "2026-09-17T12:10:00Z",
        SOCIAL,
        CHILD_PSYCHIATRY,
        ELLIOT,
        [piece("social_record", "Vården planeras ihop med skolan.", ["OSL 26:1"], release("OSL 26:9"))],
        basis=["osl_26_9"],
        purpose="support",
        answers=judged("socialsekreterare", need=True),
        case=SOCIAL_CASE,
    )


def social_services_and_police(town: Town) -> None:
    """What the social services may and must tell the police."""
    town.disclosure(
        "OSL 10:18 a: the second item lacks the answer whether it is unsuitable, so it is referred.",
        "2026-09-17T13:00:00Z",
        SOCIAL,
        POLICE,
        ELLIOT,
        [
            piece(
                "social_record",
                "Pojken har lovats pengar för nästa bud på torsdag.",
                ["OSL 26:1"],
                release("OSL 10:18 a"),
                answers=judged("enhetschef", not_unsuitable=True),
            ),
            piece("network", "Två äldre pojkar som lockar.", ["OSL 26:1"], refer("OSL 10:18 a", "not_unsuitable")),
        ],
        basis=["osl_18a"],
        purpose="prevent",
        answers=judged("enhetschef", concrete_risk=True),
        case=SOCIAL_CASE,
    )
    town.disclosure(
        "6 § is a municipality's duty, but 8 § exempts what OSL 26:1 covers; where no secrecy applies only need is asked.",
        "2026-09-17T13:20:00Z",
        SOCIAL,
        POLICE,
        ELLIOT,
        [
            piece("social_record", "Familjens bistånd.", ["OSL 26:1"], withhold("2025:170 8 §", "s170_8")),
            piece("housing", "Kommunens lokal där väskorna förvarats står tom.", [], release("2025:170 6 §")),
        ],
        basis=["s170_6"],
        purpose="prevent",
        answers=judged("enhetschef", need=True),
        case=SOCIAL_CASE,
    )
    asked = town.request(
        "Several grounds are claimed: one that can be had is enough.",
        "2026-09-17T14:00:00Z",
        POLICE,
        SOCIAL,
        ELLIOT,
        "avert",
        "Polisen behöver nå pojken och vårdnadshavarna före torsdag.",
        ["home_address", "social_record"],
        basis=["s170_6", "s170_4"],
        case=POLICE_CASE,
        urgency="immediate",
    )
    town.disclosure(
        "4 § gives contact details on request, also where 8 § would close 6 §.",
        "2026-09-17T14:35:00Z",
        SOCIAL,
        POLICE,
        ELLIOT,
        [piece("home_address", "Exempelgränd 4, Tumba.", ["OSL 26:1"], release("2025:170 4 §"))],
        basis=["s170_4"],
        in_reply_to=asked,
        answers=judged("socialsekreterare", exceptional_reasons=False),
        case=SOCIAL_CASE,
    )
    town.other(
        "Refusal",
        "The rest of the request is refused in words.",
        "2026-09-17T14:40:00Z",
        SOCIAL,
        POLICE,
        {
            "categories": ["social_record"],
            "reason": "cannot_say",
            "text": "Nämnden kan inte säga om sådana uppgifter finns.",
        },
        in_reply_to=asked,
        case=SOCIAL_CASE,
    )
    town.disclosure(
        "Support is no purpose of 3 §: 6 § does not carry.",
        "2026-09-18T07:00:00Z",
        SOCIAL,
        POLICE,
        ELLIOT,
        [piece("observation", "Fältgruppens schema för hösten.", [], withhold("2025:170 3 §", "s170_3"))],
        basis=["s170_6"],
        purpose="support",
        answers=judged("enhetschef", need=True),
    )
    town.disclosure(
        "A municipality is no law-enforcement authority: 2 §.",
        "2026-09-18T07:10:00Z",
        SOCIAL,
        social("0140"),
        ELLIOT,
        [piece("observation", "Pojken har setts i Nykvarn.", [], withhold("2025:170 2 §", "s170_2"))],
        basis=["s170_6"],
        purpose="prevent",
        answers=judged("enhetschef", need=True),
    )
