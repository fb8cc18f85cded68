"""Runs a file of messages through the embedded broker, in a process of its own that a test may stop at any moment.

    python running.py FOLDER FILE BATCH

Prints one line for each receipt. Exit status 2 with one line when the folder is taken.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from broker import authorities
from broker.adapters.sql.data_folder import DataFolderError
from broker.ports.transport import Input
from broker.runtime import embedded


def inputs(file: Path) -> Iterator[Input]:
    """The lines of a file with their places."""
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        yield Input(line, number=number, source=file.name)


def main(folder: Path, file: Path, batch: int) -> None:
    """Run the file to its end."""
    with embedded.embedded(folder, authorities.load()) as broker:
        for receipt in broker.pipeline.run(inputs(file), batch):
            print(json.dumps(receipt), flush=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
    except DataFolderError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
