"""The command that writes a county's month: `samband sample`, or python -m scenery.county."""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Annotated

import typer

from broker.model.faults import SetUpError
from scenery.county.generate import rows, usual_size
from scenery.county.month import LONGEST
from scenery.county.places import County, UnknownCounty

_OUTCOMES = ("forward", "partial", "withhold", "refer", "quarantine")


def sample(
    county: Annotated[str, typer.Option("--county", metavar="CODE", help="County code, two digits.")] = "01",
    days: Annotated[int, typer.Option("--days", min=1, max=LONGEST, help="Days from 1 October 2026.")] = 30,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")] = 7,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the files.")] = Path("samband-sample"),
    size: Annotated[
        int | None, typer.Option("--messages", min=1, metavar="N", help="Lines; left out: the county's share.")
    ] = None,
) -> None:
    """Write a generated county: messages, register of authorities, and what is expected of each line."""
    try:
        place = County(county, Random(f"places {seed} {county}"))
    except UnknownCounty:
        raise typer.BadParameter("no such county: give a county code of municipalities.csv, for example 01") from None
    try:
        counts = _write(place, days, f"{seed} {county} {days}", size or usual_size(county, days), out)
    except OSError as error:
        raise SetUpError(f"{out}: can't be written: {error.strerror}") from error
    typer.echo(_table(counts))
    typer.echo(
        f"\n{counts.total()} lines: {out / 'messages.jsonl'}, {out / 'authorities.json'}, {out / 'expected.jsonl'}"
    )


def _write(county: County, days: int, seed: str, size: int, out: Path) -> Counter[tuple[str, str]]:
    """Write the three files, a line at a time; gives how many lines there are of each kind and outcome."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "authorities.json").write_bytes(county.register_file())
    counts: Counter[tuple[str, str]] = Counter()
    with (out / "messages.jsonl").open("wb") as messages, (out / "expected.jsonl").open("wb") as expected:
        for number, row in enumerate(rows(county, days=days, seed=seed, size=size), 1):
            messages.write(row.line + b"\n")
            expected.write(json.dumps({"line": number, **row.expected}, ensure_ascii=False).encode() + b"\n")
            counts[row.kind, "partial" if row.expected.get("partial") else row.expected["outcome"]] += 1
    return counts


def _table(counts: Mapping[tuple[str, str], int]) -> str:
    """Kinds by expected outcome; `-` are lines that are no messages."""
    kinds = sorted({kind for kind, _ in counts}, key=lambda kind: (kind == "-", kind))
    lines = [f"{'expected':<22}" + "".join(f"{outcome:>11}" for outcome in _OUTCOMES)]
    for kind in (*kinds, "all"):
        each = [sum(n for (k, o), n in counts.items() if o == outcome and kind in (k, "all")) for outcome in _OUTCOMES]
        lines.append(f"{kind:<22}" + "".join(f"{n:>11}" for n in each))
    return "\n".join(lines)


def main() -> None:
    """The command alone, without the rest of `samband`."""
    try:
        typer.run(sample)
    except SetUpError as error:
        typer.echo(f"samband: {error}", err=True)
        sys.exit(2)
