"""What the heart needs from the world, with the promises that adapters keep (tests: `tests/contracts/`)."""
