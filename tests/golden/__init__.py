"""Data that earlier versions left, unpacked for a test."""

import tarfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

SIZES: Mapping[int, int] = MappingProxyType({3: 399, 4: 631})
"""How many records are in the folder of each schema."""
POSTGRES_SIZES: Mapping[int, int] = MappingProxyType({3: 404, 4: 631})
"""The same of each database."""


def folder(schema: int, into: Path) -> Path:
    """The data folder of a schema, in a folder of the test's."""
    with tarfile.open(Path(__file__).parent / f"schema-{schema}.tar.gz") as archive:
        for member in archive:  # extract() takes a filter from Python 3.11.4 on, and later ones ask for it
            place = into / member.name
            place.parent.mkdir(mode=0o700, exist_ok=True)
            if (content := archive.extractfile(member)) is not None:
                place.write_bytes(content.read())
                place.chmod(member.mode)
    return into / f"schema-{schema}"
