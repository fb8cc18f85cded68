"""Carries out a plan of provisioning on a cluster, with kafka-python's admin client.

Everything goes in batches, each far below the controller's 10,000 records a request. Every step may be done twice: a
run that was cut off is run again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, Protocol, TypeVar

from kafka import KafkaAdminClient
from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ConfigResource,
    ConfigResourceType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)
from kafka.errors import KafkaError, NoError, TopicAlreadyExistsError, for_code
from kafka.protocol.admin import (
    AlterClientQuotasRequest,
    AlterUserScramCredentialsRequest,
    DescribeClientQuotasRequest,
)

from broker import topics
from broker.adapters.kafka import register_topic
from broker.adapters.kafka.kafka_python_login import open_client
from broker.adapters.kafka.register_topic import Announcement
from broker.provision import MECHANISM, TOPIC_SETTINGS, ClusterError, Credential, Plan, Right, State, Step, Topic
from broker.settings import KafkaLogin

BATCH = 100
_REQUEST_MS = 60_000
_ITERATIONS = 4096
"""Kafka's least: more protects passwords that could be guessed, and these are 256 random bits."""
_CLOSED = _ITERATIONS + 1
"""By this is known that a password is one that nobody knows: whoever has it cannot log in."""
_ANY = 2
"""In a filter of quotas: entities of this type with any name."""
_EVERY_RIGHT = ACLFilter(
    principal=None,
    host=None,
    operation=ACLOperation.ANY,
    permission_type=ACLPermissionType.ANY,
    resource_pattern=ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
)


_Item = TypeVar("_Item")


class Passwords(Protocol):
    """Where passwords are kept."""

    def password(self, user: str, *, new: bool) -> str:
        """The password to give Kafka."""

    def finish(self, users: Collection[str]) -> None:
        """Kafka has them."""


@contextmanager
def open_cluster(login: KafkaLogin) -> Iterator["Cluster"]:
    """Log in to a cluster. Raises ClusterError when it does not answer or refuses, also within the context.

    Raises SettingsError when a file that the login names can't be read.
    """
    try:
        client = open_client(KafkaAdminClient, login, "samband-provision", request_timeout_ms=_REQUEST_MS)
    except KafkaError:
        raise ClusterError(
            f"Kafka at {login.bootstrap} gives no answer over {login.protocol} or refuses the login as {login.user}: "
            "check SAMBAND_KAFKA_BOOTSTRAP, _SECURITY_PROTOCOL, _CA, _ADMIN and _ADMIN_PASSWORD"
        ) from None
    try:
        yield Cluster(client, login)
    except KafkaError as error:
        raise ClusterError(f"Kafka at {login.bootstrap}: {type(error).__name__}: run again when it is mended") from None
    finally:
        client.close()


class Cluster:
    """A cluster, seen by whoever may change it."""

    def __init__(self, client: KafkaAdminClient, login: KafkaLogin) -> None:
        self._client = client
        self._login = login

    def state(self) -> State:
        """What is there of the broker's: topics with the settings that it sets; all credentials, rights and quotas."""
        return State(self._topics(), self._credentials(), self._rights(), self._quotas())

    def brokers(self) -> dict[str, dict[str, str | None]]:
        """The settings of each broker, by its number. What is secret is None."""
        brokers = self._client.describe_cluster()["brokers"]
        numbers = [str(broker["broker_id"]) for broker in brokers if not broker.get("is_fenced")]
        resources = [ConfigResource(ConfigResourceType.BROKER, number) for number in numbers]
        configs = self._client.describe_configs(resources, config_filter="all")["broker"]
        return {
            number: {name: setting["value"] for name, setting in settings.items()}
            for number, settings in configs.items()
        }

    def announcement(self) -> Announcement | None:
        """The register that the programs go by, where one was announced. Raises Away."""
        with register_topic.open_register(self._login) as topic:
            return topic.newest()

    def history(self) -> Iterator[Announcement]:
        """What was done when to let somebody in, oldest first. Raises Away."""
        with register_topic.open_register(self._login) as topic:
            yield from topic.read(0, topic.end())

    def announce(self, file: bytes | None, steps: Iterable[Step]) -> None:
        """Let all programs go by this register from now on. Raises ClusterError."""
        register_topic.announce(self._login, file, steps)

    def carry_out(self, plan: Plan, passwords: Passwords | None) -> Iterator[int]:
        """Do what the plan says, in its order; yields how many users, topics or rights each batch set right.

        Without `passwords` nobody gets one. Raises ClusterError when Kafka refuses a step.
        """
        yield from self._batches(plan.close, self._grant)
        yield from self._batches(plan.revoke, self._revoke)
        yield from self._batches(plan.remove, self._remove)
        yield from self._batches(list(plan.quotas.items()), self._limit)
        yield from self._batches(list(plan.create.items()), self._create)
        yield from self._batches(list(plan.settings.items()), self._set)
        yield from self._batches(plan.grant, self._grant)
        if passwords:
            yield from self._batches(plan.passwords, lambda users: self._let_in(users, passwords, plan.renew))

    @staticmethod
    def _batches(items: Sequence[_Item], do: Callable[[Sequence[_Item]], None]) -> Iterator[int]:
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            do(batch)
            yield len(batch)

    # --- what is there

    def _topics(self) -> dict[str, Topic]:
        partitions = {topic["name"]: topic["partitions"] for topic in self._client.describe_topics()}
        ours = [name for name in partitions if topics.is_ours(name)]
        settings = self._topic_settings(ours)
        return {
            name: Topic(
                partitions=len(partitions[name]),
                copies=min(len(partition["replica_nodes"]) for partition in partitions[name]),
                settings=settings[name],
            )
            for name in ours
            if name in settings and partitions[name]
        }

    def _topic_settings(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        if not names:
            return {}
        resources = [ConfigResource(ConfigResourceType.TOPIC, name, list(TOPIC_SETTINGS)) for name in names]
        configs = self._client.describe_configs(resources, config_filter="all")["topic"]
        return {name: {key: one["value"] for key, one in settings.items()} for name, settings in configs.items()}

    def _credentials(self) -> frozenset[Credential]:
        users = self._client.describe_user_scram_credentials()
        return frozenset(
            Credential(user, info["mechanism"].name.replace("_", "-"))
            for user, described in users.items()
            for info in described["credential_infos"]
            if info["iterations"] != _CLOSED
        )

    def _rights(self) -> frozenset[Right]:
        acls, _ = self._client.describe_acls(_EVERY_RIGHT)
        return frozenset(map(_right, acls))

    def _quotas(self) -> dict[str, dict[str, float]]:
        """Of users by name; not the cluster's own defaults, nor those of a client id."""
        request = DescribeClientQuotasRequest(components=[("user", _ANY, None)], strict=True)
        response = self._send(request)
        _refuse(response.error_code, "quotas")
        return {
            entry.entity[0].entity_name: {value.key: value.value for value in entry.values}
            for entry in response.entries
            if entry.entity[0].entity_name is not None
        }

    # --- what is done

    def _grant(self, rights: Sequence[Right]) -> None:
        if failed := self._client.create_acls([_acl(right) for right in rights])["failed"]:
            raise ClusterError(f"Kafka refuses to grant rights ({failed[0].__name__}): is the user a super user?")

    def _revoke(self, rights: Sequence[Right]) -> None:
        for _, _, error in self._client.delete_acls([_acl(right) for right in rights]):
            if error is not NoError:
                raise ClusterError(f"Kafka refuses to revoke rights ({error.__name__}): is the user a super user?")

    def _remove(self, credentials: Sequence[Credential]) -> None:
        """Nobody can log in with them any more: their password is one that nobody knows.

        They are not deleted. Kafka 4.3.1 can forget every user's password at its next start after one was deleted
        (`ScramDelta.apply` drops a mechanism that is empty for a moment, with all that it then adds).
        """
        for mechanism in sorted({one.mechanism for one in credentials}):  # Kafka takes a user once in a request
            users = [one.user for one in credentials if one.mechanism == mechanism]
            kind = ScramMechanism[mechanism.replace("-", "_")]
            self._alter(UserScramCredentialUpsertion(user, kind, token_hex(32), iterations=_CLOSED) for user in users)

    def _let_in(self, users: Sequence[str], passwords: Passwords, renew: Collection[str]) -> None:
        self._alter(
            UserScramCredentialUpsertion(
                user, MECHANISM, passwords.password(user, new=user in renew), iterations=_ITERATIONS
            )
            for user in users
        )
        passwords.finish(users)

    def _alter(self, given: Iterable[UserScramCredentialUpsertion]) -> None:
        upsertions = [(it.user, int(it.mechanism), it.iterations, it.salt, it.salted_password) for it in given]
        for one in self._send(AlterUserScramCredentialsRequest(deletions=[], upsertions=upsertions)).results:
            _refuse(one.error_code, f"to change the password of {one.user}")

    def _limit(self, quotas: Sequence[tuple[str, Mapping[str, float | None]]]) -> None:
        entry = AlterClientQuotasRequest.EntryData
        entries = [
            entry(
                entity=[entry.EntityData(entity_type="user", entity_name=user)],
                ops=[entry.OpData(key=key, value=value or 0.0, remove=value is None) for key, value in change.items()],
            )
            for user, change in quotas
        ]
        for one in self._send(AlterClientQuotasRequest(entries=entries, validate_only=False)).entries:
            _refuse(one.error_code, f"quotas of {one.entity[0].entity_name}")

    def _create(self, topics_: Sequence[tuple[str, Topic]]) -> None:
        new = {
            name: {
                "num_partitions": topic.partitions,
                "replication_factor": topic.copies,
                "configs": dict(topic.settings),
            }
            for name, topic in topics_
        }
        for one in self._client.create_topics(new, raise_errors=False)["topics"]:
            if one["error_code"] != TopicAlreadyExistsError.errno:  # by a run before, which this broker hears of later
                _refuse(one["error_code"], one["name"])

    def _set(self, settings: Sequence[tuple[str, Mapping[str, str]]]) -> None:
        resources = [ConfigResource(ConfigResourceType.TOPIC, name, dict(change)) for name, change in settings]
        done = self._client.alter_configs(resources, raise_on_unknown=False, incremental=True)["topic"]
        for name, answer in done.items():
            if answer != "OK":
                raise ClusterError(f"Kafka refuses settings of {name}: {answer}")

    def _send(self, request: Any) -> Any:
        """Quotas have no method of their own in the client, and passwords one that gives no error codes."""
        manager = self._client._manager
        return manager.run(manager.send, request)


def _refuse(code: int, about: str) -> None:
    error = for_code(code)
    if error is not NoError:
        raise ClusterError(f"Kafka refuses {about}: {error.__name__}")


def _right(acl: ACL) -> Right:
    pattern = acl.resource_pattern
    return Right(
        principal=acl.principal,
        resource=pattern.resource_type.name.lower(),
        name=pattern.resource_name,
        operation=acl.operation.name.lower(),
        prefixed=pattern.pattern_type is ACLResourcePatternType.PREFIXED,
        allowed=acl.permission_type is ACLPermissionType.ALLOW,
        host=acl.host,
    )


def _acl(right: Right) -> ACL:
    kind = ACLResourcePatternType.PREFIXED if right.prefixed else ACLResourcePatternType.LITERAL
    return ACL(
        principal=right.principal,
        host=right.host,
        operation=ACLOperation[right.operation.upper()],
        permission_type=ACLPermissionType.ALLOW if right.allowed else ACLPermissionType.DENY,
        resource_pattern=ResourcePattern(ResourceType[right.resource.upper()], right.name, kind),
    )
