"""Makes `schemas/asyncapi.yaml` (AsyncAPI 3.0) from the kinds, the topics and the Avro schemas, for other languages.

A development task: `python -m schemas.write_asyncapi` writes the file, `--check` only compares. The
document is written as the agency sees it: it sends to its outbox and receives from its inbox.
"""

import sys
from pathlib import Path
from typing import Any

from broker import cloudevents, topics
from broker.kinds import KINDS
from schemas.json_schema import schemas
from schemas.yaml_text import lines_of

FILE = Path(__file__).parents[1] / "schemas" / "asyncapi.yaml"
VERSION = "1.0.0"
"""Of the interface: the kinds, their fields, the topics."""

_BINDING = "0.5.0"
_AVRO = "application/vnd.apache.avro;version=1.9.0"
_LINES = ("delivery", "receipt", "notice")

Json = dict[str, Any]

_ABOUT = """\
How an agency exchanges messages through Samband over Kafka, in any language.

An authority has one outbox topic, which only it can write, and one inbox topic, which only it can read, in the
consumer group named as the inbox. It logs in with SASL/SCRAM-SHA-512 under its own id.

Sending: idempotent producer, acks=all, no key. A message is JSON (UTF-8), or Avro in single-object encoding: C3 01,
the schema's CRC-64-AVRO fingerprint in little-endian, the body. To send again is to send the same id and the same
bytes: the broker then gives the receipt that it gave before, and delivers nothing twice. At most 1 MiB.

Receiving: isolation.level=read_committed, auto.offset.reset=earliest, automatic commits off: commit when a line has
been handled. A line may come twice: a delivery is known by its sender's authority and its id. Fields and sorts of lines
may be added: leave be what is not known.
"""


def document() -> Json:
    """The whole document."""
    kinds = sorted(KINDS)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Samband",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": cloudevents.JSON,
        "servers": {"kafka": _server()},
        "channels": {"outbox": _outbox(kinds), "inbox": _inbox()},
        "operations": {
            "sendMessage": {
                "action": "send",
                "channel": _ref("channels", "outbox"),
                "summary": "Send a message to another authority.",
                "bindings": {"kafka": {"bindingVersion": _BINDING}},
            },
            "receiveLine": {
                "action": "receive",
                "channel": _ref("channels", "inbox"),
                "summary": "Receive deliveries, receipts of own messages, and the broker's notices.",
                "bindings": {"kafka": {"groupId": _group(), "bindingVersion": _BINDING}},
            },
        },
        "components": {
            "securitySchemes": {
                "scram": {"type": "scramSha512", "description": "User: the authority's id. Over TLS in production."}
            },
            "messages": {name: body for kind in kinds for name, body in _messages(kind)} | _lines(),
            "schemas": schemas(),
        },
    }


def text() -> str:
    """The file's text."""
    return "# Made by `make asyncapi`: change the models, not this file.\n" + "".join(
        f"{line}\n" for line in lines_of(document())
    )


def _server() -> Json:
    return {
        "host": "kafka.example:9093",
        "protocol": "kafka-secure",
        "description": "The operator tells the addresses, the certificates to trust and the password.",
        "security": [_ref("components", "securitySchemes", "scram")],
        "bindings": {"kafka": {"bindingVersion": _BINDING}},
    }


def _outbox(kinds: list[str]) -> Json:
    names = [name for kind in kinds for name, _ in _messages(kind)]
    return {
        "address": topics.outbox("{authority}"),
        "title": "Outbox",
        "description": "Written by its authority alone, which is thereby proven as the sender.",
        "parameters": {"authority": _authority()},
        "messages": {name: _ref("components", "messages", name) for name in names},
        "bindings": {"kafka": _topic()},
    }


def _inbox() -> Json:
    return {
        "address": topics.inbox("{authority}"),
        "title": "Inbox",
        "description": "Read by its authority alone. Lines stand in the order in which they were decided.",
        "parameters": {"authority": _authority()},
        "messages": {name: _ref("components", "messages", name) for name in _lines()},
        "bindings": {"kafka": _topic()},
    }


def _authority() -> Json:
    return {
        "description": "The own authority's id, which is also the Kafka user.",
        "examples": ["polismyndigheten", "kommun-0127"],
    }


def _topic() -> Json:
    return {"partitions": 1, "bindingVersion": _BINDING}


def _group() -> Json:
    return {"type": "string", "description": "The inbox topic's own name.", "examples": [topics.inbox("kommun-0127")]}


def _messages(kind: str) -> list[tuple[str, Json]]:
    """A kind in both forms."""
    about = (KINDS[kind].__doc__ or "").strip().splitlines()[0]
    both = {"name": f"se.samband.{kind}.v1", "title": kind, "summary": about}
    avro = {
        "contentType": cloudevents.AVRO,
        "headers": _ref("components", "schemas", "AvroHeaders"),
        "payload": {"schemaFormat": _AVRO, "schema": {"$ref": f"./avro/{kind}.avsc"}},
    }
    plain = {
        "contentType": cloudevents.JSON,
        "headers": _ref("components", "schemas", "JsonHeaders"),
        "payload": _ref("components", "schemas", kind),
    }
    binding = {"bindings": {"kafka": {"bindingVersion": _BINDING}}}
    return [(f"{kind}Avro", {**both, **avro, **binding}), (kind, {**both, **plain, **binding})]


def _lines() -> Json:
    """The sorts of inbox lines."""
    about = {
        "delivery": "A message from somebody else, without what was not released.",
        "receipt": "What came of a message of one's own.",
        "notice": "What the broker itself tells: a consent withdrawn, a term that runs out.",
    }
    return {
        f"{sort.title()}Line": {
            "name": f"se.samband.{sort}.v1",
            "title": sort.title(),
            "summary": about[sort],
            "contentType": cloudevents.JSON,
            "headers": _ref("components", "schemas", "LineHeaders"),
            "payload": _ref("components", "schemas", f"{sort.title()}Line"),
            "bindings": {"kafka": {"bindingVersion": _BINDING}},
        }
        for sort in _LINES
    }


def _ref(*path: str) -> Json:
    return {"$ref": f"#/{'/'.join(path)}"}


def main(arguments: list[str], file: Path = FILE) -> int:
    """Write the file; with `--check` say whether it differs and return 1."""
    if arguments == ["--check"]:
        if not file.exists() or file.read_text("utf-8") != text():
            sys.stdout.write("schemas/asyncapi.yaml differs: run make asyncapi\n")
            return 1
        return 0
    if arguments:
        sys.stderr.write("usage: python -m schemas.write_asyncapi [--check]\n")
        return 2
    file.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
