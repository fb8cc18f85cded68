"""Fourth story, Haninge, a boy of 17 suspected of robbery with younger ones: a home for care, a sentence."""

from scenery.town.people import ALMA, HUGO, LEO, MILO, NOEL
from scenery.town.places import CARE_HOME, COURT, CRIME_UNIT, PROSECUTOR, police, social, state
from scenery.town.writing import Town, committed_offence, feared_offence, judgements, piece, refer, release, withhold

HANINGE = social("0136")
POLICE = police("0136")
CARE = ["OSL 26:1"]
ROBBERY = committed_offence("BrB 8:5", "2026-09-12")


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
        answers=judgements("förundersökningsledare", suspicion=True),
        lul_notice={
            "mediation_asked": True,
            "mediation_answer": "undecided",
            "deprived_of_liberty": "arrested",
            "why": "Risk att han påverkar målsäganden.",
        },
    )
    town.disclosure(
        "LUL 6 §: he was arrested, and the notice does not say why.",
        "2026-09-14T12:10:00Z",
        CRIME_UNIT.to(HANINGE),
        MILO,
        [
            piece(
                "other",
                "Anhållen den 14 september.",
                ["OSL 35:1"],
                refer("1964:167 6 §", bar="incomplete"),
            )
        ],
        basis=["lul_6"],
        purpose="support",
        offence=ROBBERY,
        answers=judgements("förundersökningsledare", suspicion=True),
        lul_notice={"mediation_asked": False, "deprived_of_liberty": "arrested"},
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
        answers=judgements("enhetschef", importance=True),
    )
    for why, offence, verdict in (
        (
            "Assault of normal degree has no minimum of six months: OSL 10:23 does not carry.",
            committed_offence("BrB 3:5", "2026-09-12", degree="normal"),
            withhold("OSL 10:23", "osl_23"),
        ),
        (
            "The table of scales lacks the narcotics act: a human must look.",
            committed_offence("1968:64 3 §", "2026-09-12"),
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
            answers=judgements("enhetschef", importance=True),
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
        answers=judgements("föreståndare", importance=True),
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
        offence=feared_offence("BrB 8:5"),
        answers=judgements("institutionschef", concrete_risk=True, not_unsuitable=True),
    )


def younger_ones(town: Town) -> None:
    """LUL 34 §: under fifteen the board is told sooner; for the gravest offences at fourteen 6 § holds (BrB 1:6)."""
    notice = {"mediation_asked": False, "deprived_of_liberty": "none"}
    for why, child, offence, answers, more, verdict in (
        (
            "LUL 34 §: a boy of twelve can be suspected.",
            LEO,
            ROBBERY,
            judgements("förundersökningsledare", ground="lul_34", suspicion=True),
            {},
            release("1964:167 34 §"),
        ),
        (
            "A boy of fourteen: that he is not reasonably suspected does not answer whether he can be suspected.",
            HUGO,
            ROBBERY,
            judgements("förundersökningsledare", suspicion=False),
            {},
            refer("1964:167 34 §", "suspicion"),
        ),
        (
            "LUL 34 § 2: an inquiry under 31 § has begun; nothing is asked, nothing waited for, identity protected.",
            ALMA,
            ROBBERY,
            (),
            {"circumstances": ["inquiry_31_opened"]},
            release("1964:167 34 §", doubtful=["lul_34", "protected_identity"]),
        ),
        (
            "LUL 1 a, 38 e §§, BrB 1:6: at fourteen, and murder: 6 § holds.",
            HUGO,
            committed_offence("BrB 3:1", "2026-09-12", stage="conspiracy"),
            judgements("förundersökningsledare", suspicion=True),
            {"lul_notice": notice},
            release("1964:167 6 §"),
        ),
    ):
        town.disclosure(
            why,
            "2026-09-15T13:00:00Z",
            CRIME_UNIT.to(HANINGE),
            child,
            [piece("other", "Vad han misstänks för.", ["OSL 35:1"], verdict)],
            basis=["lul_6", "lul_34"] if more else ["lul_34"],
            purpose="support",
            offence=offence,
            answers=answers,
            **more,
        )


def opinion(town: Town) -> None:
    """LUL 11 §: what the prosecutor asks of the board; SoL 15:4, OSL 35:15 a and 10:2."""
    asked = town.request(
        "LUL 11 §: the board's opinion, and what the prosecutor asks to know.",
        "2026-09-21T08:00:00Z",
        PROSECUTOR.to(HANINGE),
        MILO,
        purpose="prosecute",
        need="Yttrande inför beslut i åtalsfrågan, senast den 5 oktober.",
        categories=["social_record", "school_support"],
        basis=["lul_11"],
    )
    town.disclosure(
        "LUL 11 § last paragraph: a duty without weighing, not closed by 2025:170 8 §; of another a human looks.",
        "2026-09-28T08:00:00Z",
        HANINGE.to(PROSECUTOR),
        MILO,
        [
            piece(
                "social_record", "Yttrande: två tidigare insatser, vårdplan bifogas.", CARE, release("1964:167 11 §")
            ),
            piece(
                "social_record",
                "Vad systern har berättat om hemmet.",
                CARE,
                refer("1964:167 11 §", doubtful=["lul_11"]),
                concerns=[HUGO],
            ),
        ],
        in_reply_to=asked,
        basis=["lul_11"],
        offence=ROBBERY,
    )
    town.disclosure(
        "OSL 35:15 a: the plan of one who is nineteen and in prison, if it is needed.",
        "2026-09-29T08:00:00Z",
        state("kriminalvarden").to(social("0181")),
        NOEL,
        [piece("custody_status", "Permission planeras i november.", ["OSL 35:15 1 st"], release("OSL 35:15 a"))],
        basis=["osl_35_15a"],
        purpose="support",
        circumstances=["serving_prison"],
        answers=judgements("kriminalvårdsinspektör", need=True),
    )
    paid = town.request(
        "SoL 15:4: Försäkringskassan asks what has been paid.",
        "2026-09-29T09:00:00Z",
        state("forsakringskassan").to(social("0181")),
        NOEL,
        purpose="wrong_payment",
        need="Prövning av återkrav för augusti.",
        categories=["benefit"],
        basis=["sol_15_4"],
    )
    town.disclosure(
        "SoL 15:4: benefits paid, on request, against wrong payments; nothing is weighed.",
        "2026-09-30T08:00:00Z",
        social("0181").to(state("forsakringskassan")),
        NOEL,
        [piece("benefit", "Utbetalt i augusti: 4 100 kronor.", CARE, release("SoL 15:4"))],
        in_reply_to=paid,
        basis=["sol_15_4"],
    )
    own = judgements("enhetschef", ground="osl_10_2", necessary_for_own_task=True)
    town.disclosure(
        "OSL 10:2: only claimed, answered on the item for this ground, and always doubtful.",
        "2026-09-30T09:00:00Z",
        state("forsakringskassan").to(social("0181")),
        NOEL,
        [
            piece(
                "benefit",
                "Vad som krävs för att få svar.",
                ["OSL 28:1"],
                release("OSL 10:2", doubtful=["osl_10_2"]),
                answers=own,
            ),
            piece(
                "benefit", "Ur ett läkarutlåtande.", ["OSL 25:1"], refer("OSL 10:2", doubtful=["osl_10_2"]), answers=own
            ),
        ],
        basis=["osl_10_2"],
        purpose="other",
    )
