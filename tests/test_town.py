"""The sample town: its files are what the story builds, and what the broker decides is what the author expects."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sealed_lines

from broker import authorities
from broker.adapters.files.signing import TokenKey, Verifier
from broker.adapters.sql.audit_log import stored_checkpoints, stored_records
from broker.adapters.sql.read_model import Archive
from broker.kinds import KINDS
from broker.log.verifier import Report, verify
from broker.model.receipt import Receipt
from broker.ports.transport import Input
from broker.runtime.embedded import clock_times, embedded
from scenery.town.story import FILES, FOLDER

Json = dict[str, Any]

LINES = (FOLDER / "messages.jsonl").read_bytes().splitlines()
EXPECTED: list[Json] = [json.loads(row) for row in (FOLDER / "expected.jsonl").read_text("utf-8").splitlines()]
DECIDED = [row for row in EXPECTED if row["outcome"] != "quarantine"]
DECIDED_LINES: list[tuple[Json, Json]] = [(json.loads(LINES[row["line"] - 1]), row) for row in DECIDED]
"""Each message that is decided, with what is expected of it."""

NOBODY = {"authority": "anonymous", "unit": "registry", "role": "individual"}

GROUNDS = set(
    re.findall(
        r"\w+",
        """s170_4 s170_5 s170_6 s170_7_request s170_7_own skol_6a_10 s2016_774 osl_15a osl_18a osl_18b osl_18c osl_19
        osl_20 osl_21 osl_22 osl_22a osl_23 osl_24 osl_27 osl_26_9 osl_25_12 osl_26_9a osl_26_9e sol_19_1 sol_20_6
        sol_15_7 psl_6_15 lul_6 consent no_secrecy lul_34 lul_11 sol_15_4 osl_35_15a osl_10_2""",
    )
)
OF_KINDS = {"sol_19_4", "polislagen_6", "polislagen_12", "open_information", "takedown"}
"""Grounds that carry a message as a whole, beside those of disclosures."""

BARS = {
    *("s170_2", "s170_3", "s170_8", "protected_identity", "wording_unknown", "not_own", "out_of_agreement"),
    *("personal_data", "receiver", "by_item", "prerequisites", "refusal_unfounded", "not_as_decided", "dsa_10"),
    *("dsa_18", "incomplete"),
}
ALL = {"forward", "withhold", "refer"}
STOPS = {"forward", "withhold"}
ROWS: dict[str, tuple[set[str], set[str]]] = {
    "request on demand": ({"InformationRequest"}, ALL),
    "question back, interim, answer, refusal, recall": (
        {"Clarification", "Interim", "Disclosure", "Refusal", "Recall"},
        ALL,
    ),
    "consent": ({"ConsentGiven", "ConsentWithdrawn"}, STOPS),
    "casework in a programme": ({"CaseSharing", "CooperationAgreement"}, ALL),
    "councils": ({"CouncilReferral", "SituationPicture"}, ALL),
    "agreements and partnership": ({"CooperationAgreement"}, STOPS),
    "situation picture": ({"SituationPicture"}, STOPS),
    "notification of concern": ({"ConcernNotification"}, ALL),
    "decision on it": ({"ConcernDecision"}, STOPS),
    "feedback on it": ({"ConcernFeedback"}, ALL),
    "temporary custody": ({"CustodyHandover"}, ALL),
    "conversation with guardians": ({"GuardianConversation"}, ALL),
    "tip": ({"Tip"}, ALL),
    "report of an offence": ({"OffenceReport"}, ALL),
    "family support": ({"SupportEnquiry"}, STOPS),
    "bad actor": ({"OrganisationConcern"}, STOPS),
    "ongoing measures": ({"MeasureNotice"}, STOPS),
    "defection": ({"DefectionReferral"}, ALL),
    "follow-up of a defection": ({"DefectionFollowUp"}, STOPS),
    "report of content": ({"ChannelReport"}, ALL),
    "orders to platforms": ({"ChannelAction"}, ALL),
}
"""What the mission names: the kinds of each exchange, and the outcomes that its rule allows."""

PROGRAMMES = {"sig", "sspf", "trefas", "losam", "ratt_kurva", "bob_local", "defection", "iop"}
CODES = {
    "not_json",
    "invalid_utf8",
    "unknown_kind",
    "missing_field",
    "time_without_zone",
    "invalid_value",
    "unknown_authority",
    "kind_not_allowed",
    "not_your_request",
    "wrong_recipient",
    "id_reused",
}


class Ran:
    """The town after two runs into one data folder."""

    def __init__(self, folder: Path) -> None:
        register = authorities.load(FOLDER / "authorities.json")
        with embedded(folder, register) as broker:
            self.receipts = list(broker.pipeline.run(_inputs()))
            self.records = [row.leaf for row in stored_records(broker.connection)]
            self.inbox = sealed_lines.lines(broker.connection, broker.key)
            self.again = list(broker.pipeline.run(_inputs()))
            self.records_again = [row.leaf for row in stored_records(broker.connection)]
            self.report: Report = verify(
                stored_records(broker.connection),
                stored_checkpoints(broker.connection),
                Verifier((folder / "log.vkey").read_text("utf-8").strip()).open,
            )
            tokens = TokenKey(folder / "keys" / "token.key", create=False)
            self.derived = Archive(broker.connection, broker.key).compare_derived(clock_times(), tokens)
            self.state = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]


def _inputs() -> list[Input]:
    return [Input(line, number, "messages.jsonl") for number, line in enumerate(LINES, 1)]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return Ran(tmp_path_factory.mktemp("town") / "data")


def test_boxes_and_registers_are_those_that_the_log_tells_of(ran: Ran) -> None:
    assert ran.derived.ok and ran.derived.contents and ran.derived.before == 0, ran.derived.first
    assert ran.derived.agree > 900


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_what_the_story_builds(name: str) -> None:
    assert (FOLDER / name).read_bytes() == FILES[name](), "run: python -m scenery.town"


def test_each_expectation_stands_at_its_line_and_says_why() -> None:
    assert [row["line"] for row in EXPECTED] == list(range(1, len(LINES) + 1))
    assert all(row["why"].endswith(".") for row in EXPECTED)


def test_ids_are_of_version_7_and_hold_the_time_of_their_message() -> None:
    messages = [message for message, _ in DECIDED_LINES]
    ids = [UUID(message["id"]) for message in messages]
    assert {told.version for told in ids} == {7}
    moments = [datetime.fromisoformat(message["time"]).timestamp() * 1000 for message in messages]
    assert [told.int >> 80 for told in ids] == moments
    repeats = sum("same_as" in row for row in EXPECTED)
    assert len(set(ids)) == len(ids) - repeats


def test_every_person_is_synthetic() -> None:
    numbers = re.findall(r'"id_type": "(?:personnummer|samordningsnummer)", "id": "([0-9]{12})"', _text())
    assert numbers
    assert {number[8:11] for number in numbers} == {"238", "239"}


def test_each_sort_of_identity_occurs() -> None:
    assert set(re.findall(r'"id_type": "([a-z]+)"', _text())) == {
        "personnummer",
        "samordningsnummer",
        "reserve",
        "unknown",
    }


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: f"line {row['line']}: {row['why']}")
def test_the_broker_decides_as_the_author_reads_the_law(ran: Ran, expected: Json) -> None:
    receipt = ran.receipts[expected["line"] - 1]
    assert _told(receipt, expected) == _wanted(expected)


def _told(receipt: Json, expected: Json) -> Json:
    """Of a receipt, what is expected of it."""
    if receipt["outcome"] == "quarantine":
        return {"outcome": "quarantine", "line": receipt["line"], "code": receipt["error"]["code"]}
    told: Json = {name: receipt[name] for name in ("outcome", "partial")}
    told["refs"] = [item["ref"] for item in receipt["items"]]
    told["doubtful"] = sorted(receipt["doubtful"])
    told["items"] = [
        (item["outcome"], sorted(item["asks"]), item.get("refer_to"))
        for item in sorted(receipt["items"], key=lambda item: int(item["item"]))
    ]
    if "bars" in expected:
        told["bars"] = sorted(bar["id"] for bar in receipt["bars"])
    if "guidance" in expected:
        told["guidance"] = bool(receipt["guidance"])
    if "grounds" in expected:
        told["grounds"] = [ground["id"] for ground in receipt["grounds"]]
        told["asks"] = sorted(receipt.get("asks", []))
    return told


def _wanted(expected: Json) -> Json:
    if expected["outcome"] == "quarantine":
        return {name: expected[name] for name in ("outcome", "line", "code")}
    wanted: Json = {"partial": False, **expected}
    wanted["items"] = [
        (item["outcome"], item.get("asks", []), item.get("refer_to")) for item in expected.get("items", [])
    ]
    return {name: value for name, value in wanted.items() if name not in ("line", "why", "same_as")}


def test_every_ground_carries(ran: Ran) -> None:
    carried = {
        (bool(receipt["items"]), ground["id"])
        for receipt in ran.receipts
        if receipt["outcome"] == "forward"
        for ground in receipt["grounds"]
    }
    assert {ground for with_items, ground in carried if with_items} >= GROUNDS
    assert {ground for _, ground in carried} >= GROUNDS | OF_KINDS


def test_every_kind_of_the_contract_occurs() -> None:
    assert {message["kind"] for message, _ in DECIDED_LINES} == set(KINDS)


@pytest.mark.parametrize("row", ROWS)
def test_every_exchange_that_the_mission_names_is_shown(row: str) -> None:
    kinds, outcomes = ROWS[row]
    shown = [(message["kind"], expected["outcome"]) for message, expected in DECIDED_LINES if message["kind"] in kinds]
    assert {kind for kind, _ in shown} == kinds
    assert {outcome for _, outcome in shown} == outcomes


def test_every_programme_has_an_agreement_or_a_consent() -> None:
    bodies = [message["body"] for message, expected in DECIDED_LINES if expected["outcome"] == "forward"]
    assert {body["programme"] for body in bodies if "programme" in body} >= PROGRAMMES


def test_the_board_is_told_how_many_independent_sources_there_are(ran: Ran) -> None:
    """A teacher and the nurse of the same school are one source, the police another; each private intake one more."""
    linked = [row["content"] for row in ran.inbox if row["content"].get("notice") == "concerns_linked"]
    same = [told for told in linked if told["messages"][0] == linked[0]["messages"][0]]
    assert [(len(told["messages"]), told["independent_sources"]) for told in same[:2]] == [(2, 1), (3, 2)]
    assert [row["authority"] for row in ran.inbox if row["content"] in same] == ["kommun-0127"] * len(same)


def test_an_anonymous_sender_is_in_no_byte_of_the_state(ran: Ran) -> None:
    """Neither the association that sends nothing else, nor any diarienummer; nor the words, which are sealed."""
    unnamed = [message for message, _ in DECIDED_LINES if message["body"].get("anonymous")]
    others = [message for message, _ in DECIDED_LINES if not message["body"].get("anonymous")]
    traces = {str(message["case"]) for message in unnamed if "case" in message}
    traces |= {message["sender"]["authority"] for message in unnamed} - {one["sender"]["authority"] for one in others}
    assert len(traces) > 3
    held = b"".join(ran.state)
    assert [trace for trace in traces if trace.encode() in held] == []
    assert not any(message["body"]["text"].encode() in held for message in unnamed)
    ids = {message["id"] for message in unnamed}
    leaves = [leaf for leaf in map(json.loads, ran.records) if leaf["message"] in ids and leaf["record"] == "decision"]
    assert [leaf["sender"] for leaf in leaves] == [NOBODY] * len(unnamed)
    assert {row["sender"] for row in ran.inbox if row["message"] in ids and row["type"] == "delivery"} == {"anonymous"}
    assert not [row for row in ran.inbox if row["message"] in ids and row["type"] == "receipt"]


def test_every_receipt_has_the_form_that_the_schema_gives(ran: Ran) -> None:
    """As other programs read it, with guidance, appeals and what was fetched."""
    for receipt in ran.receipts:
        Receipt.model_validate_json(json.dumps(receipt), strict=True)
    assert any("appeal" in receipt for receipt in ran.receipts)
    assert any("fetched" in receipt for receipt in ran.receipts)


def test_every_bar_closes_something(ran: Ran) -> None:
    bars = {bar["id"] for receipt in ran.receipts for bar in receipt.get("bars", [])}
    assert bars >= BARS
    assert bars & GROUNDS, "a ground's own conditions"


def test_every_outcome_occurs(ran: Ran) -> None:
    assert {receipt["outcome"] for receipt in ran.receipts} == {"forward", "withhold", "refer", "quarantine"}
    assert any(receipt.get("partial") for receipt in ran.receipts)
    items = [item for receipt in ran.receipts for item in receipt.get("items", [])]
    assert {item["outcome"] for item in items} == {"release", "refer", "withhold"}
    assert any(item["outcome"] == "withhold" and item["ref"] is None for item in items), "nothing claimed"
    referred = [item for item in items if item["outcome"] == "refer"]
    assert any(item["asks"] for item in referred), "an answer is missing"
    assert any(item["refer_to"] == "rektor" for item in referred), "another function decides"
    assert any(not item["asks"] and item["refer_to"] is None for item in referred), "a reading is open"


def test_requests_are_forwarded_with_guidance_referred_and_withheld(ran: Ran) -> None:
    requests = [
        receipt for receipt, line in zip(ran.receipts, LINES, strict=True) if b'"kind": "InformationRequest"' in line
    ]
    assert {receipt["outcome"] for receipt in requests} == {"forward", "refer", "withhold", "quarantine"}
    assert any(receipt["guidance"] for receipt in requests if receipt["outcome"] == "forward")


def test_every_code_occurs(ran: Ran) -> None:
    found = {receipt["error"]["code"] for receipt in ran.receipts if receipt["outcome"] == "quarantine"}
    assert found == CODES


def test_a_repeated_line_gets_the_recorded_receipt(ran: Ran) -> None:
    repeats = [row for row in EXPECTED if "same_as" in row]
    assert repeats
    for row in repeats:
        assert LINES[row["line"] - 1] == LINES[row["same_as"] - 1]
        assert ran.receipts[row["line"] - 1] == ran.receipts[row["same_as"] - 1]


def test_there_is_one_record_for_each_distinct_line(ran: Ran) -> None:
    sorts = [json.loads(leaf)["record"] for leaf in ran.records]
    assert len(sorts) - sorts.count("notice") == len(set(LINES))


def test_no_record_holds_what_was_written_in_a_message(ran: Ran) -> None:
    log = b"\n".join(ran.records).decode()
    texts = re.findall(r'"(?:content|need|reason|text)": "([^"]{12,})"', _text())
    assert texts
    assert not [text for text in texts if text in log]
    numbers = set(re.findall(r'"id": "([0-9]{12})"', _text()))
    assert numbers
    assert not [number for number in numbers if number in log]


def test_a_second_run_gives_the_same_receipts_and_records_nothing(ran: Ran) -> None:
    assert ran.again == ran.receipts
    assert ran.records_again == ran.records


def test_the_log_verifies(ran: Ran) -> None:
    assert ran.report.first_bad is None
    assert ran.report.ok
    assert ran.report.size == len(ran.records)


def _text() -> str:
    """All lines as text; the one that is not UTF-8 with its bad bytes replaced."""
    return b"\n".join(LINES).decode("utf-8", errors="replace")
