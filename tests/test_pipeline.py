"""The spine's promises (design, section 3), each held with the real law, codec, log and SQLite.

Promises 1 to 6 stand here, 7 in `test_live_facts.py`, 8 in `test_no_personal_data.py`.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import pytest
from house import NOW, PARTIES, House, Json, codec, engine, line, numbered, opened
from lines import (
    BOY,
    OTHER_TOWN,
    POLICE,
    TOWN,
    agreement,
    closed_item,
    consent,
    disclosure,
    message,
    number,
    open_item,
    recall,
    refusal,
    request,
    secret_item,
)
from sqlalchemy.exc import IntegrityError

from broker.adapters.files.signing import Signer
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.adapters.sql import data_folder
from broker.log.checkpoint import CheckpointError
from broker.model.decision import Decision, PolicyInput
from broker.pipeline.decode import decode
from broker.ports.policy import EngineError
from broker.ports.transport import Input


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A fresh broker that also knows the parties of the tests."""
    with opened(tmp_path, parties=PARTIES) as opening:
        yield opening


def broken(n: int) -> Json:
    """No message, though it names its sender: what names nobody is in a batch of its own."""
    return request(n) | {"kind": "Inquiry"}


def code(receipt: Json) -> str | None:
    """Why a line is in quarantine, or None."""
    return receipt["error"]["code"] if receipt["outcome"] == "quarantine" else None


def outcomes(receipts: list[Json]) -> list[str]:
    return [receipt["outcome"] for receipt in receipts]


# --- 1. record before forward, in one transaction

WRITES = {
    ("records", "INSERT"): request(22),
    ("checkpoints", "INSERT"): request(22),
    ("outbox", "INSERT"): request(22),
    ("inbox", "INSERT"): request(22),
    ("inbox", "UPDATE"): recall(22, 4, sender=POLICE, recipient=TOWN),
    ("quarantine", "INSERT"): request(22),
    ("quarantine", "UPDATE"): Input(line(request(22)), redrive_of=0),
    ("answerables", "INSERT"): request(22),
    ("answerables", "UPDATE"): request(22),
    ("handled", "INSERT"): request(22),
    ("consents", "INSERT"): consent(22),
    ("consents", "UPDATE"): consent(22),
    ("agreements", "INSERT"): agreement(22),
    ("agreements", "UPDATE"): agreement(22),
}
"""Every write of a commit, and the message that makes it the batch's last."""


def batch_before(house: House) -> None:
    house.run(b"no message", request(1), consent(2), agreement(3), request(4))


def batch_with(last: Json | Input) -> list[Input]:
    first = list(numbered([broken(19), request(20), disclosure(21, open_item(), closed_item(), reply=1)]))
    return [*first, last if isinstance(last, Input) else Input(line(last), number=4, source="file")]


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
def test_a_failure_in_any_write_leaves_nothing_of_the_batch(house: House, write: tuple[str, str]) -> None:
    """Promise 1: record, checkpoint, delivery, registers and position become durable together or not at all."""
    batch_before(house)
    before, (table, verb) = house.snapshot(), write
    fail = f"BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'a fault'); END"
    house.connection.exec_driver_sql(f"CREATE TEMP TRIGGER fault {fail}")
    with pytest.raises(IntegrityError):
        house.run(*batch_with(WRITES[write]))
    assert house.snapshot() == before

    house.connection.exec_driver_sql("DROP TRIGGER fault")
    receipts = house.run(*batch_with(WRITES[write]))
    assert outcomes(receipts) == ["quarantine", "forward", "forward", "forward"]
    assert [receipt["audit"]["seq"] for receipt in receipts] == [5, 6, 7, 8]
    assert house.verified().ok


def test_a_failure_of_the_commit_itself_leaves_nothing(house: House) -> None:
    """Promise 1: what the database refuses at the end has not happened, now or with the next batch."""
    batch_before(house)
    before = house.snapshot()
    for statement in (
        "CREATE TEMP TABLE parent (id INTEGER PRIMARY KEY)",
        "CREATE TEMP TABLE child (id REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TEMP TRIGGER fault AFTER INSERT ON records BEGIN INSERT INTO child VALUES (1); END",
    ):
        house.connection.exec_driver_sql(statement)
    with pytest.raises(IntegrityError):
        house.run(request(20))
    assert house.snapshot() == before

    house.connection.exec_driver_sql("DROP TRIGGER fault")
    assert house.run(request(21))[0]["audit"]["seq"] == 5
    assert house.verified().ok


class Unsigning:
    """A signer whose key has gone."""

    def __init__(self, signer: Signer) -> None:
        self.key, self.vkey = signer.key, signer.vkey

    def sign(self, note_body: str) -> str:
        raise CheckpointError("no key")


def test_without_a_signed_checkpoint_nothing_moves(tmp_path: Path) -> None:
    """Promise 1: a batch that can't be signed is not recorded, and not delivered."""
    with opened(tmp_path) as house:
        batch_before(house)
        before = house.snapshot()
    with opened(tmp_path, sign=Unsigning) as house:
        with pytest.raises(CheckpointError):
            house.run(request(20), b"no message")
        assert house.snapshot() == before


def test_a_receipt_is_given_when_its_record_and_delivery_are_durable(tmp_path: Path, house: House) -> None:
    """Promise 1: at the moment of the receipt another process sees the record and the delivery."""
    many = [request(n) for n in range(1, 6)]
    for done, receipt in enumerate(house.pipeline.run(map(Input, map(line, many)), batch=1), 1):
        with data_folder.reading(tmp_path) as beside:
            records = beside.exec_driver_sql("SELECT count(*) FROM records").scalar_one()
            inboxes = beside.exec_driver_sql("SELECT count(*) FROM inbox WHERE type = 'delivery'").scalar_one()
        assert (records, inboxes, receipt["audit"]["seq"]) == (done, done, done - 1)


def test_no_delivery_without_its_record_and_no_forward_record_without_its_delivery(house: House) -> None:
    """Promise 1: records with outcome `forward` and deliveries are the same set."""
    house.run(
        *(request(1), disclosure(2, reply=1), disclosure(3, closed_item()), b"no message"),
        *(disclosure(4, secret_item(), basis=["consent"]), request(1), refusal(5, reply=1), recall(6, 2), consent(7)),
    )
    forwarded = house.rows("SELECT sender, message, recipient FROM records WHERE outcome = 'forward' ORDER BY 2")
    delivered = house.rows("SELECT sender, message, authority FROM inbox WHERE type = 'delivery' ORDER BY 2")
    assert [tuple(row) for row in forwarded] == [tuple(row) for row in delivered]
    assert len(forwarded) == 5
    assert house.count("records") == 8


# --- 1. fail closed


class Faulty:
    """The law, over a line that breaks: `breaks` tells from the inputs whether this question fails, and how."""

    def __init__(self, breaks: Callable[[Mapping[str, PolicyInput]], bool]) -> None:
        self._breaks = breaks
        self.revision, self.grounds = engine().revision, engine().grounds
        self.findings, self.statute, self.retention = engine().findings, engine().statute, engine().retention
        self.asked: list[int] = []

    def on(self, day: int) -> Self:
        return self

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        self.asked.append(len(inputs))
        if self._breaks(inputs):
            raise EngineError("unreachable")
        return engine().decide(inputs)


class Silent(Faulty):
    """A law that leaves out its answers where it breaks, against its contract."""

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        answers = engine().decide(inputs)
        return {key: answer for key, answer in answers.items() if not self._breaks({key: inputs[key]})}


def of_boys(inputs: Mapping[str, PolicyInput]) -> bool:
    """Questions with somebody of sixteen in them."""
    return any(person["age"] == 16 for one in inputs.values() for person in one["persons"].values())


MIXED = [request(1), request(2, subject=BOY), broken(5), disclosure(3, closed_item()), request(4)]


def test_when_the_law_can_not_be_asked_nothing_is_delivered(tmp_path: Path) -> None:
    """Promise 1: every message goes to quarantine, none is delivered, no id is taken."""
    with opened(tmp_path, law=Faulty(lambda _: True)) as house:
        receipts = house.run(*MIXED)
        assert [code(receipt) for receipt in receipts] == ["engine_error"] * 2 + ["unknown_kind"] + ["engine_error"] * 2
        assert (house.count("inbox"), house.count("outbox"), house.count("answerables")) == (0, 0, 0)
        assert house.count("quarantine") == house.count("records") == 5
    with opened(tmp_path) as house:
        assert outcomes(house.run(*MIXED)) == ["forward", "forward", "quarantine", "refer", "forward"]


def test_an_error_on_a_batch_asks_each_message_alone(tmp_path: Path) -> None:
    """Promise 1: a batch that fails as a whole is decided message by message, with the same receipts."""
    law = Faulty(lambda inputs: len(inputs) > 1)
    with opened(tmp_path, law=law) as house:
        assert outcomes(house.run(*MIXED)) == ["forward", "forward", "quarantine", "refer", "forward"]
        assert law.asked == [4, 1, 1, 1, 1]


@pytest.mark.parametrize("law", [Faulty, Silent])
def test_one_message_that_fails_alone_does_not_stop_the_others(tmp_path: Path, law: type[Faulty]) -> None:
    """Promise 1: it goes to quarantine `engine_error`, undelivered; the others are decided."""
    with opened(tmp_path, law=law(of_boys)) as house:
        receipts = house.run(*MIXED)
        assert outcomes(receipts) == ["forward", "quarantine", "quarantine", "refer", "forward"]
        assert code(receipts[1]) == "engine_error"
        assert [found["message"]["id"] for found in house.inbox(TOWN)] == [number(1), number(4)]
        kept = house.contents("quarantine")[0]
    with opened(tmp_path) as house:
        again = house.run(Input(kept, redrive_of=1))
        assert outcomes(again) == ["forward"]
        assert [row.redriven for row in house.rows("SELECT redriven FROM quarantine WHERE seq = 1")] == [5]


class Twisted:
    """The compiled policy, with its raw answers changed on the way."""

    def __init__(self, policy: Any, twist: Callable[[Any], Any]) -> None:
        self._policy, self._twist = policy, twist

    def evaluate(self, asked: Any, *, entrypoint: str) -> Any:
        return self._twist(self._policy.evaluate(asked, entrypoint=entrypoint))


def every(change: Callable[[Json], object]) -> Callable[[Json], Json]:
    """A twist of each message's answer."""

    def twist(answers: Json) -> Json:
        for answer in answers.values():
            change(answer)
        return answers

    return twist


TWISTS: dict[str, Callable[[Any], Any]] = {
    "undefined": lambda _: None,
    "a list": list,
    "true": lambda _: True,
    "no answers": lambda _: {},
    "one answer missing": lambda answers: dict(list(answers.items())[1:]),
    "an answer too many": lambda answers: answers | {"x": next(iter(answers.values()))},
    "null answers": dict.fromkeys,
    "no outcome": every(lambda answer: answer.pop("outcome")),
    "another outcome": every(lambda answer: answer.update(outcome="allow")),
    "outcome quarantine without a code": every(lambda answer: answer.update(outcome="quarantine")),
    "forward without a released item": every(lambda a: a["items"]["0"].update(outcome="withhold")),
    "withhold with a released item": every(lambda answer: answer.update(outcome="withhold")),
    "another item outcome": every(lambda a: a["items"]["0"].update(outcome="forward")),
    "no items": every(lambda answer: answer.update(items={})),
    "an item too many": every(lambda answer: answer["items"].update({"9": answer["items"]["0"]})),
    "items as a list": every(lambda answer: answer.update(items=list(answer["items"].values()))),
    "an index that is no number": every(lambda answer: answer.update(items={"a": answer["items"]["0"]})),
    "a ground of no table": every(lambda answer: answer["grounds"].update({"x": {"ref": "x", "items": ["0"]}})),
    "a test of no list": every(lambda answer: answer["items"]["0"].update(asks=["courage"])),
    "no grounds": every(lambda answer: answer.update(grounds=None)),
    "no bars": every(lambda answer: answer.pop("bars")),
    "no doubts": every(lambda answer: answer.update(doubtful=None)),
    "no word on quarantine": every(lambda answer: answer.pop("quarantine")),
}


@pytest.mark.parametrize("twist", TWISTS.values(), ids=TWISTS)
def test_an_answer_of_another_shape_moves_nothing(tmp_path: Path, twist: Callable[[Any], Any]) -> None:
    """Promise 1: undefined, half an answer or another shape is an engine error."""
    law: WasmDecisionPoint = copy.copy(engine())
    law._policy = Twisted(law._policy, twist)
    with opened(tmp_path) as house:
        house.run(request(1))
    with opened(tmp_path, law=law) as house:
        receipts = house.run(disclosure(2, reply=1), disclosure(3, reply=1))
        assert [code(receipt) for receipt in receipts] == ["engine_error"] * 2
        assert house.inbox(POLICE) == []
        assert house.count("outbox") == 1


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (line(request(1) | {"kind": "Order"}), "unknown_kind"),
        (line(request(1) | {"kind": None}), "missing_field"),
        (b"\xc3\x01" + bytes(8) + b"\x00", "invalid_avro"),
        (codec().write(decode(line(request(1)), codec())) + b"\x00", "invalid_avro"),
        (line(request(1, basis=["s170_99"])), "unknown_value"),
        (line(request(1, sender="kommun-9999")), "unknown_authority"),
        (line(request(1, recipient="kommun-9999")), "unknown_authority"),
        (line(request(1, recipient="utlandsmyndigheterna")), "unknown_authority"),
        (line(consent(1, parties=[TOWN, "kommun-9999"])), "unknown_authority"),
        (line(agreement(1, parties=[TOWN, "kommun-9999"])), "unknown_authority"),
        (line(request(1, sender="intaget")), "kind_not_allowed"),
        (line(consent(1) | {"recipient": {"authority": POLICE}}), "wrong_recipient"),
    ],
)
def test_what_the_broker_does_not_know_goes_to_quarantine(house: House, bad: bytes, why: str) -> None:
    """Promise 1: unknown kind, schema, ground or authority: recorded, kept, not delivered."""
    (receipt,) = house.run(bad)
    assert code(receipt) == why
    assert house.leaves()[0]["receipt"]["error"] == receipt["error"]
    assert house.count("inbox") == house.count("outbox") == 0


# --- 2 and 3. three outcomes, a verdict for each item, and what each side learns


def test_three_outcomes(house: House) -> None:
    """Promise 2: what carries moves, what can't carry is withheld, what lacks an answer comes back."""
    receipts = house.run(
        request(1),
        disclosure(2, reply=1),
        disclosure(3, secret_item(), basis=["consent"]),
        disclosure(4, secret_item(), basis=["osl_18a"]),
    )
    assert outcomes(receipts) == ["forward", "forward", "withhold", "refer"]
    assert receipts[3]["items"][0]["asks"] == ["concrete_risk", "not_unsuitable"]
    assert [found["message"]["id"] for found in house.inbox(POLICE)] == [number(2)]


@pytest.mark.parametrize(("holds", "outcome"), [(True, "forward"), (False, "withhold"), (None, "refer")])
def test_the_weighing_is_a_human_s(house: House, holds: bool | None, outcome: str) -> None:
    """Promise 2: the same facts, and only the named function's answer decides."""
    answers = [{"test": "concrete_risk", "holds": True, "assessed_by": "handläggare"}]
    if holds is not None:
        answers.append({"test": "not_unsuitable", "holds": holds, "assessed_by": "handläggare"})
    told = disclosure(1, secret_item(), basis=["osl_18a"], assessments=answers)
    assert outcomes(house.run(told)) == [outcome]


def test_a_partial_delivery_holds_released_items_and_names_asked_categories_only(house: House) -> None:
    """Promise 3: the recipient learns what is unanswered of what it asked; the sender's receipt names all."""
    house.run(request(1, "housing", "health_record", "employment"))
    items = (open_item(content="ja"), closed_item(content="nej"), closed_item("social_record", content="aldrig"))
    (receipt,) = house.run(disclosure(2, *items, reply=1))
    (delivered,) = house.inbox(POLICE)
    assert [item["content"] for item in delivered["message"]["body"]["items"]] == ["ja"]
    assert (delivered["partial"], delivered["unanswered"]) == (True, ["health_record", "employment"])
    told = json.dumps(delivered, ensure_ascii=False)
    assert not any(word in told for word in ("nej", "aldrig", "social_record", "OSL 25", "bars", "asks"))
    assert (receipt["outcome"], receipt["partial"]) == ("forward", True)
    assert [item["item"] for item in receipt["items"]] == [0, 1, 2]
    assert outcomes(receipt["items"]) == ["release", "refer", "refer"]


def test_a_partial_delivery_on_own_initiative_tells_nothing_of_what_was_not_released(house: House) -> None:
    """Promise 3: a recipient who has not asked learns nothing but what is delivered."""
    need = [{"test": "need", "holds": True, "assessed_by": "handläggare"}]
    whole = disclosure(1, open_item(), assessments=need)
    part = disclosure(2, open_item(), closed_item("social_record"), closed_item(), assessments=need)
    receipts = house.run(whole, part)
    assert [receipt["partial"] for receipt in receipts] == [False, True]
    of_whole, of_part = house.inbox(POLICE)
    of_part["message"]["id"] = of_whole["message"]["id"]
    assert of_part == of_whole


def test_receipts_lie_in_the_sender_s_inbox(house: House) -> None:
    """Promise 3: what a sender is told it also finds in its inbox; nobody else does."""
    told = house.run(request(1), disclosure(2, reply=1), disclosure(3, closed_item()))
    for authority, own in ((POLICE, told[:1]), (TOWN, told[1:])):
        found = [entry["receipt"] for entry in house.inbox(authority, "receipt")]
        assert found == [{name: value for name, value in receipt.items() if name != "audit"} for receipt in own]
    assert house.rows("SELECT DISTINCT authority FROM inbox ORDER BY 1") == [(TOWN,), (POLICE,)]


# --- 4. initiative is derived


def on_request(house: House) -> bool:
    return bool(house.leaves()[-1]["input"]["in_reply_to_request"])


def test_an_answer_to_a_delivered_request_is_on_request(house: House) -> None:
    """Promise 4: valid: asked categories are on request, with the request's purpose; others are own initiative."""
    house.run(request(1, "housing", purpose="detect"))
    (receipt,) = house.run(disclosure(2, open_item(), open_item("vehicle"), reply=1, purpose=None))
    assert on_request(house)
    items = house.leaves()[-1]["input"]["items"]
    assert [(items[i]["on_request"], items[i]["purpose"]) for i in "01"] == [(True, "detect"), (False, "detect")]
    assert [item["outcome"] for item in receipt["items"]] == ["release", "refer"]


def test_without_in_reply_to_it_is_own_initiative_whatever_was_asked(house: House) -> None:
    """Promise 4: null is own initiative."""
    house.run(request(1))
    assert outcomes(house.run(disclosure(2))) == ["refer"]
    assert not on_request(house)


WITHHELD = request(1, sender=TOWN, recipient=OTHER_TOWN, basis=["s170_6"])
CLAIMS = {
    "unknown": (request(1), disclosure(2, reply=9)),
    "asked of somebody else": (request(1, recipient=OTHER_TOWN), disclosure(2, reply=1)),
    "answered to somebody else": (request(1), disclosure(2, reply=1, recipient="tullverket")),
    "another person": (request(1), disclosure(2, reply=1, subject=BOY)),
    "an organisation": (
        request(1),
        disclosure(2, reply=1, subject=None, organisation={"orgnr": "5560360793", "name": "Bolaget"}),
    ),
    "the same number, another sort of id": (
        request(1),
        disclosure(2, reply=1, subject={"id_type": "reserve", "id": "201103042386"}),
    ),
    "a withheld request": (WITHHELD, disclosure(2, reply=1, sender=OTHER_TOWN, recipient=TOWN)),
    "a referred request": (request(1, "school_placement", basis=["s170_6"]), disclosure(2, reply=1)),
    "a request in quarantine": (request(1, sender="intaget"), disclosure(2, reply=1, recipient="intaget")),
    "no request": (consent(1), disclosure(2, reply=1, recipient=TOWN)),
    "its own request": (request(1), disclosure(2, reply=1, sender=POLICE, recipient=TOWN)),
    "a refusal of nothing": (request(1), refusal(2, reply=9)),
    "the school, not its municipality": (request(1), disclosure(2, reply=1, sender="skola-1")),
}


@pytest.mark.parametrize(("before", "claim"), CLAIMS.values(), ids=CLAIMS)
@pytest.mark.parametrize("batch", [1, 200])
def test_an_answer_to_what_was_not_asked_is_quarantined(house: House, before: Json, claim: Json, batch: int) -> None:
    """Promise 4: initiative is derived from what was delivered, never from what the sender says."""
    receipts = house.run(before, claim, batch=batch)
    assert code(receipts[1]) == "not_your_request"
    assert house.inbox(POLICE) == [] or claim["sender"]["authority"] != TOWN
    assert number(2) not in json.dumps(house.inbox(claim["recipient"]["authority"]))


# --- 5. the transport proves the authority


def test_another_authority_than_the_proven_one_is_quarantined(house: House) -> None:
    """Promise 5: `sender_mismatch`, and nothing moves."""
    (receipt,) = house.run(Input(line(request(1)), proven=TOWN))
    assert code(receipt) == "sender_mismatch"
    assert house.count("inbox") == 0
    assert outcomes(house.run(Input(line(request(1)), proven=POLICE))) == ["forward"]


def test_a_school_is_not_its_municipality_to_the_transport(house: House) -> None:
    """Promise 5: as an address each id is its own, though one authority in law."""
    assert code(house.run(Input(line(disclosure(1, sender="skola-1")), proven=TOWN))[0]) == "sender_mismatch"
    assert code(house.run(Input(line(disclosure(2)), proven="skola-1"))[0]) == "sender_mismatch"
    assert code(house.run(Input(line(disclosure(3)), proven="kommun-9999"))[0]) == "sender_mismatch"


def test_a_live_broker_reads_its_own_clock(house: House) -> None:
    """Promise 5: a live message's time is within five minutes of the broker's."""
    late = request(2) | {"time": "2026-03-02T08:55:00Z"}
    assert outcomes(house.run(Input(line(request(1)), now=NOW))) == ["forward"]
    assert code(house.run(Input(line(late), now=NOW))[0]) == "clock_skew"
    assert outcomes(house.run(late)) == ["forward"]


def test_gotland_is_one_authority_under_two_ids(house: House) -> None:
    """Promises 5 and 6: either id proves it, answers for it and opens its inbox; the same id under both is a repeat."""
    asked = request(1, recipient="region-09")
    answer = disclosure(2, reply=1, sender="kommun-0980")
    other = disclosure(2, reply=1, sender="region-09")
    assert outcomes(house.run(asked, Input(line(answer), proven="region-09"))) == ["forward", "forward"]
    assert len(house.inbox("kommun-0980")) == 1
    assert house.inbox("region-09") == []
    first, second = house.run(answer, other)
    assert second == first
    assert house.count("records") == 2


# --- 6. ids


def test_the_same_message_again_gives_the_same_receipt_and_nothing_else(house: House) -> None:
    """Promise 6: one record, one delivery, however often and in whatever batch it comes."""
    messages = [request(1), disclosure(2, reply=1), disclosure(3, closed_item()), consent(4)]
    once = house.run(*messages)
    before = house.snapshot()
    for batch in (1, 3, 200):
        assert house.run(*messages, batch=batch) == once
    assert house.snapshot() == before


def test_repeats_within_a_batch_are_one(house: House) -> None:
    """Promise 6: also before the first one is durable."""
    receipts = house.run(request(1), request(1), request(1))
    assert receipts == receipts[:1] * 3
    assert (house.count("records"), len(house.inbox(TOWN))) == (1, 1)


@pytest.mark.parametrize("batch", [1, 200])
def test_another_message_under_a_taken_id_is_quarantined(house: House, batch: int) -> None:
    """Promise 6: `id_reused`; the first keeps its receipt."""
    first, second, third = house.run(request(1), request(1, "vehicle"), request(1), batch=batch)
    assert code(second) == "id_reused"
    assert third == first
    assert len(house.inbox(TOWN)) == 1


def test_a_withheld_or_referred_message_takes_its_id_too(house: House) -> None:
    """Promise 6: an id is taken by the first message that is decided, whatever its outcome."""
    referred, withheld = disclosure(1, closed_item()), disclosure(2, secret_item(), basis=["consent"])
    receipts = house.run(referred, withheld, disclosure(1), WITHHELD | {"id": number(2)}, disclosure(2))
    assert outcomes(receipts[:2]) == ["refer", "withhold"]
    assert [code(receipt) for receipt in receipts[2:]] == ["id_reused"] * 3


@pytest.mark.parametrize(
    "unusable", [request(1, purpose="fun"), request(1, recipient="kommun-9999"), request(1, basis=["x_1"])]
)
def test_a_quarantined_line_takes_no_id(house: House, unusable: Json) -> None:
    """Promise 6: the corrected message may keep the id; each unusable line has its record."""
    receipts = house.run(unusable, unusable, request(1), unusable)
    assert [bool(code(receipt)) for receipt in receipts] == [True, True, False, True]
    assert house.count("records") == 4


def test_an_id_belongs_to_its_sender(house: House) -> None:
    """Promise 6: two senders may use the same id."""
    assert outcomes(house.run(request(1), consent(1), request(1, sender="tullverket"))) == ["forward"] * 3


def test_the_same_content_in_another_writing_is_the_same_message(house: House) -> None:
    """Promise 6: key order, nulls, defaults, spaces, zone and Avro do not make another message."""
    plain = request(1)
    turned = json.dumps(dict(reversed(plain.items()))).encode()
    spaced = json.dumps(plain, indent=2).encode()
    explicit = copy.deepcopy(plain) | {"case": None, "in_reply_to": None}
    explicit["sender"] |= {"unit": "registry", "role": "officer"}
    explicit["body"] |= {"urgency": "routine", "basis": [], "organisation": None, "deadline": None}
    zoned = plain | {"time": "2026-03-02T10:00:00.000+01:00"}
    avro = codec().write(decode(line(plain), codec()))
    receipts = house.run(plain, turned, spaced, explicit, zoned, avro)
    assert receipts == receipts[:1] * 6
    assert house.count("records") == 1


def test_a_rerun_finds_what_could_not_be_used_whoever_sent_it(tmp_path: Path) -> None:
    """From nobody who is registered, from anybody, to nobody: one record each."""
    lines = [line(request(1, sender="nobody")), b"{broken", line(request(2, recipient="nobody")), line(request(3))]
    with opened(tmp_path) as house:
        first = house.run(*numbered(lines, "file"))
        assert house.run(*numbered(lines, "file")) == first
        assert house.count("records") == len(lines)


def test_a_rerun_of_a_file_gives_the_recorded_receipts(tmp_path: Path) -> None:
    """Promise 6: each line is recorded once, the unusable too; a line that was changed is handled anew."""
    file = [request(1), b"no message", request(1), disclosure(2, reply=1), consent(3), request(1, "vehicle")]
    with opened(tmp_path) as house:
        once = house.run(*numbered(file))
        assert [receipt.get("line") for receipt in once] == [None, 2, None, None, None, 6]
    with opened(tmp_path) as house:
        before = house.snapshot()
        assert house.run(*numbered(file)) == once
        assert house.snapshot() == before
        file[1] = request(4)
        assert outcomes(house.run(*numbered(file)))[1] == "forward"
        assert house.count("records") == len(before["records"]) + 1


def test_each_input_that_is_decided_or_quarantined_gives_one_record(house: House) -> None:
    """Promise 6: records stand in the order of the inputs, with their receipts, and the log verifies."""
    receipts = house.run(*MIXED, message(9, "Recall", TOWN, POLICE, {"message": number(8)}))
    leaves = house.leaves()
    assert [receipt["audit"]["seq"] for receipt in receipts] == [leaf["seq"] for leaf in leaves] == list(range(6))
    for leaf, receipt in zip(leaves, receipts, strict=True):
        assert leaf["receipt"] == {name: value for name, value in receipt.items() if name not in ("audit", "line")}
    assert house.verified().ok


def test_a_tip_that_is_refused_unread_names_nobody(house: House) -> None:
    """Too many headers, or poison: whether it is anonymous is not known, so nothing is kept that could name anybody."""
    tip = message(1, "Tip", TOWN, POLICE, {"text": "Ett tips.", "anonymous": True})
    avro = codec().write(decode(line(tip), codec()))
    for n, given in enumerate((line(tip), avro, line(request(2)))):
        house.run(Input(given, number=n, source="s", proven=TOWN, refused=("poison", "could not be handled")))
    senders = [leaf["sender"] for leaf in house.leaves()]
    assert senders == [None, None, {"authority": TOWN}]
    kept = house.rows("SELECT content FROM quarantine ORDER BY seq")
    assert [bool(row.content) for row in kept] == [False, False, True]
