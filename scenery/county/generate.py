"""The month as one stream: stories begin through the days, their messages are merged in order of time, and told."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from random import Random
from typing import TypeVar

from scenery.county import stories_children, stories_community, stories_cooperation, stories_exchange
from scenery.county.faults import FAULTS, Recent, line
from scenery.county.month import Month
from scenery.county.places import County
from scenery.county.scene import Scene, play, scenes
from scenery.county.story import Draft, Ids, Json, Story, Teller
from scenery.oracle.case import Unclear
from scenery.oracle.oracle import Oracle

Card = TypeVar("Card")

_THOUSANDS = {
    **{"01": 2470, "03": 410, "04": 300, "05": 475, "06": 370, "07": 204, "08": 247, "09": 61, "10": 158, "12": 1430},
    **{"13": 347, "14": 1770, "17": 284, "18": 309, "19": 281, "20": 287, "21": 286, "22": 242, "23": 132, "24": 280},
    **{"25": 248},
}
"""Inhabitants of each county in thousands, rounded, at the end of 2024: only a county's share is taken from them."""

_NATION = 130_000
"""Lines of 30 days in the whole country: some 470,000 notifications of concern a year (law-facts 8), and all else."""

_EXTRAS = {"broken": 0.01, "again": 0.005, "reused": 0.001}
"""Shares of lines that can't be used, come twice, or come under a taken id."""


_UNCLAIMED = 0.25
"""Share of scenes in which no ground is claimed."""

_NOT_UNCLAIMED = "nurse"
"""Whether a school's medical care is health care in OSL 25:12 is open: it claims its ground."""


def _one_scene(_: Story) -> None:
    """Stands in the deck of stories for a scene from its own deck."""


_STORIES: tuple[tuple[Teller, int], ...] = (
    (stories_children.concern, 74),
    (stories_children.concern_astray, 5),
    (stories_children.custody, 4),
    (stories_children.conversation, 5),
    (stories_children.condition, 1),
    (stories_exchange.not_had, 2),
    (stories_exchange.refused, 5),
    (stories_exchange.corrected, 3),
    (stories_exchange.in_parts, 4),
    (stories_exchange.astray, 2),
    (stories_exchange.about_a_firm, 2),
    (stories_cooperation.casework, 4),
    (stories_cooperation.without_agreement, 1),
    (stories_cooperation.family_at_odds, 1),
    (stories_cooperation.council, 3),
    (stories_cooperation.defection, 2),
    (stories_community.tip, 12),
    (stories_community.support, 5),
    (stories_community.bad_actor, 3),
    (stories_community.picture, 4),
    (stories_community.measure, 4),
    (stories_community.channel, 4),
    (_one_scene, 54),
    (stories_exchange.seen, 3),
)
"""How often each story is told beside the others."""


@dataclass(frozen=True)
class Row:
    """One line of the month, its kind (`-` where it is broken), and what is expected of it."""

    line: bytes
    kind: str
    expected: Json


def usual_size(county: str, days: int) -> int:
    """How many lines a county has in so many days: its share of the country's, by its inhabitants."""
    return max(1, round(_NATION * _THOUSANDS.get(county, 100) / sum(_THOUSANDS.values()) * days / 30))


def rows(county: County, *, days: int, seed: str, size: int) -> Iterator[Row]:
    """So many lines of the county's month, in order of time. The same county, days, seed and size: the same lines.

    Where the contract leaves an outcome open, the line is left out: of a hundred thousand there is one or another.
    """
    rng, ids = Random(f"lines {seed}"), Ids(seed)
    oracle, recent, faults = Oracle(county.entries), Recent(rng), dealt(rng, FAULTS)
    extras = _extras(rng, size)
    for n, draft in enumerate(_merge(county, Month(days), ids, seed, size - len(extras))):
        try:
            row = oracle.expect(draft.message)
        except Unclear:
            continue
        recent.add(draft.message, row)
        yield Row(line(draft.message), draft.message["kind"], row)
        if n in extras:
            extra = extras[n]
            if extra == "broken":
                content, code = next(faults)({**draft.message, "id": ids.new(draft.at)})
                yield Row(content, "-", {"outcome": "quarantine", "code": code})
            else:
                yield Row(*(recent.again() if extra == "again" else recent.reuse_id()))


def _extras(rng: Random, size: int) -> dict[int, str]:
    """After which messages of the month a broken or repeated line comes."""
    wanted = [name for name, share in _EXTRAS.items() for _ in range(round(size * share))]
    first = min(size // 2, 40)
    return dict(zip(rng.sample(range(first, size - len(wanted)), len(wanted)), wanted, strict=True))


def _merge(county: County, month: Month, ids: Ids, seed: str, size: int) -> Iterator[Draft]:
    """So many messages in order of time; only those of stories that have begun and not ended are held."""
    rng, order = Random(f"stories {seed}"), count()
    tellers = dealt(rng, [teller for teller, often in _STORIES for _ in range(often)])
    single = _dealt_scenes(rng)
    waiting: list[tuple[datetime, int, Draft]] = []
    promised = 0
    while promised < size:
        begins = month.moment(promised / size)
        while waiting and waiting[0][0] <= begins:
            yield heapq.heappop(waiting)[2]
        story = Story(county, ids, Random(rng.getrandbits(64)), begins)
        teller = next(tellers)
        if teller is _one_scene:
            scene, manner, claimed = next(single)
            play(scene, manner, story, claimed=claimed)
        else:
            teller(story)
        drafts = [draft for draft in story.drafts if draft.at < month.end][: size - promised]
        promised += len(drafts)
        for draft in drafts:
            heapq.heappush(waiting, (draft.at, next(order), draft))
    while waiting:
        yield heapq.heappop(waiting)[2]


def dealt(rng: Random, cards: Sequence[Card]) -> Iterator[Card]:
    """Cards without end: the whole deck, shuffled anew each time, so that the rare ones come too."""
    while True:
        yield from rng.sample(cards, len(cards))


def _dealt_scenes(rng: Random) -> Iterator[tuple[Scene, str, bool]]:
    """Scene, manner and whether its ground is claimed.

    Each ground first once carrying, once lacking an answer (or open, where it asks none), once closed; then as often as
    they are seen.
    """
    first = list(_each_ground(rng))
    for scene, manner in rng.sample(first, len(first)):
        yield scene, manner, True
    weighted = [(scene, manner) for scene in scenes() for manner in scene.manners for _ in _often(scene, manner)]
    for scene, manner in dealt(rng, weighted):
        yield scene, manner, scene.sender == _NOT_UNCLAIMED or rng.random() > _UNCLAIMED


def _each_ground(rng: Random) -> Iterator[tuple[Scene, str]]:
    cards = [(scene, manner) for scene in scenes() for manner in scene.manners]
    for ground in dict.fromkeys(scene.ground for scene in scenes()):
        own = [card for card in cards if card[0].ground == ground]
        asks = any(manner == "lacks" for _, manner in own)
        for how in ("carries", "lacks" if asks else "opens", "bars"):
            fitting = [card for card in own if card[1].startswith(how)]
            if fitting:
                yield rng.choice(fitting)


def _often(scene: Scene, manner: str) -> range:
    return range({"carries": 5, "lacks": 1}[manner] * scene.weight if manner in ("carries", "lacks") else 1)
