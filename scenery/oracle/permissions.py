"""Permissions of OSL 10 kap.: what secrecy does not hinder."""

from datetime import date

from scenery.oracle.case import CARRIES, Case, Finding, Unclear, age_on, ground, no, only
from scenery.oracle.duties import plain
from scenery.oracle.offences import in_chapters, is_statute, is_terrorist, least_at_least, prison_in_scale, stage
from scenery.oracle.parties import LAW_ENFORCEMENT, POLICE, PROSECUTOR, SECURITY_POLICE, SIS, Party

_IN_FORCE_15A = date(2025, 12, 1)
_PURPOSES_15A = frozenset({"prevent", "avert", "detect", "investigate", "wrong_payment", "cheating"})
_STYCKE_MATTERS = ("OSL 25:2", "OSL 26:1 a", "OSL 31:1")
_BARRED_27 = frozenset(
    {
        "OSL 24:2 a",
        "OSL 24:8",
        *(f"OSL 25:{n}" for n in range(1, 9)),
        *(f"OSL 26:{n}" for n in range(1, 7)),
        "OSL 26:1 a",
        "OSL 29:1",
        "OSL 29:2",
        "OSL 31:2",
        "OSL 31:12",
        "OSL 33:2",
        "OSL 33:4 a",
        "OSL 36:3",
        "OSL 40:2",
        "OSL 40:5",
    }
)
"""OSL 10:27 second paragraph, without 31:1, whose stycke matters."""
_BARRED_15A = (_BARRED_27 - {"OSL 25:6", "OSL 25:7", "OSL 26:1", "OSL 26:2", "OSL 26:5", "OSL 26:1 a"}) | {
    "OSL 26:1 a 1 st"
}
"""OSL 10:15 a third paragraph."""
_STRONG_23 = frozenset(
    {
        "OSL 24:2 a",
        "OSL 24:8",
        "OSL 25:1",
        "OSL 25:2 2 st",
        *(f"OSL 25:{n}" for n in range(3, 9)),
        "OSL 26:1",
        "OSL 26:1 a 2 st",
        *(f"OSL 26:{n}" for n in range(2, 7)),
        "OSL 31:1 1 st",
        "OSL 31:2",
        "OSL 31:12",
        "OSL 33:2",
        "OSL 33:4 a",
        "OSL 36:3",
        "OSL 40:2",
        "OSL 40:5",
    }
)
"""OSL 10:23."""
_CARE_19 = (
    "OSL 25:1",
    "OSL 25:2 2 st",
    "OSL 25:3",
    "OSL 25:4",
    "OSL 25:5",
    "OSL 26:1",
    "OSL 26:1 a 2 st",
    "OSL 26:3",
    "OSL 26:4",
    "OSL 26:6",
)
"""OSL 10:19."""


def _chapter(provision: str) -> int:
    """The chapter of OSL; 0 for other statutes. Raises Unclear where a stycke matters and is left out."""
    if provision in _STYCKE_MATTERS:
        raise Unclear("a stycke is left out")
    return int(provision.split(" ")[1].split(":", 1)[0]) if provision.startswith("OSL ") else 0


def _reached_by_15a(provision: str) -> bool:
    """OSL 10:15 a: chapters 21-40 but for what its third paragraph excepts."""
    return 21 <= _chapter(provision) <= 40 and not {provision, plain(provision)} & _BARRED_15A


def _reached_by_24(provision: str) -> bool:
    """OSL 10:24: other secrecy than 19-23 §§ name."""
    return _chapter(provision) > 0 and not {provision, plain(provision)} & {*_STRONG_23, *_CARE_19}


def _reached_by_27(provision: str) -> bool:
    """OSL 10:27: all secrecy but what its second paragraph excepts."""
    return _chapter(provision) > 0 and plain(provision) not in _BARRED_27


def _care(sender: Party) -> bool:
    """Social services and public health care, where that secrecy holds."""
    return _social(sender) or sender.is_public_health()


def _social(sender: Party) -> bool:
    """Where OSL 26:1 holds as social services: the social board's, and SiS."""
    return sender.is_social() or sender.id == SIS


@ground("OSL 10:15 a", _reached_by_15a)
def osl_15a(case: Case) -> Finding:
    """OSL 10:15 a: between authorities, against crime, wrong payments and cheating; beside 10:23 a human decides."""
    if case.day < _IN_FORCE_15A or case.purpose not in _PURPOSES_15A:
        return no("osl_15a")
    need = {} if case.on_request else {"need": True}
    finding = case.weigh("osl_15a", **need, **({"overriding_reasons": False} if case.secrecy else {}))
    if finding.state != "no" and case.commits() and _STRONG_23.intersection(case.secrecy):
        finding = finding.open_finding()
    return case.if_authorities(finding, "osl_15a", case.sender, case.recipient)


@ground("OSL 10:18 a", only({"OSL 26:1"}))
def osl_18a(case: Case) -> Finding:
    """OSL 10:18 a: a person under 21 who risks taking to crime; suspicion of a committed offence is left out."""
    under = case.younger_than(21)
    to = case.recipient.id in (POLICE, SECURITY_POLICE, "tullverket")
    if not _social(case.sender) or not to or case.commits() or under is False:
        return no("osl_18a")
    finding = case.weigh("osl_18a", concrete_risk=True, not_unsuitable=True)
    return finding.open_finding() if under is None and finding.state != "no" else finding


@ground("OSL 10:18 c", only({"OSL 25:1", "OSL 26:1"}))
def osl_18c(case: Case) -> Finding:
    """OSL 10:18 c: a feared offence of BrB 3, 4 or 6 kap. against somebody close, at least a year in prison."""
    if not _care(case.sender) or case.recipient.id != POLICE or case.offence is None or case.commits():
        return no("osl_18c")
    close = case.offence.get("close_relation")
    least = least_at_least(case, 12) if in_chapters(case, 3, 4, 6) and close is not False else False
    finding = case.weigh("osl_18c", concrete_risk=True, not_unsuitable=True)
    if least is False or finding.state == "no":
        return no("osl_18c")
    return finding if least and close else finding.open_finding()


@ground("OSL 10:18 b", only({"OSL 25:1", "OSL 25:2 2 st", "OSL 26:1"}))
def osl_18b(case: Case) -> Finding:
    """OSL 10:18 b: feared terrorist offences and offences against the country's security."""
    if not _care(case.sender) or case.recipient.id not in (POLICE, SECURITY_POLICE):
        return no("osl_18b")
    if case.offence is None or case.commits() or not (is_terrorist(case) or in_chapters(case, 18, 19)):
        return no("osl_18b")
    return case.weigh("osl_18b", concrete_risk=True)


@ground("OSL 10:19", only(_CARE_19))
def osl_19(case: Case) -> Finding:
    """OSL 10:19: drunk driving and its kin that is about to happen or going on."""
    if not _care(case.sender) or case.offence is None or case.commits() or not is_statute(case, "1951:649"):
        return no("osl_19")
    if case.recipient.id != POLICE:
        raise Unclear("another authority that intervenes")
    return case.weigh("osl_19", imminent_danger=True)


@ground("OSL 10:20", only({"OSL 26:1"}))
def osl_20(case: Case) -> Finding:
    """OSL 10:20: staff of the social services meet a child in obvious, imminent and serious danger."""
    under = case.protects_a_child(presumable=True)
    met = "met_by_staff" in case.circumstances
    if not _social(case.sender) or case.recipient.id != POLICE or not met or under is False:
        return no("osl_20")
    danger = case.answer("imminent_danger", "osl_20")
    if danger is False:
        raise Unclear("no danger, and nothing said of an offence")
    if danger is None:
        return Finding("lacks", None)
    return CARRIES if under else CARRIES.open_finding()


@ground("OSL 10:21", only((*_CARE_19, "OSL 33:2", "OSL 33:4 a")))
def osl_21(case: Case) -> Finding:
    """OSL 10:21: a suspected offence of BrB 3, 4 or 6 kap., or 1982:316, against somebody under 18."""
    if not _care(case.sender) or case.recipient.id not in (POLICE, PROSECUTOR) or not case.commits():
        return no("osl_21")
    if not (in_chapters(case, 3, 4, 6) or is_statute(case, "1982:316")):
        return no("osl_21")
    stage(case)
    return _against_child(case, "osl_21")


def _against_child(case: Case, name: str) -> Finding:
    """The victim, or the one sold or given to, was under 18; where that is not known a human looks."""
    offence = case.offence or {}
    under = offence.get("victim_under_18")
    if under is None and offence.get("subject_is") == "victim" and case.subject:
        day = date.fromisoformat(offence["date"]) if offence.get("date") else case.day
        age = age_on(day, case.subject)
        under = None if age is None else age < 18
    finding = case.weigh(name, suspicion=True)
    if under is False or finding.state == "no":
        return no(name)
    return finding if under else finding.open_finding()


@ground("OSL 10:22", only({"OSL 26:1"}))
def osl_22(case: Case) -> Finding:
    """OSL 10:22: narcotics, doping or alcohol handed to somebody under 18."""
    if not _social(case.sender) or case.recipient.id not in (POLICE, PROSECUTOR) or not case.commits():
        return no("osl_22")
    return _against_child(case, "osl_22") if is_statute(case, "1968:64") else no("osl_22")


@ground("OSL 10:22 a", only({"OSL 25:1", "OSL 25:2 2 st", "OSL 26:1"}))
def osl_22a(case: Case) -> Finding:
    """OSL 10:22 a: suspicion of a committed terrorist offence."""
    if not _care(case.sender) or case.recipient.id not in (POLICE, SECURITY_POLICE):
        return no("osl_22a")
    return case.weigh("osl_22a", suspicion=True) if case.commits() and is_terrorist(case) else no("osl_22a")


def _investigates(case: Case) -> bool | None:
    """OSL 10:23-24: a prosecutor, Polismyndigheten, Säkerhetspolisen; None: does another one intervene against it?"""
    if case.recipient.id in (POLICE, SECURITY_POLICE, PROSECUTOR):
        return True
    return None if case.recipient.id in LAW_ENFORCEMENT else False


def _for_investigation(case: Case, name: str, scale: bool | None) -> Finding:
    to = _investigates(case)
    finding = case.weigh(name, importance=True)
    if to is False or scale is False or finding.state == "no":
        return no(name)
    return finding.open_finding() if to is None or scale is None else finding


@ground("OSL 10:23", only(_STRONG_23))
def osl_23(case: Case) -> Finding:
    """OSL 10:23: strong secrecy yields where the least penalty is six months; for an attempt and its like a year."""
    if not case.commits():
        return no("osl_23")
    finding = _for_investigation(case, "osl_23", least_at_least(case, 6 if stage(case) == "completed" else 12))
    return case.if_authorities(finding, "osl_23", case.sender)


@ground("OSL 10:24", _reached_by_24)
def osl_24(case: Case) -> Finding:
    """OSL 10:24: other secrecy yields where prison is in the scale."""
    if not case.commits():
        return no("osl_24")
    stage(case)
    return case.if_authorities(_for_investigation(case, "osl_24", prison_in_scale(case)), "osl_24", case.sender)


@ground("OSL 10:27", _reached_by_27)
def osl_27(case: Case) -> Finding:
    """OSL 10:27, the general clause: obvious that the interest of disclosure prevails; between authorities."""
    return case.if_authorities(case.weigh("osl_27", obvious_interest=True), "osl_27", case.sender, case.recipient)


FIRST = (osl_15a, osl_18a, osl_18c, osl_18b, osl_19, osl_20, osl_21, osl_22, osl_22a)
"""The left half of the contract's table, in its order."""
SECOND = (osl_23, osl_24, osl_27)
"""The right half."""
