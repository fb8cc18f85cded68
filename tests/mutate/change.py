"""One change of the law: in which file and line, what, and the file's text with it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A mutant. `file` is relative to `policies/`; `of` is the rule's name, or the value's place in its table."""

    file: str
    line: int
    of: str
    what: str
    text: Callable[[], str]

    @property
    def id(self) -> str:
        """The change by its words: it stays the same when lines move."""
        return f"{self.file} {self.of}: {self.what}"

    def __str__(self) -> str:
        """File and line as an editor reads them, and what was changed."""
        return f"policies/{self.file}:{self.line}  {self.of}: {self.what}"
