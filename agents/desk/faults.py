"""What can go wrong at the desk, in one line without any value from a message."""

from broker.web.faults import SiteError


class DeskError(SiteError):
    """What is wrong, where, and what to do."""


class Changed(DeskError):
    """Somebody has changed it since it was read: read it again."""


class SameEyes(DeskError):
    """Who has written it can't approve it."""


class NotNow(DeskError):
    """It can't be done in the state that it is in."""


class Destroyed(DeskError):
    """The key of these contents is gone: nobody can read them any more."""
