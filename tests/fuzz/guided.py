"""The parsers under atheris, which looks for inputs that reach new code: `python -m tests.fuzz.guided SECONDS`.

One process a parser, begun with right inputs; libFuzzer's own summary on stderr. Ends with 1 when any has failed.
"""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

Parser = tuple[Sequence[bytes], Callable[[bytes], None]]
"""What to begin with, and what meets an input."""


def main() -> int:
    """Exit status."""
    if len(sys.argv) == 3:
        _guided(sys.argv[1], int(sys.argv[2]))
    seconds = sys.argv[1] if len(sys.argv) == 2 else "60"
    command = [sys.executable, "-m", "tests.fuzz.guided"]
    ended = {name: subprocess.run([*command, name, seconds], cwd=ROOT, check=False).returncode for name in PARSERS}
    print(", ".join(f"{name}: {'failed' if status else 'nothing found'}" for name, status in ended.items()))
    return int(any(ended.values()))


def _guided(name: str, seconds: int) -> None:
    import atheris  # noqa: PLC0415 - only here, and not on every machine

    with atheris.instrument_imports(
        include=[
            "broker.pipeline.decode",
            "broker.kinds",
            "broker.log.checkpoint",
            "broker.authorities",
            "broker.model.identity",
            "broker.model.references",
            "broker.adapters.avro.codec",
            "broker.adapters.avro.bounds",
        ]
    ):
        from fuzz import targets  # noqa: PLC0415
    begun, parser = PARSERS[name](targets)
    with TemporaryDirectory() as corpus:
        for n, content in enumerate(begun):
            (Path(corpus) / str(n)).write_bytes(content)
        atheris.Setup(
            [name, f"-max_total_time={seconds}", "-max_len=4096", "-verbosity=0", "-print_final_stats=1", corpus],
            parser,
        )
        atheris.Fuzz()


def _of_lines(targets: Any, begun: Sequence[bytes]) -> Parser:
    def parser(data: bytes) -> None:
        targets.met(data)

    return begun, parser


def _checkpoints(targets: Any) -> Parser:
    vkey, signed = targets.notes()
    verifier = targets.Verifier(vkey)

    def parser(data: bytes) -> None:
        try:
            opened = verifier.open(data.decode(errors="surrogateescape"))
        except targets.CheckpointError:
            return
        targets.require(any(opened == verifier.open(one) for one in signed), "only what was signed")

    return [note.encode() for note in signed], parser


def _registers(targets: Any) -> Parser:
    def parser(data: bytes) -> None:
        with targets.file(data) as path, suppress(targets.RegisterError):
            targets.load(path)

    return [targets.text(targets.parties())], parser


PARSERS: Mapping[str, Callable[[Any], Parser]] = {
    "JSON": lambda targets: _of_lines(targets, targets.messages()),
    "Avro": lambda targets: _of_lines(targets, targets.encoded()),
    "checkpoint": _checkpoints,
    "register": _registers,
}

if __name__ == "__main__":
    sys.exit(main())
