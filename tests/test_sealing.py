"""Contents that only their recipient opens: sealed at the sender's, carried shut, opened at the recipient's."""

import json
import re
import sqlite3
import subprocess
import sys
from base64 import b64decode, b64encode
from contextlib import suppress
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from agency_side import POLICE, SCHOOL, clock
from command import samband
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from sealing_side import FIRST, House, given

from agents.agency import Agency, AgencyError, Delivery, Json, Sealing, WrongMessage
from agents.agency.__main__ import main
from agents.agency.conformance import VECTORS
from agents.agency.sealing import KeyPair, NotOpened, bound, seal
from agents.agency.sealing_keys import OwnKeys, PublicKeys
from broker import authorities
from broker.authorities import RegisterError

PAIR = KeyPair.of(bytes(range(32)))
MESSAGE: Json = {
    "id": "019cadc6-9a80-7a97-8112-ca1bbdcafac2",
    "kind": "Disclosure",
    "sender": {"authority": SCHOOL, "unit": "school"},
    "recipient": {"authority": POLICE, "unit": "police_area", "area": "0127"},
    "body": {"subject": {"id_type": "personnummer", "id": "200904122389"}},
}
ITEM: Json = {"category": "school_attendance", "secrecy": ["OSL 23:2"], "concerns": [{"id_type": "unknown"}]}
CANARY = "Kanariefågel"


def answer(house: House, *contents: str, refused: str = "") -> Delivery:
    """The school's answer with these contents, as it comes to the Police."""
    request = house.ask()
    with house.agency(SCHOOL) as school:
        kept = {"category": "health_record", "content": refused, "secrecy": ["OSL 25:1"]}
        school.disclose(request, [*map(given, contents), *([kept] if refused else [])])
    return [line for line in house.inbox() if line.kind == "Disclosure"][-1]


# --- the primitive


@settings(max_examples=60, deadline=None)
@drawn(content=st.text(max_size=600), about=st.binary(max_size=60))
def test_what_is_sealed_opens_to_what_it_was(content: str, about: bytes) -> None:
    sealed = seal(PAIR.public, content, about)
    assert PAIR.open(sealed, about) == content
    assert len(b64decode(sealed["ciphertext"])) % 256 == 16
    with pytest.raises(NotOpened):
        PAIR.open(sealed, about + b"?")
    with pytest.raises(NotOpened):
        KeyPair.new().open(sealed, about)


@pytest.mark.parametrize(
    ("place", "other"),
    [
        ("id", "019cadc6-9a80-7a97-8112-ca1bbdcafac3"),
        ("kind", "CaseSharing"),
        ("sender.authority", POLICE),
        ("sender.unit", "registry"),
        ("recipient.authority", "kommun-0127"),
        ("recipient.unit", "crime_unit"),
        ("recipient.area", None),
        ("body.subject.id", "200904132388"),
        ("body.subject", None),
        ("body.organisation", {"orgnr": "0022222224", "name": "x"}),
        ("item.category", "school_incident"),
        ("item.content_type", "text/html"),
        ("item.secrecy", []),
        ("item.secrecy", ["OSL 23:2", "OSL 26:1"]),
        ("item.concerns", None),
    ],
)
def test_a_content_that_is_moved_or_labelled_otherwise_does_not_open(place: str, other: Any) -> None:
    sealed = seal(PAIR.public, CANARY, bound(MESSAGE, ITEM))
    whole = deepcopy({**MESSAGE, "item": ITEM})
    holder, *rest = [whole, *place.split(".")]
    while len(rest) > 1:
        holder = holder[rest.pop(0)]
    holder[rest[0]] = other
    with pytest.raises(NotOpened):
        PAIR.open(sealed, bound(whole, whole["item"]))
    assert PAIR.open(sealed, bound(MESSAGE, ITEM)) == CANARY


def test_whatever_a_field_is_left_out_as_a_content_is_bound_to_the_same() -> None:
    """As the broker writes out what a sender may leave out."""
    bare = {**MESSAGE, "sender": {"authority": SCHOOL}, "recipient": {"authority": POLICE}}
    full = {**bare, "id": MESSAGE["id"].upper(), "sender": {"authority": SCHOOL, "unit": "registry", "role": "officer"}}
    full["recipient"] = {"authority": POLICE, "unit": "registry", "area": None}
    item = {"category": "other"}
    spelled = {**item, "content_type": "text/plain", "secrecy": [], "concerns": None, "assessments": []}
    assert bound(bare, item) == bound(full, spelled)


def test_a_published_content_opens_with_its_published_key() -> None:
    """For whoever writes this in another language: `vectors.json` of the agency's side."""
    known = VECTORS["sealed"]
    pair = KeyPair.of(b64decode(known["private"]))
    (item,) = known["message"]["body"]["items"]
    assert (pair.id, b64encode(pair.public).decode()) == (item["sealed"]["key"], known["public"])
    assert bound(known["message"], item).decode() == known["bound"]
    assert pair.open(item["sealed"], bound(known["message"], item)) == known["content"]


# --- from one to another


def test_a_content_goes_sealed_and_is_opened_where_it_comes(tmp_path: Path) -> None:
    """Of what is withheld nothing comes, shut or open; the next item is not told apart by that."""
    house = House(tmp_path)
    key = house.new_key(POLICE)
    came = answer(house, "Närvaro 61 procent.", refused=CANARY)
    (only,) = came.body["items"]
    assert (only["content"], only["sealed"]) == ("Närvaro 61 procent.", {"key": key["id"]})
    assert came.unopened == {}
    lines = samband("inbox", POLICE, "--json", "--data", tmp_path / "data", "--register", house.register).out
    sealed = json.loads(lines.splitlines()[-1])["message"]["body"]["items"]
    assert [sorted(item) for item in sealed] == [
        ["assessments", "category", "concerns", "content_type", "sealed", "secrecy"]
    ]


def test_what_another_has_no_key_for_stays_shut_and_says_so(tmp_path: Path) -> None:
    house = House(tmp_path)
    key = house.new_key(POLICE)
    request = house.ask()
    with house.agency(SCHOOL) as school:
        school.disclose(request, [given(CANARY)])
    with Agency(POLICE, house.broker, unit="police_area", clock=clock) as police:
        lines = [line for line in police.inbox() if isinstance(line, Delivery)]
    assert lines[-1].unopened == {0: (key["id"], "no_key")}
    assert CANARY not in json.dumps(lines[-1].content, ensure_ascii=False)
    with house.agency(POLICE) as police:
        assert police.open(lines[-1]).body["items"][0]["content"] == CANARY
    moved = deepcopy(lines[-1].content)
    moved["message"]["body"]["items"][0]["category"] = "school_incident"
    opened = Delivery(Sealing(house.folder / "keys" / POLICE).open(moved))
    assert opened.unopened == {0: (key["id"], "changed")}


def test_a_new_key_is_sealed_to_and_the_old_one_still_opens(tmp_path: Path) -> None:
    house = House(tmp_path)
    old = house.new_key(POLICE)
    assert answer(house, "ett").body["items"][0]["sealed"] == {"key": old["id"]}
    new = house.new_key(POLICE, date(2026, 11, 1))
    came = answer(house, "två")
    assert (came.body["items"][0]["content"], came.body["items"][0]["sealed"]) == ("två", {"key": new["id"]})
    with house.agency(POLICE) as police:
        again = {line.body["items"][0]["content"] for line in police.inbox() if "items" in getattr(line, "body", ())}
    assert again == {"ett", "två"}


@pytest.mark.parametrize("end", [{"revoked": "2026-11-21"}, {"until": "2026-11-20"}])
def test_nothing_is_sent_to_a_key_that_is_over_nor_in_clear_instead(tmp_path: Path, end: Json) -> None:
    house = House(tmp_path)
    key = house.new_key(POLICE)
    request = house.ask()
    house.keys[POLICE] = [key | end]
    house.write()
    with house.agency(SCHOOL) as school, pytest.raises(WrongMessage) as told:
        school.disclose(request, [given(CANARY)])
    assert key["id"] in str(told.value) and CANARY not in str(told.value)
    with house.agency(SCHOOL) as school:
        assert school.state.outgoing() == []


def test_the_broker_refuses_what_its_recipient_can_not_open_and_says_which_key_is_right(tmp_path: Path) -> None:
    """As from a sender whose register is older: a revoked key, another's, none that anybody has."""
    house = House(tmp_path)
    old = house.new_key(POLICE)
    request = house.ask()
    former = tmp_path / "former.json"
    former.write_bytes(house.register.read_bytes())
    new = house.new_key(POLICE, date(2026, 11, 1))
    house.keys[POLICE][0] = old | {"revoked": "2026-11-01"}
    house.write()
    own = Sealing(house.folder / "keys" / SCHOOL, former)
    with Agency(SCHOOL, house.broker, unit="school", role="rektor", clock=clock, sealing=own) as school:
        receipt = school.receipt(school.disclose(request, [given(CANARY)]))
        assert receipt.error is not None and receipt.error[0] == "sealing_key"
        assert receipt.error[1].endswith(f"of {POLICE}: seal the content to {new['id']}")
        house.keys[POLICE] = []
        house.write()
        receipt = school.receipt(school.disclose(request, [given(CANARY)]))
        assert receipt.error is not None and f"{POLICE} has none" in receipt.error[1]
    with house.agency(SCHOOL) as school:  # the register's own way out: a sender that has read it sends in clear
        assert school.receipt(school.disclose(request, [given("klart")])).outcome == "forward"


def test_what_is_given_out_again_after_a_key_is_lost_is_sealed_anew_by_its_sender(tmp_path: Path) -> None:
    """The same bytes come again, which nothing opens; the sender keeps what it said, and says it to the new key."""
    house = House(tmp_path)
    old = house.new_key(POLICE)
    request = house.ask()
    with house.agency(SCHOOL) as school:
        sent = school.disclose(request, [given("ett")])
    (house.folder / "keys" / POLICE / f"{old['id']}.json").unlink()
    new = house.new_key(POLICE, date(2026, 11, 1))
    house.keys[POLICE][0] = old | {"revoked": "2026-11-01"}
    house.write()
    where = ("--data", tmp_path / "data", "--register", house.register)
    assert samband("redeliver", POLICE, "--message", sent.id, *where).status == 0
    assert {line.unopened[0] for line in house.inbox() if line.id == sent.id} == {(old["id"], "no_key")}
    with house.agency(SCHOOL) as school:
        school.disclose(request, [given("ett")], replaces=sent.id)
    again = house.inbox()[-1]
    assert (again.body["items"][0]["content"], again.body["items"][0]["sealed"]) == ("ett", {"key": new["id"]})


def test_what_is_sealed_to_one_is_not_handed_over_to_another(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.new_key(POLICE)
    came = answer(house, "ett")
    with house.agency(POLICE) as police:
        with pytest.raises(WrongMessage, match="not_for_us"):
            police.handed_over(came, "crime_unit")
        assert police.receipt(police.not_for_us(came)).outcome == "forward"


def test_a_desk_has_keys_of_its_own(tmp_path: Path) -> None:
    """Those of its authority are not its, nor another desk's: whoever reads there does not hold them."""
    house = House(tmp_path)
    house.new_key("kommun-0127")
    rows = json.loads(house.register.read_text("utf-8"))
    row = house.own("kommun-0127/social_services").new("kommun-0127/social_services", FIRST)
    rows.append({"authority": "kommun-0127", "desk": "social_services", "units": ["social_services"]})
    rows.append({"authority": "kommun-0127", "desk": "social_services", "keys": [row]})
    rows.append({"authority": "kommun-0127", "desk": "education", "units": ["education_office"]})
    house.register.write_text(json.dumps(rows), "utf-8")
    public, register = PublicKeys(house.register), authorities.load(house.register)
    for unit in ("social_services", "education_office", "registry"):
        address, keys = public.of("kommun-0127", unit)
        assert address == register.address("kommun-0127", unit)
        assert [key.id for key in keys] == [key.id for key in register.sealing_keys(address)]
    assert [key.id for key in public.of("kommun-0127", "social_services")[1]] == [row["id"]]
    assert public.of("kommun-0127", "education_office")[1] == []
    assert public.of("region-09", "registry")[0] == register.address("region-09", "registry") == "kommun-0980"


# --- who can read it


def test_a_thousand_sealed_contents_are_readable_nowhere_at_the_broker(tmp_path: Path) -> None:
    """Files, tables, log, exports, report, metrics, what is shown; released, withheld, sent back or in quarantine.

    What is sealed is as random: 1,000 canaries, none of them anywhere; one that stands in clear is, so that this looks.
    """
    house = House(tmp_path)
    key = house.new_key(POLICE)
    request = house.ask(["school_attendance"])
    count = 0

    def some(n: int, **more: Any) -> list[Json]:
        nonlocal count
        count += n
        return [given(f"{CANARY}-{count - n + i:04}") | more for i in range(n)]

    with house.agency(SCHOOL) as school:
        school.disclose(request, [*some(190), *some(10, category="health_record", secrecy=["OSL 25:1"])])
        school.disclose(request, [*some(150), *some(50, assessments=[])])
        school.disclose(request, some(200, secrecy=[], assessments=[]))
        sent = school.disclose(request, some(200))
        school.recall(POLICE, sent.id)
        school.disclose(request, some(100))
        key_of_nobody = Sealing(None, tmp_path / "nobody.json")
        row = OwnKeys(tmp_path / "nobody").new(POLICE, FIRST)
        (tmp_path / "nobody.json").write_text(json.dumps([{"authority": POLICE, "keys": [row]}]), "utf-8")
    with Agency(SCHOOL, house.broker, unit="school", role="rektor", clock=clock, sealing=key_of_nobody) as school:
        receipt = school.receipt(school.disclose(request, some(100)))
        assert receipt.outcome == "quarantine"
    assert count == 1000
    data, register = tmp_path / "data", ("--register", house.register)
    shown = [
        samband(*line, "--data", data).out
        for line in (
            ("audit", "export", "--out", data / "export.jsonl"),
            ("report", "--year", 2026, "--out", data / "report.html"),
            ("audit", "show", "--json"),
            ("inbox", POLICE, "--peek", *register),
            ("inbox", POLICE, *register),
            ("quarantine", "list"),
            ("status", *register),
            ("explain", sent.id, *register),
        )
    ]
    with sqlite3.connect(data / "samband.db") as database:
        shown.append("\n".join(database.iterdump()))
    database.close()
    everywhere = b"".join(file.read_bytes() for file in data.rglob("*") if file.is_file()) + "".join(shown).encode()
    assert CANARY.encode() not in everywhere and b64encode(CANARY.encode())[:12] not in everywhere
    assert CANARY.encode().hex().encode() not in everywhere.lower()
    assert sent.id.encode() in everywhere and key["id"].encode() in everywhere
    opened = [item for line in house.inbox() for item in line.body.get("items", ())]
    assert {item["content"] for item in opened} >= {f"{CANARY}-{n:04}" for n in range(190)}


CRASHES = """
import os, sys
from broker.cli import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
sys.stdout.write("done\\n"); sys.stdout.flush()
sys.stdin.read()
"""


def memory(process: int) -> bytes:
    """What a core file of a process would hold: every page that it may read, and has touched."""
    pages = bytearray()
    with Path(f"/proc/{process}/smaps").open() as maps, Path(f"/proc/{process}/mem").open("rb", 0) as mem:
        start = end = 0
        for line in maps:
            if mapped := re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line):
                start, end = (int(part, 16) for part in mapped.groups())
            elif line.startswith("Rss:") and end and line.split()[1] != "0":
                with suppress(OSError):  # the kernel's own pages are nobody's to read
                    mem.seek(start)
                    pages += mem.read(end - start)
                end = 0
    return bytes(pages)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="reads a process' memory as Linux shows it")
def test_nor_in_a_core_file_of_the_broker(tmp_path: Path) -> None:
    """A process that has just decided, recorded and delivered. What stands in clear is found there: so this looks."""
    house = House(tmp_path)
    house.new_key(POLICE)
    request = house.ask()
    stage = tmp_path / "lines.jsonl"
    with Agency(SCHOOL, _Writes(stage), unit="school", role="rektor", clock=clock, sealing=_sealing(house)) as school:
        for n in range(5):
            school.disclose(request, [given(f"{CANARY}-{n}-{i}") for i in range(20)], case="AKT-SYNLIG-1")
    line = ("run", str(stage), "--data", str(tmp_path / "data"), "--register", str(house.register), "--json")
    with subprocess.Popen(
        [sys.executable, "-c", CRASHES, *line], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        outcomes = []
        while (said := process.stdout.readline()) != "done\n":
            outcomes.append(json.loads(said)["outcome"])
        core = memory(process.pid)
        process.communicate("")
    assert outcomes == ["forward"] * 5
    assert b"AKT-SYNLIG-1" in core
    assert (
        CANARY.encode() not in core and CANARY.encode("utf-16-le") not in core and CANARY.encode("latin-1") not in core
    )


def test_the_broker_has_nothing_to_open_with() -> None:
    """No module of it knows how a content is sealed."""
    known = [
        file for file in (Path(authorities.__file__).parents[1]).rglob("*.py") if "hpke" in file.read_text("utf-8")
    ]
    assert known == []


# --- the files


def test_a_register_with_a_key_that_can_not_be_right_is_refused(tmp_path: Path) -> None:
    house = House(tmp_path)
    key = house.new_key(POLICE)
    for wrong, said in (
        ({**key, "id": "0" * 32}, "id: is not that of the public key beside it"),
        ({**key, "public": key["public"][:-8]}, "public: is no key for sealing"),
        ({**key, "until": "2026-08-01"}, "until: lies before from"),
        ({**key, "note": "x"}, "a field that does not belong there"),
    ):
        house.keys[POLICE] = [wrong]
        house.write()
        with pytest.raises(RegisterError, match=said):
            authorities.load(house.register)
    house.keys = {POLICE: [key], SCHOOL: [key]}
    house.write()
    with pytest.raises(RegisterError, match="is given twice: each address has keys of its own"):
        authorities.load(house.register)


def test_the_register_shows_keys(tmp_path: Path) -> None:
    house = House(tmp_path)
    key = house.new_key(POLICE)
    house.keys[POLICE] = [key | {"revoked": "2026-10-01"}]
    house.write()
    line = ("register", "show", "--find", "Polismyndigheten", "--register", house.register)
    assert f"nyckel {key['id']}, 2026-09-01 –, återkallad från och med 2026-10-01" in samband(*line, columns=200).out
    (shown,) = [json.loads(one) for one in samband(*line, "--json").out.splitlines()]
    assert shown["keys"] == [{**key, "until": None, "revoked": "2026-10-01"}]


def test_own_keys_are_made_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = House(tmp_path)
    own = tmp_path / "keys" / POLICE
    flags = ["--as", "Polismyndigheten", "--sealing", str(own), "--register", str(house.register)]
    assert main(["keys", "list", *flags]) == 0
    assert "Ni har inga nycklar" in capsys.readouterr().out
    assert main(["keys", "new", *flags, "--from", "2026-09-01", "--until", "2199-01-01"]) == 0
    row = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert row["authority"] == POLICE
    house.keys[POLICE] = row["keys"]
    house.write()
    assert main(["keys", "list", *flags]) == 0
    (key,) = row["keys"]
    assert capsys.readouterr().out == f"{key['id']}  {POLICE}  2026-09-01 – 2199-01-01  gäller\n"
    (file,) = own.iterdir()
    assert (file.stat().st_mode & 0o777, own.stat().st_mode & 0o777) == (0o600, 0o700)
    assert answer(house, "ja").body["items"][0]["content"] == "ja"
    file.chmod(0o644)
    assert main(["keys", "list", *flags]) == 2
    assert "others than its owner can read it" in capsys.readouterr().err
    file.chmod(0o600)
    file.write_text("{}", "utf-8")
    with pytest.raises(AgencyError, match="is no key for sealing"):
        list(OwnKeys(own))


def _sealing(house: House) -> Sealing:
    return Sealing(house.folder / "keys" / SCHOOL, house.register)


class _Writes:
    """A broker that only writes down what it is sent."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def connect(self, authority: str) -> "_Writes":
        return self

    def send(self, messages: Any) -> list[Json]:
        with self._file.open("ab") as out:
            out.writelines(message.message + b"\n" for message in messages)
        return []

    def fetch(self, after: int, timeout: float) -> list[Any]:
        return []

    def close(self) -> None:
        pass
