"""Notifications of concern with all that follows: decision, feedback, custody, talks with guardians."""

from scenery.county.month import soon
from scenery.county.story import Json, Story
from scenery.town.places import Desk
from scenery.town.writing import judgements

_REPORTERS = {
    **{"police": 30, "school": 12, "nurse": 4, "private_school": 2, "hospital": 9, "psychiatry": 3, "clinic": 2},
    **{"public": 17, "social": 6, "leisure": 2, "club": 2, "home": 3, "kriminalvarden": 2, "forsakringskassan": 1},
    **{"migrationsverket": 1, "kronofogdemyndigheten": 1, "prosecutor": 1, "preschool": 2},
}
"""Who notifies, in hundredths: some 60 % police, school, preschool, health and dental care (law-facts 8)."""

_TEXTS = {
    "violence": "Barnet berättar om slag hemma.",
    "neglect": "Barnet kommer hungrigt och utan vinterkläder.",
    "crime": "Anträffad med stöldgods sent på natten.",
    "drugs": "Luktar av cannabis, påverkad vid samtal.",
    "school_absence": "Har varit borta tre veckor utan förklaring.",
    "honour": "Får inte vara med på lektioner, säger sig vara bevakad.",
    "network": "Umgås med äldre personer som delar ut uppdrag.",
    "other": "Oro efter flera samtal från grannar.",
}
_OPENED = 38
"""Of a hundred notifications, an inquiry is opened on so many (law-facts 8)."""


def concern(story: Story) -> None:
    """A child, mostly one notification, sometimes several; a decision within fourteen days; feedback on request."""
    child = story.person(0, 17, protected=story.chance(0.02))
    harm = judgements("handläggare", harm=False) if child.get("protected_identity") and story.chance(0.6) else []
    notifications = [_notify(story, child, harm)]
    while story.chance(0.12):
        story.wait((0.2, 5.0))
        notifications.append(_notify(story, child, harm))
    story.wait((0.5, 13.0))
    if story.chance(0.75):
        status = _status(story)
        decided = story.day.isoformat()
        for notification, reporter, asks in notifications:
            if story.chance(0.97):
                _decide(story, notification, status, decided)
            if asks:
                _tell(story, notification, reporter, status, decided)


def _status(story: Story) -> str:
    return "opened" if story.rng.randrange(100) < _OPENED else story.rng.choice(("not_opened", "not_opened", "running"))


def _notify(story: Story, child: Json, assessed: list[Json], to: Desk | None = None) -> tuple[str, Desk, bool]:
    """One notification. Gives its id, the reporter, and whether feedback is asked for."""
    name = story.rng.choices(list(_REPORTERS), list(_REPORTERS.values()))[0]
    reporter = story.desk(name)
    concerns = story.rng.sample(list(_TEXTS), story.rng.choice((1, 1, 2)))
    anonymous = name == "public" and story.chance(0.5)
    asks = name not in ("public", "club") and story.chance(0.5)
    body = {
        "subject": child,
        "concerns": concerns,
        "text": " ".join(_TEXTS[concern] for concern in concerns),
        "immediate": story.chance(0.08),
        "anonymous": anonymous,
        "feedback_requested": asks,
        "assessments": assessed,
    }
    own = story.send("ConcernNotification", reporter, to or story.desk("social"), body)
    return own, reporter, asks and not anonymous


def _decide(story: Story, notification: str, status: str, day: str) -> None:
    board = story.desk("social")
    body = {"status": status, "decided_on": day}
    story.send("ConcernDecision", board, Desk(board.authority, board.unit), body, reply=notification)


def _tell(story: Story, notification: str, reporter: Desk, status: str, day: str) -> None:
    """Feedback within a week of the decision (SoL 19:6): lawful mostly, now and then with a text or unjudged."""
    lot = story.rng.random()
    body: Json = {"status": status, "decided_on": day}
    if lot < 0.93:
        body["assessments"] = judgements("socialsekreterare", not_unsuitable=lot < 0.9)
    if lot > 0.97 or lot < 0.02:
        body["text"] = "Tack för anmälan."
    back = Desk(reporter.authority, reporter.unit)
    story.send("ConcernFeedback", story.desk("social"), back, body, reply=notification)


def concern_astray(story: Story) -> None:
    """What should not be: the wrong board, unit, age, answer, function or reply."""
    child = story.person(1, 16)
    astray = story.turn("concern astray", 9)
    if astray == 0:
        away = Desk(f"kommun-{story.county.elsewhere(story.place, story.rng)}", "social_services")
        _notify(story, child, [], away)
    elif astray == 1:
        _notify(story, child, [], story.desk(story.rng.choice(("education", "region", "police"))))
    elif astray == 2:
        _notify(story, story.person(18, 24), [])
    elif astray == 3:
        _notify(story, story.stranger(), [])
        nobody = {"id_type": "unknown", "birth_date": f"{story.day.year - story.rng.randrange(6, 16)}-03-01"}
        for _ in range(2):  # perhaps two children: nothing tells
            _notify(story, nobody, [])
    elif astray == 4:
        _notify(story, child, judgements("handläggare", child_at_risk=False))
    elif astray == 5:
        body = {"subject": child, "concerns": ["violence"], "text": _TEXTS["violence"]}
        story.send("ConcernNotification", story.desk("family_counselling"), story.desk("social"), body)
    elif astray == 6:
        _harmful(story, story.person(3, 15, protected=True), harm=story.chance(0.5))
    else:
        _replies_astray(story, child, feedback=astray == 7)


def _harmful(story: Story, child: Json, *, harm: bool) -> None:
    """A school's notification of a child with protected identity, with its answer on harm."""
    body: Json = {"subject": child, "concerns": ["neglect"], "text": _TEXTS["neglect"]}
    body["assessments"] = judgements("rektor", harm=harm)
    story.send("ConcernNotification", story.desk("school"), story.desk("social"), body)


def _replies_astray(story: Story, child: Json, *, feedback: bool) -> None:
    """Feedback to somebody who may get none or did not ask; a decision on nothing, or on another's notification."""
    board, body = story.desk("social"), {"status": "opened", "decided_on": story.day.isoformat()}
    if not feedback:
        story.send("ConcernDecision", board, Desk(board.authority, board.unit), body)
        notification, _, _ = _notify(story, child, [])
        other = Desk(f"kommun-{story.county.elsewhere(story.place, story.rng)}", "social_services", "caseworker")
        story.send("ConcernDecision", other, Desk(other.authority, other.unit), body, reply=notification)
        return
    reporter = story.desk(("public", "club", "school")[story.turn("feedback astray", 3)])
    concern_body = {"subject": child, "concerns": ["crime"], "text": _TEXTS["crime"]}
    notification = story.send("ConcernNotification", reporter, board, concern_body)
    answered = {**body, "assessments": judgements("socialsekreterare", not_unsuitable=True)}
    story.wait((1.0, 5.0))
    story.send("ConcernFeedback", board, Desk(reporter.authority, reporter.unit), answered, reply=notification)
    story.send("ConcernFeedback", board, story.desk("psychiatry"), answered, reply=notification)


def custody(story: Story) -> None:
    """Polislagen 12 §: taken care of, and handed over to a guardian or the social board."""
    board = story.chance(0.5)
    lot = story.rng.random()
    ages = (18, 20) if lot < 0.06 else (11, 17)
    child = story.stranger() if 0.06 < lot < 0.12 else story.person(*ages)
    taken = f"{story.at:%Y-%m-%dT%H:%M:%SZ}"
    story.at = soon(story.rng, story.at, (20, 180))
    body = {
        "subject": child,
        "taken_at": taken,
        "place": story.rng.choice(("Torget", "En port vid centrum", "Pendeltågsstationen", "Skolgården")),
        "handed_to": "social_board" if board else "guardian",
        "handed_at": f"{story.at:%Y-%m-%dT%H:%M:%SZ}",
    }
    to = story.desk("hospital") if lot > 0.96 else story.desk("social") if board else Desk("polismyndigheten")
    story.send("CustodyHandover", story.desk("police"), to, body)


def conversation(story: Story) -> None:
    """Orossamtal: the police talk with guardians, with the social services or without them."""
    invited = story.chance(0.7)
    body: Json = {
        "subject": story.person(10, 17),
        "held_at": f"{story.at:%Y-%m-%dT%H:%M:%SZ}",
        "social_services_invited": invited,
        "outcome": story.rng.choice(("agreed", "agreed", "declined", "follow_up")),
        "concern_met": story.chance(0.3),
    }
    to = story.desk("social") if invited else Desk("polismyndigheten", "police_area")
    if story.chance(0.05):
        to = story.desk("school")
    story.send("GuardianConversation", story.desk("police"), to, body)
    if body["concern_met"]:
        body = {"subject": body["subject"], "concerns": ["crime"], "text": "Se orossamtalet."}
        story.send("ConcernNotification", story.desk("police"), story.desk("social"), body)


def condition(story: Story) -> None:
    """2026:1637 6:6-8: a condition to stay at home, told to the police, with an exception and its end."""
    child = story.person(14, 17)
    start: Json = {
        "subject": child,
        "name": "Exempel Exempelsson",
        "contact": "070-000 00 00",
        "event": "start",
        "condition": {"text": "Ska hålla sig i bostaden.", "place": "home", "times": "alla dagar 20-06"},
        "within_youth_care": story.chance(0.3),
        "guardians": [{"name": "Exempel Vårdnadshavare", "contact": story.rng.choice(("070-000 00 01", "inte känt"))}],
    }
    if story.chance(0.2):
        del start["guardians"]
    board, police = story.desk("social"), story.desk("police")
    notice = story.send("ConditionNotice", board, police, start)
    if story.chance(0.3):
        story.wait((1, 5))
        story.send("ConditionNotice", board, police, {"event": "ended", "subject": child})
    elif story.chance(0.2):
        story.send("ConditionNotice", board, police, {"event": "ended", "notice": notice})
