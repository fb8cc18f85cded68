"""What the auditors' room is told in a TOML file.

# review.toml; paths are from the file's folder
data = "samband-data"              # the broker's folder, or "postgres": the database that SAMBAND_POSTGRES_URL names
name = "Länsstyrelsen i Exempel"   # whose room it is
database = "sqlite:///review.db"   # its own: users, sessions; or postgresql://…
index = "sqlite:///review-index.db"   # its own index of the records, which can be made anew at any time
keys = "review-keys"               # the folder of the keys of the log of views
tokens = "tokens.sock"             # the socket of the token service (`samband tokens`)
register = "authorities.json"
vkey = "log.vkey"                  # the log's public key, if not the one in the broker's folder
lang = "sv"
address = "https://…"              # as browsers know it; http only on this machine
host = "127.0.0.1"                 # where it listens, behind what gives it https
port = 8080
accounts = true                    # local accounts, for trying
idle = 30                          # minutes without use until somebody is logged out
longest = 600                      # minutes until they are, whatever they do
proxies = ["127.0.0.1"]            # who may say for whom it asks
candidates = "candidates"          # the folder of laws that may be tried: bundles (.tar.gz), folders of policies
bundle_key = "law.pem.pub"         # the public key that signed bundles are checked with
opa = "opa"                        # OPA's program, which compiles what is tried

[oidc]
issuer = "https://…"

[operations]                       # for the operator's page: `operations_reading`
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from broker.review import operations_reading
from broker.review.operations_reading import Sources
from broker.runtime.embedded import PUBLIC_KEY
from broker.web.faults import SiteError
from broker.web.settings import SiteSettings, check, place_database, place_files, read_file

POSTGRES = "postgres"
_PATHS = ("keys", "tokens", "register", "vkey", "candidates", "bundle_key")


@dataclass(frozen=True, kw_only=True)
class ReviewSettings(SiteSettings):
    """What holds for one room."""

    data: str
    name: str = "Samband"
    database: str
    index: str
    keys: Path
    tokens: Path
    register: Path | None = None
    operations: Sources = field(default_factory=Sources)
    candidates: Path | None = None
    bundle_key: Path | None = None
    opa: str = "opa"
    vkey: Path | None = None
    """The log's public key; where nothing is said, the one in the broker's folder."""


def read(file: Path) -> ReviewSettings:
    """The settings in a file. Raises SiteError, which names the setting and no value."""
    return of(read_file(file), file)


def of(values: Mapping[str, Any], file: Path) -> ReviewSettings:
    """The settings that a file says; its folder is where paths start. Raises SiteError."""
    said: dict[str, Any] = {
        "database": "sqlite:///review.db",
        "index": "sqlite:///review-index.db",
        "keys": "review-keys",
        "tokens": "tokens.sock",
        **values,
    }
    check(said, file, ReviewSettings, {"operations": dict})
    if "data" not in said:
        raise SiteError(f"{file}: data is missing: a folder, or {POSTGRES}")
    folder = file.parent
    said |= {name: folder / said[name] for name in _PATHS if name in said}
    if said["data"] != POSTGRES:
        said.setdefault("vkey", folder / said["data"] / PUBLIC_KEY)
    said |= {name: place_database(said[name], folder) for name in ("database", "index")}
    if said["data"] != POSTGRES:
        said["data"] = str(folder / said["data"])
    if "operations" in said:
        said["operations"] = operations_reading.sources(said["operations"], file)
    if "oidc" in said:
        said["oidc"] = place_files(said["oidc"], folder)
    if "proxies" in said:
        said["proxies"] = tuple(map(str, said["proxies"]))
    return ReviewSettings(**said)
