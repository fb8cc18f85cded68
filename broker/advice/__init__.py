"""Advice before a decision: what may be asked for, and what would let an item go."""
