"""Who notifies anonymously stands nowhere but with itself, whatever form the line has, and is linked to nothing."""

import gzip
import itertools
import json
import random
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cluster_in_memory import cluster
from exchange_lines import BOARD, PARTIES, concern, decision, feedback
from house import NOW, House, codec, engine, numbered, opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lines import GIRL, POLICE, TOWN, Json, disclosure, line, message, open_item, request

from broker import topics
from broker.authorities import Authority
from broker.model.envelope import Sender
from broker.model.vocabulary import AuthorityKind, Role, Unit
from broker.pipeline.anonymity import may_be_anonymous, origin
from broker.pipeline.decode import decode
from broker.ports.transport import Input

SCHOOL = "skola-anmalarskolan"
OTHER_SCHOOL = "skola-2"
TEXT = ("Zebrafinken", "Kvistgatan", "Oxögat")
"""Words of the text, which stand nowhere else."""
SCHOOLS = [*PARTIES, {"authority": SCHOOL, "name": "Anmälarskolan", "kind": "school", "principal": TOWN}]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path, parties=SCHOOLS) as made:
        yield made


def notification(n: int = 1, sender: str = SCHOOL, **changes: object) -> Json:
    said = {"text": f"Barnet {' '.join(TEXT)}.", "anonymous": True} | changes
    made = concern(n, sender, unit="school", **said)
    made["sender"]["role"] = "teacher"
    return made | {"case": "Dnr-Zebrafinken"}


PLAIN = line(notification())
PRETTY = json.dumps(notification(), ensure_ascii=False, indent=2).encode()
RAW = json.dumps(notification(), ensure_ascii=False).replace(" ", "\n").encode()
"""With line ends in its texts."""


def as_avro(found: Json) -> bytes:
    return codec().write(decode(line(found), codec()))


BROKEN: dict[str, list[bytes]] = {
    "a comma too many": [PLAIN[:-1] + b",}"],
    "cut off before the field": [PLAIN[: PLAIN.index(b'"anonymous"')]],
    "cut off after it": [PLAIN[:-1]],
    "cut off at its head": [PLAIN[40:]],
    "in two halves": [PLAIN[:200], PLAIN[200:]],
    "the field twice": [PLAIN.replace(b'"anonymous": true', b'"anonymous": false, "anonymous": true')],
    "the field twice, the other way": [PLAIN.replace(b'"anonymous": true', b'"anonymous": true, "anonymous": false')],
    "Latin-1": [PLAIN.decode().encode("latin-1")],
    "UTF-16": [PLAIN.decode().encode("utf-16")],
    "over 1 MiB": [line(notification(text=" ".join(TEXT) * 60_000))[: (1 << 20) + 1]],
    "a text": [PLAIN.replace(b'"anonymous": true', b'"anonymous": "true"')],
    "a number": [PLAIN.replace(b'"anonymous": true', b'"anonymous": 1')],
    "a word": [PLAIN.replace(b'"anonymous": true', b'"anonymous": True')],
    "the body in a list": [line(notification() | {"body": [notification()["body"]]})],
    "the body as text": [line(notification() | {"body": json.dumps(notification()["body"])})],
    "all in a list": [b"[" + PLAIN + b"]"],
    "the field beside the body": [line(concern(1, SCHOOL, text=" ".join(TEXT)) | {"anonymous": True})],
    "the field misspelt": [PLAIN.replace(b'"anonymous"', b'"Anonymous"')],
    "the field in Swedish": [PLAIN.replace(b'"anonymous"', b'"anonym"')],
    "the field mistyped": [PLAIN.replace(b'"anonymous"', b'"annonymous"')],
    "escaped": [PLAIN.replace(b'"anonymous": true', b'"\\u0061nonymous": true').replace(b"network", b"nothing")],
    "escaped and cut off": [PLAIN.replace(b'"anonymous"', b'"\\u0061nonymous"')[:-1]],
    "the kind misspelt": [PLAIN.replace(b"ConcernNotification", b"ConcernNotifikation")],
    "no kind": [line({name: found for name, found in notification().items() if name != "kind"})],
    "another kind": [PLAIN.replace(b"ConcernNotification", b"SupportEnquiry")],
    "a field too many": [line(notification(comment="?"))],
    "a field in the envelope": [line(notification() | {"comment": "?"})],
    "an unknown recipient": [line(notification() | {"recipient": {"authority": "kommun-9999"}})],
    "another's name": [line(notification() | {"sender": {"authority": OTHER_SCHOOL}})],
    "a bad id": [line(notification() | {"id": "1"})],
    "printed over several lines": PRETTY.split(b"\n"),
    "line ends in its texts": RAW.split(b"\n"),
    "gzip": [gzip.compress(PLAIN)],
    "base64": [b64encode(PLAIN)],
    "Avro with an end too many": [as_avro(notification()) + b"\x00"],
    "Avro cut off": [as_avro(notification())[:-1]],
    "Avro of an unknown schema": [as_avro(notification())[:2] + bytes(8) + as_avro(notification())[10:]],
}


def outside_boxes(house: House) -> str:
    """All that is stored, but the contents of deliveries, which go to their recipient."""
    found = {name: rows for name, rows in house.snapshot().items() if name not in ("outbox", "inbox")}
    found["boxes"] = house.rows("SELECT authority, type, sender, message FROM inbox UNION ALL "
                                "SELECT sender, message, digest, seq FROM outbox")  # fmt: skip
    return str(found)


def holds_nothing(house: House) -> None:
    told = outside_boxes(house)
    assert SCHOOL not in told
    assert not [word for word in TEXT if word in told]
    assert not [word.encode("utf-16-le") for word in TEXT if repr(word.encode("utf-16-le"))[2:-1] in told]
    assert house.rows("SELECT max(length(content)) AS n FROM quarantine")[0].n in (0, None)


@pytest.mark.parametrize("form", BROKEN)
def test_no_broken_form_tells_who_sent_it_or_what_it_said(house: House, form: str) -> None:
    """And its sender is told at once that it could not be used."""
    lines = [Input(found, proven=SCHOOL) for found in BROKEN[form]]
    receipts = house.run(*lines)
    assert {receipt["outcome"] for receipt in receipts} == {"quarantine"}
    assert all(receipt["error"]["code"] for receipt in receipts)
    assert {str(leaf["sender"]) for leaf in house.leaves()} == {"None"}
    holds_nothing(house)


def flipped(draw: random.Random, found: bytes) -> bytes:
    at = draw.randrange(len(found))
    return found[:at] + bytes([draw.randrange(256)]) + found[at + 1 :]


BREAKS: list[Callable[[random.Random, bytes], bytes]] = [
    flipped,
    lambda draw, found: found[: draw.randint(1, len(found))],
    lambda draw, found: found[draw.randint(1, len(found)) :],
    lambda draw, found: found[: (at := draw.randrange(len(found)))] + bytes([draw.randrange(256)]) + found[at:],
    lambda draw, found: found[: (at := draw.randrange(len(found)))] + found[at // 2 :],
    lambda draw, found: found + found[draw.randrange(len(found)) :],
    lambda draw, found: found.replace(b'"', b"'", draw.randrange(1, 9)),
    lambda draw, found: found.decode(errors="replace").encode(draw.choice(["utf-16", "utf-8-sig", "utf-32"])),
]


@pytest.mark.slow
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_broken_at_random_it_tells_nothing(house: House, seed: int) -> None:
    """A thousand notifications, each broken once to three times, some with line ends in them."""
    draw = random.Random(seed)
    pieces: list[bytes] = []
    for _ in range(1000):
        found = draw.choice([PLAIN, PLAIN, PRETTY, as_avro(notification())])
        for _ in range(draw.randrange(1, 4)):
            found = draw.choice(BREAKS)(draw, found) or b"{"
        if found != PLAIN:
            pieces += found.split(b"\n") if draw.random() < 0.5 else [found]
    house.run(*(Input(piece, proven=SCHOOL) for piece in pieces))
    holds_nothing(house)


def test_what_plainly_is_of_somebody_keeps_its_sender(house: House) -> None:
    """A request with a fault, a notification in one's own name: each can be mended and run again."""
    named = [line(concern(1, SCHOOL)), line(concern(2, SCHOOL, anonymous=False)), line(request(3, "nothing"))]
    assert [may_be_anonymous(found, codec()) for found in named] == [False] * 3
    assert not may_be_anonymous(as_avro(request(4)) + b"\x00", codec())
    house.run(*(Input(found.replace(b"network", b"?"), proven=SCHOOL) for found in named))
    assert [leaf["sender"]["authority"] for leaf in house.leaves()] == [SCHOOL] * 3
    assert [row.proven for row in house.rows("SELECT proven FROM quarantine")] == [SCHOOL] * 3


def test_a_line_is_not_linked_to_the_others_of_its_file(house: House) -> None:
    """Of the file that it stood in nothing leads to it; read again it is known all the same, broken or not."""
    file = [line(concern(1, SCHOOL)), PLAIN, BROKEN["cut off after it"][0], line(concern(4, SCHOOL, anonymous=False))]
    file[1] = line(notification(2))
    file.append(BROKEN["an unknown recipient"][0])
    first = house.run(*numbered(file, "spool 1234"))
    rows = house.rows("SELECT source, line, seq FROM handled ORDER BY seq")
    assert {row.seq for row in rows if row.source == "spool 1234"} == {0, 4}
    others = [row for row in rows if row.source != "spool 1234"]
    assert len({row.source for row in others}) == len(others) == 3
    assert {row.line for row in others} == {0}
    assert house.run(*numbered(file, "spool 1234")) == first
    assert house.count("records") == 7  # and two notices: several about one child


def test_on_the_cluster_too_nothing_leads_to_the_others_of_its_outbox(tmp_path: Path) -> None:
    """Not a row of what has been handled, not a header: but for what the sender itself gets."""
    with cluster(tmp_path, SCHOOLS) as made:
        named = line(concern(1, SCHOOL)), line(concern(4, SCHOOL, anonymous=False))
        nameless = line(notification(2)), BROKEN["cut off after it"][0], BROKEN["an unknown recipient"][0]
        made.send(SCHOOL, named[0], *nameless, named[1])
        made.work()
        own = made.tokens.token("source", topics.outbox(SCHOOL))
        headers = {name: [dict(one.headers) for one in found] for name, found in made.topics.items()}
        places = {
            name: [told.get("samband_position", b"").decode() for told in found] for name, found in headers.items()
        }
        assert [place for place in places["audit"] if place.startswith(own)] == [f"{own}/0", f"{own}/4"]
        others = {place for place in places["audit"] if not place.startswith(own)}
        assert len({place.rpartition("/")[0] for place in others}) == 3 and all(p.endswith("/0") for p in others)
        assert {place for place in places[f"inbox.{TOWN}"] if not place.startswith(own)} <= others
        assert all(place.startswith(own) for place in places[f"inbox.{SCHOOL}"])
        assert all(own not in str(told) for told in headers["quarantine"])
        store: Any = made.worker and made.worker.positions
        handled = store._connection.exec_driver_sql("SELECT source, line FROM handled").all()
        assert sorted(row.line for row in handled if row.source == own) == [0, 4]
        assert len({row.source for row in handled}) == 4


def test_of_unit_and_role_the_record_holds_what_the_law_asks(house: House) -> None:
    house.run(Input(PLAIN, proven=SCHOOL))
    [leaf] = house.leaves()
    assert leaf["sender"] == {"authority": "anonymous", "unit": "registry", "role": "individual"}
    asked = leaf["input"]["sender"]
    assert (asked["authority"], asked["unit"], asked["role"]) == ("anonymous", "registry", "individual")
    assert leaf["case"] is None


@pytest.mark.slow
def test_what_is_left_out_of_unit_and_role_changes_no_decision(house: House) -> None:
    """For every kind of sender, unit and role."""
    gatherer = house.pipeline._gatherer
    area = {"authority": POLICE, "unit": "police_area", "area": "0127"}
    report = message(1, "OffenceReport", TOWN, POLICE, {"text": "x", "subject": GIRL}) | {"recipient": area}
    for found in (concern(1), report, message(1, "Tip", TOWN, POLICE, {"text": "x"}) | {"recipient": area}):
        read = decode(line(found), codec())
        recipient = house.pipeline._register.find(found["recipient"]["authority"])
        assert recipient is not None
        for kind in AuthorityKind:
            sender = Authority(authority="anonymous", name="a", kind=kind)
            stated = [Sender(authority="anonymous", unit=unit, role=role) for unit in Unit for role in Role]
            whole = {str(n): gatherer.gather(read, sender, recipient, s).asked for n, s in enumerate(stated)}
            few = {str(n): gatherer.gather(read, sender, recipient, origin(s)).asked for n, s in enumerate(stated)}
            assert engine().decide(whole) == engine().decide(few)


@pytest.mark.parametrize("nobody", [None, OTHER_SCHOOL])
def test_the_board_gets_the_same_answers_whoever_notified(tmp_path: Path, nobody: str | None) -> None:
    """Feedback is withheld, whoever is addressed; to what is disclosed to one who has notified, as if nobody had."""
    told = []
    for notifier in (SCHOOL, nobody):
        with opened(tmp_path / str(notifier), parties=SCHOOLS) as house:
            if notifier:
                house.run(Input(line(notification(1, notifier)), proven=notifier), decision(2, 1))
            answers = house.run(
                feedback(3, 1, to=SCHOOL),
                feedback(4, 1, to=OTHER_SCHOOL),
                disclosure(5, open_item(secrecy=["OSL 26:1"]), recipient=SCHOOL, basis=["osl_26_9a"]),
                disclosure(6, open_item(secrecy=["OSL 26:1"]), recipient=OTHER_SCHOOL, basis=["osl_26_9a"]),
                message(7, "ConcernFeedback", TOWN, SCHOOL, {"status": "running"}) | {"sender": BOARD},
            )
            told.append([{**answer, "audit": None} for answer in answers])
            assert house.inbox(SCHOOL, "receipt") == []
    assert [answer["outcome"] for answer in told[0][:2]] == ["withhold"] * 2
    replies = 0 if nobody else 2  # without any notification they answer nothing
    assert told[0][replies:] == told[1][replies:]


def test_no_record_of_nobody_s_has_the_time_of_somebody_s(tmp_path: Path) -> None:
    """All records of a batch have one time: it would tell which messages came together, and so from whom."""
    moments = itertools.count()
    with opened(tmp_path, parties=PARTIES) as house:
        house.pipeline._clock = lambda: NOW + timedelta(seconds=next(moments))
        house.run(request(1), notification(2), request(3), b"{", request(4), batch=100)
        leaves = house.leaves()
    of_nobody = {leaf["recorded"] for leaf in leaves if (leaf["sender"] or {}).get("authority") in (None, "anonymous")}
    of_somebody = {leaf["recorded"] for leaf in leaves} - of_nobody
    assert len(leaves) == 5 and len(of_nobody) == 2 and len(of_somebody) == 3
