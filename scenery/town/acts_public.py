"""Ninth story, what people in the area tell or ask: tips, reports of offences, questions for support.

A tip may be anonymous; it goes to the police of an area, who know the place; a child is as welcome as anybody.
"""

from scenery.town.acts_concern import notify
from scenery.town.people import LEO, MILO
from scenery.town.places import (
    ASSOCIATION,
    CARE_HOME,
    CLINIC,
    NIGHT_CAFE,
    PROSECUTOR,
    PUBLIC,
    TALLKOTTEN,
    Desk,
    Route,
    contact_point,
    police,
    social,
)
from scenery.town.writing import Json, Town, committed_offence, goes_back, stays

BOTKYRKA = police("0127")
SOCIAL = social("0127")
NATIONAL = Desk("polismyndigheten")


def tips(town: Town) -> None:
    """With a name and without one: what reaches the police of the area."""
    unnamed = {"anonymous": True}
    hired = {"offence": committed_offence("BrB 16:5 a", "2026-10-10", subject_is="other")}
    for why, at, route, more, text, case in (
        (
            "Anonymous: nothing that could name the sender is stored, not even the diarienummer.",
            "2026-10-10T21:00:00Z",
            PUBLIC.to(BOTKYRKA),
            unnamed,
            "I källaren på nummer nio lämnas påsar varje kväll vid tio.",
            "HITTELSE-9-NIO",
        ),
        (
            "A youth leader asks for anonymity: no trace of the association either.",
            "2026-10-10T21:30:00Z",
            NIGHT_CAFE.to(BOTKYRKA),
            unnamed,
            "Två äldre delar ut nya telefoner till pojkarna på fritidsgården.",
            "LYKTAN-2026-5",
        ),
        (
            "A child, through the public's intake, in a few words: low threshold.",
            "2026-10-11T15:00:00Z",
            PUBLIC.to(BOTKYRKA),
            hired,
            "en kille skrev att jag får 5000 om jag bär en väska. jag vill inte",
            None,
        ),
        (
            "An association that walks the streets at night.",
            "2026-10-11T23:30:00Z",
            ASSOCIATION.to(BOTKYRKA),
            {},
            "Samma grå bil står vid torget tredje natten i rad.",
            "NV-41",
        ),
        (
            "Social services tip of a place; no person is named.",
            "2026-10-12T08:00:00Z",
            SOCIAL.to(BOTKYRKA),
            {},
            "Fältgruppen ser nya ansikten vid pendeltågsstationen efter skoltid.",
            None,
        ),
        (
            "No area is named: the registry of the police hands it on, and nothing is lost.",
            "2026-10-12T08:05:00Z",
            ASSOCIATION.to(NATIONAL),
            {},
            "Det säljs från en husvagn som flyttas mellan rastplatserna.",
            None,
        ),
    ):
        town.other("Tip", why, at, route, {"text": text, **more}, case=case)
    town.unusable(
        "A tip without a word: recorded as unusable, and nothing that came from the public is kept.",
        town.envelope("Tip", "2026-10-12T09:00:00Z", PUBLIC.to(BOTKYRKA), {"text": ""}),
        "invalid_value",
    )


def tips_that_stop(town: Town) -> None:
    """The wrong one, and those who must weigh before they tell of a named person."""
    for why, at, route, more, outcome, bar in (
        (
            "What a school knows of a named pupil is given item by item too.",
            "2026-10-12T08:10:00Z",
            TALLKOTTEN.to(BOTKYRKA),
            {"subject": LEO},
            "refer",
            "by_item",
        ),
        (
            "A municipality takes no tips on crime.",
            "2026-10-12T08:20:00Z",
            PUBLIC.to(Desk("kommun-0127")),
            {},
            "withhold",
            "receiver",
        ),
        (
            "What social services know of a named child is given item by item, each with its ground.",
            "2026-10-12T08:30:00Z",
            SOCIAL.to(BOTKYRKA),
            {"subject": LEO},
            "refer",
            "by_item",
        ),
        (
            "That they leave out their name changes nothing: the secrecy is the child's.",
            "2026-10-12T08:40:00Z",
            SOCIAL.to(BOTKYRKA),
            {"subject": LEO, "anonymous": True},
            "refer",
            "by_item",
        ),
        (
            "A private home for care has its silence too.",
            "2026-10-12T08:50:00Z",
            CARE_HOME.to(police("0136")),
            {"subject": MILO},
            "refer",
            "by_item",
        ),
    ):
        body = {"text": "Han hämtas av en grå bil varje torsdag.", **more}
        town.other("Tip", why, at, route, body, outcome=outcome, bars=[bar])


def reports(town: Town) -> None:
    """Offences reported, by those who saw and those who treated."""
    assault = {"offence": committed_offence("BrB 3:5", "2026-10-11", subject_is="victim")}
    fraud = {"offence": committed_offence("BrB 9:6", "2026-10-11", degree="normal")}
    cases: tuple[tuple[str, str, Route, Json, Json], ...] = (
        ("Anybody reports an offence to the police of the area.", "10:00", PUBLIC.to(BOTKYRKA), fraud, {}),
        (
            "And may leave out the name.",
            "10:10",
            PUBLIC.to(BOTKYRKA),
            {"anonymous": True, **assault},
            {"case": "VITTNE-17"},
        ),
        ("No area is named: it is taken in all the same.", "10:20", ASSOCIATION.to(NATIONAL), assault, {}),
        (
            "A clinic reports what a named patient has suffered: item by item (PSL 6 kap.).",
            "10:30",
            CLINIC.to(BOTKYRKA),
            {"subject": LEO, **assault},
            goes_back("by_item"),
        ),
        (
            "Reports are received by the police, not by the prosecutor.",
            "10:40",
            PUBLIC.to(PROSECUTOR),
            fraud,
            stays("receiver"),
        ),
    )
    for why, at, route, more, expected in cases:
        body = {"text": "Det hände utanför affären på torget.", **more}
        town.other("OffenceReport", why, f"2026-10-12T{at}:00Z", route, body, **expected)


def support(town: Town) -> None:
    """Somebody at home, or in an association, asks for help."""
    body = {"topic": "Mitt barn har fått nya vänner", "text": "Vem kan vi prata med utan att det blir en utredning?"}
    for why, at, route, expected in (
        ("A mother asks the contact point.", "07:00", PUBLIC.to(contact_point("0127")), {}),
        ("An association asks for a family.", "07:10", ASSOCIATION.to(contact_point("0127")), {}),
        ("Social services answer too.", "07:20", PUBLIC.to(SOCIAL), {}),
        ("The police are no contact point for support.", "07:30", PUBLIC.to(BOTKYRKA), stays("receiver")),
        ("Nor is a leisure centre.", "07:40", PUBLIC.to(Desk("kommun-0136", "leisure")), stays("receiver")),
    ):
        town.other("SupportEnquiry", why, f"2026-10-13T{at}:00Z", route, body, **expected)
    notify(
        town,
        "The worried neighbour of an earlier evening gives a name at last: a notification of its own.",
        "2026-10-13T18:00:00Z",
        PUBLIC.to(SOCIAL),
        LEO,
        concerns=["neglect"],
        text="Det var jag som skrev. Ni får ringa mig.",
        ground="sol_19_4",
    )
