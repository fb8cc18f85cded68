"""Who takes part in the town: the parties of the register file, the desks at which messages are written."""

from dataclasses import dataclass
from typing import Any

AUTHORITIES: list[dict[str, Any]] = [
    {
        "authority": "skola-tallkotten",
        "name": "Exempelskolan Tallkotten",
        "kind": "school",
        "principal": "kommun-0127",
        "forms": ["compulsory_school"],
    },
    {
        "authority": "gymnasium-sjoglimt",
        "name": "Exempelgymnasiet Sjöglimt",
        "kind": "school",
        "principal": "kommun-0126",
        "forms": ["upper_secondary_school"],
    },
    {
        "authority": "skola-solrosen",
        "name": "Exempelskolan och förskolan Solrosen",
        "kind": "school",
        "principal": "kommun-0181",
        "forms": ["preschool", "compulsory_school"],
    },
    {
        "authority": "friskola-larkan",
        "name": "Exempelfriskolan Lärkan",
        "kind": "school",
        "principal": "private",
        "approved": "legal_person_2_5",
        "forms": ["compulsory_school"],
    },
    {"authority": "klinik-sundet", "name": "Exempelkliniken Sundet AB", "kind": "private_health_care"},
    {
        "authority": "hvb-lonngarden",
        "name": "Exempelhemmet Lönngården HVB",
        "kind": "private_social_care",
        "works_with_children": True,
    },
    {
        "authority": "forening-nattvakten",
        "name": "Exempelföreningen Nattvakten",
        "kind": "civil_society",
        "works_with_children": True,
    },
    {
        "authority": "forening-lyktan",
        "name": "Exempelföreningen Lyktan",
        "kind": "civil_society",
        "works_with_children": True,
    },
    {"authority": "sodertorns-tingsratt", "name": "Södertörns tingsrätt", "kind": "court"},
    {"authority": "bostadsbolag-syd", "name": "Exempelbostäder Syd AB", "kind": "municipal_company"},
    {"authority": "plattform-exempel", "name": "Exempelplattformen", "kind": "digital_platform"},
    {"authority": "plattform-klippet", "name": "Exempelplattformen Klippet", "kind": "digital_platform"},
    {"authority": "allmanheten", "name": "Allmänhetens mottagning", "kind": "public_intake"},
]
"""The entries of `authorities.json`: what the public register lacks."""


@dataclass(frozen=True)
class Desk:
    """A part of an authority and the function that acts there; `area` is used when it receives."""

    authority: str
    unit: str = "registry"
    role: str = "officer"
    area: str | None = None
    officer: str | None = None

    def sends(self) -> dict[str, str]:
        """Itself as sender, and by an id of its own who decided, where that is said."""
        officer = {"officer": self.officer} if self.officer else {}
        return {"authority": self.authority, "unit": self.unit, "role": self.role, **officer}

    def receives(self) -> dict[str, str]:
        """Itself as recipient."""
        area = {"area": self.area} if self.area else {}
        return {"authority": self.authority, "unit": self.unit, **area}

    def to(self, recipient: "Desk") -> "Route":
        """The way of a message from here."""
        return Route(self, recipient)


@dataclass(frozen=True)
class Route:
    """From whom and to whom a message goes."""

    sender: Desk
    to: Desk


def police(area: str) -> Desk:
    """The local police of a municipality."""
    return Desk("polismyndigheten", "police_area", "officer", area)


def social(municipality: str) -> Desk:
    """The social board's office of a municipality."""
    return Desk(f"kommun-{municipality}", "social_services", "caseworker")


def education(municipality: str) -> Desk:
    """The education office of a municipality."""
    return Desk(f"kommun-{municipality}", "education_office")


def contact_point(municipality: str) -> Desk:
    """Where a municipality is asked for support, and hears of crime prevention (2023:196 12 §)."""
    return Desk(f"kommun-{municipality}", "contact_point")


def state(authority: str) -> Desk:
    """The registry of a state authority."""
    return Desk(authority)


def school(authority: str, role: str = "rektor") -> Desk:
    """A school, by default its rektor."""
    return Desk(authority, "school", role)


TALLKOTTEN = school("skola-tallkotten")
SJOGLIMT = school("gymnasium-sjoglimt")
SOLROSEN = school("skola-solrosen")
LARKAN = school("friskola-larkan")
LEISURE = Desk("kommun-0136", "leisure", "designated_staff")
CLINIC = Desk("klinik-sundet", "health_care")
CARE_HOME = Desk("hvb-lonngarden")
ASSOCIATION = Desk("forening-nattvakten")
NIGHT_CAFE = Desk("forening-lyktan", "registry", "individual")
"""A second association; all that it sends is anonymous."""
COURT = Desk("sodertorns-tingsratt")
HOUSING_COMPANY = Desk("bostadsbolag-syd")
CHILD_PSYCHIATRY = Desk("region-01", "child_psychiatry", "caseworker")
EMERGENCY_WARD = Desk("region-01", "health_care", "caseworker")
CRIME_UNIT = Desk("polismyndigheten", "crime_unit")
DEFECTION = Desk("polismyndigheten", "defection_coordinator", "coordinator")
PROSECUTOR = Desk("aklagarmyndigheten", "registry", "prosecutor")
PUBLIC = Desk("allmanheten", "registry", "individual")
PLATFORM = Desk("plattform-exempel", "registry", "system")
OTHER_PLATFORM = Desk("plattform-klippet", "registry", "system")
COUNTY_BOARD = Desk("lansstyrelsen-01", "registry", "coordinator")
