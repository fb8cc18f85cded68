"""Fifth story, Nacka, a girl of 12 under protected registration: the flag stops nothing but the automatic."""

from scenery.town.people import ALMA, VILGOT
from scenery.town.places import LARKAN, police, social
from scenery.town.writing import Town, judgements, piece, refer, release, withhold

POLICE = police("0182")
SOCIAL = social("0182")
CASE = "NAC-SN-2026-061"
BRAKE = "protected_identity"


def asked_about_her(town: Town) -> None:
    """A duty carries, and waits for a human's answer on harm."""
    asked = town.request(
        "A protected identity never stops a request.",
        "2026-09-29T07:00:00Z",
        POLICE.to(SOCIAL),
        ALMA,
        purpose="avert",
        need="Polisen behöver nå familjen om ett hot.",
        categories=["home_address", "phone_or_email"],
        basis=["s170_4"],
        case="SYD-2026-0431",
    )
    reached = judgements("enhetschef", exceptional_reasons=False)
    town.disclosure(
        "4 § would carry both; without an answer on harm the address is referred, and the safe number moves.",
        "2026-09-29T08:00:00Z",
        SOCIAL.to(POLICE),
        ALMA,
        [
            piece(
                "home_address",
                "Adressen finns i skyddad akt.",
                ["OSL 21:3", "OSL 26:1"],
                refer("2025:170 4 §", "harm", bar=BRAKE),
            ),
            piece(
                "phone_or_email",
                "Växeln hos kommunens kontaktperson: 08-000 00 00.",
                ["OSL 21:3", "OSL 26:1"],
                release("2025:170 4 §"),
                answers=judgements("enhetschef", harm=False),
            ),
        ],
        basis=["s170_4"],
        in_reply_to=asked,
        answers=reached,
        case=CASE,
    )


def harm(town: Town) -> None:
    """Harm is found: a permission gives way, a duty is for a human."""
    town.disclosure(
        "Harm against a permission (10:18 a): withheld under OSL 21:3; the item on her brother alone moves.",
        "2026-09-29T09:00:00Z",
        SOCIAL.to(POLICE),
        VILGOT,
        [
            piece(
                "network",
                "Var syskonen träffas.",
                ["OSL 26:1"],
                withhold("OSL 21:3", BRAKE),
                answers=judgements("enhetschef", harm=True),
                concerns=[VILGOT, ALMA],
            ),
            piece("social_record", "Han har lovats en moped.", ["OSL 26:1"], release("OSL 10:18 a")),
        ],
        basis=["osl_18a"],
        purpose="prevent",
        answers=judgements("enhetschef", concrete_risk=True, not_unsuitable=True),
        case=CASE,
    )
    town.disclosure(
        "Harm against a duty (SoL 19:1): which goes first is doubtful, so a human decides.",
        "2026-09-29T10:00:00Z",
        LARKAN.to(SOCIAL),
        ALMA,
        [
            piece(
                "observation",
                "En bil har följt efter henne från skolan.",
                ["skollagen 29:14"],
                refer("SoL 19:1", bar=BRAKE, doubtful=[BRAKE]),
            )
        ],
        basis=["sol_19_1"],
        purpose="support",
        answers=judgements("rektor", child_at_risk=True, harm=True),
    )
