"""What came, or would come, of a message, for a person: what goes, what does not and why, what would change it."""

from collections.abc import Iterator, Sequence

from .broker import Json
from .lines import Receipt
from .screens import Screen
from .weighing import open_grounds

_MOST_WAYS = 3
"""Most ways that are shown to let go what was kept back."""


def show(screen: Screen, kind: str, receipt: Receipt, categories: Sequence[str] = ()) -> None:
    """One message: its kind, then each of its items by its category."""
    texts = screen.texts
    if receipt.error:
        code, detail = receipt.error
        screen.line(texts("not_usable", kind=texts.term("kinds", kind), why=texts.term("errors", code)), 1)
        screen.line(texts.detail(detail), 3)
        return
    items = receipt.content.get("items") or ()
    if not items:
        named = ", ".join(texts.term("categories", category) for category in categories)
        what = texts("kind_of", kind=texts.term("kinds", kind), what=named) if named else texts.term("kinds", kind)
        screen.line(texts(f"whole_{receipt.outcome}", what=what), 1)
        _why(screen, receipt.content, receipt.content.get("bars") or (), receipt.content, kind)
    for item in items:
        index = int(item["item"])
        what = texts.term("categories", categories[index]) if index < len(categories) else texts("item", n=index + 1)
        ref = f" ({item['ref']})" if item.get("ref") and item["outcome"] == "release" else ""
        screen.line(texts(item["outcome"], what=what) + ref, 1)
        if item["outcome"] != "release":
            bars = [bar for bar in receipt.content.get("bars") or () if index in (bar.get("items") or ())]
            _why(screen, item, bars, receipt.content, kind)
    for warning in receipt.warnings:
        screen.line(f"⚠ {texts.term('warnings', warning)}", 2)


def _why(screen: Screen, kept: Json, bars: Sequence[Json], receipt: Json, kind: str) -> None:
    """Why something did not go, and what would change it."""
    texts = screen.texts
    outcome = str(kept.get("outcome") or receipt["outcome"])
    for bar in bars if outcome != "release" else ():
        ref = f" ({bar['ref']})" if bar.get("ref") else ""
        screen.line(f"{texts.bar(bar['id'], kind, outcome)}{ref}", 3)
    for n, ground in enumerate(open_grounds(kept)):
        screen.line(texts("or_under" if n else "weigh_under", ref=ground.get("ref") or "–"), 3)
        for test in ground.get("asks") or ():
            screen.line(f"– {texts.question(ground.get('ground'), test)}", 4)
    said = {frozenset(map(str, ground.get("asks") or ())) for ground in open_grounds(kept)}
    ways = [way for way in kept.get("missing") or () if {test for part in way for test in part.values()} not in said]
    for way in ways[:_MOST_WAYS]:
        screen.line(texts("would_change", what="; ".join(_parts(screen, way))), 3)


def _parts(screen: Screen, way: Sequence[Json]) -> Iterator[str]:
    texts = screen.texts
    for part in way:
        for sort, name in part.items():
            if sort == "test":
                yield texts.question(None, str(name))
            else:
                yield texts.term("consents" if sort == "consent" else "facts", str(name))
