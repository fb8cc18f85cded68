"""What makes two messages the same (`kinds.codec`)."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import any_message_json, messages, without_null

from broker.kinds import KINDS, Message
from broker.kinds.codec import Codec, NotAvro

_drawn = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.differing_executors],
)


class CodecContract:
    """Subclasses give `codec`, one for the whole class."""

    codec: Codec

    @_drawn
    @given(message=st.sampled_from(sorted(KINDS)).flatmap(messages))
    def test_what_is_written_is_read_again(self, message: Message) -> None:
        """Reading gives an equal message; writing it again gives the same bytes."""
        data = self.codec.write(message)
        assert self.codec.read(data) == message
        assert self.codec.write(self.codec.read(data)) == data

    @_drawn
    @given(found=any_message_json())
    def test_equal_messages_have_equal_bytes(self, found: dict[str, Any]) -> None:
        """Key order, nulls and the writing of a time do not count."""
        model = KINDS[found["kind"]]
        one = model.model_validate_json(json.dumps(without_null(found)))
        other = model.model_validate_json(json.dumps(dict(reversed(without_null(found).items()))))
        assert self.codec.write(one) == self.codec.write(other)

    @_drawn
    @given(pair=st.tuples(messages("Recall"), messages("Recall")))
    def test_different_messages_have_different_bytes(self, pair: tuple[Message, Message]) -> None:
        """Nothing is lost on the way."""
        one, other = pair
        assert (self.codec.write(one) == self.codec.write(other)) == (one == other)

    @_drawn
    @given(message=messages("Recall"), data=st.data())
    def test_cut_short_or_with_a_byte_left_over_it_is_none(self, message: Message, data: st.DataObject) -> None:
        """NotAvro, and no other error."""
        whole = self.codec.write(message)
        cut = data.draw(st.integers(0, len(whole) - 1))
        for broken in (whole[:cut], whole + whole[:1]):
            with pytest.raises(NotAvro):
                self.codec.read(broken)

    def test_each_version_of_each_kind_has_its_own_fingerprint(self) -> None:
        """Eight bytes in hex: which schema a recorded message was written with."""
        fingerprints = [mark for kind in KINDS for mark in self.codec.fingerprints(kind)]
        assert len(set(fingerprints)) == len(fingerprints) >= len(KINDS)
        assert all(re.fullmatch("[0-9a-f]{16}", fingerprint) for fingerprint in fingerprints)
