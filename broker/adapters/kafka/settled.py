"""Lets topics go of what is settled: what they hold is not sealed, since its owners read it there.

From an outbox goes what a worker has handled and sent on; from an inbox what its reader has read, up to the first
delivery that is neither registered nor recalled nor erased. Of both only what is older than a given time: until then
outboxes, log and inboxes can be compared message by message, and a lost database be made anew.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec  # type: ignore[attr-defined]

from broker import topics
from broker.adapters.kafka.confluent_login import away, connection
from broker.adapters.kafka.group_offsets import GroupOffsets
from broker.adapters.kafka.topic_offsets import BEGINNING, read_offsets
from broker.ports.faults import Away
from broker.ports.health import KAFKA
from broker.settings import KafkaLogin

_ANSWER = 10.0
_DENIED = KafkaError.TOPIC_AUTHORIZATION_FAILED


class NotAllowed(Exception):
    """This user may not let go of anything: the cluster was provisioned by an earlier version."""


def let_go(login: KafkaLogin, before: datetime, kept_from: Callable[[str], int | None]) -> int:
    """Delete what is settled and older than this; the number of records. Raises Away, NotAllowed.

    In: the offset of the first delivery in an inbox that is still kept to be given out again; None where there is none.
    """
    admin = AdminClient(connection(login), logger=logging.getLogger("samband.kafka"))
    try:
        listed = admin.list_topics(timeout=_ANSWER).topics
    except KafkaException as error:
        raise away(error) from None
    outboxes = [name for name in listed if topics.sender(name) and name != topics.outbox(topics.BROKER)]
    inboxes = [name for name in listed if name.startswith(topics.INBOXES)]
    names = [*outboxes, *inboxes]
    begins = read_offsets(admin, names, BEGINNING, _ANSWER)
    at = OffsetSpec.for_timestamp(int(before.timestamp() * 1000))
    young = read_offsets(admin, names, at, _ANSWER)
    settled = _settled(login, outboxes, inboxes, kept_from)
    ends = {
        name: end if young.get(name, -1) < 0 else min(end, young[name])  # -1: nothing is as young
        for name, end in settled.items()
    }
    ends = {name: end for name, end in ends.items() if end > begins.get(name, end)}
    _delete(admin, ends)
    return sum(end - begins[name] for name, end in ends.items())


def _settled(
    login: KafkaLogin, outboxes: list[str], inboxes: list[str], kept_from: Callable[[str], int | None]
) -> Mapping[str, int]:
    """Up to where each topic is settled."""
    groups = GroupOffsets(login)
    try:
        handled = groups.committed_offsets([topics.WORKER])[topics.WORKER]
        read = groups.committed_offsets(inboxes)
    finally:
        groups.close()
    ends = {name: handled[name] for name in outboxes if name in handled}
    for name in inboxes:
        if (end := read[name].get(name)) is not None:
            kept = kept_from(topics.owner(name))
            ends[name] = end if kept is None else min(end, kept)
    return ends


def _delete(admin: AdminClient, ends: Mapping[str, int]) -> None:
    if not ends:
        return
    answers = admin.delete_records([TopicPartition(name, 0, end) for name, end in ends.items()])
    try:
        for answer in answers.values():
            answer.result(_ANSWER)
    except TimeoutError:
        raise Away(KAFKA, "NoAnswer") from None
    except KafkaException as error:
        if error.args[0].code() == _DENIED:
            raise NotAllowed from None
        raise away(error) from None
