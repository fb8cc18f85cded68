"""The desk: where people of an authority without a system of its own ask, answer and notify."""
