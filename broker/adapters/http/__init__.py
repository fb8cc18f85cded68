"""Checkpoints over HTTP: to witnesses, and to where they are published."""
