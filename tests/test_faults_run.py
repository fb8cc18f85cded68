"""The bounded run of faults on real servers: nothing lost, nothing twice, nothing without its record."""

from pathlib import Path

import pytest
from faults.driver import Plan, run
from live import Servers


@pytest.mark.slow
@pytest.mark.faults
def test_twelve_faults_and_twenty_late_frames_break_no_promise(servers: Servers, tmp_path: Path) -> None:
    result = run(servers, Plan(messages=1_500, faults=12, injections=20, seed=1), tmp_path)
    assert result.ok, result.as_json()
    assert result.done.total() >= 30, result.missed
    assert result.stale.total() >= 10
    figures = result.verdict.figures
    assert figures["acknowledgements"] and figures["given_again"], "handed over from desk to desk"
