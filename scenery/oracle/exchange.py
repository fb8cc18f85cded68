"""The oracle's reading of exchanges: requests and their answers, disclosures, consents, agreements."""

import re
from dataclasses import replace
from datetime import datetime

from scenery.oracle.answer import FORWARD, REFER, Asked, Quarantine, Told, decide, withhold
from scenery.oracle.case import Case, Json, Unclear
from scenery.oracle.duties import CONTACT_4, PURPOSES_3
from scenery.oracle.items import Verdict, message_outcome
from scenery.oracle.parties import POLICE, PROSECUTOR, STAY_TOLD_TO, Party
from scenery.oracle.registers import Sent, about


def answers_request(asked: Asked) -> Sent | None:
    """The request that it answers: delivered to this sender, sent by this recipient, about the same; or quarantine."""
    if asked.message.get("in_reply_to") is None:
        return None
    sent = asked.reply
    same = sent is not None and about(asked.body) in (None, sent.about)
    if sent is None or sent.kind != "InformationRequest" or not same:
        raise Quarantine("not_your_request")
    if sent.recipient != asked.sender.id or sent.sender != asked.recipient.id:
        raise Quarantine("not_your_request")
    return sent


def information_request(asked: Asked) -> Told:
    """Withheld only for a ground that it claims and can't have; with none claimed it goes on with guidance."""
    basis = asked.body.get("basis", [])
    if not basis:
        return FORWARD
    findings = [_can_be_had(name, asked) for name in basis]
    if True in findings:
        return FORWARD
    if None in findings:
        return REFER
    return Told("withhold", (str(findings[0]),) if len(findings) == 1 else None)


def _can_be_had(name: str, asked: Asked) -> bool | str | None:
    """True, or the bar, or None where the reading is open."""
    if name in ("sol_15_7", "psl_6_15"):
        return _stay_can_be_had(name, asked)
    if name in ("lul_11", "sol_15_4"):
        return _opinion_can_be_had(asked) if name == "lul_11" else _benefits_can_be_had(asked)
    if name not in ("s170_4", "s170_5", "s170_6", "s170_7_request", "s170_7_own"):
        raise Unclear("a request that claims a permission")
    if not asked.sender.enforces_law():
        return "s170_2"
    if asked.body["purpose"] not in PURPOSES_3:
        return "s170_3"
    if name in ("s170_4", "s170_6") and asked.recipient.is_a("municipal_company"):
        return None
    return True if _bound(name, asked.recipient, asked.body) else name


def _bound(name: str, party: Party, body: Json) -> bool:
    """Whether the asked party has this duty of 2025:170 for one of the categories asked for."""
    categories = body["categories"]
    if name == "s170_4":
        private = party.is_a("private_social_care", "private_health_care", "school")
        bound = private or party.is_a("state_authority", "municipality", "region", "court")
        return bound and "subject" in body and bool(CONTACT_4.intersection(categories))
    if name == "s170_5":
        return party.is_listed_in_5()
    if name == "s170_6":
        in_school = party.unit in ("school", "leisure")
        return party.is_a("municipality", "region") and not in_school and not _all_of_school(categories)
    return name == "s170_7_request" and (party.is_school() or party.is_leisure())


def _all_of_school(categories: list[str]) -> bool:
    return all(category.startswith("school_") for category in categories)


def _stay_can_be_had(name: str, asked: Asked) -> bool | str:
    """SoL 15:7 1 and PSL 6:15 1: who may ask whom for the stay."""
    may_ask = asked.sender.id in STAY_TOLD_TO or asked.sender.is_a("court")
    health = asked.recipient.is_public_health() or asked.recipient.is_a("private_health_care")
    has = asked.recipient.is_social() if name == "sol_15_7" else health
    return True if may_ask and has and "stay_in_care" in asked.body["categories"] else name


def _opinion_can_be_had(asked: Asked) -> bool | str | None:
    """LUL 11 §: the prosecutor, or whoever leads the investigation, asks the social board of somebody."""
    right = asked.body["purpose"] in ("investigate", "prosecute") and "subject" in asked.body
    if not right or not asked.recipient.is_social():
        return "lul_11"
    if asked.sender.id in ("ekobrottsmyndigheten", "tullverket"):
        return None
    return True if asked.sender.id in (POLICE, PROSECUTOR) else "lul_11"


def _benefits_can_be_had(asked: Asked) -> bool | str:
    """SoL 15:4: an authority asks the social board what has been paid, against wrong payments."""
    paid = asked.body["purpose"] == "wrong_payment" and "benefit" in asked.body["categories"]
    return True if paid and asked.recipient.is_social() and asked.sender.is_authority(asked.day) else "sol_15_4"


def word_in_between(asked: Asked) -> Told:
    """Clarification and Interim: to the asker, on a request that was delivered; a Clarification to the asked too."""
    if not _answers_back(asked) and answers_request(asked) is None:
        return Told("withhold")
    return withhold("request_recalled") if asked.registers.is_recalled(asked.message["in_reply_to"]) else FORWARD


def _answers_back(asked: Asked) -> bool:
    """The asker tells more of its own request, or answers the question that it got."""
    sent = asked.reply
    if asked.message["kind"] != "Clarification" or sent is None:
        return False
    own = (sent.kind, sent.sender, sent.recipient) == ("InformationRequest", asked.sender.id, asked.recipient.id)
    question = (sent.kind, sent.sender, sent.recipient) == ("Clarification", asked.recipient.id, asked.sender.id)
    return own or question


def refusal(asked: Asked) -> Told:
    """What is withheld rests on a provision that exempts, or on a ground whose weighing speaks against release."""
    request = answers_request(asked)
    if request is None:
        return Told("withhold")
    if asked.registers.is_recalled(asked.message["in_reply_to"]):
        return withhold("request_recalled")
    if asked.body["reason"] != "withheld":
        return FORWARD
    ref = str(asked.body.get("ref", ""))
    if ref in _WEIGHED:
        test, against = _WEIGHED[ref]
        return FORWARD if asked.answer(test) is against else REFER
    secrecy = re.match(r"OSL (\d+):", ref)
    if secrecy and not 15 <= int(secrecy[1]) <= 43:
        raise Unclear("a paragraph of OSL that the oracle has not read as a reason to refuse")
    return FORWARD if secrecy or ref in _EXEMPT else REFER


_EXEMPT = {
    *("2025:170 8 §", "PSL 6:12", "PSL 6:13", "PSL 6:14", "PSL 6:16", "SoL 17:11", "SoL 17:12"),
    *("skollagen 29:14", "1993:387 29 §"),
}
"""8 § and tystnadsplikt: nothing is weighed."""

_WEIGHED = {
    "2025:170 4 §": ("exceptional_reasons", True),
    "2025:170 5 §": ("secrecy_clearly_prevails", True),
    "2025:170 6 §": ("secrecy_clearly_prevails", True),
    "2025:170 7 §": ("overriding_reasons", True),
    "OSL 10:15 a": ("overriding_reasons", True),
}
"""The test of each ground's paragraph, and the answer that speaks against release."""


def recall(asked: Asked) -> Told:
    """The sender's own delivered message, to the one who got it; what is registered is ended in its own way."""
    recalled = asked.body["message"]
    sent = asked.registers.delivered(recalled)
    if sent is None or not _own_before(asked, recalled):
        return withhold("not_own")
    if sent.kind in _REGISTRATIONS:
        return withhold("registration")
    asked.registers.recall(recalled)
    return FORWARD


def acknowledgement(asked: Asked) -> Told:
    """Of a delivery that lies with the sender: not of another's, nor of an acknowledgement."""
    sent = asked.registers.delivered(asked.body["message"])
    if sent is None or sent.kind == "Acknowledgement":
        return withhold("not_own")
    lies = (sent.sender, sent.recipient) == (asked.recipient.id, asked.sender.id)
    return FORWARD if lies else withhold("not_own")


_REGISTRATIONS = ("ConsentGiven", "ConsentWithdrawn", "CooperationAgreement", "ConcernDecision")


def _own_before(asked: Asked, message: str) -> bool:
    sent = asked.registers.delivered(message)
    return sent is not None and (sent.sender, sent.recipient) == (asked.sender.id, asked.recipient.id)


def with_items(asked: Asked) -> Told:
    """Disclosure, CaseSharing, CouncilReferral: item by item."""
    request = answers_request(asked)
    body = asked.body
    items = body["items"]
    if asked.registers.is_recalled(asked.message.get("in_reply_to")):
        return decide([Verdict("withhold", None, bar="request_recalled")] * len(items), "withhold")
    if "replaces" in body and not _own_before(asked, body["replaces"]):
        return decide([Verdict("withhold", None, bar="not_own")] * len(items), "withhold")
    verdicts = [asked.grounds.decide(_case(asked, item, request), body.get("basis", [])) for item in items]
    if asked.message["kind"] == "CouncilReferral" and body["level"] != "local":
        if "subject" not in body:
            raise Unclear("an organisation before a strategic council")
        verdicts = [replace(verdict, outcome="refer", bar="personal_data") for verdict in verdicts]
    return decide(verdicts, message_outcome(verdicts))


def _case(asked: Asked, item: Json, request: Sent | None) -> Case:
    """One item with what grounds ask about it; the purpose of what was asked for is the request's."""
    body = asked.body
    on_request = request is not None and item["category"] in request.body["categories"]
    own = body.get("purpose") or (request.body["purpose"] if request else None)
    subject = body.get("subject")
    return Case(
        kind=asked.message["kind"],
        day=asked.day,
        sender=asked.sender,
        recipient=asked.recipient,
        category=item["category"],
        purpose=request.body["purpose"] if request and on_request else own,
        on_request=on_request,
        secrecy=tuple(item.get("secrecy", ())),
        answers=_answers(body.get("assessments", []), item.get("assessments", [])),
        persons=tuple(item.get("concerns") or ([subject] if subject else [])),
        organisation="organisation" in body,
        offence=body.get("offence"),
        subject=subject,
        circumstances=frozenset(body.get("circumstances", ())),
        asked_under=tuple(request.body["basis"]) if request else (),
        message=asked.message,
    )


_OF_ONE_ITEM = ("necessary_for_own_task",)
"""Tests that are answered on each item by itself."""


def _answers(of_body: list[Json], of_item: list[Json]) -> dict[str, dict[str, bool]]:
    """Answers by test and ground: an item's own win over the body's, which hold where it says nothing."""
    answers: dict[str, dict[str, bool]] = {}
    for given in of_body:
        if given["test"] not in _OF_ONE_ITEM:
            answers.setdefault(given["test"], {})[given.get("ground", "*")] = given["holds"]
    for given in of_item:
        if "ground" not in given:
            answers[given["test"]] = {}
    for given in of_item:
        answers.setdefault(given["test"], {})[given.get("ground", "*")] = given["holds"]
    return answers


def _to_itself(asked: Asked) -> None:
    if asked.recipient.id != asked.sender.id:
        raise Quarantine("wrong_recipient")


def _parties(asked: Asked) -> set[str]:
    return {asked.in_law.get(party, party) for party in asked.body["parties"]}


def _time(asked: Asked) -> datetime:
    return datetime.fromisoformat(asked.message["time"])


def consent_given(asked: Asked) -> Told:
    """A consent is recorded at an authority that is a party to it."""
    _to_itself(asked)
    if asked.sender.in_law not in _parties(asked):
        return withhold("not_party")
    asked.registers.consent_given(asked.sender.id, asked.body, _time(asked))
    return FORWARD


def consent_withdrawn(asked: Asked) -> Told:
    """Only the authority that registered a consent withdraws it; from then on nothing rests on it."""
    _to_itself(asked)
    body = asked.body
    own = asked.registers.consent_withdrawn(asked.sender.id, body["consent"], body["by"], _time(asked))
    return FORWARD if own else withhold("not_own")


def cooperation_agreement(asked: Asked) -> Told:
    """A party's confirmation; nobody confirms what it is no party to."""
    _to_itself(asked)
    if asked.sender.in_law not in _parties(asked):
        return withhold("out_of_agreement")
    if asked.sender.in_law != asked.sender.id:
        return withhold("not_own")
    asked.registers.agree(asked.sender.in_law, asked.body)
    return FORWARD
