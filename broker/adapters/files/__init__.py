"""Files: keys, the register, drop folders, checkpoints."""
