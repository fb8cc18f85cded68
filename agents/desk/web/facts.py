"""What a message says, as labels with values for a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

from agents.agency import Json, Notice
from agents.agency.screens import Screen, legible
from agents.agency.texts import Texts
from agents.desk.web.site import desk_of, parties_of, words_of

_SHOWN_APART = frozenset({"items", "categories", "guidance"})
"""Fields that a page shows in a form of their own."""


@dataclass(frozen=True)
class Fact:
    """A label with its value; `depth`: how far in it stands."""

    label: str
    value: str = field(repr=False)
    depth: int = 0


@dataclass(frozen=True)
class Item:
    """A piece of information that was released: text, or a file to fetch."""

    n: int
    category: str
    text: str = field(repr=False)
    file: str
    """Its type and size; empty: it is text."""
    facts: list[Fact]
    sealed: str = ""
    """That it came sealed, or why it does not open."""


@dataclass(frozen=True)
class Facts(Screen):
    """Collects what the terminal would write."""

    facts: list[Fact] = field(default_factory=list)

    def field(self, label: str, value: str, indent: int = 0) -> None:
        """One label with its value."""
        self.facts.append(Fact(legible(label), legible(value), indent))

    def line(self, text: str = "", indent: int = 0) -> None:
        """Text without a label is none of a message's facts."""


def _collector(request: Request) -> Facts:
    return Facts(lambda _: None, 0, Texts(request.state.lang), parties_of(request), desk_of(request).clock())


def facts_of(request: Request, kind: str, body: Json) -> list[Fact]:
    """Every field that says something, but for those that the page shows apart."""
    collector = _collector(request)
    collector.body(kind, {name: value for name, value in body.items() if name not in _SHOWN_APART})
    return collector.facts


def items_of(request: Request, body: Json) -> list[Item]:
    """What was given, piece by piece."""
    return list(_items(request, body.get("items") or ()))


def _items(request: Request, items: Sequence[Json]) -> Iterator[Item]:
    screen, t = _collector(request), words_of(request)
    for n, item in enumerate(items):
        collector = _collector(request)
        collector.body("Disclosure", {name: item.get(name) for name in ("secrecy", "assessments", "concerns")})
        sort, content = str(item.get("content_type") or "text/plain"), str(item.get("content") or "")
        file = "" if sort.startswith("text/") else screen.texts("a_file", sort=legible(sort), n=len(content) * 3 // 4)
        category = screen.texts.term("categories", item.get("category"))
        if why := str(item.get("unopened") or ""):
            yield Item(n, category, "", "", collector.facts, t(f"message.sealed.{why}"))
            continue
        sealed = t("message.sealed.opened") if item.get("sealed") else ""
        yield Item(n, category, "" if file else legible(content), file, collector.facts, sealed)


def first_of_all(request: Request, body: Json) -> list[str]:
    """What whoever reads a request must know first: whether it is itself secret, who may be told of it."""
    return list(_collector(request).first_of_all(body))


def notice_facts(request: Request, notice: Notice) -> list[Fact]:
    """What the broker tells, but for the message that it is about."""
    collector = _collector(request)
    collector.notice(notice.content)
    return collector.facts
