"""What is fuzzed, and what must hold: a parser takes an input, or refuses it with its own error and one line.

Each target takes random numbers and makes one input of them and meets it; it gives one word for what came of it, to be
counted. Whatever else is raised is a fault.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from command import MESSAGES, REGISTER, samband
from house import codec

from broker.adapters.files.signing import Signer, Verifier
from broker.adapters.files.spool import RECEIPTS, Spool, SpoolError
from broker.adapters.sql.data_folder import DATABASE
from broker.authorities import RegisterError, load
from broker.cli import log_export
from broker.cli.output import Stop
from broker.log.checkpoint import Checkpoint, CheckpointError, VerificationKey
from broker.log.verifier import verify
from broker.model.unusable import Unusable
from broker.pipeline.decode import AVRO_MARK, MAX_BYTES, decode, schema_in
from fuzz.mutating import changed, mangled, text

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
Target = Callable[[Random], str]


class Broken(AssertionError):
    """What must hold does not."""


def require(holds: bool, what: str) -> None:
    """Raise Broken unless it holds."""
    if not holds:
        raise Broken(what)


def one_line(line: str) -> None:
    """What is told is one line without control signs."""
    require("\n" not in line and "\x1b" not in line, "not one line, or a control sign in it")


# --- what is right to begin with


@cache
def messages() -> tuple[bytes, ...]:
    """The sample town's lines."""
    return tuple((ROOT / "scenery/town/messages.jsonl").read_bytes().splitlines())


@cache
def objects() -> tuple[object, ...]:
    """Those that are JSON."""
    found = []
    for line in messages():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return tuple(found)


@cache
def encoded() -> tuple[bytes, ...]:
    """The golden messages in Avro."""
    return tuple(bytes.fromhex(file.read_text()) for file in sorted((ROOT / "tests/vectors/avro").rglob("*.hex")))


@cache
def parties() -> object:
    """The sample town's register."""
    return json.loads((ROOT / "scenery/town/authorities.json").read_bytes())


@cache
def notes() -> tuple[str, tuple[str, ...]]:
    """A log's public key and signed checkpoints."""
    with TemporaryDirectory() as place:
        signer = Signer(Path(place) / "keys" / "log.key", "samband.test/fuzz")
    bodies = (Checkpoint("samband.test/fuzz", n, bytes([n]) * 32, bytes([n + 1]) * 32).body_text() for n in range(1, 9))
    return signer.vkey, tuple(map(signer.sign, bodies))


@cache
def export() -> bytes:
    """An exported log."""
    with TemporaryDirectory() as place:
        require(samband("run", MESSAGES, *REGISTER, "--data", place, "--json").status == 0, "the sample is run")
        require((Path(place) / DATABASE).exists(), "and recorded")
        ended = samband("audit", "export", "--out", Path(place) / "export.jsonl", "--data", place)
        require(ended.status == 0, ended.err)
        return (Path(place) / "export.jsonl").read_bytes()


@contextmanager
def file(content: bytes) -> Iterator[Path]:
    """A file with a content."""
    with TemporaryDirectory() as place:
        path = Path(place) / "file"
        path.write_bytes(content)
        yield path


# --- targets


def met(line: bytes) -> str:
    """One line as intake meets it: a message that says the same when it is written and read again, or a refusal."""
    try:
        message = decode(line, codec())
    except Unusable as refused:
        one_line(refused.detail)
        require(refused.code.isidentifier(), "a code is a word")
        return refused.code
    kept = codec().write(message)
    require(decode(kept, codec()) == message, "what is written is what was read")
    if line.startswith(AVRO_MARK) and schema_in(line) == schema_in(kept):
        require(kept == line, "one message has one encoding")
    return "message"


def in_json(random: Random) -> str:
    """JSON with values changed, or bytes."""
    if random.random() < 0.75:
        return met(text(changed(random, random.choice(objects()))))
    line = mangled(random, random.choice(messages()), messages())
    return met(line * (MAX_BYTES // max(len(line), 1) + 1) if random.random() < 0.001 else line)


def in_avro(random: Random) -> str:
    """Avro with bytes changed."""
    given = random.choice(encoded())
    line = mangled(random, given, encoded())
    return met(line if random.random() < 0.1 else given[: len(AVRO_MARK) + 8] + line[len(AVRO_MARK) + 8 :])


def in_checkpoint(random: Random) -> str:
    """A signed note, or a public key, with bytes changed: no other text than one signed is ever opened."""
    vkey, signed = notes()
    if random.random() < 0.2:
        key = mangled(random, vkey.encode(), [vkey.encode()]).decode(errors="replace")
        try:
            require(VerificationKey.parse(key).vkey == key, "a key has one form")
        except CheckpointError as refused:
            one_line(str(refused))
            return "no_key"
        return "key"
    given = [note.encode() for note in signed]
    note = mangled(random, random.choice(given), given).decode(errors="surrogateescape")
    try:
        opened = Verifier(vkey).open(note)
    except CheckpointError as refused:
        one_line(str(refused))
        return "refused"
    require(any(opened == Verifier(vkey).open(one) for one in signed), "only what was signed")
    return "opened"


def in_export(random: Random) -> str:
    """An exported log with bytes or values changed: never another log that verifies under the same key."""
    right = export()
    lines = right.splitlines()
    if random.random() < 0.5:
        at = random.randrange(len(lines))
        lines[at] = text(changed(random, json.loads(lines[at])))
        content = b"\n".join(lines) + b"\n"
    else:
        content = mangled(random, right, [right])
    with file(content) as path:
        try:
            found = log_export.read(path)
            key = json.loads(lines[0] if content == right else right.splitlines()[0])["vkey"]
            report = verify(found.records(), found.checkpoints(), Verifier(key).open, derived={})
        except (Stop, CheckpointError) as refused:
            one_line(str(refused).replace(str(path), ""))
            return "refused"
    if not report.ok:
        return "found_out"
    require(report.size in (0, *sizes(right)), "a log that verifies is a beginning of the right one")
    return "verified"


@cache
def sizes(exported: bytes) -> tuple[int, ...]:
    """The sizes of the checkpoints in an export."""
    entries = map(json.loads, exported.splitlines())
    return tuple(entry["checkpoint"]["size"] for entry in entries if "checkpoint" in entry)


def in_register(random: Random) -> str:
    """A register file with bytes or values changed: nobody in it is the police, the broker or itself in law."""
    right = text(parties())
    content = text(changed(random, parties())) if random.random() < 0.7 else mangled(random, right, [right])
    with file(content) as path:
        try:
            register = load(path)
        except RegisterError as refused:
            one_line(str(refused).replace(str(path), "").encode("unicode_escape").decode())
            return "refused"
    public = load()
    for party in register:
        if public.find(party.id) is None:
            require(party.id not in ("samband", "anonymous"), "nobody is the broker")
            require(party.in_law != "polismyndigheten", "nobody is the police")
            require(party.name.isprintable(), "a name can be seen")
    return "register"


def in_spool(random: Random) -> str:
    """Folders and files with names that nobody would give: what is told of them is right, and nothing is opened."""
    with TemporaryDirectory() as place:
        spool = Path(place) / "spool"
        names = [_name(random) for _ in range(random.randint(1, 4))]
        try:
            for name in names:
                folder = spool / "polismyndigheten"
                folder.mkdir(parents=True, exist_ok=True)
                _leave(random, folder, name)
            found = Spool(spool)
            for authority in found.authorities():
                require(not found.proves_nothing(authority), "the folder is its owner's alone")
                for dropped in found.waiting(authority, NOW + timedelta(days=999)):
                    require(not dropped.name.startswith("."), "what waits is whole")
                    with found.take(dropped) as taken:
                        taken.given.readline(100)
                        taken.receipts.write(b"{}\n")
        except (SpoolError, OSError) as refused:
            return type(refused).__name__
        require({entry.name for entry in Path(place).iterdir()} <= {"spool"}, "nothing is made outside it")
    return "taken"


def _name(random: Random) -> str:
    signs = ("a", ".", "-", " ", "\n", "\x1b", "ö", "\u202e", "\udcff", "%", "~", "*", "..", ".jsonl", RECEIPTS)
    return "".join(random.choice(signs) for _ in range(random.randint(1, 12)))


def _leave(random: Random, folder: Path, name: str) -> None:
    how = random.randrange(5)
    path = folder / name
    if how == 0:
        path.mkdir()
    elif how == 1:
        os.mkfifo(path)
    elif how == 2:
        path.symlink_to(random.choice(("/etc/passwd", "..", name, "/dev/zero")))
    else:
        path.write_bytes(random.choice(messages()) + b"\n")


TARGETS: Mapping[str, tuple[Target, int]] = {
    "JSON": (in_json, 36),
    "Avro": (in_avro, 30),
    "checkpoint": (in_checkpoint, 20),
    "export": (in_export, 2),
    "register": (in_register, 8),
    "spool": (in_spool, 4),
}
"""Each with its share of a hundred inputs: the slow ones have fewer."""


@dataclass(frozen=True)
class Failed:
    """An input at which something did not hold."""

    target: str
    number: int
    why: str


def meet(target: str, seed: int, number: int) -> str | Failed:
    """The input with this number, which is the same each time; what came of it."""
    run, _ = TARGETS[target]
    try:
        return run(Random(f"{seed} {target} {number}"))
    except Exception as error:
        return Failed(target, number, f"{type(error).__name__}: {error}"[:200])
