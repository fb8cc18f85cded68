"""Where a line stood, as it is written beside a record that names nobody: to be read with the broker's key alone.

A source is shared by all that its authority sends, so beside an anonymous message it would tell who sent that one.
"""

from broker.ports.tokens import Tokens

Place = tuple[str, int]
"""A source, and the number of a line there."""

_DIGITS = 19
"""Every number is written with as many: its length tells nothing."""


def hide(tokens: Tokens, place: Place) -> Place:
    """A place of its own for this line: the same each time, and nothing to be read from it without the key."""
    source, number = place
    return tokens.hide(f"{source}/{number:0{_DIGITS}}"), 0


def hidden(tokens: Tokens, place: Place) -> tuple[Place, ...]:
    """Its place of its own under each key, that which makes them first."""
    source, number = place
    return tuple((text, 0) for text in tokens.hides(f"{source}/{number:0{_DIGITS}}"))


def reveal(tokens: Tokens, place: Place) -> Place | None:
    """The place that was hidden so; None where this is none."""
    hidden, number = place
    text = tokens.reveal(hidden) if number == 0 else None
    if text is None:
        return None
    source, _, digits = text.rpartition("/")
    return source, int(digits)
