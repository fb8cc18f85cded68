"""Second story, Huddinge with Södertälje: cooperation that rests on consent.

A social intervention group (SIG) with three children, and a young man of 19 who wants to leave the network.
"""

from scenery.town.people import EMIL, NOEL, SAGA, TYRA, VILGOT, Json
from scenery.town.places import ASSOCIATION, DEFECTION, SJOGLIMT, police, social
from scenery.town.writing import Town, judgements, none_applies, piece, refer, release, withhold

POLICE = police("0126")
SOCIAL = social("0126")
CASE = "HUD-SN-2026-204"
AGREEMENT = {
    "agreement": "SIG-HUDDINGE-2026",
    "programme": "sig",
    "parties": ["kommun-0126", "polismyndigheten"],
    "purposes": ["prevent", "support"],
    "area": ["0126"],
    "valid_from": "2026-09-01",
    "valid_until": "2027-06-30",
    "signers": [
        {"from_age": 0, "guardians": "all"},
        {"from_age": 12, "subject": True, "guardians": "all"},
        {"from_age": 18, "subject": True},
    ],
}


def yes(*roles: str) -> list[Json]:
    """Signers who all agree."""
    return [{"role": role, "answer": "yes"} for role in roles]


def consent(name: str, about: Json, given_by: list[Json], guardians: int, **more: object) -> Json:
    """A written consent of the group in Huddinge, unless `more` says otherwise."""
    usual = {
        "consent": name,
        "programme": "sig",
        "subject": about,
        "given_by": given_by,
        "guardians": guardians,
        "parties": ["kommun-0126", "polismyndigheten"],
        "categories": ["social_record", "observation", "network"],
        "purposes": ["prevent", "support"],
        "valid_from": "2026-09-15",
        "valid_until": "2026-12-31",
        "form": "written",
    }
    return {**usual, **more}


def agreement(town: Town) -> None:
    """Both parties confirm the same agreement; a third confirms what it is no party to."""
    for at, desk in (("2026-09-15T08:00:00Z", SOCIAL), ("2026-09-15T09:30:00Z", POLICE)):
        why = "A party confirms the agreement: it is in force when both have sent the same body."
        town.registration("CooperationAgreement", why, at, desk, AGREEMENT)
    town.registration(
        "CooperationAgreement",
        "Nobody confirms an agreement that it is no party to.",
        "2026-09-15T09:40:00Z",
        social("0140"),
        AGREEMENT,
        outcome="withhold",
        bars=["out_of_agreement"],
    )


def saga(town: Town) -> None:
    """Sixteen: consent of the guardians and her own, until she takes it back."""
    signed = consent("SIG-2026-014", SAGA, yes("guardian", "guardian", "subject"), 2)
    town.registration("ConsentGiven", "15-17: both guardians and herself sign.", "2026-09-15T13:00:00Z", SOCIAL, signed)
    town.disclosure(
        "OSL 12:2: the consent carries what it covers.",
        "2026-09-16T12:00:00Z",
        SOCIAL.to(POLICE),
        SAGA,
        [piece("social_record", "Hon har bett om en kontaktperson.", ["OSL 26:1"], release("OSL 12:2"))],
        basis=["consent"],
        purpose="prevent",
        case=CASE,
    )
    back = "Hon är tillbaka i klassrummet."
    for why, at, verdict, seen in (
        (
            "Her municipal school is the municipality in law, and so a party: but it did not register the consent.",
            "2026-09-16T13:25:00Z",
            refer("OSL 12:2", "consent_confirmed"),
            (),
        ),
        (
            "The rektor has seen to it.",
            "2026-09-16T13:30:00Z",
            release("OSL 12:2"),
            judgements("rektor", consent_confirmed=True),
        ),
    ):
        town.disclosure(
            why,
            at,
            SJOGLIMT.to(POLICE),
            SAGA,
            [piece("observation", back, ["OSL 23:2"], verdict, answers=seen)],
            basis=["consent"],
            purpose="prevent",
        )
    town.disclosure(
        "Consent lifts only the signer's own protection: an item that concerns another child too is not carried.",
        "2026-09-17T08:00:00Z",
        POLICE.to(SOCIAL),
        SAGA,
        [
            piece(
                "observation",
                "Hon setts hemma varje kväll.",
                ["OSL 35:1"],
                release("OSL 12:2"),
                answers=judgements("handläggare", consent_confirmed=True),
            ),
            piece(
                "network",
                "Hon och en jämnårig vän har hotats av samma person.",
                ["OSL 35:1"],
                withhold("OSL 12:2", "consent"),
                concerns=[SAGA, VILGOT],
            ),
        ],
        basis=["consent"],
        purpose="support",
    )
    town.registration(
        "ConsentWithdrawn",
        "A consent belongs to the authority that registered it: the police can't withdraw it.",
        "2026-09-21T07:00:00Z",
        POLICE,
        {"consent": "SIG-2026-014", "by": "guardian"},
        outcome="withhold",
        bars=["not_own"],
    )
    town.registration(
        "ConsentWithdrawn",
        "She withdraws her consent: it counts at once, and the parties get a notice.",
        "2026-09-21T13:30:00Z",
        SOCIAL,
        {"consent": "SIG-2026-014", "by": "subject"},
    )
    town.disclosure(
        "After the withdrawal the same disclosure no longer carries.",
        "2026-09-21T13:35:00Z",
        SOCIAL.to(POLICE),
        SAGA,
        [piece("social_record", "Hon har fått en kontaktperson.", ["OSL 26:1"], withhold("OSL 12:2", "consent"))],
        basis=["consent"],
        purpose="prevent",
        case=CASE,
    )


def emil_and_tyra(town: Town) -> None:
    """Under fifteen: the guardians, and what an agreement asks for beyond them."""
    alone = consent("SIG-2026-015", EMIL, yes("guardian"), 1)
    town.registration("ConsentGiven", "Under 15: his only guardian signs.", "2026-09-22T07:00:00Z", SOCIAL, alone)
    wish = "Han vill byta fotbollslag för att slippa pressen."
    town.disclosure(
        "The agreement asks for the child's own signature from 12: where the law's floor is there, it is for a human.",
        "2026-09-22T07:30:00Z",
        SOCIAL.to(POLICE),
        EMIL,
        [piece("social_record", wish, ["OSL 26:1"], refer("OSL 12:2", doubtful=["consent"]))],
        basis=["consent"],
        purpose="prevent",
        case=CASE,
    )
    both = consent("SIG-2026-015", EMIL, yes("guardian", "subject"), 1)
    town.registration("ConsentGiven", "Given again it is a new version.", "2026-09-22T14:00:00Z", SOCIAL, both)
    town.disclosure(
        "With his own signature the consent carries; a category that it leaves out is not carried.",
        "2026-09-22T14:10:00Z",
        SOCIAL.to(POLICE),
        EMIL,
        [
            piece("social_record", wish, ["OSL 26:1"], release("OSL 12:2")),
            piece("health_record", "Läkartid i oktober.", ["OSL 26:1"], withhold("OSL 12:2", "consent")),
        ],
        basis=["consent"],
        purpose="prevent",
        case=CASE,
    )
    split = [*yes("guardian"), {"role": "guardian", "answer": "no"}]
    town.registration(
        "ConsentGiven",
        "One guardian says yes and the other no.",
        "2026-09-23T08:00:00Z",
        SOCIAL,
        consent("SSPF-2026-007", TYRA, split, 2, programme="sspf"),
    )
    town.disclosure(
        "FB 6:13: one guardian's no beside another's yes is for a human.",
        "2026-09-23T08:30:00Z",
        SOCIAL.to(POLICE),
        TYRA,
        [piece("observation", "Hon går hem själv igen.", ["OSL 26:1"], refer("OSL 12:2", doubtful=["consent"]))],
        basis=["consent"],
        purpose="prevent",
        case=CASE,
    )


def noel(town: Town) -> None:
    """Nineteen: he alone signs. The consent ends with the last minute of a Swedish day."""
    office = social("0181")
    town.registration(
        "ConsentGiven",
        "From 18 the own signature is enough.",
        "2026-09-16T13:00:00Z",
        office,
        consent(
            "AVH-2026-003",
            NOEL,
            yes("subject"),
            0,
            programme="defection",
            parties=["kommun-0181", "polismyndigheten", "forening-nattvakten"],
            categories=["threat", "network", "housing", "observation"],
            valid_until="2026-09-30",
        ),
    )
    town.disclosure(
        "He lifts secrecy that protects him (OSL 35:1), never that of an investigation (OSL 18:1).",
        "2026-09-18T11:00:00Z",
        DEFECTION.to(office),
        NOEL,
        [
            piece(
                "threat",
                "Hotbilden bedöms som förhöjd i hemkommunen.",
                ["OSL 35:1"],
                release("OSL 12:2"),
                answers=judgements("handläggare", consent_confirmed=True),
            ),
            piece(
                "network",
                "Vilka som utreds för hoten.",
                ["OSL 18:1"],
                withhold("OSL 12:2", "consent", doubtful=["consent"]),
            ),
        ],
        basis=["consent"],
        purpose="support",
        case="SYD-2026-0388",
    )
    town.disclosure(
        "From a private sender the consent makes the disclosure not unauthorised.",
        "2026-09-19T20:15:00Z",
        ASSOCIATION.to(police("0181")),
        NOEL,
        [
            piece(
                "observation",
                "Han ringde i natt och ville bli hämtad. Vi följde honom hem.",
                [],
                release("OSL 12:2", doubtful=["consent"]),
                answers=[
                    *none_applies("ordförande", "Föreningen har ingen tystnadsplikt i lag."),
                    *judgements("ordförande", consent_confirmed=True),
                ],
            )
        ],
        basis=["consent"],
        purpose="prevent",
    )
    last = "Han behöver en bostad i en annan kommun."
    for why, at, verdict in (
        ("The last day counts to its end in Sweden: 23.30.", "2026-09-30T21:30:00Z", release("OSL 12:2")),
        (
            "An hour later it is the first of October in Sweden.",
            "2026-09-30T22:30:00Z",
            withhold("OSL 12:2", "consent"),
        ),
    ):
        town.disclosure(
            why,
            at,
            office.to(DEFECTION),
            NOEL,
            [piece("housing", last, ["OSL 26:1"], verdict)],
            basis=["consent"],
            purpose="support",
        )
