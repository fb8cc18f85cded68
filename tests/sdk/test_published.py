"""Digg's published samples and rules: what passes here, what is refused, and why; what we write passes them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from agents.sdk import kvittens, message
from agents.sdk.command import broken
from agents.sdk.kvittens import Kvittens, Reason
from agents.sdk.message import (
    Document,
    File,
    NotSdk,
    Party,
    Person,
    Reference,
    SdkMessage,
    from_json,
    from_xml,
    to_json,
    to_xml,
)
from agents.sdk.xml import Fault
from sdk import schematron

PUBLISHED = Path(__file__).parent / "published"
MESSAGES = {
    "messageWithAttachments3": set(),
    "min": set(),
    "TF2.4.1": {"creationDateTime", "conversationId"},
    "TF2.4.2": {"senderIdvalue"},
}
"""Each published message, and the published rules that it is meant to break."""
RECEIPTS = ["AP-Accepterat", "RE-AnnatFel", "RE-SCHFel", "RE-SIG", "RE-XSDFel"]
HALL = Party("0203:tallkoping.example.se", "social.0203:tallkoping.example.se", "Socialtjänsten")
HUB = Party("0203:samband.example.se", "samband.0203:samband.example.se")


def sample(name: str) -> bytes:
    return (PUBLISHED / f"{name}.xml").read_bytes()


def a_message(**changes: Any) -> SdkMessage:
    said: dict[str, Any] = {
        "id": "7bc5576a-3f87-4cf5-a0c5-277da06fcacb",
        "conversation": "7bc5576a-3f87-4cf5-a0c5-277da06fcacb",
        "created": datetime(2026, 11, 30, 8, 0, 0, 120_000, UTC),
        "label": "Begäran om uppgifter",
        "sender": HUB,
        "recipient": HALL,
        "documents": (Document("1", "Begäran", ("Se bilagan.",), (File("a.pdf", "application/pdf", b"%PDF-1.7"),)),),
    }
    return SdkMessage(**said | changes)


@pytest.mark.parametrize(("name", "breaks"), MESSAGES.items())
def test_a_published_message_breaks_what_it_is_meant_to(name: str, breaks: set[str]) -> None:
    assert {fault.rule for fault in broken(sample(name))} == breaks
    assert schematron.broken(sample(name)) == breaks, "as the published rules say, run by somebody else"


@pytest.mark.parametrize("name", RECEIPTS)
def test_every_published_receipt_is_read_and_written_again(name: str) -> None:
    read = kvittens.read(sample(f"Kvittens_{name}"))
    assert read.accepted == (name == "AP-Accepterat")
    assert {reason.code for reason in read.reasons} == {
        "AP-Accepterat": set(),
        "RE-SIG": {"SIG"},
        "RE-XSDFel": {"SV"},
    }.get(name, {"BV"})
    written = kvittens.write(read)
    assert kvittens.read(written) == read
    assert schematron.broken_receipt(written) == schematron.broken_receipt(sample(f"Kvittens_{name}")) == []


def test_what_lies_in_the_published_envelope_passes() -> None:
    inner = etree.fromstring(sample("xhe_unencrypted_payload")).iter(f"{{{message.NAMESPACE}}}messagePayload")
    found = [etree.tostring(one) for one in inner]
    assert len(found) == 1 and broken(found[0]) == ()
    assert broken(sample("xhe_unencrypted_payload")) == [Fault("another document", "XHE")], (
        "the envelope is the access point's"
    )


words = (
    st.text(min_size=1)
    .filter(str.strip)
    .map(lambda text: "".join(c for c in text if c.isprintable()))
    .filter(str.strip)
)
parties = st.builds(
    Party,
    st.just("0203:a.example.se"),
    st.just("f.0203:a.example.se"),
    words.map(lambda text: text[:256]).filter(str.strip),
    st.lists(st.builds(Reference, words, words, words.map(lambda t: t[:256]).filter(str.strip)), max_size=2).map(tuple),
    st.lists(st.builds(Person, words, words, words.map(lambda t: t[:256]).filter(str.strip)), max_size=2).map(tuple),
)
documents = st.builds(
    Document,
    words,
    words,
    st.lists(words, max_size=2).map(tuple),
    st.lists(st.builds(File, words, words, st.binary(min_size=1, max_size=50)), min_size=1, max_size=2).map(tuple),
)
messages = st.builds(
    SdkMessage,
    id=st.uuids().map(str),
    conversation=st.uuids().map(str),
    created=st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    ),
    label=words.map(lambda text: text[:256]).filter(str.strip),
    sender=parties,
    recipient=parties,
    documents=st.lists(documents, min_size=1, max_size=2).map(tuple),
    answers=st.none() | st.uuids().map(str),
    confidential=st.booleans(),
    system=st.none() | st.tuples(words, words),
)


@settings(max_examples=60, deadline=None)
@given(messages)
def test_what_we_write_is_read_the_same_and_passes_the_published_rules(written: SdkMessage) -> None:
    document = to_xml(written)
    assert from_xml(document) == written
    assert from_json(to_json(written)) == written
    assert schematron.broken(document) == set()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"id": "KVT-1"}, "MessageId"),
        ({"conversation": "1"}, "conversationId"),
        ({"answers": "x"}, "refToMessageId"),
        ({"label": "x" * 257}, "subjectlabel"),
        ({"recipient": Party("", "f")}, "verifyNonEmptyElements"),
        ({"documents": (Document("1", "", (" ",)),)}, "verifyNonEmptyElements"),
        ({"label": "\x00"}, "a sign that XML can't say"),
    ],
)
def test_what_breaks_a_rule_is_never_written(changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(NotSdk) as refused:
        to_xml(a_message(**changes))
    assert rule in {fault.rule for fault in refused.value.faults}


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<a",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>',
        b"<messagePayload/>",
    ],
)
def test_what_is_no_message_is_refused_and_nothing_is_fetched(document: bytes) -> None:
    with pytest.raises(NotSdk) as refused:
        from_xml(document)
    assert "passwd" not in str(refused.value)


def test_a_message_of_the_largest_size_is_read() -> None:
    big = a_message(documents=(Document("1", "", (), (File("a.pdf", "application/pdf", b"x" * 22_000_000),)),))
    assert from_xml(to_xml(big)) == big


def test_no_fault_repeats_what_the_message_says() -> None:
    wrong = sample("min").replace(b"Printerpapper", b"Printerpapper " * 40).replace(b"2019-08-22T", b"191212121212T")
    with pytest.raises(NotSdk) as refused:
        from_xml(wrong)
    assert "1912" not in str(refused.value) and "Printer" not in str(refused.value)


def test_no_receipt_but_of_the_two_sorts_is_taken() -> None:
    other = sample("Kvittens_AP-Accepterat").replace(b"ACCEPTED", b"PERHAPS")
    with pytest.raises(kvittens.NotKvittens):
        kvittens.read(other)
    refused = Kvittens(
        "1", datetime(2026, 11, 30, tzinfo=UTC), "0203:a", "0203:b", "m", False, (Reason("BV", "x", "y"),)
    )
    assert kvittens.read(kvittens.write(refused)) == refused


def test_what_is_no_base64_is_kept_as_it_stands() -> None:
    attributes = to_json(a_message())
    (file,) = attributes["digitalDocument"][0]["contentFiles"]
    for content, kept in (("JVBERi0xLjc", b"%PDF-1.7"), ("JVBE\nRi0xLjc=", b"%PDF-1.7"), ("inte alls!", b"inte alls!")):
        file["content"] = content
        assert from_json(attributes).files[0].content == kept
