"""Writes the town's files: python -m scenery.town."""

from scenery.town.story import FILES, FOLDER

for name, content in FILES.items():
    (FOLDER / name).write_bytes(content())
