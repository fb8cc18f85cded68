"""What an identity provider's claims mean here, by the mapping in the settings.

[oidc]
issuer = "https://login.example.se"
client_id = "samband"
secret = "oidc-secret"          # a file
name = "name"                   # the claim that colleagues see
officer = "employee_id"         # the claim that goes into messages: an id of your own, never a personnummer
level = ["http://id.elegnamnden.se/loa/1.0/loa3"]  # the levels of assurance (acr) that are enough; asked for, and held
organisation = "2120001439"     # the number of the authority that somebody must be of: orgAffiliation, or orgNumber

# With Sweden Connect's claims the officer is "https://id.oidc.se/claim/orgAffiliation": of `id@number` the id.

[[oidc.people]]                 # the first whose claims all fit; who fits none gets in nowhere
claims = { groups = "samband-barn-och-unga" }
unit = "social_services"
role = "caseworker"
may = ["read", "answer", "register"]
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from broker.web.faults import SiteError
from broker.web.user import Person, rights

AFFILIATION = "https://id.oidc.se/claim/orgAffiliation"
"""Somebody's id at an organisation, and its number: `id@number` (the claims of OIDC Sweden)."""
_ORGANISATION = "https://id.oidc.se/claim/orgNumber"
_NUMBER = re.compile(r"(\d{2})?\d{6}[-+]?\d{4}")
"""How a personal identity number is written: no officer's id looks so."""

_SORTS: Mapping[str, type] = {"level": list, "organisation": str}


class TooLow(SiteError):
    """Somebody is identified, at a lower level of assurance than is asked here."""


def check(oidc: Mapping[str, Any], known: frozenset[str]) -> None:
    """Raises SiteError where the settings of the login lack something, or a row gives a right that is not known."""
    if missing := [name for name in ("issuer", "client_id", "people") if not oidc.get(name)]:
        raise SiteError(f"oidc: {', '.join(missing)}: missing")
    if wrong := [name for name, sort in _SORTS.items() if not isinstance(oidc.get(name, sort()), sort)]:
        raise SiteError(f"oidc: {', '.join(wrong)}: not of the right sort")
    for row in oidc["people"]:
        if missing := [name for name in ("claims", "unit", "role", "may") if not row.get(name)]:
            raise SiteError(f"oidc: a row of people lacks {', '.join(missing)}")
        rights(row["may"], known)


def secret_of(oidc: Mapping[str, Any]) -> str | None:
    """The secret that the provider knows this place by, from its file; None where there is none. Raises SiteError."""
    if not oidc.get("secret"):
        return None
    try:
        return Path(oidc["secret"]).read_text("utf-8").strip()
    except OSError as error:
        raise SiteError(f"oidc: secret: can't be read: {type(error).__name__}") from None


def person_of(claims: Mapping[str, Any], oidc: Mapping[str, Any]) -> Person:
    """Who it is. Raises SiteError when the claims fit no row, or say too little."""
    if oidc.get("level") and claims.get("acr") not in oidc["level"]:
        raise TooLow("the login is of a lower level of assurance than is asked")
    if oidc.get("organisation") and oidc["organisation"] != _organisation_of(claims):
        raise SiteError("the login is of another organisation")
    name, officer = claims.get(oidc.get("name", "name")), claims.get(oidc.get("officer", "sub"))
    if oidc.get("officer") == AFFILIATION and isinstance(officer, str):
        officer = officer.rpartition("@")[0]
    if not isinstance(name, str) or not isinstance(officer, str) or not name or not officer:
        raise SiteError("the claims have no name or no officer's id")
    if _NUMBER.fullmatch(officer):
        raise SiteError("the officer's id is a personal identity number: map another claim")
    for row in oidc.get("people", ()):
        if all(_fits(claims.get(claim), wanted) for claim, wanted in row["claims"].items()):
            return Person(name, row["unit"], row["role"], officer, frozenset(row["may"]))
    raise SiteError("the claims fit no row of the mapping")


def _organisation_of(claims: Mapping[str, Any]) -> str:
    """The number of the organisation that somebody is of; empty where none is said, or two are."""
    affiliation, number = claims.get(AFFILIATION), claims.get(_ORGANISATION)
    said = {str(affiliation).rpartition("@")[2]} if isinstance(affiliation, str) else set()
    said |= {str(number)} if number is not None else set()
    return said.pop() if len(said) == 1 else ""


def _fits(value: object, wanted: object) -> bool:
    """Whether a claim is what is wanted, or a list that has it."""
    return wanted in value if isinstance(value, list) else value == wanted
