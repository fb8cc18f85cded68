"""What a user tries on Kafka, request by request, and whether it may: the server's own answer, no client's guess."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import confluent_kafka
from kafka import KafkaAdminClient
from kafka.protocol.admin import (
    AlterConfigsRequest,
    AlterUserScramCredentialsRequest,
    CreateAclsRequest,
    CreateTopicsRequest,
    DeleteGroupsRequest,
    DeleteTopicsRequest,
    DescribeAclsRequest,
    DescribeUserScramCredentialsRequest,
)
from kafka.protocol.consumer import FetchRequest, JoinGroupRequest, OffsetFetchRequest
from kafka.protocol.metadata import MetadataRequest
from kafka.protocol.producer import InitProducerIdRequest, ProduceRequest
from kafka.record.memory_records import MemoryRecordsBuilder

from broker.adapters.kafka.confluent_login import connection
from broker.adapters.kafka.kafka_python_login import client_settings
from broker.settings import KafkaLogin

DONE = 0
_REFUSED = {29, 30, 31, 53}
"""Topic, group, cluster, transactional id: authorization failed."""
_ALLOWED = {DONE, 3, 14, 15, 16, 79}
"""Done; or what is told once access is granted: unknown topic, coordinator not ready, member id required."""
_NAMED = {"max_version": 12}
"""Later versions name a topic by its number, which only those get who may see it."""

Attempt = Callable[[str], bool]


class Tried:
    """One user, logged in. Each attempt tells whether Kafka allowed it; an answer that is neither fails the test."""

    def __init__(self, client: KafkaAdminClient) -> None:
        self._manager = client._manager

    def write(self, topic: str) -> bool:
        """Write a record."""
        return allowed(self._write(topic).responses[0].partition_responses[0].error_code)

    def wait(self, topic: str) -> int:
        """Write a record: milliseconds that Kafka then asks the writer to wait, as its quota is used up."""
        return int(self._write(topic).throttle_time_ms)

    def _write(self, topic: str) -> Any:
        built = MemoryRecordsBuilder(magic=2, compression_type=0, batch_size=1 << 14)
        built.append(timestamp=None, key=None, value=b"{}")
        built.close()
        data = ProduceRequest.TopicProduceData
        partition = data.PartitionProduceData(index=0, records=bytes(built.buffer()))
        return self._ask(
            ProduceRequest(
                transactional_id=None,
                acks=-1,
                timeout_ms=5000,
                topic_data=[data(name=topic, partition_data=[partition])],
                max_version=9,
            )
        )

    def read(self, topic: str) -> bool:
        """Read from the first record on."""
        wanted = FetchRequest.FetchTopic
        partition = wanted.FetchPartition(partition=0, fetch_offset=0, partition_max_bytes=1 << 20)
        answer = self._ask(
            FetchRequest(
                max_wait_ms=0,
                min_bytes=0,
                max_bytes=1 << 20,
                session_id=0,
                session_epoch=-1,
                topics=[wanted(topic=topic, partitions=[partition])],
                forgotten_topics_data=[],
                **_NAMED,
            )
        )
        return allowed(answer.responses[0].partitions[0].error_code)

    def see(self, topic: str) -> bool:
        """Learn that it exists."""
        wanted = [MetadataRequest.MetadataRequestTopic(name=topic)]
        answer = self._ask(MetadataRequest(topics=wanted, allow_auto_topic_creation=True, max_version=9))
        return allowed(answer.topics[0].error_code)

    def join(self, group: str) -> bool:
        """Become a member, who reads for the group and moves its position."""
        protocol = JoinGroupRequest.JoinGroupRequestProtocol(name="range", metadata=b"\0\0\0\0\0\0\0\0\0\0")
        answer = self._ask(
            JoinGroupRequest(
                group_id=group,
                session_timeout_ms=6000,
                rebalance_timeout_ms=6000,
                member_id="",
                protocol_type="consumer",
                protocols=[protocol],
            )
        )
        return allowed(answer.error_code)

    def follow(self, group: str) -> bool:
        """Learn how far the group has come."""
        wanted = OffsetFetchRequest.OffsetFetchRequestGroup(group_id=group, topics=None)
        answer = self._ask(OffsetFetchRequest(groups=[wanted], require_stable=False, min_version=8, max_version=9))
        return allowed(answer.groups[0].error_code)

    def transact(self, transactional_id: str) -> bool:
        """Write under a transactional id, which shuts out whoever had it before."""
        answer = self._ask(InitProducerIdRequest(transactional_id=transactional_id, transaction_timeout_ms=1000))
        return allowed(answer.error_code)

    def rule(self) -> dict[str, bool]:
        """Try to change the cluster itself, in each way, where success would do no harm."""
        topic = CreateTopicsRequest.CreatableTopic(
            name="outbox.new", num_partitions=1, replication_factor=1, assignments=[], configs=[]
        )
        acl = CreateAclsRequest.AclCreation(
            resource_type=2,
            resource_name="audit",
            resource_pattern_type=3,
            principal="User:nobody",
            host="*",
            operation=3,
            permission_type=3,
        )
        config = AlterConfigsRequest.AlterConfigsResource(resource_type=2, resource_name="audit", configs=[])
        gone = AlterUserScramCredentialsRequest.ScramCredentialDeletion(name="nobody", mechanism=2)
        user = DescribeUserScramCredentialsRequest.UserName(name="admin")  # without names Kafka never answers a refusal
        acls = {"resource_type_filter": 1, "pattern_type_filter": 1, "operation": 1, "permission_type": 1}
        created = CreateTopicsRequest(topics=[topic], timeout_ms=5000, validate_only=True)
        deleted = [DeleteTopicsRequest.DeleteTopicState(name="audit", topic_id=None)]
        altered = AlterUserScramCredentialsRequest(deletions=[gone], upsertions=[])
        codes = {
            "create a topic": self._ask(created).topics[0].error_code,
            "delete the log": self._ask(DeleteTopicsRequest(topics=deleted, timeout_ms=5000)).responses[0].error_code,
            "change the log's settings": self._ask(AlterConfigsRequest(resources=[config], validate_only=True))
            .responses[0]
            .error_code,
            "grant a right": self._ask(CreateAclsRequest(creations=[acl])).results[0].error_code,
            "list rights": self._ask(DescribeAclsRequest(**acls)).error_code,
            "ask for a user": self._ask(DescribeUserScramCredentialsRequest(users=[user])).error_code,
            "remove a user": self._ask(altered).results[0].error_code,
            "delete a group": self._ask(DeleteGroupsRequest(groups_names=["inbox.other"])).results[0].error_code,
        }
        return {what: allowed(code) for what, code in codes.items()}

    def _ask(self, request: Any) -> Any:
        return self._manager.run(self._manager.send, request)


@contextmanager
def logged_in(login: KafkaLogin) -> Iterator[Tried]:
    """Log in."""
    client = KafkaAdminClient(**client_settings(login, "tests"))
    try:
        yield Tried(client)
    finally:
        client.close()


def login_error(login: KafkaLogin) -> confluent_kafka.KafkaError | None:
    """What Kafka says to a login: None when it lets it in."""
    told: list[confluent_kafka.KafkaError] = []
    client = confluent_kafka.Producer({**connection(login), "error_cb": told.append, "log_level": 0})
    until = monotonic() + 10
    while not told:
        assert monotonic() < until, "Kafka gives no answer"
        try:
            client.list_topics(timeout=0.3)
            return None
        except confluent_kafka.KafkaException:
            client.poll(0)
    return told[0]


def allowed(code: int) -> bool:
    """Whether an answer is a yes; one that says neither fails the test."""
    assert code in _REFUSED | _ALLOWED, f"Kafka answers with error {code}"
    return code not in _REFUSED


def those(attempt: Attempt, names: Iterable[str]) -> set[str]:
    """The names at which an attempt is allowed."""
    return {name for name in names if attempt(name)}
