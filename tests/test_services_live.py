"""The cluster's services together: their metrics say what happened and when OPA is away; registers can be read."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from command import samband
from lines import POLICE, TOWN, agreement, consent, disclosure, line, open_item, recall, request, withdrawal
from live import Emptied
from monitoring import Samples, samples, total, value
from opa_server import free_port
from streams import Town, until

from broker import topics
from broker.adapters.files.signing import TokenKey

OPTIONS = {
    topics.WORKER: ["worker"],
    topics.LEDGER: ["ledger", "--seconds", "0.1"],
    topics.RECONCILE: ["reconcile", "--every", "1", "--grace", "0.5"],
    topics.AGENTS: ["agents", "--tick", "2", "--instance", "test"],
}


@dataclass
class Service:
    """A service that runs, and what it says of itself."""

    port: int

    def answer(self, page: str) -> tuple[int, str]:
        """Status and text; (0, "") while nobody answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/{page}", timeout=10) as found:
                return found.status, found.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except URLError:
            return 0, ""

    @property
    def ready(self) -> tuple[int, str]:
        return self.answer("ready")

    @property
    def shown(self) -> Samples:
        return samples(self.answer("metrics")[1])


def login(town: Town, user: str) -> dict[str, str]:
    """The variables with which a service logs in."""
    found = town.kafka.login(user)
    return found.variables(user, found.password)


@contextmanager
def running(town: Town, user: str, options: Sequence[str], *, by_variable: bool, **more: str) -> Iterator[Service]:
    """One service, told where to serve its metrics by the option or by the variable."""
    port = free_port()
    told = {"SAMBAND_METRICS_ADDRESS": f"127.0.0.1:{port}"} if by_variable else {}
    environment = town.environment(**login(town, user), **told, **more)
    command = [sys.executable, "-m", "broker.cli", *options, *([] if by_variable else ["--metrics", str(port)])]
    with town.log.open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield Service(port)
        assert process.poll() is None, f"{options[0]} has ended"
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    return Town(kafka(POLICE, TOWN), database, keys)


def test_all_four_tell_what_happened_and_when_opa_is_away(town: Town) -> None:
    servers = town.kafka.servers
    with ExitStack() as stack:
        worker, ledger, reconcile, agents = (
            stack.enter_context(running(town, user, options, by_variable=user == topics.LEDGER))
            for user, options in OPTIONS.items()
        )
        for service in (worker, ledger, reconcile, agents):
            until(lambda asked=service: asked.ready, lambda found: found == (200, "ready\n"))
            assert service.answer("live") == (200, "live\n")

        town.send(POLICE, request(1, "housing"), b"{rubbish", request(1, "housing"), request(2))
        town.awaited(2, TOWN, "delivery")
        town.send(TOWN, disclosure(3, open_item(), reply=1))
        town.awaited(1, POLICE, "delivery")
        shown = until(lambda: worker.shown, lambda found: value(found, "samband_lag_messages", service="worker") == 0)
        forwarded = {kind: 2 if kind == "InformationRequest" else 1 for kind in ("InformationRequest", "Disclosure")}
        for kind, n in forwarded.items():
            assert value(shown, "samband_messages_total", kind=kind, outcome="forward") == n
        assert value(shown, "samband_quarantined_total", code="not_json") == 1
        assert total(shown, "samband_messages_total") == 4
        assert value(shown, "samband_repeats_total") == 1
        assert value(shown, "samband_delivery_seconds_count") == 3
        assert 0 < (value(shown, "samband_delivery_seconds_sum") or 0) < 60
        assert total(shown, "samband_batch_messages_sum") == 5 + total(shown, "samband_notices_total")
        assert value(shown, "samband_transaction_seconds_count", result="committed") == value(
            shown, "samband_batch_messages_count"
        )
        assert value(shown, "samband_policy_seconds_count", result="failed") == 0
        assert total(shown, "samband_policy_info") == 1

        def records() -> float:  # of messages, and of what the agents have to tell, for the requests are long overdue
            return total(worker.shown, "samband_messages_total") + total(worker.shown, "samband_notices_total")

        assert records() >= 4
        shown = until(lambda: ledger.shown, lambda found: value(found, "samband_checkpoint_size") == records())
        assert value(shown, "samband_ledger_lag_records") == 0
        shown = until(lambda: agents.shown, lambda found: bool(total(found, "samband_tick_timestamp_seconds")))
        assert value(shown, "samband_lag_messages", service="agents") == 0
        oldest = "samband_oldest_open_request_timestamp_seconds"
        until(lambda: agents.shown, lambda found: value(found, oldest, authority_kind="municipality"))
        before = value(reconcile.shown, "samband_reconciled_timestamp_seconds") or 0
        shown = until(
            lambda: reconcile.shown,
            lambda found: (value(found, "samband_reconciled_timestamp_seconds") or 0) > before + 1,
        )
        assert total(shown, "samband_unreconciled") == 0
        assert any(name == "samband_unreconciled" for name, _ in shown)

        servers.script("down", "opa")
        try:
            until(lambda: worker.ready, lambda found: found == (503, "opa\n"))
            town.send(POLICE, request(4))
            until(lambda: total(worker.shown, "samband_retries_total", component="opa"), bool)
            assert worker.answer("live")[0] == ledger.ready[0] == agents.ready[0] == reconcile.ready[0] == 200
            assert len(town.receipts(POLICE)) == 4
        finally:
            servers.script("up")
        until(lambda: worker.ready, lambda found: found == (200, "ready\n"))
        town.awaited(5, POLICE)
        assert total(worker.shown, "samband_messages_total") == 5


def test_registers_and_report_are_those_of_one_machine(town: Town, tmp_path: Path) -> None:
    """The same messages, through a cluster and through `samband run`: the same rows, at the same places in the log."""
    asked = [request(1, "housing"), request(2), request(3, "vehicle")]
    told = [
        *(disclosure(4, open_item(), reply=1), consent(5), consent(6, valid_until=None), agreement(7)),
        *(consent(8, consent="S-2"), withdrawal(9, consent="S-2")),
    ]
    last = [agreement(10, by=POLICE), recall(11, 3, sender=POLICE, recipient=TOWN)]
    embedded = tmp_path / "embedded"
    given = b"\n".join(map(line, [*asked, *told, *last]))
    assert samband("run", "-", "--data", embedded, "--json", stdin=given).status == 0
    shutil.copy(embedded / "keys" / "token.key", town.keys)
    agents = ["agents", "--message-time", "--instance", "test"]
    with (
        running(town, topics.WORKER, ["worker"], by_variable=True) as worker,
        running(town, topics.AGENTS, agents, by_variable=True) as follower,
    ):
        for sender, messages in ((POLICE, asked), (TOWN, told), (POLICE, last)):
            before = len(town.receipts(sender))
            town.send(sender, *messages)
            town.awaited(before + len(messages), sender)
        until(lambda: follower.shown, lambda found: value(found, "samband_lag_messages", service="agents") == 0)
        assert total(worker.shown, "samband_messages_total") == len(asked + told + last)
    with patch.dict(os.environ, town.environment(**login(town, topics.LEDGER)), clear=True):
        assert samband("ledger", "--once").status == 0
        for which in ("consents", "agreements", "requests", "concerns"):
            rows, ours = (
                samband("register", "show", which, "--all", "--data", place, "--json").objects
                for place in ("postgres", embedded)
            )
            assert rows == ours, which
            assert rows or which == "concerns"
        own, theirs = (
            samband("status", "--now", "--data", place, "--json").objects[0] for place in (embedded, "postgres")
        )
        assert own["clocks"] and own["unseen"]
        assert [theirs[name] for name in ("clocks", "unseen")] == [own[name] for name in ("clocks", "unseen")]
        assert theirs["quarantine_is_log"] and not own["quarantine_is_log"]
        tables = []
        for name, place in (("cluster.csv", "postgres"), ("own.csv", embedded)):
            ended = samband("report", "--year", 2026, "--data", place, "--out", tmp_path / name)
            assert ended.status == 0, ended.err
            tables.append((tmp_path / name).read_text("utf-8"))
        assert tables[0] == tables[1]
