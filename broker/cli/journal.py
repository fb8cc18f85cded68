"""What a running program writes to its log: one line an event on stderr, in the language of the process.

It is read by operators and their tools. Nothing of a message stands in it, no text of an exception that could hold
any, and nothing that a terminal would obey. The code speaks English; the table `log` of `broker/texts/sv.toml` has each
sentence in Swedish, as `faults` has what is raised. What a library says stays as it says it, under the library's name.
"""

import json
import logging
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from broker import settings, texts
from broker.cli import standard_streams
from broker.cli.fault_texts import in_swedish
from broker.cli.lang import Lang

_OWN = re.compile(r"samband(?:[._].*)?")
_CODES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
"""What colours a terminal."""
_PLAIN, _JSON = "text", "json"
Facts = Mapping[str, str | tuple[object, ...]]
"""What a program goes by, under ids of the table `log_start`."""


def speak(lang: str) -> None:
    """The language of this process's log, where its command line says one."""
    _Line.spoken = lang


def begin(program: str) -> None:
    """Write from now on what our own programs tell, and what libraries warn of.

    Raises:
        SettingsError: SAMBAND_LOG is none of the forms.
    """
    end()
    as_json = settings.log_form((_PLAIN, _JSON)) == _JSON
    handler = _Stderr()
    handler.setFormatter(_Line(program, as_json=as_json))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for own in ("samband", "samband_desk", "samband_agency", "samband_sdk"):
        logging.getLogger(own).setLevel(logging.INFO)
    threading.excepthook = _note_thread


def end() -> None:
    """Write no more: what a command says is no log again."""
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _Stderr)]:
        root.removeHandler(handler)
    threading.excepthook = threading.__excepthook__


def note_start(program: str, **facts: str | tuple[object, ...] | None) -> None:
    """The first line: which version, and what it goes by: law, register, addresses."""
    known: Facts = {"version": version("samband")} | {name: fact for name, fact in facts.items() if fact}
    logging.getLogger(f"samband.{program}").info("started: %s", _Start(known), extra={"facts": known})


def has_begun() -> bool:
    """Whether this process is a program that runs, with a log."""
    return any(isinstance(one, _Stderr) for one in logging.getLogger().handlers)


def note_end(line: str) -> bool:
    """The line with which a program ends that can't go on, where it has a log; whether it has."""
    if has_begun():
        logging.getLogger("samband").error("ends: %s", line)
    return has_begun()


def readiness(away: Sequence[str], why: object) -> None:
    """What a program is not ready without now, and why; nothing: it is ready."""
    log = logging.getLogger("samband.health")
    if not away:
        log.info("ready")
    elif why:
        log.warning("not ready: %s (%s)", ", ".join(away), why)
    else:
        log.warning("not ready: %s", ", ".join(away))


def place(error: BaseException) -> str:
    """Of which type an error is, and where it was raised: never its text, which could hold a piece of a message."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f"{at.tb_frame.f_globals.get('__name__')}:{at.tb_lineno}" if at else "?"
    return f"{type(error).__name__} at {where}"


def _note_thread(hook: threading.ExceptHookArgs) -> None:
    if hook.exc_value is not None and not isinstance(hook.exc_value, SystemExit):
        logging.getLogger("samband").error("a thread has ended (%s)", place(hook.exc_value))


class _Start:
    """The facts of a start as a sentence in some language."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def text(self, lang: str) -> str:
        """Each fact in the words of that language."""
        told = ((name, fact if isinstance(fact, tuple) else (fact,)) for name, fact in self._facts.items())
        return ", ".join(texts.text(lang, "log_start", name).format(*fact) for name, fact in told)


class _Stderr(logging.Handler):
    """Whatever stderr is when a line is written; a log that nobody reads stops nothing."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception:  # a library's sentence that lacks a value
            line = f"{record.name}: {record.msg}"
        standard_streams.say(line)


class _Line(logging.Formatter):
    """One event as one line: time (UTC), level, program, what it is."""

    spoken: str | None = None

    def __init__(self, program: str, *, as_json: bool) -> None:
        super().__init__()
        self._program, self._as_json = program, as_json
        said = self.spoken or settings.language() or Lang.SV
        self._lang = Lang.EN if said == Lang.EN else Lang.SV

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        message = self._message(record)
        if self._as_json:
            return self._object(record, time, message)
        part = "" if _OWN.fullmatch(record.name) else f" ({record.name})"
        return f"{time} {record.levelname} {self._program}{part}: {message}"

    def _object(self, record: logging.LogRecord, time: str, message: str) -> str:
        line = {"time": time, "level": record.levelname, "program": self._program, "logger": record.name}
        event = getattr(record, "event", None) or record.msg
        own = {"event": str(event)} if _OWN.fullmatch(record.name) else {}
        facts: dict[str, object] = {"facts": dict(record.facts)} if hasattr(record, "facts") else {}
        return json.dumps({**line, "message": message, **own, **facts}, ensure_ascii=False)

    def _message(self, record: logging.LogRecord) -> str:
        swedish = self._lang is Lang.SV and _OWN.fullmatch(record.name)
        sentence = str(record.msg)
        if swedish:
            sentence = texts.read("sv")["log"].get(sentence, sentence)
        arguments = record.args
        if isinstance(arguments, tuple):
            arguments = tuple(self._argument(one, swedish=bool(swedish)) for one in arguments)
        message = sentence % arguments if arguments else sentence
        if record.exc_info and (error := record.exc_info[1]) is not None:
            message = f"{message} ({place(error)})"
        return standard_streams.as_it_reads(_CODES.sub("", message))

    def _argument(self, value: object, *, swedish: bool) -> object:
        if isinstance(value, _Start):
            return value.text(self._lang)
        return in_swedish(str(value)) if swedish and isinstance(value, str | BaseException) else value
