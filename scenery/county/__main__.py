"""Writes a county's month: python -m scenery.county."""

from scenery.county.command import main

main()
