"""What a running program writes to its log: one line an event on stderr, with time and level, in English.

It is read by operators and their tools, not by those who handle messages: texts for them have two languages. Nothing of
a message stands in it.
"""

import logging
import time
from collections.abc import Sequence
from importlib.metadata import version

_FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s"


def begin() -> None:
    """Write from now on what our own programs tell, and what libraries warn of. Times are UTC."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(_FORMAT, "%Y-%m-%dT%H:%M:%S"))
    assert handler.formatter is not None
    handler.formatter.converter = time.gmtime
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    logging.getLogger("samband").setLevel(logging.INFO)


def note_start(program: str, *more: str) -> None:
    """The first line: which version, and what it goes by."""
    logging.getLogger(f"samband.{program}").info("started: samband %s", ", ".join((version("samband"), *more)))


def readiness(away: Sequence[str], why: object) -> None:
    """What a program is not ready without now, and why; nothing: it is ready."""
    log = logging.getLogger("samband.health")
    if away:
        log.warning("not ready: %s%s", ", ".join(away), f" ({why})" if why else "")
    else:
        log.info("ready")
