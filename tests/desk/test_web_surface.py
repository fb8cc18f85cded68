"""Whatever is sent to the desk's pages, it has an answer; and what was typed comes back as text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import number
from starlette.testclient import TestClient
from surface import Form_, described, filled, walk

from agents.desk.desk import Desk
from broker.web.access import LOGIN
from tests.desk.side import BOARD, Side, delivery, notice
from tests.desk.web_desk import ADDRESS, add_user, logged_in

pytestmark = pytest.mark.slow

SCRIPT = "<script>alert(1)</script>\x1b[31m\x07\u202e"
BEGIN = ("/vantar", "/skickat", "/fraga", "/nytt", "/hjalp", "/bort", "/tillganglighet")
EXAMPLES = 250
SAFE = ("<script>alert", "\x1b", "\x07")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Somebody with every right, at a desk with a request, what was given, and a notice."""
    side = Side(tmp_path_factory.mktemp("desk"))
    of = replace(side.settings, address=ADDRESS, accounts=True)
    desk = Desk(BOARD, of, side.store, side.courier, side.clock)
    add_user(desk, may=["read", "answer", "register", "ask", "approve", "admin"])
    body = {"purpose": "support", "items": [{"category": "observation", "content": SCRIPT, "secrecy": ["OSL 26:1"]}]}
    given_ = {"subject": {"id_type": "personnummer", "id": "201003142393"}, **body}
    side.come(delivery(1), delivery(2, "Disclosure", body=given_), notice(3, number(1)))
    client = logged_in(desk)
    client.raise_server_exceptions = False  # type: ignore[attr-defined]
    yield client
    side.close()


@pytest.fixture(scope="module")
def forms(client: TestClient) -> list[Form_]:
    """Every form within reach; a draft of each kind is begun on the way."""
    _, forms = walk(client, *BEGIN)
    for form in [one for one in forms if one.action == "/fraga" or one.action.startswith("/nytt/")]:
        client.post(form.action, data=next(filled(form, "")))
    pages, forms = walk(client, *BEGIN, *(f"/utkast/{n}" for n in range(1, 30)), *(f"/fraga/1/{n}" for n in range(8)))
    assert len(pages) > 30, pages
    return forms


def test_generated_requests_have_an_answer(client: TestClient, forms: list[Form_]) -> None:
    known: dict[str, list[Any]] = {
        "message": [number(1), number(2)],
        "kind": ["orosanmalan", "tips"],
        "role": ["socialtjanst", "polis"],
    }
    schema = schemathesis.openapi.from_dict(described(client, forms, known))
    operations = [one.ok() for one in schema.get_all_operations()]
    assert len(operations) > 30

    statuses = Counter[tuple[str, int]]()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of([operation.as_strategy() for operation in operations]))
    def ask(case: Any) -> None:
        body = case.body if isinstance(case.body, dict) else {}
        sent = {str(name): str(value) for name, value in body.items()}
        answer = client.request(case.method, case.formatted_path, params=case.query or None, data=sent or None)
        assert answer.status_code < 500, (case.method, case.path)
        assert answer.headers.get("location", "").partition("?")[0] != LOGIN, (case.method, case.path)
        statuses[case.method, answer.status_code] += 1

    ask()
    assert {("GET", 200), ("GET", 404), ("POST", 303), ("POST", 404), ("POST", 422)} <= set(statuses)


def test_script_and_terminal_codes_come_back_as_text(client: TestClient, forms: list[Form_]) -> None:
    typed = [form for form in forms if form.typed]
    assert len(typed) > 10
    for form in typed:
        for fields in filled(form, SCRIPT):
            answer = client.post(form.action, data=fields)
            assert answer.status_code < 500, form.action
            assert not [code for code in SAFE if code in answer.text], form.action
    pages, _ = walk(client, *BEGIN)
    for page in pages:
        answer = client.get(page)
        if "text/html" in answer.headers.get("content-type", ""):
            assert not [code for code in SAFE if code in answer.text], page
