"""A kind of message that Samband does not have, added as the README says, goes through."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import house
import pytest
from house import given, opened
from lines import GIRL, POLICE, TOWN, message

from broker import bundle
from broker.adapters.avro.codec import AvroCodec
from broker.adapters.opa.wasm import WasmDecisionPoint
from broker.kinds import KINDS, Message
from broker.model.parts import Note, Part
from schemas import write_avro


class GreetingBody(Part):
    """A greeting."""

    text: Note
    """What is said."""


class Greeting(Message):
    """A greeting (hälsning), which others may answer."""

    kind: Literal["Greeting"]
    """The message's kind."""
    body: GreetingBody
    """The greeting."""

    def flags(self, recipient_code: str | None) -> dict[str, Any]:
        """Whether a person's number stands in it."""
        return {"personal_data": self.holds_a_number()}


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WasmDecisionPoint]:
    """The installed law with a row for the kind, whose schema is among the others."""
    monkeypatch.setitem(KINDS, "Greeting", Greeting)
    folder = tmp_path / "schemas"
    folder.mkdir()
    write_avro.write(folder)
    codec = AvroCodec(folder)
    monkeypatch.setattr(house, "codec", lambda: codec)
    installed = bundle.load()
    tables = json.loads(installed.tables)
    tables["law"]["kinds"]["Greeting"] = tables["law"]["kinds"]["Clarification"] | {"answers": False}
    tables["question"]["flags"]["Greeting"] = {"personal_data": "boolean"}
    yield WasmDecisionPoint(replace(installed, tables=json.dumps(tables).encode()))


def test_a_new_kind_goes_through(tmp_path: Path, law: WasmDecisionPoint) -> None:
    sent = message(1, "Greeting", TOWN, POLICE, {"text": "God morgon."})
    with opened(tmp_path / "data", law=law) as running:
        (receipt,) = running.pipeline.run([given(sent)])
        assert receipt["outcome"] == "forward"
        assert [line["message"]["kind"] for line in running.inbox(POLICE)] == ["Greeting"]
        (again,) = running.pipeline.run([given(sent)])
        assert again == receipt
        numbered = message(2, "Greeting", TOWN, POLICE, {"text": f"Hälsa {GIRL['id']}."})
        (receipt,) = running.pipeline.run([given(numbered)])
        assert (receipt["outcome"], [bar["id"] for bar in receipt["bars"]]) == ("refer", ["personal_data"])
        assert running.verified().ok
