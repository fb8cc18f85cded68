"""Sample authorities that answer: a school and a municipality's social services, by a table of simple rules.

    python -m agents.agency.samples school --as skola-tallkotten --embedded samband-data --register authorities.json

They show how an adapter is filled in. What they hold of anybody is made up; a category that is not in the table is
not held. The weighing in the table stands for a human's, which a real authority's own people make.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from .adapter import Adapter
from .agency import Agency
from .broker import AgencyError, Json
from .command import add_broker, broker_of, wrong
from .drafts import Drafts
from .kept import Kept
from .lines import Delivery
from .words import Role, Unit

TABLE = json.loads((files(__package__) / "samples.json").read_text("utf-8"))
"""What each sample gives and refuses."""


class Sample(Adapter):
    """In: the name of a sample in the table; where it keeps what comes (None: nowhere)."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self._kept = Kept(folder) if folder else None
        self._rules: Json = TABLE[name]
        self.unit: Unit = self._rules["unit"]
        self.role: Role = self._rules["role"]

    def save(self, delivery: Delivery) -> str | None:
        """A file for each, and its number in the order in which they came."""
        if self._kept is None:
            return None
        self._kept.put(delivery)
        return f"PROV {len(list(self._kept))}"

    def saved(self) -> Iterable[str] | None:
        """What lies in the files."""
        return [delivery.id for delivery in self._kept] if self._kept is not None else None

    def answer(self, request: Delivery, write: Drafts) -> None:
        """Give what the table gives, refuse what it refuses, and say of the rest that it is not held."""
        gives, refuses = self._rules["gives"], self._rules["refuses"]
        asked = list(dict.fromkeys(request.body["categories"]))
        if given := [{"category": category, **gives[category]} for category in asked if category in gives]:
            write.disclose(request, given, role=self.role, unit=self.unit)
        for category in (category for category in asked if category in refuses):
            write.refuse(request, [category], reason="withheld", role=self.role, unit=self.unit, **refuses[category])
        if rest := [category for category in asked if category not in gives and category not in refuses]:
            write.refuse(request, rest, reason="not_held", role=self.role, unit=self.unit)


def main(arguments: list[str] | None = None) -> int:
    """Answer what lies in the inbox, then what comes, until nothing has come for so many seconds."""
    parser = argparse.ArgumentParser(prog="python -m agents.agency.samples", description="Sample authorities.")
    parser.add_argument("sample", choices=sorted(TABLE))
    parser.add_argument("--for", dest="seconds", type=float, default=0.0, help="seconds to wait for more")
    add_broker(parser)
    options = parser.parse_args(arguments)
    sample = Sample(options.sample)
    try:
        broker = broker_of(options)
        if broker is None:
            return wrong("say where the broker is: --embedded DIR or --kafka FILE")
        with Agency(options.authority, broker, unit=sample.unit, role=sample.role, state=options.state) as agency:
            sys.stdout.write(f"{agency.serve(sample, options.seconds)} lines handled\n")
    except AgencyError as error:
        return wrong(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main())
