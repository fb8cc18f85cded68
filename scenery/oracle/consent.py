"""Consent (OSL 12:2-3, FB 6:11 and 6:13) and cooperation in a programme: the oracle's reading."""

from datetime import date

from scenery.oracle.case import CARRIES, Case, Finding, Json, Unclear, age_on, no
from scenery.oracle.registers import Form, Registers

_FOR_A_HUMAN = Finding("open")
_NEVER = ("OSL 25:7", "OSL 26:5", "OSL 35:2")
"""Secrecy that protects informants against the person."""


def lifts(provision: str) -> bool:
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
    shared = _in_programme(case, agreements) if case.kind == "CaseSharing" else []
    if case.kind == "CaseSharing" and not shared:
        return no("out_of_agreement")
    partners = {party for agreement in shared for party in registers.confirmed_by(agreement)}
    findings = []
    for person in case.persons:
        forms = _between(case, registers.forms(person), in_law)
        trusted = {form.place for form in forms if _by_itself(case, form, partners, in_law)}
        findings.append(_of(case, forms, person, agreements, trusted))
    for state in ("no", "open"):
        for one in findings:
            if one.state == state:
                return one
    if any(one.state == "lacks" for one in findings) or case.answer("consent_confirmed", "consent") is False:
        return case.weigh("consent", consent_confirmed=True)
    return CARRIES


def _between(case: Case, forms: list[Form], in_law: dict[str, str]) -> list[Form]:
    """Forms that name both, of each registrant and programme the newest; and every no."""
    both = {case.sender.in_law, case.recipient.in_law}
    named = [form for form in forms if both <= {in_law.get(party, party) for party in form.body["parties"]}]
    newest = {(form.owner, form.body["programme"]): form for form in sorted(named, key=lambda form: form.moment)}
    return [form for form in named if form in newest.values() or form.noes() or form.withdrawn_by]


def _in_programme(case: Case, agreements: list[Json]) -> list[Json]:
    """The programme's agreements that are in force between the two, for the place and the purpose."""
    body = case.message["body"]
    place = (case.subject or {}).get("municipality")
    if place is None:
        raise Unclear("where the case is")
    named = body.get("agreement")
    return [
        agreement
        for agreement in agreements
        if agreement["programme"] == body["programme"]
        and place in agreement.get("area", [])
        and case.purpose in agreement["purposes"]
        and named in (None, agreement["agreement"])
    ]


def _of(case: Case, forms: list[Form], person: Json, agreements: list[Json], trusted: set[int]) -> Finding:
    """The best of the person's consents that cover the item and that no later no has ended."""
    findings = []
    for form in forms:
        if form.withdrawn_by is None and _covers(case, form.body):
            age = age_on(case.day, person)
            if age is None:
                raise Unclear("a consent of somebody whose age is not known")
            later = [
                other for other in forms if other.moment > form.moment and case.category in other.body["categories"]
            ]
            signed = _signatures(case, age, form.body, agreements)
            findings.append(_after(signed, later, age, by_itself=form.place in trusted))
    for state in ("carries", "lacks", "open"):
        for one in findings:
            if one.state == state:
                return one
    return no("consent")


def _after(signed: Finding, later: list[Form], age: int, *, by_itself: bool) -> Finding:
    """What later noes leave of a consent: none of one who disposes, or of all guardians; the others a human weighs."""
    for form in later:
        noes, guardians = form.noes(), form.body.get("guardians", 0)
        all_guardians = 0 < guardians <= noes.count("guardian")
        if ("subject" in noes and age >= 15) or all_guardians:
            return no("consent")
    if signed.state != "carries":
        return signed
    if any(form.noes() for form in later):
        return _FOR_A_HUMAN
    return CARRIES if by_itself else Finding("lacks", ("consent_confirmed",))


def _by_itself(case: Case, form: Form, partners: set[str], in_law: dict[str, str]) -> bool:
    """The sender's own register; in a programme that of another partner, who is not the recipient."""
    owner = in_law.get(form.owner, form.owner)
    others = partners - {case.sender.in_law, case.recipient.in_law}
    return form.owner == case.sender.id or (case.kind == "CaseSharing" and owner in others)


def _covers(case: Case, given: Json) -> bool:
    """Form, categories, purposes, days (the last included), and in a sharing its programme."""
    return (
        given["form"] == "written"
        and case.category in given["categories"]
        and case.purpose in given["purposes"]
        and runs(given, case.day)
        and (case.kind != "CaseSharing" or given["programme"] == case.message["body"]["programme"])
    )


def runs(given: Json, day: date) -> bool:
    """Whether something holds on a day, the last included."""
    return bool(given["valid_from"] <= day.isoformat() <= given.get("valid_until", "9999-12-31"))


def _signatures(case: Case, age: int, given: Json, agreements: list[Json]) -> Finding:
    """Signatures against what law and agreement ask for; where the family is not at one a human decides.

    A plain disclosure asks what the law asks; where an agreement asks for more it is for a human.
    """
    asked = [agreement for agreement in agreements if agreement["programme"] == given["programme"]]
    finding = signatures(given, age, [] if case.kind == "Disclosure" else asked)
    if finding.state == "carries" and not ("guardian_must_not_know" in case.circumstances and age < 18):
        return finding if signatures(given, age, asked).state == "carries" else _FOR_A_HUMAN
    if finding.state == "open":
        return finding
    answers = [(signed["role"], signed["answer"]) for signed in given["given_by"]]
    if age >= 18 or (age >= 15 and ("subject", "no") in answers):
        return no("consent")
    if "guardian_must_not_know" in case.circumstances:
        return _FOR_A_HUMAN
    missing = "guardian_absent" in case.circumstances and ("guardian", "no") not in answers
    return _FOR_A_HUMAN if missing else no("consent")


def _asks_for_own(agreement: Json, age: int) -> bool:
    """Whether the agreement's rule for that age, the last that has begun, asks for the person's own signature."""
    rows = [row for row in agreement.get("signers", []) if row["from_age"] <= age]
    return bool(rows) and bool(max(rows, key=lambda row: int(row["from_age"])).get("subject"))


def signatures(given: Json, age: int, agreements: list[Json]) -> Finding:
    """Guardians under 15, own and guardians 15-17, own from 18 (OSL 12:3, FB 6:11); more where an agreement asks."""
    answers = [(signed["role"], signed["answer"]) for signed in given["given_by"]]
    yes, against = answers.count(("guardian", "yes")), ("guardian", "no") in answers
    if ("subject", "no") in answers and age >= 15:
        return no("consent")
    guardians = given.get("guardians", 0) if age < 18 else 0
    own = age >= 15 or any(_asks_for_own(agreement, age) for agreement in agreements)
    if against and yes and age < 18:
        if own and ("subject", "yes") not in answers:
            raise Unclear("guardians who disagree, and an own signature that is missing")
        return _FOR_A_HUMAN
    if against or (age < 18 and not guardians):
        return no("consent")
    if ("subject", "no") in answers:
        return _FOR_A_HUMAN if yes >= guardians else no("consent")
    return CARRIES if yes >= guardians and (not own or ("subject", "yes") in answers) else no("consent")
