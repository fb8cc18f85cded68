"""Lines of a file: each one once, in order, and none held longer than it may be."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.cli.lines import lines, open_source
from broker.cli.output import Stop
from broker.pipeline.decode import MAX_BYTES


def read(content: bytes) -> list[bytes]:
    return list(lines(io.BytesIO(content)))


@given(
    st.lists(st.binary(min_size=1).filter(lambda line: b"\n" not in line and line.strip()), max_size=20), st.booleans()
)
def test_lines_come_whole_with_or_without_a_last_end(given: list[bytes], ended: bool) -> None:
    content = b"\n".join(given) + (b"\n" if ended and given else b"")
    assert read(content) == given


def test_an_empty_line_is_a_line_except_a_single_one_at_the_end() -> None:
    assert read(b"a\n\nb\n") == [b"a", b"", b"b"]
    assert read(b"a\n\n") == [b"a"]
    assert read(b"a\n  ") == [b"a"]
    assert read(b"a\n\n\n") == [b"a", b""]
    assert read(b"\n") == []
    assert read(b"") == []


@pytest.mark.parametrize("more", [1, 2, 70_000, MAX_BYTES])
def test_a_line_that_is_too_long_is_cut_and_its_rest_skipped(more: int) -> None:
    content = b"x" * (MAX_BYTES + more) + b"\nnext\n"
    first, second = read(content)
    assert len(first) == MAX_BYTES + 1
    assert second == b"next"


def test_the_longest_line_that_may_be_is_whole() -> None:
    assert list(map(len, read(b"x" * MAX_BYTES + b"\n" + b"y" * MAX_BYTES))) == [MAX_BYTES, MAX_BYTES]


def test_a_line_too_long_without_an_end() -> None:
    assert list(map(len, read(b"x" * (3 * MAX_BYTES)))) == [MAX_BYTES + 1]


def test_a_file_keeps_its_name_and_stdin_has_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, other = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"1\n")
    other.write_bytes(b"1\n")
    monkeypatch.chdir(tmp_path)
    names = []
    for path in (file, Path("a"), other, Path("-"), Path("-")):
        with open_source(path) as source:
            names.append(source.name)
    assert names[0] == names[1]
    assert len(set(names)) == 4
    assert str(tmp_path) not in "".join(names)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Stop) as stopped, open_source(tmp_path / "none"):
        pass
    assert stopped.value.status == 2
