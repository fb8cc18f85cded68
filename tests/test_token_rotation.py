"""The key of tokens is changed: whoever is known under the old one is known, what is registered holds and ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sealed_lines
from command import samband
from exchange_lines import concern, decision
from house import House, opened
from lines import GIRL, POLICE, TOWN, agreement, consent, disclosure, number, request, secret_item, withdrawal

from broker import authorities
from broker.adapters.files import signing, token_ring
from broker.adapters.files.signing import KeyFileError, TokenKey
from broker.adapters.sql import tables
from broker.adapters.sql.audit_log import stored_records
from broker.adapters.sql.read_model import Archive
from broker.model.decision import Json
from broker.ports.transport import Input
from broker.runtime.embedded import Embedded, clock_times, embedded
from scenery.town.story import FOLDER

LINES = (FOLDER / "messages.jsonl").read_bytes().splitlines()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path / "data") as one:
        yield one


def key_file(house: House) -> Path:
    return Path(str(house.tokens._path))


def rotate(house: House) -> str:
    """A new key makes tokens from now on; the one before."""
    before = house.tokens.key_id
    token_ring.rotate(key_file(house))
    assert house.tokens.look() and house.tokens.key_id != before
    return before


def outcomes(receipts: list[Json]) -> list[str]:
    return [receipt["outcome"] for receipt in receipts]


def is_whole(house: House) -> bool:
    derived = house.archive().compare_derived(clock_times(), house.tokens)
    assert derived.ok and derived.contents, derived.first
    return house.verified().ok


@pytest.mark.parametrize("times", [1, 2])
def test_a_consent_of_before_is_found_and_ends_what_it_should(house: House, times: int) -> None:
    """Also where its agreement's other party confirms it afterwards."""
    house.run(agreement(1), consent(2))
    for _ in range(times):
        rotate(house)
    assert outcomes(house.run(agreement(3, by=POLICE), disclosure(4, secret_item()))) == ["forward", "forward"]
    assert house.leaves()[-1]["moved"] and house.leaves()[-1]["receipt"]["outcome"] == "forward"
    assert outcomes(house.run(withdrawal(5))) == ["forward"]
    assert outcomes(house.run(disclosure(6, secret_item()))) != ["forward"]
    told = house.inbox(POLICE, "notice")[-1]
    assert (told["notice"], told["received"]) == ("consent_withdrawn", [number(4)])
    assert is_whole(house)


def test_a_no_of_before_holds_whoever_asks(house: House) -> None:
    signed = [{"role": "subject", "answer": "no"}, *({"role": "guardian", "answer": "yes"} for _ in range(2))]
    house.run(agreement(1), agreement(2, by=POLICE), consent(3), consent(4, by=POLICE, consent="P-1", given_by=signed))
    rotate(house)
    assert outcomes(house.run(disclosure(5, secret_item()))) != ["forward"]
    assert is_whole(house)


def test_a_new_version_replaces_that_of_before(house: House) -> None:
    house.run(agreement(1), agreement(2, by=POLICE), consent(3))
    rotate(house)
    house.run(consent(4, categories=["housing"]))
    assert house.rows("SELECT count(*) FROM consents WHERE replaced IS NULL")[0][0] == 1
    assert outcomes(house.run(disclosure(5, secret_item()))) != ["forward"]
    assert is_whole(house)


def test_notifications_of_one_child_are_linked_and_one_decision_is_of_both(house: House) -> None:
    house.run(concern(1, POLICE))
    rotate(house)
    house.run(concern(2, POLICE), decision(3, 2))
    [linked] = [line for line in house.inbox(TOWN, "notice") if line["notice"] == "concerns_linked"]
    assert linked["messages"] == [number(1), number(2)]
    assert {row.about for row in house.rows("SELECT about FROM answerables")} == {house.leaves()[-1]["clock"]["about"]}
    assert is_whole(house)


def test_a_message_of_before_is_the_same_and_another_with_its_id_is_not(house: House) -> None:
    house.run(request(1), request(1, "health_record"))
    rotate(house)
    again = house.run(request(1), request(1, "school_support"))
    assert [one.get("error", {}).get("code") for one in again] == [None, "id_reused"]
    first, second = house.archive().opened(tables.quarantine)
    for kept, other in ((first, second), (second, first)):
        assert house.pipeline.is_as_kept(Input(kept["content"], redrive_of=kept["seq"]))
        assert not house.pipeline.is_as_kept(Input(other["content"], redrive_of=kept["seq"]))
    assert is_whole(house)


def test_what_nobody_knew_leaves_no_trace_under_the_old_key(house: House) -> None:
    before = rotate(house)
    house.run(request(1))
    assert all("moved" not in leaf and leaf["key"] != before for leaf in house.leaves())


def test_a_prepared_key_finds_and_makes_nothing_until_others_make_with_it(house: House, tmp_path: Path) -> None:
    file, before = key_file(house), house.tokens.key_id
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    token_ring.prepare(file)
    assert house.tokens.look() and house.tokens.key_id == before
    copy = elsewhere / "token.key"
    copy.write_bytes(file.read_bytes())
    copy.chmod(0o600)
    theirs = TokenKey(copy, create=False)
    after = token_ring.rotate(file)
    assert theirs.key_id == before != after.key_id
    made = after.token("person", "1"), after.hide("1"), after.digest(b"1")
    assert made[0] in theirs.older("person", "1") and theirs.reveal(made[1]) == "1" and made[2] in theirs.digests(b"1")
    theirs.follow(after.key_id)
    assert theirs.key_id == after.key_id
    theirs.follow(before)
    assert theirs.key_id == after.key_id
    with pytest.raises(KeyFileError, match="copy theirs"):
        theirs.follow("00000000")


@pytest.mark.parametrize("content", [b"", b"+", b"x" * 33, b"x" * 32 + b"+", b"x" * 63, b"x" * 65])
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: bytes) -> None:
    tmp_path.chmod(0o700)
    file = tmp_path / "token.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(KeyFileError):
        TokenKey(file, create=False)


def play(broker: Embedded, inputs: list[Input]) -> list[Json]:
    receipts = list(broker.pipeline.run(inputs))
    return [{name: value for name, value in receipt.items() if name != "audit"} for receipt in receipts]


def test_the_town_notices_nothing_of_four_keys(tmp_path: Path) -> None:
    """Each receipt, each line of each inbox but where its record lies; boxes and registers are those of the log."""
    register = authorities.load(FOLDER / "authorities.json")
    inputs = [Input(line, number, "messages.jsonl") for number, line in enumerate(LINES, 1)]
    played = []
    for name, share in (("one", len(inputs)), ("four", -(-len(inputs) // 4))):
        folder = tmp_path / name
        with embedded(folder, register) as broker:
            receipts: list[Json] = []
            for at in range(0, len(inputs), share):
                receipts += play(broker, inputs[at : at + share])
                if name == "four":
                    token_ring.rotate(folder / "keys" / token_ring.KEY)
                    broker.hand_over()
            lines = [without_place(line) for line in sealed_lines.lines(broker.connection, broker.key)]
            played.append((receipts, lines))
            tokens = TokenKey(folder / "keys" / token_ring.KEY, create=False)
            derived = Archive(broker.connection, broker.key).compare_derived(clock_times(), tokens)
            assert derived.ok and derived.contents, derived.first
            records = [row.leaf for row in stored_records(broker.connection)]
    assert played[0] == played[1]
    assert len(tokens.key_ids) == 5 and any(b'"moved"' in leaf for leaf in records)


def without_place(line: Json) -> Json:
    content = dict(line["content"])
    if "receipt" in content:
        content["receipt"] = {name: value for name, value in content["receipt"].items() if name != "audit"}
    return {**{name: line[name] for name in ("authority", "type", "sender", "message")}, "content": content}


def test_the_command_changes_the_key_and_destroys_the_old_one_when_nothing_is_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with opened(data) as house:
        house.run(agreement(1), consent(2), request(3))
    first = samband("rotate", "token", "--data", data, "--json").objects[0]
    assert first["keys"] == [first["to"], first["from"]]
    refused = samband("rotate", "token", "--destroy", "--data", data, "--lang", "en")
    assert refused.status == 1 and "are kept" in refused.line
    with opened(data) as house:
        house.run(*(disclosure(10 + n, subject=GIRL) for n in range(3)))
        end_what_is_kept(house)
        house.connection.exec_driver_sql("DELETE FROM matters")
        house.connection.commit()
    destroyed = samband("rotate", "token", "--destroy", "--data", data, "--json")
    assert destroyed.objects[0]["keys"] == [first["to"]], destroyed.err
    assert TokenKey(data / "keys" / token_ring.KEY, create=False).key_ids == (first["to"],)


def end_what_is_kept(house: House) -> None:
    """As retention, withdrawals and time do."""
    house.connection.exec_driver_sql("UPDATE cases SET wrapped = NULL")
    house.connection.exec_driver_sql("UPDATE consents SET replaced = 9")
    house.connection.exec_driver_sql("UPDATE agreements SET replaced = 9")
    house.connection.commit()


def test_a_clock_that_runs_keeps_the_old_key_until_the_person_comes_again(tmp_path: Path) -> None:
    """Or who comes again would be nobody's, and the answer to the request nobody's either."""
    data = tmp_path / "data"
    with opened(data) as house:
        house.run(request(1))
        end_what_is_kept(house)
    assert samband("rotate", "token", "--data", data).status == 0
    refused = samband("rotate", "token", "--destroy", "--data", data, "--lang", "en")
    assert refused.status == 1 and "2 " in refused.line and "open clocks" in refused.line
    with opened(data) as house:
        house.run(request(2))
        assert house.leaves()[-1]["moved"]
        end_what_is_kept(house)
    destroyed = samband("rotate", "token", "--destroy", "--data", data)
    assert destroyed.status == 0, destroyed.err


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_to_prepare_and_to_destroy_at_once_is_refused(tmp_path: Path, lang: str) -> None:
    with opened(tmp_path / "data") as house:
        before = key_file(house).read_bytes()
    refused = samband("rotate", "token", "--prepare", "--destroy", "--data", tmp_path / "data", "--lang", lang)
    assert refused.status == 2 and "--prepare" in refused.line and "--destroy" in refused.line
    assert key_file(house).read_bytes() == before


def test_a_change_reads_the_file_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it writes is what it has checked, whoever changes the file meanwhile."""
    reads: list[Path] = []
    read = signing._read
    monkeypatch.setattr(signing, "_read", lambda path: (reads.append(path), read(path))[1])
    for change in (
        token_ring.prepare,
        token_ring.prepare,
        token_ring.rotate,
        token_ring.rotate,
        token_ring.destroy_older,
    ):
        reads.clear()
        ring = change(key_file(house))
        assert len(reads) == 1
        assert TokenKey(key_file(house), create=False).key_ids == ring.key_ids
    assert len(ring.key_ids) == 1
