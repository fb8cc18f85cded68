"""Whoever is named again after the key of tokens was changed lies in the registers under the newest key's token."""

from collections.abc import Collection, Iterable

from broker.facts.registers import Registers
from broker.kinds import Message
from broker.ports.store import Store
from broker.ports.writes import Moved


class Moves:
    """Finds what lies under other keys, and moves it before it is asked for: each question of a batch is of one key."""

    def __init__(self, store: Store, registers: Registers) -> None:
        self._store, self._registers = store, registers
        self._there: Collection[str] = ()
        """Tokens of other keys under which something is registered, of those whom the batch names."""

    def foresee(self, messages: Iterable[Message]) -> None:
        """The next messages: what lies under other keys of those whom they name is looked up at once."""
        self._there = self._store.registered_tokens([token for one in messages for token in self._others(one)])

    def of(self, message: Message) -> Moved:
        """What was moved, of all whom this message names; its record tells it."""
        others = self._others(message) if self._there else {}
        moved = tuple((token, now) for token, now in others.items() if token in self._there)
        self._store.move(moved)
        return moved

    def _others(self, message: Message) -> dict[str, str]:
        return self._registers.other_tokens(message.persons(), message.body)
