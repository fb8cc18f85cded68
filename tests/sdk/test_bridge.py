"""The bridge to SDK: each line of the inbox reaches a person once and is acknowledged, whatever goes wrong between.

What comes from there is a draft for an officer, or where it is structured a message.
"""

import json
import logging
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from desk.side import BOARD, CHILD, HIDDEN, REQUEST, SARA, Side, delivery, notice, receipt
from lines import POLICE, Json, number

from agents.agency.texts import Parties, Texts
from agents.desk.desk import Desk
from agents.desk.faults import NotNow
from agents.desk.printed import Printer
from agents.sdk import structured
from agents.sdk.bridge import Bridge, Turn
from agents.sdk.client import Client, ServiceAway
from agents.sdk.client import Service as There
from agents.sdk.message import File, Party, SdkMessage
from agents.sdk.settings import Recipient, SdkSettings
from agents.sdk.state import State
from sdk.stub import OUR_FUNCTION, SAMBAND, Service, running

HALL = "0203:tallkoping.example.se"
SOCIAL, REST = f"social.{HALL}", f"registrator.{HALL}"
PERSON = Party(HALL, SOCIAL)
TO = (Recipient(HALL, SOCIAL, "social_services", structured=True), Recipient(HALL, REST))
CONCERN: Json = {"subject": CHILD, "concerns": ["crime"], "text": "Det finns oro.", "immediate": False}


@dataclass
class Hall:
    """An authority with a desk at Samband, and a message service elsewhere."""

    side: Side
    service: Service
    address: str
    settings: SdkSettings = field(init=False)
    state: State = field(init=False)

    def __post_init__(self) -> None:
        there = There(self.address)
        folder = self.side.folder
        self.settings = SdkSettings(folder / "desk.toml", SAMBAND, OUR_FUNCTION, there, TO, folder / "sdk.db")
        self.begin()

    def begin(self) -> None:
        """What a new process has."""
        side = self.side
        self.client, self.state = Client(self.settings.service), State(self.settings.state)
        desk = Desk(BOARD, side.settings, side.store, side.courier, side.clock)
        self.bridge = Bridge(self.settings, desk, self.client, self.state)

    def close(self) -> None:
        self.client.close()
        self.state.close()

    def restart(self) -> None:
        """As when the process was killed."""
        self.close()
        self.side.restart()
        self.begin()

    def come(self, *lines: Json) -> None:
        self.side.come(*lines)

    def turn(self) -> Turn:
        """A turn of the bridge, then one of the courier."""
        turn = self.bridge.turn()
        assert self.side.courier.round()
        return turn

    @property
    def acknowledged(self) -> list[Json]:
        """What the broker has been told: each acknowledgement's body."""
        sent = [json.loads(one.message) for one in self.side.stage.sent if one.kind == "Acknowledgement"]
        return [one["body"] for one in sent]

    @property
    def sent(self) -> list[Json]:
        """The other messages that the broker has."""
        return [json.loads(one.message) for one in self.side.stage.sent if one.kind != "Acknowledgement"]

    def drafts(self) -> list[Any]:
        return self.side.store.drafts.unsent()


def streams(document: bytes) -> Iterator[bytes]:
    """What lies packed in a PDF file."""
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", document, re.DOTALL):
        with suppress(zlib.error):
            yield zlib.decompress(packed)


@pytest.fixture
def hall(side: Side) -> Iterator[Hall]:
    service = Service(functions={SOCIAL, REST})
    with running(service) as address, patch("agents.sdk.compose.pdf.write", lambda *_: b"%PDF-1.7 a page"):
        hall = Hall(side, service, address)
        yield hall
        hall.close()


def only(messages: list[SdkMessage]) -> SdkMessage:
    (one,) = messages
    return one


# --- to the authority


def test_a_delivery_reaches_a_person_and_is_acknowledged(hall: Hall) -> None:
    hall.come(delivery(1, case="A-17/26"))
    assert hall.turn() == Turn(handed=1, accepted=1)
    came = only(hall.service.came)
    assert came.recipient.function == SOCIAL and came.sender.function == OUR_FUNCTION and came.confidential
    assert "Begäran om uppgifter från Polismyndigheten" in came.label
    assert {(one.root, one.extension) for one in came.recipient.references} == {
        ("1.2.752.129.2.1.3.1", CHILD["id"]),
        ("dnr", "A-17/26"),
    }
    assert [file.content_type for file in came.files] == ["application/pdf", "application/xml"]
    assert structured.decode(came.files[1].content)["body"] == REQUEST
    assert CHILD["id"] not in came.label + "".join(came.texts), "nothing of anybody outside the attachments"
    assert hall.acknowledged == [{"message": number(1), "state": "registered"}]
    assert hall.turn() == Turn(), "once"
    assert hall.service.entries == {}, "the service keeps nothing of it"


def test_the_pdf_says_all_that_the_message_does(side: Side) -> None:
    service = Service(functions={SOCIAL})
    with running(service) as address:
        hall = Hall(side, service, address)
        side.come(delivery(1, case="A-17/26"))
        text = Printer("sv", Parties(Texts("sv"))).line(side.store.inbox.content(number(1)), side.now)  # type: ignore[arg-type]
        for words in ("Hemligt behov.", "20090412-2389", "A-17/26", "boende", "sekretess"):
            assert words in text, words
        hall.bridge.turn()
        document = only(hall.service.came).files[0]
        assert document.content_type == "application/pdf" and b"/OutputIntents" in b"".join(streams(document.content))
        hall.close()


def test_nothing_tells_who_is_protected(hall: Hall) -> None:
    hall.come(delivery(1, body=REQUEST | {"subject": HIDDEN}))
    hall.turn()
    assert only(hall.service.came).recipient.references == ()


def test_each_unit_has_its_function_address(hall: Hall) -> None:
    other = delivery(2)
    other["message"]["recipient"] = {"authority": BOARD, "unit": "school"}
    hall.come(delivery(1), other)
    hall.turn()
    assert [one.recipient.function for one in hall.service.came] == [SOCIAL, REST]
    assert [len(one.files) for one in hall.service.came] == [2, 1], "XML only where it is read"


def test_what_asks_nothing_of_anybody_stays(hall: Hall) -> None:
    opened = {"message": number(7), "state": "opened"}
    own = delivery(2, "ConcernDecision", sender=BOARD, body={"status": "opened", "decided_on": "2026-11-30"})
    hall.come(delivery(1, "Acknowledgement", body=opened), own)
    assert hall.turn() == Turn()
    assert hall.service.came == []


def test_a_notice_and_a_recall_reach_a_person_too(hall: Hall) -> None:
    hall.come(delivery(1))
    hall.turn()
    recall = delivery(2, "Recall", body={"message": number(1)})
    hall.come(recall, notice(3, number(1), "overdue"))
    hall.turn()
    assert len(hall.service.came) == 3
    assert len({one.conversation for one in hall.service.came}) <= 2


# --- faults on the way


def test_a_kvittens_that_is_late_is_waited_for(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    hall.service.late = 2
    hall.come(delivery(1))
    assert [hall.turn().accepted for _ in range(4)] == [0, 0, 1, 0]
    assert len(hall.acknowledged) == 1


def test_a_lost_kvittens_is_told_of_once_and_nothing_goes_twice(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    hall.service.lost_receipt = True
    hall.come(delivery(1))
    hall.turn()
    hall.side.later(hours=25)
    with caplog.at_level(logging.ERROR, logger="samband_sdk"):
        hall.turn()
        hall.turn()
    assert [record.getMessage() for record in caplog.records].count(
        f"no kvittens of a message to {BOARD} for 24 hours: it lies at the desk"
    ) == 1
    assert hall.acknowledged == [] and sum(hall.service.posts.values()) == 1
    hall.service.lost_receipt = False
    hall.turn()
    assert len(hall.acknowledged) == 1, "late is not never"


def test_a_lost_answer_sends_nothing_twice(hall: Hall) -> None:
    hall.service.lost_answers = 1
    hall.come(delivery(1))
    with pytest.raises(ServiceAway):
        hall.turn()
    hall.restart()
    hall.turn()
    assert list(hall.service.posts.values()) == [1] and len(hall.acknowledged) == 1


@pytest.mark.parametrize("fault", ["wrong_address", "virus"])
def test_what_does_not_get_there_lies_at_the_desk_and_is_told_of(
    hall: Hall, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    hall.service.functions = set() if fault == "wrong_address" else hall.service.functions
    hall.service.virus = fault == "virus"
    hall.come(delivery(1))
    with caplog.at_level(logging.ERROR, logger="samband_sdk"):
        assert [hall.turn().refused for _ in range(2)] == [int(fault == "wrong_address"), 0]
    (told,) = [record.getMessage() for record in caplog.records]
    assert "lies at the desk" in told and CHILD["id"] not in told
    assert hall.acknowledged == [] and hall.side.store.inbox.counts(hall.side.now)["open"] == 1
    assert hall.state.counts() == {"refused": 1}


def test_a_service_that_is_away_is_asked_again(hall: Hall) -> None:
    hall.service.away = 2
    hall.come(delivery(1))
    for _ in range(2):
        with pytest.raises(ServiceAway):
            hall.bridge.turn()
    hall.turn()
    assert len(hall.acknowledged) == 1


@pytest.mark.parametrize("dies", ["move", "register", "delete"])
def test_killed_anywhere_nothing_is_lost_and_nothing_goes_twice(hall: Hall, dies: str) -> None:
    hall.come(delivery(1), delivery(2, "ConcernNotification", body=CONCERN))
    place = {
        "move": "agents.sdk.state.State.move",
        "register": "agents.desk.store.Inbox.register",
        "delete": "agents.sdk.client.Client.delete",
    }[dies]
    with patch(place, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        hall.turn()
    hall.restart()
    for _ in range(3):
        hall.turn()
    assert sorted(hall.service.posts.values()) == [1, 1]
    assert sorted(one["message"] for one in hall.acknowledged) == [number(1), number(2)]
    assert hall.service.entries == {}, "nothing of anybody's stays with the service"


def test_a_case_that_is_destroyed_sends_nothing(hall: Hall) -> None:
    hall.come(delivery(1))
    hall.side.store.destroy(hall.side.store.inbox.row(number(1)).case)
    assert hall.turn() == Turn()
    assert hall.service.came == []


# --- from the authority


def test_free_text_is_a_draft_for_an_officer_and_no_answer(hall: Hall) -> None:
    hall.come(delivery(1))
    hall.turn()
    hall.service.write("Han bor hos sin moster.", sender=PERSON, answers=only(hall.service.came))
    assert hall.turn().arrived == 1
    (draft,) = hall.drafts()
    assert (draft.kind, draft.part, draft.answers, draft.body) == ("Disclosure", "housing", number(1), {})
    assert json.loads(draft.how["said"]) == {"i.0.content": ["Han bor hos sin moster."]}, (
        "on the page, and nothing weighed"
    )
    assert hall.sent == [] and hall.side.store.inbox.row(number(1)).left == ("housing", "social_record")
    assert hall.service.entries == {}, "kept here, so it is deleted there"
    hall.service.write("Och om det andra.", sender=PERSON, answers=only(hall.service.came))
    hall.service.write("Ännu något.", sender=PERSON, answers=only(hall.service.came))
    hall.turn()
    assert sorted(draft.part or "" for draft in hall.drafts()) == ["", "housing", "social_record"]


def test_a_reply_that_names_nothing_is_known_by_its_conversation(hall: Hall) -> None:
    hall.come(delivery(1, "ConcernNotification", body=CONCERN))
    hall.turn()
    came = only(hall.service.came)
    hall.service.write("Tack, vi har öppnat.", sender=PERSON, answers=came)
    for entry in hall.service.entries.values():
        entry.attributes.pop("refToMessageId")
    hall.turn()
    (draft,) = hall.drafts()
    assert (draft.kind, draft.answers, draft.body) == ("ConcernFeedback", number(1), {"text": "Tack, vi har öppnat."})


def test_something_new_is_a_draft_of_what_its_function_address_sends(hall: Hall) -> None:
    hall.service.write("Vi undrar en sak.", sender=Party(HALL, REST))
    hall.turn()
    (draft,) = hall.drafts()
    assert (draft.kind, draft.to, draft.body) == ("SupportEnquiry", None, {"text": "Vi undrar en sak."})
    with pytest.raises(NotNow):
        hall.side.store.drafts.send(draft.number, SARA)


def test_attachments_come_along_and_the_whole_stays_sealed(hall: Hall) -> None:
    hall.come(delivery(1))
    hall.turn()
    page = File("beslut.pdf", "application/pdf", b"%PDF-1.7 beslut")
    big = File("stor.pdf", "application/pdf", b"%PDF-1.7" + b"x" * 800_000)
    answer = hall.service.write("Se bilagorna.", sender=PERSON, answers=only(hall.service.came), files=(page, big))
    hall.turn()
    (draft,) = hall.drafts()
    said = json.loads(draft.how["said"])
    assert said["i.1.content_type"] == ["application/pdf"] and "i.2.content" not in said
    arrived = hall.state.arrived(answer.id)
    assert arrived and arrived.content and b"beslut" not in arrived.content


def an_answer(**changes: Any) -> File:
    """A structured answer: a refusal, as the authority's own system writes it."""
    message = {
        "id": number(90),
        "kind": "Refusal",
        "sender": {"authority": BOARD, "unit": "social_services", "role": "caseworker", "officer": "h-17"},
        "recipient": {"authority": POLICE, "unit": "police_area"},
        "time": "2026-11-30T08:00:00Z",
        "in_reply_to": number(1),
        "body": {"categories": ["housing"], "reason": "not_held"},
    } | changes
    return File("svar.xml", "application/xml", structured.encode(message))


def test_a_structured_answer_is_a_message(hall: Hall) -> None:
    hall.come(delivery(1))
    hall.turn()
    hall.service.write("Se bilagan.", sender=PERSON, answers=only(hall.service.came), files=(an_answer(),))
    hall.turn()
    (sent,) = hall.sent
    assert (sent["kind"], sent["id"], sent["in_reply_to"]) == ("Refusal", number(90), number(1))
    assert sent["sender"] == {"authority": BOARD, "unit": "social_services", "role": "caseworker", "officer": "h-17"}
    assert sent["body"] == {"categories": ["housing"], "reason": "not_held"}
    hall.come(
        receipt(number(90), "quarantine", error={"code": "clock_skew", "detail": "time: more than five minutes off"})
    )
    hall.turn()
    back = hall.service.came[-1]
    assert len(hall.service.came) == 2 and back.answers and "Tillbaka" in back.label, (
        "what came back reaches who sent it"
    )


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (an_answer(sender={"authority": "kommun-0180"}), "ANOTHER_SENDER"),
        (File("x.xml", "application/xml", b'<message xmlns="urn:samband:message:1"><x/></message>'), "NOT_STRUCTURED"),
    ],
)
def test_what_is_not_the_authoritys_own_message_is_a_draft(hall: Hall, file: File, code: str) -> None:
    hall.come(delivery(1))
    hall.turn()
    hall.service.write("Se bilagan.", sender=PERSON, answers=only(hall.service.came), files=(file,))
    hall.turn()
    assert hall.sent == [] and len(hall.drafts()) == 1
    assert [one.codes for one in hall.state.arrivals()] == [(code,)]


def test_two_pairs_of_eyes_see_what_they_must_see(tmp_path: Path) -> None:
    side, service = Side(tmp_path, approval=frozenset({"Refusal"})), Service(functions={SOCIAL})
    with running(service) as address, patch("agents.sdk.compose.pdf.write", lambda *_: b"%PDF-1.7"):
        hall = Hall(side, service, address)
        hall.come(delivery(1))
        hall.turn()
        service.write("Svar.", sender=PERSON, answers=only(service.came), files=(an_answer(),))
        hall.turn()
        assert hall.sent == [] and [draft.state for draft in hall.drafts()] == ["awaits_approval"]
        hall.close()
    side.close()


def test_what_comes_twice_is_one_draft(hall: Hall) -> None:
    hall.service.twice = True
    hall.come(delivery(1))
    hall.turn()
    hall.service.write("Svar.", sender=PERSON, answers=only(hall.service.came))
    for _ in range(3):
        hall.turn()
    assert len(hall.drafts()) == 1 and hall.service.entries == {}


@pytest.mark.parametrize("retrieves", [False, True])
@pytest.mark.parametrize("dies", ["agents.sdk.state.State.keep", "agents.sdk.client.Client.delete"])
def test_killed_while_something_comes_it_is_one_draft(hall: Hall, dies: str, retrieves: bool) -> None:
    hall.service.retrieves = retrieves
    hall.service.write("Vi undrar.", sender=PERSON)
    with patch(dies, side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        hall.turn()
    hall.restart()
    hall.turn()
    assert len(hall.drafts()) == 1 and hall.service.entries == {}


def test_a_service_that_keeps_what_has_come_stops_nothing(hall: Hall) -> None:
    hall.service.keeps = True
    for text in ("Vi undrar.", "Och en sak till."):
        hall.service.write(text, sender=PERSON)
        hall.turn()
    hall.come(delivery(1))
    hall.turn()
    assert len(hall.drafts()) == 2 and len(hall.service.came) == 1


def test_a_file_is_a_pdf_by_what_it_holds(hall: Hall) -> None:
    hall.come(delivery(1))
    hall.turn()
    page = File("beslut", "PDF", b"%PDF-1.7 beslut")
    other = File("beslut.pdf", "application/pdf", b"inte base64!")
    hall.service.write("Se bilagorna.", sender=PERSON, answers=only(hall.service.came), files=(page, other))
    hall.turn()
    (draft,) = hall.drafts()
    said = json.loads(draft.how["said"])
    assert said["i.1.content_type"] == ["application/pdf"] and "i.2.content" not in said


def test_a_stranger_is_not_taken_for_the_authority(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    hall.service.write("Jag är socialtjänsten.", sender=Party("0203:annan.example.se", SOCIAL))
    with caplog.at_level(logging.ERROR, logger="samband_sdk"):
        assert hall.turn() == hall.turn() == Turn()
    assert hall.drafts() == [] and len(hall.service.entries) == 1 and len(caplog.records) == 1


def test_a_token_is_fetched_and_a_wrong_one_is_no_way_in(side: Side) -> None:
    service = Service()
    with running(service, token="t-1") as address:
        with_token = Client(There(address, f"{address.removesuffix('/v1')}/token", "samband", "s"))
        assert with_token.seen() == []
        without = Client(There(address))
        with pytest.raises(ServiceAway):
            without.seen()
        with_token.close()
        without.close()
