"""The oracle's reading of what a community tells: tips, reports, support, pictures, defection, platforms."""

import re
from datetime import date

from scenery.oracle.answer import FORWARD, REFER, Asked, Quarantine, Told, withhold
from scenery.oracle.case import Finding, Json, Unclear, age_on, no
from scenery.oracle.consent import runs, signatures
from scenery.oracle.parties import POLICE
from scenery.oracle.registers import Sent, identity

_SMALL = 5
_SILENT = ("private_social_care", "private_health_care", "school")
_CARE_TYPES = ("hvb", "family_home")
_ORDER = ("legal_basis", "reasons", "provision", "locators", "redress", "effect_to", "territory", "language")
_INFORMATION = ("legal_basis", "locators", "redress", "effect_to", "language")
_IN_FORCE = date(2026, 7, 15)
_TWO_YEARS = {"BrB 3:5": True, "BrB 3:6": True, "BrB 8:5": True, "BrB 16:5 a": True, "BrB 8:2": False}
"""2026:1235 2 §: two years or more in the scale, or BrB 16:5 a; read from the paragraphs."""


def _told_in_a_disclosure(asked: Asked) -> bool:
    """OSL 8:1, tystnadsplikt: what authorities, schools and care know of a person has a ground for each item."""
    silent = asked.sender.is_authority(asked.day) or asked.sender.is_a(*_SILENT)
    return silent and _personal(asked)


def tip(asked: Asked) -> Told:
    """A tip or a report, to the police, with or without an area."""
    if asked.recipient.id != POLICE:
        return withhold("receiver")
    return REFER if _told_in_a_disclosure(asked) else FORWARD


def support_enquiry(asked: Asked) -> Told:
    """A question for support: to a municipality's contact point, registry or social services."""
    units = ("contact_point", "registry", "social_services")
    right = asked.recipient.is_a("municipality") and asked.recipient.unit in units
    if not right:
        return withhold("receiver")
    return REFER if _told_in_a_disclosure(asked) or asked.names_somebody() else FORWARD


def organisation_concern(asked: Asked) -> Told:
    """A bad actor: to Polismyndigheten and a municipality, on homes for care to IVO too."""
    inspector = asked.recipient.id == "inspektionen-for-vard-och-omsorg" and asked.body["type"] in _CARE_TYPES
    right = asked.recipient.id == POLICE or asked.recipient.is_a("municipality") or inspector
    if not right and asked.body["type"] == "other":
        raise Unclear("whom another sort of organisation concerns")
    return FORWARD if right else withhold("receiver")


def _personal(asked: Asked) -> bool:
    return "subject" in asked.body or asked.names_somebody()


def situation_picture(asked: Asked) -> Told:
    """No personal data; numbers under five are suppressed; without persons it is open to everybody."""
    _not_from_outside(asked)
    if _personal(asked):
        return withhold("personal_data")
    return Told("forward", partial=any(count["n"] < _SMALL for count in asked.body.get("counts", ())))


def measure_notice(asked: Asked) -> Told:
    """Who does what where, without persons."""
    _not_from_outside(asked)
    return withhold("personal_data") if _personal(asked) else FORWARD


def _not_from_outside(asked: Asked) -> None:
    if asked.sender.is_a("public_intake", "digital_platform"):
        raise Quarantine("kind_not_allowed")


def _programme_consent(asked: Asked) -> Finding:
    """The consent that a referral names: the sender's own, for this person, in force, between both, signed."""
    body = asked.body
    form = asked.registers.own_consent(asked.sender.id, body["consent"])
    given = form.body if form else None
    if given is None or given["programme"] != "defection" or not runs(given, asked.day) or given["form"] != "written":
        return no("consent")
    both = _between(asked, given)
    if identity(given["subject"]) != identity(body["subject"]) or not both:
        return no("consent")
    age = age_on(asked.day, body["subject"])
    if age is None:
        raise Unclear("a defector whose age is not known")
    return signatures(
        given, age, [agreement for agreement in asked.agreements() if agreement["programme"] == "defection"]
    )


def _between(asked: Asked, given: Json) -> bool:
    """Whether a consent names both sender and recipient."""
    return {asked.sender.in_law, asked.recipient.in_law} <= {asked.in_law.get(one, one) for one in given["parties"]}


def defection_referral(asked: Asked) -> Told:
    """To the coordinator or the social board, with the prerequisites and the person's own consent."""
    _not_from_outside(asked)
    finding = _programme_consent(asked)
    if asked.recipient.unit != "defection_coordinator" and not asked.recipient.is_social():
        return withhold("receiver") if finding.state == "carries" else Told("withhold")
    if not asked.body.get("threat_assessed") or not asked.body.get("motivated"):
        return withhold("prerequisites") if finding.state == "carries" else Told("withhold")
    if finding.state == "no":
        return withhold("consent")
    return FORWARD if finding.state == "carries" else REFER


def defection_follow_up(asked: Asked) -> Told:
    """A party to the referral tells the other party, or records it."""
    sent = asked.registers.delivered(asked.body["referral"])
    own = sent is not None and sent.kind == "DefectionReferral" and asked.sender.id in (sent.sender, sent.recipient)
    if sent is None or not own or asked.recipient.id not in (sent.sender, sent.recipient):
        return withhold("not_own")
    if asked.recipient.id == asked.sender.id:
        return FORWARD
    return FORWARD if _still_consents(asked, sent) else withhold("consent")


def _still_consents(asked: Asked, referral: Sent) -> bool:
    """Whether the referral's consent lives: for defection, on the day, between the two; of categories nobody asks."""
    form = asked.registers.own_consent(referral.sender, referral.body["consent"])
    given = form.body if form else None
    if form is None or given is None or not _between(asked, given):
        return False
    if form.noes():
        raise Unclear("a new version of the consent that says no")
    about = (other for other in asked.registers.forms(given["subject"]) if _between(asked, other.body))
    later = [other for other in about if other.moment > form.moment]
    if any(other.noes() for other in later):
        raise Unclear("a later no that a follow-up meets")
    return given["programme"] == "defection" and given["form"] == "written" and runs(given, asked.day)


def channel_report(asked: Asked) -> Told:
    """Recruitment content, told to Polismyndigheten: a report is no order, so a closed chat may be told of too."""
    if asked.recipient.id != POLICE:
        return withhold("receiver")
    return REFER if _told_in_a_disclosure(asked) else FORWARD


def channel_action(asked: Asked) -> Told:
    """Orders of Polismyndigheten, and what a platform answers or suspects."""
    action = asked.body["action"]
    by_police = asked.sender.id == POLICE
    if not by_police and not asked.sender.is_a("digital_platform"):
        raise Quarantine("kind_not_allowed")
    if by_police != (action in ("order", "information")):
        return Told("withhold")
    return {"order": _order, "information": _information, "suspicion": _suspicion, "effect": _effect}[action](asked)


def _order(asked: Asked) -> Told:
    """2026:1235 2-6 §§, DSA article 9.2: each field, a link to Sweden, an offence of 2 §, a human's yes."""
    body = asked.body
    if asked.day < _IN_FORCE:
        return withhold("takedown")
    complete = all(body.get(name) for name in _ORDER) and body.get("link_to_sweden")
    rests = re.fullmatch(r"2026:1235 5 §( [1-9] st)?", body.get("legal_basis", ""))
    if not asked.recipient.is_a("digital_platform") or not complete or not rests:
        return withhold("takedown")
    provision = body["provision"]
    if provision.startswith("2022:666 "):
        return withhold("takedown")
    if provision not in _TWO_YEARS:
        raise Unclear(f"the oracle has not read the scale of {provision}")
    judged = asked.answer("recruitment_content")
    if not _TWO_YEARS[provision] or judged is False:
        return withhold("takedown")
    return REFER if judged is None else FORWARD


def _information(asked: Asked) -> Told:
    """DSA article 10.2, on the provision of a power of its own: 2026:1235 gives none."""
    basis = asked.body.get("legal_basis", "")
    own = re.fullmatch(r"\S+ ([1-9][0-9]?( [a-z])?:[1-9][0-9]*( [a-z])?|[1-9][0-9]*( [a-z])? §).*", basis)
    complete = all(asked.body.get(name) for name in _INFORMATION) and own and not basis.startswith("2026:1235 ")
    return FORWARD if complete and asked.recipient.is_a("digital_platform") else withhold("dsa_10")


def _suspicion(asked: Asked) -> Told:
    """DSA article 18, lag 2024:954 2:3: to Polismyndigheten."""
    return FORWARD if asked.recipient.id == POLICE else withhold("dsa_18")


def _effect(asked: Asked) -> Told:
    """DSA article 9.1 and 10.1: what came of an order that this platform got."""
    if asked.message.get("in_reply_to") is None:
        return withhold("not_own")
    sent = asked.reply
    if sent is None or sent.kind != "ChannelAction" or (sent.sender, sent.recipient) != (POLICE, asked.sender.id):
        raise Quarantine("not_your_request")
    if asked.recipient.id != POLICE:
        raise Unclear("an effect to another than the police")
    return FORWARD
