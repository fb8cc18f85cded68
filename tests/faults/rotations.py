"""What can be changed without a stop is changed as `deploy/rotation.md` says, one after the other, under load.

    python -m tests.faults.rotations

On three brokers with TLS, two policy servers, PostgreSQL with TLS and two workers: the key that signs bundles of the
law, the workers' password, all certificates, and the authority that issued them. Meanwhile messages come all the time;
at the end each is there once, and how long anybody waited is told for each change, by the times on Kafka.
"""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
import three_brokers
from command import samband
from confluent_kafka import KafkaException
from live import SCRIPT, emptied, emptied_database, postgres_admin
from opa_server import LOADED, OwnOpa
from policy_tools import opa_binary
from three_brokers import LIMITS, NODES, Encrypted, Issuer

from broker import authorities, topics
from broker.provision import Profile
from faults import afterwards, kafka_side
from faults.brokers import _dated, recoveries
from faults.checker import Verdict
from faults.driver import WORKERS, _judged, worker_environment
from faults.older_store import Store
from faults.traffic import Traffic
from faults.workers import ENDED, Workers

_RATE = 10.0
"""Messages a second, fewer than the machine handles."""
_MESSAGES = 9_000
_REAUTHENTICATION = 60_000
"""Milliseconds for which a login to a broker lasts, so that it is renewed while passwords change."""
_PATIENCE = 600.0


@dataclass
class Result:
    """What came of it."""

    verdict: Verdict = field(default_factory=Verdict)
    changes: list[tuple[str, float]] = field(default_factory=list)
    """Of each step its name, and when it began."""
    statuses: list[int | None] = field(default_factory=list)
    ends: Counter[int] = field(default_factory=Counter)
    """With which status workers ended that nobody had told to."""
    unclean: list[str] = field(default_factory=list)
    left: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing was lost, came twice or was left, and no worker fell."""
        kept = self.verdict.ok and not self.left and not self.unclean
        return kept and all(status in ENDED for status in (*self.statuses, *self.ends))

    def as_json(self) -> dict[str, Any]:
        """All of it, for a file."""
        felt = recoveries(self.changes, self.verdict.answered)
        return {
            "ok": self.ok,
            "steps": [{"step": one.kind, "longest wait": one.longest} for one in felt],
            "worker ends": dict(self.ends),
            "statuses": self.statuses,
            "unclean": self.unclean,
            "left": self.left,
            **self.verdict.as_json(),
        }


class PolicyServers:
    """Two OPA: one as `servers.sh` starts it, one as `compose.yaml` does. One is started anew after the other."""

    def __init__(self, servers: Encrypted, folder: Path) -> None:
        self._run, own = servers.run, servers.run / "opa" / "own"
        self.bundle, self.public = own / "bundle.tar.gz", own / "public.pem"
        self._second, self._running = OwnOpa(folder, self.public), ExitStack()
        self._second.told["SAMBAND_OPA_TOKEN"] = servers.settings["SAMBAND_OPA_TOKEN"]
        self._start_second()
        self.urls = f"{servers.settings['SAMBAND_OPA_URL']},{self._second.told['SAMBAND_OPA_URL']}"

    def restart(self, bundle: Path, *keys: Path) -> None:
        """With this bundle, and these public keys: each takes it, and answers, before the next is ended."""
        told = {"SAMBAND_BUNDLE": str(bundle), "SAMBAND_BUNDLE_KEY": ":".join(map(str, keys))}
        line = [SCRIPT, "--run", self._run, "up", "opa"]
        subprocess.run(line, env=os.environ | told, capture_output=True, check=True)
        self.bundle = bundle
        self._second.trust(*keys)
        self._start_second()

    def _start_second(self) -> None:
        self._running.close()
        assert LOADED in self._running.enter_context(self._second.running(self.bundle))

    def end(self) -> None:
        """End the second; the first ends with the other servers."""
        self._running.close()


@dataclass
class Rotations:
    """The changes. `worker`: the environment with which workers are started."""

    servers: Encrypted
    workers: Workers
    store: Store
    worker: dict[str, str]
    policy: PolicyServers
    next_issuer: Issuer
    traffic: Traffic
    folder: Path
    rate: float
    only: str
    """With what the names of the changes begin that are made."""
    progress: Callable[[str], object]
    result: Result = field(default_factory=Result)

    def through(self) -> Result:
        """Let it flow, make the changes, then wait until all is handled."""
        ended = threading.Event()
        sender = threading.Thread(target=self._send, args=(ended,), daemon=True)
        sender.start()
        self._flow()
        for name, change in self._changes().items():
            if not name.startswith(self.only):
                continue
            begun = monotonic()
            self.result.changes.append((name, time()))
            change()
            self._flow()
            self.progress(f"{name}: {monotonic() - begun:.1f} s")
        ended.set()
        sender.join()
        self._flow()
        self.result.left = kafka_side.behind(self.servers.operator, topics.WORKER, self._outboxes)
        self.result.statuses = self.workers.stop()
        return self.result

    def _changes(self) -> Mapping[str, Callable[[], None]]:
        """In order, by what is done."""
        key = self.folder / "law.pem"
        old, new = self.policy.public, key.with_name("law.pem.pub")
        before, after = self.policy.bundle, self.folder / "bundle.tar.gz"
        issuer, brokers = self.next_issuer, self.servers.brokers

        def know_new_key() -> None:
            self._command("policy", "keys", "--key", key)
            self.policy.restart(before, old, new)

        def sign() -> None:
            self._command("policy", "build", "--key", key, "--out", after, "--opa", Path(opa_binary()).absolute())
            self.policy.restart(after, old, new)

        def trust_both() -> None:
            brokers.trust(brokers.issuer, issuer)
            self._restart_brokers()
            self._restart_workers()

        def trust_new() -> None:
            brokers.trust(issuer)
            self._restart_brokers()
            self._restart_workers()

        return {
            "bundles: servers know both keys": know_new_key,
            "bundles: signed with the new key": sign,
            "bundles: servers know the new key alone": lambda: self.policy.restart(after, new),
            "password: renewed, and the workers started anew": self._renew_password,
            "certificates: renewed by the same authority": lambda: self._show(brokers.issuer, "renewed"),
            "certificates: both authorities are trusted": trust_both,
            "certificates: issued by the next authority": lambda: self._show(issuer, "next"),
            "certificates: the next authority alone is trusted": trust_new,
        }

    def _renew_password(self) -> None:
        """Of the workers, by `samband provision --rotate`, whose register is narrowed to who is there.

        They are started anew at once: with the old one they can open no connection.
        """
        register = authorities.load(self.traffic.register)
        narrow = patch.object(type(register), "addresses", lambda _: self.traffic.parties)
        credentials = self.folder / "credentials"
        told = ("--rotate", topics.WORKER, "--credentials", str(credentials), "--register", str(self.traffic.register))
        with narrow, patch.dict("os.environ", self.servers.environment(), clear=True):
            ended = samband("provision", *told)
        assert ended.status == 0, ended.err
        lines = (credentials / f"{topics.WORKER}.env").read_text("utf-8").splitlines()
        self.worker |= dict(word.split("=", 1) for line in lines for word in shlex.split(line))
        self._restart_workers()

    def _show(self, issuer: Issuer, name: str) -> None:
        """New certificates: brokers and controllers are told to read a file, PostgreSQL to read its own again."""
        brokers, before = self.servers.brokers, self.servers.brokers.shown_certificates()
        file = str(brokers.key_store(issuer, self.folder / f"kafka-{name}.pem"))
        for node in NODES:
            of_clients, of_controllers = "listener.name.clients", "listener.name.controller"
            brokers.configure(
                node, **{f"{listener}.ssl.keystore.location": file for listener in (of_clients, of_controllers)}
            )
        brokers.keep(ssl_keystore_location=file)
        encrypt_database(self.servers, issuer)
        alone = self.folder / f"ca-{name}.pem"
        alone.write_bytes(issuer.pem)
        url = self.worker["SAMBAND_POSTGRES_URL"].rpartition("=")[0]
        self._await(lambda: connects(f"{url}={alone}") and not before & brokers.shown_certificates())

    def _restart_brokers(self) -> None:
        for node in NODES:
            self.servers.brokers.restart(node)
            self._keep(0)

    def _restart_workers(self) -> None:
        """One after the other: the next when this one works."""
        for place in range(WORKERS):
            self.workers.signal(place, signal.SIGTERM)
            assert self.workers.ended(place, 60) in ENDED
            self.workers.start(place)
            self._await(self._all_work)

    def _all_work(self) -> bool:
        return self.store._working() == WORKERS

    def _command(self, *arguments: object) -> None:
        with patch.dict("os.environ", self.worker, clear=True):
            ended = samband(*arguments)
        assert ended.status == 0, ended.err

    def _send(self, ended: threading.Event) -> None:
        sender = kafka_side.Sender(self.servers.operator)
        for sent in self.traffic.sent:
            if ended.wait(1 / self.rate):
                break
            sender.send(sent.topic, _dated(sent), sent.headers)
        sender.finish()
        assert not sender.failed, "a message did not reach its outbox"

    @property
    def _outboxes(self) -> Sequence[str]:
        return sorted({sent.topic for sent in self.traffic.sent})

    def _flow(self) -> None:
        """Until all that lies in the outboxes now is handled."""
        operator, ends = self.servers.operator, dict[str, int]()

        def handled() -> bool:
            if not ends:
                ends.update(kafka_side.ends(operator, self._outboxes))
            done = kafka_side.handled(operator, topics.WORKER, self._outboxes)
            return all(done[topic] >= end for topic, end in ends.items())

        self._await(handled)

    def _await(self, holds: Callable[[], bool]) -> None:
        """Until it holds, and Kafka says so; workers that end meanwhile are counted, and started again."""
        until = monotonic() + _PATIENCE
        while True:
            with suppress(KafkaException, psycopg.OperationalError):  # a broker or its coordinator has just moved
                if holds():
                    return
            assert monotonic() < until, "it does not come about"
            self._keep(0.3)

    def _keep(self, seconds: float) -> None:
        self.result.ends.update(self.workers.keep())
        sleep(seconds)


def connects(url: str) -> bool:
    """Whether the database is reached, with a certificate that is trusted."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def encrypt_database(servers: Encrypted, issuer: Issuer) -> None:
    """PostgreSQL shows a new certificate of this authority, without a restart: it is told to read its file again."""
    data = (servers.run / "postgres" / "server").resolve() / "data"
    key, certificate = data / "server.key", data / "server.crt"
    secret, end, shown = issuer.issue("postgres").partition(b"-----END PRIVATE KEY-----\n")
    owner = data.stat()
    for file, content in ((key, secret + end), (certificate, shown)):
        file.touch(0o600)
        os.chown(file, owner.st_uid, owner.st_gid)
        file.write_bytes(content)
    with postgres_admin(servers) as connection:
        connection.execute("ALTER SYSTEM SET ssl = on")
        connection.execute("SELECT pg_reload_conf()")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a run; what came of it on stdout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=_RATE, help="messages a second")
    parser.add_argument("--only", choices=["", "bundles", "password", "certificates"], default="")
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args(arguments)
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="samband-rotations-"))
    folder.mkdir(parents=True, exist_ok=True)

    def tell(line: str) -> None:
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    with three_brokers.started(connections_max_reauth_ms=str(_REAUTHENTICATION)) as own, ExitStack() as stack:
        after, trusted = Issuer("next"), folder / "trusted.pem"
        trusted.write_bytes(own.brokers.issuer.pem + after.pem)  # agencies, who send and read all the time, trust both
        servers = replace(own, settings={**own.settings, "SAMBAND_KAFKA_CA": str(trusted)})
        traffic = Traffic("09", _MESSAGES, 1, folder)
        provisioned = emptied(servers, traffic.parties, 300.0, LIMITS)
        encrypt_database(servers, servers.brokers.issuer)
        database = stack.enter_context(emptied_database(servers))
        policy = PolicyServers(servers, folder)
        stack.callback(policy.end)
        worker = worker_environment(provisioned, database, folder) | {"SAMBAND_PROFILE": Profile.PRODUCTION.value}
        worker["SAMBAND_OPA_URL"] = policy.urls
        worker["SAMBAND_KAFKA_CA"] = own.settings["SAMBAND_KAFKA_CA"]
        worker["SAMBAND_POSTGRES_URL"] += f"?sslmode=verify-full&sslrootcert={worker['SAMBAND_KAFKA_CA']}"
        workers = Workers(dict.fromkeys(range(WORKERS), worker), traffic.register, folder)
        read = [topics.AUDIT, *map(topics.inbox, traffic.parties)]
        along = stack.enter_context(kafka_side.Along(servers.operator, read))
        stack.callback(workers.stop)
        for place in range(WORKERS):
            workers.start(place)
        store = Store(servers, provisioned, worker, folder)
        result = Rotations(
            servers, workers, store, worker, policy, after, traffic, folder, asked.rate, asked.only, tell
        ).through()
        result.verdict = _judged(servers, along, folder, traffic.located)
        result.unclean = afterwards.unclean(provisioned, worker, folder)
    (folder / "result.json").write_text(json.dumps(result.as_json(), indent=2), "utf-8")
    sys.stdout.write(json.dumps(result.as_json(), indent=2) + "\n")
    return 0 if result.ok else 1


if __name__ == "__main__":
    sys.exit(main())
