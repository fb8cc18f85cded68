"""The law, compiled: `policies/` as WebAssembly, its dated tables, and the statute texts.

Made by `deploy/build_bundle.py`; a test builds it again and compares every byte.
"""

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from broker.bundle.recorded import MANIFEST
from broker.model.faults import SetUpError


class BundleError(SetUpError):
    """The bundle is not the one that was recorded: the broker does not start."""


@dataclass(frozen=True)
class Bundle:
    """The compiled policy and its texts."""

    revision: str
    wasm: bytes
    tables: bytes
    statutes: dict[str, dict[str, Any]]


def load(recorded: str = MANIFEST) -> Bundle:
    """Read the bundle and check every part against the recorded digest. Raises BundleError."""
    folder = files(__package__)
    manifest = (folder / "manifest.json").read_bytes()
    if hashlib.sha256(manifest).hexdigest() != recorded:
        raise BundleError("the policy bundle's manifest is not the recorded one: install the package again")
    record = json.loads(manifest)
    parts = {}
    for name, digest in record["digests"].items():
        parts[name] = (folder / name).read_bytes()
        if hashlib.sha256(parts[name]).hexdigest() != digest:
            raise BundleError(f"{name} in the policy bundle is not the recorded one: install the package again")
    texts = json.loads(parts["statutes.json"])
    return Bundle(record["revision"], parts["policy.wasm"], parts["data.json"], texts)
