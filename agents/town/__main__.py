"""Writes the town's files: python -m agents.town."""

from agents.town.story import FILES, FOLDER

for name, content in FILES.items():
    (FOLDER / name).write_bytes(content())
