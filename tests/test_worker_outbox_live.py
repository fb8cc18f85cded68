"""The workers' store on a real PostgreSQL: what is not out yet counts for nothing, and nothing of it is forgotten."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from contracts.store import AGREED, CONSENT, B, effect, facts
from sqlalchemy import text
from streams import until

from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.files.signing import TokenKey
from broker.adapters.sql import postgres
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.worker_outbox import _PUBLISHED, WorkerStore
from broker.ports.store import Wanted
from broker.ports.transport import Input
from broker.ports.writes import Amendment, Effects, InboxLine

KEY = ContentsKey(None)
"""Of all stores here: a worker that is killed leaves what the next one opens."""
_WAITING = text("select count(*) from pg_locks where not granted")
TOWN, POLICE = "outbox.town", "outbox.police"
THEIRS = replace(AGREED, party="police", registrant="police")


@contextmanager
def worker(url: str) -> Iterator[WorkerStore]:
    """A worker's store; when the block ends it is as a killed worker leaves it: what is not durable is gone."""
    with postgres.working(url) as connection:
        yield WorkerStore(connection, TokenKey(None), Contents(connection, KEY))
        connection.rollback()


def sent(n: int, source: str, line: int, **effects: Any) -> Effects:
    """The effects of an input at this place."""
    return effect(n, **effects)._replace(source=source, line=line)


def given(source: str, line: int) -> Input:
    """The input at this place, as it comes again."""
    return Input(b"{}", number=line, source=source)


def decided(store: WorkerStore, *effects: Effects) -> list[int]:
    """The numbers of what is decided, and not out yet."""
    with store.transaction():
        return [number for number, _ in store.commit(effects)]


def in_force(store: WorkerStore) -> int:
    """How many agreements between the two count."""
    return len(store.agreements("town", "police"))


@pytest.mark.parametrize("out", ["town", "police"])
def test_an_agreement_whose_second_record_is_not_out_is_none(database: str, out: str) -> None:
    """The worker is killed between the two publications: another one finds the first alone, whoever's it is."""
    with worker(database) as store:
        town, police = decided(store, sent(1, TOWN, 0, agreement=AGREED), sent(2, POLICE, 0, agreement=THEIRS))
        assert in_force(store) == 0
        store.mark_published({{"town": town, "police": police}[out]: 7})
    with worker(database) as other:
        assert in_force(other) == 0
        other.settle({TOWN: 1, POLICE: 0} if out == "town" else {TOWN: 0, POLICE: 1})  # as Kafka's offsets tell
        assert in_force(other) == 0
        other.settle({TOWN: 1, POLICE: 1})
        assert in_force(other) == 1
    with worker(database) as later:
        assert in_force(later) == 1


def test_a_new_version_whose_record_is_not_out_ends_the_one_before(database: str) -> None:
    """From when it is decided: the parties agree on neither."""
    with worker(database) as store:
        pair = decided(store, sent(1, TOWN, 0, agreement=AGREED), sent(2, POLICE, 0, agreement=THEIRS))
        store.mark_published(dict.fromkeys(pair, 7))
        assert in_force(store) == 1
        decided(store, sent(3, TOWN, 1, agreement=replace(AGREED, body="later", time=11)))
    with worker(database) as other:
        assert in_force(other) == 0


def test_a_consent_counts_when_its_record_is_out_and_a_no_at_once(database: str) -> None:
    """Between the two it is withheld: what is not in the log carries nothing."""
    no = replace(CONSENT, consent="token-t", facts={**CONSENT.facts, "subject_yes": False, "subject_no": True}, time=11)
    with worker(database) as store:
        (number,) = decided(store, sent(1, TOWN, 0, consent=CONSENT))
        assert facts(store) == []
        store.mark_published({number: None})
        assert facts(store) == [CONSENT.facts]
        decided(store, sent(2, TOWN, 1, consent=no))
    with worker(database) as other:
        assert facts(other) == [no.facts]


def test_a_consent_counts_for_what_is_decided_with_it(database: str) -> None:
    """In the transaction that writes it, and for nobody else; a withdrawal with it counts at once."""
    with worker(database) as store, worker(database) as other:
        with store.transaction():
            ((number, _),) = store.commit([sent(1, TOWN, 0, consent=CONSENT)])
            assert facts(store) == [CONSENT.facts]
            assert facts(other) == []
        assert facts(store) == facts(other) == []
        store.foresee([given(TOWN, 0)])
        before = store.recorded_line(TOWN, 0)
        assert before is not None and before.waits
        store.mark_published({number: None})
        assert facts(other) == [CONSENT.facts]


def test_what_rests_on_a_consent_that_never_came_out_is_decided_anew(database: str) -> None:
    """The worker is killed before it has sent them; the consent can't be sent, or is another worker's by now."""
    with worker(database) as store, store.transaction():
        ((_, digest),) = store.commit([sent(1, TOWN, 0, consent=CONSENT)])
        resting = sent(2, POLICE, 0, outbox=("police", str(B), b"m"))
        resting = resting._replace(leaf={**resting.leaf, "rests_on": {"forms": {"0": digest}}})
        store.commit([resting, sent(3, POLICE, 1)])
    with worker(database) as other:
        both = [given(POLICE, 0), given(POLICE, 1)]
        other.foresee([given(TOWN, 0), *both])  # it comes first here, and is sent first
        assert other.recorded_line(POLICE, 0) is not None
        other.foresee(both)
        assert [other.recorded_line(POLICE, line) is None for line in (0, 1)] == [True, False]
        assert other.recorded_message("police", B) is None


@pytest.mark.parametrize("ending", ["registered", "recalled"])
@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_ended_before_it_is_out_goes_out_as_it_was_decided(database: str, ending: str, at_once: bool) -> None:
    """In the same batch, or by another worker: then nothing is kept of it; a correction is no part of it either."""
    says = {"type": "delivery", "message": {"id": str(B), "kind": "Tip", "body": {"text": "x"}}}
    lines = (InboxLine("town", "delivery", "police", str(B), says),)
    delivered = sent(1, POLICE, 0, outbox=("police", str(B), b"m"), inbox=lines)
    corrected = sent(2, POLICE, 1, amendment=Amendment("police", str(B), {"replaced": "token-c"}))
    ended = sent(3, TOWN, 0, amendment=Amendment("police", str(B), {ending: "token-a"}))
    with worker(database) as store:
        if at_once:
            number, *_ = decided(store, delivered, corrected, ended)
        else:
            number, _ = decided(store, delivered, corrected)
            with worker(database) as other:
                decided(other, ended)
    with worker(database) as next_:
        next_.foresee([given(POLICE, 0)])
        out = next_.outgoing(given(POLICE, 0))
        assert out is not None and [line.content for line in out.inbox] == [says]
        assert next_.kept_line("police", B) is None
        next_.mark_published({number: 7})
        out = next_.outgoing(given(POLICE, 0))
        assert out is not None and [line.content for line in out.inbox] == [{}]
        (lies,) = next_.lying(Wanted("town", messages=(str(B),)), 9)
        assert lies.hindrance == ending


def test_what_is_ended_while_it_goes_out_is_forgotten(database: str) -> None:
    """Who ends it waits for who sends it: what is out is not kept for want of having been seen."""
    says = {"type": "delivery", "message": {"id": str(B), "kind": "Tip", "body": {"text": "x"}}}
    lines = (InboxLine("town", "delivery", "police", str(B), says),)
    ended = sent(2, TOWN, 0, amendment=Amendment("police", str(B), {"registered": "token-a"}))
    with worker(database) as store, worker(database) as other, ThreadPoolExecutor() as apart:
        (number,) = decided(store, sent(1, POLICE, 0, outbox=("police", str(B), b"m"), inbox=lines))
        with store.transaction():
            store._connection.execute(_PUBLISHED, {"numbers": [number]})
            ending = apart.submit(decided, other, ended)
            with postgres.working(database) as looking:
                until(lambda: looking.execute(_WAITING).scalar_one(), bool)
            store.mark_published({number: 7})
        ending.result(60)
    with worker(database) as later:
        later.foresee([given(POLICE, 0)])
        out = later.outgoing(given(POLICE, 0))
        assert out is not None and [line.content for line in out.inbox] == [{}]
