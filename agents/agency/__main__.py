"""The command `samband-agency`: a person's desk at a terminal, and for those who build a system, its check."""

import argparse
import importlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from importlib.resources import files
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from . import account, conformance, keys_command, terminal
from .adapter import Adapter
from .agency import Agency
from .broker import AgencyError, Broker
from .command import add_broker, broker_of, wrong
from .compose import Pen, now
from .conformance import VECTORS, Result
from .drafts import Address
from .help import Parser
from .on_kafka import Kafka
from .sealing_keys import Sealing
from .settings import language
from .texts import LANGUAGES, Texts
from .words import Category, Role, Unit

_TIMEOUT = 30.0
_CLOSED_PIPE = 141
"""Exit status when whoever reads has gone, as of a program ended by SIGPIPE."""


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all passed, 1 something did not, 2 input or set-up is wrong."""
    given = sys.argv[1:] if arguments is None else arguments
    options = _parser(language(given)).parse_args(given)
    if options.command == "template":
        sys.stdout.write((files(__package__) / "adapter_template.txt").read_text("utf-8"))
        return 0
    try:
        if options.command == keys_command.NAME:
            return keys_command.run(options, sys.stdout.write)
        if options.command in terminal.COMMANDS:
            return terminal.run(options, read=input if sys.stdin.isatty() else None)
        return _show(_check(options), as_json=options.json)
    except AgencyError as error:
        return wrong(str(error))
    except BrokenPipeError:  # whoever read has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _CLOSED_PIPE


def _parser(lang: str = LANGUAGES[0]) -> Parser:
    parser = Parser(prog="samband-agency", description="An agency's side of Samband.")
    parser.add_argument("--lang", dest="spoken", choices=LANGUAGES, help="language of what is shown")
    commands = parser.add_subparsers(dest="command", required=True)
    terminal.add_commands(commands)
    keys_command.add_to(commands)
    commands.add_parser("template", help="print an adapter to fill in")
    check = commands.add_parser("check", help="does our adapter behave, and is our account in order?")
    check.add_argument("adapter", nargs="?", metavar="MODULE:CLASS", help="the adapter; left out: only the account")
    check.add_argument("--unit", choices=get_args(Unit), default="registry", help="the unit that answers")
    check.add_argument("--role", choices=get_args(Role), default="officer", help="the role that answers")
    check.add_argument("--categories", default=",".join(VECTORS["categories"]), help="what to be asked for")
    check.add_argument("--peer", metavar="AUTHORITY[/UNIT]", help="on a broker: whom to exchange messages with")
    check.add_argument("--peer-kafka", type=Path, metavar="FILE", help="the peer's login, so that it may ask too")
    check.add_argument("--human", action="store_true", help="somebody sits there during the check, and weighs")
    check.add_argument("--json", action="store_true", help="JSON Lines")
    add_broker(check)
    parser.translate(Texts(lang))
    return parser


def _check(options: argparse.Namespace) -> Iterator[Result]:
    if options.authority is None:
        raise AgencyError("--as: say which authority's adapter or account it is")
    categories = [category for category in options.categories.split(",") if category]
    if strange := sorted(set(categories) - set(get_args(Category))):
        raise AgencyError(f"--categories: {', '.join(strange)}: not in the contract")
    broker = broker_of(options)
    adapter = _adapter(options.adapter) if options.adapter else None
    if adapter is None and broker is None:
        raise AgencyError("nothing to check: name an adapter (MODULE:CLASS), or a broker (--embedded, --kafka)")
    if adapter is not None:
        system = conformance.staged(adapter, options.authority, options.unit, options.role)
        yield from conformance.examine(system, categories, human=options.human)
    if broker is not None:
        with TemporaryDirectory(prefix="samband-") as folder:
            yield from _on_a_broker(options, broker, adapter(Path(folder)) if adapter else None, categories)


def _on_a_broker(
    options: argparse.Namespace, broker: Broker, adapter: Adapter | None, categories: list[str]
) -> Iterator[Result]:
    if options.peer is None:
        raise AgencyError("--peer: name another test authority at this broker")
    name, _, unit = options.peer.partition("/")
    peer = Address(name, unit or "registry")
    pen = Pen(options.authority, options.unit, options.role, now, os.urandom)
    yield from account.examine(broker, pen, peer, timeout=_TIMEOUT)
    peers = Kafka.from_file(options.peer_kafka) if options.peer_kafka else broker if options.embedded else None
    if adapter is None or peers is None:
        return
    to = Address(options.authority, options.unit)
    with (
        Agency(
            options.authority,
            broker,
            unit=options.unit,
            role=options.role,
            state=options.state,
            sealing=Sealing(options.sealing, options.register),
        ) as own,
        Agency(peer.authority, peers, unit=peer.unit) as asker,
    ):
        yield from account.exchange(adapter, own, asker, to=to, categories=categories, timeout=_TIMEOUT)


def _adapter(name: str) -> conformance.MakeAdapter:
    """Makes the adapter; one whose class takes a `folder` is given one of its own, so that the check leaves nothing."""
    module, _, class_ = name.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    try:
        kind = getattr(importlib.import_module(module), class_)
        takes_folder = "folder" in signature(kind).parameters
        with TemporaryDirectory(prefix="samband-") as folder:
            adapter = kind(folder=Path(folder)) if takes_folder else kind()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise AgencyError(f"{name}: can't be loaded ({type(error).__name__}): give MODULE:CLASS") from None
    if not isinstance(adapter, Adapter):
        raise AgencyError(f"{name}: is not an Adapter")
    return (lambda folder: kind(folder=folder)) if takes_folder else lambda _: kind()


def _show(results: Iterable[Result], *, as_json: bool) -> int:
    passed = failed = 0
    for result in results:
        passed, failed = passed + result.passed, failed + (not result.passed)
        if as_json:
            row = {"check": result.check, "passed": result.passed, "fault": result.fault}
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(f"{'passed' if result.passed else 'FAILED'}  {result.check}\n")
            sys.stdout.write("" if result.passed else f"        {result.fault}\n")
        sys.stdout.flush()
    if not as_json:
        sys.stdout.write(f"\n{passed} passed, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
