"""Grounds around a child's care: social services, health care, SiS; and no secrecy."""

from scenery.oracle.case import CARRIES, OPEN, Case, Finding, Unclear, anything, ground, no, only
from scenery.oracle.offences import prison_in_scale
from scenery.oracle.parties import POLICE, SECURITY_POLICE, SIS, STAY_TOLD_TO

_HEALTH_12 = ("OSL 25:1", "OSL 25:2 2 st", "OSL 25:3", "OSL 25:4", "OSL 25:5")


def _of_a_child(under: bool | None, finding: Finding, name: str) -> Finding:
    """What concerns a person under 18; where the age is not known a human looks."""
    if under is False or finding.state == "no":
        return no(name)
    return finding.open_finding() if under is None else finding


@ground("OSL 26:9", only({"OSL 26:1"}))
def osl_26_9(case: Case) -> Finding:
    """OSL 26:9: social services to public health care or other social services, for a child's care."""
    other = case.recipient.is_social() and case.recipient.in_law != case.sender.in_law
    if not case.sender.is_social() or not (case.recipient.is_public_health() or other):
        return no("osl_26_9")
    child = case.protects_a_child()
    if child is False:
        raise Unclear("abuse, compulsory care or pregnancy is not in the message")
    return _of_a_child(child, case.weigh("osl_26_9", need=True), "osl_26_9")


@ground("OSL 25:12", only(_HEALTH_12))
def osl_25_12(case: Case) -> Finding:
    """OSL 25:12: public health care to social services, for a child's care."""
    if not case.sender.is_public_health() or not case.recipient.is_social():
        return no("osl_25_12")
    child = case.protects_a_child()
    if child is False:
        raise Unclear("abuse, compulsory care or pregnancy is not in the message")
    return _of_a_child(child, case.weigh("osl_25_12", need=True), "osl_25_12")


@ground("OSL 26:9 a", only({"OSL 26:1"}))
def osl_26_9a(case: Case) -> Finding:
    """OSL 26:9 a: the one who notified under SoL 19:1-2 may learn that an inquiry is opened, not opened or running."""
    if not case.sender.is_social() or not case.recipient.must_report() or case.category != "inquiry_opened":
        return no("osl_26_9a")
    finding = case.weigh("osl_26_9a", not_unsuitable=True)
    known = "recipient_has_notified" in case.circumstances
    return finding if known or finding.state == "no" else finding.open_finding()


@ground("OSL 26:9 e", only({"OSL 26:1"}))
def osl_26_9e(case: Case) -> Finding:
    """OSL 26:9 e: SiS, on a feared offence with prison in its scale, or one committed inside SiS."""
    to = case.recipient.id in (POLICE, SECURITY_POLICE, "tullverket")
    if case.sender.id != SIS or not to or case.offence is None:
        return no("osl_26_9e")
    if case.commits():
        if "in_own_institution" not in case.circumstances:
            return no("osl_26_9e")
        return case.weigh("osl_26_9e", suspicion=True, not_unsuitable=True)
    prison = prison_in_scale(case)
    finding = case.weigh("osl_26_9e", concrete_risk=True, not_unsuitable=True)
    if prison is False or case.purpose not in ("prevent", "avert", "detect") or finding.state == "no":
        return no("osl_26_9e")
    return finding if prison else finding.open_finding()


@ground("SoL 19:1", anything, duty=True)
def sol_19_1(case: Case) -> Finding:
    """SoL 19:1 through OSL 10:28: the circle tells the social board of a child who may fare badly."""
    if not case.recipient.is_social():
        return no("sol_19_1")
    if case.sender.unit == "family_counselling":
        return OPEN
    if not case.sender.must_report():
        return no("sol_19_1")
    child = case.protects_a_child(presumable=True)
    return _of_a_child(child, case.weigh("sol_19_1", child_at_risk=True), "sol_19_1")


@ground("SoL 20:6", anything, duty=True)
def sol_20_6(case: Case) -> Finding:
    """SoL 20:6 through OSL 10:28: the same circle gives an open inquiry all that may matter, on whomever."""
    if not case.recipient.is_social() or "inquiry_open" not in case.circumstances:
        return no("sol_20_6")
    if case.sender.unit == "family_counselling":
        raise Unclear("family counselling and SoL 20:6")
    return case.weigh("sol_20_6", importance=True) if case.sender.must_report() else no("sol_20_6")


def _stay(case: Case, name: str) -> Finding:
    """On request and in a single case, to the bodies of the list: whether somebody stays there, nothing else."""
    if case.category != "stay_in_care" or not case.on_request or case.organisation:
        return no(name)
    if not (case.recipient.id in STAY_TOLD_TO or case.recipient.is_a("court")):
        return no(name)
    if "particular_case" not in case.circumstances:
        raise Unclear("not said that it is a single case")
    return CARRIES


@ground("SoL 15:7", anything, duty=True)
def sol_15_7(case: Case) -> Finding:
    """SoL 15:7 1: the social board tells whether somebody stays in a home for care."""
    return _stay(case, "sol_15_7") if case.sender.is_social() else no("sol_15_7")


@ground("PSL 6:15", anything, duty=True)
def psl_6_15(case: Case) -> Finding:
    """PSL 6:15 1: health staff tell whether somebody stays in a care facility."""
    if not (case.sender.is_public_health() or case.sender.is_a("private_health_care")):
        return no("psl_6_15")
    if case.recipient.id == SECURITY_POLICE and case.on_request:
        raise Unclear("Säkerhetspolisen may get more (PSL 6:15 2-3)")
    return _stay(case, "psl_6_15")


@ground("OSL 6:5", anything)
def no_secrecy(case: Case) -> Finding:
    """OSL 6:5: an authority gives another, on request, what no secrecy covers."""
    finding = CARRIES if case.on_request and not case.secrecy else no("no_secrecy")
    return case.if_authorities(finding, "no_secrecy", case.sender, case.recipient)


@ground(None, anything)
def open_information(case: Case) -> Finding:
    """No secrecy and no person: open information."""
    if case.kind not in ("Disclosure", "CaseSharing", "CouncilReferral"):
        raise Unclear("open information in another kind is read there")
    return no("open_information") if case.secrecy or case.subject or case.persons else CARRIES


@ground(None, anything)
def takedown(case: Case) -> Finding:
    """2026:1235 5 §: an order to a platform is a message of its own, never an item."""
    return no("takedown")


BEFORE_CONSENT = (osl_26_9, osl_25_12, osl_26_9a, osl_26_9e, sol_19_1, sol_20_6, sol_15_7, psl_6_15)
"""The right half of the contract's table, in its order, from OSL 26:9 to PSL 6:15."""
