"""The agency's terminal on a real Kafka with the real worker, after the town's story, for the test that plays it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from agency_side import TOWN, clock
from confluent_kafka import Consumer, TopicPartition
from streams import Town
from terminal_side import ID
from test_agency_kafka import kafka_of

from agents.agency import Agency, Delivery, Kafka
from agents.agency.__main__ import _parser
from agents.agency.answering import is_answerable
from agents.agency.prompts import Prompts
from agents.agency.screens import Screen
from agents.agency.terminal import Terminal
from agents.agency.texts import Parties, Texts
from agents.agency.words import Unit
from agents.agency.worklist import worklist
from broker import topics
from broker.adapters.kafka.confluent_login import connection
from broker.kinds import KINDS

WAIT = 60.0
FLAGS: dict[str, tuple[str, ...]] = {
    "InformationRequest": ("--later", "Det dröjer.", "--send"),
    "ConcernNotification": ("--status", "opened", "--decided-on", "2026-11-20", "--feedback", "no", "--send"),
    "ChannelAction": ("--done-at", "2026-11-20 09:00", "--send"),
    "Clarification": ("--text", "Höstterminen.", "--send"),
}
OWN = {"ConsentGiven", "ConsentWithdrawn", "CooperationAgreement"}
"""What one registers comes back to oneself: nobody is to be told what became of it."""
ANSWERED_HERE = set(KINDS) - OWN - {"Acknowledgement", "ConditionNotice"}
"""Who acknowledges is the one at the terminal; of a condition no law is in force yet in the town's days."""


def places(town: Town) -> list[tuple[str, Unit]]:
    """Each address that something was delivered to, those of many kinds first, with the unit that it was for most."""
    kinds: dict[str, set[str]] = {}
    units: dict[str, Counter[Unit]] = {}
    names = [topics.inbox(address) for address in town.kafka.authorities]
    for topic, records in town.read_all(names).items():
        for line in (record.content for record in records if record.content["type"] == "delivery"):
            owner, message = topics.owner(topic), line["message"]
            kinds.setdefault(owner, set()).add(message["kind"])
            units.setdefault(owner, Counter())[message["recipient"]["unit"]] += 1
    assert set().union(*kinds.values()) >= ANSWERED_HERE
    return [(owner, units[owner].most_common(1)[0][0]) for owner in sorted(kinds, key=lambda one: -len(kinds[one]))]


def command(agency: Agency, place: Kafka, *words: object) -> tuple[int, str]:
    """One command, at a desk that stays open."""
    said = _parser().parse_args([str(word) for word in words])
    shown: list[str] = []
    texts = Texts("sv")
    screen = Screen(shown.append, 88, texts, Parties(texts, TOWN), clock())
    terminal = Terminal(agency, agency.authority, place, screen, Prompts(texts, None, screen.line), said, WAIT)
    return terminal.do(said.command), "".join(shown)


def do_every_kind(town: Town, folder: Path) -> None:
    """One delivery of each kind, by whoever got it: opened by a person, answered or registered. `folder`: of states."""
    seen: set[str] = set()
    for n, (address, unit) in enumerate(places(town)):
        if seen >= ANSWERED_HERE:
            break
        place = kafka_of(town.kafka, address)
        read_anew(town, address)
        with Agency(address, place, unit=unit, state=folder / f"{n}.db", clock=clock) as agency:
            for number, line in [*awaiting(agency)]:
                if line.kind in seen or line.kind not in ANSWERED_HERE:
                    continue
                seen.add(line.kind)
                for words in steps(number, line.kind, answers=is_answerable(line)):
                    status, shown = command(agency, place, *words)
                    assert status == 0, (address, words, line.kind, shown)
                    assert ID.findall(shown) == [], shown
    assert seen >= ANSWERED_HERE


def read_anew(town: Town, address: str) -> None:
    """Who played the town has read for its receipts: the desk begins at the beginning."""
    inbox = topics.inbox(address)
    consumer = Consumer({**connection(town.kafka.login(topics.user(address))), "group.id": inbox})
    consumer.commit(offsets=[TopicPartition(inbox, 0, 0)], asynchronous=False)
    consumer.close()


def awaiting(agency: Agency) -> Iterator[tuple[int, Delivery]]:
    """Deliveries that await, by number."""
    for task in worklist(agency, WAIT):
        if isinstance(task.line, Delivery):
            yield task.number, task.line


def steps(number: int, kind: str, *, answers: bool) -> Iterator[tuple[object, ...]]:
    """What a person does with it: what is answered is then done with, but these two are registered before."""
    yield "read", number
    if not answers or kind in ("InformationRequest", "ConcernNotification"):
        yield "acknowledge", number, "--registered", "SN 2026/12"
    if answers:
        yield "answer", number, *FLAGS[kind]
