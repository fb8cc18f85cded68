"""Every exchange that the mission names, end to end through `samband run`: one test for each row.

What moves, what is withheld and what goes back to a human, and what then lies in the inboxes.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from command import Ended, Json, samband
from exchange_lines import (
    AREA,
    ASSOCIATION,
    BOARD,
    CHILD,
    FIRM,
    HEALTH,
    INSPECTORATE,
    INTAKE,
    PARTIES,
    PLATFORM,
    SCHOOL,
    concern,
    condition,
    conversation,
    custody,
    decision,
    feedback,
    follow_up,
    judged,
    order,
    picture,
    referral,
    report,
)
from lines import (
    BOY,
    GIRL,
    OTHER_TOWN,
    POLICE,
    TOWN,
    agreement,
    consent,
    disclosure,
    line,
    message,
    number,
    open_item,
    recall,
    request,
    secret_item,
    withdrawal,
)

GROWN = {"id_type": "unknown", "birth_date": "2003-02-01"}


class Office:
    """A data folder that messages are run into, and its inboxes."""

    def __init__(self, folder: Path) -> None:
        self.data, self._file, self._register = folder / "data", folder / "lines.jsonl", folder / "register.json"
        self._register.write_text(json.dumps(PARTIES), "utf-8")

    def samband(self, *arguments: object) -> Ended:
        """One command on this folder."""
        return samband(*arguments, "--data", self.data)

    def run(self, *messages: Json) -> list[Json]:
        """The receipts of these lines."""
        with self._file.open("ab") as file:
            file.writelines(line(found) + b"\n" for found in messages)
        ended = self.samband("run", self._file, "--register", self._register, "--json")
        assert ended.status == 0, ended.err
        return ended.objects[-len(messages) :]

    def outcomes(self, *messages: Json) -> list[str]:
        """What becomes of each."""
        return [receipt["outcome"] for receipt in self.run(*messages)]

    def inbox(self, authority: str, sort: str = "delivery") -> list[Json]:
        """Lines of an inbox, looked at."""
        ended = self.samband("inbox", authority, "--register", self._register, "--type", sort, "--json")
        assert ended.status == 0, ended.err
        return ended.objects


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def bars(receipt: Json) -> list[str]:
    return [bar["id"] for bar in receipt["bars"]]


def told(receipt: Json, *fields: str) -> Sequence[object]:
    return [receipt.get(field) for field in fields]


def test_request_on_demand(office: Office) -> None:
    """Asker and asked get guidance on each category; a claim that can't be had is withheld, an open one goes back."""
    asked, barred, unclear = office.run(
        request(1, "social_record", "home_address"),
        request(2, sender=TOWN, recipient=POLICE, basis=["s170_5"]),
        request(3, "school_placement", basis=["s170_6"]),
    )
    assert asked["outcome"] == "forward"
    assert [advice["category"] for advice in asked["guidance"]] == ["social_record", "home_address"]
    assert [bar["id"] for bar in asked["guidance"][0]["bars"]] == ["s170_8"]
    assert "s170_4" in [ground["id"] for ground in asked["guidance"][1]["grounds"]]
    assert (barred["outcome"], bars(barred)) == ("withhold", ["s170_2"])
    assert unclear["outcome"] == "refer"
    assert office.inbox(TOWN)[0]["guidance"] == asked["guidance"]


def test_question_back_answer_refusal_correction_and_recall(office: Office) -> None:
    """Withheld, not held, cannot say are told apart; a refusal needs its provision and test; a recall its message."""

    def refused(n: int, category: str, reason: str, **more: object) -> Json:
        body = {"categories": [category], "reason": reason} | more
        return message(n, "Refusal", TOWN, POLICE, body) | {"in_reply_to": number(1)}

    weighed = judged("jurist", secrecy_clearly_prevails=True)
    office.run(request(1, "housing", "vehicle", "permit", "company"))
    question = message(2, "Clarification", TOWN, POLICE, {"text": "Vilken tid?"}) | {"in_reply_to": number(1)}
    interim = message(3, "Interim", TOWN, POLICE, {"text": "Svar kommer."}) | {"in_reply_to": number(1)}
    assert office.outcomes(question, interim) == ["forward", "forward"]
    answer, correction, stranger = office.run(
        disclosure(4, open_item(), reply=1, purpose=None),
        disclosure(5, open_item(content="Rättad uppgift."), reply=1, purpose=None, replaces=number(4)),
        disclosure(6, open_item(), reply=1, purpose=None, replaces=number(99)),
    )
    assert [answer["outcome"], correction["outcome"], bars(stranger)] == ["forward", "forward", ["not_own"]]
    bare, untested, sound, not_held, unsaid = office.run(
        refused(7, "vehicle", "withheld"),
        refused(8, "vehicle", "withheld", ref="2025:170 6 §"),
        refused(9, "vehicle", "withheld", ref="2025:170 6 §", assessments=weighed),
        refused(10, "permit", "not_held"),
        refused(11, "company", "cannot_say"),
    )
    assert told(bare, "outcome") + bars(bare) == ["refer", "refusal_unfounded"]
    assert told(untested, "outcome", "asks") == ["refer", ["secrecy_clearly_prevails"]]
    assert told(sound, "outcome", "appeal")[0] == "forward" and sound["appeal"]["ref"] == "OSL 6:8"
    assert [not_held["outcome"], unsaid["outcome"]] == ["forward", "forward"]
    reasons = [row["message"]["body"]["reason"] for row in office.inbox(POLICE) if row["message"]["kind"] == "Refusal"]
    assert reasons == ["withheld", "not_held", "cannot_say"]
    assert office.outcomes(recall(12, 4), recall(13, 98)) == ["forward", "withhold"]


def test_consent(office: Office) -> None:
    """A withdrawal between two messages: what is under way stops at once, and the parties are told."""
    carried = disclosure(2, secret_item(), basis=["consent"])
    stopped = disclosure(4, secret_item(), basis=["consent"])
    assert office.outcomes(consent(1), carried, withdrawal(3), stopped) == ["forward"] * 3 + ["withhold"]
    one_guardian = [{"role": "subject", "answer": "yes"}, {"role": "guardian", "answer": "yes"}]
    split = [*one_guardian, {"role": "guardian", "answer": "no"}]
    again = disclosure(6, secret_item(), basis=["consent"])
    assert office.outcomes(consent(5, given_by=split), again) == ["forward", "refer"]
    assert [notice["notice"] for notice in office.inbox(POLICE, "notice")] == [
        "consent_registered",
        "consent_withdrawn",
    ]


def test_case_sharing_in_a_programme(office: Office) -> None:
    """Consent and the programme's agreement between both parties; another programme and another area are outside."""

    def shared(n: int, **changes: object) -> Json:
        body = {"programme": "sspf", "basis": ["consent"], "subject": CHILD} | changes
        return disclosure(n, secret_item(), **body) | {"kind": "CaseSharing"}

    assert office.outcomes(consent(1), agreement(2), shared(3)) == ["forward", "forward", "withhold"]
    assert office.outcomes(agreement(4, by=POLICE), shared(5)) == ["forward", "forward"]
    other, away = office.run(shared(6, programme="sig"), shared(7, subject=GIRL | {"municipality": "0180"}))
    assert [bars(other), bars(away)] == [["out_of_agreement"]] * 2
    assert office.outcomes(shared(8, basis=["osl_18a"])) == ["refer"]


def test_a_nameless_notification_tells_nothing_of_who_may_have_sent_it(office: Office) -> None:
    """The ground would: one who must notify, or anybody (SoL 19:1, 19:4). So would whose function assessed."""
    office.run(
        concern(1, SCHOOL, anonymous=True, assessments=judged("rektor", child_at_risk=True)),
        concern(2, ASSOCIATION, anonymous=True, text="Det som setts."),
        concern(3, SCHOOL),
    )
    first, second, named = office.inbox(TOWN)
    for found in (first, second):
        found |= {"n": None, "message": found["message"] | {"id": None}}
    assert first == second
    assert [ground["id"] for ground in named["grounds"]] == ["sol_19_1"]


def test_a_ground_of_another_kind_may_be_named_and_carries_nothing(office: Office) -> None:
    """A disclosure that claims it is withheld by it; an answer given for it counts where the kind rests on it."""
    claimed = office.run(
        *(disclosure(n, open_item(), basis=[ground]) for n, ground in enumerate(("sol_19_4", "polislagen_12"), 1))
    )
    assert [(found["outcome"], bars(found)) for found in claimed] == [
        *(("withhold", ["sol_19_4"]), ("withhold", ["polislagen_12"]))
    ]
    answered = judged(child_at_risk=True)[0] | {"ground": "sol_19_4"}
    [told_] = office.run(concern(3, ASSOCIATION, assessments=[answered]))
    assert [ground["id"] for ground in told_["grounds"]] == ["sol_19_4"]


def test_councils(office: Office) -> None:
    """A local one hears of a named child, a ground for each item; a person in a strategic one waits for a human."""

    def taken(n: int, level: str, **changes: object) -> Json:
        answers = judged(concrete_risk=True, not_unsuitable=True)
        body = {"level": level, "basis": ["osl_18a"], "assessments": answers} | changes
        return disclosure(n, secret_item(), **body) | {"kind": "CouncilReferral"}

    assert office.outcomes(taken(1, "local"), taken(2, "local", assessments=[])) == ["forward", "refer"]
    for receipt in office.run(taken(3, "regional"), taken(4, "national")):
        assert (receipt["outcome"], bars(receipt)) == ("refer", ["personal_data"])
        assert receipt["doubtful"] == ["personal_data"]
    strategic = {"subject": None, "level": "national", "assessments": judged(need=True)}
    nobody = disclosure(5, open_item(), **strategic) | {"kind": "CouncilReferral"}
    both = disclosure(6, open_item(), **strategic | {"subject": BOY, "organisation": FIRM}) | {
        "kind": "CouncilReferral"
    }
    assert office.outcomes(nobody, both) == ["forward", "quarantine"]


def test_cooperation_agreements_with_civil_society(office: Office) -> None:
    """An agreement is a fact once every party has confirmed the same; who is not of it can't confirm it."""
    partnership = {"programme": "iop", "parties": [TOWN, ASSOCIATION], "agreement": "IOP-1"}
    one, outsider = office.run(agreement(1, **partnership), agreement(2, by=POLICE, **partnership))
    assert [one["outcome"], outsider["outcome"], bars(outsider)] == ["forward", "withhold", ["out_of_agreement"]]
    assert office.outcomes(agreement(4, by=ASSOCIATION, **partnership)) == ["forward"]


def test_a_picture_without_persons_needs_no_agreement(office: Office) -> None:
    """It is open information, for an association as for anybody else; a person in it stops it all the same."""
    sent, named = office.run(picture(1, to=ASSOCIATION), picture(2, to=ASSOCIATION, subject=BOY))
    assert [sent["outcome"], named["outcome"], bars(named)] == ["forward", "withhold", ["personal_data"]]


def test_situation_picture(office: Office) -> None:
    """No person, no small number; the rest of the picture goes."""
    sent, named, hidden = office.run(
        picture(1), picture(2, subject=BOY), picture(3, text="Det gäller främst 20110304-2386.")
    )
    assert told(sent, "outcome", "partial") == ["forward", True]
    assert [bars(named), bars(hidden)] == [["personal_data"]] * 2
    [delivered] = office.inbox(POLICE)
    assert [count["n"] for count in delivered["message"]["body"]["counts"]] == [None, 41]


def test_three_reporters_about_one_child(office: Office) -> None:
    """Two of them the same school: the board is told of three notifications from two independent sources."""
    first, second, third = concern(1), concern(2, HEALTH, unit="health_care"), concern(3)
    assert office.outcomes(first, second, third) == ["forward"] * 3
    newest = office.inbox(TOWN, "notice")[-1]
    assert (newest["notice"], newest["independent_sources"]) == ("concerns_linked", 2)
    assert newest["messages"] == [number(1), number(2), number(3)]


def test_notification_of_concern(office: Office) -> None:
    """Anyone may, to a social board; another municipality's passes it on; what family counselling knows goes back."""
    away = {"authority": OTHER_TOWN, "unit": "social_services"}
    assert office.outcomes(
        concern(1, INTAKE),
        concern(2, ASSOCIATION),
        concern(3, TOWN, unit="family_counselling"),
        concern(4, to=away),
        concern(5, to={"authority": POLICE}),
        concern(6, subject=GROWN),
    ) == ["forward", "forward", "refer", "forward", "withhold", "withhold"]
    assert [found["pass_on"] for found in office.inbox(OTHER_TOWN)] == [True]
    assert not any("pass_on" in found for found in office.inbox(TOWN))
    assert office.outcomes(decision(7, 1), decision(8, None)) == ["forward", "withhold"]
    receipts = office.run(
        concern(10),
        decision(11, 10),
        feedback(12, 10, assessments=[]),
        feedback(13, 10, text="Hälsningar"),
        feedback(14, 1, to=INTAKE),
        decision(15, 10, by=POLICE),
    )
    assert [receipt["outcome"] for receipt in receipts] == [
        *("forward", "forward", "refer", "forward", "withhold", "quarantine")
    ]
    assert receipts[2]["asks"] == ["not_unsuitable"]
    [delivered] = office.inbox(SCHOOL)
    assert delivered["message"]["body"]["status"] == "opened" and not delivered["message"]["body"]["text"]


def test_feedback_tells_what_is_recorded(office: Office) -> None:
    """Not before a decision, not another one; an inquiry that was opened on one notification runs for the others."""
    first, second = office.run(concern(1), concern(2, HEALTH, unit="health_care"))
    assert [first["outcome"], second["outcome"]] == ["forward", "forward"]
    [early] = office.run(feedback(3, 1))
    assert (early["outcome"], bars(early)) == ("refer", ["not_as_decided"])
    _, same, other, day, runs, early = office.run(
        decision(4, 1),
        feedback(5, 1),
        feedback(6, 1, status="not_opened"),
        feedback(7, 1, decided_on="2026-03-01"),
        feedback(8, 2, to=HEALTH, status="running"),
        feedback(9, 2, to=HEALTH, status="not_opened"),
    )
    outcomes = [found["outcome"] for found in (same, other, day, runs, early)]
    assert outcomes == ["forward", "refer", "refer", "forward", "refer"]
    assert bars(other) == bars(day) == ["not_as_decided"]


@pytest.mark.parametrize("notifier", [INTAKE, SCHOOL])
@pytest.mark.parametrize("to", [INTAKE, SCHOOL, HEALTH])
def test_an_anonymous_notification_is_answered_by_nobody(office: Office, notifier: str, to: str) -> None:
    """Whoever sent it and whoever is addressed: so the answer tells nothing of who it was."""
    told_ = office.run(concern(1, notifier, anonymous=True), decision(2, 1), feedback(3, 1, to=to), inquiry(4, to))
    assert [found["outcome"] for found in told_] == ["forward", "forward", "withhold", inquiry_outcome(to)]
    assert bars(told_[2]) == ["osl_26_9a"]


def inquiry(n: int, to: str, **more: Any) -> Json:
    """The board tells that an inquiry is open, in a disclosure."""
    item = secret_item(category="inquiry_opened", secrecy=["OSL 26:1"])
    more = {"basis": ["osl_26_9a"], "subject": CHILD, "purpose": "support", **more}
    body = {"items": [item], "assessments": judged(not_unsuitable=True), **more}
    return message(n, "Disclosure", TOWN, to, body, unit="social_services", role="caseworker")


def inquiry_outcome(to: str) -> str:
    """Of such a disclosure to one who has not notified by name."""
    return "withhold" if to == INTAKE else "refer"


def test_who_has_notified_is_told_of_the_inquiry(office: Office) -> None:
    """By name, of this child, here; or as the board states, where the notification came another way."""
    before, notified, after = office.run(inquiry(1, SCHOOL), concern(2), inquiry(3, SCHOOL))
    assert [before["outcome"], notified["outcome"], after["outcome"]] == ["refer", "forward", "forward"]
    another, elsewhere, stated = office.run(
        inquiry(4, SCHOOL, subject=BOY),
        inquiry(5, HEALTH),
        inquiry(6, HEALTH, circumstances=["recipient_has_notified"]),
    )
    assert [another["outcome"], elsewhere["outcome"], stated["outcome"]] == ["refer", "refer", "forward"]


@pytest.mark.parametrize("refused_first", [False, True])
def test_what_was_given_and_refused_is_partly_answered(office: Office, *, refused_first: bool) -> None:
    """An item is given and the rest refused, whichever came first."""
    rest = message(2, "Refusal", TOWN, POLICE, {"categories": ["housing"], "reason": "withheld", "ref": "OSL 26:11"})
    both = [disclosure(3, open_item(), reply=1, purpose=None), rest | {"in_reply_to": number(1)}]
    asked = request(1, "housing", "vehicle")
    assert office.outcomes(asked, *(both[::-1] if refused_first else both)) == ["forward"] * 3
    assert office.inbox(POLICE)[-1]["answers"] == {"housing": "partly"}


def test_a_question_back_is_answered(office: Office) -> None:
    """By the asker, in reply to the question or to its own request; nobody else's word answers it."""
    office.run(request(1, "housing"), request(9, "housing", subject=GIRL))
    ask: Callable[..., Json] = lambda n, sender, to, reply: (  # noqa: E731
        message(n, "Clarification", sender, to, {"text": "Vilken tid?"}) | {"in_reply_to": number(reply)}
    )
    assert office.outcomes(
        ask(2, TOWN, POLICE, 1), ask(3, POLICE, TOWN, 2), ask(4, POLICE, TOWN, 1), ask(5, TOWN, POLICE, 3)
    ) == ["forward", "forward", "forward", "quarantine"]
    assert office.outcomes(ask(6, OTHER_TOWN, POLICE, 2), ask(7, POLICE, OTHER_TOWN, 1)) == ["quarantine"] * 2
    answer = message(8, "Disclosure", TOWN, POLICE, {"subject": BOY, "items": [open_item()]})
    assert office.outcomes(answer | {"in_reply_to": number(2)}) == ["quarantine"]


def test_temporary_custody(office: Office) -> None:
    """The police alone; under 18; to the board, or to a guardian and recorded."""
    own = {"authority": POLICE}
    guardian = custody(2, handed_to="guardian", to=own)
    grown = custody(3, subject=GROWN)
    unknown = custody(4, subject={"id_type": "unknown"})
    assert office.outcomes(custody(1), guardian, grown, unknown) == ["forward", "forward", "withhold", "refer"]
    assert office.outcomes(custody(5, to=own), custody(6, sender=TOWN)) == ["withhold", "quarantine"]


def test_conversation_with_guardians(office: Office) -> None:
    """The police invite the social services; nobody else has such talks, and a school does not hear of them."""
    held = conversation(2, outcome="follow_up", concern_met=True)
    assert office.outcomes(conversation(1), held, conversation(3, to={"authority": SCHOOL})) == [
        *("forward", "forward", "withhold")
    ]
    assert office.outcomes(conversation(4, sender=TOWN)) == ["quarantine"]


def test_tip_report_and_support(office: Office) -> None:
    """To the police; family support to the contact point; what an authority knows of a person goes item by item."""
    support = message(5, "SupportEnquiry", INTAKE, TOWN, {"topic": "föräldrastöd"})
    contact = support | {"recipient": {"authority": TOWN, "unit": "contact_point"}}
    assert office.outcomes(
        report(1),
        report(2, sender=ASSOCIATION),
        report(3, to={"authority": POLICE}),
        report(4, "OffenceReport", sender=SCHOOL),
        contact,
        message(6, "SupportEnquiry", INTAKE, POLICE, {"topic": "föräldrastöd"}),
        report(7, "OffenceReport", sender=TOWN, unit="social_services", subject=GIRL),
        report(8, to=BOARD),
    ) == ["forward", "forward", "forward", "forward", "forward", "withhold", "refer", "withhold"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["Tip", "OffenceReport", "SupportEnquiry", "ChannelReport"])
@pytest.mark.parametrize("sender", [SCHOOL, HEALTH, "transportstyrelsen", "friskola-1", "klinik-1"])
def test_what_an_authority_knows_of_a_person_goes_item_by_item(office: Office, kind: str, sender: str) -> None:
    """By a subject, or a person's number in a text, wherever; an address of content with digits in it is none."""
    place = "https://plattform.example/20110304-2386"
    bodies: dict[str, Json] = {
        "SupportEnquiry": {"topic": "föräldrastöd"},
        "ChannelReport": {"locators": [place], "platform": "Prövoplattformen"},
    }
    to = BOARD if kind == "SupportEnquiry" else AREA
    written = "topic" if kind == "SupportEnquiry" else "text"
    bare = bodies.get(kind, {"text": "Det som setts."})
    send: Callable[..., Json] = lambda n, by, **more: message(n, kind, by, POLICE, bare | more) | {"recipient": to}  # noqa: E731
    nobody, subject, digits = office.run(
        send(1, sender), send(2, sender, subject=GIRL), send(3, sender, **{written: "Det gäller 20110304-2386."})
    )
    assert nobody["outcome"] == "forward"
    assert [found["outcome"] for found in (subject, digits)] == ["refer", "refer"]
    assert bars(subject) == ["by_item"] and "by_item" in bars(digits)
    assert office.outcomes(send(4, INTAKE, subject=GIRL)) == ["forward"]


def test_the_sender_of_an_anonymous_tip_is_in_no_byte_of_the_state(office: Office) -> None:
    """Not the association, its desk nor its diarienummer; the receipt is found by the id alone."""
    tip = report(1, sender=ASSOCIATION, case="HEMLIGT-77", anonymous=True, text="En varning.")
    broken = report(2, sender=ASSOCIATION, case="HEMLIGT-78", anonymous=True, okand=1)
    assert office.outcomes(tip, broken) == ["forward", "quarantine"]
    kept = b"".join(file.read_bytes() for file in office.data.rglob("*") if file.is_file())
    assert number(1).encode() in kept and b"En varning." not in kept  # what it says is kept under a key
    assert [found for found in (ASSOCIATION, "HEMLIGT", "contact_point") if found.encode() in kept] == []
    assert office.samband("explain", number(1), "--json").status == 0
    assert office.inbox(POLICE)[0]["message"]["sender"]["authority"] == "anonymous"


@pytest.mark.parametrize(
    ("sort", "to", "outcome"),
    [
        ("hvb", INSPECTORATE, "forward"),
        ("hvb", TOWN, "forward"),
        ("family_home", POLICE, "forward"),
        ("association", INSPECTORATE, "withhold"),
        ("defection_contractor", TOWN, "forward"),
        ("association", HEALTH, "withhold"),
    ],
)
def test_report_of_a_bad_actor(office: Office, sort: str, to: str, outcome: str) -> None:
    """To those who supervise that sort of organisation."""
    body = {"organisation": FIRM, "type": sort, "concerns": ["crime"], "text": "Det som setts."}
    assert office.outcomes(message(1, "OrganisationConcern", ASSOCIATION, to, body)) == [outcome]


def test_ongoing_measures(office: Office) -> None:
    """Who does what where, and about nobody."""
    body = {"measure": "Kvällsöppen fritidsgård", "by": "föreningen", "period": "2026"}
    told_, named = office.run(
        message(1, "MeasureNotice", ASSOCIATION, TOWN, body),
        message(2, "MeasureNotice", TOWN, POLICE, body | {"subject": BOY}),
    )
    assert told_["outcome"] == "forward"
    assert (named["outcome"], bars(named)) == ("withhold", ["personal_data"])


def test_defection(office: Office) -> None:
    """A strong threat, motivation and the person's own consent; to the coordinator; followed up between the two."""
    signed = [{"role": role, "answer": "yes"} for role in ("subject", "guardian", "guardian")]
    given = consent(1, consent="S-9", programme="defection", subject=BOY, given_by=signed)
    assert office.outcomes(referral(2)) == ["withhold"]
    referred, unready, elsewhere = office.run(
        given, referral(3), referral(4, threat_assessed=False), referral(5, to={"authority": POLICE})
    )[1:]
    assert referred["outcome"] == "forward" and [ground["id"] for ground in referred["grounds"]] == ["consent"]
    assert [bars(unready), bars(elsewhere)] == [["prerequisites"], ["receiver"]]
    assert office.outcomes(follow_up(6, 3), follow_up(7, 3, to=OTHER_TOWN), follow_up(8, 99)) == [
        *("forward", "withhold", "withhold")
    ]
    assert office.outcomes(withdrawal(9, consent="S-9"), referral(10)) == ["forward", "withhold"]


def test_a_follow_up_rests_on_the_consent_of_its_referral(office: Office) -> None:
    """Alive on the day, whichever version: withdrawn or ended, only the own file hears how it goes."""
    signed = [{"role": role, "answer": "yes"} for role in ("subject", "guardian", "guardian")]
    more = {"programme": "defection", "subject": BOY, "given_by": signed}
    office.run(consent(1, consent="S-9", **more), consent(2, consent="S-8", **more), referral(3))
    told_, other, kept = office.run(
        follow_up(4, 3, sender=POLICE, to=TOWN), follow_up(5, 3, to=OTHER_TOWN), follow_up(6, 3, to=TOWN)
    )
    assert [found["outcome"] for found in (told_, other, kept)] == ["forward", "withhold", "forward"]
    assert [[ground["id"] for ground in found["grounds"]] for found in (told_, kept)] == [["consent"], []]
    assert bars(other) == ["not_own"]
    [shortened, ended, kept] = office.run(
        consent(7, consent="S-9", **more, valid_until="2026-03-01"), follow_up(8, 3), follow_up(9, 3, to=TOWN)
    )
    assert [found["outcome"] for found in (shortened, ended, kept)] == ["forward", "withhold", "forward"]
    assert bars(ended) == ["consent"]
    assert office.outcomes(consent(10, consent="S-9", **more), follow_up(11, 3)) == ["forward", "forward"]
    *_, after = office.run(withdrawal(12, consent="S-9"), follow_up(13, 3, sender=POLICE, to=TOWN))
    assert (after["outcome"], bars(after)) == ("withhold", ["consent"])
    withdrawn = [found for found in office.inbox(POLICE, "notice") if found["notice"] == "consent_withdrawn"]
    assert {*withdrawn[0]["received"]} >= {number(3)}


def test_recruitment_content_on_a_platform(office: Office) -> None:
    """An order with every field of article 9.2; its effect; information; a suspicion; a report of a closed chat too."""
    whole, bare, untested, unlinked, terror = office.run(
        order(1),
        order(2, redress=None),
        order(3, assessments=[]),
        order(4, link_to_sweden=False),
        order(5, provision="2022:666 4 §"),
    )
    assert [found["outcome"] for found in (whole, bare, untested, unlinked, terror)] == [
        *("forward", "withhold", "refer", "withhold", "withhold")
    ]
    assert (bars(bare), untested["asks"]) == (["takedown"], ["recruitment_content"])
    effect = message(6, "ChannelAction", PLATFORM, POLICE, {"action": "effect", "done_at": "2026-09-02T09:40:00Z"})
    suspicion = message(8, "ChannelAction", PLATFORM, POLICE, {"action": "suspicion", "text": "Hot mot liv."})
    late = {"time": "2026-09-02T09:41:00Z"}
    assert office.outcomes(
        effect | late | {"in_reply_to": number(1)}, effect | late | {"id": number(7)}, suspicion
    ) == [*("forward", "withhold", "forward")]
    own = {"action": "information", "legal_basis": "polislagen 8 §"}
    assert office.outcomes(order(9, **own), order(10, **own, effect_to=None)) == ["forward", "withhold"]
    assert (
        office.outcomes(order(13, action="information"), order(14, legal_basis="lagen om uppdrag")) == ["withhold"] * 2
    )
    assert office.outcomes(order(15, legal_basis="2026:1235 5 § 1 st")) == ["forward"]
    seen = {"locators": ["https://plattform.example/inlagg/1"], "platform": "Prövoplattformen"}
    channel: Callable[..., Json] = lambda n, **more: message(n, "ChannelReport", INTAKE, POLICE, seen | more)  # noqa: E731
    assert office.outcomes(channel(11), channel(12, closed_chat=True)) == ["forward", "forward"]


def test_the_day_an_order_became_possible(office: Office) -> None:
    """2026:1235 is in force from 15 July 2026: before that nothing carries, though it was issued on 18 June."""
    days = {1: "2026-06-18", 2: "2026-07-14", 3: "2026-07-15", 4: "2026-07-20"}
    receipts = office.run(*(order(n) | {"time": f"{day}T09:00:00Z"} for n, day in days.items()))
    assert [receipt["outcome"] for receipt in receipts] == ["withhold", "withhold", "forward", "forward"]
    assert bars(receipts[1]) == ["takedown"]


def test_a_tip_without_an_area_is_not_lost(office: Office) -> None:
    """The registry hands it on."""
    [receipt] = office.run(report(1, to={"authority": POLICE}))
    assert receipt["outcome"] == "forward"
    assert office.inbox(POLICE)[0]["message"]["recipient"]["unit"] == "registry"


def test_a_condition_to_stay_at_home_is_told_from_its_day(office: Office) -> None:
    """2026:1637 6:6-8: the police get it whole, at once; what lacks something waits; before there is no duty."""
    early, late, start, exception, changed, ended = office.run(
        condition(1, time="2027-01-01T22:59:59Z"),
        condition(2, guardians=None),
        condition(3, valid_until="2027-06-30"),
        condition(
            4, "exception", notice=number(3), condition={"text": "Får vara hos mormor."}, valid_until="2027-01-10"
        ),
        condition(5, "changed", notice=number(3), condition={"times": "fredag och lördag 21-06"}),
        condition(6, "ended", notice=number(3)),
    )
    assert told(early, "outcome", "bars") == ["withhold", [{"id": "s2026_1637_6", "ref": "2026:1637 6:6", "items": []}]]
    assert (late["outcome"], bars(late)) == ("refer", ["incomplete"])
    assert told(start, "outcome", "grounds") == ["forward", [{"id": "s2026_1637_6", "ref": "2026:1637 6:6"}]]
    for receipt in (exception, changed, ended):
        assert told(receipt, "outcome", "grounds") == ["forward", [{"id": "s2026_1637_6", "ref": "2026:1637 6:8"}]]
    lines = office.inbox(POLICE)
    assert [found["message"]["body"]["event"] for found in lines] == ["start", "exception", "changed", "ended"]
    assert lines[0]["message"]["body"]["guardians"][0]["contact"] == "inte känt"


def test_a_notice_of_a_condition_that_is_not_ones_own_changes_nothing(office: Office) -> None:
    """Unknown, not a start, another person's; or from another part of the municipality."""
    office.run(condition(1), condition(2, "changed", notice=number(1), within_youth_care=True), concern(3))
    wrong = [
        condition(4, "ended", notice=number(99)),
        condition(5, "ended", notice=number(2)),
        condition(6, "ended", notice=number(3)),
        condition(7, "ended", notice=number(1), subject=BOY),
    ]
    assert [(receipt["outcome"], bars(receipt)) for receipt in office.run(*wrong)] == [("withhold", ["not_own"])] * 4
    by_registry, of_his_own = office.run(condition(8, unit="registry"), condition(9, "ended", subject=BOY))
    assert (by_registry["outcome"], bars(by_registry)) == ("withhold", ["s2026_1637_6"])
    assert of_his_own["outcome"] == "forward"


def test_a_condition_of_a_protected_person_goes_at_once(office: Office) -> None:
    """With the mark; for the child and for a guardian. A last day before the first is an error."""
    marked = CHILD | {"protected_identity": "sekretessmarkering"}
    child, guardian, backwards = office.run(
        condition(1, subject=marked),
        condition(2, guardians=[{"subject": marked, "contact": "via socialtjänsten"}]),
        condition(3, valid_from="2027-02-01", valid_until="2027-01-31"),
    )
    assert told(child, "outcome", "doubtful") == ["forward", ["protected_identity", "s2026_1637_6"]]
    assert told(guardian, "outcome", "doubtful") == ["forward", ["s2026_1637_6"]]
    assert office.inbox(POLICE)[0]["message"]["body"]["subject"]["protected_identity"] == "sekretessmarkering"
    assert told(backwards["error"], "code") == ["invalid_value"]


@pytest.mark.parametrize(
    ("lacks", "outcome"),
    [
        ({"name": None}, "refer"),
        ({"contact": " "}, "refer"),
        ({"contact": "…"}, "refer"),
        ({"name": "–"}, "refer"),
        ({"condition": {"text": "Hemma.", "place": "…", "times": "20-06"}}, "refer"),
        ({"contact": "inte känt"}, "forward"),
        ({"subject": {"id_type": "unknown", "birth_date": "2011-03-04"}}, "refer"),
        ({"subject": {"id_type": "reserve", "id": "R-1"}}, "refer"),
        ({"condition": {"text": "Hemma.", "place": "home"}}, "refer"),
        ({"condition": {"text": "Hemma.", "times": "20-06"}}, "refer"),
        ({"condition": {"text": "Hos en familj.", "place": "Familjehemmet", "times": "20-06"}}, "refer"),
        ({"within_youth_care": None}, "refer"),
        ({"guardians": [{"name": "Prövo Förälder"}]}, "refer"),
        ({"guardians": [{"contact": "070"}]}, "refer"),
        ({"guardians": [{"name": "En", "contact": "070"}, {"name": "Två"}]}, "refer"),
    ],
)
def test_what_a_notice_of_a_condition_must_hold(office: Office, lacks: Json, outcome: str) -> None:
    """2026:1637 6:7."""
    assert office.outcomes(condition(1, **lacks)) == [outcome]


def test_somewhere_else_than_home_and_a_grown_up(office: Office) -> None:
    """2026:1637 6:7: of a child also the guardians, and at another place who looks after it."""
    away = {"condition": {"text": "Hos en familj.", "place": "Familjehemmet", "times": "20-06"}}
    grown = {"subject": {"id_type": "personnummer", "id": "200701012387"}, "guardians": None}
    assert office.outcomes(
        condition(1, **away, in_charge={"function": "familjehemsförälder", "contact": "070-000 00 02"}),
        condition(2, **grown),
        condition(3, **away, **grown),
    ) == ["forward", "forward", "forward"]


def test_what_is_needed_for_the_help_asked_for_is_a_duty_from_2027(office: Office) -> None:
    """2026:1600 20:4, only when it is claimed; whether help has been asked for must be stated, and need is asked."""

    def helped(n: int, **more: object) -> Json:
        more = {"basis": ["s2026_1600_20_4"], "circumstances": ["assistance_requested"]} | more
        item = secret_item(assessments=judged(need=True))
        return disclosure(n, item, **more) | {"time": "2027-01-04T09:00:00Z"}

    given, unasked, before = office.run(
        helped(1), helped(2, circumstances=[]), helped(3) | {"time": "2026-12-31T22:59:59Z"}
    )
    assert told(given, "outcome", "grounds") == ["forward", [{"id": "s2026_1600_20_4", "ref": "2026:1600 20:4"}]]
    assert [receipt["outcome"] for receipt in (unasked, before)] == ["refer", "withhold"]


def test_a_private_school_is_an_authority_in_2027_only_as_it_is_approved(tmp_path: Path) -> None:
    """OSL 2:3 a, with the register file; before the day none is."""
    office = Office(tmp_path)
    schools = {
        "approved": {"approved": "legal_person_2_5"},
        "other": {"approved": "other"},
        "abroad": {"approved": "legal_person_2_5", "forms": ["international"]},
        "mixed": {"approved": "legal_person_2_5", "forms": ["international", "compulsory_school"]},
        "silent": {},
    }
    parties = [
        {"authority": f"fri-{name}", "name": name, "kind": "school", "principal": "private"} | more
        for name, more in schools.items()
    ]
    office._register.write_text(json.dumps(parties), "utf-8")
    answers = judged(need=True, overriding_reasons=False)

    def sent(day: str) -> list[str]:
        messages = [
            disclosure(
                n + 100 * (day > "2027"),
                secret_item(category="school_incident", secrecy=["OSL 23:2"], assessments=answers),
                sender=f"fri-{name}",
                basis=["osl_15a"],
            )
            | {"time": f"{day}T09:00:00Z"}
            for n, name in enumerate(schools, 1)
        ]
        return office.outcomes(*messages)

    assert sent("2026-12-31") == ["withhold"] * 5
    assert sent("2027-01-05") == ["forward", "withhold", "withhold", "refer", "refer"]
