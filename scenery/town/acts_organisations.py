"""Tenth story: actors that are not what they seem, reported by those who meet them to those who supervise.

One recipient a message: what several must hear is several messages under one diarienummer.
"""

from typing import Any

from scenery.town.people import CLUB, CONTRACTOR, FAMILY_HOME, HOME, Json
from scenery.town.places import ASSOCIATION, PUBLIC, Desk, Route, police, social, state
from scenery.town.writing import Town, stays

INSPECTORATE = state("inspektionen-for-vard-och-omsorg")
POLICE = police("0181")


def bad_actors(town: Town) -> None:
    """Care homes and family homes to IVO too; contractors and associations to the police and the municipality."""
    visits = "Personal låter barnen ta emot besök på natten och tar betalt för det."
    for why, at, to, expected in (
        ("A home for care whose staff has ties: the police hear of it.", "08:00", POLICE, {}),
        ("The municipality that places children there.", "08:01", social("0181"), {}),
        ("And Inspektionen för vård och omsorg, which supervises it.", "08:02", INSPECTORATE, {}),
        ("Försäkringskassan supervises no care home.", "08:03", state("forsakringskassan"), stays("receiver")),
    ):
        _report(town, why, at, ASSOCIATION.to(to), HOME, sort="hvb", text=visits, case="NV-44", **expected)
    full = "Fler barn än tillståndet medger, och ingen vuxen hemma på helgerna."
    for why, at, sender, to in (
        ("One municipality tells the other that placed children there.", "09:00", social("0181"), social("0136")),
        ("A neighbour writes to the inspectorate.", "09:10", PUBLIC, INSPECTORATE),
    ):
        _report(town, why, at, sender.to(to), FAMILY_HOME, sort="family_home", text=full)
    paid = "Fakturorna gäller nätter då ingen var där."
    for why, at, to, expected in (
        ("Bought help to leave that never came: the police give the grant.", "10:00", Desk("polismyndigheten"), {}),
        ("No permit yet, so the inspectorate does not supervise it.", "10:10", INSPECTORATE, stays("receiver")),
    ):
        _report(town, why, at, social("0181").to(to), CONTRACTOR, sort="defection_contractor", text=paid, **expected)
    hired = "Äldre medlemmar betalar yngre för att bära väskor efter träningen."
    for why, at, to, expected in (
        ("The municipality lends the club its premises.", "11:00", Desk("kommun-0181"), {}),
        ("An association is none of the inspectorate's.", "11:10", INSPECTORATE, stays("receiver")),
    ):
        _report(town, why, at, PUBLIC.to(to), CLUB, sort="association", text=hired, **expected)


def _report(town: Town, why: str, at: str, route: Route, about: Json, *, sort: str, text: str, **expected: Any) -> None:
    body = {"organisation": about, "type": sort, "concerns": ["brister i verksamheten", "kriminella kopplingar"]}
    town.other("OrganisationConcern", why, f"2026-10-14T{at}:00Z", route, {**body, "text": text}, **expected)
