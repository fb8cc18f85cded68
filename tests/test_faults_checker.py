"""The checker of fault runs finds what is wrong: each planted fault, by its name, and nothing where all is right."""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from math import inf
from typing import Any

import pytest
from faults.brokers import Result, recoveries, show
from faults.checker import CODE, LEAF, POSITION, REPEAT, Dump, Fault, Record, Sighting, Verdict, check
from rich.console import Console

from broker import topics
from broker.log import merkle
from broker.model.canonical import canonical

ASKER, ASKED = "polismyndigheten", "kommun-0127"
SOCIAL, SCHOOLS = f"{ASKED}/social_services", f"{ASKED}/schools"


def located(authority: str, unit: str) -> str:
    """Two of the units have a desk."""
    return {"social_services": SOCIAL, "school": SCHOOLS}.get(unit, authority)


def judge(told: Dump) -> Verdict:
    """What the checker finds."""
    return check(told, token, located=located)


def token(topic: str) -> str:
    """Stands for the token of a topic."""
    return topic[::-1]


class Run:
    """A run in which all went well, made line by line; tests spoil it."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.clock = 1_000

    def put(self, topic: str, value: bytes, **headers: str) -> Record:
        """The next record of a topic."""
        self.clock += 1
        offset = 2 * sum(record.topic == topic for record in self.records)  # transactions leave gaps
        self.records.append(Record(topic, offset, self.clock, headers, value))
        return self.records[-1]

    def send(
        self, n: int, outcome: str = "forward", sender: str = ASKER, claimed: str | None = None, unit: str = "registry"
    ) -> Record:
        """A message, its record, delivery and receipt."""
        inbox = located(ASKED, unit)
        sent = self.put(topics.outbox(sender), canonical({"id": f"m{n}"}))
        position = {POSITION: f"{token(sent.topic)}/{sent.offset}"}
        leaf = {
            "record": "quarantine" if outcome == "quarantine" else "decision",
            "message": f"m{n}",
            "sender": {"authority": claimed or sender},
            "recipient": {"authority": ASKED, "unit": unit},
            "receipt": {"message": f"m{n}", "outcome": outcome},
            "lines": [{"authority": inbox, "type": "delivery"}] if outcome == "forward" else [],
        }
        told = canonical(leaf)
        hashed = merkle.leaf_hash(told).hex()
        self.put("audit", told, ce_id=hashed, **position)
        if outcome == "forward":
            self.put(topics.inbox(inbox), canonical({"type": "delivery", "message": {"id": f"m{n}"}}), **position)
        if outcome == "quarantine":
            self.put("quarantine", b"", **{LEAF: hashed})
        if claimed is None:
            self.receipt(sender, n, hashed, **position)
        return sent

    def hand_over(self, n: int, delivery: int, *promised: tuple[str, str]) -> None:
        """The social services hand a delivery over to the schools; `promised`: other lines than those it makes."""
        sent = self.put(topics.outbox(SOCIAL), canonical({"id": f"m{n}"}))
        position = {POSITION: f"{token(sent.topic)}/{sent.offset}"}
        lines = promised or ((ASKER, "delivery"), (SCHOOLS, "redelivery"))
        leaf = {
            **{"record": "decision", "kind": "Acknowledgement", "message": f"m{n}", "acknowledges": f"m{delivery}"},
            **{"sender": {"authority": ASKED}, "recipient": {"authority": ASKER, "unit": "registry"}},
            **{"input": {"recipient": {"kinds": ["state_authority"]}}},
            **{"receipt": {"message": f"m{n}", "outcome": "forward"}},
            "lines": [{"authority": address, "type": sort} for address, sort in lines],
        }
        told = canonical(leaf)
        self.put("audit", told, ce_id=merkle.leaf_hash(told).hex(), **position)
        again = {"type": "delivery", "message": {"id": f"m{delivery}"}, "redelivered": True}
        for address, sort in lines:
            line = again if sort == "redelivery" else {"type": "delivery", "message": {"id": f"m{n}"}}
            self.put(topics.inbox(address), canonical(line), **position)
        self.receipt(SOCIAL, n, merkle.leaf_hash(told).hex(), **position)

    def receipt(self, sender: str, n: int, leaf: str, **headers: str) -> None:
        """A receipt in the sender's inbox."""
        line = {"type": "receipt", "receipt": {"message": f"m{n}", "audit": {"leaf": leaf, "seq": None}}}
        self.put(topics.inbox(sender), canonical(line), **headers)

    def repeat(self, n: int, leaf: str) -> None:
        """The same message again."""
        sent = self.put(topics.outbox(ASKER), canonical({"id": f"m{n}"}))
        position = {POSITION: f"{token(sent.topic)}/{sent.offset}"}
        self.receipt(ASKER, n, leaf, **position, **{REPEAT: "1"})

    def remind(self) -> None:
        """A notice of the broker's own."""
        sent = self.put(topics.outbox(topics.BROKER), canonical({"id": "n1", "authority": ASKED}))
        position = {POSITION: f"{token(sent.topic)}/{sent.offset}"}
        leaf: dict[str, Any] = {"record": "notice", "message": "n1", "recipient": {"authority": ASKED}}
        leaf["lines"] = [{"authority": ASKED, "type": "notice"}]
        told = canonical(leaf | {"receipt": {"message": "n1", "outcome": "notice"}})
        self.put("audit", told, ce_id=merkle.leaf_hash(told).hex(), **position)
        self.put(topics.inbox(ASKED), canonical({"type": "notice"}), **position)

    def of(self, topic: str) -> list[int]:
        """Where the records of a topic stand in the list."""
        return [n for n, record in enumerate(self.records) if record.topic == topic]


def healthy() -> Run:
    """Forwarded, withheld, quarantined, repeated, anonymous; a reminder; to a desk, and handed over to another."""
    run = Run()
    for n in range(4):
        run.send(n)
    run.send(4, "withhold")
    run.send(5, "quarantine")
    run.repeat(0, run.records[1].headers["ce_id"])
    run.send(6, "forward", sender="kommun-0180", claimed="anonymous")
    run.remind()
    run.send(7, unit="social_services")
    run.hand_over(8, 7)
    return run


def dump(run: Run) -> Dump:
    """As it would be read; the reader saw all in the order of writing."""
    committed = sorted(run.records, key=lambda record: record.place)
    places = [record.place for record in run.records]
    ends = {topic: (1 << 20, 1 << 20) for topic, _ in places}
    read = [place for place in places if not place[0].startswith("outbox.") and place[0] != "quarantine"]
    return Dump(committed, [*places, ("audit", 999)], ends, [Sighting(*place, n) for n, place in enumerate(read)])


def gone(topic: str, n: int) -> Callable[[Run], None]:
    """The n:th record of a topic was never written."""

    def spoil(run: Run) -> None:
        del run.records[run.of(topic)[n]]

    return spoil


def twice(topic: str, n: int) -> Callable[[Run], None]:
    """The n:th record of a topic was written again."""

    def spoil(run: Run) -> None:
        record = run.records[run.of(topic)[n]]
        run.put(topic, record.value, **record.headers)

    return spoil


def changed(topic: str, n: int, **fields: Any) -> Callable[[Run], None]:
    """The n:th record of a topic has other fields."""

    def spoil(run: Run) -> None:
        place = run.of(topic)[n]
        run.records[place] = replace(run.records[place], **fields)

    return spoil


def swapped(topic: str, n: int, m: int) -> Callable[[Run], None]:
    """Two records of a topic lie in each other's place."""

    def spoil(run: Run) -> None:
        one, other = (run.records[run.of(topic)[k]] for k in (n, m))
        changed(topic, n, value=other.value, headers=other.headers)(run)
        changed(topic, m, value=one.value, headers=one.headers)(run)

    return spoil


def decided_again(run: Run) -> None:
    """A repeat was taken for a new message."""
    run.send(0)


def repeat_of_another(run: Run) -> None:
    """A repeat's receipt is of another message's record."""
    run.repeat(1, run.records[run.of("audit")[2]].headers["ce_id"])


def put_aside(run: Run) -> None:
    """What is in quarantine lies there because no worker could handle it."""
    (place,) = run.of("quarantine")
    kept = run.records[place]
    run.records[place] = replace(kept, headers={**kept.headers, CODE: "poison"})


def to_the_wrong_desk(run: Run) -> None:
    """What is for the social services lies with the schools."""
    line = run.records.pop(run.of(topics.inbox(SOCIAL))[0])
    run.put(topics.inbox(SCHOOLS), line.value, **line.headers)


INBOX, OWN, OUTBOX = topics.inbox(ASKED), topics.inbox(ASKER), topics.outbox(ASKER)
PLANTED: dict[str, tuple[Callable[[Run], None], set[str]]] = {
    "record lost": (gone("audit", 4), {"lost", "receipt_of_another"}),
    "record lost, delivery there": (
        gone("audit", 0),
        {"lost", "delivery_without_record", "receipt_of_another", "seen_without_record"},
    ),
    "delivery lost": (gone(INBOX, 0), {"undelivered"}),
    "receipt lost": (gone(OWN, 0), {"no_receipt"}),
    "reminder lost": (gone(INBOX, -1), {"undelivered"}),
    "recorded twice": (twice("audit", 0), {"recorded_twice", "decided_twice", "reordered"}),
    "delivered twice": (twice(INBOX, 3), {"delivered_twice"}),
    "to a desk twice": (twice(topics.inbox(SOCIAL), 0), {"delivered_twice"}),
    "what is handed over lost": (gone(topics.inbox(SCHOOLS), 0), {"undelivered"}),
    "handed over twice": (twice(topics.inbox(SCHOOLS), 0), {"delivered_twice"}),
    "acknowledgement lost": (gone(OWN, -1), {"undelivered"}),
    "to the wrong desk": (to_the_wrong_desk, {"delivered_elsewhere", "undelivered"}),
    "promised to nobody": (lambda run: run.hand_over(9, 7, (SCHOOLS, "redelivery")), {"promises_other_deliveries"}),
    "promised to another": (lambda run: run.hand_over(9, 7, ("kommun-0180", "delivery")), {"promised_elsewhere"}),
    "reminded twice": (twice(INBOX, -1), {"delivered_twice"}),
    "two receipts": (twice(OWN, -2), {"receipt_twice"}),
    "kept twice": (twice("quarantine", 0), {"not_kept_once"}),
    "not kept": (gone("quarantine", 0), {"not_kept_once"}),
    "put aside by a worker": (put_aside, {"put_aside"}),
    "outbox record gone": (gone(OUTBOX, 4), {"record_of_nothing", "receipt_of_nothing"}),
    "withheld yet delivered": (
        changed(INBOX, 3, headers={POSITION: f"{token(OUTBOX)}/8"}),
        {"delivered_unforwarded", "undelivered", "delivered_before_record"},
    ),
    "two deliveries in the other's place": (swapped(INBOX, 0, 1), {"reordered", "delivered_before_record"}),
    "two records in the other's place": (swapped("audit", 0, 1), {"reordered", "delivered_before_record"}),
    "delivered before the record": (changed(INBOX, 2, written=1), {"delivered_before_record"}),
    "record changed": (
        changed("audit", 0, headers={POSITION: f"{token(OUTBOX)}/0", "ce_id": "00"}),
        {"hash_differs", "receipt_of_another"},
    ),
    "no position": (
        changed(INBOX, 0, headers={}),
        {"no_position", "undelivered", "delivery_without_record", "seen_without_record"},
    ),
    "decided again": (decided_again, {"decided_twice"}),
    "receipt of another record": (repeat_of_another, {"repeat_of_another"}),
}


def test_a_run_without_a_fault_has_none() -> None:
    verdict = judge(dump(healthy()))
    assert verdict.faults == []
    assert verdict.figures == {
        "sent": 11,
        "records": 10,
        "deliveries": 7,
        "given_again": 1,
        "acknowledgements": 1,
        "receipts": 9,
        "notices": 1,
        "quarantined": 1,
        "repeats": 1,
        "aborted_or_marks": 1,
        "seen_delivery_first": 0,
        "longest_gap_s": 0.0,
    }


def test_two_unusable_lines_alike_have_records_alike() -> None:
    """The same bytes sent twice and put aside at one time: each is kept, under the hash that both have."""
    run = healthy()
    run.send(5, "quarantine")
    assert judge(dump(run)).faults == []
    gone("quarantine", 1)(run)
    assert {fault.name for fault in judge(dump(run)).faults} == {"not_kept_once"}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_and_named(name: str) -> None:
    spoil, names = PLANTED[name]
    run = healthy()
    spoil(run)
    assert judge(dump(run)).names.keys() == names


def test_a_delivery_in_another_inbox_is_found() -> None:
    run = healthy()
    line = run.records.pop(run.of(INBOX)[3])
    run.put(topics.inbox("kommun-0180"), line.value, **line.headers)
    assert judge(dump(run)).names == {"delivered_elsewhere": 1, "undelivered": 1}


def test_a_hanging_transaction_is_found() -> None:
    told = dump(healthy())
    assert judge(replace(told, ends=told.ends | {"audit": (9, 12)})).names == {"hanging": 1}


def test_an_aborted_record_that_a_reader_saw_is_found() -> None:
    told = dump(healthy())
    assert judge(replace(told, seen=[*told.seen, Sighting("audit", 999, 99)])).names == {"seen_but_gone": 1}


def test_a_record_that_no_reader_saw_is_found() -> None:
    told = dump(healthy())
    assert judge(replace(told, seen=told.seen[:-1])).names == {"unseen": 1}


def test_a_committed_record_that_is_not_on_disk_is_found() -> None:
    told = dump(healthy())
    disk = [place for place in told.on_disk if place != ("audit", 0)]
    assert judge(replace(told, on_disk=disk)).names == {"not_on_disk": 1}


def test_a_delivery_seen_long_before_its_record_is_found() -> None:
    told = dump(healthy())
    late = [sighting._replace(at=40.0) if sighting[:2] == ("audit", 0) else sighting for sighting in told.seen]
    verdict = judge(replace(told, seen=late))
    assert verdict.names == {"seen_without_record": 1}
    assert verdict.figures["longest_gap_s"] == 39.0


def test_a_mark_that_comes_a_little_later_is_no_fault() -> None:
    told = dump(healthy())
    late = [sighting._replace(at=5.0) if sighting[:2] == ("audit", 0) else sighting for sighting in told.seen]
    verdict = judge(replace(told, seen=late))
    assert verdict.ok
    assert verdict.figures["seen_delivery_first"] == 1


@pytest.mark.parametrize(("n", "sender", "found"), [(6, "kommun-0180", {}), (0, ASKER, {"receipt_of_another": 1})])
def test_only_an_anonymous_message_sent_again_has_a_receipt_that_tells_nothing(
    n: int, sender: str, found: dict[str, int]
) -> None:
    run = healthy()
    sent = run.put(topics.outbox(sender), canonical({"id": f"m{n}"}))
    told = {POSITION: f"{token(sent.topic)}/{sent.offset}", REPEAT: "1"}
    run.put(topics.inbox(sender), canonical({"type": "receipt", "receipt": None}), **told)
    assert judge(dump(run)).names == found


def test_a_recovery_is_told_by_the_times_on_kafka() -> None:
    """Of two injections: what came through in between, who waited longest, and what nobody has answered."""
    answered = [(1.0, 1.5), (9.0, 31.0), (10.0, 30.0), (12.0, 25.0), (40.0, 40.5), (99.0, 100.5), (101.0, 102.0)]
    told = recoveries([("KILLED", 11.0), ("MOVED", 100.0), ("KILLED", 200.0)], answered)
    assert told == [("KILLED", 14.0, 20.0), ("MOVED", 2.0, 1.0), ("KILLED", inf, inf)]
    assert recoveries([], answered) == []
    assert judge(dump(healthy())).answered[0] == (1.001, 1.004)


def test_a_run_on_three_brokers_tells_each_kind_with_what_was_lost_and_doubled() -> None:
    injections = [("GROUP_SILENT", 10.0), ("GROUP_MOVED", 100.0), ("GROUP_SILENT", 200.0)]
    answered = [(11.0, 13.0), (101.0, 102.0), (201.0, 270.0)]
    faults = [Fault("undelivered", ""), Fault("receipt_twice", "")]
    result = Result(Verdict(faults, {"sent": 3}, answered), injections)
    out = StringIO()
    show(result, Console(file=out, width=120))
    told = out.getvalue()
    assert [line.split()[1::2] for line in told.splitlines() if "group-" in line] == [
        ["group-silent", "2", "36.5", "70.0", "35.5", "69.0"],
        ["group-moved", "1", "2.0", "2.0", "1.0", "1.0"],
    ]
    assert "lost: 1; doubled: 1; missed: 0; ends of workers: 0" in told
    assert "a promise was broken" in told
    in_time = Result(Verdict(answered=answered[:2]), injections[:2])
    assert in_time.ok
    assert not Result(Verdict(answered=answered), injections).ok
