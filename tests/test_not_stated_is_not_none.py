"""Not stated is not none: an item that names no secrecy goes nowhere until somebody has said, on the item itself and
with a reason, that no provision applies to it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from house import PARTIES, House, Json, codec, opened
from lines import OTHER_TOWN, POLICE, TOWN, disclosure, line, message, no_provision, request

from broker.model.unusable import Unusable
from broker.pipeline.decode import decode

TEST = "no_provision_applies"
FREE_SCHOOL = {"authority": "friskola-x", "name": "Fria provskolan", "kind": "school", "principal": "private"}

WHATEVER_SECRECY = {
    "osl_19",
    "osl_20",
    "lul_6",
    "lul_11",
    "lul_34",
    "sol_15_4",
    "sol_15_7",
    "sol_19_1",
    "sol_20_6",
    "psl_6_15",
}
"""Grounds of which it is not asked."""

CARELESS = {
    "a region's journal": ("region-01", "health_care", "officer", "health_record", True),
    "child psychiatry": ("region-01", "child_psychiatry", "officer", "health_record", True),
    "a social record": (TOWN, "social_services", "caseworker", "social_record", True),
    "family counselling": (TOWN, "family_counselling", "officer", "social_record", True),
    "a threat, from social services": (TOWN, "social_services", "caseworker", "threat", True),
    "the school nurse's journal": ("skola-1", "school", "rektor", "health_record", True),
    "the prison service": ("kriminalvarden", "registry", "officer", "network", False),
    "support at school": ("skola-1", "school", "rektor", "school_support", False),
    "an address at the tax agency": ("skatteverket", "registry", "officer", "home_address", False),
    "a private school": ("friskola-x", "school", "rektor", "school_attendance", False),
}
"""Holder, unit, role and category of an answer with content alone, and whether it is as a rule under strong secrecy."""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=[*PARTIES, FREE_SCHOOL]) as house:
        yield house


def answer(n: int, holder: tuple[str, str, str, str, bool], **item: Any) -> Json:
    """The police have asked the holder, and get this item back."""
    sender, unit, role, category, _ = holder
    content = {"category": category, "content": "Uppgift."} | item
    changes = {"unit": unit, "role": role, "in_reply_to": request(1)["id"]}
    body = {"subject": request(1)["body"]["subject"], "items": [content]}
    return message(n, "Disclosure", sender, POLICE, body, **changes)


def asked(holder: tuple[str, str, str, str, bool]) -> Json:
    sender, unit, _, category, _ = holder
    return request(1, category, recipient=sender) | {"recipient": {"authority": sender, "unit": unit}}


@pytest.mark.parametrize("holder", CARELESS.values(), ids=CARELESS)
def test_an_answer_with_content_alone_waits_for_a_human(broker: House, holder: tuple[str, str, str, str, bool]) -> None:
    question, careless = broker.run(asked(holder), answer(2, holder))
    guided = {ground["id"]: TEST in ground["asks"] for ground in question["guidance"][0]["grounds"]}
    assert guided == {ground: ground not in WHATEVER_SECRECY for ground in guided}
    assert careless["outcome"] == "refer"
    assert TEST in careless["items"][0]["asks"]
    assert broker.inbox(POLICE) == []


@pytest.mark.parametrize("holder", CARELESS.values(), ids=CARELESS)
def test_said_with_a_reason_it_goes_and_is_doubtful_where_secrecy_is_strong(
    broker: House, holder: tuple[str, str, str, str, bool]
) -> None:
    _, released = broker.run(asked(holder), answer(2, holder, assessments=[no_provision()]))
    assert released["outcome"] == "forward"
    assert (TEST in released["doubtful"]) == holder[-1]


@pytest.mark.parametrize("holder", CARELESS.values(), ids=CARELESS)
def test_said_to_be_secret_it_waits_for_the_provision(broker: House, holder: tuple[str, str, str, str, bool]) -> None:
    denied = no_provision() | {"holds": False}
    _, held = broker.run(asked(holder), answer(2, holder, assessments=[denied]))
    assert (held["outcome"], held["items"][0]["asks"]) == ("refer", [])
    assert held["bars"] == [{"id": "secrecy_not_named", "ref": None, "items": [0]}]


@pytest.mark.parametrize(
    "reason", [None, "", " ", "…", "...", ". . .", "–", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}"]
)
@pytest.mark.parametrize("holds", [True, False])
def test_a_reason_that_says_nothing_is_refused(reason: str | None, holds: bool) -> None:
    said = {"test": TEST, "holds": holds, "assessed_by": "registrator"} | ({} if reason is None else {"reason": reason})
    refused("body.items.0.assessments.0", answer(1, CARELESS["a social record"], assessments=[said]))


def test_an_answer_for_the_whole_message_is_refused() -> None:
    given = disclosure(1, assessments=[no_provision()])
    refused("body.assessments", given)
    for kind in ("CaseSharing", "CouncilReferral"):
        more = {"programme": "sspf"} if kind == "CaseSharing" else {"level": "local"}
        refused("body.assessments", given | {"kind": kind, "body": given["body"] | more})
    subject = given["body"]["subject"]
    concern = {"subject": subject, "concerns": ["crime"], "assessments": [no_provision()]}
    refused("body.assessments", message(1, "ConcernNotification", POLICE, TOWN, concern))
    refusal = {"categories": ["housing"], "reason": "withheld", "assessments": [no_provision()]}
    refused("body.assessments", message(1, "Refusal", TOWN, POLICE, refusal))


@pytest.mark.parametrize("ground", [None, "osl_15a"])
def test_none_beside_one_that_is_named_is_refused(ground: str | None) -> None:
    said = no_provision() | ({"ground": ground} if ground else {})
    refused("body.items.0", answer(1, CARELESS["a social record"], secrecy=["OSL 26:1"], assessments=[said]))
    denied = answer(
        1, CARELESS["a social record"], secrecy=["OSL 26:1"], assessments=[no_provision() | {"holds": False}]
    )
    assert decode(line(denied), codec()).kind == "Disclosure"


def refused(place: str, given: Json) -> None:
    """As JSON: in quarantine as a value that may not stand there, and nothing of it is told."""
    with pytest.raises(Unusable) as found:
        decode(json.dumps(given).encode(), codec())
    assert found.value.code == "invalid_value"
    assert found.value.detail.startswith(f"{place}: ")
    assert "offentlig" not in found.value.detail


def test_the_answer_of_one_item_is_none_for_another(broker: House) -> None:
    both = [
        {"category": "housing", "content": "A"},
        {"category": "housing", "content": "B", "assessments": [no_provision()]},
    ]
    given = disclosure(1, *both, assessments=[{"test": "need", "holds": True, "assessed_by": "handläggare"}])
    (receipt,) = broker.run(given)
    assert [item["outcome"] for item in receipt["items"]] == ["refer", "release"]


def test_what_is_looked_at_as_one_whole_has_no_secrecy_to_name(broker: House) -> None:
    """A notification, a handover, a picture: nobody is asked what secrecy applies to them."""
    girl = request(1)["body"]["subject"]
    worried = message(1, "ConcernNotification", POLICE, OTHER_TOWN, {"subject": girl, "concerns": ["crime"]})
    taken = {"subject": girl, "taken_at": "2026-03-02T08:00:00Z", "place": "Torget", "handed_to": "guardian"}
    custody = message(2, "CustodyHandover", POLICE, POLICE, taken | {"handed_at": "2026-03-02T08:30:00Z"})
    counts = {"level": "local", "period": "2026", "counts": [{"label": "Händelser", "n": 12}]}
    picture = message(3, "SituationPicture", POLICE, TOWN, counts)
    assert [receipt["outcome"] for receipt in broker.run(worried, custody, picture)] == ["forward"] * 3
