"""Sixth story, Botkyrka in October: several people notify of one child of twelve (SoL 19 kap.).

Who must notify and who may, to which board, and what the reporter hears back.
"""

from dataclasses import dataclass
from typing import Any

from scenery.town.people import ALMA, LEO, NOEL, PATIENT, Json
from scenery.town.places import EMERGENCY_WARD, LARKAN, PUBLIC, Desk, Route, education, police, school, social, state
from scenery.town.writing import Town, goes_back, judgements, stays

POLICE = police("0127")
SOCIAL = social("0127")
CASE = "BOT-SN-2026-163"
TEACHER = school("skola-tallkotten", "teacher")
DUTY = "sol_19_1"
MAY = "sol_19_4"


@dataclass(frozen=True)
class Reported:
    """The notifications on the boy that the board has received."""

    teacher: str
    nurse: str
    police: str
    relative: str
    unnamed: str


def notify(
    town: Town,
    why: str,
    at: str,
    route: Route,
    about: Json,
    *,
    concerns: list[str],
    text: str,
    more: Json | None = None,
    **expected: Any,
) -> str:
    """A notification of concern; `more` are further fields of its body. Gives its id."""
    body = {"subject": about, "concerns": concerns, "text": text, **(more or {})}
    return town.other("ConcernNotification", why, at, route, body, **expected)


def three_reporters(town: Town) -> Reported:
    """A teacher, the nurse of the same school, and the police; then two private persons, one without a name."""
    teacher = notify(
        town,
        "SoL 19:1: whoever works at a school must notify at once; as a mandated reporter she asks for feedback.",
        "2026-10-01T07:30:00Z",
        TEACHER.to(SOCIAL),
        LEO,
        concerns=["school_absence", "network"],
        text="Han har slutat komma till de första lektionerna och har en ny telefon varje vecka.",
        more={"feedback_requested": True},
        ground=DUTY,
        case="TK-2026-23",
    )
    nurse = notify(
        town,
        "The nurse of the same school notifies too: the board is told that both concern one child; one source so far.",
        "2026-10-01T09:10:00Z",
        school("skola-tallkotten", "school_health").to(SOCIAL),
        LEO,
        concerns=["violence"],
        text="Han kom med en svullen hand och ville inte säga var han hade varit.",
        ground=DUTY,
    )
    seen = notify(
        town,
        "The police must notify as well: three notifications, and with them two independent sources.",
        "2026-10-02T21:45:00Z",
        POLICE.to(SOCIAL),
        LEO,
        concerns=["crime", "network"],
        text="Han fanns i en bil där äldre personer kontrollerades för narkotikabrott.",
        more={"feedback_requested": True},
        ground=DUTY,
        case="SYD-2026-0446",
    )
    relative = notify(
        town,
        "SoL 19:4: everyone should. A private person gives a name, and asks for feedback.",
        "2026-10-03T10:00:00Z",
        PUBLIC.to(SOCIAL),
        LEO,
        concerns=["network"],
        text="Jag är släkt med honom. Han vågar inte gå ut på kvällen utan att ringa någon först.",
        more={"feedback_requested": True},
        ground=MAY,
    )
    unnamed = notify(
        town,
        "Anonymous: who it was is stored nowhere, and no inbox gets a receipt.",
        "2026-10-03T18:20:00Z",
        PUBLIC.to(SOCIAL),
        LEO,
        concerns=["neglect"],
        text="Pojken i huset mitt emot är ensam hemma om nätterna.",
        more={"anonymous": True},
        ground=MAY,
        case="GRANNE-MITT-EMOT-4711",
    )
    return Reported(teacher, nurse, seen, relative, unnamed)


def not_so_simple(town: Town) -> None:
    """Who is not in the circle, the wrong board, and who is no child."""
    notify(
        town,
        "SoL 19:2: a family counsellor's duty is narrower, and what it asks for is not in a message: a human decides.",
        "2026-10-02T08:00:00Z",
        Desk("kommun-0127", "family_counselling", "caseworker").to(SOCIAL),
        LEO,
        concerns=["neglect"],
        text="Föräldrarna berättar att de inte längre når sin son.",
        **goes_back(DUTY, doubtful=[DUTY]),
    )
    alone = "Han kom hit ensam och ville inte att någon ringde hem."
    for why, at, route, immediate in (
        (
            "He lives in Botkyrka, not in Huddinge: the board there gets it at once, marked that it passes it on.",
            "2026-10-02T09:00:00Z",
            LARKAN.to(social("0126")),
            False,
        ),
        (
            "In need of protection at once: the board where he is may not wait for the one where he lives.",
            "2026-10-04T01:10:00Z",
            EMERGENCY_WARD.to(social("0180")),
            True,
        ),
    ):
        more = {"immediate": immediate}
        notify(town, why, at, route, LEO, concerns=["other"], text=alone, more=more, ground=DUTY)
    notify(
        town,
        "The education office is no social board.",
        "2026-10-02T09:20:00Z",
        TEACHER.to(education("0127")),
        LEO,
        concerns=["school_absence"],
        text="Samma anmälan till fel förvaltning.",
        **stays(DUTY),
    )
    notify(
        town,
        "Nineteen: no child.",
        "2026-10-02T09:40:00Z",
        police("0181").to(social("0181")),
        NOEL,
        concerns=["network"],
        text="Han bor åter hos en bekant i området.",
        **stays(DUTY),
    )
    notify(
        town,
        "The nurse has looked again, and says that the child does not fare badly.",
        "2026-10-02T10:00:00Z",
        school("skola-tallkotten", "school_health").to(SOCIAL),
        LEO,
        concerns=["other"],
        text="Utkast efter samtal med eleven.",
        more={"assessments": judgements("skolsköterska", child_at_risk=False)},
        **stays(DUTY),
    )
    notify(
        town,
        "A reserve number tells no age: whether he is a child is for a human.",
        "2026-10-03T23:00:00Z",
        EMERGENCY_WARD.to(social("0180")),
        PATIENT,
        concerns=["violence"],
        text="Han är tillbaka med en ny skada.",
        **goes_back(DUTY),
    )


def protected(town: Town) -> None:
    """The girl under protected registration: it goes at once, and the board sees the mark ("genast", SoL 19:1)."""
    for why, at, answers in (
        ("Protected registration: the notification waits for nobody.", "2026-10-05T07:00:00Z", []),
        ("Nor does it where somebody has weighed harm.", "2026-10-06T08:00:00Z", judgements("rektor", harm=True)),
    ):
        answered = {"assessments": answers}
        route = LARKAN.to(social("0182"))
        notify(town, why, at, route, ALMA, concerns=["network"], text="Bilen är tillbaka.", more=answered, ground=DUTY)
    notify(
        town,
        "SoL 19:4 breaks no secrecy: what an authority outside SoL 19:1 knows of a child is for a human.",
        "2026-10-06T08:30:00Z",
        state("transportstyrelsen").to(social("0182")),
        ALMA,
        concerns=["network"],
        text="Hon står som ägare till fyra fordon.",
        **goes_back(MAY),
    )
