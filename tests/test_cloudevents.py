"""Headers on Kafka: as CloudEvents and W3C Trace Context write them, and read without trust."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broker import cloudevents
from broker.cloudevents import BadHeaders, Trace

TRACE = Trace("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
RECORDED = "2026-03-02T09:00:00Z"
WRITTEN = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]")

ids = st.binary(min_size=8, max_size=8).filter(any).map(bytes.hex)
traces = st.builds(Trace, st.binary(min_size=16, max_size=16).filter(any).map(bytes.hex), ids, st.booleans())
wires = st.lists(
    st.tuples(st.text(max_size=20) | st.binary(max_size=20), st.none() | st.binary(max_size=300)), max_size=80
)


def counted(size: int) -> bytes:
    return bytes(range(1, size + 1))


def decoded(headers: list[tuple[str, bytes]]) -> dict[str, str]:
    return {name: value.decode() for name, value in headers}


def test_a_message_in_avro() -> None:
    headers = cloudevents.of_message(
        message="019c", kind="Tip", sender="kommun-0127", time=RECORDED, fingerprint="00ff", trace=TRACE
    )
    assert decoded(headers) == {
        "ce_specversion": "1.0",
        "ce_id": "019c",
        "ce_source": "/authority/kommun-0127",
        "ce_type": "se.samband.Tip.v1",
        "ce_time": RECORDED,
        "ce_dataschema": "urn:samband:avro:00ff",
        "content-type": "application/avro",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }


def test_a_message_in_json_names_no_schema() -> None:
    told = decoded(cloudevents.of_message(message="019c", kind="Tip", sender="kommun-0127", time=RECORDED))
    assert told["content-type"] == "application/json"
    assert not told.keys() & {"ce_dataschema", "traceparent"}


def test_an_inbox_line_tells_its_place_and_that_it_is_a_repeat() -> None:
    line = cloudevents.of_line(
        type_="receipt",
        about="019c",
        recorded=RECORDED,
        position=cloudevents.position("token", 7),
        trace=TRACE,
        repeat=True,
    )
    told = decoded(line)
    assert (told["ce_id"], told["ce_type"]) == ("019c.receipt", "se.samband.receipt.v1")
    assert (told["samband_position"], told["samband_repeat"]) == ("token/7", "1")


def test_an_audit_record_is_known_by_its_leaf() -> None:
    told = decoded(
        cloudevents.of_record(record="decision", leaf="ab12", recorded=RECORDED, position="token/7", trace=None)
    )
    assert told == {
        "ce_specversion": "1.0",
        "ce_id": "ab12",
        "ce_source": "/samband",
        "ce_type": "se.samband.audit.decision.v1",
        "ce_time": RECORDED,
        "content-type": "application/json",
        "samband_position": "token/7",
    }


def test_nameless_bytes_in_quarantine_tell_no_place() -> None:
    def told(place: cloudevents.Place | None) -> dict[str, str]:
        return decoded(
            cloudevents.of_quarantined(
                leaf="ab", code="not_json", detail="not JSON", attempts=3, place=place, trace=TRACE
            )
        )

    assert told(None).keys() == {
        "samband_leaf",
        "samband_code",
        "samband_detail",
        "samband_attempts",
        "traceparent",
    }
    place = cloudevents.Place("outbox.kommun-0127", 7, "2026-03-02T09:00:00Z", 12)
    placed = told(place)
    assert (placed["samband_topic"], placed["samband_offset"]) == ("outbox.kommun-0127", "7")
    assert cloudevents.place_of(cloudevents.Headers(placed)) == place
    for name in ("samband_topic", "samband_offset", "samband_arrived", "samband_size"):
        less = {header: value for header, value in placed.items() if header != name}
        assert cloudevents.place_of(cloudevents.Headers(less)) is None


@given(traces, st.binary(min_size=8, max_size=8))
def test_a_trace_goes_on_under_the_same_id(trace: Trace, drawn: bytes) -> None:
    read = cloudevents.read([("traceparent", str(trace).encode())])
    following = read.go_on(lambda _: drawn)
    assert read.trace == trace
    assert (following.trace, following.sampled) == (trace.trace, trace.sampled)
    assert cloudevents.parse(str(following)) == following


@given(st.text(max_size=60))
@example("00-00000000000000000000000000000000-b7ad6b7169203331-01")
@example("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")
@example("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
@example("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")
@example("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")
@example("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n")
@example("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")
def test_what_is_no_traceparent_starts_a_new_trace(text: str) -> None:
    read = cloudevents.read([("traceparent", text.encode())])
    assert read.trace is None
    assert read.go_on(counted) == cloudevents.start(counted)


def test_a_later_version_of_the_standard_is_read_as_far_as_it_is_known() -> None:
    later = "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03-what-comes"
    assert cloudevents.parse(later) == TRACE


def test_zeros_are_no_id() -> None:
    assert cloudevents.parse(str(cloudevents.start(bytes))) is not None


@given(wires)
def test_any_headers_are_read_or_refused(wire: list[tuple[str | bytes, bytes | None]]) -> None:
    try:
        read = cloudevents.read(wire)
    except BadHeaders as bad:
        assert len(wire) > 64 or sum(len(name) + len(value or b"") for name, value in wire) > 2**13
        assert bad.detail.startswith("headers: ")
    else:
        assert len(read.values) + len(read.ignored) == len(wire)
        assert WRITTEN.fullmatch(str(read.go_on(counted)))


@pytest.mark.parametrize(
    ("wire", "ignored"),
    [
        ([("traceparent", str(TRACE).encode())] * 2, ("twice", "twice")),
        ([("traceparent", None)], ("null",)),
        ([("traceparent", b"\xff")], ("not_utf8",)),
        ([(b"\xff", b"x")], ("not_utf8",)),
        ([("\ud800", b"x")], ("not_utf8",)),
        ([("traceparent", b"x"), (b"traceparent", b"y")], ("twice", "twice")),
    ],
)
def test_a_bad_header_counts_as_not_there(wire: cloudevents.Wire, ignored: tuple[str, ...]) -> None:
    read = cloudevents.read([*wire, ("content-type", b"application/json")])
    assert read.values == {"content-type": "application/json"}
    assert read.ignored == ignored


def test_the_bounds() -> None:
    assert len(cloudevents.read([(str(n), b"") for n in range(64)]).values) == 64
    with pytest.raises(BadHeaders, match="more than 64"):
        cloudevents.read([(str(n), b"") for n in range(65)])
    cloudevents.read([("name", b"x" * (16 * 1024 - 4))])
    with pytest.raises(BadHeaders, match="larger than 16 KiB"):
        cloudevents.read([("name", b"x" * (16 * 1024 - 3))])


def test_no_headers_at_all() -> None:
    assert cloudevents.read(None).values == {}
