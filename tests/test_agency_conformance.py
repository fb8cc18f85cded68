"""The conformance check passes what behaves, and finds each planted fault, by the check that is made for it."""

import json
import os
import re
from pathlib import Path

import pytest
from agency_side import POLICE, SCHOOL, TOWN, clock, embedded

from agents.agency import Agency, Delivery, Draft, Drafts, Json, Notice, Receipt, account, conformance
from agents.agency.__main__ import main
from agents.agency.compose import Pen
from agents.agency.conformance import MakeAdapter, System, acts_for_no_human, examine, staged
from agents.agency.drafts import Address, assessment, item, person
from agents.agency.lines import Line
from agents.agency.samples import Sample

SIDE = Path(__file__).parents[1] / "agents" / "agency"


def school(folder: Path) -> Sample:
    return Sample("school", folder)


def faults(make: MakeAdapter, *, human: bool = True) -> list[str]:
    """Names of the checks that did not pass; a human stands behind what the samples weigh."""
    results = list(examine(staged(make, SCHOOL, "school", "rektor"), human=human))
    checks = [check for check in conformance.CHECKS if not human or check is not acts_for_no_human]
    assert [result.check for result in results] == [(check.__doc__ or "").rstrip(".") for check in checks]
    by_name = {(check.__doc__ or "").rstrip("."): check.__name__ for check in conformance.CHECKS}
    return [by_name[result.check] for result in results if not result.passed]


class Planted(Sample):
    """The sample school, with a fault."""

    def __init__(self, folder: Path) -> None:
        super().__init__("school", folder)


class Silent(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        return


class Elsewhere(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.send("Interim", Address("kommun-0180"), {"text": "…"}, in_reply_to=request.id)


class ToTheRegistry(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.send("Interim", Address(POLICE), {"text": "…"}, in_reply_to=request.id)


class NotInReply(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.send("Interim", Address(POLICE, "police_area"), {"text": "…"})


class Half(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.refuse(request, request.body["categories"][:1], reason="not_held")


class Twice(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        super().answer(request, write)
        super().answer(request, write)


class AnotherPerson(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        items = [item(category, "…", secrecy=["OSL 23:2"]) for category in request.body["categories"]]
        write.disclose(request, items, subject=person("201103042386"))


class Unnamed(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.disclose(request, [{"category": category, "content": "…"} for category in request.body["categories"]])


class Dots(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        weighed = [assessment("overriding_reasons", False, by="rektor", reason="…")]
        items = [item(c, "…", secrecy=["OSL 23:2"], assessments=weighed) for c in request.body["categories"]]
        write.disclose(request, items)


class NoReason(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.refuse(request, request.body["categories"], reason="withheld", ref="OSL 26:1")


class Telling(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.refuse(request, request.body["categories"], reason="not_held", ref="OSL 26:1")


class UnheardOf(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        super().answer(request, write)
        write.send("Letter", request, {})  # type: ignore[arg-type]


class AnswersRecalls(Planted):
    def take(self, line: Line, write: Drafts) -> None:
        if isinstance(line, Delivery) and line.kind == "Recall":
            write.send("Interim", line, {"text": "…"})
        else:
            super().take(line, write)


class SendsAnew(Planted):
    def notice(self, notice: Notice, write: Drafts) -> None:
        write.out(Draft("Tip", Address(POLICE), {"text": "…"}))


class FallsOnReceipts(Planted):
    def receipt(self, receipt: Receipt) -> None:
        raise KeyError(receipt.content["grounds"])


class FallsOnWhatIsNew(Planted):
    def take(self, line: object, write: Drafts) -> None:
        assert isinstance(line, Delivery | Notice)
        super().take(line, write)


class KeepsInMemory(Planted):
    """Its queue for a human is a list."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._queue: list[str] = []

    def save(self, delivery: Delivery) -> str | None:
        self._queue.append(delivery.id)
        return None

    def saved(self) -> list[str]:
        return self._queue


class RegistersFirst(Planted):
    """It says a number at once, and saves when the next line comes: killed between the two, one is lost."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._later: list[Delivery] = []

    def save(self, delivery: Delivery) -> str | None:
        for one in self._later:
            super().save(one)
        self._later = [delivery]
        return "SN 2026/12"


class SavesNoConcern(Planted):
    """It handles requests, and lets all else go by."""

    def save(self, delivery: Delivery) -> str | None:
        return super().save(delivery) if delivery.kind == "InformationRequest" else None


class TellsNothing(Planted):
    def saved(self) -> None:
        return None


PLANTED: dict[type[Planted], set[str]] = {
    Silent: {"answers_a_request"},
    Elsewhere: {"answers_a_request"},
    ToTheRegistry: {"answers_a_request"},
    NotInReply: {"answers_a_request"},
    Half: {"answers_each_category"},
    Twice: {"answers_each_category"},
    AnotherPerson: {"keeps_to_the_subject"},
    Unnamed: {"names_secrecy"},
    Dots: {"names_secrecy"},
    NoReason: {"gives_reasons"},
    Telling: {"gives_reasons"},
    UnheardOf: {"writes_well"},
    AnswersRecalls: {"bears_a_recall"},
    SendsAnew: {"bears_notices_and_receipts"},
    FallsOnReceipts: {"bears_notices_and_receipts"},
    FallsOnWhatIsNew: {"bears_what_is_new"},
    KeepsInMemory: {"keeps_what_it_took"},
    RegistersFirst: {"keeps_what_it_took", "registers_what_it_has"},
    SavesNoConcern: {"keeps_what_it_took"},
    TellsNothing: {"keeps_what_it_took", "registers_what_it_has"},
}


def test_samples_pass() -> None:
    assert faults(school) == faults(lambda folder: Sample("social_services", folder)) == []


class Signed(Planted):
    """What a template once showed: a weighing that nobody has made, in a handler's name."""

    def answer(self, request: Delivery, write: Drafts) -> None:
        weighed = [assessment("overriding_reasons", False, by="handläggare", reason="Prövat.")]
        items = [item(c, "…", secrecy=["OSL 23:2"], assessments=weighed) for c in request.body["categories"]]
        write.disclose(request, items)


class OpensByItself(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.refuse(request, request.body["categories"], reason="not_held")

    def deliver(self, delivery: Delivery, write: Drafts) -> None:
        write.opened(delivery)


class AQueueForAHuman(Planted):
    def answer(self, request: Delivery, write: Drafts) -> None:
        write.interim(request, "Handläggs.")


NAMELESS = {Planted: ["acts_for_no_human"], Signed: ["acts_for_no_human"], OpensByItself: ["acts_for_no_human"]}


@pytest.mark.parametrize("adapter", NAMELESS, ids=lambda adapter: adapter.__name__)
def test_where_no_human_sits_none_is_spoken_for(adapter: type[Planted]) -> None:
    assert faults(adapter, human=False) == NAMELESS[adapter]
    assert faults(AQueueForAHuman, human=False) == []


@pytest.mark.parametrize("adapter", PLANTED, ids=lambda adapter: adapter.__name__)
def test_a_planted_fault_is_found(adapter: type[Planted]) -> None:
    found = set(faults(adapter))
    assert found >= PLANTED[adapter]
    if adapter is not Silent:
        assert found == PLANTED[adapter]


class Own:
    """A system that does not use the adapter: it answers by itself, in ways that a test chooses."""

    def __init__(self, *, remembers: bool, forgets_unsent: bool = False, new_id: bool = False) -> None:
        self.authority = SCHOOL
        self._remembers = remembers
        self._forgets = forgets_unsent
        self._new_id = new_id
        self._lines: list[Json] = []
        self._done: set[str] = set()
        self._unsent: list[bytes] = []
        self._sent: list[bytes] = []
        self._tried: list[bytes] = []
        self._off = False
        self._taken: list[str] = []

    def give(self, line: Json) -> None:
        self._lines.append(line)
        self._taken += [line["message"]["id"]] if line["type"] == "delivery" else []

    def work(self) -> None:
        for line in self._lines:
            message = line.get("message") or {}
            if (
                line["type"] == "delivery"
                and message["kind"] == "InformationRequest"
                and message["id"] not in self._done
            ):
                self._unsent.append(self._answer(message))
                if self._remembers:
                    self._done.add(message["id"])
        self._lines.clear()
        if self._off:
            self._tried += self._unsent
        else:
            self._sent += [self._again(text) for text in self._unsent]
            self._unsent.clear()

    def sent(self) -> list[bytes]:
        return self._sent

    def tried(self) -> list[bytes]:
        return self._tried

    def cut(self, *, off: bool) -> None:
        self._off = off

    def restart(self) -> None:
        if self._forgets:
            self._unsent.clear()

    def saved(self) -> list[str]:
        return self._taken

    def close(self) -> None:
        return

    def _answer(self, request: Json) -> bytes:
        drafts = Drafts(SCHOOL)
        drafts.refuse(Delivery({"message": request}), request["body"]["categories"], reason="not_held")
        return Pen(SCHOOL, "school", "rektor", clock, lambda size: bytes(range(size))).write(drafts.written[0]).message

    def _again(self, text: bytes) -> bytes:
        if not self._new_id or text not in self._tried:
            return text
        return json.dumps({**json.loads(text), "id": "019cb391-c200-78ac-be73-43f016890c53"}).encode()


@pytest.mark.parametrize(
    ("system", "names"),
    [
        (lambda: Own(remembers=True), []),
        (lambda: Own(remembers=False), ["takes_a_line_once"]),
        (lambda: Own(remembers=True, forgets_unsent=True), ["sends_again_unchanged"]),
        (lambda: Own(remembers=True, new_id=True), ["sends_again_unchanged"]),
    ],
    ids=["good", "no memory", "forgets what is unsent", "a new id each time"],
)
def test_a_system_of_its_own_is_examined_too(system: type[System], names: list[str]) -> None:
    checks = dict(zip([r.check for r in examine(lambda _: system())], conformance.CHECKS, strict=True))
    found = [checks[result.check].__name__ for result in examine(lambda _: system()) if not result.passed]
    assert found == names


@pytest.mark.slow
def test_an_account_on_the_embedded_broker(tmp_path: Path) -> None:
    broker = embedded(tmp_path / "data")
    own = Pen(SCHOOL, "school", "rektor", clock, os.urandom)
    results = list(account.examine(broker, own, Address(POLICE, "police_area"), timeout=1))
    assert [result.fault for result in results] == [None] * 10
    with (
        Agency(SCHOOL, broker, unit="school", clock=clock) as school_desk,
        Agency(POLICE, broker, unit="police_area", clock=clock) as police,
    ):
        told = account.exchange(
            Sample("school"),
            school_desk,
            police,
            to=Address(SCHOOL, "school"),
            categories=["school_attendance"],
            timeout=10,
        )
        assert [result.fault for result in told] == [None] * 3


@pytest.mark.slow
def test_an_account_that_may_not_is_told_so(tmp_path: Path) -> None:
    public = Pen("allmanheten", "registry", "individual", clock, lambda size: bytes(range(size)))
    results = list(account.examine(embedded(tmp_path / "data"), public, Address(POLICE), timeout=1))
    assert results[0].fault == "quarantine kind_not_allowed"


@pytest.mark.slow
def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    template(tmp_path, capsys)
    monkeypatch.chdir(tmp_path)
    assert main(["check", "our_adapter:OurAdapter", "--as", SCHOOL]) == 0
    assert capsys.readouterr().out.endswith("\n15 passed, 0 failed\n")
    (tmp_path / "bad_adapter.py").write_text("from agents.agency import Adapter\nclass Bad(Adapter): pass\n", "utf-8")
    assert main(["check", "bad_adapter:Bad", "--as", SCHOOL, "--json"]) == 1
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert rows[0] == {
        "check": "A request is answered to the one who asked",
        "passed": False,
        "fault": "raised NotImplementedError",
    }


def template(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The template as an agency saves it, under the name that the library has here."""
    assert main(["template"]) == 0
    text = capsys.readouterr().out
    assert text == (SIDE / "adapter_template.txt").read_text("utf-8")
    (folder / "our_adapter.py").write_text(text.replace("samband_agency", "agents.agency"), "utf-8")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--as", SCHOOL),
        ("check", "json:loads"),
        ("check", "json:loads", "--as", SCHOOL),
        ("check", "no_such:Thing", "--as", SCHOOL),
        ("check", "--as", SCHOOL, "--embedded", "data"),
        ("check", "--as", SCHOOL, "--kafka", "no-such-file", "--peer", POLICE),
        ("check", "json:loads", "--as", SCHOOL, "--categories", "nothing_known"),
    ],
)
def test_wrong_use_is_one_line(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*arguments, "--register", str(TOWN)]) == 2
    assert re.fullmatch(r"samband-agency: .+\n", capsys.readouterr().err)
