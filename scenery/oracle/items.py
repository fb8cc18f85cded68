"""How the contract puts findings together: from grounds to items, from items to the message."""

from collections.abc import Mapping
from dataclasses import dataclass

from scenery.oracle import care, duties, permissions, young
from scenery.oracle.case import Case, Finding, Ground, Json, Unclear, no
from scenery.oracle.consent import consent, lifts
from scenery.oracle.registers import Registers

BAR_REFS: Mapping[str, str | None] = {
    "s170_2": "2025:170 2 §",
    "s170_3": "2025:170 3 §",
    "s170_8": "2025:170 8 §",
    "protected_identity": "OSL 21:3",
    "out_of_agreement": None,
}
"""Bars of other paragraphs than the ground's own."""

_ON_CLAIM_ONLY = ("s2016_774", "osl_10_2", "s2026_1600_20_4")

_AT_ONCE = ("lul_6", "lul_34")
"""Notices that wait for no weighing of harm ("genast", "omedelbart")."""

_WHATEVER_SECRECY = (
    "osl_19",
    "osl_20",
    "sol_19_1",
    "sol_20_6",
    "sol_15_7",
    "psl_6_15",
    "lul_6",
    "lul_34",
    "lul_11",
    "sol_15_4",
    "s2026_1600_20_4",
)
"""Imminent danger, and duties that break all secrecy and weigh none: of these nobody is asked whether any applies."""


@dataclass(frozen=True)
class Verdict:
    """What becomes of one item."""

    outcome: str
    ref: str | None
    asks: tuple[str, ...] | None = ()
    bar: str | None = None


class Grounds:
    """All grounds in the order of the contract's table; consent reads the registers."""

    def __init__(self, registers: Registers, in_law: dict[str, str]) -> None:
        asked = Ground("consent", "OSL 12:2", lifts, False, lambda case: consent(case, registers, in_law))
        ordered = (
            *duties.DUTIES,
            *permissions.FIRST,
            care.takedown,
            *permissions.SECOND,
            *care.BEFORE_CONSENT,
            young.lul_6,
            asked,
            care.no_secrecy,
            care.open_information,
            *young.LATER,
            duties.s2026_1600_20_4,
        )
        self._all = {ground.id: ground for ground in ordered}

    def names(self) -> list[str]:
        """Ids of all grounds."""
        return list(self._all)

    def decide(self, case: Case, basis: list[str]) -> Verdict:
        """One item: released if a ground carries, else referred if one waits for a human, else withheld."""
        tried = [self._all[name] for name in basis] or [
            ground for name, ground in self._all.items() if name not in _ON_CLAIM_ONLY
        ]
        findings = [(ground, _with_reach(ground, case)) for ground in tried]
        carrying = [ground for ground, finding in findings if finding.state == "carries"]
        if carrying:
            protected = any(_is_protected(person) for person in case.persons)
            return _protection(carrying, case) if protected else Verdict("release", carrying[0].ref)
        for ground, finding in findings:
            if finding.state in ("lacks", "open"):
                return Verdict("refer", ground.ref, finding.asks)
        if together := _together(tried, case):
            return Verdict("refer", together.ref)
        return _withheld(findings[0], claimed=bool(basis))


def _with_reach(ground: Ground, case: Case) -> Finding:
    """A ground carries only if it reaches every provision; that is the last of its bars."""
    finding = ground.judge(case)
    if finding.state != "no" and not all(map(ground.reaches, case.secrecy)):
        return no(ground.id)
    return finding if case.secrecy or finding.state == "no" else _where_none_is_named(ground, case, finding)


def _where_none_is_named(ground: Ground, case: Case, finding: Finding) -> Finding:
    """Not stated is not none: it waits until somebody has said that no provision applies, or for its name."""
    said = case.answer("no_provision_applies", ground.id)
    if ground.id in _WHATEVER_SECRECY or said:
        return finding
    if said is False:
        return Finding("open")
    return Finding("lacks", None if finding.asks is None else ("no_provision_applies", *finding.asks))


def _together(tried: list[Ground], case: Case) -> Ground | None:
    """Two grounds that would carry and only together reach all: the first of them, for a human (doubtful)."""
    able = [ground for ground in tried if ground.judge(case).state == "carries"]
    able = [ground for ground in able if any(map(ground.reaches, case.secrecy))]
    if able and all(any(ground.reaches(provision) for ground in able) for provision in case.secrecy):
        return able[0]
    return None


def _withheld(first: tuple[Ground, Finding], *, claimed: bool) -> Verdict:
    """Under the bar of the first claimed ground; where nothing is claimed there is no reference."""
    ground, finding = first
    if not claimed:
        return Verdict("withhold", None)
    bar = finding.bar
    assert bar is not None
    return Verdict("withhold", BAR_REFS.get(bar, ground.ref), bar=bar)


def _is_protected(person: Json) -> bool:
    return bool(person.get("protected_identity", "none") != "none")


def _protection(carrying: list[Ground], case: Case) -> Verdict:
    """OSL 21:3: a human answers on harm; a permission gives way to it, with a duty a human decides."""
    at_once = [ground for ground in carrying if ground.id in _AT_ONCE]
    ground = (at_once or carrying)[0]
    harm = case.answer("harm", ground.id)
    if harm is None and at_once:
        return Verdict("release", ground.ref)
    if harm is None:
        return Verdict("refer", ground.ref, ("harm",))
    if not harm:
        return Verdict("release", ground.ref)
    if len({each.duty for each in carrying}) > 1:
        raise Unclear("harm, where a duty and a permission would carry")
    if ground.duty:
        return Verdict("refer", ground.ref)
    return Verdict("withhold", BAR_REFS["protected_identity"], bar="protected_identity")


def message_outcome(verdicts: list[Verdict]) -> str:
    """Forward if any item is released, else refer if any is referred, else withhold."""
    outcomes = {verdict.outcome for verdict in verdicts}
    if not outcomes:
        raise Unclear("a message without items")
    return "forward" if "release" in outcomes else "refer" if "refer" in outcomes else "withhold"
