"""Checkpoints as text, the keys that sign them, and the files that hold the keys."""

import base64
import errno
import hashlib
import hmac
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.adapters.files import signing
from broker.adapters.files.signing import KeyFileError, Signer, TokenKey, Verifier
from broker.log.checkpoint import (
    MAX_SIGNATURES,
    MAX_SIZE,
    NO_PREVIOUS,
    Checkpoint,
    CheckpointError,
    NoteSignature,
    SignedNote,
    VerificationKey,
    note_hash,
)
from broker.log.merkle import EMPTY_ROOT

ORIGIN = "samband.example/log"
ROOT = hashlib.sha256(b"some root").digest()
CHECKPOINT = Checkpoint(ORIGIN, 500, ROOT, NO_PREVIOUS)

# The example of Go's golang.org/x/mod/sumdb/note: the format that C2SP wrote down.
GO_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    GO_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer(tmp_path_factory.mktemp("keys") / "log.key", ORIGIN)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """Another key under the same name."""
    return Signer(tmp_path_factory.mktemp("stranger") / "log.key", ORIGIN)


def signed_by(signer: Signer, text: str) -> str:
    """A note over any text, signed as the holder of the key could: `sign` itself refuses all but checkpoints."""
    return str(SignedNote(text, (NoteSignature(ORIGIN, signer.key.key_id, signer._private.sign(text.encode())),)))


# ---- the body


def test_body_is_the_four_lines_of_the_format() -> None:
    empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    body = Checkpoint(ORIGIN, 0, EMPTY_ROOT, NO_PREVIOUS).body_text()
    assert body == f"{ORIGIN}\n0\n{empty}\nprevious {empty}\n"


names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"), min_size=1).filter(
    lambda name: not any(sign.isspace() for sign in name)
)
hashes = st.binary(min_size=32, max_size=32)


@given(names, st.integers(1, MAX_SIZE), hashes, hashes)
def test_every_checkpoint_survives_the_round_trip(origin: str, size: int, root: bytes, previous: bytes) -> None:
    checkpoint = Checkpoint(origin, size, root, previous)
    assert Checkpoint.parse(checkpoint.body_text()) == checkpoint


@given(st.text(st.sampled_from("0123+-=/AQ previous\n\r\t—å"), max_size=120))
def test_what_parses_is_written_the_same_way(text: str) -> None:
    """One checkpoint has one text, whatever is tried."""
    try:
        checkpoint = Checkpoint.parse(text)
    except CheckpointError:
        return
    assert checkpoint.body_text() == text


def with_line(number: int, text: str) -> str:
    lines = CHECKPOINT.body_text().split("\n")
    lines[number] = text
    return "\n".join(lines)


ROOT_TEXT = base64.b64encode(ROOT).decode()
# 32 bytes end in one base64 sign that carries two bits of nothing: the next sign decodes to the same bytes.
NOT_CANONICAL = ROOT_TEXT[:-2] + chr(ord(ROOT_TEXT[-2]) + 1) + "="
MALFORMED = {
    "empty": "",
    "only a newline": "\n",
    "no final newline": CHECKPOINT.body_text()[:-1],
    "another last sign": CHECKPOINT.body_text()[:-1] + "x",
    "two final newlines": CHECKPOINT.body_text() + "\n",
    "leading newline": "\n" + CHECKPOINT.body_text(),
    "crlf": CHECKPOINT.body_text().replace("\n", "\r\n"),
    "cr": CHECKPOINT.body_text().replace("\n", "\r"),
    "one crlf": CHECKPOINT.body_text().replace("\n", "\r\n", 1),
    "blank line inside": CHECKPOINT.body_text().replace("\n", "\n\n", 1),
    "no origin": with_line(0, ""),
    "space in origin": with_line(0, "samband example"),
    "no-break space in origin": with_line(0, "samband\N{NO-BREAK SPACE}example"),
    "plus in origin": with_line(0, "samband+example"),
    "tab in origin": with_line(0, "samband\texample"),
    "zero byte in origin": with_line(0, "samband\x00example"),
    "lone surrogate in origin": with_line(0, "samband\ud800"),
    "line separator in origin": with_line(0, "samband\u2028example"),
    "no size": with_line(1, ""),
    "leading zero": with_line(1, "0500"),
    "zeros": with_line(1, "00"),
    "plus before size": with_line(1, "+500"),
    "negative size": with_line(1, "-500"),
    "space before size": with_line(1, " 500"),
    "space after size": with_line(1, "500 "),
    "underscore in size": with_line(1, "5_00"),
    "exponent": with_line(1, "5e2"),
    "hexadecimal": with_line(1, "0x1f4"),
    "fraction": with_line(1, "500.0"),
    "other digits": with_line(1, "\u0665\u0660\u0660"),
    "size over 63 bits": with_line(1, str(MAX_SIZE + 1)),
    "size of 5,000 digits": with_line(1, "9" * 5000),
    "no root": with_line(2, ""),
    "root not base64": with_line(2, "*" * 44),
    "root without padding": with_line(2, ROOT_TEXT[:-1]),
    "root with too much padding": with_line(2, ROOT_TEXT + "="),
    "root not canonical": with_line(2, NOT_CANONICAL),
    "root in the url alphabet": with_line(2, base64.urlsafe_b64encode(b"\xff" * 32).decode()),
    "root in hex": with_line(2, ROOT.hex()),
    "root with a space": with_line(2, ROOT_TEXT + " "),
    "root of 31 bytes": with_line(2, base64.b64encode(ROOT[:31]).decode()),
    "root of 33 bytes": with_line(2, base64.b64encode(ROOT + b"x").decode()),
    "previous line missing": "\n".join(CHECKPOINT.body_text().split("\n")[:3]) + "\n",
    "previous line empty": with_line(3, ""),
    "previous without word": with_line(3, ROOT_TEXT),
    "previous with capital": with_line(3, f"Previous {ROOT_TEXT}"),
    "previous with two spaces": with_line(3, f"previous  {ROOT_TEXT}"),
    "previous not canonical": with_line(3, f"previous {NOT_CANONICAL}"),
    "previous of 31 bytes": with_line(3, f"previous {base64.b64encode(ROOT[:31]).decode()}"),
    "extension line": CHECKPOINT.body_text() + "policy abc\n",
    "two previous lines": CHECKPOINT.body_text() + f"previous {ROOT_TEXT}\n",
    "extension before previous": with_line(2, ROOT_TEXT + "\npolicy abc"),
    "size 0 with a root": with_line(1, "0"),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_malformed_body_is_refused_also_when_rightly_signed(kind: str, signer: Signer) -> None:
    text = MALFORMED[kind]
    with pytest.raises(CheckpointError) as error:
        Checkpoint.parse(text)
    assert "\n" not in str(error.value)
    with pytest.raises(CheckpointError):
        signer.sign(text)
    if "\ud800" not in text:
        with pytest.raises(CheckpointError):
            Verifier(signer.vkey).open(signed_by(signer, text))


def test_checkpoint_that_cannot_be_written_cannot_be_made() -> None:
    wrong: list[dict[str, object]] = [
        {"origin": ""}, {"origin": "a b"}, {"origin": "a\nb"}, {"origin": "a+b"}, {"origin": "a\x00b"},
        {"origin": "a\ud800"}, {"size": -1}, {"size": MAX_SIZE + 1},
        {"size": 1 << 63}, {"size": True}, {"size": 0}, {"root": ROOT[:31]}, {"root": ROOT + b"x"}, {"previous": b""},
    ]  # fmt: skip
    for change in wrong:
        with pytest.raises(CheckpointError):
            replace(CHECKPOINT, **change)  # type: ignore[arg-type]
    assert Checkpoint.parse(replace(CHECKPOINT, size=(1 << 63) - 1).body_text()).size == MAX_SIZE


# ---- keys


def test_key_text_of_the_go_example() -> None:
    key = VerificationKey.parse(GO_VKEY)
    assert (key.name, key.key_id.hex(), key.vkey) == ("PeterNeumann", "c74f20a3", GO_VKEY)


@given(names, hashes)
def test_every_key_survives_the_round_trip(name: str, public: bytes) -> None:
    key = VerificationKey(name, public)
    assert key.key_id == hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]
    assert VerificationKey.parse(key.vkey) == key


@pytest.mark.parametrize(
    "vkey",
    [
        "", "PeterNeumann", "PeterNeumann+c74f20a3", "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        GO_VKEY.replace("c74f20a3", "C74F20A3"), GO_VKEY.replace("c74f20a3", "c74f20a4"),
        GO_VKEY.replace("c74f20a3", "c74f20a"), GO_VKEY.replace("c74f20a3", " 74f20a3"),
        GO_VKEY.replace("PeterNeumann", "Peter"), GO_VKEY.replace("PeterNeumann", "Peter Neumann"),
        GO_VKEY + "=", GO_VKEY + "\n", GO_VKEY[:-4], GO_VKEY[:-1] + "=", GO_VKEY.replace("+ARpc", "+Ahpc"),
        GO_VKEY + "AAAA", GO_SKEY,
    ],
)  # fmt: skip
def test_malformed_key_is_refused(vkey: str) -> None:
    with pytest.raises(CheckpointError):
        Verifier(vkey)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_key_of_another_length_is_refused(length: int) -> None:
    public = bytes(length)
    with pytest.raises(CheckpointError, match="32 bytes"):
        VerificationKey("PeterNeumann", public)
    key_id = hashlib.sha256(b"PeterNeumann\n\x01" + public).hexdigest()[:8]
    with pytest.raises(CheckpointError, match="32 bytes"):
        Verifier("+".join(["PeterNeumann", key_id, base64.b64encode(b"\x01" + public).decode()]))


# ---- the note


def test_note_of_the_go_example_verifies() -> None:
    verifier = Verifier(GO_VKEY)
    assert verifier.text(GO_NOTE) == GO_TEXT
    assert str(SignedNote.parse(GO_NOTE)) == GO_NOTE
    with pytest.raises(CheckpointError):
        verifier.text(GO_NOTE.replace("answer", "anwser"))
    with pytest.raises(CheckpointError):
        verifier.open(GO_NOTE)  # well signed, no checkpoint


def test_go_key_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    path.write_text(GO_SKEY + "\n")
    path.chmod(0o600)
    assert Signer(path, "PeterNeumann").vkey == GO_VKEY


def test_signed_checkpoint_opens(signer: Signer) -> None:
    note = signer.sign(CHECKPOINT.body_text())
    assert note.startswith(CHECKPOINT.body_text() + f"\n— {ORIGIN} ")
    assert Verifier(signer.vkey).open(note) == CHECKPOINT
    assert note == signer.sign(CHECKPOINT.body_text())  # Ed25519 is deterministic: the chain of notes can be made again


def signature_line(name: str, key_id: bytes, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(key_id + signature).decode()}\n"


def test_unknown_signatures_are_ignored(signer: Signer, stranger: Signer) -> None:
    note = signer.sign(CHECKPOINT.body_text())
    ours = note.rpartition("\n\n")[2]
    unknown = [
        stranger.sign(CHECKPOINT.body_text()).rpartition("\n\n")[2],  # same name, other key
        signature_line("witness.example/w1", signer.key.key_id, bytes(64)),  # same key id, other name
        signature_line("witness.example/w2", b"\x01\x02\x03\x04", bytes(72)),
        signature_line("witness.example/pq", b"\x01\x02\x03\x05", bytes(2428)),
        signature_line("witness.example/pq", b"\x01\x02\x03\x05", b"x"),
        signature_line("vittne.example/å", b"\x01\x02\x03\x06", bytes(64)),
    ]
    body = CHECKPOINT.body_text() + "\n"
    assert Verifier(signer.vkey).open(body + ours + "".join(unknown)) == CHECKPOINT
    assert Verifier(signer.vkey).open(body + "".join(unknown) + ours) == CHECKPOINT
    assert Verifier(signer.vkey).open(body + "".join(unknown * 2) + ours) == CHECKPOINT
    with pytest.raises(CheckpointError, match="not signed by the key"):
        Verifier(signer.vkey).open(body + "".join(unknown))


def note_faults(signer: Signer, stranger: Signer) -> dict[str, str]:
    body = CHECKPOINT.body_text()
    note = signer.sign(body)
    ours = note.rpartition("\n\n")[2]
    mark, name, payload = ours[:-1].split(" ")
    raw = base64.b64decode(payload)
    key_id, signature = raw[:4], raw[4:]
    flipped = bytes([signature[0] ^ 1]) + signature[1:]
    # The other writing of the same signature: s + L, which RFC 8032 has verifiers refuse.
    order = (1 << 252) + 27742317777372353535851937790883648493
    other_s = (int.from_bytes(signature[32:], "little") + order).to_bytes(32, "little")
    elsewhere = replace(CHECKPOINT, origin="samband.example/other").body_text()
    larger = replace(CHECKPOINT, size=501).body_text()
    return {
        "empty": "",
        "no signature": body,
        "no signature line": body + "\n",
        "no final newline": note[:-1],
        "another last sign": note[:-1] + "A",
        "crlf": note.replace("\n", "\r\n"),
        "crlf in signature line": note[:-1] + "\r\n",
        "blank line after": note + "\n",
        "two blank lines before": body + "\n\n" + ours,
        "no blank line before": body + ours,
        "blank line between signatures": note + "\n" + signature_line("w.example", b"abcd", bytes(64)),
        "blank line first": "\n" + note,
        "text after": note + "more\n",
        "duplicate": note + ours,
        "duplicate, first wrong": body + "\n" + signature_line(ORIGIN, key_id, flipped) + ours,
        "duplicate, second wrong": note + signature_line(ORIGIN, key_id, flipped),
        "flipped signature bit": body + "\n" + signature_line(ORIGIN, key_id, flipped),
        "signature written with s + L": body + "\n" + signature_line(ORIGIN, key_id, signature[:32] + other_s),
        "zero signature": body + "\n" + signature_line(ORIGIN, key_id, bytes(64)),
        "short signature": body + "\n" + signature_line(ORIGIN, key_id, signature[:63]),
        "long signature": body + "\n" + signature_line(ORIGIN, key_id, signature + b"x"),
        "only a key id": body + "\n" + signature_line(ORIGIN, key_id, b""),
        "other key": stranger.sign(body),
        "other key under our key id": body + "\n"
        + signature_line(ORIGIN, key_id, stranger._private.sign(body.encode())),
        "other name": note.replace(f"— {ORIGIN}", "— samband.example/other"),
        "other origin in the text": note.replace(ORIGIN, "samband.example/other", 1),
        "other origin, signed": signed_by(signer, elsewhere),
        "other text signed": body + "\n" + signed_by(signer, larger).split("\n\n")[1],
        "signature of body without its newline": body + "\n"
        + signature_line(ORIGIN, key_id, signer._private.sign(body[:-1].encode())),
        "size changed": note.replace("\n500\n", "\n501\n"),
        "hyphen for dash": note.replace("— ", "- "),
        "en dash": note.replace("— ", "\N{EN DASH} "),
        "no space after dash": note.replace("— ", "—"),
        "two spaces": note.replace(f"{ORIGIN} ", f"{ORIGIN}  "),
        "trailing space": note[:-1] + " \n",
        "no-break space": body + f"\n{mark} {name}\N{NO-BREAK SPACE}{payload}\n",
        "signature not base64": body + f"\n{mark} {name} *{payload[1:]}\n",
        "signature without padding": body + f"\n{mark} {name} {payload.rstrip('=')}\n",
        "signature in the url alphabet": body + f"\n{mark} {name} {payload[:-4]}-_A=\n",
        "unknown signature malformed": note + "— witness.example *\n",
        "unknown signature without payload": note + "— witness.example\n",
        "unknown signature with a plus in its name": note + signature_line("a+b", b"abcd", bytes(64)),
        "tab": note.replace(" ", "\t"),
        "zero byte": note + "\x00",
        "lone surrogate": note.replace("samband", "\udcffsamband"),
        "byte order mark": "\ufeff" + note,
        "lone surrogate in the text": note.replace("samband", "\udcffsamband", 1),
        "unknown signature without a dash": note + "witness.example AAAAAAAA\n",
        "unknown signature of four bytes": note + "— witness.example AAAAAA==\n",
        "too many signatures": body + "\n" + signature_line("w", b"abcd", bytes(64)) * MAX_SIGNATURES + ours,
        "too long": body + "\n" + signature_line("w", b"abcd", bytes(1 << 20)) + ours,
    }  # fmt: skip


def test_every_fault_of_a_note_is_refused(signer: Signer, stranger: Signer) -> None:
    verifier = Verifier(signer.vkey)
    faults = note_faults(signer, stranger)
    assert len(set(faults.values())) == len(faults)
    for kind, note in faults.items():
        with pytest.raises(CheckpointError) as error:
            raise AssertionError(f"{kind}: opened as {verifier.open(note)}")
        assert "\n" not in str(error.value), kind


def test_form_of_a_note_is_judged_before_any_signature(signer: Signer) -> None:
    with pytest.raises(CheckpointError, match="empty line"):
        SignedNote.parse("— witness.example AAAAAAAA\n")
    with pytest.raises(CheckpointError, match="control sign"):
        Verifier(signer.vkey).text(signed_by(signer, "a\ttab\n"))
    short = str(SignedNote("text\n", (NoteSignature(ORIGIN, signer.key.key_id, bytes(63)),)))
    with pytest.raises(CheckpointError, match="64 bytes"):
        SignedNote.parse(short).signature_by(signer.key)


def test_many_signatures_are_accepted_up_to_the_limit(signer: Signer) -> None:
    unknown = signature_line("w", b"abcd", bytes(64)) * (MAX_SIGNATURES - 1)
    assert Verifier(signer.vkey).open(signer.sign(CHECKPOINT.body_text()) + unknown) == CHECKPOINT


@given(data=st.data())
def test_one_changed_byte_of_a_note_is_refused(data: st.DataObject, signer: Signer) -> None:
    note = bytearray(signer.sign(CHECKPOINT.body_text()).encode())
    at = data.draw(st.integers(0, len(note) - 1))
    note[at] ^= data.draw(st.integers(1, 255))
    try:
        text = note.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(CheckpointError):
        Verifier(signer.vkey).open(text)


def test_signer_signs_only_checkpoints_of_its_own_log(signer: Signer) -> None:
    with pytest.raises(CheckpointError):
        signer.sign(GO_TEXT)
    with pytest.raises(CheckpointError):
        signer.sign(replace(CHECKPOINT, origin="samband.example/other").body_text())


def test_note_hash_covers_the_signature_lines(signer: Signer) -> None:
    note = signer.sign(CHECKPOINT.body_text())
    assert note_hash(note) == hashlib.sha256(note.encode()).digest()
    assert note_hash("") == NO_PREVIOUS == EMPTY_ROOT


# ---- key files: the same rules for both secrets


def open_signer(path: Path, *, create: bool = True) -> str:
    return Signer(path, ORIGIN, create=create).vkey


def open_token_key(path: Path, *, create: bool = True) -> str:
    return TokenKey(path, create=create).key_id


both = pytest.mark.parametrize("open_key", [open_signer, open_token_key])
OpenKey = Callable[..., str]


@both
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_new_key_is_for_its_owner_only(open_key: OpenKey, umask: int, tmp_path: Path) -> None:
    path = tmp_path / "data" / "keys" / "secret"
    before = os.umask(umask)
    try:
        open_key(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@both
def test_the_same_key_is_loaded_again(open_key: OpenKey, tmp_path: Path) -> None:
    first, content = open_key(tmp_path / "secret"), (tmp_path / "secret").read_bytes()
    assert open_key(tmp_path / "secret") == first == open_key(tmp_path / "secret", create=False)
    assert (tmp_path / "secret").read_bytes() == content
    assert open_key(tmp_path / "another") != first


def one_line(error: pytest.ExceptionInfo[KeyFileError], path: Path) -> None:
    assert str(path) in str(error.value) and "\n" not in str(error.value)


@both
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o777, 0o610, 0o601])
def test_key_open_to_others_is_refused(open_key: OpenKey, mode: int, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    open_key(path)
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600") as error:
        open_key(path)
    one_line(error, path)
    path.chmod(0o400)
    open_key(path)


@both
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o1777])
def test_folder_that_others_can_write_is_refused(open_key: OpenKey, mode: int, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 700") as error:
        open_key(folder / "secret")
    one_line(error, folder)
    assert not (folder / "secret").exists()


@both
def test_lost_key_is_not_replaced_when_none_may_be_made(open_key: OpenKey, tmp_path: Path) -> None:
    for path in (tmp_path / "secret", tmp_path / "missing" / "secret"):
        with pytest.raises(KeyFileError, match="restore it") as error:
            open_key(path, create=False)
        one_line(error, path)
    assert list(tmp_path.iterdir()) == []


@both
@pytest.mark.parametrize("content", [b"", b"\n", b"x", b"\xff" * 31, b"\xff" * 33, b"PRIVATE+KEY+a+b+c", b"\0" * 5000])
def test_damaged_key_is_refused_and_left_alone(open_key: OpenKey, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError) as error:
        open_key(path)
    one_line(error, path)
    assert path.read_bytes() == content


@both
def test_links_pipes_and_folders_are_no_key_files(open_key: OpenKey, tmp_path: Path) -> None:
    open_key(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(mode=0o700)
    for name in ("link", "dangling", "pipe", "folder", "real/below"):
        with pytest.raises(KeyFileError) as error:
            open_key(tmp_path / name)
        assert "\n" not in str(error.value)
    with pytest.raises(KeyFileError, match="not a plain file"):
        open_key(tmp_path / "pipe")
    assert not (tmp_path / "nowhere").exists()


@both
def test_new_key_is_on_disk_before_it_is_used(
    open_key: OpenKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both the content and the name in its folder."""
    synced: list[tuple[int, int]] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        synced.append((os.fstat(descriptor).st_ino, os.fstat(descriptor).st_size))

    monkeypatch.setattr(os, "fsync", fsync)
    open_key(tmp_path / "secret")
    file, folder = (tmp_path / "secret").stat(), tmp_path.stat()
    assert synced[0] == (file.st_ino, file.st_size)
    assert [inode for inode, _ in synced] == [file.st_ino, folder.st_ino]


@both
def test_key_that_another_process_made_meanwhile_is_not_overwritten(
    open_key: OpenKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_key(tmp_path / "secret")
    content = (tmp_path / "secret").read_bytes()

    def not_there_yet(path: Path) -> bytes:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")

    monkeypatch.setattr(signing, "_read", not_there_yet)
    with pytest.raises(KeyFileError, match="File exists"):
        open_key(tmp_path / "secret")
    assert (tmp_path / "secret").read_bytes() == content


@both
def test_full_disk_leaves_no_half_key(open_key: OpenKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(KeyFileError, match="No space left") as error:
            open_key(tmp_path / "secret")
    one_line(error, tmp_path / "secret")
    assert list(tmp_path.iterdir()) == []
    open_key(tmp_path / "secret")


@both
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_key_of_another_account_is_refused(open_key: OpenKey, tmp_path: Path) -> None:
    open_key(tmp_path / "secret")
    os.chown(tmp_path / "secret", 12345, -1)
    with pytest.raises(KeyFileError, match="another account"):
        open_key(tmp_path / "secret")
    (tmp_path / "keys").mkdir(mode=0o700)
    os.chown(tmp_path / "keys", 12345, -1)
    with pytest.raises(KeyFileError, match="another account"):
        open_key(tmp_path / "keys" / "secret")


@pytest.mark.parametrize(
    "line",
    [
        GO_SKEY.removeprefix("PRIVATE+KEY+"), GO_SKEY.replace("PRIVATE", "PUBLIC"), GO_SKEY + "\n\n", GO_SKEY + "=",
        GO_SKEY.replace("c74f20a3", "c74f20a4"), GO_SKEY.replace("+AYEK", "+AoEK"), GO_SKEY[:-4], GO_VKEY,
    ],
)  # fmt: skip
def test_line_that_is_no_signing_key_is_refused(line: str, tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    path.write_text(line)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="not a signing key"):
        Signer(path, "PeterNeumann")


def test_key_of_another_log_is_refused(tmp_path: Path) -> None:
    Signer(tmp_path / "log.key", ORIGIN)
    with pytest.raises(KeyFileError, match="another log"):
        Signer(tmp_path / "log.key", "samband.example/other")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb"])
def test_name_that_cannot_be_written_makes_no_key(name: str, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError):
        Signer(tmp_path / "log.key", name)
    assert not (tmp_path / "log.key").exists()


@given(data=st.data())
def test_edited_signing_key_is_refused(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    line = bytearray(GO_SKEY.encode())
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("edited") / "log.key"
    path.write_bytes(bytes(line))
    path.chmod(0o600)
    with pytest.raises((KeyFileError, CheckpointError)):
        Signer(path, "PeterNeumann")


# ---- tokens


def test_token_and_digest_are_the_stated_hmac(tmp_path: Path) -> None:
    tokens = TokenKey(tmp_path / "token.key")
    secret = (tmp_path / "token.key").read_bytes()
    assert len(secret) == 32
    assert tokens.key_id == hashlib.sha256(b"samband token key id" + secret).hexdigest()[:8]
    expected = hmac.new(secret, "personnummer\x00199001012385å".encode(), hashlib.sha256).hexdigest()
    assert tokens.token("personnummer", "199001012385å") == expected
    assert tokens.digest(b"content") == hmac.new(secret, b"\x00content", hashlib.sha256).hexdigest()


kinds = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
values = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> TokenKey:
    return TokenKey(tmp_path_factory.mktemp("tokens") / "token.key")


@given(kind=kinds, value=values, other_kind=kinds, other_value=values)
def test_two_tokens_are_equal_only_for_equal_input(
    kind: str, value: str, other_kind: str, other_value: str, tokens: TokenKey
) -> None:
    equal = tokens.token(kind, value) == tokens.token(other_kind, other_value)
    assert equal is ((kind, value) == (other_kind, other_value))
    # A sender may choose the content, and reads its digest in a receipt: that must not tell it a person's token.
    assert tokens.digest(kind.encode() + b"\x00" + value.encode()) != tokens.token(kind, value)


@pytest.mark.parametrize("kind", ["", "\x00", "person\x00nummer"])
def test_ambiguous_kind_is_refused(kind: str, tokens: TokenKey) -> None:
    with pytest.raises(ValueError, match="kind"):
        tokens.token(kind, "x")


def test_secrets_do_not_show_in_text(tmp_path: Path) -> None:
    signer, tokens = Signer(tmp_path / "log.key", ORIGIN), TokenKey(tmp_path / "token.key")
    shown = repr(signer) + str(signer) + repr(tokens) + str(tokens) + repr(signer.key)
    assert (tmp_path / "log.key").read_text().split("+", 4)[4].strip() not in shown
    assert (tmp_path / "token.key").read_bytes().hex() not in shown
