"""The contract as XML: nothing is lost on the way there and back, and every example is as the schema says."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree
from strategies import any_message_json, without_null

from agents.sdk import structured
from agents.sdk.structured import NotStructured, decode, encode
from broker.kinds import KINDS
from schemas import write_xml

ROOT = Path(__file__).parents[2]
TOWN = (ROOT / "scenery/town/messages.jsonl").read_bytes().splitlines()


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(write_xml.FOLDER / write_xml.SCHEMA))


def test_the_files_are_of_today() -> None:
    assert write_xml.differing() == [], "run make schemas"


def same(message: Any) -> Any:
    """What the contract holds to be the same: null, an empty list, and what is left out."""
    if isinstance(message, dict):
        return {name: same(value) for name, value in message.items() if value is not None and value != []}
    return [same(one) for one in message] if isinstance(message, list) else message


@settings(max_examples=80)
@given(any_message_json())
def test_nothing_is_lost_from_json_to_xml_to_json(message: Any) -> None:
    there_and_back = decode(encode(message))
    read = KINDS[message["kind"]].model_validate_json
    came, sent = (read(json.dumps(one)).model_dump(mode="json") for one in (there_and_back, without_null(message)))
    assert same(came) == same(sent), "the same to the contract"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_example_is_as_the_schema_says_and_is_the_contracts_own(kind: str, schema: etree.XMLSchema) -> None:
    written = (write_xml.FOLDER / "examples" / f"{kind}.xml").read_bytes()
    schema.assertValid(etree.fromstring(written))
    own = json.loads((ROOT / "schemas/examples" / f"{kind}.json").read_text("utf-8"))
    assert decode(written) == {"id": decode(written)["id"], "time": decode(written)["time"]} | own


def test_every_message_of_the_town_goes_there_and_back(schema: etree.XMLSchema) -> None:
    usable = []
    for line in TOWN:
        with suppress(ValueError):  # some are wrong on purpose
            message = json.loads(line)
            usable += [message] if isinstance(message, dict) and message.get("kind") in KINDS else []
    assert len(usable) > 100
    strange = 0
    for message in usable:
        try:
            written = encode(message)
        except NotStructured:
            strange += 1
            continue
        assert same(decode(written)) == same(message)
        strange += not schema.validate(etree.fromstring(written))
    assert strange < len(usable) / 20


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ((b"<purpose>prevent</purpose>", b"<purpose>prevent</purpose><extra/>"), "extra"),
        ((b"<Disclosure>", b"<Nothing/><Disclosure>"), "body"),
        ((b"urn:samband:message:1", b"urn:other"), "another document"),
        ((b"<holds>true</holds>", b"<holds>maybe</holds>"), "holds"),
        ((b"<id_type>personnummer</id_type>", b"<id_type>a</id_type><id_type>b</id_type>"), "id_type"),
        ((b"<id_type>personnummer</id_type>", b"<id_type><b/></id_type>"), "id_type"),
    ],
)
def test_what_is_not_in_the_contract_is_refused_without_a_value(change: tuple[bytes, bytes], where: str) -> None:
    written = (write_xml.FOLDER / "examples/Disclosure.xml").read_bytes()
    assert change[0] in written
    with pytest.raises(NotStructured, match=where) as refused:
        decode(written.replace(*change))
    assert "2011" not in str(refused.value)


def test_a_sign_that_xml_cannot_say_is_kept() -> None:
    message = json.loads((ROOT / "schemas/examples/Tip.json").read_text("utf-8"))
    message["body"]["text"] = "a\x00b\x0bc\r\nd ￿"
    assert decode(encode(message)) == message
    assert structured.is_structured("application/xml; charset=utf-8", encode(message))
