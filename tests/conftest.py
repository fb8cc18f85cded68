"""Fixtures and marks that every test may use."""

from bundles import bundles
from live import database, kafka, pytest_collection_modifyitems, servers

__all__ = ["bundles", "database", "kafka", "pytest_collection_modifyitems", "servers"]
