"""The list in README.md is the list of the cases, and each names what replays it."""

import re
from pathlib import Path

HERE = Path(__file__).parent
ROWS = re.findall(r"^\| (\d\d) \| .+ \| (.+) \|$", (HERE / "README.md").read_text("utf-8"), re.MULTILINE)


def test_every_case_names_what_replays_it() -> None:
    assert [case for case, _ in ROWS] == [f"{n:02}" for n in range(1, 19)]
    assert {folder.name[:2] for folder in HERE.iterdir() if folder.is_dir() and folder.name[0].isdigit()} <= {
        *dict(ROWS)
    }
    files = {case: re.findall(r"`(.+?)`", named) for case, named in ROWS}
    assert all(files.values())
    assert [(case, file) for case, named in files.items() for file in named if not (HERE / file).exists()] == []


def test_every_file_is_named() -> None:
    here = {file.name for file in HERE.glob("test_*.py")} - {Path(__file__).name}
    assert here <= {file for _, named in ROWS for file in re.findall(r"`(.+?)`", named)}
