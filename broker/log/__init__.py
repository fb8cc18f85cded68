"""The transparency log: its tree, checkpoints and verification, its appender, and its reconciliation."""
