"""The agency's terminal: a person asks, reads, answers and acknowledges in words, on a broker on this machine."""

import argparse
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from agency_side import BOARD, POLICE, SCHOOL, TOWN, clock, embedded
from command import samband
from terminal_side import ID, Desk

from agents.agency import AgencyError, Delivery
from agents.agency.__main__ import _parser, main
from agents.agency.answering import is_answerable
from agents.agency.broker import Outgoing
from agents.agency.drafts import ANONYMOUS
from agents.agency.fake_broker import Stage
from agents.agency.help import Parser
from agents.agency.lines import Notice
from agents.agency.preview import preview
from agents.agency.screens import Screen
from agents.agency.texts import LANGUAGES, Parties, Texts
from agents.agency.weighing import NEGATED, holds
from agents.agency.worklist import Task
from broker import texts as broker_texts
from broker.kinds import KINDS
from broker.model.vocabulary import WeighingTest
from scenery.town.story import FOLDER
from schemas import write_agency_texts
from schemas.json_schema import schemas
from schemas.kind_pages import EXAMPLES

Json = dict[str, Any]
CHILD = "201304122391"
ASK = ("--of", "skola", "--person", CHILD, "--purpose", "förebygga", "--need", "Vi kartlägger.", "--urgency", "normal")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's data, played once."""
    folder = tmp_path_factory.mktemp("town")
    ended = samband("run", FOLDER / "messages.jsonl", "--register", TOWN, "--data", folder / "data", "--json")
    assert ended.status == 0, ended.err
    return folder


@pytest.fixture
def town(played: Path, tmp_path: Path) -> Path:
    """A copy of it, to write in."""
    shutil.copytree(played / "data", tmp_path / "data")
    return tmp_path


@pytest.fixture
def police(tmp_path: Path) -> Desk:
    return Desk(embedded(tmp_path / "data"), tmp_path, POLICE, ("--unit", "lokalpolisområde"))


@pytest.fixture
def school(tmp_path: Path) -> Desk:
    return Desk(embedded(tmp_path / "data"), tmp_path, SCHOOL, ("--unit", "skola", "--role", "rektor"))


# --- a matter from beginning to end


def test_a_request_is_asked_answered_and_followed_up_in_words(police: Desk, school: Desk) -> None:
    asked = police.do(
        "ask", "Tallkotten", typed=["skola", CHILD, "skolnärvaro, 21", "1", "Rånserie.", "2", "K-1", "ja"]
    )
    assert asked.status == 0
    assert "Begäran om uppgifter (skolnärvaro, journal): går fram" in asked.text
    listed = school.do("inbox").text
    assert "Begäran om uppgifter från Polismyndigheten (lokalpolisområde)" in listed
    assert "svar på begäran: senast" in listed and CHILD not in listed and CHILD[:8] not in listed
    number = school.number("InformationRequest")
    read = school.do("read", number).text
    assert read.index("Får veta") < read.index("behövs för")
    typed = ["1", "1", "Närvaro 61 procent.", "OSL 23:2", "1", "nej", "Ingen risk.", "rektor", "4", "1"]
    answered = school.do("answer", number, typed=typed)
    assert "✓ skolnärvaro: lämnas (2025:170 7 §)" in answered.text
    assert "Det är besvarat." in answered.text
    assert "Begäran om uppgifter" not in school.do("inbox").text
    followed = police.do("status").text
    assert "Inget väntar på svar" in followed
    followed = police.do("status", "--all").text
    assert "(K-1)" in followed and "skolnärvaro" in followed and "finns inte" in followed
    shown = (asked.text, listed, read, answered.text, followed)
    assert [found for text in shown for found in ID.findall(text)] == []


def test_every_question_has_its_flag(police: Desk, school: Desk) -> None:
    police.do("ask", "Tallkotten", *ASK, "--category", "skolnärvaro", "--category", "hot", "--send")
    number = school.number("InformationRequest")
    unsaid = police.do("ask", "Tallkotten", *ASK)
    assert (unsaid.status, unsaid.text.splitlines()[-1]) == (2, "--category behövs: här finns ingen att fråga")
    give = ("--give", "skolnärvaro=Närvaro 61 procent.", "--secrecy", "skolnärvaro=OSL 23:2")
    weigh = ("--weigh", "skolnärvaro:s170_7_request/overriding_reasons=nej:Ingen risk.", "--by", "rektor")
    seen = school.do("answer", number, *give, *weigh, "--preview")
    assert (seen.status, "✓ skolnärvaro: lämnas" in seen.text) == (0, True)
    assert school.do("answer", number, *give, *weigh, "--send").status == 0
    assert "1 av 2 besvarade" in school.do("inbox").text
    again = school.do("answer", number, *give, *weigh, "--send")
    assert (again.status, "redan besvarat" in again.text) == (2, True)
    assert school.do("answer", number, "--refuse", "hot=OSL 23:2: Det skadar eleven.", "--send").status == 0
    assert [task for task in school.tasks() if isinstance(task.line, Delivery)] == []


def test_nothing_is_weighed_by_default(police: Desk, school: Desk) -> None:
    """Who says not yet, or nothing at all, has not answered: it comes back with the question."""
    police.do("ask", "Tallkotten", *ASK, "--category", "skolnärvaro", "--send")
    number = school.number("InformationRequest")
    give = ("--give", "skolnärvaro=Närvaro 61 procent.", "--secrecy", "skolnärvaro=OSL 23:2")
    back = school.do("answer", number, *give, "--send")
    assert back.status == 1
    assert "↩ skolnärvaro: tillbaka till er" in back.text and "Talar övervägande skäl" in back.text
    assert school.number("InformationRequest") == number
    typed = ["1", "1", "Närvaro 61 procent.", "OSL 23:2", "1", "3", "2"]
    not_yet = school.do("answer", number, typed=["1", "1", "Närvaro.", "OSL 23:2", "1", "3", "3"])
    assert (not_yet.status, "Inget är skickat." in not_yet.text) == (1, True)
    typed = [*typed, "1", "2", "Ingen risk.", "rektor", "1"]
    weighed = school.do("answer", number, typed=typed)
    assert (weighed.status, "Det är besvarat." in weighed.text) == (0, True)


def test_that_an_answer_takes_time_or_asks_back_closes_nothing(police: Desk, school: Desk) -> None:
    police.do("ask", "Tallkotten", *ASK, "--category", "skolnärvaro", "--send")
    number = school.number("InformationRequest")
    assert school.do("answer", number, typed=["2", "Vilken termin?", "1"]).status == 0
    assert school.do("answer", number, "--later", "Rektorn är borta.", "--expected", "2026-12-04", "--send").status == 0
    assert "ni har frågat tillbaka · ni har sagt att svaret dröjer" in school.do("inbox").text
    asked = police.number("Clarification")
    assert "Vilken termin?" in police.do("read", asked).text
    assert police.do("answer", asked, typed=["Höstterminen.", "1"]).status == 0
    assert "Höstterminen." in school.do("read", school.number("Clarification")).text


def test_a_part_is_given_and_the_rest_refused(police: Desk, school: Desk) -> None:
    police.do("ask", "Tallkotten", *ASK, "--category", "skolnärvaro", "--send")
    number = school.number("InformationRequest")
    typed = [
        "1",
        "2",
        "Närvaro 61 procent.",
        "OSL 23:2",
        "1",
        "nej",
        "Ingen risk.",
        "rektor",
        "OSL 23:2",
        "Skadar.",
        "1",
    ]
    answered = school.do("answer", number, typed=typed)
    assert "✓ skolnärvaro: lämnas" in answered.text and "✓ Avslag (skolnärvaro)" in answered.text


def test_that_no_secrecy_applies_is_said_with_a_reason(police: Desk, school: Desk) -> None:
    police.do("ask", "Tallkotten", *ASK, "--category", "skolnärvaro", "--send")
    number = school.number("InformationRequest")
    typed = ["1", "1", "Närvaro 61 procent.", "ingen", "Offentligt hos oss.", "rektor", "1", "1"]
    assert "✓ skolnärvaro: lämnas" in school.do("answer", number, typed=typed).text


# --- every kind of the town


@pytest.mark.slow
def test_every_kind_of_the_town_is_read_answered_and_acknowledged(town: Path) -> None:
    """One delivery of each kind, by whoever got it: read without ids, answered where it is answered here."""
    seen: dict[str, Desk] = {}
    for authority in _recipients(town):
        desk = Desk(embedded(town / "data"), town, authority)
        for task in desk.tasks():
            kind = task.line.kind if isinstance(task.line, Delivery) else type(task.line).__name__
            if kind not in seen:
                seen[kind] = desk
                _handle(desk, task, kind)
    own = {"ConsentGiven", "ConsentWithdrawn", "CooperationAgreement"}
    assert set(KINDS) - own - _NOT_IN_TOWN <= seen.keys()


_NOT_IN_TOWN = {"Acknowledgement", "ConditionNotice"}
"""Who acknowledges is the one at the terminal; of the other no law is in force yet in the town's days."""
_FLAGS: dict[str, tuple[str, ...]] = {
    "InformationRequest": ("--later", "Det dröjer."),
    "ConcernNotification": ("--status", "utredning inledd", "--decided-on", "2026-11-20", "--feedback", "no"),
    "ChannelAction": ("--done-at", "2026-11-20 09:00", "--text", "Borttaget."),
    "Clarification": ("--text", "Höstterminen."),
}


def _handle(desk: Desk, task: Task, kind: str) -> None:
    shown = desk.do("read", task.number)
    assert shown.status == 0, (kind, shown.text)
    assert ID.findall(shown.text) == [], shown.text
    assert "None" not in shown.text and "{" not in shown.text
    if isinstance(task.line, Delivery) and is_answerable(task.line):
        answered = desk.do("answer", task.number, *_FLAGS[kind], "--preview")
        assert answered.status == 0, (kind, answered.text)
        assert "Inget är skickat." in answered.text
        assert ID.findall(answered.text) == [], answered.text
    if isinstance(task.line, Delivery):
        told = desk.do("acknowledge", task.number, "--registered", "SN 2026/12")
        assert told.status == 0, (kind, told.text)
        assert ID.findall(told.text) == [], told.text


def _recipients(town: Path) -> Iterator[str]:
    """Authorities in the town that have been sent something."""
    lines = (FOLDER / "messages.jsonl").read_text("utf-8", errors="replace")  # some lines of the story are broken
    found = dict.fromkeys(re.findall(r'"recipient": {"authority": "([^"]+)"', lines))
    known = Parties(Texts("sv"), TOWN)
    yield from (name for name in found if known.name(name) != name and name != ANONYMOUS)


# --- words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_and_word_of_a_body_has_a_text(lang: str) -> None:
    known, texts = schemas(), Texts(lang)
    screen = Screen(list.append, 80, texts, Parties(texts), clock())  # type: ignore[arg-type]
    bodies = [known[known[kind]["properties"]["body"]["$ref"].rsplit("/", 1)[1]] for kind in KINDS]
    missing = []
    for kind, body in zip(KINDS, bodies, strict=True):
        for name, field in _fields(body, known, set()):
            missing += [] if texts.has("fields", name) else [name]
            for word in field.get("enum", ()):
                said = screen.word(kind, name, word)
                missing += [f"{kind}.{name}/{word}"] if said == word and ID.search(f" {word} ") else []
    assert missing == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_s_example_is_shown_in_words(kind: str) -> None:
    body = json.loads((EXAMPLES / f"{kind}.json").read_text("utf-8"))["body"]
    for lang in LANGUAGES:
        shown: list[str] = []
        texts = Texts(lang)
        Screen(shown.append, 80, texts, Parties(texts, TOWN), clock()).body(kind, body)
        assert [line for line in shown if ID.search(line) or "None" in line] == []
        assert len(shown) >= len(
            [name for name, value in body.items() if value and name not in ("secrecy", "may_be_told")]
        )


def _fields(schema: Json, known: Json, seen: set[str]) -> Iterator[tuple[str, Json]]:
    """Every field in a body and in its parts, with its closed list where it has one."""
    for name, field in schema.get("properties", {}).items():
        inner = [field, *field.get("anyOf", ()), *([field["items"]] if "items" in field else [])]
        inner += [one["items"] for one in field.get("anyOf", ()) if "items" in one]
        refs = [one["$ref"].rsplit("/", 1)[1] for one in inner if "$ref" in one]
        enums = [known[ref]["enum"] for ref in refs if "enum" in known[ref]]
        yield name, {"enum": enums[0]} if enums else {}
        for ref in refs:
            if "enum" not in known[ref] and ref not in seen:
                yield from _fields(known[ref], known, {*seen, ref})


def test_the_copies_are_of_today() -> None:
    assert write_agency_texts.differing() == [], "run make schemas"


STATES = {
    "need": True,
    "exceptional_reasons": True,
    "secrecy_clearly_prevails": True,
    "overriding_reasons": True,
    "concrete_risk": True,
    "not_unsuitable": False,
    "suspicion": True,
    "importance": True,
    "imminent_danger": True,
    "obvious_interest": True,
    "child_at_risk": True,
    "recruitment_content": True,
    "no_provision_applies": True,
    "harm": True,
    "maturity": True,
    "consent_confirmed": True,
    "necessary_for_own_task": True,
}
"""What `holds` is when the question, as the terminal asks it, is answered with yes."""


@pytest.mark.parametrize("test", [test.value for test in WeighingTest])
def test_a_yes_states_what_the_paragraph_asks(test: str) -> None:
    assert holds(test, answer=True) is STATES[test]
    assert holds(test, answer=False) is not STATES[test]


def test_a_negation_is_asked_as_the_paragraph_does() -> None:
    for lang in LANGUAGES:
        own = broker_texts.read(lang)["questions"]
        asked = broker_texts.read(lang)["asked"]
        wanted = {key for key in own if key.rpartition("/")[2] in NEGATED}
        assert set(asked) == wanted
        assert Texts(lang).question("osl_18a", "not_unsuitable") == asked["osl_18a/not_unsuitable"]
        assert Texts(lang).question("osl_18a", "concrete_risk") == own["osl_18a/concrete_risk"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Botkyrka", BOARD),
        ("botkyrka kommun", BOARD),
        (BOARD, BOARD),
        ("Tallkotten", SCHOOL),
        ("åklagar", "aklagarmyndigheten"),
    ],
)
def test_an_authority_is_named_as_people_name_it(said: str, found: str) -> None:
    assert Parties(Texts("sv"), TOWN).find(said, "--as") == found


@pytest.mark.parametrize(
    ("said", "told"),
    [("Hä", "flera passar"), ("Botkyrkaa komun", "Närmast är Botkyrka kommun"), ("xyzzy", "finns inte")],
)
def test_a_name_that_is_none_tells_the_nearest(said: str, told: str) -> None:
    with pytest.raises(AgencyError, match=told):
        Parties(Texts("sv"), TOWN).find(said, "--as")


def test_what_others_wrote_gives_the_terminal_no_orders() -> None:
    shown: list[str] = []
    texts = Texts("sv")
    Screen(shown.append, 80, texts, Parties(texts), clock()).body("Tip", {"text": "a\x1b[2Jb\u202ec\x07"})
    assert not {"\x1b", "\u202e", "\x07"} & set("".join(shown))


# --- what is known beforehand


def test_on_kafka_the_installed_law_is_asked_and_says_what_it_lacks() -> None:
    line = json.loads((FOLDER / "messages.jsonl").read_bytes().splitlines()[0])
    message = Outgoing("", line["kind"], line["time"], json.dumps(line).encode(), "")
    seen = preview(Stage(), [message], register=TOWN)
    assert seen is not None
    assert (len(seen.receipts), seen.whole) == (1, False)


def test_notices_stand_with_what_they_are_about(town: Path) -> None:
    desk = Desk(embedded(town / "data"), town, BOARD)
    tasks = desk.tasks()
    here = {task.line.id for task in tasks if isinstance(task.line, Delivery)}
    alone = [task for task in tasks if isinstance(task.line, Notice) and task.line.content.get("message") in here]
    assert alone == []
    assert any(task.notices for task in tasks)


def _said_by(parser: Parser) -> Iterator[str]:
    """Every word of a command's help, of those below it too."""
    yield parser.description or ""
    for action in parser._actions:
        yield from (word for word in (action.help, action.metavar) if isinstance(word, str))
        for below in action.choices.values() if isinstance(action, argparse._SubParsersAction) else ():
            yield from _said_by(below)


def test_all_of_the_help_has_swedish_words() -> None:
    english = {word for word in _said_by(_parser("en")) if word}
    assert english == {word for word, _ in Texts("sv").helps()} & english
    assert "visa den här hjälpen" in _parser("sv").format_help()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "det här saknas: command"),
        (("--lang", "en"), "the following arguments are required: command"),
        (("read", "tre"), "NUMMER: 'tre' är inte ett heltal"),
        (("--lang=en", "read", "x"), "argument NUMBER: invalid int value: 'x'"),
        (("status", "--nej"), "det här känns inte igen: --nej"),
    ],
)
def test_how_it_is_called_is_told_in_the_language_asked_for(
    given: Sequence[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*given])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_the_environment_s_language_holds_where_none_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMBAND_LANG", "en")
    with pytest.raises(SystemExit):
        main(["read", "--help"])
    assert "usage: samband-agency read" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["read", "--help", "--lang", "sv"])
    assert "så här: samband-agency read" in capsys.readouterr().out
