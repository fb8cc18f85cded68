"""Two desks of one municipality: neither sees, answers as, or takes back for the other. The same in both runtimes."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from cluster_in_memory import Cluster, cluster
from command import samband
from exchange_lines import judged
from house import NOW, House, opened, register
from lines import (
    GIRL,
    OTHER_TOWN,
    POLICE,
    TIME,
    TOWN,
    agreement,
    consent,
    disclosure,
    line,
    message,
    number,
    open_item,
    recall,
    refusal,
    request,
    secret_item,
    withdrawal,
)

from broker import topics
from broker.pipeline.notices import OwnNotice
from broker.ports.transport import Input
from broker.runtime import embedded

Json = dict[str, Any]

SOCIAL, SCHOOLS, AREAS = f"{TOWN}/social_services", f"{TOWN}/schools", f"{POLICE}/areas"
DESKS: list[Json] = [
    {"authority": TOWN, "desk": "social_services", "units": ["social_services", "family_counselling"]},
    {"authority": TOWN, "desk": "schools", "units": ["education_office", "school"], "agreements": True},
    {"authority": POLICE, "desk": "areas", "units": ["police_area"]},
]
ADDRESSES = (TOWN, SOCIAL, SCHOOLS, POLICE, AREAS)


class Stage(Protocol):
    """A broker, whichever it is, as those who have addresses see it."""

    def send(self, address: str, *messages: Json) -> list[Json]:
        """What is sent with the login of an address; its receipts."""

    def inbox(self, address: str, type_: str = "delivery") -> list[Json]:
        """Lines of one sort in an inbox."""


@dataclass
class InProcess:
    """The embedded broker."""

    house: House

    def send(self, address: str, *messages: Json) -> list[Json]:
        return self.house.run(*(Input(line(one), proven=address) for one in messages))

    def inbox(self, address: str, type_: str = "delivery") -> list[Json]:
        return self.house.inbox(address, type_)


@dataclass
class Apart:
    """The worker, over topics in memory."""

    cluster: Cluster

    def send(self, address: str, *messages: Json) -> list[Json]:
        before = len(self.inbox(address, "receipt"))
        self.cluster.send(address, *messages)
        self.cluster.work()
        return [found["receipt"] for found in self.inbox(address, "receipt")[before:]]

    def inbox(self, address: str, type_: str = "delivery") -> list[Json]:
        lines = (json.loads(sent.value) for sent in self.cluster.topics.get(topics.inbox(address), ()))
        return [found for found in lines if found["type"] == type_]


@contextmanager
def in_process(folder: Path) -> Iterator[Stage]:
    with opened(folder, parties=DESKS) as house:
        yield InProcess(house)


@contextmanager
def apart(folder: Path) -> Iterator[Stage]:
    with cluster(folder, DESKS) as made:
        yield Apart(made)


Opens = Callable[[Path], Any]
both = pytest.mark.parametrize("opens", [in_process, apart])


def ids(stage: Stage, address: str) -> list[str]:
    """The messages delivered to an inbox."""
    return [found["message"]["id"] for found in stage.inbox(address)]


def at(told: Json, unit: str) -> Json:
    """The message to this unit."""
    return {**told, "recipient": {**told["recipient"], "unit": unit}}


def of(told: Json, unit: str, role: str = "officer") -> Json:
    """The message from this unit."""
    return {**told, "sender": {**told["sender"], "unit": unit, "role": role}}


def outcome(receipts: list[Json]) -> Any:
    """Of one receipt: the outcome, or the code of why it could not be used."""
    [receipt] = receipts
    return receipt["error"]["code"] if "error" in receipt else receipt["outcome"]


# --- the login


@both
@pytest.mark.parametrize(
    ("address", "unit", "fits"),
    [
        (SOCIAL, "social_services", True),
        (SOCIAL, "family_counselling", True),
        (SOCIAL, "education_office", False),
        (SOCIAL, "registry", False),
        (SCHOOLS, "social_services", False),
        (TOWN, "registry", True),
        (TOWN, "health_care", True),
        (TOWN, "social_services", False),
        (f"{TOWN}/nobody", "social_services", False),
        (f"{OTHER_TOWN}/social_services", "social_services", False),
        (OTHER_TOWN, "social_services", False),
    ],
)
def test_a_login_states_its_own_units_alone(tmp_path: Path, opens: Opens, address: str, unit: str, fits: bool) -> None:
    with opens(tmp_path) as stage:
        assert (outcome(stage.send(address, of(request(1, sender=TOWN, recipient=POLICE), unit))) == "forward") is fits
        if not fits:
            assert (
                outcome(stage.send(address, of(request(2, sender=TOWN, recipient=POLICE), unit))) == "sender_mismatch"
            )
        assert len(stage.inbox(POLICE)) == fits


@both
def test_a_receipt_goes_to_the_desk_that_sent(tmp_path: Path, opens: Opens) -> None:
    with opens(tmp_path) as stage:
        stage.send(SOCIAL, disclosure(1, open_item(), assessments=judged(need=True)))
        assert [len(stage.inbox(address, "receipt")) for address in ADDRESSES] == [0, 1, 0, 0, 0]


# --- where it lies


@both
def test_a_message_lies_in_its_unit_s_inbox_alone(tmp_path: Path, opens: Opens) -> None:
    with opens(tmp_path) as stage:
        for n, unit in enumerate(("social_services", "school", "registry", "health_care"), 1):
            stage.send(POLICE, at(request(n), unit))
        assert (ids(stage, SOCIAL), ids(stage, SCHOOLS)) == ([number(1)], [number(2)])
        assert ids(stage, TOWN) == [number(3), number(4)]


@both
def test_what_the_registry_got_any_desk_may_answer(tmp_path: Path, opens: Opens) -> None:
    """And the answer goes to the desk that asked, where no unit is stated."""
    with opens(tmp_path) as stage:
        stage.send(AREAS, of(request(1), "police_area"))
        assert ids(stage, TOWN) == [number(1)]
        receipts = stage.send(SOCIAL, disclosure(2, open_item(), reply=1, purpose=None))
        assert outcome(receipts) == "forward"
        assert (ids(stage, AREAS), ids(stage, POLICE)) == ([number(2)], [])
        [answer] = stage.inbox(AREAS)
        assert answer["answers"] == {"housing": "given"}


@both
def test_an_answer_goes_to_no_other_desk_than_the_one_that_asked(tmp_path: Path, opens: Opens) -> None:
    """Between desks secrecy holds as between authorities: what one asked for is no answer to another."""
    with opens(tmp_path) as stage:
        stage.send(AREAS, of(request(1), "police_area"))
        astray = at(disclosure(2, open_item(), reply=1, purpose=None), "crime_unit")
        assert outcome(stage.send(SOCIAL, astray)) == "not_your_request"
        assert (
            outcome(stage.send(SOCIAL, at(disclosure(3, open_item(), reply=1, purpose=None), "police_area")))
            == "forward"
        )
        assert (ids(stage, AREAS), ids(stage, POLICE)) == ([number(3)], [])


@both
def test_a_refusal_and_a_clarification_go_to_the_desk_that_asked(tmp_path: Path, opens: Opens) -> None:
    with opens(tmp_path) as stage:
        stage.send(AREAS, of(request(1), "police_area"))
        question = message(2, "Clarification", TOWN, POLICE, {"text": "Vilken period?"}, in_reply_to=number(1))
        stage.send(SOCIAL, of(question, "social_services"))
        assert outcome(stage.send(SOCIAL, of(refusal(3, reply=1), "social_services"))) == "forward"
        assert (ids(stage, AREAS), ids(stage, POLICE)) == ([number(2), number(3)], [])


@both
def test_what_the_asker_tells_more_goes_where_its_request_lies(tmp_path: Path, opens: Opens) -> None:
    with opens(tmp_path) as stage:
        stage.send(POLICE, at(request(1), "school"))
        more = message(2, "Clarification", POLICE, TOWN, {"text": "Sedan i våras."}, in_reply_to=number(1))
        assert outcome(stage.send(POLICE, more)) == "forward"
        assert (ids(stage, SCHOOLS), ids(stage, TOWN)) == ([number(1), number(2)], [])


@both
def test_what_is_the_board_s_goes_to_it_where_no_unit_is_stated(tmp_path: Path, opens: Opens) -> None:
    concern = {"subject": GIRL, "concerns": ["network"], "text": "Det som setts."}
    custody = {"subject": GIRL, "handed_to": "social_board", "taken_at": TIME, "place": "Torget"}
    sent = (
        message(1, "ConcernNotification", POLICE, TOWN, concern),
        message(2, "CustodyHandover", POLICE, TOWN, custody),
    )
    with opens(tmp_path) as stage:
        assert [receipt["outcome"] for receipt in stage.send(POLICE, *sent)] == ["forward"] * 2
        assert (ids(stage, SOCIAL), ids(stage, TOWN)) == ([number(1), number(2)], [])


def test_a_notice_goes_to_the_desk_that_has_what_it_tells_of(tmp_path: Path) -> None:
    concern = {"subject": GIRL, "concerns": ["network"], "text": "Det som setts."}
    with opened(tmp_path, parties=DESKS) as house:
        stage = InProcess(house)
        for n, sender in enumerate((POLICE, OTHER_TOWN), 1):
            stage.send(sender, message(n, "ConcernNotification", sender, TOWN, concern))
        stage.send(AREAS, at(of(request(3, urgency="urgent"), "police_area"), "school"))
        house.pipeline.tick(NOW + timedelta(days=60))
        told = {address: stage.inbox(address, "notice") for address in ADDRESSES}
    seen = ("opened", "registered")
    by_unit = {
        address: {one.get("unit") for one in lines if one.get("clock") not in seen} for address, lines in told.items()
    }
    assert [one["messages"] for one in told[SOCIAL] if one["notice"] == "concerns_linked"] == [[number(1), number(2)]]
    assert (
        by_unit[SCHOOLS] == {"school"} and by_unit[AREAS] == {"police_area"} and by_unit[SOCIAL] >= {"social_services"}
    )
    assert by_unit[TOWN] <= {"contact_point"} and by_unit[POLICE] == set()


@both
def test_an_anonymous_message_tells_of_no_desk(tmp_path: Path, opens: Opens) -> None:
    tip = {"text": "Något som setts.", "anonymous": True}
    with opens(tmp_path) as stage:
        stage.send(SOCIAL, of(message(1, "Tip", TOWN, POLICE, tip), "social_services"))
        assert "social" not in json.dumps([*map(stage.inbox, (POLICE, AREAS))])
        assert ids(stage, POLICE) == [number(1)]


@both
def test_a_recall_and_a_correction_reach_what_they_are_of(tmp_path: Path, opens: Opens) -> None:
    tell = lambda n, **more: disclosure(n, open_item(), assessments=judged(need=True), **more)  # noqa: E731
    with opens(tmp_path) as stage:
        stage.send(SOCIAL, at(tell(1), "police_area"), at(tell(2), "police_area"))
        assert outcome(stage.send(SOCIAL, of(recall(3, 1), "social_services"))) == "forward"
        assert outcome(stage.send(SOCIAL, tell(4, replaces=number(2)))) == "forward"
        assert (ids(stage, AREAS), ids(stage, POLICE)) == ([number(n) for n in (1, 2, 3, 4)], [])


@both
def test_a_desk_takes_back_nothing_of_another_s(tmp_path: Path, opens: Opens) -> None:
    tell = disclosure(1, open_item(), assessments=judged(need=True))
    with opens(tmp_path) as stage:
        stage.send(SOCIAL, tell)
        for n, (address, unit) in enumerate(((SCHOOLS, "school"), (TOWN, "registry")), 2):
            [receipt] = stage.send(address, of(recall(n, 1), unit))
            assert [bar["id"] for bar in receipt["bars"]] == ["not_own"], address
        assert outcome(stage.send(SOCIAL, of(recall(4, 1), "family_counselling"))) == "forward"


@both
def test_between_desks_a_message_is_decided_as_between_authorities(tmp_path: Path, opens: Opens) -> None:
    """What the social services may not tell another authority they may not tell the schools; what is open they may."""
    with opens(tmp_path) as stage:
        told = at(disclosure(1, secret_item(), recipient=TOWN), "school")
        assert outcome(stage.send(SOCIAL, told)) in ("withhold", "refer")
        assert (
            outcome(stage.send(SOCIAL, at(disclosure(2, recipient=TOWN, assessments=judged(need=True)), "school")))
            == "forward"
        )
        assert [ids(stage, address) for address in (TOWN, SOCIAL, SCHOOLS)] == [[], [], [number(2)]]


@both
def test_a_desk_acknowledges_what_lies_with_it_and_the_desk_that_sent_it_is_told(tmp_path: Path, opens: Opens) -> None:
    def opened_by(n: int, unit: str) -> Json:
        told = message(n, "Acknowledgement", TOWN, POLICE, {"message": number(1), "state": "opened"})
        return of(told, unit, "caseworker")

    with opens(tmp_path) as stage:
        stage.send(AREAS, of(at(request(1), "school"), "police_area"))
        for n, (address, unit) in enumerate(((SOCIAL, "social_services"), (TOWN, "registry")), 2):
            [receipt] = stage.send(address, opened_by(n, unit))
            assert [bar["id"] for bar in receipt["bars"]] == ["not_own"], address
        assert outcome(stage.send(SCHOOLS, opened_by(4, "school"))) == "forward"
        assert outcome(stage.send(SCHOOLS, at(opened_by(5, "school"), "crime_unit"))) == "forward"
        assert (ids(stage, AREAS), ids(stage, POLICE)) == ([number(4), number(5)], [])


@both
def test_no_desk_decides_on_what_another_was_notified_of(tmp_path: Path, opens: Opens) -> None:
    concern = {"subject": GIRL, "concerns": ["network"], "text": "Det som setts."}
    body = {"status": "opened", "decided_on": "2026-03-02"}

    def decided(n: int, unit: str) -> Json:
        return of(message(n, "ConcernDecision", TOWN, TOWN, body, in_reply_to=number(1)), unit, "caseworker")

    with opens(tmp_path) as stage:
        stage.send(POLICE, message(1, "ConcernNotification", POLICE, TOWN, concern))
        for n, (address, unit) in enumerate(((SCHOOLS, "school"), (TOWN, "registry")), 2):
            assert outcome(stage.send(address, decided(n, unit))) == "not_your_request", address
        assert outcome(stage.send(SOCIAL, decided(4, "social_services"))) == "forward"
        assert ids(stage, SOCIAL) == [number(1), number(4)]


# --- registrations


def agreed(stage: Stage) -> None:
    """Both have confirmed an agreement: the municipality through the desk that may."""
    assert outcome(stage.send(SCHOOLS, of(agreement(90), "education_office"))) == "forward"
    assert outcome(stage.send(POLICE, agreement(91, by=POLICE))) == "forward"


def shared(n: int, unit: str) -> Json:
    """A municipality's unit tells the police something of the girl under her consent."""
    return of(disclosure(n, secret_item(), basis=["consent"]), unit, "caseworker")


@both
def test_a_consent_carries_for_the_desk_that_registered_it_and_another_is_asked(tmp_path: Path, opens: Opens) -> None:
    with opens(tmp_path) as stage:
        agreed(stage)
        assert outcome(stage.send(SOCIAL, of(consent(1), "social_services"))) == "forward"
        assert ids(stage, SOCIAL) == [number(1)]
        assert outcome(stage.send(SOCIAL, shared(2, "social_services"))) == "forward"
        for n, (address, unit) in enumerate(((SCHOOLS, "school"), (TOWN, "registry")), 3):
            [receipt] = stage.send(address, shared(n, unit))
            assert receipt["outcome"] == "refer", address
            assert receipt["items"][0]["asks"] == ["consent_confirmed"], address


@both
def test_a_consent_is_withdrawn_and_renewed_by_its_desk_alone(tmp_path: Path, opens: Opens) -> None:
    with opens(tmp_path) as stage:
        agreed(stage)
        stage.send(SOCIAL, of(consent(1), "social_services"), shared(2, "social_services"))
        [receipt] = stage.send(SCHOOLS, of(withdrawal(3), "school"))
        assert receipt["outcome"] == "withhold"
        assert outcome(stage.send(SCHOOLS, of(consent(4, categories=["school_support"]), "school"))) == "forward"
        assert outcome(stage.send(SOCIAL, shared(5, "social_services"))) == "forward", "another's is no new version"
        assert outcome(stage.send(SOCIAL, of(withdrawal(6), "social_services"))) == "forward"
        assert outcome(stage.send(SOCIAL, shared(7, "social_services"))) != "forward"


@both
def test_who_got_something_under_a_consent_is_told_of_its_end_where_that_lies(tmp_path: Path, opens: Opens) -> None:
    with opens(tmp_path) as stage:
        agreed(stage)
        stage.send(SOCIAL, of(consent(1), "social_services"), at(shared(2, "social_services"), "police_area"))
        stage.send(SOCIAL, of(withdrawal(3), "social_services"))
        [told] = stage.inbox(AREAS, "notice")
        assert (told["notice"], told["received"]) == ("consent_withdrawn", [number(2)])
        registered, withdrawn = stage.inbox(POLICE, "notice")
        assert (registered["notice"], withdrawn["received"]) == ("consent_registered", [])


@both
def test_an_agreement_is_confirmed_by_a_desk_that_may(tmp_path: Path, opens: Opens) -> None:
    with opens(tmp_path) as stage:
        [receipt] = stage.send(SOCIAL, of(agreement(1), "social_services"))
        assert [bar["id"] for bar in receipt["bars"]] == ["not_own"]
        assert outcome(stage.send(SCHOOLS, of(agreement(2), "education_office"))) == "forward"
        assert outcome(stage.send(TOWN, agreement(3))) == "forward"


# --- a desk that is made later


def test_what_lay_in_an_inbox_when_a_desk_was_made_stays_there(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(Input(line(at(request(1), "social_services")), proven=POLICE))
        told = disclosure(2, open_item(), assessments=judged(need=True))
        house.run(Input(line(told), proven=TOWN))
    with in_process(tmp_path) as stage:
        stage.send(POLICE, at(request(3), "social_services"))
        assert (ids(stage, TOWN), ids(stage, SOCIAL)) == ([number(1)], [number(3)])
        assert outcome(stage.send(SOCIAL, disclosure(4, open_item(), reply=1, purpose=None))) == "forward"
        assert outcome(stage.send(SOCIAL, of(recall(5, 2), "social_services"))) == "forward", "its unit's own"


def test_what_a_desk_that_is_no_more_would_get_goes_to_its_authority(tmp_path: Path) -> None:
    with in_process(tmp_path) as stage:
        stage.send(SOCIAL, at(disclosure(1, open_item(), assessments=judged(need=True)), "police_area"))
    with opened(tmp_path, parties=[DESKS[0]]) as house:
        house.run(Input(line(of(recall(2, 1), "social_services")), proven=SOCIAL))
        assert [found["message"]["id"] for found in house.inbox(POLICE)] == [number(2)]


def test_the_log_agrees_with_the_desks_inboxes(tmp_path: Path) -> None:
    """And an inbox is read by its address, or by its unit."""
    known = register(tmp_path, DESKS)
    sent = [
        (SCHOOLS, of(agreement(90), "education_office")),
        (POLICE, agreement(91, by=POLICE)),
        (AREAS, of(request(1), "police_area")),
        (SOCIAL, disclosure(2, open_item(), reply=1, purpose=None)),
        (SOCIAL, of(consent(3), "social_services")),
        (SOCIAL, at(shared(4, "social_services"), "police_area")),
        (SOCIAL, of(withdrawal(5), "social_services")),
    ]
    data = tmp_path / "data"
    with embedded.embedded(data, known) as broker:
        told = list(broker.pipeline.run(Input(line(one), proven=address) for address, one in sent))
    assert {receipt["outcome"] for receipt in told} == {"forward"}
    ended = samband("audit", "verify", "--data", data)
    assert ended.status == 0, ended.out


def test_a_notice_of_the_service_that_keeps_the_clocks_lies_with_its_unit_s_desk(tmp_path: Path) -> None:
    content = {
        **{"type": "notice", "notice": "reminder", "clock": "answer", "unit": "school", "ref": None},
        **{"id": number(80), "message": number(1), "due": TIME, "time": TIME},
    }
    with cluster(tmp_path, DESKS) as found:
        found.send(topics.BROKER, OwnNotice(number(80), TOWN, "school", content).encode())
        found.work()
        stage = Apart(found)
        assert [len(stage.inbox(address, "notice")) for address in (TOWN, SOCIAL, SCHOOLS)] == [0, 0, 1]
