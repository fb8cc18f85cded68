"""A record's receipt as COSE (RFC 9942): somebody else's verifier accepts each, and none that was tampered with."""

import random
from collections.abc import Iterator
from pathlib import Path

import cbor2
import pytest
from audit_leaves import leaves
from command import samband, sample_folder
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from scitt_cose import verify_receipt

from broker.adapters.cose.receipt import receipt
from broker.adapters.files.signing import Signer
from broker.log.checkpoint import NO_PREVIOUS, Checkpoint, CheckpointError, VerificationKey
from broker.log.merkle import CompactRange, ProofError, inclusion_proof, leaf_hash

data = pytest.fixture(scope="module")(sample_folder)
ORIGIN = "samband.local/audit"
SIZE = 90
LEAVES = leaves(SIZE)
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer(tmp_path_factory.mktemp("key") / "log.key", ORIGIN)


@pytest.fixture(scope="module")
def note(signer: Signer) -> str:
    return signer.sign(Checkpoint(ORIGIN, SIZE, CompactRange(HASHES).root(), NO_PREVIOUS).body_text())


def made(signer: Signer, note: str, seq: int) -> bytes:
    return receipt(signer, note, LEAVES[seq], seq, inclusion_proof(HASHES, seq, SIZE))


def pem(key: VerificationKey) -> bytes:
    public = Ed25519PublicKey.from_public_bytes(key.public)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def accepts(written: bytes, leaf: bytes, key: VerificationKey) -> bool:
    """Whether the verifier does, of a log of the size that was signed: the size in the proof is not (RFC 9942)."""
    told = verify_receipt(written, leaf_entry_hex=leaf.hex(), log_public_key_pem=pem(key))
    return bool(told.ok) and told.subject == f"{told.issuer}/{told.tree_size}/{told.leaf_index}"


def test_every_receipt_is_accepted_with_what_it_claims(signer: Signer, note: str) -> None:
    for seq in range(SIZE):
        told = verify_receipt(
            made(signer, note, seq), leaf_entry_hex=LEAVES[seq].hex(), log_public_key_pem=pem(signer.key)
        )
        assert (told.ok, told.errors, told.tree_size, told.leaf_index) == (True, [], SIZE, seq)
        assert (told.issuer, told.subject) == (ORIGIN, f"{ORIGIN}/{SIZE}/{seq}")
        assert told.protected_header_ext == {4: signer.key.key_id}


def tampered(chance: random.Random, written: bytes) -> Iterator[bytes]:
    """A changed bit, a lost or an added byte; then the same inside the proof, rightly encoded again."""
    at = chance.randrange(len(written))
    yield written[:at] + bytes([written[at] ^ 1 << chance.randrange(8)]) + written[at + 1 :]
    yield written[:at] + written[at + 1 :]
    yield written[:at] + chance.randbytes(1) + written[at:]
    tag = cbor2.loads(written)
    protected, unprotected, payload, signature = tag.value
    size, seq, path = cbor2.loads(unprotected[396][-1][0])
    step = chance.randrange(len(path))
    paths = [[*path[:step], chance.randbytes(32), *path[step + 1 :]], path[:-1], [*path, path[0]], path[::-1]]
    proofs = [(size, seq, one) for one in paths if one != path]
    proofs += [(size + 1 + chance.randrange(200), seq, path), (size, (seq + 1) % size, path)]
    head = cbor2.loads(protected)
    heads = [{**head, 15: {**head[15], chance.choice((1, 2)): "another"}}, {**head, 395: 2}, {**head, 4: b"...."}]
    for proof in proofs:
        yield cbor2.dumps(cbor2.CBORTag(18, [protected, {396: {-1: [cbor2.dumps(list(proof))]}}, payload, signature]))
    for one in heads:
        yield cbor2.dumps(cbor2.CBORTag(18, [cbor2.dumps(one), unprotected, payload, signature]))


def test_a_thousand_tampered_receipts_are_refused(signer: Signer, note: str) -> None:
    chance, tried = random.Random(16), 0
    while tried < 1000:
        seq = chance.randrange(SIZE)
        written = made(signer, note, seq)
        for one in tampered(chance, written):
            if one == written:
                continue
            assert not accepts(one, LEAVES[seq], signer.key), one.hex()
            tried += 1
        assert not accepts(written, LEAVES[seq - 1], signer.key)


def test_another_log_s_key_accepts_none(signer: Signer, note: str, tmp_path: Path) -> None:
    stranger = Signer(tmp_path / "log.key", ORIGIN)
    assert not accepts(made(signer, note, 3), LEAVES[3], stranger.key)
    with pytest.raises(CheckpointError):
        made(stranger, note, 3)


def test_the_key_vouches_for_nothing_that_the_log_does_not(signer: Signer, note: str) -> None:
    with pytest.raises(ProofError):
        receipt(signer, note, LEAVES[4], 3, inclusion_proof(HASHES, 3, SIZE))
    for structure in (b"", note.encode(), b"\x84\x6aSignature1\x40\x40\x58\x20" + bytes(32)):
        with pytest.raises(CheckpointError):
            signer.sign_root(structure, note)


def test_the_command_writes_one_of_the_newest_checkpoint(data: Path, tmp_path: Path) -> None:
    for seq in (0, 5):
        ended = samband("audit", "receipt", "--data", data, "--seq", seq, "--out", tmp_path / f"{seq}.cose")
        assert ended.status == 0, ended.err
    made = samband("audit", "evidence", "--data", data, "--seq", 0, "--seq", 5, "--out", tmp_path / "evidence")
    assert made.status == 0, made.err
    key = VerificationKey.parse((data / "log.vkey").read_text("utf-8").strip())
    for seq, other in ((0, 5), (5, 0)):
        written = (tmp_path / f"{seq}.cose").read_bytes()
        record, another = ((tmp_path / "evidence" / "records" / f"{n}.json").read_bytes() for n in (seq, other))
        assert accepts(written, record, key) and not accepts(written, another, key)
    assert samband("audit", "receipt", "--data", data, "--seq", 99, "--out", tmp_path / "x").status == 1
