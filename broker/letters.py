"""What the asker gets in words with a refusal: a written decision and how it is appealed, or a plain statement.

Withheld is a decision (skriftligt beslut); not held, and cannot say, are statements (besked) that claim no secrecy.
Each is written in Swedish and in English from templates; statute text stays Swedish, verbatim. Which provisions and
which time hold comes from the message and from the law's answer. Pure: nothing is read but what is given.
"""

from collections.abc import Callable, Iterator, Mapping

from broker import terms
from broker.decision import Json, Statute
from broker.gather import Gathered
from broker.messages import Refusal
from broker.messages.envelope import swedish_day
from broker.messages.parts import Assessment
from broker.references import is_reference, parse
from broker.released import told_of_test
from broker.terms import Terms
from broker.vocabulary import RefusalReason, Unit

Law = Callable[[str], Statute | None]
"""The statute behind a reference or a ground's id (`PolicyEngine.statute`)."""

_LANGUAGES = ("sv", "en")
_NOBODY, _UNCLEAR = "none", "unclear"
"""Where `appeal.to` says that there is no decision of an authority to appeal, and that it is not clear."""

_TEXTS: Mapping[str, tuple[str, str]] = {
    "translated": ("", "The Swedish text is the decision; this one is for information."),
    # --- headings
    "decision": ("BESLUT att inte lämna ut uppgifter", "DECISION not to give out information"),
    "answer": ("BESKED att uppgifter inte lämnas ut", "ANSWER that information is not given out"),
    "not_held": ("BESKED att uppgifter inte finns", "STATEMENT that information is not held"),
    "cannot_say": ("BESKED att svar inte kan ges", "STATEMENT that no answer can be given"),
    # --- who, when and about what
    "id": ("Id: {id}", "Id: {id}"),
    "day": ("Dag: {day}", "Day: {day}"),
    "case": ("Diarienummer: {case}", "Reference: {case}"),
    "by": ("Från: {decider} ({function})", "From: {decider} ({function})"),
    "to": ("Till: {receiver}", "To: {receiver}"),
    "request": ("Gäller begäran: {request}", "Concerns the request: {request}"),
    "withheld_categories": ("Det här lämnas inte ut:", "This is not given out:"),
    "not_held_categories": ("Det här finns inte hos {decider}:", "This is not held by {decider}:"),
    "cannot_say_categories": ("Det här kan {decider} inte svara på:", "Of this {decider} cannot say anything:"),
    # --- why
    "rests_on": ("Grundas på: {ref}", "Rests on: {ref}"),
    "statute": ("Lagtext, {title}:\n{text}", "Statute text (in Swedish), {title}:\n{text}"),
    "no_text": (
        "Lagtexten till {ref} finns inte i den samling som det här är skrivet ur: läs den i lagen.",
        "The text of {ref} is not in the collection that this is written from: read it in the statute.",
    ),
    "tests": ("Prövning:", "Weighing:"),
    "yes": ("ja", "yes"),
    "no": ("nej", "no"),
    "test": ("{test}: {answer}.", "{test}: {answer}."),
    "assessed_by": ("Bedömt av: {function}.", "Assessed by: {function}."),
    "under": ("Enligt {ref}.", "Under {ref}."),
    "not_held_means": (
        "Beskedet är inget beslut om sekretess. Är {decider} en myndighet kan ett skriftligt beslut begäras av den, "
        "och det kan överklagas.",
        "This is no decision on secrecy. If {decider} is an authority it can be asked for a written decision, "
        "and that can be appealed.",
    ),
    "cannot_say_means": (
        "Beskedet betyder varken att uppgifterna finns eller att de saknas, och är inget beslut om sekretess. "
        "Är {decider} en myndighet kan ett skriftligt beslut begäras av den, och det kan överklagas.",
        "This means neither that the information is held nor that it is not, and is no decision on secrecy. "
        "If {decider} is an authority it can be asked for a written decision, and that can be appealed.",
    ),
    # --- how it is appealed
    "appeal": ("Hur beslutet överklagas", "How the decision is appealed"),
    "no_appeal": ("Om svaret är fel", "If the answer is wrong"),
    "how": (
        "{receiver} får överklaga beslutet till {instance}. Skriv vilket beslut det gäller (id {id}), hur det ska "
        "ändras och varför. Ställ skrivelsen till {instance} men skicka den till {decider}, som lämnar den vidare.",
        "{receiver} may appeal the decision to {instance}. Write which decision it is (id {id}), how it should be "
        "changed and why. Address it to {instance} but send it to {decider}, which passes it on.",
    ),
    "within": (
        "Skrivelsen ska ha kommit in till {decider} inom {weeks} veckor från den dag då {receiver} fick del av "
        "beslutet.",
        "It must have reached {decider} within {weeks} weeks from the day on which {receiver} received the decision.",
    ),
    "safest": (
        "För den som företräder det allmänna räknas tiden redan från beslutets dag: räkna för säkerhets skull från "
        "{day}.",
        "For a party that represents the public interest the time runs from the day of the decision itself: to be "
        "safe, count from {day}.",
    ),
    "time_from": ("Tiden står i {ref}.", "The time is set in {ref}."),
    "time_unknown": (
        "Fråga {decider} inom vilken tid skrivelsen ska ha kommit in.",
        "Ask {decider} within what time it must have come in.",
    ),
    "court": (
        "Beslutet är en domstols. Vart det överklagas, och om det kan överklagas, beror på vilken domstol det är och "
        "vad uppgifterna hör till; domstolar har också egna regler om tid. Fråga {decider}, och skicka skrivelsen dit.",
        "The decision is a court's. Where it is appealed, and whether it can be, depends on which court it is and on "
        "what the information belongs to; courts also have their own rules on time. Ask {decider}, and send it there.",
    ),
    "nobody": (
        "{decider} är ingen myndighet. Svaret är inget myndighetsbeslut och kan inte överklagas som ett sådant. Be "
        "{decider} pröva frågan igen, eller vänd dig till den myndighet som har tillsyn över verksamheten.",
        "{decider} is not an authority. The answer is no authority's decision and cannot be appealed as one. Ask "
        "{decider} to consider it again, or turn to the authority that supervises it.",
    ),
    "unclear": (
        "Det framgår inte om {decider} ska jämställas med en myndighet. Gör den det, enligt lagtexten nedan, är svaret "
        "ett beslut som {receiver} får överklaga till kammarrätten. Fråga {decider} hur det är, och inom vilken tid "
        "skrivelsen ska ha kommit in.",
        "It is not known whether {decider} is equated with an authority. If it is, under the statute text below, the "
        "answer is a decision that {receiver} may appeal to the administrative court of appeal (kammarrätten). Ask "
        "{decider} which it is, and within what time an appeal must have come in.",
    ),
    "ask": ("Fråga {decider} hur beslutet överklagas.", "Ask {decider} how the decision is appealed."),
    # --- the decider's own text
    "own_words": ("Med egna ord, {decider}:", "In its own words, {decider}:"),
}
"""(svenska, English). Values are filled in by name, and are never templates themselves."""

_INSTANCES: Terms = {
    "kammarratten": ("kammarrätten", "the administrative court of appeal (kammarrätten)"),
    "regeringen": ("regeringen", "the Government (regeringen)"),
}


def enclosed(gathered: Gathered, appeal: Json | None, law: Law) -> Json:
    """What the delivery of a message carries in words: `decision` or `statement` {sv, en}; of other kinds nothing.

    `appeal` is the law's answer: `to`, `ref`, and `within` {weeks, ref, safest_from} where a time is known.
    """
    message = gathered.message
    if not isinstance(message, Refusal):
        return {}
    name = "decision" if message.body.reason is RefusalReason.WITHHELD else "statement"
    written = {code: _Letter(gathered, message, appeal, law, at).text() for at, code in enumerate(_LANGUAGES)}
    return {name: written}


class _Letter:
    """One letter in one language."""

    def __init__(self, gathered: Gathered, message: Refusal, appeal: Json | None, law: Law, at: int) -> None:
        self._message = message
        self._appeal = appeal
        self._law = law
        self._at = at
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
        return _TEXTS[key][self._at].format(**self._values, **values)

    def _word(self, among: Terms, key: str) -> str:
        return among[key][self._at]

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
        words = [self._word(terms.ROLES, sender.role)]
        words += [self._word(terms.UNITS, sender.unit)] if sender.unit is not Unit.REGISTRY else []
        lines = [self._say("id"), self._say("day"), self._say("case", case=_line(case)) if case else ""]
        lines += [self._say("by", function=", ".join(words)), self._say("to"), self._say("request")]
        return "\n".join(filter(None, lines))

    def _categories(self) -> str:
        body = self._message.body
        named = (f"– {self._word(terms.CATEGORIES, category)}" for category in dict.fromkeys(body.categories))
        return "\n".join((self._say(f"{body.reason.value}_categories"), *named))

    def _statute(self, ref: str) -> str:
        found = self._law(parse(ref)["provision"])
        return self._say("statute", title=found.title, text=found.text) if found else self._say("no_text", ref=ref)

    def _tests(self) -> str:
        answered = [f"– {self._test(given)}" for given in self._message.body.assessments if told_of_test(given.test)]
        return "\n".join((self._say("tests"), *answered)) if answered else ""

    def _test(self, given: Assessment) -> str:
        answer = self._say("yes" if given.holds else "no")
        told = [self._say("test", test=self._word(terms.TESTS, given.test), answer=answer)]
        told.append(self._say("assessed_by", function=_line(given.assessed_by)))
        ground = self._law(given.ground) if given.ground else None
        if ground and is_reference(ground.ref):
            told.append(self._say("under", ref=ground.ref))
        return " ".join(told)

    def _how_to_appeal(self) -> Iterator[str]:
        appeal = self._appeal
        if appeal is None:
            yield self._say("ask")
            return
        yield self._say("no_appeal" if appeal["to"] == _NOBODY else "appeal")
        if appeal["to"] in _INSTANCES:
            yield self._say("how", instance=self._word(_INSTANCES, appeal["to"]))
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
