"""Keys are changed on a cluster while messages flow: none is lost, none comes twice, and the log verifies all along."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen
from threading import Event, Thread
from unittest.mock import patch

import pytest
from command import Ended, samband
from faults.kafka_side import behind
from lines import POLICE, TOWN, number, request
from live import Emptied
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
    town.awaited(len(sent), POLICE)
    assert Counter(one["message"] for one in town.receipts(POLICE)) == Counter(sent)
    assert Counter(one["message"]["id"] for one in town.inbox(TOWN, "delivery")) == Counter(sent)
    assert {one["outcome"] for one in town.receipts(POLICE)} == {"forward"}


def ask(town: Town, *arguments: str) -> Ended:
    """A command, on the machine where the keys are."""
    with patch.dict("os.environ", town.environment(**login(town, topics.LEDGER)), clear=True):
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
