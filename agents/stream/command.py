"""The command that runs the agents: `samband agents`, or python -m agents.stream."""

from socket import gethostname
from time import sleep
from typing import Annotated

import typer

from agents.stream.rounds import Rounds
from agents.stream.signs import DEPENDENCIES, Signs
from broker import recency, settings, topics
from broker.adapters import audit_topic, register_file
from broker.adapters.agent_store import AgentStore
from broker.bootstrap import clock_times
from broker.cli import journal
from broker.cli.observing import MetricsAddress, service
from broker.cli.options import RegisterFile
from broker.cli.output import Stop
from broker.health import Health
from broker.ports import Away
from broker.provision import Profile
from broker.recency import StoreOutdated
from broker.settings import KafkaLogin

_PAUSE = 1.0
"""Seconds before another try when a server is away at the start."""


def agents(
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
    """Run the agents on the audit log: reminders and escalation, linked notifications, follow-up, counts."""
    if message_time and settings.profile() is Profile.PRODUCTION:
        raise Stop(2, "--message-time: not in production: leave it out, or set SAMBAND_PROFILE=local")
    login, url, times = settings.kafka_user(), settings.postgres(), clock_times()
    from agents.stream import app  # noqa: PLC0415  # the other commands do without Faust

    journal.begin()
    pace = app.Pace(tick=tick, stalled=stalled)
    with service(metrics, DEPENDENCIES) as (told, health):
        known = register_file.RegisterFile(register, told)
        journal.started("agents", f"register {known}")
        store = _opened(url, login, health)
        rounds = Rounds(store, times, topics.AUDIT, message_time=message_time)
        signs = Signs(told, health, store, known)
        app.run(login, store, rounds, signs, instance=instance or gethostname(), message_time=message_time, pace=pace)


def _opened(url: str, login: KafkaLogin, health: Health) -> AgentStore:
    """The store, once PostgreSQL and Kafka answer. Raises Stop when it is older than what was published."""
    while True:
        try:
            with audit_topic.opened(login) as audit:
                store = AgentStore.opened(url)
                try:
                    recency.compare(store, audit)
                except BaseException:
                    store.close()
                    raise
            return store
        except StoreOutdated as outdated:
            raise Stop(1, str(outdated)) from None
        except Away as away:
            health.turned()
            health.failed(away.component, away)
            sleep(_PAUSE)


def main() -> None:
    """The command alone, without the rest of `samband`."""
    typer.run(agents)
