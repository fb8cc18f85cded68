"""Messages as they stand on a line, for tests that drive the broker. Every person in them is synthetic.

Each builder gives a right message as an object; keyword arguments replace fields of the body. `line` writes it.
"""

import json
from typing import Any

Json = dict[str, Any]

POLICE = "polismyndigheten"
TOWN = "kommun-0127"
OTHER_TOWN = "kommun-0180"
GIRL = {"id_type": "personnummer", "id": "201103042386"}
BOY = {"id_type": "personnummer", "id": "200905062386"}
TIME = "2026-03-02T09:00:00Z"
PROGRAMME = {
    "programme": "sspf",
    "parties": [TOWN, POLICE],
    "purposes": ["prevent"],
    "valid_from": "2026-01-01",
    "valid_until": "2026-12-31",
}


def number(n: int) -> str:
    """The n:th message id: a UUID of version 7."""
    return f"019c1c2e-7b1a-7000-8000-{n:012x}"


def line(message: Json) -> bytes:
    """One line, without its end."""
    return json.dumps(message, ensure_ascii=False).encode()


def message(n: int, kind: str, sender: str, recipient: str, body: Json, **envelope: Any) -> Json:
    """A message of any kind; `unit` and `role` are the sender's."""
    stated = {name: envelope.pop(name) for name in ("unit", "role") if name in envelope}
    return {
        "id": number(n),
        "kind": kind,
        "sender": {"authority": sender, **stated},
        "recipient": {"authority": recipient},
        "time": TIME,
        "body": body,
    } | envelope


def request(n: int, *categories: str, sender: str = POLICE, recipient: str = TOWN, **changes: Any) -> Json:
    """The police ask the municipality about a girl."""
    body = {"purpose": "prevent", "need": "Se ärendet.", "subject": GIRL, "categories": list(categories or ["housing"])}
    return message(n, "InformationRequest", sender, recipient, body | changes)


def no_provision(reason: str = "Uppgiften är offentlig.") -> Json:
    """The answer that no provision on secrecy applies to an item."""
    return {"test": "no_provision_applies", "holds": True, "assessed_by": "registrator", "reason": reason}


def open_item(category: str = "housing", **changes: Any) -> Json:
    """An item that no secrecy covers, as somebody has said: released."""
    return {"category": category, "content": "Uppgift.", "assessments": [no_provision()]} | changes


def closed_item(category: str = "health_record", **changes: Any) -> Json:
    """An item that no ground of this sender reaches without an answer: not released."""
    return {"category": category, "content": "Uppgift.", "secrecy": ["OSL 25:7"]} | changes


def secret_item(category: str = "social_record", **changes: Any) -> Json:
    """An item of the social services' (OSL 26:1), released only with a ground that reaches it."""
    return {"category": category, "content": "Uppgift.", "secrecy": ["OSL 26:1"]} | changes


def disclosure(
    n: int, *items: Json, reply: int | str | None = None, sender: str = TOWN, recipient: str = POLICE, **changes: Any
) -> Json:
    """The municipality's social services tell the police about a girl."""
    body = {"subject": GIRL, "items": list(items or [open_item()]), "purpose": "prevent"} | changes
    to = number(reply) if isinstance(reply, int) else reply
    unit = {"unit": "social_services", "role": "caseworker"}
    return message(n, "Disclosure", sender, recipient, body, in_reply_to=to, **unit)


def refusal(n: int, *categories: str, reply: int, sender: str = TOWN, recipient: str = POLICE) -> Json:
    """The municipality refuses."""
    body = {"categories": list(categories or ["housing"]), "reason": "cannot_say"}
    return message(n, "Refusal", sender, recipient, body, in_reply_to=number(reply))


def recall(n: int, recalled: int, *, sender: str = TOWN, recipient: str = POLICE) -> Json:
    """A message is taken back."""
    return message(n, "Recall", sender, recipient, {"message": number(recalled)})


def consent(n: int, *, by: str = TOWN, **changes: Any) -> Json:
    """The girl, fifteen, and both guardians consent in writing."""
    signed = [{"role": role, "answer": "yes"} for role in ("subject", "guardian", "guardian")]
    body = PROGRAMME | {"consent": "S-1", "subject": GIRL, "given_by": signed, "guardians": 2, "form": "written"}
    return message(n, "ConsentGiven", by, by, body | {"categories": ["social_record"]} | changes)


def withdrawal(n: int, *, by: str = TOWN, consent: str = "S-1") -> Json:
    """The consent is withdrawn."""
    return message(n, "ConsentWithdrawn", by, by, {"consent": consent, "by": "subject"})


def agreement(n: int, *, by: str = TOWN, **changes: Any) -> Json:
    """A party confirms a cooperation agreement that asks for the young person's own signature."""
    body = PROGRAMME | {"agreement": "Ö-1", "area": ["0127"], "signers": [{"from_age": 12, "subject": True}]}
    return message(n, "CooperationAgreement", by, by, body | changes)
