"""The languages that people are told in."""

from enum import StrEnum


class Lang(StrEnum):
    """Language of texts for people."""

    SV = "sv"
    EN = "en"
