"""The law on an OPA server (`adapters/rego_server.py`): the same decisions as in process, and its guarded edges."""

import json
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from harmful import Exchange, Harmful
from house import Json, engine
from live import Servers
from opa_server import free_port, server_engine
from test_policy_engines import BASES, CASES, differences, merged

from broker import bundle
from broker.adapters.opa.server import AT_ONCE, FEWEST, ServerDecisionPoint
from broker.model.decision import PolicyInput
from broker.ports.policy import EngineAway, EngineError

BATCH = 250
ASKED: PolicyInput = BASES["consent_to_police"]


@pytest.mark.live
@pytest.mark.parametrize("start", range(0, len(CASES), BATCH))
def test_the_shared_cases_are_decided_as_in_process(servers: Servers, start: int) -> None:
    """What the case wants, and the very decision that WebAssembly makes, reasons and all."""
    cases = dict(CASES[start : start + BATCH])
    inputs = {title: merged(BASES[case["base"]], case["input"]) for title, case in cases.items()}
    with closing(server_engine(servers.settings)) as law:
        answers = law._ask("decision/results", inputs)
        assert {title: differences(cases[title]["want"], answers[title]) for title in cases} == {
            title: [] for title in cases
        }
        assert {key: law._decision(inputs[key], answer) for key, answer in answers.items()} == engine().decide(inputs)


@pytest.mark.live
def test_the_findings_are_as_in_process(servers: Servers) -> None:
    """What each ground found, for an explanation."""
    with closing(server_engine(servers.settings)) as law:
        assert law.findings(ASKED) == engine().findings(ASKED)


@pytest.mark.live
@pytest.mark.parametrize("token", ["", "0123456789abcdef"])
def test_a_wrong_token_is_not_answered(servers: Servers, token: str) -> None:
    with closing(server_engine({**servers.settings, "SAMBAND_OPA_TOKEN": token})) as law, pytest.raises(EngineAway):
        law.decide({"0": ASKED})


# --- a refusal is about the question only when the law itself answers another


@pytest.fixture
def server() -> Iterator[Harmful]:
    with closing(Harmful()) as server:
        yield server


@pytest.fixture
def law(server: Harmful) -> Iterator[ServerDecisionPoint]:
    told = {"SAMBAND_OPA_URL": server.url, "SAMBAND_OPA_TOKEN": "0123456789abcdef"}
    with closing(server_engine(told, timeout=3.0)) as law:
        yield law


CONFLICT = {"code": "internal_error", "errors": [{"code": "eval_conflict_error", "message": "two"}]}
REFUSALS: dict[str, tuple[int, Json]] = {
    "400": (400, {"code": "invalid_parameter"}),
    "rules in conflict": (500, CONFLICT),
}


@pytest.mark.parametrize(("status", "body"), REFUSALS.values(), ids=REFUSALS)
def test_a_refused_question_is_not_decided(law: ServerDecisionPoint, server: Harmful, status: int, body: Json) -> None:
    """The law is there: it is the question."""

    def of_this(exchange: Exchange) -> None:
        if exchange.question["messages"]:
            exchange.answer(status, json.dumps(body).encode())
        else:
            exchange.right()

    with server.failing(of_this), pytest.raises(EngineError) as error:
        law.decide({"0": ASKED})
    assert not isinstance(error.value, EngineAway)
    assert law.decide({"0": ASKED}) == engine().decide({"0": ASKED})


@pytest.mark.parametrize(("status", "body"), REFUSALS.values(), ids=REFUSALS)
def test_a_refusal_by_another_law_is_no_answer(
    law: ServerDecisionPoint, server: Harmful, status: int, body: Json
) -> None:
    """An old law that does not know a new kind must not park its messages."""

    def of_old(exchange: Exchange) -> None:
        if exchange.question["messages"]:
            exchange.answer(status, json.dumps(body).encode())
        else:
            provenance = {"bundles": {"samband": {"revision": "0" * 64}}}
            exchange.answer(200, json.dumps({"result": {}, "provenance": provenance}).encode())

    with server.failing(of_old), pytest.raises(EngineAway):
        law.decide({"0": ASKED})


# --- a question in parts


@pytest.mark.parametrize("count", [0, 1, 2 * FEWEST - 1, 2 * FEWEST, 3 * FEWEST + 2, 200])
def test_a_long_question_is_asked_in_parts(law: ServerDecisionPoint, server: Harmful, count: int) -> None:
    """Each message in one of them, about as many in each, none so small that asking costs more than it saves."""
    inputs, parts = {str(n): ASKED for n in range(count)}, list[list[str]]()

    def counted(exchange: Exchange) -> None:
        parts.append(list(exchange.question["messages"]))
        exchange.right()

    with server.failing(counted):
        assert law.decide(inputs) == engine().decide(inputs)
    assert sorted(key for part in parts for key in part) == sorted(inputs)
    assert len(parts) == max(1, min(AT_ONCE, count // FEWEST))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.parametrize(("status", "fault"), [(400, EngineError), (503, EngineAway)])
def test_where_one_part_has_no_answer_nothing_is_decided(
    law: ServerDecisionPoint, server: Harmful, status: int, fault: type[EngineError]
) -> None:
    inputs = {str(n): ASKED for n in range(2 * FEWEST)}

    def of_the_last(exchange: Exchange) -> None:
        if str(2 * FEWEST - 1) in exchange.question["messages"]:
            exchange.answer(status, b"{}")
        else:
            exchange.right()

    with server.failing(of_the_last), pytest.raises(fault) as error:
        law.decide(inputs)
    assert type(error.value) is fault
    assert law.decide(inputs) == engine().decide(inputs)


# --- several servers


def test_the_next_question_goes_to_the_next_server(server: Harmful) -> None:
    """And stays there: one that is away is not asked each time."""
    away, token = f"http://127.0.0.1:{free_port()}", "0123456789abcdef"
    with closing(ServerDecisionPoint(bundle.load(), away, server.url, token=token, timeout=3.0)) as law:
        with pytest.raises(EngineAway):
            law.decide({"0": ASKED})
        for _ in range(2):
            assert law.decide({"0": ASKED}) == engine().decide({"0": ASKED})


# --- what it does not wait for, follow or tell


@pytest.mark.slow
def test_an_answer_that_trickles_is_not_waited_for(law: ServerDecisionPoint, server: Harmful) -> None:
    """Bytes that come one by one would keep any wait for the next one alive."""

    def trickle(exchange: Exchange) -> None:
        body = exchange.body()
        exchange.answer(200, b"", says=len(body))
        for place in range(len(body)):
            exchange.wfile.write(body[place : place + 1])
            exchange.wfile.flush()
            exchange.linger(0.05)

    with server.failing(trickle):
        begun = datetime.now(UTC)
        with pytest.raises(EngineAway):
            law.decide({"0": ASKED})
        assert datetime.now(UTC) - begun < timedelta(seconds=10)


def test_an_answer_without_end_is_not_read(law: ServerDecisionPoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("broker.adapters.opa.server.LARGEST", 100)
    with pytest.raises(EngineAway):
        law.decide({"0": ASKED})


def test_the_environment_sends_it_nowhere_else(law: ServerDecisionPoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, whatever is set for other programs."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert law.decide({"0": ASKED}) == engine().decide({"0": ASKED})


def test_no_error_tells_of_the_question(law: ServerDecisionPoint, server: Harmful) -> None:
    """Not what was asked, not what the server made of it."""
    named: Any = ASKED | {"kind": "Kanarie"}

    def repeat(exchange: Exchange) -> None:
        exchange.answer(500, json.dumps({"message": exchange.question}).encode())

    with server.failing(repeat), pytest.raises(EngineAway) as error:
        law.decide({"0": named})
    assert "Kanarie" not in str(error.value)
    assert error.value.__cause__ is None


ADDRESSES = ["opa", "ftp://opa", "http://", "http://a:b@opa", "http://opa/v1", "http://opa?x=1", "http://opa#x"]


@pytest.mark.parametrize("url", ADDRESSES)
def test_what_is_no_address_is_said(url: str) -> None:
    with pytest.raises(ValueError, match="is written"):
        ServerDecisionPoint(bundle.load(), url)


# --- TLS


def test_a_certificate_of_ours_is_trusted_and_no_other(
    tls: tuple[Harmful, Path], certificate: Callable[[str], tuple[Path, Path]]
) -> None:
    """`ca` is the one that the server's own must come from; without it the public ones."""
    server, ca = tls
    url = f"https://localhost:{server.server_address[1]}"
    with closing(ServerDecisionPoint(bundle.load(), url, ca=ca)) as law:
        assert law.decide({"0": ASKED}) == engine().decide({"0": ASKED})
    for other in (None, certificate("localhost")[0]):
        with closing(ServerDecisionPoint(bundle.load(), url, ca=other, timeout=5)) as law, pytest.raises(EngineAway):
            law.decide({"0": ASKED})
    wrong_name = url.replace("localhost", "127.0.0.1")
    with closing(ServerDecisionPoint(bundle.load(), wrong_name, ca=ca, timeout=5)) as law, pytest.raises(EngineAway):
        law.decide({"0": ASKED})


@pytest.fixture
def certificate(tmp_path: Path) -> Callable[[str], tuple[Path, Path]]:
    """A function that makes a certificate for a host, signed by itself, and its key."""

    def make(host: str) -> tuple[Path, Path]:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        shown, key = folder / "shown.pem", folder / "key.pem"
        kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"]
        name = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
        command = ["openssl", "req", "-x509", *kind, *name, "-keyout", key, "-out", shown]
        subprocess.run(command, check=True, capture_output=True)
        return shown, key

    return make


@pytest.fixture
def tls(certificate: Callable[[str], tuple[Path, Path]]) -> Iterator[tuple[Harmful, Path]]:
    """A server with a certificate for localhost, and that certificate."""
    chain, key = certificate("localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with closing(Harmful(tls=context)) as server:
        yield server, chain
