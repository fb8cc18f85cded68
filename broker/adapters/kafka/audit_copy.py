"""The topic `audit` in a file, with all that its records carry, to be written to a new topic of another Kafka.

JSON Lines: a header, a line for each record with its offset, the time at which Kafka took it, its headers, its bytes as
text; last how many there were. Nothing in it names a person; what a record holds is pseudonymous.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TextIO

from confluent_kafka import KafkaError, KafkaException, Message, Producer

from broker import cloudevents, topics
from broker.adapters.kafka import whole_topics
from broker.adapters.kafka.confluent_login import away, connection
from broker.model.days import rfc3339
from broker.model.faults import SetUpError
from broker.settings import KafkaLogin

_MARK = "audit topic"
_AT_ONCE = 1000
_WAIT = 30.0
_NAME = f"{topics.WORKER}.load"


class NoCopy(SetUpError):
    """The file is no whole copy, or not of what lies on the topic. One line."""


@dataclass(frozen=True)
class Kept:
    """A record: where it lay, when Kafka took it first, its headers, its bytes."""

    offset: int
    at: datetime
    headers: tuple[tuple[str, str], ...]
    leaf: bytes


def records(login: KafkaLogin) -> Iterator[Kept]:
    """All that lies on the topic now. Raises Away."""
    with whole_topics.open_topics(login) as lies:
        for some in lies.read([topics.AUDIT]):
            for one in some:
                headers = cloudevents.read(one.headers).values
                first = headers.get(cloudevents.TAKEN)
                at = datetime.fromisoformat(first) if first else one.appended
                yield Kept(one.offset, at, tuple(headers.items()), one.value)


def write(stream: TextIO, kept: Iterable[Kept]) -> int:
    """Write the file; how many records are in it."""
    stream.write(json.dumps({"samband": _MARK}) + "\n")
    count = 0
    for one in kept:
        count += 1
        line = {"offset": one.offset, "at": rfc3339(one.at), "headers": dict(one.headers), "leaf": one.leaf.decode()}
        stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    stream.write(json.dumps({"records": count}) + "\n")
    return count


def read(stream: TextIO) -> Iterator[Kept]:
    """The records of a file. Raises NoCopy, at its end where it is cut off."""
    count, whole = 0, False
    try:
        if json.loads(next(stream, "")).get("samband") != _MARK:
            raise NoCopy("the file is no copy of audit")
        for line in map(json.loads, stream):
            if whole := "records" in line:
                break
            count += 1
            at, headers = datetime.fromisoformat(line["at"]), tuple(line["headers"].items())
            yield Kept(line["offset"], at, headers, line["leaf"].encode())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoCopy("the file is no copy of audit") from None
    if not whole or line["records"] != count:
        raise NoCopy("the file is cut off: some records are missing at its end")


def load(login: KafkaLogin, kept: Iterable[Kept]) -> Iterator[tuple[int, int]]:
    """Write the records behind those of them that lie there already; each one's offset before and now.

    Raises NoCopy where something else lies there; Away. One that is killed goes on where it was.
    """
    there = records(login)
    rest = iter(kept)
    for lying in there:
        one = next(rest, None)
        if one is None or one.leaf != lying.leaf:
            raise NoCopy("audit holds other records than the file: only an empty one is filled")
        yield one.offset, lying.offset
    producer = Producer(
        {
            **connection(login),
            "transactional.id": _NAME,
            "acks": "all",
            "enable.idempotence": True,
            "allow.auto.create.topics": False,
            "message.max.bytes": 8 << 20,
        }
    )
    try:
        producer.init_transactions(_WAIT)
        while some := list(islice(rest, _AT_ONCE)):
            yield from zip((one.offset for one in some), _send(producer, some), strict=True)
    except KafkaException as error:
        raise away(error) from None


def _send(producer: Producer, some: Sequence[Kept]) -> list[int]:
    offsets: list[int] = []
    faults: list[KafkaError] = []

    def confirm(fault: KafkaError | None, message: Message) -> None:
        if fault is not None:
            faults.append(fault)
        offsets.append(message.offset() or 0)

    producer.begin_transaction()
    for one in some:
        headers = {**dict(one.headers), cloudevents.TAKEN: rfc3339(one.at)}
        wire: dict[str, str | bytes | None] = {name: value.encode() for name, value in headers.items()}
        producer.produce(topics.AUDIT, one.leaf, headers=wire, on_delivery=confirm)
        producer.poll(0)
    if producer.flush(_WAIT) or faults:
        raise KafkaException(faults[0] if faults else KafkaError(KafkaError._TIMED_OUT))
    producer.commit_transaction(_WAIT)
    return sorted(offsets)
