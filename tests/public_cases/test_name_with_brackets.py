"""11-name-with-brackets: a name is shown exactly as it is written, wherever it stands."""

import json
from pathlib import Path

import pytest
from command import samband

CASE = Path(__file__).parent / "11-name-with-brackets"
NAMES = ("Ungdomens hus [/b]", "Hus [red]rött", "Huset :heart:", "[link=http://x]Hus[/link]", "Hus \\[b]", "[")


def test_the_register_shows_it() -> None:
    ended = samband("register", "show", "--register", CASE / "register.json", "--kind", "civil_society")
    assert (ended.status, ended.err) == (0, "")
    assert "Ungdomens hus [/b]" in ended.out


@pytest.mark.parametrize("name", NAMES)
def test_so_do_the_headings_of_other_commands(tmp_path: Path, name: str) -> None:
    file = tmp_path / "register.json"
    file.write_text(json.dumps([{"authority": "forening-1", "name": name, "kind": "civil_society"}]), "utf-8")
    register = ("--register", file)
    data = ("--data", tmp_path / "data")
    samband("run", "-", "--json", *register, *data)
    asked = ("--from", "forening-1", "--to", "polismyndigheten", "--category", "observation")
    for command in (("register", "show", "--kind", "civil_society"), ("inbox", "forening-1", *data), ("guide", *asked)):
        ended = samband(*command, *register)
        assert (ended.status, ended.err) == (0, "")
        assert name in ended.out
