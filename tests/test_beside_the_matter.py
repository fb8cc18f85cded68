"""What a message says beside the matter: who decided, whose view was asked for, who may be told of a request.

None of it decides anything. Who decided is a token in the record and stands in no delivery; `why` a view was not sought
stands in a whole delivery only; that a request is secret is what its answerer sees first of all.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from command import samband
from exchange_lines import judged, referral
from house import codec, opened
from lines import (
    GIRL,
    OTHER_TOWN,
    POLICE,
    TOWN,
    Json,
    agreement,
    closed_item,
    consent,
    disclosure,
    line,
    message,
    open_item,
    request,
    secret_item,
)

from agents.agency import Delivery, Drafts, may_be_told, views
from agents.agency.compose import Pen, now
from broker.facts.registers import officer_tokens
from broker.pipeline.decode import decode

OFFICER = "handl-4711"
WHY = "Vårdnadshavarna svarade inte i telefon."
VIEWS = {"child": "sought", "guardians": "not_possible", "why": WHY}
WORDS = {"child": "sought", "guardians": "not_possible"}
NEED = {"assessments": judged(need=True)}


def signed(found: Json, officer: str | None = OFFICER) -> Json:
    """The message with who decided."""
    return found | {"sender": found["sender"] | {"officer": officer}}


def viewed(found: Json, stated: Json | None = None) -> Json:
    """The message with whose view was sought."""
    return found | {"body": found["body"] | {"views": VIEWS if stated is None else stated}}


def bare(found: Json) -> Json:
    """A receipt but for where it stands in the log."""
    return {name: value for name, value in found.items() if name not in ("audit", "message")}


CONCERN = {
    "subject": GIRL,
    "concerns": ["crime"],
    "text": "Sett.",
    "assessments": judged(child_at_risk=True),
}
SHARING = {"subject": GIRL, "items": [secret_item()], "programme": "sspf", "purpose": "prevent", "agreement": "Ö-1"}
COUNCIL = {"subject": GIRL, "items": [open_item()], "level": "local", "purpose": "prevent", **NEED}
SOCIAL = {"unit": "social_services", "role": "caseworker"}
AGREED = [
    *(consent(90), consent(89, consent="S-9", programme="defection")),
    *(agreement(91), agreement(92, by=POLICE)),
]
CARRIERS: dict[str, Json] = {
    "Disclosure": disclosure(1, **NEED),
    "CaseSharing": message(1, "CaseSharing", TOWN, POLICE, SHARING, **SOCIAL),
    "CouncilReferral": message(1, "CouncilReferral", TOWN, POLICE, COUNCIL, **SOCIAL),
    "ConcernNotification": message(1, "ConcernNotification", POLICE, TOWN, CONCERN),
    "DefectionReferral": referral(1, subject=GIRL),
}
"""A message of each kind that may say whose view was sought."""
carriers = pytest.mark.parametrize("kind", CARRIERS)


# --- who decided


def test_who_decided_is_a_token_of_authority_and_id_and_stands_in_no_delivery(tmp_path: Path) -> None:
    """FL 31 §: who decided shall be told by a document; only the authority can resolve its own id."""
    with opened(tmp_path) as house:
        receipts = house.run(
            signed(request(1)),
            signed(request(2, recipient=OTHER_TOWN)),
            signed(disclosure(3, **NEED)),
            signed(disclosure(4, **NEED), "handl-4712"),
            request(5),
        )
        assert [found["outcome"] for found in receipts] == ["forward"] * 5
        first, again, town, colleague, nobody = (leaf["sender"].get("officer") for leaf in house.leaves())
        assert first == again == officer_tokens(house.tokens, POLICE, OFFICER)[0]
        assert len({first, town, colleague}) == 3  # the same id is somebody else at another authority
        assert nobody is None and "officer" not in house.leaves()[4]["sender"]
        outside = json.dumps(receipts + [d for a in (TOWN, POLICE, OTHER_TOWN) for d in house.inbox(a)])
        assert OFFICER not in outside and "officer" not in outside.replace('"role": "officer"', "")
        assert OFFICER not in json.dumps(house.leaves())


def test_the_same_letters_are_the_same_officer(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(signed(request(1), "Å-1"), signed(request(2), "A\u030a-1"))
        first, second = (leaf["sender"]["officer"] for leaf in house.leaves())
        assert first == second


@pytest.mark.parametrize(
    "officer",
    [
        "",
        "x" * 65,
        " a",
        "a ",
        17,
        ["a"],
        GIRL["id"],
        "20110304-2386",
        "110304-2386",
        "110304–2386",
        "id 20110304 2386",
    ],
)
def test_who_decided_is_no_person_s_number_and_no_text(officer: Any, tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        (receipt,) = house.run(signed(request(1), officer))
        assert receipt["outcome"] == "quarantine"
        assert receipt["error"]["code"] == ("wrong_type" if not isinstance(officer, str) else "invalid_value")
        assert receipt["error"]["detail"].startswith("sender.officer: ")
        digest_or_key = r'[0-9a-f]{64}|"key": "[0-9a-f]{8}"'  # which may have these four by chance
        assert "2386" not in re.sub(digest_or_key, "", json.dumps(house.leaves()))


@pytest.mark.parametrize("officer", ["a", "x" * 64, "SE2321000016-1A2B", "anna.k", None, "handläggare 7"])
def test_any_other_id_of_the_authority_s_own_is_taken(officer: str | None, tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        assert house.run(signed(request(1), officer))[0]["outcome"] == "forward"


@pytest.mark.parametrize("kind", ["ConcernNotification", "Tip", "OffenceReport"])
def test_an_anonymous_message_has_no_officer_left_anywhere(kind: str, tmp_path: Path) -> None:
    """It is dropped before it is recorded: not in the record, the delivery or what is kept of the message."""
    body = CONCERN | {"anonymous": True} if kind == "ConcernNotification" else {"text": "Sett.", "anonymous": True}
    recipient = TOWN if kind == "ConcernNotification" else POLICE
    sender = POLICE if kind == "ConcernNotification" else OTHER_TOWN
    with opened(tmp_path) as house:
        (receipt,) = house.run(signed(message(1, kind, sender, recipient, body)))
        assert receipt["outcome"] != "quarantine"
        (leaf,) = house.leaves()
        assert leaf["sender"] == {"authority": "anonymous", "unit": "registry", "role": "individual"}
        kept = decode(house.contents("outbox")[0], codec())
        assert kept.sender.officer is None
        token = officer_tokens(house.tokens, sender, OFFICER)[0]
        assert token not in str(house.snapshot()) and OFFICER not in str(house.snapshot())


def test_who_decided_changes_no_answer_but_makes_another_message(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        plain, other = house.run(request(1), signed(request(2)))
        assert bare(plain) == bare(other)
        assert house.leaves()[0]["input"] == house.leaves()[1]["input"]
        assert house.run(signed(request(1)))[0]["error"]["code"] == "id_reused"


def test_audit_show_tells_and_compares_who_decided(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(signed(request(1)), signed(disclosure(2, **NEED)), request(3))
        token = officer_tokens(house.tokens, POLICE, OFFICER)[0]

    def shown(*more: str) -> Any:
        return samband("audit", "show", "--data", tmp_path, "--lang", "en", *more)

    assert token[:10] in shown("--seq", "0").out
    assert (shown("--seq", "0", "--officer", OFFICER).status, shown("--seq", "0", "--officer", "other").status) == (
        0,
        1,
    )
    assert "✓ record 0: decided by whoever has this id" in shown("--seq", "0", "--officer", OFFICER).out
    assert shown("--seq", "2", "--officer", OFFICER).status == 1  # without an id nobody is the one
    every = shown("--officer", OFFICER, "--json")
    assert [found["officer"] for found in every.objects] == [True, True, False] and every.status == 1
    (tmp_path / "keys" / "token.key").unlink()
    ended = shown("--officer", OFFICER)
    assert ended.status == 2 and "token.key" in ended.line


# --- whose view was sought


@carriers
def test_a_record_holds_the_words_and_the_whole_delivery_says_why(kind: str, tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        *_, receipt = house.run(*AGREED, viewed(CARRIERS[kind]))
        *_, leaf = house.leaves()
        assert leaf["views"] == WORDS
        assert WHY not in json.dumps(house.leaves(), ensure_ascii=False)
        assert receipt["outcome"] == "forward", receipt
        *_, delivery = house.inbox(CARRIERS[kind]["recipient"]["authority"])
        assert delivery["message"]["body"]["views"] == VIEWS


@pytest.mark.slow
@carriers
def test_whose_view_was_sought_never_decides(kind: str, tmp_path: Path) -> None:
    said = [None, {}, {"child": "not_sought"}, {"child": "not_possible", "guardians": "not_sought"}, VIEWS]
    answers, asked = [], []
    for n, stated in enumerate(said):
        with opened(tmp_path / str(n)) as house:
            found = CARRIERS[kind] if stated is None else viewed(CARRIERS[kind], stated)
            answers.append(bare(house.run(*AGREED, found)[-1]))
            asked.append(house.leaves()[-1]["input"])
    assert all(answer == answers[0] for answer in answers)
    assert all(question == asked[0] for question in asked)


@pytest.mark.parametrize("kind", ["Disclosure", "CaseSharing", "CouncilReferral"])
def test_a_partial_delivery_says_nothing_of_views(kind: str, tmp_path: Path) -> None:
    found = viewed(CARRIERS[kind])
    found = found | {"body": found["body"] | {"items": [*found["body"]["items"], closed_item()]}}
    with opened(tmp_path) as house:
        *_, receipt = house.run(*AGREED, found)
        assert (receipt["outcome"], receipt["partial"]) == ("forward", True)
        *_, delivery = house.inbox(POLICE)
        assert delivery["message"]["body"]["views"] is None
        assert house.leaves()[-1]["views"] == WORDS


@pytest.mark.parametrize(
    ("stated", "code", "detail"),
    [
        ({"child": "asked"}, "unknown_value", "body.views.child: must be 'sought', 'not_sought' or 'not_possible'"),
        ({"guardians": True}, "unknown_value", "body.views.guardians: "),
        ({"why": "x" * 501}, "invalid_value", "body.views.why: must have at most 500 characters"),
        ({"mother": "sought"}, "unknown_field", "body.views: "),
        ("sought", "wrong_type", "body.views: must be an object"),
    ],
)
def test_views_are_of_the_contract_s_words(stated: Any, code: str, detail: str, tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        (receipt,) = house.run(viewed(CARRIERS["Disclosure"], stated))
        assert receipt["error"]["code"] == code and receipt["error"]["detail"].startswith(detail)


@pytest.mark.parametrize("kind", ["InformationRequest", "Tip", "Refusal"])
def test_other_kinds_say_nothing_of_views(kind: str, tmp_path: Path) -> None:
    bodies = {"Tip": {"text": "Sett."}, "Refusal": {"categories": ["housing"], "reason": "not_held"}}
    found = request(1) if kind == "InformationRequest" else message(1, kind, TOWN, POLICE, bodies[kind])
    with opened(tmp_path) as house:
        assert house.run(viewed(found))[0]["error"]["code"] == "unknown_field"


# --- a request that is secret, and who may be told of it

TOLD = {"child": "yes", "guardian": "ask_first", "party": "2026-06-01"}
NOBODY = dict.fromkeys(("child", "guardian", "party"), "ask_first")


def test_the_answerer_gets_what_may_be_told_and_what_is_left_out_is_to_be_asked(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(
            request(1, secrecy=["OSL 18:1"], may_be_told=TOLD), request(2), request(3, may_be_told={"child": "yes"})
        )
        whole, nothing, some = (found["message"]["body"] for found in house.inbox(TOWN))
        assert (whole["secrecy"], whole["may_be_told"]) == (["OSL 18:1"], TOLD)
        assert (nothing["secrecy"], nothing["may_be_told"]) == ([], NOBODY)
        assert some["may_be_told"] == NOBODY | {"child": "yes"}
        first, second, third = house.leaves()
        assert (first["secrecy"], first["may_be_told"]) == (["OSL 18:1"], TOLD)
        assert "secrecy" not in second and "may_be_told" not in second
        assert third["may_be_told"] == NOBODY | {"child": "yes"}


def test_it_binds_nothing_in_the_decision(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        receipts = house.run(
            request(1), request(2, secrecy=["OSL 18:1", "OSL 35:1"], may_be_told=TOLD), request(3, may_be_told=NOBODY)
        )
        assert bare(receipts[0]) == bare(receipts[1]) == bare(receipts[2])
        assert len({json.dumps(leaf["input"], sort_keys=True) for leaf in house.leaves()}) == 1
        answered = disclosure(4, reply=2, purpose=None)
        assert house.run(answered)[0]["outcome"] == "forward"


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"child": "no"}, "invalid_value"),
        ({"child": "20260601"}, "invalid_value"),
        ({"child": "2026-13-01"}, "invalid_value"),
        ({"child": "2026-W23-1"}, "invalid_value"),
        ({"child": "9999-01-01"}, "invalid_value"),
        ({"child": "2026-06-01T09:00:00"}, "invalid_value"),
        ({"child": True}, "wrong_type"),
        ({"children": "yes"}, "unknown_field"),
        ("yes", "wrong_type"),
    ],
)
def test_who_may_be_told_is_said_in_the_contract_s_words(stated: Any, code: str, tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        (receipt,) = house.run(request(1, may_be_told=stated))
        assert (receipt["outcome"], receipt["error"]["code"]) == ("quarantine", code)


@pytest.mark.parametrize("secrecy", [["OSL 018:1"], ["2009:400 18:1"], ["sekretess"], "OSL 18:1"])
def test_what_makes_a_request_secret_is_a_provision(secrecy: Any, tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        assert house.run(request(1, secrecy=secrecy))[0]["error"]["detail"].startswith("body.secrecy")


def test_inbox_and_explain_say_it_first_of_all(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(request(1, secrecy=["OSL 18:1"], may_be_told=TOLD))
    for lang, secret, told in (
        ("sv", "begäran är själv sekretessbelagd", "(annan part i ärendet): tidigast 2026-06-01"),
        ("en", "the request is itself secret", "(another party to the case): not before 2026-06-01"),
    ):
        inbox = samband("inbox", TOWN, "--data", tmp_path, "--lang", lang).out
        explained = samband("explain", request(1)["id"], "--data", tmp_path, "--lang", lang).out
        for shown in (" ".join(inbox.split()), " ".join(explained.split())):
            assert secret in shown
            assert "OSL 18:1" in shown and "2026-06-01" in shown
        whole = " ".join(explained.split())
        assert told in whole
        assert whole.index(secret) < whole.index(
            "InformationRequest" if "InformationRequest" in whole else request(1)["id"]
        )


def test_explain_says_whose_view_was_sought(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(viewed(signed(CARRIERS["Disclosure"])))
    explained = samband("explain", CARRIERS["Disclosure"]["id"], "--data", tmp_path)
    assert "barnets inställning: inhämtad" in " ".join(explained.out.split())
    assert WHY not in explained.out


# --- Avro, and what an agency installs

LATER = {
    "officer": signed(request(1)),
    "views": viewed(CARRIERS["Disclosure"]),
    "why alone": viewed(CARRIERS["ConcernNotification"], {"why": WHY}),
    "secrecy": request(1, secrecy=["OSL 18:1"]),
    "may_be_told": request(1, may_be_told={"child": "2026-06-01"}),
}


@pytest.mark.parametrize("what", LATER)
def test_it_is_carried_by_avro_and_what_does_not_say_it_is_written_as_ever(what: str) -> None:
    said = decode(line(LATER[what]), codec())
    first, *later = codec().fingerprints(said.kind)
    written = codec().write(said)
    assert written[2:10].hex() in later and first not in later
    assert codec().read(written) == said
    plain = decode(line(request(1)), codec())
    assert codec().write(plain)[2:10].hex() == codec().fingerprints(plain.kind)[0]


def test_an_agency_says_it_and_sees_it_first() -> None:
    drafts = Drafts(POLICE)
    told = may_be_told(child="yes")
    asked = drafts.request(
        TOWN, ["housing"], purpose="prevent", need="Se ärendet.", subject=GIRL, secrecy=["OSL 18:1"],
        may_be_told=told, officer=OFFICER,
    )  # fmt: skip
    given = drafts.disclose(TOWN, [open_item()], subject=GIRL, views=views(child="sought", why=WHY))
    pen = Pen(POLICE, "registry", "officer", now, os.urandom)
    sent = json.loads(pen.write(asked).message)
    assert sent["sender"]["officer"] == OFFICER
    assert (sent["body"]["secrecy"], sent["body"]["may_be_told"]) == (["OSL 18:1"], NOBODY | {"child": "yes"})
    assert given.body["views"] == {"child": "sought", "why": WHY}
    decode(pen.write(asked).message, codec())
    decode(pen.write(given).message, codec())
    shown = repr(Delivery({"message": sent}))
    assert shown.startswith(
        "Delivery(secret under OSL 18:1; may be told: child yes, guardian ask_first, party ask_first; "
    )
    assert Delivery({"message": request(1)}).may_be_told == NOBODY
    hostile = request(1, secrecy=["\x1b[2J"], may_be_told={"child": "\x1b[2J" * 9})
    assert "\x1b" not in repr(Delivery({"message": hostile}))
