"""What is missing for an item to be given: the smallest sets of answers, facts and consents, each proven by the law.

The law says what each ground lacks (`policies/missing`). Here such a set is tried on a copy of the question, with every
value that a fact may have (`suppositions`), until the law lets the item go; then every smaller set is asked about too.
What comes out never says how a test should be answered or what is true, only what would decide.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import NamedTuple, cast

from broker.advice import suppositions
from broker.advice.suppositions import Examples, Supposition
from broker.model.decision import Decision, PolicyInput
from broker.model.vocabulary import Circumstance, Outcome, Unit
from broker.ports.policy import PolicyDecisionPoint

SORTS = ("consent", "fact", "test")
MOST_PARTS = 6
"""Of a set: what lacks more is another matter, not a gap."""
_ROUNDS = 3
_VARIANTS = 8
"""With how many values a set that is not enough is gone on from."""


class Part(NamedTuple):
    """One answer, fact or consent that is missing: its sort (`SORTS`) and its name."""

    sort: str
    name: str


CLAIM = Part("fact", "basis")
"""That the message claims something else, or nothing."""
Way = frozenset[Part]
"""Parts which together are enough."""
_Tried = Mapping[Part, Supposition]
"""Parts of a question that are supposed, in the order in which they are stated in it."""


def part(words: Mapping[str, str]) -> Part:
    """A part as the law tells it, `{"fact": "age"}`. Raises ValueError when it is anything else."""
    ((sort, name),) = words.items()
    if sort not in SORTS or not isinstance(name, str):
        raise ValueError
    return Part(sort, name)


def order_sets(ways: Iterable[Way]) -> list[list[dict[str, str]]]:
    """The receipt's form: another claim last, else those with fewest facts and consents first, then the shortest."""
    in_order = sorted((sorted(way) for way in ways), key=lambda way: (CLAIM in way, _facts(way), len(way), way))
    return [[{sort: name} for sort, name in way] for way in in_order]


def _facts(way: Iterable[Part]) -> int:
    return sum(sort != "test" for sort, _ in way)


def smallest(ways: Iterable[Way]) -> frozenset[Way]:
    """Those of which none holds another."""
    every = set(ways)
    return frozenset(way for way in every if not any(other < way for other in every))


def ways(about: PolicyInput, index: str, engine: PolicyDecisionPoint, examples: Examples) -> Mapping[Way, str | None]:
    """The smallest sets that would let this item go; of a kind without items, with index `0`, the message.

    To each the ground that it would then go under. Raises EngineError.
    """
    by_item = any(item["item"] == int(index) for item in engine.decide({"0": about})["0"].items)
    alone = {index: about["items"][index]} if by_item else about["items"]
    return _Search(cast(PolicyInput, {**about, "items": alone}), index, engine, examples).ways()


class _Search:
    def __init__(self, about: PolicyInput, index: str, engine: PolicyDecisionPoint, examples: Examples) -> None:
        self._written = json.dumps(about)
        self._about = about
        self._index = index
        self._engine = engine
        self._examples = examples

    def ways(self) -> Mapping[Way, str | None]:
        """Round by round: what each question lacks is supposed, and what is then lacking in the next round."""
        enough: dict[Way, list[_Tried]] = {}
        further: Sequence[_Tried] = [{}]
        for n in range(_ROUNDS):
            tried = [more for before in further for more in self._nearer(before, enough)]
            further = self._judge([*tried, *(self._otherwise() if n == 0 else ())], enough)
        refs = {way: ref for variants in enough.values() for way, ref in self._least(variants).items()}
        least = smallest(refs)
        return {way: ref for way, ref in refs.items() if way in least}

    def _nearer(self, before: _Tried, enough: Collection[Way]) -> Iterator[_Tried]:
        """With what each ground lacks supposed too, unless less is enough."""
        for way, grounds in self._lacking(before).items():
            whole = way.union(before)
            if len(whole) > MOST_PARTS or any(known <= whole for known in enough):
                continue
            if not all(self._can_be_stated(name) for sort, name in way if sort == "fact"):
                continue
            new = sorted(way.difference(before))
            for values in product(*(self._values(one, grounds) for one in new)):
                yield {**before, **dict(zip(new, values, strict=True))}

    def _lacking(self, before: _Tried) -> Mapping[Way, list[str]]:
        """What the law says that each ground lacks, and the grounds that lack it."""
        lacking: dict[Way, list[str]] = {}
        for ground, finding in self._engine.findings(self._question(before)).items():
            for way in finding.get(self._index, {}).get("missing", ()):
                lacking.setdefault(frozenset(map(part, way)), []).append(ground)
        return lacking

    def _can_be_stated(self, fact: str) -> bool:
        return suppositions.can_be_stated(fact, self._about["kind"])

    def _values(self, one: Part, grounds: Iterable[str]) -> Sequence[Supposition]:
        if one.sort == "test":
            return suppositions.of_test(one.name, self._examples, grounds)
        if one.sort == "consent":
            return suppositions.of_consent(one.name)
        return suppositions.of_fact(one.name, self._examples)

    def _otherwise(self) -> Iterator[_Tried]:
        """What no ground lacks, but may have been left out: a claim, a unit, a circumstance, the secrecy."""
        about = self._about
        names = ["basis"] if about["basis"] else []
        names += (one.value for one in Circumstance if one not in about["circumstances"])
        parties = (("unit", about["sender"]), ("recipient_unit", about["recipient"]))
        names += [name for name, party in parties if party["unit"] == Unit.REGISTRY]
        names += ["secrecy" for item in about["items"].values() if not item["secrecy"]]
        for one in (Part("fact", name) for name in names if self._can_be_stated(name)):
            yield from ({one: value} for value in self._values(one, ()))

    def _judge(self, tried: Sequence[_Tried], enough: dict[Way, list[_Tried]]) -> list[_Tried]:
        """Keeps what is enough; gives what is not, the nearest with each set of parts."""
        rest: dict[Way, list[tuple[bool, _Tried]]] = {}
        for one, decision in zip(tried, self._decide([self._question(one) for one in tried]), strict=True):
            if self._lets_go(decision):
                enough.setdefault(frozenset(one), []).append(one)
            else:
                rest.setdefault(frozenset(one), []).append((self._outcome(decision) != Outcome.REFER, one))
        nearest = (sorted(others, key=lambda pair: pair[0])[:_VARIANTS] for others in rest.values())
        return [one for others in nearest for _, one in others]

    def _least(self, variants: Iterable[_Tried]) -> Mapping[Way, str | None]:
        """What of these parts is enough with any of these values: the law is asked about every part of each, once."""
        some: dict[tuple[tuple[Part, int], ...], _Tried] = {}
        for tried in variants:
            for n in range(1, len(tried) + 1):
                for chosen in combinations(tried.items(), n):
                    some.setdefault(tuple((one, id(value)) for one, value in chosen), dict(chosen))
        least: dict[Way, str | None] = {}
        for tried, decision in zip(some.values(), self._decide(map(self._question, some.values())), strict=True):
            if self._lets_go(decision):
                least.setdefault(frozenset(tried), self._ground(decision))
        return {way: least[way] for way in smallest(least)}

    def _question(self, supposed: _Tried) -> PolicyInput:
        asked = cast(PolicyInput, json.loads(self._written))
        for suppose in supposed.values():
            suppose(asked, self._index)
        return asked

    def _decide(self, asked: Iterable[PolicyInput]) -> Iterator[Decision]:
        questions = {str(n): one for n, one in enumerate(asked)}
        answers = self._engine.decide(questions)
        return (answers[key] for key in questions)

    def _outcome(self, decision: Decision) -> str:
        """The item's outcome; of a kind without items, the message's."""
        return next((item["outcome"] for item in decision.items if item["item"] == int(self._index)), decision.outcome)

    def _ground(self, decision: Decision) -> str | None:
        carried = decision.carried.get(int(self._index))
        return carried.ground if carried else next((ground["id"] for ground in decision.grounds), None)

    def _lets_go(self, decision: Decision) -> bool:
        return self._outcome(decision) in ("release", Outcome.FORWARD)
