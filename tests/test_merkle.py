"""The Merkle tree: known vectors, two independent oracles, and proofs that must be refused."""

import hashlib
import random
from collections.abc import Callable
from functools import cache, partial
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from broker.log import merkle
from broker.log.merkle import (
    EMPTY_ROOT,
    CompactRange,
    ProofError,
    Tiles,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

LARGEST = 130
ENTRIES = [f"entry {i}".encode() for i in range(LARGEST)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]

# The eight inputs and the roots at each size that Certificate Transparency's implementations share (RFC 6962).
CT_INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


# The second implementation: the recursive definitions of RFC 9162 2.1.1, 2.1.3.1 and 2.1.4.1 for the entries from
# `start` to before `end`, with the recursion written as in the RFC and nothing taken from the module under test.
def naive_split(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@cache
def naive_root(start: int, end: int) -> bytes:
    if start == end:
        return hashlib.sha256(b"").digest()
    if end - start == 1:
        return hashlib.sha256(b"\x00" + ENTRIES[start]).digest()
    k = start + naive_split(end - start)
    return hashlib.sha256(b"\x01" + naive_root(start, k) + naive_root(k, end)).digest()


def naive_path(m: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    k = naive_split(end - start)
    if m < k:
        return [*naive_path(m, start, start + k), naive_root(start + k, end)]
    return [*naive_path(m - k, start + k, end), naive_root(start, start + k)]


def naive_subproof(m: int, start: int, end: int, known: bool) -> list[bytes]:
    if m == end - start:
        return [] if known else [naive_root(start, end)]
    k = naive_split(end - start)
    if m <= k:
        return [*naive_subproof(m, start, start + k, known), naive_root(start + k, end)]
    return [*naive_subproof(m - k, start + k, end, False), naive_root(start, start + k)]


def inclusion_shape(m: int, n: int) -> str:
    """The sides on which the path is folded. Two places of equal shape cannot be told apart without the size."""
    if n == 1:
        return ""
    k = naive_split(n)
    return inclusion_shape(m, k) + "R" if m < k else inclusion_shape(m - k, n - k) + "L"


def consistency_shape(m: int, n: int, known: bool = True) -> str:
    if m == n:
        return "old root" if known else "node"
    k = naive_split(n)
    return consistency_shape(m, k, known) + "R" if m <= k else consistency_shape(m - k, n - k, False) + "L"


ROOTS = [naive_root(0, size) for size in range(LARGEST + 1)]


def refused(check: Callable[[], None]) -> bool:
    try:
        check()
    except ProofError:
        return True
    return False


@pytest.mark.parametrize("size", range(9))
def test_root_of_the_shared_vectors(size: int) -> None:
    tree = CompactRange(leaf_hash(bytes.fromhex(text)) for text in CT_INPUTS[:size])
    assert tree.root().hex() == CT_ROOTS[size]


def test_worked_example_of_the_rfc() -> None:
    """RFC 9162 2.1.5: the tree of seven leaves, its paths and its proofs by letter."""
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, l_ = node_hash(g, h), node_hash(i, j)
    assert CompactRange(LEAVES[:7]).root() == node_hash(k, l_)
    assert inclusion_proof(LEAVES, 0, 7) == [b, h, l_]
    assert inclusion_proof(LEAVES, 3, 7) == [c, g, l_]
    assert inclusion_proof(LEAVES, 4, 7) == [f, j, k]
    assert inclusion_proof(LEAVES, 6, 7) == [i, k]
    assert consistency_proof(LEAVES, 3, 7) == [c, d, g, l_]
    assert consistency_proof(LEAVES, 4, 7) == [l_]
    assert consistency_proof(LEAVES, 6, 7) == [i, j, k]


def test_compact_range_gives_every_root_and_forgets_the_leaves() -> None:
    tree = CompactRange()
    assert (tree.size, tree.root()) == (0, EMPTY_ROOT)
    for size, leaf in enumerate(LEAVES, start=1):
        tree.append(leaf)
        assert (tree.size, tree.root()) == (size, ROOTS[size])
        assert len(tree._subtrees) == size.bit_count()


def test_copy_is_independent() -> None:
    tree = CompactRange(LEAVES[:11])
    twin = tree.copy()
    twin.append(LEAVES[11])
    assert (tree.size, tree.root()) == (11, ROOTS[11])
    assert (twin.size, twin.root()) == (12, ROOTS[12])


def test_every_inclusion_proof_agrees_with_both_oracles() -> None:
    oracle = InmemoryTree()
    for size in range(1, LARGEST + 1):
        oracle.append_entry(ENTRIES[size - 1])
        assert oracle.get_root() == ROOTS[size]
        for index in range(size):
            proof = inclusion_proof(LEAVES, index, size)
            assert proof == naive_path(index, 0, size)
            assert proof == oracle.prove_inclusion(index + 1, size).path[1:]
            verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize("kept", [True, False])
def test_a_proof_by_tiles_is_the_same_and_reads_two_of_them(monkeypatch: pytest.MonkeyPatch, kept: bool) -> None:
    monkeypatch.setattr(merkle, "TILE", 8)
    roots = {n: CompactRange(LEAVES[8 * n : 8 * n + 8]).root() for n in range(LARGEST // 8)} if kept else {}
    read: list[int] = []

    def hashes(start: int, stop: int) -> list[bytes]:
        read.append(stop - start)
        return LEAVES[start:stop]

    for size in range(1, LARGEST + 1):
        for index in range(size):
            read.clear()
            assert Tiles(hashes, roots.get).inclusion_proof(index, size) == inclusion_proof(LEAVES, index, size)
            assert not kept or sum(read) < 16
    for index, size in [(0, 0), (-1, 5), (5, 5), (0, LARGEST + 1)]:
        with pytest.raises(ProofError):
            Tiles(hashes).inclusion_proof(index, size)


def test_every_consistency_proof_agrees_with_both_oracles() -> None:
    oracle = InmemoryTree()
    oracle.append_entries(ENTRIES)
    for new_size in range(LARGEST + 1):
        for old_size in range(new_size + 1):
            proof = consistency_proof(LEAVES, old_size, new_size)
            assert proof == (naive_subproof(old_size, 0, new_size, True) if old_size else [])
            # pymerkle's own consistency proofs have another form than the RFC's, so it lends its roots only.
            verify_consistency(old_size, new_size, proof, oracle.get_root(old_size), oracle.get_root(new_size))


def test_no_proof_of_what_is_not_there() -> None:
    for index, size in [(0, 0), (-1, 5), (5, 5), (6, 5), (0, LARGEST + 1)]:
        with pytest.raises(ProofError):
            inclusion_proof(LEAVES, index, size)
    for old_size, new_size in [(-1, 5), (6, 5), (0, LARGEST + 1), (-2, -1)]:
        with pytest.raises(ProofError):
            consistency_proof(LEAVES, old_size, new_size)


def test_inclusion_in_empty_and_single_trees() -> None:
    verify_inclusion(LEAVES[0], 0, 1, [], LEAVES[0])
    cases: list[tuple[bytes, int, int, list[bytes], bytes]] = [
        (LEAVES[0], 0, 0, [], EMPTY_ROOT),
        (EMPTY_ROOT, 0, 0, [], EMPTY_ROOT),
        (LEAVES[0], 0, 1, [LEAVES[1]], ROOTS[2]),
        (LEAVES[0], 0, 2, [], LEAVES[0]),
        (LEAVES[0], 1, 1, [], LEAVES[0]),
        (LEAVES[0], -1, 1, [], LEAVES[0]),
        (LEAVES[0], 0, -1, [], LEAVES[0]),
    ]
    for case in cases:
        with pytest.raises(ProofError):
            verify_inclusion(*case)


def test_consistency_with_empty_and_equal_trees() -> None:
    for size in (0, 1, 2, 7, 64):
        verify_consistency(0, size, [], EMPTY_ROOT, ROOTS[size])
        verify_consistency(size, size, [], ROOTS[size], ROOTS[size])
        refusals: list[tuple[int, int, list[bytes], bytes, bytes]] = [
            (0, size, [LEAVES[0]], EMPTY_ROOT, ROOTS[size]),
            (0, size, [], LEAVES[0], ROOTS[size]),
            (size, size, [LEAVES[0]], ROOTS[size], ROOTS[size]),
            (size, size, [], ROOTS[size], ROOTS[size + 1]),
            (0, 0, [], ROOTS[1], ROOTS[1]),
            (-1, size, [], EMPTY_ROOT, ROOTS[size]),
            (size + 1, size, [], ROOTS[size + 1], ROOTS[size]),
            (size + 1, size, [LEAVES[0]], ROOTS[size + 1], ROOTS[size]),
            (0, 0, [], EMPTY_ROOT, ROOTS[1]),
            (size + 1, size + 3, [], ROOTS[size + 1], ROOTS[size + 3]),
        ]
        for case in refusals:
            with pytest.raises(ProofError):
                verify_consistency(*case)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_hashes_of_another_length_are_refused(length: int) -> None:
    """Else the same 64 bytes could be cut in two ways, and both would fold to one root."""
    wrong = b"x" * length
    with pytest.raises(ProofError):
        CompactRange().append(wrong)
    for leaf, proof, root in [(wrong, [LEAVES[1]], ROOTS[2]), (LEAVES[0], [wrong], ROOTS[2]),
                              (LEAVES[0], [LEAVES[1]], wrong)]:  # fmt: skip
        with pytest.raises(ProofError):
            verify_inclusion(leaf, 0, 2, proof, root)
    for proof, old, new in [([wrong], ROOTS[1], ROOTS[2]), ([LEAVES[1]], wrong, ROOTS[2]),
                            ([LEAVES[1]], ROOTS[1], wrong)]:  # fmt: skip
        with pytest.raises(ProofError):
            verify_consistency(1, 2, proof, old, new)


def test_bytes_cut_elsewhere_are_refused() -> None:
    """A leaf of 31 bytes with a sibling of 33 that together are the bytes of two real leaves."""
    whole = LEAVES[0] + LEAVES[1]
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(whole[:31], 0, 2, [whole[31:]], ROOTS[2])
    with pytest.raises(ProofError, match="32 bytes"):
        verify_consistency(1, 2, [whole[31:]], whole[:31], ROOTS[2])


def test_hashes_in_text_are_refused() -> None:
    with pytest.raises(ProofError, match="32 bytes"):
        CompactRange(["x" * 32])  # type: ignore[list-item]
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(LEAVES[0], 0, 1, [], LEAVES[0].hex())  # type: ignore[arg-type]


def test_proof_that_climbs_above_the_tree_is_refused_even_under_the_root_it_leads_to() -> None:
    above = LEAVES[9]
    with pytest.raises(ProofError, match="too long"):
        verify_inclusion(LEAVES[0], 0, 1, [above], node_hash(above, LEAVES[0]))
    with pytest.raises(ProofError, match="too long"):
        verify_inclusion(LEAVES[1], 1, 2, [LEAVES[0], above], node_hash(above, ROOTS[2]))
    proof = [*consistency_proof(LEAVES, 3, 4), above]
    with pytest.raises(ProofError, match="too long"):
        verify_consistency(3, 4, proof, node_hash(above, ROOTS[3]), node_hash(above, ROOTS[4]))


def test_sizes_in_the_wrong_order_are_named_as_such() -> None:
    with pytest.raises(ProofError, match="larger than the new one"):
        verify_consistency(4, 3, [LEAVES[3]], ROOTS[4], ROOTS[3])


def test_a_node_does_not_pass_as_a_leaf() -> None:
    """Second preimage: the two leaves under a node, presented as one entry."""
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


def broken_paths(proof: list[bytes], other: bytes) -> list[list[bytes]]:
    """Each proof that differs from the right one by one fault of form."""
    broken = [[other, *proof], [*proof, other], [*proof, EMPTY_ROOT], [b"", *proof], [*proof, b""]]
    broken += [proof[:i] + proof[i + 1 :] for i in range(len(proof))]
    broken += [[*proof[:i], proof[i], *proof[i:]] for i in range(len(proof))]
    broken += [[*proof[:i], b, a, *proof[i + 2 :]] for i, (a, b) in enumerate(pairwise(proof))]
    broken += [[*proof[:i], bytes([node[0] ^ 1]) + node[1:], *proof[i + 1 :]] for i, node in enumerate(proof)]
    broken += [proof[::-1], proof * 2, [], [other] * 64, [other] * 65]
    return [candidate for candidate in broken if candidate != proof]


def test_every_fault_of_form_is_refused_for_every_small_tree() -> None:
    """The kinds of transparency-dev's proof corpus, for every proof of sizes up to 17."""
    tried = 0
    for size in range(1, 18):
        for index in range(size):
            for proof in broken_paths(inclusion_proof(LEAVES, index, size), LEAVES[99]):
                assert refused(partial(verify_inclusion, LEAVES[index], index, size, proof, ROOTS[size]))
                tried += 1
        for old in range(size + 1):
            for proof in broken_paths(consistency_proof(LEAVES, old, size), LEAVES[99]):
                assert refused(partial(verify_consistency, old, size, proof, ROOTS[old], ROOTS[size]))
                tried += 1
    assert tried > 5_000


def numbers_near(value: int) -> st.SearchStrategy[int]:
    near = [value - 1, value + 1, value ^ 2, value * 2, value // 2, 0, -1, value + (1 << 32), value + (1 << 64)]
    return st.sampled_from([number for number in near if number != value])


@given(st.data())
def test_inclusion_under_another_index_size_leaf_or_root_is_refused(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(LEAVES, index, size)
    other_index = data.draw(numbers_near(index))
    assert refused(lambda: verify_inclusion(LEAVES[index], other_index, size, proof, ROOTS[size]))
    other_leaf = data.draw(st.sampled_from([*LEAVES[:index], *LEAVES[index + 1 :], EMPTY_ROOT, bytes(32)]))
    assert refused(lambda: verify_inclusion(other_leaf, index, size, proof, ROOTS[size]))
    other_root = data.draw(st.sampled_from([*ROOTS[:size], *ROOTS[size + 1 :], bytes(32)]))
    assert refused(lambda: verify_inclusion(LEAVES[index], index, size, proof, other_root))
    other_size = data.draw(numbers_near(size))
    if 0 <= other_size <= LARGEST:
        assert refused(lambda: verify_inclusion(LEAVES[index], index, other_size, proof, ROOTS[other_size]))
    # A root does not commit to its size: with the old root the proof holds exactly where the path has the same shape.
    same_shape = index < other_size and inclusion_shape(index, other_size) == inclusion_shape(index, size)
    assert refused(lambda: verify_inclusion(LEAVES[index], index, other_size, proof, ROOTS[size])) is not same_shape


@given(st.data())
def test_consistency_under_another_size_or_root_is_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, LARGEST))
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(LEAVES, old, new)
    wrong_root = data.draw(st.sampled_from([*ROOTS[:old], *ROOTS[old + 1 :], bytes(32)]))
    assert refused(lambda: verify_consistency(old, new, proof, wrong_root, ROOTS[new]))
    wrong_root = data.draw(st.sampled_from([*ROOTS[:new], *ROOTS[new + 1 :], bytes(32)]))
    assert refused(lambda: verify_consistency(old, new, proof, ROOTS[old], wrong_root))
    if old != new:
        assert refused(lambda: verify_consistency(old, new, proof, ROOTS[new], ROOTS[old]))
        assert refused(lambda: verify_consistency(new, old, proof, ROOTS[new], ROOTS[old]))
    other = data.draw(numbers_near(new))
    if 0 <= other <= LARGEST and not (other == old and proof == []):
        assert refused(lambda: verify_consistency(old, other, proof, ROOTS[old], ROOTS[other]))
    same_shape = old <= other and consistency_shape(old, other) == consistency_shape(old, new)
    assert refused(lambda: verify_consistency(old, other, proof, ROOTS[old], ROOTS[new])) is not same_shape
    other = data.draw(numbers_near(old))
    if 0 < other <= LARGEST:
        assert refused(lambda: verify_consistency(other, new, proof, ROOTS[other], ROOTS[new]))


@given(st.data())
def test_one_flipped_bit_anywhere_is_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, LARGEST))
    old = data.draw(st.integers(1, new - 1))
    index = data.draw(st.integers(0, new - 1))
    place = data.draw(st.integers(0, 32 * 8 - 1))

    def flip(value: bytes) -> bytes:
        return (int.from_bytes(value) ^ (1 << place)).to_bytes(32)

    proof = inclusion_proof(LEAVES, index, new)
    at = data.draw(st.integers(0, len(proof) - 1))
    flipped = [*proof[:at], flip(proof[at]), *proof[at + 1 :]]
    assert refused(lambda: verify_inclusion(LEAVES[index], index, new, flipped, ROOTS[new]))
    assert refused(lambda: verify_inclusion(flip(LEAVES[index]), index, new, proof, ROOTS[new]))
    assert refused(lambda: verify_inclusion(LEAVES[index], index, new, proof, flip(ROOTS[new])))
    proof = consistency_proof(LEAVES, old, new)
    at = data.draw(st.integers(0, len(proof) - 1))
    flipped = [*proof[:at], flip(proof[at]), *proof[at + 1 :]]
    assert refused(lambda: verify_consistency(old, new, flipped, ROOTS[old], ROOTS[new]))
    assert refused(lambda: verify_consistency(old, new, proof, flip(ROOTS[old]), ROOTS[new]))
    assert refused(lambda: verify_consistency(old, new, proof, ROOTS[old], flip(ROOTS[new])))


@given(st.data())
def test_swapped_missing_added_and_random_nodes_are_refused(data: st.DataObject) -> None:
    new = data.draw(st.integers(2, LARGEST))
    old = data.draw(st.integers(1, new - 1))
    index = data.draw(st.integers(0, new - 1))
    inclusion, consistency = inclusion_proof(LEAVES, index, new), consistency_proof(LEAVES, old, new)
    nodes = st.lists(st.one_of(st.sampled_from(LEAVES), st.binary(min_size=32, max_size=32)), max_size=20)
    mixed = data.draw(
        st.one_of(nodes, st.permutations(inclusion), st.permutations(consistency), st.permutations(LEAVES[:9]))
    )
    assume(mixed not in (inclusion, consistency))
    assert refused(lambda: verify_inclusion(LEAVES[index], index, new, mixed, ROOTS[new]))
    assert refused(lambda: verify_consistency(old, new, mixed, ROOTS[old], ROOTS[new]))


@given(st.integers(1, LARGEST - 1), st.data())
def test_a_forked_log_has_no_consistency_proof(old: int, data: st.DataObject) -> None:
    """One leaf of the old tree is replaced: no proof made from the new log leads to the old root."""
    new = data.draw(st.integers(old, LARGEST))
    at = data.draw(st.integers(0, old - 1))
    forked = [*LEAVES[:at], leaf_hash(b"other"), *LEAVES[at + 1 :]]
    proof = consistency_proof(forked, old, new)
    assert refused(lambda: verify_consistency(old, new, proof, ROOTS[old], CompactRange(forked[:new]).root()))


def test_large_trees_at_random_places() -> None:
    source = random.Random(9162)
    size = 1 << 14
    leaves = [leaf_hash(i.to_bytes(4)) for i in range(size)]
    for _ in range(12):
        new = source.randrange(size // 2, size + 1)
        old = source.randrange(1, new)
        index = source.randrange(new)
        root = CompactRange(leaves[:new]).root()
        verify_inclusion(leaves[index], index, new, inclusion_proof(leaves, index, new), root)
        old_root = CompactRange(leaves[:old]).root()
        verify_consistency(old, new, consistency_proof(leaves, old, new), old_root, root)
