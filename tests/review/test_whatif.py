"""Another law asked of what was decided: what would differ, who has seen it; nothing is installed."""

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from command import engine, samband
from policy_tools import POLICIES, opa_binary

from broker.adapters.opa import signed_bundle
from broker.adapters.opa.candidate import Candidate, CandidateError, open_candidate
from broker.adapters.sql.read_model import open_archive
from broker.explanation.changes import changes
from broker.review.law import Law
from broker.review.room import Room
from broker.review.whatif import Asked, sample
from broker.web.access import TOKEN
from tests.review.conftest import REGISTER
from tests.review.web_room import Noted, add_user, logged_in, new_room, token_in

OPA = Path(opa_binary())
GROUND, REF = "s170_7_request", "2025:170 7 §"


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Laws that may be tried: one without a paragraph, one as installed and signed, one that was altered after that."""
    folder = tmp_path_factory.mktemp("laws")
    given, key = folder / "candidates", folder / "law.pem"
    without = shutil.copytree(POLICIES, given / "utan-7", ignore=shutil.ignore_patterns("*_test.rego"))
    table = without / "law" / "grounds" / "data.json"
    grounds = json.loads(table.read_text())
    grounds[GROUND]["to"] = 20250401
    table.write_text(json.dumps(grounds))
    signed_bundle.new_key(key, folder / "law.pem.pub")
    signed_bundle.build(POLICIES, key, given / "nu.tar.gz", OPA.absolute())
    (given / "trasig.tar.gz").write_bytes((given / "nu.tar.gz").read_bytes()[:-40])
    return folder


@pytest.fixture
def room(town: Path, laws: Path, tmp_path: Path) -> Iterator[Room]:
    database = f"sqlite:///{tmp_path}/review.db"
    said = {"candidates": laws / "candidates", "bundle_key": laws / "law.pem.pub", "opa": str(OPA)}
    with ExitStack() as stack:
        room = new_room(stack, town, register=REGISTER, keys=tmp_path / "keys", database=database, **said)
        room.trials._of = Asked(room.archive, room.keeper, Law(engine))
        yield room


def send(client: Any, **changed: str) -> Any:
    typed = {"lag": "utan-7", "fran": "2020-01-01", "tom": "2026-12-31", "antal": "1000", "syfte": "Ändrad 7 §"}
    return client.post("/andra-lag", data={TOKEN: token_in(client.get("/andra-lag").text), **typed, **changed})


def test_a_law_without_a_paragraph_is_shown_by_paragraph_with_records_to_look_at(room: Room) -> None:
    add_user(room, may=["law", "review"], role="jurist")
    add_user(room, "pia", may=["law"], role="jurist")
    greta, pia = logged_in(room), logged_in(room, "pia")
    assert send(greta).headers["location"] == "/andra-lag/1"
    room.trials.wait(60)
    one = room.trials.get(1)
    assert one.state == "done" and one.result is not None and one.asked == one.total > 100
    assert 0 < one.result.differing < one.asked and one.result.already == 0 and not one.result.signed
    lost = [group for group in one.result.groups if group.change.ref == REF and group.change.outcome == "release"]
    assert lost and {group.change.other_outcome for group in lost} == {"withhold"}
    shown = greta.get("/andra-lag/1").text
    assert f"{one.result.differing} av {one.asked} beslut skulle bli annorlunda" in shown and REF in shown
    assert f'href="/granska/post/{lost[0].examples[0]}"' in shown and "Inte signerad" in shown
    assert "samband policy build" in shown and "hx-get" not in shown and one.result.revision not in shown
    alone = pia.get("/andra-lag/1").text
    assert "Greta Exempel" in alone and 'href="/granska/post/' not in alone, "who has seen it, and when"
    assert isinstance(room.views, Noted)
    assert [view.who for view in room.views.views if view.what.get("law") == one.result.revision] == ["greta", "pia"]
    room.people.choose(room.people.all()[0], lang="en")
    assert "decisions would differ" in greta.get("/andra-lag/1").text


def test_a_law_that_answers_the_same_changes_nothing_and_its_signature_is_tried(room: Room, laws: Path) -> None:
    add_user(room, may=["law"], role="jurist")
    greta = logged_in(room)
    send(greta, lag="nu.tar.gz", antal="40")
    room.trials.wait(60)
    one = room.trials.get(1)
    assert one.result is not None and (one.result.differing, one.asked, one.result.signed) == (0, 40, True)
    assert one.result.revision == engine().revision
    assert (
        "Inget av besluten" in greta.get("/andra-lag/1").text and "Signaturen stämmer" in greta.get("/andra-lag/1").text
    )
    send(greta, lag="trasig.tar.gz")
    room.trials.wait(60)
    assert room.trials.all()[0].state == "unusable" and "går inte att använda" in greta.get("/andra-lag/2").text


def test_what_is_typed_wrong_and_who_may_not(room: Room) -> None:
    add_user(room, may=["review", "campaign", "operate"])
    add_user(room, "pia", may=["law"])
    assert logged_in(room).get("/andra-lag").status_code == 404
    pia = logged_in(room, "pia")
    for name, value, what in (
        ("lag", "../../etc", "Välj en av lagarna"),
        ("fran", "i går", "ÅÅÅÅ-MM-DD"),
        ("tom", "2019-01-01", "före den första"),
        ("antal", "alla", "mellan 1 och 100 000"),
        ("syfte", "", "Skriv varför"),
        ("syfte", "om 20130412-2391", "utan personnummer"),
    ):
        answer = send(pia, **{name: value})
        assert answer.status_code == 422 and what in answer.text and "2391" not in answer.text, (name, value)
    assert room.trials.all() == [] and pia.get("/andra-lag/1").status_code == 404


def test_a_trial_that_was_cut_off_says_so(room: Room) -> None:
    room.trials._open = lambda _: Candidate(engine(), signed=False)
    room.trials.close()
    number = room.trials.start("nu.tar.gz", "Syfte", date(2020, 1, 1), date(2026, 12, 31), 10)
    room.trials.wait(60)
    assert room.trials.get(number).state == "stopped"
    room.trials._put(number, state="running")
    room.trials._runs = None
    assert room.trials.get(number).state == "stopped", "its process ended"
    add_user(room, "pia", may=["law"])
    pia = logged_in(room, "pia")
    room.trials._runs = number
    assert 'hx-get="/andra-lag/1"' in pia.get("/andra-lag/1").text and "<progress" in pia.get("/andra-lag/1").text


def test_a_signed_law_is_taken_only_where_its_signature_holds(laws: Path) -> None:
    good = laws / "candidates" / "nu.tar.gz"
    with pytest.raises(CandidateError) as without:
        open_candidate(good, None, OPA)
    assert without.value.fault == "no_key"
    signed_bundle.new_key(laws / "other.pem", laws / "other.pem.pub")
    with pytest.raises(CandidateError, match="can't be used as a law") as other:
        open_candidate(good, laws / "other.pem.pub", OPA)
    assert other.value.fault == "unusable"
    with pytest.raises(CandidateError) as no_opa:
        open_candidate(good, laws / "law.pem.pub", "no-such-program")
    assert no_opa.value.fault == "no_opa"


def test_replay_asks_another_law_and_counts_by_paragraph(town: Path, laws: Path) -> None:
    given = ("--data", town, "--bundle")
    ended = samband("replay", *given, laws / "candidates" / "utan-7", "--opa", OPA, columns=200)
    assert ended.status == 1 and REF in ended.out and "exempel" in ended.out
    ended = samband("replay", *given, laws / "candidates" / "nu.tar.gz", "--opa", OPA)
    assert ended.status == 2 and "är signerat" in ended.err


def test_a_sample_is_the_same_each_time_for_one_law() -> None:
    seqs = range(100, 400)
    drawn = sample(seqs, 20, "a")
    assert drawn == sample(seqs, 20, "a") != sample(seqs, 20, "b") and drawn == sorted(set(drawn))
    assert len(drawn) == 20 and set(drawn) <= set(seqs) and sample(seqs, 300, "a") is seqs


def test_what_is_the_same_but_for_a_field_is_told_by_the_field(town: Path) -> None:
    with open_archive(town) as archive:
        record = next(one for one in archive.decisions() if one.leaf["receipt"]["items"])
    receipt = record.leaf["receipt"]
    [change] = changes({"then": receipt, "now": receipt, "changed": ["appeal"]})
    assert change.fields == ("appeal",) and change.outcome == change.other_outcome == receipt["outcome"]
    [change] = changes({"then": receipt, "now": {**receipt, "outcome": "engine_error", "items": []}, "changed": []})
    assert (change.outcome, change.other_outcome) == (receipt["outcome"], "engine_error")
