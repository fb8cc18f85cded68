"""Quarantine is no free disk: of each sender a share is kept, for so many days; a purge is a record in the log.

Nothing is swallowed: what comes beyond the share has its receipt, its error code and its record all the same.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from cluster_in_memory import cluster
from command import Json, samband
from house import NOW, opened
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import OTHER_TOWN, POLICE, TOWN, line, message, request

from broker import cloudevents, topics
from broker.pipeline.notices import PurgeOrder
from broker.ports.quarantine_limits import QuarantineLimits
from broker.ports.telemetry import Unmeasured
from broker.ports.transport import Input
from broker.settings import SettingsError, quarantine

SHARE = QuarantineLimits(bytes=3000)


def junk(n: int, size: int = 1000, kind: str = "Clarification") -> bytes:
    """A line that is plainly nobody anonymous's, and can't be used."""
    whole = line(message(n, kind, POLICE, TOWN, {"text": "x" * size, "no_such_field": 1}))
    return whole


def from_(authority: str | None, *lines: bytes) -> list[Input]:
    return [Input(found, proven=authority) for found in lines]


class Counted(Unmeasured):
    def __init__(self) -> None:
        self.lines = 0

    def unkept(self, lines: int) -> None:
        self.lines += lines


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_beyond_a_sender_s_share_only_the_bytes_are_not_kept(batch: int, tmp_path: Path) -> None:
    counted = Counted()
    with opened(tmp_path, limits=SHARE, metrics=counted) as house:
        receipts = house.run(
            *from_(POLICE, *(junk(n) for n in range(1, 7))), *from_(TOWN, junk(9)), *from_(None, junk(10)), batch=batch
        )
        codes = {receipt["error"]["code"] for receipt in receipts}
        assert len(receipts) == 8 and len(codes) == 1 and codes != {"too_large"}
        assert [bool(row.content) for row in house.rows("SELECT content FROM quarantine ORDER BY seq")] == [
            *(True, True, False, False, False, False),
            *(True, True),
        ]
        assert counted.lines == 4
        assert house.count("records") == 8 and len({receipt["audit"]["leaf"] for receipt in receipts}) == 8
        assert len(house.inbox(POLICE, "receipt")) == len(house.inbox(TOWN, "receipt"))
        assert house.verified().ok
        assert house.run(*from_(POLICE, junk(11, 10)))[0]["outcome"] == "quarantine"  # a small one still fits


def test_the_cluster_s_quarantine_has_the_same_share(tmp_path: Path) -> None:
    with cluster(tmp_path, limits=SHARE) as made:
        made.send(POLICE, *(junk(n) for n in range(1, 7)))
        made.send(OTHER_TOWN, junk(8))
        made.work()
        lying = made.topics[topics.QUARANTINE]
        assert [bool(one.value) for one in lying] == [True, True, False, False, False, False, True]
        assert all(cloudevents.place_of(cloudevents.read(one.headers)) is not None for one in lying)
        assert len(made.topics[topics.inbox(POLICE)]) == 6  # each has its receipt
        assert len(made.topics[topics.AUDIT]) == 7


@settings(max_examples=15, deadline=None)
@given(sizes=st.lists(st.integers(1, 2000), max_size=12), share=st.integers(0, 5000))
def test_no_order_of_lines_keeps_more_than_the_share(
    sizes: list[int], share: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with opened(tmp_path_factory.mktemp("data"), limits=QuarantineLimits(bytes=share)) as house:
        receipts = house.run(*from_(POLICE, *(junk(n, size) for n, size in enumerate(sizes, 1))), batch=3)
        assert [receipt["outcome"] for receipt in receipts] == ["quarantine"] * len(sizes)
        kept = house.rows("SELECT coalesce(sum(kept), 0) FROM quarantine")[0][0]
        assert sum(len(content or b"") for content in house.contents("quarantine")) == kept <= share


def test_what_is_run_again_counts_once(tmp_path: Path) -> None:
    """A redrive that fails again must not lose the bytes that were kept."""
    with opened(tmp_path, limits=SHARE) as house:
        house.run(*from_(POLICE, junk(1), junk(2)))
        again = Input(junk(1), proven=POLICE, redrive_of=0)
        house.run(again)
        rows = house.rows("SELECT content, redriven FROM quarantine ORDER BY seq")
        assert [(bool(row.content), row.redriven) for row in rows] == [(True, 2), (True, None), (True, None)]


def test_a_purge_is_a_record_that_names_what_it_ended(tmp_path: Path) -> None:
    with opened(tmp_path) as house:
        house.run(*from_(POLICE, junk(1), junk(2)), *from_(TOWN, junk(3)), request(4))
        assert house.pipeline.purge(NOW) == (0, 0)  # nothing is that old
        later = NOW + timedelta(days=31)
        assert house.pipeline.purge(later, TOWN)[0] == 1
        lines, size = house.pipeline.purge(later)
        assert lines == 2 and size == len(junk(1)) + len(junk(2))
        assert house.pipeline.purge(later) == (0, 0)
        *_, first, second = house.leaves()
        assert (first["record"], first["purged"]["records"]) == ("purge", [2])
        assert (second["purged"]["records"], second["purged"]["bytes"]) == ([0, 1], size)
        rows = house.rows("SELECT content, kept, purged FROM quarantine ORDER BY seq")
        assert [tuple(row) for row in rows] == [(b"", 0, 5), (b"", 0, 5), (b"", 0, 4)]
        assert house.verified().ok
        assert house.run(*from_(POLICE, junk(1)))[0]["outcome"] == "quarantine"


def test_a_purge_on_the_cluster_leaves_the_same_record(tmp_path: Path) -> None:
    """Asked for in the broker's own outbox; the lines are named by the hashes of their leaves."""
    with opened(tmp_path / "one") as house:
        house.run(*from_(POLICE, junk(1), junk(2)))
        house.pipeline.purge(NOW + timedelta(days=31))
        alone = house.leaves()[-1]
    with cluster(tmp_path) as made:
        made.send(POLICE, junk(1), junk(2))
        made.work()
        later = PurgeOrder(NOW + timedelta(days=31)).encode()
        made.send(topics.BROKER, later, later, PurgeOrder(NOW).encode())
        made.work()
        records = made.topics[topics.AUDIT]
        at = [dict(one.headers)["ce_id"].decode() for one in records]
        apart, *rest = (json.loads(one.value) for one in records[2:])
        assert apart.keys() == alone.keys() - {"seq"} and apart["purged"].keys() == alone["purged"].keys()
        assert (apart["purged"]["records"], alone["purged"]["records"]) == (at[:2], [0, 1])
        assert apart["purged"]["bytes"] == alone["purged"]["bytes"] == len(junk(1)) + len(junk(2))
        assert [leaf["purged"]["records"] for leaf in rest] == [[], []]
        assert [name for name in made.topics if name.startswith(topics.INBOXES)] == [topics.inbox(POLICE)]


def test_the_command_purges_tells_and_leaves_a_log_that_verifies(tmp_path: Path) -> None:
    tmp_path /= "data"
    for sender, found in ((POLICE, junk(1)), (TOWN, junk(2))):
        (file := tmp_path.parent / "given.jsonl").write_bytes(found + b"\n")
        assert samband("send", file, "--as", sender, "--data", tmp_path).status == 0

    def ran(*more: str) -> Json:
        ended = samband("quarantine", "purge", "--data", tmp_path, "--json", *more)
        assert ended.status == 0, ended.err
        (told,) = ended.objects
        return told

    assert ran("--older-than", "36500")["purged"] == 0
    assert ran("--sender", TOWN, "--older-than", "0")["purged"] == 1
    assert ran("--older-than", "0")["purged"] == 1
    listed = samband("quarantine", "list", "--data", tmp_path, "--json").objects
    assert [row["kept"] for row in listed] == [False, False]
    assert samband("quarantine", "redrive", "0", "--data", tmp_path).status == 2
    assert samband("audit", "verify", "--data", tmp_path).status == 0
    for lang, word in (("sv", "gallrade"), ("en", "purged")):
        assert word in samband("audit", "show", "--seq", "3", "--data", tmp_path, "--lang", lang).out
        assert samband("audit", "show", "--data", tmp_path, "--lang", lang).status == 0
    assert samband("quarantine", "purge", "--sender", "nobody", "--data", tmp_path).status == 2
    told = samband("quarantine", "purge", "--data", "kafka", "--sender", POLICE)
    assert told.status == 2 and "utelämna --sender" in told.line
    assert samband("report", "--year", "2026", "--out", tmp_path / "report.html", "--data", tmp_path).status == 0
    assert samband("audit", "export", "--out", tmp_path / "log.jsonl", "--data", tmp_path).status == 0
    assert samband("audit", "verify", "--file", tmp_path / "log.jsonl").status == 0


def test_the_operator_sets_share_and_days(monkeypatch: pytest.MonkeyPatch) -> None:
    assert quarantine() == QuarantineLimits()
    monkeypatch.setenv("SAMBAND_QUARANTINE_BYTES", "0")
    monkeypatch.setenv("SAMBAND_QUARANTINE_DAYS", "7")
    assert quarantine() == QuarantineLimits(bytes=0, days=7)
    for wrong in ("0", "3651", "a"):
        monkeypatch.setenv("SAMBAND_QUARANTINE_DAYS", wrong)
        with pytest.raises(SettingsError, match="SAMBAND_QUARANTINE_DAYS"):
            quarantine()
