"""Twelfth story: the forms of cooperation beside SIG, and the councils at their three levels.

Consent or another ground for each item, between members of the programme that have confirmed its agreement.
"""

from scenery.town.acts_group import consent, yes
from scenery.town.people import ADAM, ELLIOT, EMIL, FIRM, LEO, TINDRA, Json
from scenery.town.places import ASSOCIATION, CHILD_PSYCHIATRY, COUNTY_BOARD, TALLKOTTEN, Desk, police, social, state
from scenery.town.writing import Town, Verdict, judgements, none_applies, piece, refer, release, withhold

PRISONS = state("kriminalvarden")
CARE = ["OSL 26:1"]
TEXT = "Planen följs upp varannan vecka."


def programmes(town: Town) -> None:
    """SSPF, LOSAM, Rätt kurva, Trefas and local BOB casework: both confirm, the person consents, an item moves."""
    for day, programme, code, other, about, signers in (
        (20, "sspf", "0127", police("0127"), ELLIOT, ("guardian",)),
        (21, "losam", "0138", police("0138"), TINDRA, ("guardian",)),
        (22, "ratt_kurva", "0126", police("0126"), EMIL, ("guardian", "subject")),
        (23, "trefas", "0180", PRISONS, ADAM, ("subject",)),
        (26, "bob_local", "0127", police("0127"), LEO, ("guardian",)),
    ):
        office, name = social(code), f"{programme.upper()}-{code}"
        both = [office.authority, other.authority]
        agreed = {
            "agreement": name,
            "programme": programme,
            "parties": both,
            "purposes": ["prevent", "support"],
            "area": [code],
            "valid_from": "2026-10-01",
        }
        for hour, desk in ((7, office), (8, other)):
            why = f"{name}: a party confirms the agreement of the programme."
            town.registration("CooperationAgreement", why, f"2026-10-{day}T0{hour}:00:00Z", desk, agreed)
        given = consent(
            f"{name}-1",
            about,
            yes(*signers),
            signers.count("guardian"),
            programme=programme,
            parties=both,
            valid_from="2026-10-15",
        )
        why = f"{name}: who must sign has signed."
        town.registration("ConsentGiven", why, f"2026-10-{day}T09:00:00Z", office, given)
        town.disclosure(
            f"{name}: consent and agreement carry it.",
            f"2026-10-{day}T10:00:00Z",
            office.to(other),
            about,
            [piece("social_record", TEXT, CARE, release("OSL 12:2"))],
            kind="CaseSharing",
            programme=programme,
            agreement=name,
            basis=["consent"],
            purpose="support",
        )
    town.disclosure(
        "BOB_LOCAL-0127: what the consent doesn't cover needs a ground of its own, and its tests have no answers.",
        "2026-10-26T11:00:00Z",
        social("0127").to(police("0127")),
        LEO,
        [piece("threat", "Vem han är rädd för.", CARE, refer("OSL 10:18 a", "concrete_risk", "not_unsuitable"))],
        kind="CaseSharing",
        programme="bob_local",
        agreement="BOB_LOCAL-0127",
        basis=["osl_18a"],
        purpose="prevent",
    )


def unusual_members(town: Town) -> None:
    """An agreement that both have sent decides who is in a programme: civil society is not usually in SSPF, a doubt."""
    agreed = {
        "agreement": "SSPF-0127-NV",
        "programme": "sspf",
        "parties": ["kommun-0127", "forening-nattvakten"],
        "purposes": ["prevent"],
        "valid_from": "2026-10-01",
        "valid_until": "2026-11-30",
    }
    for at, desk in (("2026-10-27T07:00:00Z", social("0127")), ("2026-10-27T07:10:00Z", ASSOCIATION)):
        why = "An agreement may be confirmed by any two: it decides who takes part."
        town.registration("CooperationAgreement", why, at, desk, agreed)
    both = ["kommun-0127", "forening-nattvakten"]
    given = consent("SSPF-0127-2", ELLIOT, yes("guardian"), 1, programme="sspf", parties=both, valid_from="2026-10-15")
    why = "The guardian consents to it."
    town.registration("ConsentGiven", why, "2026-10-27T08:00:00Z", social("0127"), given)
    town.disclosure(
        "Civil society is not usually in SSPF; the agreement decides, and the doubt is shown.",
        "2026-10-27T08:10:00Z",
        social("0127").to(ASSOCIATION),
        ELLIOT,
        [piece("social_record", TEXT, CARE, release("OSL 12:2", doubtful=["consent"]))],
        kind="CaseSharing",
        programme="sspf",
        basis=["consent"],
        purpose="prevent",
    )


def councils(town: Town) -> None:
    """National and regional councils are strategic; local ones of named children, each item with its ground."""
    local = Desk("polismyndigheten", "bob_council", area="0127")
    risk = judgements("enhetschef", not_unsuitable=True)
    cases: tuple[tuple[str, Desk, Desk, Json, str, list[str], Verdict, Json], ...] = (
        (
            "National: whether it may hear of a person is for a human, whatever ground there is.",
            social("0127"),
            Desk("polismyndigheten", "bob_council"),
            LEO,
            "national",
            CARE,
            refer("OSL 10:18 a", "concrete_risk", bar="personal_data", doubtful=["personal_data"]),
            {"basis": ["osl_18a"], "answers": risk},
        ),
        (
            "Regional, and nobody is named: how a firm hires may be told, for no secrecy covers it.",
            COUNTY_BOARD,
            Desk("polismyndigheten", "bob_council", area="polisregion-stockholm"),
            FIRM,
            "regional",
            [],
            release(None),
            {"basis": ["open_information"], "said": none_applies("samordnare", "Ingen nämns.")},
        ),
        (
            "Local: the rektor tells of a pupil under 7 §.",
            TALLKOTTEN,
            local,
            LEO,
            "local",
            ["OSL 23:2"],
            release("2025:170 7 §"),
            {"basis": ["s170_7_own"], "answers": judgements("rektor", need=True, overriding_reasons=False)},
        ),
        (
            "Local: nobody has said whether there is a concrete risk (OSL 10:18 a).",
            social("0127"),
            local,
            LEO,
            "local",
            CARE,
            refer("OSL 10:18 a", "concrete_risk"),
            {"basis": ["osl_18a"], "answers": risk},
        ),
        (
            "Local: child psychiatry has no ground, and the council has no secrecy rule of its own.",
            CHILD_PSYCHIATRY,
            local,
            LEO,
            "local",
            ["OSL 25:1"],
            withhold(None, None),
            {},
        ),
        (
            "An association in a council: that is a doubt and no bar, but it has no ground.",
            ASSOCIATION,
            local,
            LEO,
            "local",
            [],
            withhold(None, None),
            {},
        ),
    )
    for hour, (why, sender, to, about, level, secrecy, verdict, more) in enumerate(cases, 8):
        said = more.pop("said", [])
        town.disclosure(
            why,
            f"2026-10-28T{hour:02}:00:00Z",
            sender.to(to),
            about,
            [piece("observation", "Så går värvningen till.", secrecy, verdict, answers=said)],
            kind="CouncilReferral",
            level=level,
            purpose="prevent",
            **more,
        )
