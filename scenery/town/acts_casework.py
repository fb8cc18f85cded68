"""The group in Huddinge meets, then a council hears of it: casework in a programme, under its agreement."""

from scenery.town.acts_group import AGREEMENT, CASE, POLICE, SOCIAL
from scenery.town.people import EMIL, TYRA
from scenery.town.places import Desk, police, social
from scenery.town.writing import Town, judgements, piece, refer, release, withhold


def group_meets(town: Town) -> None:
    """A consent alone carries a disclosure; a sharing in the group needs the programme's agreement too."""
    town.disclosure(
        "SIG: the consent and the agreement of both parties carry it.",
        "2026-09-24T07:00:00Z",
        SOCIAL.to(POLICE),
        EMIL,
        [piece("social_record", "Han börjar i det nya laget på torsdag.", ["OSL 26:1"], release("OSL 12:2"))],
        kind="CaseSharing",
        programme="sig",
        agreement=AGREEMENT["agreement"],
        basis=["consent"],
        purpose="prevent",
        case=CASE,
        views={"child": "sought", "guardians": "sought", "why": "Han och båda vårdnadshavarna vill att gruppen vet."},
    )
    town.disclosure(
        "The same under a programme that the parties have no agreement on.",
        "2026-09-24T07:10:00Z",
        SOCIAL.to(POLICE),
        EMIL,
        [
            piece(
                "social_record",
                "Han börjar i det nya laget på torsdag.",
                ["OSL 26:1"],
                withhold(None, "out_of_agreement"),
            )
        ],
        kind="CaseSharing",
        programme="sspf",
        basis=["consent"],
        purpose="prevent",
        case=CASE,
    )
    town.disclosure(
        "Outside the agreement's area: the child lives in Haninge.",
        "2026-09-24T07:20:00Z",
        SOCIAL.to(POLICE),
        {**EMIL, "municipality": "0136"},
        [piece("observation", "Han ses i centrum om kvällarna.", ["OSL 26:1"], withhold(None, "out_of_agreement"))],
        kind="CaseSharing",
        programme="sig",
        basis=["consent"],
        purpose="prevent",
        case=CASE,
    )
    town.disclosure(
        "A ground of its own needs neither consent nor agreement: OSL 10:18 a.",
        "2026-09-24T07:30:00Z",
        SOCIAL.to(POLICE),
        TYRA,
        [piece("network", "Hon har erbjudits pengar av en äldre kille.", ["OSL 26:1"], release("OSL 10:18 a"))],
        kind="CaseSharing",
        programme="sig",
        basis=["osl_18a"],
        answers=judgements("enhetschef", concrete_risk=True, not_unsuitable=True),
        purpose="prevent",
        case=CASE,
    )


def councils(town: Town) -> None:
    """Local councils concern named children, a ground for each item; regional ones are strategic."""
    local = Desk("polismyndigheten", "bob_council", area="0126")
    town.disclosure(
        "A local council: OSL 10:18 a carries the item.",
        "2026-09-24T12:00:00Z",
        SOCIAL.to(local),
        TYRA,
        [piece("network", "Samma kille har hört av sig till två till.", ["OSL 26:1"], release("OSL 10:18 a"))],
        kind="CouncilReferral",
        level="local",
        basis=["osl_18a"],
        answers=judgements("enhetschef", concrete_risk=True, not_unsuitable=True),
        purpose="prevent",
        case=CASE,
    )
    town.disclosure(
        "A regional council is strategic: whether it may hear of a person is for a human, whatever ground there is.",
        "2026-09-24T12:30:00Z",
        social("0126").to(police("0126")),
        TYRA,
        [
            piece(
                "network",
                "Ett namngivet barn hör inte hit.",
                ["OSL 26:1"],
                refer("OSL 10:18 a", bar="personal_data", doubtful=["personal_data"]),
            )
        ],
        kind="CouncilReferral",
        level="regional",
        basis=["osl_18a"],
        answers=judgements("enhetschef", concrete_risk=True, not_unsuitable=True),
        purpose="prevent",
    )
