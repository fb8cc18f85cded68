"""A desk's draft as a message of the agency's side."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from agents.agency import Address, Delivery
from agents.agency.compose import Pen
from agents.agency.drafts import Draft, How
from agents.desk.settings import DeskSettings
from agents.desk.store import DeskDraft, Store
from agents.desk.store.drafts import is_anonymous
from broker.web.faults import Missing

_NO_REPLY = ("Acknowledgement", "Recall")
"""Kinds that name what they are about in their body."""
_TELLING = ("officer", "case")
"""What would tell who sent an anonymous message."""


def pen_of(settings: DeskSettings, clock: Callable[[], datetime]) -> Pen:
    """What writes a desk's messages; those of the public's page for somebody of whom nothing is said."""
    unit, role = ("registry", "individual") if settings.public else (settings.unit, settings.role)
    return Pen(
        settings.authority.partition("/")[0], cast("Any", unit), cast("Any", role), clock, os.urandom, settings.sealer
    )


def draft_of(store: Store, draft: DeskDraft) -> Draft:
    """The message with the draft's own id. Raises Missing, Destroyed."""
    answered = answered_by(store, draft)
    reply = answered.id if answered else draft.answers
    hidden = _TELLING if is_anonymous(draft.body) else ()
    how = {name: value for name, value in draft.how.items() if value and name not in hidden}
    return Draft(
        cast("Any", draft.kind),
        draft.to or Address(""),
        draft.body,
        None if draft.kind in _NO_REPLY else reply,
        cast("How", how),
        answered.trace if answered else None,
        draft.message_id,
    )


def answered_by(store: Store, draft: DeskDraft) -> Delivery | None:
    """The delivery that a draft answers; None where it answers none, or an own message."""
    if draft.answers is None:
        return None
    try:
        line = store.inbox.content(draft.answers)
    except Missing:
        return None
    return line if isinstance(line, Delivery) else None
