"""Bundles of the law for OPA servers: one that is right, and those that a server or the broker is to refuse."""

import io
import json
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from policy_tools import POLICIES, opa_binary

from broker.adapters.opa import signed_bundle
from broker.adapters.opa.bundle_keys import ALGORITHM, key_id


@dataclass(frozen=True)
class Bundles:
    """They are made in a folder, under one key pair and a stranger's, once each."""

    folder: Path

    @cached_property
    def opa(self) -> Path:
        return Path(opa_binary()).absolute()

    @property
    def key(self) -> Path:
        return self._pair("key.pem")

    @property
    def public(self) -> Path:
        """The key that servers check with."""
        return self.key.with_name("key.pem.pub")

    def good(self) -> Path:
        """As `samband policy build` makes it."""
        return self._built("good", POLICIES, self.key)

    @property
    def next_public(self) -> Path:
        """The key that follows."""
        return self._pair("next.pem").with_name("next.pem.pub")

    def of_next_key(self) -> Path:
        """The right law, signed by the key that follows."""
        return self._built("next", POLICIES, self._pair("next.pem"))

    def of_another_key_in_its_name(self) -> Path:
        """The right law, signed by a stranger who says that it is the right key."""
        return self._signed_again("forged", {"scope": signed_bundle.SCOPE}, {}, key=self._pair("stranger.pem"))

    def of_the_public_key(self) -> Path:
        """The right law, signed with what everybody knows, as though that were a secret that both sides have."""
        secret = self.public.read_text("utf-8").strip()
        return self._signed_again("shared", {"scope": signed_bundle.SCOPE}, {}, key=secret, algorithm="HS256")

    def of_no_key_s_name(self) -> Path:
        """The right law under the right key, which the signature does not tell."""
        return self._signed_again("nameless", {"scope": signed_bundle.SCOPE, "keyid": ""}, {})

    def missing(self) -> Path:
        """A place where there is none."""
        return self.folder / "missing.tar.gz"

    def of_another_key(self) -> Path:
        """The right law, signed by a stranger."""
        return self._built("stranger", POLICIES, self._pair("stranger.pem"))

    def old(self) -> Path:
        """Rightly signed, of before some rule was changed."""
        before = self.folder / "before"
        if not before.exists():
            shutil.copytree(POLICIES, before)
            with (before / "decision" / "decision.rego").open("a") as file:
                file.write("\n# as it was\n")
        return self._built("old", before, self.key)

    def changed(self) -> Path:
        """Rightly signed, and a rule more since."""
        return self._repacked("changed", {"/decision/decision.rego": b"\nallow := true\n"})

    def unsigned(self) -> Path:
        """The right law without a signature."""
        return self._repacked("unsigned", {"/.signatures.json": None})

    def of_another_environment(self) -> Path:
        """The right law under the right key, signed for something else."""
        return self._signed_again("other", {"scope": "rehearsal"}, {})

    def without_data(self) -> Path:
        """The right rules under the right revision, rightly signed, and their tables lost."""
        return self._signed_again("bare", {"scope": signed_bundle.SCOPE}, {"data.json": "{}"})

    def _pair(self, name: str) -> Path:
        private = self.folder / name
        if not private.exists():
            signed_bundle.new_key(private, private.with_name(f"{name}.pub"))
        return private

    def _built(self, name: str, policies: Path, key: Path) -> Path:
        out = self.folder / f"{name}.tar.gz"
        if not out.exists():
            signed_bundle.build(policies, key, out, self.opa)
        return out

    def _repacked(self, name: str, changes: dict[str, bytes | None]) -> Path:
        """The right bundle with files longer (bytes added) or left out (None)."""
        out = self.folder / f"{name}.tar.gz"
        with tarfile.open(self.good()) as source, tarfile.open(out, "w:gz") as target:
            for member in source:
                found = source.extractfile(member)
                more = changes.get(member.name, b"")
                if found is not None and more is not None:
                    content = found.read() + more
                    member.size = len(content)
                    target.addfile(member, io.BytesIO(content))
        return out

    def _signed_again(
        self,
        name: str,
        claims: dict[str, str],
        changes: dict[str, str],
        key: Path | str | None = None,
        algorithm: str = ALGORITHM,
    ) -> Path:
        """The right bundle with files replaced, signed with the right key (or another) for what `claims` say."""
        unpacked, out = self.folder / name, self.folder / f"{name}.tar.gz"
        if not out.exists():
            with tarfile.open(self.good()) as source:
                for member in source:  # extract() takes a filter from Python 3.11.4 on, and later ones ask for it
                    if (found := source.extractfile(member)) is not None:
                        file = unpacked / member.name.lstrip("/")
                        file.parent.mkdir(parents=True, exist_ok=True)
                        file.write_bytes(found.read())
            (unpacked / ".signatures.json").unlink()
            for name_, content in changes.items():
                (unpacked / name_).write_text(content)
            said = self.folder / f"{name}.json"
            said.write_text(json.dumps({"keyid": key_id(self.public.read_text("utf-8")), **claims}))
            signing = (
                "--signing-key",
                str(key or self.key),
                "--signing-alg",
                algorithm,
                "--claims-file",
                str(said),
            )
            subprocess.run(
                [str(self.opa), "build", "--bundle", *signing, "--output", str(out), "."], cwd=unpacked, check=True
            )
        return out


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Bundles:
    """Made when they are asked for."""
    return Bundles(tmp_path_factory.mktemp("bundles"))
