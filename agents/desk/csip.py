"""An information package by E-ARK CSIP 2.1: files in a folder, with a METS document that names each by its digest."""

import mimetypes
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as tree

from agents.desk.faults import DeskError

_METS = "http://www.loc.gov/METS/"
_CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
_XLINK = "http://www.w3.org/1999/xlink"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml"
_SCHEMAS = (
    f"{_METS} http://www.loc.gov/standards/mets/mets.xsd"
    f" {_CSIP} https://earkcsip.dilcis.eu/schema/DILCISExtensionMETS.xsd"
)
_DATA = "representations/rep1/data"
_TYPES = {
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".xml": "application/xml",
    ".xsd": "application/xml",
    ".zip": "application/zip",
}
for _prefix, _namespace in (("mets", _METS), ("csip", _CSIP), ("xlink", _XLINK), ("xsi", _XSI)):
    tree.register_namespace(_prefix, _namespace)


@dataclass(frozen=True)
class Package:
    """What a package holds. `id` names it; `data`, `documentation`, `schemas` are files by their names."""

    id: str
    title: str
    creator: str
    version: str
    made: datetime
    data: Mapping[str, bytes]
    documentation: Mapping[str, bytes]
    schemas: Mapping[str, bytes]


def write(package: Package, place: Path) -> None:
    """Write it into a new folder of its name. Raises DeskError: then there is no folder."""
    folder = place / package.id
    beside = place / f".{package.id}.new"
    if folder.exists():
        raise DeskError(f"{folder}: is there already")
    try:
        shutil.rmtree(beside, ignore_errors=True)  # of somebody who was ended meanwhile
        beside.mkdir(mode=0o700, parents=True)
        for name, content in _files(package).items():
            file = beside / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        (beside / "METS.xml").write_bytes(_mets(package))
        os.rename(beside, folder)  # noqa: PTH104  # never over what is there
    except OSError as error:
        raise DeskError(f"{folder}: can't be written: {error.strerror}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _groups(package: Package) -> dict[str, tuple[str, Mapping[str, bytes]]]:
    """Each group of files by its use: where they lie, and what they are."""
    return {
        "Documentation": ("documentation", package.documentation),
        "Schemas": ("schemas", package.schemas),
        "Representations": (_DATA, package.data),
    }


def _files(package: Package) -> dict[str, bytes]:
    return {f"{start}/{name}": content for start, files in _groups(package).values() for name, content in files.items()}


def _mets(package: Package) -> bytes:
    made = package.made.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    root = tree.Element(
        _m("mets"),
        {
            "OBJID": package.id,
            "LABEL": package.title,
            "TYPE": "Mixed",
            "PROFILE": _PROFILE,
            f"{{{_CSIP}}}CONTENTINFORMATIONTYPE": "MIXED",
            f"{{{_XSI}}}schemaLocation": _SCHEMAS,
        },
    )
    header = _add(root, "metsHdr", CREATEDATE=made, LASTMODDATE=made)
    header.set(f"{{{_CSIP}}}OAISPACKAGETYPE", "AIP")
    agent = _add(header, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    _add(agent, "name").text = "Samband"
    note = _add(agent, "note")
    note.set(f"{{{_CSIP}}}NOTETYPE", "SOFTWARE VERSION")
    note.text = package.version
    owner = _add(header, "agent", ROLE="ARCHIVIST", TYPE="ORGANIZATION")
    _add(owner, "name").text = package.creator
    number = _add(owner, "note")
    number.set(f"{{{_CSIP}}}NOTETYPE", "IDENTIFICATIONCODE")
    number.text = package.creator
    section = _add(root, "fileSec", ID=_id("fileSec"))
    for use, (start, files) in _groups(package).items():
        _group(section, use, start, files, made)
    _structure(root, package)
    text: bytes = tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _group(section: tree.Element, use: str, start: str, files: Mapping[str, bytes], made: str) -> None:
    group = _add(section, "fileGrp", ID=_id(use), USE=use)
    group.set(f"{{{_CSIP}}}CONTENTINFORMATIONTYPE", "OTHER")
    group.set(f"{{{_CSIP}}}OTHERCONTENTINFORMATIONTYPE", "Samband")
    for name, content in files.items():
        file = _add(
            group,
            "file",
            ID=_id(f"{start}/{name}"),
            MIMETYPE=_mime(name),
            SIZE=str(len(content)),
            CREATED=made,
            CHECKSUM=sha256(content).hexdigest(),
            CHECKSUMTYPE="SHA-256",
        )
        location = _add(file, "FLocat", LOCTYPE="URL")
        location.set(f"{{{_XLINK}}}type", "simple")
        location.set(f"{{{_XLINK}}}href", f"{start}/{name}")


def _structure(root: tree.Element, package: Package) -> None:
    structure = _add(root, "structMap", ID=_id("structMap"), TYPE="PHYSICAL", LABEL="CSIP")
    whole = _add(structure, "div", ID=_id("div"), LABEL=package.id)
    _add(whole, "div", ID=_id("div/Metadata"), LABEL="Metadata")
    for use in _groups(package):
        part = _add(whole, "div", ID=_id(f"div/{use}"), LABEL=use)
        _add(part, "fptr", FILEID=_id(use))


def _mime(name: str) -> str:
    ending = Path(name).suffix
    return _TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _id(name: str) -> str:
    return f"ID-{sha256(name.encode()).hexdigest()[:32]}"


def _m(name: str) -> str:
    return f"{{{_METS}}}{name}"


def _add(parent: tree.Element, name: str, **said: str) -> tree.Element:
    return tree.SubElement(parent, _m(name), said)
