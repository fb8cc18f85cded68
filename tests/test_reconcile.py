"""Log and inboxes compared (design, promise 1)."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from broker.log.reconcile_inboxes import PLACES, Delivery, reconcile

deliveries = st.lists(st.builds(Delivery, *[st.sampled_from("abc")] * 3), max_size=30)


@given(deliveries, deliveries)
def test_every_difference_is_counted_once(forwarded: list[Delivery], delivered: list[Delivery]) -> None:
    answer = reconcile(sorted(forwarded), sorted(delivered))
    log, boxes = Counter(forwarded), Counter(delivered)
    assert answer.agree == (log & boxes).total()
    assert answer.undelivered == (log - boxes).total()
    assert answer.unrecorded == (boxes - log).total()
    assert answer.ok == (log == boxes)
    assert list(answer.first_undelivered) == sorted((log - boxes).elements())[:PLACES]
    assert list(answer.first_unrecorded) == sorted((boxes - log).elements())[:PLACES]


def test_nothing_agrees_with_nothing() -> None:
    assert reconcile([], []).ok


def test_a_delivery_made_twice_is_not_recorded_twice() -> None:
    one = Delivery("a", "1", "b")
    answer = reconcile([one], [one, one])
    assert (answer.ok, answer.agree, answer.unrecorded) == (False, 1, 1)
