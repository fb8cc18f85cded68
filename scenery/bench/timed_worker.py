"""The worker with clocks around its parts: python -m scenery.bench.timed_worker FILE REGISTER.

Writes its seconds by stage into FILE at each SIGUSR1, and begins anew.
"""

import json
import signal
import sys
from pathlib import Path
from typing import Any

from broker.cli import main as samband
from scenery.bench import clocks


def main(file: Path, register: str) -> None:
    """Work until told to stop."""
    with clocks.running() as running:

        def tell(*_: Any) -> None:
            written = file.with_suffix(".new")
            written.write_text(json.dumps(running.seconds), "utf-8")
            written.replace(file)
            running.begin()

        signal.signal(signal.SIGUSR1, tell)
        samband(["worker", "--register", register])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
