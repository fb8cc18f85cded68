"""The command that sets a Kafka cluster up for the registered authorities: `samband provision`."""

from collections.abc import Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Annotated

import typer

from broker import authorities, settings
from broker.adapters.credential_files import CredentialFiles
from broker.authorities import Register
from broker.cli import provision_tables
from broker.cli.options import AsJson, Language, RegisterFile
from broker.cli.output import Output, Stop
from broker.cli.texts import Lang, number
from broker.provision import Limits, Plan, Profile, broker_faults, plan, with_faults
from broker.settings import KafkaLogin

if TYPE_CHECKING:
    from broker.adapters.kafka_admin import Cluster

_WAIT = 120.0
"""Seconds that brokers may take to show what the controller has accepted. A broker makes some hundred topics a second."""
_PAUSE = 0.2

Named = Annotated[list[str] | None, typer.Option(metavar="ID")]


def provision(
    *,
    register: RegisterFile = None,
    profile: Annotated[
        Profile, typer.Option(help="local: one broker and no TLS will do; production refuses what is not safe.")
    ] = Profile.PRODUCTION,
    credentials: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", envvar="SAMBAND_KAFKA_CREDENTIALS", help="Folder of passwords, one file for each user."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan and change nothing.")] = False,
    suspend: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Take all access away, now and until reinstated. Repeatable.")
    ] = None,
    reinstate: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="End a suspension, with a new password. Repeatable.")
    ] = None,
    rotate: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Make a new password; 'all': for everybody. Repeatable.")
    ] = None,
    as_json: AsJson = False,
    lang: Language = Lang.SV,
) -> None:
    """Give each authority its topics, password and rights on Kafka: shows the plan, then makes the differences good."""
    output = Output(lang, as_json=as_json)
    registered = authorities.load(register)
    login, limits = settings.kafka_operator(profile), settings.limits(profile)
    asked = _Asked(output, registered, login, limits, suspend or (), reinstate or (), rotate or ())
    files = CredentialFiles(credentials, login.variables) if credentials else None
    try:
        from broker.adapters import kafka_admin  # noqa: PLC0415 -- an extra that the embedded broker goes without
    except ImportError:
        raise Stop(2, output.words("needs_extra")) from None
    with kafka_admin.opened(login) as cluster:
        made = with_faults(asked.plan(cluster, files), broker_faults(cluster.brokers(), limits))
        provision_tables.show(output, made)
        output.flush()
        if not dry_run:
            asked.carry_out(cluster, made, files)


class _Asked:
    """What the user asked for."""

    def __init__(
        self,
        output: Output,
        register: Register,
        login: KafkaLogin,
        limits: Limits,
        suspend: Sequence[str],
        reinstate: Sequence[str],
        rotate: Sequence[str],
    ) -> None:
        self._output = output
        self._limits = limits
        self._operator = login.user
        self._ids = [party.id for party in register]
        ...
