"""What is to be made on a cluster that differs from what the register asks for, in order."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from broker import topics
from broker.provision import access
from broker.provision.limits import Limits
from broker.provision.state import MECHANISM, USER, Credential, Fault, ProvisionError, Right, State, Topic


class Change(StrEnum):
    """What is done to a thing."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


class Thing(StrEnum):
    """What it is done to."""

    TOPIC = "topic"
    RIGHT = "right"
    PASSWORD = "password"
    QUOTA = "quota"
    REGISTER = "register"


@dataclass(frozen=True)
class Step:
    """One difference, to be shown: about which topic or user, and in what."""

    change: Change
    thing: Thing
    name: str
    detail: str


@dataclass(frozen=True)
class Plan:
    """What is to be done, in this order; then what can't be, what others may, and who is suspended."""

    close: tuple[Right, ...] = ()
    """Denials, first of all: they end what a suspended user does on connections that are open."""
    revoke: tuple[Right, ...] = ()
    remove: tuple[Credential, ...] = ()
    quotas: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    """By user and key; None takes the quota away."""
    create: Mapping[str, Topic] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    grant: tuple[Right, ...] = ()
    announce: str = ""
    """The revision of the register that all programs are to go by from now on, where that is another than before."""
    passwords: tuple[str, ...] = ()
    """Users that get a password, last of all: nobody logs in before the rest is there."""
    renew: frozenset[str] = frozenset()
    """Those of them for whom a password that is kept does not do."""
    faults: tuple[Fault, ...] = ()
    strangers: tuple[Right, ...] = ()
    """What users that are not the broker's may do with its topics. Shown, and left to the operator."""
    suspended: frozenset[str] = frozenset()

    def steps(self) -> Iterator[Step]:
        """Each difference, in the order in which it is made."""
        for change, rights in ((Change.ADD, self.close), (Change.REMOVE, self.revoke)):
            yield from (Step(change, Thing.RIGHT, right.user, describe(right)) for right in rights)
        for gone in self.remove:
            yield Step(Change.REMOVE, Thing.PASSWORD, gone.user, gone.mechanism)
        for user, quotas in self.quotas.items():
            for key, value in quotas.items():
                change = Change.REMOVE if value is None else Change.CHANGE
                yield Step(change, Thing.QUOTA, user, key if value is None else f"{key}={value:.0f}")
        for name, topic in self.create.items():
            shape = {"partitions": str(topic.partitions), "copies": str(topic.copies)}
            yield Step(Change.ADD, Thing.TOPIC, name, _join(shape | dict(topic.settings)))
        for name, settings in self.settings.items():
            yield Step(Change.CHANGE, Thing.TOPIC, name, _join(settings))
        for right in self.grant:
            yield Step(Change.ADD, Thing.RIGHT, right.user, describe(right))
        if self.announce:
            yield Step(Change.CHANGE, Thing.REGISTER, topics.REGISTER, self.announce[:12])
        for user in self.passwords:
            yield Step(Change.ADD, Thing.PASSWORD, user, MECHANISM)

    def before_passwords(self) -> "Plan":
        """All that is done before somebody new can log in, and before the register is announced."""
        return replace(self, announce="", passwords=(), renew=frozenset())

    def only_passwords(self) -> "Plan":
        """What is done last."""
        return Plan(passwords=self.passwords, renew=self.renew, suspended=self.suspended)

    def taking_away(self) -> "Plan":
        """Only what takes access away: that is done even where the rest can't be."""
        return Plan(close=self.close, revoke=self.revoke, remove=self.remove, suspended=self.suspended)


def describe(right: Right) -> str:
    """A right in one line, without its user."""
    verb = "" if right.allowed else "deny "
    host = "" if right.host == "*" else f" from {right.host}"
    return f"{verb}{right.operation} {right.resource} {right.name}{'*' if right.prefixed else ''}{host}"


def wanted_state(addresses: Iterable[str], limits: Limits, suspended: Collection[str] = ()) -> State:
    """What a cluster should hold for these addresses. Topics of a suspended user stay, with what lies in them."""
    addresses = sorted(addresses)
    users = [topics.user(address) for address in addresses]
    message = limits.messages()
    topics_ = {topic: message for address in addresses for topic in (topics.outbox(address), topics.inbox(address))}
    topics_ |= {
        topics.outbox(topics.BROKER): message,
        topics.AUDIT: limits.records(),
        topics.QUARANTINE: limits.quarantine(),
        topics.REGISTER: limits.register(),
    }
    rights = {right for address in addresses for right in access.of_address(address)} | set(access.of_services())
    return State(
        topics=topics_,
        credentials=frozenset(Credential(user) for user in (*users, *topics.SERVICES) if user not in suspended),
        rights=frozenset(
            {right for right in rights if right.user not in suspended} | {access.deny_all(user) for user in suspended}
        ),
        quotas={user: limits.quotas for user in users if user not in suspended},
    )


def plan(
    actual: State,
    addresses: Iterable[str],
    limits: Limits,
    *,
    suspend: Collection[str] = (),
    reinstate: Collection[str] = (),
    renew: Collection[str] = (),
    unfinished: Collection[str] = (),
    operator: str = "",
    revision: str = "",
) -> Plan:
    """What makes `actual` what the register asks for: its authorities' addresses, and their desks'.

    `suspend`, `reinstate` and `renew` (a new password) name users: with an authority its desks are suspended and
    reinstated, but for one that is named otherwise, and who is reinstated has a new password. `unfinished` are those
    whose new password is written down but perhaps not known to Kafka; `operator` is the user that provisions;
    `revision` is the register's, where that is to be announced. Raises ProvisionError when a name can't be used.
    """
    addresses = set(addresses)
    registered = set(map(topics.user, addresses))
    _refuse_taken(registered, operator)
    marked = _read_marked(actual)
    suspended = _suspended_users(actual, registered, suspend, reinstate)
    target = wanted_state(addresses, limits, suspended)
    ours = registered | set(topics.SERVICES) | suspended | marked
    users = {credential.user for credential in target.credentials}
    if unknown := sorted(set(renew) - users):
        raise ProvisionError(f"{unknown[0]}: has no password to renew: it is not registered, or suspended")
    renewed = set(renew) | (marked - suspended) & users
    missing = {credential.user for credential in target.credentials - actual.credentials}
    held = {right for right in actual.rights if right.user in ours and right.principal.startswith(USER)}
    surplus = {right for right in held - target.rights if right.allowed or right == access.deny_all(right.user)}
    others = {right for right in actual.rights - held if right.allowed and access.reaches_ours(right)}
    lacking = target.rights - actual.rights
    return Plan(
        close=tuple(sorted(right for right in lacking if not right.allowed)),
        revoke=tuple(sorted(surplus)),
        remove=tuple(sorted(one for one in actual.credentials - target.credentials if one.user in ours)),
        quotas=_quotas(actual, target, ours),
        create={name: topic for name, topic in target.topics.items() if name not in actual.topics},
        settings=_settings(actual, target),
        grant=tuple(sorted(right for right in lacking if right.allowed)),
        announce=revision if revision != actual.register else "",
        passwords=tuple(sorted(missing | renewed | (set(unfinished) & users))),
        renew=frozenset(renewed),
        faults=tuple(_faults(actual, target)),
        strangers=tuple(sorted(right for right in others if right.user != operator)),
        suspended=frozenset(suspended),
    )


def with_faults(plan: Plan, faults: Iterable[Fault]) -> Plan:
    """The same plan, with what the brokers lack."""
    return replace(plan, faults=(*faults, *plan.faults))


def _refuse_taken(registered: Collection[str], operator: str) -> None:
    """An authority whose user or topic would be another's. Its password would be the operator's, say."""
    for taken in {topics.BROKER, operator} & set(registered):
        raise ProvisionError(f"{taken}: an authority can't have this id on Kafka, it is taken: register another id")


def _read_marked(actual: State) -> set[str]:
    """Who is suspended on the cluster."""
    return {right.user for right in actual.rights if right == access.deny_all(right.user)}


def _add_desks(users: Collection[str], among: Collection[str]) -> set[str]:
    """Users, and with an authority its desks among these."""
    return {*users, *(user for user in among if "/" in topics.address(user) and _find_authority(user) in users)}


def _find_authority(user: str) -> str:
    return topics.address(user).partition("/")[0]


def _suspended_users(
    actual: State, registered: Collection[str], suspend: Collection[str], reinstate: Collection[str]
) -> set[str]:
    """Who is from now on: also a desk that is made while its authority is."""
    marked = _read_marked(actual)
    senders = {topics.user(sender) for sender in map(topics.sender, actual.topics) if sender}
    known = {*registered, *topics.SERVICES, *marked, *senders} - {topics.BROKER}
    for user in (*suspend, *reinstate):
        if user not in known:
            raise ProvisionError(f"{user}: is not registered and has no topics: see 'samband register show'")
        if user in suspend and user in reinstate:
            raise ProvisionError(f"{user}: is to be suspended and reinstated: choose one")
        if user in reinstate and user not in marked:
            raise ProvisionError(f"{user}: is not suspended: leave out --reinstate")
    back = _add_desks(reinstate, marked) - set(suspend)
    suspended = _add_desks((marked | set(suspend)) - back, known)
    for user in suspended.intersection(reinstate):
        raise ProvisionError(f"{user}: its authority is suspended: reinstate {_find_authority(user)}")
    return suspended


def _quotas(actual: State, target: State, ours: Collection[str]) -> dict[str, dict[str, float | None]]:
    changes: dict[str, dict[str, float | None]] = {}
    for user in sorted(ours):
        has, should = actual.quotas.get(user, {}), target.quotas.get(user, {})
        change: dict[str, float | None] = {key: should.get(key) for key in sorted({*has, *should})}
        if change := {key: value for key, value in change.items() if has.get(key) != value}:
            changes[user] = change
    return changes


def _settings(actual: State, target: State) -> dict[str, dict[str, str]]:
    changes = {}
    for name, topic in target.topics.items():
        has = actual.topics[name].settings if name in actual.topics else topic.settings
        if change := {key: value for key, value in topic.settings.items() if has.get(key) != value}:
            changes[name] = change
    return changes


def _faults(actual: State, target: State) -> Iterator[Fault]:
    """What a topic that is there has wrong for good."""
    for name, topic in target.topics.items():
        has = actual.topics.get(name, topic)
        if has.partitions != topic.partitions:
            yield Fault("partitions", name, str(has.partitions), str(topic.partitions))
        if has.copies < topic.copies:
            yield Fault("copies", name, str(has.copies), str(topic.copies))


def _join(settings: Mapping[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in settings.items())
