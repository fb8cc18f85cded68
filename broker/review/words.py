"""The words of the pages: the room's own, and the broker's for ids."""

from datetime import date, datetime

from broker import texts
from broker.model.days import SWEDEN, swedish_day
from broker.web import words as web

PACKAGE = "broker.review.texts"


class Words(web.Words):
    """The texts of one language."""

    def __init__(self, lang: str) -> None:
        super().__init__(lang, PACKAGE)

    def term(self, table: str, id: str | None) -> str:
        """The broker's own word for an id; one that has none stands for itself."""
        if table == "roles" and self.has(f"frame.roles.{id}"):
            return self(f"frame.roles.{id}")
        return texts.read(self.lang)[table].get(id or "") or id or "–"

    def options(self, table: str) -> list[tuple[str, str]]:
        """Ids with their words, to choose among, in the order of the words."""
        return sorted(texts.read(self.lang)[table].items(), key=lambda both: both[1].casefold())

    def rule(self, id: str) -> str:
        """The words of a ground or a bar."""
        known = texts.read(self.lang)
        return known["grounds"].get(id) or known["bars"].get(id) or id

    def moment(self, when: datetime) -> str:
        """A moment as a record has it, in Sweden's time."""
        return when.astimezone(SWEDEN).strftime(f"%Y-%m-%d {self('frame.time')}")

    def clock(self, when: datetime, now: datetime) -> str:
        """A moment as people say it, in Sweden's time."""
        local, today = when.astimezone(SWEDEN), swedish_day(now)
        time = local.strftime(self("frame.time"))
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((local.date() - today).days)
        said = self._terminal(near or "on_day")
        return said.format(time=time) if near else said.format(day=self.day(local.date(), today), time=time)

    def day(self, day: date, today: date) -> str:
        """A day with its weekday, and its year where that is another."""
        weekday = self._terminal("weekdays").split()[day.weekday()]
        month = self._terminal("months").split()[day.month - 1]
        return f"{weekday} {day.day} {month}{f' {day.year}' if day.year != today.year else ''}"

    def _terminal(self, key: str) -> str:
        return texts.text(self.lang, "terminal", key)
