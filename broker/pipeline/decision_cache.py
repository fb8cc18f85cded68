"""Decisions remembered by their policy input: the same facts under the same law give the same answer.

An input holds all that the law may see, and no identity. The law names state authorities; one municipality, region
or school it can't tell from another of the same sort but by how the name begins and whether two are the same. So those
are remembered by sort and place in the input instead of by name (`tests/test_decision_cache.py` holds the law to it).

What is remembered is never given out unless the engine has answered in the same breath, be it to an empty question:
one that is away, or has another law, stops everything.
"""

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b

from broker.model.canonical import canonical
from broker.model.decision import Decision, PolicyInput
from broker.ports.policy import PassingOn, PolicyDecisionPoint, day_of

MOST = 50_000
"""Decisions that are kept; one takes some kilobytes. Those not asked for longest go first."""

UNNAMED = ("kommun-", "region-", "skola-")
"""How the names begin of those whom the law does not name. A school of a state authority is that authority in law."""


class DecisionCache(PassingOn):
    """PolicyDecisionPoint that asks another one for what it does not remember."""

    def __init__(self, engine: PolicyDecisionPoint, most: int = MOST) -> None:
        super().__init__(engine)
        self._most = most
        self._known: OrderedDict[bytes, Decision] = OrderedDict()

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        """One decision for each key; equal inputs are asked once. Raises EngineError: then none is decided."""
        places = {key: _place(asked, self._engine.on(day_of(asked)).revision) for key, asked in inputs.items()}
        unknown = {place: key for key, place in places.items() if place not in self._known}
        decisions = self._engine.decide({key: inputs[key] for key in unknown.values()})
        answers = {place: decisions[key] for place, key in unknown.items()}
        for place in places.values():
            if place in self._known:
                self._known.move_to_end(place)
                answers[place] = self._known[place]
        for place in unknown:
            self._known[place] = answers[place]
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return {key: answers[place] for key, place in places.items()}


def _place(asked: PolicyInput, revision: str) -> bytes:
    """A question to one law: what another answered is none of its."""
    question = canonical(dict(asked))
    names = [
        name
        for party in (asked.get("sender"), asked.get("recipient"))
        if party
        for name in (party["id"], party["authority"])
        if name.startswith(UNNAMED)
    ]
    for n, name in enumerate(dict.fromkeys(names)):  # what is quoted is a whole string: names hold no quotes
        sort, _, _ = name.partition("-")
        question = question.replace(f'"{name}"'.encode(), f'"{sort}- unnamed {n}"'.encode())
    return blake2b(question + revision.encode(), digest_size=32).digest()
