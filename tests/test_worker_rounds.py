"""How many messages a worker takes at once: as many as it sends on in a short while, whatever the machine carries."""

from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.runtime.worker import BATCH, FEWEST, ROUND, most_next

_MOST = st.integers(FEWEST, BATCH)


@given(_MOST, st.integers(1, BATCH), st.floats(0, 1_000))
def test_it_stays_within_its_bounds(most: int, taken: int, seconds: float) -> None:
    assert FEWEST <= most_next(most, min(taken, most), seconds) <= BATCH


@given(_MOST, st.floats(0, 2 * ROUND))
def test_a_short_queue_changes_nothing(most: int, seconds: float) -> None:
    """What was not there could not be taken: nothing tells that more could."""
    assert most_next(most, most - 1, seconds) == most


@pytest.mark.parametrize("carried", [3, 40, 700, 1_900, 50_000])
def test_behind_a_long_queue_a_round_comes_to_about_its_time(carried: int) -> None:
    """On a machine that carries so many a second; no fewer than ten, no more than four thousand."""
    most = BATCH // 4
    for _ in repeat(None, 20):
        most = most_next(most, most, most / carried)
    assert most in (FEWEST, BATCH) or ROUND / 2 <= most / carried <= 2 * ROUND
    assert most == BATCH or most / carried >= ROUND / 2
    assert most == FEWEST or most / carried <= 2 * ROUND
