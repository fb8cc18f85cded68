"""A broker's log with records of a few fields, for tests of what reads it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from broker.adapters.files.signing import Signer
from broker.adapters.sql import data_folder
from broker.adapters.sql.audit_log import SqlLedger, last_checkpoint
from broker.runtime.embedded import LOG_NAME, PUBLIC_KEY


def leaf(message: str, sender: str = "polisen", recipient: str = "skolan", **said: Any) -> dict[str, Any]:
    """A decided message."""
    ends = {"sender": {"authority": sender}, "recipient": {"authority": recipient}}
    receipt = {"message": message, "outcome": "forward", "items": {}}
    head = {"version": 1, "record": "decision", "message": message, "kind": "InformationRequest"}
    time = "2026-11-20T08:00:00Z"
    return {**head, **ends, "time": time, "recorded": time, "case": None, "subject": None, "receipt": receipt, **said}


def append(folder: Path, leaves: Sequence[dict[str, Any]]) -> str:
    """Append records to a folder's log, under one checkpoint; its note."""
    with data_folder.lock(folder), data_folder.writing(folder) as connection:
        signer = Signer(folder / "keys" / "log.key", LOG_NAME)
        (folder / PUBLIC_KEY).write_text(signer.vkey)
        SqlLedger(connection, signer).append(leaves)
        connection.commit()
        last = last_checkpoint(connection)
        assert last is not None
        return last.note
