"""A person answers what has come: a request category by category, a notification of concern, an order, a question.

Nothing is weighed by default: what is not answered is not stated, and the broker sends it back.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from .broker import AgencyError, Json
from .drafts import Address, Draft, Drafts, NoSecrecy, assessment, item
from .lines import Delivery, Receipt
from .prompts import Prompts
from .screens import Screen
from .texts import end_of, local_moment
from .weighing import grounds_for, holds, open_grounds, tests_of

WAYS = ("give", "part", "refuse", "not_held", "cannot_say", "not_now")
"""What can be said of a category."""
_ORDERS = ("order", "information")
_ANSWERABLE = ("InformationRequest", "ConcernNotification", "Clarification")


def is_answerable(delivery: Delivery) -> bool:
    """Whether a person answers it here; the others are acknowledged, and what is recalled is let be."""
    order = delivery.kind == "ChannelAction" and delivery.body.get("action") in _ORDERS
    return delivery.recalled_by is None and (order or delivery.kind in _ANSWERABLE)


def add_flags(parser: argparse.ArgumentParser) -> None:
    """What can be said beforehand: each prompt has its flag."""
    add, of = parser.add_argument, {"action": "append", "default": []}
    add("--give", **of, metavar="CATEGORY=TEXT|@FILE", help="give it")  # type: ignore[arg-type]
    add("--part", **of, metavar="CATEGORY=TEXT|@FILE", help="give a part; --refuse says of the rest")  # type: ignore[arg-type]
    add("--secrecy", **of, metavar="CATEGORY=REF,REF", help="secrecy that applies to it")  # type: ignore[arg-type]
    add("--no-secrecy", **of, metavar="CATEGORY=REASON", help="no provision applies, and why")  # type: ignore[arg-type]
    weigh = "CATEGORY:[GROUND/]TEST=yes|no:REASON"
    add("--weigh", **of, metavar=weigh, help="your answer to the question as the paragraph asks it")  # type: ignore[arg-type]
    add("--refuse", **of, metavar="CATEGORY=REF: TEXT", help="withheld, under what, and why")  # type: ignore[arg-type]
    add("--not-held", **of, metavar="CATEGORY", help="not held here")  # type: ignore[arg-type]
    add("--cannot-say", **of, metavar="CATEGORY", help="whether it is held can't be said")  # type: ignore[arg-type]
    add("--ask-back", metavar="TEXT", help="a question back: the clock stops")
    add("--later", metavar="TEXT", help="the answer takes time")
    add("--expected", metavar="DAY", help="with --later: when it comes")
    add("--text", help="the answer to a question back, or words along with it")
    add("--status", metavar="STATUS", help="of a notification of concern: opened, not_opened or running")
    add("--decided-on", metavar="DAY", help="of a notification of concern: day of the decision")
    add("--feedback", choices=("yes", "no"), help="tell whoever notified what was decided")
    add("--done-at", metavar="TIME", help="of an order: when it was carried out")
    add("--by", metavar="FUNCTION", help="who has weighed: a function, never a name")
    add("--case", help="your own reference number")
    add("--officer", metavar="ID", help="who decides, an id of your own: never delivered")


@dataclass(frozen=True)
class Answering:
    """In: what was said beforehand, who can be asked, what is shown, and as whom it is written."""

    said: argparse.Namespace
    prompts: Prompts
    screen: Screen
    authority: str

    def drafts(self, delivery: Delivery, remaining: Sequence[str]) -> list[Draft]:
        """What is to be sent. Raises AgencyError."""
        write = Drafts(self.authority)
        if delivery.kind == "InformationRequest":
            self._request(delivery, remaining, write)
        elif delivery.kind == "ConcernNotification":
            self._concern(delivery, write)
        elif delivery.kind == "Clarification":
            write.clarify(delivery, self._ask("text", "--text", "your_answer"), **self._how())
        else:
            self._effect(delivery, write)
        return write.written

    def _how(self) -> Any:
        named = {"case": self.said.case, "officer": self.said.officer}
        return {name: value for name, value in named.items() if value}

    def _ask(self, name: str, flag: str, question: str) -> str:
        """What a flag says, or else the person."""
        return getattr(self.said, name) or self.prompts.text(flag, self.screen.texts(question))

    def _function(self) -> str:
        """Who has weighed: asked once."""
        self.said.by = self._ask("by", "--by", "who_weighs")
        return str(self.said.by)

    # --- a request, category by category

    def _request(self, request: Delivery, remaining: Sequence[str], write: Drafts) -> None:
        said, texts = self.said, self.screen.texts
        ways = dict(self._read_ways(remaining))
        if not ways and not said.ask_back and not said.later:
            what = self.prompts.choose("--give", texts("what_now"), texts.options("answers_to_give"))
            if what == "ask_back":
                said.ask_back = self.prompts.text("--ask-back", texts("your_question"))
            elif what == "later":
                said.later = self.prompts.text("--later", texts("why_later"))
                said.expected = said.expected or self.prompts.day("--expected", texts("expected")).isoformat()
            else:
                ways = dict.fromkeys(remaining, "")
        self._answers(request, ways, write)
        if said.ask_back:
            write.clarify(request, said.ask_back, **self._how())
        if said.later:
            write.interim(request, said.later, expected=self._expected_time(), **self._how())

    def _expected_time(self) -> datetime | None:
        if not self.said.expected:
            return None
        try:
            return end_of(datetime.fromisoformat(self.said.expected).date()).astimezone(UTC)
        except ValueError:
            raise AgencyError(f"--expected: {self.screen.texts('no_day')}") from None

    def _read_ways(self, remaining: Sequence[str]) -> Iterator[tuple[str, str]]:
        for way in WAYS[:-1]:
            for one in getattr(self.said, way):
                category = self._category(one.partition("=")[0], f"--{way.replace('_', '-')}", remaining)
                if way != "refuse" or category not in {c for c, _ in self._pairs("part", remaining)}:
                    yield category, way

    def _category(self, said: str, flag: str, remaining: Sequence[str]) -> str:
        texts = self.screen.texts
        category = texts.find("categories", said, flag)
        if category not in remaining:
            raise AgencyError(texts("not_asked_for", flag=flag, category=texts.term("categories", category)))
        return category

    def _pairs(self, name: str, remaining: Sequence[str]) -> Iterator[tuple[str, str]]:
        """CATEGORY=VALUE of a flag."""
        for one in getattr(self.said, name):
            category, _, value = one.partition("=")
            yield self._category(category, f"--{name.replace('_', '-')}", remaining), value

    def _way(self, category: str) -> str:
        texts = self.screen.texts
        question = texts("what_of", category=texts.term("categories", category))
        return self.prompts.choose("--give", question, texts.options("ways", WAYS))

    def _answers(self, request: Delivery, ways: dict[str, str], write: Drafts) -> None:
        """Each category in full before the next; of one without a way the person is asked."""
        asked, how = list(ways), self._how()
        items: list[Json] = []
        withheld: list[tuple[str, tuple[str, str, list[Json]]]] = []
        simply: dict[str, list[str]] = {"not_held": [], "cannot_say": []}
        for category, said in ways.items():
            way = said or self._way(category)
            if way in ("give", "part"):
                items.append(self._item(request, category, asked))
            if way in ("refuse", "part"):
                withheld.append((category, self._refusal(request, category, asked)))
            if way in simply:
                simply[way].append(category)
        if items:
            write.disclose(request, items, **how)
        for category, (ref, text, weighed) in withheld:
            one: Any = [category]
            write.refuse(request, one, reason="withheld", ref=ref, text=text, assessments=weighed, **how)
        for reason, named in simply.items():
            if named:
                write.refuse(request, cast("Any", named), reason=cast("Any", reason), text=self.said.text or "", **how)

    def _item(self, request: Delivery, category: str, asked: Sequence[str]) -> Json:
        texts, name = self.screen.texts, self.screen.texts.term("categories", category)
        flagged = dict([*self._pairs("give", asked), *self._pairs("part", asked)])
        content = flagged.get(category) or self.prompts.text("--give", texts("content", category=name))
        secrecy = self._secrecy(category, name, asked)
        weighed = self._weigh_item(request, category, asked, none=isinstance(secrecy, NoSecrecy))
        return item(cast("Any", category), self._read(content), secrecy=secrecy, assessments=weighed)

    def _read(self, content: str) -> str:
        if not content.startswith("@"):
            return content
        try:
            return Path(content[1:]).read_text("utf-8")
        except (OSError, ValueError) as error:
            raise AgencyError(self.screen.texts("unreadable", file=content[1:], why=type(error).__name__)) from None

    def _secrecy(self, category: str, name: str, asked: Sequence[str]) -> list[str] | NoSecrecy:
        texts = self.screen.texts
        said, none = dict(self._pairs("secrecy", asked)).get(category), dict(self._pairs("no_secrecy", asked))
        if category in none:
            return NoSecrecy(by=self._function(), reason=none[category])
        if said is None:
            said = self.prompts.text("--secrecy", texts("which_secrecy", category=name))
            if said.casefold() == texts("none"):
                reason = self.prompts.text("--no-secrecy", texts("why_no_secrecy"))
                return NoSecrecy(by=self._function(), reason=reason)
        return [ref.strip() for ref in said.split(",") if ref.strip()]

    def _refusal(self, request: Delivery, category: str, asked: Sequence[str]) -> tuple[str, str, list[Json]]:
        texts, name = self.screen.texts, self.screen.texts.term("categories", category)
        ref, _, text = dict(self._pairs("refuse", asked)).get(category, "").partition(": ")
        ref = ref.strip() or self.prompts.text("--refuse", texts("refused_under", category=name))
        text = text.strip() or self.prompts.text("--refuse", texts("refused_why", category=name))
        grounds = [ground for ground in grounds_for(request, category) if ground.get("ref") == ref]
        weighed = list(self._read_weighings(category, asked)) or [
            one for ground in grounds[:1] for one in self._weigh_ground(ground, none=False)
        ]
        return ref, text, weighed

    # --- weighing: the paragraph's own question, a human's own answer

    def _weigh_item(self, request: Delivery, category: str, asked: Sequence[str], *, none: bool) -> list[Json]:
        flagged, grounds = list(self._read_weighings(category, asked)), grounds_for(request, category)
        if flagged or not self.prompts.somebody or not grounds:
            return flagged
        picked = self._pick_ground(category, grounds)
        return list(self._weigh_ground(picked, none=none)) if picked else []

    def _pick_ground(self, category: str, grounds: Sequence[Json]) -> Json | None:
        """The ground that a person weighs an item under; None: none now."""
        texts = self.screen.texts
        options = [*((str(n), self._ground(ground)) for n, ground in enumerate(grounds)), ("none", texts("weigh_none"))]
        name = texts.term("categories", category)
        picked = self.prompts.choose("--weigh", texts("which_ground", category=name), options)
        return None if picked == "none" else grounds[int(picked)]

    def _ground(self, ground: Json) -> str:
        texts = self.screen.texts
        force = f", {texts.term('forces', ground['force'])}" if ground.get("force") else ""
        return f"{ground.get('ref') or '–'}{force}: {texts.term('grounds', ground.get('id'))}"

    def _weigh_ground(self, ground: Json, *, none: bool) -> Iterator[Json]:
        for test in tests_of(ground, none=none):
            yield from self._weigh(str(ground.get("id")), test)

    def _weigh(self, ground: str, test: str) -> Iterator[Json]:
        texts = self.screen.texts
        answer = self.prompts.weigh("--weigh", texts.question(ground, test))
        if answer is not None:
            reason = self.prompts.text("--weigh", texts("why"))
            yield self._assessment(ground, test, answer, reason)

    def _assessment(self, ground: str | None, test: str, answer: bool, reason: str) -> Json:
        by = self._function()
        return assessment(cast("Any", test), holds(test, answer=answer), by=by, reason=reason, ground=ground)

    def _read_weighings(self, category: str, asked: Sequence[str]) -> Iterator[Json]:
        """What --weigh says of a category."""
        for one in self.said.weigh:
            about, _, rest = one.partition(":")
            if self._category(about, "--weigh", asked) == category:
                yield self._one_flag(rest)

    def _one_flag(self, said: str) -> Json:
        """`[GROUND/]TEST=yes|no:REASON`."""
        texts = self.screen.texts
        question, _, rest = said.partition("=")
        word, _, reason = rest.partition(":")
        ground, _, test = question.rpartition("/")
        answers = {"yes": True, "no": False, texts("yes"): True, texts("no"): False}
        if not texts.has("tests", test) or word not in answers or not reason.strip():
            raise AgencyError(texts("weigh_form"))
        return self._assessment(ground or None, test, answers[word], reason.strip())

    def weigh_more(self, draft: Draft, receipt: Receipt) -> Draft:
        """The draft with answers to what the preview asks of its items, under the ground that the person chooses."""
        items = [dict(one) for one in draft.body.get("items", ())]
        for kept in receipt.content.get("items") or ():
            grounds = list(open_grounds(kept))
            if kept["outcome"] != "refer" or not grounds:
                continue
            one = items[int(kept["item"])]
            asked = [
                {"id": ground.get("ground"), "ref": ground.get("ref"), "asks": ground["asks"]} for ground in grounds
            ]
            if picked := self._pick_ground(str(one["category"]), asked):
                one["assessments"] = [*one.get("assessments", ()), *self._weigh_ground(picked, none=False)]
        return replace(draft, body=draft.body | {"items": items})

    # --- the other kinds

    def _concern(self, delivery: Delivery, write: Drafts) -> None:
        texts, said = self.screen.texts, self.said
        options = texts.options("inquiry_statuses")
        status = (
            texts.find("inquiry_statuses", said.status, "--status")
            if said.status
            else self.prompts.choose("--status", texts("which_decision"), options)
        )
        day = said.decided_on or self.prompts.day("--decided-on", texts("decided_when")).isoformat()
        decision = {"status": status, "decided_on": day}
        own = Address(self.authority, delivery.message["recipient"].get("unit") or "registry")
        write.send("ConcernDecision", own, decision, in_reply_to=delivery.id, **self._how())
        if not delivery.body.get("feedback_requested") or delivery.sender.get("authority") == "anonymous":
            return
        tells = said.feedback or ("yes" if self.prompts.agrees("--feedback", texts("give_feedback")) else "no")
        if tells == "yes":
            flagged = [self._one_flag(one) for one in said.weigh]
            weighed = flagged or list(self._weigh("osl_26_9a", "not_unsuitable"))
            body = decision | ({"assessments": weighed} if weighed else {})
            write.send("ConcernFeedback", delivery, body, **self._how())

    def _effect(self, delivery: Delivery, write: Drafts) -> None:
        done = self.said.done_at or self.prompts.text("--done-at", self.screen.texts("done_when"))
        when = local_moment(done)
        if when is None:
            raise AgencyError(f"--done-at: {self.screen.texts('no_moment')}")
        body = {"action": "effect", "done_at": when.isoformat(), "locators": delivery.body.get("locators") or []}
        write.send(
            "ChannelAction", delivery, body | ({"text": self.said.text} if self.said.text else {}), **self._how()
        )
