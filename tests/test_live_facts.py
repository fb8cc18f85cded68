"""Promise 7 of the spine (design, section 3): registers are read at the moment of decision, whatever the batches."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sealed_lines
from exchange_lines import concern, decision, feedback, follow_up, referral
from house import PARTIES, House, Json, engine, numbered, opened
from house import given as given_line
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import (
    BOY,
    GIRL,
    OTHER_TOWN,
    POLICE,
    TOWN,
    agreement,
    closed_item,
    consent,
    disclosure,
    number,
    open_item,
    recall,
    refusal,
    request,
    secret_item,
    withdrawal,
)

from broker.model.decision import Decision, PolicyInput
from broker.ports.policy import EngineAway, PassingOn


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=PARTIES) as opening:
        yield opening


def outcomes(receipts: list[Json]) -> list[str]:
    return [receipt["outcome"] for receipt in receipts]


def by_consent(n: int, **changes: Any) -> Json:
    """A disclosure that only a consent carries."""
    return disclosure(n, secret_item(), **({"basis": ["consent"]} | changes))


# --- consents


@pytest.mark.parametrize("batch", [1, 200])
def test_a_withdrawal_counts_for_all_that_is_decided_after_it(house: House, batch: int) -> None:
    """Promise 7: no consent, consent, withdrawn, given again: each is seen by the next message, also in one file."""
    stream = [by_consent(1), consent(2), by_consent(3), withdrawal(4), by_consent(5), consent(6), by_consent(7)]
    receipts = house.run(*stream, batch=batch)
    assert outcomes(receipts) == ["withhold", "forward", "forward", "forward", "withhold", "forward", "forward"]


def test_a_consent_given_again_is_a_new_version(house: House) -> None:
    """Promise 7: the newest version alone counts; the older ones stay as history."""
    narrow = consent(3, categories=["housing"])
    assert outcomes(house.run(consent(1), by_consent(2), narrow, by_consent(4))) == ["forward"] * 3 + ["withhold"]
    assert house.rows("SELECT seq, replaced, withdrawn FROM consents ORDER BY seq") == [(0, 2, None), (2, None, None)]
    house.run(withdrawal(5), consent(6))
    ends = [(0, 2, None), (2, 5, 4), (5, None, None)]
    assert house.rows("SELECT seq, replaced, withdrawn FROM consents ORDER BY seq") == ends
    assert outcomes(house.run(by_consent(7))) == ["forward"]


def test_another_authority_can_not_withdraw_or_replace_a_consent(house: House) -> None:
    """Promise 7: a consent id belongs to its authority."""
    house.run(consent(1))
    assert outcomes(house.run(withdrawal(2, by=OTHER_TOWN), withdrawal(3, by=POLICE))) == ["withhold"] * 2
    assert [told["notice"] for told in house.inbox(POLICE, "notice")] == ["consent_registered"]
    refused = [{"role": "subject", "answer": "no"}]
    house.run(consent(4, by=OTHER_TOWN, given_by=refused, parties=[OTHER_TOWN, POLICE]))
    assert outcomes(house.run(by_consent(5))) == ["forward"]


def test_one_can_not_withdraw_what_one_has_not(house: House) -> None:
    """Promise 7: an unknown consent is not one's own."""
    assert outcomes(house.run(withdrawal(1), consent(2), withdrawal(3, consent="S-2"))) == [
        "withhold",
        "forward",
        "withhold",
    ]


def test_parties_are_told_of_a_withdrawal(house: House) -> None:
    """Promise 7: each party once, and nobody else; nothing when it did not happen."""
    parties = ["skola-1", POLICE, TOWN, "region-09", "kommun-0980"]
    house.run(consent(1, parties=parties), withdrawal(2, by=OTHER_TOWN), withdrawal(3))
    told = house.rows("SELECT authority FROM inbox WHERE type = 'notice' ORDER BY 1")
    assert told == [("kommun-0980",)] * 2 + [("polismyndigheten",)] * 2 + [("skola-1",)] * 2
    given, notice = house.inbox(POLICE, "notice")
    assert (given["notice"], given["message"], given["subject"]["id"]) == ("consent_registered", number(1), GIRL["id"])
    assert (notice["notice"], notice["messages"], notice["authority"]) == ("consent_withdrawn", [number(1)], TOWN)
    assert not {"consent", "text"} & {*given, *notice}


def test_a_consent_follows_the_person_not_the_id_type(house: House) -> None:
    """Promise 7: it is found by the person's token; nobody else's, and none without an id."""
    house.run(consent(1))
    for n, subject in enumerate([BOY, {"id_type": "reserve", "id": GIRL["id"]}, {"id_type": "unknown"}], 2):
        assert outcomes(house.run(by_consent(n, subject=subject))) == ["withhold"]
    assert outcomes(house.run(by_consent(9, subject=BOY, items=[secret_item(concerns=[GIRL])]))) == ["forward"]


def test_a_consent_without_an_id_is_recorded_and_carries_nothing(house: House) -> None:
    """Promise 7 and 8: no id, no token, no consent."""
    unknown = {"id_type": "unknown", "birth_date": "2011-03-04"}
    assert outcomes(house.run(consent(1, subject=unknown), by_consent(2, subject=unknown))) == ["forward", "withhold"]


def test_a_consent_addressed_to_another_is_not_recorded(house: House) -> None:
    """Promise 7: only what is decided becomes a fact."""
    wrong = consent(1) | {"recipient": {"authority": POLICE}}
    assert outcomes(house.run(wrong, by_consent(2))) == ["quarantine", "withhold"]
    assert house.count("consents") == 0


# --- agreements


def in_force(house: House, n: int, **changes: Any) -> list[Json]:
    """The agreements that a decision with a consent sees."""
    house.run(by_consent(n, **changes))
    found: list[Json] = house.leaves()[-1]["input"]["agreements"]
    return found


def test_an_agreement_is_in_force_when_both_have_sent_the_same_body(house: House) -> None:
    """Promise 7: one party's word binds nobody; another body is another agreement."""
    house.run(consent(1), agreement(2))
    assert in_force(house, 3) == []
    house.run(agreement(4, by=POLICE, purposes=["detect"]))
    assert in_force(house, 5) == []
    house.run(agreement(6, by=POLICE))
    assert [found["programme"] for found in in_force(house, 7)] == ["sspf"]
    assert in_force(house, 8, sender="skola-1")[0]["area"] == ["0127"]


def test_the_order_of_parties_purposes_and_areas_makes_no_other_agreement(house: House) -> None:
    """Promise 7: what the parties agree on is the content."""
    purposes, area = ["prevent", "avert"], ["0127", "0136"]
    house.run(consent(1), agreement(2, parties=[TOWN, POLICE], purposes=purposes, area=area))
    house.run(agreement(3, by=POLICE, parties=[POLICE, "skola-1"], purposes=purposes[::-1], area=area[::-1]))
    assert len(in_force(house, 4)) == 1


def test_an_agreement_ends_for_both_when_one_sends_another_body(house: House) -> None:
    """Promise 7: the newest version of each party alone counts, in the same batch too."""
    stream = [consent(1), agreement(2), agreement(3, by=POLICE), by_consent(4), agreement(5, valid_until=None)]
    house.run(*stream, by_consent(6))
    seen = [len(leaf["input"]["agreements"]) for leaf in house.leaves() if leaf["kind"] == "Disclosure"]
    assert seen == [1, 0]


def test_who_is_no_party_can_not_confirm_an_agreement(house: House) -> None:
    """Promise 7: an agreement of others is not one's own."""
    assert outcomes(house.run(agreement(1, by=OTHER_TOWN))) == ["withhold"]
    assert house.count("agreements") == 0


# --- what a later message in the same batch refers to


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_a_message_sees_what_it_refers_to_in_whatever_batch(house: House, batch: int) -> None:
    """Promise 7: an answer is decided after what it answers, and once it is written what changes it."""
    stream = [
        *(request(1), disclosure(2, reply=1), recall(3, 2), disclosure(4, reply=1, replaces=number(2))),
        *(refusal(5, reply=1), recall(6, 9), disclosure(7, reply=1, replaces=number(9))),
    ]
    assert outcomes(house.run(*stream, batch=batch)) == ["forward"] * 5 + ["withhold"] * 2


def test_a_conversation_is_one_batch(house: House) -> None:
    """However long: each message is decided in a wave of its own, and all become durable together."""
    stream = [request(1, "housing"), refusal(2, reply=1), disclosure(3, reply=1), concern(4), decision(5, 4)]
    stream += [feedback(6, 4), request(7), disclosure(8, reply=7), concern(9)]
    batches = list(house.pipeline.batches(map(given_line, stream)))
    assert [len(batch) for batch in batches] == [9]
    assert [handled.receipt["outcome"] for handled in batches[0]] == ["forward"] * 9
    told = [line["notice"] for line in house.inbox(TOWN, "notice")]
    assert told == ["concerns_linked"]  # by the notification before it in its own batch


@pytest.mark.parametrize(
    ("before", "after", "batches"),
    [
        (consent(1), by_consent(2), [2]),
        (disclosure(1), disclosure(2, replaces=number(1)), [2]),
        (request(1), request(1), [2]),
        (request(1), recall(2, 1), [1, 1]),
    ],
)
def test_what_rests_on_what_is_written_is_decided_after_it(
    house: House, before: Json, after: Json, batches: list[int]
) -> None:
    """In a later step of the same batch; but a recall of what nobody can have fetched yet begins another."""
    assert [len(batch) for batch in house.pipeline.batches(map(given_line, [before, after]))] == batches


def test_registrations_in_a_row_are_one_batch(house: House) -> None:
    """Each is seen by the next message, and all become durable together."""
    stream = [by_consent(1), consent(2), by_consent(3), agreement(4), agreement(5, by=POLICE), withdrawal(6)]
    (batch,) = house.pipeline.batches(map(given_line, [*stream, by_consent(7)]))
    forwarded = ["withhold", "forward", "forward", "forward", "forward", "forward", "withhold"]
    assert [handled.receipt["outcome"] for handled in batch] == forwarded
    assert house.verified().ok


def test_where_the_law_is_away_at_a_later_step_nothing_of_the_batch_is_left(tmp_path: Path) -> None:
    """What the steps before it have written is gone with it, and the same inputs may be given again."""
    law = Leaving()
    with opened(tmp_path, law=law, parties=PARTIES) as house:
        stream = [consent(1), by_consent(2)]
        with pytest.raises(EngineAway):
            house.run(*stream)
        assert [house.count(table) for table in ("records", "consents", "inbox", "outbox")] == [0] * 4
        law.stays = True
        assert outcomes(house.run(*stream)) == ["forward"] * 2
        assert house.verified().ok


class Leaving(PassingOn):
    """A law that answers once and is away then, until it stays."""

    def __init__(self) -> None:
        super().__init__(engine())
        self.stays = False
        self._answered = False

    def decide(self, inputs: Mapping[str, PolicyInput]) -> Mapping[str, Decision]:
        if self._answered and not self.stays:
            raise EngineAway("it has left")
        self._answered = True
        return self._engine.decide(inputs)


def test_only_the_recipient_of_the_recalled_message_gets_the_recall(house: House) -> None:
    """Promise 7: a recall goes where its message went."""
    house.run(request(1), disclosure(2, reply=1), disclosure(3, closed_item()))
    stream = [recall(4, 2, recipient="tullverket"), recall(5, 3), recall(6, 2, sender=OTHER_TOWN), recall(7, 2)]
    assert outcomes(house.run(*stream)) == ["withhold"] * 3 + ["forward"]


# --- batches


def step(n: int, draw: Any) -> Json | bytes:
    """One message that may refer to an earlier one, of those that matter to each other."""
    before = draw(st.integers(0, max(n - 1, 0)))
    return draw(
        st.sampled_from(
            [
                request(n, "housing", "social_record"),
                request(n, recipient="skola-1", subject=BOY),
                disclosure(n, open_item(), closed_item(), reply=before),
                disclosure(n, open_item(), sender="skola-1", reply=before, subject=BOY),
                disclosure(n, open_item(), replaces=number(before)),
                by_consent(n),
                by_consent(n, basis=[]),
                consent(n),
                withdrawal(n),
                agreement(n),
                agreement(n, by=POLICE),
                recall(n, before),
                refusal(n, reply=before),
                request(before, "vehicle"),
                request(n, basis=["s170_99"]),
                concern(n),
                concern(n, "intaget", anonymous=True),
                decision(n, before),
                feedback(n, before, to="skola-1"),
                referral(n, consent="S-1", subject=GIRL),
                follow_up(n, before),
                b"no message",
            ]
        )
    )


@st.composite
def streams(draw: st.DrawFn) -> list[Json | bytes]:
    """A mixed stream over some weeks: what each message meets depends on those before it, and on the time."""
    hours = draw(st.sampled_from([0, 5, 40]))
    found = []
    for n in range(draw(st.integers(1, 40))):
        message, at = step(n, draw), datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(hours=n * hours)
        found.append(message if isinstance(message, bytes) else message | {"time": at.isoformat()})
    return found


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One pair of keys, so that tokens and hashes of different houses can be compared."""
    folder = tmp_path_factory.mktemp("keys")
    with opened(folder):
        return folder / "keys"


def receipts_of(keys: Path, stream: list[Json | bytes], batch: int) -> tuple[list[Json], list[Any], list[Any]]:
    with TemporaryDirectory() as folder:
        copytree(keys, Path(folder, "keys"))
        with opened(Path(folder), parties=PARTIES) as house:
            receipts = house.run(*numbered(stream), batch=batch)
            assert house.verified().ok
            inboxes = [
                {name: value for name, value in row.items() if name != "case_key"}  # a number that no reader sees
                for row in sealed_lines.lines(house.connection, house.key)
            ]
            return receipts, house.rows("SELECT * FROM records"), inboxes


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=streams(), batch=st.integers(2, 50))
def test_batches_are_not_to_be_seen(keys: Path, stream: list[Json | bytes], batch: int) -> None:
    """Promise 7: receipts, records and inboxes are the same, byte for byte, as when each message is decided alone."""
    assert receipts_of(keys, stream, batch) == receipts_of(keys, stream, 1)
