"""What is said of how the broker stands, wherever it is shown."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from broker.authorities import Contact
from broker.ports.operations import LastDay
from broker.review import runbook
from broker.review.operations import PAGE, Condition, Hand, InQuarantine, Standing
from broker.review.runbook import Part
from broker.review.words import Words


@dataclass(frozen=True)
class Told:
    """Something that needs a hand, in words."""

    name: str
    grave: bool
    title: str
    since: str
    text: str
    calls: tuple[str, ...]
    """Whom to call."""
    has_guide: bool


def tell(hand: Hand, now: datetime, t: Words, party: Callable[[str], str]) -> Told:
    """What is said of it. An alert that the texts do not know is told by its name."""
    key = f"operations.hand.{hand.name}"
    known = hand.name if t.has(f"{key}.title") else "other"
    text = "alert" if hand.labels and t.has(f"{key}.alert") else "text"
    labels, kinds = hand.labels, hand.labels.get("authority_kind")
    clock = t.term("clocks", labels["clock"]) if "clock" in labels else t("operations.of_message")
    day = t.day(hand.day, now.date()) if hand.day else t("operations.not_read")
    values: dict[str, str | int] = {
        "name": hand.name,
        "n": hand.n,
        "program": hand.program or labels.get("instance") or labels.get("service") or t("operations.a_program"),
        "dependency": dependency(hand.dependency or labels.get("dependency") or labels.get("component") or "", t),
        "authority": whose(hand.authority, hand.unit, t, party) if hand.authority else t.term("authority_kinds", kinds),
        "kind": t.term("kinds", hand.kind) if hand.kind else t("operations.a_message"),
        "clock": clock,
        "due": t.clock(hand.due, now) if hand.due else "–",
        "day": day,
    }
    title, said = (t(f"operations.hand.{known}.{part}", **values) for part in ("title", text))
    since = t("operations.since", time=t.clock(hand.since, now)) if hand.since else t("operations.now")
    return Told(
        hand.name,
        hand.severity == PAGE,
        title[:1].upper() + title[1:],
        day if hand.name in ("certificate", "key") else since,
        said[:1].upper() + said[1:],
        calls(hand.contacts),
        guide(hand.name, t) is not None,
    )


def whose(authority: str, unit: str, t: Words, party: Callable[[str], str]) -> str:
    """Where something lies: an authority, and which unit of it."""
    name = party(authority)
    return f"{name}, {t.term('units', unit)}" if unit and "/" not in authority else name


def calls(contacts: Iterable[Contact]) -> tuple[str, ...]:
    """Whom to call: function, number, hours."""
    return tuple(f"{one.function}: {one.telephone}{f' ({one.hours})' if one.hours else ''}" for one in contacts)


def guide(name: str, t: Words) -> tuple[Part, ...] | None:
    """What to do about it: the runbook's lines, or for what has no alert our own; None: there are none."""
    if t.has(f"operations.guide.{name}"):
        return (("", t(f"operations.guide.{name}")),)
    return runbook.sections(t.lang).get(name)


def mends(one: InQuarantine, t: Words) -> str:
    """What helps against a reason in quarantine; to run it again is named only where that can help."""
    if one.redrivable:
        key = f"operations.mends.{one.code}"
        return t(key) if t.has(key) else t("operations.mends.outside")
    return t("operations.mends.clock" if one.code == "clock_skew" else "operations.mends.message")


def state(one: Condition, t: Words) -> str:
    """How a program is, and why."""
    return t(f"operations.state.{one.state}", what=", ".join(dependency(name, t) for name in one.program.away))


def short(revision: str | None) -> str:
    """The beginning of a revision, enough to tell it from others."""
    return f"{revision[:4]} {revision[4:8]}" if revision else "–"


def trim(stands: Standing, t: Words) -> Iterator[tuple[str, str]]:
    """What is to be kept in trim: the name of each (`operations.trim`), and what is known of it."""
    yield "backup", " ".join(_backup(stands, t))
    for sort, none in (("certificate", "no_certificates"), ("key", "no_keys")):
        days = [_last_day(one, stands, t) for one in stands.last_days if one.sort == sort]
        yield sort, "; ".join(days) or t(f"operations.trim.{none}")
    if stands.silences is None:
        yield "silences", t("operations.not_known")
        return
    silences = [
        t(
            "operations.trim.until",
            names=", ".join(one.names) or t("operations.trim.some"),
            time=t.clock(one.until, stands.at),
        )
        for one in stands.silences
    ]
    yield "silences", "; ".join(silences) or t("operations.trim.no_silences")


def _last_day(one: LastDay, stands: Standing, t: Words) -> str:
    if one.day is None:
        return f"{one.name}: {t('operations.not_read')}"
    day = t.day(one.day, stands.at.date())
    return f"{one.name}: {t('operations.trim.change', day=day) if one.sort == 'key' else day}"


def _backup(stands: Standing, t: Words) -> list[str]:
    """What is known of the newest, a sentence each."""
    backup = stands.backup
    if backup is None:
        return [t("operations.trim.no_backup")]
    time = t.clock(backup.at, stands.at)
    parts = [time] if backup.bytes is None else [time, size(backup.bytes, t)]
    made = ", ".join(parts) + "."
    made = made[:1].upper() + made[1:]
    if backup.tried is None or backup.agrees is None:
        return [made, t("operations.trim.not_tried")]
    tried = t.clock(backup.tried, stands.at)
    return [made, t(f"operations.trim.{'agreed' if backup.agrees else 'differed'}", time=tried)]


def amount(n: float | None, t: Words) -> str:
    """A number as people read it; none is a dash."""
    if n is None:
        return "–"
    text = f"{n:,.1f}" if 0 < n < 10 and n != int(n) else f"{n:,.0f}"
    return text.replace(",", "\N{NO-BREAK SPACE}").replace(".", t("operations.decimal"))


def dependency(name: str, t: Words) -> str:
    """What a program depends on."""
    key = f"operations.dependencies.{name}"
    return t(key) if t.has(key) else name or "–"


def age(since: datetime, now: datetime, t: Words) -> str:
    """How long something has waited."""
    minutes = max(int((now - since).total_seconds()) // 60, 0)
    if minutes < 60:
        return t("operations.age.minutes", n=minutes)
    if minutes < 48 * 60:
        return t("operations.age.hours", n=minutes // 60, minutes=minutes % 60)
    return t("operations.age.days", n=minutes // (24 * 60))


def size(n: int, t: Words) -> str:
    """How big a backup is."""
    value, unit = float(n), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{value:.1f}".removesuffix(".0").replace(".", t("operations.decimal")) + f" {unit}"
