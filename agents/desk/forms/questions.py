"""From a question on a page to the contract: each paragraph asks in its own words, and an answer becomes an assessment.

The one table of it: a test is a statement, some state the contrary of what is asked (`NEGATED`), and what speaks for
release is the law's to say (`agents.desk.law`).

| answer | assessment |
|---|---|
| yes | `holds` true; of a negated test false |
| no | `holds` false; of a negated test true |
| we have not weighed it yet | none |
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agents.agency.broker import Json
from agents.agency.drafts import omit_empty
from agents.agency.weighing import ONCE, holds, tests_of
from agents.desk import law

ANSWERS = ("yes", "no", "not_weighed")
"""Always all three, none of them set from the start."""


@dataclass(frozen=True)
class Question:
    """One test of one ground."""

    ground: str
    test: str

    @property
    def name(self) -> str:
        """Its name in a form."""
        return f"{self.ground}.{self.test}"

    def speaks_for(self, answer: str) -> bool:
        """Whether yes or no speaks for that the information is given."""
        return law.lets_go(self.test, holds=holds(self.test, answer=answer == "yes"))

    def assessment(self, answer: str, *, by: str, reason: str) -> Json | None:
        """What is sent; None of what is not weighed."""
        if answer not in ("yes", "no"):
            return None
        said: Json = {"test": self.test, "holds": holds(self.test, answer=answer == "yes"), "assessed_by": by}
        return said | omit_empty(reason=reason, ground=self.ground)


@dataclass(frozen=True)
class Way:
    """One ground that may carry: all its questions, and one way is enough."""

    ground: str
    ref: str
    force: str
    questions: tuple[Question, ...]

    def is_chosen(self, answers: Mapping[str, str]) -> bool:
        """Whether each of its questions has an answer, also that it is not weighed yet."""
        return all(answers.get(question.name) in ANSWERS for question in self.questions)

    def is_begun(self, answers: Mapping[str, str]) -> bool:
        """Whether any of its questions has an answer."""
        return any(answers.get(question.name) in ANSWERS for question in self.questions)

    def carries(self, answers: Mapping[str, str]) -> bool:
        """Whether each of its questions is answered for release."""
        weighed = (answers.get(question.name, "") for question in self.questions)
        return all(
            answer in ("yes", "no") and question.speaks_for(answer)
            for question, answer in zip(self.questions, weighed, strict=True)
        )


def ways(*lists: Iterable[Json], none: bool = False) -> list[Way]:
    """The ways of several lists of grounds (guidance, what is `open` in a receipt), in their order, each once.

    `none`: no provision on secrecy applies, and what weighs secrecy falls away.
    """
    rows: dict[str, Json] = {}
    for row in (row for rows_ in lists for row in rows_):
        id, before = str(row.get("ground") or row.get("id")), rows.get(str(row.get("ground") or row.get("id")), {})
        asks = dict.fromkeys([*(before.get("asks") or ()), *(row.get("asks") or ())])
        rows[id] = {**row, **before, "asks": list(asks)}
    return [_way(id, row, none=none) for id, row in rows.items()]


def _way(id: str, row: Json, *, none: bool) -> Way:
    force = str(row.get("force") or ("duty" if law.is_duty(id) else "permission"))
    return Way(id, str(row.get("ref") or ""), force, tuple(Question(id, test) for test in tests_of(row, none=none)))


def assessments(found: Sequence[Way], answers: Mapping[str, str], *, by: str, reason: str) -> list[Json]:
    """What has been weighed, way by way."""
    questions = [question for way in found for question in way.questions]
    weighed = (question.assessment(answers.get(question.name, ""), by=by, reason=reason) for question in questions)
    return [one for one in weighed if one is not None]


def no_provision(*, by: str, reason: str) -> Json:
    """That no provision on secrecy applies to an item, and why."""
    return {"test": ONCE, "holds": True, "assessed_by": by, "reason": reason}


def weigh(body: Json, found: Sequence[Way], answers: Mapping[str, str], *, by: str, reason: str) -> Json:
    """A body with what its page's questions say, in place of what they said before; other assessments stay."""
    asked = {(question.ground, question.test) for way in found for question in way.questions}
    others = [one for one in body.get("assessments") or () if (one.get("ground"), one.get("test")) not in asked]
    weighed = [*others, *assessments(found, answers, by=by, reason=reason)]
    return {**body, "assessments": weighed} if weighed else {name: body[name] for name in body if name != "assessments"}


def weighed(body: Json, found: Sequence[Way]) -> dict[str, list[str]]:
    """What fills the page's questions: their answers, who weighed, why."""
    form: dict[str, list[str]] = {}
    for question in (question for way in found for question in way.questions):
        for one in body.get("assessments") or ():
            if (one.get("ground"), one.get("test")) == (question.ground, question.test):
                answer = "yes" if holds(question.test, answer=True) is one.get("holds") else "no"
                said = {f"w.{question.name}": answer, "by": one.get("assessed_by"), "reason": one.get("reason")}
                form |= {name: [str(value)] for name, value in said.items() if value}
    return form
