"""Nothing about a person outside the message itself, on the real cluster: every program, server, topic and table.

The canaries of the broker in one process go through worker, ledger, agents, `reconcile` and the agency's side.
"""

import json
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
import sealed_lines
from confluent_kafka.admin import AdminClient
from house import PARTIES
from lines import POLICE, TOWN
from live import Emptied
from otlp_receiver import receiving
from streams import Town, until
from test_agency_kafka import kafka_of
from test_no_personal_data import TRACES, canaries_everywhere, everything, traces
from test_redrive_live import quarantine
from test_services_live import OPTIONS, running

from agents.agency import Agency, Delivery
from broker import topics
from broker.adapters.files.signing import TokenKey
from broker.adapters.kafka.confluent_login import connection
from broker.ports.tracing import Stage

SOME = 25
"""Every how many of the canaries are sent: all of them go through the broker in one process."""


@pytest.fixture
def town(kafka: Emptied, database: str, tmp_path: Path) -> Town:
    keys, register = tmp_path / "keys", tmp_path / "register.json"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    register.write_text(json.dumps(PARTIES), "utf-8")
    return Town(kafka(POLICE, TOWN, *(party["authority"] for party in PARTIES)), database, keys, register)


def tables(town: Town) -> dict[str, int]:
    """Of each table and column with a trace in it how many rows have one; the number of all rows under ""."""
    found = {"": 0}
    with psycopg.connect(town.database) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            rows = connection.execute(f'SELECT * FROM "{name}"')  # type: ignore[arg-type]
            columns = [column.name for column in rows.description or ()]
            for row in rows:
                found[""] += 1
                for column, value in zip(columns, row, strict=True):
                    if traces(value):
                        place = f"{name}.{column}"
                        found[place] = found.get(place, 0) + 1
    return found


def said(town: Town) -> str:
    """What the programs and the servers have logged."""
    logs = [town.log, *(town.kafka.servers.run / name / "log" for name in ("kafka", "postgres", "opa"))]
    return "\n".join(log.read_text("utf-8", "replace") for log in logs if log.is_file())


def test_no_program_server_topic_table_or_span_holds_any_of_it(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    some = [found for n, found in enumerate(canaries_everywhere()) if n % SOME == 0]
    other = [found for n, found in enumerate(canaries_everywhere()) if n % SOME == 1]
    whole = everything()
    with ExitStack() as stack:
        collector = stack.enter_context(receiving())
        traced = {"SAMBAND_OTLP_URL": collector.url}
        options = OPTIONS | {topics.WORKER: ["worker", "--register", str(town.register)]}
        services = [
            stack.enter_context(running(town, user, given, by_variable=False, **traced))
            for user, given in options.items()
        ]
        for service in services:
            until(lambda asked=service: asked.ready[0], lambda status: status == 200)
        for n, message in enumerate(whole):
            sender = message["sender"]["authority"]
            town.send(sender, message)
            until(lambda: town.read(topics.AUDIT), lambda found, n=n: len(found) > n)
        town.send(POLICE, *some)
        town.send(TOWN, *other)
        count = len(some) + len(other) + len(whole)
        until(lambda: len(town.receipts(POLICE)) + len(town.receipts(TOWN)), lambda found: found >= count)
        until(lambda: services[0].answer("metrics")[1], lambda page: 'samband_lag_messages{service="worker"} 0' in page)
        audit = town.read(topics.AUDIT)
        until(lambda: tables(town)[""], lambda rows: rows > 2 * len(audit))
        until(lambda: _unsettled(town), lambda found: found == 0)
        pages = [service.answer(page)[1] for service in services for page in ("metrics", "ready", "live")]
        with closing(Agency(TOWN, kafka_of(town.kafka, TOWN))) as agency:
            lines = list(agency.inbox(15.0))  # it takes some seconds to enter the group
            shown = [f"{line!r} {line}" for line in lines]
        until(lambda: collector.programs, lambda programs: programs == {"samband.worker", "samband.agents"})
    assert traces(b"".join(collector.bodies)) == []
    steps = {span.span_id for span in collector.spans if span.name == "samband.message"}
    assert {span.parent_span_id for span in collector.spans if span.name == "samband.take"} & steps
    assert {span.name for span in collector.spans} >= {f"samband.{stage}" for stage in Stage}
    assert any(TRACES.search(json.dumps(line.message)) for line in lines if isinstance(line, Delivery))
    assert traces("".join(pages)) == []
    assert traces(" ".join(shown)) == []
    assert traces(said(town)) == []
    assert tables(town).keys() <= {"", "inbox.content"}
    assert _lines_with_traces(town) <= {"delivery", "redelivery"}, "kept until it is registered, and nothing else"
    listed = quarantine(town, "list")
    assert len(listed) > 50 and traces(json.dumps(listed, ensure_ascii=False)) == []
    client = AdminClient(connection(town.kafka.servers.operator))
    names = sorted(client.list_topics(timeout=30).topics)
    groups = [group.group_id for group in client.list_consumer_groups().result().valid]
    assert traces(" ".join((*names, *groups))) == []
    found = town.read_all(name for name in names if not name.startswith("__"))
    beside = {name: [one.headers for one in records] for name, records in found.items() if name in names}
    own = {name: told for name, told in beside.items() if not name.startswith(topics.OUTBOXES)}
    assert traces(repr(own)) == []
    for name in (topics.AUDIT, topics.outbox(topics.BROKER)):
        assert traces(b"".join(one.value for one in found[name])) == []
    said_back = [  # a party of a consent is told whose it is, and nothing else of anybody
        json.dumps({**one.content, "subject": None}, ensure_ascii=False)
        for name, records in found.items()
        if name.startswith(topics.INBOXES)
        for one in records
        if one.content["type"] != "delivery"
    ]
    assert len(said_back) >= count and traces("".join(said_back)) == []
    assert traces(" ".join(str(path) for path in town.keys.parent.rglob("*"))) == []
    assert traces("".join(capfd.readouterr())) == []


def _lines_with_traces(town: Town) -> set[str]:
    """The types of lines in the workers' inboxes that hold something of a person."""
    with psycopg.connect(town.database) as connection:
        assert traces(str(connection.execute("SELECT * FROM inbox").fetchall())) == []
    return {row["type"] for row in sealed_lines.of_workers(town.database, town.keys) if traces(str(row["content"]))}


def _unsettled(town: Town) -> int:
    with psycopg.connect(town.database) as connection:
        row = connection.execute("SELECT count(*) FROM decisions WHERE NOT published").fetchone()
        return int(row[0]) if row else 0
