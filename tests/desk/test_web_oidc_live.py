"""Login against a real identity provider on this machine: node's `oidc-provider`."""

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from agents.desk.desk import Desk
from agents.desk.web.app import create_app
from broker.web import security
from tests.desk.test_web_oidc import OIDC, begin
from tests.desk.web_desk import ADDRESS, browser, new_desk

pytestmark = pytest.mark.live

FOLDER = Path(__file__).parent / "provider"
SECRET = "a secret of this test"
STEPS = 8
"""Forms and redirects at the provider, at most."""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Needs node and npm; its packages are fetched once, as the lock file says."""
    if not (FOLDER / "node_modules").exists():
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(install, cwd=FOLDER, check=True, capture_output=True, timeout=300)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = ["node", "provider.mjs", str(port), f"{ADDRESS}/logga-in/svar"]
    with subprocess.Popen(line, cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout and process.stdout.readline() == "ready\n"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture
def desk(tmp_path: Path, issuer: str) -> Iterator[Desk]:
    secret = tmp_path / "secret"
    secret.write_text(SECRET, "utf-8")
    made = new_desk(tmp_path, accounts=False, oidc=OIDC | {"issuer": issuer, "secret": secret})
    yield made
    made.store.close()


def log_in_there(location: str, issuer: str, who: str) -> str:
    """Say at the provider who it is, and let the desk know; the path that leads back."""
    with httpx2.Client(base_url=issuer) as provider:
        answer = provider.get(location)
        for _ in range(STEPS):
            if answer.is_redirect:
                location = answer.headers["location"]
                if location.startswith(ADDRESS):
                    return location.removeprefix(ADDRESS)
                answer = provider.get(location)
                continue
            form = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert form and prompt, answer.text
            answer = provider.post(form[1], data={"prompt": prompt[1], "login": who, "password": "any"})
    raise AssertionError("the provider never led back")


def test_somebody_whom_a_real_provider_knows_works_as_the_mapping_says(desk: Desk, issuer: str) -> None:
    client = browser(create_app(desk))
    back = log_in_there(begin(client), issuer, "sara")
    answer = client.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/hjalp")
    user = desk.store.people.session(security.digest(client.cookies["samband-8080"]))
    assert user and (user.name, user.role, user.officer) == ("Sara Exempel", "caseworker", "e-1701")
    assert client.get(back).status_code == 422, "an answer counts once"


def test_whom_the_mapping_does_not_know_gets_in_nowhere(desk: Desk, issuer: str) -> None:
    client = browser(create_app(desk))
    answer = client.get(log_in_there(begin(client), issuer, "stranger"))
    assert answer.status_code == 403 and "har ingen plats här" in answer.text
    assert client.get("/vantar").status_code == 303 and desk.store.people.all() == []
