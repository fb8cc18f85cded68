"""The commands for an agency's own keys: new, list."""

import argparse
import json
from collections.abc import Callable, Iterator
from datetime import date

from .broker import AgencyError
from .compose import now
from .help import Parser
from .sealing_keys import OwnKeys, PublicKey, PublicKeys, swedish_day
from .settings import Settings
from .terminal import add_command
from .texts import Parties, Texts

NAME = "keys"


def add_to(commands: "argparse._SubParsersAction[Parser]") -> None:
    """`keys new` and `keys list`."""
    what = "make and list your own keys, which contents are sealed to"
    parser = commands.add_parser(NAME, help=what, description=what)
    actions = parser.add_subparsers(dest="action", required=True)
    new = add_command(actions, "new", "make a pair of keys")
    new.add_argument("--from", dest="first", metavar="DAY", help="first day of the key; today where left out")
    new.add_argument("--until", dest="last", metavar="DAY", help="last day of the key")
    add_command(actions, "list", "list the keys that you hold")


def run(said: argparse.Namespace, write: Callable[[str], object]) -> int:
    """Do one of them. Raises AgencyError."""
    settings = Settings.of(said)
    texts = Texts(settings.lang)
    if settings.authority is None:
        raise AgencyError(texts("as_whom"))
    if settings.sealing.own is None:
        raise AgencyError(texts("no_key_folder"))
    name, at, desk = settings.authority.partition("/")
    address = f"{Parties(texts, settings.register).find(name, '--as')}{at}{desk}"
    own, today = OwnKeys(settings.sealing.own), swedish_day(now())
    if said.action == "new":
        key = own.new(address, _day(texts, "--from", said.first) or today, _day(texts, "--until", said.last))
        write(f"{texts('key_made', id=key['id'], folder=settings.sealing.own)}\n{texts('key_hand_over')}\n")
        party, _, part = address.partition("/")
        row = {"authority": party, **({"desk": part} if part else {}), "keys": [key]}
        write(json.dumps(row, ensure_ascii=False) + "\n")
        return 0
    registered = dict(_registered(settings))
    for key in own:
        state = registered[key["id"]].state(today) if key["id"] in registered else "unregistered"
        days = texts("key_days", first=key["from"], last=key.get("until") or "").rstrip()
        write(f"{key['id']}  {key['address']}  {days}  {texts.term('key_states', state)}\n")
    if not any(True for _ in own):
        write(texts("no_keys") + "\n")
    return 0


def _registered(settings: Settings) -> Iterator[tuple[str, PublicKey]]:
    """The keys of every address in the register, where there is one."""
    if settings.register is not None:
        yield from ((key.id, key) for key in PublicKeys(settings.register))


def _day(texts: Texts, flag: str, said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise AgencyError(f"{flag}: {texts('no_day')}") from None
