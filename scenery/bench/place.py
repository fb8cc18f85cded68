"""What a way of forwarding is told about where it works: a file, so that its process needs nothing else."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Topics between so many authorities; the login is in the environment."""

    outbox: str
    inbox: str
    audit: str
    ids: tuple[str, ...]
    register: str
    """File with the register of authorities."""

    @property
    def outboxes(self) -> list[str]:
        """All topics that are read."""
        return [self.outbox + party for party in self.ids]

    def write(self, file: Path) -> Path:
        """Into a file."""
        file.write_text(json.dumps(asdict(self)), "utf-8")
        return file

    @classmethod
    def read(cls, file: Path) -> "Place":
        """Out of a file."""
        fields = json.loads(file.read_text("utf-8"))
        return cls(**fields | {"ids": tuple(fields["ids"])})
