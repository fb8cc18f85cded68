"""The contracts of the ports, held by the adapters of the embedded runtime."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from contracts.codec import CodecContract
from contracts.policy_engine import PolicyEngineContract
from contracts.store import StoreContract
from contracts.tokens import TokensContract
from house import codec, engine, opened

from broker.adapters.rego_wasm import WasmPolicyEngine
from broker.adapters.signing import KeyFileError, TokenKey
from broker.decision import PolicyInput
from broker.ports import Store

BASES = json.loads((Path(__file__).parent / "cases" / "bases.json").read_text("utf-8"))["bases"]


class TestWasmPolicyEngine(PolicyEngineContract):
    """OPA's WebAssembly build of the policies."""

    @pytest.fixture
    def engine(self) -> WasmPolicyEngine:
        return engine()

    @pytest.fixture
    def asked(self) -> PolicyInput:
        asked: PolicyInput = json.loads(json.dumps(BASES["consent_to_police"]))
        return asked


class TestSqlStore(StoreContract):
    """SQLite through SQLAlchemy Core."""

    @pytest.fixture
    def reopened(self, tmp_path: Path) -> Callable[[], AbstractContextManager[Store]]:
        @contextmanager
        def open_again() -> Iterator[Store]:
            with opened(tmp_path) as house:
                yield house.store

        return open_again


class TestAvroCodec(CodecContract):
    """Avro single-object encoding."""

    codec = codec()


class TestTokenKey(TokensContract):
    """HMAC-SHA-256 under a key in a file."""

    @pytest.fixture
    def tokens(self, tmp_path: Path) -> TokenKey:
        return TokenKey(tmp_path / "keys" / "token.key")

    @pytest.fixture
    def same(self, tokens: TokenKey, tmp_path: Path) -> TokenKey:
        return TokenKey(tmp_path / "keys" / "token.key", create=False)

    @pytest.fixture
    def other(self, tmp_path: Path) -> TokenKey:
        return TokenKey(tmp_path / "other" / "token.key")

    def test_a_lost_key_is_not_replaced_in_silence(self, tmp_path: Path) -> None:
        """A new key would end every link and consent."""
        with pytest.raises(KeyFileError, match="missing"):
            TokenKey(tmp_path / "keys" / "token.key", create=False)
