"""Consent (OSL 12:2-3, FB 6:11 and 6:13) and cooperation in a programme: the oracle's reading."""

from datetime import date

from agents.county.oracle_case import CARRIES, Case, Finding, Json, Unclear, age_on, no
from agents.county.oracle_registers import Registers

_FOR_A_HUMAN = Finding("open")
_NEVER = ("OSL 25:7", "OSL 26:5", "OSL 35:2")
"""Secrecy that protects informants against the person."""


def lifted(provision: str) -> bool:
    """What the person may lift: not what protects public interests (OSL 15-20 kap.) or informants."""
    if not provision.startswith("OSL "):
        return True
    chapter = int(provision.split(" ")[1].split(":", 1)[0])
    return provision not in _NEVER and not 15 <= chapter <= 20


def consent(case: Case, registers: Registers, in_law: dict[str, str]) -> Finding:
    """OSL 12:2: each person whom the item concerns has a consent that covers it, signed as age demands."""
    if not case.persons:
        return no("consent")
    agreements = registers.agreements(case.sender.in_law, case.recipient.in_law, case.day, in_law)
    if case.kind == "CaseSharing" and not _in_programme(case, agreements):
        return no("out_of_agreement")
    findings = [_of(case, person, registers, agreements, in_law) for person in case.persons]
    for state in ("no", "open"):
        for found in findings:
            if found.state == state:
                return found
    return CARRIES


def _in_programme(case: Case, agreements: list[Json]) -> bool:
    """The programme's agreement is in force between the two, for the place and the purpose."""
    body = case.message["body"]
    place = (case.subject or {}).get("municipality")
    if place is None:
        raise Unclear("where the case is")
    named = body.get("agreement")
    return any(
        agreement["programme"] == body["programme"]
        and place in agreement.get("area", [])
        and case.purpose in agreement["purposes"]
        and named in (None, agreement["agreement"])
        for agreement in agreements
    )


def _of(case: Case, person: Json, registers: Registers, agreements: list[Json], in_law: dict[str, str]) -> Finding:
    """The best of the person's consents that cover the item."""
    covering = [given for given in registers.consents(person) if _covers(case, given, in_law)]
    findings = [_signed(case, person, given, agreements) for given in covering]
    for state in ("carries", "open"):
        for found in findings:
            if found.state == state:
                return found
    return no("consent")


def _covers(case: Case, given: Json, in_law: dict[str, str]) -> bool:
    """Form, parties, categories, purposes, days (the last included)."""
    return (
        given["form"] == "written"
        and {case.sender.in_law, case.recipient.in_law} <= {in_law.get(party, party) for party in given["parties"]}
        and case.category in given["categories"]
        and case.purpose in given["purposes"]
        and runs(given, case.day)
    )


def runs(given: Json, day: date) -> bool:
    """Whether something holds on a day, the last included."""
    return bool(given["valid_from"] <= day.isoformat() <= given.get("valid_until", "9999-12-31"))


def _signed(case: Case, person: Json, given: Json, agreements: list[Json]) -> Finding:
    """Signatures against what law and agreement ask for; where the family is not at one a human decides."""
    age = age_on(case.day, person)
    if age is None:
        raise Unclear("a consent of somebody whose age is not known")
    asked = [agreement for agreement in agreements if agreement["programme"] == given["programme"]]
    found = signatures(given, age, asked)
    if found.state == "carries" and not ("guardian_must_not_know" in case.circumstances and age < 18):
        return found
    if found.state == "open":
        return found
    if "guardian_must_not_know" in case.circumstances and age < 18:
        return _FOR_A_HUMAN
    return _FOR_A_HUMAN if "guardian_absent" in case.circumstances else no("consent")


def _asks_for_own(agreement: Json, age: int) -> bool:
    """Whether the agreement's rule for that age, the last that has begun, asks for the person's own signature."""
    rows = [row for row in agreement.get("signers", []) if row["from_age"] <= age]
    return bool(rows) and bool(max(rows, key=lambda row: int(row["from_age"])).get("subject"))


def signatures(given: Json, age: int, agreements: list[Json]) -> Finding:
    """Guardians under 15, own and guardians 15-17, own from 18 (OSL 12:3, FB 6:11); more where an agreement asks."""
    answers = [(signed["role"], signed["answer"]) for signed in given["given_by"]]
    yes, against = answers.count(("guardian", "yes")), ("guardian", "no") in answers
    if ("subject", "no") in answers:
        return _FOR_A_HUMAN if age < 15 else no("consent")
    guardians = given.get("guardians", 0) if age < 18 else 0
    own = age >= 15 or any(_asks_for_own(agreement, age) for agreement in agreements)
    if against and yes and age < 18:
        if own and ("subject", "yes") not in answers:
            raise Unclear("guardians who disagree, and an own signature that is missing")
        return _FOR_A_HUMAN
    if against or (age < 18 and not guardians):
        return no("consent")
    return CARRIES if yes >= guardians and (not own or ("subject", "yes") in answers) else no("consent")
