"""The words of the command line: those in which what was decided is explained, in the language of an option."""

from broker.cli.lang import Lang
from broker.explanation.words import Words, number

__all__ = ["Lang", "Words", "number"]
