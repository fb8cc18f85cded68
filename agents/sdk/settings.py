"""What the bridge to SDK is told in a TOML file: whose it is, where its message service is, who gets what.

# sdk.toml; paths are from the file's folder
desk = "desk.toml"                       # the authority's desk, whose pages are served here too
participant = "0203:samband.example.se"  # what SDK knows the sender by
function = "samband.0203:samband.example.se"
state = "sdk.db"
addresses = "sdk-addresses.json"         # the address book as it was last taken (samband sdk addresses)
typed = "send"                           # a structured answer is sent; "draft": an officer sends it
patience = 24                            # hours until a kvittens that has not come is told of

[service]
address = "https://…/v1"                 # http only on this machine
token = "https://…/token"                # where it asks for one, with client_id and secret (a file)
certificate = "client.pem"               # or a certificate with its key
key = "client.key"

[[to]]                                   # the authority's function addresses
unit = "social_services"                 # without a unit: all that no other row has
participant = "0203:tallkoping.example.se"
function = "sdk.orosanmalan.0203:tallkoping.example.se"
kind = "ConcernNotification"             # what a message from there that answers nothing is a draft of
structured = true                        # its system reads the XML that is attached
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agents.sdk.client import Service
from broker.kinds import KINDS
from broker.model.vocabulary import Unit
from broker.web.faults import SiteError
from broker.web.settings import read_file

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NEEDED = ("desk", "participant", "function", "service", "to")
_TYPED = ("send", "draft")
_SORTS: Mapping[str, type] = {"service": dict, "to": list, "patience": int}
_OF_A_ROW: Mapping[str, type] = {"structured": bool}


@dataclass(frozen=True)
class Recipient:
    """One of the authority's function addresses, and what goes there."""

    participant: str
    function: str
    unit: str = ""
    kind: str = "SupportEnquiry"
    structured: bool = False


@dataclass(frozen=True)
class SdkSettings:
    """What holds for one authority."""

    desk: Path
    participant: str
    function: str
    service: Service
    to: tuple[Recipient, ...]
    state: Path
    addresses: Path | None = None
    typed: str = "send"
    patience: int = 24

    def recipient(self, unit: str) -> Recipient:
        """Where what is for a unit goes."""
        named = [one for one in self.to if one.unit == unit] or [one for one in self.to if not one.unit]
        return (named or list(self.to))[0]

    def sender(self, function: str) -> Recipient | None:
        """The row of a function address that something comes from; None: it is none of the authority's."""
        return next((one for one in self.to if one.function == function), None)


def read(file: Path) -> SdkSettings:
    """The settings in a file. Raises SiteError, which names the setting and no value."""
    said, folder = read_file(file), file.parent
    _check(said, file, SdkSettings.__dataclass_fields__, _SORTS)
    if missing := [name for name in _NEEDED if not said.get(name)]:
        raise SiteError(f"{file}: {', '.join(missing)}: missing")
    if said.get("typed", "send") not in _TYPED:
        raise SiteError(f"{file}: typed: one of {', '.join(_TYPED)}")
    paths = {name: folder / said[name] for name in ("desk", "addresses") if name in said}
    plain = {name: said[name] for name in ("participant", "function", "typed", "patience") if name in said}
    return SdkSettings(
        **paths,
        **plain,
        state=folder / said.get("state", "sdk.db"),
        service=_service(said["service"], file),
        to=tuple(_recipient(row, file) for row in said["to"]),
    )


def _service(said: Mapping[str, Any], file: Path) -> Service:
    known = ("address", "token", "client_id", "secret", "certificate", "key")
    _check(said, file, known, {})
    for name in ("address", "token"):
        if name in said and not _is_safe(said[name]):
            raise SiteError(f"{file}: service.{name}: https://…; http only on this machine (127.0.0.1, localhost)")
    if "address" not in said:
        raise SiteError(f"{file}: service.address: missing")
    try:
        secret = (file.parent / said["secret"]).read_text("utf-8").strip() if "secret" in said else ""
    except OSError as error:
        raise SiteError(f"{file}: service.secret: can't be read: {type(error).__name__}") from None
    pair = [str(file.parent / said[name]) for name in ("certificate", "key") if name in said]
    if len(pair) == 1:
        raise SiteError(f"{file}: service: a certificate goes with its key")
    certificate = (pair[0], pair[1]) if pair else None
    return Service(said["address"], said.get("token"), said.get("client_id", ""), secret, certificate)


def _recipient(row: object, file: Path) -> Recipient:
    if not isinstance(row, dict):
        raise SiteError(f"{file}: to: each is a table [[to]]")
    _check(row, file, Recipient.__dataclass_fields__, _OF_A_ROW)
    if missing := [name for name in ("participant", "function") if not row.get(name)]:
        raise SiteError(f"{file}: to: {', '.join(missing)}: missing")
    if row.get("unit") and row["unit"] not in {unit.value for unit in Unit}:
        raise SiteError(f"{file}: to.unit: no such unit")
    if row.get("kind") and row["kind"] not in KINDS:
        raise SiteError(f"{file}: to.kind: no such kind")
    return Recipient(**row)


def _check(
    said: Mapping[str, Any], file: Path, known: Mapping[str, Any] | Sequence[str], sorts: Mapping[str, type]
) -> None:
    if unknown := sorted(set(said) - set(known)):
        raise SiteError(f"{file}: {', '.join(unknown)}: not one of {', '.join(sorted(known))}")
    if wrong := [name for name, value in said.items() if not isinstance(value, sorts.get(name, str))]:
        raise SiteError(f"{file}: {', '.join(wrong)}: not of the right sort")


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )
