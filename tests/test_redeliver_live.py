"""Given out again on a real cluster: by order, and where a topic's retention has eaten what nobody had read."""

import json
import subprocess
import sys
from typing import Any

import sealed_lines
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from lines import POLICE, TOWN, message, number, recall, request
from streams import Town, until
from test_anonymous_live import agrees, settled

from broker import topics
from broker.adapters.kafka.confluent_login import connection


def redeliver(town: Town, *arguments: object) -> tuple[int, list[dict[str, Any]]]:
    """The command, on the cluster."""
    command = [sys.executable, "-m", "broker.cli", "redeliver", *map(str, arguments), "--data", "kafka", "--json"]
    ended = subprocess.run(command, env=town.environment(), capture_output=True, text=True, check=False, timeout=90)
    assert ended.returncode in (0, 1), ended.stderr
    return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()]


def registered(n: int, delivery: int) -> dict[str, Any]:
    return message(n, "Acknowledgement", TOWN, POLICE, {"message": number(delivery), "state": "registered"})


def given_again(town: Town) -> list[str]:
    """Ids of what lies in the municipality's inbox once more."""
    return [line["message"]["id"] for line in town.inbox(TOWN, "delivery") if line.get("redelivered")]


def kept(town: Town) -> dict[str, Any]:
    """What PostgreSQL keeps of each delivery to the municipality."""
    lines = sealed_lines.of_workers(town.database, town.keys)
    return {row["message"]: row["content"] for row in lines if (row["authority"], row["type"]) == (TOWN, "delivery")}


def eat(town: Town, before: int) -> None:
    """What stands before this offset in the municipality's inbox is gone, as when its time there is over."""
    admin = AdminClient(connection(town.kafka.servers.operator))
    [answer] = admin.delete_records([TopicPartition(topics.inbox(TOWN), 0, before)]).values()
    answer.result(30)


def read_to(town: Town, offset: int) -> None:
    """The municipality has read its inbox so far."""
    login = town.kafka.login(TOWN)
    consumer = Consumer({**connection(login), "group.id": topics.inbox(TOWN)})
    consumer.commit(offsets=[TopicPartition(topics.inbox(TOWN), 0, offset)], asynchronous=False)
    consumer.close()


def test_a_delivery_is_kept_until_it_is_registered_and_given_out_by_order(town: Town) -> None:
    """What is registered or recalled is kept no longer, and named as what can't be given out."""
    with town.worker():
        town.send(POLICE, request(1), request(2), request(3))
        town.awaited(3, TOWN, "delivery")
        town.send(TOWN, registered(4, 2))
        town.send(POLICE, recall(5, 3, sender=POLICE, recipient=TOWN))
        town.awaited(4, POLICE)
        town.awaited(1, TOWN, "receipt")
        settled(town)
        says = kept(town)
        assert (says[number(2)], says[number(3)]) == ({"forgotten": "registered"}, {"forgotten": "recalled"})
        assert says[number(1)]["message"]["id"] == number(1)
        ids = [option for n in (1, 2, 3, 9) for option in ("--message", number(n))]
        refused = {number(2): "registered", number(3): "recalled", number(9): "not_here"}
        assert redeliver(town, TOWN, *ids) == (1, [{"redelivered": [number(1)], "refused": refused}])
        assert given_again(town) == [number(1)]
        status, [answer] = redeliver(town, TOWN, "--unregistered")
        assert (status, answer["redelivered"]) == (0, [number(1), number(5)])
    agrees(town)


def test_what_retention_has_eaten_unread_comes_again_by_itself_once(town: Town) -> None:
    """Neither what was read, nor what is registered; and it lies where its reader comes to it."""
    with town.worker():
        town.send(POLICE, *(request(n) for n in range(1, 5)))
        town.awaited(4, TOWN, "delivery")
        town.send(TOWN, registered(5, 2))
        town.awaited(1, TOWN, "receipt")
        settled(town)
    lines = town.read(topics.inbox(TOWN))
    read_to(town, lines[0].offset + 1)
    eat(town, lines[2].offset + 1)
    for _ in range(2):
        with town.worker():
            until(lambda: given_again(town), bool)
            town.send(POLICE, request(6 + _))
            town.awaited(5 + _, POLICE)
            settled(town)
        assert given_again(town) == [number(3)]
    leaves = [one.content for one in town.read(topics.AUDIT) if one.content["record"] == "redelivery"]
    assert [leaf["redelivered"]["messages"] for leaf in leaves if leaf["redelivered"]["messages"]] == [
        [[POLICE, number(3)]]
    ]
    assert all(leaf["redelivered"]["lost"] for leaf in leaves)
    assert b"gone from an inbox before they were read" in town.log.read_bytes()
    agrees(town)
