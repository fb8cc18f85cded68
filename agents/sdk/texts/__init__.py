"""The words of the bridge: a folder for each language, a file for each sort of text."""

from agents.desk import texts as desk
from broker.web import words


class Words(desk.Words):
    """The texts of one language."""

    def __init__(self, lang: str) -> None:
        super().__init__(lang)
        self._own = words.tables(self.lang, __package__)
