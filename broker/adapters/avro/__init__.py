"""Avro: its codec and the bounds of what it takes."""
