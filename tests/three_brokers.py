"""Kafka with three brokers and TLS, as production has it: three copies, two in sync; OPA and PostgreSQL beside it.

Settings are those of `deploy/local/kafka/server.properties`, with what `deploy/README.md` says of TLS and of copies.
"""

import os
import re
import secrets
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import monotonic, sleep

import live
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kafka import KafkaAdminClient
from live import SCRIPT, Servers

from broker.adapters.kafka.kafka_python_login import open_client
from broker.provision import Limits, Profile
from broker.settings import TLS, KafkaLogin

LIMITS = Limits(Profile.PRODUCTION, copies=3, in_sync=2)
NODES = (1, 2, 3)
COORDINATED = 10
"""Partitions of the topics where Kafka keeps groups and transactions (server.properties)."""
KAFKA = SCRIPT.with_name("kafka")
_LIGHT = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Little work to start: they run for minutes, three on a machine."""
_HEAP = ("-Xms96m", "-Xmx384m")
_HOST = "127.0.0.1"
_WAIT = 120.0


@dataclass(frozen=True)
class Encrypted(Servers):
    """The servers, of which Kafka's brokers are `brokers`; nothing passes between machines unencrypted."""

    brokers: "Brokers" = field(kw_only=True)

    def login(self, user: str, password: str) -> KafkaLogin:
        """Another login to the same Kafka, whose brokers are known by the authority of their certificates."""
        told = self.settings
        authority = told["SAMBAND_KAFKA_CA"]
        return KafkaLogin(told["SAMBAND_KAFKA_BOOTSTRAP"], TLS, user, password, authority=authority)

    def environment(self) -> dict[str, str]:
        """As of an installation in production."""
        return super().environment() | {"SAMBAND_PROFILE": Profile.PRODUCTION.value}


@contextmanager
def started() -> Iterator[Encrypted]:
    """All of it, in a folder that ends with the block."""
    with ExitStack() as stack:
        run = stack.enter_context(live._new_run())
        live._script(run, "up", "opa", "postgres")
        yield stack.enter_context(beside(run, live._settings(run), run / "brokers"))


@contextmanager
def beside(run: Path, settings: Mapping[str, str], folder: Path) -> Iterator[Encrypted]:
    """Three brokers, which live in `folder`, beside OPA and PostgreSQL of a run that stands."""
    with running(folder) as brokers:
        yield Encrypted(run, {**settings, **brokers.settings}, brokers=brokers)


@contextmanager
def running(folder: Path) -> Iterator["Brokers"]:
    """Three brokers, which also are the controllers."""
    folder.mkdir(parents=True)
    brokers = Brokers(folder)
    try:
        brokers.format()
        for node in NODES:
            brokers.start(node)
        brokers.await_whole()
        yield brokers
    finally:
        brokers.end()


class Brokers:
    """Processes by their number, and what they have in common."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = dict(zip(NODES, _free_ports(2 * len(NODES)), strict=False))
        self._controllers = dict(zip(NODES, _free_ports(2 * len(NODES))[len(NODES) :], strict=False))
        self._password = secrets.token_hex(24)
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._authority = _certificates(folder)
        [self._jars] = [one for one in _cache().glob("kafka-*") if one.is_dir()]

    @property
    def settings(self) -> Mapping[str, str]:
        """As `servers.sh env` tells them of one broker."""
        return {
            "SAMBAND_KAFKA_BOOTSTRAP": ",".join(f"{_HOST}:{port}" for port in self._ports.values()),
            "SAMBAND_KAFKA_SECURITY_PROTOCOL": TLS,
            "SAMBAND_KAFKA_CA": str(self._authority),
            "SAMBAND_KAFKA_ADMIN": "admin",
            "SAMBAND_KAFKA_ADMIN_PASSWORD": self._password,
            "SAMBAND_KAFKA_COPIES": str(LIMITS.copies),
            "SAMBAND_KAFKA_IN_SYNC": str(LIMITS.in_sync),
        }

    @property
    def operator(self) -> KafkaLogin:
        """Who may do everything."""
        told = self.settings
        login = KafkaLogin(told["SAMBAND_KAFKA_BOOTSTRAP"], TLS, "admin", self._password)
        return replace(login, authority=str(self._authority))

    def format(self) -> None:
        """Each node's folder, of one cluster, with the operator's password."""
        cluster = secrets.token_urlsafe(16)[:22]
        for node in NODES:
            file = self._folder / f"{node}.properties"
            file.write_text("".join(f"{name}={value}\n" for name, value in self._properties(node).items()))
            scram = f"SCRAM-SHA-512=[name=admin,password={self._password}]"
            words = ("kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", str(file))
            line = [*self._java(), *words, "--add-scram", scram]
            ended = subprocess.run(line, capture_output=True, text=True, check=False)
            assert ended.returncode == 0, ended.stdout + ended.stderr

    def start(self, node: int) -> None:
        """Start one, and go on at once."""
        with (self._folder / f"{node}.log").open("ab") as log:
            line = [*self._java(*_HEAP), "kafka.Kafka", str(self._folder / f"{node}.properties")]
            self._running[node] = subprocess.Popen(line, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def kill(self, node: int) -> None:
        """End one as a power cut does."""
        self._running[node].send_signal(signal.SIGKILL)
        self._running[node].wait()

    def pause(self, node: int) -> None:
        """Have one stand still, its connections open: as a machine that has lost its network."""
        self._running[node].send_signal(signal.SIGSTOP)

    def resume(self, node: int) -> None:
        """Let it go on."""
        self._running[node].send_signal(signal.SIGCONT)

    def await_whole(self) -> None:
        """Until all are there, and each partition has all its copies in sync."""
        until = monotonic() + _WAIT
        while not self._is_whole():
            ended = [node for node, process in self._running.items() if process.poll() is not None]
            assert not ended, (self._folder / f"{ended[0]}.log").read_text()[-2000:]
            assert monotonic() < until, "the brokers do not come together"
            sleep(0.3)

    def end(self) -> None:
        """Kill all: their folder goes too."""
        for process in self._running.values():
            process.kill()
            process.wait()

    def _is_whole(self) -> bool:
        try:
            client = open_client(KafkaAdminClient, self.operator, "tests")
        except Exception:
            return False  # none answers yet
        try:
            nodes = {broker["broker_id"] for broker in client.describe_cluster()["brokers"]}
            topics = client.describe_topics()
            copies = [len(part["isr_nodes"]) for topic in topics for part in topic["partitions"]]
            return nodes == set(NODES) and all(n == len(NODES) for n in copies)
        except Exception:
            return False  # one is looked for where it was
        finally:
            client.close()

    def _java(self, *options: str) -> list[str]:
        java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if "JAVA_HOME" in os.environ else Path("java")
        log = (f"-Dlog4j2.configurationFile={KAFKA / 'log4j2.properties'}", "-Dsamband.log=warn")
        return [str(java), *_LIGHT, *options, *log, "-cp", f"{self._jars}/*"]

    def _properties(self, node: int) -> dict[str, str]:
        lines = (KAFKA / "server.properties").read_text("utf-8").splitlines()
        common = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        values = {
            "HOST": _HOST,
            "PORT": str(self._ports[node]),
            "CONTROLLER_PORT": str(self._controllers[node]),
            "DATA": str(self._folder / str(node)),
            "ADMIN_PASSWORD": self._password,
        }
        filled = {
            name: re.sub(r"\$\{env:SAMBAND_KAFKA_(\w+)\}", lambda found: values[found[1]], value)
            for name, value in common.items()
            if not name.startswith("config.providers")
        }
        voters = ",".join(f"{one}@{_HOST}:{port}" for one, port in self._controllers.items())
        copies = {name: "3" for name in filled if name.endswith("replication.factor")}
        in_sync = {name: "2" for name in filled if name.endswith(("min.isr", "min.insync.replicas"))}
        return (
            filled
            | copies
            | in_sync
            | {
                "node.id": str(node),
                "controller.quorum.voters": voters,
                "listener.security.protocol.map": "CLIENTS:SASL_SSL,CONTROLLER:SASL_SSL",
                "ssl.keystore.type": "PEM",
                "ssl.keystore.location": str(self._folder / "kafka.pem"),
                "ssl.truststore.type": "PEM",
                "ssl.truststore.location": str(self._authority),
            }
        )


def _cache() -> Path:
    return Path(os.environ.get("SAMBAND_CACHE", SCRIPT.parents[2] / ".tools"))


def _free_ports(n: int) -> list[int]:
    """Below those that the system lends to clients."""
    found: list[int] = []
    while len(found) < n:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as tried:
            if port not in found and tried.connect_ex((_HOST, port)):
                found.append(port)
    return found


def _certificates(folder: Path) -> Path:
    """`kafka.pem`, with the key that all brokers here share; the authority's file, which is given back."""
    now = datetime.now(UTC)
    key, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def certificate(name: str, public: ec.EllipticCurvePublicKey, extension: x509.ExtensionType) -> x509.Certificate:
        made = x509.CertificateBuilder().issuer_name(_name("authority")).subject_name(_name(name)).public_key(public)
        dated = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
        return dated.not_valid_after(now + timedelta(days=1)).add_extension(extension, False).sign(key, hashes.SHA256())

    authority = certificate("authority", key.public_key(), x509.BasicConstraints(ca=True, path_length=None))
    named = x509.SubjectAlternativeName([x509.IPAddress(ip_address(_HOST))])
    server = certificate("kafka", own.public_key(), named)
    pem = serialization.Encoding.PEM
    secret = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "kafka.pem").touch(0o600)
    (folder / "kafka.pem").write_bytes(secret + server.public_bytes(pem) + authority.public_bytes(pem))
    (folder / "ca.pem").write_bytes(authority.public_bytes(pem))
    return folder / "ca.pem"


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
