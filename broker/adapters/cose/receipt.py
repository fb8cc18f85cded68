"""Writes the receipt of a record as COSE: a signed root of the log, with the record's way to it (RFC 9942).

What is signed is the root of a checkpoint that the same key has signed: a receipt claims nothing that the log did not.
Whoever verifies it needs the record's bytes and the log's public key; the payload, the root, is left out, as it follows
from the record and the proof. Issuer, subject and key id are those that RFC 9943 asks for: the log, the record in it,
and the id of the note key. A root does not tell how many records are below it, and RFC 9942 leaves the proof's size
unsigned; so the subject names it: `<log>/<size>/<place>`.
"""

from collections.abc import Sequence

from cbor2 import CBORTag, dumps
from cwt import COSE
from cwt.cose_key_interface import COSEKeyInterface

from broker.adapters.files.signing import Signer
from broker.log.merkle import leaf_hash, verify_inclusion

_ALGORITHM, _KEY_ID, _CLAIMS, _STRUCTURE, _PROOFS = 1, 4, 15, 395, 396
_ED25519, _RFC9162_SHA256, _INCLUSION = -8, 1, -1
_ISSUER, _SUBJECT = 1, 2
_OCTET_KEY_PAIR, _SIGN = 1, 1


class _Key(COSEKeyInterface):  # type: ignore[misc,unused-ignore] # unknown where the extra is not installed
    """The log's key, which stays where it is."""

    def __init__(self, signer: Signer, note: str) -> None:
        super().__init__({1: _OCTET_KEY_PAIR, 3: _ED25519, 4: [_SIGN]})
        self._signer = signer
        self._note = note

    def sign(self, msg: bytes) -> bytes:
        """The signature over what COSE signs."""
        return self._signer.sign_root(msg, self._note)


def receipt(signer: Signer, note: str, leaf: bytes, seq: int, path: Sequence[bytes]) -> bytes:
    """The receipt of a record, under the checkpoint in a note that this key has signed.

    In: the record's bytes, its place, and its inclusion proof. Raises CheckpointError when the note is not this log's,
    ProofError when the record does not stand there.
    """
    checkpoint = signer.open(note)
    verify_inclusion(leaf_hash(leaf), seq, checkpoint.size, path, checkpoint.root)
    protected = {
        _ALGORITHM: _ED25519,
        _KEY_ID: signer.key.key_id,
        _CLAIMS: {_ISSUER: checkpoint.origin, _SUBJECT: f"{checkpoint.origin}/{checkpoint.size}/{seq}"},
        _STRUCTURE: _RFC9162_SHA256,
    }
    unprotected = {_PROOFS: {_INCLUSION: [dumps([checkpoint.size, seq, list(path)])]}}
    cose, key = COSE.new(deterministic_header=True), _Key(signer, note)
    signed = cose.encode_and_sign(checkpoint.root, key, protected, unprotected, out="cbor2/CBORTag")
    assert isinstance(signed, CBORTag)
    head, proofs, _, signature = signed.value
    written: bytes = dumps(CBORTag(signed.tag, [head, proofs, None, signature]))
    return written
