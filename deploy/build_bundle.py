"""Development task: compile `policies/` into `broker/bundle/`. Needs the OPA binary (`OPA`, else `opa` on PATH).

Run: python deploy/build_bundle.py [--into DIR]. The build is reproducible: the same policies give the same bytes.
Two tables are written first from the paragraphs' annotations, into `policies/law`: the grounds, and which of them may
carry between which parties.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "policies"
GROUNDS = POLICIES / "law" / "grounds" / "data.json"
CANDIDATES = POLICIES / "law" / "candidates" / "data.json"
ANY = "*"
"""What every party is."""
BUNDLE = ROOT / "broker" / "bundle"
Paragraphs = dict[str, dict[str, Any]]
ENTRYPOINTS = ("decision/results", "decision/findings")


def opa() -> str:
    """The OPA binary, or a clear end when there is none."""
    found = os.environ.get("OPA") or shutil.which("opa")
    if not found:
        sys.exit("opa is missing: run deploy/local/install_opa.sh, or set OPA to the binary")
    return found


def revision() -> str:
    """SHA-256 over the policy's sorted Rego and data files, tests left out."""
    total = hashlib.sha256()
    files = [*POLICIES.rglob("*.rego"), *POLICIES.rglob("data.json")]
    for file in sorted(files, key=lambda path: path.relative_to(POLICIES).as_posix()):
        if not file.name.endswith("_test.rego"):
            name, content = file.relative_to(POLICIES).as_posix(), file.read_bytes()
            total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def compile_law(policies: Path = POLICIES) -> dict[str, bytes]:
    """policy.wasm and data.json as OPA makes them of the law in this folder."""
    entries = [word for entry in ENTRYPOINTS for word in ("-e", entry)]
    with tempfile.TemporaryDirectory() as folder:
        sources, out = Path(folder, "policies"), Path(folder, "bundle.tar.gz")
        shutil.copytree(policies, sources, ignore=shutil.ignore_patterns("*_test.rego"))
        command = [opa(), "build", "-b", "-t", "wasm", *entries, "--capabilities", str(POLICIES / "capabilities.json")]
        subprocess.run([*command, "-o", str(out), "policies"], check=True, cwd=folder)
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(out.read_bytes()))) as archive:
            parts = {name: archive.extractfile(f"/{name}") for name in ("policy.wasm", "data.json")}
            return {name: part.read() for name, part in parts.items() if part}


def paragraphs() -> Paragraphs:
    """The packages' annotations: reference, title, text, days and doubts, by the package's place."""
    from broker.adapters.opa.annotations import paragraphs as read  # noqa: PLC0415 - the revision needs no library

    return read(POLICIES, opa())


def statutes(paragraphs: Paragraphs) -> bytes:
    """The paragraphs as one file, for who reads the law."""
    return (json.dumps(paragraphs, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def grounds(paragraphs: Paragraphs) -> bytes:
    """The table of grounds, in the contract's order, as the paragraphs' annotations have it."""
    found = [(notes, place) for place, notes in paragraphs.items() if "ground" in notes]
    rows = [(notes["ground"], _row(notes, place)) for notes, place in sorted(found, key=lambda pair: pair[0]["order"])]
    lines = ",\n".join(f" {json.dumps(ground)}: {json.dumps(row, ensure_ascii=False)}" for ground, row in rows)
    return f"{{\n{lines}\n}}\n".encode()


def _row(notes: dict[str, Any], place: str) -> dict[str, Any]:
    """One ground. Where earlier wordings are not known here, it is of unknown wording before `known_from`."""
    since = notes.get("in_force", "1900-01-01")
    until = notes.get("in_force_until")
    return {
        "order": notes["order"],
        "ref": None if notes["ref"] == "–" else notes["ref"],
        "at": place.split("/"),
        "duty": notes.get("duty", False),
        "from": _number(notes.get("earlier_wordings_from", since)),
        "to": _number(until) if until else None,
        "known_from": _number(notes.get("wording_known_from", since)),
        "doubtful": notes.get("doubtful", False),
        "only_when_claimed": notes.get("only_when_claimed", False),
        "only_for": notes.get("only_for"),
        "reaches_unnamed": notes.get("reaches_unnamed", False),
        "to_the_board": notes.get("to_the_board", False),
        "categories": notes.get("categories"),
    }


def candidates(paragraphs: Paragraphs) -> bytes:
    """What may be tried where none is claimed, by what holder and receiver are: a kind, a unit, a role, a name."""
    table: dict[str, dict[str, list[str]]] = {}
    for notes in sorted(paragraphs.values(), key=lambda notes: notes.get("order", 0)):
        if "ground" in notes and not notes.get("only_when_claimed") and not notes.get("only_for"):
            for holder, receiver in product(_parties(notes, "holder"), _parties(notes, "receiver")):
                table.setdefault(holder, {}).setdefault(receiver, []).append(notes["ground"])
    lines = ",\n".join(
        f" {json.dumps(holder)}: {json.dumps(table[holder], sort_keys=True)}" for holder in sorted(table)
    )
    return f"{{\n{lines}\n}}\n".encode()


def _parties(notes: dict[str, Any], side: str) -> list[str]:
    """Words of the parties that may have the information, or get it, by a paragraph: of a list that it names each."""
    groups = json.loads((POLICIES / "law" / "data.json").read_bytes())["parties"]
    words: list[str] = []
    for word in notes.get(side, [ANY]):
        listed = POLICIES / "statutes" / word / "data.json"
        if listed.is_file():
            words += json.loads(listed.read_bytes())["authorities"]
        else:
            words += groups.get(word, [word])
    return sorted(set(words))


def _number(day: str) -> int:
    """2026-11-21 as the rules count days: 20261121."""
    return int(day.replace("-", ""))


def write(folder: Path, paragraphs: Paragraphs) -> None:
    """Write the bundle and the record of its digest."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {**compile_law(), "statutes.json": statutes(paragraphs)}
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())}
    record = {"revision": revision(), "digests": digests}
    (folder / "manifest.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    total = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (folder / "recorded.py").write_text(
        f'"""The digest of manifest.json, recorded when the bundle was built: generated, do not edit."""\n\n'
        f'MANIFEST = "{total}"\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=BUNDLE)
    into = parser.parse_args().into
    annotated = paragraphs()
    for table, content in ((GROUNDS, grounds(annotated)), (CANDIDATES, candidates(annotated))):
        table.parent.mkdir(exist_ok=True)
        table.write_bytes(content)
    write(into, annotated)
