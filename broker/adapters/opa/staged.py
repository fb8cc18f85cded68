"""Laws that are announced with their first day, beside the one that is in force: each day is asked of its own.

Embedded they lie in a folder: `laws.json` lists them, each in a file named by its revision whose digest the list holds.
On a cluster they lie in the workers' database (`sql.laws`).
"""

import hashlib
import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic
from typing import Protocol

from broker.adapters.files import whole_file
from broker.bundle import Bundle
from broker.model.decision import Decision, Json, PolicyInput, Statute
from broker.ports.policy import EngineAway, PassingOn, PolicyDecisionPoint, day_of

LIST = "laws.json"
_FRESH = 1.0
"""Seconds for which the list is not looked at again."""
_LOG = logging.getLogger("samband.law")


class Announced(Protocol):
    """Where laws are announced."""

    def listed(self) -> list[Json]:
        """First day, revision and digest of each, by their first days. Raises Away, OSError or ValueError."""

    def read(self, revision: str) -> bytes:
        """What was announced under a revision (`content`). Raises Away, OSError or KeyError."""


@dataclass(frozen=True)
class FolderLaws:
    """Laws that are announced in a folder, where there is any."""

    folder: Path

    def listed(self) -> list[Json]:
        """First day, revision and digest of each."""
        try:
            rows: list[Json] = json.loads((self.folder / LIST).read_bytes())
            return rows
        except FileNotFoundError:
            return []

    def read(self, revision: str) -> bytes:
        """What was announced under a revision."""
        return (self.folder / f"{revision}.json").read_bytes()


def content_of(law: Bundle) -> bytes:
    """A law as it is announced: whole."""
    parts = {"wasm": b64encode(law.wasm).decode(), "tables": law.tables.decode(), "statutes": law.statutes}
    return json.dumps({"revision": law.revision, **parts}, ensure_ascii=False).encode()


def stage(folder: Path, law: Bundle, first_day: int) -> None:
    """Announce a law in a folder with its first day (20270101); one that was announced for that day is replaced.

    Raises OSError.
    """
    content = content_of(law)
    folder.mkdir(parents=True, exist_ok=True)
    whole_file.write(folder / f"{law.revision}.json", content, whole_file.ANYBODY)
    rows = [row for row in FolderLaws(folder).listed() if row["first_day"] != first_day]
    rows.append({"first_day": first_day, "revision": law.revision, "sha256": hashlib.sha256(content).hexdigest()})
    said = json.dumps(sorted(rows, key=lambda row: row["first_day"]), indent=1).encode() + b"\n"
    whole_file.write(folder / LIST, said, whole_file.ANYBODY)


class StagedDecisionPoint(PassingOn):
    """PolicyDecisionPoint that asks each message's day of the law in force then.

    What is announced is taken in within a second, without a restart. A law that can't be used stops everything:
    nothing is decided under one that another day has left behind.
    """

    def __init__(
        self, engine: PolicyDecisionPoint, announced: Announced, open_law: Callable[[Bundle], PolicyDecisionPoint]
    ) -> None:
        """In: the law before the first that is announced, where others are, how one is opened."""
        super().__init__(engine)
        self._announced = announced
        self._open_law = open_law
        self._seen: list[Json] = []
        self._looked = -inf
        self._later: list[tuple[int, PolicyDecisionPoint]] = []
        self._opened: dict[str, PolicyDecisionPoint] = {}

    def on(self, day: int) -> PolicyDecisionPoint:
        """The law of a day. Raises EngineAway when one that is announced can't be used."""
        self._look()
        return next((law for first, law in reversed(self._later) if first <= day), self._engine)

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        """One decision for each key, each under the law of its day. Raises EngineError: then none is decided."""
        laws: dict[int, PolicyDecisionPoint] = {}
        groups: dict[int, dict[str, PolicyInput]] = {}
        for key, asked in inputs.items():
            law = self.on(day_of(asked))
            laws[id(law)] = law
            groups.setdefault(id(law), {})[key] = asked
        if not groups:
            return self._engine.decide(inputs)
        return {key: one for law, some in groups.items() for key, one in laws[law].decide(some).items()}

    def findings(self, asked: PolicyInput) -> Json:
        """What each ground found on each item, for an explanation."""
        return self.on(day_of(asked)).findings(asked)

    def statute(self, ref: str, day: int | None = None) -> Statute | None:
        """The text behind a ground's id or a reference, in the wording of a day, or None."""
        return (self._engine if day is None else self.on(day)).statute(ref, day)

    def _look(self) -> None:
        """Take in what is announced, where that is something else than before."""
        if monotonic() - self._looked < _FRESH:
            return
        try:
            said = self._announced.listed()
            if said != self._seen:
                self._later = [(int(row["first_day"]), self._law(row)) for row in said]
        except (OSError, ValueError, KeyError, TypeError):
            raise EngineAway("a law that is announced can't be used: stage it again") from None
        if said == self._seen:
            self._looked = monotonic()
            return
        self._seen, self._looked = said, monotonic()
        self._opened = {str(row["revision"]): law for row, (_, law) in zip(said, self._later, strict=True)}
        for first, law in self._later:
            _LOG.info("law %s holds from %d", law.revision[:12], first)

    def _law(self, row: Json) -> PolicyDecisionPoint:
        revision = str(row["revision"])
        if revision not in self._opened:
            content = self._announced.read(revision)
            if hashlib.sha256(content).hexdigest() != row["sha256"]:
                raise ValueError
            law = json.loads(content)
            parts = (b64decode(law["wasm"]), law["tables"].encode(), law["statutes"])
            self._opened[revision] = self._open_law(Bundle(law["revision"], *parts))
        return self._opened[revision]
