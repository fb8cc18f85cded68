"""Where an evidence archive lies: a folder, a ZIP file, or the page that verifies it."""

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from broker.adapters.files import whole_file
from broker.evidence.page import NAME, archive_in
from broker.log.evidence import CHECKPOINT, MANIFEST, Files
from broker.model.faults import SetUpError

_LARGEST = 1 << 28
_SAME_DAY = (1980, 1, 1, 0, 0, 0)


class ArchiveError(SetUpError):
    """An archive can't be read or written, or what was given is none. One line that says what to do."""


def write(place: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a new folder, or as a ZIP file where the name ends so. Raises ArchiveError."""
    try:
        if place.suffix == ".zip":
            return whole_file.write(place, zipped(files), new=True)
        place.mkdir(mode=0o700)
        for name, content in files.items():
            path = place / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            whole_file.write(path, content)
    except FileExistsError:
        raise ArchiveError(f"{place}: is there already: give the name of a new folder, or of a ZIP file") from None
    except OSError as error:
        raise ArchiveError(f"{place}: can't be written: {error.strerror}") from None


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a ZIP file, the same bytes for the same files."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _SAME_DAY), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def read(place: Path) -> Files:
    """The files of an archive in a folder, a ZIP file or a page, the page itself left out. Raises ArchiveError."""
    try:
        files = _read(place)
    except OSError as error:
        raise ArchiveError(f"{place}: can't be read: {error.strerror}") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        files = None
    if files is None or not {MANIFEST, CHECKPOINT} & files.keys():
        raise ArchiveError(f"{place}: is no evidence archive, or is damaged: make one with 'samband audit evidence'")
    return files


def _read(place: Path) -> dict[str, bytes] | None:
    if place.is_dir():
        paths = [path for path in place.rglob("*") if path.is_file()]
        _bound(place, (path.stat().st_size for path in paths))
        files = {path.relative_to(place).as_posix(): path.read_bytes() for path in paths}
    elif zipfile.is_zipfile(place):
        with zipfile.ZipFile(place) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _bound(place, (entry.file_size for entry in entries))
            files = {entry.filename: archive.read(entry) for entry in entries}
    else:
        _bound(place, (place.stat().st_size,))
        return archive_in(place.read_bytes())
    files.pop(NAME, None)
    return files


def _bound(place: Path, sizes: Iterable[int]) -> None:
    if sum(sizes) > _LARGEST:
        raise ArchiveError(f"{place}: is larger than {_LARGEST >> 20} MiB: choose fewer records")
