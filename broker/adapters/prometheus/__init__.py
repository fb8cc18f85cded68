"""Prometheus: what is measured, and where it is read."""
