"""The law that is installed here, asked in this process as `samband check` asks it, without starting that each time."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from uuid import uuid4

from agents.agency import Receipt
from agents.agency.broker import NotReached
from agents.agency.embedded import Embedded
from broker.adapters.files.register_file import RegisterFile
from broker.adapters.sql.read_model import Archive
from broker.cli import missing_view
from broker.model.faults import SetUpError
from broker.ports.policy import EngineAway, PolicyDecisionPoint
from broker.ports.transport import Input
from broker.runtime import embedded

_TURN = Lock()
"""One question at a time: there is one engine."""


def check(broker: Embedded, lines: Sequence[bytes]) -> list[Receipt]:
    """Receipts with all that is missing; nothing is recorded. Raises NotReached."""
    source = f"preview {uuid4()}"
    inputs = (Input(line, source=source, number=n) for n, line in enumerate(lines, 1))
    try:
        with _TURN, embedded.trial(broker.data, _register(broker.register).current, _engine()) as law:
            receipts = list(law.pipeline.run(inputs))
            archive = Archive(law.connection)
            return [Receipt(missing_view.of_trial(receipt, archive, law.engine)) for receipt in receipts]
    except (SetUpError, EngineAway) as error:
        raise NotReached(str(error)) from None


@cache
def _engine() -> PolicyDecisionPoint:
    return embedded.policy_engine()


@cache
def _register(file: Path | None) -> RegisterFile:
    return RegisterFile(file)
