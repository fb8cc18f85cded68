"""What an operator changes while messages flow: the register, the keys of log and tokens, the law to come."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

from lines import POLICE, request
from live import Provisioned
from policy_tools import POLICIES, opa_binary

from broker import bundle, topics
from broker.adapters.opa import signed_bundle
from faults import kafka_side
from faults.workers import ROOT

NEWCOMER = "skola-ny"
"""Who has a login and topics from the beginning, and stands in the register only when it has changed."""
_PATIENCE = 300.0
_TAKEN_IN = 2.0
"""Seconds after which a worker that runs goes by what is changed."""
_TODAY, _FIRST_DAY = "2026-03-02", "2050-01-01"


@dataclass
class Operator:
    """The operator of a run: `worker` is a worker's environment, `folder` keeps what commands said."""

    provisioned: Provisioned
    worker: Mapping[str, str]
    register: Path
    folder: Path
    settle: Callable[[float], None]
    """Lets the run go on for some seconds."""
    _changes: int = 0
    """How often the register was changed: so many receipts has the newcomer."""
    _asked: int = 0
    """How much the police have asked because something was changed."""

    def change_register(self) -> bool:
        """Announce one that knows the newcomer, who writes at once: whether that is decided, as of any known sender."""
        self._changes += 1
        school = {
            "authority": NEWCOMER,
            "name": f"Nya skolan {self._changes}",
            "kind": "school",
            "principal": "kommun-0980",
        }
        after = self.folder / "register.json"
        after.write_text(json.dumps([*json.loads(self.register.read_text()), school]))
        self.provisioned.admit(after)
        sender = {"authority": NEWCOMER, "unit": "school", "role": "teacher"}
        asked = request(self._changes, "housing", recipient="kommun-0980") | {"sender": sender}
        asked["recipient"] |= {"unit": "social_services"}
        out = kafka_side.Sender(self.provisioned.servers.operator)
        out.send(topics.outbox(NEWCOMER), json.dumps(asked).encode(), {"content-type": "application/json"})
        out.finish()
        receipts = self._await(self._receipts, lambda told: len(told) >= self._changes)
        return len(receipts) == self._changes and all(one["outcome"] != "quarantine" for one in receipts)

    def _receipts(self) -> list[dict[str, Any]]:
        found = kafka_side.contents(self.provisioned.servers.operator, topics.inbox(NEWCOMER))
        return [line["receipt"] for line in found if line["type"] == "receipt"]

    def rotate_log_key(self) -> bool:
        """Hand the log over to a new key, by the ledger that goes on meanwhile: whether the command says that it is."""
        with (self.folder / "rotate.log").open("ab") as log:
            ledger = self._begin(log, "ledger")
            try:
                return self._ended(self._begin(log, "rotate", "log", "--data", "postgres")) == 0
            finally:
                ledger.terminate()
                ledger.wait(60)

    def rotate_token_key(self) -> bool:
        """Have a new key make tokens: whether what is sent then is recorded under it."""
        told = self._told("rotate-token", "rotate", "token", "--data", "postgres", "--json")
        if told is None:
            return False
        self.settle(_TAKEN_IN)
        return [record["key"] for record in self._ask(_TODAY)] == [told["to"]]

    def roll_law(self) -> bool:
        """Announce another law from a day to come: whether what is of that day is decided under it, nothing else is."""
        policies, key = self.folder / "policies", self.folder / "law.pem"
        if not policies.exists():
            shutil.copytree(POLICIES, policies)
            signed_bundle.new_key(key, key.with_name(f"{key.name}.pub"))
        with (policies / "decision" / "decision.rego").open("a", encoding="utf-8") as file:
            file.write(f"\n# after {self._asked} questions\n")
        opa, law = Path(opa_binary()).absolute(), self.folder / "law.tar.gz"
        signed_bundle.build(policies, key, law, opa)
        of_law = ("--to", str(law), "--bundle-key", f"{key}.pub", "--opa", str(opa), "--first-day", _FIRST_DAY)
        told = self._told("roll", "policy", "roll", *of_law, "--data", "postgres", "--json")
        if told is None:
            return False
        self.settle(_TAKEN_IN)
        return [record["policy"] for record in self._ask(_TODAY, _FIRST_DAY)] == [
            bundle.load().revision,
            told["revision"],
        ]

    def _ask(self, *days: str) -> list[Any]:
        """The records of requests that the police send then, one of each day; fewer where they are not decided."""
        out, ids = kafka_side.Sender(self.provisioned.servers.operator), []
        for day in days:
            self._asked += 1
            asked = request(self._asked, "housing", recipient="kommun-0980") | {"time": f"{day}T09:00:00Z"}
            asked["recipient"] |= {"unit": "social_services"}
            out.send(topics.outbox(POLICE), json.dumps(asked).encode(), {"content-type": "application/json"})
            ids.append(asked["id"])
        out.finish()

        def records() -> list[Any]:
            made = kafka_side.contents(self.provisioned.servers.operator, topics.AUDIT)
            decided = (record for record in made if record["record"] == "decision")
            by_id = {record["message"]: record for record in decided if record["sender"]["authority"] == POLICE}
            return [by_id[id_] for id_ in ids if id_ in by_id]

        return list(self._await(records, lambda found: len(found) == len(ids), every=1.0))

    def _told(self, name: str, *arguments: str) -> Any:
        """What a command says last, as JSON; None where it fails. All that it said is kept."""
        with (self.folder / f"{name}.log").open("w+b") as log:
            if self._ended(self._begin(log, *arguments)) != 0:
                return None
            log.seek(0)
            return json.loads(log.read().splitlines()[-1])

    def _begin(self, log: BinaryIO, *arguments: str) -> "subprocess.Popen[bytes]":
        """A command of Samband's, as the ledger's user with what a worker has."""
        environment = self.provisioned.environment(topics.LEDGER) | {"PYTHONPATH": str(ROOT)}
        environment |= {name: self.worker[name] for name in ("SAMBAND_POSTGRES_URL", "SAMBAND_KEYS", "SAMBAND_PROFILE")}
        line = [sys.executable, "-m", "broker.cli", *arguments]
        return subprocess.Popen(line, env=environment, cwd=ROOT, stdout=log, stderr=log)

    def _ended(self, command: "subprocess.Popen[bytes]") -> int | None:
        """Its status, once it has ended."""
        status: int | None = self._await(command.poll, lambda status: status is not None)
        return status

    def _await(self, look: Callable[[], Any], holds: Callable[[Any], bool], every: float = 0.2) -> Any:
        """What is seen, once it is as it must be or the time is over."""
        until = monotonic() + _PATIENCE
        while not holds(seen := look()) and monotonic() < until:
            self.settle(every)
        return seen
