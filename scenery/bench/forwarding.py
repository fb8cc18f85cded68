"""Way (a) as a process: python -m scenery.bench.forwarding PLACE."""

import signal
import sys
from pathlib import Path
from threading import Event

from broker import settings
from broker.runtime.worker import BATCH
from scenery.bench.kafka_forwarder import Forwarder
from scenery.bench.kafka_topics import client
from scenery.bench.place import Place


def main(place: Place) -> None:
    """Forward until told to stop."""
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    forwarder = Forwarder(
        client(settings.kafka_user(), **{"log_level": 6}),
        transaction=place.audit,
        group=place.audit,
        outboxes=place.outboxes,
        audit=place.audit,
        inbox=place.inbox,
    )
    while not stopping.is_set():
        forwarder.step(BATCH)
    forwarder.close()


if __name__ == "__main__":
    main(Place.read(Path(sys.argv[1])))
