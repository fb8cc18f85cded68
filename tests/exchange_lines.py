"""Right messages of the exchanges beside requests and disclosures. Keyword arguments replace fields of the body."""

from typing import Any

from lines import BOY, GIRL, POLICE, TOWN, Json, message, number

SCHOOL, INTAKE, ASSOCIATION = "skola-1", "intaget", "forening-1"
PLATFORM, HEALTH, INSPECTORATE = "plattform-1", "region-01", "inspektionen-for-vard-och-omsorg"
PARTIES = [
    {"authority": SCHOOL, "name": "Prövoskolan", "kind": "school", "principal": TOWN},
    {"authority": "skola-2", "name": "Andra skolan", "kind": "school", "principal": TOWN},
    {"authority": INTAKE, "name": "Allmänhetens intag", "kind": "public_intake"},
    {"authority": ASSOCIATION, "name": "Prövoföreningen", "kind": "civil_society", "works_with_children": True},
    {"authority": "friskola-1", "name": "Fristående skolan", "kind": "school", "principal": "private"},
    {"authority": "klinik-1", "name": "Prövokliniken", "kind": "private_health_care"},
    {"authority": PLATFORM, "name": "Prövoplattformen", "kind": "digital_platform"},
]
JANUARY = "2027-01-04T09:00:00Z"
FIRM = {"orgnr": "9999000004", "name": "Prövohemmet AB"}
CHILD = GIRL | {"municipality": "0127"}
BOARD = {"authority": TOWN, "unit": "social_services"}
AREA = {"authority": POLICE, "unit": "police_area", "area": "0127"}
COORDINATOR = {"authority": POLICE, "unit": "defection_coordinator"}


def judged(by: str = "enhetschef", **answers: bool) -> list[Json]:
    """Answers to weighing tests."""
    return [{"test": test, "holds": holds, "assessed_by": by} for test, holds in answers.items()]


def reply_to(n: int) -> str:
    """The id of an earlier message."""
    return number(n)


def concern(n: int, sender: str = SCHOOL, *, to: Json = BOARD, unit: str = "registry", **changes: Any) -> Json:
    """Somebody notifies the social board of concern for a girl."""
    body = {"subject": CHILD, "concerns": ["network"], "text": "Det som setts."} | changes
    return message(n, "ConcernNotification", sender, TOWN, body, unit=unit) | {"recipient": to}


def decision(n: int, reply: int | None, *, by: str = TOWN, status: str = "opened") -> Json:
    """The board records what it has decided."""
    body = {"status": status, "decided_on": "2026-03-02"}
    return _board(message(n, "ConcernDecision", by, by, body), reply)


def feedback(n: int, reply: int, *, to: str = SCHOOL, **changes: Any) -> Json:
    """The board tells the reporter."""
    body = {"status": "opened", "decided_on": "2026-03-02", "assessments": judged(not_unsuitable=True)} | changes
    return _board(message(n, "ConcernFeedback", TOWN, to, body), reply)


def _board(found: Json, reply: int | None) -> Json:
    sender = found["sender"] | {"unit": "social_services", "role": "caseworker"}
    return found | {"sender": sender, "in_reply_to": number(reply) if reply else None}


def custody(n: int, *, to: Json = BOARD, sender: str = POLICE, **changes: Any) -> Json:
    """The police hand over a child."""
    times = {"taken_at": "2026-03-01T22:10:00Z", "handed_at": "2026-03-01T23:40:00Z"}
    body = {"subject": CHILD, **times, "place": "Centrum", "handed_to": "social_board"} | changes
    return message(n, "CustodyHandover", sender, TOWN, body) | {"recipient": to}


def condition(n: int, event: str = "start", *, unit: str = "social_services", **changes: Any) -> Json:
    """The social board tells the police of a condition to stay at home; a field given as None is left out."""
    where = {"text": "Ska vara hemma på kvällarna.", "place": "home", "times": "alla dagar 20-06"}
    start = {
        "subject": CHILD,
        "name": "Prövo Person",
        "contact": "070-000 00 01",
        "condition": where,
        "within_youth_care": False,
        "guardians": [{"name": "Prövo Förälder", "contact": "inte känt"}],
    }
    envelope = {name: changes.pop(name) for name in ("time",) if name in changes}
    body = {"event": event} | (start if event == "start" else {}) | changes
    kept = {name: value for name, value in body.items() if value is not None}
    return message(n, "ConditionNotice", TOWN, POLICE, kept, unit=unit, **{"time": JANUARY} | envelope)


def conversation(n: int, *, to: Json = BOARD, sender: str = POLICE, **changes: Any) -> Json:
    """The police have talked with guardians."""
    body = {"subject": CHILD, "held_at": "2026-03-01T18:00:00Z", "social_services_invited": True} | changes
    return message(n, "GuardianConversation", sender, TOWN, body) | {"recipient": to}


def report(n: int, kind: str = "Tip", *, sender: str = INTAKE, to: Json = AREA, **changes: Any) -> Json:
    """A tip, a report of an offence."""
    envelope = {name: changes.pop(name) for name in ("unit", "case") if name in changes}
    body = {"text": "Det som setts."} | changes
    return message(n, kind, sender, POLICE, body, **envelope) | {"recipient": to}


def picture(n: int, *, sender: str = TOWN, to: str = POLICE, **changes: Any) -> Json:
    """A situation picture with one number that is too small."""
    counts = [{"label": "försök att värva", "n": 3}, {"label": "anmälningar", "n": 41}]
    body = {"level": "local", "period": "2026-02", "counts": counts, "text": "Läget i området."} | changes
    return message(n, "SituationPicture", sender, to, body)


def order(n: int, *, sender: str = POLICE, to: str = PLATFORM, **changes: Any) -> Json:
    """The police order a provider to remove content; a field given as None is left out."""
    body = {
        "action": "order",
        "legal_basis": "2026:1235 5 §",
        "reasons": "Inlägget värvar barn till våldsbrott.",
        "provision": "BrB 16:5 a",
        "locators": ["https://plattform.example/inlagg/1"],
        "redress": "Beslutet får överklagas till förvaltningsrätten.",
        "effect_to": POLICE,
        "territory": ["SE"],
        "language": "sv",
        "link_to_sweden": True,
        "assessments": judged("jurist", recruitment_content=True),
    } | changes
    kept = {name: value for name, value in body.items() if value is not None}
    return message(n, "ChannelAction", sender, to, kept) | {"time": "2026-09-02T09:00:00Z"}


def referral(n: int, *, to: Json = COORDINATOR, **changes: Any) -> Json:
    """The social services refer somebody who wants to leave."""
    body = {"subject": BOY, "threat_assessed": True, "motivated": True, "consent": "S-9"} | changes
    return message(n, "DefectionReferral", TOWN, POLICE, body, unit="social_services") | {"recipient": to}


def follow_up(n: int, referral: int, *, sender: str = TOWN, to: str = POLICE) -> Json:
    """How it goes, month by month."""
    needs = ("housing", "income", "debts", "addiction", "health", "occupation", "protected_data", "contact")
    body = {"referral": number(referral), "month": 1, "outcome": "running", **dict.fromkeys(needs, "met")}
    return message(n, "DefectionFollowUp", sender, to, body)
