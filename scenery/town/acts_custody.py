"""Seventh story, Tyresö with Nacka: a night patrol takes care of children, whose guardians the police talk with.

Polislagen 12 § on custody; 6 § on telling the social services; a concern that is met is notified (SoL 19:1).
"""

from scenery.town.acts_concern import notify
from scenery.town.people import ELLIOT, EMIL, NOEL, PATIENT, STRANGER, TINDRA, VILGOT, Json
from scenery.town.places import TALLKOTTEN, Desk, police, social
from scenery.town.writing import Town, goes_back, stays

TYRESO = police("0138")
BOARD = social("0138")
NACKA = police("0182")
CARE = "polislagen_12"
TELLS = "polislagen_6"


def handovers(town: Town) -> None:
    """A child is taken care of, and promptly handed to a guardian or to the social board."""
    night: Json = {"taken_at": "2026-10-02T22:40:00Z", "place": "Källarlokal i centrum", "handed_to": "social_board"}
    for why, at, handed in (
        ("The girl is taken care of and on her way to the board: place and time so far.", "2026-10-02T22:55:00Z", None),
        (
            "Handed over: the time of that as well, so that the hours between can be seen.",
            "2026-10-02T23:35:00Z",
            "2026-10-02T23:30:00Z",
        ),
    ):
        body = {"subject": TINDRA, **night, **({"handed_at": handed} if handed else {})}
        town.other("CustodyHandover", why, at, TYRESO.to(BOARD), body, ground=CARE, case="SYD-2026-0447")
    guardian = {**night, "handed_to": "guardian", "handed_at": "2026-10-03T00:20:00Z"}
    own = TYRESO.to(Desk("polismyndigheten"))
    town.other(
        "CustodyHandover",
        "Handed to a guardian: recorded with the police themselves, nobody else hears of it.",
        "2026-10-03T00:25:00Z",
        own,
        {"subject": ELLIOT, **guardian},
        ground=CARE,
    )
    for why, at, route, about, outcome in (
        (
            "The boy in the same cellar: under eighteen or not, nobody knows yet.",
            "2026-10-02T23:00:00Z",
            TYRESO.to(BOARD),
            STRANGER,
            "refer",
        ),
        ("Nineteen: 12 § is for those under eighteen.", "2026-10-02T23:10:00Z", TYRESO.to(BOARD), NOEL, "withhold"),
        ("A school is neither guardian nor board.", "2026-10-03T06:00:00Z", TYRESO.to(TALLKOTTEN), TINDRA, "withhold"),
    ):
        body = {"subject": about, **night}
        town.other("CustodyHandover", why, at, route, body, outcome=outcome, bars=[CARE])
    town.unusable(
        "Only a police officer takes care of a child under 12 §.",
        town.envelope("CustodyHandover", "2026-10-03T06:30:00Z", BOARD.to(BOARD), {"subject": TINDRA, **night}),
        "kind_not_allowed",
    )


def conversations(town: Town) -> None:
    """The police invite the social services to a talk at home, tell what came of it, and notify."""
    board = social("0182")
    visit: Json = {"subject": VILGOT, "held_at": "2026-10-08T16:00:00Z", "social_services_invited": True}
    for why, at, more in (
        ("The social services are invited to a talk with the guardians at home.", "2026-10-06T12:00:00Z", {}),
        (
            "What came of it, and no more than needed: there is cause for concern.",
            "2026-10-08T18:10:00Z",
            {"outcome": "follow_up", "concern_met": True},
        ),
    ):
        body = {**visit, **more}
        town.other(
            "GuardianConversation",
            why,
            at,
            NACKA.to(board),
            body,
            ground=TELLS,
            doubtful=[TELLS],
            case="SYD-2026-0452",
        )
    notify(
        town,
        "SoL 19:1 is met, so the police notify at once; the talk is no substitute.",
        "2026-10-08T18:30:00Z",
        NACKA.to(board),
        VILGOT,
        concerns=["network", "violence"],
        text="Vid hembesöket berättade vårdnadshavarna om hot mot familjen.",
        ground="sol_19_1",
        case="SYD-2026-0452",
    )
    town.other(
        "GuardianConversation",
        "A talk to which the social services were not invited, for it ended well: recorded with the police themselves.",
        "2026-10-09T15:00:00Z",
        police("0126").to(Desk("polismyndigheten")),
        {"subject": EMIL, "held_at": "2026-10-09T13:00:00Z", "outcome": "agreed"},
        ground=TELLS,
        doubtful=[TELLS],
    )
    town.other(
        "GuardianConversation",
        "Whose guardians? A reserve number tells no age, and nobody above eighteen has any.",
        "2026-10-09T16:00:00Z",
        police("0180").to(social("0180")),
        {"subject": PATIENT, "held_at": "2026-10-09T14:00:00Z", "social_services_invited": True},
        **goes_back(TELLS, doubtful=[TELLS]),
    )
    for why, at, route in (
        (
            "An invitation that stays with the police invites nobody.",
            "2026-10-06T12:10:00Z",
            NACKA.to(Desk("polismyndigheten")),
        ),
        ("6 § goes to the social services, not to the school.", "2026-10-08T18:20:00Z", NACKA.to(TALLKOTTEN)),
    ):
        town.other("GuardianConversation", why, at, route, visit, **stays(TELLS))
