"""How the broker stands, as a terminal shows it: in the same words as on the operator's page."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import cast

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from broker.authorities import Contact
from broker.cli.tables import table
from broker.model.days import rfc3339
from broker.model.decision import Json
from broker.review import operations_words as words
from broker.review.operations import Standing
from broker.review.words import Words

Party = Callable[[str], str]


def as_json(stands: Standing) -> Json:
    """All of it as one object; moments as elsewhere."""
    return cast("Json", json.loads(json.dumps(asdict(stands), default=_plain)))


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return rfc3339(value)
    return value.isoformat() if isinstance(value, date) else cast("Contact", value).model_dump()


def hands(stands: Standing, t: Words, party: Party) -> Iterator[RenderableType]:
    """What needs a hand, each with what to do; that nothing does is said too."""
    if not stands.hands:
        yield Text(t("operations.none"), style="bold")
        yield Text(t("operations.none_text" if stands.programs else "operations.none_known"), style="dim")
        return
    yield Text(t.count("operations.hands", len(stands.hands)), style="bold")
    for hand in stands.hands:
        told = words.tell(hand, stands.at, t, party)
        shown = Text("▲ ", style="red" if told.grave else "yellow").append(told.title, style="bold")
        shown.append(f"  {told.since}\n  {told.text}", style="not bold default")
        for call in told.calls:
            shown.append(f"\n  {t('operations.call', whom=call)}", style="not bold default")
        for mark, part in [("", f"\n  {t('operations.guide_link')}: "), *(words.guide(hand.name, t) or ())]:
            shown.append(part, style="bold" if mark else "dim not bold")
        yield shown


def everything(stands: Standing, t: Words, party: Party) -> Iterator[RenderableType]:
    """What needs a hand, then all the rest, a table each."""
    yield from hands(stands, t, party)
    if stands.programs:
        rows = _table(t, "programs", ("name", "state", "law", "register", "version"))
        for one in stands.programs:
            law, register = words.short(one.program.law), words.short(one.program.register)
            rows.add_row(one.program.name, words.state(one, t), law, register, one.program.version or "–")
        yield rows
    rows = _table(t, "flow", ("what", "now", "yesterday"), right=(1, 2))
    for figure in stands.flow:
        rows.add_row(t(f"operations.flow.{figure.name}"), *(words.amount(n, t) for n in (figure.now, figure.yesterday)))
    yield rows
    if stands.unseen:
        rows = _table(t, "unseen", ("authority", "kind", "n", "age", "contacts"), right=(2,))
        for unseen in stands.unseen:
            whose = words.whose(unseen.authority, unseen.unit, t, party)
            late = f" ({t('operations.unseen.late')})" if unseen.late else ""
            waited = words.age(unseen.since, stands.at, t) + late
            calls = "\n".join(words.calls(unseen.contacts)) or t("operations.unseen.no_contacts")
            rows.add_row(whose, t.term("kinds", unseen.kind), str(unseen.n), waited, calls)
        yield rows
    if stands.quarantine:
        rows = _table(t, "quarantine", ("why", "n", "mends"), right=(1,))
        for reason in stands.quarantine:
            rows.add_row(t.term("errors", reason.code), str(reason.lines), words.mends(reason, t))
        yield rows
    if stands.clocks:
        rows = _table(t, "clocks", ("what", "n", "late"), right=(1, 2))
        for clock in stands.clocks:
            rows.add_row(t.term("clocks", clock.clock), str(clock.n), str(clock.late))
        yield rows
    for name, said in words.trim(stands, t):
        yield Text.assemble((f"{t(f'operations.trim.{name}')}: ", "bold"), said)


def _table(t: Words, name: str, columns: tuple[str, ...], right: tuple[int, ...] = ()) -> Table:
    shown = table(*(t(f"operations.{name}.{column}") for column in columns), right=right)
    shown.title, shown.title_justify, shown.title_style = t(f"operations.{name}.caption"), "left", "bold"
    return shown
