"""The command that gives deliveries out again: `samband redeliver`."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Annotated
from uuid import UUID

import typer

from broker import authorities, settings
from broker.cli import arguments
from broker.cli.options import NEARBY, AsJson, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.quarantine_on_kafka import CLUSTER
from broker.cli.stop import stopping
from broker.cli.texts import Lang, number
from broker.model.decision import Json
from broker.pipeline.notices import RedeliveryOrder
from broker.pipeline.redelivery import MOST, rest
from broker.ports.faults import Away
from broker.ports.store import Wanted
from broker.runtime import embedded

_PATIENCE = 60.0
"""Seconds for which a worker is waited for."""


def redeliver(
    address: Annotated[str, typer.Argument(metavar="AUTHORITY[/DESK]", help="Whose inbox.")],
    *,
    message: Annotated[
        list[UUID] | None,
        typer.Option(parser=arguments.message_id, metavar="ID", help="This message; several may be named."),
    ] = None,
    unregistered: Annotated[
        bool, typer.Option("--unregistered", help="All that is to be registered and is not.")
    ] = False,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Only what was recorded then or later.")] = None,
    data: Annotated[
        str, typer.Option("--data", metavar="DIR|kafka", help="Folder with the state; or kafka: the cluster.")
    ] = NEARBY,
    register: RegisterFile = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Give deliveries out again to the inbox they lie in, marked so. The log says which; what can't be is named.

    What is recalled never goes out again. With --data kafka a worker that runs does it, and what is registered is not
    kept any longer; this logs in as SAMBAND_KAFKA_USER (samband.worker). Exit status 1 when something could not be.
    """
    known = authorities.load(register)
    output = Output(lang, as_json=as_json, parties=known)
    place = arguments.address(output, known, address)
    if not (message or unregistered or since):
        raise Stop(2, output.words("redeliver_what"))
    if message and len(message) > MOST:
        raise Stop(2, output.words("redeliver_most", n=number(MOST)))
    when = arguments.moment(output, since, "--since") if since else None
    wanted = Wanted(place, tuple(map(str, message or ())), unregistered, when)
    if data == CLUSTER:
        told = list(_on_kafka(output, wanted))
    else:
        with embedded.embedded(Path(data), known) as broker:
            told = broker.pipeline.redeliver(wanted)
    _show(output, told)
    if any(part["refused"] for part in told):
        raise Stop(1)


def _on_kafka(output: Output, wanted: Wanted) -> Iterator[Json]:
    """Have a worker do it, part by part; what its records say. Raises Stop."""
    try:
        from broker.adapters.kafka import orders  # noqa: PLC0415 - an extra
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    login, left = settings.kafka_user(), wanted
    with stopping() as ended:
        until = monotonic() + _PATIENCE
        while True:
            order = token_hex(16)
            try:
                leaf = orders.ask(
                    login,
                    RedeliveryOrder(replace(left, order=order)),
                    lambda leaf, order=order: leaf.get("redelivered", {}).get("order") == order,  # type: ignore[misc]
                    lambda: ended.is_set() or monotonic() > until,
                )
            except Away as away:
                raise Stop(2, str(away)) from None
            if leaf is None:
                raise Stop(1, output.words("redelivery_not_recorded"))
            yield leaf["redelivered"]
            if (more := rest(left, leaf["redelivered"])) is None:
                return
            left = more


def _show(output: Output, told: list[Json]) -> None:
    given = [message for part in told for _, message in part["messages"]]
    refused = {message: why for part in told for message, why in part["refused"].items()}
    if output.as_json:
        output.line({"redelivered": given, "refused": refused})
    else:
        output.note(output.words("redelivered", n=number(len(given))))
        for message, why in refused.items():
            output.note(f"{message}: {output.words.term('not_redelivered', why)}")
    output.flush()
