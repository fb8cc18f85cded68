"""The bounded run of faults on real servers: nothing lost, nothing twice, nothing without its record."""

from pathlib import Path

import pytest
from faults.driver import Plan, run
from faults.schedule import Kind
from live import Servers

ALWAYS = (
    Kind.POSTGRES_OLDER,
    Kind.KAFKA_FULL,
    Kind.REGISTER_CHANGED,
    Kind.LOG_KEY_ROTATED,
    Kind.TOKEN_KEY_ROTATED,
    Kind.LAW_ROLLED,
)
"""What the bounded run makes beside those that are dealt."""


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.timeout(1500)
def test_faults_and_late_frames_break_no_promise(servers: Servers, tmp_path: Path) -> None:
    """A part of what `python -m tests.faults.long` does for a quarter of an hour."""
    result = run(servers, Plan(messages=900, faults=8, injections=8, seed=1, always=ALWAYS), tmp_path)
    said = {
        name: file.read_text("utf-8")[-3000:] for name in result.unclean if (file := tmp_path / f"{name}.log").is_file()
    }
    assert result.ok, (said, result.as_json())
    assert result.done.total() >= 17, result.missed
    assert all(result.done[kind] for kind in ALWAYS), result.missed
    assert result.stale.total() >= 4
    figures = result.verdict.figures
    assert figures["acknowledgements"] and figures["given_again"], "handed over from desk to desk"
