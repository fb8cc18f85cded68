"""What earlier lines have recorded, as far as later ones may refer to it: the oracle's own registers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from scenery.oracle.case import Json

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


@dataclass(frozen=True)
class Form:
    """A form about a person: what was said, when (then which came later), and by whom it was withdrawn."""

    owner: str
    body: Json
    time: datetime
    place: int
    withdrawn_by: str | None = None

    @property
    def moment(self) -> tuple[datetime, int]:
        """Of two the higher is the later."""
        return self.time, self.place

    def noes(self) -> list[str]:
        """Who says no in it; a withdrawal is the no of whoever withdrew, unless it was a no that was withdrawn."""
        given = [(signed["role"], signed["answer"]) for signed in self.body["given_by"]]
        if self.withdrawn_by is not None:
            return [self.withdrawn_by] if any(answer == "yes" for _, answer in given) else []
        return [role for role, answer in given if answer == "no"]


@dataclass
class Registers:
    """Delivered messages, consents and agreements."""

    _sent: dict[str, Sent] = field(default_factory=dict)
    _forms: dict[tuple[str, str], "Form"] = field(default_factory=dict)
    _recalled: set[str] = field(default_factory=set)
    _count: int = 0
    _decisions: dict[str, tuple[str, str]] = field(default_factory=dict)
    _inquiries: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
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

    def consent_given(self, owner: str, body: Json, time: datetime) -> None:
        """A consent, or a new version of one, at its authority; one that is older than what stands changes nothing."""
        key = (owner, body["consent"])
        stands = self._forms.get(key)
        if stands is not None and stands.time > time:
            return
        if stands is not None and (person := identity(stands.body["subject"])):
            self._by_person[person].remove(key)
        if person := identity(body["subject"]):
            self._by_person.setdefault(person, []).append(key)
        self._forms[key] = Form(owner, body, time, self._next())

    def consent_withdrawn(self, owner: str, consent: str, by: str, time: datetime) -> bool:
        """Take a consent back; False where the authority has none of that name."""
        stands = self._forms.get((owner, consent))
        if stands is not None and stands.time <= time:
            self._forms[(owner, consent)] = Form(owner, stands.body, time, self._next(), by)
        return stands is not None

    def own_consent(self, owner: str, consent: str) -> "Form | None":
        """A consent that this authority has registered and that stands."""
        form = self._forms.get((owner, consent))
        return form if form is not None and form.withdrawn_by is None else None

    def forms(self, person: Json) -> "list[Form]":
        """Every form about a person, as it stands or was withdrawn, whoever registered it.

        A reserve number without its issuer may be several persons': it matches every no, and no consent.
        """
        about = [self._forms[key] for key in self._by_person.get(identity(person) or "", ())]
        if person["id_type"] != "reserve":
            return about
        same = [form for form in self._forms.values() if _number(form.body["subject"]) == _number(person)]
        bare = [form for form in same if None in (person.get("id_issuer"), form.body["subject"].get("id_issuer"))]
        noes = [form for form in bare if form.noes() or form.withdrawn_by]
        return noes if person.get("id_issuer") is None else [*about, *noes]

    def _next(self) -> int:
        self._count += 1
        return self._count

    def record_decision(self, notification: str, board: str, about: str | None, decision: tuple[str, str]) -> None:
        """A board's decision, status and day, on a notification about a child."""
        self._decisions[notification] = decision
        if about is not None and decision[0] != "not_opened":
            self._inquiries[(board, about)] = decision

    def decision(self, notification: str, board: str, about: str | None) -> tuple[str, str] | None:
        """The decision on a notification; else on the child's inquiry, which settles every notification of it."""
        return self._decisions.get(notification) or self._inquiries.get((board, about or ""))

    def recall(self, message: str) -> None:
        """What is taken back is not answered any more."""
        self._recalled.add(message)

    def is_recalled(self, message: str | None) -> bool:
        """Whether a message has been taken back."""
        return message in self._recalled

    def agree(self, party: str, body: Json) -> None:
        """A party's confirmation."""
        self._agreements[(party, body["agreement"])] = body

    def confirmed_by(self, body: Json) -> set[str]:
        """The parties that have each sent this body."""
        return {party for (party, _), known in self._agreements.items() if known == body}

    def agreements(self, one: str, other: str, day: date, in_law: Mapping[str, str]) -> list[Json]:
        """Agreements in force between two parties: each has sent the same body, and is a party to it."""
        bodies = [body for (party, _), body in self._agreements.items() if party == one]
        return [
            body
            for body in bodies
            if self._agreements.get((other, body["agreement"])) == body
            and {one, other} <= {in_law.get(party, party) for party in body["parties"]}
            and body["valid_from"] <= day.isoformat() <= body.get("valid_until", "9999-12-31")
        ]


def _number(person: Json) -> str | None:
    return str(person["id"]).upper() if person["id_type"] == "reserve" else None


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
