"""A case for the e-archive: a package that somebody else's validator passes, with all that the case has."""

import io
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

import pytest
from lines import POLICE, number

from agents.agency import Address
from agents.agency.texts import Parties, Texts
from agents.desk import csip
from agents.desk.archive import Archivist
from agents.desk.faults import DeskError, Destroyed
from agents.sdk import structured
from desk.side import BOARD, NOW, SARA, Side, delivery, receipt


@pytest.fixture
def archivist(side: Side) -> Archivist:
    side.come(delivery(1, case="A-17/26"))
    body = {"categories": ["housing"], "reason": "not_held"}
    draft = side.store.drafts.new(
        "Refusal", user=SARA, answers=number(1), part="housing", to=Address(POLICE, "police_area"), body=body
    )
    sent = side.store.drafts.send(draft.number, SARA).message_id
    side.courier.round()
    side.come(receipt(sent))
    return Archivist(side.store, BOARD, "sv", Parties(Texts("sv")))


def vocabulary(address: str) -> io.BytesIO:
    """What the validator would fetch, from its own folder: a test asks nobody."""
    (home,) = find_spec("eark_validator").submodule_search_locations  # type: ignore[union-attr]
    return io.BytesIO((Path(home) / "ipxml/resources/vocabs" / address.rpartition("/")[2]).read_bytes())


def validated(folder: Path) -> Any:
    """The report of somebody else's validator."""
    with patch("urllib.request.urlopen", vocabulary):
        from eark_validator.packages import PackageValidator  # noqa: PLC0415
    return PackageValidator(folder).validation_report


def case(side: Side) -> int:
    return side.store.inbox.row(number(1)).case


def evidence() -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("manifest.json", "{}")
    return stream.getvalue()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_package_passes_somebody_elses_validator(side: Side, archivist: Archivist, tmp_path: Path) -> None:
    package = archivist.package(case(side), NOW, evidence=evidence())
    csip.write(package, tmp_path / "out")
    report = validated(tmp_path / "out" / package.id)
    for results in (report.structure, report.metadata.schema_results, report.metadata.schematron_results):
        assert [one for one in results.messages if one.severity.value == "Error"] == []
    assert [report.metadata.schema_results.status.value, report.metadata.schematron_results.status.value] == [
        "VALID"
    ] * 2
    names = sorted(package.data)
    assert names == ["0001-in.pdf", "0001-in.xml", "0002-ut-kvittens.json", "0002-ut.pdf", "0002-ut.xml", "bevis.zip"]
    assert structured.decode(package.data["0001-in.xml"])["id"] == number(1)
    assert structured.decode(package.data["0002-ut.xml"])["body"] == {"categories": ["housing"], "reason": "not_held"}
    assert json.loads(package.data["0002-ut-kvittens.json"])["audit"] == {"leaf": "00", "seq": 1}
    assert package.data["0001-in.pdf"].startswith(b"%PDF-1.7")


def test_a_changed_file_is_seen(side: Side, archivist: Archivist, tmp_path: Path) -> None:
    with patch("agents.desk.archive.pdf.write", lambda *_: b"%PDF-1.7"):
        package = archivist.package(case(side), NOW)
    csip.write(package, tmp_path)
    with pytest.raises(DeskError, match="is there already"):
        csip.write(package, tmp_path)
    mets = (tmp_path / package.id / "METS.xml").read_text("utf-8")
    for name, content in package.data.items():
        assert f'href="representations/rep1/data/{name}"' in mets
        assert csip.sha256(content).hexdigest() in mets


def test_nothing_of_a_case_stays_beside_its_package(side: Side, archivist: Archivist, tmp_path: Path) -> None:
    """Neither what somebody left who was killed, nor what was not to be written."""
    with patch("agents.desk.archive.pdf.write", lambda *_: b"%PDF-1.7"):
        package = archivist.package(case(side), NOW)
    with patch("agents.desk.csip._mets", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        csip.write(package, tmp_path)
    assert list(tmp_path.glob(".*")) == []
    (tmp_path / f".{package.id}.new" / "left").mkdir(parents=True)
    csip.write(package, tmp_path)
    with pytest.raises(DeskError, match="is there already"):
        csip.write(package, tmp_path)
    assert [one.name for one in tmp_path.iterdir() if package.id in one.name] == [package.id]


def test_a_destroyed_case_has_no_package(side: Side, archivist: Archivist) -> None:
    number_of_case = case(side)
    side.store.destroy(number_of_case)
    with pytest.raises(Destroyed):
        archivist.package(number_of_case, NOW)
