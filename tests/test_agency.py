"""The agency's side: what it writes the broker can read, and what comes is handled once."""

import ast
import json
import shutil
import sqlite3
import string
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from agency_side import BOARD, CHILD, POLICE, SCHOOL, clock, embedded
from house import codec
from hypothesis import example, given
from hypothesis import strategies as st

from agents.agency import (
    Address,
    Agency,
    AgencyError,
    Delivery,
    Drafts,
    Embedded,
    Json,
    NoReceipt,
    NoSecrecy,
    Notice,
    NotReached,
    WrongMessage,
    assessment,
    headers,
    ids,
    item,
    lines,
    organisation,
    person,
    words,
)
from agents.agency.agency import HELD
from agents.agency.broker import Came, Outgoing
from agents.agency.compose import Pen
from agents.agency.conformance import line
from agents.agency.drafts import Draft
from agents.agency.fake_broker import Stage
from agents.agency.samples import Sample
from broker import cloudevents
from broker.kinds import KINDS
from broker.model import vocabulary
from broker.model.parts import has_words
from broker.pipeline.decode import decode

SIDE = Path(__file__).parents[1] / "agents" / "agency"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEIGHED = assessment("overriding_reasons", False, by="rektor", reason="prövat", ground="s170_7_request")
REQUEST = Delivery(line("request", SCHOOL, ["school_attendance"]))

_NAMES = ("type", "message", "receipt", "sender", "authority", "id", "kind", "audit", "leaf", "body", "notice", "more")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=12,
)


def counted(size: int) -> bytes:
    return bytes(range(1, size + 1))


def written(write: Callable[[Drafts], object]) -> list[Outgoing]:
    drafts = Drafts(SCHOOL)
    write(drafts)
    pen = Pen(SCHOOL, "school", "rektor", lambda: NOW, counted)
    return [pen.write(draft) for draft in drafts.written]


WRITINGS: dict[str, Callable[[Drafts], object]] = {
    "InformationRequest": lambda write: write.request(
        Address(BOARD, "social_services", "0127"),
        ["custody_status"],
        purpose="prevent",
        need="planering",
        subject=person("200904122389", birth_date=date(2009, 4, 12)),
        deadline=date(2026, 3, 9),
        basis=["s170_5"],
        case="K-1",
        unit="education_office",
    ),
    "Disclosure": lambda write: write.disclose(
        REQUEST, [item("school_attendance", "…", secrecy=["OSL 23:2"], assessments=[WEIGHED])], conditions="förbehåll"
    ),
    "Refusal": lambda write: write.refuse(REQUEST, ["school_attendance"], reason="not_held"),
    "Clarification": lambda write: write.clarify(REQUEST, "Vilken termin?"),
    "Interim": lambda write: write.interim(REQUEST, "Handläggs.", expected=NOW),
    "ConcernNotification": lambda write: write.notify_concern(
        BOARD, person(None, birth_date="2012-02-02"), ["crime"], text="…", immediate=True, feedback_requested=True
    ),
    "Recall": lambda write: write.recall(POLICE, "019cadc6-9a80-7a97-8112-ca1bbdcafac2", text="fel mottagare"),
    "ConsentGiven": lambda write: write.consent(
        "S-1",
        programme="sspf",
        subject=person("200904122389"),
        given_by=[("subject", "yes"), ("guardian", "yes")],
        guardians=1,
        parties=[SCHOOL, POLICE],
        categories=["school_attendance"],
        purposes=["prevent"],
        valid_from=date(2026, 1, 1),
    ),
    "ConsentWithdrawn": lambda write: write.withdraw_consent("S-1", by="guardian"),
    "OrganisationConcern": lambda write: write.send(
        "OrganisationConcern",
        POLICE,
        {"organisation": organisation("5560160680", "Exempel AB"), "type": "hvb", "concerns": ["crime"], "text": "…"},
    ),
}


@pytest.mark.parametrize("kind", WRITINGS)
def test_the_broker_reads_what_is_written(kind: str) -> None:
    [message] = written(WRITINGS[kind])
    read = decode(message.message, codec())
    assert (read.kind, str(read.id), read.sender.authority) == (kind, message.id, SCHOOL)
    assert read.time == NOW


def test_an_answer_goes_to_the_asker_about_the_same_person() -> None:
    [message] = written(WRITINGS["Disclosure"])
    told = json.loads(message.message)
    assert told["in_reply_to"] == REQUEST.id
    assert told["recipient"] == {"authority": POLICE, "unit": "police_area"}
    assert told["body"]["subject"] == CHILD


def test_words_are_those_of_the_broker() -> None:
    assert get_args(words.Kind) == tuple(KINDS)
    for name, found in vars(words).items():
        theirs = getattr(vocabulary, name, None) or getattr(vocabulary, name, None)
        if name[0].isupper() and name not in ("Kind", "Literal"):
            assert theirs is not None, name
            assert list(get_args(found)) == [member.value for member in theirs], name


@given(st.text(max_size=6) | st.text(string.punctuation + string.whitespace + "…–—·´\u00ad\u200b\ufeff", max_size=6))
@example("…").via("what a template leaves")
@example("²").via("a sign that is a number and no digit")
def test_a_reason_says_something_here_where_it_does_to_the_broker(text: str) -> None:
    assert words.has_words(text) == has_words(text)


def test_headers_are_those_of_the_broker() -> None:
    [message] = written(WRITINGS["Refusal"])
    trace = cloudevents.parse(message.traceparent)
    assert trace is not None
    assert headers.of(SCHOOL, message) == cloudevents.of_message(
        message=message.id, kind="Refusal", sender=SCHOOL, time="2026-03-02T09:00:00.000Z", trace=trace
    )


@given(st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1)), st.binary(min_size=10, max_size=10))
def test_ids_are_of_version_7_and_tell_their_time(moment: datetime, entropy: bytes) -> None:
    at = moment.replace(tzinfo=UTC)
    made = UUID(ids.message_id(at, lambda _: entropy))
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(at.timestamp() * 1000)


@given(st.text(max_size=60) | st.none())
def test_a_trace_goes_on_or_a_new_one_starts(before: str | None) -> None:
    assert cloudevents.parse(ids.traceparent(before, counted)) is not None
    following = ids.traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", counted)
    assert following == "00-0af7651916cd43dd8448eb211c80319c-0102030405060708-00"


@given(st.dictionaries(st.sampled_from(_NAMES), json_values, max_size=5) | st.none())
def test_no_line_stops_the_reader(content: Json | None) -> None:
    read = lines.read(content)
    assert lines.key(read) == lines.key(lines.read(content))
    if isinstance(read, Delivery):
        assert isinstance(read.body, dict)


@pytest.mark.parametrize("body", [{"text": "\ud800"}, {"n": float("nan")}, {"x": b""}, {"text": "å" * (1 << 19)}])
def test_what_can_not_be_sent_is_told_in_one_line(body: Json) -> None:
    with Agency(SCHOOL, Stage()) as agency, pytest.raises(WrongMessage) as told:
        agency.send("Clarification", POLICE, body)
    assert "\n" not in str(told.value)


def test_a_line_counts_as_handled_when_the_next_is_asked_for(tmp_path: Path) -> None:
    stage = Stage()
    stage.lines += [line("request", SCHOOL, ["other"]), line("notice", SCHOOL, []), line("recall", SCHOOL, [])]
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency:
        inbox = agency.inbox()
        assert isinstance(next(inbox), Delivery)
        assert isinstance(next(inbox), Notice)
        inbox.close()
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency:
        assert [type(found) for found in agency.inbox()] == [Notice, Delivery]
        assert list(agency.inbox()) == []


def test_what_is_given_out_again_is_handled_once(tmp_path: Path) -> None:
    """Where it was handled before it is not given again, also after a restart; where it was not it is."""
    stage, request = Stage(), line("request", SCHOOL, ["other"])
    again = {**request, "redelivered": True}
    other = {**again, "message": {**request["message"], "sender": {"authority": BOARD}}}
    stage.lines += [request, again]
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency:
        assert [found.redelivered for found in agency.inbox() if isinstance(found, Delivery)] == [False]
    stage.lines += [again, other, other]
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency:
        (found,) = agency.inbox()
        assert isinstance(found, Delivery) and found.redelivered and found.sender["authority"] == BOARD


def test_repeats_are_dropped_whatever_stands_between(tmp_path: Path) -> None:
    stage, request = Stage(), line("request", SCHOOL, ["other"])
    stage.lines += [request, line("notice", SCHOOL, []), request, {"type": "delivery"}, request]
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency:
        assert len(list(agency.inbox())) == 3
    other = {**request, "message": {**request["message"], "sender": {"authority": BOARD}}}
    stage.lines += [request, other]
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency:
        assert [found.sender["authority"] for found in agency.inbox() if isinstance(found, Delivery)] == [BOARD]


class _Given(Stage):
    """A stage that gives a line again until it is committed, as Kafka does, and keeps what was committed."""

    def __init__(self) -> None:
        super().__init__()
        self.committed: list[int] = []

    def fetch(self, after: int, timeout: float) -> Sequence[Came]:
        del after
        return super().fetch(self.committed[-1] if self.committed else -1, timeout)[:2]

    def commit(self, position: int) -> None:
        self.committed.append(position)


def test_nothing_is_committed_before_it_is_handled() -> None:
    stage = _Given()
    stage.lines += [line("referred", SCHOOL, []), line("request", SCHOOL, ["other"]), line("notice", SCHOOL, [])]
    with Agency(SCHOOL, stage) as agency:
        inbox = agency.inbox()
        next(inbox)
        assert stage.committed == [0]
        next(inbox)
        assert stage.committed == [0, 1]
        assert next(inbox, None) is None
        assert stage.committed == [0, 1, 2]


def test_what_could_not_be_sent_goes_later_unchanged(tmp_path: Path) -> None:
    stage = Stage()
    stage.off = True
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency, pytest.raises(NotReached):
        agency.send("SupportEnquiry", BOARD, {"topic": "?"})
    stage.off = False
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency:
        assert (agency.resume(), agency.resume()) == (1, 0)
        assert stage.sent == stage.refused
        agency.state.let_go(int(datetime.now(UTC).timestamp()) + 1)  # it is held for two days
    assert stage.sent[0].message not in (tmp_path / "s.db").read_bytes()
    assert (tmp_path / "s.db").stat().st_mode & 0o77 == 0


def test_a_message_with_an_id_of_its_own_goes_once_however_often_it_is_given(tmp_path: Path) -> None:
    """Also to a process that has been killed and given it again; what waits is never older than a live broker takes."""
    time = NOW
    stage, own = Stage(), ids.message_id(NOW, bytes)
    draft = Draft("SupportEnquiry", Address(BOARD), {"topic": "?"}, id=own)
    options: dict[str, Any] = {"state": tmp_path / "s.db", "clock": lambda: time}
    with Agency(SCHOOL, stage, **options) as agency:
        assert [agency.keep(draft), agency.keep(draft)] == [True, False]
        with pytest.raises(WrongMessage):
            agency.keep(replace(draft, id=None))
    with Agency(SCHOOL, stage, **options) as agency:
        assert not agency.keep(draft)
        agency.renew(timedelta(minutes=2))
        assert json.loads(agency.state.outgoing()[0].message)["time"] == "2026-03-02T09:00:00.000Z"
        time = NOW + timedelta(minutes=3)
        agency.renew(timedelta(minutes=2))
        assert (agency.resume(), agency.keep(draft), agency.resume()) == (1, False, 0)
    (sent,) = stage.sent
    message = json.loads(sent.message)
    assert (sent.id, message["id"], message["time"]) == (own, own, "2026-03-02T09:03:00.000Z")


def test_what_the_broker_has_had_is_not_renewed(tmp_path: Path) -> None:
    """The connection broke after it had come: its receipt tells."""
    stage, own = Stage(), ids.message_id(NOW, bytes)
    stage.lines.append({"type": "receipt", "receipt": {"message": own, "outcome": "forward", "audit": {"leaf": "0"}}})
    with Agency(SCHOOL, stage, clock=lambda: NOW) as agency:
        agency.keep(Draft("SupportEnquiry", Address(BOARD), {"topic": "?"}, id=own))
        assert agency.receipt(own, timeout=0).outcome == "forward"
        agency.renew(timedelta(0))
        assert agency.resume() == 0 and stage.sent == []


def test_receipts_are_found_by_message_and_given_once(tmp_path: Path) -> None:
    stage = Stage()
    stage.lines += [line("referred", SCHOOL, []), line("quarantined", SCHOOL, []), line("referred", SCHOOL, [])]
    with Agency(SCHOOL, stage, state=tmp_path / "s.db") as agency:
        receipt = agency.receipt("019cb391-c200-78ac-be73-43f016890c51", timeout=0)
        assert (receipt.outcome, receipt.asks) == ("refer", ["overriding_reasons"])
        assert (receipt.missing(0), receipt.missing(1)) == ([[{"test": "overriding_reasons"}]], [])
        assert [found.outcome for found in agency.receipts()] == ["refer", "quarantine"]
        assert list(agency.receipts()) == []
        with pytest.raises(NoReceipt, match="within 0 seconds"):
            agency.receipt("019cb391-c200-78ac-be73-000000000000", timeout=0)


def test_an_answer_takes_up_the_trace_of_its_request() -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    stage, drafts = Stage(), Drafts(SCHOOL)
    drafts.refuse(Delivery(REQUEST.content, trace), ["other"], reason="not_held")
    with Agency(SCHOOL, stage) as agency:
        agency.send_all(drafts.written)
    assert stage.sent[0].traceparent.split("-")[1] == trace.split("-")[1]
    assert stage.sent[0].traceparent != trace


def test_samples_answer_in_the_town(tmp_path: Path) -> None:
    broker = embedded(tmp_path / "data")
    asked = {"school": ["school_attendance", "health_record", "benefit"], "social_services": ["stay_in_care", "other"]}
    with Agency(POLICE, broker, unit="police_area", state=tmp_path / "police.db", clock=clock) as police:
        for to in (Address(SCHOOL, "school"), Address(BOARD, "social_services")):
            sent = police.request(to, asked[to.unit], purpose="prevent", need="kartläggning", subject=CHILD)  # type: ignore[arg-type]
            assert police.receipt(sent, timeout=0).outcome == "forward"
        for authority, name in ((SCHOOL, "school"), (BOARD, "social_services")):
            with Agency(authority, broker, state=tmp_path / f"{name}.db", clock=clock) as answering:
                assert answering.serve(Sample(name)) == 1
                assert answering.serve(Sample(name)) == 0
        answers = [found for found in police.inbox() if isinstance(found, Delivery)]
        assert list(police.inbox()) == []
    assert [(found.kind, found.sender["authority"]) for found in answers] == [
        *((kind, SCHOOL) for kind in ("Disclosure", "Refusal", "Refusal")),
        *((kind, BOARD) for kind in ("Disclosure", "Refusal")),
    ]
    assert [found.unanswered for found in answers[2::2]] == [[], []]


def test_errors_of_the_embedded_broker_are_one_line(tmp_path: Path) -> None:
    with Agency("nobody", embedded(tmp_path / "data")) as agency, pytest.raises(NotReached) as told:
        agency.send("SupportEnquiry", BOARD, {"topic": "?"})
    assert str(told.value).startswith("samband: ")
    with (
        pytest.raises(AgencyError, match="can't be started"),
        Agency(SCHOOL, Embedded(tmp_path, None, ("/no/such",))) as agency,
    ):
        agency.send("SupportEnquiry", BOARD, {"topic": "?"})


def test_another_writer_is_waited_for(tmp_path: Path) -> None:
    tries = iter([(2, b"", "samband: another samband writes here: wait"), (0, b"{}\n", "")])
    broker = Embedded(tmp_path, None, ("samband",), runner=lambda *_: next(tries))
    with Agency(SCHOOL, broker) as agency:
        agency.send("SupportEnquiry", BOARD, {"topic": "?"})
    assert next(tries, None) is None


def test_it_loads_nothing_of_the_broker() -> None:
    """Under its own name, as it is installed, with no Kafka client either until one is needed."""
    told = (
        "import sys, importlib.machinery as m, importlib.util as u;"
        f"s = u.spec_from_file_location('samband_agency', r'{SIDE / '__init__.py'}',"
        f" submodule_search_locations=[r'{SIDE}']); p = u.module_from_spec(s);"
        "sys.modules['samband_agency'] = p; s.loader.exec_module(p); import samband_agency.__main__;"
        "import samband_agency.samples; print(' '.join(sorted({n.split('.')[0] for n in sys.modules})))"
    )
    ran = subprocess.run([sys.executable, "-I", "-c", told], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert "samband_agency" in loaded
    assert not loaded & {"broker", "agents", "kafka", "faust", "sqlalchemy", "pydantic", "opa_client", "typer"}


def test_defaults_of_the_client_that_would_lose_messages_are_set() -> None:
    from agents.agency import kafka_connection  # noqa: PLC0415

    assert kafka_connection.CONSUMER == {
        "isolation_level": "read_committed",
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "allow_auto_create_topics": False,
    }
    assert kafka_connection.PRODUCER.items() >= {"acks": "all", "enable_idempotence": True}.items()
    tree = ast.parse((SIDE / "kafka_connection.py").read_text("utf-8"))
    starred = [
        keyword.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg is None
    ]
    assert {"PRODUCER", "CONSUMER"} <= {value.id for value in starred if isinstance(value, ast.Name)}


def test_a_draft_shows_nothing_of_what_it_says() -> None:
    draft = Draft("Tip", Address(POLICE), {"text": "hemligt"})
    assert "hemligt" not in repr(draft) + repr(REQUEST) + repr(lines.Receipt({"message": "hemligt"}))


def test_a_line_shows_which_it_is() -> None:
    id_ = "019cadc6-9a80-7a97-8112-000000000001"
    error = {"code": "clock_skew", "detail": "time: differs"}
    receipt = lines.Receipt({"message": id_, "outcome": "quarantine", "error": error})
    assert repr(receipt) == f"Receipt({id_} quarantine clock_skew)"
    assert (
        repr(lines.Receipt({"message": id_, "outcome": "forward", "partial": True}))
        == f"Receipt({id_} forward partial)"
    )
    message = {"id": id_, "kind": "Tip", "sender": {"authority": POLICE}, "body": {"text": "hemligt"}}
    assert repr(lines.read({"type": "delivery", "message": message})) == f"Delivery({id_} Tip from {POLICE})"
    assert repr(lines.read({"type": "notice", "notice": "answer_due"})) == "Notice(answer_due)"


class _Restored(Stage):
    """A stage that can be put back to what it was."""

    def put_back(self, count: int, *others: Any) -> None:
        self.lines = [*self.lines[:count], *others]


@pytest.mark.parametrize("others", [1, 3, 5])
@pytest.mark.parametrize("restarted", [False, True])
def test_of_a_restored_broker_no_line_is_passed_over(tmp_path: Path, others: int, *, restarted: bool) -> None:
    """Also where its inbox has grown again, to where it was or past it: lines are told apart by their keys."""
    stage, state = _Restored(), tmp_path / "state.db"

    def asked(n: int) -> Any:
        found = line("request", SCHOOL, ["other"])
        found["message"] = {**found["message"], "id": f"019cadc6-9a80-7a97-8112-{n:012x}"}
        return found

    def handled(agency: Agency) -> list[str]:
        return [found.id[-2:] for found in agency.inbox() if isinstance(found, lines.Delivery)]

    agency = Agency(SCHOOL, stage, state=state)
    stage.lines += map(asked, range(1, 5))
    assert handled(agency) == ["01", "02", "03", "04"]
    if restarted:
        agency.close()
        agency = Agency(SCHOOL, stage, state=state)
    with agency:
        stage.put_back(1, *map(asked, range(0x11, 0x11 + others)))
        assert handled(agency) == [f"{n:02x}" for n in range(0x11, 0x11 + others)]
        stage.lines.append(asked(0x21))
        assert handled(agency) == ["21"]
    with Agency(SCHOOL, stage, state=state) as again:
        stage.lines.append(asked(0x22))
        assert handled(again) == ["22"]


def receipt_of(id: str) -> Any:
    return {"type": "receipt", "receipt": {"message": id, "outcome": "forward", "audit": {"leaf": id, "seq": None}}}


@pytest.mark.parametrize("restarted", [False, True])
def test_what_a_restored_broker_does_not_know_is_sent_again_once(tmp_path: Path, *, restarted: bool) -> None:
    """Under its id, with the time of now where it is old; but what nobody is to have sent is held nowhere."""
    stage, state, times = _Restored(), tmp_path / "state.db", [NOW]
    agency = Agency(SCHOOL, stage, state=state, clock=lambda: times[0])
    sent = [agency.send("SupportEnquiry", BOARD, {"topic": str(n)}) for n in range(3)]
    tip = agency.send("SupportEnquiry", BOARD, {"topic": "tip", "anonymous": True})
    stage.lines += [receipt_of(one.id) for one in sent]
    assert agency.receipt(sent[2]).outcome == "forward" and list(agency.inbox()) == []
    stage.put_back(1, receipt_of("019cadc6-9a80-7a97-8112-00000000000f"))
    stage.sent.clear()
    times[0] += timedelta(hours=1)
    stage.off = restarted
    if restarted:  # it is found out while the broker is away again, and ended there
        with pytest.raises(NotReached):
            list(agency.inbox())
        agency.close()
        stage.off = False
        agency = Agency(SCHOOL, stage, state=state, clock=lambda: times[0])
        agency.resume()
    with agency:
        list(agency.inbox())
        assert [message.id for message in stage.sent] == [one.id for one in sent[1:]] and tip.id not in stage.sent
        assert {message.time for message in stage.sent} == {"2026-03-02T10:00:00.000Z"}
        with pytest.raises(NoReceipt):
            agency.receipt(sent[1], timeout=0)  # what was said of it is of a log that is no more
        stage.lines += [receipt_of(one.id) for one in sent[1:]]
        assert agency.receipt(sent[1]).outcome == "forward"
        list(agency.inbox())
        assert len(stage.sent) == 2
        times[0] += HELD + timedelta(seconds=1)
        agency.send("SupportEnquiry", BOARD, {"topic": "later"})
        agency.state.doubt()
        assert [message.kind for message in agency.state.lost()] == ["SupportEnquiry"]  # of the others nothing is left


def test_a_restored_broker_knows_again_what_agencies_have_sent(tmp_path: Path) -> None:
    """On a real one: each request reaches its recipient once, before the restore or after it."""
    data = tmp_path / "data"
    broker = embedded(data)

    def ask(police: Agency, n: int) -> None:
        to = Address(BOARD, "social_services")
        police.request(to, ["social_record"], purpose="prevent", need=str(n), subject=CHILD)

    with (
        Agency(POLICE, broker, unit="police_area", state=tmp_path / "police.db", clock=clock) as police,
        Agency(BOARD, broker, state=tmp_path / "board.db", clock=clock) as board,
    ):
        ask(police, 0)
        list(police.inbox())
        shutil.copytree(data, tmp_path / "copy")
        for n in (1, 2):
            ask(police, n)
        list(police.inbox())
        assert len(list(board.inbox())) == 3
        shutil.rmtree(data)
        shutil.copytree(tmp_path / "copy", data)
        ask(police, 3)
        list(police.inbox())
        list(police.inbox())
        assert len(list(board.inbox())) == 1
    with closing(sqlite3.connect(data / "samband.db")) as connection:
        query = "select count(*), count(distinct message) from inbox where type = 'delivery'"
        assert connection.execute(query).fetchone() == (4, 4)


def test_a_state_of_a_later_version_is_refused(tmp_path: Path) -> None:
    Agency(SCHOOL, Stage(), state=tmp_path / "s.db").close()
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        connection.execute("pragma user_version = 99")
    with pytest.raises(AgencyError, match="form 99"):
        Agency(SCHOOL, Stage(), state=tmp_path / "s.db")


def test_an_item_has_no_secrecy_by_default() -> None:
    with pytest.raises(TypeError, match="secrecy"):
        item("threat", "…")  # type: ignore[call-arg]
    for forgotten in ([], (), "", "OSL 26:1"):
        with pytest.raises(WrongMessage, match="secrecy"):
            item("threat", "…", secrecy=forgotten)
    for reason in ("", " ", "…", "...", "\N{NO-BREAK SPACE}"):
        with pytest.raises(WrongMessage, match="why"):
            item("threat", "…", secrecy=NoSecrecy(by="rektor", reason=reason))


def test_that_no_provision_applies_is_said_by_somebody_with_a_reason() -> None:
    said = item("company", "…", secrecy=NoSecrecy(by="registrator", reason="Registret är offentligt."))
    assert "secrecy" not in said
    assert said["assessments"] == [
        assessment("no_provision_applies", True, by="registrator", reason="Registret är offentligt.")
    ]
    weighed = assessment("need", True, by="registrator")
    both = item("company", "…", secrecy=NoSecrecy(by="registrator", reason="Skäl."), assessments=[weighed])
    assert [one["test"] for one in both["assessments"]] == ["need", "no_provision_applies"]
