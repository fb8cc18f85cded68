"""How the broker stands, from what was read: what needs a hand first, then all the rest.

Pure: nothing is read and no clock is looked at here. Whatever needs a hand has the name of the alert that rings for it
(`deploy/prometheus/alerts.yml`), where there is one, and with it the lines of the runbook. What only a rate or a long
look shows is Prometheus's to find; what it finds stands here beside.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from broker.authorities import Contact, Register
from broker.deadlines import Clock, Matter, is_escalated, moment, overdue, seconds
from broker.model.unusable import MENDED_OUTSIDE
from broker.ports.operations import Alert, Backup, LastDay, Monitoring, Program, Silence

PAGE, TICKET, INFO = "page", "ticket", "info"
"""How grave: somebody is woken; taken in working hours; not for operations."""
LIMITS: Mapping[str, int] = {
    "SambandLagging": 5000,
    "SambandLedgerBehind": 300,
    "SambandNotCompared": 900,
    "SambandClocksStopped": 300,
    "SambandUnfetched": 86400,
}
"""Messages or seconds from which an alert's state needs a hand; as the alert itself says."""
SOON = timedelta(days=30)
"""So long before its last day a certificate or key needs a hand."""
BACKUP_AGE = timedelta(hours=48)
_QUARANTINE_AGE = timedelta(days=1)
WINDOW = timedelta(minutes=5)
"""Within which decisions are counted."""
_IMMEDIATE = "SambandUnopenedImmediate"
_TOLD = {Clock.OPENED, Clock.REGISTERED}


@dataclass(frozen=True)
class InQuarantine:
    """What lies in quarantine for one reason and was not run again."""

    code: str
    lines: int
    oldest: datetime
    whole: int
    """Those whose bytes are kept whole, so that they can be run again."""

    @property
    def redrivable(self) -> bool:
        """Whether another try can help, once what lies outside the message is mended."""
        return self.code in MENDED_OUTSIDE and self.whole > 0


@dataclass(frozen=True)
class Recorded:
    """What the broker's own tables say."""

    decided: int
    """Messages decided within the last minutes (`WINDOW`)."""
    decided_yesterday: int
    matters: Sequence[Matter]
    """Every clock that runs."""
    quarantine: Sequence[InQuarantine]
    embedded: bool
    """Whether all is in one file: then no record is ever behind, and the quarantine's own table is read."""


@dataclass(frozen=True)
class Reading:
    """All that was read. `records` None: they can't be."""

    programs: Sequence[Program] = ()
    monitoring: Monitoring | None = None
    """None: no Prometheus is named."""
    records: Recorded | None = None
    backup: Backup | None = None
    backup_named: bool = False
    """Whether it is told where the newest backup is written down."""
    last_days: Sequence[LastDay] = ()


@dataclass(frozen=True)
class Hand:
    """Something that needs a hand."""

    name: str
    """The alert's; or `backup`, `restore`, `certificate`, `key`, `unread`, `monitoring`, `records`."""
    severity: str
    since: datetime | None = None
    n: int = 1
    program: str = ""
    dependency: str = ""
    authority: str = ""
    """Address of whom to call."""
    unit: str = ""
    kind: str = ""
    """Of the message that waits there."""
    due: datetime | None = None
    day: date | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    """Of an alert that only Prometheus knows of."""
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A program, and its state.

    `ready`, `down` (does not answer), `away` (does not reach something), `law` or `register` (not the others').
    """

    program: Program
    state: str


@dataclass(frozen=True)
class Figure:
    """How much of something there is now, and was at this time yesterday; None: not known."""

    name: str
    now: float | None
    yesterday: float | None = None


@dataclass(frozen=True)
class Unseen:
    """The oldest delivery of a kind that nobody at an authority has opened, and how many there are."""

    authority: str
    unit: str
    kind: str
    since: datetime
    due: datetime
    late: bool
    n: int
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class Running:
    """Clocks of one sort: how many run, and how many are late."""

    clock: str
    n: int
    late: int


@dataclass(frozen=True)
class Standing:
    """How the broker stands."""

    at: datetime
    hands: tuple[Hand, ...]
    programs: tuple[Condition, ...]
    flow: tuple[Figure, ...]
    unseen: tuple[Unseen, ...]
    quarantine: tuple[InQuarantine, ...]
    quarantine_is_log: bool
    """Whether the log alone tells of it: what has come within a day, also what has been run again since."""
    clocks: tuple[Running, ...]
    ticked: datetime | None
    backup: Backup | None
    last_days: tuple[LastDay, ...]
    silences: tuple[Silence, ...] | None
    """None: nobody knows."""


def standing(read: Reading, now: datetime, register: Register) -> Standing:
    """How the broker stands, from what was read at a moment."""
    records = read.records
    programs = _conditions(read.programs)
    unseen = _unseen(records.matters, now, register) if records else ()
    own = [
        *_hands_of_programs(programs),
        *_hands_of_measures(read, now),
        *(_hands_of_records(records, now, register) if records else [Hand("records", PAGE)]),
        *_hands_of_upkeep(read, now),
    ]
    monitoring = read.monitoring
    return Standing(
        at=now,
        hands=tuple(sorted(_with_alerts(own, monitoring), key=_urgency)),
        programs=programs,
        flow=_flow(read),
        unseen=unseen,
        quarantine=tuple(sorted(records.quarantine, key=lambda one: -one.lines)) if records else (),
        quarantine_is_log=records is not None and not records.embedded,
        clocks=_running(records.matters, now) if records else (),
        ticked=_moment(_most(read.programs, "samband_tick_timestamp_seconds")),
        backup=read.backup,
        last_days=tuple(sorted(read.last_days, key=lambda one: (one.day or date.min, one.name))),
        silences=None if monitoring is None or monitoring.silences is None else tuple(monitoring.silences),
    )


def _urgency(hand: Hand) -> tuple[bool, bool, bool, float]:
    """A child who may need protection now, then what wakes somebody; of such what has no beginning, then the oldest."""
    return (
        hand.name != _IMMEDIATE,
        hand.severity != PAGE,
        hand.since is not None,
        hand.since.timestamp() if hand.since else 0.0,
    )


# Programs


def _conditions(programs: Sequence[Program]) -> tuple[Condition, ...]:
    law, register = (_usual(getattr(one, name) for one in programs) for name in ("law", "register"))
    return tuple(Condition(one, _state(one, law, register)) for one in programs)


def _state(program: Program, law: str | None, register: str | None) -> str:
    if not program.answers:
        return "down"
    if program.away:
        return "away"
    if program.law is not None and program.law != law:
        return "law"
    return "register" if program.register is not None and program.register != register else "ready"


def _usual(revisions: Iterable[str | None]) -> str | None:
    """The revision that most go by; None where none is: then each that tells one differs."""
    counted = Counter(one for one in revisions if one is not None).most_common(2)
    if len(counted) > 1 and counted[0][1] == counted[1][1]:
        return None
    return counted[0][0] if counted else None


_STATES = {"down": "SambandDown", "law": "SambandPolicyDiffers", "register": "SambandRegisterDiffers"}


def _hands_of_programs(conditions: Sequence[Condition]) -> Iterator[Hand]:
    for one in conditions:
        if one.state in _STATES:
            yield Hand(_STATES[one.state], PAGE, program=one.program.name)
        for dependency in one.program.away if one.state == "away" else ():
            yield Hand("SambandDependencyAway", PAGE, program=one.program.name, dependency=dependency)


# What they measure


def _hands_of_measures(read: Reading, now: datetime) -> Iterator[Hand]:
    programs = read.programs
    for service, lag in _lags(programs).items():
        if lag > LIMITS["SambandLagging"]:
            yield Hand("SambandLagging", TICKET, n=int(lag), program=service)
        if service == "worker" and lag and read.records and not read.records.decided:
            yield Hand("SambandStalled", PAGE, n=int(lag))
    behind, signed = (
        _most(programs, "samband_ledger_lag_records"),
        _most(programs, "samband_checkpoint_timestamp_seconds"),
    )
    if behind and signed and _is_past(signed, "SambandLedgerBehind", now):
        yield Hand("SambandLedgerBehind", PAGE, _moment(signed), n=int(behind))
    if differing := _most(programs, "samband_unreconciled"):
        yield Hand("SambandUnreconciled", PAGE, n=int(differing))
    if skipped := _most(programs, "samband_agents_skipped_records"):
        yield Hand("SambandSkipped", PAGE, n=int(skipped))
    for name, severity, metric in (
        ("SambandNotCompared", TICKET, "samband_reconciled_timestamp_seconds"),
        ("SambandClocksStopped", PAGE, "samband_tick_timestamp_seconds"),
    ):
        at = _most(programs, metric)
        if at is not None and _is_past(at, name, now):
            yield Hand(name, severity, _moment(at))
    unfetched = [one.measured[_UNFETCHED] for one in programs if _UNFETCHED in one.measured]
    if unfetched and _is_past(min(unfetched), "SambandUnfetched", now):
        yield Hand("SambandUnfetched", TICKET, _moment(min(unfetched)))


_UNFETCHED = "samband_oldest_unfetched_timestamp_seconds"


def _is_past(at: float, alert: str, now: datetime) -> bool:
    return now.timestamp() - at > LIMITS[alert]


def _lags(programs: Sequence[Program]) -> Mapping[str, float]:
    """Service -> messages that none of its programs has handled yet."""
    lags: Counter[str] = Counter()
    for one in programs:
        for service, lag in one.lags.items():
            lags[service] += int(lag)
    return lags


def _most(programs: Sequence[Program], metric: str) -> float | None:
    """The highest value that a program tells: of a moment the last; None where none tells it."""
    return max((one.measured[metric] for one in programs if metric in one.measured), default=None)


def _moment(at: float | None) -> datetime | None:
    return moment(int(at)) if at is not None else None


def _flow(read: Reading) -> tuple[Figure, ...]:
    records, programs = read.records, read.programs
    yesterday = read.monitoring.yesterday if read.monitoring else {}
    minutes = WINDOW / timedelta(minutes=1)
    behind = 0.0 if records and records.embedded else _most(programs, "samband_ledger_lag_records")
    asked = sum(matter.clock is Clock.ANSWER for matter in records.matters) if records else None
    decided = (records.decided / minutes, records.decided_yesterday / minutes) if records else (None, None)
    return (
        Figure("decided", *decided),
        Figure("waiting", _lags(programs).get("worker"), yesterday.get("waiting")),
        Figure("behind", behind, yesterday.get("behind")),
        Figure("asked", asked),
    )


# What the tables say


def _hands_of_records(records: Recorded, now: datetime, register: Register) -> Iterator[Hand]:
    at = seconds(now)
    late = [one for one in records.matters if one.clock in _TOLD and overdue(one, at)]
    urgent = [one for one in late if one.immediate and one.clock is Clock.OPENED]
    passed = [one for one in late if one not in urgent and is_escalated(one, at)]
    for name, severity, matters in ((_IMMEDIATE, PAGE, urgent), ("SambandUnseen", TICKET, passed)):
        for one in _oldest(matters, now, register):
            yield Hand(
                name,
                severity,
                one.since,
                one.n,
                authority=one.authority,
                unit=one.unit,
                kind=one.kind,
                due=one.due,
                contacts=one.contacts,
            )
    if not records.embedded:
        return  # the log tells not what was run again: that is for the alert
    poisoned = sum(one.lines for one in records.quarantine if one.code == "poison")
    if poisoned:
        yield Hand("SambandPoisoned", PAGE, min(o.oldest for o in records.quarantine if o.code == "poison"), n=poisoned)
    old = [one for one in records.quarantine if now - one.oldest > _QUARANTINE_AGE and one.code != "poison"]
    if old:
        yield Hand("SambandQuarantineWaits", TICKET, min(one.oldest for one in old), n=sum(one.lines for one in old))


def _unseen(matters: Iterable[Matter], now: datetime, register: Register) -> tuple[Unseen, ...]:
    return _oldest([one for one in matters if one.clock is Clock.OPENED], now, register)


def _oldest(matters: Iterable[Matter], now: datetime, register: Register) -> tuple[Unseen, ...]:
    """Of each authority's unit and kind of message the oldest, with how many there are; the oldest first."""
    first: dict[tuple[str, str, str], Matter] = {}
    counted: Counter[tuple[str, str, str]] = Counter()
    for one in matters:
        key = (one.holder, one.holder_unit, one.kind or "")
        counted[key] += 1
        if key not in first or one.started < first[key].started:
            first[key] = one
    rows = (
        Unseen(
            holder,
            unit,
            kind,
            moment(one.started),
            moment(one.due),
            overdue(one, seconds(now)),
            counted[holder, unit, kind],
            register.contacts(holder, unit),
        )
        for (holder, unit, kind), one in first.items()
    )
    return tuple(sorted(rows, key=lambda row: (row.since, row.authority, row.unit, row.kind)))


def _running(matters: Iterable[Matter], now: datetime) -> tuple[Running, ...]:
    running: Counter[Clock] = Counter()
    late: Counter[Clock] = Counter()
    for one in matters:
        running[one.clock] += 1
        late[one.clock] += overdue(one, seconds(now))
    return tuple(Running(clock.value, running[clock], late[clock]) for clock in Clock if running[clock])


# What is to be kept in trim


def _hands_of_upkeep(read: Reading, now: datetime) -> Iterator[Hand]:
    backup = read.backup
    if read.backup_named and (backup is None or now - backup.at > BACKUP_AGE):
        yield Hand("backup", TICKET, backup.at if backup else None)
    if backup and backup.agrees is False:
        yield Hand("restore", PAGE, backup.tried)
    for one in read.last_days:
        if one.day is None:
            yield Hand("unread", PAGE, program=one.name)
        elif one.day <= (now + SOON).date():
            yield Hand(one.sort, PAGE if one.day < now.date() else TICKET, program=one.name, day=one.day)


# What Prometheus says beside


def _with_alerts(own: Sequence[Hand], monitoring: Monitoring | None) -> Iterator[Hand]:
    """What we see ourselves, since when as the alert tells; and each alert of which we see less than it does."""
    if monitoring is None:
        yield from own
        return
    fires: dict[str, list[Alert]] = {}
    for alert in monitoring.alerts or ():
        if alert.severity != INFO:
            fires.setdefault(alert.name, []).append(alert)
    counted = Counter(hand.name for hand in own)
    for hand in own:
        alone = counted[hand.name] == len(fires.get(hand.name, ())) == 1
        yield replace(hand, since=fires[hand.name][0].since) if alone and hand.since is None else hand
    if monitoring.alerts is None:
        yield Hand("monitoring", PAGE)
    for name, alerts in fires.items():
        if len(alerts) > counted[name]:
            yield from (Hand(name, one.severity, one.since, int(one.value), labels=one.labels) for one in alerts)
