"""What somebody at the desk may do."""

from collections.abc import Iterable

from broker.web import user

RIGHTS = frozenset({"answer", "ask", "approve", "register", "read", "admin"})


def rights(words: Iterable[str]) -> frozenset[str]:
    """What somebody may do, in words. Raises SiteError, which names the words there are."""
    return user.rights(words, RIGHTS)
