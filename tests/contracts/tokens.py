"""What the gatherer may rely on when it puts a token in a person's place (`ports.tokens`)."""

import re
from typing import Any

import pytest

from broker.ports.tokens import Tokens


class TokensContract:
    """Subclasses give `tokens`, `same` (another instance under the same key) and `other` (under another key)."""

    @pytest.fixture
    def tokens(self) -> Tokens:
        raise NotImplementedError

    @pytest.fixture
    def same(self, tokens: Tokens) -> Tokens:
        raise NotImplementedError

    @pytest.fixture
    def other(self) -> Tokens:
        raise NotImplementedError

    def test_a_token_is_the_same_for_the_same(self, tokens: Tokens, same: Tokens) -> None:
        """Under one key, also after a restart: or consents would be lost."""
        assert tokens.token("person", "1") == tokens.token("person", "1") == same.token("person", "1")
        assert tokens.digest(b"1") == same.digest(b"1")
        assert tokens.key_id == same.key_id

    def test_the_same_letters_give_the_same_token_however_they_are_put_together(self, tokens: Tokens) -> None:
        """NFC: an Å in one piece, or an A with a ring."""
        assert tokens.token("case", "\u00c5 1") == tokens.token("case", "A\u030a 1") == tokens.token("case", "\u212b 1")

    def test_another_value_kind_or_key_gives_another_token(self, tokens: Tokens, other: Tokens) -> None:
        """Nobody without the key can compare; no two kinds can be mixed up."""
        made = [tokens.token("person", "1"), tokens.token("person", "2"), tokens.token("case", "1")]
        made += [tokens.token("perso", "n1"), other.token("person", "1"), tokens.digest(b"1"), other.digest(b"1")]
        made += [tokens.digest(b"person\x001"), tokens.digest(b"person1")]
        assert len(set(made)) == len(made)
        assert tokens.key_id != other.key_id

    @pytest.mark.parametrize("value", ["", "1", "201103042386", "å" * 500, "a\x00b"])
    def test_nothing_is_to_be_read_from_a_token(self, tokens: Tokens, value: str) -> None:
        """64 hex digits whatever went in."""
        assert re.fullmatch("[0-9a-f]{64}", tokens.token("person", value))
        assert re.fullmatch("[0-9a-f]{64}", tokens.digest(value.encode()))

    @pytest.mark.parametrize("kind", ["", "a\x00b"])
    def test_a_kind_is_a_name(self, tokens: Tokens, kind: str) -> None:
        """One that could be mistaken for a part of the value is refused."""
        with pytest.raises(ValueError, match="kind"):
            tokens.token(kind, "1")

    def test_the_key_is_not_shown(self, tokens: Tokens) -> None:
        """Neither in its id nor when it is printed."""
        key: Any = getattr(tokens, "_making").key  # noqa: B009 - of whichever adapter
        assert key.hex() not in repr(tokens) + tokens.key_id
        assert tokens.key_id not in key.hex()

    @pytest.mark.parametrize("text", ["1", "201103042386", "å" * 500, "a\x00b/0000000000000000007"])
    def test_what_is_hidden_is_read_with_the_same_key_alone(
        self, tokens: Tokens, same: Tokens, other: Tokens, text: str
    ) -> None:
        """The same for the same, so that it can be looked for; hex, and nothing to be read from it."""
        hidden = tokens.hide(text)
        assert hidden == same.hide(text) != other.hide(text)
        assert re.fullmatch("[0-9a-f]+", hidden)
        assert (same.reveal(hidden), other.reveal(hidden)) == (text, None)
        assert hidden not in (tokens.token("person", text), tokens.digest(text.encode()))

    @pytest.mark.parametrize("text", ["", "x", "00", "å", "1" * 31, "0" * 64, "0" * 400])
    def test_what_was_not_hidden_is_not_read(self, tokens: Tokens, text: str) -> None:
        """Whatever it is, and also where one sign of it has been changed."""
        assert tokens.reveal(text) is None
        hidden = tokens.hide("somebody")
        assert tokens.reveal(("0" if hidden[0] != "0" else "1") + hidden[1:]) is None
