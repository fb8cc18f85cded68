"""What somebody in the auditors' room may do."""

from collections.abc import Iterable

from broker.web import user

REVIEW, CAMPAIGN, LAW, OPERATE = "review", "campaign", "law", "operate"
RIGHTS = frozenset({REVIEW, CAMPAIGN, LAW, OPERATE})
"""Search and read decisions; plan reviews; try another law; see how the programs are."""


def rights(words: Iterable[str]) -> frozenset[str]:
    """What somebody may do, in words. Raises SiteError, which names the words there are."""
    return user.rights(words, RIGHTS)
