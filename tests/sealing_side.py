"""What the tests of sealed contents share: parties of the town with keys, an agency of each, a broker in process."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from agency_side import CHILD, POLICE, SCHOOL, TOWN, clock, embedded

from agents.agency import Address, Agency, Delivery, Embedded, Json, Sealing, item, person
from agents.agency.drafts import assessment
from agents.agency.sealing_keys import OwnKeys

FIRST = date(2026, 9, 1)
WEIGHED = [assessment("overriding_reasons", False, by="rektor", reason="prövat")]


class House:
    """In: an empty folder. One register for all, which a test changes as an operator does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.register = folder / "authorities.json"
        self.keys: dict[str, list[Json]] = {}
        self.write()

    def new_key(self, address: str, first: date = FIRST, last: date | None = None) -> Json:
        """A key of an address, in its own folder and in the register."""
        row = self.own(address).new(address, first, last)
        self.keys.setdefault(address, []).append(row)
        self.write()
        return row

    def write(self) -> None:
        """The register as it is now."""
        rows = json.loads(TOWN.read_text("utf-8"))
        known = {row["authority"]: row for row in rows}
        for address, keys in self.keys.items():
            if address in known:
                known[address]["keys"] = keys
            elif keys:
                rows.append({"authority": address, "keys": keys})
        self.register.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")

    def own(self, address: str) -> OwnKeys:
        """An agency's folder of keys."""
        return OwnKeys(self.folder / "keys" / address)

    @property
    def broker(self) -> Embedded:
        """The broker, with this register."""
        known = embedded(self.folder / "data")
        return Embedded(known.data, self.register, known.command, runner=known.runner)

    def agency(self, address: str, **more: Any) -> Agency:
        """An agency that seals and opens."""
        sealing = Sealing(self.folder / "keys" / address, self.register)
        unit = {"unit": "school", "role": "rektor"} if address == SCHOOL else {"unit": "police_area"}
        return Agency(address, self.broker, clock=clock, sealing=sealing, **{**unit, **more})

    def ask(self, categories: Sequence[Any] = ("school_attendance",)) -> Delivery:
        """The Police's request, as the school reads it."""
        with self.agency(POLICE) as police:
            police.request(
                Address(SCHOOL, "school"),
                list(categories),
                purpose="prevent",
                need="kartläggning",
                subject=person(CHILD["id"]),
            )
        with self.agency(SCHOOL) as school:
            return [line for line in school.inbox() if isinstance(line, Delivery)][-1]

    def inbox(self, address: str = POLICE) -> list[Delivery]:
        """What has come there, opened as far as can be."""
        with self.agency(address) as agency:
            return [line for line in agency.inbox() if isinstance(line, Delivery)]


def given(content: str, category: Any = "school_attendance") -> Json:
    """An item that the law lets go."""
    return item(category, content, secrecy=["OSL 23:2"], assessments=WEIGHED)
