"""The plan of provisioning, without a cluster: what is wanted, what differs, in which order, and what is refused."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from command import samband
from hypothesis import given
from hypothesis import strategies as st

from broker import provision, topics
from broker.adapters.files.credentials import CredentialFiles
from broker.provision import Credential, Limits, Plan, Profile, ProvisionError, Right, State, Topic
from broker.provision.access import deny_all

LOCAL = Limits(Profile.LOCAL, copies=1, in_sync=1)
SAFE = Limits(Profile.PRODUCTION, copies=3, in_sync=2)
SAFE_BROKER = {
    "auto.create.topics.enable": "false",
    "unclean.leader.election.enable": "false",
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "connections.max.reauth.ms": "3600000",
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
}
SERVICES = set(topics.SERVICES)
EMPTY = State()


def applied(state: State, made: Plan) -> State:
    """What a cluster holds after a plan, as Kafka would have it."""
    quotas = {user: dict(held) for user, held in state.quotas.items()}
    for user, change in made.quotas.items():
        held = {**quotas.get(user, {}), **change}
        quotas[user] = {key: value for key, value in held.items() if value is not None}
    tops = {**state.topics, **made.create}
    for name, change in made.settings.items():
        tops[name] = replace(tops[name], settings={**tops[name].settings, **change})
    return State(
        topics=tops,
        credentials=(state.credentials - set(made.remove)) | {Credential(user) for user in made.passwords},
        rights=(state.rights | set(made.close)) - set(made.revoke) | set(made.grant),
        quotas={user: held for user, held in quotas.items() if held},
    )


def provisioned(*authorities: str, suspended: Iterable[str] = ()) -> State:
    return provision.wanted_state(authorities, LOCAL, set(suspended))


def shown(made: Plan) -> list[str]:
    return [f"{step.change} {step.thing} {step.name} {step.detail}" for step in made.steps()]


# --- what is wanted


def test_an_authority_has_two_topics_three_rights_and_a_password() -> None:
    state = provisioned("kommun-0127")
    assert {right for right in state.rights if right.user == "kommun-0127"} == {
        Right("User:kommun-0127", "topic", "outbox.kommun-0127", "write"),
        Right("User:kommun-0127", "topic", "inbox.kommun-0127", "read"),
        Right("User:kommun-0127", "group", "inbox.kommun-0127", "read"),
    }
    assert {one.user for one in state.credentials} == {"kommun-0127", *SERVICES}
    assert set(state.topics) == {
        *("outbox.kommun-0127", "inbox.kommun-0127", "outbox.samband"),
        *("audit", "quarantine", "register"),
    }
    assert {topic.partitions for topic in state.topics.values()} == {1}


def test_a_desk_has_topics_rights_and_a_password_of_its_own() -> None:
    state = provisioned("kommun-0127", "kommun-0127/social_services")
    desk = "kommun-0127.social_services"
    assert {right for right in state.rights if right.user == desk} == {
        Right(f"User:{desk}", "topic", f"outbox.{desk}", "write"),
        Right(f"User:{desk}", "topic", f"inbox.{desk}", "read"),
        Right(f"User:{desk}", "group", f"inbox.{desk}", "read"),
    }
    assert {one.user for one in state.credentials} == {"kommun-0127", desk, *SERVICES}
    assert set(state.quotas) == {"kommun-0127", desk}
    assert {f"outbox.{desk}", f"inbox.{desk}"} <= set(state.topics)


def test_a_desk_that_is_made_adds_and_takes_nothing_away() -> None:
    plan = provision.plan(provisioned("kommun-0127"), ["kommun-0127", "kommun-0127/social_services"], LOCAL)
    assert plan.create.keys() == {"outbox.kommun-0127.social_services", "inbox.kommun-0127.social_services"}
    assert plan.passwords == ("kommun-0127.social_services",)
    assert (plan.revoke, plan.remove, plan.settings) == ((), (), {})


def test_a_desk_is_suspended_alone() -> None:
    addresses, desk = ["kommun-0127", "kommun-0127/social_services"], "kommun-0127.social_services"
    plan = provision.plan(provisioned(*addresses), addresses, LOCAL, suspend=[desk])
    assert (plan.close, plan.remove) == ((deny_all(desk),), (Credential(desk),))


def test_messages_leave_kafka_in_time_and_records_never() -> None:
    state = provision.wanted_state(["kommun-0127"], SAFE)
    assert state.topics["outbox.kommun-0127"].settings["retention.ms"] == str(30 * 24 * 3600 * 1000)
    assert state.topics["audit"].settings["retention.ms"] == "-1"
    assert {topic.copies for topic in state.topics.values()} == {3}
    assert {topic.settings["min.insync.replicas"] for topic in state.topics.values()} == {"2"}
    assert {frozenset(topic.settings) <= set(provision.TOPIC_SETTINGS) for topic in state.topics.values()} == {True}


def test_no_authority_has_a_right_over_more_than_one_name() -> None:
    rights = provisioned("kommun-0127", "kommun-012").rights
    assert not [right for right in rights if right.user not in SERVICES and (right.prefixed or "*" in right.name)]
    assert {right.resource for right in rights} == {"topic", "group", "transactional_id"}


def test_a_service_needs_no_quota_and_an_authority_has_one() -> None:
    assert set(provisioned("kommun-0127").quotas) == {"kommun-0127"}


# --- the difference

IDS = st.sampled_from(["kommun-0127", "kommun-0180", "skola-1", "polismyndigheten"])
USERS = st.one_of(IDS, st.sampled_from([*topics.SERVICES, "monitor"]))
RIGHTS = st.builds(
    Right,
    principal=USERS.map("User:{}".format),
    resource=st.sampled_from(["topic", "group", "transactional_id", "cluster"]),
    name=st.sampled_from(
        ["outbox.kommun-0127", "inbox.skola-1", "inbox.", "audit", "*", "elsewhere", "samband.worker"]
    ),
    operation=st.sampled_from(["read", "write", "all", "describe"]),
    prefixed=st.booleans(),
    allowed=st.booleans(),
    host=st.sampled_from(["*", "192.0.2.1"]),
)
STATES = st.builds(
    State,
    topics=st.dictionaries(
        st.sampled_from(["outbox.kommun-0127", "inbox.skola-1", "audit", "outbox.gone"]),
        st.builds(
            Topic,
            partitions=st.just(1),
            copies=st.just(1),
            settings=st.dictionaries(st.sampled_from(provision.TOPIC_SETTINGS), st.sampled_from(["1", "delete"])),
        ),
    ),
    credentials=st.frozensets(st.builds(Credential, USERS, st.sampled_from(["SCRAM-SHA-512", "SCRAM-SHA-256"]))),
    rights=st.frozensets(st.one_of(RIGHTS, USERS.map(deny_all))),
    quotas=st.dictionaries(USERS, st.dictionaries(st.sampled_from(["producer_byte_rate", "other"]), st.just(1.0))),
)


@given(state=STATES, registered=st.frozensets(IDS), data=st.data())
def test_after_any_plan_there_is_nothing_to_do_and_nobody_may_more(
    state: State, registered: frozenset[str], data: st.DataObject
) -> None:
    marked = {right.user for right in state.rights if right == deny_all(right.user)}
    suspend = data.draw(st.frozensets(st.sampled_from(sorted(registered | SERVICES))))
    reinstate = data.draw(st.frozensets(st.sampled_from(sorted(marked)))) - suspend if marked else frozenset()
    made = provision.plan(state, registered, LOCAL, suspend=suspend, reinstate=reinstate)
    after = applied(state, made)

    assert list(provision.plan(after, registered, LOCAL).steps()) == []
    suspended = (marked | suspend) - reinstate
    assert made.suspended == suspended
    ours = registered | SERVICES | suspended
    wanted = provision.wanted_state(registered, LOCAL, suspended)
    assert {right for right in after.rights if right.user in ours and right.allowed} == {
        right for right in wanted.rights if right.allowed
    }
    assert {one for one in after.credentials if one.user in ours} == set(wanted.credentials)
    assert not [one for one in after.credentials if one.user in suspended]
    assert all(deny_all(user) in after.rights for user in suspended)
    others = {right for right in state.rights if right.user not in ours | reinstate}
    assert others <= after.rights
    assert set(state.topics) <= set(after.topics)


def test_a_second_plan_has_no_step() -> None:
    state = applied(EMPTY, provision.plan(EMPTY, ["kommun-0127"], LOCAL))
    assert state == provisioned("kommun-0127")
    assert shown(provision.plan(state, ["kommun-0127"], LOCAL)) == []


def test_only_differences_are_made() -> None:
    state = provisioned("kommun-0127")
    odd = Right("User:kommun-0127", "topic", "audit", "read")
    audit = replace(state.topics["audit"], settings={**state.topics["audit"].settings, "retention.ms": "1000"})
    state = replace(
        state,
        topics={**state.topics, "audit": audit},
        rights=state.rights | {odd},
        credentials=state.credentials | {Credential("kommun-0127", "SCRAM-SHA-256")},
        quotas={"kommun-0127": {"producer_byte_rate": 1048576.0, "consumer_byte_rate": 9.0, "odd": 1.0}},
    )
    assert shown(provision.plan(state, ["kommun-0127"], LOCAL)) == [
        "remove right kommun-0127 read topic audit",
        "remove password kommun-0127 SCRAM-SHA-256",
        "change quota kommun-0127 consumer_byte_rate=4194304",
        "remove quota kommun-0127 odd",
        "change quota kommun-0127 request_percentage=50",
        "change topic audit retention.ms=-1",
    ]


def test_nobody_gets_in_before_the_rest_is_there_and_access_goes_first() -> None:
    made = provision.plan(provisioned("kommun-0127"), ["kommun-0127", "skola-1"], LOCAL, suspend=["kommun-0127"])
    order = [(str(step.change), str(step.thing)) for step in made.steps()]
    assert order[:4] == [("add", "right"), *[("remove", "right")] * 3]
    assert order[4] == ("remove", "password")
    assert order[-1] == ("add", "password")
    assert shown(made)[0] == "add right kommun-0127 deny all topic *"
    assert shown(made.taking_away()) == shown(made)[:5]


def test_who_may_something_with_our_topics_and_is_not_ours_is_shown_and_left() -> None:
    stranger = Right("User:monitor", "topic", "inbox.", "read", prefixed=True)
    harmless = Right("User:monitor", "topic", "elsewhere", "read")
    refused = replace(stranger, allowed=False)
    state = replace(EMPTY, rights=frozenset({stranger, harmless, refused}))
    made = provision.plan(state, ["kommun-0127"], LOCAL)
    assert made.strangers == (stranger,)
    assert not made.revoke


@pytest.mark.parametrize(
    ("right", "reaches"),
    [
        (Right("User:a", "topic", "*", "read"), True),
        (Right("User:a", "topic", "in", "read", prefixed=True), True),
        (Right("User:a", "topic", "inbox.kommun-0127", "read"), True),
        (Right("User:a", "topic", "", "read", prefixed=True), True),
        (Right("User:a", "topic", "inboxes", "read"), False),
        (Right("User:a", "group", "samband.redrive", "read"), True),
        (Right("User:a", "group", "samband.", "read", prefixed=True), True),
        (Right("User:a", "group", "reports", "read"), False),
        (Right("User:a", "transactional_id", "samband.worker.1", "write"), True),
        (Right("User:a", "cluster", "kafka-cluster", "describe"), False),
    ],
)
def test_which_rights_reach_ours(right: Right, reaches: bool) -> None:
    state = replace(EMPTY, rights=frozenset({right}))
    assert bool(provision.plan(state, [], LOCAL).strangers) == reaches


# --- suspension


def test_a_suspended_authority_stays_so_until_it_is_reinstated() -> None:
    state = provisioned("kommun-0127", "skola-1")
    state = applied(state, provision.plan(state, ["kommun-0127", "skola-1"], LOCAL, suspend=["skola-1"]))
    assert state == provisioned("kommun-0127", "skola-1", suspended=["skola-1"])
    again = provision.plan(state, ["kommun-0127", "skola-1"], LOCAL)
    assert (shown(again), again.suspended) == ([], {"skola-1"})
    back = provision.plan(state, ["kommun-0127", "skola-1"], LOCAL, reinstate=["skola-1"], renew=["skola-1"])
    assert back.passwords == ("skola-1",)
    assert applied(state, back) == provisioned("kommun-0127", "skola-1")


def test_one_that_has_left_the_register_can_be_suspended() -> None:
    state = provisioned("kommun-0127", "skola-1")
    assert {right.user for right in provision.plan(state, ["kommun-0127"], LOCAL).strangers} == {"skola-1"}
    made = provision.plan(state, ["kommun-0127"], LOCAL, suspend=["skola-1"])
    after = applied(state, made)
    assert not [right for right in after.rights if right.user == "skola-1" and right.allowed]
    assert "outbox.skola-1" in after.topics


TOWN, SOCIAL, SCHOOLS = "kommun-0127", "kommun-0127.social_services", "kommun-0127.schools"
ADDRESSES = [topics.address(user) for user in (TOWN, SOCIAL, SCHOOLS)]


def test_with_an_authority_its_desks_are_suspended_also_those_that_have_left_the_register() -> None:
    state = provisioned(*ADDRESSES, "kommun-012")
    made = provision.plan(state, [TOWN, "kommun-012"], LOCAL, suspend=[TOWN])
    assert made.suspended == {TOWN, SOCIAL, SCHOOLS}
    after = applied(state, made)
    assert not [right for right in after.rights if right.user.startswith(TOWN) and right.allowed]


def test_a_desk_that_is_made_of_a_suspended_authority_is_let_in_with_it() -> None:
    state = provisioned(*ADDRESSES[:2], suspended=[TOWN, SOCIAL])
    made = provision.plan(state, ADDRESSES, LOCAL)
    assert (made.suspended, made.passwords, made.close) == ({TOWN, SOCIAL, SCHOOLS}, (), (deny_all(SCHOOLS),))


def test_with_an_authority_its_desks_are_reinstated_with_new_passwords() -> None:
    """All of them at once; but one that is named stays out."""
    state = provisioned(*ADDRESSES, suspended=[TOWN, SOCIAL, SCHOOLS])
    made = provision.plan(state, ADDRESSES, LOCAL, reinstate=[TOWN])
    assert applied(state, made) == provisioned(*ADDRESSES)
    assert set(made.passwords) == made.renew == {TOWN, SOCIAL, SCHOOLS}
    kept_out = provision.plan(state, ADDRESSES, LOCAL, reinstate=[TOWN], suspend=[SCHOOLS])
    assert (kept_out.suspended, kept_out.renew) == ({SCHOOLS}, {TOWN, SOCIAL})
    alone = provision.plan(applied(state, kept_out), ADDRESSES, LOCAL, reinstate=[SCHOOLS])
    assert (alone.suspended, alone.renew) == (set(), {SCHOOLS})


def test_a_desk_of_a_suspended_authority_is_not_reinstated_alone() -> None:
    state = provisioned(*ADDRESSES, suspended=[TOWN, SOCIAL, SCHOOLS])
    with pytest.raises(ProvisionError, match=f"{SCHOOLS}: its authority is suspended: reinstate {TOWN}"):
        provision.plan(state, ADDRESSES, LOCAL, reinstate=[SCHOOLS])


def test_a_service_can_be_suspended() -> None:
    made = provision.plan(provisioned(), [], LOCAL, suspend=[topics.AGENTS])
    assert made.remove == (Credential(topics.AGENTS),)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"suspend": ["kommun-9999"]}, "kommun-9999: is not registered"),
        ({"suspend": ["samband"]}, "samband: is not registered"),
        ({"reinstate": ["kommun-0127"]}, "kommun-0127: is not suspended"),
        ({"suspend": ["skola-1"], "reinstate": ["skola-1"]}, "skola-1: is to be suspended and reinstated"),
        ({"renew": ["skola-1"]}, "skola-1: has no password to renew"),
        ({"renew": ["kommun-9999"]}, "kommun-9999: has no password to renew"),
        ({"operator": "kommun-0127"}, "kommun-0127: an authority can't have this id"),
    ],
)
def test_what_can_not_be_done_is_said(asked: dict[str, list[str]], told: str) -> None:
    state = provisioned("kommun-0127", "skola-1", suspended=["skola-1"])
    with pytest.raises(ProvisionError, match=told):
        provision.plan(state, ["kommun-0127", "skola-1"], LOCAL, **asked)  # type: ignore[arg-type]


def test_no_authority_takes_the_brokers_address() -> None:
    with pytest.raises(ProvisionError, match="samband: an authority can't have this id"):
        provision.plan(EMPTY, ["samband"], LOCAL)


# --- what the cluster must be


def test_a_safe_cluster_has_no_fault() -> None:
    assert list(provision.broker_faults({str(n): SAFE_BROKER for n in range(3)}, SAFE)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("auto.create.topics.enable", "true"),
        ("auto.create.topics.enable", None),
        ("unclean.leader.election.enable", "true"),
        ("authorizer.class.name", ""),
        ("connections.max.reauth.ms", "0"),
        ("offsets.topic.replication.factor", "2"),
        ("transaction.state.log.replication.factor", "1"),
        ("transaction.state.log.min.isr", "1"),
    ],
)
def test_production_refuses_a_broker_that_is_not_safe(name: str, value: str | None) -> None:
    brokers = {"1": SAFE_BROKER, "2": {**SAFE_BROKER, name: value}, "3": SAFE_BROKER}
    (fault,) = provision.broker_faults(brokers, SAFE)
    assert fault.about == f"broker 2: {name}"


def test_production_refuses_too_few_brokers_copies_and_partitions() -> None:
    faults = provision.broker_faults({"1": SAFE_BROKER, "2": SAFE_BROKER}, SAFE)
    assert [(fault.code, fault.found, fault.wanted) for fault in faults] == [("too_few_brokers", "2", "3")]
    state = replace(EMPTY, topics={"audit": Topic(partitions=2, copies=1, settings={})})
    assert [(fault.code, fault.about) for fault in provision.plan(state, [], SAFE).faults] == [
        ("partitions", "audit"),
        ("copies", "audit"),
    ]


@pytest.mark.parametrize(("copies", "in_sync"), [(2, 2), (3, 1), (1, 1), (3, 4), (0, 0)])
def test_production_is_not_made_with_figures_that_lose_messages(copies: int, in_sync: int) -> None:
    with pytest.raises(ProvisionError):
        Limits(Profile.PRODUCTION, copies=copies, in_sync=in_sync)


# --- the command, before it reaches a cluster

KAFKA = {
    "SAMBAND_KAFKA_BOOTSTRAP": "127.0.0.1:9",
    "SAMBAND_KAFKA_ADMIN": "admin",
    "SAMBAND_KAFKA_ADMIN_PASSWORD": "do-not-tell",
}


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({}, "SAMBAND_KAFKA_BOOTSTRAP: is not set"),
        (KAFKA | {"SAMBAND_KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT"}, "production needs SASL_SSL"),
        (KAFKA | {"SAMBAND_KAFKA_COPIES": "2"}, "production needs at least 3 copies"),
        (KAFKA | {"SAMBAND_KAFKA_IN_SYNC": "1"}, "production needs at least 3 copies"),
        (KAFKA | {"SAMBAND_KAFKA_CA": "/nowhere.pem"}, "a file of certificates or keys can't be read"),
    ],
)
def test_production_refuses_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, str], line: str
) -> None:
    for name in ("BOOTSTRAP", "ADMIN", "ADMIN_PASSWORD", "SECURITY_PROTOCOL", "COPIES", "IN_SYNC", "CA"):
        monkeypatch.delenv(f"SAMBAND_KAFKA_{name}", raising=False)
    monkeypatch.delenv("SAMBAND_PROFILE", raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    ended = samband("--lang", "en", "provision", "--dry-run")
    assert ended.status == 2 and ended.out == ""
    assert line in ended.line and "do-not-tell" not in ended.err


# --- what is handed out


def test_a_file_of_credentials_follows_the_cluster(tmp_path: Path) -> None:
    """Kafka has moved: the file of each user says where it is now, with the password that it had."""
    folder, at = tmp_path / "credentials", ["127.0.0.1:1"]
    files = CredentialFiles(folder, lambda user, password: {"AT": at[0], "SAMBAND_KAFKA_PASSWORD": password})
    password = files.password("kommun-0127", new=False)
    files.finish(["kommun-0127"])
    users = ["kommun-0127", "skola-1"]
    assert files.refresh(users) == 0
    at[0] = "127.0.0.1:2"
    assert [files.refresh(users) for _ in range(2)] == [1, 0]
    assert (folder / "kommun-0127.env").read_text() == f"AT=127.0.0.1:2\nSAMBAND_KAFKA_PASSWORD={password}\n"
    assert (folder / "kommun-0127.env").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["kommun-0127.env"]
