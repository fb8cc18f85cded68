"""27 ways in which a policy server fails (fail closed): nothing is forwarded, and it recovers by itself.

A pipeline over a real store asks a server that does harm (`harmful.py`), or a real OPA with a bundle that is wrong.
Without an answer of the law that is demanded the batch goes back to the caller, unrecorded; the next attempt decides.
Where the law answers, but in no form that it has, each message is parked in quarantine, and its redrive decides.
"""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from bundles import Bundles
from harmful import Exchange, Fault, Harmful, taken
from house import NOW, House, Json, given, opened
from lines import TOWN, request
from live import Servers
from opa_server import LOADED, OwnOpa, server_engine

from broker.adapters.opa.server import BUNDLE
from broker.model.decision import Decision, PolicyInput
from broker.ports.policy import EngineAway
from broker.ports.transport import Input

MESSAGES = [given(request(n)) for n in range(1, 101)]
"""A hundred, each of which the law lets through."""
FEW = MESSAGES[:20]
"""For an OPA that is to decide them: it takes longer than WebAssembly does."""
PATIENCE = 1.5
"""Seconds that the engine waits."""
RECOVERED = 10.0
"""Seconds that may pass after a fault, at most, until everything is decided."""


@pytest.fixture
def server() -> Iterator[Harmful]:
    with closing(Harmful()) as server:
        yield server


@pytest.fixture
def house(server: Harmful, tmp_path: Path) -> Iterator[House]:
    """A broker that asks it, and soon gives up."""
    with asking(server, tmp_path, PATIENCE) as house:
        yield house


@pytest.fixture
def patient(server: Harmful, tmp_path: Path) -> Iterator[House]:
    """A broker that waits for its answers."""
    with asking(server, tmp_path, 30) as house:
        yield house


@contextmanager
def asking(server: Harmful, folder: Path, timeout: float) -> Iterator[House]:
    told = {"SAMBAND_OPA_URL": server.url, "SAMBAND_OPA_TOKEN": "0123456789abcdef"}
    with closing(server_engine(told, timeout=timeout)) as law, opened(folder, law=law) as house:
        yield house


def nothing_has_happened(house: House) -> bool:
    return not any(house.count(table) for table in ("records", "outbox", "inbox", "quarantine", "answerables"))


def recovers(house: House, messages: list[Input] = MESSAGES) -> None:
    """The next attempts, as the worker makes them, until all is decided: each delivered once."""
    until = monotonic() + RECOVERED
    while True:
        try:
            receipts = house.run(*messages)
            break
        except EngineAway:
            assert monotonic() < until, "it did not recover"
    assert {receipt["outcome"] for receipt in receipts} == {"forward"}
    assert len(house.inbox(TOWN)) == house.count("outbox") == len(messages)
    assert house.verified().ok


# --- no answer of the law that is demanded


def answering(status: int, body: Json, **headers: str) -> Fault:
    return lambda exchange: exchange.answer(status, json.dumps(body).encode(), **headers)


def after(seconds: float) -> Fault:
    def slowly(exchange: Exchange) -> None:
        exchange.linger(seconds)
        exchange.right()

    return slowly


def changed(change: Callable[[Json], Json]) -> Fault:
    """The right answer with a change."""
    return lambda exchange: exchange.answer(200, json.dumps(change(exchange.told())).encode())


def half(exchange: Exchange) -> None:
    """Half an answer that says it is a whole one."""
    body = exchange.body()
    exchange.answer(200, body[: len(body) // 2])


def bomb(exchange: Exchange) -> None:
    """The right answer, and a thousand times as much air: who unpacks it finds an answer."""
    exchange.answer(200, gzip.compress(exchange.body() + b" " * (1 << 26), 1), Content_Encoding="gzip")


def elsewhere(exchange: Exchange) -> None:
    """To a place where the right answer is."""
    if exchange.path.endswith("&there"):
        exchange.right()
    else:
        exchange.answer(307, b"", Location=f"{exchange.path}&there")


OTHER_LAW = {"provenance": {"bundles": {BUNDLE: {"revision": "0" * 64}}}}

AWAY: dict[str, Fault] = {
    "reset mid-body": Exchange.break_off,
    "slow 2 s": after(2),
    "slow 20 s": after(20),
    "half body": half,
    "200 {}": answering(200, {}),
    "400": answering(400, {"code": "invalid_parameter", "message": "bad"}),
    "404": answering(404, {"code": "resource_not_found", "message": "bad"}),
    "500": answering(500, {"code": "internal_error", "message": "bad"}),
    "429": answering(429, {}, Retry_After="1"),
    "redirect": elsewhere,
    "gzip bomb": bomb,
    "unknown rule version": changed(lambda answer: answer | OTHER_LAW),
    "no rule version": changed(lambda answer: {"result": answer["result"]}),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", AWAY.values(), ids=AWAY)
def test_without_an_answer_nothing_happens(house: House, server: Harmful, fault: Fault) -> None:
    with server.failing(fault):
        with pytest.raises(EngineAway):
            house.run(*MESSAGES)
        assert nothing_has_happened(house)
    recovers(house)


def test_connection_refused(house: House, server: Harmful) -> None:
    server.close()
    with pytest.raises(EngineAway):
        house.run(*MESSAGES)
    assert nothing_has_happened(house)
    with closing(Harmful(server.server_address[1])):
        recovers(house)


@pytest.mark.slow
def test_connection_timed_out(house: House, server: Harmful) -> None:
    server.close()
    with taken(server.server_address[1]), pytest.raises(EngineAway):
        house.run(*MESSAGES)
    assert nothing_has_happened(house)
    with closing(Harmful(server.server_address[1])):
        recovers(house)


def test_slow_0_2_s_still_decides(patient: House, server: Harmful) -> None:
    with server.failing(after(0.2)):
        recovers(patient)


# --- an answer of the law that is none


def of_each(change: Callable[[Json], Json]) -> Fault:
    """Every message's answer changed."""
    return changed(lambda answer: answer | {"result": {key: change(one) for key, one in answer["result"].items()}})


def of_all(result: Any) -> Fault:
    """Another result in the right one's place."""
    return changed(lambda answer: answer | {"result": result})


NO_ANSWER: dict[str, Fault] = {
    '{"result": null}': of_all(None),
    "result of another type": of_all([True]),
    '"allow": "true" as text': of_all({"allow": "true"}),
    "an extra allow field": of_each(lambda answer: answer | {"allow": True}),
    "an outcome of its own": of_each(lambda answer: answer | {"outcome": "allow"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", NO_ANSWER.values(), ids=NO_ANSWER)
def test_what_is_no_answer_parks_each_message(patient: House, server: Harmful, fault: Fault) -> None:
    with server.failing(fault):
        receipts = patient.run(*MESSAGES)
        assert [receipt["error"]["code"] for receipt in receipts] == ["engine_error"] * len(MESSAGES)
        assert (patient.count("inbox"), patient.count("outbox"), patient.count("answerables")) == (0, 0, 0)
        assert patient.count("records") == patient.count("quarantine") == len(MESSAGES)
    recovers(patient, patient.quarantined())


@pytest.mark.parametrize("minutes", [-10, 10])
def test_clock_10_minutes_off(patient: House, minutes: int) -> None:
    """The law has no clock of its own; a message whose time is not the broker's is not decided."""
    receipts = patient.run(*(Input(one.line, now=NOW + timedelta(minutes=minutes)) for one in MESSAGES))
    assert {receipt["error"]["code"] for receipt in receipts} == {"clock_skew"}
    assert patient.count("outbox") == 0
    recovers(patient, [Input(one.line, now=NOW) for one in MESSAGES])


@pytest.mark.live
def test_unknown_message_type(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real OPA is asked of a kind that the law does not know, among others that it does: that one alone is parked."""

    def mistaken(inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        other: Any = {"kind": "Kanarie"}
        return ask({key: asked | other if key == "7" else asked for key, asked in inputs.items()})

    with closing(server_engine(servers.settings)) as law, opened(tmp_path, law=law) as patient:
        ask = law.decide
        with monkeypatch.context() as patched:
            patched.setattr(law, "decide", mistaken)
            receipts = patient.run(*FEW)
        assert [n for n, receipt in enumerate(receipts) if receipt["outcome"] == "quarantine"] == [7]
        assert receipts[7]["error"]["code"] == "engine_error"
        assert patient.run(*patient.quarantined())[0]["outcome"] == "forward"
        assert len(patient.inbox(TOWN)) == len(FEW)


# --- a server without the law, or with another


BUNDLES = {
    "bundle missing": ("no such file", Bundles.missing),
    "bundle wrong signature": ("key corresponding to ID", Bundles.of_another_key),
    "bundle changed after it was signed": ("digest", Bundles.changed),
    "unsigned bundle": ("bundle missing .signatures.json file", Bundles.unsigned),
    "bundle of other environment": ("scope mismatch", Bundles.of_another_environment),
    "old bundle (rollback)": (LOADED, Bundles.old),
}


@pytest.mark.live
@pytest.mark.parametrize(("said", "bad"), BUNDLES.values(), ids=BUNDLES)
def test_a_server_without_this_law_decides_nothing(
    bundles: Bundles, tmp_path: Path, said: str, bad: Callable[[Bundles], Path]
) -> None:
    """OPA refuses what is not signed for it; the broker refuses what is signed and is another law."""
    server = OwnOpa(tmp_path, bundles.public)
    with closing(server_engine(server.told)) as law, opened(tmp_path, law=law) as house:
        with server.running(bad(bundles)) as log:
            assert said in log
            with pytest.raises(EngineAway):
                house.run(*MESSAGES)
            assert nothing_has_happened(house)
        with server.running(bundles.good()):
            recovers(house, FEW)


@pytest.mark.live
def test_data_document_empty(bundles: Bundles, tmp_path: Path) -> None:
    """Rightly signed under the right revision, its tables lost: rules that find no table let nothing through."""
    server = OwnOpa(tmp_path, bundles.public)
    with closing(server_engine(server.told)) as law, opened(tmp_path, law=law) as house:
        with server.running(bundles.without_data()) as log:
            assert LOADED in log
            receipts = house.run(*MESSAGES)
            assert {receipt["outcome"] for receipt in receipts} == {"quarantine"}
            assert (house.count("inbox"), house.count("outbox")) == (0, 0)
        with server.running(bundles.good()):
            recovers(house, house.quarantined())
