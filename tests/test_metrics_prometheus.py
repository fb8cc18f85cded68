"""A real Prometheus, with the configuration of deploy/, scrapes a real run of the town."""

import json
import re
import shutil
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from lines import Json
from monitoring import PROMETHEUS, ROOT, expressions, tool
from test_cli_process import start
from test_no_personal_data import traces

from broker.cli.telemetry import _LOOK

TOWN = ROOT / "scenery" / "town"
WAIT = 120.0
FIRST = 390
"""Lines that are run before how things stand has been looked at for the second time."""
_KINDS = Counter[tuple[str, str]]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def prometheus(tmp_path: Path, target: str) -> Iterator[str]:
    """A Prometheus of our configuration, told whom to scrape and to do so each second. Gives its address."""
    folder = tmp_path / "prometheus"
    shutil.copytree(PROMETHEUS, folder)
    (folder / "targets.yml").write_text(f"- targets: ['{target}']\n")
    configuration = (folder / "prometheus.yml").read_text("utf-8")
    assert "scrape_interval: 15s" in configuration
    (folder / "prometheus.yml").write_text(configuration.replace("interval: 15s", "interval: 1s"))
    address = f"127.0.0.1:{free_port()}"
    words = ("--config.file", folder / "prometheus.yml", "--storage.tsdb.path", tmp_path / "series")
    log = (tmp_path / "prometheus.log").open("wb")
    command = [tool("prometheus"), *map(str, words), f"--web.listen-address={address}"]
    with log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(WAIT)


def asked(address: str, query: str) -> list[tuple[dict[str, str], float]]:
    """What a query answers; nothing while Prometheus is starting."""
    try:
        with urlopen(f"{address}/api/v1/query?{urlencode({'query': query})}", timeout=5) as answer:
            found = json.load(answer)["data"]["result"]
    except URLError:
        return []
    return [(row["metric"], float(row["value"][1])) for row in found]


def counted(address: str, query: str, *labels: str) -> Counter[tuple[str, ...]]:
    return Counter({tuple(has.get(label, "") for label in labels): int(n) for has, n in asked(address, query)})


@pytest.mark.slow
def test_prometheus_counts_what_the_receipts_say(tmp_path: Path) -> None:
    story = (TOWN / "messages.jsonl").read_bytes().splitlines(keepends=True)
    pipe = subprocess.PIPE
    words = ("--register", TOWN / "authorities.json", "--data", tmp_path / "data", "--json", "--metrics", "0")
    with start("run", "-", *words, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        try:
            [target] = re.findall(r"http://(127\.0\.0\.1:\d+)/metrics", process.stderr.readline().decode())
            receipts: list[Json] = []
            given = process.stdout
            reader = threading.Thread(target=lambda: receipts.extend(map(json.loads, given)), daemon=True)
            reader.start()
            with prometheus(tmp_path, target) as address:
                process.stdin.writelines(story[:FIRST])
                process.stdin.flush()  # and is held open: the run goes on, with its last lines waiting
                looks_again, until = monotonic() + _LOOK, monotonic() + WAIT
                while True:
                    seen = counted(address, "sum by (outcome) (samband_messages_total)", "outcome")
                    told = Counter((found["outcome"],) for found in once(receipts))
                    if seen == told and len(receipts) > 200:
                        break
                    assert monotonic() < until, f"Prometheus says {seen}, the receipts {told}"
                    sleep(0.2)
                told_now = list(receipts)
                compare(address, told_now)
                while monotonic() < looks_again:
                    sleep(0.1)  # how things stand is looked at now and then
                process.stdin.writelines((*story[FIRST:], *story))  # what is repeated fills the batch
                process.stdin.flush()
                unseen(address)
                for owner, expression in expressions():
                    asked(address, expression)  # none is refused
                    assert owner
                assert asked(address, "up{job='samband'}") == [
                    ({"__name__": "up", "instance": target, "job": "samband"}, 1.0)
                ]
                with urlopen(f"http://{target}/metrics", timeout=5) as answer:
                    text = answer.read().decode()
            process.stdin.close()
            assert process.wait(WAIT) == 0
            reader.join(WAIT)
            assert len(receipts) == 2 * len(story)
        finally:
            process.kill()
    no_one_is_named(text)


def once(receipts: list[Json]) -> list[Json]:
    """Without the repeats, which make nothing."""
    return list({found["audit"]["seq"]: found for found in list(receipts)}.values())


def unseen(address: str) -> None:
    """What nobody has fetched or opened is measured by kind of authority, and its alerts ring in time."""
    for state, query in (
        ("fetched", "samband_oldest_unfetched_timestamp_seconds{authority_kind='municipality'} < time()"),
        ("opened", "samband_oldest_unseen_timestamp_seconds{state='unopened',authority_kind='municipality'} < time()"),
        ("rung", "ALERTS{alertname='SambandUnfetched',alertstate=~'pending|firing'}"),
    ):
        until = monotonic() + WAIT
        while not asked(address, query):
            assert monotonic() < until, f"nothing that is not {state}"
            sleep(0.2)


def compare(address: str, receipts: list[Json]) -> None:
    """By kind, code, item and rule."""
    kinds = {}
    for row in (TOWN / "messages.jsonl").read_bytes().splitlines():
        try:
            message = json.loads(row)
            kinds[message["id"]] = message["kind"]
        except (ValueError, KeyError, TypeError):
            continue
    new = once(receipts)
    by_kind = Counter(("unknown" if "error" in found else kinds[found["message"]], found["outcome"]) for found in new)
    assert counted(address, "samband_messages_total", "kind", "outcome") == by_kind
    codes = Counter((found["error"]["code"],) for found in new if "error" in found)
    assert counted(address, "samband_quarantined_total", "code") == codes
    items = Counter((item["outcome"],) for found in new for item in found.get("items", ()))
    assert counted(address, "samband_items_total", "verdict") == items
    carried = Counter((ground["id"],) for found in new for ground in found.get("grounds", ()))
    query = "sum by (ground) (samband_decisions_total{outcome='forward', ground!='none'})"
    assert counted(address, query, "ground") == carried
    assert counted(address, "samband_repeats_total") == Counter({(): len(receipts) - len(new)})


def no_one_is_named(text: str) -> None:
    """No person, id, case or authority of the town stands in /metrics."""
    assert traces(text) == []
    registered = {found["authority"] for found in json.loads((TOWN / "authorities.json").read_text("utf-8"))}
    for row in (TOWN / "messages.jsonl").read_bytes().splitlines():
        try:
            message = json.loads(row)
        except ValueError:
            continue
        if isinstance(message, dict):
            registered |= {str(message.get("id")), str(message.get("case") or message.get("id"))}
            registered |= {found["authority"] for side in ("sender", "recipient") if (found := message.get(side))}
            subject = message.get("body", {}).get("subject") or {}
            registered |= {str(subject["id"])} if subject.get("id") else set()
    assert [name for name in registered if name in text] == []
