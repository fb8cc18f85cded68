"""Fourteenth story, a channel where children are hired: reported, ordered removed, answered by the platform.

Lag 2026:1235 with article 9 of the Digital Services Act; article 10 on information, article 18 on suspicions.
"""

from typing import Any

from scenery.town.people import LEO, Json
from scenery.town.places import (
    ASSOCIATION,
    CRIME_UNIT,
    OTHER_PLATFORM,
    PLATFORM,
    PUBLIC,
    TALLKOTTEN,
    Desk,
    Route,
    police,
    social,
)
from scenery.town.writing import Town, goes_back, judgements, stays

TAKEDOWN = "takedown"
CASE = "SYD-2026-0460"
LINK = "https://plattform-exempel.invalid/kanal/snabba-uppdrag/118"
SEEN = judgements("förundersökningsledare", recruitment_content=True)
ORDER: Json = {
    "action": "order",
    "legal_basis": "2026:1235 5 § 1 st",
    "reasons": "Inlägget erbjuder betalning till den som är under 18 år och hämtar ett paket.",
    "provision": "BrB 16:5 a",
    "locators": [LINK],
    "redress": "Beslutet får överklagas till förvaltningsrätten inom tre veckor.",
    "effect_to": "polismyndigheten",
    "territory": ["SE"],
    "language": "sv",
    "link_to_sweden": True,
    "assessments": SEEN,
}


def order(town: Town, why: str, at: str, body: Json, to: Desk, **expected: Any) -> str:
    """An order to remove content."""
    route = CRIME_UNIT.to(to)
    return town.other("ChannelAction", why, at, route, body, case=CASE, **expected)


def reported(town: Town) -> None:
    """Open content and closed chats, to the police."""
    for why, at, route, more, expected in (
        (
            "An association has seen an open channel.",
            "2026-11-03T18:00:00Z",
            ASSOCIATION.to(police("0127")),
            {},
            {"case": "NV-52"},
        ),
        (
            "A child writes of a closed chat: what may be ordered away is another question, and a report is no order.",
            "2026-11-03T19:00:00Z",
            PUBLIC.to(police("0127")),
            {"closed_chat": True},
            {},
        ),
        (
            "A school names the pupil whose chat it is: what it knows of him is given item by item.",
            "2026-11-03T19:30:00Z",
            TALLKOTTEN.to(police("0127")),
            {"closed_chat": True, "subject": LEO},
            goes_back("by_item"),
        ),
        (
            "Reports go to the police, who can order; not to the platform.",
            "2026-11-03T20:00:00Z",
            ASSOCIATION.to(PLATFORM),
            {},
            stays("receiver"),
        ),
    ):
        body = {"locators": [LINK], "platform": "Exempelplattformen", "text": "Uppdrag med pris.", **more}
        town.other("ChannelReport", why, at, route, body, **expected)


def orders(town: Town) -> str:
    """Every field of article 9.2, a link to Sweden, and a human's word on what the content is for. Gives one's id."""
    lacking: tuple[tuple[str, str, Json], ...] = (
        ("No redress: the order doesn't tell how it is appealed (article 9.2 a v).", "08:00", _without("redress")),
        ("No link to Sweden is stated (3 §).", "08:10", _without("link_to_sweden")),
        ("There is none.", "08:20", {**ORDER, "link_to_sweden": False}),
        ("No exact address.", "08:30", _without("locators")),
        ("7 § says how soon, and gives no power to order.", "08:35", {**ORDER, "legal_basis": "2026:1235 7 §"}),
        (
            "Terrorist content has an order of its own in regulation (EU) 2021/784 (4 §).",
            "08:40",
            {**ORDER, "provision": "2022:666 7 §"},
        ),
        ("Petty theft has no two years in its scale (2 § 1).", "08:50", {**ORDER, "provision": "BrB 8:2"}),
        (
            "The human finds that it does not recruit anybody.",
            "09:00",
            {**ORDER, "assessments": judgements("förundersökningsledare", recruitment_content=False)},
        ),
    )
    for why, at, body in lacking:
        order(town, why, f"2026-11-04T{at}:00Z", body, PLATFORM, **stays(TAKEDOWN))
    order(
        town,
        "An association's page is no hosting service.",
        "2026-11-04T09:10:00Z",
        ORDER,
        ASSOCIATION,
        **stays(TAKEDOWN),
    )
    order(
        town,
        "Is it recruitment content? No software says so: a human has not answered.",
        "2026-11-04T09:20:00Z",
        _without("assessments"),
        PLATFORM,
        **goes_back(TAKEDOWN, asks=["recruitment_content"]),
    )
    ordered = order(
        town,
        "Complete: one hour to remove, six months to preserve (7, 8 §§); the user hears of it later (2026:1237 4 §).",
        "2026-11-04T09:30:00Z",
        {**ORDER, "notice_delayed_until": "2026-12-04T09:30:00Z"},
        PLATFORM,
        ground=TAKEDOWN,
    )
    order(
        town,
        "Another platform, and preparation for murder (2 § 1).",
        "2026-11-04T09:40:00Z",
        {**ORDER, "provision": "BrB 3:1", "locators": ["https://plattform-klippet.invalid/v/20261103"]},
        OTHER_PLATFORM,
        ground=TAKEDOWN,
    )
    return ordered


def effects(town: Town, ordered: str) -> None:
    """The platform tells what it did, to the one who ordered it."""
    done: Json = {"action": "effect", "done_at": "2026-11-04T10:12:00Z", "text": "Inlägget är borttaget och bevarat."}
    back = PLATFORM.to(CRIME_UNIT)
    why = "Removed after 42 minutes."
    town.other("ChannelAction", why, "2026-11-04T10:15:00Z", back, done, in_reply_to=ordered)
    town.other(
        "ChannelAction",
        "An effect of no order.",
        "2026-11-04T10:20:00Z",
        back,
        done,
        **stays("not_own"),
    )
    town.unusable(
        "The order was another platform's.",
        town.envelope(
            "ChannelAction", "2026-11-04T10:30:00Z", OTHER_PLATFORM.to(CRIME_UNIT), done, in_reply_to=ordered
        ),
        "not_your_request",
    )


def information(town: Town) -> None:
    """Article 10: which account; article 18: what the platform itself suspects; and who may do neither."""
    asked: Json = {
        **{name: ORDER[name] for name in ("locators", "redress", "effect_to", "language")},
        "action": "information",
    }
    asked |= {"legal_basis": "polislagen 8 §", "reasons": "Vem äger kontot bakom inlägget?"}
    to = CRIME_UNIT.to(PLATFORM)
    given = town.other("ChannelAction", "The police order data on the account.", "2026-11-05T08:00:00Z", to, asked)
    town.other(
        "ChannelAction",
        "The platform answers the order.",
        "2026-11-05T13:00:00Z",
        PLATFORM.to(CRIME_UNIT),
        {"action": "effect", "done_at": "2026-11-05T12:50:00Z", "text": "Uppgifterna finns i svarskanalen."},
        in_reply_to=given,
    )
    silent = {name: value for name, value in asked.items() if name != "language"}
    suspects = {"action": "suspicion", "locators": [LINK], "reasons": "Någon söker en person som skjuter i helgen."}
    wrong: tuple[tuple[str, str, Route, Json, str], ...] = (
        ("No language (article 10.2).", "2026-11-05T08:10:00Z", to, silent, "dsa_10"),
        (
            "2026:1235 gives power to have content removed, and none to ask who is behind it.",
            "2026-11-05T08:20:00Z",
            to,
            {**asked, "legal_basis": "2026:1235 5 §"},
            "dsa_10",
        ),
        (
            "A suspicion goes to Polismyndigheten, not to the municipality (article 18).",
            "2026-11-06T21:10:00Z",
            PLATFORM.to(social("0127")),
            suspects,
            "dsa_18",
        ),
        ("A platform orders nothing removed.", "2026-11-06T21:20:00Z", PLATFORM.to(CRIME_UNIT), ORDER, TAKEDOWN),
    )
    why = "Article 18: a platform that suspects a threat to life tells Polismyndigheten."
    town.other("ChannelAction", why, "2026-11-06T21:00:00Z", PLATFORM.to(police("0127")), suspects)
    for why, at, route, body, bar in wrong:
        town.other("ChannelAction", why, at, route, body, **stays(bar))
    town.unusable(
        "A municipality gives platforms no orders.",
        town.envelope("ChannelAction", "2026-11-06T21:30:00Z", social("0127").to(PLATFORM), ORDER),
        "kind_not_allowed",
    )


def _without(field: str) -> Json:
    return {name: value for name, value in ORDER.items() if name != field}
