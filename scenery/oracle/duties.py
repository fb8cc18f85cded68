"""Duties towards law enforcement: lag 2025:170, skollagen 6 a kap., 2016:774."""

from datetime import date

from scenery.oracle.case import CARRIES, OPEN, Case, Finding, Unclear, anything, ground, no
from scenery.oracle.parties import ORGANISED_CRIME, POLICE, PROSECUTOR, SIS

PURPOSES_3 = frozenset({"prevent", "avert", "detect", "investigate", "prosecute"})
"""2025:170 3 §."""

CONTACT_4 = frozenset(
    {"home_address", "phone_or_email", "workplace", "representative", "username_or_ip", "comparable_contact"}
)
"""2025:170 4 § first paragraph, 1-6."""

IN_FORCE_170 = date(2025, 4, 1)
_FROM_6A = date(2025, 7, 1)
_FROM_1600 = date(2027, 1, 1)

_EXEMPT_8 = (
    "OSL 24:8",
    *(f"OSL 25:{n}" for n in range(1, 9)),
    "OSL 25:15",
    *(f"OSL 26:{n}" for n in range(1, 7)),
    "OSL 26:1 a",
    "OSL 40:2",
    "OSL 40:5",
    "PSL 6:12",
    "PSL 6:13",
    "PSL 6:14",
    "PSL 6:16",
)
"""2025:170 8 §; OSL 26:1 a lies inside "26 kap. 1-6 §§"."""


def plain(provision: str) -> str:
    """A reference without its stycke: "OSL 25:2 2 st" is in OSL 25:2."""
    return provision[: -len(" 2 st")] if provision.endswith(" st") else provision


def exempt_in_8(provision: str) -> bool:
    """Whether 2025:170 8 § takes a datum under this secrecy out of 5-7 §§."""
    return plain(provision) in _EXEMPT_8


def _outside(case: Case) -> Finding | None:
    """2025:170 2 and 3 §§: the recipient is a law-enforcement authority, the purpose law enforcement."""
    if case.day < IN_FORCE_170:
        raise Unclear("2025:170 before it was in force")
    if not case.recipient.enforces_law():
        return no("s170_2")
    return None if case.purpose in PURPOSES_3 else no("s170_3")


def _need(case: Case) -> dict[str, bool]:
    """Own initiative asks whether the recipient needs it; on request the asker has said so."""
    return {} if case.on_request else {"need": True}


@ground("2025:170 4 §", anything, duty=True)
def s170_4(case: Case) -> Finding:
    """2025:170 4 §: contact details of a natural person on request, unless exceptional reasons favour secrecy."""
    outside = _outside(case)
    if outside:
        return outside
    if case.sender.is_a("municipal_company"):
        raise Unclear("a municipal company under 4 §")
    bound = case.sender.is_authority(case.day) or case.sender.is_a(
        "private_social_care", "private_health_care", "school"
    )
    asked = case.on_request and case.category in CONTACT_4 and not case.organisation
    if not bound or not asked or case.sender.id == "forsvarets-radioanstalt":
        return no("s170_4")
    return case.weigh("s170_4", **({"exceptional_reasons": False} if case.secrecy else {}))


@ground("2025:170 5 §", anything, duty=True)
def s170_5(case: Case) -> Finding:
    """2025:170 5 §: the state authorities of the list, unless secrecy clearly prevails; not what 8 § exempts."""
    return _outside(case) or (no("s170_5") if not case.sender.is_listed_in_5() else _clearly(case, "s170_5"))


@ground("2025:170 6 §", anything, duty=True)
def s170_6(case: Case) -> Finding:
    """2025:170 6 §: municipalities and regions; third paragraph: not what 7 § is about."""
    outside = _outside(case)
    if outside:
        return outside
    if case.sender.is_a("municipal_company"):
        raise Unclear("a municipal company under 6 §")
    if not case.sender.is_a("municipality", "region") or case.sender.unit in ("school", "leisure"):
        return no("s170_6")
    if case.category == "school_placement":
        return no("s170_8") if any(map(exempt_in_8, case.secrecy)) else OPEN
    return no("s170_6") if case.category.startswith("school_") else _clearly(case, "s170_6")


def _clearly(case: Case, name: str) -> Finding:
    """The weighing of 5 and 6 §§, second paragraph, and what 8 § leaves out."""
    if any(map(exempt_in_8, case.secrecy)):
        return no("s170_8")
    return case.weigh(name, **_need(case), **({"secrecy_clearly_prevails": False} if case.secrecy else {}))


def _in_school(case: Case, name: str) -> Finding | None:
    """2025:170 7 §: what is held where a rektor, or designated leisure staff, is responsible."""
    if case.sender.is_school() or case.sender.is_leisure():
        return None
    if not case.category.startswith("school_"):
        return no(name)
    return no(name) if not case.sender.is_a("municipality") else OPEN


def _own_function(case: Case) -> bool:
    """Whether it is the rektor, or the designated staff of an open leisure activity, who decides."""
    return case.sender.role == ("rektor" if case.sender.is_school() else "designated_staff")


@ground("2025:170 7 §", anything, duty=True)
def s170_7_request(case: Case) -> Finding:
    """2025:170 7 § first paragraph: the rektor on request, unless overriding reasons favour secrecy."""
    if outside := _outside(case):
        return outside
    if not case.on_request:
        return no("s170_7_request")
    elsewhere = _in_school(case, "s170_7_request")
    if elsewhere and elsewhere.state == "no":
        return elsewhere
    if any(map(exempt_in_8, case.secrecy)):
        return no("s170_8")
    if elsewhere or not _own_function(case):
        return OPEN
    return case.weigh("s170_7_request", **({"overriding_reasons": False} if case.secrecy else {}))


@ground("2025:170 7 §", anything, duty=True)
def s170_7_own(case: Case) -> Finding:
    """2025:170 7 § second paragraph: the rektor unasked, to Polismyndigheten alone, also where nothing is secret."""
    if outside := _outside(case):
        return outside
    if case.on_request or case.recipient.id != POLICE:
        return no("s170_7_own")
    elsewhere = _in_school(case, "s170_7_own")
    if elsewhere and elsewhere.state == "no":
        return elsewhere
    if any(map(exempt_in_8, case.secrecy)):
        return no("s170_8")
    if elsewhere or not _own_function(case):
        return OPEN
    return case.weigh("s170_7_own", need=True, overriding_reasons=False)


@ground("skollagen 6 a:10", anything, duty=True)
def skol_6a_10(case: Case) -> Finding:
    """Skollagen 6 a:10-11: the rektor reports a pupil's suspected offence in connection with the school.

    Preschool is left out; whether the report breaks OSL 25:1 is open.
    """
    if case.day < _FROM_6A:
        return no("skol_6a_10")
    offence = case.offence
    if not (case.sender.is_school() or case.sender.is_leisure()) or case.recipient.id != POLICE:
        return no("skol_6a_10")
    if offence is None or not offence["committed"] or offence.get("subject_is", "suspect") != "suspect":
        return no("skol_6a_10")
    connected = offence.get("connected_with_school")
    finding = case.weigh("skol_6a_10", suspicion=True, overriding_reasons=False)
    if connected is False or finding.state == "no":
        return no("skol_6a_10")
    if case.sender.is_leisure():
        raise Unclear("an open activity, or a leisure centre that is not part of a school")
    if not _own_function(case) or case.sender.preschool or "OSL 25:1" in case.secrecy:
        return OPEN
    return finding if connected else finding.open_finding()


@ground("2016:774 2 §", anything, duty=True)
def s2016_774(case: Case) -> Finding:
    """2016:774 2-3 §§, 2016:775 2-3 §§: in the decided cooperation, between the authorities of the list."""
    if case.sender.id not in ORGANISED_CRIME or case.recipient.id not in ORGANISED_CRIME | {PROSECUTOR}:
        return no("s2016_774")
    if case.purpose not in ("prevent", "avert", "detect"):
        return no("s2016_774")
    if "ekobrottsmyndigheten" in (case.sender.id, case.recipient.id):
        return OPEN
    return case.weigh("s2016_774", **_need(case), **({"overriding_reasons": False} if case.secrecy else {}))


DUTIES = (s170_4, s170_5, s170_6, s170_7_request, s170_7_own, skol_6a_10, s2016_774)
"""In the order of the contract's table."""


@ground("2026:1600 20:4", anything, duty=True)
def s2026_1600_20_4(case: Case) -> Finding:
    """2026:1600 20:1 and 4: whoever has asked the police, or for a transport the prison service, for help."""
    may_ask = case.sender.is_social() or case.sender.is_a("court") or case.sender.id == SIS
    helps = case.recipient.id == POLICE or (case.recipient.id == "kriminalvarden" and case.sender.id == SIS)
    if case.day < _FROM_1600 or not may_ask or not helps:
        return no("s2026_1600_20_4")
    weighed = case.weigh("s2026_1600_20_4", need=True)
    return weighed if weighed.state == "no" or "assistance_requested" in case.circumstances else weighed.open_finding()


__all__ = ["CARRIES", "CONTACT_4", "DUTIES", "PURPOSES_3", "exempt_in_8", "plain", "s2026_1600_20_4"]
