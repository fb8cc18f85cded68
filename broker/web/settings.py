"""What every place is told in its TOML file: its address, who logs in how."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from broker.texts import LANGUAGES
from broker.web.faults import SiteError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SQLITE = "sqlite:///"
_SORTS: Mapping[str, type] = {
    "proxies": list,
    "accounts": bool,
    "port": int,
    "idle": int,
    "longest": int,
    "oidc": dict,
}
"""The sort of each that is no text."""
_SAFE = "https://HOST without a path; http only on this machine (127.0.0.1, localhost)"
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


def read_file(file: Path) -> Mapping[str, Any]:
    """What a settings file says. Raises SiteError, which repeats nothing of it."""
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SiteError(f"{file}: can't be read as settings: {type(error).__name__}") from None


def check(said: Mapping[str, Any], file: Path, settings: type[SiteSettings], sorts: Mapping[str, type]) -> None:
    """What a file says, by name and sort; a place's own `sorts` are of what is no text.

    Raises SiteError, which names the setting and no value.
    """
    names = settings.__dataclass_fields__.keys()
    if unknown := sorted(set(said) - set(names)):
        raise SiteError(f"{file}: {', '.join(unknown)}: not one of {', '.join(sorted(names))}")
    known = {**_SORTS, **sorts}
    if wrong := [name for name, value in said.items() if not isinstance(value, known.get(name, str))]:
        raise SiteError(f"{file}: {', '.join(wrong)}: not of the right sort")
    if said.get("lang", "sv") not in LANGUAGES:
        raise SiteError(f"{file}: lang: one of {', '.join(LANGUAGES)}")
    if not _is_safe(said.get("address", settings.address)):
        raise SiteError(f"{file}: address: {_SAFE}")


def _is_safe(address: str) -> bool:
    """Whether nobody between browser and place can read or change a page."""
    parts = urlsplit(address)
    is_bare = address == f"{parts.scheme}://{parts.netloc}" and bool(parts.hostname)
    return is_bare and is_private(address)


def is_private(address: str) -> bool:
    """Whether what goes there and comes back is encrypted, or does not leave this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def place_database(url: str, folder: Path) -> str:
    """A database's address; of a file, from the folder."""
    return f"{_SQLITE}{folder / url.removeprefix(_SQLITE)}" if url.startswith(_SQLITE) else url


def place_files(oidc: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """The provider's settings, the files of its secret and of a federation's keys from the folder."""
    placed = {**oidc, "secret": folder / str(oidc["secret"])} if "secret" in oidc else dict(oidc)
    federation = oidc.get("federation")
    if isinstance(federation, dict) and "keys" in federation:
        placed["federation"] = {**federation, "keys": folder / str(federation["keys"])}
    return placed
