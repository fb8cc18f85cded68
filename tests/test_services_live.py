"""The cluster's four services with their metrics: what they count is what happened, and they say when OPA is away."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from lines import POLICE, TOWN, disclosure, open_item, request
from live import Emptied
from monitoring import Samples, samples, total, value
from opa_server import free_port
from streams import Town, until

from broker import topics

OPTIONS = {
    topics.WORKER: ["worker"],
    topics.LEDGER: ["ledger", "--seconds", "0.1"],
    topics.RECONCILE: ["reconcile", "--every", "1", "--grace", "0.5"],
    topics.AGENTS: ["agents", "--tick", "0.5", "--instance", "test"],
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


@contextmanager
def running(town: Town, user: str, options: Sequence[str], *, by_variable: bool) -> Iterator[Service]:
    """One service, told where to serve its metrics by the option or by the variable."""
    port = free_port()
    told = {"SAMBAND_METRICS_ADDRESS": f"127.0.0.1:{port}"} if by_variable else {}
    environment = town.environment(**town.kafka.login(user).variables(user, town.kafka.login(user).password), **told)
    command = [sys.executable, "-m", "broker.cli", *options, *([] if by_variable else ["--metrics", str(port)])]
    with town.log.open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    service = Service(port)
    try:
        until(lambda: service.ready, lambda found: found == (200, "ready\n") or process.poll() is not None)
        yield service
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
    return Town(kafka(POLICE, TOWN), database, keys)


def test_all_four_tell_what_happened_and_when_opa_is_away(town: Town) -> None:
    servers = town.kafka.servers
    with ExitStack() as stack:
        worker, ledger, reconcile, agents = (
            stack.enter_context(running(town, user, options, by_variable=user == topics.LEDGER))
            for user, options in OPTIONS.items()
        )
        for service in (worker, ledger, reconcile, agents):
            assert service.ready == (200, "ready\n")
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
        assert total(shown, "samband_batch_messages_sum") == 5
        assert value(shown, "samband_transaction_seconds_count", result="committed") == value(
            shown, "samband_batch_messages_count"
        )
        assert value(shown, "samband_policy_seconds_count", result="failed") == 0
        assert total(shown, "samband_policy_info") == 1

        shown = until(lambda: ledger.shown, lambda found: value(found, "samband_checkpoint_size") == 4)
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
