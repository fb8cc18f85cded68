"""Another law than the installed one, compiled so that it can be asked before it is installed.

It is a folder of policies, or a bundle of OPA's. A bundle that is signed is taken only where its signature holds; one
that is not signed is taken too, and said to be so. Nothing is installed.
"""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from broker.adapters.opa import signed_bundle
from broker.adapters.opa.annotations import paragraphs
from broker.adapters.opa.bundle_keys import ALGORITHM, key_id
from broker.adapters.opa.signed_bundle import PolicyBundleError
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.bundle import Bundle

Fault = Literal["no_opa", "no_key", "unusable"]
ENDING = ".tar.gz"
_ENTRYPOINTS = ("decision/results", "decision/findings")
_LARGEST = 32 << 20
_SIGNATURES, _MANIFEST = ".signatures.json", ".manifest"


class CandidateError(PolicyBundleError):
    """Another law can't be asked: `fault` says why, the text what to do."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


@dataclass(frozen=True)
class Candidate:
    """Another law, ready to be asked. It has no texts of statutes: they are not asked for."""

    engine: WasmDecisionPoint
    signed: bool

    @property
    def revision(self) -> str:
        """Its name: what `samband policy build` gives the same rules."""
        return self.engine.revision


def open_candidate(source: Path, key: Path | None, opa: str | Path = "opa") -> Candidate:
    """Compile it. In: a folder or a bundle, the public key of bundles, OPA's program. Raises CandidateError."""
    program = shutil.which(opa)
    if program is None:
        raise CandidateError("no_opa", "opa is missing: run deploy/local/install_opa.sh, or name OPA's program")
    try:
        named, signed = _revision(source), source.is_file() and _SIGNATURES in _names(source)
        if signed and key is None:
            raise CandidateError("no_key", f"{source}: is signed: name the public key that bundles are checked with")
        parts = _compile(source, key if signed else None, Path(program))
        return Candidate(WasmDecisionPoint(Bundle(named, *parts, {})), signed)
    except (OSError, EOFError, ValueError, KeyError, tarfile.TarError) as error:
        raise CandidateError("unusable", f"{source}: can't be used as a law: {type(error).__name__}") from None
    except CandidateError:
        raise
    except PolicyBundleError as error:
        raise CandidateError("unusable", f"{source}: can't be used as a law: {error}") from None


def open_law(source: Path, key: Path, opa: str | Path = "opa") -> Bundle:
    """A law that is to be installed, with its texts. In: as `open_candidate`, but a signed bundle it must be.

    Raises CandidateError.
    """
    program = shutil.which(opa)
    if program is None:
        raise CandidateError("no_opa", "opa is missing: run deploy/local/install_opa.sh, or name OPA's program")
    try:
        if not source.is_file() or _SIGNATURES not in _names(source):
            raise CandidateError("unusable", f"{source}: is not signed: 'samband policy build' makes a signed bundle")
        parts = _compile(source, key, Path(program))
        return Bundle(_revision(source), *parts, paragraphs(source, program))
    except (OSError, EOFError, ValueError, KeyError, tarfile.TarError, subprocess.CalledProcessError) as error:
        raise CandidateError("unusable", f"{source}: can't be used as a law: {type(error).__name__}") from None
    except CandidateError:
        raise
    except PolicyBundleError as error:
        raise CandidateError("unusable", f"{source}: can't be used as a law: {error}") from None


def _revision(source: Path) -> str:
    """Of policies their own; of a bundle the one that it was built with, or its digest where that is not told."""
    if source.is_dir():
        return signed_bundle.revision(source)
    if source.stat().st_size > _LARGEST:
        raise PolicyBundleError("it is too large")
    with tarfile.open(source) as archive:
        names = [name for name in archive.getnames() if name.lstrip("./") == _MANIFEST.lstrip(".")]
        manifest = archive.extractfile(names[0]) if names else None
        said = json.load(manifest).get("revision") if manifest else None
    return str(said or hashlib.sha256(source.read_bytes()).hexdigest())


def _names(source: Path) -> set[str]:
    with tarfile.open(source) as archive:
        return {Path(name).name for name in archive.getnames()}


def _compile(source: Path, key: Path | None, opa: Path) -> tuple[bytes, bytes]:
    """`policy.wasm` and `data.json`, as the installed law has them."""
    checks: tuple[str | Path, ...] = ()
    if key is not None:
        named = ("--verification-key-id", key_id(key.read_text("utf-8")), "--scope", signed_bundle.SCOPE)
        checks = ("--verification-key", key.absolute(), "--signing-alg", ALGORITHM, *named)
    entries = [word for entry in _ENTRYPOINTS for word in ("-e", entry)]
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder, "law"), Path(folder, "out.tar.gz")
        if source.is_dir():
            shutil.copytree(source, given, ignore=shutil.ignore_patterns("*_test.rego"))
        else:
            given = Path(shutil.copyfile(source, f"{given}{ENDING}"))
        limits = given / "capabilities.json"
        bounds = ("--capabilities", limits) if limits.exists() else ()
        command = [opa.absolute(), "build", "-b", "-t", "wasm", *entries, *bounds, *checks, "-o", out, given.name]
        signed_bundle.run_opa(command, Path(folder))
        with tarfile.open(fileobj=io.BytesIO(gzip.decompress(out.read_bytes()))) as archive:
            parts = [archive.extractfile(f"/{name}") for name in ("policy.wasm", "data.json")]
            wasm, tables = (part.read() if part else b"" for part in parts)
    return wasm, tables
