"""Since when something waits in each inbox on Kafka, however much it is."""

import json
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from broker.adapters.kafka.unfetched import MOST, SPAN, Unfetched

BOX = "inbox.kommun-0127.social"


def since(unfetched: Unfetched) -> int | None:
    """Since when something waits in the one inbox."""
    return dict(unfetched.oldest()).get("kommun-0127/social")


def test_it_is_the_oldest_that_the_group_has_not_come_to() -> None:
    unfetched = Unfetched()
    for offset, at in ((3, 1000), (7, 1000 + SPAN), (9, 1000 + 2 * SPAN)):
        unfetched.lies(BOX, offset, at)
    for committed, expected in ((-1001, 1000), (3, 1000), (4, 1000 + SPAN), (8, 1000 + 2 * SPAN), (10, None)):
        unfetched.mark_fetched({BOX: committed})
        assert since(unfetched) == expected
    assert not unfetched.inboxes()
    unfetched.mark_fetched({BOX: 11})


def test_an_inbox_that_is_gone_is_forgotten() -> None:
    unfetched = Unfetched()
    unfetched.lies(BOX, 0, 1000)
    unfetched.keep(["inbox.another"])
    assert since(unfetched) is None


@given(st.lists(st.integers(0, 3 * SPAN), min_size=1, max_size=400), st.integers(0, 800))
def test_it_is_never_said_to_be_younger_and_never_silent(gaps: list[int], committed: int) -> None:
    """Nor more than a minute older, while all spans have room; what is kept is bounded, and outlives a restart."""
    times = list(accumulate(gaps))
    unfetched = Unfetched()
    for n, at in enumerate(times):
        unfetched.lies(BOX, 2 * n, at)
    unfetched = Unfetched(json.loads(json.dumps(unfetched.state())))
    assert len(unfetched.state()[BOX]) <= MOST
    unfetched.mark_fetched({BOX: committed})
    waiting = [at for n, at in enumerate(times) if 2 * n >= committed]
    if not waiting:
        assert since(unfetched) is None
        return
    found = since(unfetched)
    assert found is not None and found <= waiting[0]
    if times[-1] - times[0] < MOST * SPAN // 2:
        assert waiting[0] - found < SPAN
