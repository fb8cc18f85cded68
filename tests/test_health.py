"""Liveness, readiness and metrics over HTTP: the right answer, nothing more, and a quiet end."""

import socket
import threading
from http.client import HTTPConnection
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from broker.adapters.prometheus.metrics import PrometheusMetrics
from broker.adapters.prometheus.server import AddressError, parse_address, serving
from broker.ports.health import Health


class Hands:
    """A clock that stands still until it is moved."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def get(url: str, method: str = "GET", **headers: str) -> tuple[int, str, str]:
    """Status, content type and body."""
    try:
        with urlopen(Request(url, method=method, headers=headers), timeout=5) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


def test_it_tells_once_whenever_something_else_is_away() -> None:
    clock, told = Hands(), []
    health = Health(("kafka", "opa"), clock, fresh=30, changed=lambda away, why: told.append((list(away), str(why))))
    health.mark_turn()
    health.mark_down("opa", "another revision of the law")
    health.mark_down("opa", "another revision of the law")
    health.mark_up("kafka")
    health.mark_up("opa")
    health.mark_turn()
    clock.at = 31
    health.mark_turn()
    assert told == [
        (["kafka", "opa"], "another revision of the law"),
        (["opa"], ""),
        ([], ""),
        (["kafka", "opa"], ""),
    ]


def test_a_dependency_is_away_until_it_answers_and_when_it_has_long_been_silent() -> None:
    clock = Hands()
    health = Health(("kafka", "opa"), clock, fresh=30)
    assert health.away() == ["kafka", "opa"]
    health.mark_up("kafka")
    health.mark_up("opa")
    clock.at = 30
    assert health.away() == []
    health.mark_up("opa")
    clock.at = 31
    assert health.away() == ["kafka"]
    health.mark_down("opa")
    assert health.away() == ["kafka", "opa"]
    with pytest.raises(KeyError):
        health.mark_up("postgres")


def test_a_loop_that_does_not_turn_is_not_alive() -> None:
    clock = Hands()
    health = Health((), clock, stuck=120)
    clock.at = 120
    assert health.alive()
    clock.at = 121
    assert not health.alive()
    health.mark_turn()
    assert health.alive()


def test_it_answers_what_it_is_asked() -> None:
    clock = Hands()
    health = Health(("kafka", "opa"), clock)
    metrics = PrometheusMetrics(health)
    with serving("0", metrics.expose, health) as url:
        base = url.removesuffix("/metrics")
        assert base.startswith("http://127.0.0.1:")
        assert get(f"{base}/ready") == (503, "text/plain; charset=utf-8", "kafka\nopa\n")
        health.mark_up("kafka")
        assert get(f"{base}/ready")[::2] == (503, "opa\n")
        health.mark_up("opa")
        assert get(f"{base}/ready")[::2] == (200, "ready\n")
        assert get(f"{base}/live")[::2] == (200, "live\n")
        clock.at = 1000
        assert get(f"{base}/live")[::2] == (503, "stuck\n")
        status, kind, text = get(f"{url}?x=1")
        assert status == 200 and kind.startswith("text/plain; version=")
        assert 'samband_dependency_up{dependency="opa"} 0.0' in text
        assert get(url, Accept="application/openmetrics-text; version=1.0.0")[2].endswith("# EOF\n")
        assert get(url, method="HEAD")[::2] == (200, "")
        assert get(f"{base}/metrics/")[0] == get(f"{base}/")[0] == 404
        assert get(url, method="POST")[0] == 501


def test_nothing_of_a_wrong_request_comes_back(capfd: pytest.CaptureFixture[str]) -> None:
    health = Health((), Hands())
    with serving("127.0.0.1:0", PrometheusMetrics().expose, health) as url:
        port = int(url.split(":")[2].removesuffix("/metrics"))
        for sent in (
            b"GET /201103042386\r\n\r\n",
            b"201103042386 / HTTP/1.0\r\n\r\n",
            b"GET / HTTP/201103042386\r\n\r\n",
        ):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
                client.sendall(sent)
                assert b"201103042386" not in client.recv(1 << 16)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")  # and goes without reading
    assert "".join(capfd.readouterr()) == ""


def test_it_stops_though_somebody_asks_slowly() -> None:
    health = Health((), Hands())
    before = threading.active_count()
    with serving(":0", PrometheusMetrics().expose, health) as url:
        port = int(url.split(":")[2].removesuffix("/metrics"))
        slow = socket.create_connection(("127.0.0.1", port))
        slow.sendall(b"GET /met")
        assert get(url)[0] == 200
    with slow, pytest.raises(OSError, match="refused"):
        HTTPConnection("127.0.0.1", port, timeout=5).connect()
    assert threading.active_count() <= before + 1  # the slow one's, which ends by itself


@pytest.mark.parametrize(
    ("address", "is_"),
    [
        ("9464", ("127.0.0.1", 9464)),
        (":9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:1", ("0.0.0.0", 1)),
        ("[::1]:9464", ("::1", 9464)),
    ],
)
def test_addresses(address: str, is_: tuple[str, int]) -> None:
    assert parse_address(address) == is_


@pytest.mark.parametrize("address", ["", "x", "127.0.0.1:", "127.0.0.1:x", "1:70000", "1:-1", ":٣"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(AddressError, match="write HOST:PORT"):
        parse_address(address)


def test_an_address_that_is_taken_is_told() -> None:
    health = Health((), Hands())
    exposed = PrometheusMetrics().expose
    with serving("0", exposed, health) as url:
        address = url.removeprefix("http://").removesuffix("/metrics")
        with pytest.raises(AddressError, match="choose another"), serving(address, exposed, health):
            pass
