"""The long run of faults: python -m tests.faults.long --messages 20000 --faults 60 --seed 1

Prints what happened and what the checker found; exit status 1 when a promise was broken. SAMBAND_TEST_RUN names a run
folder whose servers are used.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live import started
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from faults.driver import Plan, Result, run
from faults.workers import ENDED


def show(result: Result, console: Console) -> None:
    """The table of faults, the figures and the verdict."""
    table = Table("fault", "times", title="Faults")
    for name, times in sorted(result.done.items()):
        table.add_row(name, str(times))
    for name, times in sorted(result.stale.items()):
        table.add_row(f"stale frame {name}", str(times))
    console.print(table)
    figures = Table("figure", "value", title="Figures")
    for name, value in (result.verdict.figures | {"left": result.left, "seconds": round(result.seconds)}).items():
        figures.add_row(name.replace("_", " "), f"{value:g}")
    console.print(figures)
    for name in result.missed:
        console.print(f"could not be made: {name}")
    for name, times in result.verdict.names.items():
        console.print(f"[red]{name}: {times}[/red]")
    for name in result.unclean:
        console.print(f"[red]{name} was not content: see its log[/red]")
    if any(status not in ENDED for status in result.statuses):
        console.print(f"[red]workers ended with {result.statuses}[/red]")
    console.print("[green]every promise kept[/green]" if result.ok else "[red]a promise was broken[/red]")


def main() -> int:
    """Read the arguments, run, show."""
    plan = Plan()
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("messages", "faults", "injections", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(plan, name))
    parser.add_argument("--county", default=plan.county)
    parser.add_argument("--folder", type=Path, help="keeps register, keys, logs and result")
    parser.add_argument("--json", action="store_true")
    told = vars(parser.parse_args())
    as_json, folder = told.pop("json"), told.pop("folder") or Path(tempfile.mkdtemp(prefix="samband-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    errors = Console(stderr=True)
    columns = (TextColumn("{task.description:<36}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=errors) as progress, started() as servers:
        task = progress.add_task("starting", total=plan.faults + plan.injections)

        def advance(what: str, done: int, of: int) -> None:
            progress.update(task, description=what, completed=done, total=of)

        result = run(servers, Plan(**told), folder, advance)
    show(result, errors if as_json else Console())
    errors.print(f"kept in {folder}")
    if as_json:
        print(json.dumps(result.as_json()))
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
