"""Change the law, one rule or table value at a time, and tell which changes no test sees: `python -m tests.mutate`.

Ends with 1 where too few are seen: of the rules 95 %, of the table values 80 %.
"""

import argparse
import json
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from math import sqrt
from pathlib import Path
from random import Random
from time import monotonic

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from policy_tools import POLICIES  # noqa: E402 - found by the path above

from mutate import rules, tables  # noqa: E402
from mutate.change import Change  # noqa: E402
from mutate.law import Law, NoLawError, served  # noqa: E402
from mutate.reading import OTHERS, Cases  # noqa: E402

LEAST = {"rules": 0.95, "tables": 0.80}
EQUIVALENT = json.loads((Path(__file__).parent / "equivalent.json").read_text("utf-8"))
_BAR = 30


def population(sort: str) -> Iterator[Change]:
    """Every change of the rules, or of the tables, but those that are equivalent."""
    pattern, changes = ("*.rego", rules.changes) if sort == "rules" else ("data.json", tables.changes)
    for path in sorted(POLICIES.rglob(pattern)):
        if not path.stem.endswith("_test"):
            for change in changes(path.relative_to(POLICIES).as_posix(), path.read_text("utf-8")):
                if not is_equivalent(change):
                    yield change


def is_equivalent(change: Change) -> bool:
    """Whether the list tells that it changes no answer, and why."""
    return any(matches(change, pattern) for pattern in EQUIVALENT)


def matches(change: Change, pattern: str) -> bool:
    """Whether the list means the change: `*` is any text, and whether a rule is its file's own is no matter."""
    of, listed = (re.sub(r"\b_", "", text) for text in (change.id, pattern))
    return fnmatchcase(of, listed.replace("[", "[[]"))


def drawn(sort: str, sample: int, seed: int, only: str) -> list[Change]:
    """A sample in the order of its files: a file's own text is put back once."""
    every = [change for change in population(sort) if only in change.id]
    chosen = Random(f"{seed} {sort}").sample(range(len(every)), min(sample or len(every), len(every)))
    return [every[n] for n in sorted(chosen)]


def tried(changes: list[Change], law: Law, progress: Callable[[int, int], None]) -> Iterator[tuple[Change, str]]:
    """By what each change is seen: the cases, another reader's name, or nothing; what is no law is left out."""
    cases, at = Cases(), ""
    survived = 0
    for n, change in enumerate(changes):
        if at and change.file != at:
            law.restore(at)
        at = change.file
        try:
            law.change(change.file, change.text())
        except NoLawError:
            continue
        seen = "cases" if cases.see(change, law) else next((r.__name__ for r in OTHERS if r(change, law)), "")
        survived += not seen
        if not seen:
            print(f"\rsurvived  {change}", flush=True)
        progress(n + 1, survived)
        yield change, seen


def interval(seen: int, of: int) -> tuple[float, float]:
    """Wilson's, of 95 %."""
    if of == 0:
        return 0.0, 1.0
    z, p = 1.96, seen / of
    middle, half = p + z * z / (2 * of), z * sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of), min(1.0, (middle + half) / (1 + z * z / of))


def report(sort: str, found: list[tuple[Change, str]]) -> bool:
    """Print the rate; whether it is high enough."""
    of, by = len(found), Counter(seen for _, seen in found)
    killed = of - by[""]
    low, high = interval(killed, of)
    ways = ", ".join(f"{count} by {name}" for name, count in by.most_common() if name)
    print(f"{sort}: {killed} of {of} seen, {killed / max(of, 1):.1%} ({low:.1%} to {high:.1%}); {ways}")
    return killed >= LEAST[sort] * of


def main() -> int:
    """Exit status."""
    options = argparse.ArgumentParser(prog="python -m tests.mutate", description=(__doc__ or "").splitlines()[0])
    options.add_argument("--sample", type=int, default=0, help="so many of each sort; 0: every one")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--sort", choices=[*LEAST], action="append", help="left out: both")
    options.add_argument("--only", default="", help="changes whose file or words hold this text")
    given = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that the server is stopped too
    began, enough = monotonic(), True
    with served() as law:
        for sort in given.sort or LEAST:
            changes = drawn(sort, given.sample, given.seed, given.only)

            def progress(done: int, survived: int, of: int = len(changes), sort: str = sort) -> None:
                bar = "█" * (done * _BAR // of)
                print(f"\r{bar:░<{_BAR}} {done}/{of} {sort}, {survived} unseen", end="", file=sys.stderr, flush=True)

            found = list(tried(changes, law, progress))
            print(file=sys.stderr)
            if changes:
                law.restore(changes[-1].file)
            enough &= report(sort, found)
    print(f"{monotonic() - began:.0f} s")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
