"""Real servers for tests: Kafka, OPA and PostgreSQL as `deploy/local/servers.sh` starts them, once for all.

SAMBAND_TEST_RUN names a run folder whose servers are used and left standing, so that a developer does not wait.
Fixtures (`conftest.py` offers them to every test): `servers`, `kafka`, `database`. Who uses one is marked `live`.

    def test_something(kafka: Emptied, database: str) -> None:
        cluster = kafka("polismyndigheten", "kommun-0127")
        process = Popen([...], env=cluster.environment(topics.WORKER) | {"SAMBAND_POSTGRES_URL": database})
"""

import fcntl
import hashlib
import hmac
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

import left_behind
import psycopg
import pytest
from kafka import KafkaAdminClient
from kafka.admin import MemberToRemove
from kafka.errors import CoordinatorLoadInProgressError
from psycopg import sql

from broker import provision
from broker.adapters.kafka import admin
from broker.adapters.kafka.kafka_python_login import client_settings
from broker.provision import Limits, Plan, Profile, State
from broker.settings import KafkaLogin

SCRIPT = Path(__file__).parents[1] / "deploy" / "local" / "servers.sh"
LIMITS = Limits(Profile.LOCAL, copies=1, in_sync=1)
MARK = "live"
RUN_VARIABLE = "SAMBAND_TEST_RUN"
_FIXTURES = {"servers", "kafka", "database"}
_HEAP = {"KAFKA_HEAP_OPTS": "-Xms256m -Xmx768m"}
_WAIT = 30.0


@dataclass(frozen=True)
class Servers:
    """A run of servers.sh."""

    run: Path
    settings: Mapping[str, str]
    """The variables that `servers.sh env` tells."""

    @property
    def operator(self) -> KafkaLogin:
        """The login that may do everything."""
        return self.login(self.settings["SAMBAND_KAFKA_ADMIN"], self.settings["SAMBAND_KAFKA_ADMIN_PASSWORD"])

    def login(self, user: str, password: str) -> KafkaLogin:
        """Another login to the same Kafka."""
        told = self.settings
        return KafkaLogin(told["SAMBAND_KAFKA_BOOTSTRAP"], told["SAMBAND_KAFKA_SECURITY_PROTOCOL"], user, password)

    def script(self, *arguments: str) -> str:
        """Run servers.sh for this run: `up`, `down kafka`, `check` … Gives what it printed; fails with what it said."""
        return _script(self.run, *arguments)

    def environment(self) -> dict[str, str]:
        """This process's environment with the servers' addresses, as of nobody in particular on Kafka."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("SAMBAND_")}
        return own | dict(self.settings) | {"SAMBAND_PROFILE": Profile.LOCAL.value, "SAMBAND_LANG": "en"}


@dataclass(frozen=True)
class Provisioned:
    """Kafka with nothing on it but what some authorities and the broker's own programs need."""

    servers: Servers
    authorities: tuple[str, ...]

    def login(self, user: str) -> KafkaLogin:
        """The login of an authority or a service."""
        return self.servers.login(user, _password(self.servers, user))

    def environment(self, user: str) -> dict[str, str]:
        """The environment in which a program logs in as `user`."""
        login = self.login(user)
        return self.servers.environment() | login.variables(user, login.password)

    def admit(self, register: Path, *addresses: str) -> "Provisioned":
        """Let further ones in while all runs, as `samband provision --register` does. Gives who is there then."""
        every, file = (*self.authorities, *addresses), register.read_bytes()
        with admin.open_cluster(self.servers.operator) as cluster:
            made = provision.plan(cluster.state(), every, LIMITS, revision=hashlib.sha256(file).hexdigest())
            _carry_out(cluster, made.before_passwords(), self.servers)
            _await(lambda: not provision.plan(cluster.state(), every, LIMITS).create)
            cluster.announce(file, made.steps())
            _carry_out(cluster, made.only_passwords(), self.servers)
            _await(lambda: _settled(cluster, every))
        return Provisioned(self.servers, every)

    def provision(self) -> None:
        """Make again what is missing of it."""
        with admin.open_cluster(self.servers.operator) as cluster:
            _carry_out(cluster, provision.plan(cluster.state(), self.authorities, LIMITS), self.servers)
            _await(lambda: _settled(cluster, self.authorities))

    def suspend(self, *users: str) -> None:
        """Take all access of theirs away, as the operator does."""
        with admin.open_cluster(self.servers.operator) as cluster:
            made = provision.plan(cluster.state(), self.authorities, LIMITS, suspend=users)
            _carry_out(cluster, made, self.servers)
            _await(lambda: _settled(cluster, self.authorities))


Emptied = Callable[..., Provisioned]


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The servers, all up. Other tests on the same run wait until these have ended."""
    with started() as up:
        yield up


@contextmanager
def started() -> Iterator[Servers]:
    """The servers outside of a test."""
    standing = os.environ.get(RUN_VARIABLE)
    with _own_run(Path(standing)) if standing else _new_run() as run:
        _script(run, "up")
        yield Servers(run, _settings(run))


@pytest.fixture
def kafka(servers: Servers) -> Emptied:
    """A function that empties Kafka and provisions exactly the authorities that it is given."""
    return lambda *authorities: emptied(servers, authorities)


@pytest.fixture
def database(servers: Servers) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, which the test's end removes with all its connections."""
    with emptied_database(servers) as url:
        yield url


@contextmanager
def emptied_database(servers: Servers) -> Iterator[str]:
    """The same outside of a test."""
    name = f"test_{uuid4().hex}"
    url = servers.settings["SAMBAND_POSTGRES_URL"]
    with postgres_admin(servers) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER samband").format(sql.Identifier(name)))
    yield url.rpartition("/")[0] + "/" + name
    with postgres_admin(servers) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark what needs servers, before tests are chosen by their marks."""
    for item in items:
        if _FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARK)


def emptied(
    servers: Servers, authorities: Collection[str], patience: float = _WAIT, limits: Limits = LIMITS
) -> Provisioned:
    """Kafka without topics, groups, rights, quotas and users of before, then provisioned for these authorities.

    `patience`: seconds that the broker may take to show it, about one for a hundred topics.
    """
    wipe(servers)
    with admin.open_cluster(servers.operator) as cluster:
        _carry_out(cluster, provision.plan(State(), authorities, limits), servers)
        _await(lambda: _settled(cluster, authorities, limits), patience)
    return Provisioned(servers, tuple(authorities))


def wipe(servers: Servers) -> None:
    """Leave nothing on Kafka but what is its own, and the operator."""
    _empty(servers)
    with admin.open_cluster(servers.operator) as cluster:
        before = cluster.state()
        gone = Plan(
            revoke=tuple(before.rights),
            remove=tuple(one for one in before.credentials if one.user != servers.operator.user),
            quotas={user: dict.fromkeys(quotas) for user, quotas in before.quotas.items()},
        )
        _carry_out(cluster, gone, servers)
        _await(lambda: _is_bare(cluster.state()))


def _is_bare(state: State) -> bool:
    return not (state.topics or state.rights or state.quotas) and len(state.credentials) == 1


def _carry_out(cluster: admin.Cluster, plan: Plan, servers: Servers) -> None:
    for _ in cluster.carry_out(plan, _Passwords(servers)):
        pass


def _settled(cluster: admin.Cluster, authorities: Collection[str], limits: Limits = LIMITS) -> bool:
    return not any(provision.plan(cluster.state(), authorities, limits).steps())


def _await(done: Callable[[], bool], patience: float = _WAIT) -> None:
    """Until the broker shows what the controller has accepted."""
    until = monotonic() + patience
    while not done():
        assert monotonic() < until, "Kafka does not show what was provisioned"
        sleep(0.02)


@dataclass(frozen=True)
class _Passwords:
    """The same for a user each time, though another on each run."""

    servers: Servers

    def password(self, user: str, *, new: bool) -> str:
        return _password(self.servers, user)

    def finish(self, users: Iterable[str]) -> None:
        """They are kept nowhere."""


def _password(servers: Servers, user: str) -> str:
    key = servers.settings["SAMBAND_KAFKA_ADMIN_PASSWORD"].encode()
    return hmac.new(key, user.encode(), hashlib.sha256).hexdigest()


def _empty(servers: Servers) -> None:
    """Remove all topics but Kafka's own, and all groups, with members that have died and were not yet missed."""
    login = servers.operator
    client = KafkaAdminClient(**client_settings(login, "tests"))
    try:
        if groups := _groups(client):
            _miss(client, groups)
            client.delete_groups(groups)
        if topics := [topic for topic in client.list_topics() if not topic.startswith("__")]:
            client.delete_topics(topics, raise_errors=False)
    finally:
        client.close()


def miss(servers: Servers, group: str) -> None:
    """Have Kafka miss a group's members at once, not when their session ends: they are dead, others take over."""
    client = KafkaAdminClient(**client_settings(servers.operator, "tests"))
    try:
        _miss(client, [group])
    finally:
        client.close()


def _miss(client: KafkaAdminClient, groups: Collection[str]) -> None:
    for name, group in client.describe_groups(groups).items():
        if members := [MemberToRemove(member_id=member["member_id"]) for member in group["members"]]:
            client.remove_group_members(name, members)


def _groups(client: KafkaAdminClient) -> list[str]:
    """All groups, as soon as a Kafka that has just started knows them."""
    until = monotonic() + _WAIT
    while True:
        try:
            return [group["group_id"] for group in client.list_groups()]
        except CoordinatorLoadInProgressError:
            assert monotonic() < until, "Kafka does not find its groups"
            sleep(0.05)


def postgres_admin(servers: Servers) -> psycopg.Connection:
    """PostgreSQL as its administrator, each statement by itself."""
    told = servers.settings
    return psycopg.connect(
        host="127.0.0.1",
        port=told["SAMBAND_POSTGRES_PORT"],
        user="postgres",
        password=told["SAMBAND_POSTGRES_ADMIN_PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


@contextmanager
def _own_run(run: Path) -> Iterator[Path]:
    run.mkdir(parents=True, exist_ok=True)
    with (run / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield run.resolve()


@contextmanager
def _new_run() -> Iterator[Path]:
    """A run folder that ends with the tests. Its path is short: PostgreSQL's socket lies in it."""
    run = Path(tempfile.mkdtemp(prefix="samband-"))
    try:
        yield run
    finally:
        _script(run, "down")
        shutil.rmtree((run / "postgres" / "server").resolve(), ignore_errors=True)  # may be a link to elsewhere
        shutil.rmtree(run, ignore_errors=True)


def _script(run: Path, *arguments: str) -> str:
    environment = _HEAP | os.environ
    if RUN_VARIABLE in environment:
        environment.pop(left_behind.MARK, None)  # these are to stand when the tests have ended
    command = [SCRIPT, "--run", run, *arguments]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def _settings(run: Path) -> dict[str, str]:
    words = shlex.split(_script(run, "env"))
    return dict(word.split("=", 1) for word in words if "=" in word)
