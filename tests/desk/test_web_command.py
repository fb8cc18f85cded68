"""The command `samband desk`: accounts, serving until it is ended, a log without anybody in it."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from agents.desk import settings
from agents.desk.command import app, open_store_of
from broker.cli import fault_texts
from tests.desk.web_desk import PASSWORD

NUMBER = "20100314-2393"
ADD = ["users", "add", "Sara", "--name", "Sara Exempel", "--unit", "social_services", "--role", "caseworker"]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def file(tmp_path: Path, port: int) -> Path:
    file = tmp_path / "desk.toml"
    lines = ['authority = "kommun-0127"', 'data = "data"', f'address = "http://127.0.0.1:{port}"', "accounts = true"]
    file.write_text("\n".join(lines), "utf-8")
    return file


def run(*arguments: str, said: str = "") -> tuple[int, str]:
    ended = CliRunner().invoke(app, arguments, input=said)
    return ended.exit_code, str(ended.exception or "")


def test_accounts_are_added_given_a_password_and_removed(file: Path) -> None:
    place = ("--settings", str(file))
    assert run(*ADD, *place, said="too short\n")[1] == "the password has fewer than 12 characters"
    assert run(*ADD, *place, said=f"{PASSWORD}\n")[0] == 0
    assert "already" in run(*ADD, *place, said=f"{PASSWORD}\n")[1]
    assert "rights" in run(*ADD, "--may", "everything", *place, said=f"{PASSWORD}\n")[1]
    with open_store_of(settings.read(file)) as store:
        known = store.people.account("sara")
        assert known and known[0].officer == "Sara" and known[0].may == {"read", "answer", "register"}
    assert run("users", "password", "sara", *place, said=f"{PASSWORD} two\n")[0] == 0
    with open_store_of(settings.read(file)) as store:
        again = store.people.account("sara")
        assert again and again[1] != known[1]
    assert run("users", "remove", "sara", *place)[0] == 0
    assert run("users", "remove", "nobody", *place)[1] == "there is no such account"
    with open_store_of(settings.read(file)) as store:
        assert store.people.account("sara") is None


def test_without_settings_it_says_what_is_missing(tmp_path: Path) -> None:
    assert run()[1] == "--settings: say which desk"
    assert "can't be read" in run("--settings", str(tmp_path / "none.toml"))[1]


@pytest.fixture
def served(file: Path) -> Iterator[subprocess.Popen[str]]:
    line = [sys.executable, "-m", "broker.cli", "desk", "--settings", str(file)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        if process.poll() is None:
            process.kill()


def wait_until_served(port: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("not served")


@pytest.mark.slow
def test_it_serves_until_it_is_ended_and_names_nobody(served: subprocess.Popen[str], port: int) -> None:
    wait_until_served(port, served)
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers={"User-Agent": NUMBER}) as browser:
        page = browser.get("/logga-in", params={"till": f"/{NUMBER}"})
        assert page.status_code == 200 and "server" not in page.headers
        token = re.search(r'name="formular" value="([^"]+)"', page.text)
        assert token
        data = {"formular": token[1], "konto": NUMBER, "losenord": "a password that was typed"}
        assert browser.post("/logga-in", data=data).status_code == 422
        assert browser.get(f"/{NUMBER}").status_code == 404
    taken = subprocess.run(served.args, capture_output=True, text=True, timeout=60, check=False)  # type: ignore[arg-type]
    assert taken.returncode == 2 and "adressen är upptagen" in taken.stderr
    served.send_signal(signal.SIGTERM)
    out, wrong = served.communicate(timeout=30)
    assert served.returncode == 0
    said = (out + wrong).replace(f"http://127.0.0.1:{port}", "")  # where it serves is told; who comes is not
    for secret in (NUMBER, "typed", "logga-in", "127.0.0.1"):
        assert secret not in said


@pytest.mark.parametrize(
    ("line", "swedish"),
    [
        ("--settings: say which desk", "säg vilken arbetsplats"),
        ("desk.toml: authority is missing: whose desk is it?", "desk.toml: authority saknas: vems arbetsplats är det?"),
        ("desk.toml: shade: not one of address, authority", "inte något av address, authority"),
        ("rights: of admin, answer", "något av admin, answer"),
        ("there is such an account already: choose another name, or set its password", "det finns redan"),
        ("the password has fewer than 12 characters", "färre än 12 tecken"),
        (
            "database: made by a later version (step 3, this one has 2): run that one",
            "senare version (steg 3, den här har 2)",
        ),
        ("oidc: a row of people lacks unit, role", "en rad i people saknar unit, role"),
    ],
)
def test_what_is_wrong_is_told_in_swedish_too(line: str, swedish: str) -> None:
    assert swedish in fault_texts.in_swedish(line)
