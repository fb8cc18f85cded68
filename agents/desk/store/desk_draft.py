"""A message that is being written at the desk (utkast)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from agents.agency import Address, Json

State = Literal["draft", "ready", "awaits_approval", "approved", "queued", "sent", "dropped"]


@dataclass(frozen=True)
class DeskDraft:
    """A message that is being written. Its id is made with it and never changes: however often it is sent, once."""

    number: int
    message_id: str
    kind: str
    to: Address | None
    answers: str | None
    """The message that it answers: one in the inbox, by the id of its row, or an own one."""
    part: str | None
    """The category that it answers, where each is answered by itself."""
    body: Json = field(repr=False)
    how: Json = field(repr=False)
    """`unit`, `role`, `case`, `officer`."""
    state: State
    author: int
    """Who wrote in it last."""
    approver: int | None
    question: str | None = field(repr=False)
    """Why it was given back: by the second pair of eyes, or because it can't be sent."""
    saved: datetime
    version: int
    case: int
