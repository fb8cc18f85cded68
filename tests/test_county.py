"""The generated county: what the broker decides is what an oracle apart from it expects, line by line."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
import sealed_lines
from exchange_lines import JANUARY, condition, judged
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import disclosure, number, secret_item
from lines import line as written
from sqlalchemy import text
from typer import BadParameter

from broker import authorities
from broker.kinds import KINDS as CONTRACT_KINDS
from broker.model.faults import SetUpError
from broker.model.identity import birth_of
from broker.ports.transport import Input
from broker.runtime.embedded import embedded
from scenery.county.command import sample
from scenery.county.comparing import differences
from scenery.county.faults import FAULTS
from scenery.county.generate import Row, rows, usual_size
from scenery.county.month import LONGEST
from scenery.county.people import number_subject
from scenery.county.places import County
from scenery.oracle.case import Unclear
from scenery.oracle.oracle import KINDS, Oracle

pytestmark = pytest.mark.slow

Json = dict[str, Any]

SIZE = 1500
SMALL = (("01", 7), ("21", 42))
"""County and seed of each small county that goes through the broker."""
CODES = [f"{n:02}" for n in (1, *range(3, 11), *range(12, 15), *range(17, 26))]
_LEAVES = "SELECT leaf FROM records"
FROM_2027 = {"s2026_1600_20_4"}
"""Grounds that carry nothing before the county's year is out."""
FILES = ("authorities.json", "expected.jsonl", "messages.jsonl")


class Ran:
    """A small county, written by the command and run through the embedded broker."""

    def __init__(self, folder: Path, county: str, seed: int) -> None:
        sample(county=county, days=30, seed=seed, out=folder, size=SIZE)
        self.files = {name: (folder / name).read_bytes() for name in FILES}
        self.lines = self.files["messages.jsonl"].splitlines()
        self.expected: list[Json] = [json.loads(row) for row in self.files["expected.jsonl"].splitlines()]
        inputs = [Input(line, number, "messages.jsonl") for number, line in enumerate(self.lines, 1)]
        with embedded(folder / "data", authorities.load(folder / "authorities.json")) as broker:
            self.receipts = list(broker.pipeline.run(inputs))
            lines = sealed_lines.lines(broker.connection, broker.key)
            self.notices = [row["content"] for row in lines if row["type"] == "notice"]
            self.leaves = [json.loads(row.leaf) for row in broker.connection.execute(text(_LEAVES))]

    def messages(self) -> Iterator[tuple[Json, Json, Json]]:
        """Each usable message with what was expected and what came."""
        for line, expected, receipt in zip(self.lines, self.expected, self.receipts, strict=True):
            if expected["outcome"] != "quarantine":
                yield json.loads(line), expected, receipt


@pytest.fixture(
    scope="module",
    params=SMALL,
    ids=lambda small: f"county {small[0]}, seed {small[1]}",
)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return Ran(tmp_path_factory.mktemp("county"), *request.param)


def made(county: str = "01", seed: str = "7", size: int = 400, days: int = 30) -> list[Row]:
    return list(rows(County(county, Random(seed)), days=days, seed=seed, size=size))


def test_two_children_whom_nobody_knows_are_never_linked(ran: Ran) -> None:
    unknown = {m["id"] for m, _, _ in ran.messages() if m["body"].get("subject", {}).get("id_type") == "unknown"}
    twice = Counter(
        (message["recipient"]["authority"], message["body"]["subject"].get("birth_date"))
        for message, _, receipt in ran.messages()
        if message["kind"] == "ConcernNotification" and message["id"] in unknown and receipt["outcome"] == "forward"
    )
    assert max(twice.values()) > 1
    linked = {message for notice in ran.notices for message in notice.get("messages", ())}
    assert linked and not linked & unknown


def test_one_diarienummer_at_two_authorities_is_two_cases(ran: Ran) -> None:
    cases = {message["id"]: message.get("case") for message, _, _ in ran.messages()}
    tokens: dict[tuple[str, str], set[str]] = {}
    for leaf in ran.leaves:
        if leaf["record"] == "decision" and cases.get(leaf["message"]):
            tokens.setdefault((leaf["sender"]["authority"], cases[leaf["message"]]), set()).add(leaf["case"])
    numbers = Counter(number for _, number in tokens)
    assert max(numbers.values()) > 1
    assert all(len(found) == 1 for found in tokens.values())
    assert len(set().union(*tokens.values())) == len(tokens)


def test_some_answers_are_for_one_ground_alone(ran: Ran) -> None:
    items = [item for message, _, _ in ran.messages() for item in message["body"].get("items", ())]
    grounds = {answer.get("ground") for item in items for answer in item.get("assessments", ())}
    assert len(grounds) > 10


def test_the_broker_decides_as_the_oracle_reads_the_law(ran: Ran) -> None:
    assert list(differences(ran.expected, ran.receipts)) == []


def test_the_law_of_january_is_read_alike(tmp_path: Path) -> None:
    """OSL 2:3 a, 2026:1637 6:6-8 and 2026:1600 20:4, which the county's days do not reach."""
    county = County("01", Random("7"))
    school = {"name": "Exempelfriskolan", "kind": "school", "principal": "private"}
    approvals: list[Json] = [{}, {"approved": "other"}, {"approved": "legal_person_2_5"}]
    approvals += [
        {"approved": "legal_person_2_5", "forms": forms} for forms in (["international"], ["a", "other_education"])
    ]
    schools = [school | more | {"authority": f"fri-{n}"} for n, more in enumerate(approvals)]
    county.parties += schools
    (tmp_path / "authorities.json").write_bytes(county.register_file())
    answers = judged("rektor", need=True, overriding_reasons=False, obvious_interest=True)
    lines = [condition(n, **more) for n, more in enumerate(({}, {"guardians": None}, {"within_youth_care": None}), 1)]
    lines += [condition(4, "ended", notice=number(1)), condition(5, "changed", notice=number(4), contact="x")]
    lines += [condition(6, "exception"), condition(7, unit="registry"), condition(8, time="2027-01-01T22:00:00Z")]
    about = {"basis": ["s2026_1600_20_4"], "circumstances": ["assistance_requested"]}
    item = secret_item(assessments=judged("chef", need=True))
    lines += [disclosure(n, item, **about, **more) for n, more in ((9, {}), (10, {"recipient": "kriminalvarden"}))]
    told = secret_item(category="school_incident", secrecy=["OSL 23:2"], assessments=answers)
    for ground in ("osl_15a", "osl_27"):
        for party in schools:
            lines += [disclosure(len(lines) + 1, told, sender=party["authority"], basis=[ground])]
            lines += [disclosure(len(lines) + 1, told, recipient=party["authority"], basis=[ground])]
    found = [written(sent if sent["time"] > "2027" else sent | {"time": JANUARY}) for sent in lines]
    oracle = Oracle(county.entries)
    expected = [oracle.expect(json.loads(one)) | {"line": n} for n, one in enumerate(found, 1)]
    with embedded(tmp_path / "data", authorities.load(tmp_path / "authorities.json")) as broker:
        receipts = list(broker.pipeline.run([Input(one, n, "-") for n, one in enumerate(found, 1)]))
    assert list(differences(expected, receipts)) == []
    assert {receipt["outcome"] for receipt in receipts} == {"forward", "refer", "withhold"}


def test_each_line_has_its_expectation(ran: Ran) -> None:
    assert [row["line"] for row in ran.expected] == list(range(1, SIZE + 1))
    assert len(ran.lines) == SIZE


def test_every_kind_occurs(ran: Ran) -> None:
    assert {message["kind"] for message, _, _ in ran.messages()} == set(CONTRACT_KINDS)
    assert set(KINDS) == set(CONTRACT_KINDS)


def test_every_ground_carries_something(ran: Ran) -> None:
    known = set(Oracle({}).grounds()) - FROM_2027
    carried = {
        ground["id"]
        for _, _, receipt in ran.messages()
        if receipt["outcome"] == "forward"
        for ground in receipt["grounds"]
    }
    assert carried >= known


def test_every_ground_waits_for_an_answer_and_is_closed(ran: Ran) -> None:
    """By the one ground that an item claims. Some ask nothing; some are lifted or closed in other kinds of message."""
    seen: dict[str, set[str]] = {"refer": set(), "withhold": set()}
    for message, expected, _ in ran.messages():
        basis = message["body"].get("basis", [])
        for item in expected.get("items", []):
            if len(basis) == 1 and item["outcome"] in seen:
                seen[item["outcome"]].add(basis[0])
    orders = Counter(
        expected["outcome"] for message, expected, _ in ran.messages() if message["body"].get("action") == "order"
    )
    assert orders["refer"] + orders["withhold"]
    every = set(Oracle({}).grounds()) - {"takedown"} - FROM_2027
    assert seen["refer"] >= every - {"sol_15_7", "sol_15_4", "psl_6_15", "no_secrecy", "open_information"}
    assert seen["withhold"] >= every


def test_every_fault_and_outcome_occurs(ran: Ran) -> None:
    codes = Counter(row["code"] for row in ran.expected if "code" in row)
    assert sum(codes.values()) < SIZE / 25
    assert set(codes) >= {fault({"id": "0" * 36, "time": "Z", "sender": {}})[1] for fault in FAULTS}
    assert set(codes) >= {"id_reused", "not_your_request", "kind_not_allowed"}
    outcomes = Counter(row["outcome"] for row in ran.expected)
    assert set(outcomes) == {"forward", "refer", "withhold", "quarantine"}
    assert any(row.get("partial") for row in ran.expected)
    assert outcomes["forward"] > 0.7 * SIZE, "most of it is lawful"


def test_some_lines_come_twice(ran: Ran) -> None:
    twice = [line for line, n in Counter(ran.lines).items() if n > 1]
    assert twice
    for line in twice:
        one, *others = (n for n, other in enumerate(ran.lines) if other == line)
        assert all(ran.receipts[other] == ran.receipts[one] for other in others)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "refer"},
        {"outcome": "quarantine", "code": "not_json"},
        {"partial": True},
        {"items": [{"item": 0, "outcome": "release", "ref": "OSL 10:27"}]},
        {"bars": ["s170_8"]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_planted_expectation_is_found(ran: Ran, change: Json) -> None:
    place = next(
        n for n, row in enumerate(ran.expected) if row["outcome"] == "forward" and set(row) == {"line", "outcome"}
    )
    planted = [*ran.expected]
    planted[place] = {**planted[place], **change}
    assert [found.line for found in differences(planted, ran.receipts)] == [place + 1]


def test_an_item_s_planted_reference_is_found(ran: Ran) -> None:
    place = next(n for n, row in enumerate(ran.expected) if row.get("items"))
    planted = json.loads(json.dumps(ran.expected))
    planted[place]["items"][0]["ref"] = "OSL 1:1"
    assert [found.line for found in differences(planted, ran.receipts)] == [place + 1]


def test_a_receipt_too_few_is_no_agreement(ran: Ran) -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(differences(ran.expected, ran.receipts[:-1]))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, ran: Ran) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    county, seed = next(small for small in SMALL if f"skola-{small[0]}".encode() in ran.files["authorities.json"])
    sample(county=county, days=30, seed=seed, out=again, size=SIZE)
    assert {name: (again / name).read_bytes() for name in FILES} == ran.files
    sample(county=county, days=30, seed=seed + 1, out=other, size=SIZE)
    assert (other / "messages.jsonl").read_bytes() != ran.files["messages.jsonl"]


def test_every_person_is_synthetic(ran: Ran) -> None:
    text = ran.files["messages.jsonl"].decode("utf-8", errors="replace")
    numbers = set(re.findall(r'"id_type": "(?:personnummer|samordningsnummer)", "id": "([0-9]{12})"', text))
    assert len(numbers) > 300
    assert {number[8:11] for number in numbers} == {"238", "239"}
    sorts = {"personnummer", "samordningsnummer", "reserve", "unknown"}
    assert set(re.findall(r'"id_type": "([a-z]+)"', text)) == sorts


def test_lines_are_ordered_and_ids_hold_their_time(ran: Ran) -> None:
    usable = [message for message, _, _ in ran.messages()]
    once = list({message["id"]: message for message in usable}.values())
    moments = [datetime.fromisoformat(message["time"]).timestamp() * 1000 for message in once]
    assert moments == sorted(moments)
    ids = [UUID(message["id"]) for message in once]
    assert {told.version for told in ids} == {7}
    assert [told.int >> 80 for told in ids] == moments
    assert all(message["time"] < "2026-10-31" for message in once)


def test_notifications_of_concern_dominate_and_come_from_whom_the_figures_say(ran: Ran) -> None:
    """Nearly 60 % from police, school, preschool, health and dental care (Socialstyrelsen 2018)."""
    kinds = Counter(message["kind"] for message, _, _ in ran.messages())
    assert kinds.most_common(1)[0][0] == "ConcernNotification"
    about_concerns = sum(n for kind, n in kinds.items() if kind.startswith("Concern"))
    assert about_concerns > 0.4 * SIZE
    senders = Counter(
        message["sender"]["authority"].split("-")[0]
        for message, _, _ in ran.messages()
        if message["kind"] == "ConcernNotification"
    )
    known = sum(senders[name] for name in ("polismyndigheten", "skola", "friskola", "region", "klinik"))
    assert 0.5 < known / senders.total() < 0.75


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    county=st.sampled_from(CODES),
    seed=st.text("0123456789", min_size=1, max_size=6),
    size=st.integers(1, 250),
    days=st.integers(1, LONGEST),
)
def test_any_county_seed_and_size_holds_nothing_unclear(county: str, seed: str, size: int, days: int) -> None:
    """The oracle raises where the contract leaves an outcome open: no story may end there."""
    assert len(made(county, seed, size, days)) == size


def test_the_usual_size_is_the_county_s_share() -> None:
    sizes = [usual_size(code, 30) for code in CODES]
    assert usual_size("01", 30) == max(sizes) > 20_000
    assert abs(sum(sizes) - 130_000) < len(CODES)
    assert usual_size("01", 60) == pytest.approx(2 * usual_size("01", 30), abs=1)


def test_the_command_prints_kinds_by_outcome(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample(county="09", days=3, seed=1, out=tmp_path, size=200)
    head, *table = capsys.readouterr().out.splitlines()
    assert head.split() == ["expected", "forward", "partial", "withhold", "refer", "quarantine"]
    every = {row[0]: list(map(int, row[1:])) for row in map(str.split, table) if len(row) == 6}
    assert sum(every["all"]) == 200
    assert every["all"] == [
        sum(column) for column in zip(*(n for name, n in every.items() if name != "all"), strict=True)
    ]


@pytest.mark.parametrize("county", ["02", "0", "ett"])
def test_a_county_that_is_none_is_refused_in_one_line(tmp_path: Path, county: str) -> None:
    with pytest.raises(BadParameter, match="no such county"):
        sample(county=county, days=30, seed=7, out=tmp_path, size=10)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_t_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(SetUpError, match="can't be written"):
        sample(county="09", days=3, seed=1, out=tmp_path / "taken", size=10)


def test_parties_are_made_up_and_can_be_registered(tmp_path: Path) -> None:
    county = County("12", Random(1))
    (tmp_path / "authorities.json").write_bytes(county.register_file())
    known = len(authorities.load())
    assert len(authorities.load(tmp_path / "authorities.json")) == known + len(county.parties)
    assert all(party["name"].startswith(("Exempel", "Allmänhetens")) for party in county.parties)
    assert len({party["name"] for party in county.parties}) == len(county.parties)


@given(
    born=st.dates(min_value=datetime(1950, 1, 1).date(), max_value=datetime(2026, 9, 30).date()),
    coordinated=st.booleans(),
)
def test_a_number_has_a_right_check_digit(born: Any, coordinated: bool) -> None:
    person = number_subject(Random(1), born, "0127", coordinated=coordinated)
    assert birth_of(person["id"], coordination=coordinated) == (born.year, born.month, born.day)


def test_the_stream_holds_what_is_open_and_not_the_month() -> None:
    """The first lines come before the last stories are told."""
    county = County("01", Random(7))
    stream = rows(county, days=30, seed="7", size=20_000)
    early = list(chain.from_iterable([next(stream)] for _ in range(10)))
    assert len(early) == 10
    assert len(county.agreements) < 5


def test_a_line_whose_outcome_is_open_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, expect = made(), Oracle.expect
    left_out = next(row.line for row in whole[50:] if row.kind != "-")

    def unclear(oracle: Oracle, message: Json) -> Json:
        if message["id"] == json.loads(left_out)["id"]:
            raise Unclear("open")
        return expect(oracle, message)

    monkeypatch.setattr(Oracle, "expect", unclear)
    lines = [row.line for row in made()]
    assert left_out not in lines and len(lines) >= len(whole) - 3
