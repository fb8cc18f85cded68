"""Keeps the log's newest checkpoint in a file, as `--checkpoint-to` says: what `audit verify --checkpoint` is given."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from broker.adapters.files import whole_file
from broker.adapters.sql.read_model import Archive
from broker.cli.output import Stop

CheckpointTo = Annotated[
    Path | None,
    typer.Option("--checkpoint-to", metavar="FILE", help="Keep the log's newest checkpoint there, on another disk."),
]


@dataclass
class Keeper:
    """Keeps the newest checkpoint of one log; None: nowhere."""

    file: Path | None
    archive: Archive
    _kept: str = ""

    def keep(self) -> None:
        """Write the newest checkpoint, if it is another than before; the file is whole at every moment. Raises Stop."""
        last = self.archive.last_checkpoint() if self.file else None
        if self.file is None or last is None or last.note == self._kept:
            return
        try:
            with whole_file.write_whole(self.file, whole_file.ANYBODY) as stream:
                stream.write(last.note)
        except OSError as error:
            raise Stop(2, f"{self.file}: can't be written: {error.strerror}") from None
        self._kept = last.note
