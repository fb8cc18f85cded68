"""A thousand ways to tamper with an evidence archive, the same ones each time."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from broker.adapters.files.signing import Signer
from broker.log.evidence import CHECKPOINT, MANIFEST, STATUTES
from broker.model.canonical import canonical

Archive = dict[str, bytes]
Mutation = Callable[[random.Random, Archive], None]

COUNT = 1000


def listed(files: Archive, change: Callable[[dict[str, Any]], None] = lambda manifest: None) -> None:
    """Write the manifest anew, as somebody would who has changed the files that it names."""
    manifest = json.loads(files[MANIFEST])
    manifest["files"] = {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != MANIFEST
    }
    change(manifest)
    files[MANIFEST] = canonical(manifest)


def _some(chance: random.Random, files: Archive, *starts: str) -> str:
    return chance.choice(sorted(name for name in files if name.startswith(starts)))


def _flip(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _cut(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + 1 + chance.randrange(8) :]


def _add(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice((b" ", b"\n", b"0", b"}", b"\xc3", b"\xef\xbb\xbf", b"\x00")) + content[at:]


def _change_a_byte(chance: random.Random, files: Archive) -> None:
    name = _some(chance, files, "")
    files[name] = chance.choice((_flip, _cut, _add))(chance, files[name])


def _change_a_byte_that_is_listed(chance: random.Random, files: Archive) -> None:
    name = _some(chance, files, "records", "proofs", CHECKPOINT)
    files[name] = chance.choice((_flip, _cut, _add))(chance, files[name])
    listed(files)


def _take_a_file_away(chance: random.Random, files: Archive) -> None:
    del files[_some(chance, files, "")]
    if MANIFEST in files and chance.random() < 0.5:
        listed(files)


def _add_a_file(chance: random.Random, files: Archive) -> None:
    files[chance.choice(("records/99.json", "records/01.json", "proofs/x.json", "å.txt", "__proto__"))] = b"{}"
    if chance.random() < 0.5:
        listed(files)


def _exchange_two_files(chance: random.Random, files: Archive) -> None:
    one, other = chance.sample(sorted(name for name in files if name.startswith(("records", "proofs"))), 2)
    files[one], files[other] = files[other], files[one]
    if chance.random() < 0.8:
        listed(files)


def _change_a_record(chance: random.Random, files: Archive) -> None:
    name = _some(chance, files, "records")
    leaf = json.loads(files[name])
    leaf[chance.choice(sorted(leaf))] = chance.choice(("another", None, 1, []))
    files[name] = canonical(leaf)
    listed(files)


def _change_a_proof(chance: random.Random, files: Archive) -> None:
    name = _some(chance, files, "proofs")
    proof = json.loads(files[name])
    path = proof["path"]
    at = chance.randrange(len(path))
    match chance.randrange(6):
        case 0:
            path[at] = hashlib.sha256(path[at].encode()).hexdigest()
        case 1:
            path.pop(at)
        case 2:
            path.insert(at, path[at])
        case 3:
            proof["seq"] = chance.choice((proof["seq"] + 1, str(proof["seq"]), -1, proof["seq"] + 0.5))
        case 4:
            proof["size"] = chance.choice((proof["size"] + 1, None, 0))
        case 5:
            path[at] = chance.choice((path[at].upper() + "A", path[at][:-2], "", 7))
    files[name] = canonical(proof)
    listed(files)


def _change_the_checkpoint(chance: random.Random, files: Archive) -> None:
    lines = files[CHECKPOINT].decode().split("\n")
    at = chance.choice((0, 1, 2, 3, 5))
    lines[at] = chance.choice((lines[at] + "0", lines[at][1:], lines[at][::-1], "", lines[5]))
    files[CHECKPOINT] = "\n".join(lines if chance.random() < 0.8 else [*lines[:-1], lines[5], ""]).encode()
    listed(files)


def _change_the_statutes(chance: random.Random, files: Archive) -> None:
    statutes = json.loads(files[STATUTES])
    change = chance.choice(("law", "texts", "more", "records", "doubts"))
    if change in ("records", "doubts"):
        statutes["texts"][0][change] = chance.choice(([10**6], [{"sv": "x"}], "x", None))
    else:
        statutes[change] = chance.choice((None, 1, ["x"], {}))
    files[STATUTES] = canonical(statutes)
    listed(files)


def _change_the_manifest(chance: random.Random, files: Archive) -> None:
    def change(manifest: dict[str, Any]) -> None:
        name = chance.choice(("vkey", "samband", "selection", "files", "more"))
        if name == "selection":
            of = chance.choice(sorted(manifest[name]))
            manifest[name][of] = chance.choice(
                ([*manifest[name][of], 10**6 if of == "seq" else "another"], None, [1.5])
            )
        elif name == "files":
            of = chance.choice(sorted(manifest[name]))
            manifest[name][of] = chance.choice(("", "0" * 64, None, manifest[name][of].upper() + "F"))
        elif name == "vkey":
            manifest[name] = chance.choice((manifest[name] + "A", manifest[name].replace("+", "", 1), 1, "a+b+c"))
        else:
            manifest[name] = chance.choice((None, 1, "x"))

    listed(files, change)


def _drop_a_record(chance: random.Random, files: Archive) -> None:
    """A record that the archive says it shows, gone with its proof and its place in the list."""
    name = _some(chance, files, "records")
    del files[name], files[name.replace("records", "proofs")]
    listed(files)


MUTATIONS: tuple[Mutation, ...] = (
    _change_a_byte,
    _change_a_byte_that_is_listed,
    _take_a_file_away,
    _add_a_file,
    _exchange_two_files,
    _change_a_record,
    _change_a_proof,
    _change_the_checkpoint,
    _change_the_statutes,
    _change_the_manifest,
    _drop_a_record,
)


def mutated(archive: Archive, stranger: Signer, count: int = COUNT) -> Iterator[Archive]:
    """So many archives that differ from this one; one is signed anew, as it is, by somebody else's key of that name."""
    chance = random.Random(16)
    made = 0
    while made < count - 1:
        files = dict(archive)
        MUTATIONS[made % len(MUTATIONS)](chance, files)
        if files != archive:
            made += 1
            yield files
    files = dict(archive)
    body = files[CHECKPOINT].decode().partition("\n\n")[0] + "\n"
    files[CHECKPOINT] = stranger.sign(body).encode()
    listed(files)
    yield files
