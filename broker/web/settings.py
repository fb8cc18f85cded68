"""What every place is told in its TOML file: its address, who logs in how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SQLITE = "sqlite:///"
SORTS: Mapping[str, type] = {
    "proxies": list,
    "accounts": bool,
    "port": int,
    "idle": int,
    "longest": int,
    "oidc": dict,
}
"""The sort of each that is no text."""
SAFE = "https://HOST without a path; http only on this machine (127.0.0.1, localhost)"
"""What an address must be."""


@dataclass(frozen=True, kw_only=True)
class SiteSettings:
    """What holds for one place."""

    lang: str = "sv"
    address: str = "http://127.0.0.1:8080"
    """As browsers know it."""
    host: str = "127.0.0.1"
    port: int = 0
    """Where it listens; 0: at the port of its address."""
    accounts: bool = False
    idle: int = 30
    longest: int = 600
    proxies: tuple[str, ...] = ()
    oidc: Mapping[str, Any] = field(default_factory=dict)


def is_safe(address: str) -> bool:
    """Whether nobody between browser and place can read or change a page."""
    parts = urlsplit(address)
    is_bare = address == f"{parts.scheme}://{parts.netloc}" and bool(parts.hostname)
    return is_bare and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))


def place_database(url: str, folder: Path) -> str:
    """A database's address; of a file, from the folder."""
    return f"{_SQLITE}{folder / url.removeprefix(_SQLITE)}" if url.startswith(_SQLITE) else url


def place_secret(oidc: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """The provider's settings, the file of its secret from the folder."""
    return {**oidc, "secret": folder / str(oidc["secret"])} if "secret" in oidc else oidc
