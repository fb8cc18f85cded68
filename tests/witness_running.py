"""A witness that somebody else has written, on this machine, for one log."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from streams import until

BIN = Path(__file__).parents[1] / ".tools" / "bin"


@dataclass(frozen=True)
class Running:
    """Where a witness listens, and its public key."""

    address: str
    vkey: str


@contextmanager
def running(folder: Path, log_vkey: str, name: str = "vittne.example/w1") -> Iterator[Running]:
    """The witness, with a memory in this folder: started there again, it is the same one."""
    if not (BIN / "omniwitness").exists():
        pytest.fail("the witness is missing: run deploy/local/install_witness.sh", pytrace=False)
    folder.mkdir(exist_ok=True)
    key, public, logs = folder / "key", folder / "vkey", folder / "logs.yaml"
    if not key.exists():
        made = [BIN / "generate_keys", "--origin", name, "--out_priv", key, "--out_pub", public]
        subprocess.run(made, check=True, capture_output=True)
        logs.write_text(f"Logs:\n  - Origin: {log_vkey.partition('+')[0]}\n    PublicKey: {log_vkey}\n", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [BIN / "omniwitness", "--listen", f"127.0.0.1:{port}", "--metrics_listen", "", "--db_file", folder / "db"]
    line += ["--private_key_path", key, "--additional_logs", logs, "--logtostderr"]
    with (folder / "log").open("ab") as log, subprocess.Popen(line, stderr=log, env=dict(os.environ)) as process:
        try:
            until(lambda: _listens(port), bool)
            yield Running(f"http://127.0.0.1:{port}", public.read_text("utf-8"))
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
