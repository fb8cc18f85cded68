"""Fixtures and marks that every test may use."""

from live import database, kafka, pytest_collection_modifyitems, servers

__all__ = ["database", "kafka", "pytest_collection_modifyitems", "servers"]
