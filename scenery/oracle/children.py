"""The oracle's reading of what concerns a child: notifications and what follows, custody, talks with guardians."""

from datetime import date

from scenery.oracle.answer import FORWARD, REFER, Asked, Quarantine, Told, withhold
from scenery.oracle.case import Unclear, age_on
from scenery.oracle.parties import POLICE
from scenery.oracle.registers import Sent, about

_ADULT = 18
_IN_FORCE = date(2025, 7, 1)
_CONDITIONS = date(2027, 1, 2)


def _presumed(asked: Asked) -> bool:
    """Whether somebody whose age is not known may be presumed to be under 18."""
    return "presumed_under_18" in asked.body.get("circumstances", ())


def concern_notification(asked: Asked) -> Told:
    """SoL 19:1 at once, to a social board, whatever secrecy applies; SoL 19:4 for those who keep no secrecy."""
    child = asked.body["subject"]
    age = age_on(asked.day, child)
    if asked.day < _IN_FORCE:
        return REFER
    wrong = not asked.recipient.is_child_welfare()
    if wrong or (age is not None and age >= _ADULT) or asked.answer("child_at_risk") is False:
        return withhold("sol_19_1")
    silent = asked.sender.is_authority(asked.day) and not asked.sender.must_report()
    unknown = age is None and not _presumed(asked)
    return REFER if unknown or silent or asked.sender.unit == "family_counselling" else FORWARD


def _notification(asked: Asked) -> Sent:
    sent = asked.reply
    if sent is None or sent.kind != "ConcernNotification" or sent.recipient != asked.sender.id:
        raise Quarantine("not_your_request")
    return sent


def concern_decision(asked: Asked) -> Told:
    """SoL 20:2: the social board's decision, recorded with itself, on a notification that it got."""
    if not asked.sender.is_a("municipality"):
        raise Quarantine("kind_not_allowed")
    if asked.recipient.id != asked.sender.id:
        raise Quarantine("wrong_recipient")
    if asked.message.get("in_reply_to") is None:
        return withhold("not_own")
    notification = _notification(asked)
    decision = (asked.body["status"], asked.body["decided_on"])
    asked.registers.record_decision(asked.message["in_reply_to"], asked.sender.id, notification.about, decision)
    return FORWARD


def concern_feedback(asked: Asked) -> Told:
    """SoL 19:6, OSL 26:9 a: the mandated reporter learns the decision and no more, if it is not unsuitable."""
    if not asked.sender.is_a("municipality"):
        raise Quarantine("kind_not_allowed")
    if asked.message.get("in_reply_to") is None:
        raise Unclear("feedback on nothing")
    notification = _notification(asked)
    if notification.sender == "anonymous":
        return withhold("osl_26_9a")
    if notification.sender != asked.recipient.id:
        raise Quarantine("not_your_request")
    suitable = asked.answer("not_unsuitable")
    if not asked.recipient.must_report() or suitable is False:
        return withhold("osl_26_9a")
    known = asked.registers.decision(asked.message["in_reply_to"], asked.sender.id, notification.about)
    status, day = asked.body["status"], asked.body["decided_on"]
    as_decided = known is not None and known[1] == day and (status == known[0] or (status, known[0]) == _RUNS)
    perhaps = asked.recipient.is_a("civil_society")
    return REFER if suitable is None or perhaps or not as_decided else Told("forward", partial="text" in asked.body)


_RUNS = ("running", "opened")
"""Told, recorded: an inquiry that was opened runs."""


def custody_handover(asked: Asked) -> Told:
    """Polislagen 12 §: somebody under 18, to the social board, or to a guardian and then only recorded."""
    _only_police(asked)
    to_guardian = asked.body["handed_to"] == "guardian" and asked.recipient.id == asked.sender.id
    age = age_on(asked.day, asked.body["subject"])
    if not to_guardian and not asked.recipient.is_child_welfare():
        return Told("withhold")
    if age is not None and age >= _ADULT:
        return Told("withhold")
    return REFER if age is None and not _presumed(asked) else FORWARD


def guardian_conversation(asked: Asked) -> Told:
    """Polislagen 6 §: to the social services, or recorded only when they were not invited."""
    _only_police(asked)
    own = asked.recipient.id == asked.sender.id and not asked.body.get("social_services_invited")
    return FORWARD if own or asked.recipient.is_child_welfare() else Told("withhold")


def condition_notice(asked: Asked) -> Told:
    """2026:1637 6:6-8: the social board to the police; what lacks something waits, a protected identity does not."""
    if not asked.sender.is_a("municipality"):
        raise Quarantine("kind_not_allowed")
    body, notice = asked.body, asked.body.get("notice")
    if notice is not None and not _is_own_start(asked, notice):
        return withhold("not_own")
    if asked.day < _CONDITIONS or not asked.sender.is_social() or asked.recipient.id != POLICE:
        return withhold("s2026_1637_6")
    if body["event"] == "start":
        return FORWARD if _told_whole(asked) else REFER
    changes = body.keys() - {"event", "notice", "subject"}
    which = notice is not None or "subject" in body
    return FORWARD if which and (changes or body["event"] == "ended") else REFER


def _is_own_start(asked: Asked, notice: str) -> bool:
    sent, subject = asked.registers.delivered(notice), asked.body.get("subject")
    if sent is None or sent.kind != "ConditionNotice" or sent.body["event"] != "start":
        return False
    same = subject is None or about(asked.body) == sent.about
    return (sent.sender, sent.recipient) == (asked.sender.id, asked.recipient.id) and same


def _told_whole(asked: Asked) -> bool:
    """2026:1637 6:7."""
    body = asked.body
    child, condition = body.get("subject", {}), body.get("condition", {})
    numbered = child.get("id_type") in ("personnummer", "samordningsnummer")
    content = [body.get("name"), body.get("contact"), *(condition.get(name) for name in ("text", "place", "times"))]
    if not numbered or not all(content) or body.get("within_youth_care") is None:
        return False
    age = age_on(asked.day, child)
    if age is not None and age >= _ADULT:
        return True
    guardians = body.get("guardians", ())
    reached = all((one.get("name") or one.get("subject")) and one.get("contact") for one in guardians)
    looked_after = condition["place"] == "home" or bool(body.get("in_charge", {}).get("contact"))
    return bool(guardians) and reached and looked_after


def _only_police(asked: Asked) -> None:
    if asked.sender.id != POLICE:
        raise Quarantine("kind_not_allowed")
