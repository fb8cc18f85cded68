"""`samband policy build | keys`: the law for policy servers, signed, and which bundles a real OPA takes."""

import shutil
import stat
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from bundles import Bundles
from command import samband
from opa_server import LOADED, OwnOpa, server_engine
from policy_tools import POLICIES, ROOT, opa_binary
from test_policy_engines import BASES

from broker import bundle
from broker.adapters.opa import bundle_keys, signed_bundle
from broker.adapters.opa.server import BUNDLE

SIGNATURE = "/.signatures.json"
CONFIG = ROOT / "deploy" / "local" / "opa" / "config.yaml"


def build(key: Path, out: Path, *more: object) -> Any:
    """Build from the repository's policies, unless `more` names others."""
    return samband("policy", "build", "--key", key, "--out", out, "--opa", opa_binary(), "--policies", POLICIES, *more)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "law.pem"
    assert samband("policy", "keys", "--key", path).status == 0
    return path


def content(path: Path) -> dict[str, bytes]:
    """What a bundle holds, by name, its signature apart."""
    with tarfile.open(path) as archive:
        found = {member.name: archive.extractfile(member) for member in archive}
        return {name: file.read() for name, file in found.items() if file is not None and name != SIGNATURE}


# --- keys


def test_the_private_key_is_its_owner_s_alone(key: Path) -> None:
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.with_name("law.pem.pub").read_text().startswith("-----BEGIN PUBLIC KEY-----")


@pytest.mark.parametrize("there", ["law.pem", "law.pem.pub"])
def test_a_key_that_is_there_is_left_as_it_is(tmp_path: Path, there: str) -> None:
    """What it has signed would not be loaded again."""
    (tmp_path / there).write_text("kept")
    ended = samband("policy", "keys", "--key", tmp_path / "law.pem")
    assert ended.status == 2
    assert "lämnas som den är" in ended.line
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text() == "kept"


# --- build


def test_the_bundle_is_the_installed_law(key: Path, tmp_path: Path) -> None:
    """Its revision is the installation's; it holds the rules and their data, no tests and no rule on who may ask."""
    ended = build(key, tmp_path / "law.tar.gz")
    assert ended.status == 0, ended.err
    assert ended.objects[0]["revision"] == bundle.load().revision
    by = bundle_keys.key_id(key.with_name(f"{key.name}.pub").read_text("utf-8"))
    assert (ended.objects[0]["keyid"], ended.objects[0]["scope"]) == (by, "law")
    held = content(tmp_path / "law.tar.gz")
    manifest = yaml.safe_load(held["/.manifest"])
    assert manifest["revision"] == bundle.load().revision
    assert "decision" in manifest["roots"] and "system" not in manifest["roots"]
    assert not any(name.endswith("_test.rego") for name in held)


def test_built_twice_it_is_the_same(key: Path, tmp_path: Path) -> None:
    """All but the signature, which draws a number."""
    first, second = tmp_path / "first.tar.gz", tmp_path / "second.tar.gz"
    assert build(key, first).status == build(key, second).status == 0
    assert content(first) == content(second)


def test_a_key_open_to_others_is_refused(key: Path, tmp_path: Path) -> None:
    key.chmod(0o640)
    ended = build(key, tmp_path / "law.tar.gz")
    assert ended.status == 2
    assert "chmod 600" in ended.line
    assert not (tmp_path / "law.tar.gz").exists()


@pytest.mark.parametrize("wrong", ["missing", "folder", "no key"])
def test_what_is_no_key_is_refused(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "law.pem"
    if wrong == "folder":
        path.mkdir()
    if wrong == "no key":
        path.touch(mode=0o600)
    ended = build(path, tmp_path / "law.tar.gz")
    assert ended.status == 2
    assert ended.line
    assert not (tmp_path / "law.tar.gz").exists()


def test_another_law_than_the_installation_s_is_refused(key: Path, tmp_path: Path) -> None:
    """Its answers would be refused, all of them."""
    other = tmp_path / "policies"
    shutil.copytree(POLICIES, other)
    (other / "more.rego").write_text("package more\n")
    ended = build(key, tmp_path / "law.tar.gz", "--policies", other)
    assert ended.status == 2
    assert "är en annan lag" in ended.line and "make bundle" in ended.line
    assert not (tmp_path / "law.tar.gz").exists()


def test_no_policies_and_no_opa_are_said_in_one_line(key: Path, tmp_path: Path) -> None:
    assert "det finns ingen lag i" in build(key, tmp_path / "law.tar.gz", "--policies", tmp_path).line
    assert "install_opa.sh" in build(key, tmp_path / "law.tar.gz", "--opa", tmp_path / "opa").line


def test_the_bundle_of_before_stays_when_building_fails(key: Path, tmp_path: Path) -> None:
    """Whole or not at all."""
    out = tmp_path / "law.tar.gz"
    out.write_bytes(b"before")
    failing = tmp_path / "opa"
    failing.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    failing.chmod(0o700)
    ended = build(key, out, "--opa", failing)
    assert (ended.status, out.read_bytes()) == (2, b"before")
    assert "does not build" in ended.line


# --- a real OPA


@pytest.mark.live
def test_opa_loads_it_and_decides(bundles: Bundles, tmp_path: Path) -> None:
    """As `samband policy build` makes it, with the servers' own configuration."""
    server = OwnOpa(tmp_path, bundles.public)
    with server.running(bundles.good()) as log:
        assert LOADED in log
        with closing(server_engine(server.told)) as law:
            assert law.decide({"0": BASES["consent_to_police"]})["0"].outcome == "forward"


REFUSED = (
    Bundles.unsigned,
    Bundles.of_another_key,
    Bundles.of_another_key_in_its_name,
    Bundles.of_the_public_key,
    Bundles.of_no_key_s_name,
    Bundles.changed,
    Bundles.of_another_environment,
)


@pytest.mark.live
@pytest.mark.parametrize("bad", REFUSED)
def test_opa_refuses_what_is_not_signed_for_it(bundles: Bundles, tmp_path: Path, bad: Any) -> None:
    with OwnOpa(tmp_path, bundles.public).running(bad(bundles)) as log:
        assert LOADED not in log


def test_the_servers_name_the_key_and_what_it_signs_for() -> None:
    """The one configuration that `servers.sh` and `compose.yaml` give to OPA."""
    told = yaml.safe_load(CONFIG.read_text("utf-8"))
    assert told["bundles"][BUNDLE]["signing"] == {"scope": signed_bundle.SCOPE}
    assert told["keys"] == "${SAMBAND_OPA_KEYS}"


@pytest.mark.live
def test_without_signing_an_unsigned_bundle_is_taken(bundles: Bundles, tmp_path: Path) -> None:
    """OPA asks for no signature unless it is told to: that is what the test above is for."""
    told = yaml.safe_load(CONFIG.read_text("utf-8"))
    told["bundles"][BUNDLE] = {"resource": told["bundles"][BUNDLE]["resource"]}
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump(told).replace("'${SAMBAND_OPA_KEYS}'", "${SAMBAND_OPA_KEYS}"))
    with OwnOpa(tmp_path, bundles.public, config=config).running(bundles.unsigned()) as log:
        assert LOADED in log


# --- a key is changed


@pytest.mark.live
def test_opa_takes_what_either_of_two_keys_has_signed(bundles: Bundles, tmp_path: Path) -> None:
    """While a key is changed; before, and after, the other one's is refused."""
    server = OwnOpa(tmp_path, bundles.public, bundles.next_public)
    for signed in (bundles.good(), bundles.of_next_key()):
        with server.running(signed) as log:
            assert LOADED in log
    for key, signed in ((bundles.public, bundles.of_next_key()), (bundles.next_public, bundles.good())):
        server.trust(key)
        with server.running(signed) as log:
            assert LOADED not in log and "not found" in log


def test_the_keys_that_a_server_trusts_are_shown_under_their_names(tmp_path: Path) -> None:
    named = [samband("policy", "keys", "--key", tmp_path / name).objects[0] for name in ("old", "new")]
    files = [one["public"] for one in named]
    shown = samband("policy", "trust", *files)
    assert list(shown.objects[0]) == [one["keyid"] for one in named] and len(set(shown.objects[0])) == 2
    assert [one["key"] for one in shown.objects[0].values()] == [Path(file).read_text() for file in files]
    assert shown.out.count("\n") == 1, "an environment holds one line"


@pytest.mark.parametrize("wrong", ["missing", "private", "folder"])
def test_what_is_no_public_key_is_not_trusted(tmp_path: Path, wrong: str) -> None:
    file = Path(samband("policy", "keys", "--key", tmp_path / "law.pem").objects[0]["key"])
    ended = samband("policy", "trust", {"missing": tmp_path / "no", "private": file, "folder": tmp_path}[wrong])
    assert ended.status == 2 and "kan inte läsas" in ended.line
