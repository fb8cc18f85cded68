"""Kafka with three brokers and TLS, as production has it: three copies, two in sync; OPA and PostgreSQL beside it.

Settings are those of `deploy/local/kafka/server.properties`, with what `deploy/README.md` says of TLS and of copies.
"""

import os
import re
import secrets
import signal
import socket
import ssl
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

from broker.adapters.files import whole_file
from broker.adapters.kafka.kafka_python_login import open_client
from broker.provision import MECHANISM, Limits, Profile
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
_PEM = serialization.Encoding.PEM
_WAIT = 300.0


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
def started(**settings: str) -> Iterator[Encrypted]:
    """All of it, in a folder that ends with the block. `settings`: of the brokers, with _ for each dot."""
    with ExitStack() as stack:
        run = stack.enter_context(live._new_run())
        live._script(run, "up", "opa", "postgres")
        yield stack.enter_context(beside(run, live._settings(run), run / "brokers", **settings))


@contextmanager
def beside(run: Path, settings: Mapping[str, str], folder: Path, **more: str) -> Iterator[Encrypted]:
    """Three brokers, which live in `folder`, beside OPA and PostgreSQL of a run that stands."""
    with running(folder, **more) as brokers:
        yield Encrypted(run, {**settings, **brokers.settings}, brokers=brokers)


@contextmanager
def running(folder: Path, **settings: str) -> Iterator["Brokers"]:
    """Three brokers, which also are the controllers."""
    folder.mkdir(parents=True)
    brokers = Brokers(folder, {name.replace("_", "."): value for name, value in settings.items()})
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

    def __init__(self, folder: Path, more: Mapping[str, str]) -> None:
        self._folder, self._more = folder, dict(more)
        self._ports = dict(zip(NODES, _free_ports(2 * len(NODES)), strict=False))
        self._controllers = dict(zip(NODES, _free_ports(2 * len(NODES))[len(NODES) :], strict=False))
        self._password = secrets.token_hex(24)
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self.issuer = Issuer()
        self._authority = folder / "ca.pem"
        self.trust(self.issuer)
        self.key_store(self.issuer, folder / "kafka.pem")
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
            file = self._write_properties(node)
            scram = f"SCRAM-SHA-512=[name=admin,password={self._password}]"
            words = ("kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", str(file))
            line = [*self._java(), *words, "--add-scram", scram]
            ended = subprocess.run(line, capture_output=True, text=True, check=False)
            assert ended.returncode == 0, ended.stdout + ended.stderr

    def _write_properties(self, node: int) -> Path:
        file = self._folder / f"{node}.properties"
        file.write_text("".join(f"{name}={value}\n" for name, value in self._properties(node).items()))
        return file

    def start(self, node: int) -> None:
        """Start one, and go on at once."""
        with (self._folder / f"{node}.log").open("ab") as log:
            line = [*self._java(*_HEAP), "kafka.Kafka", str(self._folder / f"{node}.properties")]
            self._running[node] = subprocess.Popen(line, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def kill(self, node: int) -> None:
        """End one as a power cut does."""
        self._running[node].send_signal(signal.SIGKILL)
        self._running[node].wait()

    def restart(self, node: int) -> None:
        """End one as its unit does, start it, and wait until all copies are in sync: then the next may follow."""
        self._running[node].terminate()
        self._running[node].wait(_WAIT)
        self.start(node)
        self.await_whole()

    def trust(self, *issuers: "Issuer") -> None:
        """The file of authorities, which clients and brokers read when they start."""
        whole_file.write(self._authority, b"".join(one.pem for one in issuers))

    def key_store(self, issuer: "Issuer", file: Path) -> Path:
        """A file with a new key, which all brokers here share, and its certificate by this authority."""
        file.touch(0o600)
        file.write_bytes(issuer.issue("kafka"))
        return file

    def configure(self, node: int, **settings: str) -> None:
        """Change settings of one while it runs, with Kafka's own program: `kafka-configs`. With _ for each dot."""
        login = self._folder / "admin.properties"
        jaas = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="admin" password="{}";'
        lines = {
            **{"security.protocol": TLS, "sasl.mechanism": MECHANISM, "sasl.jaas.config": jaas.format(self._password)},
            **{"ssl.truststore.type": "PEM", "ssl.truststore.location": str(self._authority)},
        }
        login.touch(0o600)
        login.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
        told = ",".join(f"{name.replace('_', '.')}={value}" for name, value in settings.items())
        words = ("--bootstrap-server", self.settings["SAMBAND_KAFKA_BOOTSTRAP"], "--command-config", str(login))
        of_node = ("--entity-type", "brokers", "--entity-name", str(node), "--alter", "--add-config", told)
        line = [*self._java("-Xmx128m"), "kafka.admin.ConfigCommand", *words, *of_node]
        ended = subprocess.run(line, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr

    def keep(self, **settings: str) -> None:
        """Write settings where each reads them when it starts. With _ for each dot."""
        self._more |= {name.replace("_", "."): value for name, value in settings.items()}
        for node in NODES:
            self._write_properties(node)

    def shown_certificates(self) -> set[str]:
        """What the brokers show to who connects, also as controllers."""
        places = (*self._ports.values(), *self._controllers.values())
        return {ssl.get_server_certificate((_HOST, port)) for port in places}

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
            | self._more
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


class Issuer:
    """An authority that certificates are of."""

    def __init__(self, name: str = "authority") -> None:
        self._name = _name(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        ca = x509.BasicConstraints(ca=True, path_length=None)
        self._certificate = self._certify(self._name, self._key.public_key(), ca)

    @property
    def pem(self) -> bytes:
        """Its certificate."""
        return self._certificate.public_bytes(_PEM)

    def issue(self, name: str) -> bytes:
        """A new key and its certificate for a server on this machine, and the authority's own."""
        key = ec.generate_private_key(ec.SECP256R1())
        here = x509.SubjectAlternativeName([x509.IPAddress(ip_address(_HOST))])
        secret = key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return secret + self._certify(_name(name), key.public_key(), here).public_bytes(_PEM) + self.pem

    def _certify(
        self, name: x509.Name, public: ec.EllipticCurvePublicKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().issuer_name(self._name).subject_name(name).public_key(public)
        dated = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
        until = dated.not_valid_after(now + timedelta(days=1)).add_extension(extension, False)
        return until.sign(self._key, hashes.SHA256())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
