"""What a cluster should hold, as resources for Strimzi's operator, which then makes it so."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from broker.provision.state import MECHANISM, USER, Right, State, Topic

CLUSTER = "samband"
"""The name of the `Kafka` resource (deploy/strimzi/kafka.yaml)."""

_API = "kafka.strimzi.io/v1"
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
"""What Kubernetes takes for a name."""
_QUOTAS = {
    "producer_byte_rate": "producerByteRate",
    "consumer_byte_rate": "consumerByteRate",
    "request_percentage": "requestPercentage",
}

Resource = Mapping[str, Any]


def topics(state: State) -> Iterator[Resource]:
    """A `KafkaTopic` for each; a name that Kubernetes does not take is another there, and its own on Kafka."""
    for name, topic in sorted(state.topics.items()):
        yield _resource("KafkaTopic", name.replace("_", "-"), _topic(name, topic))


def users(state: State) -> Iterator[Resource]:
    """A `KafkaUser` for each that has a right, its password made by the operator; who is suspended has none."""
    passwords = {credential.user for credential in state.credentials}
    rights: dict[str, list[Right]] = {}
    for right in sorted(state.rights):
        rights.setdefault(right.principal.removeprefix(USER), []).append(right)
    for user, granted in rights.items():
        if _NAME.fullmatch(user):
            spec: dict[str, Any] = {"authorization": {"type": "simple", "acls": [_entry(right) for right in granted]}}
            if user in passwords:
                spec["authentication"] = {"type": MECHANISM.lower()}
            if user in state.quotas:
                spec["quotas"] = {_QUOTAS[key]: int(value) for key, value in state.quotas[user].items()}
            yield _resource("KafkaUser", user, spec)


def unnamed(state: State) -> list[str]:
    """Users that no `KafkaUser` can be: Kubernetes takes no such name."""
    return sorted(name for name in {right.user for right in state.rights} if not _NAME.fullmatch(name))


def _resource(kind: str, name: str, spec: Mapping[str, Any]) -> Resource:
    return {
        "apiVersion": _API,
        "kind": kind,
        "metadata": {"name": name, "labels": {"strimzi.io/cluster": CLUSTER}},
        "spec": dict(spec),
    }


def _topic(name: str, topic: Topic) -> dict[str, Any]:
    other = {"topicName": name} if "_" in name else {}
    return {**other, "partitions": topic.partitions, "replicas": topic.copies, "config": dict(topic.settings)}


def _entry(right: Right) -> dict[str, Any]:
    """A right in Strimzi's words."""
    about = {
        "type": re.sub(r"_(.)", lambda letter: letter[1].upper(), right.resource),
        "name": right.name,
        "patternType": "prefix" if right.prefixed else "literal",
    }
    kind = {} if right.allowed else {"type": "deny"}
    return {**kind, "resource": about, "operations": [right.operation.capitalize()]}
