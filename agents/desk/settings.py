"""What one desk is told in a TOML file: whose it is, where its broker and its database are.

# desk.toml; paths are from the file's folder
authority = "kommun-0127/social_services"
unit = "social_services"
role = "caseworker"
data = "samband-data"          # a broker on this machine, or
# kafka = "kommun-0127.env"    # a login file from the broker's operator
register = "authorities.json"
database = "sqlite:///desk.db" # or postgresql://…
keys = "desk-keys"             # a folder outside the database, with a copy of its own
sealing = "sealing-keys"       # a folder with the desk's own keys (samband-agency keys new), which open what is sealed
state = "desk-agency.db"
lang = "sv"
approval = ["Disclosure"]      # kinds that two pairs of eyes see before they are sent
address = "https://…"          # as browsers know it; http only on this machine
host = "127.0.0.1"             # where it listens, behind what gives it https
port = 8080
public = false                 # true: the public's page of an intake (kind public_intake), and nothing else
accounts = true                # local accounts, for trying
idle = 30                      # minutes without use until somebody is logged out
longest = 600                  # minutes until they are, whatever they do
every = 2                      # seconds between looks at the broker
proxies = ["127.0.0.1"]        # who may say for whom it asks

[oidc]
issuer = "https://…"
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.agency import Embedded, Kafka, Sealing
from broker.web.faults import SiteError
from broker.web.settings import SiteSettings, check, place_database, place_files, read_file

_PATHS = ("data", "kafka", "register", "keys", "sealing", "state")
_SORTS: Mapping[str, type] = {"approval": list, "scanner": list, "public": bool, "every": int}


@dataclass(frozen=True)
class DeskSettings(SiteSettings):
    """What holds for one desk. Exactly one of `data` and `kafka` says where its broker is."""

    authority: str
    database: str
    keys: Path
    state: Path
    unit: str = "registry"
    role: str = "officer"
    data: Path | None = None
    kafka: Path | None = None
    register: Path | None = None
    sealing: Path | None = None
    approval: frozenset[str] = frozenset()
    every: int = 2
    public: bool = False
    """Whether it is the public's page, where anybody may write and nobody logs in: then it is nothing else."""
    scanner: tuple[str, ...] = ()
    """The authority's virus scanner: a command that is given a file, and says 0 of one that is clean."""

    @property
    def sealer(self) -> Sealing:
        """How contents are sealed to the keys in the register, and opened with the own ones."""
        return Sealing(self.sealing, self.register)

    @property
    def broker(self) -> Embedded | Kafka:
        """How the broker is reached. Raises AgencyError."""
        if self.kafka:
            return Kafka.from_file(self.kafka)
        assert self.data is not None
        return Embedded(self.data, self.register, lang=self.lang)


def read(file: Path) -> DeskSettings:
    """The settings in a file. Raises SiteError, which names the setting and no value."""
    return of(read_file(file), file)


def of(values: Mapping[str, Any], file: Path) -> DeskSettings:
    """The settings that a file says; its folder is where paths start. Raises SiteError."""
    said = {"state": "desk-agency.db", "database": "sqlite:///desk.db", "keys": "desk-keys", **values}
    check(said, file, DeskSettings, _SORTS)
    if "authority" not in said:
        raise SiteError(f"{file}: authority is missing: whose desk is it?")
    if ("data" in said) == ("kafka" in said):
        raise SiteError(f"{file}: say either data (a broker on this machine) or kafka (a login file)")
    paths: dict[str, Any] = {name: file.parent / said[name] for name in _PATHS if name in said}
    if "oidc" in said:
        paths["oidc"] = place_files(said["oidc"], file.parent)
    return DeskSettings(**{**said, **paths, "database": place_database(said["database"], file.parent), **_lists(said)})


def _lists(said: Mapping[str, Any]) -> Mapping[str, Any]:
    sorts = {"approval": frozenset, "scanner": tuple, "proxies": tuple}
    return {name: sort(map(str, said[name])) for name, sort in sorts.items() if name in said}
