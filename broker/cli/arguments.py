"""Finds what a command line names: authorities, messages, moments.

One line and exit status 2 when there is none.
"""

from datetime import UTC, date, datetime
from uuid import UUID

import typer

from broker.authorities import Authority, Register
from broker.cli.options import clock
from broker.cli.output import Output, Stop
from broker.model.parts import Offence
from broker.model.references import is_reference

_FEW = 5
"""Most ids that are told where a name fits several."""


def authority(output: Output, register: Register, name: str, *, by_name: bool = False) -> Authority:
    """A registered authority or party by its id; `by_name`: or by its name, or how the name begins."""
    if (registered := register.find(name)) is not None:
        return registered
    begins = [party for party in register.find_by_name(name) if party.name.casefold().startswith(name.casefold())]
    named = begins if by_name else []
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(party.id for party in named[:_FEW])
        raise Stop(2, output.words("several_authorities", name=name, ids=ids))
    raise Stop(2, output.words("unknown_authority", name=name))


def address(output: Output, register: Register, name: str) -> str:
    """The address of a registered authority or party, or of a desk of one."""
    located = register.locate(name)
    if located is None:
        raise Stop(2, output.words("unknown_authority", name=name))
    return located.address


def offence(output: Output, provision: str | None, *, committed: bool) -> Offence | None:
    """The offence that is named, completed by the person asked about; None: none is."""
    if provision is None:
        return None
    if not is_reference(provision):
        raise Stop(2, output.words("not_a_provision", text=provision))
    return Offence(provision=provision, committed=committed)


def moment(output: Output, text: str | None, option: str = "--time") -> datetime:
    """A moment in RFC 3339 with its zone, as an option gives it; None: now."""
    if text is None:
        return clock()
    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is not None:
            return when.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Stop(2, output.words("not_a_moment", option=option))


def message_id(text: str) -> UUID:
    """An option's message, by its id."""
    try:
        return UUID(text)
    except ValueError:
        raise typer.BadParameter("must be a UUID of version 7") from None


def day(text: str) -> date:
    """An option's day."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise typer.BadParameter("must be a day, YYYY-MM-DD") from None


def place(output: Output, text: str) -> tuple[int | None, str | None]:
    """A record's number or a message's id."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text), None
    try:
        return None, str(UUID(text))
    except ValueError:
        raise Stop(2, output.words("not_an_id")) from None
