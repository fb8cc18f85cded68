"""The law as a bundle for OPA servers: the rules and data of `policies/`, named by their revision and signed.

OPA's own program builds and signs it, so it must be there. The same rules give the same bytes, the signature apart:
ECDSA draws a number for each.
"""

import hashlib
import json
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from broker.adapters.files import whole_file
from broker.adapters.opa.bundle_keys import ALGORITHM, key_id

SCOPE = "law"
"""What a signature is for: something else that the same key has signed is not loaded as the law."""


class PolicyBundleError(Exception):
    """A bundle or its key cannot be made. One line that says why and what to do."""


def revision(policies: Path) -> str:
    """SHA-256 over the sorted Rego and data files, tests left out. Raises PolicyBundleError when there are none."""
    total = hashlib.sha256()
    for name in _files(policies):
        content = (policies / name).read_bytes()
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def build(policies: Path, key: Path, out: Path, opa: Path) -> str:
    """Write the signed bundle to `out`, whole or not at all; its key's name. Raises PolicyBundleError.

    The signature tells that name, so that servers that take several keys know which (`bundle_keys`).
    """
    by, named = key_id(_public(key)), revision(policies)
    with tempfile.TemporaryDirectory() as folder:
        sources, claims, archive = Path(folder, "policies"), Path(folder, "claims.json"), Path(folder, "bundle.tar.gz")
        names = _files(policies)
        for name in names:
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(policies / name, sources / name)
        # Without roots a bundle would own everything, `system` too, and the server's own rules on access with it.
        manifest = {"revision": named, "roots": sorted({name.partition("/")[0] for name in names})}
        (sources / ".manifest").write_text(json.dumps(manifest), encoding="utf-8")
        claims.write_text(json.dumps({"keyid": by, "scope": SCOPE}), encoding="utf-8")
        limits = ("--capabilities", policies.absolute() / "capabilities.json")
        signing = ("--signing-key", key.absolute(), "--signing-alg", ALGORITHM, "--claims-file", claims)
        run_opa([opa, "build", "--bundle", *limits, *signing, "--output", archive, "."], sources)
        _write(out, archive.read_bytes(), whole_file.ANYBODY)
    return by


def new_key(private: Path, public: Path) -> str:
    """Make a key pair: the private one for its owner alone, both in PEM; its name. Raises PolicyBundleError.

    A key that is there is never written over: what it has signed would not be loaded again.
    """
    if there := [path for path in (private, public) if path.exists()]:
        raise PolicyBundleError(f"{there[0]} is there already, and is left as it is")
    key = ec.generate_private_key(ec.SECP256R1())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for path, content, mode in ((private, secret, 0o600), (public, _shown(key).encode(), 0o644)):
        _write(path, content, mode, new=True)
    return key_id(_shown(key))


def _shown(key: ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _public(private: Path) -> str:
    """The public half of a key. Raises PolicyBundleError when it is none to sign with, or is open to others."""
    _require_own(private)
    try:
        key = load_pem_private_key(private.read_bytes(), None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise PolicyBundleError(f"{private}: no key that bundles are signed with; 'samband policy keys' makes one")
    return _shown(key)


def _write(path: Path, content: bytes, mode: int, *, new: bool = False) -> None:
    """Whole: a server that looks meanwhile finds the bundle of before."""
    try:
        whole_file.write(path, content, mode, new=new)
    except OSError as error:
        raise PolicyBundleError(f"{path}: can't be written: {error.strerror}") from None


def _files(policies: Path) -> list[str]:
    sources = [*policies.rglob("*.rego"), *policies.rglob("data.json")]
    names = [path.relative_to(policies).as_posix() for path in sources if not path.name.endswith("_test.rego")]
    if not names:
        raise PolicyBundleError(f"there are no policies in {policies}: run in a clone of samband, or give --policies")
    return sorted(names)


def _require_own(key: Path) -> None:
    try:
        mode = key.stat().st_mode
    except OSError as error:
        raise PolicyBundleError(f"{key}: no key ({error.strerror}); 'samband policy keys' makes one") from None
    if not stat.S_ISREG(mode):
        raise PolicyBundleError(f"{key}: the key is not a plain file")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PolicyBundleError(f"{key}: the key file is open to others; run: chmod 600 {key}")


def run_opa(command: Sequence[str | Path], folder: Path) -> None:
    """Run OPA's program in a folder. Raises PolicyBundleError with its last line."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise PolicyBundleError(f"{command[0]} cannot be run ({error.strerror}); give OPA's program") from None
    if done.returncode:
        why = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
        raise PolicyBundleError(f"opa does not build the bundle: {why}")
