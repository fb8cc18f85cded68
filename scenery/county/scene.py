"""A scene, one ground at work: what is said by whom to whom, what must change for it to wait, or to be closed."""

import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from scenery.county.people import as_written, company, number_subject
from scenery.county.story import Story, omit_empty
from scenery.town.places import Desk

Json = dict[str, Any]

_CLAIMABLE = ("s170_4", "s170_5", "s170_6", "s170_7_request", "sol_15_7", "psl_6_15", "lul_11", "sol_15_4")
"""Grounds that an asker may claim in a request."""

_NEED = (
    "Kartläggning av hur unga värvas till ett kriminellt nätverk i området.",
    "Polisen utreder vem som ger barn uppdrag och behöver avgränsa kretsen.",
    "Uppgifterna behövs för att förebygga grova brott som väntas den närmaste tiden.",
    "Handläggningen av ett brådskande ärende kräver uppgifterna.",
)
_UNASKED_SECOND = 0.12
_FOR_ITS_GROUND = 0.2
_OF_ANY_GROUND = ("harm", "no_provision_applies")
"""Answers that are given whatever the ground."""
_PROTECTED = 0.05
_SLIP = 0.03


@dataclass(frozen=True)
class Scene:
    """A disclosure that its ground carries, and the changes by which it does not; scenes.toml tells of its fields."""

    ground: str
    sender: str
    to: str
    category: str
    text: str
    purpose: str
    by: str
    ages: tuple[int, int] | None = None
    secrecy: tuple[str, ...] = ()
    answers: Json = field(default_factory=dict)
    offence: Json = field(default_factory=dict)
    circumstances: tuple[str, ...] = ()
    notice: Json = field(default_factory=dict)
    asked: bool = False
    own_answers: bool = False
    against: bool = True
    opens: tuple[Json, ...] = ()
    bars: tuple[Json, ...] = ()
    weight: int = 1

    @property
    def manners(self) -> list[str]:
        """The ways in which it can be played, each once."""
        manners = ["carries"]
        manners += ["lacks"] if self.answers else []
        manners += ["against"] if self.answers and self.against else []
        manners += ["unnamed"] if not self.secrecy else []
        manners += [f"opens {n}" for n in range(len(self.opens))]
        return manners + [f"bars {n}" for n in range(len(self.bars))]


@cache
def scenes() -> tuple[Scene, ...]:
    """All scenes of scenes.toml."""
    rows = tomllib.loads((files(__package__) / "scenes.toml").read_text("utf-8"))["scene"]
    return tuple(Scene(**_type_of(row)) for row in rows)


def _type_of(row: Json) -> Json:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def play(scene: Scene, manner: str, story: Story, *, claimed: bool) -> None:
    """Tell one scene in one manner: the request first, where there is one, and then what is given.

    Not `claimed`: any ground may carry what is given.
    """
    how, _, place = manner.partition(" ")
    if place:
        scene = replace(scene, **_type_of(getattr(scene, how)[int(place)]))
    answers = _answers(scene, how, story.rng)
    weighed_for = scene.ground if scene.own_answers or story.chance(_FOR_ITS_GROUND) else None
    about = _about(scene, how, story)
    sender, to = story.desk(scene.sender), story.desk(scene.to)
    reply, case = None, story.case("K")
    if scene.asked:
        asks_for = scene.ground in _CLAIMABLE and how in ("carries", "lacks") and story.chance(0.4)
        request = {
            **about,
            "purpose": scene.purpose,
            "need": _words(story, story.rng.choice(_NEED)),
            "categories": [scene.category],
            "urgency": story.rng.choice(("routine", "routine", "urgent")),
            "basis": [scene.ground] if asks_for else [],
        }
        reply = story.send("InformationRequest", to, sender, request, case=case)
        between(story, sender, to, reply)
    items = [
        _item(
            scene,
            scene.text,
            [*answers, *_harm(about, story, claimed=claimed), *_statements(scene, how, story)],
            weighed_for,
        )
    ]
    if how == "carries" and scene.answers and story.chance(_UNASKED_SECOND):
        items.append(_item(scene, "Ytterligare en iakttagelse, som ännu inte är bedömd.", []))
    body = {
        **about,
        "items": items,
        "purpose": None if reply and story.chance(0.5) else scene.purpose,
        "offence": scene.offence or None,
        "circumstances": list(scene.circumstances),
        "lul_notice": scene.notice or None,
        "basis": [scene.ground] if claimed else [],
    }
    story.send("Disclosure", sender, to, body, reply=reply, case=case if reply else None)


def between(story: Story, asked: Desk, asker: Desk, request: str) -> None:
    """What may come before the answer: a question back, an interim answer; and time."""
    if story.chance(0.12):
        story.wait((0.05, 1.0))
        story.send("Clarification", asked, asker, {"text": _words(story, "Vilken tid gäller begäran?")}, reply=request)
    if story.chance(0.12):
        story.wait((0.1, 2.0))
        text = "Svar lämnas när ansvarig funktion har hörts."
        story.send("Interim", asked, asker, {"text": _words(story, text)}, reply=request)
    story.wait((0.1, 6.0))


def _words(story: Story, text: str) -> str:
    """Words along with a message; now and then somebody's number slips in."""
    if not story.chance(_SLIP):
        return text
    somebody = number_subject(story.rng, story.day.replace(day=1, year=story.day.year - 16), story.place)
    return f"{text} Gäller {as_written(story.rng, somebody)}."


def _about(scene: Scene, how: str, story: Story) -> Json:
    if scene.ages is None:
        return {"organisation": company(story.rng)}
    if scene.ages == (0, 0):
        return {"subject": story.stranger()}
    marked = how == "carries" and story.chance(_PROTECTED)
    return {"subject": story.person(*scene.ages, protected=marked)}


def _harm(about: Json, story: Story, *, claimed: bool) -> list[tuple[str, bool]]:
    """For a protected identity: no answer, no harm, or harm; where a duty and a permission may carry, never harm."""
    if "protected_identity" not in about.get("subject", {}):
        return []
    harm = story.rng.choice((None, False, False, True if claimed else None))
    return [] if harm is None else [("harm", harm)]


def _answers(scene: Scene, how: str, rng: Random) -> list[tuple[str, bool]]:
    answers = list(scene.answers.items())
    if how == "lacks":
        answers.pop(rng.randrange(len(answers)))
    elif how == "against":
        place = rng.randrange(len(answers))
        answers[place] = (answers[place][0], not answers[place][1])
    return answers


def _statements(scene: Scene, how: str, story: Story) -> list[tuple[str, bool]]:
    """Where no secrecy is named: that none applies; or that one does and was forgotten, or nothing at all."""
    if scene.secrecy or (how == "unnamed" and story.chance(0.6)):
        return []
    return [("no_provision_applies", how != "unnamed")]


def _item(scene: Scene, text: str, answers: list[tuple[str, bool]], ground: str | None = None) -> Json:
    """An item with its answers, for every ground or for this one."""
    why = {"no_provision_applies": {"reason": "Prövat mot verksamhetens sekretessbestämmelser."}}
    assessed = [{"test": test, "holds": held, "assessed_by": scene.by} | why.get(test, {}) for test, held in answers]
    for given_answer in assessed:
        if ground and given_answer["test"] not in _OF_ANY_GROUND:
            given_answer["ground"] = ground
    return omit_empty(category=scene.category, content=text, secrecy=list(scene.secrecy), assessments=assessed)
