"""Faults on real servers: what makes them, what drives a run through them, and what judges its end."""
