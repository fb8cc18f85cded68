"""A file is what its bytes say, within the contract's bound, and clean as far as the authority's scanner says so."""

import base64
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.desk.forms.files import LARGEST, Attached, NotAttached, attach
from agents.desk.forms.reading import check

PNG = b"\x89PNG\r\n\x1a\n....."


def scanner(status: str) -> list[str]:
    return [sys.executable, "-c", f"import sys; {status}"]


@pytest.mark.parametrize(
    ("data", "sort"),
    [
        (b"%PDF-1.7 \xff", "application/pdf"),
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("Åäö".encode(), "text/plain"),
        (b"<svg onload='alert(1)'>", "text/plain"),
        (b"a\0b", "application/octet-stream"),
    ],
)
def test_the_bytes_say_what_it_is(data: bytes, sort: str) -> None:
    assert attach(data).content_type == sort


@given(data=st.binary(min_size=1, max_size=200))
def test_what_is_attached_is_an_item(data: bytes) -> None:
    attached = attach(data)
    item = {"category": "other", "content": attached.content, "content_type": attached.content_type}
    body = {"organisation": {"orgnr": "0020000006", "name": "x"}, "items": [item]}
    assert [place for place in check("Disclosure", body) if place.startswith("items")] == []
    if attached.content_type != "text/plain":
        assert base64.b64decode(attached.content) == data


def test_the_bound_is_the_contracts() -> None:
    assert len(attach(b"\xff" * LARGEST).content) == 100_000
    for data in (b"\xff" * (LARGEST + 1), b"a" * 100_001):
        with pytest.raises(NotAttached, match="too_big"):
            attach(data)
    with pytest.raises(NotAttached, match="empty"):
        attach(b"")


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (scanner("sys.exit(1)"), "infected"),
        (scanner("sys.exit(2)"), "not_scanned"),
        (["/no/such/scanner"], "not_scanned"),
    ],
)
def test_what_is_not_found_clean_is_not_attached(command: list[str], why: str) -> None:
    with pytest.raises(NotAttached, match=why):
        attach(PNG, command)


def test_the_scanner_sees_the_file_and_nothing_is_left_of_it(tmp_path: Path) -> None:
    kept = tmp_path / "name"
    status = f"open({str(kept)!r}, 'w').write(sys.argv[1]); sys.exit(open(sys.argv[1], 'rb').read() != {PNG!r})"
    assert attach(PNG, scanner(status)).content_type == "image/png"
    assert not Path(kept.read_text()).exists()


def test_nothing_of_a_file_is_shown_by_chance() -> None:
    assert "hemligt" not in repr(Attached("hemligt", "text/plain"))
