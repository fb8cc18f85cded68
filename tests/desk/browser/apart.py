"""A desk's server in a session of its own: whoever kills it kills what it has started with it."""

import os

from agents.desk.command import serve
from agents.desk.settings import DeskSettings


def serve_apart(desk: DeskSettings) -> None:
    """Serve one desk until it is killed."""
    os.setsid()
    serve([desk])
