"""Every command shows its help in the language that is asked for."""

import re
from collections.abc import Iterator

import pytest
import typer
from typer.main import get_command

from broker import texts
from broker.cli import commands, main, samband

SWEDISH = texts.read("sv")["command_help"]
LIBRARY = {"Usage:", "Options", "Arguments", "Commands", "Show this message and exit.", "required", "default: {}"} | {
    "env var: {}",
    "(dynamic)",
    "OPTIONS",
    "COMMAND",
    "ARGS",
}
"""What the library says by itself."""


def shown(command: object) -> Iterator[str]:
    """Every text and placeholder of a command, and of those below it."""
    for text in (getattr(command, "help", None) or "").split("\n\n"):
        yield " ".join(text.split())
    for parameter in getattr(command, "params", ()):
        yield from (getattr(parameter, "help", None) or "").split("\n\n")
        yield from re.findall(r"[A-Z]{2,}", getattr(parameter, "metavar", None) or "")
    for below in getattr(command, "commands", {}).values():
        yield from shown(below)


def every_text() -> set[str]:
    app = typer.Typer(name="samband")
    app.callback(invoke_without_command=True)(samband)
    commands.add(app, [], every=True)
    summaries = {summary for _, summary in commands._OWN.values()} | set(commands._BROUGHT.values())
    return ({*shown(get_command(app))} | summaries | LIBRARY) - {""}


def test_each_text_of_the_help_has_its_swedish_one_and_none_is_left_over() -> None:
    same = {"ID", "JSON", "MAX", "RFC", "YYYY", "MM", "DD", "PORT"}
    assert every_text() - set(SWEDISH) - same == set()
    assert set(SWEDISH) - every_text() == set()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ["Så här: samband redeliver [FLAGGOR] {MYNDIGHET[/ENHET]}", "Vems inkorg.  [måste sägas]", "annars:"]),
        ("en", ["Usage: samband redeliver [OPTIONS] {AUTHORITY[/DESK]}", "Whose inbox.  [required]", "default:"]),
    ],
)
def test_the_help_is_in_the_language_that_is_asked_for(
    lang: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for given in (["redeliver", "--help", "--lang", lang], ["--lang", lang, "redeliver", "--help"]):
        with pytest.raises(SystemExit):
            main(given)
        helped = capsys.readouterr().out
        assert [word for word in words if word not in helped] == []


def test_the_list_of_commands_is_swedish_where_nothing_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SAMBAND_LANG", raising=False)
    with pytest.raises(SystemExit):
        main(["--help"])
    helped = capsys.readouterr().out
    own = [line for line in helped.splitlines() if re.match(r"  [a-z]+  ", line)]
    assert len(own) >= 25
    assert [line for line in own if line.split(maxsplit=1)[1] not in SWEDISH.values()] == []
