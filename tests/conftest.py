"""Fixtures and marks that every test may use."""

import signal

from live import database, kafka, pytest_collection_modifyitems, servers

__all__ = ["database", "kafka", "pytest_collection_modifyitems", "servers"]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has its children ignore Ctrl-C; ours must heed it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
