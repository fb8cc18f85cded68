"""The county's parties: municipalities, region and state from the public register; schools and private ones made up."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from random import Random
from typing import Any

from broker import authorities
from scenery.town.places import Desk

Json = dict[str, Any]

_GOTLAND = {"09": "kommun-0980"}
_ISLAND_REGION = "region-09"
_TREES = ("Björk", "Ek", "Lind", "Tall", "Gran", "Alm", "Ask", "Rönn", "Lärk", "Hassel", "Säl", "Asp")
_ENDS = ("backen", "dalen", "lunden", "viken", "åsen", "ängen", "gläntan", "kullen", "hagen", "bäcken", "udden", "mon")
_DIGITS = 2
_SCHOOLS = 4
"""Municipal schools of each municipality in the county; one private beside them (about five to one in law-facts 8)."""


class UnknownCounty(ValueError):
    """No county has this code."""


class County:
    """One county: who is there, and the desks at which messages are written."""

    def __init__(self, code: str, rng: Random) -> None:
        """Raises UnknownCounty when no municipality has this county code."""
        self.code = code
        self.turns: Counter[str] = Counter()
        """How often each story has taken a turn, so that its rarer courses come in turn and not by luck."""
        self.agreements: dict[str, Json] = {}
        """What stories have agreed on so far, by name: the next one in the same place builds on it."""
        self._public = list(authorities.load())
        ids = sorted(party.id for party in self._public)
        self.municipalities = [name.removeprefix("kommun-") for name in ids if name.startswith(f"kommun-{code}")]
        if not self.municipalities or len(code) != _DIGITS:
            raise UnknownCounty
        self.region = f"region-{code}"
        self.county_board = f"lansstyrelsen-{code}"
        self._names = self._unused_names(rng)
        self.parties: list[Json] = []
        self.schools = {place: [self._school(place, n) for n in range(_SCHOOLS)] for place in self.municipalities}
        self.preschools = {place: self._school(place, _SCHOOLS, "preschool") for place in self.municipalities}
        self.private_schools = [self._school(place, _SCHOOLS + 1, private=True) for place in self.municipalities]
        few = max(2, len(self.municipalities) // 3)
        self.clinics = [self._private("klinik", "Exempelkliniken", "private_health_care", n) for n in range(few)]
        self.homes = [self._private("hvb", "Exempelhemmet", "private_social_care", n) for n in range(few)]
        self.clubs = [self._private("forening", "Exempelföreningen", "civil_society", n) for n in range(few)]
        self.platforms = [self._private("plattform", "Exempelplattformen", "digital_platform", n) for n in range(2)]
        self.company = self._private("bostadsbolag", "Exempelbostäder", "municipal_company", 0)
        self.court = self._private("tingsratt", "Exempeltingsrätten", "court", 0)
        self.public = self._private("allmanheten", "Allmänhetens mottagning", "public_intake", 0)

    @staticmethod
    def _unused_names(rng: Random) -> Iterator[str]:
        """Names of places that are nowhere in particular, without end."""
        names = [f"{tree}{end}" for tree in _TREES for end in _ENDS]
        rng.shuffle(names)
        yield from names
        yield from (f"{name} {n}" for n in range(2, 1000) for name in names)

    def _school(self, place: str, n: int, form: str = "compulsory_school", *, private: bool = False) -> str:
        own = f"{'friskola' if private else 'skola'}-{place}-{n + 1}"
        forms = [form] if form == "compulsory_school" else [form, "compulsory_school"]
        principal = "private" if private else f"kommun-{place}"
        name = f"Exempel{'friskolan' if private else 'skolan'} {next(self._names)}"
        self.parties.append({"authority": own, "name": name, "kind": "school", "principal": principal, "forms": forms})
        return own

    def _private(self, prefix: str, name: str, kind: str, n: int) -> str:
        own = f"{prefix}-{self.code}-{n + 1}"
        entry: Json = {"authority": own, "name": f"{name} {next(self._names)}", "kind": kind}
        if kind == "private_social_care":
            entry["works_with_children"] = True
        self.parties.append(entry)
        return own

    @cached_property
    def entries(self) -> dict[str, dict[str, object]]:
        """Each id and alias with its entry in the register, for whoever has to know who is who."""
        entries: dict[str, dict[str, object]] = {}
        for party in self._public:
            entries[party.id] = {
                "id": party.id,
                "kinds": tuple(party.kinds),
                "works_with_children": party.works_with_children,
            }
        for entry in self.parties:
            own = {**entry, "id": entry["authority"], "kinds": (entry["kind"],), "forms": tuple(entry.get("forms", ()))}
            entries[entry["authority"]] = own
        entries[_ISLAND_REGION] = entries[_GOTLAND["09"]]
        return entries

    def register_file(self) -> bytes:
        """`authorities.json`: what the public register lacks, one party a line."""
        rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in self.parties)
        return f"[\n{rows}\n]\n".encode()

    def desk(self, name: str, place: str, rng: Random) -> Desk:
        """The desk of this name in or for a municipality; where there are several, one of them."""
        desks: dict[str, Desk] = {
            "police": Desk("polismyndigheten", "police_area", "officer", place),
            "crime_unit": Desk("polismyndigheten", "crime_unit"),
            "coordinator": Desk("polismyndigheten", "defection_coordinator", "coordinator"),
            "council": Desk("polismyndigheten", "bob_council", "officer", place),
            "social": Desk(f"kommun-{place}", "social_services", "caseworker"),
            "registry": Desk(f"kommun-{place}"),
            "contact_point": Desk(f"kommun-{place}", "contact_point"),
            "family_counselling": Desk(f"kommun-{place}", "family_counselling"),
            "education": Desk(f"kommun-{place}", "education_office"),
            "leisure": Desk(f"kommun-{place}", "leisure", "designated_staff"),
            "school": Desk(rng.choice(self.schools[place]), "school", "rektor"),
            "teacher": Desk(rng.choice(self.schools[place]), "school", "teacher"),
            "nurse": Desk(rng.choice(self.schools[place]), "school", "school_health"),
            "preschool": Desk(self.preschools[place], "school", "rektor"),
            "private_school": Desk(rng.choice(self.private_schools), "school", "rektor"),
            "hospital": Desk(self.region, "health_care", "caseworker"),
            "psychiatry": Desk(self.region, "child_psychiatry", "caseworker"),
            "region": Desk(self.region),
            "clinic": Desk(rng.choice(self.clinics), "health_care", "caseworker"),
            "home": Desk(rng.choice(self.homes)),
            "club": Desk(rng.choice(self.clubs)),
            "platform": Desk(rng.choice(self.platforms)),
            "company": Desk(self.company),
            "court": Desk(self.court),
            "public": Desk(self.public, "registry", "individual"),
            "prosecutor": Desk("aklagarmyndigheten", "registry", "prosecutor"),
            "county_board": Desk(self.county_board),
        }
        return desks.get(name) or Desk(name)

    def elsewhere(self, place: str, rng: Random) -> str:
        """Another municipality; outside the county where it has only one."""
        others = [code for code in self.municipalities if code != place]
        return rng.choice(others) if others else "0180"
