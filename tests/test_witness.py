"""A witness of somebody else's cosigns what continues the log, and nothing else; what is published shows that."""

import base64
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from audit_leaves import leaves
from command import MESSAGES, REGISTER, Ended, copy_of, samband
from lines import line, request
from witness_running import Running, running

from broker.adapters.files.signing import Signer, Verifier, Witness
from broker.adapters.http.checkpoints import AnotherSize, PeerAway, PeerError, cosign, is_address
from broker.adapters.sql.read_model import open_archive
from broker.cli.output import Stop
from broker.cli.publishing import publishing
from broker.log.checkpoint import NO_PREVIOUS, Checkpoint, CheckpointError
from broker.log.cosignature import with_lines
from broker.log.merkle import CompactRange, consistency_proof, leaf_hash
from broker.runtime.publisher import FILE, Publisher

pytestmark = pytest.mark.live
ORIGIN = "samband.local/audit"
HASHES = [leaf_hash(leaf) for leaf in leaves(300)]


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer(tmp_path_factory.mktemp("key") / "log.key", ORIGIN)


@pytest.fixture(scope="module")
def witness(signer: Signer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("witness") / "w1", signer.vkey) as one:
        yield one


def note(signer: Signer, size: int, hashes: list[bytes] = HASHES) -> str:
    """The log's checkpoint of this size, over these records."""
    root = CompactRange(hashes[:size]).root()
    return signer.sign(Checkpoint(ORIGIN, size, root, NO_PREVIOUS).body_text())


def proof(old: int, new: int, hashes: list[bytes] = HASHES) -> list[bytes]:
    return consistency_proof(hashes, old, new)


def test_a_log_that_grows_is_cosigned_and_a_thousand_forks_and_rollbacks_are_not(
    signer: Signer, witness: Running
) -> None:
    reader, chance = Witness(witness.vkey), random.Random(16)
    for old, size in ((0, 100), (100, 150), (150, 200)):
        lines = cosign(witness.address, old, proof(old, size), note(signer, size))
        cosigned = with_lines(note(signer, size), lines)
        assert Verifier(signer.vkey).open(cosigned).size == size
        assert abs(reader.cosigned(cosigned) - datetime.now(UTC)) < timedelta(minutes=5)
    refused = 0
    for n in range(1000):
        size = chance.randrange(1, 300)
        hashes = list(HASHES)
        if n % 2:  # another log from some record on, among those that are cosigned
            hashes[chance.randrange(min(size, 200))] = chance.randbytes(32)
            size = max(size, chance.choice((size, 200)))
        else:  # the log as it was
            size = chance.randrange(1, 200)
        old = chance.choice((0, 200, size, chance.randrange(300)))
        steps = proof(old, size, chance.choice((hashes, HASHES))) if old <= size else []
        with pytest.raises((AnotherSize, PeerError)) as refusal:
            cosign(witness.address, old, steps, note(signer, size, hashes))
        assert not isinstance(refusal.value, PeerAway)
        refused += 1
    assert refused == 1000
    assert cosign(witness.address, 200, proof(200, 300), note(signer, 300))


def test_it_cosigns_nothing_of_another_key(witness: Running, signer: Signer, tmp_path: Path) -> None:
    """It answers 500, where the protocol has a number for each."""
    body = Checkpoint("somebody.example/log", 300, CompactRange(HASHES).root(), NO_PREVIOUS).body_text()
    strange = Signer(tmp_path / "other.key", "somebody.example/log").sign(body)
    for one in (note(Signer(tmp_path / "log.key", ORIGIN), 300), strange):
        with pytest.raises(PeerError):
            cosign(witness.address, 0, [], one)


def test_each_byte_of_a_cosignature_counts(signer: Signer, witness: Running) -> None:
    size = _cosigned_size(witness)
    cosigned = with_lines(note(signer, size), cosign(witness.address, size, [], note(signer, size)))
    reader = Witness(witness.vkey)
    head, _, encoded = cosigned.rstrip("\n").rpartition(" ")
    payload = base64.b64decode(encoded)
    for at in range(len(payload)):
        changed = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :]
        with pytest.raises(CheckpointError):
            reader.cosigned(f"{head} {base64.b64encode(changed).decode()}\n")
    with pytest.raises(CheckpointError, match="not signed by the key"):
        reader.cosigned(note(signer, size))
    with pytest.raises(CheckpointError, match="more than one"):
        reader.cosigned(f"{cosigned}{cosigned.splitlines()[-1]}\n")
    with pytest.raises(CheckpointError, match="has signed already"):
        with_lines(cosigned, cosigned.splitlines()[-1])
    with pytest.raises(CheckpointError, match="not an Ed25519 key of this use"):
        Witness(signer.vkey)


def _cosigned_size(witness: Running) -> int:
    """What the witness has cosigned last; a fresh one nothing."""
    with pytest.raises(PeerError):
        cosign(witness.address, 0, [], "no checkpoint\n")
    return 300


# --- what is published


def run(data: Path) -> None:
    assert samband("run", MESSAGES, *REGISTER, "--data", data, "--json").status == 0


def run_more(data: Path) -> None:
    """One message more, the log's seventh."""
    assert samband("run", "-", "--data", data, "--json", stdin=line(request(1))).status == 0


def verified(data: Path, *more: object) -> Ended:
    return samband("audit", "verify", "--data", data, "--lang", "en", *more)


def test_what_is_published_bears_the_cosignature_and_verify_demands_it(tmp_path: Path) -> None:
    data, published = tmp_path / "data", tmp_path / "published"
    run(data)
    vkey = (data / "log.vkey").read_text("utf-8").strip()
    with running(tmp_path / "witness", vkey) as witness:
        publisher = Publisher(partial(open_archive, data), [str(published)], [witness.address])
        publisher.publish()
        first = (published / FILE).read_text("utf-8")
        run_more(data)
        publisher.publish()
        second = (published / FILE).read_text("utf-8")
        assert [Verifier(vkey).open(one).size for one in (first, second)] == [6, 7]
        assert Witness(witness.vkey).cosigned(first) <= Witness(witness.vkey).cosigned(second)

    kept = ("--checkpoint", published / FILE)
    seen = verified(data, *kept, "--witness", witness.vkey)
    assert seen.status == 0
    assert "The witness vittne.example/w1 signed on" in " ".join(seen.out.split())
    [answer] = verified(data, *kept, "--witness", tmp_path / "witness" / "vkey", "--json").objects
    assert answer["witnessed"]["size"] == 7
    bare = tmp_path / "bare.txt"
    bare.write_text(
        samband("audit", "show", "--seq", 0, "--proof", "--json", "--data", data).objects[0]["proof"]["checkpoint"]
    )
    without = verified(data, "--checkpoint", bare, "--witness", witness.vkey)
    assert (without.status, "has NOT signed" in without.out) == (1, True)
    assert verified(data, "--witness", witness.vkey).status == 2

    # an archive under the cosigned checkpoint
    for name, given in (("cosigned", kept), ("alone", ())):
        made = samband("audit", "evidence", "--data", data, "--seq", 3, "--out", tmp_path / name, *given)
        assert made.status == 0, made.err
    assert verified(data, "--evidence", tmp_path / "cosigned", "--witness", witness.vkey).status == 0
    [answer] = verified(data, "--evidence", tmp_path / "alone", "--witness", witness.vkey, "--json").objects
    assert answer["first_bad"] == {"place": "checkpoint.txt", "code": "witness"}


def test_a_log_that_was_cut_off_is_not_published(tmp_path: Path) -> None:
    """A data folder put back from an old copy, with its key: only the witness remembers."""
    data, published = tmp_path / "data", tmp_path / "published"
    run(data)
    copy = copy_of(data, tmp_path / "copy")
    run_more(data)
    with running(tmp_path / "witness", (data / "log.vkey").read_text("utf-8").strip()) as witness:
        Publisher(partial(open_archive, data), [str(published)], [witness.address]).publish()
        with pytest.raises(PeerError, match="has cosigned a log of 7 records, and this one has 6: it was cut off"):
            Publisher(partial(open_archive, copy), [str(tmp_path / "old")], [witness.address]).publish()
    assert not (tmp_path / "old").exists()
    assert (published / FILE).read_text("utf-8").split("\n")[1] == "7"


def test_a_witness_that_is_away_delays_its_line_alone(tmp_path: Path) -> None:
    data, published = tmp_path / "data", tmp_path / "published"
    run(data)
    vkey = (data / "log.vkey").read_text("utf-8").strip()
    with running(tmp_path / "witness", vkey) as witness:
        pass
    publisher = Publisher(partial(open_archive, data), [str(published)], [witness.address])
    with pytest.raises(PeerAway, match="does not answer"):
        publisher.publish()
    assert Verifier(vkey).open((published / FILE).read_text("utf-8")).size == 6
    with running(tmp_path / "witness", vkey) as witness:
        publisher.witnesses = [witness.address]
        publisher.publish()
    assert Witness(witness.vkey).cosigned((published / FILE).read_text("utf-8"))


class _Kept(BaseHTTPRequestHandler):
    """Keeps what is put."""

    notes: list[str]
    status = 204

    def do_PUT(self) -> None:
        self.notes.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def test_it_is_put_at_an_address_on_a_schedule(tmp_path: Path) -> None:
    run(tmp_path / "data")
    kept = type("Kept", (_Kept,), {"notes": [], "status": 503})
    with HTTPServer(("127.0.0.1", 0), kept) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        address, told, twice = f"http://127.0.0.1:{server.server_port}/log", [], Event()

        def tell(why: str) -> None:
            told.append(why)
            kept.status = 204
            twice.set()

        with publishing(partial(open_archive, tmp_path / "data"), [address], None, 0.1, tell):
            assert twice.wait(20)
        server.shutdown()
        thread.join()
    assert told == [f"{address}: it can't be published there: the answer is 503"]
    assert len(kept.notes) == 2 and kept.notes[0] == kept.notes[1]
    assert kept.notes[0].startswith(f"{ORIGIN}\n6\n")


def test_what_can_t_be_meant(tmp_path: Path) -> None:
    ended = samband(
        "serve", "--spool", tmp_path / "spool", "--data", tmp_path / "data", "--witness", "http://127.0.0.1:1"
    )
    assert (ended.status, "--publish-to" in ended.line) == (2, True)
    for targets, witnesses in (("ftp://example/x", None), ("x", "127.0.0.1:1"), ("http://me:secret@127.0.0.1/", None)):
        given = publishing(partial(open_archive, "data"), [targets], [witnesses] if witnesses else None, 60.0, print)
        with pytest.raises(Stop, match="an address begins with http") as stop, given:
            pass
        assert "secret" not in stop.value.line


def test_an_address_is_one() -> None:
    assert is_address("https://witness.example/") and is_address("http://127.0.0.1:8080")
    assert not any(map(is_address, ("", "samband", "file:///etc", "http://", "http://a:b@c", "http://[")))
