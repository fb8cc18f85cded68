"""Way (b) as a process, as one would write it first: a Faust agent that asks the policy server about each message.

    python -m scenery.bench.faust_agent PLACE

The same law on the same server through opa-python-client, with the same facts, a message at a time; then what stands
for a record, and the message to its recipient. At least once: no transaction.
"""

import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import faust

from broker import authorities, bundle, settings
from broker.adapters.avro.codec import AvroCodec
from broker.adapters.files.signing import TokenKey
from broker.adapters.opa.server import ServerDecisionPoint
from broker.authorities import Authority
from broker.model.vocabulary import Outcome
from broker.pipeline.decode import decode
from broker.pipeline.gather import Gatherer
from broker.ports.store import Facts
from scenery.bench.kafka_forwarder import RECORD_BYTES
from scenery.bench.place import Place


class _NoFacts:
    """A store with nothing in it: a request refers to nothing."""

    def __getattr__(self, _: str) -> Any:
        return lambda *_: ()


class _Asking:
    """One message: decoded, and the law's answer."""

    def __init__(self, place: Place, folder: Path) -> None:
        opa = settings.policy_server()
        self._register = authorities.load(Path(place.register))
        self._engine = ServerDecisionPoint(bundle.load(), *opa.urls, token=opa.token, ca=opa.ca)
        tokens = TokenKey(folder / "asking.key")
        self._gatherer = Gatherer(self._register, cast(Facts, _NoFacts()), tokens)
        self._codec = AvroCodec()

    def recipient(self, line: bytes) -> str | None:
        """Who gets it; None when the law says no."""
        message = decode(line, self._codec)
        parties = [self._register.find(name) for name in (message.sender.authority, message.recipient.authority)]
        sender, recipient = (cast(Authority, party) for party in parties)
        asked = self._gatherer.gather(message, sender, recipient).asked
        decision = self._engine.decide({"0": asked})["0"]
        return recipient.id if decision.outcome == Outcome.FORWARD else None


def create_app(place: Place, folder: Path) -> faust.App:
    """The app, not started."""
    login, asking = settings.kafka_user(), _Asking(place, folder)
    app = faust.App(
        place.audit,
        env={},
        autodiscover=False,
        broker=[f"kafka://{address.strip()}" for address in login.bootstrap.split(",")],
        broker_credentials=faust.SASLCredentials(
            username=login.user, password=login.password, mechanism="SCRAM-SHA-512"
        ),
        consumer_auto_offset_reset="earliest",
        processing_guarantee="at_least_once",
        broker_commit_interval=1.0,
        broker_session_timeout=60.0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        key_serializer="raw",
        value_serializer="raw",
        datadir=str(folder / "faust"),
    )

    audit = app.topic(place.audit, value_type=bytes, key_type=bytes)
    inboxes = {party: app.topic(place.inbox + party, value_type=bytes, key_type=bytes) for party in place.ids}

    async def read(stream: Any) -> AsyncIterator[None]:
        async for event in stream.events():
            to = asking.recipient(event.value)
            where = f"{event.message.topic}/{event.message.offset}".encode()
            await audit.send(value=where.ljust(RECORD_BYTES, b"."))
            if to is not None:
                await inboxes[to].send(value=event.value, headers=event.headers)
            yield

    app.agent(app.topic(*place.outboxes, value_type=bytes, key_type=bytes), name="asking", concurrency=1)(read)
    return app


def main(file: Path) -> None:
    """Work until told to stop."""
    logging.basicConfig(level=logging.WARNING)
    app = create_app(Place.read(file), file.parent)
    faust.Worker(app, loglevel="WARNING", quiet=True, redirect_stdouts=False).execute_from_commandline()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
