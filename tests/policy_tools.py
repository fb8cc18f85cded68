"""The policies' own tools, for the tests that run them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
POLICIES = ROOT / "policies"


def opa_binary() -> str:
    """The OPA binary; without it the test fails, and says how to get it."""
    found = os.environ.get("OPA") or shutil.which("opa")
    if not found:
        pytest.fail("opa is missing: run deploy/local/install_opa.sh, or set OPA to the binary", pytrace=False)
    return found


def opa(*words: str) -> subprocess.CompletedProcess[str]:
    """Run OPA in the repository's root."""
    return subprocess.run([opa_binary(), *words], cwd=ROOT, capture_output=True, text=True, check=False)
