"""Cooperation that rests on consent: agreements, consents, casework, withdrawals, councils, defection."""

from datetime import timedelta

from scenery.county.story import Json, Story
from scenery.town.places import Desk
from scenery.town.writing import judgements

_PROGRAMMES = ("sig", "sspf")
_CATEGORIES = ["social_record", "observation", "network"]
_NEEDS = ("housing", "income", "debts", "addiction", "health", "occupation", "protected_data", "contact")


def _to_itself(desk: Desk) -> Desk:
    return Desk(desk.authority)


def agreement(story: Story, programme: str) -> Json:
    """The municipality's agreement with the police in a programme: confirmed by both the first time it is needed."""
    name = f"{programme.upper()}-{story.place}"
    known = story.county.agreements.get(name)
    if known:
        return known
    body: Json = {
        "agreement": name,
        "programme": programme,
        "parties": [f"kommun-{story.place}", "polismyndigheten"],
        "purposes": ["prevent", "support"],
        "area": [story.place],
        "valid_from": story.day.isoformat(),
        "valid_until": (story.day + timedelta(days=365)).isoformat(),
    }
    if story.chance(0.4):
        body["signers"] = [
            {"from_age": 0, "guardians": "all"},
            {"from_age": 12, "subject": True, "guardians": "all"},
            {"from_age": 18, "subject": True},
        ]
    story.county.agreements[name] = body
    for desk in (story.desk("social"), story.desk("police")):
        story.send("CooperationAgreement", desk, _to_itself(desk), body)
    if story.chance(0.1):
        school = story.desk("private_school")
        story.send("CooperationAgreement", school, _to_itself(school), body)
    return body


def _consent(story: Story, person: Json, programme: str, ages: str) -> Json:
    """A consent that is signed as the age demands, or lacks something."""
    guardians = 0 if ages == "grown" else story.rng.choice((1, 2, 2))
    signed = [{"role": "guardian", "answer": "yes"}] * guardians
    if ages != "child" or story.chance(0.85):
        signed = [*signed, {"role": "subject", "answer": "yes"}]
    body: Json = {
        "consent": story.unique(programme.upper()),
        "programme": programme,
        "subject": person,
        "given_by": signed,
        "guardians": guardians,
        "parties": [f"kommun-{story.place}", "polismyndigheten"],
        "categories": _CATEGORIES,
        "purposes": ["prevent", "support"],
        "valid_from": story.day.isoformat(),
        "valid_until": (story.day + timedelta(days=story.rng.choice((3, 60, 90, 90, 180, 180)))).isoformat(),
        "form": "written",
    }
    lot = story.rng.random()
    if lot < 0.05:
        body["form"] = "oral"
    elif lot < 0.1 and guardians == 2:
        body["given_by"] = [
            {"role": "guardian", "answer": "yes"},
            {"role": "guardian", "answer": "no"},
            {"role": "subject", "answer": "yes"},
        ]
    elif lot < 0.16 and guardians:
        body["given_by"] = signed[1:] or [{"role": "subject", "answer": "yes"}]
    return body


def casework(story: Story) -> None:
    """SIG and SSPF: consent first, then sharing under the programme's agreement, until it is taken back."""
    programme = story.rng.choice(_PROGRAMMES)
    agreed = agreement(story, programme)
    ages = story.rng.choice(("child", "teen", "teen", "grown"))
    person = story.person(*{"child": (8, 14), "teen": (15, 17), "grown": (18, 24)}[ages])
    office, police = story.desk("social"), story.desk("police")
    consent = _consent(story, person, programme, ages)
    story.send("ConsentGiven", office, _to_itself(office), consent)
    for _ in range(story.rng.choice((1, 2, 3))):
        story.wait((0.2, 4.0))
        _share(story, person, agreed, *((office, police) if story.chance(0.6) else (police, office)))
    if story.chance(0.35):
        if story.chance(0.1):
            withdrawn = {"consent": consent["consent"], "by": "guardian"}
            story.send("ConsentWithdrawn", police, _to_itself(police), withdrawn)
        by = "guardian" if consent["guardians"] else "subject"
        body = {"consent": consent["consent"], "by": by}
        story.send("ConsentWithdrawn", office, _to_itself(office), body)
        if story.chance(0.5):
            _share(story, person, agreed, office, police)


def _share(story: Story, person: Json, agreed: Json, sender: Desk, to: Desk) -> None:
    """One sharing in the group; now and then of another category, of a friend too, or for another purpose."""
    item: Json = {
        "category": story.rng.choice(_CATEGORIES),
        "content": story.rng.choice(("Tackar ja till en kontaktperson.", "Har bytt lag.", "Setts hemma varje kväll.")),
        "secrecy": ["OSL 26:1" if sender.unit == "social_services" else "OSL 35:1"],
    }
    lot = story.rng.random()
    if lot < 0.06:
        item["category"] = "health_record"
    elif lot < 0.12:
        item["concerns"] = [person, story.person(13, 17)]
    elif lot < 0.16:
        item["secrecy"] = ["OSL 26:5" if sender.unit == "social_services" else "OSL 18:1"]
    body: Json = {"subject": person, "items": [item], "purpose": "detect" if 0.16 < lot < 0.2 else "prevent"}
    body["basis"] = ["consent"]
    if story.chance(0.7) and body["purpose"] in agreed["purposes"]:
        body["programme"] = agreed["programme"]
        body["agreement"] = agreed["agreement"] if story.chance(0.5) else None
        story.send("CaseSharing", sender, to, body)
    else:
        story.send("Disclosure", sender, to, body)


def without_agreement(story: Story) -> None:
    """A consent and no agreement in its programme; and a ground that needs neither."""
    person = story.person(19, 24)
    office, police = story.desk("social"), story.desk("police")
    consent = {**_consent(story, person, "ratt_kurva", "grown"), "form": "written"}
    consent["given_by"] = [{"role": "subject", "answer": "yes"}]
    story.send("ConsentGiven", office, _to_itself(office), consent)
    item = {"category": "network", "content": "Har erbjudits pengar.", "secrecy": ["OSL 26:1"]}
    body: Json = {"subject": person, "items": [item], "purpose": "prevent", "programme": "ratt_kurva"}
    story.send("CaseSharing", office, police, {**body, "basis": ["consent"]})
    if story.chance(0.5):
        answers = judgements("enhetschef", concrete_risk=True, not_unsuitable=True)
        child = story.person(13, 17)
        own = {**body, "subject": child, "basis": ["osl_18a"], "assessments": answers}
        story.send("CaseSharing", office, police, own)


def family_at_odds(story: Story) -> None:
    """A guardian who is away, or must not know; a child who says no: for a human."""
    lot = story.turn("family at odds", 3)
    person = story.person(8, 13) if lot == 2 else story.person(15, 17)
    office, police = story.desk("social"), story.desk("police")
    own = {"role": "subject", "answer": "no" if lot == 2 else "yes"}
    guardian = {"role": "guardian", "answer": "yes"}
    consent = _consent(story, person, "other", "teen") | {"form": "written", "guardians": 2}
    consent["given_by"] = {0: [guardian, own], 1: [own], 2: [guardian, guardian, own]}[lot]
    story.send("ConsentGiven", office, _to_itself(office), consent)
    item = {"category": "observation", "content": "Går hem själv igen.", "secrecy": ["OSL 26:1"]}
    body: Json = {"subject": person, "items": [item], "purpose": "prevent", "basis": ["consent"]}
    body["circumstances"] = [["guardian_absent"], ["guardian_must_not_know"], []][lot]
    story.send("Disclosure", office, police, body)


def council(story: Story) -> None:
    """A local council hears of a named child under a ground; a regional or national one of no person."""
    level = "local" if story.chance(0.75) else story.rng.choice(("regional", "national"))
    answers = judgements("enhetschef", concrete_risk=True, not_unsuitable=True)
    text = "Samma kille har hört av sig till två till."
    item: Json = {"category": "network", "content": text, "secrecy": ["OSL 26:1"]}
    if story.chance(0.15):  # weighed for a ground that is not the one claimed
        item["assessments"] = judgements("enhetschef", ground="osl_26_9e", concrete_risk=False)
    body = {
        "level": level,
        "subject": story.person(12, 18),
        "items": [item],
        "purpose": "prevent",
        "basis": ["osl_18a"],
        "assessments": answers[: 2 if story.chance(0.8) else 1],
    }
    story.send("CouncilReferral", story.desk("social"), story.desk("council"), body)


def defection(story: Story) -> None:
    """Somebody wants to leave: consent, referral to the coordinator, follow-up month by month."""
    grown = story.chance(0.7)
    person = story.person(*((18, 28) if grown else (15, 17)))
    office, coordinator = story.desk("social"), story.desk("coordinator")
    consent = _consent(story, person, "defection", "grown" if grown else "teen")
    story.send("ConsentGiven", office, _to_itself(office), consent)
    lot = story.rng.random()
    named = "AVH-0000-0000" if lot < 0.06 else consent["consent"]
    body = {"subject": person, "consent": named, "threat_assessed": lot < 0.9, "motivated": lot < 0.95}
    to = story.desk("police") if 0.06 < lot < 0.12 else coordinator
    referral = story.send("DefectionReferral", office, to, body)
    months = story.rng.choice((1, 2)) if 0.12 <= lot < 0.9 or story.chance(0.2) else 0
    for month in range(1, months + 1):
        story.wait((4.0, 12.0))
        answers = {need: story.rng.choice(("met", "met", "unmet", "not_needed", "unknown")) for need in _NEEDS}
        followed: Json = {"referral": referral, "month": str(month), **answers}
        followed["outcome"] = story.rng.choice(("running", "running", "completed", "discontinued"))
        other = Desk("polismyndigheten", "defection_coordinator")
        pair = (coordinator, office) if story.chance(0.5) else (office, other)
        story.send("DefectionFollowUp", *pair, followed)
    if story.chance(0.1):
        story.send("DefectionFollowUp", story.desk("psychiatry"), coordinator, _none_followed(referral))


def _none_followed(referral: str) -> Json:
    return {"referral": referral, "month": "1", **dict.fromkeys(_NEEDS, "unknown"), "outcome": "running"}
