"""The compiled law (`broker/bundle`): it is what `policies/` says, and nothing else is loaded."""

import csv
import hashlib
import json
import re
import runpy
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from house import engine, opened
from lines import request
from policy_tools import POLICIES, ROOT, opa_binary

from broker import authorities, bundle
from broker.bundle import BundleError, load

PARTS = ("policy.wasm", "data.json", "statutes.json", "manifest.json", "recorded.py")
DATA = json.loads((ROOT / "broker" / "bundle" / "data.json").read_bytes())
GROUNDS = DATA["law"]["grounds"]
STATUTES = load().statutes
LISTS = {
    "2025:170 2 §": DATA["statutes"]["sfs_2025_170"]["section_2"],
    "2025:170 5 §": DATA["statutes"]["sfs_2025_170"]["section_5"],
    "2016:775 2 §": DATA["statutes"]["sfs_2016_775"]["section_2"],
    "SoL 19:1": DATA["statutes"]["sol_19"]["section_1"],
}


# --- the build


def test_building_again_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reproducible: whoever has OPA can see that the bundle is the policies."""
    monkeypatch.setenv("OPA", opa_binary())
    build = runpy.run_path(str(ROOT / "deploy" / "build_bundle.py"))
    build["write"](tmp_path, build["paragraphs"]())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(PARTS)
    kept = ROOT / "broker" / "bundle"
    different = [part for part in PARTS if (tmp_path / part).read_bytes() != (kept / part).read_bytes()]
    assert different == [], "run deploy/build_bundle.py"


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundle, which `load` reads instead."""
    folder = tmp_path / "bundle"
    shutil.copytree(str(files(bundle)), folder)
    monkeypatch.setattr(bundle, "files", lambda _: folder)
    return folder


def test_the_bundle_as_it_is_loads(copied: Path) -> None:
    assert load().revision == engine().revision


@pytest.mark.parametrize("part", PARTS[:4])
@pytest.mark.parametrize("place", [0, -1])
def test_a_changed_byte_is_refused(copied: Path, part: str, place: int) -> None:
    """In whichever part: the broker does not start; the text names the part and what to do."""
    content = bytearray((copied / part).read_bytes())
    content[place] ^= 1
    (copied / part).write_bytes(content)
    with pytest.raises(BundleError, match=r"install the package again"):
        load()


def test_another_digest_is_refused() -> None:
    """A whole other bundle, right in itself, is not the recorded one."""
    with pytest.raises(BundleError, match="manifest"):
        load(hashlib.sha256(b"another").hexdigest())


def test_a_manifest_made_to_fit_a_changed_part_is_refused(copied: Path) -> None:
    """The digest in the code is of the manifest."""
    manifest = json.loads((copied / "manifest.json").read_text())
    (copied / "statutes.json").write_text("{}")
    manifest["digests"]["statutes.json"] = hashlib.sha256(b"{}").hexdigest()
    (copied / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    with pytest.raises(BundleError, match="manifest"):
        load()


def test_every_receipt_names_the_revision(tmp_path: Path) -> None:
    """Which law decided: in the receipt and in the record."""
    with opened(tmp_path) as house:
        (receipt,) = house.run(request(1))
        assert receipt["policy"] == house.leaves()[0]["policy"] == load().revision


# --- the table of grounds and the annotations


def test_the_table_of_grounds_is_the_annotations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reference and day stands once, in its paragraph; the rules read the table that is made of them."""
    monkeypatch.setenv("OPA", opa_binary())
    build = runpy.run_path(str(ROOT / "deploy" / "build_bundle.py"))
    assert build["grounds"](build["paragraphs"]()) == build["GROUNDS"].read_bytes(), "run deploy/build_bundle.py"


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_ground_s_wording_is_known_from_a_day_on_which_it_is_in_force(ground: str) -> None:
    row = GROUNDS[ground]
    assert row["from"] <= row["known_from"] <= (row["to"] or 99991231)


def test_the_annotations_name_each_ground_once() -> None:
    named = [paragraph["ground"] for paragraph in STATUTES.values() if "ground" in paragraph]
    assert sorted(named) == sorted(GROUNDS)


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_ground_s_package_tells_its_conditions(ground: str) -> None:
    """A ground without conditions would carry for anybody."""
    source = POLICIES.joinpath("statutes", *GROUNDS[ground]["at"])
    text = "".join(file.read_text("utf-8") for file in source.glob("*.rego") if not file.name.endswith("_test.rego"))
    assert f"package statutes.{'.'.join(GROUNDS[ground]['at'])}" in text
    assert "\nconditions" in text


def test_grounds_stand_in_the_contract_s_order() -> None:
    """The first ground that carries decides the reference; JSON's own order is the alphabet's."""
    assert sorted(row["order"] for row in GROUNDS.values()) == list(range(1, len(GROUNDS) + 1))
    assert list(engine().grounds) == sorted(GROUNDS, key=lambda ground: GROUNDS[ground]["order"])


@pytest.mark.parametrize("place", STATUTES)
def test_a_paragraph_has_its_text(place: str) -> None:
    """Text verbatim, title, reference, and the day on which it was read."""
    paragraph = STATUTES[place]
    assert all(paragraph[field].strip() for field in ("text", "title", "ref", "statute", "as_of"))


WHOLE = re.compile(r"(?<!\bkap)(?<!\bst)(?<!\bp)[.]$|–$")
"""How a paragraph of a statute ends: not with the full stop of an abbreviation, as one that was cut off might."""
PUBLISHED: dict[str, str] = json.loads((ROOT / "tests" / "data" / "statute_texts.json").read_text("utf-8"))
"""Package -> digest of its text as published, compared with the consolidated text by a reader; blanks left out.

A text that is amended is compared anew, and its digest with it."""


@pytest.mark.parametrize("place", STATUTES)
def test_a_paragraph_is_not_cut_off(place: str) -> None:
    """Every paragraph ends as a sentence, every list of points is without a gap."""
    paragraphs = STATUTES[place]["text"].strip().split("\n\n")
    assert [text for text in paragraphs if not WHOLE.search(text.strip())] == []
    for text in paragraphs:
        points = [int(number) for number in re.findall(r"^(\d+)\. ", text, re.M)]
        assert points == list(range(1, len(points) + 1))


def test_every_paragraph_has_been_compared_with_the_statute_book() -> None:
    """All but what is no paragraph."""
    assert STATUTES.keys() - PUBLISHED.keys() == {"unregulated/open_information"}


@pytest.mark.parametrize("place", PUBLISHED)
def test_a_paragraph_has_the_words_of_the_statute_book(place: str) -> None:
    words = re.sub(r"\s", "", STATUTES[place]["text"])
    assert hashlib.sha256(words.encode()).hexdigest()[:16] == PUBLISHED[place]


# --- lists of authorities


@pytest.mark.parametrize("ref", LISTS)
def test_a_list_names_registered_authorities(ref: str) -> None:
    """Each by the id that the register knows; the missions abroad are a class."""
    known = {authority.id for authority in authorities.load()}
    named = LISTS[ref]["authorities"]
    assert named
    assert set(named) - known <= {"utlandsmyndigheterna"}
    for row in named.values():
        assert row["to"] is None or row["from"] <= row["to"]


@pytest.mark.parametrize(("ref", "kind"), [("2025:170 2 §", "law_enforcement"), ("2025:170 5 §", "listed_5")])
def test_a_list_is_the_one_in_the_register_s_table(ref: str, kind: str) -> None:
    """Two readings of the statute, one result."""
    rows: Any = csv.DictReader((files(authorities) / "state_authorities.csv").read_text("utf-8").splitlines())
    assert set(LISTS[ref]["authorities"]) == {row["id"] for row in rows if kind in row["kinds"].split(";")}
