"""Writes a county's month: python -m agents.county."""

from agents.county.command import main

main()
