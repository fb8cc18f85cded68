"""The command that compares outboxes, log and inboxes on Kafka: `samband reconcile`."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from broker import settings
from broker.adapters.signing import TokenKey
from broker.cli import terms
from broker.cli.observing import MetricsAddress, service
from broker.cli.options import AsJson, Language
from broker.cli.output import Output, Stop
from broker.cli.rendering import table
from broker.cli.stopping import stopping
from broker.cli.texts import Lang, number
from broker.correspondence import Correspondence
from broker.health import KAFKA

if TYPE_CHECKING:
    from threading import Event

    from broker.adapters.compared_topics import ComparedTopics


def reconcile(
    *,
    once: Annotated[bool, typer.Option("--once", help="Compare what is there now, and stop.")] = False,
    every: Annotated[float, typer.Option(min=0.1, max=3600.0, metavar="S", help="Seconds between looks.")] = 10.0,
    grace: Annotated[
        float, typer.Option(min=0.1, max=600.0, metavar="S", help="Seconds until all of a transaction can be seen.")
    ] = 2.0,
    metrics: MetricsAddress = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Compare outboxes, log and inboxes one to one, until stopped. Exit status 1 when anything differs.

    Logs in as SAMBAND_KAFKA_USER (samband.reconcile); SAMBAND_KEYS holds the key behind the tokens of positions.
    """
    output = Output(lang, as_json=as_json)
    try:
        from broker.adapters import compared_topics  # noqa: PLC0415 - an extra
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    tokens = TokenKey(settings.keys() / "token.key", create=False)
    between = max(every, grace)
    with (
        stopping() as stop,
        service(metrics, output, (KAFKA,), between=between) as (told, health),
        compared_topics.opened(settings.kafka_user(), tokens) as found,
    ):

        def tell(compared: Correspondence) -> None:
            health.turned()
            health.answered(KAFKA)
            told.reconciled(compared.counts)
            _told(output, compared)

        compared = _compared(found, stop, grace, None if once else between, tell)
    if not as_json:
        _show(output, compared)
    output.flush()
    if not compared.ok:
        raise Stop(1)


def _compared(
    found: "ComparedTopics", stop: "Event", grace: float, every: float | None, tell: Callable[[Correspondence], None]
) -> Correspondence:
    """Read and compare, time after time; what is missing is said from the second time on. `every` None: twice."""
    found.look()
    compared, rounds = Correspondence(found.sources()), 0
    handled = found.handled()
    while not stop.is_set():
        started = monotonic()
        before, handled = handled, found.handled()
        found.read(compared, monotonic)
        rounds += 1
        if rounds > 1:
            compared.judge(started - grace, before, found)
            tell(compared)
            if every is None:
                break
        stop.wait(every or grace)
        found.look()
        compared.from_now_on(found.sources())
    return compared


def _told(output: Output, compared: Correspondence) -> None:
    if not output.as_json:
        return
    first = [{"sort": one.sort, "position": one.position, "box": one.box} for one in compared.first]
    counts = {"ok": compared.ok, "agree": compared.agree, "under_way": compared.under_way}
    output.line({**counts, "differences": compared.counts, "first": first})
    output.flush()


def _show(output: Output, compared: Correspondence) -> None:
    words = output.words
    counts = {"agree": number(compared.agree), "under_way": number(compared.under_way)}
    if compared.ok:
        output.show(Text(f"✓ {words('corresponds', **counts)}", style="green"))
        return
    output.show(Text(f"✕ {words('does_not_correspond', **counts)}", style="bold red"))
    made = table(*map(words, ("difference", "number")), right=(1,))
    for sort, n in compared.counts.items():
        if n:
            made.add_row(words.term(terms.DIFFERENCES, sort), number(n))
    output.show(made)
    for one in compared.first:
        output.show(Text(f"  {one.sort} {one.position}{f' → {one.box}' if one.box else ''}", style="dim"))
