"""Clients of kafka-python for a cluster that does not answer: they end, and leave nothing behind."""

import inspect
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer
from kafka.errors import KafkaTimeoutError

from agents.agency import kafka_connection
from broker.adapters.kafka import kafka_python_login
from broker.adapters.kafka.kafka_python_login import open_client
from broker.settings import TLS, KafkaLogin


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a machine that stands still: its kernel takes connections, nobody reads from them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_python_login, "_BOOTSTRAP_MS", 500)
    monkeypatch.setattr(kafka_python_login, "_HANDSHAKE", 0.2)


def opened() -> set[object]:
    """Threads and files that there are."""
    files = {file.readlink() for file in Path("/proc/self/fd").iterdir() if file.is_symlink()}
    return {*threading.enumerate(), *files}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("protocol", ["SASL_PLAINTEXT", TLS])
@pytest.mark.parametrize("kind", [KafkaAdminClient, KafkaConsumer])
def test_a_machine_that_stands_still_is_given_up(silent: str, protocol: str, kind: type) -> None:
    before = opened()
    with pytest.raises(KafkaTimeoutError):
        open_client(kind, KafkaLogin(silent, protocol, "nobody", "nothing"), "tests")
    own = [one for one in threading.enumerate() if isinstance(one, threading.Timer) and one not in before]
    for timer in own:
        timer.join()
    assert opened() <= before


@pytest.mark.parametrize("name", ["_Connection", "_Context", "_shut_unanswered"])
def test_what_an_agency_installs_has_the_same_of_its_own(name: str) -> None:
    """It has nothing of the broker, so this stands twice."""
    ours, theirs = (inspect.getsource(getattr(module, name)) for module in (kafka_python_login, kafka_connection))
    assert ours == theirs
