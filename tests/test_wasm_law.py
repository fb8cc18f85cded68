"""The compiled law, asked in process: faults, memory and threads."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import Mock

import pytest
from house import engine
from policy_inputs import SHARED
from wasmtime import WasmtimeError

from broker import bundle
from broker.adapters.files import own_cache
from broker.adapters.opa import wasm
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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home; where what was compiled is kept is made in it."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path / ".cache" / "samband"


@pytest.mark.slow
def test_what_was_compiled_is_compiled_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next time it is taken as it is; broken it is compiled anew, and kept whole."""
    parts, asked = bundle.load(), {"messages": {"0": SHARED[0]}}
    answer = WasmLaw(parts.wasm, parts.tables).evaluate(asked, RESULTS)
    [kept] = home.iterdir()
    whole = kept.read_bytes()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    with monkeypatch.context() as patch:
        patch.setattr(wasm, "Module", Mock(deserialize=wasm.Module.deserialize, side_effect=AssertionError))
        assert WasmLaw(parts.wasm, parts.tables).evaluate(asked, RESULTS) == answer
    kept.write_bytes(whole[: len(whole) // 2])
    assert WasmLaw(parts.wasm, parts.tables).evaluate(asked, RESULTS) == answer
    assert len(kept.read_bytes()) == len(whole)


@pytest.mark.parametrize("mode", [0o750, 0o707, 0o777])
def test_what_another_may_have_compiled_is_not_taken(home: Path, mode: int) -> None:
    """Machine code from a folder that others read or write is neither run nor put there."""
    own_cache.keep("name", b"ours")
    assert own_cache.read("name") == b"ours"
    home.chmod(mode)
    own_cache.keep("other", b"theirs")
    assert own_cache.read("name") is None and [file.name for file in home.iterdir()] == ["name"]


def test_a_link_to_a_folder_and_no_home_keep_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.parent.mkdir()
    home.symlink_to(home.parent)
    own_cache.keep("name", b"")
    assert own_cache.read("name") is None and list(home.parent.iterdir()) == [home]
    monkeypatch.setattr(Path, "home", Mock(side_effect=RuntimeError))
    own_cache.keep("name", b"")
    assert own_cache.read("name") is None


def test_only_the_last_few_are_kept(home: Path) -> None:
    for n in range(7):
        own_cache.keep(str(n), b"")
        os.utime(home / str(n), (n, n))
    assert sorted(file.name for file in home.iterdir()) == ["3", "4", "5", "6"]


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
