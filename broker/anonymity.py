"""Messages whose sender is stored nowhere (anonym uppgiftslämnare): how they are told, and what is left of them."""

from broker.authorities import ANONYMOUS
from broker.intake import schema_in
from broker.messages import KINDS, Message, Sender
from broker.ports import Codec
from broker.vocabulary import Role

_FIELD = "anonymous"
_KINDS = [kind for kind, model in KINDS.items() if _FIELD in model.model_fields["body"].annotation.model_fields]  # type: ignore[union-attr]


def is_anonymous(message: Message) -> bool:
    """Whether the sender wants to stay unknown."""
    return bool(getattr(message.body, _FIELD, False))


def may_be_anonymous(line: bytes, codec: Codec) -> bool:
    """Whether bytes that are not read could be such a message's: then nothing is kept that could name the sender."""
    return _FIELD.encode() in line or any(schema_in(line) in codec.fingerprints(kind) for kind in _KINDS)


def unsigned(message: Message) -> Message:
    """The message without anything that could name who sends it: not the desk, not the diarienummer."""
    nobody = Sender(authority=ANONYMOUS, role=Role.INDIVIDUAL)
    return message.model_copy(update={"sender": nobody, "case": None})
