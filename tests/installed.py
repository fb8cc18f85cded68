"""Whether what is installed is what the tests are to run with."""

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements-dev.lock"


def missing() -> list[str]:
    """What the lock file names and this environment lacks."""
    named = re.findall(r"^([a-z0-9._-]+)==(\S+)(?: ;)?", LOCK.read_text("utf-8"), re.MULTILINE | re.IGNORECASE)
    return [name for name, _ in named if not _is_here(name)]


def _is_here(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
