"""Login by the authority's identity provider: who may work here, as what; who may not."""

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.testclient import TestClient

from agents.desk.desk import Desk
from agents.desk.rights import RIGHTS
from agents.desk.web.app import create_app
from broker.web import security
from broker.web.access import TOKEN
from broker.web.claims import AFFILIATION, TooLow, check, lacks_claims, person_of, subject_of, together
from broker.web.faults import SiteError
from tests.desk.web_desk import ADDRESS, browser, new_desk, token_in

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider's code, in this process

PEOPLE = [
    {
        "claims": {"groups": "samband-barn", "organisation": "Tallköping"},
        "unit": "social_services",
        "role": "caseworker",
        "may": ["read", "answer", "register"],
    },
    {"claims": {"groups": "samband-skola"}, "unit": "school", "role": "rektor", "may": ["read", "approve"]},
]
OIDC: dict[str, Any] = {"issuer": "x", "client_id": "samband", "officer": "employee", "people": PEOPLE}
SARA = {
    "name": "Sara Exempel",
    "employee": "e-1701",
    "groups": ["personal", "samband-barn"],
    "organisation": "Tallköping",
}

LOA3 = "http://id.elegnamnden.se/loa/1.0/loa3"
IN_FEDERATION = OIDC | {"level": [LOA3], "organisation": "2120001439", "officer": AFFILIATION}
"""As Sweden Connect's claims are mapped: the authority by its number, the officer by the affiliation, level 3."""
SARA_THERE = SARA | {AFFILIATION: "e-1701@2120001439", "acr": LOA3}


# The mapping


def test_who_fits_a_row_is_what_it_says() -> None:
    person = person_of(SARA, OIDC)
    assert (person.name, person.officer) == ("Sara Exempel", "e-1701")
    assert (person.unit, person.role, person.may) == ("social_services", "caseworker", {"read", "answer", "register"})
    assert person_of(SARA | {"groups": "samband-skola"}, OIDC).role == "rektor"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"groups": []},
        {"groups": ["samband-barn-x"]},
        {"groups": "personal samband-barn"},
        {"organisation": "Granköping"},
        {"groups": None},
        {"employee": ""},
        {"employee": None},
        {"employee": "20100314-2393"},
        {"employee": "1003142393"},
        {"name": ""},
        {"name": 7},
    ],
)
def test_who_fits_no_row_gets_in_nowhere(claims: Mapping[str, object]) -> None:
    with pytest.raises(SiteError):
        person_of(SARA | dict(claims) if claims else {}, OIDC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": ""},
        {"client_id": ""},
        {"people": []},
        {"people": [PEOPLE[0] | {"claims": {}}]},
        {"people": [PEOPLE[0] | {"may": ["everything"]}]},
        {"people": [PEOPLE[0] | {"unit": ""}]},
        {"level": LOA3},
        {"organisation": 2120001439},
    ],
)
def test_a_mapping_that_says_too_little_is_refused_at_the_start(wrong: Mapping[str, Any]) -> None:
    check(OIDC, RIGHTS)
    with pytest.raises(SiteError):
        check(OIDC | dict(wrong), RIGHTS)


def test_claims_of_a_federation_are_authority_desk_and_role() -> None:
    person = person_of(SARA_THERE, IN_FEDERATION)
    assert (person.officer, person.unit, person.role) == ("e-1701", "social_services", "caseworker")
    number = {"https://id.oidc.se/claim/orgNumber": "2120001439"}
    assert person_of(SARA_THERE | number, IN_FEDERATION) == person


def test_a_number_of_somebody_s_is_kept_nowhere_though_the_provider_knows_them_by_it() -> None:
    person = person_of(SARA, OIDC)
    assert subject_of({"iss": "x", "sub": "sara"}, person) == "x sara"
    for number in ("201003142393", "20100314-2393", "100314+2393"):
        assert subject_of({"iss": "x", "sub": number}, person) == "x e-1701"


def test_what_the_token_lacks_is_fetched_and_of_the_same_person() -> None:
    assert not lacks_claims(SARA_THERE, IN_FEDERATION)
    token = {name: value for name, value in SARA_THERE.items() if name != "name"} | {"sub": "s"}
    assert lacks_claims(token, IN_FEDERATION)
    whole = together(token, {"sub": "s", "name": "Sara Exempel", "acr": "other", AFFILIATION: "x@1"})
    assert person_of(whole, IN_FEDERATION) == person_of(SARA_THERE, IN_FEDERATION), "the token's word goes before"
    with pytest.raises(SiteError):
        together(token, {"sub": "another", "name": "Sara Exempel"})
    with pytest.raises(TooLow):
        person_of(together({"sub": "s"}, SARA_THERE | {"sub": "s"}), IN_FEDERATION)


@pytest.mark.parametrize("level", [None, "", "http://id.elegnamnden.se/loa/1.0/loa2", [LOA3], "loa3"])
def test_a_lower_level_of_assurance_is_not_enough(level: object) -> None:
    with pytest.raises(TooLow):
        person_of(SARA_THERE | {"acr": level}, IN_FEDERATION)


@pytest.mark.parametrize(
    "claims",
    [
        {AFFILIATION: "e-1701@2120000001"},
        {AFFILIATION: "e-1701"},
        {AFFILIATION: None},
        {AFFILIATION: "20100314-2393@2120001439"},
        {AFFILIATION: "@2120001439"},
        {"https://id.oidc.se/claim/orgNumber": "2120000001"},
    ],
)
def test_somebody_of_another_organisation_gets_in_nowhere(claims: Mapping[str, object]) -> None:
    with pytest.raises(SiteError):
        person_of(SARA_THERE | dict(claims), IN_FEDERATION)


# A provider in process


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Authlib's, of the provider's own code
        from oidc_provider_mock import User, run_server_in_thread  # noqa: PLC0415

        users = [User(sub="sara", claims=dict(SARA)), User(sub="stranger", claims=SARA | {"groups": ["personal"]})]
        users += [User(sub="there", claims=SARA_THERE), User(sub="low", claims=SARA_THERE | {"acr": "loa2"})]
        with run_server_in_thread(require_nonce=True, user_claims=users) as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
def desk(tmp_path: Path, issuer: str) -> Iterator[Desk]:
    secret = tmp_path / "secret"
    secret.write_text("a secret\n", "utf-8")
    made = new_desk(tmp_path, accounts=False, oidc=OIDC | {"issuer": issuer, "secret": secret})
    yield made
    made.store.close()


def begin(client: TestClient, till: str = "/hjalp") -> str:
    """Press the button; where the browser is sent."""
    page = client.get("/logga-in", params={"till": till})
    assert 'name="losenord"' not in page.text
    data = {TOKEN: token_in(page.text), "till": till}
    answer = client.post("/logga-in/legitimera", data=data)
    assert answer.status_code == 303
    return answer.headers["location"]


def consent(location: str, sub: str) -> str:
    """What somebody does at the provider in process; the path that they come back by."""
    answer = httpx2.post(location, data={"sub": sub}, follow_redirects=False)
    assert answer.status_code == 302
    back = answer.headers["location"]
    assert back.startswith(f"{ADDRESS}/logga-in/svar?")
    return back.removeprefix(ADDRESS)


def test_somebody_whose_claims_fit_comes_to_the_page_that_was_asked_for(desk: Desk, issuer: str) -> None:
    client = browser(create_app(desk))
    location = begin(client)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["nonce"] and asked["state"]
    assert asked["response_type"] == "code" and asked["redirect_uri"] == f"{ADDRESS}/logga-in/svar"
    cookie = client.cookies["samband-8080"]
    answer = client.get(consent(location, "sara"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/hjalp")
    assert client.cookies["samband-8080"] != cookie
    user = desk.store.people.session(security.digest(client.cookies["samband-8080"]))
    assert user and (user.name, user.unit, user.officer) == ("Sara Exempel", "social_services", "e-1701")
    assert desk.store.people.session(security.digest(cookie)) is None
    page = client.get("/logga-in")
    assert page.status_code == 303, "who is in needs no login"


def test_the_login_page_lets_its_form_lead_to_the_provider_and_nowhere_else(desk: Desk, issuer: str) -> None:
    csp = browser(create_app(desk)).get("/logga-in").headers["content-security-policy"]
    assert f"form-action 'self' {issuer};" in csp


def test_a_stranger_gets_in_nowhere(desk: Desk) -> None:
    client = browser(create_app(desk))
    answer = client.get(consent(begin(client), "stranger"))
    assert answer.status_code == 403 and "har ingen plats här" in answer.text
    assert client.get("/").headers["location"].startswith("/logga-in")
    assert desk.store.people.all() == []


def test_an_answer_counts_once_in_the_browser_that_asked_and_as_it_was_given(desk: Desk) -> None:
    app = create_app(desk)
    client, other = browser(app), browser(app)
    back = consent(begin(client), "sara")
    other.get("/logga-in")
    for path in (back, "/logga-in/svar", "/logga-in/svar?error=access_denied&error_description=%3Cscript%3E"):
        answer = other.get(path)
        assert answer.status_code == 422 and "script>" not in answer.text.replace("</script>", ""), path
    assert client.get(back.replace("state=", "state=x")).status_code == 422
    assert client.get(back).status_code == 422, "what was kept of the login is used up"
    fresh = consent(begin(client), "sara")
    assert client.get(fresh).status_code == 303
    client.cookies.clear()
    assert client.get(fresh).status_code == 422
    assert browser(app).get(fresh).status_code == 422


def test_rights_are_what_the_provider_says_today(desk: Desk) -> None:
    client = browser(create_app(desk))
    client.get(consent(begin(client), "sara"))
    fewer = replace(person_of(SARA, OIDC), may=frozenset({"read"}), name="Sara Annan")
    user = desk.store.people.all()[0]
    again = desk.store.people.enter("another subject", fewer, "sv")
    assert again.number != user.number
    client.post("/logga-ut", data={TOKEN: security.token(client.cookies["samband-8080"])})
    client.get(consent(begin(client), "sara"))
    assert len(desk.store.people.all()) == 2, "the same person is the same number"


def test_a_federation_is_asked_for_its_level_and_what_is_lower_gets_in_nowhere(tmp_path: Path, issuer: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret\n", "utf-8")
    made = new_desk(tmp_path, accounts=False, oidc=IN_FEDERATION | {"issuer": issuer, "secret": secret})
    client = browser(create_app(made))
    location = begin(client)
    assert parse_qs(urlsplit(location).query)["acr_values"] == [LOA3]
    assert client.get(consent(location, "there")).status_code == 303
    assert [user.officer for user in made.store.people.all()] == ["e-1701"]
    other = browser(create_app(made))
    refused = other.get(consent(begin(other), "low"))
    assert refused.status_code == 403 and "för låg tillitsnivå" in refused.text
    assert len(made.store.people.all()) == 1
    made.store.close()


def test_a_provider_that_is_away_is_said(tmp_path: Path) -> None:
    made = new_desk(tmp_path, accounts=False, oidc=OIDC | {"issuer": "http://127.0.0.1:9"})
    client = browser(create_app(made))
    data = {TOKEN: token_in(client.get("/logga-in").text)}
    answer = client.post("/logga-in/legitimera", data=data)
    assert answer.status_code == 502 and "svarar inte" in answer.text
    made.store.close()
