"""Fourth story, Haninge: a boy of 17 is suspected of robbery. Offences committed and feared, and a home for care."""

from agents.town.people import MILO
from agents.town.places import CARE_HOME, COURT, CRIME_UNIT, police, social, state
from agents.town.writing import Town, committed, feared, judged, piece, refer, release, withhold

HANINGE = social("0136")
POLICE = police("0136")
CARE = ["OSL 26:1"]
ROBBERY = committed("BrB 8:5", "2026-09-12")


def robbery(town: Town) -> None:
    """A boy of 17 is suspected of robbery."""
    town.disclosure(
        "LUL 6 §: the social board is told at once of a suspect under 18.",
        "2026-09-14T12:00:00Z",
        CRIME_UNIT.to(HANINGE),
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
        HANINGE.to(POLICE),
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
            HANINGE.to(POLICE),
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
        COURT.to(huddinge),
        MILO,
        purpose="other",
        need="Delgivning av stämning i brottmål.",
        categories=["stay_in_care"],
        basis=["sol_15_7"],
        case="B 0000-26",
    )
    town.disclosure(
        "SoL 15:7: whether he stays there, in a single case, on request; nothing is weighed.",
        "2026-09-23T12:00:00Z",
        huddinge.to(COURT),
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
        CARE_HOME.to(HANINGE),
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
        state("statens-institutionsstyrelse").to(POLICE),
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
