"""The access matrix, tried on a real Kafka: who may what, as declared here by hand, and nothing more."""

from dataclasses import dataclass, field

import confluent_kafka
import pytest
from attempts import logged_in, login_error, those
from live import Emptied, Provisioned, Servers, emptied

from broker import topics
from broker.adapters.kafka import admin
from broker.provision import Right

AUTHORITIES = ("skola-1", "skola-10", "polismyndigheten", "skola-1/office", "skola-1/health")
"""One name is the beginning of another; and one authority has two desks."""
USERS = tuple(name.replace("/", ".") for name in AUTHORITIES)
OUTBOXES = {f"outbox.{user}" for user in USERS} | {"outbox.samband"}
INBOXES = {f"inbox.{user}" for user in USERS}
TOPICS = (
    OUTBOXES | INBOXES | {"audit", "quarantine", "register", "__consumer_offsets", "nowhere", "inbox.", "outbox.new"}
)
GROUPS = INBOXES | {
    *("samband.worker", "samband.worker.2", "samband.redrive", "samband.agents", "samband.agents-clocks"),
    *("samband.ledger", "samband.reconcile", "samband", "skola-1", "another"),
}
TRANSACTIONS = {
    "samband.worker.1",
    "samband.worker.host-2",
    "samband.agents.1",
    "samband.ledger.1",
    "samband",
    "skola-1",
}


@dataclass(frozen=True)
class May:
    """What a principal may; all else is refused. To read or write is also to see."""

    write: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    join: set[str] = field(default_factory=set)
    follow: set[str] = field(default_factory=set)
    """Groups whose position it sees besides those that it may join."""
    transact: set[str] = field(default_factory=set)


MATRIX = {
    "skola-1": May(write={"outbox.skola-1"}, read={"inbox.skola-1"}, join={"inbox.skola-1"}),
    "skola-1.office": May(
        write={"outbox.skola-1.office"}, read={"inbox.skola-1.office"}, join={"inbox.skola-1.office"}
    ),
    "skola-1.health": May(
        write={"outbox.skola-1.health"}, read={"inbox.skola-1.health"}, join={"inbox.skola-1.health"}
    ),
    "polismyndigheten": May(
        write={"outbox.polismyndigheten"}, read={"inbox.polismyndigheten"}, join={"inbox.polismyndigheten"}
    ),
    "samband.worker": May(
        write=INBOXES | {"inbox.", "audit", "quarantine", "outbox.samband"},
        read=OUTBOXES | {"outbox.new", "quarantine", "audit", "register"},
        join={"samband.worker", "samband.worker.2", "samband.redrive"},
        follow=INBOXES,
        transact={"samband.worker.1", "samband.worker.host-2"},
    ),
    "samband.ledger": May(write={"outbox.samband"}, read={"audit"}),
    "samband.agents": May(
        write={"outbox.samband"}, read={"audit", "register"}, join={"samband.agents", "samband.agents-clocks"}
    ),
    "samband.reconcile": May(
        read=OUTBOXES | INBOXES | {"inbox.", "outbox.new", "audit", "quarantine", "register"},
        follow=INBOXES | {"samband.worker", "samband.worker.2"},
    ),
}


@pytest.fixture(scope="module")
def house(servers: Servers) -> Provisioned:
    """Three authorities, and topics that each holds a record."""
    return emptied(servers, AUTHORITIES)


@pytest.mark.parametrize("user", MATRIX)
def test_who_may_what_and_nothing_more(house: Provisioned, user: str) -> None:
    may = MATRIX[user]
    with logged_in(house.login(user)) as tried:
        assert those(tried.write, TOPICS) == may.write
        assert those(tried.read, TOPICS) == may.read
        assert those(tried.see, TOPICS) == may.write | may.read
        assert those(tried.join, GROUPS) == may.join
        assert those(tried.follow, GROUPS) == may.join | may.follow
        assert those(tried.transact, TRANSACTIONS) == may.transact
        assert not any(tried.rule().values())


def test_the_attempts_succeed_where_all_is_allowed(house: Provisioned) -> None:
    """Else a refusal would prove nothing."""
    with logged_in(house.servers.operator) as tried:
        real = OUTBOXES | INBOXES | {"audit", "quarantine", "register"}
        assert those(tried.write, real) == those(tried.read, real) == those(tried.see, real) == real
        assert those(tried.join, GROUPS) == those(tried.follow, GROUPS) == GROUPS
        assert those(tried.transact, {"test"}) == {"test"}


def test_the_list_that_kafka_keeps_is_as_declared(house: Provisioned) -> None:
    declared = {
        Right(f"User:{user}", resource, name, operation)
        for user in USERS
        for resource, name, operation in (
            ("topic", f"outbox.{user}", "write"),
            ("topic", f"inbox.{user}", "read"),
            ("group", f"inbox.{user}", "read"),
        )
    } | {
        Right("User:samband.worker", "topic", "outbox.", "read", prefixed=True),
        Right("User:samband.worker", "topic", "inbox.", "write", prefixed=True),
        Right("User:samband.worker", "topic", "outbox.", "delete", prefixed=True),
        Right("User:samband.worker", "topic", "inbox.", "delete", prefixed=True),
        Right("User:samband.worker", "topic", "audit", "write"),
        Right("User:samband.worker", "topic", "audit", "read"),
        Right("User:samband.worker", "topic", "quarantine", "write"),
        Right("User:samband.worker", "topic", "quarantine", "read"),
        Right("User:samband.worker", "topic", "quarantine", "delete"),
        Right("User:samband.worker", "topic", "outbox.samband", "write"),
        Right("User:samband.worker", "topic", "register", "read"),
        Right("User:samband.worker", "group", "samband.worker", "read", prefixed=True),
        Right("User:samband.worker", "group", "samband.redrive", "read"),
        Right("User:samband.worker", "group", "inbox.", "describe", prefixed=True),
        Right("User:samband.worker", "transactional_id", "samband.worker", "write", prefixed=True),
        Right("User:samband.ledger", "topic", "audit", "read"),
        Right("User:samband.ledger", "topic", "outbox.samband", "write"),
        Right("User:samband.agents", "topic", "audit", "read"),
        Right("User:samband.agents", "topic", "outbox.samband", "write"),
        Right("User:samband.agents", "topic", "register", "read"),
        Right("User:samband.agents", "group", "samband.agents", "read", prefixed=True),
        Right("User:samband.reconcile", "topic", "outbox.", "read", prefixed=True),
        Right("User:samband.reconcile", "topic", "inbox.", "read", prefixed=True),
        Right("User:samband.reconcile", "topic", "audit", "read"),
        Right("User:samband.reconcile", "topic", "quarantine", "read"),
        Right("User:samband.reconcile", "topic", "register", "read"),
        Right("User:samband.reconcile", "group", "samband.worker", "describe", prefixed=True),
        Right("User:samband.reconcile", "group", "inbox.", "describe", prefixed=True),
    }
    with admin.open_cluster(house.servers.operator) as cluster:
        assert cluster.state().rights == declared


def test_a_wrong_password_and_an_unknown_user_are_refused(house: Provisioned) -> None:
    mine, other = house.login("skola-1"), house.login("polismyndigheten")
    assert login_error(mine) is None
    for user, password in (
        ("skola-1", "wrong"),
        ("skola-1", other.password),
        ("skola-1", mine.password.upper()),
        ("stranger", mine.password),
        ("admin", mine.password),
        ("samband.worker", mine.password),
    ):
        error = login_error(house.servers.login(user, password))
        assert error is not None, user
        assert error.code() == confluent_kafka.KafkaError._AUTHENTICATION, user


def test_a_topic_that_nobody_made_does_not_come_by_being_used(house: Provisioned) -> None:
    with logged_in(house.servers.operator) as tried, admin.open_cluster(house.servers.operator) as cluster:
        assert tried.see("outbox.nobody")
        assert "outbox.nobody" not in cluster.state().topics


def test_a_suspended_authority_may_nothing_even_on_an_open_connection(kafka: Emptied) -> None:
    """Asked at each request: the connection was there before, and is the same."""
    house = kafka(*AUTHORITIES)
    with logged_in(house.login("skola-1")) as tried, logged_in(house.login("polismyndigheten")) as other:
        assert tried.write("outbox.skola-1") and tried.read("inbox.skola-1") and tried.join("inbox.skola-1")
        house.suspend("skola-1")
        assert those(tried.write, TOPICS) == those(tried.read, TOPICS) == those(tried.see, TOPICS) == set()
        assert those(tried.join, GROUPS) == those(tried.follow, GROUPS) == set()
        assert other.write("outbox.polismyndigheten") and other.read("inbox.polismyndigheten")
    assert login_error(house.login("skola-1")) is not None
    with admin.open_cluster(house.servers.operator) as cluster:
        state = cluster.state()
    assert "inbox.skola-1" in state.topics
    assert [right.allowed for right in state.rights if right.user == "skola-1"] == [False]
    shut_out = {user for user in USERS if user.partition(".")[0] == "skola-1"}
    assert shut_out > {"skola-1"}, "its desks too"
    assert {one.user for one in state.credentials} == {"admin", *USERS, *topics.SERVICES} - shut_out


def test_a_suspended_service_may_nothing_either(kafka: Emptied) -> None:
    house = kafka(*AUTHORITIES)
    with logged_in(house.login(topics.WORKER)) as tried:
        assert tried.write("audit") and tried.transact("samband.worker.1")
        house.suspend(topics.WORKER)
        assert those(tried.write, TOPICS) == those(tried.read, TOPICS) == set()
        assert those(tried.transact, TRANSACTIONS) == those(tried.join, GROUPS) == set()
