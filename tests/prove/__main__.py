"""Try every invariant on the whole space: `python -m tests.prove`, or `make prove`. Ends with 1 where one breaks."""

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice
from pathlib import Path
from time import monotonic
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from policy_tools import POLICIES  # noqa: E402 - found by the path above

from prove.difference import changed_facts  # noqa: E402
from prove.invariants import INVARIANTS, CounterExample, counter_examples  # noqa: E402
from prove.law import Law  # noqa: E402
from prove.space import corners, every_kind_from_everyone, grid  # noqa: E402

_WORKERS = 2


def main() -> int:
    """Exit status."""
    options = argparse.ArgumentParser(prog="python -m tests.prove", description=(__doc__ or "").splitlines()[0])
    options.add_argument("--policies", type=Path, default=POLICIES, help="the law that is tried")
    options.add_argument("--every", type=int, default=1, help="of the grid, each so manieth question")
    given = options.parse_args()
    began, tried, broken = monotonic(), Counter[str](), list[CounterExample]()
    with ProcessPoolExecutor(_WORKERS) as pool:
        parts = [pool.submit(part, given.policies, given.every, n) for n in range(_WORKERS)]
        for done in parts:
            counts, found = done.result()
            tried.update(counts)
            broken += found
    for invariant in INVARIANTS:
        faults = [one for one in broken if one.invariant == invariant.name]
        print(f"{'BROKEN' if faults else 'holds '}  {tried[invariant.name]:>9,}  {invariant.name}")
        for one in faults[:3]:
            print(f"    {one.said}\n    asked    {json.dumps(one.asked, ensure_ascii=False)}")
            print(f"    changed  {json.dumps(changed_facts(one.asked, one.changed), ensure_ascii=False)}")
    print(f"{sum(tried.values()):,} comparisons in {monotonic() - began:.0f} s")
    return 1 if broken else 0


def part(policies: Path, every: int, which: int) -> tuple[dict[str, int], list[CounterExample]]:
    """A worker's share of the space: how often each invariant was tried, and the first that break it."""
    law, tried = Law(policies), dict[str, int]()
    grounds = [ground for ground, row in law.grounds.items() if row["only_for"] is None]
    space: Any = chain(corners(), every_kind_from_everyone(), islice(grid(grounds), 0, None, every))
    share = islice(space, which, None, _WORKERS)
    kept: Counter[str] = Counter()
    found = []
    for one in counter_examples(law, share, tried):
        kept[one.invariant] += 1
        if kept[one.invariant] <= 3:
            found.append(one)
    return tried, found


if __name__ == "__main__":
    sys.exit(main())
