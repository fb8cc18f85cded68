"""Reports of an incident to the supervisory authority: what the broker knows, with what a human fills in left empty.

Never a person, a case or a message: programs, versions, alerts, and how many messages by authority.
"""

import tomllib
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.review import operations_words
from broker.review.operations import Standing
from broker.review.words import Words

_TERMS: Json = tomllib.loads((files(__package__) / "incident.toml").read_text("utf-8"))
_TO_FILL = "________________________________"


@dataclass(frozen=True)
class Incident:
    """When it began, and when it was known to be significant; what the broker is, how it stands, what it has done."""

    began: datetime
    known: datetime
    versions: Mapping[str, str]
    """Of Samband, and of the law."""
    standing: Standing
    messages: Sequence[tuple[str, str, str, int]]
    """Since it began: sender, recipient and outcome of decided messages, and how many."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of the authorities, by id."""


@dataclass(frozen=True)
class Report:
    """One of the three."""

    name: str
    due: datetime
    facts: Json
    asks: Sequence[str]

    def as_json(self, t: Words) -> Json:
        """For a form, or another system: `answer` is for a human to fill in."""
        asked = [{"ask": ask, "question": t(f"incident.ask.{ask}"), "answer": None} for ask in self.asks]
        return {
            "report": self.name,
            "ref": _TERMS["ref"],
            "due": rfc3339(self.due),
            "known": self.facts,
            "to_fill_in": asked,
        }

    def as_text(self, t: Words, incident: Incident) -> str:
        """To read, to fill in, to hand in."""
        heading = t(f"incident.report.{self.name}", ref=_TERMS["ref"])
        lines = [heading, "=" * len(heading), t("incident.due", time=t.moment(self.due)), t("incident.written"), ""]
        lines += [t("incident.known"), *(f"- {line}" for line in _said(incident, t)), ""]
        lines += [t("incident.to_fill_in")]
        for n, ask in enumerate(self.asks, 1):
            lines += ["", f"{n}. {t(f'incident.ask.{ask}')}", f"   {t('incident.empty')} {_TO_FILL}"]
        return "\n".join(lines) + "\n"


def reports(incident: Incident) -> list[Report]:
    """Every report that there is to hand in, in order, each with its last moment."""
    found: list[Report] = []
    for said in _TERMS["report"]:
        if "hours" in said:
            due = incident.known + timedelta(hours=said["hours"])
        else:
            due = _months_after(found[-1].due, said["months"])
        found.append(Report(said["name"], due, facts(incident), said["asks"]))
    return found


def facts(incident: Incident) -> Json:
    """What the broker knows."""
    stands = incident.standing
    return {
        "began": rfc3339(incident.began),
        "known": rfc3339(incident.known),
        "read": rfc3339(stands.at),
        **incident.versions,
        "programs": [
            {"name": one.program.name, "state": one.state, "version": one.program.version, "law": one.program.law}
            for one in stands.programs
        ],
        "alerts": [
            {
                "name": hand.name,
                "severity": hand.severity,
                "since": rfc3339(hand.since) if hand.since else None,
                "n": hand.n,
                "program": hand.program or None,
                "dependency": hand.dependency or None,
                "authority": hand.authority or None,
            }
            for hand in stands.hands
        ],
        "messages": dict(sorted(_outcomes(incident.messages).items())),
        "authorities": [
            {"authority": one, "sent": sent, "received": received}
            for one, sent, received in _authorities(incident.messages)
        ],
        "quarantine": {one.code: one.lines for one in stands.quarantine},
        "unopened": sum(one.n for one in stands.unseen),
        "late": sum(one.late for one in stands.clocks),
        "backup": rfc3339(stands.backup.at) if stands.backup else None,
    }


def _said(incident: Incident, t: Words) -> Iterator[str]:
    """The same in words."""
    stands = incident.standing
    yield t("incident.times", began=t.moment(incident.began), known=t.moment(incident.known), read=t.moment(stands.at))
    yield t("incident.versions", **incident.versions)
    for one in stands.programs:
        yield t("incident.program", name=one.program.name, state=operations_words.state(one, t))
    if not stands.programs:
        yield t("incident.no_programs")
    for hand in stands.hands:
        told = operations_words.tell(hand, stands.at, t, lambda one: incident.names.get(one, one))
        yield t("incident.alert", title=told.title, since=told.since)
    if not stands.hands:
        yield t("incident.no_alerts")
    counted = _outcomes(incident.messages)
    yield t("incident.messages", n=sum(counted.values()))
    for outcome, n in sorted(counted.items()):
        yield t("incident.outcome", outcome=t.term("outcomes", outcome), n=n)
    for authority, sent, received in _authorities(incident.messages):
        yield t("incident.authority", name=incident.names.get(authority, authority), sent=sent, received=received)
    for reason in stands.quarantine:
        yield t("incident.quarantine", why=t.term("errors", reason.code), n=reason.lines)
    yield t("incident.unopened", n=sum(one.n for one in stands.unseen), late=sum(one.late for one in stands.clocks))
    yield t("incident.backup", time=t.moment(stands.backup.at)) if stands.backup else t("incident.no_backup")


def _outcomes(messages: Iterable[tuple[str, str, str, int]]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for _, _, outcome, n in messages:
        counted[outcome] += n
    return counted


def _authorities(messages: Sequence[tuple[str, str, str, int]]) -> list[tuple[str, int, int]]:
    """Each authority that has sent or been sent something since it began; those with most first."""
    sent: Counter[str] = Counter()
    received: Counter[str] = Counter()
    for sender, recipient, _, n in messages:
        sent[sender] += n
        received[recipient] += n
    rows = [(one, sent[one], received[one]) for one in {*sent, *received}]
    return sorted(rows, key=lambda row: (-row[1] - row[2], row[0]))


def _months_after(time: datetime, months: int) -> datetime:
    """The same day of a later month; of one that has no such day its last."""
    month = time.month - 1 + months
    year, month = time.year + month // 12, month % 12 + 1
    return time.replace(year=year, month=month, day=min(time.day, monthrange(year, month)[1]))


def anonymous(messages: Iterable[Any], nobody: str) -> list[tuple[str, str, str, int]]:
    """Counts as they are told: who has no name is counted under none."""
    return [(sender or nobody, recipient or nobody, outcome, n) for sender, recipient, outcome, n in messages]
