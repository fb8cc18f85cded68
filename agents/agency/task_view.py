"""What a person sees of a task: in a row of a list, or in full; of what was sent, how far it has come."""

from dataclasses import dataclass

from . import answering, ids, lines, outcome
from .agency import Agency
from .lines import Delivery, Notice, Receipt, Unknown
from .screens import Screen
from .state import Past
from .worklist import Task, answers_to, remaining, replies

_STEPS = ("opened", "registered", "not_for_us", "handed_over")
_PUT_OFF = (("Clarification", "asked_back"), ("Interim", "answer_later"))


@dataclass(frozen=True)
class TaskView:
    """In: whose they are, and where they are shown."""

    agency: Agency
    screen: Screen

    def row(self, task: Task) -> None:
        """A task in the list: what it is, what runs out when, how far it has come."""
        screen = self.screen
        screen.line(f"{task.number:>3}  {self.title(task)}")
        for term in self._terms(task):
            screen.line(term, 3)
        if marks := list(self._marks(task)):
            screen.line(" · ".join(marks), 3)

    def title(self, task: Task) -> str:
        """What a task is, in a few words."""
        texts, line = self.screen.texts, task.line
        if isinstance(line, Delivery):
            sender, unit = self.screen.parties.name(line.sender.get("authority")), line.sender.get("unit")
            part = f" ({texts.term('units', unit)})" if unit and unit != "registry" else ""
            return texts("from", kind=texts.term("kinds", line.kind), whom=f"{sender}{part}")
        if isinstance(line, Receipt):
            return texts("came_back", what=self._own(line.message))
        if isinstance(line, Notice):
            return texts.term("notices", line.notice)
        return texts("unknown_line")

    def _own(self, message: str | None) -> str:
        """A message of one's own, as a person knows it."""
        texts = self.screen.texts
        past = next((past for past in self.agency.state.history() if past.id == message), None)
        if past:
            return self.past(past)
        sent = ids.moment(message)
        return texts("a_message_of_yours", when=texts.clock(sent, self.screen.now) if sent else "–")

    def _name(self, message: str) -> str:
        """A message that somebody has sent here, by its number where it still waits; or one of one's own."""
        for line in self.agency.waiting():
            if isinstance(line, Delivery) and line.id == message:
                task = Task(self.agency.state.number(lines.key(line)), line)
                return f"{task.number}, {self.title(task)}"
        return self._own(message)

    def past(self, past: Past) -> str:
        """A message that was sent, as a person knows it."""
        texts = self.screen.texts
        case = f" ({past.case})" if past.case else ""
        when = self.screen.when(past.time)
        to = self.screen.parties.name(past.authority)
        return texts("sent_to", kind=texts.term("kinds", past.kind), whom=to, when=when) + case

    def _terms(self, task: Task) -> list[str]:
        texts, now_ = self.screen.texts, self.screen.now
        terms = [
            texts("was_due" if due < now_ else "due", what=texts.term("clocks", clock), when=texts.clock(due, now_))
            for clock, due in task.terms
        ]
        return list(dict.fromkeys(terms))

    def _marks(self, task: Task) -> list[str]:
        texts, line, state = self.screen.texts, task.line, self.agency.state
        if not isinstance(line, Delivery):
            return []
        marks = [texts("opened" if task.opened else "new")]
        if line.recalled_by:
            marks.append(texts("recalled"))
        if line.body.get("immediate") or line.body.get("urgency") == "immediate":
            marks.append(texts("at_once"))
        if line.kind == "InformationRequest":
            left, asked = remaining(state, line), line.body.get("categories") or ()
            if len(left) < len(asked):
                marks.append(texts("partly_answered", n=len(asked) - len(left), of=len(asked)))
            sent = {past.kind for past in replies(state, line)}
            marks += [texts(mark) for kind, mark in _PUT_OFF if kind in sent]
        return [*marks, *(texts.term("notices", notice.notice) for notice in task.notices[-1:])]

    def show(self, task: Task) -> None:
        """A task in full."""
        screen, texts, line = self.screen, self.screen.texts, task.line
        screen.heading(self.title(task))
        if isinstance(line, Receipt):
            past = next((past for past in self.agency.state.history() if past.id == line.message), None)
            named = [category for category, _ in past.categories] if past else []
            outcome.show(screen, past.kind if past else "", line, named)
        elif isinstance(line, Notice):
            self._notice(line)
        elif isinstance(line, Unknown):
            screen.line(texts("unknown_told"))
        else:
            self._delivery(task, line)

    def _notice(self, notice: Notice) -> None:
        screen, texts, content = self.screen, self.screen.texts, notice.content
        screen.notice(content)
        for message in content.get("messages") or [content.get("message")]:
            if message:
                screen.line(texts("about", what=self._name(str(message))))

    def _delivery(self, task: Task, line: Delivery) -> None:
        screen, texts = self.screen, self.screen.texts
        if line.kind == "InformationRequest":
            for sentence in screen.first_of_all(line.body):
                screen.line(f"☞ {sentence}")
        if line.pass_on:
            screen.line(f"☞ {texts('pass_on')}")
        screen.field(texts("came"), screen.when(line.message.get("time")))
        if line.message.get("case"):
            screen.field(texts("their_case"), str(line.message["case"]))
        if line.in_reply_to:
            screen.field(texts("answers"), self._own(line.in_reply_to))
        for term in self._terms(task):
            screen.line(f"⏱ {term}")
        if line.recalled_by:
            screen.line(texts("recalled_told"))
            return
        screen.body(line.kind, line.body)
        for category, how in line.answers.items():
            screen.field(texts.term("categories", category), texts.term("answered", how))
        self._guidance(line)
        screen.line()
        screen.line(texts("next_answer" if answering.is_answerable(line) else "next_register", n=task.number))

    def _guidance(self, line: Delivery) -> None:
        screen, texts = self.screen, self.screen.texts
        said = answers_to(self.agency.state, line) if line.kind == "InformationRequest" else {}
        for row in line.guidance:
            category = str(row.get("category"))
            screen.line()
            how = f" – {texts.term('answered', said[category])}" if category in said else ""
            screen.line(f"{texts.term('categories', category)}{how}")
            for force in ("duty", "permission"):
                refs = [str(g.get("ref") or "–") for g in row.get("grounds") or () if g.get("force") == force]
                if refs:
                    screen.line(f"{texts.term('forces', force)}: {', '.join(dict.fromkeys(refs))}", 1)
            rare = [str(g.get("ref") or "–") for g in row.get("grounds") or () if g.get("force") == "narrow"]
            if rare:
                screen.line(texts("in_special_cases", refs=", ".join(dict.fromkeys(rare))), 1)
            for bar in row.get("bars") or ():
                screen.line(texts("exempt", ref=bar.get("ref") or "–"), 1)
            if not row.get("grounds"):
                screen.line(texts("no_ground"), 1)

    def states(self, past: Past) -> str:
        """How far a message has come: delivered, opened, registered."""
        texts, content = self.screen.texts, self.agency.state.receipt(past.id)
        if content is None:
            return texts("state_sent")
        receipt = Receipt(content)
        if receipt.outcome != "forward":
            return texts(f"state_{receipt.outcome}")
        steps = [texts("state_delivered_partly" if receipt.partial else "state_delivered")]
        for step in _STEPS:
            if step in past.states or (step == "opened" and "registered" in past.states):
                reference = past.states.get(step, "")
                steps.append(texts.term("acknowledged", step) + (f" {reference}" if reference else ""))
        return " → ".join(steps)
