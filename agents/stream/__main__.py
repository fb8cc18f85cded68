"""Runs the agents: python -m agents.stream."""

from agents.stream.command import main

main()
