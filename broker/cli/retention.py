"""Commands on how long what messages said is kept: retention list, erase, hold, release."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Annotated
from uuid import UUID

import typer

from broker import bundle, settings
from broker.adapters.sql import read_model as archives
from broker.authorities import load
from broker.cli import arguments, retention_view
from broker.cli.options import NEARBY, AsJson, Kept, Language, clock
from broker.cli.output import Output, Stop
from broker.cli.quarantine_on_kafka import CLUSTER
from broker.cli.stop import stopping
from broker.cli.texts import Lang, number
from broker.model.days import swedish_day
from broker.model.decision import Json
from broker.model.identity import mentions_person
from broker.pipeline.erasure import Hold
from broker.pipeline.notices import MATTER_NUMBER, ErasureOrder, HoldOrder, Order
from broker.ports.faults import Away
from broker.runtime import embedded

_PATIENCE = 60.0
"""Seconds for which a worker is waited for."""

app = typer.Typer(help="How long what messages said is kept: list, erase, hold, release.", rich_markup_mode=None)

Where = Annotated[
    str, typer.Option("--data", metavar="DIR|kafka", help="Folder with the state; or kafka: the cluster.")
]
Messages = Annotated[
    list[UUID],
    typer.Option(
        "--message", parser=arguments.message_id, metavar="ID", help="A message of the case; several may be named."
    ),
]
Reference = Annotated[
    str, typer.Option("--reference", metavar="NUMBER", help="Number of the matter in which it is ordered.")
]


@app.command("list")
def retention_list(*, data: Kept = NEARBY, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """Show each class: its provision and decision, what is kept, what is due today, what is held."""
    output = Output(lang, as_json=as_json)
    table = json.loads(bundle.load().tables)["retention"]["classes"]
    with archives.open_archive(data) as archive:
        rows = retention_view.rows(table, archive.retained(swedish_day(clock()).isoformat()))
    if as_json:
        for row in rows:
            output.line(row)
    else:
        output.show(retention_view.classes(output.words, rows))
    output.flush()


@app.command("erase")
def retention_erase(
    *,
    day: Annotated[
        date | None,
        typer.Option(parser=arguments.day, metavar="YYYY-MM-DD", help="What was due before this day; else today."),
    ] = None,
    data: Where = NEARBY,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Keep no longer what is due, for good: the keys of its cases go. The log says how much, by class and decision.

    A day to come is refused; what is held stays. What keys are wrapped with is renewed, so that older copies of the
    database can't be read either. With --data kafka a worker that runs does it; this logs in as SAMBAND_KAFKA_USER
    (samband.worker).
    """
    output = Output(lang, as_json=as_json)
    today = swedish_day(clock())
    before = day or today
    if before > today:
        raise Stop(2, output.words("erase_too_early", day=before.isoformat()))
    if data == CLUSTER:
        told = list(_erased_on_kafka(output, before))
    else:
        with embedded.embedded(Path(data), load(None)) as broker:
            told = embedded.erase(broker, before)
    classes = retention_view.total(told)
    if as_json:
        output.line({"day": before.isoformat(), "classes": classes})
    else:
        output.note(output.words("erased", n=number(sum(row["contents"] for row in classes))))
        for row in classes:
            output.note(retention_view.erased(output.words, row))
    output.flush()


@app.command("hold")
def retention_hold(
    *,
    message: Messages,
    reference: Reference,
    data: Where = NEARBY,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Let nothing of these messages' cases be erased until they are released, as while a trial goes on."""
    _hold(Output(lang, as_json=as_json), Hold(reference, tuple(map(str, message))), data)


@app.command("release")
def retention_release(
    *,
    message: Messages,
    reference: Reference,
    data: Where = NEARBY,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Let these messages' cases be erased again when they are due."""
    _hold(Output(lang, as_json=as_json), Hold(reference, tuple(map(str, message)), ends=True), data)


def _hold(output: Output, wanted: Hold, data: str) -> None:
    if not MATTER_NUMBER.fullmatch(wanted.reference) or mentions_person(wanted.reference):
        raise Stop(2, output.words("hold_reference"))
    if data == CLUSTER:
        order = token_hex(16)
        told: Json = _ordered(output, HoldOrder(wanted, order), order)["held"]
    else:
        with embedded.embedded(Path(data), load(None)) as broker:
            told = broker.pipeline.hold(wanted)
    if output.as_json:
        output.line(told)
    else:
        output.note(retention_view.held(output.words, told))
    output.flush()
    if not told["cases"]:
        raise Stop(1)


def _erased_on_kafka(output: Output, before: date) -> Iterator[Json]:
    """Have a worker do it, part by part; what its records say. Raises Stop."""
    while True:
        order = token_hex(16)
        told: Json = _ordered(output, ErasureOrder(before, order), order)["erased"]
        if not told["classes"]:
            return
        yield told


def _ordered(output: Output, order: Order, name: str) -> Json:
    """The record of an order, when a worker has carried it out. Raises Stop."""
    try:
        from broker.adapters.kafka import orders  # noqa: PLC0415 - an extra
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    is_its: Callable[[Json], bool] = lambda leaf: leaf.get("order") == name  # noqa: E731
    with stopping() as ended:
        until = monotonic() + _PATIENCE
        try:
            leaf = orders.ask(settings.kafka_user(), order, is_its, lambda: ended.is_set() or monotonic() > until)
        except Away as away:
            raise Stop(2, str(away)) from None
    if leaf is None:
        raise Stop(1, output.words("order_not_recorded"))
    return leaf
