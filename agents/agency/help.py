"""The command's help, with what it says of a wrong call, in the language of whoever reads."""

import argparse
import re
from functools import partial
from typing import Any, NoReturn

from .texts import Texts


class _Formatter(argparse.HelpFormatter):
    """As the library's, but what stands before the usage is given."""

    def __init__(self, prog: str, *, before: str = "", **more: Any) -> None:
        super().__init__(prog, **more)
        self._before = before

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self._before if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An argument parser whose texts are written in English and shown in a language (`translate`)."""

    texts = Texts("en")

    def translate(self, texts: Texts) -> None:
        """Show this and each command below it in the language of these texts."""
        self.texts = texts
        self.formatter_class = partial(_Formatter, before=texts.help("usage: "))
        self.description = texts.help(self.description or "")
        for group in (self._positionals, self._optionals):
            group.title = texts.help(group.title or "")
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                for choice in action._choices_actions:
                    choice.help = texts.help(choice.help or "")
                for parser in action.choices.values():
                    parser.translate(texts)
            elif action.help:
                action.help = texts.help(action.help)
            if isinstance(action.metavar, str):
                action.metavar = texts.help(action.metavar)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call, and how it is made; exit status 2."""
        self.exit(2, f"{self.format_usage()}{self.prog}: {self.texts.help('error')}: {self._said(message)}\n")

    def _said(self, message: str) -> str:
        for english, own in self.texts.helps():
            pattern = re.escape(english).replace(r"\{\}", "(.+?)")
            if "{}" in english and (match := re.fullmatch(pattern, message)):
                return own.format(*match.groups())
        return message
