"""Finds what a command line names: authorities, messages, moments. One line and exit status 2 when there is none."""

from datetime import UTC, datetime
from uuid import UUID

from broker.authorities import Authority, Register
from broker.cli.options import clock
from broker.cli.output import Output, Stop


def authority(output: Output, register: Register, name: str) -> Authority:
    """A registered authority or party."""
    found = register.find(name)
    if found is None:
        raise Stop(2, output.words("unknown_authority", name=name))
    return found


def moment(output: Output, text: str | None) -> datetime:
    """A moment in RFC 3339 with its zone; None: now."""
    if text is None:
        return clock()
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Stop(2, output.words("not_a_moment"))


def place(output: Output, text: str) -> tuple[int | None, str | None]:
    """A record's number or a message's id."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text), None
    try:
        return None, str(UUID(text))
    except ValueError:
        raise Stop(2, output.words("not_an_id")) from None
