"""The Merkle tree of RFC 9162 section 2.1 with SHA-256: roots, proofs and their verification.

Pure: takes and returns hashes, stores nothing. The leaf and node prefixes keep a node from passing as a leaf
(second preimage). A root does not commit to the size of its tree: take root and size from the same signed checkpoint.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import Self

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
TILE = 1 << 12
"""Leaves to a tile: a full subtree, whose root stands for it."""


class ProofError(ValueError):
    """A proof does not show what it should, or a proof was asked for that cannot exist."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of one log entry: SHA-256(0x00 || data) (RFC 9162 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right) (RFC 9162 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class CompactRange:
    """An append-only tree that remembers only the roots of its full subtrees: O(log n) memory."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._size = 0
        self._subtrees: list[bytes] = []  # from the largest to the smallest, one for each 1 bit of the size
        for leaf in leaf_hashes:
            self.append(leaf)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash at the right. Raises ProofError unless it is 32 bytes."""
        _require_hashes(leaf)
        completed = self._size
        while completed & 1:
            leaf = node_hash(self._subtrees.pop(), leaf)
            completed >>= 1
        self._subtrees.append(leaf)
        self._size += 1

    def root(self) -> bytes:
        """Return the root of the tree so far; of the empty tree, SHA-256 of nothing."""
        if not self._subtrees:
            return EMPTY_ROOT
        root = self._subtrees[-1]
        for left in reversed(self._subtrees[:-1]):
            root = node_hash(left, root)
        return root

    def copy(self) -> Self:
        """Return an independent tree of the same leaves, for a writer whose transaction may be rolled back."""
        twin = type(self)()
        twin._size, twin._subtrees = self._size, self._subtrees.copy()
        return twin


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int, size: int) -> list[bytes]:
    """Return the path that shows leaf `index` in the tree of the first `size` leaves (RFC 9162 2.1.3.1).

    Reads each of the first `size` leaf hashes once. Raises ProofError when there is no such leaf.
    """
    if not 0 <= index < size <= len(leaf_hashes):
        raise ProofError("no inclusion proof: the index must lie inside the tree, and the tree inside the log")
    return _path(index, size, lambda start, end: _subtree_root(leaf_hashes, start, end))


class Tiles:
    """A tree whose leaf hashes are read a tile at a time: of full tiles the root is enough, read once or kept.

    In: `hashes` of the leaves from a place to before another; the `kept` root of a full tile by its number, or None.
    """

    def __init__(
        self, hashes: Callable[[int, int], Sequence[bytes]], kept: Callable[[int], bytes | None] = lambda _: None
    ) -> None:
        self._hashes, self._kept = hashes, kept
        self._roots: dict[int, bytes] = {}

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """The same as of the function: one tile and the last are read, of the others what is not kept. ProofError."""
        if not 0 <= index < size:
            raise ProofError("no inclusion proof: the index must lie inside the tree, and the tree inside the log")
        return _path(index, size, self._root)

    def _root(self, start: int, end: int) -> bytes:
        if end - start < TILE:
            return self._read(start, end)
        return CompactRange(self._tile(number, end) for number in range(start // TILE, -(-end // TILE))).root()

    def _tile(self, number: int, end: int) -> bytes:
        """The root of a tile; of the last, as far as the tree goes."""
        start, full = number * TILE, (number + 1) * TILE
        if end < full:
            return self._read(start, end)
        if number not in self._roots:
            self._roots[number] = self._kept(number) or self._read(start, full)
        return self._roots[number]

    def _read(self, start: int, end: int) -> bytes:
        hashes = self._hashes(start, end)
        if len(hashes) != end - start:
            raise ProofError("no inclusion proof: the index must lie inside the tree, and the tree inside the log")
        return CompactRange(hashes).root()


def consistency_proof(leaf_hashes: Sequence[bytes], old_size: int, new_size: int) -> list[bytes]:
    """Return the proof that the tree of `old_size` leaves is a prefix of that of `new_size` (RFC 9162 2.1.4.1).

    Empty when the old tree is empty or both are the same. Raises ProofError when the sizes do not fit the log.
    """
    if not 0 <= old_size <= new_size <= len(leaf_hashes):
        raise ProofError("no consistency proof: the old tree must lie inside the new one, and that inside the log")
    if old_size in (0, new_size):
        return []
    path = []
    start, end = 0, new_size
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(_subtree_root(leaf_hashes, middle, end))
            end = middle
        else:
            path.append(_subtree_root(leaf_hashes, start, middle))
            start = middle
    if start > 0:  # with start 0 the subtree is the whole old tree, whose root the verifier has
        path.append(_subtree_root(leaf_hashes, start, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return if `proof` shows the leaf hash at `index` under `root` of `size` leaves; else raise ProofError.

    RFC 9162 2.1.3.2, step by step. Nothing is in an empty tree.
    """
    _require_hashes(leaf, root, *proof)
    if not 0 <= index < size:
        raise ProofError("inclusion proof: the index lies outside the tree")
    fn, sn = index, size - 1
    computed = leaf
    for sibling in proof:
        if sn == 0:
            raise ProofError("inclusion proof: too long")
        if fn & 1 or fn == sn:
            computed = node_hash(sibling, computed)
            fn, sn = _skip_missing_siblings(fn, sn)
        else:
            computed = node_hash(computed, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ProofError("inclusion proof: too short")
    if computed != root:
        raise ProofError("inclusion proof: it leads to another root")


def verify_consistency(old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Return if `proof` shows that the old tree is a prefix of the new one; else raise ProofError.

    RFC 9162 2.1.4.2, which leaves two cases to the caller: the empty tree is a prefix of every tree and a tree is a
    prefix of itself, both with an empty proof. A tree of size 0 must have the empty root.
    """
    _require_hashes(old_root, new_root, *proof)
    if not 0 <= old_size <= new_size:
        raise ProofError("consistency proof: the old tree is larger than the new one")
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise ProofError("consistency proof: an empty tree has another root")
    if old_size in (0, new_size):
        if proof:
            raise ProofError("consistency proof: too long")
        if old_size == new_size and old_root != new_root:
            raise ProofError("consistency proof: two roots for one size")
        return
    if not proof:
        raise ProofError("consistency proof: too short")
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if sn == 0:
            raise ProofError("consistency proof: too long")
        if fn & 1 or fn == sn:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            fn, sn = _skip_missing_siblings(fn, sn)
        else:
            new = node_hash(new, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise ProofError("consistency proof: too short")
    if old != old_root:
        raise ProofError("consistency proof: it leads to another old root")
    if new != new_root:
        raise ProofError("consistency proof: it leads to another new root")


def _require_hashes(*hashes: bytes) -> None:
    # With other lengths the same bytes could be cut into left and right in two ways.
    if any(not isinstance(item, bytes) or len(item) != HASH_SIZE for item in hashes):
        raise ProofError("a hash is not 32 bytes")


def _path(index: int, size: int, subtree_root: Callable[[int, int], bytes]) -> list[bytes]:
    """From the leaf to the root: the roots of the subtrees beside."""
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree_root(middle, end))
            end = middle
        else:
            path.append(subtree_root(start, middle))
            start = middle
    return path[::-1]


def _split(size: int) -> int:
    """Return the largest power of two smaller than `size` (at least 2): the width of the left subtree."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree_root(leaf_hashes: Sequence[bytes], start: int, end: int) -> bytes:
    return CompactRange(leaf_hashes[i] for i in range(start, end)).root()


def _skip_missing_siblings(fn: int, sn: int) -> tuple[int, int]:
    """At the right edge of the tree, go up past the levels where the node has no sibling."""
    while fn & 1 == 0 and fn != 0:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn
