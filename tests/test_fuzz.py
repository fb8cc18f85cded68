"""A bounded part of `make fuzz`: the same few thousand inputs each time."""

import pytest
from fuzz.targets import TARGETS, Failed, meet

SEED = 11
INPUTS = 3000


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_whatever_comes_is_taken_or_refused_in_one_line(target: str) -> None:
    share = TARGETS[target][1]
    came = [meet(target, SEED, number) for number in range(INPUTS * share // 100)]
    assert [one for one in came if isinstance(one, Failed)] == []
    assert len(set(came)) > 1


def test_an_input_is_the_same_each_time() -> None:
    assert [meet("JSON", SEED, n) for n in range(20)] == [meet("JSON", SEED, n) for n in range(20)]
