"""What a program writes to its log: one line an event, in one form, and nothing that is anybody's."""

import json
import logging
from collections.abc import Iterator
from threading import Thread

import pytest
from test_no_personal_data import GIRL, traces

from broker.cli import journal
from broker.settings import SettingsError, addresses

_LOG = logging.getLogger("samband.worker")


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.delenv("SAMBAND_LANG", raising=False)
    monkeypatch.delenv("SAMBAND_LOG", raising=False)
    monkeypatch.setattr(journal._Line, "spoken", None)
    yield monkeypatch
    journal.end()


def written(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_a_line_has_time_level_program_and_one_language(
    begun: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    away = "Kafka is away: no broker answers"
    for lang, said in (("", ["inte redo: kafka", "redo"]), ("en", ["not ready: kafka", "ready"])):
        begun.setenv("SAMBAND_LANG", lang)
        journal.begin("worker")
        journal.readiness(["kafka"], "")
        journal.readiness([], "")
        logging.getLogger("aiokafka.conn").error("Unable to connect to %s", away)
        logging.getLogger("aiokafka.conn").info("configured with password=secret")
        told = [line.partition("Z ") for line in written(capsys)]
        assert [rest for *_, rest in told] == [
            f"WARNING worker: {said[0]}",
            f"INFO worker: {said[1]}",
            f"ERROR worker (aiokafka.conn): Unable to connect to {away}",
        ]
        assert all(len(time) == len("2026-11-30T08:00:00.000") for time, *_ in told)


def test_the_language_of_the_command_line_stands_above_the_environment_s(
    begun: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun.setenv("SAMBAND_LANG", "sv")
    journal.speak("en")
    journal.begin("ledger")
    journal.readiness(["kafka"], "an authority's own fault")
    assert written(capsys)[0].endswith("ledger: not ready: kafka (an authority's own fault)")


def test_as_json_a_sentence_has_an_id_and_a_start_its_facts(
    begun: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun.setenv("SAMBAND_LOG", "json")
    begun.setenv("SAMBAND_POSTGRES_URL", "postgresql://samband:s3cret@db.example:5432/samband?sslmode=verify-full")
    begun.setenv("SAMBAND_OPA_URL", "https://user:s3cret@opa.example:8181")
    begun.delenv("SAMBAND_KAFKA_BOOTSTRAP", raising=False)
    journal.begin("worker")
    journal.note_start("worker", register=(3, "abc"), metrics=None, **addresses("kafka", "postgres", "opa"))
    journal.readiness(["opa"], "")
    start, ready = map(json.loads, written(capsys))
    assert {name: start[name] for name in ("level", "program", "event")} == {
        "level": "INFO",
        "program": "worker",
        "event": "started: %s",
    }
    facts = start["facts"]
    assert facts["register"] == [3, "abc"] and "metrics" not in facts and "kafka" not in facts
    assert facts["postgres"] == "db.example:5432/samband" and facts["opa"] == "opa.example:8181"
    assert "register med 3 myndigheter och andra parter, revision abc, PostgreSQL på db" in start["message"]
    assert (ready["event"], ready["message"]) == ("not ready: %s", "inte redo: opa")


def test_nothing_of_a_message_and_nothing_that_a_terminal_obeys(
    begun: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where a library or a thread of ours gives its error whole."""
    assert traces(GIRL["id"])
    for form in ("text", "json"):
        begun.setenv("SAMBAND_LOG", form)
        journal.begin("agents")
        try:
            raise ValueError(GIRL["id"])
        except ValueError as error:
            logging.getLogger("faust.app").exception("it went wrong")
            kept = error
        thread = Thread(target=_raise, args=(kept,), daemon=True)
        thread.start()
        thread.join()
        logging.getLogger("mode").warning("\x1b[31mred\x1b[0m\nand \x07 more")
        lines = written(capsys)
        assert len(lines) == 3 and traces("".join(lines)) == [] and "\x1b" not in "".join(lines)
        assert "it went wrong (ValueError at test_journal:" in lines[0]
        assert "en tråd har avslutats (ValueError at" in lines[1]
        assert "red and \\x07 more" in lines[2].replace("\\\\", "\\")


def _raise(error: Exception) -> None:
    raise error


def test_the_last_line_is_the_reason_where_a_program_ends(
    begun: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not journal.note_end("SAMBAND_KEYS: is not set")
    journal.begin("worker")
    assert journal.note_end("SAMBAND_PROFILE: must be one of production, local")
    assert "ERROR worker: avslutas: SAMBAND_PROFILE: ska vara" in written(capsys)[0]


def test_a_form_that_there_is_not(begun: pytest.MonkeyPatch) -> None:
    begun.setenv("SAMBAND_LOG", "xml")
    with pytest.raises(SettingsError, match="SAMBAND_LOG: must be one of text, json"):
        journal.begin("worker")
