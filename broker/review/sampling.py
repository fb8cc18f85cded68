"""A sample that nobody can steer: its seed is the checkpoint of the broker's log that follows on the plan.

A plan names the newest checkpoint that there was when it was recorded. The seed is the next one, which names that one
as `previous`: there is only one such, and nobody knew it when the plan was recorded. A stranger who has the plan and
that checkpoint draws the same sample:

    seed   = SHA-256(leaf hash of the plan's record || the checkpoint's text, as it was signed)
    draw i = SHA-256(seed || "," || i as a decimal number), i = 1, 2, …, read as a number, modulo the population's size
    a draw that has come before is passed over, until there are as many as the plan says

A draw is a place in the population: the records that the plan's search found, by their places in the log, the first
being 0. The plan has the digest of that list.

That the plan was there before its seed is what the log of views shows, where its checkpoints are kept or cosigned
elsewhere, and the times in both logs. All plans stand in that log: also one that was made for another sample.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

from broker.log.checkpoint import Checkpoint, CheckpointError
from broker.log.merkle import leaf_hash
from broker.model.canonical import canonical
from broker.model.decision import Json


class SampleError(CheckpointError):
    """Plan, checkpoint and population don't belong together. One line, no values."""


@dataclass(frozen=True)
class Frame:
    """What a plan says of its sample: how many of how many, these by digest, and which checkpoint was the newest."""

    plan: bytes
    size: int
    population: int
    digest: str
    after: str

    def draw(self, checkpoint: Checkpoint) -> list[int]:
        """The sample, as places in the population, in the order drawn. Raises SampleError unless this is the seed.

        The checkpoint's signature is for whoever opened it to have verified.
        """
        if checkpoint.previous.hex() != self.after:
            raise SampleError("sample: the checkpoint does not follow on the one that the plan names")
        seed = sha256(self.plan + checkpoint.body_text().encode()).digest()
        return draw(seed, self.population, self.size)

    def records(self, sample: Sequence[int], population: Sequence[int]) -> list[int]:
        """The same as places in the log. Raises SampleError unless this is the population of the plan."""
        if digest(population) != self.digest or len(population) != self.population:
            raise SampleError("sample: the population is another than the plan's")
        return [population[place] for place in sample]


def frame(leaf: Json) -> Frame:
    """What a plan's record says, as it stands in the log of views. Raises SampleError."""
    try:
        said, log = leaf["population"], leaf["log"]
        size, many, listed, after = leaf["size"], said["size"], said["digest"], log["checkpoint"]
    except (KeyError, TypeError):
        raise SampleError("sample: this is not the record of a plan") from None
    if leaf.get("record") != "plan" or not (0 < size <= many):
        raise SampleError("sample: this is not the record of a plan")
    return Frame(leaf_hash(canonical(leaf)), size, many, listed, after)


def draw(seed: bytes, population: int, size: int) -> list[int]:
    """Different numbers below `population`, which has as many or more, in the order drawn."""
    drawn: dict[int, None] = {}
    for i in count(1):
        if len(drawn) == size:
            return list(drawn)
        drawn.setdefault(int.from_bytes(sha256(seed + b",%d" % i).digest()) % population)
    raise AssertionError


def digest(population: Sequence[int]) -> str:
    """The digest of a list of places in the log: each as a decimal number on a line of its own."""
    return sha256("".join(f"{seq}\n" for seq in population).encode()).hexdigest()
