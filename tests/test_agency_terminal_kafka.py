"""The terminal on a real Kafka: the same commands as on a broker on this machine; a stand-in plays the broker."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from agency_side import POLICE, SCHOOL, TOWN
from command import samband
from live import Emptied, Provisioned
from terminal_side import ID
from test_agency_kafka import StandIn, kafka_of, stand_in

from agents.agency import Agency, Delivery, Kafka
from agents.agency.__main__ import _parser
from agents.agency.answering import is_answerable
from agents.agency.compose import now
from agents.agency.prompts import Prompts
from agents.agency.screens import Screen
from agents.agency.terminal import Terminal
from agents.agency.texts import Parties, Texts
from agents.agency.worklist import worklist
from broker.kinds import KINDS
from scenery.town.story import FOLDER

Json = dict[str, Any]
FLAGS: dict[str, tuple[str, ...]] = {
    "InformationRequest": ("--later", "Det dröjer.", "--send"),
    "ConcernNotification": ("--status", "opened", "--decided-on", "2026-11-20", "--feedback", "no", "--send"),
    "ChannelAction": ("--done-at", "2026-11-20 09:00", "--send"),
    "Clarification": ("--text", "Höstterminen.", "--send"),
}


@pytest.fixture
def cluster(kafka: Emptied) -> Provisioned:
    return kafka(POLICE, SCHOOL)


def deliveries(folder: Path) -> dict[str, Json]:
    """One delivery of each kind of the town, as if the school had sent it."""
    ended = samband("run", FOLDER / "messages.jsonl", "--register", TOWN, "--data", folder, "--json")
    assert ended.status == 0, ended.err
    found: dict[str, Json] = {}
    parties = [row["authority"] for row in json.loads(TOWN.read_text("utf-8")) if "desk" not in row]
    for party in [POLICE, "kommun-0127", *parties]:
        rows = samband("inbox", party, "--register", TOWN, "--data", folder, "--json").objects
        for line in (row for row in rows if row["type"] == "delivery" and "recalled" not in row):
            line.pop("n")
            line["message"]["sender"] |= {"authority": SCHOOL, "unit": "school"}
            found.setdefault(line["message"]["kind"], line)
    return found


@contextmanager
def answering(broker: StandIn) -> Iterator[None]:
    """The stand-in answers whatever comes, meanwhile."""
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            for records in broker.consumer.poll(timeout_ms=200).values():
                for record in records:
                    broker._answer(record)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def command(agency: Agency, place: Kafka, *words: object) -> tuple[int, str]:
    """One command, at a desk that stays open."""
    said = _parser().parse_args([str(word) for word in words])
    shown: list[str] = []
    texts = Texts("sv")
    screen = Screen(shown.append, 88, texts, Parties(texts, TOWN), now())
    terminal = Terminal(agency, POLICE, place, screen, Prompts(texts, None, screen.line), said, 30.0)
    return terminal.do(said.command), "".join(shown)


def test_every_kind_is_read_answered_and_acknowledged_on_kafka_too(cluster: Provisioned, tmp_path: Path) -> None:
    lines, place = deliveries(tmp_path / "town"), kafka_of(cluster, POLICE)
    assert set(KINDS) - {"ConditionNotice", "ConsentWithdrawn", "Acknowledgement"} <= lines.keys()
    with stand_in(cluster) as broker:
        for line in lines.values():
            broker.write(POLICE, line)
        with (
            answering(broker),
            Agency(POLICE, place, unit="police_area", state=tmp_path / "police.db") as agency,
        ):
            waiting = dict(awaiting(agency))
            assert lines.keys() - {"Acknowledgement"} == {line.kind for line in waiting.values()}
            for number, line in waiting.items():
                for words in steps(number, line.kind, answers=is_answerable(line)):
                    status, shown = command(agency, place, *words)
                    assert status == 0, (words, shown)
                    assert ID.findall(shown) == [], shown
            left = {line.kind for line in dict(awaiting(agency)).values()}
    assert left == {"InformationRequest", "ConcernDecision"}  # said to take time; and the own decision, just come back


def awaiting(agency: Agency) -> Iterator[tuple[int, Delivery]]:
    """Deliveries that await, by number."""
    for task in worklist(agency, 30.0):
        if isinstance(task.line, Delivery):
            yield task.number, task.line


def steps(number: int, kind: str, *, answers: bool) -> Iterator[tuple[object, ...]]:
    """What a person does with it: what is answered is then done with, but these two are registered before."""
    yield "read", number
    if not answers or kind in ("InformationRequest", "ConcernNotification"):
        yield "acknowledge", number, "--registered", "SN 2026/12"
    if answers:
        yield "answer", number, *FLAGS[kind]
