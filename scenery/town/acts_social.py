"""First story, second part: the school nurse gives notice, social services open an inquiry and talk to the police."""

from scenery.town.people import ELLIOT
from scenery.town.places import CHILD_PSYCHIATRY, EMERGENCY_WARD, police, school, social
from scenery.town.writing import Town, judgements, none_applies, piece, refer, release, withhold

POLICE = police("0127")
SOCIAL = social("0127")
POLICE_CASE = "SYD-2026-0411"
SOCIAL_CASE = "BOT-SN-2026-118"


def concern(town: Town) -> None:
    """The school nurse worries; social services open an inquiry and work with health care."""
    nurse = school("skola-tallkotten", "school_health")
    note = "Eleven sover dåligt, har blåmärken och säger att han har en skuld."
    town.disclosure(
        "The school's medical care has no ground towards the police: with none claimed there is no reference either.",
        "2026-09-16T10:15:00Z",
        nurse.to(POLICE),
        ELLIOT,
        [piece("health_record", note, ["OSL 25:1"], withhold(None, None))],
        purpose="prevent",
    )
    town.disclosure(
        "SoL 19:1 is a duty that breaks the nurse's secrecy too (OSL 10:28).",
        "2026-09-16T10:20:00Z",
        nurse.to(SOCIAL),
        ELLIOT,
        [piece("health_record", note, ["OSL 25:1"], release("SoL 19:1"))],
        basis=["sol_19_1"],
        purpose="support",
        answers=judgements("skolsköterska", child_at_risk=True),
    )
    town.disclosure(
        "OSL 26:9 a: the one who gave notice learns that an inquiry is open, and no more.",
        "2026-09-17T07:30:00Z",
        SOCIAL.to(nurse),
        ELLIOT,
        [piece("inquiry_opened", "Utredning har inletts den 16 september.", ["OSL 26:1"], release("OSL 26:9 a"))],
        basis=["osl_26_9a"],
        purpose="support",
        answers=judgements("socialsekreterare", not_unsuitable=True),
        circumstances=["recipient_has_notified"],
        case=SOCIAL_CASE,
    )
    town.disclosure(
        "OSL 25:12: health care to social services, for a child's care.",
        "2026-09-17T09:00:00Z",
        EMERGENCY_WARD.to(SOCIAL),
        ELLIOT,
        [piece("health_record", "Akutbesök den 12 september, revbenskada.", ["OSL 25:1"], release("OSL 25:12"))],
        basis=["osl_25_12"],
        purpose="support",
        answers=judgements("överläkare", need=True),
    )
    town.disclosure(
        "OSL 26:9: social services to health care, for a child's treatment.",
        "2026-09-17T12:10:00Z",
        SOCIAL.to(CHILD_PSYCHIATRY),
        ELLIOT,
        [piece("social_record", "Vården planeras ihop med skolan.", ["OSL 26:1"], release("OSL 26:9"))],
        basis=["osl_26_9"],
        purpose="support",
        answers=judgements("socialsekreterare", need=True),
        case=SOCIAL_CASE,
    )


def police_are_told(town: Town) -> None:
    """What the social services may and must tell the police."""
    town.disclosure(
        "OSL 10:18 a: the second item lacks the answer whether it is unsuitable, so it is referred.",
        "2026-09-17T13:00:00Z",
        SOCIAL.to(POLICE),
        ELLIOT,
        [
            piece(
                "social_record",
                "Pojken har lovats pengar för nästa bud på torsdag.",
                ["OSL 26:1"],
                release("OSL 10:18 a"),
                answers=judgements("enhetschef", not_unsuitable=True),
            ),
            piece("network", "Två äldre pojkar som lockar.", ["OSL 26:1"], refer("OSL 10:18 a", "not_unsuitable")),
        ],
        basis=["osl_18a"],
        purpose="prevent",
        answers=judgements("enhetschef", concrete_risk=True),
        case=SOCIAL_CASE,
    )
    town.disclosure(
        "6 § is a municipality's duty; 8 § exempts what OSL 26:1 covers; with no secrecy, as is said, need is asked.",
        "2026-09-17T13:20:00Z",
        SOCIAL.to(POLICE),
        ELLIOT,
        [
            piece("social_record", "Familjens bistånd.", ["OSL 26:1"], withhold("2025:170 8 §", "s170_8")),
            piece(
                "housing",
                "Kommunens lokal där väskorna förvarats står tom.",
                [],
                release("2025:170 6 §", doubtful=["no_provision_applies"]),
                answers=none_applies("enhetschef", "Lokalen är ingen enskilds, och ingen nämns."),
            ),
        ],
        basis=["s170_6"],
        purpose="prevent",
        answers=judgements("enhetschef", need=True),
        case=SOCIAL_CASE,
    )
    asked = town.request(
        "Several grounds are claimed: one that can be had is enough.",
        "2026-09-17T14:00:00Z",
        POLICE.to(SOCIAL),
        ELLIOT,
        purpose="avert",
        need="Polisen behöver nå pojken och vårdnadshavarna före torsdag.",
        categories=["home_address", "social_record"],
        basis=["s170_6", "s170_4"],
        case=POLICE_CASE,
        urgency="immediate",
    )
    town.disclosure(
        "4 § gives contact details on request, also where 8 § would close 6 §.",
        "2026-09-17T14:35:00Z",
        SOCIAL.to(POLICE),
        ELLIOT,
        [piece("home_address", "Exempelgränd 4, Tumba.", ["OSL 26:1"], release("2025:170 4 §"))],
        basis=["s170_4"],
        in_reply_to=asked,
        answers=judgements("socialsekreterare", exceptional_reasons=False),
        case=SOCIAL_CASE,
    )
    town.other(
        "Refusal",
        "The rest of the request is refused in words.",
        "2026-09-17T14:40:00Z",
        SOCIAL.to(POLICE),
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
        SOCIAL.to(POLICE),
        ELLIOT,
        [piece("observation", "Fältgruppens schema för hösten.", [], withhold("2025:170 3 §", "s170_3"))],
        basis=["s170_6"],
        purpose="support",
        answers=judgements("enhetschef", need=True),
    )
    town.disclosure(
        "A municipality is no law-enforcement authority: 2 §.",
        "2026-09-18T07:10:00Z",
        SOCIAL.to(social("0140")),
        ELLIOT,
        [piece("observation", "Pojken har setts i Nykvarn.", [], withhold("2025:170 2 §", "s170_2"))],
        basis=["s170_6"],
        purpose="prevent",
        answers=judgements("enhetschef", need=True),
    )


def condition(town: Town) -> None:
    """A curfew condition is told of under an act that is not in force yet: from 2027-01-02 it would go at once."""
    body = {
        "subject": ELLIOT,
        "name": "Påhittad Person",
        "contact": "070-000 00 00",
        "event": "start",
        "condition": {"text": "Ska vara hemma på kvällarna.", "place": "home", "times": "alla dagar 20.00–06.00"},
        "within_youth_care": False,
        "guardians": [{"name": "Påhittad Förälder", "contact": "inte känt"}],
        "valid_from": "2027-01-04",
        "valid_until": "2027-06-30",
    }
    why = "2026:1637 6:6 is a duty from 2027-01-02, and breaks no secrecy before."
    at = "2026-11-27T08:00:00Z"
    town.other("ConditionNotice", why, at, SOCIAL.to(POLICE), body, outcome="withhold", bars=["s2026_1637_6"])
