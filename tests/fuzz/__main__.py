"""Fuzz every parser, and say how often what came: `python -m tests.fuzz --inputs 200000`, or `make fuzz`.

A run that is stopped goes on where it was. An input that fails is named by its target, seed and number, by which
`--one TARGET NUMBER` makes it again. Ends with 1 when any has failed.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from fuzz.targets import TARGETS, Failed, meet  # noqa: E402 - found by the path above

_SAVED_EVERY = 500


def main() -> int:
    """Exit status."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    options.add_argument("--inputs", type=int, default=200_000, help="how many, over all targets")
    options.add_argument("--seed", type=int, default=7, help="other inputs with another seed")
    options.add_argument("--seconds", type=float, default=float("inf"), help="at most so long, then go on another time")
    options.add_argument("--state", type=Path, default=ROOT / ".local" / "fuzz.json", help="how far a run has come")
    options.add_argument("--one", nargs=2, metavar=("TARGET", "NUMBER"), help="make one input again")
    given = options.parse_args()
    if given.one:
        print(meet(given.one[0], given.seed, int(given.one[1])))
        return 0
    state = _state(given.state, given.seed)
    until = monotonic() + given.seconds
    total = sum(share for _, share in TARGETS.values())
    for target, (_, share) in TARGETS.items():
        seen = state["targets"].setdefault(target, {"next": 0, "outcomes": {}, "failed": []})
        outcomes = Counter(seen["outcomes"])
        for number in range(seen["next"], given.inputs * share // total):
            if monotonic() > until:
                break
            came = meet(target, given.seed, number)
            if isinstance(came, Failed):
                seen["failed"].append([number, came.why])
                print(f"failed: {target} {number}: {came.why}", flush=True)
            outcomes["failed" if isinstance(came, Failed) else came] += 1
            seen["next"], seen["outcomes"] = number + 1, outcomes
            if number % _SAVED_EVERY == 0:
                _save(given.state, state)
        _save(given.state, state)
    return _told(state)


def _state(file: Path, seed: int) -> dict[str, dict[str, dict[str, object]]]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        found = {}
    return found if found.get("seed") == seed else {"seed": seed, "targets": {}}


def _save(file: Path, state: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".new")
    part.write_text(json.dumps(state), "utf-8")
    part.replace(file)


def _told(state: dict[str, dict[str, dict[str, object]]]) -> int:
    failed = 0
    print(f"{'target':12} {'inputs':>8} {'failed':>7}  what came")
    for target, seen in state["targets"].items():
        failed += len(seen["failed"])
        came = ", ".join(f"{name} {n}" for name, n in Counter(seen["outcomes"]).most_common(12))
        print(f"{target:12} {seen['next']:>8} {len(seen['failed']):>7}  {came}")
    print(f"{'all':12} {sum(seen['next'] for seen in state['targets'].values()):>8} {failed:>7}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
