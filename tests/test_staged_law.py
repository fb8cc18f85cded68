"""A law is announced with its first day: each message is decided under the law of its own day, without a restart."""

import gc
import json
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
from bundles import Bundles
from command import samband
from house import engine
from lines import line, request
from policy_tools import opa_binary
from test_policy_engines import BASES

from broker.adapters.opa import staged
from broker.adapters.opa.candidate import CandidateError, open_law
from broker.adapters.opa.staged import FolderLaws, StagedDecisionPoint, stage
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.adapters.sql.read_model import open_archive
from broker.bundle import Bundle
from broker.pipeline.decision_cache import DecisionCache
from broker.ports.policy import EngineAway, PassingOn

FIRST = 20270101
BEFORE, AFTER = (BASES["consent_to_police"] | {"day": day} for day in (20261231, FIRST))


@pytest.fixture(scope="module")
def later(bundles: Bundles) -> Bundle:
    """Another revision of the law, from its signed bundle."""
    return open_law(bundles.old(), bundles.public, opa_binary())


def announced(folder: Path) -> StagedDecisionPoint:
    return StagedDecisionPoint(engine(), FolderLaws(folder), WasmDecisionPoint)


def revisions(law: DecisionCache | StagedDecisionPoint) -> list[str]:
    answers = law.decide({"0": BEFORE, "1": AFTER})  # type: ignore[dict-item]
    return [answers[key].policy for key in ("0", "1")]


def test_each_day_is_asked_of_its_own_law_as_soon_as_that_is_announced(
    tmp_path: Path, later: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what is remembered; and the texts are the law's own."""
    monkeypatch.setattr(staged, "_FRESH", 0.0)
    law = announced(tmp_path)
    remembered, now = DecisionCache(law), engine().revision
    assert revisions(remembered) == [now, now]
    stage(tmp_path, later, FIRST)
    assert revisions(remembered) == revisions(announced(tmp_path)) == [now, later.revision]
    assert law.on(FIRST).statute("OSL 10:2", FIRST) == engine().statute("OSL 10:2", FIRST) is not None
    assert law.on(FIRST).grounds == engine().grounds
    stage(tmp_path, later, FIRST + 1)
    assert [row["first_day"] for row in json.loads((tmp_path / staged.LIST).read_text())] == [FIRST, FIRST + 1]


def test_a_law_whose_place_another_takes_is_let_go(
    tmp_path: Path, later: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes hundreds of megabytes."""
    monkeypatch.setattr(staged, "_FRESH", 0.0)
    opened: list[weakref.ref[PassingOn]] = []

    def open_law(_: Bundle) -> PassingOn:
        law = PassingOn(engine())
        opened.append(weakref.ref(law))
        return law

    law = StagedDecisionPoint(engine(), FolderLaws(tmp_path), open_law)
    for revision in ("a" * 64, "b" * 64):
        stage(tmp_path, replace(later, revision=revision), FIRST)
        law.on(FIRST)
    gc.collect()
    assert [one() is None for one in opened] == [True, False]


@pytest.mark.parametrize("broken", ["list", "law", "gone"])
def test_a_law_that_cant_be_used_stops_everything(tmp_path: Path, later: Bundle, broken: str) -> None:
    stage(tmp_path, later, FIRST)
    file = tmp_path / f"{later.revision}.json"
    match broken:
        case "list":
            (tmp_path / staged.LIST).write_text("[{")
        case "law":
            file.write_text(file.read_text().replace(later.revision, engine().revision))
        case _:
            file.unlink()
    with pytest.raises(EngineAway, match="can't be used"):
        revisions(announced(tmp_path))


@pytest.mark.slow
def test_a_law_is_rolled_with_its_difference_first(tmp_path: Path, bundles: Bundles) -> None:
    data = tmp_path / "data"

    def run(n: int, *days: str) -> None:
        messages = [{**request(n + at), "time": f"{day}T09:00:00Z"} for at, day in enumerate(days)]
        (tmp_path / "lines.jsonl").write_bytes(b"".join(line(one) + b"\n" for one in messages))
        assert samband("run", tmp_path / "lines.jsonl", "--data", data).status == 0

    def roll(*more: str, first: str = "2027-01-01", bundle: Path | None = None) -> tuple[int, str]:
        key = ("--bundle-key", bundles.public, "--opa", opa_binary(), "--lang", "en")
        ended = samband(
            "policy", "roll", "--to", bundle or bundles.old(), "--first-day", first, *key, "--data", data, *more
        )
        return ended.status, ended.out + ended.err

    run(1, "2026-11-01")
    status, said = roll("--dry-run")
    assert status == 0 and "of 1 recorded decisions 0 come out otherwise; nothing is changed" in said
    assert not (data / "laws").exists()
    assert roll(first="2026-01-01")[0] == 2, "a day that has begun"
    assert roll(bundle=bundles.unsigned())[0] == roll(bundle=bundles.of_another_key())[0] == 2
    status, said = roll()
    assert status == 0 and "holds from 2027-01-01" in said
    run(2, "2026-12-31", "2027-01-01", "2026-12-31")
    with open_archive(data) as archive:
        policies = [record.leaf["policy"] for record in archive.decisions(0)]
    now, then = engine().revision, open_law(bundles.old(), bundles.public, opa_binary()).revision
    assert policies == [now, now, then, now]
    assert samband("replay", "--data", data).status == 0
    assert samband("audit", "verify", "--data", data).status == 0


def test_only_a_signed_bundle_is_announced(tmp_path: Path) -> None:
    (tmp_path / "law.tar.gz").write_bytes(b"no bundle")
    for source in (tmp_path, tmp_path / "law.tar.gz"):
        with pytest.raises(CandidateError):
            open_law(source, tmp_path / "key", opa_binary())
