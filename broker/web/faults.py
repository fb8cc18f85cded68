"""What can go wrong in the frame, in one line without any value that was typed."""


class SiteError(Exception):
    """What is wrong, where, and what to do."""


class Missing(SiteError):
    """There is no such thing here, or it is not yours: nobody is told which."""
