"""The commands of the agents: `samband agents` (or python -m agents.stream) runs them, and what they skipped."""

from socket import gethostname
from time import sleep
from typing import Annotated

import typer

from agents.stream.rounds import Rounds
from agents.stream.telemetry import DEPENDENCIES, Signs
from broker import settings, topics
from broker.adapters.files import register_file
from broker.adapters.kafka import audit_topic
from broker.adapters.sql.agent_store import AgentStore
from broker.cli import journal
from broker.cli.options import AsJson, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.telemetry import MetricsAddress, service, tracing
from broker.cli.texts import Lang
from broker.log import recency
from broker.log.recency import StoreOutdated
from broker.model.decision import Json
from broker.pipeline.notices import contacts_of
from broker.ports.faults import Away
from broker.ports.health import Health
from broker.provision import Profile
from broker.runtime.embedded import clock_times
from broker.runtime.register import FollowedRegister
from broker.settings import KafkaLogin

_GONE = "retention"
"""Why a record can't be taken in that the topic no longer holds."""
_PAUSE = 1.0
"""Seconds before another try when a server is away at the start."""


app = typer.Typer(help="Reminders, escalation, linked notifications; and what they skipped.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def agents(
    context: typer.Context,
    instance: Annotated[
        str, typer.Option("--instance", metavar="NAME", help="Name of this process; left out: the machine's.")
    ] = "",
    message_time: Annotated[
        bool, typer.Option("--message-time", help="Time passes with the messages: for comparing runs, never live.")
    ] = False,
    tick: Annotated[float, typer.Option("--tick", min=0.1, help="Seconds between looks at what is due.")] = 10.0,
    stalled: Annotated[
        float, typer.Option("--stalled", min=1, help="Seconds without a step forward before the process ends.")
    ] = 120.0,
    *,
    register: RegisterFile = None,
    metrics: MetricsAddress = None,
) -> None:
    """Run the agents on the audit log: reminders and escalation, linked notifications."""
    if context.invoked_subcommand is not None:
        return
    if message_time and settings.profile() is Profile.PRODUCTION:
        raise Stop(2, "--message-time: not in production: leave it out, or set SAMBAND_PROFILE=local")
    login, url, times = settings.kafka_user(), settings.postgres(), clock_times()
    from agents.stream import faust_app  # noqa: PLC0415  # the other commands do without Faust

    journal.begin("agents")
    pace = faust_app.Pace(tick=tick, stalled=stalled)
    with service(metrics, DEPENDENCIES) as (measured, health, at), tracing("agents") as traced:
        known = register_file.RegisterFile(register, measured)
        journal.note_start("agents", register=known.facts, metrics=at, **settings.addresses("kafka", "postgres"))
        store = _open_store(url, login, health)
        contacts = contacts_of(known.register, times)
        rounds = Rounds(store, times, topics.AUDIT, message_time=message_time, contacts=contacts)
        signs = Signs(measured, health, store, FollowedRegister(known, login), traced)
        name = instance or gethostname()
        faust_app.run(login, store, rounds, signs, instance=name, message_time=message_time, pace=pace)


def _open_store(url: str, login: KafkaLogin, health: Health) -> AgentStore:
    """The store, once PostgreSQL and Kafka answer. Raises Stop when it is older than what was published."""
    while True:
        try:
            with audit_topic.open_topic(login) as audit:
                store = AgentStore.open(url)
                try:
                    recency.compare(store, audit)
                except BaseException:
                    store.close()
                    raise
            return store
        except StoreOutdated as outdated:
            raise Stop(1, str(outdated)) from None
        except Away as away:
            health.mark_down(away.component, away)
            health.mark_turn()
            sleep(_PAUSE)


@app.command("skipped")
def list_skipped(*, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """List the records that an agent could not take in: a reminder may be missing for each."""
    output = Output(lang, as_json=as_json)
    store = AgentStore.open(settings.postgres())
    try:
        rows = store.skipped_records()
    finally:
        store.close()
    for skipped, reason in rows:
        _show(output, "skipped_row", {"offset": skipped.position, "task": skipped.task, "reason": reason})
    if not rows and not as_json:
        output.show(output.words("none_skipped"))
    output.flush()


@app.command("retry")
def retry_skipped(*, as_json: AsJson = False, lang: Language = Lang.SV) -> None:
    """Let the agents take in what they skipped, once what was wrong is mended. Exit status 1 when some still fail."""
    output = Output(lang, as_json=as_json)
    store, left = AgentStore.open(settings.postgres()), 0
    rounds = Rounds(store, clock_times(), topics.AUDIT)
    try:
        with audit_topic.open_topic(settings.kafka_user()) as audit:
            for skipped, _ in store.skipped_records():
                value = audit.at(skipped.position)
                reason = _GONE if value is None else rounds.retry(value, skipped)
                left += reason is not None
                row = {"offset": skipped.position, "task": skipped.task, "reason": reason}
                _show(output, "retried_row" if reason is None else "skipped_row", row)
    finally:
        store.close()
    output.flush()
    if left:
        raise Stop(1, output.words("still_skipped", n=left))


def _show(output: Output, sentence: str, row: Json) -> None:
    if output.as_json:
        output.line(row)
    else:
        output.show(output.words(sentence, **row))


def main() -> None:
    """The command alone, without the rest of `samband`."""
    app()
