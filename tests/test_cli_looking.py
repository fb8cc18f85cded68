"""Commands that look: `inbox`, `explain`, `guide`, `register show`, `quarantine` (contract, "Commands")."""

import json
from pathlib import Path
from typing import Any

import pytest
from command import REGISTER, Ended, changed, copy_of, samband, sample_folder
from lines import POLICE, TOWN, consent, disclosure, line, number, request, withdrawal

from broker import texts
from broker.cli import list_view
from broker.cli.texts import Lang, Words

data = pytest.fixture(scope="module")(sample_folder)

SECRET = {"category": "social_record", "content": "x", "secrecy": ["OSL 26:1"]}
ANSWER = "019cb323-e500-7e23-a816-0039594a3389"


def run(folder: Path, *messages: dict[str, Any] | bytes) -> Ended:
    given = b"\n".join(one if isinstance(one, bytes) else line(one) for one in messages)
    ended = samband("run", "-", "--data", folder, "--json", stdin=given)
    assert ended.status == 0, ended.err
    return ended


# --- inbox


def test_inbox_gives_the_stored_lines(data: Path) -> None:
    lines = samband("inbox", POLICE, "--data", data, "--json").objects
    assert [entry["type"] for entry in lines] == ["receipt", "delivery", "delivery"]
    answer = lines[1]
    assert answer["message"]["id"] == ANSWER
    assert [item["category"] for item in answer["message"]["body"]["items"]] == ["school_attendance"]
    assert answer["partial"] is True
    assert answer["unanswered"] == ["school_support", "health_record"]
    assert answer["grounds"] == [{"id": "s170_7_request", "ref": "2025:170 7 §"}]


def test_inbox_by_type_and_number(data: Path) -> None:
    numbers = [entry["n"] for entry in samband("inbox", POLICE, "--data", data, "--json").objects]
    assert numbers == sorted(numbers)
    later = samband("inbox", POLICE, "--data", data, "--since", numbers[0], "--json").objects
    assert [entry["n"] for entry in later] == numbers[1:]
    receipts = samband("inbox", POLICE, "--data", data, "--type", "receipt", "--json").objects
    assert [entry["n"] for entry in receipts] == numbers[:1]


def test_inbox_for_people_shows_no_content(data: Path) -> None:
    ended = samband("inbox", POLICE, "--data", data)
    assert "Polismyndigheten" in ended.out
    assert "2 obesvarade" in ended.out
    assert "200904122389" not in ended.out
    assert "the inbox is empty" in samband("inbox", "tullverket", "--data", data, "--lang", "en").out


def test_inbox_under_an_alias(tmp_path: Path) -> None:
    run(tmp_path, request(1, recipient="region-09"))
    one, other = (samband("inbox", name, "--data", tmp_path, "--json").out for name in ("region-09", "kommun-0980"))
    assert one == other != ""


def test_inbox_tells_of_a_withdrawal(tmp_path: Path) -> None:
    run(tmp_path, consent(1), withdrawal(2))
    told = samband("inbox", POLICE, "--data", tmp_path, "--json").objects
    assert [(line["type"], line["notice"]) for line in told] == [
        ("notice", "consent_registered"),
        ("notice", "consent_withdrawn"),
    ]
    for lang, words in (("sv", ("Samtycke registrerat", "Samtycke återkallat")), ("en", ("Consent registered",))):
        out = samband("inbox", POLICE, "--data", tmp_path, "--lang", lang).out
        assert all(word in out for word in words)


def test_inbox_of_an_unknown_authority(data: Path) -> None:
    ended = samband("inbox", "okand", "--data", data)
    assert (ended.status, ended.out) == (2, "")
    assert "okänd myndighet" in ended.line


# --- explain


def test_explain_takes_a_decision_apart(data: Path) -> None:
    [told] = samband("explain", ANSWER, "--data", data, "--json").objects
    released, referred, withheld = told["items"]
    assert (released["outcome"], released["tried"][0]["status"]) == ("release", "yes")
    assert (referred["asks"], referred["refer_to"]) == (["overriding_reasons"], None)
    assert referred["tried"][0]["unanswered"] == ["overriding_reasons"]
    assert (withheld["ref"], withheld["tried"][0]["failing"]) == ("2025:170 8 §", ["s170_8"])
    assert [statute["ref"] for statute in told["statutes"]] == ["2025:170 7 §", "2025:170 8 §"]
    assert told["statutes"][0]["text"].startswith("En rektor inom skolväsendet")
    assert told["same_policy"] is True
    assert all(set(doubt) == {"sv", "en"} for statute in told["statutes"] for doubt in statute["doubts"])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "sv",
            [
                "att pröva enligt 2025:170 7 §:",
                "prövas av: avsändaren själv",
                "är undantagen från",
                "gäller från 2025-04-01",
            ],
        ),
        (
            "en",
            ["to assess under 2025:170 7 §:", "assessed by: the sender", "is exempt from", "in force from 2025-04-01"],
        ),
    ],
)
def test_explain_for_people(data: Path, lang: str, words: list[str]) -> None:
    ended = samband("explain", "1", "--data", data, "--lang", lang)
    for word in words:
        assert word in ended.out
    told = {"sv": "skolkuratorns", "en": "counsellor"}  # 7 § rests on an inference
    assert "⚠" in ended.out
    assert [language for language, word in told.items() if word in ended.out] == [lang]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ("att pröva enligt OSL 10:15 a:", "eller enligt OSL 10:18 a:", "den unge kommer att utöva brottslig")),
        ("en", ("to assess under OSL 10:15 a:", "or under OSL 10:18 a:", "the young person will engage in criminal")),
    ],
)
def test_every_ground_that_is_open_is_told_with_its_own_question(tmp_path: Path, lang: str, words: tuple[str]) -> None:
    sent = disclosure(1, SECRET)
    [receipt] = run(tmp_path, sent).objects
    [item] = receipt["items"]
    assert [(one["ground"], one["asks"]) for one in item["open"]] == [
        ("osl_15a", ["need", "overriding_reasons"]),
        ("osl_18a", ["concrete_risk", "not_unsuitable"]),
    ]
    assert (item["ground"], item["asks"]) == ("osl_15a", item["open"][0]["asks"])
    for command in (("explain", "0"), ("inbox", TOWN)):
        out = " ".join(samband(*command, "--data", tmp_path, "--lang", lang, columns=300).out.split())
        assert [word for word in words if word not in out] == []


def test_a_receipt_of_before_tells_the_first_ground_alone_and_is_replayed_as_it_was(tmp_path: Path) -> None:
    """Earlier records tell no `open`: they are drawn and asked again as they are."""
    run(tmp_path / "data", disclosure(1, SECRET))
    copy = copy_of(tmp_path / "data", tmp_path / "copy")
    with changed(copy) as connection:
        [(seq, found)] = connection.execute("SELECT seq, leaf FROM records").fetchall()
        leaf = json.loads(found)
        del leaf["receipt"]["items"][0]["open"]
        connection.execute("UPDATE records SET leaf = ? WHERE seq = ?", (json.dumps(leaf).encode(), seq))
    assert samband("replay", "--data", copy).status == 0
    out = samband("explain", "0", "--data", copy).out
    assert "att pröva enligt OSL 10:15 a" in out and "eller enligt" not in out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"form": "oral"}, "form"),
        ({"categories": ["threat"]}, "category"),
        ({"purposes": ["support"]}, "purpose"),
        ({"parties": [TOWN, "kommun-0180"]}, "no_form"),
        ({"given_by": [{"role": "subject", "answer": "yes"}]}, "guardians_signatures"),
    ],
)
def test_a_consent_that_fails_says_what_it_lacks(tmp_path: Path, changes: dict[str, Any], lack: str) -> None:
    run(tmp_path, consent(1, **changes), disclosure(2, SECRET, basis=["consent"]))
    [told] = samband("explain", "1", "--data", tmp_path, "--json").objects
    assert told["items"][0]["tried"][0]["consent_lacks"] == [lack]
    for lang in texts.LANGUAGES:
        out = samband("explain", "1", "--data", tmp_path, "--lang", lang, columns=300).out
        assert texts.text(lang, "consent_lacks", lack) in out


def test_explain_a_line_in_quarantine(data: Path) -> None:
    ended = samband("explain", "5", "--data", data)
    assert "inte JSON" in ended.out
    assert "inte JSON, vid tecken 2" in ended.out


def test_explain_a_request_gives_its_guidance(data: Path) -> None:
    assert "Skriv ned avvägningen" in samband("explain", "0", "--data", data).out


def test_explain_shows_each_sender_of_an_id(tmp_path: Path) -> None:
    run(tmp_path, request(1), request(1, sender=TOWN, recipient=POLICE))
    told = samband("explain", number(1), "--data", tmp_path, "--json").objects
    assert [one["sender"]["authority"] for one in told] == [POLICE, TOWN]


def test_explain_with_no_ground_claimed_shows_what_is_near(tmp_path: Path) -> None:
    run(tmp_path, disclosure(1, {"category": "social_record", "content": "…", "secrecy": ["OSL 26:1"]}))
    near, every = (samband("explain", "0", "--data", tmp_path, *more).out for more in ((), ("--all",)))
    assert "andra lagrum ger inte stöd (--all)" in near
    assert "OSL 10:18 a" in near and "1964:167 6 §" not in near
    assert "1964:167 6 §" in every


@pytest.mark.parametrize(
    ("given", "status", "why"),
    [("99", 1, "ingen sådan post"), (number(9), 1, "ingen sådan post"), ("x", 2, "UUID")],
)
def test_explain_what_is_not_there(data: Path, given: str, status: int, why: str) -> None:
    ended = samband("explain", given, "--data", data)
    assert (ended.status, ended.out) == (status, "")
    assert why in ended.line


# --- guide


def guide(*more: str) -> Ended:
    return samband("guide", "--from", TOWN, "--to", POLICE, *more)


def test_guide_takes_names_and_what_a_request_does_not_tell() -> None:
    """An authority's name or how it begins, an age and an offence."""
    about = ("--category", "social_record", "--from-unit", "social_services", "--json")
    [plain] = samband("guide", "--from", "Botkyrka", "--to", POLICE, *about).objects
    forces = {ground["id"]: ground["force"] for ground in plain["grounds"]}
    assert list(forces.values()) == sorted(forces.values(), key=["duty", "permission", "narrow"].index)
    assert (forces["osl_15a"], forces["osl_21"]) == ("permission", "narrow") and "osl_27" not in forces
    [grown] = samband("guide", "--from", "Botkyrka", "--to", POLICE, *about, "--age", "30").objects
    assert "osl_18a" in forces and "osl_18a" not in {ground["id"] for ground in grown["grounds"]}
    stated = ("--age", "16", "--offence", "1968:64 3 §", "--purpose", "investigate")
    [offence] = samband("guide", "--from", "Botkyrka", "--to", POLICE, *about, *stated).objects
    forces = {ground["id"]: ground["force"] for ground in offence["grounds"]}
    assert forces["osl_23"] == "permission" and not forces.keys() & {"osl_21", "osl_18b"}


@pytest.mark.parametrize(
    ("name", "told"), [("polisen", "okänd myndighet"), ("H", "flera har det namnet"), ("", "okänd myndighet")]
)
def test_guide_takes_no_name_that_could_be_another(name: str, told: str) -> None:
    ended = samband("guide", "--from", name, "--to", POLICE, "--category", "housing")
    assert (ended.status, ended.out) == (2, "") and told in ended.line


def test_guide_takes_no_offence_that_is_no_provision() -> None:
    ended = guide("--category", "housing", "--offence", "stöld")
    assert (ended.status, ended.out) == (2, "") and "straffbestämmelsen" in ended.line


def test_guide_folds_what_is_for_special_situations() -> None:
    about = ("--category", "social_record", "--from-unit", "social_services")
    folded, every = guide(*about), guide(*about, "--all")
    assert "I särskilda fall också: OSL 10:18 c" in folded.out and "I särskilda fall också" not in every.out
    assert "begången terroristbrottslighet" in every.out and "begången terroristbrottslighet" not in folded.out
    assert "får lämnas" in folded.out and "inte misstanke om ett brott" in folded.out


def test_a_register_is_searched_by_name() -> None:
    assert [row["authority"] for row in samband("register", "show", "--find", "botky", "--json").objects] == [TOWN]


def test_guide_names_grounds_in_the_order_of_the_contract() -> None:
    [advice] = guide("--category", "home_address", "--json").objects
    grounds = {ground["id"]: ground["asks"] for ground in advice["grounds"]}
    assert list(grounds)[:2] == ["s170_4", "s170_6"]
    assert grounds["s170_4"] == ["exceptional_reasons", "no_provision_applies"]
    assert (advice["bars"], advice["note"]) == ([], "write_down_the_weighing")


def test_guide_tells_what_is_exempt() -> None:
    asked = ("--category", "social_record", "--from-unit", "social_services")
    [advice] = guide(*asked, "--json").objects
    assert advice["bars"] == [{"id": "s170_8", "ref": "2025:170 8 §"}]
    shown = guide(*asked, "--lang", "en")
    assert "as a rule exempts" in " ".join(shown.out.split())
    assert "Write down which secrecy applies" in shown.out
    assert "Uppgiftsskyldigheterna enligt 5-7 §§ gäller inte" not in shown.out
    assert "Uppgiftsskyldigheterna enligt 5-7 §§ gäller inte" in guide(*asked, "--text").out


def test_guide_reads_the_law_of_the_day() -> None:
    [before] = guide("--category", "housing", "--time", "2025-03-31T12:00:00Z", "--json").objects
    [after] = guide("--category", "housing", "--time", "2025-04-01T12:00:00Z", "--json").objects
    assert "s170_6" not in [ground["id"] for ground in before["grounds"]]
    assert "s170_6" in [ground["id"] for ground in after["grounds"]]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (("--category", "housing", "--time", "2025-03-31"), "--time"),
        (("--category", "housing", "--time", "yesterday"), "--time"),
        (("--category", "nothing"), "--category"),
        (("--category", "housing", "--purpose", "nothing"), "--purpose"),
        ((), "--category"),
    ],
)
def test_guide_with_wrong_options(more: tuple[str, ...], why: str) -> None:
    ended = guide(*more)
    assert (ended.status, ended.out) == (2, "")
    assert why in ended.line


# --- quarantine


def test_quarantine_is_listed(data: Path) -> None:
    [row] = samband("quarantine", "list", "--data", data, "--json").objects
    assert (row["seq"], row["code"], row["kept"], row["redriven"]) == (5, "not_json", False, None)
    assert "inte JSON" in samband("quarantine", "list", "--data", data).out


def test_redrive_when_the_fault_is_mended(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    run(folder, request(1, recipient="skola-10101010"), request(2))
    [receipt] = samband("quarantine", "redrive", "0", "--data", folder, *REGISTER, "--json").objects
    assert (receipt["message"], receipt["outcome"], receipt["audit"]["seq"]) == (number(1), "forward", 2)
    [row] = samband("quarantine", "list", "--data", folder, "--json").objects
    assert row["redriven"] == 2
    again = samband("quarantine", "redrive", "0", "--data", folder, *REGISTER)
    assert again.status == 2
    assert "redan körd igen, som post 2" in again.line
    assert samband("quarantine", "redrive", "--all", "--data", folder, *REGISTER).out == ""


def test_redrive_all(tmp_path: Path) -> None:
    run(tmp_path, request(1, recipient="skola-10101010"), request(2, recipient="skola-10101010"))
    ended = samband("quarantine", "redrive", "--all", "--data", tmp_path, *REGISTER)
    assert ended.out.count("● förmedlas") == 2


@pytest.mark.parametrize(
    ("given", "why"), [(("0",), "är inte i karantän"), ((), "--all"), (("5", "--all"), "--all"), (("x",), "SEQ")]
)
def test_redrive_of_the_wrong_thing(data: Path, given: tuple[str, ...], why: str) -> None:
    ended = samband("quarantine", "redrive", *given, "--data", data)
    assert (ended.status, ended.out) == (2, "")
    assert why in ended.line


def test_redrive_of_what_is_not_kept(data: Path, tmp_path: Path) -> None:
    copy = copy_of(data, tmp_path / "data")
    with changed(copy) as connection:
        connection.execute("UPDATE quarantine SET content = x''")
    ended = samband("quarantine", "redrive", "5", "--data", copy)
    assert ended.status == 2
    assert "inget är sparat" in ended.line


@pytest.mark.parametrize(
    ("code", "helps", "anew"),
    [("unknown_authority", True, False), ("invalid_value", False, True), ("clock_skew", False, True)],
)
def test_another_try_is_advised_only_where_it_can_help(code: str, helps: bool, anew: bool) -> None:
    told = " ".join(str(text) for text in list_view.advice(Words(Lang.SV), {code}))
    assert ("quarantine redrive" in told, "sänd på nytt" in told) == (helps, anew)
