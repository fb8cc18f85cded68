"""A line that can not be used as a message."""

from uuid import UUID


class Unusable(Exception):
    """An input that is no message: goes to quarantine with a stable code and one line of detail."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        message: UUID | None = None,
        sender: str | None = None,
        is_message: bool = False,
    ) -> None:
        """`is_message`: it could be read whole, and may not be decided all the same."""
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.message = message
        self.sender = sender
        self.is_message = is_message


MENDED_OUTSIDE = frozenset(
    {
        "unknown_authority",
        "not_connected",
        "not_your_request",
        "kind_not_allowed",
        "engine_error",
        "poison",
        "sealing_key",
    }
)
"""Codes of what can lie outside the message, in the register, the law or the broker: there another try can help."""
