"""What every page is given: whose desk it is, its store, its way to the broker, its clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from agents.desk.courier import Courier
from agents.desk.settings import DeskSettings
from agents.desk.store import Store


@dataclass(frozen=True)
class Desk:
    """One authority's desk."""

    authority: str
    settings: DeskSettings
    store: Store
    courier: Courier
    clock: Callable[[], datetime]
