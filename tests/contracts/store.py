"""What the pipeline may rely on from the state of the broker (`ports.Facts`, `ports.Ledger`, `ports.Store`)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from broker.ports import AgreementRow, Amendment, Answerable, ConsentRow, Effects, InboxLine, Recorded, Store

A, B = UUID("019c1c2e-7b1a-7000-8000-00000000000a"), UUID("019c1c2e-7b1a-7000-8000-00000000000b")
CONSENT = ConsentRow("town", "token-s", "token-p", {"programme": "sspf"}, ("town", "police"))  # type: ignore[typeddict-item]
AGREED = AgreementRow("town", "token-a", "body", {"programme": "sspf"})  # type: ignore[typeddict-item]
ASKED = Answerable("InformationRequest", "police", "town", "token-p", "prevent", ("housing", "vehicle"))


def effect(n: int = 0, **effects: Any) -> Effects:
    """The effects of an input with this number in its record."""
    return Effects(leaf={"record": "decision", "digest": f"d{n}", "n": n}, digest=f"h{n}", **effects)


class StoreContract:
    """Subclasses give `reopened`, which opens the same state, again and again, and `box`, which reads an inbox."""

    @pytest.fixture
    def reopened(self) -> Callable[[], AbstractContextManager[Store]]:
        raise NotImplementedError

    @pytest.fixture
    def box(self) -> Callable[[Store, str], list[Any]]:
        """What lies in an authority's inbox, oldest first."""
        raise NotImplementedError

    @pytest.fixture
    def store(self, reopened: Callable[[], AbstractContextManager[Store]]) -> Any:
        with reopened() as store:
            yield store

    def commit(self, store: Store, *effects: Effects) -> list[tuple[int, str]]:
        with store.transaction():
            return list(store.commit(effects))

    # --- the log

    def test_records_are_numbered_without_a_gap(self, store: Store) -> None:
        """From 0, in the order given, over commits; each is read as it was written, with its number."""
        written = self.commit(store, effect(1), effect(2)) + self.commit(store) + self.commit(store, effect(3))
        assert [seq for seq, _ in written] == [0, 1, 2]
        for n, (seq, leaf_hash) in enumerate(written, 1):
            assert store.record(seq) == ({"record": "decision", "digest": f"d{n}", "n": n, "seq": seq}, leaf_hash)

    def test_a_record_that_is_not_there_is_a_key_error(self, store: Store) -> None:
        """Not an empty one."""
        with pytest.raises(KeyError):
            store.record(0)

    def test_what_is_committed_is_there_after_a_restart(
        self, reopened: Callable[[], AbstractContextManager[Store]]
    ) -> None:
        """And numbering goes on."""
        with reopened() as store:
            self.commit(store, effect(1, outbox=("town", str(A), b"m"), consent=CONSENT))
        with reopened() as store:
            assert store.taken("town", A) == Recorded("d1", 0)
            assert store.consents("token-p") == [CONSENT.facts]
            assert self.commit(store, effect(2))[0][0] == 1

    def test_nothing_of_a_transaction_that_fails_remains(
        self, store: Store, reopened: Callable[[], AbstractContextManager[Store]]
    ) -> None:
        """None of it, and the next commit takes the numbers."""
        facts: Any = {"answerable": (str(A), ASKED), "consent": CONSENT, "agreement": AGREED}
        whole = effect(1, outbox=("town", str(A), b"m"), source="f", line=1, **facts)
        with pytest.raises(RuntimeError), store.transaction():
            store.commit([whole])
            raise RuntimeError
        assert (store.taken("town", A), store.sent("police", A), store.handled("f", 1)) == (None, None, None)
        assert (list(store.consents("token-p")), store.own_consent("town", "token-s")) == ([], None)
        assert list(store.agreements("town", "town")) == []
        assert self.commit(store, effect(2))[0][0] == 0

    # --- ids and lines

    def test_an_id_is_taken_for_its_sender_by_a_decided_message(self, store: Store) -> None:
        """With the digest in its record; another sender's is free, and a quarantined line takes none."""
        self.commit(store, effect(1, outbox=("town", str(A), b"m")), effect(2, quarantined=b"x"))
        assert store.taken("town", A) == Recorded("d1", 0)
        assert store.taken("police", A) is None
        assert store.taken("town", B) is None

    def test_an_id_is_not_taken_twice(self, store: Store) -> None:
        """The store refuses what the pipeline must never ask."""
        self.commit(store, effect(1, outbox=("town", str(A), b"m")))
        with pytest.raises(Exception), store.transaction():  # noqa: B017 - the store's own kind of error
            store.commit([effect(2, outbox=("town", str(A), b"m"))])
        assert store.taken("town", A) == Recorded("d1", 0)

    def test_a_line_of_a_source_remembers_its_record(self, store: Store) -> None:
        """By source and number; the newest content of that line counts."""
        self.commit(store, effect(1, source="f", line=1), effect(2, source="g", line=1), effect(3, source="f", line=2))
        assert (store.handled("f", 1), store.handled("f", 2)) == (Recorded("h1", 0), Recorded("h3", 2))
        self.commit(store, effect(4, source="f", line=1))
        assert store.handled("f", 1) == Recorded("h4", 3)
        assert store.handled("g", 1) == Recorded("h2", 1)
        assert store.handled("f", 3) is None

    # --- messages

    def test_a_delivered_request_is_found_by_sender_and_id(self, store: Store) -> None:
        """Whole, with its categories in order."""
        self.commit(store, effect(1, answerable=(str(A), ASKED)))
        assert store.sent("police", A) == ASKED
        assert store.sent("town", A) is None
        assert store.sent("police", B) is None

    def test_a_request_keeps_what_has_come_of_it(self, store: Store) -> None:
        """All its answers so far, for sender and recipient; another's request with the same id has none."""
        others = replace(ASKED, sender="region")
        self.commit(store, effect(1, answerable=(str(A), ASKED)), effect(2, answerable=(str(A), others)))
        so_far = {"vehicle": "not_held"}
        self.commit(store, effect(3, answered=("police", str(A), so_far)))
        assert store.sent("police", A) == replace(ASKED, answers=so_far)
        assert store.sent("region", A) == others

    def test_a_delivery_is_amended(self, store: Store, box: Callable[[Store, str], list[Any]]) -> None:
        """A note is written on the one that its sender delivered, and on no receipt; an emptied one says no more."""
        told = {"type": "delivery", "message": {"id": str(A), "body": {"text": "x"}}, "partial": True, "unanswered": []}
        lines = [
            InboxLine("police", "delivery", sender, str(A), {**told, "grounds": []}) for sender in ("town", "city")
        ]
        receipt = InboxLine("police", "receipt", "town", str(A), {"type": "receipt"})
        self.commit(store, effect(1, inbox=(*lines, receipt)))
        self.commit(store, effect(2, amendment=Amendment("town", str(A), {"replaced": str(B)})))
        assert box(store, "police") == [{**lines[0].content, "replaced": str(B)}, lines[1].content, receipt.content]
        self.commit(store, effect(3, amendment=Amendment("town", str(A), {"recalled": str(B)}, empties=True)))
        emptied = {"type": "delivery", "message": {"id": str(A)}, "partial": False, "unanswered": [], "grounds": []}
        assert box(store, "police") == [{**emptied, "recalled": str(B)}, lines[1].content, receipt.content]

    def test_only_a_delivery_counts_as_delivered(self, store: Store) -> None:
        """To whom a sender's message went; a receipt is none."""
        told = InboxLine("town", "receipt", "town", str(B), {})
        self.commit(store, effect(1, inbox=(InboxLine("police", "delivery", "town", str(A), {}), told)))
        assert store.delivered_to("town", A) == "police"
        assert store.delivered_to("town", B) is None
        assert store.delivered_to("police", A) is None

    # --- consents

    def test_the_newest_version_of_a_consent_counts(self, store: Store) -> None:
        """Until it is withdrawn; then it is still known as one's own, and can be given again."""
        later = replace(CONSENT, facts={"programme": "sig"})
        self.commit(store, effect(1, consent=CONSENT), effect(2, consent=later))
        assert store.consents("token-p") == [later.facts]
        self.commit(store, effect(3, withdrawn=("town", "token-s")))
        assert store.consents("token-p") == []
        assert store.own_consent("town", "token-s") == later
        self.commit(store, effect(4, consent=CONSENT))
        assert store.consents("token-p") == [CONSENT.facts]

    def test_a_consent_belongs_to_its_authority(self, store: Store) -> None:
        """Another's with the same id neither replaces nor ends it."""
        others = replace(CONSENT, authority="region")
        self.commit(store, effect(1, consent=CONSENT), effect(2, consent=others))
        self.commit(store, effect(3, withdrawn=("region", "token-s")))
        assert store.consents("token-p") == [CONSENT.facts]
        assert store.own_consent("police", "token-s") is None

    def test_a_consent_may_move_to_another_person(self, store: Store) -> None:
        """A new version for somebody else takes it from the first; one without a person carries nothing."""
        self.commit(store, effect(1, consent=CONSENT), effect(2, consent=replace(CONSENT, subject="token-q")))
        assert (list(store.consents("token-p")), list(store.consents("token-q"))) == ([], [CONSENT.facts])
        self.commit(store, effect(3, consent=replace(CONSENT, subject=None)))
        assert list(store.consents("token-q")) == []

    # --- agreements

    def test_an_agreement_needs_both_parties_and_one_body(self, store: Store) -> None:
        """The newest body of each counts."""
        self.commit(store, effect(1, agreement=AGREED))
        assert store.agreements("town", "police") == []
        self.commit(store, effect(2, agreement=replace(AGREED, party="police", body="another")))
        assert store.agreements("town", "police") == []
        self.commit(store, effect(3, agreement=replace(AGREED, party="police")))
        assert store.agreements("town", "police") == store.agreements("police", "town") == [AGREED.facts]
        assert store.agreements("town", "region") == []
        self.commit(store, effect(4, agreement=replace(AGREED, body="later")))
        assert store.agreements("town", "police") == []
