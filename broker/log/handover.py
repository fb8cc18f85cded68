"""The hand-over of a log's key to the next one: a record of the log, signed by both keys (nyckelbyte).

```
<origin>
handover
<the old public key>
<the new public key>

— <origin> <signature by the old key>
— <origin> <signature by the new key>
```

Where the record stands at place n, checkpoints up to size n + 1, which cover it, are signed by the old key, and larger
ones by the new. Whoever knows any of a log's keys follows them: the old one vouches for the new one, and the new one
says that it goes on with what the old one signed.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

from broker.log.checkpoint import Checkpoint, CheckpointError, SignedNote, VerificationKey
from broker.log.merkle import leaf_hash
from broker.model.canonical import canonical_object
from broker.model.decision import Json

HANDOVER = "handover"
"""The sort of record, where it says what was handed over, and the second line of its note."""


class NoteReader(Protocol):
    """Reads what one key has signed."""

    def text(self, note: str) -> str:
        """The text of a note. Raises CheckpointError where the key has not signed it."""

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a note. Raises CheckpointError."""


@dataclass(frozen=True)
class Handover:
    """From one public key to the next, as its record says."""

    old: str
    new: str
    note: str

    @classmethod
    def read(cls, leaf: bytes) -> Self | None:
        """What a record hands over, in: its bytes; None of any other."""
        return cls.of(canonical_object(leaf) or {})

    @classmethod
    def of(cls, record: Json) -> Self | None:
        """The same, in: what it says."""
        says = record.get(HANDOVER) if record.get("record") == HANDOVER else None
        if not isinstance(says, dict) or says.keys() != {"from", "to", "note"}:
            return None
        old, new, note = (says[name] for name in ("from", "to", "note"))
        return cls(old, new, note) if all(isinstance(one, str) for one in (old, new, note)) else None

    def is_signed(self, reader: Callable[[str], NoteReader]) -> bool:
        """Whether both keys, which bear the same log's name, have signed just this."""
        try:
            text = statement(self.old, self.new)
            return all(reader(key).text(self.note) == text for key in (self.old, self.new))
        except CheckpointError:
            return False


def statement(old: str, new: str) -> str:
    """The text that both sign. Raises CheckpointError for keys that are malformed, the same, or of two logs."""
    before, after = VerificationKey.parse(old), VerificationKey.parse(new)
    if before.name != after.name or before == after:
        raise CheckpointError("key: not the next one of the same log")
    return f"{before.name}\n{HANDOVER}\n{old}\n{new}\n"


class KeyChain:
    """The keys of one log, one after the other, as far as one rightly follows on the other."""

    def __init__(self, vkey: str, records: Iterable[tuple[int, bytes]], reader: Callable[[str], NoteReader]) -> None:
        """In: a public key of the log that is known from elsewhere; its records of hand-overs, with their places.

        Where that key is none of those that they lead over, nothing is handed over: no other key is believed. Raises
        CheckpointError for a key that is malformed.
        """
        self._reader = reader
        self._readers: dict[str, NoteReader] = {}
        self.keys = [vkey]
        self.places: Mapping[int, bytes] = {}
        """Where each is handed over that is believed, and the hash of its record."""
        reader(vkey)
        keys: list[str] = []
        places: dict[int, bytes] = {}
        for seq, leaf in records:
            says = Handover.read(leaf)
            keys = keys or ([says.old] if says else [])
            if says is None or says.old != keys[-1] or says.new in keys or not says.is_signed(reader):
                break
            keys.append(says.new)
            places[seq] = leaf_hash(leaf)
        if vkey in keys:
            self.keys, self.places = keys, places

    @property
    def current(self) -> str:
        """The key that signs what comes next."""
        return self.keys[-1]

    def at(self, size: int) -> str:
        """The key that signs a checkpoint of this size."""
        return self.keys[bisect_right([place + 2 for place in sorted(self.places)], size)]

    def open(self, note: str) -> Checkpoint:
        """The checkpoint in a note by the key of its size. Raises CheckpointError."""
        key = self.at(Checkpoint.parse(SignedNote.parse(note).text).size)
        if key not in self._readers:
            self._readers[key] = self._reader(key)
        return self._readers[key].open(note)
