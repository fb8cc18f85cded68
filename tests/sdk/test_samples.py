"""Whatever the published schema and rules take is taken, whoever wrote it and however; what they refuse is refused."""

import random
from collections import Counter

import pytest
from lxml import etree

from agents.sdk import kvittens, message, xml
from agents.sdk.command import broken
from agents.sdk.message import NAMESPACE, from_json, from_xml, to_json, to_xml
from agents.sdk.texts import Words
from sdk import schematron
from sdk.samples import Maker
from sdk.test_published import sample


def passes(root: etree._Element, schema: str) -> bool:
    """What the published schema and rules say, run by others."""
    document = etree.tostring(root)
    breaks = schematron.broken if schema == message.SCHEMA else schematron.broken_receipt
    return not list(xml.breaches(xml.parse(document), schema)) and not breaks(document)


@pytest.mark.slow
def test_a_message_is_taken_as_the_published_rules_take_it() -> None:
    verdicts: Counter[bool] = Counter()
    for seed in range(150):
        maker = Maker(random.Random(seed))
        root = maker.message()
        expected, says = passes(root, message.SCHEMA), said(root)
        content = maker.content(root)
        assert (broken(content) == ()) == expected, (seed, broken(content))
        verdicts[expected] += 1
        if expected:
            read = from_xml(content)
            assert from_xml(to_xml(read)) == read, seed
            assert from_json(to_json(read)).documents == read.documents, seed
            assert says == [
                *(text for text in read.texts),
                *(file.name for file in read.files),
                *(one.id for party in (read.recipient, read.sender) for one in party.persons if one.id),
            ], seed
    assert min(verdicts.values()) >= 30, verdicts


def said(root: etree._Element) -> list[str]:
    """Every text, file and person, in the order in which their sender wants them shown."""
    documents = list(root.iter(f"{{{NAMESPACE}}}documents"))
    numbers = [one.findtext(f"{{{NAMESPACE}}}index") or "" for one in documents]
    if all(map(str.isdecimal, numbers)):
        documents.sort(key=lambda one: int(one.findtext(f"{{{NAMESPACE}}}index") or 0))
    names = ("characterSequence", "fileName")
    below = [one.text or "" for name in names for part in documents for one in part.iter(f"{{{NAMESPACE}}}{name}")]
    persons = root.iterfind(f".//{{{NAMESPACE}}}personId/{{{NAMESPACE}}}extension")
    return below + [one.text or "" for one in persons]


@pytest.mark.slow
def test_a_receipt_is_taken_as_the_published_rules_take_it() -> None:
    verdicts: Counter[bool] = Counter()
    for seed in range(150):
        maker = Maker(random.Random(seed))
        root = maker.receipt()
        expected = passes(root, kvittens.SCHEMA)
        content = maker.content(root)
        assert (broken(content) == ()) == expected, (seed, broken(content))
        verdicts[expected] += 1
    assert min(verdicts.values()) >= 30, verdicts


def test_a_message_of_more_than_the_limit_is_refused_in_a_line() -> None:
    big = sample("min").replace(b"Teststring", b"x" * message.TAKEN)
    (fault,) = broken(big)
    assert fault.rule == "too-long"


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_rule_has_words(lang: str) -> None:
    words = Words(lang)
    rules = {rule for rule, _, _ in schematron.rules()} - {"conversationIdMustExist"}
    receipts = {f"R{n}-APP" for n in range(1, 10)}
    assert [rule for rule in sorted(rules | receipts) if not words.has(f"command.rule.{rule}")] == []
