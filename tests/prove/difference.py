"""Which questions a change of the law answers otherwise: `python -m tests.prove.difference REVISION [REVISION]`.

Asks both laws the shared cases and a part of the grid (one revision: it and the folder as it is). Answers that differ
in the same way are one group, told with one witness. A question that only one of them knows counts as unanswered.
"""

import argparse
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from itertools import chain, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from prove.law import Law  # noqa: E402 - found by the path above
from prove.space import corners, every_kind_from_everyone, grid  # noqa: E402

Json = dict[str, Any]
_COMPARED = ("outcome", "partial", "quarantine", "grounds", "bars", "doubtful", "asks", "cuts", "appeal")
_OF_ITEMS = ("outcome", "ground", "ref", "asks", "bar", "refer_to")


def changed_facts(one: Any, other: Any, at: str = "") -> Json:
    """Where two values differ: {path: [before, after]}. Lists are compared as wholes."""
    if isinstance(one, dict) and isinstance(other, dict):
        found: Json = {}
        for key in sorted({*one, *other}):
            found |= changed_facts(one.get(key), other.get(key), f"{at}.{key}".lstrip("."))
        return found
    return {} if one == other else {at: [one, other]}


def told(answer: Json | None) -> Json:
    """What of an answer is compared: what decides and is told, sets in order."""
    if answer is None:
        return {"outcome": "no answer"}
    items = {i: {field: verdict.get(field) for field in _OF_ITEMS} for i, verdict in answer.get("items", {}).items()}
    whole = {field: answer.get(field) for field in _COMPARED}
    whole |= {field: sorted(whole[field] or ()) for field in ("grounds", "bars", "doubtful", "asks", "cuts")}
    return json.loads(json.dumps(whole | {"items": items}))


def groups(before: Law, after: Law, questions: dict[str, Json]) -> dict[str, list[str]]:
    """The questions whose answers differ, by how they differ."""
    one, other = before.answers(questions), after.answers(questions)
    found: dict[str, list[str]] = {}
    for key in questions:
        if differs := changed_facts(told(one.get(key)), told(other.get(key))):
            found.setdefault(json.dumps(differs, ensure_ascii=False), []).append(key)
    return found


def checked_out(revision: str, into: Path) -> Path:
    """policies/ of a revision. Raises CalledProcessError where there is none."""
    archive = subprocess.run(["git", "archive", revision, "policies"], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(into, filter="data")
    return into / "policies"


def main() -> None:
    """Print the groups, the largest first."""
    options = argparse.ArgumentParser(
        prog="python -m tests.prove.difference", description=(__doc__ or "").splitlines()[0]
    )
    options.add_argument("before")
    options.add_argument("after", nargs="?", help="left out: the folder as it is")
    options.add_argument("--every", type=int, default=41, help="of the grid, each so manieth question")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before = Law(checked_out(given.before, Path(folder, "before")))
        after = Law(checked_out(given.after, Path(folder, "after"))) if given.after else Law()
    grounds = [ground for ground in after.grounds if ground in before.grounds]
    asked = chain(corners(), every_kind_from_everyone(), islice(grid(grounds), 0, None, given.every))
    questions = {str(n): question for n, question in enumerate(asked)}
    found = groups(before, after, questions)
    for differs, keys in sorted(found.items(), key=lambda group: -len(group[1])):
        print(f"{len(keys)} × {differs}\n    e.g. {json.dumps(questions[keys[0]], ensure_ascii=False)}")
    print(f"{sum(map(len, found.values()))} of {len(questions)} questions are answered otherwise, in {len(found)} ways")


if __name__ == "__main__":
    main()
