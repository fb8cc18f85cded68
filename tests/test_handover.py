"""The log's key is handed over in the log itself: who knows one of its keys follows, and no false one is believed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command import samband
from evidence_mutations import listed
from lines import line, request

from broker.adapters.files import log_key
from broker.adapters.files.signing import Signer, Verifier, key_chain
from broker.adapters.sql.read_model import open_archive
from broker.evidence import archive
from broker.log import evidence
from broker.log.checkpoint import NO_PREVIOUS, Checkpoint, CheckpointError, note_hash
from broker.log.handover import Handover
from broker.log.merkle import CompactRange, leaf_hash
from broker.log.verifier import Report, StoredCheckpoint, StoredRecord, verify
from broker.model.canonical import canonical
from broker.runtime.embedded import LOG_NAME

Leaf = dict[str, Any]


class Log:
    """A log in memory, each record under a checkpoint of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.signer = self.key("first")
        self.records: list[StoredRecord] = []
        self.checkpoints: list[StoredCheckpoint] = []
        self._tree, self._last = CompactRange(), NO_PREVIOUS

    def key(self, name: str, log: str = LOG_NAME) -> Signer:
        return Signer(self._folder / f"{name}.key", log)

    def append(self, leaf: Leaf, by: Signer | None = None) -> None:
        data = canonical(leaf)
        self._tree.append(leaf_hash(data))
        self.records.append(StoredRecord(len(self.records), data, leaf_hash(data), {}))
        size = self._tree.size
        note = (by or self.signer).sign(Checkpoint(LOG_NAME, size, self._tree.root(), self._last).body_text())
        self._last = note_hash(note)
        self.checkpoints.append(StoredCheckpoint(size, note))

    def hand_over(self, to: Signer, says: Handover | None = None) -> None:
        self.append(record(says or self.signer.hand_over(to)))
        self.signer = to

    def verified(self, vkey: str) -> Report:
        handed = [(row.seq, row.leaf) for row in self.records if b'"record":"handover"' in row.leaf]
        keys = key_chain(vkey, handed)
        return verify(self.records, self.checkpoints, keys.open, derived={}, handovers=keys.places)


def record(says: Handover) -> Leaf:
    return {"record": "handover", "handover": {"from": says.old, "to": says.new, "note": says.note}}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    tmp_path.chmod(0o700)
    log = Log(tmp_path)
    log.append({"record": "decision"})
    return log


def test_whoever_knows_one_of_the_keys_follows_them_all(log: Log) -> None:
    first, second, third = log.signer, log.key("second"), log.key("third")
    log.hand_over(second)
    log.append({"record": "decision"})
    log.hand_over(third)
    assert log.verified(third.vkey).ok, "its last checkpoint is the one before's"
    log.append({"record": "decision"})
    for key in (first, second, third):
        assert log.verified(key.vkey).ok
    assert log.verified(log.key("stranger").vkey).first_bad is not None


def forge_by_another(log: Log) -> None:
    """Signed by a key that never was the log's."""
    stranger, new = log.key("stranger"), log.key("new")
    log.append(record(Handover(log.signer.vkey, new.vkey, stranger.hand_over(new).note)))


def forge_without_the_new(log: Log) -> None:
    """The new key has not signed: whoever holds only the old one can't pretend that it went on from another log."""
    new = log.key("new")
    said = log.signer.hand_over(new)
    note = "\n".join(said.note.split("\n")[:-2]) + "\n"
    log.append(record(Handover(said.old, said.new, note)))


def forge_a_second(log: Log) -> None:
    """The key that has handed over does so once more."""
    first, second, other = log.signer, log.key("second"), log.key("other")
    log.hand_over(second)
    log.append(record(first.hand_over(other)))


def forge_the_same_again(log: Log) -> None:
    first, second = log.signer, log.key("second")
    log.hand_over(second)
    log.append(record(first.hand_over(second)))


def forge_back(log: Log) -> None:
    """To a key that was there before."""
    first, second = log.signer, log.key("second")
    log.hand_over(second)
    log.hand_over(first)


def forge_form(log: Log) -> None:
    log.append({"record": "handover", "handover": {"from": log.signer.vkey}})


@pytest.mark.parametrize(
    "forge",
    [forge_by_another, forge_without_the_new, forge_a_second, forge_the_same_again, forge_back, forge_form],
)
def test_a_false_hand_over_is_a_bad_place(log: Log, forge: Callable[[Log], None]) -> None:
    first = log.signer
    forge(log)
    bad = log.verified(first.vkey).first_bad
    assert bad is not None
    assert (bad.place, bad.code) == (f"record {len(log.records) - 1}", "handover")


@pytest.mark.parametrize("late", [True, False])
def test_each_checkpoint_is_of_the_key_of_its_size(log: Log, late: bool) -> None:
    """The old key signs nothing after its hand-over, nor the new one what comes before."""
    first, second = log.signer, log.key("second")
    log.append(record(first.hand_over(second)), by=first if late else second)
    log.append({"record": "decision"}, by=first if late else second)
    bad = log.verified(first.vkey).first_bad
    assert bad is not None and bad.code == "checkpoint_signature"


def test_a_hand_over_in_a_fork_is_none_of_the_log(log: Log, tmp_path: Path) -> None:
    """Somebody who has stolen the old key hands over to their own, in a copy: what was kept of the log shows it."""
    fork = Log(tmp_path)
    fork.append({"record": "decision"})
    log.hand_over(log.key("second"))
    log.append({"record": "decision"})
    fork.hand_over(fork.key("stolen"))
    fork.append({"record": "decision"})
    first = fork.key("first")
    handed = [(row.seq, row.leaf) for row in fork.records if b'"record":"handover"' in row.leaf]
    keys = key_chain(first.vkey, handed)
    for kept in log.checkpoints[1:]:
        found = verify(fork.records, fork.checkpoints, keys.open, derived={}, handovers=keys.places, kept=[kept.note])
        assert found.first_bad is not None and found.first_bad.code in ("fork", "kept_signature")
    assert log.verified(fork.key("stolen").vkey).first_bad is not None


def test_only_the_next_key_of_the_same_log_is_handed_over_to(log: Log) -> None:
    for other in (log.signer, log.key("elsewhere", "another.log")):
        with pytest.raises(CheckpointError, match="not the next one of the same log"):
            log.signer.hand_over(other)


# --- the commands


@pytest.fixture
def data(tmp_path: Path) -> Path:
    run(tmp_path, 1)
    return tmp_path / "data"


def run(folder: Path, n: int) -> None:
    file = folder / f"{n}.jsonl"
    file.write_bytes(line(request(n)) + b"\n")
    assert samband("run", str(file), "--data", str(folder / "data")).status == 0


def key(data: Path) -> str:
    return (data / "log.vkey").read_text().strip()


def test_the_log_goes_on_under_a_new_key(data: Path, tmp_path: Path) -> None:
    old, kept = key(data), tmp_path / "kept.txt"
    kept.write_text((data / "keys" / "log.size").read_text())
    prepared = samband("rotate", "log", "--data", str(data), "--prepare", "--json").objects[0]
    assert (prepared["from"], prepared["handed_over"]) == (old, False) and key(data) == old
    ended = samband("rotate", "log", "--data", str(data), "--lang", "en")
    new = key(data)
    assert ended.status == 0 and f"signed by {new}" in " ".join(ended.out.split()), ended.err
    assert new == prepared["to"] != old
    assert samband("check", str(tmp_path / "1.jsonl"), "--data", str(data)).status == 0, "a trial reads it too"
    for n in (2, 3):
        assert samband("audit", "verify", "--data", str(data)).status == 0
        run(tmp_path, n)
    export = tmp_path / "log.jsonl"
    assert samband("audit", "export", "--out", str(export), "--data", str(data)).status == 0
    for by in (old, new):
        told = samband("audit", "verify", "--data", str(data), "--key", by, "--checkpoint", str(kept))
        assert told.status == 0, told.out
        assert samband("audit", "verify", "--file", str(export), "--key", by, "--checkpoint", str(kept)).status == 0
    shown = samband("audit", "show", "--data", str(data), "--lang", "en").out
    assert "Hand-over of the log's key" in shown and "key handed over" in shown
    again = samband("rotate", "log", "--data", str(data), "--json").objects[0]
    assert again["from"] == new and samband("audit", "verify", "--data", str(data), "--key", old).status == 0
    assert json.loads(samband("audit", "show", "--seq", "1", "--json", "--data", str(data)).out)["record"]["handover"]


@pytest.mark.parametrize("after", ["record", "copy"])
def test_what_was_cut_off_is_finished_at_the_next_start(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    """Killed when the record stands and the files do not say so yet, or only half."""

    def killed(folder: Path) -> None:
        if after == "copy":
            (folder / log_key.OLD).write_bytes((folder / log_key.KEY).read_bytes())
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(log_key, "promote", killed)
        samband("rotate", "log", "--data", str(data))
    assert (data / "keys" / log_key.NEXT).exists()
    run(tmp_path, 2)
    assert not (data / "keys" / log_key.NEXT).exists()
    with open_archive(data) as archive:
        assert len(archive.keys(key(data)).places) == 1
        assert archive.keys(key(data)).current == key(data)
    assert samband("audit", "verify", "--data", str(data)).status == 0


def test_an_archive_leads_from_an_older_key_to_the_one_that_signed_it(data: Path, tmp_path: Path) -> None:
    old = key(data)
    samband("rotate", "log", "--data", str(data))
    run(tmp_path, 2)
    out = tmp_path / "evidence"
    ended = samband("audit", "evidence", "--seq", "0", "--out", str(out), "--data", str(data))
    assert ended.status == 0, ended.err
    files = archive.read(out)
    assert set(files) >= {"records/0.json", "records/1.json"}, "with the record of the hand-over"
    for by in (None, old, key(data)):
        assert evidence.verify(files, Verifier, vkey=by).first_bad is None
    stranger = Signer(data / "keys" / "stranger.key", LOG_NAME).vkey
    assert evidence.verify(files, Verifier, vkey=stranger).first_bad == ("manifest.json", "other_key")
    note = json.loads(files["records/1.json"])
    note["handover"]["note"] = note["handover"]["note"].replace("A", "B", 1)
    changed = {**files, "records/1.json": canonical(note)}
    assert evidence.verify(changed, Verifier, vkey=old).first_bad == ("manifest.json", "other_key")
    listed(changed)
    bad = evidence.verify(changed, Verifier).first_bad
    assert bad == ("records/1.json", "not_in_log")
