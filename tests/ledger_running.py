"""`samband ledger` in processes of their own: each dies (kill -9) at a point of its first or second batch.

    python ledger_running.py ARGUMENT…

Prints how each ended: its point and its exit status.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from broker.adapters.files.checkpoint_file import PublishedFile
from broker.adapters.sql.audit_log import SqlLedger
from broker.adapters.sql.published_log import AuditLedger
from broker.cli import main
from broker.runtime import ledger  # noqa: F401 - so that each process need not

POINTS: dict[str, tuple[type, str, bool]] = {
    "before append": (AuditLedger, "append", False),
    "after append": (SqlLedger, "keep", True),
    "after signing": (SqlLedger, "put_back", True),
    "before publishing": (PublishedFile, "write", False),
    "before commit": (PublishedFile, "write", True),
    "after commit": (AuditLedger, "append", True),
}
"""The method, and whether the process dies after it or before it."""


def dying(method: Callable[..., Any], nth: int, after: bool) -> Callable[..., Any]:
    """The method, deadly the nth time."""
    left = nth

    def called(*arguments: Any, **named: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = method(*arguments, **named)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return called


if __name__ == "__main__":
    for n, (point, (owner, name, after)) in enumerate(POINTS.items()):
        if (child := os.fork()) == 0:
            setattr(owner, name, dying(getattr(owner, name), 1 + n % 2, after))
            main(sys.argv[1:])
        _, status = os.waitpid(child, 0)
        print(f"{point}: {os.waitstatus_to_exitcode(status)}", flush=True)
