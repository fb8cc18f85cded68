"""Who is who, as the statutes list them: the oracle's own reading of each list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

LAW_ENFORCEMENT = frozenset(
    {
        "ekobrottsmyndigheten",
        "kustbevakningen",
        "polismyndigheten",
        "skatteverket",
        "sakerhetspolisen",
        "tullverket",
        "aklagarmyndigheten",
    }
)
"""2025:170 2 §."""

_LISTED_5 = frozenset(
    {
        "arbetsformedlingen",
        "arbetsmiljoverket",
        "bolagsverket",
        "centrala-studiestodsnamnden",
        "finansinspektionen",
        "fondtorgsnamnden",
        "forsakringskassan",
        "inspektionen-for-vard-och-omsorg",
        "kriminalvarden",
        "kronofogdemyndigheten",
        "lantmateriet",
        "migrationsverket",
        "naturvardsverket",
        "pensionsmyndigheten",
        "skatteverket",
        "statens-skolinspektion",
        "tillvaxtverket",
        "transportstyrelsen",
        "utbetalningsmyndigheten",
    }
)
"""2025:170 5 § third paragraph, without länsstyrelserna and utlandsmyndigheterna."""

ORGANISED_CRIME = frozenset(
    {
        "arbetsformedlingen",
        "arbetsmiljoverket",
        "bolagsverket",
        "centrala-studiestodsnamnden",
        "ekobrottsmyndigheten",
        "finansinspektionen",
        "fondtorgsnamnden",
        "forsakringskassan",
        "inspektionen-for-strategiska-produkter",
        "inspektionen-for-vard-och-omsorg",
        "kommerskollegium",
        "kriminalvarden",
        "kronofogdemyndigheten",
        "kustbevakningen",
        "migrationsverket",
        "pensionsmyndigheten",
        "polismyndigheten",
        "skatteverket",
        "sakerhetspolisen",
        "tillvaxtverket",
        "trafikverket",
        "transportstyrelsen",
        "tullverket",
        "utbetalningsmyndigheten",
    }
)
"""2016:775 2 §."""

_REPORTING_STATE = frozenset(
    {
        "arbetsformedlingen",
        "ekobrottsmyndigheten",
        "forsakringskassan",
        "kriminalvarden",
        "kronofogdemyndigheten",
        "kustbevakningen",
        "migrationsverket",
        "polismyndigheten",
        "skatteverket",
        "statens-institutionsstyrelse",
        "sakerhetspolisen",
        "tullverket",
        "aklagarmyndigheten",
    }
)
"""SoL 19:1 first paragraph 2 and 7-20, without länsstyrelserna; Rättsmedicinalverket only in part, so not here."""

STAY_TOLD_TO = frozenset(
    {
        "aklagarmyndigheten",
        "polismyndigheten",
        "sakerhetspolisen",
        "kronofogdemyndigheten",
        "skatteverket",
        "tullverket",
    }
)
"""SoL 15:7 1 and PSL 6:15 1, beside courts."""

POLICE = "polismyndigheten"
SECURITY_POLICE = "sakerhetspolisen"
SIS = "statens-institutionsstyrelse"
PROSECUTOR = "aklagarmyndigheten"

PUBLIC_SOCIAL = ("social_services",)
HEALTH_UNITS = ("health_care", "child_psychiatry")
SCHOOL_UNITS = ("school",)
_WITH_CHILDREN = (*PUBLIC_SOCIAL, *HEALTH_UNITS, *SCHOOL_UNITS, "leisure", "education_office", "family_counselling")
_PRIVATE_ARE_AUTHORITIES = date(2027, 1, 1)
_NOT_UNDER_2_5 = frozenset({"international", "other_education"})
"""Approved under skollagen 24:3 a, and 25 kap., which asks for no approval under 2:5."""
_AUTHORITIES = frozenset({"state_authority", "municipality", "region", "court", "municipal_company"})
"""Bolag where municipalities decide are equated with authorities (OSL 2:3)."""
_PRIVATE_CARE = ("private_social_care", "private_health_care")


@dataclass(frozen=True)
class Party:
    """A sender or recipient: what the register says of it, and the part and function that the message states."""

    id: str
    kinds: tuple[str, ...]
    in_law: str
    unit: str
    role: str
    private: bool
    approved: str | None
    forms: frozenset[str]
    works_with_children: bool

    def is_a(self, *kinds: str) -> bool:
        """Whether it is of one of these kinds."""
        return any(kind in self.kinds for kind in kinds)

    def is_authority(self, day: date) -> bool:
        """An authority in OSL's sense; from 2027-01-01 a private school approved under skollagen 2:5 (OSL 2:3 a)."""
        if self.is_a("school"):
            equated = self.approved == "legal_person_2_5" and not self.forms & _NOT_UNDER_2_5
            return not self.private or (equated and day >= _PRIVATE_ARE_AUTHORITIES)
        return self.is_a(*_AUTHORITIES)

    def may_be_authority(self, day: date) -> bool:
        """An authority, or a private school of which the register does not say whether it is equated with one."""
        if self.is_authority(day) or not self.private or day < _PRIVATE_ARE_AUTHORITIES:
            return self.is_authority(day)
        return self.approved != "other" and not (self.forms and self.forms <= _NOT_UNDER_2_5)

    @property
    def preschool(self) -> bool:
        """Whether it is a preschool, or has one."""
        return "preschool" in self.forms

    def enforces_law(self) -> bool:
        """2025:170 2 §."""
        return self.id in LAW_ENFORCEMENT

    def is_listed_in_5(self) -> bool:
        """2025:170 5 § third paragraph."""
        return self.id in _LISTED_5 or self.id.startswith("lansstyrelsen-")

    def is_school(self) -> bool:
        """A unit under skollagen that a rektor leads."""
        return self.is_a("school") and self.unit in SCHOOL_UNITS

    def is_leisure(self) -> bool:
        """An open leisure activity, or a leisure centre that is not part of a school (2025:170 7 § third paragraph)."""
        return self.is_a("municipality") and self.unit == "leisure"

    def is_social(self) -> bool:
        """Social services of a municipality: the social board."""
        return self.is_a("municipality") and self.unit in PUBLIC_SOCIAL

    def is_public_health(self) -> bool:
        """Health care that a region runs; whether a school's medical care is one too the contract leaves open."""
        return self.is_a("region") and self.unit in HEALTH_UNITS

    def is_child_welfare(self) -> bool:
        """Where a notification or a custody is addressed: a municipality's social services, or its registry."""
        return self.is_a("municipality") and self.unit in ("social_services", "registry")

    def must_report(self) -> bool:
        """The circle of SoL 19:1 (and 19:2 for family counselling)."""
        if self.id in _REPORTING_STATE or self.id.startswith("lansstyrelsen-") or self.works_with_children:
            return True
        return self.is_a("school", *_PRIVATE_CARE) or (
            self.is_a("municipality", "region") and self.unit in _WITH_CHILDREN
        )


def party(entry: Mapping[str, object], address: Mapping[str, str]) -> Party:
    """A party from its entry in the register (`id`, `kinds`, `principal`, …) and the address in a message."""
    principal = entry.get("principal")
    own = str(entry["id"])
    kinds, forms = entry["kinds"], entry.get("forms") or ()
    assert isinstance(kinds, tuple) and isinstance(forms, tuple)
    return Party(
        id=own,
        kinds=kinds,
        in_law=str(principal) if principal and principal != "private" else own,
        unit=address.get("unit", "registry"),
        role=address.get("role", "officer"),
        private=principal == "private",
        approved=str(entry["approved"]) if entry.get("approved") else None,
        forms=frozenset(map(str, forms)),
        works_with_children=bool(entry.get("works_with_children")),
    )
