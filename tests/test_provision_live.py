"""`samband provision` on a real Kafka, for every authority in the register."""

import hashlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from attempts import logged_in, login_error
from command import REGISTER, Ended, samband
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import ScramMechanism, UserScramCredentialUpsertion
from kafka.errors import TopicAuthorizationFailedError
from live import Servers, emptied, wipe
from test_provision import applied

from broker import authorities, provision, topics
from broker.adapters.kafka import admin
from broker.adapters.kafka.kafka_python_login import client_settings
from broker.provision import Plan, Right, State
from broker.settings import KafkaLogin

OWN = Path(REGISTER[1])
IDS = {party.id for party in authorities.load(OWN)}
TOPICS = 2 * len(IDS) + 4
"""Outboxes, inboxes; the broker's own outbox, the log, quarantine, the register."""
MINE, OTHER = "kommun-0127", "polismyndigheten"


class Operator:
    """Who provisions, with a folder of passwords."""

    def __init__(self, servers: Servers, folder: Path) -> None:
        self.servers = servers
        self.folder = folder

    def __call__(self, *arguments: str, lang: str = "en", register: Path = OWN) -> Ended:
        """Run the command."""
        told = ("--register", register, "--credentials", self.folder, "--lang", lang)
        return samband("provision", *told, *arguments, columns=160)

    def state(self) -> State:
        """What Kafka lists."""
        with admin.open_cluster(self.servers.operator) as cluster:
            return cluster.state()

    def change(self, made: Plan) -> None:
        """Change Kafka past the command, as an operator may by hand."""
        with admin.open_cluster(self.servers.operator) as cluster:
            wanted = applied(cluster.state(), made)
            assert list(cluster.carry_out(made, None))
            until = monotonic() + 30
            while cluster.state() != wanted:
                assert monotonic() < until, "the broker does not show what the controller has accepted"

    def login(self, user: str) -> KafkaLogin:
        """The login that a user was given."""
        lines = (self.folder / f"{user}.env").read_text("utf-8").splitlines()
        told = dict(shlex.split(line)[0].split("=", 1) for line in lines)
        assert told["SAMBAND_KAFKA_USER"] == user and told["SAMBAND_PROFILE"] == "local"
        return self.servers.login(user, told["SAMBAND_KAFKA_PASSWORD"])


@pytest.fixture(autouse=True)
def environment(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's settings."""
    for name, value in servers.settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SAMBAND_PROFILE", "local")


@pytest.fixture(scope="module")
def operator(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """A Kafka where everybody has been provisioned; the first run was killed on its way, and the second finished it."""
    wipe(servers)
    folder = tmp_path_factory.mktemp("provision") / "credentials"
    made = Operator(servers, folder)
    command = [sys.executable, "-m", "broker.cli", "provision", "--register", str(OWN), "--credentials", str(folder)]
    process = subprocess.Popen(command, env=servers.environment(), stdout=subprocess.DEVNULL)
    until = monotonic() + 60
    while not folder.exists() or len(list(folder.iterdir())) < len(IDS) // 2:
        assert process.poll() is None and monotonic() < until, "the run was to be killed while it makes passwords"
        sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    kept = {path.name: path.read_text("utf-8") for path in folder.glob("*.env")}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in servers.environment().items():
            patch.setenv(name, value)
        ended = made()
    assert ended.status == 0, ended.err
    assert all((folder / name).read_text("utf-8") == text for name, text in kept.items())
    yield made
    wipe(servers)


def test_everybody_is_provisioned_as_the_register_says(operator: Operator) -> None:
    state = operator.state()
    assert len(state.topics) == TOPICS
    assert {one.user for one in state.credentials} == IDS | {"admin", *topics.SERVICES}
    assert len([right for right in state.rights if right.user in IDS]) == 3 * len(IDS)
    assert {right.user for right in state.rights} == IDS | set(topics.SERVICES)
    assert set(state.quotas) == IDS
    assert sorted(path.name for path in operator.folder.iterdir()) == sorted(
        f"{user}.env" for user in IDS | set(topics.SERVICES)
    )
    assert {path.stat().st_mode & 0o777 for path in (operator.folder, *operator.folder.iterdir())} == {0o700, 0o600}
    with logged_in(operator.login(MINE)) as mine:
        assert mine.write(f"outbox.{MINE}") and not mine.write(f"outbox.{OTHER}")
    assert login_error(operator.login(topics.WORKER)) is None


def test_a_second_run_has_no_step_and_changes_nothing(operator: Operator) -> None:
    before = operator.state()
    passwords = {path: path.read_text("utf-8") for path in operator.folder.iterdir()}
    assert "✓ Kafka is as the register asks already." in operator().out
    assert "✓ Kafka är redan så som registret kräver." in operator(lang="sv").out
    assert operator("--json").objects == []
    assert operator.state() == before
    assert {path: path.read_text("utf-8") for path in operator.folder.iterdir()} == passwords


def test_the_plan_is_shown_first_and_a_dry_run_changes_nothing(
    operator: Operator, tmp_path: Path, servers: Servers
) -> None:
    more = tmp_path / "register.json"
    own = json.loads(OWN.read_text("utf-8"))
    more.write_text(json.dumps([*own, {"authority": "ny-forening", "name": "Nya", "kind": "civil_society"}]), "utf-8")
    before = operator.state()
    ended = operator("--dry-run", "--json", register=more)
    assert ended.status == 0 and ended.err == ""
    assert [(step["change"], step["thing"], step["name"]) for step in ended.objects] == [
        *[("change", "quota", "ny-forening")] * 3,
        ("add", "topic", "outbox.ny-forening"),
        ("add", "topic", "inbox.ny-forening"),
        *[("add", "right", "ny-forening")] * 3,
        ("change", "register", "register"),
        ("add", "password", "ny-forening"),
    ]
    swedish, english = (operator("--dry-run", lang=lang, register=more).out for lang in ("sv", "en"))
    assert "Plan för Kafka" in swedish and "ämne läggs till" in swedish and "ny-forening" in swedish
    assert "Plan for Kafka" in english and "topic added" in english and "ny-forening" in english
    assert operator.state() == before
    assert not (operator.folder / "ny-forening.env").exists() and not (operator.folder / "ny-forening.env.new").exists()


def test_a_register_is_announced_and_who_got_access_with_it_stays_to_be_read(
    operator: Operator, tmp_path: Path
) -> None:
    """Without a step of access too; and it is announced once."""
    changed = tmp_path / "register.json"
    changed.write_text(f" {OWN.read_text('utf-8')}", "utf-8")
    assert [step["thing"] for step in operator("--json", register=changed).objects] == ["register"]
    assert operator("--json", register=changed).objects == []
    assert operator("--rotate", MINE, register=changed).status == 0
    assert operator().status == 0
    *_, first, second, third = operator("--history", "--json").objects
    assert (first["register"], third["register"]) == tuple(map(digest, (changed, OWN)))
    assert second["register"] == first["register"], "a password alone leaves the register as it is"
    assert {(one["thing"], one["name"]) for one in second["changes"]} == {("password", MINE)}
    assert first["by"] == "admin" and first["at"] <= second["at"] <= third["at"]
    assert f"changed by admin, register {digest(OWN)[:12]}" in operator("--history").out
    assert MINE in operator("--history", lang="sv").out


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_password_by_a_weaker_mechanism_is_removed(operator: Operator, servers: Servers) -> None:
    """Kafka would let it in otherwise, with a password that nobody here knows of."""
    weaker = UserScramCredentialUpsertion(MINE, ScramMechanism.SCRAM_SHA_256, "weaker")
    admin = KafkaAdminClient(**client_settings(servers.operator, "tests"))
    admin.alter_user_scram_credentials([weaker])
    admin.close()
    assert operator("--suspend", MINE).status == 0
    assert MINE not in {one.user for one in operator.state().credentials}
    assert operator("--reinstate", MINE).status == 0


def test_what_was_changed_by_hand_is_set_right(operator: Operator) -> None:
    before = operator.state()
    operator.change(
        Plan(
            settings={f"inbox.{MINE}": {"retention.ms": "1000"}},
            quotas={MINE: {"producer_byte_rate": None}},
            grant=(Right(f"User:{MINE}", "topic", "audit", "read"),),
        )
    )
    ended = operator("--json")
    assert ended.status == 0, ended.err
    assert [f"{step['change']} {step['thing']} {step['name']} {step['detail']}" for step in ended.objects] == [
        f"remove right {MINE} read topic audit",
        f"change quota {MINE} producer_byte_rate=1048576",
        f"change topic inbox.{MINE} retention.ms=2592000000",
    ]
    assert operator.state() == before


def test_a_quota_holds_its_user_back_and_nobody_else(operator: Operator) -> None:
    with logged_in(operator.login(MINE)) as mine, logged_in(operator.login(OTHER)) as other:
        assert mine.wait(f"outbox.{MINE}") == 0
        operator.change(Plan(quotas={MINE: {"producer_byte_rate": 1.0}}))
        assert mine.wait(f"outbox.{MINE}") > 0
        assert other.wait(f"outbox.{OTHER}") == 0
    assert operator().status == 0
    assert operator.state().quotas[MINE] == operator.state().quotas[OTHER]


def test_a_suspended_authority_is_shut_out_at_once_and_comes_back_with_a_new_password(operator: Operator) -> None:
    login = operator.login(MINE)
    producer = KafkaProducer(**client_settings(login, "tests"), enable_idempotence=False)
    consumer = KafkaConsumer(**client_settings(login, "tests"), group_id=f"inbox.{MINE}", enable_auto_commit=False)
    try:
        producer.send(f"outbox.{MINE}", b"{}").get(10)
        consumer.subscribe([f"inbox.{MINE}"])
        consumer.poll(1000)
        ended = operator("--suspend", MINE)
        assert ended.status == 0, ended.err
        with pytest.raises(TopicAuthorizationFailedError):
            producer.send(f"outbox.{MINE}", b"{}").get(10)
        with pytest.raises(TopicAuthorizationFailedError):
            for _ in range(10):
                consumer.poll(500)
    finally:
        consumer.close(autocommit=False)
        producer.close(timeout=0)
    assert login_error(login) is not None
    assert not (operator.folder / f"{MINE}.env").exists()

    assert f"suspended: {MINE}" in operator().out
    assert operator("--json").objects == [{"suspended": MINE}]
    assert operator("--suspend", MINE).status == 0

    assert operator("--reinstate", MINE).status == 0
    assert login_error(login) is not None
    assert operator.login(MINE).password != login.password
    with logged_in(operator.login(MINE)) as mine:
        assert mine.write(f"outbox.{MINE}") and mine.read(f"inbox.{MINE}") and not mine.read(f"inbox.{OTHER}")
    assert operator("--json").objects == []


def test_access_is_taken_away_even_where_the_rest_can_not_be_done(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMBAND_KAFKA_COPIES", "2")
    ended = operator("--suspend", OTHER)
    assert ended.status == 2
    assert "Kafka must have at least 2 brokers, has 1" in ended.err
    assert login_error(operator.servers.login(OTHER, "any")) is not None
    assert not [right for right in operator.state().rights if right.user == OTHER and right.allowed]
    monkeypatch.delenv("SAMBAND_KAFKA_COPIES")
    assert operator("--reinstate", OTHER).status == 0


def test_a_new_password_takes_the_place_of_the_old(operator: Operator) -> None:
    before = operator.login(OTHER)
    assert operator("--rotate", OTHER).status == 0
    assert login_error(before) is not None
    assert login_error(operator.login(OTHER)) is None


def test_passwords_need_a_folder_and_stand_in_no_output(operator: Operator) -> None:
    ended = samband("provision", "--register", OWN, "--rotate", OTHER, "--lang", "en")
    assert ended.status == 2
    assert "passwords to be made: 1; give the folder for them with --credentials" in ended.err
    shown = operator("--rotate", OTHER)
    assert operator.login(OTHER).password not in shown.out + shown.err


def test_whoever_may_what_is_ours_without_being_ours_is_named(operator: Operator) -> None:
    stranger = Right("User:monitor", "topic", "audit", "read")
    operator.change(Plan(grant=(stranger,)))
    try:
        assert operator("--json").objects == [{"stranger": "User:monitor", "right": "read topic audit"}]
        assert "User:monitor: read topic audit" in re.sub(r"\s+", " ", operator().out)
    finally:
        operator.change(Plan(revoke=(stranger,)))


def test_production_refuses_this_cluster(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its login is not encrypted; that aside it has one broker, and one copy of what it keeps."""
    ended = operator("--profile", "production")
    assert ended.status == 2 and "production needs SASL_SSL" in ended.line
    with admin.open_cluster(operator.servers.operator) as cluster:
        faults = provision.broker_faults(cluster.brokers(), provision.Limits(provision.Profile.PRODUCTION, 3, 2))
    assert [fault.about for fault in faults] == [
        "Kafka",
        "broker 1: connections.max.reauth.ms",
        "broker 1: offsets.topic.replication.factor",
        "broker 1: transaction.state.log.replication.factor",
        "broker 1: transaction.state.log.min.isr",
    ]


@pytest.mark.parametrize("name", ["kommun-9999", "samband"])
def test_an_unknown_name_is_refused_in_one_line(operator: Operator, name: str) -> None:
    ended = operator("--suspend", name)
    assert ended.status == 2 and f"{name}: is not registered and has no topics" in ended.line


@pytest.mark.slow
@pytest.mark.faults
def test_after_users_were_removed_kafka_starts_again_with_all_others(servers: Servers) -> None:
    """Kafka 4.3.1 can forget every password then, the operator's too, where a user was deleted from its list."""
    emptied(servers, (MINE, OTHER))
    wipe(servers)
    servers.script("down", "kafka")
    servers.script("up", "kafka")
    with admin.open_cluster(servers.operator) as opened:
        assert [one.user for one in opened.state().credentials] == [servers.operator.user]
