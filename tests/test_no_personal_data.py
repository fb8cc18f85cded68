"""Promise 8 of the spine (design, section 3): nothing about a person outside the delivered message and quarantine.

Canaries are put into every field of every kind, where they are valid and where they are not; then everything that the
broker writes, returns or logs is searched for them.
"""

import copy
import json
import logging
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command import samband
from house import PARTIES, House, Json, codec, opened
from lines import (
    GIRL,
    POLICE,
    TOWN,
    agreement,
    consent,
    disclosure,
    line,
    message,
    number,
    recall,
    refusal,
    request,
    secret_item,
    withdrawal,
)
from otlp_receiver import receiving
from sqlalchemy.exc import DBAPIError

from broker.adapters.otel.spans import OtelTracing
from broker.adapters.prometheus.metrics import PrometheusMetrics
from broker.adapters.sql.data_folder import DataFolderError
from broker.adapters.sql.tables import metadata
from broker.cli import journal
from broker.pipeline.decode import decode
from broker.ports.transport import Input

NAME, STREET, PHONE = "Kanarie Fågelsson", "Fågelgatan 17", "070-174 06 05"
CANARIES = [
    *(NAME, STREET, PHONE, "0701740605", "kanarie-fagelsson", "kanarie_fagelsson", "polisregion-fagelsson"),
    *("201103042386", "20110304-2386", "110304-2386", "1103042386", "OSL 26:1 Kanarie"),
]
TRACES = re.compile("kanarie|f(å|a|\\\\u00e5)gel(sson|gatan)|0701740605|070-174|110304-?2386|2011-03-04", re.IGNORECASE)


def everything() -> list[Json]:
    """A message of each kind with every field given, and canaries in all that may hold text."""
    answer = {"assessed_by": NAME, "reason": f"{NAME}, {STREET}", "ground": "osl_18a"}
    holds = [{"test": test, "holds": True, **answer} for test in ("concrete_risk", "not_unsuitable", "need")]
    known = {**GIRL, "birth_date": "2011-03-04", "protected_identity": "none", "municipality": "0127"}
    reserve = {"id_type": "reserve", "id": NAME, "birth_date": "2011-03-04"}
    told = {"content": f"{NAME} {PHONE}", "content_type": "text/kanarie"}
    item = secret_item(assessments=holds, concerns=[known, reserve], **told)
    offence = {"provision": "BrB 3:5", "committed": True, "degree": "normal", "date": "2011-03-04"}
    stated = {"offence": offence | {"subject_is": "victim"}, "circumstances": ["met_by_staff"], "assessments": holds}
    stated |= {"basis": ["osl_18a", "consent"]}
    stated |= {"views": {"child": "sought", "guardians": "not_sought", "why": f"{NAME}, {STREET}"}}
    told_to = {"secrecy": ["OSL 18:1"], "may_be_told": {"child": "yes", "guardian": "ask_first", "party": "2026-06-01"}}
    stream = [
        request(
            1, "social_record", need=NAME, period=STREET, deadline="2026-03-05T09:00:00Z", basis=["s170_6"], **told_to
        ),
        message(2, "Clarification", TOWN, POLICE, {"text": NAME}, in_reply_to=number(1)),
        message(3, "Interim", TOWN, POLICE, {"text": NAME, "expected": "2026-03-05T09:00:00Z"}, in_reply_to=number(1)),
        consent(4, consent=NAME.replace(" ", "-"), subject=known),
        agreement(5, agreement=STREET.replace(" ", "-")),
        disclosure(6, item, reply=1, conditions=PHONE, replaces=number(9), **stated),
        disclosure(7, item, subject=None, organisation={"orgnr": "5560360793", "name": NAME}, **stated),
        refusal(8, reply=1),
        recall(9, 6),
        withdrawal(10, consent=NAME.replace(" ", "-")),
    ]
    contact = {"subject": known, "name": NAME, "contact": PHONE}
    curfew = {"text": f"{NAME} {PHONE}", "place": STREET, "times": NAME}
    in_charge = {"function": NAME, "contact": PHONE}
    body = {**contact, "event": "start", "condition": curfew, "guardians": [contact], "in_charge": in_charge}
    body |= {"within_youth_care": True, "valid_from": "2027-01-04", "valid_until": "2027-06-30"}
    told = message(11, "ConditionNotice", TOWN, POLICE, body, unit="social_services")
    stream += [told | {"time": "2027-01-04T09:00:00Z"}]
    stream[7]["body"] |= {"ref": "OSL 26:1", "assessments": holds, "text": NAME}
    stream[8]["body"] |= {"text": NAME}
    own = {"case": f"{NAME} {GIRL['id']}"}
    return [found | own | {"sender": found["sender"] | {"officer": NAME}} for found in stream]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every field, list entry and object in a message."""
    if path:
        yield path
    for key, found in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(found, (*path, key))


def changed(whole: Json, path: tuple[Any, ...], value: Any) -> Json:
    """A copy with another value in one place."""
    copied = copy.deepcopy(whole)
    found: Any = copied
    for key in path[:-1]:
        found = found[key]
    found[path[-1]] = value
    return copied


def canaries_everywhere() -> Iterator[Json | bytes]:
    """Messages with a canary in one place more, under ids of their own where the place is not the id."""
    n = 100
    for whole in everything():
        for path in places(whole):
            for canary in (*CANARIES, [NAME], {NAME: NAME}):
                n += 1
                yield changed(whole if path == ("id",) else whole | {"id": number(n)}, path, canary)
        for path in ((), *places(whole)):
            n += 1
            with_key = copy.deepcopy(whole) | {"id": number(n)}
            found: Any = with_key
            for key in path:
                found = found[key]
            if isinstance(found, dict):
                found[NAME] = GIRL["id"]
                yield with_key
    twice = line(request(1, need=NAME)).replace(b'"kind"', b'"kind": "x", "kind"')
    yield from (NAME.encode(), f'"{NAME}"'.encode(), f'{{"{NAME}": '.encode(), NAME.encode("latin-1"), twice)
    avro = codec().write(decode(line(everything()[0]), codec()))
    yield from (avro, avro[:-3], avro + NAME.encode(), avro[:2] + NAME.encode())


def traces(found: object) -> list[str]:
    text = found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)
    return [match.group() for match in TRACES.finditer(text)]


def leaks(house: House) -> list[tuple[str, str, str]]:
    """Where a canary is stored: table, column, what."""
    found = set()
    for table in metadata.tables:
        for row in house.rows(f"SELECT * FROM {table}"):
            for column, value in row._mapping.items():
                found |= {(table, column, trace) for trace in traces(value)}
    return sorted(found)


@pytest.mark.slow
def test_nothing_about_a_person_outside_the_message_itself(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Promise 8: records, checkpoints, registers, receipts, reasons, logs and streams hold no canary."""
    journal.begin("serve")
    caplog.set_level(logging.DEBUG)  # on stderr too, as the journal writes it
    metrics = PrometheusMetrics()
    with (
        receiving() as collector,
        closing(OtelTracing("serve", collector.url)) as tracing,
        opened(tmp_path / "data", parties=PARTIES, metrics=metrics, tracing=tracing) as house,
    ):
        valid = house.run(*everything(), batch=5)
        assert [receipt["outcome"] for receipt in valid].count("quarantine") == 0
        lines = list(canaries_everywhere())
        receipts = house.run(*lines)
        receipts += house.run(*(Input(line(found), proven="polismyndigheten") for found in everything()[3:]))
        assert len(receipts) > 3000
        assert {receipt["outcome"] for receipt in receipts} >= {"forward", "withhold", "quarantine"}
        assert leaks(house) == []
        assert traces(json.dumps(valid + receipts, ensure_ascii=False)) == []
        told = [found for authority in (TOWN, POLICE) for found in house.inbox(authority, "receipt")]
        assert traces(json.dumps(told, ensure_ascii=False)) == []
        tracing.close()
        assert len(collector.spans) > 10 * len(valid) and traces(b"".join(collector.bodies)) == []
    assert traces(metrics.expose()[1]) == []
    for options in ([], ["--all"], ["--now"], ["--now", "--json"], [TOWN, "--all", "--json"]):
        ended = samband("status", *options, "--data", tmp_path / "data")
        assert (ended.status, traces(ended.out + ended.err)) == (0, []), options
    journal.end()
    assert traces(caplog.text) == []
    out, err = capfd.readouterr()
    assert traces(out + err) == []
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    assert traces(" ".join(names)) == []


def test_the_canaries_would_be_found(tmp_path: Path) -> None:
    """The search itself sees them where they may be: in the delivered message and in quarantine."""
    with opened(tmp_path) as house:
        house.run(*everything()[:1], request(3, recipient="nobody", need=NAME))
        assert traces(json.dumps(house.inbox(TOWN), ensure_ascii=False))
        assert traces(house.contents("quarantine")[0])
        house.run(request(2) | {"case": NAME})
        house.connection.exec_driver_sql("UPDATE records SET \"case\" = 'Kanarie Fågelsson' WHERE seq = 2")
        assert [(table, column) for table, column, _ in leaks(house)] == [("records", "case")] * 2


def test_a_fault_of_the_database_tells_no_content(tmp_path: Path) -> None:
    """Promise 8: the text of an exception holds no row."""
    with pytest.raises(DataFolderError) as outer, opened(tmp_path) as house:
        fail = "BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'a fault'); END"
        house.connection.exec_driver_sql(f"CREATE TEMP TRIGGER fault {fail}")
        with pytest.raises(DBAPIError) as inner:
            house.run(everything()[0])
        assert traces(inner.value) == []
        raise inner.value
    assert traces(outer.value) == []
    assert outer.value.__suppress_context__


def test_the_public_s_intake_keeps_no_bytes(tmp_path: Path) -> None:
    """Promise 8: what the public writes and can't be used is not kept; that it came is recorded."""
    unusable = [
        request(1, sender="intaget", need=NAME),
        request(2, sender="intaget", purpose=NAME),
        message(3, "Tipp", "intaget", POLICE, {"text": NAME}),
        NAME.encode(),
    ]
    with opened(tmp_path, parties=PARTIES) as house:
        receipts = house.run(*(Input(f if isinstance(f, bytes) else line(f), proven="intaget") for f in unusable))
        receipts += house.run(*unusable[:3])
        assert {receipt["outcome"] for receipt in receipts} == {"quarantine"}
        assert [row.content for row in house.rows("SELECT content FROM quarantine")] == [b""] * 7
        assert house.count("records") == 7


def test_a_token_needs_the_broker_s_key(tmp_path: Path) -> None:
    """Promise 8: the same person has another token under another key; one key's tokens agree, and tell its id."""
    leaves = []
    for name in ("a", "b"):
        with opened(tmp_path / name) as house:
            house.run(request(1), request(2, "vehicle"), request(3, subject={"id_type": "unknown"}))
            leaves.append(house.leaves())
    first, second = leaves
    assert first[0]["subject"] == first[1]["subject"] != second[0]["subject"]
    assert re.fullmatch("[0-9a-f]{64}", first[0]["subject"])
    assert first[0]["persons"] == [first[0]["subject"]]
    assert (first[2]["subject"], first[2]["persons"]) == ("unknown", [])
    assert first[0]["key"] != second[0]["key"]
