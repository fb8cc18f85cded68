"""What a community tells: tips, reports, support, bad actors, pictures and measures of an area, platforms."""

from datetime import timedelta
from typing import Any

from scenery.county.people import as_written, company, number_subject
from scenery.county.story import Json, Story
from scenery.town.places import Desk
from scenery.town.writing import judgements

_SEEN = (
    "Unga delar ut väskor vid bollplanen om kvällarna.",
    "En källarlokal används för försäljning.",
    "Någon söker barn till uppdrag i en öppen grupp.",
    "Samma bil varje fredag vid skolan.",
)
_LABELS = ("Rekryteringsförsök", "Tips", "Orosanmälningar", "Skjutningar", "Unga i riskzon")


def tip(story: Story) -> None:
    """A tip or a report to the police area, from anybody; a few of them astray."""
    kind = "Tip" if story.chance(0.7) else "OffenceReport"
    sender = story.rng.choices(("public", "club", "school", "registry", "company"), (70, 10, 10, 5, 5))[0]
    body: Json = {"text": story.rng.choice(_SEEN), "anonymous": sender == "public" and story.chance(0.45)}
    if story.chance(0.25):
        body["subject"] = story.person(13, 40)
    elif story.chance(0.1):
        body["organisation"] = company(story.rng)
    if kind == "OffenceReport":
        body["offence"] = {"provision": "BrB 8:2", "committed": True, "date": story.day.isoformat()}
    lot = story.rng.random()
    to = story.desk("police")
    if lot < 0.04:
        to = story.desk(story.rng.choice(("social", "tullverket")))
    elif lot < 0.08:
        to = Desk("polismyndigheten", "police_area")
    elif lot < 0.14:
        sender = story.rng.choice(("social", "hospital", "clinic", "home"))
        body["anonymous"] = False
    story.send(kind, story.desk(sender), to, body)


def support(story: Story) -> None:
    """A family, a child or an association asks for support."""
    to = story.desk("contact_point" if story.chance(0.8) else story.rng.choice(("social", "registry", "school")))
    body = {
        "topic": story.rng.choice(("förälder som oroar sig", "vill sluta", "hot mot ett syskon")),
        "text": "Vad gör vi?",
    }
    story.send("SupportEnquiry", story.desk(story.rng.choice(("public", "public", "club"))), to, body)


def bad_actor(story: Story) -> None:
    """A home for care, a contractor or an association that breaks the rules."""
    sort = story.rng.choice(("hvb", "hvb", "family_home", "defection_contractor", "association", "other"))
    to = story.rng.choice(("police", "registry", "inspektionen-for-vard-och-omsorg")[: 2 if sort == "other" else 3])
    body = {
        "organisation": company(story.rng),
        "type": sort,
        "concerns": [story.rng.choice(("kriminella kopplingar", "bemanning", "falska fakturor"))],
        "text": "Uppgifter från flera håll.",
    }
    story.send("OrganisationConcern", story.desk(story.rng.choice(("club", "social", "public"))), story.desk(to), body)


def picture(story: Story) -> None:
    """A situation picture: numbers, no persons; with civil society under an agreement."""
    sender, to = story.rng.choice(
        (("police", "registry"), ("registry", "police"), ("police", "county_board"), ("school", "police"))
    )
    route = (story.desk(sender), story.desk(to))
    if story.chance(0.3):
        route = _with_civil_society(story)
    body: Json = {
        "level": story.rng.choice(("local", "local", "regional")),
        "period": f"{story.day:%Y-%m}",
        "counts": [{"label": label, "n": story.rng.randrange(0, 40)} for label in story.rng.sample(_LABELS, 2)],
        "text": "Läget i området är oförändrat.",
    }
    _name_by_mistake(story, body, "text")
    story.send("SituationPicture", *route, body)


def _with_civil_society(story: Story) -> tuple[Desk, Desk]:
    """An association and the municipality, mostly with the agreement of their partnership (IOP)."""
    club, office = story.desk("club"), story.desk("registry")
    name = f"IOP-{story.place}-{club.authority}"
    if name not in story.county.agreements and story.chance(0.7):
        body: Json = {
            "agreement": name,
            "programme": "iop",
            "parties": [office.authority, club.authority],
            "purposes": ["prevent"],
            "area": [story.place],
            "valid_from": story.day.isoformat(),
            "valid_until": (story.day + timedelta(days=365)).isoformat(),
        }
        story.county.agreements[name] = body
        for desk in (office, club):
            story.send("CooperationAgreement", desk, Desk(desk.authority), body)
    return (club, office) if story.chance(0.5) else (office, club)


def _name_by_mistake(story: Story, body: Json, field: str) -> None:
    """A person in what must name none: as the subject, or by a number in the text."""
    lot = story.rng.random()
    if lot < 0.03:
        body["subject"] = story.person(13, 20)
    elif lot < 0.06:
        child = number_subject(story.rng, story.day.replace(year=story.day.year - 15), story.place)
        body[field] += f" Se {as_written(story.rng, child)}."


def measure(story: Story) -> None:
    """Who does what where."""
    sender = story.rng.choice(("police", "registry", "club", "school"))
    body: Json = {
        "measure": story.rng.choice(("Vuxna ute vid centrum på fredagar.", "Öppen gård hålls öppen till 23.")),
        "by": {"police": "polisområdet", "club": "föreningen"}.get(sender, "kommunen"),
        "period": f"{story.day:%Y-%m}",
    }
    _name_by_mistake(story, body, "measure")
    if story.chance(0.04):
        sender = "platform"
    story.send("MeasureNotice", story.desk(sender), story.desk("police" if sender != "police" else "registry"), body)


def channel(story: Story) -> None:
    """Recruitment content: reported, ordered to be removed, removed."""
    locators = [f"https://plattform.invalid/i/{story.rng.randrange(10**6):06}"]
    sender = story.desk(story.rng.choice(("public", "school", "club", "social")))
    report: Json = {"locators": locators, "platform": "Exempelplattformen", "text": "Söker någon för ett uppdrag."}
    report["closed_chat"] = story.chance(0.15)
    astray = story.chance(0.05)
    story.send("ChannelReport", sender, story.desk("social" if astray else "police"), report)
    if story.chance(0.7):
        story.wait((0.02, 1.0))
        _send_orders(story, locators)


def _order(story: Story, locators: list[str], **changes: Any) -> Json:
    whole: Json = {
        "action": "order",
        "legal_basis": "2026:1235 5 §",
        "reasons": "Innehållet söker unga till grova brott.",
        "provision": "BrB 16:5 a",
        "locators": locators,
        "redress": "Beslutet får överklagas till allmän förvaltningsdomstol.",
        "effect_to": "polismyndigheten",
        "territory": ["SE"],
        "language": "en",
        "link_to_sweden": True,
        "assessments": judgements("beslutsfattare", recruitment_content=True),
    }
    if story.chance(0.3):
        whole["notice_delayed_until"] = f"{story.day + timedelta(days=14)}T12:00:00Z"
    return {**whole, **changes}


_FLAWS: tuple[Json, ...] = (
    {"redress": None},
    {"territory": None},
    {"link_to_sweden": False},
    {"provision": "2022:666 7 §"},
    {"provision": "BrB 8:2"},
    {"assessments": []},
    {"assessments": judgements("beslutsfattare", recruitment_content=False)},
    {"action": "suspicion"},
)


def _send_orders(story: Story, locators: list[str]) -> None:
    """Orders, lawful mostly, and what the platform answers; information orders and suspicions."""
    police, platform = story.desk("crime_unit"), story.desk("platform")
    course = ("order", "flaw", "order", "information", "order", "suspicion")[story.turn("order", 6)]
    if course == "flaw":
        n = story.turn("flaw", len(_FLAWS) + 1)
        flaw, to = (_FLAWS[n], platform) if n < len(_FLAWS) else ({}, story.desk("club"))
        story.send("ChannelAction", police, to, _order(story, locators, **flaw))
    elif course == "information":
        asked = _order(story, locators, action="information", provision=None, link_to_sweden=None, assessments=[])
        story.send("ChannelAction", police, platform, {**asked, "language": None if story.chance(0.2) else "en"})
    elif course == "suspicion":
        suspicion = {"action": "suspicion", "reasons": "Hot mot liv på plattformen.", "locators": locators}
        story.send("ChannelAction", platform, story.desk("tullverket") if story.chance(0.15) else police, suspicion)
    else:
        sent = story.send("ChannelAction", police, platform, _order(story, locators, provision=_provision(story)))
        effect = {"action": "effect", "done_at": f"{story.at:%Y-%m-%dT%H:%M:%SZ}", "text": "Borttaget."}
        none = story.chance(0.05)
        story.send("ChannelAction", platform, Desk("polismyndigheten"), effect, reply=None if none else sent)
        if story.chance(0.05):
            story.send("ChannelAction", story.desk("school"), Desk("polismyndigheten"), effect)


def _provision(story: Story) -> str:
    return story.rng.choice(("BrB 16:5 a", "BrB 16:5 a", "BrB 3:6", "BrB 8:5"))
