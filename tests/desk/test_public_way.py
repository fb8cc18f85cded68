"""The whole way of what a visitor hands in, over a real broker: to its reader, and back as three words."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from agency_side import BOARD, POLICE, clock, embedded

from agents.agency import Agency, Delivery, NotReached
from agents.agency.broker import Json, Outgoing
from agents.agency.fake_broker import Stage
from agents.desk.store.public import Public
from desk.public_side import SECRET, PublicSide, ask, code_in, heading, stamp, tell


@pytest.fixture
def page(tmp_path: Path) -> Iterator[PublicSide]:
    side = PublicSide(tmp_path)
    yield side
    side.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.live)])
def staged(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PublicSide]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("database")
    side = PublicSide(tmp_path, Stage(), url=url.replace("postgresql://", "postgresql+psycopg://", 1))
    yield side
    side.close()


def reader(page: PublicSide, authority: str) -> Agency:
    """Whom a message is for."""
    return Agency(authority, embedded(page.folder / "data"), unit="police_area", clock=clock)


def deliveries(agency: Agency) -> list[Delivery]:
    return [line for line in agency.waiting() if isinstance(line, Delivery)]


@pytest.mark.parametrize("anonymous", ["ja", "nej"])
def test_a_tip_comes_to_the_police_and_its_code_tells_when_it_is_opened_and_registered(
    page: PublicSide, anonymous: str
) -> None:
    visitor = page.visitor()
    code = code_in(tell(visitor, anonym=anonymous))
    assert heading(ask(visitor, code)) == "Tipset är mottaget"
    assert page.courier.round()
    with reader(page, POLICE) as police:
        (tip,) = deliveries(police)
        assert tip.kind == "Tip" and tip.body["text"] == SECRET
        assert tip.message["recipient"] == {"authority": POLICE, "unit": "police_area", "area": "0127"}
        assert tip.sender["authority"] == ("anonymous" if anonymous == "ja" else "allmanheten")
        police.opened(tip, role="officer")
        assert page.courier.round()
        assert heading(ask(visitor, code)) == "Tipset är öppnat"
        police.registered(tip, "A-1/2026")
        assert page.courier.round()
    assert heading(ask(visitor, code)) == "Tipset är taget om hand"
    assert "A-1/2026" not in ask(visitor, code).text


def test_a_concern_comes_to_the_board_of_the_municipality(page: PublicSide) -> None:
    visitor = page.visitor()
    code = code_in(tell(visitor, om="oro", kommun="botkyrka kommun", barn="2012-05-09"))
    assert page.courier.round()
    with reader(page, BOARD) as board:
        (concern,) = deliveries(board)
        assert concern.kind == "ConcernNotification" and concern.body["text"] == SECRET
        subject = {name: value for name, value in concern.body["subject"].items() if value is not None}
        born = {"id_type": "unknown", "birth_date": "2012-05-09", "municipality": "0127"}
        assert subject == born | {"protected_identity": "none"}
        board.registered(concern, "Dnr 1", unit="social_services")
    assert page.courier.round()
    assert heading(ask(visitor, code)) == "Tipset är taget om hand"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "child", "area"),
    [("", "20120509", None), ("Rymden 7", "", None), ("Botkyrka", "typ tio år", "0127"), ("Solna", "19700101", "0184")],
)
def test_a_concern_that_the_board_cannot_have_goes_to_the_police_and_nothing_is_lost(
    page: PublicSide, place: str, child: str, area: str | None
) -> None:
    code = code_in(tell(page.visitor(), om="oro", kommun=place, barn=child))
    assert page.courier.round() and page.courier.round()
    with reader(page, POLICE) as police:
        (tip,) = deliveries(police)
        assert tip.kind == "Tip" and SECRET in tip.body["text"] and child in tip.body["text"]
        assert area or place in tip.body["text"]
        assert tip.body["text"].startswith("Gäller oro för ett barn.")
        assert tip.message["recipient"].get("area") == area
        police.registered(tip)
    assert page.courier.round()
    assert page.rows()[0]["content"] is None
    assert heading(ask(page.visitor(), code)) == "Tipset är taget om hand"


def test_a_channel_comes_to_the_police_with_its_addresses(page: PublicSide) -> None:
    fields = {"om": "kanal", "kanal": "https://x.invalid/a\n\n@grupp", "plattform": "", "sluten": "ja", "text": ""}
    code = code_in(tell(page.visitor(), **fields))
    assert page.courier.round()
    with reader(page, POLICE) as police:
        (report,) = deliveries(police)
        assert report.kind == "ChannelReport"
        assert report.body["locators"] == ["https://x.invalid/a", "@grupp"]
        assert report.body["closed_chat"] is True and report.body["platform"] == "inte angivet"
        police.opened(report, role="officer")
    assert page.courier.round()
    assert heading(ask(page.visitor(), code)) == "Tipset är öppnat"


def test_what_was_typed_is_sealed_until_the_broker_has_it_and_then_gone(page: PublicSide) -> None:
    code = code_in(tell(page.visitor(), text=f"{SECRET} å"))
    words = [SECRET.encode(), "Björkgatan".encode(), b"20090412", b"Botkyrka", b"polismyndigheten", b"Tip"]
    digits = code.replace(" ", "").encode()
    for word in [*words, code.encode(), digits, b"192.0.2.7", b"Visitor/7"]:
        assert word not in page.in_files()
    assert page.rows()[0]["content"] and len(page.keys.keys) == 2
    assert page.courier.round()
    (row,) = page.rows()
    assert (row["content"], row["key"], row["key_id"]) == (None, None, None)
    assert len(page.keys.keys) == 1, "the key of the contents is destroyed"
    assert digits not in page.in_files()
    assert not (page.folder / "agency.db").exists()


def test_nothing_is_lost_while_the_broker_is_away(staged: PublicSide) -> None:
    assert isinstance(staged.broker, Stage)
    staged.broker.off = True
    code_in(tell(staged.visitor()))
    assert not staged.courier.round() and staged.courier.away
    staged.restart()
    staged.broker.off = False
    assert staged.courier.round()
    assert len(staged.broker.sent) == 1


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["_slow_digest", "receive"])
def test_killed_at_any_moment_a_message_is_whole_or_not_at_all_and_goes_once(
    page: PublicSide, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = page.visitor()
    form = stamp(visitor)
    fields = {"formular": form, "om": "brott", "text": SECRET, "anonym": "ja", "kommun": ""}

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Public, moment, die)
        visitor.post("/tips", data=fields)
        page.courier.round()
    page.restart()
    visitor = page.visitor()
    code = code_in(visitor.post("/tips", data=fields))
    assert page.courier.round() and page.courier.round()
    assert heading(ask(visitor, code)) == "Tipset är mottaget"
    with reader(page, POLICE) as police:
        assert [tip.body["text"] for tip in deliveries(police)] == [SECRET]
    assert page.rows()[0]["content"] is None


def test_killed_before_it_was_answered_and_away_for_long_it_still_goes_once(page: PublicSide) -> None:
    """Then its time is another, and the broker says that it has the id: without naming the message."""
    code_in(tell(page.visitor(), kommun=""))
    connection = embedded(page.folder / "data").connect("allmanheten")
    connection.send(page.store.public.waiting())
    page.restart()
    page.ahead = clock() + timedelta(minutes=4)
    assert page.courier.round()
    assert page.rows()[0]["content"] is None and len(page.keys.keys) == 1
    with reader(page, POLICE) as police:
        assert len(deliveries(police)) == 1


def test_a_form_sent_twice_is_one_message_and_its_newest_code_holds(staged: PublicSide) -> None:
    visitor = staged.visitor()
    form = stamp(visitor)
    first = code_in(tell(visitor, formular=form))
    second = code_in(tell(visitor, formular=form))
    assert first != second
    assert heading(ask(visitor, first)) == "Ingen uppgift" and heading(ask(visitor, second)) == "Tipset är mottaget"
    code_in(tell(visitor, formular=form, text="Något mer."))
    assert len(staged.store.public.waiting()) == 2, "what was changed is another message"


def receipt(message: str, outcome: str, code: str = "") -> Json:
    error = {"error": {"code": code, "detail": "time"}} if code else {}
    return {"type": "receipt", "receipt": {"message": message, "outcome": outcome} | error}


def test_what_was_too_old_goes_again_and_what_was_refused_stays_sealed_and_rings(
    staged: PublicSide, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(staged.broker, Stage)
    code_in(tell(staged.visitor()))
    staged.courier.round()
    (message,) = staged.broker.sent
    staged.broker.lines.append(receipt(message.id, "quarantine", "clock_skew"))
    staged.courier.round()
    staged.ahead = clock() + timedelta(minutes=11)
    staged.courier.round()
    assert [one.id for one in staged.broker.sent] == [message.id] * 2
    staged.broker.lines[:] = [receipt(message.id, "withhold")]
    staged.courier.round()
    assert staged.rows()[0]["content"] and not staged.store.public.waiting()
    assert "did not go on: quarantine clock_skew" in caplog.text
    assert "did not go on: withhold" in caplog.text and SECRET not in caplog.text
    staged.broker.lines[:] = [receipt(message.id, "quarantine", "id_reused")]
    staged.courier.round()
    assert staged.rows()[0]["content"] is None


def test_where_receipts_come_later_what_was_typed_is_kept_until_they_come(staged: PublicSide) -> None:
    assert isinstance(staged.broker, Stage)
    code_in(tell(staged.visitor()))
    staged.courier.round()
    staged.courier.round()
    (message,) = staged.broker.sent
    staged.restart()
    staged.courier.round()
    assert staged.broker.sent == [message] * 2, "a new process says the same again, word for word"
    assert staged.rows()[0]["content"], "not answered yet"
    staged.broker.lines.append(receipt(message.id, "forward"))
    staged.courier.round()
    assert staged.rows()[0]["content"] is None and len(staged.keys.keys) == 1


def test_the_same_form_twice_at_once_is_one_message(staged: PublicSide) -> None:
    form = stamp(staged.visitor())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: tell(staged.visitor(), formular=form), range(4)))
    codes = {code_in(answer) for answer in answers}
    assert len(codes) == 4 and len(staged.rows()) == 1
    holds = [heading(ask(staged.visitor(), code)) for code in codes]
    assert sorted(holds) == ["Ingen uppgift"] * 3 + ["Tipset är mottaget"]


def test_what_has_waited_is_given_a_new_time(staged: PublicSide) -> None:
    assert isinstance(staged.broker, Stage)
    code_in(tell(staged.visitor()))
    staged.ahead = clock().replace(hour=23)
    staged.courier.round()
    assert [one.time for one in staged.broker.sent] == ["2026-11-21T23:00:00.000Z"]


def test_acknowledgements_that_come_again_or_late_change_nothing(staged: PublicSide) -> None:
    assert isinstance(staged.broker, Stage)
    visitor = staged.visitor()
    code = code_in(tell(visitor))
    staged.courier.round()
    message = staged.broker.sent[0].id

    def told(state: str, about: str = message) -> Json:
        return {"type": "notice", "notice": "acknowledged", "message": about, "state": state, "time": "2026-11-21"}

    staged.broker.lines += [told("registered"), told("opened"), told("handed_over"), told("opened", "another"), {}]
    staged.courier.round()
    staged.restart()
    staged.courier.round()
    assert heading(ask(staged.visitor(), code)) == "Tipset är taget om hand"
    assert staged.rows()[0]["message"] is None, "nothing here leads to the message any more"


class Away(Stage):
    """A broker that gives up half-way."""

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Json]:
        if self.sent:
            raise NotReached("gone")
        return super().send(messages)


def test_one_that_is_with_the_broker_is_not_sent_again_when_the_next_fails(tmp_path: Path) -> None:
    page = PublicSide(tmp_path, broker := Away())
    code_in(tell(page.visitor()))
    code_in(tell(page.visitor()))
    assert not page.courier.round()
    assert not page.courier.round()
    assert len(broker.sent) == 1 and len(page.store.public.waiting()) == 2
    page.close()
