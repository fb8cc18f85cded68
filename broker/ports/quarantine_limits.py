"""How much is kept of what can't be used (karantän)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class QuarantineLimits:
    """How much is kept of what can't be used: `bytes` of each proven sender, and of all without one; for `days`."""

    bytes: int = 64 << 20
    days: int = 30


USUAL = QuarantineLimits()
