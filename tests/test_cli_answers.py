"""What commands say and end with: --strict, an answer of none, how much is shown, a missing extra, the language."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from command import MESSAGES, REGISTER, samband, sample_folder
from lines import POLICE, line, request
from test_cli_process import ROOT

from broker import bundle
from broker.cli import fault_texts

data = pytest.fixture(scope="module")(sample_folder)


@pytest.mark.parametrize("command", [("run", "-"), ("check", "-"), ("send", "-", "--as", POLICE)])
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["people", "json"])
def test_strict_ends_with_1_when_a_line_was_not_usable(
    tmp_path: Path, command: tuple[str, ...], more: tuple[str, ...]
) -> None:
    folder = ("--data", tmp_path / "data")
    assert samband(*command, *folder, *more, stdin=b"rubbish\n").status == 0
    ended = samband(*command, "--strict", *folder, *more, stdin=b"rubbish\n")
    assert ended.status == 1
    assert "1 inte JSON" in ended.out + ended.err
    if command[0] != "send":
        assert samband(*command, "--strict", *folder, *more, stdin=line(request(1)) + b"\n").status == 0


def test_an_answer_of_none_is_1_and_a_wrong_question_2(data: Path) -> None:
    for command in (("audit", "show", "--seq", 99), ("audit", "show", "--sender", "kommun-0180"), ("explain", "99")):
        assert samband(*command, "--data", data).status == 1
    assert samband("explain", "no-id", "--data", data).status == 2


def test_a_part_is_said_to_be_one(data: Path) -> None:
    for more in ((), ("--json",)):
        assert "2 av 6" in samband("audit", "show", "--limit", 2, "--data", data, *more).line
        assert samband("audit", "show", "--data", data, *more).err == ""
    assert "1 of 6" in samband("--lang", "en", "audit", "show", "--limit", 1, "--data", data).line


def test_a_run_for_people_ends_with_what_to_try(tmp_path: Path) -> None:
    ended = samband("run", MESSAGES, *REGISTER, "--data", tmp_path / "data")
    tried = [row.split("samband ")[1].split() for row in ended.out.splitlines() if " samband " in row][-3:]
    assert [words[0] for words in tried] == ["explain", "inbox", "audit"]
    for words in tried:
        assert words[-2:] == ["--data", str(tmp_path / "data")]
        assert samband(*words).status == 0


_WITHOUT = """
import sys
for library in ("confluent_kafka", "kafka", "faust", "opa_client", "psycopg", "starlette", "argon2", "authlib"):
    sys.modules[library] = None
from broker.cli import main
main()
"""
"""The command line on a machine where the extra is not installed."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", ["worker", "ledger", "reconcile --once", "agents", "keys", "provision", "bench", "desk"]
)
def test_a_missing_extra_is_said_with_how_to_install_it(tmp_path: Path, command: str) -> None:
    settings = {"KEYS": str(tmp_path), "POSTGRES_URL": "postgresql://u@127.0.0.1:1/x", "OPA_URL": "http://127.0.0.1:1"}
    kafka = {"BOOTSTRAP": "127.0.0.1:1", "SECURITY_PROTOCOL": "SASL_PLAINTEXT", "USER": "u", "PASSWORD": "p"}
    kafka |= {"ADMIN": "a", "ADMIN_PASSWORD": "p"}
    told = settings | {f"KAFKA_{name}": value for name, value in kafka.items()} | {"PROFILE": "local"}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | {f"SAMBAND_{name}": value for name, value in told.items()}
    line = [sys.executable, "-c", _WITHOUT, *command.split()]
    ended = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    extra = "desk" if command == "desk" else "distributed"
    assert "Traceback" not in ended.stderr
    assert f"pip install 'samband[{extra}" in ended.stderr.splitlines()[-1]  # or in its log, once that has begun


def test_without_the_extra_there_is_help_all_the_same(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-c", _WITHOUT, "--help"]
    ended = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=60, cwd=tmp_path, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "agents" in ended.stdout


@pytest.mark.parametrize(
    "arguments",
    [("--lang", "en", "audit", "verify"), ("audit", "verify", "--lang", "en"), ("--lang=en", "audit", "verify")],
)
def test_the_language_stands_before_the_command_or_after(data: Path, arguments: tuple[str, ...]) -> None:
    assert "The log is whole" in samband(*arguments, "--data", data).out


def test_every_command_takes_the_language() -> None:
    assert "no such county" in samband("sample", "--county", "99", "--lang", "en").line
    assert "länet finns inte" in samband("--lang", "en", "sample", "--county", "99", "--lang=sv").line


def test_the_nearest_language_counts(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMBAND_LANG", "en")
    assert "The log is whole" in samband("audit", "verify", "--data", data).out
    for arguments in (("--lang", "sv", "audit", "verify"), ("--lang", "en", "audit", "verify", "--lang", "sv")):
        assert "Loggen är hel" in samband(*arguments, "--data", data).out


@pytest.mark.parametrize(
    ("arguments", "swedish", "english"),
    [
        (("nothing",), "Kommandot 'nothing' finns inte", "No such command 'nothing'"),
        (("run", "--nothing"), "Valet --nothing finns inte", "No such option: --nothing"),
        (("run",), "Argumentet 'FILE|-' saknas", "Missing argument 'FILE|-'"),
        (("guide",), "Valet '--from' saknas", "Missing option '--from'"),
        (
            ("audit", "show", "--seq", "x"),
            "Ogiltigt värde för '--seq': ska vara ett heltal",
            "Invalid value for '--seq'",
        ),
        (("run", "a", "b"), "Argument för mycket (b)", "Got unexpected extra argument(s) (b)"),
        (("run", "no/such"), "kan inte läsas: filen eller mappen finns inte", "can't be read: No such file"),
    ],
)
def test_faults_are_in_the_language_that_is_chosen(arguments: tuple[str, ...], swedish: str, english: str) -> None:
    assert swedish in samband(*arguments).line
    assert english in samband("--lang", "en", *arguments).line


def test_a_fault_in_a_command_s_arguments_names_its_own_help() -> None:
    assert "Se 'samband guide --help'." in samband("guide").line
    assert "Se 'samband audit show --help'." in samband("audit", "show", "--nothing").line
    assert "See 'samband --help'." in samband("--lang", "en", "nothing").line


def test_a_long_line_is_turned_into_swedish_in_no_time() -> None:
    assert fault_texts.in_swedish(": ".join("a" * 200)) == ": ".join("a" * 200)


def test_the_version_tells_the_law_s_revision() -> None:
    ended = samband("--version")
    assert (ended.status, ended.out) == (0, f"samband {version('samband')}, law {bundle.load().revision}\n")


def test_json_stays_json(data: Path) -> None:
    ended = samband("--lang", "en", "audit", "verify", "--data", data, "--json")
    assert json.loads(ended.out)["ok"] is True


def test_a_command_imports_only_what_it_needs() -> None:
    """The list of commands, a mistake and the version are there at once."""
    heavy = {"sqlalchemy", "cryptography", "wasmtime", "fastavro", "matplotlib", "kafka", "confluent_kafka", "faust"}
    ends = f"finally: print(set({heavy}) & set(sys.modules))"
    code = f"import sys\nfrom broker.cli import main\ntry: main(sys.argv[1:])\n{ends}"
    for arguments in (["--help"], ["nothing"], ["--version"]):
        line = [sys.executable, "-c", code, *arguments]
        ended = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert ended.stdout.endswith("set()\n"), ended.stdout + ended.stderr


def test_each_command_is_listed_and_found() -> None:
    listed = samband("--help").out.partition("Kommandon:")[2].split("\n")
    names = [row.split()[0] for row in listed if row.strip()]
    assert {"run", "audit", "worker", "agents", "sample", "new"} <= set(names)
    for name in names:
        ended = samband(name, "--help")
        assert (ended.status, ended.err) == (0, ""), name
        assert f"Så här: samband {name}" in ended.out


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands_and_options(shell: str) -> None:
    """By what `samband --install-completion` puts in the shell's start file."""
    words = {"COMP_WORDS": "samband audit ", "COMP_CWORD": "2"}
    asked = (
        words
        if shell == "bash"
        else {"_TYPER_COMPLETE_ARGS": "samband audit ", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    )
    environment = {**os.environ, "_SAMBAND_COMPLETE": f"complete_{shell}", "PYTHONPATH": str(ROOT)} | asked
    line = [sys.executable, "-m", "broker.cli"]
    ended = subprocess.run(line, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert [name for name in ("verify", "show", "export") if name not in ended.stdout] == [], ended.stderr


@pytest.mark.parametrize(
    ("arguments", "swedish", "english"),
    [
        (("replay", "--day", "5 januari"), "måste vara en dag, ÅÅÅÅ-MM-DD", "must be a day, YYYY-MM-DD"),
        (("redeliver", "kommun-0127", "--message", "1-2"), "måste vara ett UUID", "must be a UUID of version 7"),
        (("new", "Interim", "--reply-to", "1-2"), "måste vara ett UUID", "must be a UUID of version 7"),
    ],
)
def test_a_wrong_day_or_id_is_told_in_our_own_words(arguments: tuple[str, ...], swedish: str, english: str) -> None:
    for lang, said in (("sv", swedish), ("en", english)):
        ended = samband(*arguments, "--lang", lang)
        assert ended.status == 2
        assert said in ended.line
        assert not re.search("Input should|does not match|group count|%Y", ended.line)
