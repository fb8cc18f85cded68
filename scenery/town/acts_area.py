"""Eleventh story: the picture of an area, who does what there, a partnership with civil society (2023:196 4-9 §§)."""

from typing import Any

from scenery.town.people import LEO, Json
from scenery.town.places import ASSOCIATION, COUNTY_BOARD, PLATFORM, PUBLIC, TALLKOTTEN, Desk, Route, police, state
from scenery.town.writing import Town, stays

MUNICIPALITY = Desk("kommun-0127")
POLICE = police("0127")
OPEN = "open_information"
PARTNERS = {
    "agreement": "IOP-BOTKYRKA-2026",
    "programme": "iop",
    "parties": ["kommun-0127", "forening-nattvakten"],
    "purposes": ["prevent", "support"],
    "area": ["0127"],
    "valid_from": "2026-10-15",
    "valid_until": "2026-12-31",
}


def picture(town: Town, why: str, at: str, route: Route, more: Json | None = None, **expected: Any) -> None:
    """A local situation picture of the autumn, unless `more` says otherwise."""
    body = {"level": "local", "period": "2026-09", "text": "Oron rör torget och stationen, mest fredagar."}
    town.other("SituationPicture", why, at, route, {**body, **(more or {})}, **expected)


def partnership(town: Town) -> None:
    """IOP: a written agreement of municipality and association. A picture without persons needs none."""
    given = MUNICIPALITY.to(ASSOCIATION)
    why = "No agreement yet: without persons the picture is open information."
    picture(town, why, "2026-10-15T07:00:00Z", given, ground=OPEN)
    confirm = "CooperationAgreement"
    town.registration(
        confirm, "The municipality confirms the partnership.", "2026-10-15T08:00:00Z", MUNICIPALITY, PARTNERS
    )
    other = {**PARTNERS, "purposes": ["prevent"]}
    town.registration(confirm, "The association confirms another wording.", "2026-10-15T09:00:00Z", ASSOCIATION, other)
    town.registration(confirm, "Now the same wording.", "2026-10-15T10:00:00Z", ASSOCIATION, PARTNERS)
    picture(
        town,
        "The picture goes to the association. Numbers under five are left out of it.",
        "2026-10-15T10:10:00Z",
        given,
        {"counts": [{"label": "orosanmälningar", "n": 23}, {"label": "omhändertagna barn", "n": 3}]},
        ground=OPEN,
        bars=[OPEN],
        partial=True,
    )
    picture(
        town,
        "The association gives its own picture of the nights.",
        "2026-10-16T04:00:00Z",
        ASSOCIATION.to(MUNICIPALITY),
        {"text": "Lugnt till midnatt, sedan samlas yngre vid kiosken.", "counts": [{"label": "samtal", "n": 41}]},
        ground=OPEN,
    )
    why = "The police are no party to the partnership, and need not be."
    picture(town, why, "2026-10-16T08:00:00Z", POLICE.to(ASSOCIATION), ground=OPEN)


def pictures(town: Town) -> None:
    """Between authorities, at each level: numbers and places, no persons."""
    for why, at, route, level, counts in (
        ("Police to municipality, for its own picture (2023:196 4 §).", "08:00", POLICE.to(MUNICIPALITY), "local", 112),
        (
            "A county's picture to the police region.",
            "08:10",
            COUNTY_BOARD.to(Desk("polismyndigheten")),
            "regional",
            640,
        ),
        (
            "The national one to the county boards.",
            "08:20",
            Desk("polismyndigheten").to(state("lansstyrelsen-01")),
            "national",
            5210,
        ),
    ):
        more = {"level": level, "counts": [{"label": "barn som misstänks", "n": counts}]}
        picture(town, why, f"2026-10-19T{at}:00Z", route, more, ground=OPEN)
    picture(
        town,
        "All, and few among them: a second number is left out too, or who knows the others would know the small one.",
        "2026-10-19T08:30:00Z",
        POLICE.to(MUNICIPALITY),
        {"counts": [{"label": label, "n": n} for label, n in (("alla", 12), ("pojkar", 8), ("flickor", 4))]},
        ground=OPEN,
        bars=[OPEN],
        partial=True,
    )
    personal: tuple[tuple[str, str, Json], ...] = (
        (
            "Somebody has written a personal number into the text.",
            "09:00",
            {"text": f"Drivande är {LEO['id'][:8]}-{LEO['id'][8:]} och hans vänner."},
        ),
        (
            "The word processor's dash makes it no other number.",
            "09:05",
            {"text": f"Drivande är {LEO['id'][2:8]}\u2013{LEO['id'][8:]} och hans vänner."},
        ),
        ("A picture of a person is no situation picture.", "09:10", {"subject": LEO}),
    )
    for why, at, named in personal:
        picture(town, why, f"2026-10-19T{at}:00Z", POLICE.to(MUNICIPALITY), named, **stays("personal_data"))
    town.unusable(
        "The public's intake draws no pictures.",
        town.envelope(
            "SituationPicture",
            "2026-10-19T09:20:00Z",
            PUBLIC.to(MUNICIPALITY),
            {"level": "local", "period": "2026-09", "text": "Mest fredagar."},
        ),
        "kind_not_allowed",
    )


def measures(town: Town) -> None:
    """Who does what where, so that work is not done twice."""
    for why, at, route, measure, by in (
        (
            "The police tell of their foot patrols.",
            "10:00",
            POLICE.to(MUNICIPALITY),
            "Fotpatrull vid stationen kl. 15-22.",
            "Lokalpolisområdet",
        ),
        (
            "The municipality tells of its field workers.",
            "10:10",
            MUNICIPALITY.to(POLICE),
            "Fältgruppen vid torget, tis-fre.",
            "Socialtjänsten",
        ),
        (
            "An association needs no agreement to say where it walks.",
            "10:20",
            ASSOCIATION.to(MUNICIPALITY),
            "Nattvandring fredag och lördag.",
            "Nattvakten",
        ),
        (
            "The school hears of it too.",
            "10:30",
            MUNICIPALITY.to(TALLKOTTEN),
            "Läxhjälp på biblioteket.",
            "Kultur och fritid",
        ),
    ):
        body = {"measure": measure, "by": by, "period": "2026-10/2026-12"}
        town.other("MeasureNotice", why, f"2026-10-19T{at}:00Z", route, body, ground=OPEN)
    named = {"measure": "Hembesök hos en familj.", "by": "Socialtjänsten", "period": "2026-10", "subject": LEO}
    town.other(
        "MeasureNotice",
        "A measure for one child is casework, not a notice.",
        "2026-10-19T10:40:00Z",
        MUNICIPALITY.to(POLICE),
        named,
        **stays("personal_data"),
    )
    town.unusable(
        "A platform has no measures in an area.",
        town.envelope("MeasureNotice", "2026-10-19T10:50:00Z", PLATFORM.to(POLICE), {**named, "subject": None}),
        "kind_not_allowed",
    )
