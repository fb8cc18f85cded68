"""How a command ends early."""


class Stop(Exception):
    """Ends a command with an exit status and, unless empty, one line on stderr."""

    def __init__(self, status: int, line: str = "") -> None:
        super().__init__(line)
        self.status = status
        self.line = line
