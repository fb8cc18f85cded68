"""What awaits a person: lines that nobody is done with, and messages that came back; each with a number that stays.

Nothing of what lines say is kept here: the inbox is asked each time, and the state knows what is done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from . import lines
from .agency import Agency
from .broker import Json
from .lines import Delivery, Line, Notice, Receipt
from .state import Past, State
from .texts import moment

REGISTRATIONS = ("ConsentGiven", "ConsentWithdrawn", "CooperationAgreement")
"""Kinds that an authority sends to itself: of its own there is nothing to do."""
CLOSES = {
    "ConcernNotification": "ConcernDecision",
    "ChannelAction": "ChannelAction",
    "Clarification": "Clarification",
}
"""The kind of reply after which nothing more is to be done with a delivery of a kind; the others are acknowledged."""
_BACK = "back"
_ON_ITS_WAY = "on_its_way"
STAYS = ("ConcernNotification", "ConditionNotice")
"""Kinds whose recipient stays responsible until it has decided, or passed it on."""


@dataclass(frozen=True)
class Task:
    """One thing to do; `notices` are the broker's about it."""

    number: int
    line: Line | Receipt
    opened: bool = False
    notices: tuple[Notice, ...] = ()

    @property
    def terms(self) -> list[tuple[str, datetime]]:
        """What runs out when, soonest first."""
        terms = self.line.terms if isinstance(self.line, Delivery) else []
        terms_ = [(str(term.get("clock")), moment(term.get("due"))) for term in terms]
        return sorted(((clock, due) for clock, due in terms_ if due), key=lambda term: term[1])

    def is_late(self, now: datetime) -> bool:
        """Whether a time has passed."""
        return any(due < now for _, due in self.terms)


def worklist(agency: Agency, timeout: float) -> list[Task]:
    """What awaits somebody, what is due soonest first. What has been answered in full is done with, and left out."""
    waiting = []
    for line in agency.waiting(timeout):
        if is_done(agency.state, line, agency.authority):
            agency.settle(line)
        else:
            waiting.append(line)
    here = {line.id for line in waiting if isinstance(line, Delivery)}
    notices = [line for line in waiting if isinstance(line, Notice)]
    state = agency.state
    with state.together():
        tasks = [
            _task(state, line, notices)
            for line in waiting
            if not (isinstance(line, Notice) and line.content.get("message") in here)
        ]
        tasks += [_task(state, Receipt(content), notices) for content in _came_back(state)]
    last = datetime.max.replace(tzinfo=moment("2026-01-01").tzinfo)  # type: ignore[union-attr]
    return sorted(tasks, key=lambda task: (task.terms[0][1] if task.terms else last, task.number))


def _task(state: State, line: Line | Receipt, notices: list[Notice]) -> Task:
    key = lines.key(line)
    about = line.id if isinstance(line, Delivery) else None
    of_it = tuple(notice for notice in notices if about and notice.content.get("message") == about)
    return Task(state.number(key), line, state.is_opened(key), of_it)


def _came_back(state: State) -> Iterator[Json]:
    """Receipts of messages that a human has to look at; of the others nothing is to be done."""
    for n, content in state.new_receipts():
        receipt = Receipt(content)
        if receipt.outcome == "forward" and not receipt.partial and not receipt.warnings:
            state.mark_shown(n)
        else:
            yield content


def settle(agency: Agency, task: Task) -> None:
    """A person is done with a task, and with what the broker has told of it."""
    if isinstance(task.line, Receipt):
        for n, content in agency.state.new_receipts():
            if Receipt(content).message == task.line.message:
                agency.state.mark_shown(n)
        return
    for line in (*task.notices, task.line):
        agency.settle(line)


def is_done(state: State, line: Line, own: str) -> bool:
    """Whether a line asks nothing more of anybody."""
    if not isinstance(line, Delivery):
        return False
    if line.kind == "Acknowledgement":
        return True
    if line.kind in REGISTRATIONS and line.sender.get("authority") == own:
        return True
    if line.recalled_by is not None:
        return False
    if line.kind == "InformationRequest":
        return not remaining(state, line)
    sent = [past for past in replies(state, line) if past.kind == CLOSES.get(line.kind)]
    return any(receipt.outcome == "forward" for past in sent if (receipt := _receipt(state, past)))


def answers_to(state: State, request: Delivery) -> dict[str, str]:
    """How each category of a request has been answered; `back`: the broker sent it back."""
    answers: dict[str, str] = {}
    for past in replies(state, request):
        receipt = _receipt(state, past)
        for index, (category, how) in enumerate(past.categories):
            came = _ON_ITS_WAY if receipt is None else how if _goes(receipt, past, index) else _BACK
            if answers.get(category) in (None, _BACK, _ON_ITS_WAY) or came not in (_BACK, _ON_ITS_WAY):
                answers[category] = came
    return answers


def remaining(state: State, request: Delivery) -> list[str]:
    """Categories of a request that are not answered yet."""
    said = answers_to(state, request)
    asked = dict.fromkeys(map(str, request.body.get("categories") or ()))
    return [category for category in asked if said.get(category, _BACK) in (_BACK, _ON_ITS_WAY)]


def replies(state: State, delivery: Delivery) -> list[Past]:
    """What has been sent in reply to a delivery."""
    return [past for past in state.history() if past.in_reply_to == delivery.id]


def _receipt(state: State, past: Past) -> Receipt | None:
    content = state.receipt(past.id)
    return Receipt(content) if content else None


def _goes(receipt: Receipt, past: Past, index: int) -> bool:
    if receipt.outcome != "forward":
        return False
    items = {int(item["item"]): item["outcome"] for item in receipt.content.get("items") or ()}
    return past.kind == "Refusal" or items.get(index, "release") == "release"
