"""Fixtures and marks that every test may use."""

import os
import signal

import left_behind
from bundles import bundles
from hypothesis import settings
from live import database, kafka, pytest_collection_modifyitems, servers

__all__ = ["bundles", "database", "kafka", "pytest_collection_modifyitems", "servers"]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has its children ignore Ctrl-C; ours must heed it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.pop("PYTHONUNBUFFERED", None)  # as in an ordinary terminal: what waits in a buffer is to be noticed

left_behind.watch()

settings.register_profile("samband", deadline=None)  # how fast a machine is proves nothing
settings.load_profile("samband")
