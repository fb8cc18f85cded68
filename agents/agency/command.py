"""What the commands of the agency's side have in common: where the broker is, and how an error ends."""

import argparse
import sys
from pathlib import Path

from .broker import Broker
from .embedded import Embedded
from .on_kafka import Kafka

WRONG = 2
"""Exit status when input or set-up is wrong."""


def add_broker(parser: argparse.ArgumentParser) -> None:
    """Options that say as whom, and where."""
    parser.add_argument("--as", dest="authority", metavar="AUTHORITY", help="the own authority's id")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--embedded", type=Path, metavar="DIR", help="folder of a broker on this machine")
    where.add_argument("--kafka", type=Path, metavar="FILE", help="file of settings with the login to Kafka")
    parser.add_argument("--register", type=Path, metavar="FILE", help="the register: more authorities, and their keys")
    parser.add_argument(
        "--sealing", type=Path, metavar="DIR", help="folder of your own keys, which open what is sealed"
    )
    parser.add_argument("--state", type=Path, metavar="FILE", help="what is remembered over restarts")


def broker_of(options: argparse.Namespace) -> Broker | None:
    """The broker that the options name; None when they name none. Raises AgencyError."""
    if options.embedded is not None:
        return Embedded(options.embedded, options.register)
    return Kafka.from_file(options.kafka) if options.kafka is not None else None


def wrong(line: str) -> int:
    """Say what is wrong, in one line."""
    sys.stderr.write(f"samband-agency: {' '.join(line.split())}\n")
    return WRONG
