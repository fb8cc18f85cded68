"""How a plan of provisioning is shown: each step on a line of JSON, or alike steps together in a table for people."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from broker import topics
from broker.cli import tables
from broker.cli.output import Output
from broker.cli.texts import Words, number
from broker.model.decision import Json
from broker.provision import Change, Fault, Plan, Step, Thing, describe

if TYPE_CHECKING:
    from broker.adapters.kafka.register_topic import Announcement

_NAMES = 4
_STYLES = {"add": "green", "change": "yellow", "remove": "red"}
_EACH = "<id>"


def show(output: Output, plan: Plan) -> None:
    """Show what is to be done, what stands in the way, who is suspended, and what others may."""
    if output.as_json:
        for line in _lines(plan):
            output.line(line)
        return
    words = output.words
    output.show(tables.heading(words("plan_heading")))
    rows = _steps(words, plan.steps())
    if rows.row_count:
        output.show(rows)
    elif not plan.faults:
        output.show(Text(words("nothing_to_do"), style="green"))
    if plan.suspended:
        output.show(Text(words("suspended_users", names=", ".join(sorted(plan.suspended))), style="yellow"))
    if plan.strangers:
        first = plan.strangers[0]
        text = words("strangers", n=number(len(plan.strangers)), who=first.principal, right=describe(first))
        output.show(Text(text, style="yellow"))
    for fault in plan.faults:
        output.show(Text(f"✕ {fault_line(words, fault)}", style="bold red"))


def show_history(output: Output, history: Iterable["Announcement"]) -> None:
    """Show when who got access, or lost it, and from when on which register held."""
    words = output.words
    for one in history:
        at = one.at.isoformat(timespec="seconds").replace("+00:00", "Z")
        if output.as_json:
            changes = [dict(zip(("change", "thing", "name", "detail"), change, strict=True)) for change in one.changes]
            output.line({"at": at, "by": one.by, "register": one.revision or None, "changes": changes})
            continue
        steps = (Step(Change(change), Thing(thing), name, detail) for change, thing, name, detail in one.changes)
        register = one.revision[:12] or "–"
        output.show(tables.heading(words("provision_history", at=tables.moment(at), by=one.by, register=register)))
        output.show(_steps(words, steps))
    output.flush()


def _steps(words: Words, steps: Iterable[Step]) -> Table:
    """Alike steps together."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for step in steps:
        name, group = _group(step)
        alike.setdefault(group, []).append(name)
    rows = tables.table(*map(words, ("step", "count", "who", "to_what")), right=(1,), whole=(0,))
    for (change, thing, detail), names in alike.items():
        what = f"{words.term('things', thing)} {words.term('changes', change)}"
        rows.add_row(Text(what, style=_STYLES[change]), number(len(names)), _some(words, names), detail)
    return rows


def fault_line(words: Words, fault: Fault) -> str:
    """What provisioning can't mend, in one line."""
    text = words.term("cluster_faults", fault.code).format(found=fault.found, wanted=fault.wanted)
    return f"{fault.about} {text}"


def _lines(plan: Plan) -> Iterator[Json]:
    for step in plan.steps():
        yield {"change": step.change.value, "thing": step.thing.value, "name": step.name, "detail": step.detail}
    for user in sorted(plan.suspended):
        yield {"suspended": user}
    for right in plan.strangers:
        yield {"stranger": right.principal, "right": describe(right)}
    for fault in plan.faults:
        yield {"fault": fault.code, "about": fault.about, "found": fault.found, "wanted": fault.wanted}


def _group(step: Step) -> tuple[str, tuple[str, str, str]]:
    """Whom a step concerns, and what it has in common with the same step for others."""
    name, detail = step.name, step.detail
    for beginning in (topics.OUTBOXES, topics.INBOXES):
        if step.thing == "topic" and name.startswith(beginning):
            name, detail = name.removeprefix(beginning), f"{beginning}{_EACH}: {detail}"
        else:
            detail = detail.replace(f"{beginning}{name}", f"{beginning}{_EACH}")
    return name, (step.change.value, step.thing.value, detail)


def _some(words: Words, names: list[str]) -> str:
    shown = ", ".join(names[:_NAMES])
    return shown if len(names) <= _NAMES else words("names_more", names=shown, n=number(len(names) - _NAMES))
