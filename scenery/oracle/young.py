"""The oracle's reading of the young: suspects, sentences (1964:167, OSL 35:15 a); benefits, own task (OSL 10:2)."""

from datetime import date

from scenery.oracle.case import CARRIES, OPEN, Case, Finding, Unclear, age_on, ground, no, only
from scenery.oracle.offences import least_at_least, prison_in_scale
from scenery.oracle.parties import POLICE, PROSECUTOR

_FOURTEEN_FROM, _FOURTEEN_UNTIL = date(2026, 9, 10), date(2031, 9, 10)
"""BrB 1:6 second paragraph, LUL 1 a and 38 e §§: in force, and repealed for offences from the second day on."""
_FOUR_YEARS = 48
_KNOWN_11, _FROM_15_4, _FROM_35_15A = date(2025, 7, 1), date(2025, 7, 1), date(2026, 7, 1)
_NOT_BY_10_27 = ("OSL 24:2 a", "OSL 24:8", "OSL 33:2", "OSL 33:4 a", "OSL 36:3", "OSL 40:2", "OSL 40:5")


def _is_suspect(case: Case) -> bool:
    return case.commits() and case.offence is not None and case.offence.get("subject_is", "suspect") == "suspect"


def _age_then(case: Case) -> int | None:
    """The subject's age on the offence's day; where no day is stated, on the message's, which is the most it was."""
    if case.subject is None:
        raise Unclear("an offence of nobody")
    stated = (case.offence or {}).get("date")
    return age_on(date.fromisoformat(stated) if stated else case.day, case.subject)


def _is_dated(case: Case) -> bool:
    return bool((case.offence or {}).get("date"))


def _under_fifteen(case: Case) -> bool | None:
    """Whether LUL 34 § is the paragraph for this age, by the day stated or taken: not for the gravest at fourteen."""
    age = _age_then(case)
    if age is None or age != 14 or case.offence is None:
        return None if age is None else age < 15
    stated = case.offence.get("date")
    day = date.fromisoformat(stated) if stated else case.day
    if case.day < _FOURTEEN_FROM or not _FOURTEEN_FROM <= day < _FOURTEEN_UNTIL:
        return True
    grave = least_at_least(case, _FOUR_YEARS)
    return None if grave is None else not grave


def _of_others(case: Case) -> bool:
    return case.persons != (case.subject,)


def _own(case: Case, ground_id: str, test: str) -> Finding:
    """An answer that counts only if it is given for this ground."""
    given = case.answers.get(test, {}).get(ground_id)
    return Finding("lacks", (test,)) if given is None else CARRIES if given else no(ground_id)


def _complete(case: Case) -> bool:
    """LUL 6 §: asked of mediation or not, and the answer; deprived of liberty or not, and why."""
    notice = case.message["body"].get("lul_notice") or {}
    asked, liberty = notice.get("mediation_asked"), notice.get("deprived_of_liberty")
    mediation = asked is False or (asked is True and notice.get("mediation_answer") is not None)
    return mediation and (liberty == "none" or (liberty is not None and bool(notice.get("why"))))


@ground("1964:167 6 §", lambda _: True, duty=True)
def lul_6(case: Case) -> Finding:
    """1964:167 6 §: whoever leads the investigation tells the social board of a suspect from fifteen to seventeen."""
    if case.sender.id != POLICE or not case.recipient.is_child_welfare() or not _is_suspect(case):
        return no("lul_6")
    under, finding = case.younger_than(18), case.weigh("lul_6", suspicion=True)
    prison, of_34 = prison_in_scale(case), _under_fifteen(case)
    if under is False or prison is False or of_34 is True or finding.state == "no":
        return no("lul_6")
    return finding if under and prison and of_34 is False and _complete(case) else finding.open_finding()


@ground("1964:167 34 §", lambda _: True, duty=True)
def lul_34(case: Case) -> Finding:
    """1964:167 34 §: of a child who can be suspected, or into whose offence an inquiry under 31 § has begun."""
    if case.sender.id not in (POLICE, PROSECUTOR) or not case.recipient.is_child_welfare() or not case.persons:
        return no("lul_34")
    inquiry = "inquiry_31_opened" in case.circumstances
    if case.offence is None and not inquiry:
        return OPEN if "lul_34" in case.message["body"].get("basis", []) else no("lul_34")
    if case.offence is not None and not _is_suspect(case):
        return no("lul_34")
    finding = CARRIES if inquiry else _own(case, "lul_34", "suspicion")
    prison, under = True if inquiry else prison_in_scale(case), _under_fifteen(case)
    age = _age_then(case)
    if under is False and not _is_dated(case) and age is not None and age < 18:
        under = None
    if prison is False or under is False or finding.state == "no":
        return no("lul_34")
    return finding if prison and under and not _of_others(case) else finding.open_finding()


@ground("1964:167 11 §", lambda _: True, duty=True)
def lul_11(case: Case) -> Finding:
    """1964:167 11 § last paragraph: the board tells prosecutor or investigator, on request, of a suspect under 18."""
    to = case.recipient.id
    asked = case.on_request and case.purpose in ("investigate", "prosecute")
    if not case.sender.is_social() or to not in (POLICE, PROSECUTOR, "ekobrottsmyndigheten", "tullverket") or not asked:
        return no("lul_11")
    if not case.persons:
        return no("lul_11")
    own = not case.asked_under and "lul_11" in case.message["body"].get("basis", [])
    claimed = "lul_11" in case.asked_under or own
    if case.offence is None:
        return OPEN if claimed else no("lul_11")
    if not _is_suspect(case):
        return no("lul_11")
    age = _age_then(case)
    prison = True if to == PROSECUTOR else prison_in_scale(case)
    if prison is False or (age is not None and age >= 18 and _is_dated(case)):
        return no("lul_11")
    known = age is not None and age < 18 and prison is True and case.day >= _KNOWN_11
    whom = to in (POLICE, PROSECUTOR) and not _of_others(case)
    return CARRIES if claimed and known and whom else OPEN


@ground("SoL 15:4", lambda _: True, duty=True)
def sol_15_4(case: Case) -> Finding:
    """SoL 15:4: benefits paid, on request, against wrong payments."""
    asked = case.on_request and case.purpose == "wrong_payment" and case.category == "benefit"
    if not asked or not case.sender.is_social() or not case.recipient.is_authority(case.day) or case.day < _FROM_15_4:
        return no("sol_15_4")
    return CARRIES


@ground("OSL 35:15 a", only({"OSL 35:15 1 st"}))
def osl_35_15a(case: Case) -> Finding:
    """OSL 35:15 a: Kriminalvården, for the plan of one under 21 in prison, or of one under youth supervision."""
    if case.sender.id != "kriminalvarden" or case.day < _FROM_35_15A or not case.persons:
        return no("osl_35_15a")
    finding = case.weigh("osl_35_15a", need=True)
    serves: bool | None = None if "osl_35_15a" in case.message["body"].get("basis", []) else False
    if "serving_youth_supervision" in case.circumstances:
        serves = True
    elif "serving_prison" in case.circumstances:
        serves = case.younger_than(21)
    if serves is False or finding.state == "no":
        return no("osl_35_15a")
    return finding if serves and case.recipient.is_authority(case.day) else finding.open_finding()


@ground("OSL 10:2", lambda _: True)
def osl_10_2(case: Case) -> Finding:
    """OSL 10:2: an authority must give it to do its own task; where 10:27 excepts the secrecy a human looks."""
    finding = case.if_authorities(_own(case, "osl_10_2", "necessary_for_own_task"), "osl_10_2", case.sender)
    return finding.open_finding() if finding.state != "no" and any(map(_is_excepted, case.secrecy)) else finding


def _is_excepted(provision: str) -> bool:
    """What OSL 10:27 second paragraph excepts, as far as the county names it."""
    if provision.startswith(("OSL 29:", "OSL 31:")):
        raise Unclear("which sections of 29 and 31 kap. the general clause excepts")
    chapter, _, section = provision.removeprefix("OSL ").partition(":")
    number = section.split(" ")[0]
    if chapter == "25":
        return number.isdecimal() and int(number) <= 8 and section == number
    if chapter == "26":
        return section == "1 a" or (section == number and int(number) <= 6)
    return provision in _NOT_BY_10_27


LATER = (lul_34, osl_35_15a, lul_11, sol_15_4, osl_10_2)
"""The grounds that came last, in the contract's order."""
