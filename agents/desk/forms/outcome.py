"""What becomes of a message, in words for a page: what goes, what does not and why, what would change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agents.agency import Json, Receipt
from agents.agency.weighing import open_grounds
from agents.desk import law
from agents.desk.texts import Words

_MOST_WAYS = 4
"""Most ways that are shown to let go what would be kept back."""
_KEPT = frozenset({"harm", "no_provision_applies"})
"""Assessments that are never delivered."""


@dataclass(frozen=True)
class Asked:
    """A question that is open: its words, and where on the page of its category it stands."""

    text: str
    ref: str
    place: str


@dataclass(frozen=True)
class Section:
    """What becomes of one piece of information, or of a message as a whole."""

    title: str
    outcome: str
    ref: str = ""
    is_duty: bool = False
    part: str | None = None
    """The category whose page it is changed on."""
    piece: int = 0
    bars: Sequence[str] = ()
    asked: Sequence[Asked] = ()
    changes: Sequence[str] = ()
    secrecies: Sequence[str] = field(default=(), repr=False)

    @property
    def goes(self) -> bool:
        """Whether it would be delivered."""
        return self.outcome in ("release", "forward")

    @property
    def can_be_split(self) -> bool:
        """Whether it is under several provisions, of which one may be what keeps it back."""
        return not self.goes and len(self.secrecies) > 1


@dataclass(frozen=True)
class Seen:
    """A line of what the other side sees."""

    label: str
    text: str = field(repr=False)


def sections(t: Words, kind: str, part: str | None, body: Json, receipt: Receipt) -> list[Section]:
    """What becomes of one message: item by item, or as a whole."""
    items, said = receipt.content.get("items") or (), body.get("items") or ()
    if receipt.error:
        return [Section(t.term("kinds", kind), "quarantine", part=part, bars=[t.term("errors", receipt.error[0])])]
    if not (items and said):
        return [_section(t, _whole(t, kind, body), part, receipt.content, receipt, kind=kind)]
    return [
        _section(t, _named(t, one), part, row, receipt, kind=kind, n=n, secrecies=tuple(one.get("secrecy") or ()))
        for row in items
        if (n := int(row["item"])) < len(said)
        for one in [said[n]]
    ]


def _section(
    t: Words,
    title: str,
    part: str | None,
    row: Json,
    receipt: Receipt,
    *,
    kind: str,
    n: int = 0,
    secrecies: Sequence[str] = (),
) -> Section:
    outcome = str(row.get("outcome") or receipt.outcome)
    bars = [bar for bar in receipt.content.get("bars") or () if n in (bar.get("items") or [n])]
    asked = [
        Asked(
            t.question(ground.get("ground"), test),
            str(ground.get("ref") or ""),
            f"i.{n}.w.{ground.get('ground')}.{test}",
        )
        for ground in open_grounds(row)
        for test in ground["asks"]
    ]
    released = outcome in ("release", "forward")
    grounds = receipt.content.get("grounds") or ()
    carried = next((ground["id"] for ground in grounds if ground.get("ref") == row.get("ref")), "")
    return Section(
        title=title,
        outcome=outcome,
        ref=str(row.get("ref") or ""),
        is_duty=released and bool(carried) and law.is_duty(carried),
        part=part,
        piece=n,
        bars=[] if released else [_bar(t, bar, kind, outcome) for bar in bars],
        asked=[] if released else asked,
        changes=[] if released else list(dict.fromkeys(_changes(t, row)))[:_MOST_WAYS],
        secrecies=secrecies,
    )


def _bar(t: Words, bar: Json, kind: str, outcome: str) -> str:
    ref = f" ({bar['ref']})" if bar.get("ref") else ""
    text = t.bar(str(bar["id"]), kind, outcome)
    return text[:1].upper() + text[1:] + ref


def _changes(t: Words, row: Json) -> Iterator[str]:
    """Each smallest set that would let it go, but for the questions that are shown as such."""
    asked = {frozenset(ground["asks"]) for ground in open_grounds(row)}
    for way in row.get("missing") or ():
        if {name for part in way for name in part.values()} not in asked:
            text = "; ".join(_part(t, sort, str(name)) for part in way for sort, name in part.items())
            yield text[:1].upper() + text[1:]


def _part(t: Words, sort: str, name: str) -> str:
    if sort == "test":
        return t.question(None, name)
    return t.term("consents" if sort == "consent" else "facts", name)


def _named(t: Words, item: Json) -> str:
    text = t.term("categories", str(item.get("category")))
    return text[:1].upper() + text[1:]


def _whole(t: Words, kind: str, body: Json) -> str:
    named = ", ".join(t.term("categories", one) for one in body.get("categories") or ())
    return f"{t.term('kinds', kind)}: {named}" if named else t.term("kinds", kind)


def seen(t: Words, body: Json, receipt: Receipt, said: Sequence[tuple[str, str]]) -> Iterator[Seen]:
    """What the other side sees of a message that would be forwarded: items that go, else all that is `said`."""
    if receipt.outcome != "forward":
        return
    if not (receipt.content.get("items") and body.get("items")):
        yield from (Seen(label, text) for label, text in said)
        return
    for row in receipt.content["items"]:
        item = body["items"][int(row["item"])]
        if row["outcome"] == "release":
            yield Seen(_named(t, item), _content(t, item))
            weighed = [one for one in item.get("assessments") or () if one["test"] not in _KEPT]
            if item.get("secrecy") or weighed:
                yield Seen(t("preview.assessed", what=_named(t, item)), _assessed(t, item, weighed))


def _content(t: Words, item: Json) -> str:
    sort, content = str(item.get("content_type") or "text/plain"), str(item.get("content") or "")
    return content if sort.startswith("text/") else t("form.attached", sort=sort, n=len(content) * 3 // 4000 + 1)


def _assessed(t: Words, item: Json, weighed: Sequence[Json]) -> str:
    secrecy = ", ".join(item.get("secrecy") or ())
    parts = [t("preview.applies", refs=secrecy)] if secrecy else []
    for one in weighed:
        answer = t("form.yes" if one["holds"] else "form.no").lower()
        parts.append(t("preview.answered", test=t.term("tests", one["test"]), answer=answer, by=one["assessed_by"]))
    return ". ".join(part[:1].upper() + part[1:] for part in parts) + "."
