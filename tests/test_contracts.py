"""The contracts of the ports, held by the adapters of the embedded runtime, and by OPA as a server."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sealed_lines
from contracts.codec import CodecContract
from contracts.fetched import FetchedContract
from contracts.policy_decision_point import PolicyDecisionPointContract
from contracts.store import AGREED, CONSENT, NO, YES, A, B, StoreContract, effect, facts
from contracts.tokens import TokensContract
from house import codec, engine, opened
from live import Servers
from opa_server import server_engine

from broker.adapters.files.contents_key import ContentsKey
from broker.adapters.files.signing import KeyFileError, TokenKey
from broker.adapters.opa.server import ServerDecisionPoint
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.adapters.sql import postgres, read_model
from broker.adapters.sql.contents import Contents
from broker.adapters.sql.data_folder import DataFolderError
from broker.adapters.sql.delivered_marks import FILE, FetchedFile
from broker.adapters.sql.worker_outbox import WorkerStore
from broker.model.decision import Json, PolicyInput
from broker.pipeline.decision_cache import DecisionCache
from broker.ports.store import Recorded, Store, Wanted
from broker.ports.transport import Again, Input
from broker.ports.writes import Amendment, Effects, InboxLine, again

BASES = json.loads((Path(__file__).parent / "cases" / "bases.json").read_text("utf-8"))["bases"]


def released() -> PolicyInput:
    """A question in whose decision something is released, to be changed."""
    asked: PolicyInput = json.loads(json.dumps(BASES["consent_to_police"]))
    return asked


class TestWasmDecisionPoint(PolicyDecisionPointContract):
    """OPA's WebAssembly build of the policies."""

    @pytest.fixture
    def engine(self) -> WasmDecisionPoint:
        return engine()

    @pytest.fixture
    def asked(self) -> PolicyInput:
        return released()


class TestServerDecisionPoint(PolicyDecisionPointContract):
    """OPA as a server, with the policies in a signed bundle."""

    @pytest.fixture
    def engine(self, servers: Servers) -> Iterator[ServerDecisionPoint]:
        with closing(server_engine(servers.settings)) as opened:
            yield opened

    @pytest.fixture
    def asked(self) -> PolicyInput:
        return released()


class TestDecisionCache(PolicyDecisionPointContract):
    """Any engine, and what it has answered before."""

    @pytest.fixture
    def engine(self) -> DecisionCache:
        return DecisionCache(engine())

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

    @pytest.fixture
    def box(self, tmp_path: Path) -> Callable[[Store, str], list[Json]]:
        def read(_: Store, authority: str) -> list[Json]:
            with read_model.open_archive(tmp_path) as found:
                return [content for _, content in found.inbox(authority, None, 0)]

        return read


class TestWorkerStore(StoreContract):
    """PostgreSQL, as the cluster's workers keep it: what is decided counts when it is sent."""

    @pytest.fixture
    def reopened(self, database: str, tmp_path: Path) -> Callable[[], AbstractContextManager[Store]]:
        tokens = TokenKey(tmp_path / "keys" / "token.key")

        @contextmanager
        def open_again() -> Iterator[Store]:
            with postgres.working(database) as connection:
                key = ContentsKey(tmp_path / "keys" / "contents.key", create=True)
                yield WorkerStore(connection, tokens, Contents(connection, key))

        return open_again

    @pytest.fixture
    def box(self, database: str, tmp_path: Path) -> Callable[[Store, str], list[Json]]:
        def read(_: Store, authority: str) -> list[Json]:
            lines = sealed_lines.of_workers(database, tmp_path / "keys")
            return [row["content"] for row in lines if row["authority"] == authority]

        return read

    def commit(self, store: Store, *effects: Effects) -> list[tuple[int, str]]:
        """What waits to be sent does not count; here it is sent at once, where it says of anything that it counts."""
        assert isinstance(store, WorkerStore)
        written = super().commit(store, *effects)
        out = {
            number: None
            for effect, (number, _) in zip(effects, written, strict=True)
            if effect.consent or effect.agreement
        }
        store.mark_published(out)
        store.rest()
        return written

    def test_a_delivery_is_amended(self, store: Store, box: Callable[[Store, str], list[Json]]) -> None:
        """A correction is noted on what is kept; what is recalled or registered is kept no longer, and not anew."""
        content = {"type": "delivery", "message": {"id": str(A), "kind": "Tip", "body": {"text": "x"}}}
        lines = [InboxLine("police", "delivery", sender, str(A), content) for sender in ("town", "city", "region")]
        ((number, _),) = self.commit(store, effect(1, inbox=tuple(lines)))
        store.mark_published({number: None})
        self.commit(store, effect(2, amendment=Amendment("town", str(A), {"replaced": str(B)})))
        assert store.kept_line("town", A) == {**content, "replaced": str(B)}
        self.commit(store, effect(3, amendment=Amendment("town", str(A), {"registered": str(B)})))
        self.commit(store, effect(4, amendment=Amendment("city", str(A), {"recalled": str(B)}, empties=False)))
        self.commit(store, effect(5, amendment=Amendment("city", str(A), {"registered": str(B)})))
        assert [store.kept_line(sender, A) for sender in ("town", "city", "region")] == [None, None, content]
        assert box(store, "police") == [{"forgotten": "registered"}, {"forgotten": "recalled"}, content]

    def test_only_deliveries_are_kept_when_they_are_out(
        self, store: Store, box: Callable[[Store, str], list[Json]]
    ) -> None:
        """Receipts and notices go, and what nobody registers."""
        assert isinstance(store, WorkerStore)
        wanted = {"type": "delivery", "message": {"kind": "Tip", "body": {"text": "x"}}}
        said = {"type": "delivery", "message": {"kind": "Acknowledgement", "body": {}}}
        lines = (
            InboxLine("police", "delivery", "town", str(A), wanted),
            InboxLine("police", "delivery", "town", str(B), said),
            InboxLine("police", "receipt", "town", str(A), {"type": "receipt"}),
            InboxLine("police", "notice", None, str(A), {"type": "notice"}),
            InboxLine("police", "redelivery", "city", str(A), wanted),
        )
        ((number, _),) = super().commit(store, effect(1, inbox=lines))
        store.mark_published({number: 7}, [Again(number, lines[-1], 9)])
        assert box(store, "police") == [wanted, {}, {}]
        assert store.kept_line("town", A) == wanted
        assert list(store.places("city", str(A))) == [("police", 9)]

    def test_what_was_at_an_offset_is_lost_until_it_is_given_out_again(self, store: Store) -> None:
        """And not where it is registered; a desk's too, to which it was handed over."""
        assert isinstance(store, WorkerStore)
        content = {"type": "delivery", "message": {"kind": "Tip"}}
        desk = again(content, "police/desk", "town", str(A))
        ((first, _),) = super().commit(
            store, effect(1, inbox=(InboxLine("police", "delivery", "town", str(A), content),))
        )
        ((second, _),) = super().commit(store, effect(2, inbox=(desk,)))
        store.mark_published({first: 7, second: None}, [Again(second, desk, 3)])
        assert [store.is_lost("police", *at) for at in ((0, 7), (7, 8), (8, 9))] == [False, True, False]
        assert store.is_lost("police/desk", 0, 4)
        assert [row.message for row in store.lying(Wanted("police", lost=(7, 8)), 9)] == [str(A)]
        once_more = again(content, "police", "town", str(A))
        ((third, _),) = super().commit(store, effect(3, inbox=(once_more,)))
        store.mark_published({third: None}, [Again(third, once_more, 20, lost=True)])
        assert (store.is_lost("police", 0, 8), store.is_lost("police", 20, 21)) == (False, True)
        self.commit(store, effect(4, amendment=Amendment("town", str(A), {"registered": str(B)})))
        assert not store.is_lost("police", 0, 99) and not store.is_lost("police/desk", 0, 99)

    def recorded_line(self, store: Store, source: str, line: int) -> Recorded | None:
        """A worker looks them up before it reads."""
        assert isinstance(store, WorkerStore)
        store.foresee([Input(b"", line, source)])
        return store.recorded_line(source, line)

    def test_what_is_not_sent_does_not_count_but_a_no_does(
        self, reopened: Callable[[], AbstractContextManager[Store]]
    ) -> None:
        """A consent and an agreement, from when they are out; also after a crash in between."""
        no = replace(CONSENT, consent="token-n", facts=NO, time=9)
        others = replace(AGREED, party="police", registrant="police")
        with reopened() as store:
            (first, *rest) = (
                seq
                for seq, _ in super().commit(
                    store,
                    effect(1, consent=CONSENT),
                    effect(2, consent=no),
                    effect(3, agreement=AGREED),
                    effect(4, agreement=others),
                )
            )
            assert (facts(store), store.agreements("town", "police")) == ([NO], [])
        with reopened() as store:
            assert isinstance(store, WorkerStore)
            assert (facts(store), store.agreements("town", "police")) == ([NO], [])
            store.mark_published(dict.fromkeys((first, *rest)))
            assert facts(store) == [YES, NO]
            assert len(store.agreements("town", "police")) == 1


class TestFetchedFile(FetchedContract):
    """A small SQLite file beside the broker's."""

    @pytest.fixture
    def reopened(self, tmp_path: Path) -> Callable[[], FetchedFile]:
        FetchedFile(tmp_path, create=True)
        return lambda: FetchedFile(tmp_path)

    def test_a_lost_file_is_not_replaced_in_silence(self, tmp_path: Path) -> None:
        """An empty one would say of everything that it was never given out."""
        with pytest.raises(DataFolderError, match="is missing"):
            FetchedFile(tmp_path)
        assert not (tmp_path / FILE).exists()

    def test_who_looks_holds_nobody_back(self, reopened: Callable[[], FetchedFile]) -> None:
        """What is measured is seen while a recall is decided."""
        with reopened().alone() as marks:
            marks.add([("police", "town", "a")])
        with reopened().alone():
            assert reopened().given_out([("police", "town", n) for n in "ab"]) == {("police", "town", "a")}

    def test_what_one_inbox_gave_out_another_has_not(self, reopened: Callable[[], FetchedFile]) -> None:
        """A delivery may lie in two: handed over to another desk."""
        with reopened().alone() as marks:
            marks.add([("town/schools", "police", "a")])
        desks = [("town/schools", "police", "a"), ("town/social_services", "police", "a")]
        assert reopened().given_out(desks) == {desks[0]}

    def test_what_an_earlier_version_marked_stays_marked(self, tmp_path: Path) -> None:
        """By message alone: it lay in one inbox then."""
        with closing(sqlite3.connect(tmp_path / FILE)) as connection:
            connection.execute("CREATE TABLE fetched (sender TEXT, message TEXT, PRIMARY KEY (sender, message))")
            connection.execute("INSERT INTO fetched VALUES ('police', 'a')")
            connection.commit()
        for _ in range(2):
            assert FetchedFile(tmp_path).given_out([("town", "police", n) for n in "ab"]) == {("town", "police", "a")}
            with FetchedFile(tmp_path).alone() as marks:
                assert marks.has("police", "a") and not marks.has("police", "b")

    def test_it_is_the_owner_s_alone(self, tmp_path: Path) -> None:
        """As every file of the folder."""
        FetchedFile(tmp_path, create=True)
        assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600

    def test_what_is_no_such_file_is_said_in_one_line(self, tmp_path: Path) -> None:
        """Which file, and what to do."""
        FetchedFile(tmp_path, create=True)
        (tmp_path / FILE).write_bytes(b"nothing that SQLite knows" * 100)
        with pytest.raises(DataFolderError, match="--peek"), FetchedFile(tmp_path).alone() as marks:
            marks.has("town", "a")


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
