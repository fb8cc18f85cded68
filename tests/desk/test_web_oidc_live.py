"""Login against a real identity provider on this machine: node's `oidc-provider`."""

import re
import socket
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agents.desk.desk import Desk
from agents.desk.web.app import create_app
from broker.web import security
from tests.desk.anchor import anchored
from tests.desk.test_web_oidc import AFFILIATION, LOA3, OIDC, PEOPLE, begin
from tests.desk.web_desk import ADDRESS, browser, new_desk

pytestmark = pytest.mark.live

FOLDER = Path(__file__).parent / "provider"
SECRET = "a secret of this test"
NUMBER = "197703012381"
"""Somebody's at the provider."""
FREJA = "https://frejaeid.com/oidc/claims"
FEDERATED: dict[str, dict[str, Any]] = {
    "connect": {"level": [LOA3], "organisation": "2120001439", "officer": AFFILIATION},
    "siths": {"level": ["http://id.sambi.se/loa/loa3"], "officer": "employeeHsaId"},
    "freja": {
        "level": ["PLUS"],
        "level_claim": f"{FREJA}/registrationLevel",
        "officer": f"{FREJA}/organisationIdIdentifier",
    },
}
"""How the claims of Sweden Connect, SITHS and Freja OrgID are mapped."""
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


@pytest.mark.parametrize(
    ("who", "fits", "officer"),
    [
        ("connect", {AFFILIATION: "e-1701@2120001439"}, "e-1701"),
        ("siths", {"organizationIdentifier": "2120001439"}, "SE2120001439-1701"),
        ("freja", {f"{FREJA}/organisationIdIdentifier": "e-1701"}, "e-1701"),
    ],
)
def test_the_claims_of_a_federation_are_authority_desk_and_role(
    tmp_path: Path, issuer: str, who: str, fits: dict[str, str], officer: str
) -> None:
    answer, desk, cookie = log_in(tmp_path, issuer, who, FEDERATED[who], fits)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/hjalp"), answer.text
    user = desk.store.people.session(security.digest(cookie))
    assert user and (user.name, user.unit, user.role, user.officer) == (
        "Sara Exempel",
        "social_services",
        "caseworker",
        officer,
    )
    desk.store.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert officer.encode() in kept and NUMBER.encode() not in kept
    assert sha256(f"{issuer} {NUMBER}".encode()).hexdigest().encode() not in kept, "nor what it can be found by"


@pytest.mark.parametrize("who", ["low", "silent"])
def test_a_level_that_is_lower_or_not_signed_is_refused_in_a_line(tmp_path: Path, issuer: str, who: str) -> None:
    fits = {AFFILIATION: "e-1701@2120001439"}
    answer, desk, _ = log_in(tmp_path, issuer, who, FEDERATED["connect"], fits)
    assert answer.status_code == 403 and "för låg tillitsnivå" in answer.text
    assert desk.store.people.all() == []
    desk.store.close()


def log_in(tmp_path: Path, issuer: str, who: str, mapped: dict[str, Any], fits: dict[str, str]) -> Any:
    """Where somebody's login leads, at a desk of their own with the one row of the mapping; and their cookie."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET, "utf-8")
    people = [PEOPLE[0] | {"claims": fits}]
    oidc = OIDC | mapped | {"issuer": issuer, "secret": secret, "people": people}
    desk = new_desk(tmp_path, accounts=False, oidc=oidc, database=f"sqlite:///{tmp_path / 'desk.db'}")
    client = browser(create_app(desk))
    answer = client.get(log_in_there(begin(client), issuer, who))
    return answer, desk, client.cookies.get("samband-8080", "")


def test_a_provider_whom_a_federation_s_anchor_vouches_for(tmp_path: Path, issuer: str) -> None:
    """Its addresses and keys are those that the anchor has signed."""
    metadata = httpx2.get(f"{issuer}/.well-known/openid-configuration").json()
    with anchored(metadata, []) as anchor:
        federation = {"anchor": anchor.address, "keys": anchor.keys(tmp_path)}
        answer, desk, _ = log_in(tmp_path, issuer, "sara", {"federation": federation}, {"groups": "samband-barn"})
        assert (answer.status_code, answer.headers.get("location")) == (303, "/hjalp"), answer.text
        assert [query["sub"] for query in anchor.asked] == [[issuer]]
    desk.store.close()
