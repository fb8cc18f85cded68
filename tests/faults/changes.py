"""What an operator changes while messages flow: the register, the log's key."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from lines import request
from live import Provisioned

from broker import topics
from faults import kafka_side
from faults.workers import ROOT

NEWCOMER = "skola-ny"
"""Who has a login and topics from the beginning, and stands in the register only when it has changed."""
_PATIENCE = 120.0


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
        command = [sys.executable, "-m", "broker.cli"]
        environment = self.provisioned.environment(topics.LEDGER) | {"PYTHONPATH": str(ROOT)}
        environment |= {name: self.worker[name] for name in ("SAMBAND_POSTGRES_URL", "SAMBAND_KEYS", "SAMBAND_PROFILE")}
        with (self.folder / "rotate.log").open("ab") as log:
            told: Mapping[str, Any] = {"env": environment, "cwd": ROOT, "stdout": log, "stderr": log}
            ledger = subprocess.Popen([*command, "ledger"], **told)
            try:
                rotated = subprocess.Popen([*command, "rotate", "log", "--data", "postgres"], **told)
                return self._await(rotated.poll, lambda status: status is not None) == 0
            finally:
                ledger.terminate()
                ledger.wait(60)

    def _await(self, look: Callable[[], Any], holds: Callable[[Any], bool]) -> Any:
        """What is seen, once it is as it must be or the time is over."""
        until = monotonic() + _PATIENCE
        while not holds(seen := look()) and monotonic() < until:
            self.settle(0.2)
        return seen
