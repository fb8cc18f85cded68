"""Three brokers with TLS, a coordinator moved and one killed amid a transaction: nothing is lost or comes twice."""

import gc
from pathlib import Path

import pytest
import three_brokers
from faults.brokers import Kind, run
from live import Servers

KINDS = (Kind.GROUP_MOVED, Kind.TRANSACTION_KILLED)
"""Those that are over soonest; `make faults` makes all six, a hundred in all."""


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_coordinator_moved_and_one_killed_break_no_promise(servers: Servers, tmp_path: Path) -> None:
    with three_brokers.beside(servers.run, servers.settings, tmp_path / "brokers") as encrypted:
        result = run(encrypted, len(KINDS), tmp_path, kinds=KINDS, rate=3)
    gc.collect()  # kafka-python leaves open what a broker that is not there has refused
    assert not result.missed
    assert result.verdict.ok, result.as_json()
    assert result.ok, result.as_json()
