"""Keys are changed on a cluster while messages flow: none is lost, none comes twice, and the log verifies all along."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from threading import Event, Thread
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
from bundles import Bundles
from command import Ended, samband
from faults.kafka_side import behind
from lines import POLICE, TOWN, agreement, consent, disclosure, number, request, secret_item, withdrawal
from live import Emptied
from policy_tools import opa_binary
from streams import Town, until
from test_services_live import OPTIONS, login, running

from broker import topics
from broker.adapters.files import log_key
from broker.adapters.files.signing import TokenKey

SENDING = 0.05
"""Seconds between two messages."""


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    return Town(kafka(POLICE, TOWN), database, keys)


@contextmanager
def stream(town: Town, sent: list[str]) -> Iterator[None]:
    """The police ask and ask; at the end each of their questions has its one receipt and its one delivery."""
    stop = Event()

    def send_one() -> None:
        sent.append(number(len(sent) + 1))
        town.send(POLICE, request(len(sent), "housing"))

    def send() -> None:
        while not stop.wait(SENDING):
            send_one()

    send_one()
    town.awaited(1, POLICE)

    flow = Thread(target=send, daemon=True)
    flow.start()
    try:
        yield
    finally:
        stop.set()
        flow.join()
    receipts = until(lambda: told(town, sent), lambda some: len(some) >= len(sent))
    assert Counter(one["message"] for one in receipts) == Counter(sent)
    delivered = (one["message"]["id"] for one in town.inbox(TOWN, "delivery"))
    assert Counter(id_ for id_ in delivered if id_ in sent) == Counter(sent)
    assert {one["outcome"] for one in receipts} == {"forward"}


def told(town: Town, sent: list[str]) -> list[dict[str, Any]]:
    """The receipts of these messages of the police's."""
    wanted = set(sent)
    return [one for one in town.receipts(POLICE) if one["message"] in wanted]


def ask(town: Town, *arguments: str) -> Ended:
    """A command, on the machine where the keys are."""
    with patch.dict("os.environ", town.environment(**login(town, topics.RECONCILE)), clear=True):
        return samband(*arguments)


def flows(town: Town, sent: list[str]) -> None:
    """Until some more have come through."""
    so_far = len(sent)
    left = [topics.outbox(POLICE)]
    until(lambda: len(sent) - behind(town.kafka.servers.operator, topics.WORKER, left), lambda n: n > so_far + 10)


@pytest.mark.slow
def test_the_log_s_key_is_changed_under_load(town: Town) -> None:
    sent: list[str] = []
    with ExitStack() as stack:
        workers: list[Popen[bytes]] = [stack.enter_context(town.worker()) for _ in range(2)]
        stack.enter_context(running(town, topics.LEDGER, OPTIONS[topics.LEDGER], by_variable=True))
        with stream(town, sent):
            flows(town, sent)
            before = (town.keys / "log.vkey").read_text().strip()
            ended = ask(town, "rotate", "log", "--data", "postgres", "--json")
            assert ended.status == 0, ended.err
            flows(town, sent)
        after = (town.keys / "log.vkey").read_text().strip()
        assert after == ended.objects[0]["to"] != before and not (town.keys / log_key.NEXT).exists()
        leaves = [one.content for one in town.read(topics.AUDIT)]
        assert Counter(leaf["record"] for leaf in leaves) == {"decision": len(sent), "handover": 1}
        verified = ("audit", "verify", "--data", "postgres", "--json")
        until(lambda: ask(town, *verified).objects[0], lambda seen: seen["size"] == len(leaves))
        for key in (before, after):
            seen = ask(town, *verified, "--key", key).objects[0]
            assert (seen["ok"], seen["size"]) == (True, len(leaves))
        assert all(worker.poll() is None for worker in workers)


@pytest.mark.slow
def test_the_key_of_tokens_and_the_law_are_changed_under_load(town: Town, bundles: Bundles) -> None:
    """A consent of before is found, and ends what it should; each day has its law; what can't be used is waited for."""
    sent: list[str] = []
    with ExitStack() as stack:
        workers: list[Popen[bytes]] = [stack.enter_context(town.worker()) for _ in range(2)]
        stack.enter_context(running(town, topics.LEDGER, OPTIONS[topics.LEDGER], by_variable=True))
        town.send(TOWN, agreement(9001), consent(9002))
        town.send(POLICE, agreement(9003, by=POLICE))
        town.awaited(2, TOWN)
        with stream(town, sent):
            flows(town, sent)
            changed = ask(town, "rotate", "token", "--data", "postgres", "--json")
            assert changed.status == 0, changed.err
            flows(town, sent)
            town.send(TOWN, disclosure(9004, secret_item()), withdrawal(9005), disclosure(9006, secret_item()))
            until(lambda: behind(town.kafka.servers.operator, topics.WORKER, [topics.outbox(TOWN)]), lambda n: n == 0)
            bundle = ("--to", bundles.old(), "--bundle-key", bundles.public, "--opa", opa_binary())
            rolled = ask(town, "policy", "roll", *bundle, "--first-day", FIRST, "--data", "postgres", "--json")
            assert rolled.status == 0, rolled.err
            until(lambda: town.log.read_text("utf-8").count("holds from"), bool)  # it is looked for once a second
            later = [{**request(9010 + n), "time": f"{day}T09:00:00Z"} for n, day in enumerate((BEFORE, FIRST))]
            town.send(POLICE, *later)
            flows(town, sent)
            _announce_nothing(town, "INSERT INTO laws VALUES (20600101, 'none', 'none', '')")
            until(lambda: town.log.read_text("utf-8").count("a law that is announced can't be used"), bool)
            _announce_nothing(town, "DELETE FROM laws WHERE first_day = 20600101")
            flows(town, sent)
        leaves = {one["message"]: one for one in (record.content for record in town.read(topics.AUDIT))}
        assert [leaves[number(9004 + n)]["receipt"]["outcome"] == "forward" for n in range(3)] == [True, True, False]
        assert {leaf["key"] for leaf in leaves.values() if "key" in leaf} == {changed.objects[0][end] for end in ENDS}
        installed, rolled_to = leaves[sent[0]]["policy"], rolled.objects[-1]["revision"]
        assert [leaves[one["id"]]["policy"] for one in later] == [installed, rolled_to]
        assert all(worker.poll() is None for worker in workers)
        verified = ("audit", "verify", "--data", "postgres", "--json")
        seen = until(lambda: ask(town, *verified).objects[0], lambda seen: seen["size"] == len(leaves))
        assert seen["ok"], seen
        reconciled = ask(town, "reconcile", "--once", "--json")
        assert reconciled.status == 0, reconciled.out


BEFORE, FIRST = "2049-12-31", "2050-01-01"
ENDS = ("from", "to")


def _announce_nothing(town: Town, statement: str) -> None:
    with psycopg.connect(town.database) as connection:
        connection.execute(statement)
