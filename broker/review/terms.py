"""What a record is found by: each of its values as a term."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from broker.model.days import swedish_day
from broker.model.decision import Json

EVERY = "*"
"""The term of every record."""
EARLIER = ("in_reply_to", "acknowledges", "replaces", "recalls", "referral", "condition")
"""What a record calls the earlier message that it answers or is about."""
_LETTER = re.compile(r"(?<=\d) (?=[a-zåäö]\b)")


def terms_of(leaf: Json) -> Iterator[str]:
    """The terms of a record, some of them more than once."""
    receipt = leaf["receipt"]
    yield EVERY
    yield term("record", leaf["record"])
    yield term("outcome", receipt["outcome"])
    if leaf.get("kind"):
        yield term("kind", leaf["kind"])
    for side in ("sender", "recipient"):
        yield from _party(side, leaf.get(side) or {})
    for token in {leaf.get("subject"), *leaf.get("persons", ())} - {None}:
        yield term("person", token)
    if leaf.get("case"):
        yield term("case", leaf["case"])
    if leaf.get("message"):
        yield term("message", leaf["message"])
    for name in EARLIER:
        if leaf.get(name):
            yield term("about", leaf[name])
    if told := (leaf.get("notice") or {}).get("message"):
        yield term("about", told)
    yield from _law(receipt)
    if error := receipt.get("error"):
        yield term("error", error["code"])
    day = swedish_day(datetime.fromisoformat(leaf.get("time") or leaf["recorded"]))
    yield term("day", f"{day:%Y%m%d}")
    yield term("month", f"{day:%Y%m}")


def _party(side: str, party: Json) -> Iterator[str]:
    authority, unit = party.get("authority"), party.get("unit")
    if authority:
        yield term(side, authority)
    if unit:
        yield term("unit", unit)
        if authority:
            yield term(side, f"{authority}/{unit}")
    if party.get("officer"):
        yield term("officer", party["officer"])


def _law(receipt: Json) -> Iterator[str]:
    """Paragraphs, the outcome of each item by itself with its own, grounds with bars by their names."""
    for item in receipt.get("items", ()):
        yield term("item", item["outcome"])
        if item.get("ref"):
            yield term("ref", paragraph(item["ref"]))
            yield of_item(item["outcome"], item["ref"])
    for rule in (*receipt.get("grounds", ()), *receipt.get("bars", ())):
        yield term("rule", rule["id"])
        if rule.get("ref"):
            yield term("ref", paragraph(rule["ref"]))
    if receipt.get("doubtful"):
        yield term("doubtful", "yes")


def term(sort: str, value: str) -> str:
    """A term by its sort and value."""
    return f"{sort}:{value}"


def of_item(outcome: str, ref: str) -> str:
    """The term of an item with this outcome under this paragraph."""
    return term(f"item {outcome}", paragraph(ref))


def paragraph(ref: str) -> str:
    """A reference as it is compared: however somebody writes it (`osl 10:15a`, `2025:170 4`)."""
    words = " ".join(ref.casefold().replace("§", " ").split())
    return _LETTER.sub("", words)


def days(since: date, until: date) -> Iterator[str]:
    """The terms of a period, both days with it: whole months, then single days."""
    day = since
    while day <= until:
        after = (day.replace(day=1) + timedelta(32)).replace(day=1)
        if day.day == 1 and after - timedelta(1) <= until:
            yield term("month", f"{day:%Y%m}")
            day = after
        else:
            yield term("day", f"{day:%Y%m%d}")
            day += timedelta(1)
