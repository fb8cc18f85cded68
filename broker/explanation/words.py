"""The words in which it is told: the one place that chooses between Swedish and English."""

from collections.abc import Mapping
from functools import cache

from broker import authorities, texts
from broker.authorities import ANONYMOUS, Address, Register
from broker.explanation.details import in_swedish
from broker.kinds.faults import BETWEEN


class Words:
    """The texts of one language, and the names of the parties: Sweden's authorities, and those of a user's register."""

    def __init__(self, lang: str, parties: Register | None = None) -> None:
        self.lang = lang
        self._parties = parties

    @property
    def parties(self) -> Register:
        """Those whose names are known."""
        return self._parties or _public()

    def __call__(self, key: str, **values: object) -> str:
        """A heading or sentence, with values filled in."""
        return texts.text(self.lang, "sentences", key).format(**values)

    def term(self, table: str, key: str | None) -> str:
        """The text of an id; an id that has none stands for itself."""
        return texts.read(self.lang)[table].get(key or "") or key or "–"

    def party(self, address: str) -> str:
        """The name of the party with this address; where nobody is named it says so, an unknown one has its id."""
        if address == ANONYMOUS:
            return self("anonymous")
        authority, desk = Address.read(address)
        party = self.parties.find(authority)
        name = party.name if party else authority
        return f"{name}, {self.term('units', desk)}" if desk else name

    def detail(self, detail: str) -> str:
        """Why a line could not be used, each fault on a line of its own."""
        return (in_swedish(detail) if self.lang == texts.LANGUAGES[0] else detail).replace(BETWEEN, "\n")

    def of(self, both: Mapping[str, str]) -> str:
        """A text that comes from elsewhere in both languages, each under its code."""
        return both[str(self.lang)]

    def barrier(self, key: str, *of: str | None) -> str:
        """The text of a bar, which may be a ground that does not carry; its own text for one `of` these first."""
        own = (f"{key}/{one}" for one in of)
        known = next((one for one in own if one in texts.ids("bars")), key)
        return self.term("bars" if known in texts.ids("bars") else "grounds", known)


@cache
def _public() -> Register:
    return authorities.load()


def number(n: int) -> str:
    """A number with spaces between thousands, as in Swedish."""
    return f"{n:,}".replace(",", "\N{NO-BREAK SPACE}")
