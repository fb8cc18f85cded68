"""What an identity provider's claims mean here, by the mapping in the settings.

[oidc]
issuer = "https://login.example.se"
client_id = "samband"
secret = "oidc-secret"          # a file
name = "name"                   # the claim that colleagues see
officer = "employee_id"         # the claim that goes into messages: an id of your own, never a personnummer
level = ["http://id.elegnamnden.se/loa/1.0/loa3"]  # the levels of assurance that are enough: asked for, and held
level_claim = "acr"             # where the level stands
organisation = "2120001439"     # the number of the authority that somebody must be of: orgAffiliation, or orgNumber

# What providers of Swedish authorities call it; what the token lacks is fetched from the provider (UserInfo):
#   Sweden Connect  scope = "openid https://id.oidc.se/scope/naturalPersonOrgId", level as above,
#                   officer = "https://id.oidc.se/claim/orgAffiliation": of `id@number` the id
#   SITHS           level = ["http://id.sambi.se/loa/loa3"], officer = "employeeHsaId"; the organisation is a claim
#                   of each row of people
#   Freja OrgID     level = ["PLUS"], level_claim = "https://frejaeid.com/oidc/claims/registrationLevel",
#                   officer = "https://frejaeid.com/oidc/claims/organisationIdIdentifier"

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

_LEVEL = "acr"
_NAMES = ("given_name", "family_name")
_SORTS: Mapping[str, type] = {"level": list, "level_claim": str, "organisation": str, "federation": dict}


class TooLow(SiteError):
    """Somebody is identified, at a lower level of assurance than is asked here."""


def check(oidc: Mapping[str, Any], known: frozenset[str]) -> None:
    """Raises SiteError where the settings of the login lack something, or a row gives a right that is not known."""
    if lacks := [name for name in ("issuer", "client_id", "people") if not oidc.get(name)]:
        raise SiteError(f"oidc: {', '.join(lacks)}: missing")
    if wrong := [name for name, sort in _SORTS.items() if not isinstance(oidc.get(name, sort()), sort)]:
        raise SiteError(f"oidc: {', '.join(wrong)}: not of the right sort")
    for row in oidc["people"]:
        if lacks := [name for name in ("claims", "unit", "role", "may") if not row.get(name)]:
            raise SiteError(f"oidc: a row of people lacks {', '.join(lacks)}")
        rights(row["may"], known)


def secret_of(oidc: Mapping[str, Any]) -> str | None:
    """The secret that the provider knows this place by, from its file; None where there is none. Raises SiteError."""
    if not oidc.get("secret"):
        return None
    try:
        return Path(oidc["secret"]).read_text("utf-8").strip()
    except OSError as error:
        raise SiteError(f"oidc: secret: can't be read: {type(error).__name__}") from None


def asked_level(oidc: Mapping[str, Any]) -> dict[str, str]:
    """What a provider is asked for that goes by levels of assurance (acr); one with a claim of its own is not."""
    is_asked = oidc.get("level") and oidc.get("level_claim", _LEVEL) == _LEVEL
    return {"acr_values": " ".join(oidc["level"])} if is_asked else {}


def lacks_claims(claims: Mapping[str, Any], oidc: Mapping[str, Any]) -> bool:
    """Whether a token lacks a claim that the mapping reads: it may stand at the provider."""
    wanted = {oidc.get("name", "name"), oidc.get("officer", "sub"), oidc.get("level_claim", _LEVEL)}
    return not claims.keys() >= wanted.union(*(row["claims"] for row in oidc.get("people", ())))


def together(token: Mapping[str, Any], fetched: Mapping[str, Any]) -> dict[str, Any]:
    """What a token says, and what else the provider does of the same person: the level only as it is signed.

    Raises SiteError where the two are not of one person.
    """
    if fetched.get("sub") != token.get("sub"):
        raise SiteError("the provider tells of somebody else")
    return {name: value for name, value in fetched.items() if name != _LEVEL} | dict(token)


def subject_of(claims: Mapping[str, Any], person: Person) -> str:
    """What somebody is known by from login to login. A personal identity number is not kept, nor anything of it."""
    known = str(claims["sub"])
    return f"{claims['iss']} {person.officer if _NUMBER.fullmatch(known) else known}"


def person_of(claims: Mapping[str, Any], oidc: Mapping[str, Any]) -> Person:
    """Who it is. Raises SiteError when the claims fit no row, or say too little."""
    if oidc.get("level") and claims.get(oidc.get("level_claim", _LEVEL)) not in oidc["level"]:
        raise TooLow("the login is of a lower level of assurance than is asked")
    if oidc.get("organisation") and oidc["organisation"] != _organisation_of(claims):
        raise SiteError("the login is of another organisation")
    name, officer = claims.get(oidc.get("name", "name")), claims.get(oidc.get("officer", "sub"))
    if name is None:
        name = " ".join(str(claims[one]) for one in _NAMES if claims.get(one))
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
