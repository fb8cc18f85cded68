"""Fourth story, Haninge and around: a robbery, a boy in a home for care, and what other offices see.

Offences committed and feared: OSL 10:18 b-24, 26:9 e, SoL 15:7 and 20:6, skollagen 6 a:10, LUL 6 §.
"""

from typing import Any

from agents.town.people import ADAM, ELLIOT, IDA, MILO, PATIENT, STRANGER, TINDRA, VILGOT, Json
from agents.town.places import (
    CARE_HOME,
    CHILD_PSYCHIATRY,
    COURT,
    CRIME_UNIT,
    EMERGENCY_WARD,
    LEISURE,
    PROSECUTOR,
    SJOGLIMT,
    SOLROSEN,
    TALLKOTTEN,
    Desk,
    police,
    social,
    state,
)
from agents.town.writing import Piece, Town, judged, piece, refer, release, withhold

HANINGE = social("0136")
POLICE = police("0136")
SECURITY = state("sakerhetspolisen")
CARE = ["OSL 26:1"]


def committed(provision: str, day: str, **more: object) -> Json:
    """An offence that somebody is suspected of."""
    return {"provision": provision, "committed": True, "date": day, **more}


def feared(provision: str, **more: object) -> Json:
    """An offence that may come."""
    return {"provision": provision, "committed": False, **more}


ROBBERY = committed("BrB 8:5", "2026-09-12")
USED = committed("BrB 16:5 a", "2026-09-10", subject_is="other")
"""Involving a minor in crime: the child is the one who was used."""


def robbery(town: Town) -> None:
    """A boy of 17 is suspected of robbery."""
    town.disclosure(
        "LUL 6 §: the social board is told at once of a suspect under 18.",
        "2026-09-14T12:00:00Z",
        CRIME_UNIT,
        HANINGE,
        MILO,
        [piece("other", "Skäligen misstänkt för rån den 12 september.", ["OSL 35:1"], release("1964:167 6 §"))],
        basis=["lul_6"],
        purpose="support",
        offence=ROBBERY,
        answers=judged("förundersökningsledare", suspicion=True),
    )
    town.disclosure(
        "OSL 10:23: the minimum for robbery is above six months. 10:23 and 10:24 only together reach the second item.",
        "2026-09-15T10:00:00Z",
        HANINGE,
        POLICE,
        MILO,
        [
            piece("social_record", "Han har visat upp en jacka som inte är hans.", CARE, release("OSL 10:23")),
            piece(
                "school_support",
                "Skolkuratorns anteckning i nämndens akt.",
                ["OSL 26:1", "OSL 23:2"],
                refer("OSL 10:23", doubtful=["osl_23", "osl_24"]),
            ),
        ],
        basis=["osl_23", "osl_24"],
        purpose="investigate",
        offence=ROBBERY,
        answers=judged("enhetschef", importance=True),
    )
    for why, offence, verdict in (
        (
            "Assault of normal degree has no minimum of six months: OSL 10:23 does not carry.",
            committed("BrB 3:5", "2026-09-12", degree="normal"),
            withhold("OSL 10:23", "osl_23"),
        ),
        (
            "The table of scales lacks the narcotics act: a human must look.",
            committed("1968:64 3 §", "2026-09-12"),
            refer("OSL 10:23"),
        ),
    ):
        town.disclosure(
            why,
            "2026-09-15T10:20:00Z",
            HANINGE,
            POLICE,
            MILO,
            [piece("social_record", "Vad han själv berättat.", CARE, verdict)],
            basis=["osl_23"],
            purpose="investigate",
            offence=offence,
            answers=judged("enhetschef", importance=True),
        )


def home_for_care(town: Town) -> None:
    """The court asks where he stays; the home helps the inquiry; SiS warns."""
    huddinge = social("0126")
    asked = town.request(
        "A court has SoL 15:7, though it is outside 2 § of 2025:170.",
        "2026-09-23T07:00:00Z",
        COURT,
        huddinge,
        MILO,
        "other",
        "Delgivning av stämning i brottmål.",
        ["stay_in_care"],
        basis=["sol_15_7"],
        case="B 0000-26",
    )
    town.disclosure(
        "SoL 15:7: whether he stays there, in a single case, on request; nothing is weighed.",
        "2026-09-23T12:00:00Z",
        huddinge,
        COURT,
        MILO,
        [piece("stay_in_care", "Han vistas på ett hem för vård eller boende i Nykvarn.", CARE, release("SoL 15:7"))],
        basis=["sol_15_7"],
        in_reply_to=asked,
        circumstances=["particular_case"],
    )
    # The private home's own rule of silence is not among the statutes at hand; a duty breaks it, whichever it is.
    town.disclosure(
        "SoL 20:6: the private home tells the open inquiry what may matter.",
        "2026-09-23T13:00:00Z",
        CARE_HOME,
        HANINGE,
        MILO,
        [piece("observation", "Han har slutat svara i telefon när vissa ringer.", [], release("SoL 20:6"))],
        basis=["sol_20_6"],
        purpose="support",
        circumstances=["inquiry_open"],
        answers=judged("föreståndare", importance=True),
    )
    town.disclosure(
        "OSL 26:9 e: Statens institutionsstyrelse on a feared offence with prison in its scale.",
        "2026-09-24T07:00:00Z",
        state("statens-institutionsstyrelse"),
        POLICE,
        MILO,
        [
            piece(
                "threat",
                "En medintagen har bett honom utföra ett rån efter utskrivningen.",
                CARE,
                release("OSL 26:9 e"),
            )
        ],
        basis=["osl_26_9e"],
        purpose="avert",
        offence=feared("BrB 8:5"),
        answers=judged("institutionschef", concrete_risk=True, not_unsuitable=True),
    )


def schools(town: Town) -> None:
    """What is reported from schools and leisure centres."""
    found = committed("BrB 9:6", "2026-09-22", degree="normal", connected_with_school=True)
    town.disclosure(
        "Skollagen 6 a:10: the rektor reports; whether it breaks the school nurse's secrecy is open.",
        "2026-09-22T11:00:00Z",
        SJOGLIMT,
        police("0126"),
        MILO,
        [
            piece(
                "school_incident",
                "Stulna telefoner låg i ett skåp på skolan.",
                ["OSL 23:2"],
                release("skollagen 6 a:10", doubtful=["skol_6a_10"]),
            ),
            piece("health_record", "Skolsköterskans iakttagelse.", ["OSL 25:1"], refer("skollagen 6 a:10")),
        ],
        basis=["skol_6a_10"],
        purpose="investigate",
        offence=found,
        answers=judged("rektor", suspicion=True, overriding_reasons=False),
    )
    town.disclosure(
        "The unit is a preschool too, which 6 a:10 leaves out: which of them it was is open.",
        "2026-09-22T11:30:00Z",
        SOLROSEN,
        police("0181"),
        ELLIOT,
        [piece("school_incident", "En väska gömdes på gården.", ["OSL 23:2"], refer("skollagen 6 a:10"))],
        basis=["skol_6a_10"],
        purpose="investigate",
        offence=found,
        answers=judged("rektor", suspicion=True, overriding_reasons=False),
    )
    town.disclosure(
        "OSL 10:24: other secrecy than 10:23 names yields where prison is in the scale (BrB 16:5 a).",
        "2026-09-18T08:00:00Z",
        TALLKOTTEN,
        police("0127"),
        ELLIOT,
        [piece("school_incident", "Meddelandena där uppdragen gavs.", ["OSL 23:2"], release("OSL 10:24"))],
        basis=["osl_24"],
        purpose="investigate",
        offence=USED,
        answers=judged("rektor", importance=True),
    )
    town.disclosure(
        "7 § third paragraph: in an open leisure activity the designated staff have the duty.",
        "2026-09-24T16:00:00Z",
        LEISURE,
        POLICE,
        MILO,
        [
            piece(
                "observation", "Äldre killar delar ut telefoner utanför gården.", ["OSL 23:2"], release("2025:170 7 §")
            )
        ],
        basis=["s170_7_own"],
        purpose="detect",
        answers=judged("utsedd fritidsledare", need=True, overriding_reasons=False),
    )


def social_services(town: Town) -> None:
    """What social services around the area may say, and to whom."""
    minor = committed("BrB 4:4", "2026-09-19", subject_is="victim")
    record, told = "Pojken säger att han tvingades lämna ifrån sig sin telefon.", judged("enhetschef", suspicion=True)
    _unasked(
        town,
        "OSL 10:21: an offence of BrB 4 kap. against somebody under 18, whatever its penalty; 8 § never closes it.",
        "2026-09-24T08:00:00Z",
        social("0192"),
        PROSECUTOR,
        VILGOT,
        piece("social_record", record, CARE, release("OSL 10:21")),
        "osl_21",
        offence=minor,
        answers=told,
    )
    _unasked(
        town,
        "BrB 16:5 a is no offence of BrB 3, 4 or 6 kap.: 10:21 does not open it.",
        "2026-09-24T08:30:00Z",
        social("0127"),
        POLICE,
        ELLIOT,
        piece("social_record", "Vem som gav honom uppdragen.", CARE, withhold("OSL 10:21", "osl_21")),
        "osl_21",
        offence={**USED, "victim_under_18": True},
        answers=told,
    )
    _unasked(
        town,
        "For a committed offence OSL 10:23 may be the stricter rule beside 10:15 a: a human decides.",
        "2026-09-24T08:40:00Z",
        social("0127"),
        POLICE,
        ELLIOT,
        piece("social_record", "Vem som gav honom uppdragen.", CARE, refer("OSL 10:15 a", doubtful=["osl_15a"])),
        "osl_15a",
        offence=USED,
        answers=judged("enhetschef", need=True, overriding_reasons=False),
    )
    _unasked(
        town,
        "OSL 10:22: narcotics handed to somebody under 18.",
        "2026-09-24T09:00:00Z",
        HANINGE,
        POLICE,
        ADAM,
        piece("social_record", "Han betalar pojkarna i tabletter.", CARE, release("OSL 10:22")),
        "osl_22",
        offence=committed("1968:64 1 §", "2026-09-20", victim_under_18=True),
        answers=told,
    )
    _unasked(
        town,
        "OSL 10:18 c: gross assault on somebody close is feared.",
        "2026-09-24T09:30:00Z",
        HANINGE,
        POLICE,
        MILO,
        piece("threat", "Han har hotat att skada sin bror om denne pratar.", CARE, release("OSL 10:18 c")),
        "osl_18c",
        offence=feared("BrB 3:6", degree="gross", close_relation=True),
        answers=judged("enhetschef", concrete_risk=True, not_unsuitable=True),
    )
    _unasked(
        town,
        "OSL 10:19: drunk driving is about to happen.",
        "2026-09-25T20:10:00Z",
        social("0181"),
        police("0181"),
        ADAM,
        piece("observation", "Han kör berusad från boendet just nu, grå skåpbil.", CARE, release("OSL 10:19")),
        "osl_19",
        offence=feared("1951:649 4 §"),
        answers=judged("jourhandläggare", imminent_danger=True),
    )
    met = ["met_by_staff"]
    _unasked(
        town,
        "OSL 10:20: staff meet a child in obvious and imminent danger.",
        "2026-09-25T21:00:00Z",
        social("0138"),
        police("0138"),
        TINDRA,
        piece("observation", "Flickan är påverkad och ensam med två män i en källare.", CARE, release("OSL 10:20")),
        "osl_20",
        circumstances=met,
        answers=judged("fältsekreterare", imminent_danger=True),
    )
    _unasked(
        town,
        "OSL 10:20 asks whether the child is under 18: the age is not known, so a human looks.",
        "2026-09-25T21:05:00Z",
        social("0138"),
        police("0138"),
        STRANGER,
        piece("observation", "En okänd pojke i samma källare.", CARE, refer("OSL 10:20")),
        "osl_20",
        circumstances=met,
        answers=judged("fältsekreterare", imminent_danger=True),
    )


def extremism(town: Town) -> None:
    """A girl of 16 drawn to violent extremism; a boy without a known age at the emergency ward."""
    _unasked(
        town,
        "OSL 10:18 b: terrorist offences are feared; health care may tell Säkerhetspolisen.",
        "2026-09-28T08:00:00Z",
        CHILD_PSYCHIATRY,
        SECURITY,
        IDA,
        piece("health_record", "Hon beskriver en plan och ett mål.", ["OSL 25:1"], release("OSL 10:18 b")),
        "osl_18b",
        offence=feared("2022:666 4 §"),
        answers=judged("överläkare", concrete_risk=True),
    )
    _unasked(
        town,
        "OSL 10:22 a: suspicion that a terrorist offence is committed.",
        "2026-09-28T09:00:00Z",
        social("0128"),
        SECURITY,
        IDA,
        piece("social_record", "Hon har spridit uppmaningar i en sluten grupp.", CARE, release("OSL 10:22 a")),
        "osl_22a",
        offence=committed("2022:666 7 §", "2026-09-25"),
        answers=judged("enhetschef", suspicion=True),
    )
    _unasked(
        town,
        "SoL 19:1 concerns a child: a reserve number tells no age, so a human looks.",
        "2026-09-28T22:00:00Z",
        EMERGENCY_WARD,
        social("0180"),
        PATIENT,
        piece("health_record", "Pojken är rädd för dem som väntar utanför.", ["OSL 25:1"], refer("SoL 19:1")),
        "sol_19_1",
        purpose="support",
        answers=judged("sjuksköterska", child_at_risk=True),
    )


def _unasked(
    town: Town, why: str, at: str, sender: Desk, to: Desk, about: Json, one: Piece, ground: str, **more: Any
) -> None:
    """One item on own initiative under one ground, to avert crime unless `more` says otherwise."""
    town.disclosure(why, at, sender, to, about, [one], basis=[ground], **{"purpose": "avert", **more})
