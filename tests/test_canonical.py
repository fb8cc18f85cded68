"""JSON as bytes: what is hashed is what the standard library's writer would write, whoever writes it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.model.canonical import canonical, canonical_object, compact, compact_text, parse
from broker.model.vocabulary import Category

_TEXT = st.text(st.characters(codec="utf-8"))
_WHOLE = st.integers(min_value=-(2**63), max_value=2**63 - 1)
_LEAF = st.none() | st.booleans() | _WHOLE | _TEXT
_JSON = st.recursive(_LEAF, lambda inner: st.lists(inner) | st.dictionaries(_TEXT, inner), max_leaves=20)
_OBJECT = st.dictionaries(_TEXT, _JSON)


@given(_OBJECT)
def test_it_is_the_standard_library_s_without_spaces(value: dict[str, object]) -> None:
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert compact(value) == plain.encode() and compact_text(value) == plain
    assert canonical(value) == json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    assert canonical_object(canonical(value)) == parse(plain) == parse(json.dumps(value)) == value


@pytest.mark.parametrize(
    "data",
    [
        *(
            b"",
            b"{",
            b"[]",
            b"1",
            b'{"a": 1}',
            b'{"b":1,"a":1}',
            b'{"a":1,"a":1}',
            b'{"a":1}\n',
            b'\xef\xbb\xbf{"a":1}',
        ),
        *(
            b'{"a":"\\u0061"}',
            b'{"a":"\\ud800"}',
            b'{"a":"\xff"}',
            b'{"a":1.0e0}',
            b'{"a":NaN}',
            b'{"a":-0}',
            b'{"a":01}',
        ),
        *(b'{"a":18446744073709551616}', b'{"a":' * 2000 + b"1" + b"}" * 2000, '{"a":1}', None),
    ],
)
def test_bytes_that_could_be_read_in_two_ways_are_no_object(data: object) -> None:
    assert canonical_object(data) is None


def test_words_of_the_contract_are_texts_and_rows_are_lists() -> None:
    value = {Category.OTHER: (1, Category.SCHOOL_SUPPORT), "a": None}
    assert canonical(value) == b'{"a":null,"other":[1,"school_support"]}'


@pytest.mark.parametrize("value", [2**64, "\ud800", b"bytes", object()])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"a": value})
