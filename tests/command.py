"""Runs the command line as a user does, in process, and gives what came out. The law is loaded once."""

import io
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from house import engine

from broker.adapters.sql.data_folder import DATABASE
from broker.cli import main
from broker.runtime import embedded

SAMPLES = Path(__file__).parent / "data" / "samples"
MESSAGES = SAMPLES / "messages.jsonl"
REGISTER = ("--register", str(SAMPLES / "authorities.json"))

Json = dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def objects(self) -> list[Json]:
        """Stdout as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def line(self) -> str:
        """The one line on stderr."""
        assert self.err.count("\n") == 1, self.err
        return self.err


class _Stream(io.TextIOWrapper):
    """A stream in memory that ends as bytes, as a real one does."""

    def __init__(self, given: bytes = b"") -> None:
        super().__init__(io.BytesIO(given), encoding="utf-8")

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode("utf-8")


def samband(*arguments: object, stdin: bytes = b"", columns: int = 100) -> Ended:
    """Run one command."""
    out, err = _Stream(), _Stream()
    environment = {"COLUMNS": str(columns)}
    with (
        patch.object(embedded, "policy_engine", engine),
        patch.object(sys, "stdin", _Stream(stdin)),
        patch.dict("os.environ", environment),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main([str(argument) for argument in arguments])
    status = ended.value.code
    assert isinstance(status, int)
    return Ended(status, out.text(), err.text())


def copy_of(folder: Path, target: Path) -> Path:
    """A data folder of one's own, to change."""
    shutil.copytree(folder, target)
    return target


@contextmanager
def changed(folder: Path) -> Iterator[sqlite3.Connection]:
    """A connection past the broker, as of somebody who has got at the file."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        yield connection


def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder where the sample has been run; not to be changed."""
    folder = tmp_path_factory.mktemp("samples") / "data"
    ended = samband("run", MESSAGES, *REGISTER, "--data", folder, "--json")
    assert ended.status == 0, ended.err
    yield folder
