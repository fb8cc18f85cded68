"""Local accounts of a place with pages: a password is asked for, or read from standard input."""

import getpass
import sys

from broker.web.faults import SiteError
from broker.web.login import SHORTEST


def ask_password() -> str:
    """What is typed, twelve characters at least. Raises SiteError."""
    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(password) < SHORTEST:
        raise SiteError(f"the password has fewer than {SHORTEST} characters")
    return password
