"""What the asker gets in words with a refusal: a written decision and how it is appealed, or a plain statement.

Withheld is a decision (skriftligt beslut); not held, and cannot say, are statements (besked) that claim no secrecy.
Each is written in Swedish and in English from templates; statute text stays Swedish, verbatim. Which provisions and
which time hold comes from the message and from the law's answer. Pure: nothing is read but what is given.
"""

from collections.abc import Callable, Iterator

from broker import texts
from broker.kinds import Refusal
from broker.model.days import swedish_day
from broker.model.decision import Json, Statute
from broker.model.parts import Assessment
from broker.model.references import is_reference, parse
from broker.model.vocabulary import RefusalReason, Unit
from broker.pipeline.gather import Gathered
from broker.pipeline.released import may_tell_answer

Law = Callable[[str], Statute | None]
"""The statute behind a reference or a ground's id, as worded on the decision's day (`PolicyDecisionPoint.statute`)."""

_NOBODY, _UNCLEAR = "none", "unclear"
"""Where `appeal.to` says that there is no decision of an authority to appeal, and that it is not clear."""


def enclose(gathered: Gathered, appeal: Json | None, law: Law) -> Json:
    """What the delivery of a message carries in words: `decision` or `statement` {sv, en}; of other kinds nothing.

    `appeal` is the law's answer: `to`, `ref`, and `within` {weeks, ref, safest_from} where a time is known.
    """
    message = gathered.message
    if not isinstance(message, Refusal):
        return {}
    name = "decision" if message.body.reason is RefusalReason.WITHHELD else "statement"
    written = {lang: _Letter(gathered, message, appeal, law, lang).text() for lang in texts.LANGUAGES}
    return {name: written}


class _Letter:
    """One letter in one language."""

    def __init__(self, gathered: Gathered, message: Refusal, appeal: Json | None, law: Law, lang: str) -> None:
        self._message = message
        self._appeal = appeal
        self._law = law
        self._lang = lang
        self._values = {
            "id": str(message.id),
            "day": swedish_day(message.time).isoformat(),
            "decider": gathered.sender.name,
            "receiver": gathered.recipient.name,
            "request": str(message.in_reply_to),
        }

    def text(self) -> str:
        """The whole letter: paragraphs with an empty line between."""
        withheld = self._message.body.reason is RefusalReason.WITHHELD
        paragraphs = self._decision() if withheld else self._statement()
        return "\n\n".join(part for part in (*paragraphs, *self._own_words()) if part)

    def _say(self, key: str, **values: str) -> str:
        return self._word("letters", key).format(**self._values, **values)

    def _word(self, table: str, key: str) -> str:
        return texts.text(self._lang, table, key)

    def _decision(self) -> Iterator[str]:
        private = self._appeal is not None and self._appeal["to"] == _NOBODY
        yield self._say("answer" if private else "decision")
        yield self._say("translated") if not private else ""
        yield self._head()
        yield self._categories()
        if ref := self._message.body.ref:
            yield self._say("rests_on", ref=ref)
            yield self._statute(ref)
        yield self._tests()
        yield from self._how_to_appeal()

    def _statement(self) -> Iterator[str]:
        reason = self._message.body.reason.value
        yield self._say(reason)
        yield self._head()
        yield self._categories()
        yield self._tests()
        yield self._say(f"{reason}_means")

    def _head(self) -> str:
        sender, case = self._message.sender, self._message.case
        words = [self._word("roles", sender.role)]
        words += [self._word("units", sender.unit)] if sender.unit is not Unit.REGISTRY else []
        lines = [self._say("id"), self._say("day"), self._say("case", case=_line(case)) if case else ""]
        lines += [self._say("by", function=", ".join(words)), self._say("to"), self._say("request")]
        return "\n".join(filter(None, lines))

    def _categories(self) -> str:
        body = self._message.body
        named = (f"– {self._word('categories', category)}" for category in dict.fromkeys(body.categories))
        return "\n".join((self._say(f"{body.reason.value}_categories"), *named))

    def _statute(self, ref: str) -> str:
        statute = self._law(parse(ref)["provision"])
        return (
            self._say("statute", title=statute.title, text=statute.text) if statute else self._say("no_text", ref=ref)
        )

    def _tests(self) -> str:
        answered = [f"– {self._test(given)}" for given in self._message.body.assessments if may_tell_answer(given.test)]
        return "\n".join((self._say("tests"), *answered)) if answered else ""

    def _test(self, given: Assessment) -> str:
        answer = self._say("yes" if given.holds else "no")
        sentences = [self._say("test", test=self._word("tests", given.test), answer=answer)]
        sentences.append(self._say("assessed_by", function=_line(given.assessed_by)))
        ground = self._law(given.ground) if given.ground else None
        if ground and is_reference(ground.ref):
            sentences.append(self._say("under", ref=ground.ref))
        return " ".join(sentences)

    def _how_to_appeal(self) -> Iterator[str]:
        appeal = self._appeal
        if appeal is None:
            yield self._say("ask")
            return
        yield self._say("no_appeal" if appeal["to"] == _NOBODY else "appeal")
        if appeal["to"] in texts.ids("instances"):
            yield self._say("how", instance=self._word("instances", appeal["to"]))
            yield from self._time(appeal.get("within"))
        else:
            yield self._say({_NOBODY: "nobody", _UNCLEAR: "unclear"}.get(appeal["to"], "court"))
        if appeal["ref"]:
            yield self._statute(appeal["ref"])

    def _time(self, within: Json | None) -> Iterator[str]:
        if within is None:
            yield self._say("time_unknown")
            return
        said = [self._say("within", weeks=str(within["weeks"]))]
        said += [self._say("safest")] if within["safest_from"] == "decided" else []
        yield " ".join((*said, self._say("time_from", ref=within["ref"])))
        yield self._statute(within["ref"])

    def _own_words(self) -> Iterator[str]:
        """Last, so that nothing which the decider writes can pass for a part of the letter that follows."""
        if self._message.body.text.strip():
            yield f"{self._say('own_words')}\n{self._message.body.text}"


def _line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
