"""Authorities with desks on one Kafka: how long to provision them, what memory that takes, and how soon a worker works.

    python -m tests.desks_load [--authorities 1200] [--desks 2]

Starts servers of its own (or takes SAMBAND_TEST_RUN), and prints one line of JSON. Seconds of a worker are from its
start until the receipt of a message that waited for it.
"""

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import streams
from lines import number, request
from live import Provisioned, Servers, emptied, emptied_database, started
from streams import Town

from broker import authorities
from broker.adapters.files.signing import TokenKey

UNITS = ("school", "leisure", "education_office", "health_care")
TOWN = "kommun-0127"


def rows(count: int, desks: int) -> list[dict[str, Any]]:
    """Schools, each with so many desks."""
    schools = [
        {"authority": f"skola-{n}", "name": f"Skola {n}", "kind": "school", "principal": TOWN} for n in range(count)
    ]
    apart = ({"authority": f"skola-{n}", "desk": unit, "units": [unit]} for n in range(count) for unit in UNITS[:desks])
    return [*schools, *apart]


def resident(servers: Servers) -> int:
    """MiB that Kafka holds in memory."""
    shown = re.search(r"kafka +up .*pid (\d+)", servers.script("check"))
    assert shown is not None
    status = Path(f"/proc/{shown[1]}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) // 1024  # type: ignore[index]


def works(town: Town, n: int, sender: str, recipient: str) -> float:
    """Seconds from a worker's start until the receipt of a message that waits for it."""
    asked = request(n, sender=sender, recipient=recipient)
    unit = sender.partition("/")[2] or "registry"
    asked["sender"] = {"authority": sender.partition("/")[0], "unit": unit, "role": "rektor"}
    town.send(sender, {**asked, "id": number(n)})
    begun, before = monotonic(), len(town.receipts(sender))
    with town.worker():
        town.awaited(before + 1, sender)
        return monotonic() - begun


def measured(servers: Servers, folder: Path, count: int, desks: int) -> dict[str, Any]:
    """All of it, once."""
    register = folder / "register.json"
    register.write_text(json.dumps(rows(count, desks)))
    begun = monotonic()
    known = authorities.load(register)
    read = monotonic() - begun
    addresses = [address for address in known.addresses() if address.startswith("skola-")]
    bare = resident(servers)
    begun = monotonic()
    cluster: Provisioned = emptied(servers, addresses, patience=900)
    provisioned = monotonic() - begun
    print(f"provisioned in {provisioned:.1f} s, Kafka holds {resident(servers)} MiB", file=sys.stderr)
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    TokenKey(keys / "token.key", create=True)
    with emptied_database(servers) as database:
        town = Town(cluster, database, keys, register)
        first = works(town, 1, f"skola-0/{UNITS[0]}", "skola-1")
        again = works(town, 2, f"skola-{count - 1}/{UNITS[desks - 1]}", "skola-1")
    return {
        "authorities": count,
        "addresses": len(addresses),
        "topics": 2 * len(addresses) + 3,
        "register_s": round(read, 2),
        "provision_s": round(provisioned, 1),
        "kafka_mib": {"before": bare, "after": resident(servers)},
        "worker_s": {"first_start": round(first, 1), "again": round(again, 1)},
    }


def main() -> None:
    """Measure, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--authorities", type=int, default=1200)
    parser.add_argument("--desks", type=int, default=2, choices=range(1, len(UNITS) + 1))
    told = parser.parse_args()
    streams.PATIENCE = 600.0
    with started() as servers, tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measured(servers, Path(folder), told.authorities, told.desks)))


if __name__ == "__main__":
    main()
