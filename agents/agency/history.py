"""What is remembered of a message that was sent, so that a person can follow it up: nothing of whom it is about."""

import json
from collections.abc import Iterator

from .broker import Outgoing
from .drafts import Draft
from .state import Past

_NEVER = ("Acknowledgement",)


def is_followed(draft: Draft) -> bool:
    """Whether there is something to follow up: not of what acknowledges, and never of what nobody is to know."""
    return draft.kind not in _NEVER and not draft.body.get("anonymous")


def is_anonymous(sent: Outgoing) -> bool:
    """Whether nobody is to know that it came from here."""
    return bool(json.loads(sent.message).get("body", {}).get("anonymous"))


def past(draft: Draft, sent: Outgoing) -> Past:
    """What is remembered."""
    to, own = draft.to, draft.how.get("case")
    about = [list(pair) for pair in _categories(draft)]
    return Past(sent.id, sent.kind, to.authority, to.unit, sent.time, draft.in_reply_to, own, categories=about)


def _categories(draft: Draft) -> Iterator[tuple[str, str]]:
    body = draft.body
    if draft.kind == "InformationRequest":
        yield from ((str(category), "asked") for category in body.get("categories", ()))
    if draft.kind == "Refusal":
        yield from ((str(category), str(body.get("reason"))) for category in body.get("categories", ()))
    yield from ((str(item.get("category")), "given") for item in body.get("items", ()) if isinstance(item, dict))
