"""The real servers that other tests stand on are there, and are as empty as they ask."""

import psycopg
from live import Emptied, Servers

from broker import topics
from broker.adapters.kafka import admin
from broker.provision import Profile


def test_kafka_holds_what_was_asked_for_and_nothing_of_before(kafka: Emptied) -> None:
    kafka("polismyndigheten", "kommun-0127")
    cluster = kafka("kommun-0180")
    with admin.open_cluster(cluster.servers.operator) as opened:
        state = opened.state()
    assert set(state.topics) == {
        *("outbox.kommun-0180", "inbox.kommun-0180", "outbox.samband"),
        *("audit", "quarantine", "register"),
    }
    assert {credential.user for credential in state.credentials} == {"admin", "kommun-0180", *topics.SERVICES}
    assert {right.user for right in state.rights} == {"kommun-0180", *topics.SERVICES}
    environment = cluster.environment("kommun-0180")
    assert environment["SAMBAND_KAFKA_USER"] == "kommun-0180"
    assert environment["SAMBAND_PROFILE"] == Profile.LOCAL.value


def test_each_test_has_a_database_of_its_own(database: str) -> None:
    with psycopg.connect(database) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert tables == (0,)
        connection.execute("CREATE TABLE one (n int)")


def test_the_servers_answer(servers: Servers) -> None:
    assert servers.script("check").count(" up ") == 3
