"""Messages without items, as the commands show them: outcome, ground, what stops it and why, what a human is asked."""

import json
from pathlib import Path

import pytest
from command import Ended, Json, changed, copy_of, samband
from exchange_lines import (
    ASSOCIATION,
    BOARD,
    CHILD,
    FIRM,
    INSPECTORATE,
    INTAKE,
    PARTIES,
    PLATFORM,
    SCHOOL,
    concern,
    conversation,
    custody,
    decision,
    feedback,
    judged,
    order,
    picture,
    referral,
    report,
)
from lines import GIRL, POLICE, TOWN, consent, line, message, number, recall, refusal, request, withdrawal

from broker.cli.options import clock

PROTECTED = CHILD | {"protected_identity": "sekretessmarkering"}
AGELESS = {"id_type": "unknown"}
ADULT = {"id_type": "unknown", "birth_date": "1990-01-01"}


def refused(n: int, ref: str | None) -> Json:
    """The municipality withholds, under a provision or none."""
    found = refusal(n, reply=50)
    return found | {"body": {"categories": ["housing"], "reason": "withheld"} | ({"ref": ref} if ref else {})}


def information(n: int) -> Json:
    """The police order information without all that such an order must hold."""
    return order(n, action="information", redress=None)


MESSAGES = [
    concern(1, feedback_requested=True, immediate=True),
    concern(2, POLICE),
    concern(3, INTAKE, anonymous=True),
    concern(4, INTAKE, to={"authority": "tullverket"}),
    concern(5, subject=CHILD | {"municipality": "0180"}),
    custody(6, subject=PROTECTED),
    concern(7, assessments=judged(child_at_risk=False)),
    decision(8, 1),
    feedback(9, 1, assessments=[]),
    feedback(10, 1, text="Hälsningar."),
    custody(11),
    custody(12, subject=ADULT),
    conversation(13, concern_met=True, outcome="agreed"),
    report(14, sender=SCHOOL, subject=GIRL),
    report(15, anonymous=True, case="d-1"),
    report(16, to=BOARD),
    report(17, sender=TOWN, unit="social_services", subject=GIRL),
    message(
        18, "OrganisationConcern", ASSOCIATION, INSPECTORATE, {"organisation": FIRM, "type": "hvb", "concerns": ["x"]}
    ),
    picture(19),
    referral(20, motivated=False),
    order(21),
    order(22, redress=None),
    order(23, assessments=[]),
    information(24),
    message(25, "ChannelReport", INTAKE, POLICE, {"locators": ["https://x.se"], "platform": "X", "closed_chat": True}),
    request(50, "housing", "social_record"),
    refused(51, None),
    refused(52, "2025:170 8 §"),
    request(53),
    recall(54, 53, sender=POLICE, recipient=TOWN),
    request(55, basis=["s170_7_request"]),
]
ALONE = {"concern": 3, "tip": 15}


def run(folder: Path, *messages: Json, command: str = "run", **options: object) -> Ended:
    """Run messages, with the parties of the exchanges known."""
    register = folder.parent / f"{folder.name}.json"
    register.write_text(json.dumps(PARTIES), "utf-8")
    more = [part for name, value in options.items() for part in (f"--{name}", value)]
    given = b"\n".join(map(line, messages))
    ended = samband(command, "-", "--register", register, "--data", folder, *more, stdin=given, columns=160)
    assert ended.status == 0, ended.err
    return ended


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder where every exchange has been; not to be changed."""
    folder = tmp_path_factory.mktemp("exchanges") / "d"
    run(folder, *MESSAGES)
    return folder


def flat(ended: Ended) -> str:
    """What was shown, without line ends."""
    assert ended.status == 0, ended.err
    return " ".join(ended.out.split())


def explained(data: Path, n: int, *more: object) -> str:
    """One message explained, in one column."""
    return flat(samband("explain", number(n), "--data", data, *more, columns=90))


def told(data: Path, n: int) -> Json:
    [found] = samband("explain", number(n), "--data", data, "--json").objects
    return found


# --- run and check


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "sv",
            [
                *("Orosanmälan", "Tips", "Avhopparärende", "SoL 19:4", "polislagen 12 §", "2026:1235 5 §"),
                "föreläggande att avlägsna rekryteringsinnehåll",
                "vad en myndighet, skola, vård eller socialtjänst vet om en person lämnas var för sig",
                *("Vad människor ska pröva", "innehållet syftar till att rekrytera", "det är inte olämpligt att lämna"),
            ],
        ),
        (
            "en",
            [
                *(
                    "Concern notification",
                    "Tip",
                    "everyone is urged to notify of concern",
                    "the police taking charge of",
                ),
                *(
                    "messages of this kind do not go to that recipient",
                    "what an authority, a school, a care provider or social services know",
                ),
                *("What humans are asked to assess", "the content is meant to recruit", "release is not unsuitable"),
            ],
        ),
    ],
)
@pytest.mark.parametrize("command", ["run", "check"])
def test_run_and_check_tell_what_came_of_each_kind(tmp_path: Path, lang: str, words: list[str], command: str) -> None:
    shown = flat(run(tmp_path / "d", *MESSAGES, command=command, lang=lang))
    assert [word for word in words if word not in shown] == []


def test_what_lacks_an_answer_is_told_apart_from_what_does_not_carry(tmp_path: Path) -> None:
    shown = run(tmp_path / "d", feedback(2, 1, assessments=[]), order(3, assessments=[]), order(4, redress=None)).out
    [row] = [row for row in shown.splitlines() if row.startswith("2026:1235 5 §")]
    assert row.split()[-3:] == ["·", "1", "1"]


def test_run_shows_the_message_that_says_most(tmp_path: Path) -> None:
    shown = flat(run(tmp_path / "d", concern(1), order(2, assessments=[]), order(3, redress=None), lang="en"))
    assert "to assess: Can the content reasonably" in shown
    assert "Den behöriga myndigheten" in shown or "rekryteringsinnehåll" in shown


# --- explain


EXPLAINED = {
    2: (
        ["✓ SoL 19:1 ger stöd", "oro: kriminellt nätverk"],
        ["✓ SoL 19:1 supports release", "concern: criminal network"],
    ),
    3: (["✓ SoL 19:4 ger stöd", "från anonym avsändare"], ["✓ SoL 19:4 supports release", "from anonymous sender"]),
    4: (
        ["✕ SoL 19:4 ger inte stöd", "paragrafen gäller inte den mottagaren"],
        ["✕ SoL 19:4 does not support release", "the section does not apply to that recipient"],
    ),
    5: (["✓ SoL 19:1 ger stöd"], ["✓ SoL 19:1 supports release"]),
    6: (["skyddad identitet", "att pröva: Menprövning"], ["protected identity", "to assess: Risk of harm:"]),
    7: (
        ["svaret är nej: Känner ni till, eller misstänker ni, att barnet far illa?"],
        ["the answer is no: Do you know or suspect that the child is"],
    ),
    9: (["att pröva: Går det att berätta", "prövas av: avsändaren själv"], ["assessed by: the sender"]),
    10: (["◐ OSL 26:9 a orden vid sidan av beskedet"], ["◐ OSL 26:9 a the words beside the answer are not given"]),
    11: (["✓ polislagen 12 § ger stöd", "överlämnas till: socialnämnd"], ["handed to: social board"]),
    12: (["personens ålder ligger utanför paragrafens gräns"], ["the person's age is outside the section's limit"]),
    13: (["✓ polislagen 6 § ger stöd", "skäl att anmäla oro"], ["there is cause for a notification of concern"]),
    14: (["? vad en myndighet", "prövas av: avsändaren själv"], ["? what an authority"]),
    16: (["✕ meddelanden av detta slag går inte till"], ["✕ messages of this kind do not go to that recipient"]),
    17: (
        ["? vad en myndighet, skola, vård eller socialtjänst vet om en person lämnas var för sig"],
        ["? what an authority, a school, a care provider or social services know about a person is given item by item"],
    ),
    18: (["hem för vård eller boende (HVB)"], ["care home (HVB)"]),
    19: (["✓ öppen uppgift utan person ger stöd", "◐ små tal lämnas inte"], ["◐ small numbers are not given"]),
    20: (
        ["✕ det krävs att hotbilden är bedömd", "OSL 12:2 samtycke häver sekretessen: ger inte stöd"],
        ["does not support release"],
    ),
    21: (["✓ 2026:1235 5 § ger stöd", "åtgärd: föreläggande att avlägsna"], ["action: order to remove"]),
    22: (
        ["✕ 2026:1235 5 § ger inte stöd", "hur det överklagas är inte angivet"],
        ["how it is appealed is not stated"],
    ),
    23: (["att pröva: Kan innehållet skäligen"], ["to assess: Can the content reasonably"]),
    24: (
        ["✕ ett sådant föreläggande ska gå från polisen till en plattform"],
        ["✕ such an order must go from the police to a platform"],
    ),
    25: (["sluten chatt", "förmedlas"], ["closed chat"]),
    51: (["? ange vad avslaget grundas på"], ["? state what the refusal rests on"]),
    52: (["⚖ OSL 6:8 beslutet får överklagas till kammarrätten", "skäl: lämnas inte ut"], ["kammarrätten", "weeks"]),
    54: (
        ["det är inte bekräftat att det återkallade har hämtats"],
        ["it is not confirmed that what is recalled had been fetched"],
    ),
    55: (["✕ 2025:170 7 §", "ger inte stöd"], ["✕ 2025:170 7 §", "does not support release"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("n", EXPLAINED)
def test_explain_tells_what_carries_or_what_stops_it_and_why(data: Path, n: int) -> None:
    for lang, words in zip(("sv", "en"), EXPLAINED[n], strict=True):
        shown = explained(data, n, "--lang", lang)
        assert [word for word in words if word not in shown] == [], shown


@pytest.mark.parametrize(
    ("n", "refs"),
    [
        (3, ["SoL 19:4"]),
        (4, ["SoL 19:4", "SoL 19:1"]),
        (6, ["polislagen 12 §", "OSL 21:3"]),
        (13, ["polislagen 6 §"]),
        (22, ["2026:1235 5 §"]),
        (24, []),
        (52, ["OSL 6:8"]),
    ],
)
def test_explain_puts_the_statute_beside(data: Path, n: int, refs: list[str]) -> None:
    assert [statute["ref"] for statute in told(data, n)["statutes"]] == refs


@pytest.mark.slow
def test_explain_gives_what_the_kinds_own_grounds_found(data: Path) -> None:
    [whole] = told(data, 22)["whole"]
    assert (whole["category"], [found["ground"] for found in whole["tried"]]) == (None, ["takedown"])
    assert (whole["tried"][0]["status"], whole["tried"][0]["failing"]) == ("no", ["redress"])
    assert told(data, 22)["stated"]["action"] == "order"
    assert told(data, 20)["whole"] == [] and told(data, 14)["whole"] == []
    near, every = explained(data, 3), explained(data, 3, "--all")
    assert "SoL 19:1" not in near and "✕ SoL 19:1 ger inte stöd" in every


def test_explain_a_rule_without_a_statute(data: Path) -> None:
    assert "utan lagrum" in explained(data, 19)
    assert "dagen för ikraftträdandet är inte känd" not in explained(data, 19)


@pytest.mark.parametrize("n", ALONE.values(), ids=ALONE)
@pytest.mark.parametrize("more", [(), ("--json",), ("--lang", "en")])
def test_an_anonymous_message_is_explained_from_its_id_alone(data: Path, n: int, more: tuple[str, ...]) -> None:
    ended = samband("explain", number(n), "--data", data, *more)
    assert ended.status == 0
    assert INTAKE not in ended.out and "Allmänhetens intag" not in ended.out
    if "--json" in more:
        assert ended.objects[0]["sender"] is None
        assert ended.objects[0]["receipt"]["outcome"] == "forward"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ["boende", "att pröva", "Skriv ned vilken sekretess", "undantar i regel", "samtycke häver"]),
        ("en", ["housing", "to assess", "Write down which secrecy", "as a rule exempts", "consent lifts"]),
    ],
)
def test_explain_a_request_gives_its_guidance_in_both_languages(data: Path, lang: str, words: list[str]) -> None:
    shown = explained(data, 50, "--lang", lang)
    assert [word for word in words if word not in shown] == []


# --- inbox


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "sv",
            [
                *("← anonym avsändare", "Flera anmälningar om samma barn", "3 oberoende källor"),
                *("⏱ omedelbar skyddsbedömning: senast 2026-03-03 23:59 (SoL 20:1)", "✎ boende: 2025:170 6 §"),
                *("; undantaget enligt 2025:170 8 §", "att pröva: Går det att berätta", "⚖ OSL 6:8"),
            ],
        ),
        (
            "en",
            [
                *("← anonymous sender", "Several notifications about the same child", "3 independent sources"),
                *("⏱ immediate protection assessment: by 2026-03-03 23:59 (SoL 20:1)", "✎ housing: 2025:170 6 §"),
                *("; exempt under 2025:170 8 §", "to assess: Can the person who notified be told", "may be appealed"),
            ],
        ),
    ],
)
def test_the_boards_inbox_for_people(data: Path, lang: str, words: list[str]) -> None:
    ended = samband("inbox", TOWN, "--data", data, "--lang", lang, columns=200)
    shown = flat(ended)
    assert [word for word in words if word not in shown] == []
    assert INTAKE not in shown.replace("← intaget", "") and GIRL["id"] not in shown and "Det som setts" not in shown


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "sv",
            [
                "boende: lämnas inte ut",
                "✉ skriftligt beslut medföljer",
                "det är inte bekräftat att det återkallade har hämtats",
            ],
        ),
        (
            "en",
            [
                "housing: withheld",
                "✉ a written decision comes with it",
                "it is not confirmed that what is recalled had been fetched",
            ],
        ),
    ],
)
def test_the_askers_inbox_for_people(data: Path, lang: str, words: list[str]) -> None:
    shown = flat(samband("inbox", POLICE, "--data", data, "--lang", lang, columns=200))
    assert [word for word in words if word not in shown] == []


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder where time has passed over an open request and a notification, and a consent was withdrawn."""
    folder = tmp_path_factory.mktemp("late") / "d"
    later = request(9, recipient="tullverket") | {"time": "2026-04-20T09:00:00Z"}
    run(folder, request(1), concern(2), consent(3), withdrawal(4), later)
    return folder


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ["Sista påminnelsen: tiden har gått ut", "svar på begäran: senast 2026-03-09", "→ kontaktpunkt"]),
        ("en", ["Last reminder: the time has run out", "answer to a request: by 2026-03-09", "→ contact point"]),
    ],
)
def test_notices_of_the_clocks_for_people(late: Path, lang: str, words: list[str]) -> None:
    shown = flat(samband("inbox", TOWN, "--data", late, "--type", "notice", "--lang", lang, columns=200))
    assert [word for word in words if word not in shown] == []
    assert number(1) in shown


@pytest.mark.parametrize(("lang", "words"), [("sv", "Samtycke återkallat"), ("en", "Consent withdrawn")])
def test_a_notice_of_a_withdrawal_for_people(late: Path, lang: str, words: str) -> None:
    shown = flat(samband("inbox", POLICE, "--data", late, "--type", "notice", "--lang", lang, columns=200))
    assert words in shown


# --- the log


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ["anonym avsändare", "→ Polismyndigheten", "vad en myndighet", "att pröva: Går det att berätta"]),
        (
            "en",
            ["anonymous sender", "what an authority", "messages of this kind do not go to", "to assess: Risk of harm:"],
        ),
    ],
)
def test_audit_show_as_a_table(data: Path, lang: str, words: list[str]) -> None:
    shown = flat(samband("audit", "show", "--data", data, "--lang", lang, columns=200))
    assert [word for word in words if word not in shown] == []


def test_audit_show_of_a_notice(late: Path) -> None:
    notices = [
        row for row in samband("audit", "show", "--data", late, "--json").objects if row["record"]["record"] == "notice"
    ]
    assert notices
    table = flat(samband("audit", "show", "--data", late, columns=200))
    assert "✉ underrättelse" in table and "Sista påminnelsen" in table
    one = samband("audit", "show", "--data", late, "--seq", notices[0]["seq"], "--lang", "en", columns=160)
    assert "Notice from the broker" in one.out and "✉ notice" in one.out
    [again] = samband("explain", notices[0]["record"]["message"], "--data", late, "--json").objects
    assert again["notice"] == notices[0]["record"]["notice"]


def test_replay_agrees_on_every_exchange(data: Path, late: Path) -> None:
    for folder in (data, late):
        ended = samband("replay", "--data", folder)
        assert ended.status == 0, ended.out


def test_replay_tells_when_what_is_asked_has_changed(data: Path, tmp_path: Path) -> None:
    copy = copy_of(data, tmp_path / "copy")
    with changed(copy) as connection:
        query = "SELECT seq, leaf FROM records WHERE message = ?"
        seq, found = connection.execute(query, (number(23),)).fetchone()
        leaf = json.loads(found)
        del leaf["receipt"]["asks"]
        connection.execute("UPDATE records SET leaf = ? WHERE seq = ?", (json.dumps(leaf).encode(), seq))
    ended = samband("replay", "--data", copy, "--json")
    assert (ended.status, [row["changed"] for row in ended.objects]) == (1, [["asks"]])
    assert "att pröva: Kan innehållet" in samband("replay", "--data", copy, columns=160).out


# --- send


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("sv", ["✓ SoL 19:1", "? SoL 19:1", "prövas av: avsändaren själv"]),
        ("en", ["✓ SoL 19:1", "? SoL 19:1", "assessed by: the sender"]),
    ],
)
def test_send_tells_of_the_message_as_a_whole(tmp_path: Path, lang: str, words: list[str]) -> None:
    now = {"time": clock().isoformat()}
    sent = (concern(1, SCHOOL) | now, concern(2, SCHOOL, subject=AGELESS) | now)
    shown = flat(run(tmp_path / "d", *sent, command="send", **{"as": SCHOOL, "lang": lang}))
    assert [word for word in words if word not in shown] == []


def test_a_platform_is_told_of_its_term(data: Path) -> None:
    register = ("--register", data.parent / f"{data.name}.json")
    shown = flat(samband("inbox", PLATFORM, *register, "--data", data, columns=200))
    assert "⏱ avlägsnande efter föreläggande: senast 2026-09-02 12:00 (2026:1235 7 §)" in shown
