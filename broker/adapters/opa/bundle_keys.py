"""Which public keys an OPA server takes the law by: each under a name of its own, which a signature by it tells.

With Python's own library alone, since `deploy/local/opa.sh` runs it before anything is installed.
"""

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Iterable

ALGORITHM = "ES256"
_PEM = re.compile(r"-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*")


def key_id(public: str) -> str:
    """The name of a public key (PEM), which follows from the key. Raises ValueError for what is none."""
    found = _PEM.fullmatch(public)
    if found is None:
        raise ValueError("no public key in PEM")
    return f"samband-{hashlib.sha256(b64decode(''.join(found[1].split()))).hexdigest()[:8]}"


def trusted(publics: Iterable[str]) -> dict[str, dict[str, str]]:
    """What `keys` is in OPA's configuration, for it to take what any of these has signed. Raises ValueError."""
    return {key_id(public): {"algorithm": ALGORITHM, "key": public} for public in publics}


def settings(publics: Iterable[str]) -> str:
    """The same on one line, as SAMBAND_OPA_KEYS has it (`deploy/local/opa/config.yaml`). Raises ValueError."""
    return json.dumps(trusted(publics))
