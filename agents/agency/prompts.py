"""Questions to a person at a terminal.

Each has a flag that answers it beforehand, so that all can be scripted.
Nothing is answered by default: an empty line asks again, and where nobody can be asked the flag is named.
"""

from collections.abc import Callable, Sequence
from datetime import date

from .broker import AgencyError
from .texts import Texts, meant

Options = Sequence[tuple[str, str]]
"""Ids with the words that a person chooses by."""


class Prompts:
    """In: the texts; what reads a line (None: nobody is there); what shows one. Raises AgencyError."""

    def __init__(self, texts: Texts, read: Callable[[str], str] | None, show: Callable[[str], None]) -> None:
        self.texts = texts
        self._read = read
        self._show = show

    @property
    def somebody(self) -> bool:
        """Whether there is a person to ask."""
        return self._read is not None

    def text(self, flag: str, question: str) -> str:
        """Words of one's own."""
        self._show(question)
        while not (said := self._line(flag)):
            self._show(self.texts("say_something"))
        return said

    def maybe(self, flag: str, question: str) -> str:
        """Words of one's own, or nothing."""
        if not self.somebody:
            return ""
        self._show(f"{question} {self.texts('or_nothing')}")
        return self._line(flag)

    def day(self, flag: str, question: str) -> date:
        """A day."""
        while True:
            said = self.text(flag, f"{question} ({self.texts('day_form')})")
            try:
                return date.fromisoformat(said)
            except ValueError:
                self._show(self.texts("no_day"))

    def choose(self, flag: str, question: str, options: Options) -> str:
        """One of several."""
        return self._choose(flag, question, options, many=False)[0]

    def several(self, flag: str, question: str, options: Options) -> list[str]:
        """At least one of several."""
        return self._choose(flag, question, options, many=True)

    def weigh(self, flag: str, question: str) -> bool | None:
        """Yes or no to a question that only a human answers; None: not weighed yet."""
        options = [(word, self.texts(word)) for word in ("yes", "no", "not_weighed")]
        return {"yes": True, "no": False}.get(self.choose(flag, question, options))

    def agrees(self, flag: str, question: str) -> bool:
        """Yes or no."""
        return self.choose(flag, question, [(word, self.texts(word)) for word in ("yes", "no")]) == "yes"

    def _choose(self, flag: str, question: str, options: Options, *, many: bool) -> list[str]:
        self._show(question)
        for n, (_, words) in enumerate(options, 1):
            self._show(f"  {n}  {words}")
        while True:
            said = self._line(flag)
            try:
                picked = [self._pick(part.strip(), options) for part in (said.split(",") if many else [said])]
            except AgencyError as error:
                self._show(str(error))
            else:
                return list(dict.fromkeys(picked))

    def _pick(self, said: str, options: Options) -> str:
        n = len(options)
        if said.isdigit() and 0 < int(said) <= n:
            return options[int(said) - 1][0]
        if not said or said.isdigit():
            raise AgencyError(self.texts("choose_a_number", n=n))
        return meant(self.texts, said, dict(options), self.texts("your_choice"), self.texts("choose_a_number", n=n))

    def _line(self, flag: str) -> str:
        if self._read is None:
            raise AgencyError(self.texts("say_by_flag", flag=flag))
        try:
            return self._read("> ").strip()
        except EOFError:
            raise AgencyError(self.texts("stopped")) from None
