"""The law of a folder, compiled: today's, an earlier one, or one with a planted fault."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policy_tools import POLICIES

from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.bundle import Bundle
from broker.ports.policy import EngineError
from deploy.build_bundle import compile_law

Json = dict[str, Any]
_CHUNK = 2000


class Law:
    """Answers questions as the broker's own engine does."""

    def __init__(self, policies: Path = POLICIES) -> None:
        """Compile the folder with OPA. Raises CalledProcessError where it is no law."""
        parts = compile_law(policies)
        self._engine = WasmDecisionPoint(Bundle("", parts["policy.wasm"], parts["data.json"], {}))
        self.grounds: Json = json.loads(parts["data.json"])["law"]["grounds"]

    def answers(self, questions: Mapping[str, Json]) -> dict[str, Json]:
        """The raw answers; a question that is not answered is left out."""
        keys, found = list(questions), {}
        for start in range(0, len(keys), _CHUNK):
            found |= self._answered({key: questions[key] for key in keys[start : start + _CHUNK]})
        return found

    def _answered(self, questions: dict[str, Json]) -> dict[str, Json]:
        """One question whose rules contradict each other spoils its batch: then each alone."""
        try:
            return self._engine._ask("decision/results", questions)  # type: ignore[arg-type]
        except EngineError:
            if len(questions) == 1:
                return {}
            keys = list(questions)
            halves = keys[: len(keys) // 2], keys[len(keys) // 2 :]
            return {k: v for half in halves for k, v in self._answered({key: questions[key] for key in half}).items()}


def altered(into: Path, file: str, old: str, new: str) -> Path:
    """A copy of the law with one text of one file replaced; the text must stand there once."""
    shutil.copytree(POLICIES, into)
    path = into / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{file} holds {text.count(old)} times: {old}"
    path.write_text(text.replace(old, new), "utf-8")
    return into
