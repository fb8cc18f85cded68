"""What the broker sends itself: read back exactly, and nothing else passes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines import number

from broker.deadlines import Clock, Notice
from broker.model.canonical import canonical
from broker.model.days import rfc3339
from broker.model.unusable import Unusable
from broker.pipeline import notices

Json = dict[str, Any]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOLD = Notice(
    id="0195a5f0-0000-7000-8000-000000000001",
    authority="kommun-0127",
    unit="social_services",
    notice="overdue",
    clock=Clock.DECISION,
    message=number(1),
    sender="skola-1",
    due=1_773_000_000,
    at=1_773_000_000,
    ref="SoL 20:2",
)
OF_CLOCK = notices.of_clock(TOLD)


def linked(sender: str, n: int) -> notices.OwnNotice:
    """What is told when one more notification of a child comes, after one from skola-1."""
    leaf = {
        "record": "decision",
        "kind": "ConcernNotification",
        "message": number(n),
        "sender": {"authority": sender},
        "recipient": {"authority": "kommun-0127", "unit": "social_services"},
        "subject": "token",
        "persons": ["token"],
        "time": rfc3339(NOW),
        "receipt": {"outcome": "forward"},
    }
    told = notices.of_concerns(leaf, lambda *_: [("skola-1", number(1))])
    assert told is not None
    return told


LINKED = linked("skola-1", 2)


@pytest.mark.parametrize("notice", [OF_CLOCK, LINKED])
def test_it_comes_back_as_it_was(notice: notices.OwnNotice) -> None:
    assert notices.read(notice.encode()) == notice


def test_a_notice_without_provision_comes_back_with_it_null() -> None:
    bare = notices.OwnNotice(OF_CLOCK.id, "kommun-0127", "social_services", {**OF_CLOCK.content, "ref": None})
    assert notices.read(bare.encode()).content["ref"] is None


@pytest.mark.parametrize("notice", [OF_CLOCK, LINKED])
def test_it_becomes_a_record_and_a_line(notice: notices.OwnNotice) -> None:
    effects = notices.effects(notice, NOW)
    assert effects.leaf["record"] == "notice" and effects.leaf["message"] == notice.id
    assert effects.leaf["recipient"] == {"authority": notice.authority, "unit": notice.unit}
    assert effects.leaf["time"] == notice.content["time"]
    (line,) = effects.inbox
    assert (line.authority, line.type, line.message, line.content) == (
        *(notice.authority, "notice"),
        *(notice.id, notice.content),
    )


def test_linked_notifications_have_an_id_of_their_own() -> None:
    """Derived: the same again, another for another newest notification."""
    assert linked("skola-1", 2).id == LINKED.id
    assert linked("skola-1", 3).id != LINKED.id
    assert linked("skola-2", 2).id != LINKED.id


def changed(place: str, value: object) -> bytes:
    """The notice with another value in one place."""
    told = json.loads(OF_CLOCK.encode())
    *way, last = place.split(".")
    into = told
    for step in way:
        into = into[step]
    into[last] = value
    return canonical(told)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("authority", "Kalle Anka"),
        ("authority", None),
        ("id", "0195a5f0-0000-7000-8000-000000000002"),
        ("id", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"),
        ("unit", "registry"),
        ("unit", "köket"),
        ("more", "Kalle Anka"),
        ("content.type", "delivery"),
        ("content.notice", "Kalle Anka"),
        ("content.text", "Kalle Anka"),
        ("content.ref", "Kalle Anka"),
        ("content.time", "i går"),
        ("content.message", 7),
        ("content", {"type": "notice", "notice": "concerns_linked"}),
        ("content", []),
    ],
)
def test_nothing_else_passes(place: str, value: object) -> None:
    with pytest.raises(Unusable) as refused:
        notices.read(changed(place, value))
    assert refused.value.code == "invalid_value" and "Kalle" not in refused.value.detail


@pytest.mark.parametrize(
    "value",
    [b"", b"{", b"\xff", b" " + OF_CLOCK.encode(), b"[" * 100_000, OF_CLOCK.encode()[:-1] + b',"unit":"registry"}'],
)
def test_only_canonical_json_passes(value: bytes) -> None:
    with pytest.raises(Unusable) as refused:
        notices.read(value)
    assert refused.value.code == "not_json"


def test_an_order_to_purge_comes_back_as_it_was_and_nothing_like_it_passes() -> None:
    order = notices.PurgeOrder(NOW)
    assert notices.read(order.encode()) == order
    for told in ({}, {"before": "i går"}, {"before": None}, order.content | {"sender": "Kalle Anka"}, []):
        with pytest.raises(Unusable) as refused:
            notices.read(canonical({"purge": told}))
        assert refused.value.code == "invalid_value" and "Kalle" not in refused.value.detail


def test_a_large_one_does_not_pass() -> None:
    with pytest.raises(Unusable) as refused:
        notices.read(b" " * (notices.MAX_BYTES + 1))
    assert refused.value.code == "too_large"


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_any_bytes_are_a_notice_or_unusable(value: bytes) -> None:
    with pytest.raises(Unusable):
        notices.read(value)
