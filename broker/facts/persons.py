"""Whom a message concerns, each once: the table of persons in the policy input."""

from collections.abc import Callable, Iterable
from datetime import date

from broker.model.days import age_on
from broker.model.decision import PersonFacts
from broker.model.parts import Subject
from broker.model.vocabulary import ProtectedIdentity
from broker.ports.store import Person


class People:
    """The persons of one message. Two mentions with the same id are one person; without one `tokens` gives None."""

    def __init__(self, day: date, tokens: Callable[[Subject], Person | None]) -> None:
        self._day = day
        self._tokens = tokens
        self._keys: dict[object, str] = {}
        self.table: dict[str, PersonFacts] = {}
        """Each person by key."""
        self.tokens: dict[str, Person] = {}
        """Tokens by key, of those who have any."""

    def concerned_keys(self, mentioned: Iterable[Subject]) -> list[str]:
        """Keys of those whom something concerns, each once.

        A person is protected where any mention says so; an age on which mentions differ is not known.
        """
        return list(dict.fromkeys(map(self._key, mentioned)))

    def _key(self, subject: Subject) -> str:
        age = age_on(self._day, subject.born())
        protected = subject.protected_identity is not ProtectedIdentity.NONE
        tokens = self._tokens(subject)
        key = self._keys.setdefault(tokens or (age, protected), str(len(self._keys)))
        person = self.table.setdefault(key, {"age": age, "protected": protected, "consents": [], "left_out": False})
        if tokens:
            self.tokens[key] = tokens
            person["protected"] = person["protected"] or protected
            person["age"] = age if person["age"] == age else None
        return key
