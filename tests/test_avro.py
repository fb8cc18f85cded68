"""Avro: schemas say what models say, bytes are canonical, old bytes stay readable, hostile bytes are refused."""

import io
import json
import random
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import avro.io
import avro.schema
import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import BODIES, message_json

from broker.adapters.avro.bounds import OutOfBounds, bounds_of
from broker.adapters.avro.codec import AvroCodec, packaged_schemas
from broker.kinds import KINDS, Message
from broker.kinds.codec import Codec, NotAvro
from broker.model.receipt import Receipt
from broker.pipeline.decode import decode
from schemas import write_avro
from schemas.descriptions import describe_fields

CODEC = AvroCodec()
VECTORS = Path(__file__).parent / "vectors" / "avro"
GOLDEN = {kind: bytes.fromhex((VECTORS / f"{kind}.hex").read_text()) for kind in KINDS}
SCHEMAS = {path.stem: json.loads(path.read_text("utf-8")) for path in write_avro.DIRECTORY.glob("*.avsc")}
PRIMITIVES = {"null", "boolean", "int", "long", "string"}

drawn = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
kinds = pytest.mark.parametrize("kind", KINDS)


def from_json(found: dict[str, Any]) -> Message:
    return decode(json.dumps(found).encode(), CODEC)


def golden_message(kind: str) -> Message:
    return decode((VECTORS / f"{kind}.json").read_bytes(), CODEC)


def independent(schema: dict[str, Any]) -> Any:
    """The schema as Apache's own Python library reads it: a second opinion on what fastavro does."""
    return avro.schema.parse(json.dumps(schema))


def plain(schema: Any) -> Any:
    """The schema without logical types. Apache's Python library leaves `{"type": "string"}` of them in the parsing
    canonical form, where the specification ([PRIMITIVES]), its Java library and fastavro have `"string"`."""
    if isinstance(schema, list):
        return [plain(part) for part in schema]
    if isinstance(schema, dict):
        bare = schema.get("type") if "logicalType" in schema else None
        return bare or {name: plain(part) for name, part in schema.items()}
    return schema


def types_in(schema: Any) -> Iterator[dict[str, Any]]:
    """Every record, enum, array and logical type in a schema."""
    if isinstance(schema, list):
        for branch in schema:
            yield from types_in(branch)
    elif isinstance(schema, dict):
        yield schema
        for field in schema.get("fields", ()):
            yield from types_in(field["type"])
        yield from types_in(schema.get("items"))


def varint(value: int) -> bytes:
    value = (value << 1) ^ (value >> 127)
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def refusal(data: bytes) -> str:
    with pytest.raises(NotAvro) as caught:
        CODEC.read(data)
    return str(caught.value)


def put(data: bytes, at: int, new: bytes) -> bytes:
    """The bytes with the one byte at a place replaced."""
    return data[:at] + new + data[at + 1 :]


# --- the schema files ---------------------------------------------------------------------------------------------


def test_the_files_are_what_the_models_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert write_avro.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    assert set(SCHEMAS) == {*KINDS, "Receipt"}


@pytest.mark.parametrize("spoil", [lambda path: path.write_text("{}\n"), Path.unlink])
def test_check_names_a_file_that_differs_or_is_missing(
    spoil: Callable[[Path], object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write_avro.main([], tmp_path) == 0
    spoil(tmp_path / "Recall.avsc")
    assert write_avro.main(["--check"], tmp_path) == 1
    shown = capsys.readouterr().out
    assert "schemas/avro/Recall.avsc" in shown and shown.count("\n") == 1
    assert write_avro.main([], tmp_path) == 0
    assert write_avro.main(["--check"], tmp_path) == 0


def test_a_file_that_belongs_to_no_message_is_named_and_removed(tmp_path: Path) -> None:
    (tmp_path / "Gone.avsc").write_text("{}\n")
    assert "Gone.avsc" in write_avro.differing(tmp_path)
    write_avro.write(tmp_path)
    assert write_avro.differing(tmp_path) == []
    assert not (tmp_path / "Gone.avsc").exists()
    assert write_avro.main(["--chekc"], tmp_path) == 2


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_file_is_named_as_its_record_and_documents_everything(name: str) -> None:
    schema = SCHEMAS[name]
    assert (schema["name"], schema["namespace"]) == (name, "se.samband.v1")
    for found in types_in(schema):
        if found["type"] in ("record", "enum"):
            assert found["doc"].strip(), found["name"]
        for field in found.get("fields", ()):
            assert field["doc"].strip(), f"{found['name']}.{field['name']}"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_defines_each_name_once_before_it_is_used_and_is_not_recursive(name: str) -> None:
    defined: set[str] = set()

    def walk(schema: Any, within: tuple[str, ...]) -> None:
        if isinstance(schema, str):
            assert schema in PRIMITIVES or (schema in defined and schema not in within)
        elif isinstance(schema, list):
            assert schema[0] == "null" and len(schema) == 2
            walk(schema[1], within)
        elif schema["type"] == "array":
            assert schema["items"] != "null" and not isinstance(schema["items"], list)
            assert 0 < schema["maxItems"] <= 400
            walk(schema["items"], within)
        elif schema["type"] in ("record", "enum"):
            assert schema["name"] not in defined
            defined.add(schema["name"])
            for field in schema.get("fields", ()):
                walk(field["type"], (*within, schema["name"]))
        else:
            assert schema["type"] in PRIMITIVES and "logicalType" in schema

    walk(SCHEMAS[name], ())
    assert all(found.get("fields", True) for found in types_in(SCHEMAS[name])), "a record without fields has no width"
    bounds_of(SCHEMAS[name])


def test_a_name_means_the_same_in_every_file() -> None:
    meant: dict[str, Any] = {}
    for schema in SCHEMAS.values():
        for found in types_in(schema):
            if "name" in found:
                fields = [(field["name"], field.get("default")) for field in found.get("fields", ())]
                what = (found["doc"], found.get("symbols"), fields)
                assert meant.setdefault(found["name"], what) == what


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_defaults_are_those_of_the_model(name: str) -> None:
    describe_fields()
    model = Receipt if name == "Receipt" else KINDS[name]
    by_name = {field["name"]: field for field in SCHEMAS[name]["fields"]}
    assert set(by_name) == set(model.model_fields)
    for field, said in model.model_fields.items():
        assert ("default" in by_name[field]) == (not said.is_required())
        assert by_name[field]["doc"] == said.description
    independent(SCHEMAS[name])  # refuses a default that its type can't hold


def test_the_codec_reads_the_repository_where_nothing_is_installed() -> None:
    names = {path.name for path in packaged_schemas().iterdir()}
    assert names == {"v1", "v2", *(f"{name}.avsc" for name in SCHEMAS)}


# --- one encoding of a message, and one message of an encoding ----------------------------------------------------


def test_every_kind_has_a_strategy_and_a_golden_message() -> None:
    assert set(BODIES) == set(GOLDEN) == set(KINDS)


@pytest.mark.slow
@kinds
@drawn
@given(data=st.data())
def test_json_and_avro_carry_the_same(kind: str, data: st.DataObject) -> None:
    message = from_json(data.draw(message_json(kind)))
    encoded = CODEC.write(message)
    read = CODEC.read(encoded)
    assert read == message
    assert (type(read), read.time, read.time.tzinfo) == (type(message), message.time, message.time.tzinfo)
    assert CODEC.write(read) == encoded == CODEC.canonical(message)
    assert decode(encoded, CODEC) == message


@pytest.mark.slow
@kinds
@settings(parent=drawn, max_examples=20)
@given(data=st.data())
def test_apaches_library_writes_what_is_read(kind: str, data: st.DataObject) -> None:
    """In today's schema. Where an older one holds the message too, that is the same message, and how it is stored."""
    message = from_json(data.draw(message_json(kind)))
    newest = by_apaches_library(message)
    assert CODEC.read(newest) == message
    assert CODEC.write(CODEC.read(newest)) == CODEC.write(message)
    assert CODEC.write(message) == newest or CODEC.write(message)[2:10].hex() in CODEC.fingerprints(kind)[:-1]


def by_apaches_library(message: Message) -> bytes:
    """Today's encoding of a message, as the other library writes it."""
    schema, out = independent(SCHEMAS[message.kind]), io.BytesIO()
    avro.io.DatumWriter(schema).write(_as_avro_takes_it(message.model_dump()), avro.io.BinaryEncoder(out))
    return bytes.fromhex("c301" + CODEC.fingerprints(message.kind)[-1]) + out.getvalue()


def _as_avro_takes_it(value: Any) -> Any:
    """Lists for tuples, and plain text for enums and ids."""
    if isinstance(value, dict):
        return {name: _as_avro_takes_it(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_as_avro_takes_it(part) for part in value]
    return str(value) if isinstance(value, str | UUID) else value


@kinds
def test_the_fingerprint_is_that_of_apaches_library(kind: str) -> None:
    assert CODEC.fingerprints(kind)[-1] == independent(plain(SCHEMAS[kind])).fingerprint().hex()
    assert CODEC.write(golden_message(kind))[:10].hex() == "c301" + CODEC.fingerprints(kind)[0]


def test_the_codec_keeps_the_ports_promise() -> None:
    codec: Codec = CODEC
    assert codec.read(codec.write(golden_message("Recall"))) == golden_message("Recall")


def test_a_moment_is_the_same_in_every_zone() -> None:
    found = json.loads((VECTORS / "Recall.json").read_text("utf-8"))
    other = found | {"time": "2026-03-02T13:30:00.123456+05:30"}
    assert CODEC.write(from_json(found)) == CODEC.write(from_json(other))
    assert CODEC.read(GOLDEN["Recall"]).time.microsecond == 123456


# --- evolution ----------------------------------------------------------------------------------------------------


@kinds
def test_golden_bytes_are_what_is_written_today(kind: str) -> None:
    assert CODEC.read(GOLDEN[kind]) == golden_message(kind)
    assert CODEC.write(golden_message(kind)) == GOLDEN[kind]


@kinds
def test_version_one_bytes_are_read_by_todays_schema(kind: str) -> None:
    writer = avro.schema.parse((write_avro.DIRECTORY / "v1" / f"{kind}.avsc").read_text("utf-8"))
    body = avro.io.BinaryDecoder(io.BytesIO(GOLDEN[kind][10:]))
    found = avro.io.DatumReader(writer, independent(SCHEMAS[kind])).read(body)
    read = json.dumps(found, default=lambda v: v.isoformat() if hasattr(v, "isoformat") else str(v))
    assert KINDS[kind].model_validate_json(read) == golden_message(kind)
    first = json.loads((write_avro.DIRECTORY / "v1" / f"{kind}.avsc").read_text("utf-8"))
    assert GOLDEN[kind][2:10] == independent(plain(first)).fingerprint()


LATER_WORDS = {
    *("no_provision_applies", "consent_confirmed", "necessary_for_own_task"),
    *("inquiry_31_opened", "serving_prison", "serving_youth_supervision", "recipient_has_notified"),
    "assistance_requested",
    "presumed_under_18",
}


def without(schema: Any, words: set[str]) -> Any:
    """The schema without these symbols of its enums."""
    if isinstance(schema, list):
        return [without(part, words) for part in schema if not (isinstance(part, str) and part in words)]
    return {name: without(part, words) for name, part in schema.items()} if isinstance(schema, dict) else schema


@kinds
def test_version_one_and_today_read_each_other(kind: str) -> None:
    """But for words that came later: one that a reader does not know is an error to it, and never another word."""
    first = avro.schema.parse((write_avro.DIRECTORY / "v1" / f"{kind}.avsc").read_text("utf-8"))
    today = independent(without(SCHEMAS[kind], LATER_WORDS))
    for reader, writer in ((first, today), (today, first)):
        found = ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)  # type: ignore[no-untyped-call]
        assert found.compatibility is SchemaCompatibilityType.compatible, found.messages


@kinds
def test_what_version_one_can_say_is_the_same_message_in_every_version(kind: str) -> None:
    """An agency writes with the schema that it has; the message, and what makes it a repeat, are the same."""
    newest = by_apaches_library(golden_message(kind))
    assert CODEC.read(newest) == golden_message(kind)
    assert CODEC.write(CODEC.read(newest)) == GOLDEN[kind]


def test_what_came_later_is_written_with_the_schema_that_has_it() -> None:
    found = json.loads((VECTORS / "InformationRequest.json").read_text("utf-8"))
    reserve = {"id_type": "reserve", "id": "R-17", "id_issuer": "region-01"}
    message = from_json(found | {"body": found["body"] | {"subject": reserve}})
    written = CODEC.write(message)
    first, *_, today = CODEC.fingerprints("InformationRequest")
    assert written[2:10].hex() == today != first
    assert CODEC.read(written) == message


def test_what_version_one_asks_for_is_written_also_where_todays_model_has_a_default() -> None:
    """A grown-up's consent counts no guardians: version one says 0, today's schema leaves it out."""
    found = json.loads((VECTORS / "ConsentGiven.json").read_text("utf-8"))
    message = from_json(found | {"body": found["body"] | {"guardians": 0}})
    first, today = (CODEC.fingerprints("ConsentGiven")[at] for at in (0, -1))
    assert first != today
    written = CODEC.write(message)
    assert written[2:10].hex() == first
    assert CODEC.read(written) == message


# --- hostile bytes ------------------------------------------------------------------------------------------------

DISCLOSURE = GOLDEN["Disclosure"]
CONTENT = DISCLOSURE.index("Påhittade vägen 1".encode())
COUNT, CATEGORY, LENGTH = CONTENT - 3, CONTENT - 2, CONTENT - 1
"""Where the number of items, the first item's category and the length of its content stand."""
HOLDS = DISCLOSURE.index(b"enhetschef") - 2
CASE = DISCLOSURE.index(b"Dnr 2026") - 2
"""The branch of the union of `case`."""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (put(DISCLOSURE, COUNT, varint(3_000_000)), "body.items: must have at most 200 entries"),
        (put(DISCLOSURE, COUNT, varint(201)), "body.items: must have at most 200 entries"),
        (put(DISCLOSURE, COUNT, varint(-2)), "body.items: a list must be written in one block, without its size"),
        (DISCLOSURE[:COUNT] + varint(30_000_000), "body.items: must have at most 200 entries"),
        (DISCLOSURE[:COUNT] + varint(200), "body.items: cut off"),
        (DISCLOSURE + b"\x00", "message: bytes are left over"),
        (put(DISCLOSURE, HOLDS, b"\x07"), "body.items.0.assessments.0.holds: a boolean must be 0 or 1"),
        (put(DISCLOSURE, CATEGORY, varint(-1)), "body.items.0.category: an index outside the enum"),
        (put(DISCLOSURE, CATEGORY, varint(26)), "body.items.0.category: an index outside the enum"),
        (put(DISCLOSURE, CASE, varint(-1)), "case: an index outside the union"),
        (put(DISCLOSURE, CASE, varint(2)), "case: an index outside the union"),
        (put(DISCLOSURE, COUNT, b"\x84\x00"), "body.items: a number must be written in its shortest form"),
        (put(DISCLOSURE, COUNT, b"\x84" + b"\x80" * 9 + b"\x00"), "body.items: too large a number"),
        (put(DISCLOSURE, COUNT, b"\xff" * 9 + b"\x02"), "body.items: too large a number"),
        (put(DISCLOSURE, LENGTH, varint(1 << 40)), "body.items.0.content: cut off"),
        (put(DISCLOSURE, LENGTH, varint(-1)), "body.items.0.content: a negative length"),
        (put(DISCLOSURE, CONTENT, b"\xff"), "body.items.0.content: not UTF-8"),
        (DISCLOSURE.replace(b"vidare", b"vi\xed\xa0\x80d"), "body.conditions: not UTF-8"),
        (DISCLOSURE.replace(b"019c1c2e", b"019C1C2E"), "id: must be a UUID in lower case"),
        (put(DISCLOSURE, 2, bytes([DISCLOSURE[2] ^ 1])), "message: the fingerprint is of no schema known here"),
        (GOLDEN["Recall"][:10] + DISCLOSURE[10:], "kind"),
        (b"\xc3\x02" + DISCLOSURE[2:], "message: must begin with C3 01"),
        (b"", "message: must begin with C3 01"),
        (b"\xc3\x01", "message: the fingerprint is of no schema known here"),
        (DISCLOSURE + bytes(1 << 20), "message: larger than 1 MiB"),
        (DISCLOSURE.replace(b"-7000-", b"-4000-", 1), "id: must be a UUID of version 7"),
        (DISCLOSURE.replace(b"20110304238", b"20110304228", 1), "body.subject: id wrong check digit or day"),
        (DISCLOSURE.replace(b"kommun-0127", b"Kommun 0127"), "sender.authority: is not of the form"),
        (DISCLOSURE.replace(b"BrB 3:6", b"BrB x;6"), "body.offence.provision: not written as a statutory reference"),
    ],
)
def test_a_false_claim_is_refused_with_place_and_rule(data: bytes, said: str) -> None:
    tracemalloc.start()
    try:
        text = refusal(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    if said == "kind":
        assert text  # what another kind's bytes break first is not promised
    else:
        assert text.startswith(said)
    assert "\n" not in text
    assert peak < 1 << 20


@kinds
def test_cut_at_each_byte(kind: str) -> None:
    for end in range(len(GOLDEN[kind])):
        refusal(GOLDEN[kind][:end])


@pytest.mark.slow
@kinds
def test_a_false_claim_at_each_byte(kind: str) -> None:
    golden = GOLDEN[kind]
    evils = [b"\x07", b"\xff", b"\x80\x00", b"\xff" * 11, *map(varint, (-1, -64, 3_000_000, 1 << 40, -(1 << 63)))]
    for at in range(len(golden)):
        for evil in evils:
            refused_or_canonical(put(golden, at, evil), golden)


@kinds
def test_random_mutations(kind: str) -> None:
    golden, chance = GOLDEN[kind], random.Random(f"{kind} 2026")
    for _ in range(10_000 // len(KINDS) + 1):
        data = bytearray(golden)
        for _ in range(chance.randint(1, 3)):
            at, other = chance.randrange(len(data)), chance.randrange(len(data))
            match chance.randrange(5):
                case 0:
                    data[at] ^= 1 << chance.randrange(8)
                case 1:
                    data[at] = chance.randrange(256)
                case 2:
                    data.insert(at, chance.randrange(256))
                case 3:
                    del data[at]
                case _:
                    data[at:at] = data[min(at, other) : max(at, other)]
        refused_or_canonical(bytes(data), golden)


def refused_or_canonical(data: bytes, golden: bytes) -> None:
    """No crash, no second encoding of any message, and no piece of a value in what is said."""
    try:
        message = CODEC.read(data)
    except NotAvro as error:
        said = str(error)
        assert "\n" not in said and len(said) < 1_500
        assert not any(value in said for value in SECRETS), said
    else:
        assert CODEC.write(message) == data
        assert (message == CODEC.read(golden)) == (data == golden)


def _values(found: Any) -> Iterator[str]:
    if isinstance(found, dict | list):
        for part in found.values() if isinstance(found, dict) else found:
            yield from _values(part)
    elif isinstance(found, str):
        yield found


FREE = (
    *("Påhitt", "Dnr", "201103", "201005", "200209", "R-17", "019c1c2e", "kommun", "polismynd", "https://"),
    *("Fel mott", "Svar komm"),
)
SECRETS = {
    value[:8]
    for kind in KINDS
    for value in _values(json.loads((VECTORS / f"{kind}.json").read_text("utf-8")))
    if value.startswith(FREE)
}


@given(st.binary(max_size=400), st.sampled_from(sorted(KINDS)))
@drawn
def test_any_bytes_behind_a_known_fingerprint(body: bytes, kind: str) -> None:
    data = GOLDEN[kind][:10] + body
    try:
        message = CODEC.read(data)
    except NotAvro:
        return
    assert CODEC.write(message) == data


@pytest.mark.slow
def test_the_heaviest_message_needs_bounded_memory() -> None:
    """As many of the smallest parts as the bounds let through: each costs a few bytes on the line."""
    person, answer = {"id_type": "unknown"}, {"test": "need", "holds": True, "assessed_by": "x"}
    item = {"category": "other", "content": "", "concerns": [person] * 64, "assessments": [answer] * 64}
    found = json.loads((VECTORS / "Disclosure.json").read_text("utf-8"))
    found["body"]["items"] = [item | {"secrecy": ["OSL 1:1"] * 64}] * 200
    encoded = CODEC.write(KINDS["Disclosure"].model_validate_json(json.dumps(found)))
    assert len(encoded) < 1 << 20
    tracemalloc.start()
    try:
        CODEC.read(encoded)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 64 << 20


# --- schemas that the bounds refuse to load -----------------------------------------------------------------------


def _of(field: Any) -> dict[str, Any]:
    return {"type": "record", "name": "R", "fields": [{"name": "a", "type": field}]}


@pytest.mark.parametrize(
    "schema",
    [
        _of({"type": "array", "items": "null"}),
        _of({"type": "array", "items": {"type": "record", "name": "Empty", "fields": []}}),
        _of({"type": "array", "items": "R"}),
        _of(["null", "R"]),
        _of({"type": "map", "values": "string"}),
        _of("double"),
        _of("Unheard"),
    ],
)
def test_a_schema_without_bounds_is_not_loaded(schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        bounds_of(schema)


def test_a_list_without_a_bound_of_its_own_has_the_general_one() -> None:
    check = bounds_of(_of({"type": "array", "items": "boolean"}))
    check(varint(1024) + bytes(1024) + b"\x00", 0)
    with pytest.raises(OutOfBounds, match="at most 1024"):
        check(varint(1025) + bytes(1025) + b"\x00", 0)
