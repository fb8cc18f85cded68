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
