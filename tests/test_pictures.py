"""No hidden number of a situation picture can be worked out from those that are shown."""

import json
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

from house import engine
from hypothesis import given, settings
from hypothesis import strategies as st

BASES = Path(__file__).parent / "cases" / "bases.json"
PICTURE: Any = json.loads(BASES.read_text("utf-8"))["bases"]["situation_picture_from_police"]
LEAST = 5


def shown(counts: list[int]) -> list[int | None] | None:
    """The numbers as they are delivered; None where the picture waits for a human."""
    asked = deepcopy(PICTURE)
    asked["stated"]["counts"] = counts
    decided = engine().decide({"picture": asked})["picture"]
    if decided.outcome != "forward":
        return None
    cut = {int(path.split("/")[1]) for path in decided.cuts}
    return [None if place in cut else n for place, n in enumerate(counts)]


@settings(deadline=None, max_examples=150)
@given(parts=st.lists(st.integers(0, 12), min_size=1, max_size=5), first=st.booleans())
def test_a_total_tells_no_small_part(parts: list[int], first: bool) -> None:
    """Whoever knows that one number is the sum of the others can still take a hidden small one for another."""
    total = sum(parts)
    told = shown([total, *parts] if first else [*parts, total])
    assert told is not None
    known_total, known = (told[0], told[1:]) if first else (told[-1], told[:-1])
    for place, n in enumerate(parts):
        assert (known[place] is None) or n >= LEAST
        if n < LEAST and known_total is not None:
            assert len(possible(known, known_total, place)) > 1


def possible(known: list[int | None], total: int, place: int) -> set[int]:
    """What a hidden part may be, if the shown ones and their sum are as told."""
    rest = total - sum(n for n in known if n is not None)
    hidden = [at for at, n in enumerate(known) if n is None]
    found = set()
    for values in product(range(rest + 1), repeat=len(hidden) - 1):
        if sum(values) <= rest:
            whole = dict(zip(hidden, (*values, rest - sum(values)), strict=True))
            found.add(whole[place])
    return found


@settings(deadline=None, max_examples=60)
@given(counts=st.lists(st.integers(0, 60), max_size=14))
def test_no_shown_number_is_the_sum_of_shown_ones_and_a_small_one(counts: list[int]) -> None:
    told = shown(counts)
    if told is None:
        assert len(counts) > 10 and min(counts) < LEAST
        return
    small = [n for n in counts if n < LEAST]
    seen = [n for n in told if n is not None]
    assert all(n >= LEAST for n in seen)
    if len(counts) > 10:
        return
    sums = {(0, False)}
    for n in small:
        sums |= {(total + n, True) for total, _ in sums}
    for place, total in enumerate(seen):
        others = seen[:place] + seen[place + 1 :]
        reached = set(sums)
        for n in others:
            reached |= {(one + n, had) for one, had in reached}
        assert (total, True) not in reached
