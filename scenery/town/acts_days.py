"""Days that matter: before or after a rule begins, a birthday; lines stand in file order, not in order of time."""

from scenery.town.acts_area import MUNICIPALITY, OPEN, picture
from scenery.town.acts_platform import ORDER, order
from scenery.town.people import ADAM, MILO, NOVA
from scenery.town.places import ASSOCIATION, LARKAN, PLATFORM, police, social, state
from scenery.town.writing import Town, judgements, piece, refer, release, withhold

POLICE = police("0136")
HANINGE = social("0136")


def birthday(town: Town) -> None:
    """OSL 10:18 a ends on the day she turns 21."""
    for why, at, verdict in (
        ("20 until the day's end in Sweden: OSL 10:18 a carries.", "2026-09-20T21:30:00Z", release("OSL 10:18 a")),
        (
            "21 half an hour past midnight in Sweden: it no longer does.",
            "2026-09-20T22:30:00Z",
            withhold("OSL 10:18 a", "osl_18a"),
        ),
    ):
        town.disclosure(
            why,
            at,
            HANINGE.to(POLICE),
            NOVA,
            [piece("social_record", "Hon förvarar väskor åt andra.", ["OSL 26:1"], verdict)],
            basis=["osl_18a"],
            purpose="prevent",
            answers=judgements("jourhandläggare", concrete_risk=True, not_unsuitable=True),
        )


def new_rule(town: Town) -> None:
    """OSL 10:15 a is in force from 2025-12-01, a Swedish day."""
    for why, at, verdict in (
        ("OSL 10:15 a is not in force yet.", "2025-11-30T12:00:00Z", withhold("OSL 10:15 a", "osl_15a")),
        (
            "It is, from the first minutes of 1 December in Sweden.",
            "2025-11-30T23:10:00Z",
            release("OSL 10:15 a"),
        ),
    ):
        town.disclosure(
            why,
            at,
            state("arbetsformedlingen").to(POLICE),
            ADAM,
            [piece("employment", "Anmäld som arbetssökande, anvisad en praktik.", ["OSL 28:11"], verdict)],
            basis=["osl_15a"],
            purpose="detect",
            answers=judgements("handläggare", need=True, overriding_reasons=False),
        )


def unknown_wording(town: Town) -> None:
    """The wording of BrB 3:6 before August 2026 is not among the statutes at hand."""
    town.disclosure(
        "The penal scale of that day is not known: referred, the wording is unknown.",
        "2026-03-10T09:00:00Z",
        HANINGE.to(POLICE),
        MILO,
        [
            piece(
                "threat",
                "Han har hotat sin bror.",
                ["OSL 26:1"],
                refer("OSL 10:18 c", bar="wording_unknown"),
            )
        ],
        basis=["osl_18c"],
        purpose="avert",
        offence={"provision": "BrB 3:6", "committed": False, "degree": "gross", "close_relation": True},
        answers=judgements("enhetschef", concrete_risk=True, not_unsuitable=True),
    )


def private_school(town: Town) -> None:
    """A private school is an authority in OSL's meaning from 2027-01-01; the duty of 7 § it has already."""
    seen = "En äldre pojke väntar på elever efter skolan och visar upp kontanter."
    weighed = judgements("rektor", need=True, overriding_reasons=False)
    for why, at, secrecy, verdict, ground in (
        (
            "7 § binds the rektor of a private school too.",
            "2026-09-30T08:00:00Z",
            "skollagen 29:14",
            release("2025:170 7 §"),
            "s170_7_own",
        ),
        (
            "Not stated is not none: who forgets to name the secrecy is asked whether none applies.",
            "2026-09-30T08:05:00Z",
            None,
            refer("2025:170 7 §", "no_provision_applies"),
            "s170_7_own",
        ),
        (
            "OSL 10:15 a is for authorities: a private school is none before 2027.",
            "2026-09-30T08:10:00Z",
            "skollagen 29:14",
            withhold("OSL 10:15 a", "osl_15a"),
            "osl_15a",
        ),
        (
            "From 2027 it comes under OSL and may use 10:15 a.",
            "2027-01-02T08:00:00Z",
            "OSL 23:2",
            release("OSL 10:15 a"),
            "osl_15a",
        ),
    ):
        town.disclosure(
            why,
            at,
            LARKAN.to(POLICE),
            MILO,
            [piece("observation", seen, [secrecy] if secrecy else [], verdict, answers=weighed)],
            basis=[ground],
            purpose="prevent",
        )


def new_orders(town: Town) -> None:
    """2026:1235 is in force from 15 July 2026, four weeks after it was issued."""
    for why, at, outcome, bars in (
        (
            "Issued, and not yet in force: nobody orders a platform to remove anything.",
            "2026-07-14T12:00:00Z",
            "withhold",
            ["takedown"],
        ),
        ("The first day in force.", "2026-07-15T12:00:00Z", "forward", []),
    ):
        ground = None if bars else "takedown"
        order(town, why, at, ORDER, PLATFORM, outcome=outcome, ground=ground, bars=bars)


def partnership_ends(town: Town) -> None:
    """The partnership with the association holds to the end of the year, a Swedish day; pictures never rested on it."""
    for why, at in (
        ("The last evening counts.", "2026-12-31T22:30:00Z"),
        (
            "An hour later year and agreement are over: without persons the picture goes.",
            "2026-12-31T23:30:00Z",
        ),
    ):
        picture(town, why, at, MUNICIPALITY.to(ASSOCIATION), ground=OPEN)
