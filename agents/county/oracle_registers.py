"""What earlier lines have recorded, as far as later ones may refer to it: the oracle's own registers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from agents.county.oracle_case import Json

_REMEMBERED = timedelta(days=40)
"""How long a message can be referred to in the county: then it is forgotten, so that memory does not grow."""


@dataclass(frozen=True)
class Sent:
    """A message that was delivered."""

    kind: str
    sender: str
    recipient: str
    about: str | None
    day: date
    body: Json = field(default_factory=dict)


@dataclass
class Registers:
    """Delivered messages, consents and agreements."""

    _sent: dict[str, Sent] = field(default_factory=dict)
    _consents: dict[tuple[str, str], Json] = field(default_factory=dict)
    _by_person: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _agreements: dict[tuple[str, str], Json] = field(default_factory=dict)

    def deliver(self, message: str, sent: Sent) -> None:
        """A message went on to its recipient."""
        self._sent[message] = sent
        for oldest in list(self._old(sent.day)):
            del self._sent[oldest]

    def _old(self, day: date) -> Iterator[str]:
        for message, sent in self._sent.items():
            if day - sent.day <= _REMEMBERED:
                return
            yield message

    def delivered(self, message: str | None) -> Sent | None:
        """A delivered message, or None."""
        return self._sent.get(message) if message else None

    def consent_given(self, owner: str, body: Json) -> None:
        """A consent, or a new version of one, at its authority."""
        key = (owner, body["consent"])
        if key not in self._consents and (person := identity(body["subject"])):
            self._by_person.setdefault(person, []).append(key)
        self._consents[key] = body

    def consent_withdrawn(self, owner: str, consent: str) -> bool:
        """Take a consent back; False where the authority has none of that name."""
        body = self._consents.pop((owner, consent), None)
        if body is None:
            return False
        if person := identity(body["subject"]):
            self._by_person[person].remove((owner, consent))
        return True

    def own_consent(self, owner: str, consent: str) -> Json | None:
        """A consent that this authority has registered and that stands."""
        return self._consents.get((owner, consent))

    def consents(self, person: Json) -> list[Json]:
        """Consents that stand for a person, whoever registered them."""
        return [self._consents[key] for key in self._by_person.get(identity(person) or "", ())]

    def agree(self, party: str, body: Json) -> None:
        """A party's confirmation."""
        self._agreements[(party, body["agreement"])] = body

    def agreements(self, one: str, other: str, day: date, in_law: Mapping[str, str]) -> list[Json]:
        """Agreements in force between two parties: each has sent the same body, and is a party to it."""
        found = [body for (party, _), body in self._agreements.items() if party == one]
        return [
            body
            for body in found
            if self._agreements.get((other, body["agreement"])) == body
            and {one, other} <= {in_law.get(party, party) for party in body["parties"]}
            and body["valid_from"] <= day.isoformat() <= body.get("valid_until", "9999-12-31")
        ]


def identity(person: Json) -> str | None:
    """What tells that two messages are about the same person; None for somebody unknown.

    Two who give reserve numbers may give the same to different persons.
    """
    return f"{person['id_type']} {person.get('id_issuer')} {person['id'].upper()}" if person.get("id") else None


def about(body: Json) -> str | None:
    """Whom or what a body is about: same subject means same `id_type` and `id`, or `orgnr`."""
    if body.get("organisation"):
        return f"organisation {body['organisation']['orgnr']}"
    person = body.get("subject")
    return (identity(person) or str(person["id_type"])) if person else None
