"""Messages whose sender is stored nowhere (anonym uppgiftslämnare): how they are told, and what is left of them.

What a line that can't be used may have been decides what is kept of it. One that can't be read may be anybody's, such a
message cut off, broken in two or packed; so nothing of it is kept and nobody is named. The sender learns of it at once,
by the receipt, and has what was sent.
"""

from collections.abc import Iterator

from broker.authorities import ANONYMOUS
from broker.kinds import KINDS, Message, Sender
from broker.kinds.codec import Codec
from broker.model.decision import Json
from broker.model.unusable import Unusable
from broker.model.vocabulary import Role, Unit
from broker.pipeline.decode import AVRO_MARK, object_in, schema_in

_FIELD = "anonymous"
_STEM = "anonym"
"""How the field begins in either language, whatever else is wrong with its name."""
_BODIES = {kind: model.model_fields["body"].annotation.model_fields.keys() for kind, model in KINDS.items()}  # type: ignore[union-attr]
_KINDS = frozenset(kind for kind, fields in _BODIES.items() if _FIELD in fields)
_ENVELOPE = KINDS["Tip"].model_fields.keys()
_ANY_BODY = frozenset[str]().union(*_BODIES.values())


def is_anonymous(message: Message) -> bool:
    """Whether the sender wants to stay unknown."""
    return bool(getattr(message.body, _FIELD, False))


def may_be_anonymous(line: bytes, codec: Codec) -> bool:
    """Whether bytes that are no message could have been meant as such a one: all but what plainly says otherwise."""
    if line.startswith(AVRO_MARK):
        return all(schema_in(line) not in codec.fingerprints(kind) for kind in KINDS.keys() - _KINDS)
    try:
        return not _is_named(object_in(line))
    except Unusable:
        return True


def _is_named(sent: Json) -> bool:
    """Whether it is of a kind that is never anonymous, or each of its fields is known and none asks for it."""
    kind, body = sent.get("kind"), sent.get("body")
    known = _BODIES.get(kind) if isinstance(kind, str) else None
    if known is not None and kind not in _KINDS:
        return not any(_STEM in name.casefold() for name in _names(sent))
    if not isinstance(body, dict) or body.get(_FIELD, False) is not False:
        return False
    return sent.keys() <= _ENVELOPE and body.keys() <= (known or _ANY_BODY)


def _names(value: object) -> Iterator[str]:
    """The names of all fields, at any depth."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names(inner)


def remove_signature(message: Message) -> Message:
    """The message without anything that could name who sends it: not the unit, not the diarienummer."""
    nobody = Sender(authority=ANONYMOUS, role=Role.INDIVIDUAL)
    return message.model_copy(update={"sender": nobody, "case": None})


def origin(sender: Sender) -> Sender:
    """The unit that a rule on such messages asks for; any other, and every role, is as if it had not been stated."""
    asked = sender.unit is Unit.FAMILY_COUNSELLING
    return Sender(authority=ANONYMOUS, unit=sender.unit if asked else Unit.REGISTRY, role=Role.INDIVIDUAL)


def is_nameless(leaf: Json) -> bool:
    """Whether a record is of something that an authority sent and that names nobody as its sender."""
    sender = (leaf.get("sender") or {}).get("authority")
    return sender == ANONYMOUS or (sender is None and leaf["record"] == "quarantine")
