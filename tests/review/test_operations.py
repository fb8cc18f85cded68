"""How the broker stands: what needs a hand, on the operator's page and in the terminal."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from command import samband
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lines import GIRL, POLICE, TOWN, number
from monitoring import alerts

from broker import authorities
from broker.adapters.files import upkeep
from broker.adapters.prometheus import reading
from broker.adapters.sql.read_model import open_archive
from broker.deadlines import Clock, Matter
from broker.model.unusable import MENDED_OUTSIDE
from broker.ports.operations import Alert, Backup, LastDay, Monitoring, Program, Silence
from broker.review import operations_words, runbook
from broker.review.operations import LIMITS, Hand, InQuarantine, Reading, Recorded, standing
from broker.review.operations_reading import Sources, read, sources
from broker.review.rights import OPERATE, REVIEW
from broker.review.words import Words
from broker.web.faults import SiteError
from tests.review.morning import CONTACTS, LAW, OTHER_LAW, REGISTER, Morning, bad_morning, program, server
from tests.review.web_room import add_user, logged_in, new_room
from tests.web_pages import MORNING

NOTHING = Recorded(0, 0, (), (), embedded=True)
OWN = {"backup", "restore", "certificate", "key", "unread", "monitoring", "records"}


@pytest.fixture(scope="module")
def parties(tmp_path_factory: pytest.TempPathFactory) -> authorities.Register:
    file = tmp_path_factory.mktemp("register") / "register.json"
    file.write_text(json.dumps(CONTACTS))
    return authorities.load(file)


def names(read_: Reading, parties: authorities.Register, now: datetime = MORNING) -> list[str]:
    return [hand.name for hand in standing(read_, now, parties).hands]


def matter(
    n: int, clock: Clock = Clock.OPENED, *, hours: int = 2, immediate: bool = False, **changes: object
) -> Matter:
    started = int((MORNING - timedelta(hours=hours)).timestamp())
    about = {"holder": TOWN, "holder_unit": "social_services", "asker": POLICE, "asker_unit": "registry", "about": None}
    row = {
        "id": number(n),
        "clock": clock,
        "message": number(n),
        "sender": POLICE,
        **about,
        "kind": "ConcernNotification",
    }
    times = {"started": started, "due": started + 1800, "position": n, "immediate": immediate}
    return Matter(**{**row, **times, **changes})  # type: ignore[arg-type]


# From what was read


def test_nothing_needs_a_hand(parties: authorities.Register) -> None:
    both = [Program(f"Arbetare {n}", law=LAW, register=REGISTER) for n in (1, 2)]
    assert names(Reading(both, records=NOTHING), parties) == []


def test_the_worker_with_another_law_than_the_others_is_named(parties: authorities.Register) -> None:
    programs = [Program("Arbetare 1", law=LAW), Program("Arbetare 2", law=OTHER_LAW), Program("Arbetare 3", law=LAW)]
    stands = standing(Reading(programs, records=NOTHING), MORNING, parties)
    assert [(one.name, one.program) for one in stands.hands] == [("SambandPolicyDiffers", "Arbetare 2")]
    assert [one.state for one in stands.programs] == ["ready", "law", "ready"]
    stands = standing(Reading(programs[:2], records=NOTHING), MORNING, parties)
    assert [one.state for one in stands.programs] == ["law", "law"], "of two nobody knows which is right"


def test_what_programs_measure_needs_a_hand_past_the_limit_of_its_alert(parties: authorities.Register) -> None:
    at = MORNING.timestamp()
    for name, metric in {
        "SambandClocksStopped": "samband_tick_timestamp_seconds",
        "SambandNotCompared": "samband_reconciled_timestamp_seconds",
        "SambandUnfetched": "samband_oldest_unfetched_timestamp_seconds",
    }.items():
        for over in (0, 1):
            one = Program("x", measured={metric: at - LIMITS[name] - over})
            assert names(Reading([one], records=NOTHING), parties) == [name] * over
    for behind, found in ((0.0, []), (3.0, ["SambandLedgerBehind"])):
        measured = {"samband_ledger_lag_records": behind, "samband_checkpoint_timestamp_seconds": at - 301}
        assert names(Reading([Program("x", measured=measured)], records=NOTHING), parties) == found
    for metric, name in (
        ("samband_unreconciled", "SambandUnreconciled"),
        ("samband_agents_skipped_records", "SambandSkipped"),
    ):
        assert names(Reading([Program("x", measured={metric: 1.0})], records=NOTHING), parties) == [name]
    lagging = Program("x", lags={"worker": 5001.0})
    assert names(Reading([lagging], records=NOTHING), parties) == ["SambandStalled", "SambandLagging"]
    assert names(Reading([lagging], records=replace(NOTHING, decided=1)), parties) == ["SambandLagging"]


def test_the_limits_are_those_of_the_alerts_and_each_alert_has_words_and_a_guide() -> None:
    rules = {rule["alert"]: rule for rule in alerts()}
    for name, limit in LIMITS.items():
        assert re.search(rf"> {limit}\b", rules[name]["expr"]), name
    hands = {name for name, rule in rules.items() if rule["labels"]["severity"] != "info"} | OWN
    for lang in ("sv", "en"):
        t = Words(lang)
        assert runbook.sections(lang).keys() == rules.keys()
        assert set(t.table("operations.hand")) - {"other"} == hands
        for name in hands:
            assert operations_words.guide(name, t)
            told = operations_words.tell(
                Hand(name, rules.get(name, {"labels": {"severity": "page"}})["labels"]["severity"]), MORNING, t, str
            )
            assert "{" not in told.title + told.text


def test_the_immediate_that_nobody_has_opened_stands_first_with_whom_to_call(parties: authorities.Register) -> None:
    open_ = (
        matter(1, immediate=True),
        matter(2, immediate=True, hours=1),
        matter(3, hours=90, next_at=None),
        matter(4, Clock.ANSWER),
    )
    stands = standing(Reading(records=replace(NOTHING, matters=open_)), MORNING, parties)
    first, second = stands.hands
    assert (first.name, first.n, first.since) == ("SambandUnopenedImmediate", 2, MORNING - timedelta(hours=2))
    assert [one.telephone for one in first.contacts] == ["0555-10 00 00"]
    assert (second.name, second.n) == ("SambandUnseen", 1)
    [row] = stands.unseen
    assert (row.authority, row.n, row.since, row.late) == (TOWN, 3, MORNING - timedelta(hours=90), True)
    assert {one.clock: (one.n, one.late) for one in stands.clocks} == {"opened": (3, 3), "answer": (1, 1)}
    assert {one.name: one.now for one in stands.flow}["asked"] == 1


def test_redrive_is_offered_only_where_it_can_help(parties: authorities.Register) -> None:
    old = MORNING - timedelta(days=2)
    lines = [
        InQuarantine("clock_skew", 12, old, 12),
        InQuarantine("unknown_authority", 4, old, 4),
        InQuarantine("poison", 1, old, 0),
    ]
    stands = standing(Reading(records=replace(NOTHING, quarantine=lines)), MORNING, parties)
    assert [(hand.name, hand.n) for hand in stands.hands] == [("SambandPoisoned", 1), ("SambandQuarantineWaits", 16)]
    said = {one.code: operations_words.mends(one, Words("sv")) for one in stands.quarantine}
    assert {code for code, text in said.items() if "redrive" in text} == {"unknown_authority"}
    assert said["clock_skew"].startswith("Avsändaren ställer sin klocka")
    assert set(Words("sv").table("operations.mends")) - {"outside", "clock", "message"} <= MENDED_OUTSIDE


def test_what_is_to_be_kept_in_trim(parties: authorities.Register) -> None:
    days = [
        LastDay("Inloggningen", "certificate", date(2026, 12, 30)),
        LastDay("Kafka", "certificate", date(2026, 12, 31)),
    ]
    fresh = Backup(MORNING - timedelta(hours=7), 4_100_000_000, MORNING - timedelta(days=7), agrees=True)
    read_ = Reading(records=NOTHING, backup=fresh, backup_named=True, last_days=days)
    assert names(read_, parties) == ["certificate"]
    stands = standing(read_, MORNING, parties)
    said = dict(operations_words.trim(stands, Words("sv")))
    assert said["backup"] == "I dag 02.12, 4,1 GB. Återläst på prov måndag 23 november kl. 09.12: stämde."
    assert said["certificate"] == "Inloggningen: onsdag 30 december; Kafka: torsdag 31 december"
    assert names(replace(read_, backup=None, last_days=[LastDay("x", "certificate", None)]), parties) == [
        "unread",
        "backup",
    ]
    assert names(replace(read_, backup=replace(fresh, agrees=False), last_days=()), parties) == ["restore"]
    unknown = standing(Reading(records=NOTHING), MORNING, parties)
    assert dict(operations_words.trim(unknown, Words("sv")))["backup"] == "Ingen säkerhetskopia är känd."
    assert unknown.hands == ()


def test_alerts_stand_beside_what_is_seen_and_are_never_lost(parties: authorities.Register) -> None:
    since = MORNING - timedelta(minutes=41)
    down = Alert("SambandDown", "page", since, 0.0, {"instance": "worker:9464"})
    slow = Alert("SambandSlow", "ticket", since, 12.0, {"le": "10"})
    late = Alert("SambandOverdue", "info", since, 1.0, {"clock": "answer", "authority_kind": "school"})
    seen = Reading([Program("Arbetare 2", answers=False)], Monitoring([down, slow, late]), NOTHING)
    hands = standing(seen, MORNING, parties).hands
    assert [(one.name, one.program, one.since) for one in hands] == [
        ("SambandDown", "Arbetare 2", since),
        ("SambandSlow", "", since),
    ]
    more = replace(seen, monitoring=Monitoring([down, replace(down, labels={"instance": "ledger:9464"})]))
    titles = [
        operations_words.tell(one, MORNING, Words("sv"), str).title for one in standing(more, MORNING, parties).hands
    ]
    assert sorted(titles) == ["Arbetare 2 svarar inte", "Ledger:9464 svarar inte", "Worker:9464 svarar inte"]
    assert names(replace(seen, monitoring=Monitoring(None)), parties) == ["SambandDown", "monitoring"]
    assert names(Reading(), parties) == ["records"], "tables that can't be read need a hand"


# From programs, servers and files


def test_a_program_tells_itself() -> None:
    with program(LAW, ready=False) as address:
        told = reading.program("Arbetare 1", address)
        assert (told.answers, told.away, told.law, told.register) == (True, ("opa",), LAW, REGISTER)
        assert told.version and told.lags == {"worker": 5.0}
        assert told.measured["samband_oldest_unfetched_timestamp_seconds"] == 100
        assert told.measured["samband_lag_messages"] == 5
    assert not reading.program("Arbetare 1", address).answers
    with server({}) as address:
        assert reading.program("Arbetsplatsen", address) == Program("Arbetsplatsen")


def test_prometheus_tells_what_fires_and_what_is_silenced() -> None:
    labels = {"alertname": "SambandSlow", "severity": "ticket", "le": "10"}
    firing = {"labels": labels, "state": "firing", "activeAt": "2026-11-30T07:31:00.123456789Z", "value": "1.2e+01"}
    silence = {
        "status": {"state": "active"},
        "matchers": [{"name": "alertname", "value": "SambandDown"}],
        "endsAt": "2026-11-30T10:00:00Z",
    }
    answers = {
        "/api/v1/alerts": {"data": {"alerts": [firing, firing | {"state": "pending"}]}},
        "/api/v2/silences": [silence, silence | {"status": {"state": "expired"}}],
        "/api/v1/query": {"data": {"result": [{"value": [0, "3"]}]}},
    }
    with server(answers) as address:
        [alert] = reading.alerts(address) or []
        assert (alert.name, alert.severity, alert.value, alert.labels) == ("SambandSlow", "ticket", 12.0, {"le": "10"})
        assert reading.silences(address) == [Silence(("SambandDown",), datetime(2026, 11, 30, 10, tzinfo=UTC))]
        assert reading.figures(address, {"waiting": "sum(x)"}) == {"waiting": 3.0}
    assert reading.alerts(address) is reading.silences(address) is None
    with server({"/api/v1/alerts": {"data": "odd"}}) as address:
        assert reading.alerts(address) is None


def test_files_tell_of_backups_and_last_days(tmp_path: Path) -> None:
    file, wrong = tmp_path / "backup.json", tmp_path / "wrong"
    file.write_text('{"at": "2026-11-30T01:10:00Z", "bytes": 7, "tried": "2026-11-23T09:00:00Z", "agrees": true}')
    when = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert upkeep.backup(file) == Backup(datetime(2026, 11, 30, 1, 10, tzinfo=UTC), 7, when, agrees=True)
    for text in ("", "[]", "{}", '{"at": "2026-11-30T01:10:00"}'):
        wrong.write_text(text)
        assert upkeep.backup(wrong) is None
    key, name = Ed25519PrivateKey.generate(), x509.Name([])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    until = datetime(2026, 12, 11, 23, 30, tzinfo=UTC)
    signed = made.not_valid_before(MORNING).not_valid_after(until).sign(key, None)
    file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    assert upkeep.last_day(file) == date(2026, 12, 12)
    assert upkeep.last_day(wrong) is upkeep.last_day(tmp_path / "none") is None


def test_settings_of_operations_are_tried(tmp_path: Path) -> None:
    file = tmp_path / "review.toml"
    said = sources({"backup": "b.json", "keys": {"k": date(2027, 3, 1)}, "certificates": {"c": "c.pem"}}, file)
    assert (said.backup, said.certificates) == (tmp_path / "b.json", {"c": tmp_path / "c.pem"})
    for values, why in (
        ({"programs": {"x": "ftp://here"}}, "begins with"),
        ({"prometheus": "http://here/path"}, "begins with"),
        ({"programs": ["x"]}, "operations.programs"),
        ({"keys": {"k": "soon"}}, "operations.keys"),
        ({"shade": 1}, "not one of"),
    ):
        with pytest.raises(SiteError, match=why):
            sources(values, file)


# An operator's bad morning: a stopped worker, a wrong law, an unread inbox


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    with bad_morning(tmp_path_factory.mktemp("morning")) as begun:
        yield begun


def test_a_bad_morning_on_the_page(morning: Morning) -> None:
    data, register, programs = morning.data, morning.register, morning.programs
    with ExitStack() as stack:
        room = new_room(stack, data, register=register, operations=Sources(programs=programs))
        add_user(room, "omar", may=[OPERATE], role="operator")
        add_user(room, "greta", may=[REVIEW])
        client = logged_in(room, "omar")
        html = client.get("/drift").text
        assert "saker behöver en hand" in html
        titles = ["Arbetare 4 svarar inte", "Arbetare 2 har en annan lag än de andra", "Inte öppnat: Orosanmälan"]
        assert all(title in html for title in titles) and "0555-10 00 00" in html
        assert html.index(titles[2]) < html.index(titles[0]) < html.index("Flöde")
        assert GIRL["id"] not in html and number(1) not in html and "Annan lag" in html
        assert "Rätta registret, kör sedan om" in html and "Ingen säkerhetskopia är känd." in html
        assert 'hx-trigger="every 15s"' in html and "/drift?stanna=1" in html
        part = client.get("/drift", headers={"HX-Request": "true", "Samband-Poll": "1"}).text
        assert "<html" not in part and titles[0] in part
        assert "hx-trigger" not in client.get("/drift?stanna=1").text
        guide = client.get("/drift/gor-sa-har/SambandUnopenedImmediate").text
        assert "<code>samband register show</code>" in guide and "socialjouren" in guide
        assert client.get("/drift/gor-sa-har/nothing").status_code == 404
        assert client.get("/drift?lang=en").status_code == 200
        assert logged_in(room, "greta").get("/drift").status_code == 404


def test_a_bad_morning_in_the_terminal(morning: Morning) -> None:
    folder, data, register, programs = morning.folder, morning.data, morning.register, morning.programs
    file = folder / "review.toml"
    table = "".join(f'"{name}" = "{address}"\n' for name, address in programs.items())
    file.write_text(f'data = "{data}"\n[operations.programs]\n{table}')
    kept = ("--data", data, "--register", register)
    for lang, begins, down in (
        ("sv", "4 saker behöver en hand", "Arbetare 4 svarar inte"),
        ("en", "4 things need a hand", "Arbetare 4 does not answer"),
    ):
        out = samband("status", "--now", "--settings", file, *kept, "--lang", lang).out
        assert out.startswith(begins) and down in out and "0555-10 00 00" in out
        assert GIRL["id"] not in out
    out = samband("status", *kept).out
    assert out.index("Inte öppnat: Orosanmälan") < out.index(number(1)[:8])
    [stands] = samband("status", "--now", "--settings", file, *kept, "--json").objects
    assert [one["state"] for one in stands["programs"]] == ["ready", "law", "ready", "down"]
    assert "hand" not in samband("status", TOWN, *kept).out
    assert samband("status", "--now", "--settings", folder / "none.toml", *kept).status == 2


def test_decisions_are_counted_by_when_they_were_recorded(morning: Morning) -> None:
    now = datetime.now(UTC) + timedelta(seconds=1)
    told = read(Sources(), morning.data, now).records
    assert told and (told.decided, told.decided_yesterday) == (1, 0)
    with open_archive(morning.data) as archive:
        [quarantined] = archive.quarantined_since(now - timedelta(days=1))
        assert quarantined.leaf["receipt"]["error"]["code"] == "unknown_authority"
        assert list(archive.quarantined_since(now)) == []
    tomorrow = read(Sources(), morning.data, now + timedelta(days=1)).records
    assert tomorrow and (tomorrow.decided, tomorrow.decided_yesterday) == (0, 1)
