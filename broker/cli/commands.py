"""Which commands there are: only the one that is called is imported, with the libraries it needs."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Any

import typer

INSTALLED = "samband.commands"
"""The entry points' group, of commands that rooms above this one bring."""

NEEDS_EXTRA = "the command needs an extra: pip install 'samband[{}]'"

_EXTRAS = MappingProxyType(
    {
        "cose": ("cbor2", "cwt"),
        "distributed": ("confluent_kafka", "faust", "kafka", "opa_client", "psycopg"),
        "desk": ("argon2", "authlib", "httpx2", "itsdangerous", "starlette", "uvicorn"),
        "sdk": ("lxml",),
        "spreadsheet": ("openpyxl",),
    }
)
"""Libraries that are no part of a plain installation."""

_OWN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "run": ("run:run", "Decide, record and deliver every message of a file."),
        "check": ("run:check", "Decide every message of a file, and record nothing."),
        "send": ("send:send", "Send an authority's messages live."),
        "serve": ("serve:serve", "Run the live broker until it is stopped."),
        "new": ("new:new", "Print a filled example of a message."),
        "inbox": ("inbox:inbox", "Show what lies in an authority's inbox."),
        "status": ("status:status", "Show what needs a hand, then each delivery."),
        "incident": ("incident:write_reports", "Write what is reported of an incident."),
        "redeliver": ("redeliver:redeliver", "Give deliveries out again that are not registered."),
        "explain": ("explain:explain", "Explain a decision beside the statute text."),
        "guide": ("guide:guide", "Tell what may be asked for, and how."),
        "audit": ("audit:app", "Review the log: verify, show, export."),
        "review": ("review:app", "The pages for who reviews the log, or runs the broker."),
        "tokens": ("tokens:tokens", "Make tokens of numbers for who reviews the log."),
        "replay": ("replay:replay", "Ask each decision again under the installed law."),
        "report": ("report:report", "Write the yearly report."),
        "register": ("register:app", "Show authorities, and registers with their history."),
        "quarantine": ("quarantine:app", "What could not be used: list it, run it again."),
        "retention": ("retention:app", "How long what messages said is kept: erase, hold."),
        "upgrade": ("upgrade:upgrade", "Bring data of an earlier version to this one's schema."),
        "backup": ("backup:backup", "Copy a data folder while a broker runs there."),
        "restore": ("backup:restore", "Put a copy back where data are lost."),
        "policy": ("policy:app", "The law for policy servers: a signed bundle."),
        "provision": ("provision:provision_cluster", "Give each authority its topics, rights and password."),
        "rotate": ("rotate:app", "Change a key while all runs."),
        "keys": ("keys:keys", "Make the keys of a new cluster."),
        "worker": ("worker:app", "Be one of a cluster's workers."),
        "ledger": ("ledger:app", "Keep a cluster's log up, and sign it."),
        "reconcile": ("reconcile:reconcile", "Compare outboxes, log and inboxes one to one."),
    }
)
"""Name -> module and function or group of commands, and what it does."""
_BROUGHT = MappingProxyType(
    {
        "agents": "Reminders, escalation, and what was skipped.",
        "desk": "The page where people ask and answer.",
        "sdk": "An authority that is reached by SDK.",
        "bench": "Measure ways of forwarding side by side.",
        "sample": "Write a generated county.",
    }
)
"""What those that are brought do, as far as they are ours."""
_ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}


def add(app: typer.Typer, given: Sequence[str], *, every: bool = False) -> None:
    """Add all commands: those that are among the words given as they are, the others for the list alone."""
    for name, (target, summary) in _OWN.items():
        if every or name in given:
            _load(app, name, partial(_own, target))
        else:
            app.command(name, help=summary)(_nothing)
    for entry in entry_points(group=INSTALLED):
        if every or entry.name in given:
            _load(app, entry.name, entry.load)
        else:
            app.command(entry.name, help=_BROUGHT.get(entry.name, ""))(_nothing)


def _own(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(import_module(f"broker.cli.{module}"), attribute)


def _load(app: typer.Typer, name: str, load: Callable[[], Any]) -> None:
    """A command with what it needs; one whose libraries are not installed says so when it is called."""
    try:
        command = load()
    except ModuleNotFoundError as error:
        app.command(name, context_settings=_ANYTHING, help=NEEDS_EXTRA.format(extra(error)))(_absent(error))
        return
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=name)
    else:
        app.command(name)(command)


def _nothing() -> None:
    """Never called: a command that is called is among the words given."""


def extra(error: ModuleNotFoundError) -> str:
    """The extra that has what is missing; empty where none has."""
    library = (error.name or "").partition(".")[0]
    return next((name for name, libraries in _EXTRAS.items() if library in libraries), "")


def _absent(error: ModuleNotFoundError) -> Callable[[], None]:
    """What stands in for a command whose libraries are not installed."""

    def command() -> None:
        raise error

    return command
