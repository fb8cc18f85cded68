"""How one language writes what the report holds: ids as words, numbers."""

from collections.abc import Mapping
from dataclasses import dataclass

from broker import texts
from broker.report.csv_form import HIDDEN
from broker.report.entries import NOWHERE
from broker.report.suppression import SUM
from broker.report.tables import SHARE

_DAY = 24
_SPACE = "\N{NO-BREAK SPACE}"
_SHARED = {"terms": "clocks", "conversation_outcomes": "matter_outcomes", "defection_outcomes": "matter_outcomes"}
"""Vocabularies whose texts stand under another name."""


@dataclass(frozen=True)
class Labels:
    """The words of one language.

    `counties` are names by code, `refs` the references of
    grounds and bars by id: without one, the id.
    """

    lang: str
    counties: Mapping[str, str]
    refs: Mapping[str, str]

    def page(self, key: str, **values: object) -> str:
        """A sentence of the page, with values filled in."""
        return self.of("page", key).format(**values)

    def of(self, table: str, key: str) -> str:
        """A text of one of the report's own tables."""
        return texts.text(self.lang, f"report_{table}", key)

    def term(self, vocabulary: str, key: str) -> str:
        """The text of an id; an id that has none stands for itself."""
        if vocabulary == "counties" and key in self.counties:
            return self.counties[key]
        if vocabulary == "paragraphs":
            return self._paragraph(key)
        if vocabulary == "bars" and key != SUM:
            return self._bar(key)
        return self._join(vocabulary, key)

    def _join(self, vocabulary: str, key: str) -> str:
        name = key[-2:] if vocabulary == "months" and key != SUM else key
        shared, known = _SHARED.get(vocabulary, vocabulary), texts.read(self.lang)
        tables = (known.get(table, {}) for table in (f"report_{vocabulary}", shared, "report_any"))
        return next((table[name] for table in tables if name in table), key)

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
            return self._join("paragraphs", ref)
        about = [self._join("grounds", ground) for ground, own in self.refs.items() if own == ref]
        about = [text for text in about if text not in self.refs]
        return f"{ref}: {'; '.join(about)}" if about and ref not in self.refs else "; ".join(about) or ref

    def _bar(self, bar: str) -> str:
        """A bar, or a ground that does not carry, with its provision."""
        own = bar in texts.ids("bars")
        text = self._join("bars" if own else "grounds", bar)
        ref = self.refs.get(bar, bar)
        if not own:
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
