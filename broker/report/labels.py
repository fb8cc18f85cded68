"""Ids as words of one language, and numbers as they are written in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from broker.report import texts
from broker.report.csv_form import HIDDEN
from broker.report.entries import NOWHERE
from broker.report.suppression import SUM
from broker.report.tables import SHARE
from broker.report.vocabularies import VOCABULARIES
from broker.terms import Terms

LANGUAGES = ("sv", "en")
_DAY = 24
_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Labels:
    """The words of one language.

    `borrowed` are the vocabularies that others show too. `counties` are names by code, `refs` the references of
    grounds and bars by id: without one, the id.
    """

    lang: str
    borrowed: Mapping[str, Terms]
    counties: Mapping[str, str]
    refs: Mapping[str, str]

    @property
    def _at(self) -> int:
        return LANGUAGES.index(self.lang)

    def page(self, key: str, **values: object) -> str:
        """A sentence of the page, with values filled in."""
        return texts.PAGE[key][self._at].format(**values)

    def of(self, among: Mapping[str, tuple[str, str]], key: str) -> str:
        """A text of one of the report's own lists."""
        return among[key][self._at]

    def term(self, vocabulary: str, key: str) -> str:
        """The text of an id; an id that has none stands for itself."""
        if vocabulary == "counties" and key in self.counties:
            return self.counties[key]
        if vocabulary == "paragraphs":
            return self._paragraph(key)
        if vocabulary == "bars" and key != SUM:
            return self._bar(key)
        return self._listed(vocabulary, key)

    def _listed(self, vocabulary: str, key: str) -> str:
        name = key[-2:] if vocabulary == "months" and key != SUM else key
        lists = (VOCABULARIES.get(vocabulary, {}), self.borrowed.get(vocabulary, {}), VOCABULARIES["any"])
        return next((terms[name][self._at] for terms in lists if name in terms), key)

    def short(self, vocabulary: str, key: str) -> str:
        """The text of an id where room is scarce: a provision without what it is about."""
        ref = self.refs.get(key, key)
        if vocabulary == "bars" and ref != key:
            return ref
        if vocabulary == "paragraphs" and key not in self.refs and key != NOWHERE:
            return key
        return self.term(vocabulary, key)

    def _paragraph(self, ref: str) -> str:
        """A provision and what it is about; one paragraph may hold several grounds, and a ground may rest on none."""
        if ref in (NOWHERE, SUM):
            return self._listed("paragraphs", ref)
        about = [self._listed("grounds", ground) for ground, own in self.refs.items() if own == ref]
        about = [text for text in about if text not in self.refs]
        return f"{ref}: {'; '.join(about)}" if about and ref not in self.refs else "; ".join(about) or ref

    def _bar(self, bar: str) -> str:
        """A bar, or a ground that does not carry, with its provision."""
        own = self.borrowed.get("bars", {})
        text = own[bar][self._at] if bar in own else self._listed("grounds", bar)
        ref = self.refs.get(bar, bar)
        if bar not in own:
            text = self.page("does_not_carry", what=text)
        return text if ref == bar else f"{ref}: {text}"

    # --- numbers

    def number(self, n: int | None) -> str:
        """A count, with spaces between thousands; the sign for what is hidden."""
        return HIDDEN if n is None else f"{n:,}".replace(",", _SPACE)

    def decimal(self, value: float) -> str:
        """A number with one decimal at most."""
        text = f"{value:,.1f}".removesuffix(".0").replace(",", _SPACE)
        return text.replace(".", ",") if self.lang == "sv" else text

    def duration(self, hours: float) -> str:
        """Hours, or days when there are more than two of them."""
        if hours <= 2 * _DAY:
            return self.page("hour", n=self.decimal(hours))
        return self.page("days", n=self.decimal(hours / _DAY))

    def measure(self, name: str, value: float | None) -> str:
        """A measure: a share in per cent, or a time."""
        if value is None:
            return HIDDEN
        return f"{round(value * 100)}{_SPACE}%" if name == SHARE else self.duration(value)
