"""Nothing about a person outside the delivered message, where the broker is many programs (promise 8).

The same canaries as for the broker in one process go through the worker, the ledger, the agents, `reconcile` and the
agency's own side; whatever any of them logs, prints or writes beside the message is searched.
"""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cluster_in_memory import Cluster, cluster
from house import PARTIES, Json
from lines import POLICE, TOWN
from test_appender import House as Ledger
from test_appender import Topic
from test_no_personal_data import canaries_everywhere, everything, traces
from town_log import in_memory

from agents.agency import Agency
from agents.agency.fake_broker import Stage
from agents.stream.rounds import Record, Rounds
from broker import topics
from broker.adapters.kafka.compared_topics import ComparedTopics
from broker.cli import reconcile
from broker.cli.output import Output
from broker.cli.texts import Lang
from broker.log.reconcile_topics import Correspondence
from broker.ports.transport import Produced
from broker.runtime.embedded import clock_times

SOME = 7
"""Every how many of the canaries are sent: all of them go through the broker in one process."""


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, str, str]]:
    """A cluster through which the canaries have gone; what was logged and printed meanwhile."""
    log, handler = io.StringIO(), None
    with pytest.MonkeyPatch.context() as patch, cluster(tmp_path_factory.mktemp("apart"), PARTIES) as made:
        handler = logging.StreamHandler(log)
        logging.getLogger().addHandler(handler)
        level = logging.getLogger().level
        logging.getLogger().setLevel(logging.DEBUG)
        printed = io.StringIO()
        patch.setattr("sys.stdout", printed)
        patch.setattr("sys.stderr", printed)
        try:
            for message in everything():
                made.send(message["sender"]["authority"], message)
            made.work()
            made.send(POLICE, *(found for n, found in enumerate(canaries_everywhere()) if n % SOME == 0))
            made.send(TOWN, *(found for n, found in enumerate(canaries_everywhere()) if n % SOME == 1))
            made.work()
        finally:
            logging.getLogger().removeHandler(handler)
            logging.getLogger().setLevel(level)
        yield made, log.getvalue(), printed.getvalue()


def inboxes(made: Cluster) -> dict[str, list[Produced]]:
    """The lines of each inbox."""
    return {name: found for name, found in made.topics.items() if name.startswith(topics.INBOXES)}


def test_the_worker_writes_and_logs_nothing_of_it(apart: tuple[Cluster, str, str]) -> None:
    """Not in a record, a receipt, a header or a topic's name; deliveries and quarantine hold the message itself."""
    made, logged, printed = apart
    records = made.topics[topics.AUDIT]
    assert len(records) > 900 and traces(b"".join(one.value for one in records)) == []
    lines = [json.loads(one.value) for found in inboxes(made).values() for one in found]
    assert any(traces(json.dumps(one, ensure_ascii=False)) for one in lines if one["type"] == "delivery")
    assert not [one for one in lines if one["type"] == "receipt" and traces(json.dumps(one, ensure_ascii=False))]
    beside = [(name, one.headers) for name, found in made.topics.items() for one in found]
    assert traces(repr(beside)) == []
    assert traces(logged + printed) == []


@pytest.mark.slow
def test_the_ledger(apart: tuple[Cluster, str, str], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ledger = Ledger(tmp_path)
    ledger.run(Topic().publish([one.value for one in apart[0].topics[topics.AUDIT]]), most=100)
    assert ledger.rows()[1].ok and traces(caplog.text) == []
    assert traces((tmp_path / "log.db").read_bytes()) == []


def test_the_agents(apart: tuple[Cluster, str, str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    store = in_memory()
    rounds = Rounds(store, clock_times(), "audit", message_time=True)
    assert all(rounds.take_all([Record(n, one.value)]) for n, one in enumerate(apart[0].topics[topics.AUDIT]))
    assert store.skipped_records() == [] and traces(caplog.text) == []
    assert traces(b"".join(content for _, content in store.unsent(10_000))) == []
    store.close()


# --- reconcile, over the same topics


@dataclass
class _Client:
    """What `reconcile` asks of its two clients, over topics in memory."""

    made: Cluster
    given: bool = False

    def list_topics(self, *_: object, **__: object) -> Any:
        return SimpleNamespace(cluster_id="memory", topics=sorted(self.made.topics))

    def assign(self, places: object) -> None:
        """All of them."""

    def pause(self, places: object) -> None:
        """None is paused."""

    def resume(self, places: object) -> None:
        """None was paused."""

    def consume(self, most: int, wait: float) -> list[Any]:
        found = [] if self.given else [*self._messages()]
        self.given = True
        return found

    def list_offsets(self, asked: Any, **_: object) -> dict[Any, Any]:
        ends = {place: len(self.made.topics[place.topic]) if str(spec) == "end" else 0 for place, spec in asked.items()}
        return {
            place: SimpleNamespace(result=lambda _, at=at: SimpleNamespace(offset=at)) for place, at in ends.items()
        }

    def _messages(self) -> Iterator[Any]:
        for name, found in self.made.topics.items():
            for at, one in enumerate(found):
                yield SimpleNamespace(
                    topic=lambda name=name: name,
                    offset=lambda at=at: at,
                    error=lambda: None,
                    value=lambda one=one: one.value,
                    headers=lambda one=one: list(one.headers),
                    timestamp=lambda: (1, 1000),
                )


def compared(made: Cluster, patch: pytest.MonkeyPatch) -> tuple[Correspondence, str]:
    """What `reconcile` says, and shows."""
    patch.setattr("broker.adapters.kafka.compared_topics.END", "end")
    patch.setattr("broker.adapters.kafka.compared_topics.BEGINNING", "beginning")
    client: Any = _Client(made)
    found = ComparedTopics(client, client, client, made.tokens)
    answer = Correspondence({})
    found.look()
    answer.from_now_on(found.sources())
    assert found.read(answer, lambda: 0.0)
    handled = {found._token_of[name]: len(made.topics[name]) for name in found._token_of if name in made.topics}
    answer.judge(1.0, handled, found)
    output = Output(Lang.SV, as_json=False)
    reconcile._show(output, answer)
    output.flush()
    return answer, json.dumps(answer.state(), ensure_ascii=False)


def test_reconcile(
    apart: tuple[Cluster, str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """All agrees, also what each line says with the digest in its record."""
    caplog.set_level(logging.DEBUG)
    answer, state = compared(apart[0], monkeypatch)
    assert answer.ok and answer.agree > 900, answer.first
    assert traces(state + caplog.text + "".join(capfd.readouterr())) == []


@pytest.mark.parametrize("type_", ["delivery", "receipt"])
def test_reconcile_finds_a_line_that_says_something_else(
    apart: tuple[Cluster, str, str], monkeypatch: pytest.MonkeyPatch, type_: str
) -> None:
    made = replace(apart[0], topics={name: [*found] for name, found in apart[0].topics.items()})
    inbox = made.topics[topics.inbox(POLICE)]
    [at, *_] = [n for n, one in enumerate(inbox) if json.loads(one.value)["type"] == type_]
    content: Json = json.loads(inbox[at].value)
    content["receipt" if type_ == "receipt" else "message"]["kind" if type_ == "delivery" else "policy"] = "annat"
    inbox[at] = replace(inbox[at], value=json.dumps(content).encode())
    answer, _ = compared(made, monkeypatch)
    assert {sort: n for sort, n in answer.counts.items() if n} == {"other_content": 1}


# --- the agency's side


def test_the_agency_s_side(apart: tuple[Cluster, str, str], caplog: pytest.LogCaptureFixture) -> None:
    """What an agency's program shows of a line by itself: the message only where it is asked for."""
    caplog.set_level(logging.DEBUG)
    stage = Stage()
    stage.lines = [json.loads(one.value) for one in apart[0].topics[topics.inbox(POLICE)]]
    with Agency(POLICE, stage) as agency:
        shown = [f"{line!r} {line}" for line in agency.inbox()]
    assert shown and traces(" ".join(shown) + caplog.text) == []
