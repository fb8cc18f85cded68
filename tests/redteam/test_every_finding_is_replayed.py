"""The list in README.md is the list of what is here."""

import re
from pathlib import Path

HERE = Path(__file__).parent
TABLE = re.compile(r"^\| (\w+) \| .+ \| (.+) \|$", re.MULTILINE)
ROWS = TABLE.findall((HERE / "README.md").read_text("utf-8"))


def test_every_finding_names_what_replays_it() -> None:
    findings = {name for name, _ in ROWS} - {"finding"}
    assert findings == {f"C{n}" for n in range(1, 6)} | {f"H{n}" for n in range(1, 11)} | {
        f"M{n}" for n in range(1, 12)
    } | {"Low"}
    for name, files in ROWS:
        for file in re.findall(r"`(.+?)`", files):
            assert (HERE / file).exists(), (name, file)


def test_every_file_is_named() -> None:
    named = {file for _, files in ROWS for file in re.findall(r"`(.+?)`", files)}
    here = {file.name for file in HERE.glob("test_*.py")} - {Path(__file__).name}
    assert here <= named
