"""What every page is given: whose desk it is, its store, its way to the broker, its clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.desk.rounds import Rounds
from agents.desk.settings import DeskSettings
from agents.desk.store import Store


@dataclass(frozen=True)
class Desk:
    """One authority's desk."""

    authority: str
    settings: DeskSettings
    store: Store
    courier: Rounds[Any]
    clock: Callable[[], datetime]
