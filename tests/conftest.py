"""Fixtures and marks that every test may use."""

import os
import signal
import sys
import tempfile
from pathlib import Path

import installed
import left_behind
import pytest
from bundles import bundles
from either_database import either_database
from hypothesis import settings
from live import database, kafka, pytest_collection_modifyitems, servers
from streams import town

__all__ = ["bundles", "database", "either_database", "kafka", "pytest_collection_modifyitems", "servers", "town"]

if missing := installed.missing():
    pytest.exit(f"{', '.join(missing)}: not installed here: run make .venv/dev", 2)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has its children ignore Ctrl-C; ours must heed it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.pop("PYTHONUNBUFFERED", None)  # as in an ordinary terminal: what waits in a buffer is to be noticed

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    sys.dont_write_bytecode = False  # the tests start the command hundreds of times: it is compiled once for all

_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30
if "TMPDIR" not in os.environ and _MEMORY.is_dir():
    # No test cuts the power, so none needs a disk: what a killed process has written is there in memory as well.
    there = os.statvfs(_MEMORY)
    if not there.f_flag & os.ST_NOEXEC and there.f_frsize * there.f_bavail >= _ROOM:  # some tests run what they write
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

left_behind.watch()

settings.register_profile("samband", deadline=None)  # how fast a machine is proves nothing
settings.load_profile("samband")
