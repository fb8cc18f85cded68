"""The law on a policy server of its own, of which one file at a time is another."""

import http.client
import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from opa_server import free_port
from policy_tools import POLICIES, ROOT, opa_binary

Json = dict[str, Any]
_WAIT = 60.0


class NoLawError(Exception):
    """A changed file that does not compile."""


class Law:
    """Open Policy Agent over `policies/` and the shared cases."""

    def __init__(self, port: int) -> None:
        self._server = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def close(self) -> None:
        """Let go of the server."""
        self._server.close()

    def change(self, file: str, text: str) -> None:
        """Another text of one file. Raises NoLawError where it does not compile; the one before then stands."""
        if file.endswith(".rego"):
            status, answer = self._request("PUT", f"/v1/policies/policies/{file}", text.encode())
            if status != 200:
                raise NoLawError(answer.get("message", ""))
            return
        for name, table in json.loads(text).items():
            self._request("PUT", f"/v1/data/{Path(file).parent.as_posix()}/{name}", json.dumps(table).encode())

    def restore(self, file: str) -> None:
        """The file's own text."""
        self.change(file, (POLICIES / file).read_text("utf-8"))

    def answers(self, questions: Mapping[str, Any]) -> Json | None:
        """The answer to each question that has one; None where the rules contradict each other."""
        found = self.value("decision/results", {"messages": questions})
        return found if isinstance(found, dict) else None

    def value(self, path: str, asked: Any = None) -> Any:
        """What the document is; None where it is undefined or fails."""
        body = json.dumps({} if asked is None else {"input": asked}).encode()
        status, answer = self._request("POST", f"/v1/data/{path}", body)
        return answer.get("result") if status == 200 else None

    def _request(self, method: str, path: str, body: bytes) -> tuple[int, Json]:
        self._server.request(method, path, body, {"Content-Type": "application/json"})
        answer = self._server.getresponse()
        content = answer.read()
        return answer.status if answer.status != 204 else 200, json.loads(content) if content else {}


@contextmanager
def served() -> Iterator[Law]:
    """The law as it is, served until the block ends."""
    port = free_port()
    command = [opa_binary(), "run", "--server", "--addr", f"127.0.0.1:{port}", "--log-level", "error"]
    folders = ["policies", "tests/cases"]
    with subprocess.Popen([*command, *folders], cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            with closing(_awaited(port)) as law:
                yield law
        finally:
            process.kill()


def _awaited(port: int) -> Law:
    """Raises TimeoutError where the server does not answer."""
    until = monotonic() + _WAIT
    while monotonic() < until:
        law = Law(port)
        try:
            if law.value("law/kinds"):
                return law
        except OSError:
            law.close()
            sleep(0.05)
    raise TimeoutError("Open Policy Agent did not start")
