"""The desk rings: something waits here, with nobody there for it."""

from datetime import datetime
from typing import Literal

from agents.desk.store import Store

Ring = Literal["nobody", "eyes", "late"]
"""`nobody`: no one who may answer is here; `eyes`: no one who may approve; `late`: nobody has taken it."""


def ring(store: Store, now: datetime) -> Ring | None:
    """What the desk rings for, the gravest; None: it is quiet. No clock stands still for it, nor counts as met."""
    cover = store.absences.cover()
    if not cover.present("answer") and store.inbox.has("open", now=now):
        return "nobody"
    if not cover.present("approve") and store.drafts.wait_for_approval():
        return "eyes"
    return "late" if store.inbox.has("late", whose="nobody", now=now) else None
