"""The compiled law, asked in process: faults, memory and threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from house import engine
from policy_inputs import SHARED
from wasmtime import WasmtimeError

from broker import bundle
from broker.adapters.opa.wasm import LawAbort, WasmLaw

RESULTS = "decision/results"


def test_after_a_fault_it_answers_as_before() -> None:
    """A question larger than its memory ends it; the next is asked of a module that is begun anew."""
    parts = bundle.load()
    law = WasmLaw(parts.wasm, parts.tables, most=70)
    before = law.evaluate({"messages": {}}, entrypoint=RESULTS)
    for size in (3 << 20, 1 << 24):
        with pytest.raises((LawAbort, WasmtimeError)):
            law.evaluate({"messages": {"0": "x" * size}}, entrypoint=RESULTS)
        assert law.evaluate({"messages": {}}, entrypoint=RESULTS) == before == {}


def test_a_question_is_as_long_as_it_likes() -> None:
    """One that needs more memory than there is gets it; of a malformed one nothing is decided."""
    law = engine()._policy
    assert law.evaluate({"messages": {"x" * (5 << 20): {}}}, entrypoint=RESULTS) == {}


def test_several_threads_may_ask() -> None:
    """Each gets its own answer."""
    law = engine()
    asked = [{str(n): facts} for n, facts in enumerate(SHARED[::150])]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(law.decide, asked))
    assert together == [law.decide(one) for one in asked]
    assert len(together) > 8 and len({str(answer) for answer in together}) > 4
