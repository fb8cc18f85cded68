"""What a person does at a terminal: ask, see what awaits, read, answer, acknowledge, follow up.

There are no ids to type or read; it is the same on both brokers. Before anything is sent its outcome is shown, as far
as it can be known, and whoever sits there says whether to send. Every question has its flag, so that each command can
be scripted.
"""

import argparse
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from . import answering, asking, lines, outcome
from .agency import Agency
from .broker import AgencyError, Broker, NoReceipt
from .command import add_broker, broker_of
from .compose import now
from .drafts import Address, Draft, Drafts
from .help import Parser
from .lines import Delivery, Receipt
from .preview import preview
from .prompts import Prompts
from .screens import Screen
from .settings import Settings
from .state import Past
from .task_view import TaskView
from .texts import LANGUAGES, Parties, Texts
from .worklist import STAYS, Task, is_done, remaining, settle, worklist

COMMANDS = ("inbox", "read", "answer", "acknowledge", "ask", "status")


def add_commands(commands: "argparse._SubParsersAction[Parser]") -> None:
    """The terminal's commands, in the order that a person meets them."""
    add_command(commands, "inbox", "what awaits you, what is due first")
    read = add_command(commands, "read", "read one thing; its sender is told that a person has opened it")
    read.add_argument("number", type=int, metavar="NUMBER", help="as the inbox shows it")
    answer = add_command(commands, "answer", "answer a request, a notification of concern, an order or a question")
    answer.add_argument("number", type=int, metavar="NUMBER", help="as the inbox shows it")
    answering.add_flags(answer)
    acknowledge = add_command(
        commands, "acknowledge", "say that it is registered, not for you, or handed to another unit"
    )
    acknowledge.add_argument("number", type=int, metavar="NUMBER", help="as the inbox shows it")
    how = acknowledge.add_mutually_exclusive_group()
    how.add_argument("--registered", nargs="?", const="", metavar="REFERENCE", help="registered, under which number")
    how.add_argument("--not-for-us", action="store_true", help="not yours; --go-to says who is right")
    how.add_argument("--handed-over", metavar="UNIT", help="handed to another unit of your own authority")
    acknowledge.add_argument("--go-to", metavar="AUTHORITY", help="with --not-for-us: who is right, by name")
    acknowledge.add_argument("--of", metavar="UNIT", help="with --go-to: which part of it")
    ask = add_command(commands, "ask", "ask an authority for information about a person")
    asking.add_flags(ask)
    status = add_command(commands, "status", "what you have sent, and what has become of it")
    status.add_argument("--all", dest="every", action="store_true", help="also what is closed")
    for sends in (answer, ask):
        sends.add_argument("--send", action="store_true", help="send, without asking once more")
        sends.add_argument("--preview", action="store_true", help="show what would become of it, and send nothing")


def add_command(commands: "argparse._SubParsersAction[Parser]", name: str, what: str) -> Parser:
    """A command with what all have in common."""
    parser = commands.add_parser(name, help=what, description=what)
    parser.add_argument("--unit", help="the unit that you work at")
    parser.add_argument("--role", help="what you are there")
    parser.add_argument("--lang", choices=LANGUAGES, help="language of what is shown")
    parser.add_argument("--wait", type=float, metavar="SECONDS", help="how long to wait for the broker")
    parser.add_argument("--settings", metavar="FILE", help="file with these, instead of samband-agency.toml")
    add_broker(parser)
    return parser


def run(
    said: argparse.Namespace,
    *,
    read: Callable[[str], str] | None = None,
    write: Callable[[str], object] | None = None,
    clock: Callable[[], datetime] = now,
    broker: Broker | None = None,
) -> int:
    """Do one command. `read` asks a person; None: nobody is there. Raises AgencyError."""
    settings = Settings.of(said)
    texts = Texts(settings.lang)
    parties = Parties(texts, settings.register)
    show = write or sys.stdout.write
    width = min(shutil.get_terminal_size((88, 40)).columns, 100)
    screen = Screen(show, width, texts, parties, clock())
    prompts = Prompts(texts, read, screen.line)
    place = broker or broker_of(said)
    if settings.authority is None:
        raise AgencyError(texts("as_whom"))
    if place is None:
        raise AgencyError(texts("which_broker"))
    name, at, desk = settings.authority.partition("/")
    address = f"{parties.find(name, '--as')}{at}{desk}"
    with Agency(
        address,
        place,
        unit=settings.unit(texts),
        role=settings.role(texts),
        state=settings.state,
        sealing=settings.sealing,
        clock=clock,
    ) as agency:
        agency.resume()
        return Terminal(agency, address, place, screen, prompts, said, settings.wait).do(said.command)


@dataclass(frozen=True)
class Terminal:
    """One command for one person."""

    agency: Agency
    address: str
    """The own authority's, with the desk where it has one."""
    broker: Broker
    screen: Screen
    prompts: Prompts
    said: argparse.Namespace
    wait: float

    @property
    def view(self) -> TaskView:
        """How tasks are shown."""
        return TaskView(self.agency, self.screen)

    def do(self, command: str) -> int:
        """Exit status: 0 done, 1 what was sent did not go, or nothing was sent."""
        return {
            "inbox": self.inbox,
            "read": self.read,
            "answer": self.answer,
            "acknowledge": self.acknowledge,
            "ask": self.ask,
            "status": self.status,
        }[command]()

    # --- what awaits

    def inbox(self) -> int:
        """Everything that awaits somebody, late first."""
        screen, texts = self.screen, self.screen.texts
        tasks = worklist(self.agency, self.wait)
        late = [task for task in tasks if task.is_late(screen.now)]
        to_do = [task for task in tasks if task not in late and _wants(task)]
        rest = [task for task in tasks if task not in late and task not in to_do]
        screen.line(texts("inbox_of", whom=screen.parties.name(self.address)))
        for heading, part in (("late", late), ("to_do", to_do), ("to_read", rest)):
            if part:
                screen.heading(texts(heading, n=len(part)))
                for task in part:
                    self.view.row(task)
        screen.line()
        when = texts.clock(screen.now, screen.now)
        screen.line(texts("how_to_read", n=tasks[0].number) if tasks else texts("nothing_awaits", when=when))
        return 0

    def _task(self) -> Task:
        for task in worklist(self.agency, self.wait):
            if task.number == self.said.number:
                return task
        raise AgencyError(self.screen.texts("no_such_number", n=self.said.number))

    # --- read

    def read(self) -> int:
        """One thing in full. Of a delivery the sender is told that a person has opened it."""
        task = self._task()
        self.view.show(task)
        if isinstance(task.line, Delivery):
            if task.opened or self._is_own(task.line) or not self._acknowledge(task.line, "opened"):
                self.agency.state.mark_opened(lines.key(task.line))
        else:
            settle(self.agency, task)
        return 0

    # --- acknowledge

    def acknowledge(self) -> int:
        """Say what became of a delivery here."""
        task, texts, said = self._task(), self.screen.texts, self.said
        line = task.line
        if not isinstance(line, Delivery):
            raise AgencyError(texts("only_deliveries"))
        if self._is_own(line):
            settle(self.agency, task)
            self.screen.line(texts("done"))
            return 0
        if said.registered is None and not said.not_for_us and not said.handed_over:
            options = texts.options("acknowledged", ("registered", "not_for_us", "handed_over"))
            state = self.prompts.choose("--registered", texts("what_became"), options)
        else:
            state = "not_for_us" if said.not_for_us else "handed_over" if said.handed_over else "registered"
        sent = self._acknowledge(line, state)
        self.agency.state.mark_opened(lines.key(line))
        if self._is_done(line, state):
            settle(self.agency, task)
        return sent

    def _is_own(self, line: Delivery) -> bool:
        """Whether it is a registration of the own authority's: there is nobody else to tell."""
        return str(line.sender.get("authority")) == self.agency.authority

    def _is_done(self, line: Delivery, state: str) -> bool:
        """Whether that was all: who is asked still owes an answer, and of some kinds one stays responsible."""
        if state == "handed_over":
            return True
        if line.kind in STAYS or line.body.get("lul_notice"):
            return state == "registered" and line.kind != "ConcernNotification"
        if state == "not_for_us":
            return True
        return line.kind != "InformationRequest" or not remaining(self.agency.state, line)

    def _acknowledge(self, line: Delivery, state: str) -> int:
        write, texts, said = Drafts(self.agency.authority), self.screen.texts, self.said
        if state == "opened":
            write.opened(line)
        elif state == "registered":
            reference = getattr(said, "registered", None)
            if reference is None:
                reference = self.prompts.maybe("--registered", texts("which_reference"))
            write.registered(line, reference)
        elif state == "handed_over" and line.is_sealed:
            raise AgencyError(texts("sealed_to_you"))
        elif state == "handed_over":
            unit = said.handed_over or self.prompts.choose("--handed-over", texts("which_unit"), texts.options("units"))
            write.handed_over(line, texts.find("units", unit, "--handed-over"))  # type: ignore[arg-type]
        else:
            go_to = said.go_to or self.prompts.maybe("--go-to", texts("who_is_right"))
            write.not_for_us(line, go_to=self._right(go_to) if go_to else None)
        if self._send(write.written):
            return 1
        whom = self.screen.parties.name(line.sender.get("authority"))
        if state != "opened":
            key = "nobody_is_told" if line.sender.get("authority") == "anonymous" else "is_told"
            self.screen.line(texts(key, whom=whom, what=texts.term("acknowledged", state)))
        return 0

    def _right(self, go_to: str) -> Address:
        unit = self.screen.texts.find("units", self.said.of, "--of") if self.said.of else "registry"
        return Address(self.screen.parties.find(go_to, "--go-to"), unit)  # type: ignore[arg-type]

    # --- answer and ask

    def answer(self) -> int:
        """Answer what came, with what would become of it first."""
        task, texts = self._task(), self.screen.texts
        line = task.line
        if not isinstance(line, Delivery) or not answering.is_answerable(line):
            raise AgencyError(texts("not_answered", what=self.view.title(task)))
        left = remaining(self.agency.state, line) if line.kind == "InformationRequest" else []
        if self.prompts.somebody:
            self.view.show(task)
        answers = answering.Answering(self.said, self.prompts, self.screen, self.agency.authority)
        drafts = answers.drafts(line, left)
        if not drafts:
            self.screen.line(texts("nothing_sent"))
            return 1
        status = self._consider(drafts, line, answers)
        if is_done(self.agency.state, line, self.agency.authority):
            settle(self.agency, task)
            self.screen.line(texts("all_answered"))
        return status

    def ask(self) -> int:
        """Ask somebody, with what would become of it first."""
        return self._consider([asking.request(self.said, self.prompts, self.screen, self.agency.authority)])

    def _consider(
        self, drafts: Sequence[Draft], request: Delivery | None = None, answers: answering.Answering | None = None
    ) -> int:
        """Show what would become of drafts, let the person decide, send them, show what came of it."""
        texts, said = self.screen.texts, self.said
        while True:
            receipts = self._foresee(drafts, request)
            if said.preview or not said.send:
                decision = "no" if said.preview else self._decide(answers, receipts)
                if decision == "weigh" and answers:
                    pairs = zip(drafts, receipts, strict=True)
                    drafts = [answers.weigh_more(draft, receipt) for draft, receipt in pairs]
                    continue
                if decision == "no":
                    self.screen.line(texts("nothing_sent"))
                    return 0 if said.preview else 1
            return self._send(drafts)

    def _foresee(self, drafts: Sequence[Draft], request: Delivery | None) -> list[Receipt]:
        """Show what would become of drafts, as far as that can be known here."""
        screen, texts = self.screen, self.screen.texts
        screen.heading(texts("what_will_happen"))
        earlier = [request.message] if request else []
        register = Settings.of(self.said).register
        foreseen = preview(self.broker, self.agency.compose(drafts), earlier=earlier, register=register)
        if foreseen is None:
            screen.line(texts("no_preview"))
            return []
        if not foreseen.whole:
            screen.line(texts("preview_by_law"))
        self._outcomes(drafts, foreseen.receipts)
        return foreseen.receipts

    def _decide(self, answers: answering.Answering | None, receipts: Sequence[Receipt]) -> str:
        """Whether to send, or to answer first what the preview asks."""
        asks = answers is not None and any(receipt.open for receipt in receipts)
        words = ("yes", "weigh", "no") if asks else ("yes", "no")
        texts = self.screen.texts
        return self.prompts.choose("--send", texts("send_it"), [(word, texts(f"send_{word}")) for word in words])

    def _send(self, drafts: Sequence[Draft]) -> int:
        """Send, and tell what came of it. Exit status 1 where something did not go."""
        sent = self.agency.send_all(drafts)
        receipts = []
        with suppress(NoReceipt):
            receipts = [self.agency.receipt(one, self.wait) for one in sent]
        if len(receipts) < len(sent):
            self.screen.line(self.screen.texts("no_receipt_yet"))
            return 0
        failed = any(receipt.outcome != "forward" for receipt in receipts)
        if not all(map(is_acknowledgement, drafts)):
            self.screen.heading(self.screen.texts("what_happened"))
            self._outcomes(drafts, receipts)
        elif failed:
            self._outcomes(drafts, receipts)
        return int(failed)

    def _outcomes(self, drafts: Sequence[Draft], receipts: Sequence[Receipt]) -> None:
        for draft, receipt in zip(drafts, receipts, strict=True):
            body = draft.body
            named = [item["category"] for item in body.get("items", ())] or list(body.get("categories", ()))
            outcome.show(self.screen, draft.kind, receipt, named)

    # --- status

    def status(self) -> int:
        """What was sent, newest last, with the five states and what has been answered."""
        screen, texts, state = self.screen, self.screen.texts, self.agency.state
        worklist(self.agency, self.wait)
        screen.line(texts("status_of", whom=screen.parties.name(self.address)))
        shown = [past for past in state.history() if self.said.every or not _is_closed(past)]
        for past in shown:
            screen.line()
            screen.line(self.view.past(past))
            screen.line(self.view.states(past), 2)
            for category, how in past.categories if past.kind == "InformationRequest" else ():
                answer = past.answers.get(category, how)
                screen.field(texts.term("categories", category), texts.term("answered", answer), 2)
        if not shown:
            screen.line(texts("nothing_to_follow"))
        return 0


def is_acknowledgement(draft: Draft) -> bool:
    """Whether it only tells what became of a delivery."""
    return draft.kind == "Acknowledgement"


def _wants(task: Task) -> bool:
    """Whether somebody has to do more than read."""
    line = task.line
    return isinstance(line, Receipt) or (
        isinstance(line, Delivery) and (line.kind in ("InformationRequest", *STAYS) or bool(line.terms))
    )


def _is_closed(past: Past) -> bool:
    """Whether there is nothing left to follow up."""
    if past.kind == "InformationRequest":
        return bool(past.categories) and all(past.answers.get(category) for category, _ in past.categories)
    return "registered" in past.states
