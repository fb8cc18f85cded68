"""What the pipeline may rely on from the state of the broker (`ports.store`)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from broker.ports.store import MOST_FORMS, Agreed, Person, Recorded, Store, Wanted
from broker.ports.writes import (
    AgreementRow,
    Amendment,
    Answerable,
    ConsentRow,
    Effects,
    InboxLine,
    Informed,
    Origin,
    Withdrawal,
    again,
)

A, B = UUID("019c1c2e-7b1a-7000-8000-00000000000a"), UUID("019c1c2e-7b1a-7000-8000-00000000000b")
YES: Any = {
    **{"programme": "sspf", "parties": ["police", "town"], "guardians": 0, "guardians_yes": 0, "guardians_no": 0},
    **{"subject_yes": True, "subject_no": False},
}
NO = YES | {"subject_yes": False, "subject_no": True}
CONSENT = ConsentRow("town", "token-s", (), "token-p", None, YES, str(A), 10)
AGREED = AgreementRow("town", "token-a", (), "body", {"programme": "sspf"}, "town", 10)  # type: ignore[typeddict-item]
PERSON = Person("token-p", None)
ASKED = Answerable("InformationRequest", "police", "town", "token-p", "prevent", ("housing", "vehicle"))


def withdrawal(time: int, authority: str = "town", by: str = "subject", consent: str = "token-s") -> Withdrawal:
    """A consent is taken back."""
    return Withdrawal(authority, (consent,), by, time)


def facts(store: Store, token: str = "token-p", number: str | None = None) -> list[Any]:
    """What the forms about a person between town and police say."""
    return [form.facts for form in store.forms(Person(token, number), "town", "police")]


def effect(n: int = 0, **effects: Any) -> Effects:
    """The effects of an input with this number in its record."""
    return Effects(leaf={"record": "decision", "digest": f"d{n}", "n": n}, digest=f"h{n}", **effects)


def unusable(n: int, content: bytes, proven: str | None = "town", recorded: str = "2026-03-02T09:00:00Z") -> Effects:
    """The effects of a line that could not be used."""
    leaf = {"record": "quarantine", "n": n, "recorded": recorded}
    return Effects(leaf=leaf, digest=f"h{n}", quarantined=content, origin=Origin(len(content), proven))


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
        """Commit, and send what is kept to be sent."""
        with store.transaction():
            return list(store.commit(effects))

    def recorded_line(self, store: Store, source: str, line: int) -> Recorded | None:
        """The record of a line, looked up as its owner looks it up."""
        return store.recorded_line(source, line)

    # --- the log

    def test_records_are_numbered_in_their_order(self, store: Store) -> None:
        """As given, over commits. Each is read as it was written; where its number is its place, with that, from 0."""
        written = self.commit(store, effect(1), effect(2)) + self.commit(store) + self.commit(store, effect(3))
        numbers = [seq for seq, _ in written]
        assert numbers == ([0, 1, 2] if store.seq(0) is not None else sorted({*numbers}))
        for n, (seq, leaf_hash) in enumerate(written, 1):
            place = {"seq": seq} if store.seq(seq) is not None else {}
            assert store.record(seq) == ({"record": "decision", "digest": f"d{n}", "n": n, **place}, leaf_hash)

    def test_a_record_that_is_not_there_is_a_key_error(self, store: Store) -> None:
        """Not an empty one."""
        with pytest.raises(KeyError):
            store.record(0)

    def test_what_is_committed_is_there_after_a_restart(
        self, reopened: Callable[[], AbstractContextManager[Store]]
    ) -> None:
        """And numbering goes on."""
        with reopened() as store:
            ((first, _),) = self.commit(store, effect(1, outbox=("town", str(A), b"m"), consent=CONSENT))
        with reopened() as store:
            assert store.recorded_message("town", A) == Recorded("d1", first)
            assert facts(store) == [YES]
            assert self.commit(store, effect(2))[0][0] == first + 1

    def test_nothing_of_a_transaction_that_fails_remains(
        self, store: Store, reopened: Callable[[], AbstractContextManager[Store]]
    ) -> None:
        """None of it, though it had been looked for; and in the log the next commit takes the numbers."""
        told = (Informed("town", "token-s", "police", str(A), notice=True),)
        rows: Any = {"answerable": (str(A), ASKED), "consent": CONSENT, "agreement": AGREED, "informed": told}
        whole = effect(1, outbox=("town", str(A), b"m"), source="f", line=1, **rows)
        store.expect([A], ["token-p"])
        with pytest.raises(RuntimeError), store.transaction():
            store.commit([whole])
            raise RuntimeError
        assert (
            store.recorded_message("town", A),
            store.sent_message("police", A),
            self.recorded_line(store, "f", 1),
        ) == (
            None,
            None,
            None,
        )
        assert (
            facts(store),
            store.own_consent("town", ["token-s"]),
            list(store.informed_parties("town", ["token-s"])),
        ) == (
            [],
            None,
            [],
        )
        assert list(store.agreements("town", "town")) == []
        ((number, _),) = self.commit(store, effect(2))
        assert store.seq(number) in (0, None)

    # --- ids and lines

    def test_an_id_is_taken_for_its_sender_by_a_decided_message(self, store: Store) -> None:
        """With the digest in its record; another sender's is free, and a quarantined line takes none."""
        ((first, _), _) = self.commit(store, effect(1, outbox=("town", str(A), b"m")), unusable(2, b"x"))
        assert store.recorded_message("town", A) == Recorded("d1", first)
        store.expect([A, B], [])
        assert store.recorded_message("town", A) == Recorded("d1", first)
        assert store.recorded_message("police", A) is None
        assert store.recorded_message("town", B) is None

    def test_what_is_kept_of_unusable_lines_is_counted_by_sender_and_time(self, store: Store) -> None:
        """And no longer once it is purged; a line of which nothing is kept can't be."""
        old, new = "2026-01-01T09:00:00Z", "2026-03-02T09:00:00Z"
        lines = (
            unusable(1, b"xx", recorded=old),
            unusable(2, b"xxx"),
            unusable(3, b"x", None),
            unusable(4, b"", "police"),
        )
        first, second, third, _ = (seq for seq, _ in self.commit(store, *lines))
        assert [store.quarantined_bytes(sender, old) for sender in ("town", None, "police")] == [5, 1, 0]
        assert store.quarantined_bytes("town", new) == 3
        assert store.purgeable("2027-01-01") == {first: 2, second: 3, third: 1}
        assert store.purgeable(new) == {first: 2}
        assert store.purgeable("2027-01-01", "town") == {first: 2, second: 3}
        purge = Effects(leaf={"record": "purge", "n": 5}, digest="h5", purged=(first, third))
        self.commit(store, purge)
        assert [store.quarantined_bytes(sender, old) for sender in ("town", None)] == [3, 0]
        assert store.purgeable("2027-01-01") == {second: 3}

    def test_an_id_is_not_taken_twice(self, store: Store) -> None:
        """The store refuses what the pipeline must never ask."""
        ((first, _),) = self.commit(store, effect(1, outbox=("town", str(A), b"m")))
        with pytest.raises(Exception), store.transaction():  # noqa: B017 - the store's own kind of error
            store.commit([effect(2, outbox=("town", str(A), b"m"))])
        assert store.recorded_message("town", A) == Recorded("d1", first)

    def test_a_line_of_a_source_remembers_its_record(self, store: Store) -> None:
        """By source and number; the newest content of that line counts."""
        lines = (effect(1, source="f", line=1), effect(2, source="g", line=1), effect(3, source="f", line=2))
        first, second, third = (seq for seq, _ in self.commit(store, *lines))
        assert self.recorded_line(store, "f", 2) == Recorded("h3", third)
        assert self.recorded_line(store, "f", 1) == Recorded("h1", first)
        ((fourth, _),) = self.commit(store, effect(4, source="f", line=1))
        assert self.recorded_line(store, "f", 1) == Recorded("h4", fourth)
        assert self.recorded_line(store, "g", 1) == Recorded("h2", second)
        assert self.recorded_line(store, "f", 3) is None

    # --- messages

    def test_a_delivered_request_is_found_by_sender_and_id(self, store: Store) -> None:
        """Whole, with its categories in order."""
        self.commit(store, effect(1, answerable=(str(A), ASKED)))
        assert store.sent_message("police", A) == ASKED
        assert store.sent_message("town", A) is None
        assert store.sent_message("police", B) is None

    def test_a_request_keeps_what_has_come_of_it(self, store: Store) -> None:
        """All its answers so far, for sender and recipient; another's request with the same id has none."""
        others = replace(ASKED, sender="region")
        self.commit(store, effect(1, answerable=(str(A), ASKED)), effect(2, answerable=(str(A), others)))
        so_far = {"vehicle": "not_held"}
        self.commit(store, effect(3, answered=("police", str(A), so_far)))
        assert store.sent_message("police", A) == replace(ASKED, answers=so_far)
        assert store.sent_message("region", A) == others

    def test_two_who_answer_at_once_are_both_heard(self, store: Store) -> None:
        """Each was decided before it knew of the other, and the log may hold them in another order."""
        self.commit(store, effect(1, answerable=(str(A), ASKED)))
        for n, answers in enumerate(({"vehicle": "given"}, {"housing": "not_held"}, {"vehicle": "withheld"}), 2):
            self.commit(store, effect(n, answered=("police", str(A), answers)))
        request = store.sent_message("police", A)
        assert request is not None
        assert request.answers == {"vehicle": "partly", "housing": "not_held"}

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
        assert store.recipient_of("town", A) == "police"
        assert store.recipient_of("town", B) is None
        assert store.recipient_of("police", A) is None

    def test_a_delivery_lies_where_it_was_delivered_and_handed_over(self, store: Store) -> None:
        """And is kept as it was, to be given out again."""
        content = {"type": "delivery", "message": {"kind": "Tip"}}
        self.commit(store, effect(1, inbox=(InboxLine("police", "delivery", "town", str(A), content),)))
        self.commit(store, effect(2, inbox=(again(content, "police/desk", "town", str(A)),)))
        assert list(store.lies_with("town", A)) == ["police", "police/desk"]
        assert store.recipient_of("town", A) == "police"
        assert store.kept_line("town", A) == content
        assert (list(store.lies_with("town", B)), store.kept_line("town", B)) == ([], None)

    @pytest.mark.parametrize("note", ["registered", "recalled"])
    def test_what_is_registered_or_recalled_is_given_out_to_nobody_else(self, store: Store, note: str) -> None:
        """Its recipient has it, or its sender has taken it back."""
        content = {"type": "delivery", "message": {"kind": "Tip", "body": {}}}
        self.commit(store, effect(1, inbox=(InboxLine("police", "delivery", "town", str(A), content),)))
        for n in (2, 3):
            self.commit(store, effect(n, amendment=Amendment("town", str(A), {note: str(B)})))
        assert store.kept_line("town", A) is None

    def test_what_lies_in_an_inbox_is_given_by_id_or_from_a_number_on(self, store: Store) -> None:
        """Each delivery once, however often it lies there; what is registered or recalled is told so."""
        content = {"type": "delivery", "message": {"kind": "Tip", "id": str(A)}}
        lines = [InboxLine("police", "delivery", sender, str(A), content) for sender in ("town", "city", "region")]
        other = InboxLine("police", "delivery", "town", str(B), content | {"message": {"kind": "Acknowledgement"}})
        self.commit(store, effect(1, inbox=(*lines, other)))
        self.commit(store, effect(2, inbox=(again(content, "police", "town", str(A)),)))
        self.commit(store, effect(3, amendment=Amendment("city", str(A), {"recalled": str(B)})))
        self.commit(store, effect(4, amendment=Amendment("region", str(A), {"registered": str(B)})))
        some = store.lying(Wanted("police"), 10)
        assert [row.sender for row in some] == ["town", "city", "region", "town"]
        assert [(row.kept == content, row.is_awaited) for row in some[:2]] == [(True, True), (False, False)]
        assert [row.hindrance for row in some[:2]] == [None, "recalled"]
        assert [row.is_awaited for row in some[2:]] == [False, False]
        assert [row.n for row in store.lying(Wanted("police", after=some[1].n), 1)] == [some[2].n]
        assert [row.sender for row in store.lying(Wanted("police", (str(B),)), 10)] == ["town"]
        assert list(store.lying(Wanted("town"), 10)) == []

    # --- forms about persons

    def test_the_newest_version_of_a_consent_counts(self, store: Store) -> None:
        """Until it is withdrawn: then it is a no, still known as one's own, and can be given again."""
        later = replace(CONSENT, facts=YES | {"guardians": 1}, time=11)
        self.commit(store, effect(1, consent=CONSENT), effect(2, consent=later))
        assert facts(store) == [later.facts]
        ((ended, _),) = self.commit(store, effect(3, withdrawn=withdrawal(12)))
        (form,) = store.forms(PERSON, "town", "police")
        assert (form.withdrawn, form.time, form.record) == (True, 12, ended)
        assert form.facts == NO | {"guardians": 1}
        assert store.own_consent("town", ["token-s"]) == form
        self.commit(store, effect(4, consent=replace(CONSENT, time=13)))
        assert facts(store) == [YES]

    def test_what_comes_late_changes_nothing(self, store: Store) -> None:
        """An older version of what is withdrawn, or has a newer version; a withdrawal of what was given after it."""
        self.commit(store, effect(1, consent=CONSENT), effect(2, withdrawn=withdrawal(20)))
        self.commit(store, effect(3, consent=replace(CONSENT, time=15)))
        assert [form.withdrawn for form in store.forms(PERSON, "town", "police")] == [True]
        self.commit(store, effect(4, consent=replace(CONSENT, time=30)), effect(5, withdrawn=withdrawal(25)))
        assert facts(store) == [YES]

    @pytest.mark.parametrize("order", [*permutations(range(4))], ids=str)
    def test_the_order_of_arrival_decides_nothing(self, store: Store, order: tuple[int, ...]) -> None:
        """Of what has a time: two versions, a withdrawal, a no in another form."""
        given = [
            {"consent": replace(CONSENT, time=20)},
            {"withdrawn": withdrawal(30)},
            {"consent": replace(CONSENT, time=25, facts=YES | {"guardians": 1})},
            {"consent": replace(CONSENT, consent="token-n", facts=NO, time=27)},
        ]
        self.commit(store, effect(0, consent=CONSENT))
        for n in order:
            self.commit(store, effect(n, **given[n]))
        assert [(form.withdrawn, form.time) for form in store.forms(PERSON, "town", "police")] == [
            (True, 30),
            (False, 27),
        ]

    def test_of_two_at_one_time_the_higher_record_is_the_later(self, store: Store) -> None:
        """A withdrawal after it ends it, a version after that stands."""
        self.commit(store, effect(1, consent=CONSENT), effect(2, withdrawn=withdrawal(10)))
        assert facts(store) == [NO]
        self.commit(store, effect(3, consent=CONSENT))
        assert facts(store) == [YES]

    def test_a_withdrawal_is_a_no_of_who_withdrew(self, store: Store) -> None:
        """Of one guardian where a guardian did; of nobody where it was a no that was withdrawn."""
        guardian = replace(
            CONSENT, consent="token-g", facts=YES | {"programme": "sig", "guardians": 2, "guardians_yes": 2}
        )
        no = replace(CONSENT, consent="token-n", facts=NO | {"programme": "losam"})
        self.commit(store, effect(1, consent=guardian), effect(2, consent=no))
        self.commit(store, effect(3, withdrawn=withdrawal(11, by="guardian", consent="token-g")))
        self.commit(store, effect(4, withdrawn=withdrawal(12, consent="token-n")))
        took_back, nothing = facts(store)[1], facts(store)[0]
        assert (took_back["guardians_yes"], took_back["guardians_no"], took_back["subject_no"]) == (0, 1, False)
        assert (nothing["subject_yes"], nothing["subject_no"], nothing["guardians_no"]) == (False, False, 0)

    def test_a_consent_belongs_to_its_authority(self, store: Store) -> None:
        """Another's with the same id neither replaces nor ends it."""
        others = replace(CONSENT, authority="region", time=9)
        self.commit(store, effect(1, consent=CONSENT), effect(2, consent=others))
        self.commit(store, effect(3, withdrawn=withdrawal(10, authority="region")))
        assert facts(store) == [NO, YES]
        assert store.own_consent("police", ["token-s"]) is None

    def test_an_id_is_known_in_the_forms_that_it_was_recorded_in(self, store: Store) -> None:
        """A new version, and a withdrawal, end those under each of its tokens."""
        self.commit(store, effect(1, consent=replace(CONSENT, consent="old")))
        self.commit(store, effect(2, consent=replace(CONSENT, earlier=("old",), time=11)))
        assert facts(store) == [YES]
        self.commit(store, effect(3, withdrawn=Withdrawal("town", ("x", "token-s", "old"), "subject", 12)))
        assert facts(store) == [NO]
        assert store.own_consent("town", ["x", "old"]) is not None

    def test_what_went_out_under_a_consent_knows_its_newest_version(self, store: Store) -> None:
        """Of its sender's own, also one that stands under the token of a later key; of a notice of it none."""
        under = Informed("town", "old", "police", str(B), notice=False)
        self.commit(store, effect(1, consent=replace(CONSENT, consent="old", number="token-n")))
        self.commit(store, effect(2, informed=(under, replace(under, message=str(A), notice=True))))
        assert store.consent_of("town", A) is store.consent_of("police", B) is None
        (given, person) = store.consent_of("town", B) or pytest.fail("it went out under none")
        assert (given.consent, given.withdrawn, person) == ("old", False, Person("token-p", "token-n"))
        for n, time in enumerate((11, 12), 3):
            newer = replace(CONSENT, earlier=("old",), facts=NO | {"guardians": time}, time=time)
            self.commit(store, effect(n, consent=newer))
            (given, _) = store.consent_of("town", B) or pytest.fail("the new version is not known")
            assert (given.consent, given.facts) == ("token-s", newer.facts)
        self.commit(store, effect(5, withdrawn=withdrawal(13)))
        (given, _) = store.consent_of("town", B) or pytest.fail("the withdrawn one is not known")
        assert given.withdrawn

    def test_a_consent_may_move_to_another_person(self, store: Store) -> None:
        """A new version for somebody else takes it from the first; one without a person carries nothing."""
        moved = replace(CONSENT, subject="token-q", time=11)
        self.commit(store, effect(1, consent=CONSENT), effect(2, consent=moved))
        assert (facts(store), facts(store, "token-q")) == ([], [YES])
        self.commit(store, effect(3, consent=replace(CONSENT, subject=None, time=12)))
        assert facts(store, "token-q") == []

    def test_a_reserve_number_without_its_issuer_finds_only_noes(self, store: Store) -> None:
        """Nobody knows whose it is: it gives nothing, and stops what may be this person's."""
        issued = replace(CONSENT, subject="token-i", number="token-n")
        bare = replace(CONSENT, consent="b", subject="token-n", number="token-n", facts=YES | {"programme": "sig"})
        self.commit(store, effect(1, consent=issued), effect(2, consent=bare))
        assert facts(store, "token-i", "token-n") == [YES]
        assert facts(store, "token-n", "token-n") == []
        self.commit(store, effect(3, withdrawn=withdrawal(11)), effect(4, withdrawn=withdrawal(12, consent="b")))
        assert [form["programme"] for form in facts(store, "token-i", "token-n")] == ["sig", "sspf"]
        assert [form["programme"] for form in facts(store, "token-n", "token-n")] == ["sig", "sspf"]
        assert [form["programme"] for form in facts(store, "token-j", "token-n")] == ["sig"]

    def test_only_forms_that_name_both_parties_are_given(self, store: Store) -> None:
        """Whole names: no authority is a part of another."""
        outside = replace(CONSENT, facts=YES | {"parties": ["police-2", "town"]})
        self.commit(store, effect(1, consent=outside))
        assert facts(store) == []
        assert {"token-p"} <= set(store.has_forms(["token-p", "token-x"]))  # not looked for: it may be so
        store.expect([], ["token-p", "token-x"])
        assert store.has_forms(["token-p", "token-x"]) == {"token-p"}

    def test_of_each_registrant_and_programme_the_newest_and_every_no(self, store: Store) -> None:
        """So that nobody makes a question large; and one more than there is room for, to tell that there are more."""
        forms = [replace(CONSENT, consent=f"c-{n}", time=n) for n in range(60)]
        self.commit(store, *(effect(n, consent=form) for n, form in enumerate(forms)))
        assert [form.time for form in store.forms(PERSON, "town", "police")] == [59]
        named = store.forms(PERSON, "town", "police", ("town", ["c-7"]))
        assert [form.time for form in named] == [59, 7]
        self.commit(store, effect(99, consent=replace(CONSENT, consent="n-0", facts=NO, time=3)))
        assert [form.time for form in store.forms(PERSON, "town", "police")] == [59, 3]
        noes = [replace(form, facts=NO, consent=f"n-{n}") for n, form in enumerate(forms, 1)]
        self.commit(store, *(effect(100 + n, consent=form) for n, form in enumerate(noes)))
        found = store.forms(PERSON, "town", "police")
        assert len(found) == MOST_FORMS + 1
        assert [form.time for form in found] == sorted((form.time for form in found), reverse=True)

    def test_who_was_told_of_a_consent_is_known(self, store: Store) -> None:
        """By a notice, or by what was forwarded under it; twice is once."""
        notice = Informed("town", "token-s", "police", str(A), notice=True)
        got = Informed("town", "token-s", "region", str(B), notice=False)
        self.commit(store, effect(1, consent=CONSENT, informed=(notice,)), effect(2, informed=(got, got)))
        assert set(store.informed_parties("town", ["token-s", "x"])) == {notice, got}
        assert list(store.informed_parties("region", ["token-s"])) == []

    # --- agreements

    def test_an_agreement_needs_both_parties_and_one_body(self, store: Store) -> None:
        """The newest body of each counts; each is told with the records of the parties in their order."""
        ((first, _),) = self.commit(store, effect(1, agreement=AGREED))
        assert store.agreements("town", "police") == []
        others = replace(AGREED, party="police", registrant="police")
        self.commit(store, effect(2, agreement=replace(others, body="another")))
        assert store.agreements("town", "police") == []
        ((second, _),) = self.commit(store, effect(3, agreement=others))
        facts: Any = {"programme": "sspf", "parties": ["police", "town"]}
        agreed = [Agreed(facts, (second, first))]
        assert store.agreements("town", "police") == store.agreements("police", "town") == agreed
        assert store.agreements("town", "police", ["x", "token-a"]) == agreed
        assert (store.agreements("town", "police", ["x"]), store.agreements("town", "region")) == ([], [])
        ((third, _),) = self.commit(store, effect(4, agreement=replace(AGREED, body="later", time=11)))
        assert store.agreements("town", "police") == []
        ((fourth, _),) = self.commit(store, effect(5, agreement=replace(others, body="later", time=11)))
        assert store.agreements("town", "police") == [Agreed(facts, (fourth, third))]

    def test_an_agreement_that_comes_late_changes_nothing(self, store: Store) -> None:
        """What was ended stays ended."""
        others = replace(AGREED, party="police", registrant="police")
        ended = replace(AGREED, body="ended", time=20)
        self.commit(store, effect(1, agreement=AGREED), effect(2, agreement=others), effect(3, agreement=ended))
        self.commit(store, effect(4, agreement=replace(AGREED, time=15)))
        assert store.agreements("town", "police") == []

    def test_who_is_subordinate_confirms_nothing(self, store: Store) -> None:
        """As rows of earlier schemas do."""
        others = replace(AGREED, party="police", registrant="police")
        self.commit(store, effect(1, agreement=replace(AGREED, registrant="school")), effect(2, agreement=others))
        assert store.agreements("town", "police") == []
        assert store.has_agreement(["x", "token-a"])
        assert not store.has_agreement(["x"])

    def test_a_request_that_is_recalled_is_known_as_that(self, store: Store) -> None:
        """To whoever would answer it."""
        self.commit(store, effect(1, answerable=(str(A), ASKED)))
        self.commit(store, effect(2, recalled=("police", str(A))))
        found = store.sent_message("police", A)
        assert found is not None
        assert found.recalled
