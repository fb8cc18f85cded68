"""The composition roots: the only rooms that know every adapter."""
