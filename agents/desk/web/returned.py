"""What the law has sent back of the answers to a message: which questions are open, with where each is answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from agents.agency import Receipt
from agents.desk.forms.outcome import Asked, sections
from agents.desk.store import Row
from agents.desk.web.site import desk_of, words_of


@dataclass(frozen=True)
class Back:
    """An answer to one category that came back."""

    part: str
    address: str
    asked: Sequence[Asked]

    @property
    def place(self) -> str:
        """The first question that is open, else the page."""
        return f"{self.address}#{self.asked[0].place}" if self.asked else self.address


def back_of(request: Request, row: Row) -> list[Back]:
    """Each category that is unanswered still and of which something came back, the newest first."""
    store = desk_of(request).store
    back: dict[str, Back] = {}
    for receipt in reversed(store.inbox.returned(row.message)) if row.back else ():
        part = store.drafts.by_message(str(receipt.message)).part
        if part and part in row.left and part not in back:
            address = f"/m/{row.message}/svar/{row.categories.index(part) + 1}"
            back[part] = Back(part, address, asked_of(request, receipt))
    return sorted(back.values(), key=lambda one: not one.asked)


def asked_of(request: Request, receipt: Receipt) -> list[Asked]:
    """The questions that an own message came back with."""
    t, draft = words_of(request), desk_of(request).store.drafts.by_message(str(receipt.message))
    return [one for section in sections(t, draft.kind, draft.part, draft.body, receipt) for one in section.asked]
