"""The path of a message, in the order of its steps (policy enforcement point)."""
