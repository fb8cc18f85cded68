"""Fourth story, second part: what schools, social services and health care around the area tell unasked."""

from scenery.town.people import ADAM, ELLIOT, IDA, MILO, PATIENT, STRANGER, TINDRA, VILGOT
from scenery.town.places import (
    CHILD_PSYCHIATRY,
    EMERGENCY_WARD,
    LEISURE,
    PROSECUTOR,
    SJOGLIMT,
    SOLROSEN,
    TALLKOTTEN,
    police,
    social,
    state,
)
from scenery.town.writing import Town, committed_offence, feared_offence, judgements, piece, refer, release, withhold

HANINGE = social("0136")
POLICE = police("0136")
SECURITY = state("sakerhetspolisen")
CARE = ["OSL 26:1"]
USED = committed_offence("BrB 16:5 a", "2026-09-10", subject_is="other")
"""Involving a minor in crime: the child is the one who was used."""


def schools(town: Town) -> None:
    """What is reported from schools and leisure centres."""
    robbery = committed_offence("BrB 9:6", "2026-09-22", degree="normal", connected_with_school=True)
    town.disclosure(
        "Skollagen 6 a:10: the rektor reports; whether it breaks the school nurse's secrecy is open.",
        "2026-09-22T11:00:00Z",
        SJOGLIMT.to(police("0126")),
        MILO,
        [
            piece(
                "school_incident",
                "Stulna telefoner låg i ett skåp på skolan.",
                ["OSL 23:2"],
                release("skollagen 6 a:10", doubtful=["skol_6a_10"]),
            ),
            piece(
                "health_record",
                "Skolsköterskans iakttagelse.",
                ["OSL 25:1"],
                refer("skollagen 6 a:10", doubtful=["skol_6a_10"]),
            ),
        ],
        basis=["skol_6a_10"],
        purpose="investigate",
        offence=robbery,
        answers=judgements("rektor", suspicion=True, overriding_reasons=False),
    )
    town.disclosure(
        "The unit is a preschool too, which 6 a:10 leaves out: which of them it was is open.",
        "2026-09-22T11:30:00Z",
        SOLROSEN.to(police("0181")),
        ELLIOT,
        [
            piece(
                "school_incident",
                "En väska gömdes på gården.",
                ["OSL 23:2"],
                refer("skollagen 6 a:10", doubtful=["skol_6a_10"]),
            )
        ],
        basis=["skol_6a_10"],
        purpose="investigate",
        offence=robbery,
        answers=judgements("rektor", suspicion=True, overriding_reasons=False),
    )
    town.disclosure(
        "OSL 10:24: other secrecy than 10:23 names yields where prison is in the scale (BrB 16:5 a).",
        "2026-09-18T08:00:00Z",
        TALLKOTTEN.to(police("0127")),
        ELLIOT,
        [piece("school_incident", "Meddelandena där uppdragen gavs.", ["OSL 23:2"], release("OSL 10:24"))],
        basis=["osl_24"],
        purpose="investigate",
        offence=USED,
        answers=judgements("rektor", importance=True),
    )
    town.disclosure(
        "7 § third paragraph: in an open leisure activity the designated staff have the duty.",
        "2026-09-24T16:00:00Z",
        LEISURE.to(POLICE),
        MILO,
        [
            piece(
                "observation", "Äldre killar delar ut telefoner utanför gården.", ["OSL 23:2"], release("2025:170 7 §")
            )
        ],
        basis=["s170_7_own"],
        purpose="detect",
        answers=judgements("utsedd fritidsledare", need=True, overriding_reasons=False),
    )


def social_services(town: Town) -> None:
    """What social services around the area may say, and to whom."""
    minor = committed_offence("BrB 4:4", "2026-09-19", subject_is="victim")
    record, suspicion = (
        "Pojken säger att han tvingades lämna ifrån sig sin telefon.",
        judgements("enhetschef", suspicion=True),
    )
    town.disclosure(
        "OSL 10:21: an offence of BrB 4 kap. against somebody under 18, whatever its penalty; 8 § never closes it.",
        "2026-09-24T08:00:00Z",
        social("0192").to(PROSECUTOR),
        VILGOT,
        [piece("social_record", record, CARE, release("OSL 10:21"))],
        basis=["osl_21"],
        purpose="avert",
        offence=minor,
        answers=suspicion,
    )
    town.disclosure(
        "BrB 16:5 a is no offence of BrB 3, 4 or 6 kap.: 10:21 does not open it.",
        "2026-09-24T08:30:00Z",
        social("0127").to(POLICE),
        ELLIOT,
        [piece("social_record", "Vem som gav honom uppdragen.", CARE, withhold("OSL 10:21", "osl_21"))],
        basis=["osl_21"],
        purpose="avert",
        offence={**USED, "victim_under_18": True},
        answers=suspicion,
    )
    town.disclosure(
        "For a committed offence OSL 10:23 may be the stricter rule beside 10:15 a: a human decides.",
        "2026-09-24T08:40:00Z",
        social("0127").to(POLICE),
        ELLIOT,
        [piece("social_record", "Vem som gav honom uppdragen.", CARE, refer("OSL 10:15 a", doubtful=["osl_15a"]))],
        basis=["osl_15a"],
        purpose="avert",
        offence=USED,
        answers=judgements("enhetschef", need=True, overriding_reasons=False),
    )
    town.disclosure(
        "OSL 10:22: narcotics handed to somebody under 18.",
        "2026-09-24T09:00:00Z",
        HANINGE.to(POLICE),
        ADAM,
        [piece("social_record", "Han betalar pojkarna i tabletter.", CARE, release("OSL 10:22"))],
        basis=["osl_22"],
        purpose="avert",
        offence=committed_offence("1968:64 1 §", "2026-09-20", victim_under_18=True),
        answers=suspicion,
    )
    town.disclosure(
        "OSL 10:18 c: gross assault on somebody close is feared.",
        "2026-09-24T09:30:00Z",
        HANINGE.to(POLICE),
        MILO,
        [piece("threat", "Han har hotat att skada sin bror om denne pratar.", CARE, release("OSL 10:18 c"))],
        basis=["osl_18c"],
        purpose="avert",
        offence=feared_offence("BrB 3:6", degree="gross", close_relation=True),
        answers=judgements("enhetschef", concrete_risk=True, not_unsuitable=True),
    )
    town.disclosure(
        "OSL 10:19: drunk driving is about to happen.",
        "2026-09-25T20:10:00Z",
        social("0181").to(police("0181")),
        ADAM,
        [piece("observation", "Han kör berusad från boendet just nu, grå skåpbil.", CARE, release("OSL 10:19"))],
        basis=["osl_19"],
        purpose="avert",
        offence=feared_offence("1951:649 4 §"),
        answers=judgements("jourhandläggare", imminent_danger=True),
    )
    met = ["met_by_staff"]
    town.disclosure(
        "OSL 10:20: staff meet a child in obvious and imminent danger.",
        "2026-09-25T21:00:00Z",
        social("0138").to(police("0138")),
        TINDRA,
        [piece("observation", "Flickan är påverkad och ensam med två män i en källare.", CARE, release("OSL 10:20"))],
        basis=["osl_20"],
        purpose="avert",
        circumstances=met,
        answers=judgements("fältsekreterare", imminent_danger=True),
    )
    town.disclosure(
        "OSL 10:20 asks whether the child is under 18: the age is not known, so a human looks.",
        "2026-09-25T21:05:00Z",
        social("0138").to(police("0138")),
        STRANGER,
        [piece("observation", "En okänd pojke i samma källare.", CARE, refer("OSL 10:20"))],
        basis=["osl_20"],
        purpose="avert",
        circumstances=met,
        answers=judgements("fältsekreterare", imminent_danger=True),
    )


def extremism(town: Town) -> None:
    """A girl of 16 drawn to violent extremism; a boy without a known age at the emergency ward."""
    town.disclosure(
        "OSL 10:18 b: terrorist offences are feared; health care may tell Säkerhetspolisen.",
        "2026-09-28T08:00:00Z",
        CHILD_PSYCHIATRY.to(SECURITY),
        IDA,
        [piece("health_record", "Hon beskriver en plan och ett mål.", ["OSL 25:1"], release("OSL 10:18 b"))],
        basis=["osl_18b"],
        purpose="avert",
        offence=feared_offence("2022:666 4 §"),
        answers=judgements("överläkare", concrete_risk=True),
    )
    town.disclosure(
        "OSL 10:22 a: suspicion that a terrorist offence is committed.",
        "2026-09-28T09:00:00Z",
        social("0128").to(SECURITY),
        IDA,
        [piece("social_record", "Hon har spridit uppmaningar i en sluten grupp.", CARE, release("OSL 10:22 a"))],
        basis=["osl_22a"],
        purpose="avert",
        offence=committed_offence("2022:666 7 §", "2026-09-25"),
        answers=judgements("enhetschef", suspicion=True),
    )
    town.disclosure(
        "SoL 19:1 concerns a child: a reserve number tells no age, so a human looks.",
        "2026-09-28T22:00:00Z",
        EMERGENCY_WARD.to(social("0180")),
        PATIENT,
        [piece("health_record", "Pojken är rädd för dem som väntar utanför.", ["OSL 25:1"], refer("SoL 19:1"))],
        basis=["sol_19_1"],
        purpose="support",
        answers=judgements("sjuksköterska", child_at_risk=True),
    )
