"""Does an agency's system behave?

Known lines are put before it on a stage, with no broker at all, and what it sends is looked at.

A system is anything with the methods of `System`. `Staged` makes one of an `Adapter`; a system that does not use the
adapter is wrapped in a class of its own. Each check has a system of its own, so that one fault shows once.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol, get_args
from uuid import UUID

from .adapter import Adapter
from .agency import Agency
from .broker import Json, NotReached
from .compose import LARGEST
from .fake_broker import Stage
from .words import Kind, Role, Unit, has_words

VECTORS: Json = json.loads((files(__package__) / "vectors.json").read_text("utf-8"))
"""Lines that every system must be able to take."""

_SEALED: Json = {"type": "delivery", "message": VECTORS["sealed"]["message"], "partial": False, "grounds": []}
"""A delivery sealed to a key that no system under test has."""

MakeAdapter = Callable[[Path], Adapter]
"""Makes an adapter that keeps what it keeps in a folder of its own, or somewhere else."""

_PUT_OFF = ("Clarification", "Interim")
"""Kinds that answer a request for the time being."""


class System(Protocol):
    """What is put to the test."""

    authority: str

    def give(self, line: Json) -> None:
        """A line comes to its inbox."""

    def work(self) -> None:
        """It handles what has come, as far as it can."""

    def sent(self) -> list[bytes]:
        """Every message that the broker has from it."""

    def tried(self) -> list[bytes]:
        """Every message that it tried to send while the line was cut."""

    def cut(self, *, off: bool) -> None:
        """The broker can't be reached, or can again."""

    def restart(self) -> None:
        """The process dies and starts again."""

    def saved(self) -> Iterable[str] | None:
        """Ids of the deliveries that it has to stay, as a new process sees them; None: it does not say."""

    def close(self) -> None:
        """The check is over: let go of everything."""


class Staged:
    """An adapter as a system. In: what makes one in a folder, the authority that it answers for, and the folder."""

    def __init__(self, make: MakeAdapter, authority: str, folder: Path, unit: Unit, role: Role) -> None:
        self.authority = authority
        self._make: Callable[[], Adapter] = lambda: make(folder / "own")
        self._adapter = self._make()
        self._stage = Stage()
        self._options: dict[str, Any] = {"unit": unit, "role": role, "state": folder / "state.db"}
        self._agency = Agency(authority, self._stage, **self._options)

    def give(self, line: Json) -> None:
        """Put it last in the inbox."""
        self._stage.lines.append(line)

    def work(self) -> None:
        """Serve once; a broker that is away is met as in life, by trying again later."""
        try:
            self._agency.serve(self._adapter)
        except NotReached:
            return

    def sent(self) -> list[bytes]:
        """What the stage has."""
        return [message.message for message in self._stage.sent]

    def tried(self) -> list[bytes]:
        """What the stage refused."""
        return [message.message for message in self._stage.refused]

    def cut(self, *, off: bool) -> None:
        """Let the stage refuse, or not."""
        self._stage.off = off

    def restart(self) -> None:
        """A new adapter at a new desk, on the same state: what either had in memory is gone."""
        self.close()
        self._adapter = self._make()
        self._agency = Agency(self.authority, self._stage, **self._options)

    def saved(self) -> Iterable[str] | None:
        """What an adapter that was made just now finds."""
        return self._make().saved()

    def close(self) -> None:
        """Let go of the state."""
        self._agency.close()


class Fault(Exception):
    """What the system did wrong, in one line."""


@dataclass(frozen=True)
class Result:
    """How a check ended: `fault` says what was wrong."""

    check: str
    fault: str | None = None

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return self.fault is None


Check = Callable[[System, list[str]], None]


def staged(make: MakeAdapter, authority: str, unit: Unit, role: Role) -> Callable[[Path], System]:
    """Makes a system of an adapter for each check; the adapter is made anew wherever the process would start."""
    return lambda folder: Staged(make, authority, folder, unit, role)


def examine(
    make: Callable[[Path], System], categories: list[str] | None = None, *, human: bool = False
) -> Iterator[Result]:
    """Put a new system through each check.

    `categories`: what to ask it for; left out: those of the vectors. `human`: somebody sits at it during the check, so
    that what is weighed is weighed by a human, and nothing is said of that.
    """
    asked = categories or VECTORS["categories"]
    for check in CHECKS if not human else [check for check in CHECKS if check is not acts_for_no_human]:
        name = (check.__doc__ or "").splitlines()[0].rstrip(".")
        with TemporaryDirectory(prefix="samband-") as folder:
            try:
                with closing(make(Path(folder))) as system:
                    check(system, asked)
            except Fault as fault:
                yield Result(name, str(fault))
            except Exception as error:  # whatever it raises, the other checks still tell something
                yield Result(name, f"raised {type(error).__name__}")
            else:
                yield Result(name)


def line(name: str, authority: str, asked: list[str]) -> Json:
    """A line of the vectors, for this authority."""
    content: Json = deepcopy(_SEALED if name == "sealed" else VECTORS["lines"][name])
    message = content.get("message")
    if isinstance(message, dict):
        message["recipient"]["authority"] = authority
        if message["kind"] == "InformationRequest":
            message["body"] |= {"subject": deepcopy(VECTORS["subject"]), "categories": list(asked)}
    return content


def answers_a_request(system: System, asked: list[str]) -> None:
    """A request is answered to the one who asked."""
    request = line("request", system.authority, asked)["message"]
    for message in _after(system, asked, "request"):
        if message.get("in_reply_to") != request["id"]:
            raise Fault("an answer does not name the request in in_reply_to")
        if message["recipient"].get("authority") != request["sender"]["authority"]:
            raise Fault("an answer goes to another authority than the one that asked")
        if message["recipient"].get("unit", "registry") != request["sender"]["unit"]:
            raise Fault("an answer goes to another unit than the one that asked")


def answers_each_category(system: System, asked: list[str]) -> None:
    """Each category is given or refused, unless the answer is put off."""
    messages = _after(system, asked, "request")
    refused = [one for m in messages if m["kind"] == "Refusal" for one in m["body"]["categories"]]
    covered = {one["category"] for m in messages if m["kind"] == "Disclosure" for one in m["body"]["items"]} | set(
        refused
    )
    left = [category for category in asked if category not in covered]
    if left and not any(message["kind"] in _PUT_OFF for message in messages):
        raise Fault(f"nothing is said of {', '.join(left)}")
    if len(refused) != len(set(refused)):
        raise Fault("a category is refused twice")


def keeps_to_the_subject(system: System, asked: list[str]) -> None:
    """What is given is about the person who was asked about."""
    about = VECTORS["subject"]
    for message in _after(system, asked, "request"):
        subject = message["body"].get("subject") or {}
        if message["kind"] == "Disclosure" and {name: subject.get(name) for name in about} != about:
            raise Fault("a disclosure is about another person than the request")


def gives_reasons(system: System, asked: list[str]) -> None:
    """A refusal of what is held names its provision and has the text of a decision."""
    for message in _after(system, asked, "request"):
        body = message["body"]
        if (
            message["kind"] == "Refusal"
            and body.get("reason") == "withheld"
            and not (body.get("ref") and body.get("text"))
        ):
            raise Fault("a refusal (withheld) lacks ref or text")
        if message["kind"] == "Refusal" and body.get("reason") == "not_held" and body.get("ref"):
            raise Fault("a refusal (not_held) names a provision: it tells that there is something")


def names_secrecy(system: System, asked: list[str]) -> None:
    """Each item names the secrecy that applies to it, or says that none does; no reason is dots."""
    for message in _after(system, asked, "request"):
        body = message["body"]
        items = body["items"] if message["kind"] == "Disclosure" else []
        for item in items:
            if not item.get("secrecy") and not any(_says_none(one) for one in item.get("assessments", ())):
                raise Fault(f"{item['category']}: neither names secrecy nor says that no provision applies")
        for part in (body, *items):
            reasons = [one.get("reason") for one in part.get("assessments", ())]
            if not all(has_words(reason) for reason in reasons if reason):
                raise Fault("an assessment's reason is no words: a human weighs, and says why")


def _says_none(assessment: Json) -> bool:
    said = assessment["test"] == "no_provision_applies" and assessment["holds"] is True
    return said and has_words(assessment.get("reason", ""))


def writes_well(system: System, asked: list[str]) -> None:
    """Messages have the form of the contract and ids of their own."""
    messages = _after(system, asked, "request")
    if len({message["id"] for message in messages}) != len(messages):
        raise Fault("two messages have one id")
    if any(len(text) > LARGEST for text in system.sent()):
        raise Fault("a message is larger than 1 MiB")
    for message in messages:
        if message["kind"] not in get_args(Kind):
            raise Fault("kind: is not one of the contract's")
        if UUID(message["id"]).version != 7:
            raise Fault("id: is not a UUID of version 7")
        if message["sender"].get("authority") != system.authority:
            raise Fault("sender.authority: is not the own authority")
        if datetime.fromisoformat(message["time"]).tzinfo is None:
            raise Fault("time: has no zone")


def takes_a_line_once(system: System, asked: list[str]) -> None:
    """A line that comes twice is answered once, also after a restart."""
    _after(system, asked, "request")
    before = len(system.sent())
    _give(system, asked, "request")
    system.restart()
    _give(system, asked, "request")
    if len(system.sent()) != before:
        raise Fault("a request that came again was answered again")


def sends_again_unchanged(system: System, asked: list[str]) -> None:
    """What could not be sent goes later, with the same id and the same bytes."""
    system.cut(off=True)
    _give(system, asked, "request")
    tried = list(dict.fromkeys(system.tried()))
    if not tried:
        raise Fault("nothing was tried while the broker was away: is the answer kept?")
    system.restart()
    system.cut(off=False)
    system.work()
    if not system.sent():
        raise Fault("what could not be sent was forgotten")
    if not set(tried) <= set(system.sent()) or len(set(system.sent())) != len(system.sent()):
        raise Fault("what was sent again is not the same, or went twice")
    system.work()
    system.restart()
    system.work()
    if len(set(system.sent())) != len(system.sent()):
        raise Fault("a message went twice")


def bears_a_recall(system: System, asked: list[str]) -> None:
    """A recall is taken, and not answered as if it asked for something."""
    _after(system, asked, "request")
    before = len(system.sent())
    _give(system, asked, "recall")
    if len(system.sent()) != before:
        raise Fault("a recall was answered with a message")


def bears_notices_and_receipts(system: System, asked: list[str]) -> None:
    """Notices and receipts are taken; a message that came back is not sent anew by itself."""
    for name in ("notice", "referred", "quarantined"):
        _give(system, asked, name)
    if any(_read(text)["kind"] != "Interim" for text in system.sent()):
        raise Fault("a notice or a receipt was answered with a message: a human has to look")


def bears_what_is_new(system: System, asked: list[str]) -> None:
    """A line of a later version stops nothing: the next request is answered."""
    for name in ("later_sort", "later_notice"):
        _give(system, asked, name)
    if not _after(system, asked, "request"):
        raise Fault("after a line that it does not know, a request stays unanswered")


def bears_what_it_can_not_open(system: System, asked: list[str]) -> None:
    """A content that no key here opens is taken, and not answered."""
    _give(system, asked, "sealed")
    if any(_read(text)["kind"] not in ("Interim", "Acknowledgement") for text in system.sent()):
        raise Fault("what could not be opened was answered with a message: nobody has read it")


def keeps_what_it_took(system: System, asked: list[str]) -> None:
    """What it has taken is not lost when the process dies."""
    for name in ("concern", "request"):
        _give(system, asked, name)
    system.restart()
    saved = system.saved()
    if saved is None:
        raise Fault("does not tell what it has: fill in `saved`")
    if not {_id(system, asked, name) for name in ("concern", "request")} <= set(saved):
        raise Fault("a delivery that it took was lost with the process: save it, to stay, before the line is done")


def registers_what_it_has(system: System, asked: list[str]) -> None:
    """What it says is registered is in its own system before."""
    system.cut(off=True)
    _give(system, asked, "concern")
    system.restart()
    messages = [_read(text) for text in (*system.tried(), *system.sent())]
    registered = {m["body"].get("message") for m in messages if m["body"].get("state") == "registered"}
    if registered - set(system.saved() or ()):
        raise Fault("a delivery was said to be registered before it was saved: killed then, it is lost")


def acts_for_no_human(system: System, asked: list[str]) -> None:
    """Nothing is weighed or opened in a human's name."""
    _give(system, asked, "concern")
    for message in [*_after(system, asked, "request"), *map(_read, system.sent())]:
        body = message["body"]
        if body.get("state") == "opened":
            raise Fault("a delivery was said to be opened by a person: no person was there")
        parts = (body, *(body.get("items") or ()))
        if weighed := [one for part in parts for one in part.get("assessments") or ()]:
            by = ", ".join(sorted({str(one.get("test")) for one in weighed}))
            raise Fault(f"{by}: answered in a human's name: put it in a human's queue, and say that it takes time")


CHECKS: tuple[Check, ...] = (
    answers_a_request,
    answers_each_category,
    keeps_to_the_subject,
    gives_reasons,
    names_secrecy,
    writes_well,
    takes_a_line_once,
    sends_again_unchanged,
    bears_a_recall,
    bears_notices_and_receipts,
    bears_what_is_new,
    bears_what_it_can_not_open,
    keeps_what_it_took,
    registers_what_it_has,
    acts_for_no_human,
)


def _give(system: System, asked: list[str], name: str) -> None:
    system.give(line(name, system.authority, asked))
    system.work()


def _after(system: System, asked: list[str], name: str) -> list[Json]:
    """What it has sent when it has handled a line; at least one message."""
    _give(system, asked, name)
    messages = [message for text in system.sent() if (message := _read(text))["kind"] != "Acknowledgement"]
    if not messages:
        raise Fault("a request stays unanswered")
    return messages


def _id(system: System, asked: list[str], name: str) -> str:
    return str(line(name, system.authority, asked)["message"]["id"])


def _read(text: bytes) -> Json:
    try:
        message = json.loads(text)
        if {"id", "kind", "sender", "recipient", "time", "body"} <= message.keys():
            return dict(message)
    except (ValueError, AttributeError):
        pass
    raise Fault("a message is not JSON with id, kind, sender, recipient, time and body")
